"""A regular CSV file in one go: what one pass of a fast reader can do, odd rows mended after it."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as pa_csv

from servicegap.tables.sheet import Broken, coded, one

_BLOCKS = (1 << 23, 1 << 26)  # the small one is kinder to the cache; the large takes any row
_MOST_ODD = 200_000  # rows of another length than the headers', before all are read one by one
Read = tuple[dict[str, pa.DictionaryArray], np.ndarray, tuple[Broken, ...], list[int]]


def regular_quotes(data: bytes, delimiter: str) -> bool:
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


def fast(
    source: Path | bytes, delimiter: str, where: dict[str, int], top: int, key: str | None,
    width: int, sample: list[list[str]], quoted: bool,
) -> Read | None:  # fmt: skip
    """Read a file whose quotes are regular in one go, or return None.

    Rows of another length than the headers' are handed over one by one: short ones are filled up,
    long ones are broken unless what is too much is empty. `sample` are some of its rows; `quoted`
    says whether there are quotes in it.
    """
    names = {name: f"f{i}" for name, i in where.items()}
    few, many = pa.dictionary(pa.int32(), pa.string()), pa.string()
    types = {
        f"f{i}": many if 2 * len({row[i] for row in sample if i < len(row)}) > len(sample) else few
        for i in where.values()
    }
    for block in _BLOCKS:
        odd: list[pa_csv.InvalidRow] = []

        def aside(row: pa_csv.InvalidRow, odd: list[pa_csv.InvalidRow] = odd) -> str:
            odd.append(row)
            return "skip" if len(odd) <= _MOST_ODD else "error"

        try:
            read = pa_csv.read_csv(
                pa.BufferReader(source) if isinstance(source, bytes) else str(source),
                pa_csv.ReadOptions(
                    use_threads=False,
                    block_size=block,
                    column_names=[f"f{i}" for i in range(width)],
                    skip_rows_after_names=top + 1,
                ),
                pa_csv.ParseOptions(
                    delimiter=delimiter, newlines_in_values=quoted, ignore_empty_lines=False,
                    invalid_row_handler=aside,
                ),
                pa_csv.ConvertOptions(
                    check_utf8=False,  # done before
                    column_types=types,
                    include_columns=list(types),
                    strings_can_be_null=False,
                ),
            )  # fmt: skip
        except (pa.ArrowInvalid, KeyError):  # a row longer than a block, or far too many odd ones
            continue
        rows = np.arange(top + 2, top + 2 + read.num_rows + len(odd))
        chunks = {name: read.column(f) for name, f in names.items()}
        del read
        columns = {name: one(chunks.pop(name)) for name in names}
        broken: list[Broken] = []
        short: list[int] = []
        if odd:
            mended = _mended(columns, rows, odd, delimiter, where, width, broken, short)
            if mended is None:
                return None
            columns, rows = mended
        quick = {name: coded(columns.pop(name), name == key) for name in tuple(columns)}
        return quick, rows, tuple(broken), short
    return None


def _mended(
    columns: dict[str, pa.Array], rows: np.ndarray, odd: list[pa_csv.InvalidRow], delimiter: str,
    where: dict[str, int], width: int, broken: list[Broken], short: list[int],
) -> tuple[dict[str, pa.Array], np.ndarray] | None:  # fmt: skip
    """Put rows of another length back into their places, as far as they can be used.

    `rows` are the numbers of all rows. What can't be used goes into `broken`, the numbers of rows
    that were too short into `short`. None where their numbers or cells can't be made out.
    """
    numbers = [row.number for row in odd]
    if None in numbers or min(numbers) < rows[0] or max(numbers) > rows[-1]:
        return None
    kept: list[list[str]] = []
    places: list[int] = []
    for row in odd:
        try:
            text = io.StringIO(row.text, newline="")
            (cells,) = csv.reader(text, delimiter=delimiter, strict=True)
        except (csv.Error, ValueError):
            return None
        if fits(cells, width, row.number, delimiter, broken, short):
            kept.append(cells)
            places.append(row.number)
    good = rows[~np.isin(rows, numbers)]
    order = np.argsort(np.r_[good, places], kind="stable")
    made = {}
    for name, i in where.items():
        more = pa.array([cells[i] for cells in kept], pa.string())
        if isinstance(columns[name], pa.DictionaryArray):
            more = more.dictionary_encode()
        both = pa.chunked_array([columns[name], more.cast(columns[name].type)])
        made[name] = one(both.unify_dictionaries()).take(pa.array(order))
    return made, np.r_[good, places].astype(np.int64)[order]


def fits(
    cells: list[str], width: int, number: int, delimiter: str, broken: list[Broken],
    short: list[int],
) -> bool:  # fmt: skip
    """Fill a short row up with empty cells; a row with more to say than headers is broken."""
    if len(cells) < width:
        if cells:
            short.append(number)
        cells += [""] * (width - len(cells))
    elif any(cell.strip() for cell in cells[width:]):
        why = f"the row has {len(cells)} cells for {width} headers"
        broken.append((number, why, f"put quotes round texts that hold “{delimiter}”"))
        return False
    return True
