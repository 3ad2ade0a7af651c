"""The consultant's own words in the report: marked as theirs, and as harmless as a client's."""

from __future__ import annotations

from dataclasses import replace

from servicegap.report import markdown
from servicegap.report.model import ClientFacts, Note


def note(client: ClientFacts, number: str) -> Note:
    """What the consultant says on one session, or, of "00", before the summary."""
    text = client.notes.get(number, "").strip()
    if not text:
        return Note()
    who = client.brand.name or "your consultant"
    return Note(f"In the words of {who}", tuple(map(_low, markdown.parse(text))))


def _low(block: markdown.Block) -> markdown.Block:
    """A heading becomes a line in bold type: a note makes no chapters in somebody else's report."""
    if not isinstance(block, markdown.Heading):
        return block
    return markdown.Paragraph(tuple(replace(run, strong=True) for run in block.runs))
