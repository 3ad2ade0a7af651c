"""The report as slides that can be edited: at most twelve, real tables and charts, notes with
method and n.

Text is set in Arial, which every computer has. The same report gives the same bytes: the dates of
the file's own properties and of its zip entries are those of the data.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from servicegap import changes, formats, words
from servicegap.report import drawn, markdown, marks
from servicegap.report.model import Action, Finding, Note, Report, Section
from servicegap.report.scorecard import evidence_in_words, in_words, n_in_words

if TYPE_CHECKING:
    from servicegap.report.slides import Deck

MOST_SLIDES = 12


def render(report: Report) -> bytes:
    """Lay a report out as a deck of slides; equal reports give equal bytes."""
    with formats.written_for(report.client.locale):
        return _laid_out(report)


def _laid_out(report: Report) -> bytes:
    from servicegap.report.slides import Deck

    cover = report.cover
    foot = [cover.as_of, cover.name, report.brand.footer]
    foot = ["DRAFT", *foot] if cover.draft else foot
    draft = "DRAFT: " if cover.draft else ""
    deck = Deck(f"{draft}{cover.title}: {cover.name}", " · ".join(filter(None, foot)))
    _cover(deck, report)
    if report.foreword.blocks:
        _foreword(deck, report.foreword)
    _summary(deck, report)
    _scorecard(deck, report)
    _risks_and_wins(deck, report)
    _actions(deck, report)
    if report.promises:
        _promises(deck, report)
    for section in chosen(report, MOST_SLIDES - len(deck) - 1):
        _section(deck, section, report)
    _trust(deck, report)
    return deck.save(_midnight(report))


def _midnight(report: Report) -> datetime:
    """The day of the data, which all dates inside the file are set to."""
    return datetime.combine(report.client.as_of, datetime.min.time())


def chosen(report: Report, places: int) -> tuple[Section, ...]:
    """The sessions that get a slide, in order: those of the risks and wins, then clear verdicts,
    what has changed, and what leans. Of a session none of which was measured there is nothing to
    show.
    """
    first = [f.session for f in (*report.risks, *report.wins)]

    def rank(section: Section) -> tuple[int, int]:
        if section.number in first:
            return 0, first.index(section.number)
        strengths = {f.strength for f in section.findings}
        moved = {f.changed for f in section.findings} & {changes.BETTER, changes.WORSE}
        ranks = ("clear" in strengths, moved, "leaning" in strengths, section.findings, True)
        return 1 + [bool(x) for x in ranks].index(True), 0

    def tells(section: Section) -> bool:
        measured = any(f.word != "not measured" for f in section.findings)
        return bool(section.figure or measured)

    shown = sorted(filter(tells, report.sections), key=lambda s: (rank(s), s.number))
    return tuple(sorted(shown[: max(0, places)], key=lambda s: s.number))


def _cover(deck: Deck, report: Report) -> None:
    cover = report.cover
    brand = report.brand
    slide = deck.slide(cover.name, cover=(brand.ground, brand.on_ground))
    if brand.logo:
        shape = brand.logo_width, brand.logo_height
        slide.picture(brand.logo, brand.name or "Logo", 0.8, 0.6, 3.2, 1.1, *shape)
    ink = brand.on_ground
    slide.text(cover.title, 0.8, 2.0, 11.7, 0.5, sizes=(16,), colour=ink, bold=True)
    when = f"{cover.period} · data as of {cover.as_of}"
    lines = [when, *filter(None, (cover.line, cover.made_by, cover.approved))]
    slide.text(lines, 0.8, 4.75, 11.7, 1.1, sizes=(16, 14, 12, 11, 10), colour=ink)
    warned = [text for text in (cover.draft, cover.banner) if text]
    for place, text in enumerate(warned):
        top = 6.0 + place * 0.55
        slide.text(text, 0.8, top, 7.6, 0.5, sizes=(14,), bold=True, ground="#f3d9a4")
    made = f"Made with the Service Gap Workbook {report.client.version}."
    slide.notes(*filter(None, (cover.about, made)))


def _said(note: Note) -> list[str]:
    """The consultant's own words, for a slide's notes."""
    return [f"{note.whose}: {markdown.plain(note.blocks)}"] if note.blocks else []


def _foreword(deck: Deck, note: Note) -> None:
    slide = deck.slide(note.whose)
    paragraphs = [line for block in note.blocks for line in _lines(block)]
    slide.text(paragraphs, 0.8, 1.55, 11.7, 5.2, sizes=(20, 18, 16, 14, 12, 11, 10, 9, 8))
    slide.notes("These are the consultant's own words.")


def _lines(block: markdown.Block) -> list[str]:
    """A block as paragraphs of a slide: a line for each item of a list."""
    if isinstance(block, markdown.List):
        return [f"• {markdown.plain(item)}" for item in block.items]
    return [markdown.plain(block)]


def _summary(deck: Deck, report: Report) -> None:
    slide = deck.slide("In ninety seconds")
    slide.text(list(report.summary), 0.8, 1.55, 11.7, 5.2, sizes=(20, 18, 16, 15, 14, 13, 12))
    slide.notes("Read it aloud: it takes about ninety seconds.")


def _scorecard(deck: Deck, report: Report) -> None:
    card = report.scorecard
    slide = deck.slide("Scorecard")
    head = ["Belief about your service", "You believed", "Evidence", "n", "Verdict"]
    widths = [2.95, 1.35, 1.35, 1.3, 1.65]
    if card.has_change:
        head, widths = [*head, "Since last time"], [2.4, 1.2, 1.3, 1.2, 1.5, 1.75]
    if not card.rows:
        slide.text("No headline belief was measured this time.", 0.8, 1.6, 11.7, 1, sizes=(18,))
    else:
        rows, colours = [], []
        for row in card.rows:
            line = [f"{row.label} ({row.unit})", row.belief, row.evidence, row.n]
            line.append(f"{row.mark} {row.verdict}")
            rows.append([*line, row.change or "–"] if card.has_change else line)
            colours.append({4: marks.TONES[row.tone][1]})
            if row.changed_tone != "open":
                colours[-1][5] = marks.TONES[row.changed_tone][1]
        size, high = (10, 0.38) if len(rows) > 9 else (11, 0.5)
        slide.table(
            head,
            rows,
            0.8,
            1.4,
            widths,
            sizes=(size, size - 1, 8),
            row_height=high,
            most=0.41 + high * len(rows),
            colours=colours,
        )
        left = 0.8 + sum(widths) + 0.1
        box = (left, 1.8, 12.5 - left, 5.0)
        then = any(row.bar.then is not None for row in card.rows)
        legend = "Grey: believed. Dot: evidence." if card.legend else ""
        legend += " Triangle: last period." if then else ""
        slide.text(legend, left, 1.4, box[2], 0.4, sizes=(10, 9, 8), colour=marks.MUTE, middle=True)
        alt = " ".join(f"{r.label}: believed {r.belief}, evidence {r.evidence}." for r in card.rows)
        drawn.scorecard(slide, card.rows, alt, box, high, _midnight(report))
    foot = " ".join(filter(None, (card.since, card.leanings, card.not_asked)))
    slide.text(foot, 0.8, 6.42, 11.7, 0.5, sizes=(12, 11, 10, 9, 8), colour=marks.MUTE)
    sentences = [
        f"{f.label}: {f.sentence} {f.since}".rstrip() for s in report.sections for f in s.findings
    ]
    slide.notes("Evidence is shown with its 95 % interval. What each line says:", *sentences)


RISKS, WINS = "Risks to mend first", "Wins worth telling clients"


def _risks_and_wins(deck: Deck, report: Report) -> None:
    """A slide each; one for both where there is neither, since that is one calm answer."""
    wins = bool(report.wins or report.maybe_wins)
    if not report.risks and not wins:
        slide = deck.slide("Risks and wins")
        for place, (heading, said) in enumerate(((RISKS, report.no_risk), (WINS, report.no_win))):
            slide.card(heading, said, 0.8 + 5.95 * place, 1.6, 5.75, 2.2, "plain", (20, 18, 16, 14))
        slide.notes(report.no_risk, report.no_win)
        return
    none = report.no_win
    after = [report.more_risks, "" if wins else f"{WINS}: {words.lowered(none)}"]
    _cards(deck, RISKS, report.risks, " ".join(filter(None, after)), report.no_risk)
    if wins:
        _cards(deck, WINS, report.wins, report.maybe_wins, report.no_win)


def _cards(deck: Deck, title: str, findings: Sequence[Finding], after: str, none: str) -> None:
    slide = deck.slide(title)
    if not findings:
        slide.text(none, 0.8, 1.6, 11.7, 1, sizes=(20,))
    shown = findings[:3]
    for place, finding in enumerate(shown):
        top = 1.5 + place * 1.62
        heading = f"{finding.label}: {finding.mark} {finding.verdict}{_changed(finding)}"
        tell = ""
        if finding.word == "hidden strength" and finding.action:
            tell = f" Show and tell: {finding.action.what}"
        said = f"{finding.sentence} {finding.since}".rstrip() + tell
        slide.card(heading, said, 0.8, top, 11.7, 1.45, finding.tone)
    rest = [f.label for f in findings[3:]]
    also = f"Also: {words.listed(rest)}." if rest else ""
    foot = " ".join(filter(None, (also, after)))
    slide.text(foot, 0.8, 6.4, 11.7, 0.45, sizes=(12, 11, 10), colour=marks.MUTE)
    slide.notes(*([_numbers(f) for f in findings] or [none]))


def _changed(finding: Finding) -> str:
    """`; worse since last period`, for a heading; nothing where that can't be told."""
    settled = finding.changed and finding.changed != changes.OPEN
    return f"; {finding.changed} since last period" if settled else ""


def _actions(deck: Deck, report: Report) -> None:
    slide = deck.slide("What to do")
    if not report.actions:
        slide.text(report.no_action, 0.8, 1.6, 11.7, 1, sizes=(20,))
        return
    top = 1.6
    if report.actions_lead:
        slide.text(report.actions_lead, 0.8, 1.45, 11.7, 0.4, sizes=(16, 14), colour=marks.MUTE)
        top = 2.0
    head = ["", "What", "Who", "By", "Cost", "Measure again"]
    rows = [
        [str(i), a.what, a.owner, a.due, a.cost, a.measure_again]
        for i, a in enumerate(report.actions, 1)
    ]
    slide.table(
        head,
        rows,
        0.8,
        top,
        [0.4, 4.2, 1.8, 1.75, 1.75, 1.8],
        sizes=(13, 12, 11, 10, 9, 8, 7),
        row_height=0.9,
        most=6.8 - top,
    )
    slide.notes(*(f"{a.about}: {a.what}" for a in report.actions))


def _promises(deck: Deck, report: Report) -> None:
    slide = deck.slide("What was promised last time")
    head = ["Promise", "Who", "By", "Done", "What came of it"]
    rows = [[p.what, p.owner, p.due, p.done, p.result or "–"] for p in report.promises[:8]]
    slide.table(
        head,
        rows,
        0.8,
        1.5,
        [4.0, 2.0, 1.6, 1.7, 2.4],
        sizes=(12, 11, 10, 9, 8, 7),
        row_height=0.5,
        most=5.3,
    )
    slide.notes(*(f"{p.what}: {p.done}. {p.result}" for p in report.promises))


def _section(deck: Deck, section: Section, report: Report) -> None:
    slide = deck.slide(f"“{section.claim.rstrip('.')}”", f"{section.number} {section.title}")
    left, wide = 0.8, 11.7
    if section.figure:
        room = 6.9 if section.findings else 11.7
        drawn.shown(slide, section.figure, room, _midnight(report))
        left, wide = 7.95, 4.58
    count = max(1, len(section.findings))
    height = min(2.4, 3.95 / count)
    for place, finding in enumerate(section.findings):
        heading = f"{finding.mark} {finding.verdict}: {finding.label}{_changed(finding)}"
        top = 1.5 + place * height
        said = f"{finding.sentence} {finding.since}".rstrip()
        slide.card(heading, said, left, top, wide, height - 0.12, finding.tone)
    if section.caveat:
        caveat = f"How this can mislead: {section.caveat}"
        slide.text(caveat, 0.8, 5.5, 11.7, 0.55, sizes=(12, 11, 10), colour=marks.MUTE)
    if section.action:
        line = _action_line(section.action)
        slide.text(line, 0.8, 6.1, 11.7, 0.75, sizes=(13, 12, 11, 10), ground=marks.GROUND)
    if section.silent:
        slide.text(section.silent, left, 1.6, wide, 1, sizes=(18,))
    slide.notes(*_section_notes(section, report))


def _action_line(action: Action) -> str:
    return (
        f"Next: {action.what} Who: {action.owner}. By: {action.due}. Cost: {action.cost}. "
        f"Measure again: {action.measure_again}."
    )


def _section_notes(section: Section, report: Report) -> list[str]:
    notes = [*_said(section.note), *(_numbers(f) for f in section.findings)]
    if section.figure:
        notes.append(f"The picture: {section.figure.alt} {section.figure.caption}")
    notes += [f"Bear in mind: {caveat}" for f in section.findings for caveat in f.caveats]
    if section.also:
        notes.append(f"Also looked at: {' · '.join(section.also)}")
    for method in report.appendix.methods:
        if method.number == section.number:
            notes += [f"Method: {markdown.plain(method.blocks)}"]
    return notes


def _numbers(finding: Finding) -> str:
    """A finding's figures in one line, for the notes."""
    belief = in_words(finding.id, finding.belief) or "no guess"
    return (
        f"{finding.label} ({finding.unit}): you believed {belief}; evidence "
        f"{evidence_in_words(finding)}; n = {n_in_words(finding)}; {finding.verdict}. "
        f"{finding.sentence} {finding.since}".rstrip()
    )


def _trust(deck: Deck, report: Report) -> None:
    slide = deck.slide("How far to trust this")
    lines = [
        "An interval is where the true figure lies with 95 % confidence, seen from these answers.",
        "A clear verdict has passed a test so strict that at most one report in twenty holds a "
        "false one. A leaning one has not: it earns a cheap test, not a repair.",
        report.scorecard.leanings,
    ]
    gaps = report.appendix.not_measured
    if gaps:
        every = [what for gap in gaps for what in gap.whats]
        named, more = every[:5], f" and {len(every) - 5} more" if len(every) > 5 else ""
        lines.append(f"Not measured: {'; '.join(named)}{more}. The report says what it would take.")
    lines.append("Method, definitions and the data ledger stand in the report's appendix.")
    if report.brand.contact:
        lines.append(report.brand.contact)
    slide.text([line for line in lines if line], 0.8, 1.55, 11.7, 4.9, sizes=(18, 16, 14, 12))
    ledger = (
        f"{r.table}: read {words.number(r.read)}, kept {words.number(r.kept)}, "
        f"rejected {words.number(r.rejected)}, excluded {words.number(r.excluded)}"
        for r in report.appendix.ledger
    )
    slide.notes(*(f"{d.label}: {d.evidence}" for d in report.appendix.definitions), *ledger)
