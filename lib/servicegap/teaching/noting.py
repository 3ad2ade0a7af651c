"""A guide's Markdown as lines of plain text, for the notes under a slide."""

from __future__ import annotations

from collections.abc import Iterator

from servicegap.report import markdown


def lines(text: str) -> list[str]:
    """Return Markdown as lines: a paragraph each, `• ` before an item, cells of a row in one."""
    return [line for block in markdown.parse(text) for line in _of(block)]


def one_line(text: str) -> str:
    """Return Markdown as one line of plain text."""
    return " ".join(lines(text))


def _of(block: markdown.Block) -> Iterator[str]:
    if isinstance(block, markdown.List):
        for n, item in enumerate(block.items, 1):
            yield f"{f'{n}.' if block.ordered else '•'} {markdown.plain(item)}"
    elif isinstance(block, markdown.Grid):
        for row in block.rows:
            yield ": ".join("".join(run.text for run in cell) for cell in row)
    else:
        yield markdown.plain(block)
