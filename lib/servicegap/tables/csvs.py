"""CSV files in their dialects -> a sheet of texts.

A regular file is read in one go; one with odd quotes row by row, so that what is wrong can be
named. Both ways give the same sheet.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

from servicegap.problems import Problem, Refused
from servicegap.schema import Table
from servicegap.tables import letters
from servicegap.tables.headers import Wanted, find_header, match, of_table
from servicegap.tables.leafing import quotes_of
from servicegap.tables.letters import decode, delimiter_of, head
from servicegap.tables.quick import fast, fits
from servicegap.tables.sheet import Broken, Sheet, coded, refusal

__all__ = ["Lines", "decode", "lines_of", "read"]

_MAX_CELL = 10_000_000


def read(path: Path, table: Wanted) -> Sheet:
    """Read a CSV file in whatever dialect it is. Raises Refused."""
    text = _text(path, table)
    delimiter = text.delimiter or delimiter_of(text.data, table)
    found = table.find(head(text.data, delimiter))
    top, headers = found.last, found.headers
    where = table.places(headers, path.name, top + 1)
    notes = list(text.notes)
    if top:
        what = f"{top} row(s) above the headers were left out"
        notes.append(Problem(table.name, path.name, None, None, None, what,
                             "nothing to do, if they hold no data", "warning"))  # fmt: skip
    tidy, quick = text.tidy, None
    source: Path | bytes = path if text.as_it_is else text.data
    quotes = quotes_of(source, delimiter)
    if quotes.clear:
        quick = fast(source, delimiter, where, top, table.key, len(headers), quotes.breaks)
    if quick is None:
        data, tidy = letters.mended(path, table).data, False
        quick = _slow(path, table, data, delimiter, headers, where, top)
    columns, rows, broken, short = quick
    if short:
        notes.append(
            Problem(
                table.name, path.name, short[0], None, None,
                "the row has fewer cells than there are headers; the missing ones count as empty",
                "look whether a line break or a quote has cut it", "warning", len(short),
            )
        )  # fmt: skip
    return Sheet(path.name, headers, top + 1, where, columns, rows, broken, tuple(notes),
                 clean=tidy)  # fmt: skip


def _text(path: Path, table: Wanted) -> letters.Text:
    try:
        text = letters.read(path, table)
    except UnicodeError:
        raise _letters_refusal(path, table) from None
    if not text.data[:64_000].strip() and not text.data.strip():
        raise refusal(path, table, "the file is empty", "write the headers into its first row, "
                       "or delete the file")  # fmt: skip
    return text


def _letters_refusal(path: Path, table: Wanted) -> Refused:
    what = "the letters can't be read: the file is neither UTF-8 nor UTF-16 nor Windows text"
    return refusal(path, table, what, "save it as CSV UTF-8")


def _slow(
    path: Path, table: Wanted, data: bytes, delimiter: str, headers: tuple[str, ...],
    where: dict[str, int], top: int,
) -> tuple[dict[str, pa.DictionaryArray], np.ndarray, tuple[Broken, ...], list[int]]:  # fmt: skip
    """Read a file with irregular rows: (columns, row numbers, broken rows, short rows)."""
    width = len(headers)
    kept: list[list[str]] = []
    rows: list[int] = []
    broken: list[Broken] = []
    short: list[int] = []
    chunks: dict[str, list[pa.Array]] = {name: [] for name in where}

    def flush() -> None:
        for name, i in where.items():
            chunks[name].append(pa.array([row[i] for row in kept], pa.string()))
        kept.clear()

    text = io.StringIO(data.decode(), newline="")
    limit = csv.field_size_limit(_MAX_CELL)
    number = 0
    try:
        for number, row in enumerate(csv.reader(text, delimiter=delimiter, strict=True), 1):
            if number <= top + 1:
                continue
            if not fits(row, width, number, delimiter, broken, short):
                continue
            kept.append(row)
            rows.append(number)
            if len(kept) == 50_000:
                flush()
    except csv.Error as error:
        raise _quote_refusal(path, table, number + 1, str(error)) from None
    finally:
        csv.field_size_limit(limit)
    flush()
    columns = {
        name: coded(pa.concat_arrays(parts), name == table.key) for name, parts in chunks.items()
    }
    return columns, np.array(rows, dtype=np.int64), tuple(broken), short


def _quote_refusal(path: Path, table: Wanted, row: int, error: str) -> Refused:
    if "field larger" in error:
        what = "a cell is longer than ten million characters, so a quote is probably never closed"
    else:
        what = "a quote is opened and not closed, or something stands behind a closing quote"
    remedy = "close the quote, or write quotes inside a text twice"
    return refusal(path, table, what, remedy, row)


@dataclass(frozen=True)
class Lines:
    """A CSV file's lines as lists of cells, just as they stand there, so that some can be added.

    `above` are the lines over the headers; `where` says which column of the table stands where.
    """

    above: list[list[str]]
    headers: list[str]
    rows: list[list[str]]
    delimiter: str
    where: dict[str, int]


def lines_of(path: Path, table: Table) -> Lines:
    """A CSV file's lines and its headers. Raises Refused where it has not the table's headers."""
    wanted = of_table(table)
    data = _decoded(path, wanted).translate(None, letters.CONTROLS)
    told = letters.SEP.match(data)
    data = data[told.end() :] if told else data
    delimiter = told[1].decode() if told else delimiter_of(data, wanted)
    lines: list[list[str]] = []
    try:
        lines.extend(csv.reader(io.StringIO(data.decode(), newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise _quote_refusal(path, wanted, len(lines) + 1, str(error)) from None
    top = find_header(lines, table)
    headers = lines[top] if lines else []
    where = match(headers, table, path.name, top + 1)
    rows = [line for line in lines[top + 1 :] if any(cell.strip() for cell in line)]
    return Lines(lines[:top], headers, rows, delimiter, where)


def _decoded(path: Path, table: Wanted) -> bytes:
    try:
        return decode(path.read_bytes())[0]
    except UnicodeError:
        raise _letters_refusal(path, table) from None
