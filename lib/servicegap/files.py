"""Any file -> a sheet of texts: CSV in its dialects, Excel workbooks, Parquet.

Nothing is interpreted here: a cell is the text that stands in it. What can't be told apart
without guessing (an encoding, a broken quote) is refused by name.
"""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv

from servicegap._headers import find_header, match
from servicegap._problems import Problem, Refused
from servicegap.parsers import squash
from servicegap.schema import Table

SUFFIXES = (".csv", ".xlsx", ".parquet")
MAX_BYTES = 1_000_000_000  # of one CSV or Parquet file, before it is opened
_HEAD = 64_000
_SAMPLE = 20_000
_PIECE = 1 << 18
_USUAL = np.frombuffer(b"\t\n\r", np.uint8)
_INVISIBLE = ("\ufeff".encode(), "\u200b".encode())
_CONTROLS = bytes([*range(0x09), 0x0B, 0x0C, *range(0x0E, 0x20), 0x7F])
_SEP = re.compile(rb'\A"?sep=([,;\t|])"?[^\S\n\r]*\r?\n', re.IGNORECASE)
_MAX_CELL = 10_000_000
Broken = tuple[int, str, str]  # a row's number, what is wrong with it, and the remedy


@dataclass(frozen=True)
class Sheet:
    """The texts of one table of a file.

    A column is a pyarrow dictionary array without nulls: its texts and a code a row (see
    `coded`). `where` maps schema names to positions in `headers`; `rows` are row numbers as a
    spreadsheet shows them; `broken` are the rows whose cells can't be told apart; `notes` are
    problems of the whole file that did not stop it; `mac` says that Excel's day numbers count
    from 1904, `clean` that no text holds invisible characters.
    """

    file: str
    headers: tuple[str, ...]
    header_row: int
    where: dict[str, int]
    columns: dict[str, pa.DictionaryArray]
    rows: np.ndarray
    broken: tuple[Broken, ...] = ()
    notes: tuple[Problem, ...] = field(default=())
    mac: bool = False
    clean: bool = False


def read_sheet(path: Path, table: Table) -> Sheet:
    """Read the texts of `table` from a file. Raises Refused, naming what to do about it."""
    suffix = path.suffix.casefold()
    if suffix not in SUFFIXES:
        raise _refusal(path, table, f"{suffix or 'a file without an ending'} is not read",
                       "save it as .xlsx or .csv")  # fmt: skip
    size = path.stat().st_size
    if size == 0:
        raise _refusal(path, table, "the file is empty", "write the headers into its first row, "
                       "or delete the file")  # fmt: skip
    if size > MAX_BYTES:
        raise _refusal(path, table, f"the file is larger than {MAX_BYTES // 10**9} GB",
                       "leave out old rows or columns that are not needed")  # fmt: skip
    with path.open("rb") as file:
        start = file.read(8)
    _check_magic(path, table, suffix, start)
    if suffix == ".xlsx":
        from servicegap import workbooks

        return workbooks.read(path, table)
    return _read_parquet(path, table) if suffix == ".parquet" else _read_csv(path, table)


def _refusal(
    path: Path, table: Table, what: str, remedy: str, row: int | None = None, column=None
) -> Refused:
    return Refused(Problem(table.name, path.name, row, column, None, what, remedy))


def _check_magic(path: Path, table: Table, suffix: str, start: bytes) -> None:
    kinds = (
        (b"PK", ".xlsx", "a zipped file such as an Excel workbook"),
        (b"\xd0\xcf\x11\xe0", None, "an old Excel workbook (.xls) or one with a password"),
        (b"PAR1", ".parquet", "a Parquet file"),
        (b"%PDF", None, "a PDF"),
        (b"\x1f\x8b", None, "a compressed file"),
    )
    for magic, right, kind in kinds:
        if start.startswith(magic) and suffix != right:
            remedy = "open it in Excel and save it as .xlsx or as CSV UTF-8, without a password"
            raise _refusal(path, table, f"this is {kind}, not a {suffix} file", remedy)
    wanted = {".xlsx": b"PK", ".parquet": b"PAR1"}.get(suffix)
    if wanted and not start.startswith(wanted):
        raise _refusal(path, table, f"this is not a {suffix} file inside",
                       f"export it again as {suffix}, or call it .csv if it is text")  # fmt: skip


# --- CSV -------------------------------------------------------------------------------------


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


def _read_csv(path: Path, table: Table) -> Sheet:
    notes: list[Problem] = []

    def note(what: str, remedy: str, count: int = 1) -> None:
        notes.append(
            Problem(table.name, path.name, None, None, None, what, remedy, "warning", count)
        )

    try:
        data, encoding, lost = decode(path.read_bytes())
    except UnicodeError:
        raise _refusal(path, table, "the letters can't be read: the file is neither UTF-8 nor "
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
        raise _refusal(path, table, "the file is empty", "write the headers into its first row, "
                       "or delete the file")  # fmt: skip
    delimiter = told[1].decode() if told else _delimiter(data, table)
    head = _head(data, delimiter)
    top = find_header(head, table)
    headers = tuple(cell.strip() for cell in head[top])
    where = match(headers, table, path.name, top + 1)
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


def _has_controls(data: bytes) -> bool:
    """Whether there are control characters besides tabs and line ends."""
    signs = np.frombuffer(data, np.uint8)
    for start in range(0, len(signs), _PIECE):  # in pieces that stay in the processor's cache
        piece = signs[start : start + _PIECE]
        low = piece[piece < 0x20]
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


def _delimiter(data: bytes, table: Table) -> str:
    """The sign that makes most headers known; else the one that cuts rows most evenly."""
    known = {squash(name) for name in table.names}

    def score(delimiter: str) -> tuple[int, float]:
        rows = [row for row in _head(data, delimiter) if any(row)]
        found = [len({squash(cell) for cell in row} & known) for row in rows]
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
    return {name: coded(_one(read.column(f)), name == key) for name, f in names.items()}


def coded(texts: pa.Array, key: bool = False) -> pa.DictionaryArray:
    """A column's distinct texts and one code a row.

    Where nearly every row is different, and it is no key, each row is its own: the same text may
    then be there twice, and no time is spent on looking for it.
    """
    if isinstance(texts, pa.DictionaryArray):
        return texts
    many = len(texts) > 2 * _SAMPLE and not key
    if many and pc.count_distinct(texts.slice(0, _SAMPLE)).as_py() * 2 > _SAMPLE:
        codes = pa.array(np.arange(len(texts), dtype=np.int32))
        return pa.DictionaryArray.from_arrays(codes, texts)
    return texts.dictionary_encode()


def _one(chunks: pa.ChunkedArray) -> pa.Array:
    """One array of a column's chunks, whatever this version of pyarrow makes of none or one."""
    array = chunks.combine_chunks()
    if isinstance(array, pa.ChunkedArray):
        array = pa.concat_arrays(array.chunks) if array.num_chunks else pa.array([], chunks.type)
    return array


def _slow(
    path: Path, table: Table, data: bytes, delimiter: str, headers: tuple[str, ...],
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


def _quote_refusal(path: Path, table: Table, row: int, error: str) -> Refused:
    if "field larger" in error:
        what = "a cell is longer than ten million characters, so a quote is probably never closed"
    else:
        what = "a quote is opened and not closed, or something stands behind a closing quote"
    remedy = "close the quote, or write quotes inside a text twice"
    return _refusal(path, table, what, remedy, row)


def lines_of(path: Path, table: Table) -> tuple[list[list[str]], str]:
    """A CSV file's lines as lists of cells, just as they stand there, and its delimiter."""
    data = decode(path.read_bytes())[0].translate(None, _CONTROLS)
    told = _SEP.match(data)
    data = data[told.end() :] if told else data
    delimiter = told[1].decode() if told else _delimiter(data, table)
    return list(csv.reader(io.StringIO(data.decode(), newline=""), delimiter=delimiter)), delimiter


# --- Parquet ---------------------------------------------------------------------------------


def _read_parquet(path: Path, table: Table) -> Sheet:
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(path)
        meta = file.metadata
    except (pa.ArrowInvalid, OSError):
        raise _refusal(path, table, "the Parquet file is damaged", "export it again") from None
    size = sum(meta.row_group(i).total_byte_size for i in range(meta.num_row_groups))
    if size > 2 * MAX_BYTES or meta.num_rows > 20_000_000 or meta.num_columns > 2_000:
        raise _refusal(path, table, f"the table is too large ({meta.num_rows:,} rows, {size:,} "
                       "bytes)", "leave out old rows or columns that are not needed")  # fmt: skip
    headers = tuple(file.schema_arrow.names)
    where = match(headers, table, path.name, 1)
    columns = {}
    for name, i in where.items():
        kind = file.schema_arrow.field(i).type
        if pa.types.is_nested(kind):
            raise _refusal(path, table, f"the column holds lists or records ({kind})",
                           "export it with one plain value a cell", 1, headers[i])  # fmt: skip
        try:
            columns[name] = coded(
                texts_of(_one(file.read([headers[i]]).column(0))), name == table.key
            )
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError, OSError):
            raise _refusal(path, table, "the column can't be read", "export it again", 1,
                           headers[i]) from None  # fmt: skip
    rows = np.arange(2, 2 + meta.num_rows)
    return Sheet(path.name, headers, 1, where, columns, rows)


def texts_of(values: pa.Array) -> pa.Array:
    """Write typed values as the texts a careful person would type: 7, not 7.0; yes, not true."""
    kind = values.type
    if pa.types.is_dictionary(kind):
        return texts_of(values.dictionary_decode())
    if pa.types.is_boolean(kind):
        values = pc.if_else(values, "yes", "no")
    elif pa.types.is_floating(kind):
        values = pc.cast(pc.if_else(pc.is_finite(values), values, None), pa.float64())
        texts = pc.cast(values, pa.string())
        # three decimals could be thousands if this were typed: a fourth says that they are not
        unsure = pc.match_substring_regex(texts, r"^-?[1-9]\d{0,2}\.\d{3}$")
        values = pc.if_else(unsure, pc.binary_join_element_wise(texts, "0", ""), texts)
    elif pa.types.is_timestamp(kind):
        plain = pa.timestamp("us", tz="UTC" if kind.tz else None)
        values = pc.cast(pc.cast(values, plain, safe=False), pa.string())
    elif pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        raise pa.ArrowInvalid("binary")
    return pc.fill_null(pc.cast(values, pa.string()), "")
