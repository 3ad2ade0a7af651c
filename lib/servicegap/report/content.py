"""What does this client's report say? Notebooks in, one content model out.

`build` takes executed notebooks and a few facts, and returns a `Report` in which every word and
figure stands as it is printed. It reads no files and recomputes nothing. All text passes `clean`
once, so that no form has to think about characters that would break it.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from servicegap import changes, schema, words
from servicegap.bundles import Bundle, cell_text, read_bundles
from servicegap.report import appendix, markdown, marks, notes, story
from servicegap.report.model import (
    Action,
    Appendix,
    Approval,
    Brand,
    Chapter,
    ClientFacts,
    Cover,
    Figure,
    Finding,
    Kept,
    Note,
    Piece,
    Promise,
    Report,
    Section,
    Span,
    Table,
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
    client, ledgers, statuses = _clean((client, list(ledgers), dict(statuses)))
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
        summary=story.summary(findings, day(client.as_of)),
        scorecard=scorecard(findings, appendix.not_asked(statuses)),
        risks=story.risks(findings),
        no_risk=story.no_risk(findings),
        more_risks=story.more_risks(findings),
        wins=story.wins(findings),
        no_win=story.NO_WIN,
        maybe_wins=story.maybe_wins(findings),
        actions=story.actions(findings),
        no_action=story.no_action(findings),
        promises=tuple(map(_kept, client.promised)),
        sections=tuple(sections.values()),
        evidence=tuple(s.evidence(sections[s.number]) for s in sessions),
        appendix=Appendix(
            methods=tuple(s.method for s in sessions if s.method.blocks),
            definitions=appendix.definitions(findings),
            ledger=appendix.ledger(ledgers),
            not_measured=appendix.not_measured(payloads, findings, statuses),
            words=appendix.WORDS,
        ),
    )


class _Read:
    """One notebook, taken apart."""

    def __init__(self, stem: str, notebook: NotebookNode, client: ClientFacts) -> None:
        self.number = stem[:2]
        self.spec = schema.SESSIONS[self.number]
        self.cells = notebook.cells
        self.bundles = [Bundle(_clean(b.payload), b.png, b.cell) for b in read_bundles(notebook)]
        self.findings = {
            b.payload["id"]: _finding(b.payload, client)
            for b in self.bundles
            if b.payload["kind"] == "finding"
        }
        source = next((c.source for c in reversed(self.cells) if c.cell_type == "markdown"), "")
        method = source if source.lstrip().startswith(METHOD) else ""
        self.method_source = method
        self.note = notes.note(client, self.number) if self.number != "00" else Note()
        blocks = markdown.parse(_clean(method))[1:]
        self.method = Chapter(
            self.number, self.spec.title, blocks=markdown.nest(blocks, under=SESSION_LEVEL + 1)
        )

    def figures(self) -> list[Figure]:
        return [_figure(b) for b in self.bundles if b.png]

    def section(self) -> Section:
        """The session in one look."""
        findings = tuple(self.findings.values())
        figures = self.figures()
        first = story.in_order_of_action(findings) or findings
        about = [g for f in (*first, *findings) for g in figures if g.about == f.id]
        figure = next(iter(about or figures), None)
        caveats = [f.caveats[0] for f in first if f.caveats]
        acted = [f.action for f in (*first, *findings) if f.action]
        seen = any(not b.payload.get("not_measured") for b in self.bundles)
        silent = "" if seen else "No part of this session could be measured."
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
        )

    def evidence(self, shown: Section) -> Chapter:
        """All prose and bundles in order, minus what `shown` has and the method."""
        by_cell: dict[int, list[Bundle]] = {}
        for bundle in self.bundles:
            by_cell.setdefault(bundle.cell, []).append(bundle)
        pieces: list[Piece] = []
        unread = False
        for index, cell in enumerate(self.cells):
            if cell.cell_type == "markdown" and cell.source != self.method_source:
                blocks = _without_title(markdown.parse(_clean(cell.source)))
                pieces += _without_reading(blocks) if unread else blocks
            for bundle in by_cell.get(index, ()):
                pieces += self._piece(bundle, shown)
                unread = bool(bundle.payload.get("not_measured"))
        nested = markdown.nest(pieces, under=SESSION_LEVEL)  # type: ignore[arg-type]
        return Chapter(self.number, self.spec.title, markdown.without_empty_headings(nested))

    def _piece(self, bundle: Bundle, shown: Section) -> list[Piece]:
        payload = bundle.payload
        if payload["kind"] == "finding":
            finding = self.findings[payload["id"]]
            rest = [c for c in finding.caveats if c != shown.caveat]
            text = f"{finding.sentence} {finding.since}".rstrip()
            said = _paragraph(text, f"{finding.label}, {finding.verdict}: ")
            return [said, *(_paragraph(c, f"{finding.label}, bear in mind: ") for c in rest)]
        if payload.get("not_measured"):
            title = str(payload["title"]).removeprefix("Not measured: ")
            return [_paragraph(f"Not measured: {title}. {payload['not_measured']}")]
        if payload["kind"] == "table":
            return [_table(payload)]
        if shown.figure and payload["id"] == shown.figure.id:
            return [_paragraph(f"(“{shown.figure.title}”: shown with the session above.)")]
        return [_figure(bundle)] if bundle.png else []


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


# -- pieces ------------------------------------------------------------------------------------


def _span(data: Mapping[str, Any] | None) -> Span | None:
    if not data or all(data.get(k) is None for k in ("value", "low", "high")):
        return None
    return Span(data.get("value"), data.get("low"), data.get("high"), data.get("n"))


def _finding(payload: Mapping[str, Any], client: ClientFacts) -> Finding:
    word, strength = payload["verdict"], payload["strength"]
    printed, mark, tone = marks.verdict(word, strength)
    change = payload.get("change")
    return Finding(
        payload["id"],
        payload["session"],
        payload["label"],
        payload["title"],
        payload["sentence"],
        payload["unit"],
        payload["per"],
        _span(payload["belief"]),
        _span(payload["evidence"]),
        payload["gap"],
        word,
        strength,
        printed,
        mark,
        tone,
        _change(schema.HEADLINES[payload["id"]], change) if change else "",
        payload.get("since") or "",
        tuple(payload["caveats"]),
        _action(payload["action"], payload["label"], client) if payload["action"] else None,
    )


def _change(headline: schema.Headline, change: Mapping[str, Any]) -> str:
    ends = tuple(change.get(end) for end in ("value", "low", "high"))
    return changes.in_short(headline, change["verdict"], ends)


def _action(data: Mapping[str, Any], about: str, client: ClientFacts) -> Action:
    return Action(
        data["id"],
        about,
        data["what"],
        data.get("owner") or "to be named",
        _iso_day(data.get("due")) or "a day to be set",
        cost(data.get("cost_low"), data.get("cost_high"), client.currency),
        _iso_day(data.get("measure_again")) or "a day to be set",
    )


def _figure(bundle: Bundle) -> Figure:
    payload, png = bundle.payload, bundle.png or b""
    width, height = struct.unpack(">II", png[16:24])
    return Figure(
        payload["id"],
        payload["session"],
        payload["title"],
        payload["alt"],
        payload["caption"],
        payload.get("about"),
        png,
        width,
        height,
    )


def _table(payload: Mapping[str, Any]) -> Table:
    columns = payload["data"]["columns"]
    return Table(
        payload["id"],
        payload["session"],
        payload["title"],
        payload["caption"],
        tuple(f"{c['label']} ({c['unit']})" if c.get("unit") else c["label"] for c in columns),
        tuple(c["kind"] == "number" for c in columns),
        tuple(tuple(cell_text(cell) for cell in row) for row in payload["data"]["rows"]),
    )


# -- words -------------------------------------------------------------------------------------


def _cover(client: ClientFacts) -> Cover:
    start, end = client.period
    end = end or client.as_of
    period = f"{day(start)} to {day(end)}" if start else f"twelve months to {day(end)}"
    banner = "This firm is made up, for practice. So is every figure." if client.made_up else ""
    seen = client.approval
    return Cover(
        "Service gap report",
        client.name,
        period,
        day(client.as_of),
        banner,
        draft="" if seen else DRAFT,
        approved=f"Approved by {seen.by} on {day(seen.on)}." if seen else "",
        line=client.brand.cover,
        made_by=f"Prepared by {client.brand.name}" if client.brand.name else "",
    )


def _kept(promise: Promise) -> Kept:
    done = f"done on {day(promise.done_on)}" if promise.done_on else "not done yet"
    due = day(promise.due) if promise.due else "no day set"
    return Kept(promise.what, promise.owner or "nobody named", due, done, promise.result)


def day(when: date) -> str:
    """`30 June 2025`."""
    return f"{when.day} {when:%B %Y}"


def _iso_day(text: str | None) -> str:
    return day(date.fromisoformat(text[:10])) if text else ""


_SIGNS = {"GBP": "£", "EUR": "€", "USD": "$"}


def cost(low: float | None, high: float | None, currency: str) -> str:
    """`£500 to £1,500`, or that it was not estimated."""
    sign = _SIGNS.get(currency, f"{currency} ")
    ends = dict.fromkeys(f"{sign}{words.number(x)}" for x in (low, high) if x is not None)
    return " to ".join(ends) or "not estimated"


# C0 and C1 controls but tab and newline, bidi overrides, lone surrogates and non-characters: none
# is a letter of any language, and each breaks at least one of the three forms
_UNPRINTABLE = {
    code: None
    for span in (
        (0x00, 0x09), (0x0B, 0x20), (0x7F, 0xA0), (0x202A, 0x202F), (0x2066, 0x206A),
        (0xD800, 0xE000), (0xFDD0, 0xFDF0), (0xFEFF, 0xFF00), (0xFFF9, 0xFFFC),
        *((plane + 0xFFFE, plane + 0x10000) for plane in range(0, 0x110000, 0x10000)),
    )
    for code in range(*span)
}  # fmt: skip


def _clean(value: Any) -> Any:
    """Take unprintable characters out of every text in a nested value."""
    if isinstance(value, str):
        return value.translate(_UNPRINTABLE)
    if isinstance(value, Mapping):
        return {_clean(k): _clean(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(map(_clean, value))
    if isinstance(value, ClientFacts | Promise | Brand | Approval):
        return type(value)(**{k: _clean(getattr(value, k)) for k in value.__dataclass_fields__})
    return value
