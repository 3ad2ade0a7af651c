"""What does a Markdown cell hold? A small tree of blocks, the same for all three forms.

CommonMark and tables, read by markdown-it-py with raw HTML switched off: what looks like HTML stays
text. A link becomes its words and its address, since a report fetches nothing and is often read on
paper; a picture is dropped. A form (HTML, PDF, PPTX) only has to know the block kinds of this file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, ClassVar, TypeAlias

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

SHOWN_LINKS = ("http://", "https://", "mailto:")


@dataclass(frozen=True)
class Run:
    """A stretch of text in one style."""

    text: str
    strong: bool = False
    emphasis: bool = False


@dataclass(frozen=True)
class Heading:
    """A heading; `level` counts from 1 as in HTML."""

    kind: ClassVar[str] = "heading"
    level: int
    runs: tuple[Run, ...]


@dataclass(frozen=True)
class Paragraph:
    """A paragraph. Code in a cell's prose comes out as one too: a report shows no code."""

    kind: ClassVar[str] = "paragraph"
    runs: tuple[Run, ...]


@dataclass(frozen=True)
class List:
    """A list; every item holds blocks."""

    kind: ClassVar[str] = "list"
    ordered: bool
    items: tuple[tuple[Block, ...], ...]


@dataclass(frozen=True)
class Quote:
    """A quotation."""

    kind: ClassVar[str] = "quote"
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Grid:
    """A table written in Markdown: a row of column heads, then rows, each cell a line of runs."""

    kind: ClassVar[str] = "grid"
    head: tuple[tuple[Run, ...], ...]
    rows: tuple[tuple[tuple[Run, ...], ...], ...]


Block: TypeAlias = Heading | Paragraph | List | Quote | Grid


@cache
def _reader() -> MarkdownIt:
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark", {"html": False}).enable("table")


def parse(source: str) -> tuple[Block, ...]:
    """Read the text of a Markdown cell."""
    return _blocks(iter(_reader().parse(source)), "")


def _blocks(tokens: Iterator[Token], end: str) -> tuple[Block, ...]:
    blocks: list[Block] = []
    for token in tokens:
        if token.type == end:
            break
        block = _block(token, tokens)
        if block is not None:
            blocks.append(block)
    return tuple(blocks)


def _block(token: Token, tokens: Iterator[Token]) -> Block | None:
    if token.type == "heading_open":
        return Heading(int(token.tag[1]), _line(tokens))
    if token.type == "paragraph_open":
        runs = _line(tokens)
        return Paragraph(runs) if runs else None
    if token.type in {"bullet_list_open", "ordered_list_open"}:
        return _list(token, tokens)
    if token.type == "blockquote_open":
        return Quote(_blocks(tokens, "blockquote_close"))
    if token.type == "table_open":
        return _grid(tokens)
    if token.type in {"fence", "code_block"}:
        return Paragraph((Run(token.content.rstrip("\n")),))
    return None


def _line(tokens: Iterator[Token]) -> tuple[Run, ...]:
    """Read the inline token that follows an opening one, and step over the closing one."""
    runs = _runs(next(tokens).children or [])
    next(tokens)
    return runs


def _list(token: Token, tokens: Iterator[Token]) -> List:
    close = token.type.replace("open", "close")
    items = []
    for inner in tokens:
        if inner.type == close:
            break
        items.append(_blocks(tokens, "list_item_close"))
    return List(token.type.startswith("ordered"), tuple(items))


def _grid(tokens: Iterator[Token]) -> Grid:
    rows: list[list[tuple[Run, ...]]] = []
    for token in tokens:
        if token.type == "table_close":
            break
        if token.type == "tr_open":
            rows.append([])
        elif token.type == "inline":
            rows[-1].append(_runs(token.children or []))
    head, *body = (tuple(row) for row in rows)
    return Grid(head, tuple(body))


def _runs(children: Iterable[Token]) -> tuple[Run, ...]:
    runs: list[Run] = []
    strong = emphasis = 0
    links: list[tuple[str, int]] = []  # address, and how many runs stood before its words

    def add(text: str) -> None:
        if text:
            runs.append(Run(text, strong > 0, emphasis > 0))

    for token in children:
        if token.type in {"text", "code_inline"}:
            add(token.content)
        elif token.type in {"softbreak", "hardbreak"}:
            add(" ")
        elif token.type in {"strong_open", "strong_close"}:
            strong += token.nesting
        elif token.type in {"em_open", "em_close"}:
            emphasis += token.nesting
        elif token.type == "link_open":
            links.append((str(token.attrs.get("href", "")), len(runs)))
        elif token.type == "link_close":
            address, before = links.pop()
            words = "".join(run.text for run in runs[before:])
            shown = address.removeprefix("mailto:")
            if address.startswith(SHOWN_LINKS) and words not in (address, shown):
                add(f" ({shown})")
    return tuple(_joined(runs))


def _joined(runs: Iterable[Run]) -> Iterator[Run]:
    """Make one run of neighbours in the same style."""
    last: Run | None = None
    for run in runs:
        if last and (last.strong, last.emphasis) == (run.strong, run.emphasis):
            last = replace(last, text=last.text + run.text)
            continue
        if last:
            yield last
        last = run
    if last:
        yield last


def plain(block: Block | Run | tuple) -> str:
    """Return a block's words alone."""
    if isinstance(block, Run):
        return block.text
    if isinstance(block, Heading | Paragraph):
        return "".join(run.text for run in block.runs)
    if isinstance(block, Quote):
        return " ".join(map(plain, block.blocks))
    if isinstance(block, List):
        return " ".join(plain(inner) for item in block.items for inner in item)
    if isinstance(block, Grid):
        cells = (cell for row in (block.head, *block.rows) for cell in row)
        return " ".join("".join(run.text for run in cell) for cell in cells)
    return " ".join(map(plain, block))


def nest(blocks: Iterable[Block], under: int) -> tuple[Block, ...]:
    """Lay headings below level `under`, none skipping a level.

    A notebook's `##` comes right below `under`, its `###` one lower, and so on.
    """
    out: list[Block] = []
    last = under
    for block in blocks:
        if isinstance(block, Heading):
            last = max(under + 1, min(last + 1, under + max(1, block.level - 1)))
            block = replace(block, level=last)
        out.append(block)
    return tuple(out)


def without_empty_headings(pieces: Iterable) -> tuple:
    """Drop headings under which nothing stands, such as that of a form only the workbook has."""
    kept: list = []
    for piece in reversed(list(pieces)):
        following = kept[-1] if kept else None
        if isinstance(piece, Heading) and (
            following is None or (isinstance(following, Heading) and following.level <= piece.level)
        ):
            continue
        kept.append(piece)
    return tuple(reversed(kept))
