"""CSV files in their dialects -> a sheet of texts.

A regular file is read in one go; one with rows of unequal length or odd quotes row by row, so
that what is wrong can be named. Both ways give the same sheet.
"""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as pa_csv

from servicegap.problems import Problem, Refused
from servicegap.schema import Table
from servicegap.tables.headers import Wanted, of_table
from servicegap.tables.sheet import Broken, Sheet, coded, one, refusal
from servicegap.tables.spellings import squash

_HEAD = 64_000
_CONTROLS = bytes([*range(0x09), 0x0B, 0x0C, *range(0x0E, 0x20), 0x7F])
_SEP = re.compile(rb'\A"?sep=([,;\t|])"?[^\S\n\r]*\r?\n', re.IGNORECASE)
_MAX_CELL = 10_000_000
_PIECE = 1 << 18
_USUAL = np.frombuffer(b"\t\n\r", np.uint8)
_INVISIBLE = ("\ufeff".encode(), "\u200b".encode())


def decode(raw: bytes) -> tuple[bytes, str, int]:
    """Turn a text file's bytes into UTF-8: (bytes, encoding found, characters that were lost).

    By its mark, else UTF-8, else Windows-1252; a file that is plainly UTF-8 with a few broken
    bytes stays UTF-8. Raises UnicodeError where none of these can be.
    """
    for mark, name in ((b"\xff\xfe\x00\x00", "utf-32"), (b"\x00\x00\xfe\xff", "utf-32"),
                       (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):  # fmt: skip
        if raw.startswith(mark):
            return raw.decode(name).encode(), name, 0
    raw = raw.removeprefix(b"\xef\xbb\xbf")
    if raw[:2000].count(0) * 3 > len(raw[:2000]):
        raise UnicodeError("every other byte is empty")
    if raw.isascii():
        return raw, "ascii", 0
    try:
        raw.decode("utf-8")
        return raw, "utf-8", 0
    except UnicodeDecodeError:
        pass
    whole = len(re.findall(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}", raw))
    replaced = raw.decode("utf-8", errors="replace")
    lost = replaced.count("\ufffd")
    if whole > lost:
        return replaced.encode(), "utf-8", lost
    return raw.decode("cp1252").encode(), "cp1252", 0


def read(path: Path, table: Wanted) -> Sheet:
    """Read a CSV file in whatever dialect it is. Raises Refused."""
    notes: list[Problem] = []

    def note(what: str, remedy: str, count: int = 1) -> None:
        notes.append(
            Problem(table.name, path.name, None, None, None, what, remedy, "warning", count)
        )

    try:
        data, encoding, lost = decode(_raw(path, table.most))
    except UnicodeError:
        raise refusal(path, table, "the letters can't be read: the file is neither UTF-8 nor "
                       "UTF-16 nor Windows text", "save it as CSV UTF-8") from None  # fmt: skip
    if encoding == "cp1252":
        note("the file was read as Windows text (cp1252)", "look whether accents and £ are right; "
             "if not, save it as CSV UTF-8")  # fmt: skip
    if lost:
        note("a letter could not be read and shows as \ufffd", "save it as CSV UTF-8", lost)
    if _has_controls(data):
        clean = data.translate(None, _CONTROLS)
        if len(clean) != len(data):
            note("invisible control characters were taken out",
                 "nothing to do, if texts look right", len(data) - len(clean))  # fmt: skip
        data = clean
    told = _SEP.match(data)
    if told:
        data = data[told.end() :]
    if data.endswith((b"\n\n", b"\r\r", b"\n\r\n")):
        data = data.rstrip(b"\r\n")
    if not data[:_HEAD].strip() and not data.strip():
        raise refusal(path, table, "the file is empty", "write the headers into its first row, "
                       "or delete the file")  # fmt: skip
    delimiter = told[1].decode() if told else _delimiter(data, table)
    found = table.find(_head(data, delimiter))
    top, headers = found.last, found.headers
    where = table.places(headers, path.name, top + 1)
    if top:
        note(f"{top} row(s) above the headers were left out", "nothing to do, if they hold no data")
    columns = _fast(data, delimiter, where, top, table.key)
    if columns is not None:
        count = len(next(iter(columns.values())))
        rows = np.arange(top + 2, top + 2 + count)
        tidy = encoding == "ascii" or not any(sign in data for sign in _INVISIBLE)
        return Sheet(path.name, headers, top + 1, where, columns, rows, notes=tuple(notes),
                     clean=tidy)  # fmt: skip
    columns, rows, broken, short = _slow(path, table, data, delimiter, headers, where, top)
    if short:
        notes.append(
            Problem(
                table.name, path.name, short[0], None, None,
                "the row has fewer cells than there are headers; the missing ones count as empty",
                "look whether a line break or a quote has cut it", "warning", len(short),
            )
        )  # fmt: skip
    return Sheet(path.name, headers, top + 1, where, columns, rows, broken, tuple(notes))


def _raw(path: Path, most: int | None) -> bytes:
    """The file's bytes; or its first whole lines, without a quote that is left open."""
    if most is None or path.stat().st_size <= most:
        return path.read_bytes()
    with path.open("rb") as file:
        raw = file.read(most)
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return raw[: len(raw) // 4 * 4]
    for _ in range(10_000):
        cut = raw.rfind(b"\n")
        if cut < 0 or (raw.count(b'"') % 2 == 0 and raw.endswith(b"\n")):
            break
        raw = raw[: cut + 1] if not raw.endswith(b"\n") else raw[: raw.rfind(b"\n", 0, cut) + 1]
    return raw


def _has_controls(data: bytes) -> bool:
    """Whether there are control characters besides tabs and line ends."""
    signs = np.frombuffer(data, np.uint8)
    for start in range(0, len(signs), _PIECE):  # in pieces that stay in the processor's cache
        piece = signs[start : start + _PIECE]
        low = piece[(piece < 0x20) | (piece == 0x7F)]
        if not np.isin(low, _USUAL).all():
            return True
    return False


def _head(data: bytes, delimiter: str, count: int = 20) -> list[list[str]]:
    """The first records, read leniently: only to find the headers."""
    text = data[:_HEAD].decode("utf-8", errors="replace")
    rows: list[list[str]] = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            rows.append(row)
            if len(rows) == count:
                break
    except csv.Error:
        pass
    return rows or [[]]


def _delimiter(data: bytes, table: Wanted) -> str:
    """The sign that makes most headers known; else the one that cuts rows most evenly."""

    def score(delimiter: str) -> tuple[int, float]:
        rows = [row for row in _head(data, delimiter) if any(row)]
        found = [len({squash(cell) for cell in row} & table.known) for row in rows]
        if not rows:
            return 0, 0
        header = rows[found.index(max(found))]
        widths = [len(row) for row in rows]
        even = widths.count(len(header)) / len(widths) if len(header) > 1 else 0
        return max(found), even

    return max(",;\t|", key=score)


def _regular_quotes(data: bytes, delimiter: str) -> bool:
    """Whether every quote opens a cell, closes one or is doubled inside one."""
    if b'"' not in data:
        return True
    signs = np.frombuffer(data, np.uint8)
    quotes = np.flatnonzero(signs == 0x22)
    if len(quotes) % 2:
        return False
    edges = np.zeros(256, bool)
    edges[[ord(delimiter), 0x0A, 0x0D, 0x22]] = True
    opening, closing = quotes[::2], quotes[1::2]
    before = signs[opening[opening > 0] - 1]
    after = signs[closing[closing < len(signs) - 1] + 1]
    return bool(edges[before].all() and edges[after].all())


def _fast(
    data: bytes, delimiter: str, where: dict[str, int], top: int, key: str | None
) -> dict[str, pa.DictionaryArray] | None:
    """Read a regular file in one go, or return None: rows of unequal length, odd quotes."""
    if not _regular_quotes(data, delimiter):
        return None
    names = {name: f"f{i}" for name, i in where.items()}
    sample = _head(data, delimiter, 200)[top + 1 :]
    few, many = pa.dictionary(pa.int32(), pa.string()), pa.string()
    types = {
        f"f{i}": many if 2 * len({row[i] for row in sample if i < len(row)}) > len(sample) else few
        for i in where.values()
    }
    try:
        read = pa_csv.read_csv(
            pa.BufferReader(data),
            pa_csv.ReadOptions(
                use_threads=False,
                block_size=1 << 26,
                autogenerate_column_names=True,
                skip_rows_after_names=top + 1,
            ),
            pa_csv.ParseOptions(
                delimiter=delimiter, newlines_in_values=b'"' in data, ignore_empty_lines=False
            ),
            pa_csv.ConvertOptions(
                check_utf8=False,  # done before
                column_types=types,
                include_columns=list(types),
                strings_can_be_null=False,
            ),
        )
    except (pa.ArrowInvalid, KeyError):  # rows of other lengths, or a title above the headers
        return None
    return {name: coded(one(read.column(f)), name == key) for name, f in names.items()}


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
            if len(row) < width:
                if row:
                    short.append(number)
                row += [""] * (width - len(row))
            elif any(cell.strip() for cell in row[width:]):
                why = f"the row has {len(row)} cells for {width} headers"
                remedy = f"put quotes round texts that hold “{delimiter}”"
                broken.append((number, why, remedy))
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


def lines_of(path: Path, table: Table) -> tuple[list[list[str]], str]:
    """A CSV file's lines as lists of cells, just as they stand there, and its delimiter."""
    data = decode(path.read_bytes())[0].translate(None, _CONTROLS)
    told = _SEP.match(data)
    data = data[told.end() :] if told else data
    delimiter = told[1].decode() if told else _delimiter(data, of_table(table))
    return list(csv.reader(io.StringIO(data.decode(), newline=""), delimiter=delimiter)), delimiter
