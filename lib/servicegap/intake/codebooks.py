"""A code book beside a survey: what its short headers ask, and which codes are no marks.

A row that names a header of the survey begins a question; the rows below it, with nothing in the
first cell or another code, list its answers. Questions without a list share the next one's, where
their headers begin alike (Q7ART … Q7ALL).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from servicegap.intake.data import plain
from servicegap.tables.sheet import Sheet

_NO_MARK = re.compile(
    r"never used|not applicable|don.?t know|no answer|non.?response|\bblank\b|refused|no opinion"
    r"|not sure|\bn/?a\b|skipped|missing|multiple",
    re.IGNORECASE,
)
_LEAST = 5
_STEM = re.compile(r"[A-Za-z]+\d+")


@dataclass(frozen=True)
class CodeBook:
    """What a code book says: each header's question, and its codes that give no mark.

    `scales` are the headers answered on a scale of which only the ends have names.
    """

    labels: Mapping[str, str] = field(default_factory=dict)
    scales: frozenset[str] = frozenset()
    no_marks: Mapping[str, frozenset[str]] = field(default_factory=dict)


def rows_of(sheet: Sheet) -> list[list[str]]:
    """A sheet's rows of texts, its headers first."""
    columns = [array.to_pylist() for array in sheet.columns.values()]
    return [list(sheet.headers), *map(list, zip(*columns, strict=True))]


def read_codebook(rows: Sequence[Sequence[str]], headers: Sequence[str]) -> CodeBook | None:
    """Read a table as the code book of a file with these headers; None where it is none."""
    known = {plain(header): header for header in headers if header.strip()}
    labels: dict[str, str] = {}
    codes: dict[str, dict[str, str]] = {}
    current = ""
    for row in rows:
        cells = [cell.strip() for cell in row] + ["", "", ""]
        header = known.get(plain(cells[0])) if cells[0] else None
        if header is not None and header not in labels:
            current = header
            labels[header] = cells[1]
            codes[header] = {}
        elif current and re.fullmatch(r"-?\d{1,3}|[A-Z]", cells[1]):
            codes[current][cells[1]] = cells[2]
        elif cells[0]:
            current = ""
    if len(labels) < max(_LEAST, 0.3 * len(known)) and len(labels) < 20:
        return None
    _share(labels, codes)
    empty = {h: frozenset(c for c, said in told.items() if _NO_MARK.search(said))
             for h, told in codes.items()}  # fmt: skip
    scales = frozenset(h for h, told in codes.items() if _anchored(told))
    return CodeBook(labels, scales, {h: none for h, none in empty.items() if none})


def _anchored(codes: Mapping[str, str]) -> bool:
    figures = {int(code): said for code, said in codes.items() if code.isdigit()}
    ends = figures.get(1, "") and any(figures.get(top, "") for top in (5, 7, 10))
    return bool(ends) and any(not figures.get(middle, "x") for middle in (2, 4))


def _share(labels: Mapping[str, str], codes: dict[str, dict[str, str]]) -> None:
    """Give a question without a list of answers that of the next one of its group."""
    later: dict[str, str] = {}
    stem_of_later = ""
    for header in reversed(list(labels)):
        stem = _STEM.match(header)
        if codes[header]:
            later, stem_of_later = codes[header], stem[0] if stem else ""
        elif stem and stem[0] == stem_of_later:
            codes[header] = later
