"""What does this client's report say? Notebooks in, one content model out.

`build` takes executed notebooks and a few facts, and returns a `Report` in which every word and
figure stands as it is printed. It reads no files and recomputes nothing. All text passes `clean`
once, so that no form has to think about characters that would break it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from servicegap import formats, schema, words
from servicegap.bundles import Bundle, read_bundles
from servicegap.report import appendix, markdown, notes, pieces, story, summary
from servicegap.report.cleaning import clean
from servicegap.report.model import (
    Appendix,
    Chapter,
    ClientFacts,
    Cover,
    Figure,
    Kept,
    Note,
    Piece,
    Promise,
    Report,
    Section,
)
from servicegap.report.scorecard import scorecard

if TYPE_CHECKING:
    from nbformat import NotebookNode

__all__ = ["ClientFacts", "Promise", "Report", "build"]

METHOD = "## Method and sources"
DRAFT = "DRAFT: nobody has approved this report yet."
SESSION_LEVEL = 3  # h1 the report, h2 its parts, h3 a session, then the notebook's own headings


def build(
    notebooks: Mapping[str, NotebookNode],
    client: ClientFacts,
    ledgers: Sequence[Mapping[str, Any]],
    statuses: Mapping[str, Mapping[str, str]],
) -> Report:
    """Make the content model of one report.

    Args: notebooks, executed report editions by stem; client, the facts of the cover; ledgers, a
    mapping per table (table, file, read, kept, rejected, excluded, reasons, blanked); statuses, by
    stem, with `status` (ok, not_measured or not_asked) and `reason`.
    """
    client, ledgers, statuses = clean((client, list(ledgers), dict(statuses)))
    with formats.written_for(client.locale):
        return _built(notebooks, client, ledgers, statuses)


def _built(
    notebooks: Mapping[str, NotebookNode],
    client: ClientFacts,
    ledgers: Sequence[Mapping[str, Any]],
    statuses: Mapping[str, Mapping[str, str]],
) -> Report:
    sessions = [
        _Read(stem, notebook, client)
        for stem, notebook in sorted(notebooks.items())
        if statuses.get(stem, {}).get("status", "ok") == "ok"
    ]
    findings = [f for s in sessions for f in s.findings.values()]
    sections = {s.number: s.section() for s in sessions}
    payloads = [b.payload for s in sessions for b in s.bundles if b.payload["kind"] != "finding"]
    return Report(
        client=client,
        brand=client.brand,
        cover=_cover(client),
        foreword=notes.note(client, "00"),
        summary=summary.summary(findings, words.day(client.as_of), _shown(sections)),
        scorecard=scorecard(findings, appendix.not_asked(statuses)),
        risks=story.risks(findings),
        no_risk=story.no_risk(findings),
        more_risks=story.more_risks(findings),
        wins=story.wins(findings),
        no_win=story.no_win(findings),
        maybe_wins=story.maybe_wins(findings),
        actions=story.actions(findings),
        actions_lead=story.actions_lead(findings),
        no_action=story.no_action(findings),
        promises=tuple(map(_kept, client.promised)),
        sections=tuple(sections.values()),
        evidence=tuple(s.evidence(sections[s.number]) for s in sessions),
        appendix=Appendix(
            methods=tuple(s.method for s in sessions if s.method.blocks),
            definitions=appendix.definitions(findings),
            seen=appendix.seen(findings),
            ledger=appendix.ledger(ledgers),
            not_measured=appendix.not_measured(payloads, findings, statuses),
            words=appendix.words_used(findings),
        ),
    )


def _shown(sections: Mapping[str, Section]) -> list[str]:
    """Titles of the pictures of the sessions that test a belief, which the last one repeats."""
    return [s.figure.title for n, s in sections.items() if s.figure and n not in ("00", "10")]


class _Read:
    """One notebook, taken apart."""

    def __init__(self, stem: str, notebook: NotebookNode, client: ClientFacts) -> None:
        self.number = stem[:2]
        self.spec = schema.SESSIONS[self.number]
        self.cells = notebook.cells
        self.bundles = [Bundle(clean(b.payload), b.png, b.cell) for b in read_bundles(notebook)]
        self.findings = {
            b.payload["id"]: pieces.finding(b.payload, client)
            for b in self.bundles
            if b.payload["kind"] == "finding"
        }
        source = next((c.source for c in reversed(self.cells) if c.cell_type == "markdown"), "")
        method = source if source.lstrip().startswith(METHOD) else ""
        self.method_source = method
        self.note = notes.note(client, self.number) if self.number != "00" else Note()
        blocks = markdown.parse(clean(method))[1:]
        self.method = Chapter(
            self.number, self.spec.title, blocks=markdown.nest(blocks, under=SESSION_LEVEL + 1)
        )

    def figures(self) -> list[Figure]:
        return [pieces.figure(b) for b in self.bundles if b.png]

    def section(self) -> Section:
        """The session in one look."""
        findings = tuple(self.findings.values())
        figures = self.figures()
        first = story.in_order_of_action(findings) or findings
        about = [g for f in (*first, *findings) for g in figures if g.about == f.id]
        figure = next(iter(about or figures), None)
        caveats = [f.caveats[0] for f in first if f.caveats and f.word != "not measured"]
        acted = [f.action for f in (*first, *findings) if f.action]
        seen = any(not b.payload.get("not_measured") for b in self.bundles)
        also = self._also(figure)
        silent = "" if seen else "No part of this session could be measured."
        if seen and not figure and not findings:  # a claim needs something under it
            silent = f"Looked at: {'. '.join(title for title, _ in also)}."
        return Section(
            self.number,
            self.spec.title,
            self.spec.claim,
            figure,
            findings,
            next(iter(caveats), ""),
            next(iter(acted), None),
            silent,
            self.note,
            tuple(title for title, _ in also),
            _rest([kind for _, kind in also]),
        )

    def _also(self, shown: Figure | None) -> list[tuple[str, str]]:
        """Title and kind of every figure and table but the one that is shown."""
        payloads = [b.payload for b in self.bundles if b.payload["kind"] != "finding"]
        return [
            (p["title"], p["kind"])
            for p in payloads
            if not p.get("not_measured") and not (shown and p["id"] == shown.id)
        ]

    def evidence(self, shown: Section) -> Chapter:
        """All prose and bundles in order, minus what `shown` has and the method."""
        by_cell: dict[int, list[Bundle]] = {}
        for bundle in self.bundles:
            by_cell.setdefault(bundle.cell, []).append(bundle)
        said: list[Piece] = []
        unread = False
        for index, cell in enumerate(self.cells):
            if cell.cell_type == "markdown" and cell.source != self.method_source:
                blocks = _without_title(markdown.parse(clean(cell.source)))
                said += _without_reading(blocks) if unread else blocks
            for bundle in by_cell.get(index, ()):
                said += self._piece(bundle, shown)
                unread = bool(bundle.payload.get("not_measured"))
        nested = markdown.nest(said, under=SESSION_LEVEL)  # type: ignore[arg-type]
        return Chapter(self.number, self.spec.title, markdown.without_empty_headings(nested))

    def _piece(self, bundle: Bundle, shown: Section) -> list[Piece]:
        payload = bundle.payload
        if payload["kind"] == "finding":
            finding = self.findings[payload["id"]]
            rest = [c for c in finding.caveats if c != shown.caveat]
            text = f"{finding.sentence} {finding.since}".rstrip()
            lead = _paragraph(text, f"{finding.label}, {finding.verdict}: ")
            return [lead, *(_paragraph(c, f"{finding.label}, bear in mind: ") for c in rest)]
        if payload.get("not_measured"):
            title = str(payload["title"]).removeprefix("Not measured: ")
            return [_paragraph(f"Not measured: {title}. {payload['not_measured']}")]
        if payload["kind"] == "table":
            return [pieces.table(payload)]
        if shown.figure and payload["id"] == shown.figure.id:
            return [_paragraph(f"(“{shown.figure.title}”: shown with the session above.)")]
        return [pieces.figure(bundle)] if bundle.png else []


def _rest(kinds: Sequence[str]) -> str:
    """`All of this session: 6 more pictures, 2 tables`, or nothing."""
    pictures, tables = kinds.count("figure"), kinds.count("table")
    parts = [words.count(pictures, "more picture")] if pictures else []
    parts += [words.count(tables, "table")] if tables else []
    return f"All of this session: {words.listed(parts)}, and how to read them" if parts else ""


def _without_title(blocks: Iterable[markdown.Block]) -> list[markdown.Block]:
    """Drop a cell's first-level heading: the claim stands as the session's heading already."""
    return [b for b in blocks if not (isinstance(b, markdown.Heading) and b.level == 1)]


def _without_reading(blocks: list[markdown.Block]) -> list[markdown.Block]:
    """Drop the paragraphs that read a picture which isn't there.

    They end where the next thing begins: a heading, a paragraph led by bold type, or a sentence
    that ends in a colon.
    """
    for start, block in enumerate(blocks):
        if isinstance(block, markdown.Heading):
            return blocks[start:]
        if isinstance(block, markdown.Paragraph):
            text = "".join(run.text for run in block.runs).rstrip()
            if block.runs[0].strong or text.endswith(":"):
                return blocks[start:]
    return []


def _paragraph(text: str, lead: str = "") -> markdown.Paragraph:
    runs = (markdown.Run(lead, strong=True), markdown.Run(text))
    return markdown.Paragraph(runs if lead else runs[1:])


# -- words -------------------------------------------------------------------------------------


def _cover(client: ClientFacts) -> Cover:
    start, end = client.period
    end = end or client.as_of
    period = (
        f"{words.day(start)} to {words.day(end)}" if start else f"twelve months to {words.day(end)}"
    )
    banner = "This firm is made up, for practice. So is every figure." if client.made_up else ""
    seen = client.approval
    return Cover(
        "Service gap report",
        client.name,
        period,
        words.day(client.as_of),
        banner,
        draft="" if seen else DRAFT,
        approved=f"Approved by {seen.by} on {words.day(seen.on)}." if seen else "",
        line=client.brand.cover,
        made_by=f"Prepared by {client.brand.name}" if client.brand.name else "",
        about=f"Worth knowing first: {client.about}" if client.about else "",
    )


def _kept(promise: Promise) -> Kept:
    late = promise.done_on and promise.due and promise.done_on > promise.due
    done = f"done on {words.day(promise.done_on)}" if promise.done_on else "not done yet"
    done += ", late" if late else ""
    due = words.day(promise.due) if promise.due else "no day set"
    return Kept(promise.what, promise.owner or "nobody named", due, done, promise.result)
