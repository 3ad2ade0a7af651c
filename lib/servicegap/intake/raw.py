"""A file of any tool as a sheet of texts: its headers found, two rows of them joined.

The files themselves are read by `tables`; here stands only what to look for in a file whose
headers are not ours.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from servicegap.intake import catalogue
from servicegap.intake.data import fields
from servicegap.tables.files import Sheet, read_sheet
from servicegap.tables.headers import Head, Wanted
from servicegap.tables.spellings import squash

_SEARCHED = 20
_SUBHEAD = re.compile(r"^(?:response|open-ended response|other \(please specify\)|point)$", re.I)
_NUMBER = re.compile(r"[-+]?[\d.,:/ %-]+(?:[ap]m)?$", re.IGNORECASE)
_LONGEST = 300


@functools.cache
def _known() -> frozenset[str]:
    """Every header that means anything to anybody, squashed as the readers squash them."""
    ours = {word for field in fields().values() for word in field.words}
    theirs = {h for one in catalogue.formats().values() for h in (*one.headers, *one.also)}
    return frozenset(squash(header) for header in ours | theirs if squash(header))


def read(
    path: Path, choose: Callable[[Sequence[str]], Collection[int]] | None = None,
    most: int | None = None,
) -> Sheet:  # fmt: skip
    """Read a file's columns, under its own headers. Raises Refused.

    `choose` says, from the headers, which columns are wanted (None: all), `most` how many bytes
    of a text file are enough for a look at it. A header that stands
    there twice gets a number; one that is empty names its column by letter.
    """

    def places(headers: Sequence[str], file: str, row: int) -> dict[str, int]:
        wanted = range(len(headers)) if choose is None else sorted(choose(headers))
        return {name: i for i, name in enumerate(named(headers)) if i in wanted}

    wanted = Wanted(
        "", _known(), find, places, lambda headers: _told(headers) >= 2, None, _told, most, True
    )
    return read_sheet(path, wanted)


def named(headers: Sequence[str]) -> list[str]:
    """Headers as names that are all different: "Comment", "Comment (2)", "column D"."""
    seen: dict[str, int] = {}
    names = []
    for i, header in enumerate(headers):
        name = " ".join(header.split())[:_LONGEST] or f"column {_letters(i)}"
        count = seen[name] = seen.get(name, 0) + 1
        names.append(name if count == 1 else f"{name} ({count})")
    return names


def _letters(i: int) -> str:
    letters = ""
    i += 1
    while i:
        i, rest = divmod(i - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _told(row: Sequence[str]) -> int:
    return len({squash(cell) for cell in row} & _known())


def find(cells: Sequence[Sequence[str]]) -> Head:
    """Find the headers: the row with most known words, above it titles, below it at most one more.

    Where nothing is known, it is the first row that is as wide as the widest and holds no figures.
    """
    rows = [[cell.strip() for cell in row] for row in cells[:_SEARCHED]] or [[]]
    told = [_told(row) for row in rows]
    top = told.index(max(told)) if max(told) >= 2 else _first_full(rows)
    if top + 1 < len(rows) and (below := _joined(rows[top], rows[top + 1])):
        return Head(top + 1, below)
    twice = len(set(filter(None, rows[top]))) < sum(map(bool, rows[top]))
    if top and twice and (above := _joined(rows[top - 1], rows[top])):
        return Head(top, above)
    return Head(top, tuple(rows[top]))


def _first_full(rows: list[list[str]]) -> int:
    filled = [sum(map(bool, row)) for row in rows]
    most = max(filled)
    for i, row in enumerate(rows):
        if filled[i] and filled[i] >= 0.8 * most and not any(_NUMBER.match(c) for c in row if c):
            return i
    return next((i for i, count in enumerate(filled) if count), 0)


def _joined(upper: list[str], lower: list[str]) -> tuple[str, ...] | None:
    """Two rows of headers as one, or None where the lower one holds data.

    The upper row has gaps where a question or a merged cell spans several columns; the lower one
    says what each of them is, in words that are no data: nothing that looks like a figure.
    """
    upper, width = list(upper), max(len(upper), len(lower))
    upper += [""] * (width - len(upper))
    lower = list(lower) + [""] * (width - len(lower))
    filled = [i for i, cell in enumerate(upper) if cell]
    if len(filled) < 2 or not any(lower):
        return None
    gaps = [i for i in range(filled[0], width) if not upper[i] and lower[i]]
    plain_words = [cell for cell in lower if cell and not _NUMBER.match(cell)]
    marked = any(_SUBHEAD.match(cell) for cell in lower)
    if len(plain_words) < sum(map(bool, lower)) or "@" in "".join(lower):
        return None
    above_empty = sum(1 for i in filled if not lower[i])
    if not (marked and above_empty) and not (gaps and (above_empty or not _tells(upper))):
        return None
    headers, question = [], ""
    for above, below in zip(upper, lower, strict=True):
        question = above or (question if below else "")
        keep = below and not (_SUBHEAD.match(below) and above)
        headers.append(f"{question} - {below}" if question and keep else question or below)
    return tuple(headers)


def _tells(row: list[str]) -> bool:
    """Whether a row of headers speaks for itself."""
    return _told(row) >= 2


def trimmed(sheet: Sheet) -> Sheet:
    """The sheet without its blank rows and without white space round its texts."""
    if not sheet.columns:
        return sheet
    columns = {name: _trimmed(text) for name, text in sheet.columns.items()}
    blank = np.ones(len(sheet.rows), bool)
    for text in columns.values():
        empty = np.asarray(pc.equal(text.dictionary, ""))
        blank &= empty[np.asarray(text.indices)] if empty.any() else False
        if not blank.any():
            return replace(sheet, columns=columns)
    stay = pa.array(~blank)
    columns = {name: text.filter(stay) for name, text in columns.items()}
    return replace(sheet, columns=columns, rows=sheet.rows[~blank])


def _trimmed(text: pa.DictionaryArray) -> pa.DictionaryArray:
    distinct = pc.utf8_trim_whitespace(text.dictionary)
    if distinct.equals(text.dictionary):
        return text
    again = distinct.dictionary_encode()
    return pa.DictionaryArray.from_arrays(again.indices.take(text.indices), again.dictionary)


def sample(sheet: Sheet, name: str, count: int = 400) -> list[str]:
    """Some of a column's different texts that are neither empty nor its header once more."""
    texts = sheet.columns[name].dictionary.slice(0, count).to_pylist()
    return [text.strip() for text in texts if text.strip() and text.strip() != name]


__all__ = ["Sheet", "find", "named", "read", "sample", "trimmed"]
