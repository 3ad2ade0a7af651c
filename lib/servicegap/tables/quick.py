"""A regular CSV file in one go: what one pass of a fast reader can do, odd rows mended after it."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv

from servicegap.tables.sheet import Broken, coded, one

_BLOCKS = (1 << 21, 1 << 26)  # the small one is kinder to the cache; the large takes any row
_MOST_ODD = 200_000  # rows of another length than the headers', before all are read one by one
Read = tuple[dict[str, pa.DictionaryArray], np.ndarray, tuple[Broken, ...], list[int]]


def fast(
    source: Path | bytes, delimiter: str, where: dict[str, int], top: int, key: str | None,
    width: int, breaks: bool,
) -> Read | None:  # fmt: skip
    """Read a file whose quotes are clear in one go, or return None.

    Rows of another length than the headers' are handed over one by one: short ones are filled up,
    long ones are broken unless what is too much is empty. `breaks` says whether there are line
    breaks inside its quotes.
    """
    names = {name: f"f{i}" for name, i in where.items()}
    for block in _BLOCKS:
        odd: list[pa_csv.InvalidRow] = []

        def aside(row: pa_csv.InvalidRow, odd: list[pa_csv.InvalidRow] = odd) -> str:
            odd.append(row)
            return "skip" if len(odd) <= _MOST_ODD else "error"

        try:
            reader = pa_csv.open_csv(
                pa.BufferReader(source) if isinstance(source, bytes) else str(source),
                pa_csv.ReadOptions(
                    use_threads=False,
                    block_size=block,
                    column_names=[f"f{i}" for i in range(width)],
                    skip_rows_after_names=top + 1,
                ),
                pa_csv.ParseOptions(
                    delimiter=delimiter, newlines_in_values=breaks, ignore_empty_lines=False,
                    invalid_row_handler=aside,
                ),
                pa_csv.ConvertOptions(
                    check_utf8=False,  # done before
                    column_types=dict.fromkeys(names.values(), pa.string()),
                    include_columns=list(names.values()),
                    strings_can_be_null=False,
                ),
            )  # fmt: skip
            count, columns = _gathered(reader, names)
        except (pa.ArrowInvalid, KeyError):  # a row longer than a block, or far too many odd ones
            continue
        rows = np.arange(top + 2, top + 2 + count + len(odd))
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


def _gathered(
    reader: pa_csv.CSVStreamingReader, names: dict[str, str]
) -> tuple[int, dict[str, pa.Array]]:
    """The rows of a file block by block: how many, and each column's texts.

    What repeats itself is coded at once, so that its texts are not all held together.
    """
    chunks: dict[str, list[pa.Array]] = {name: [] for name in names}
    few: dict[str, bool] = {}
    count = 0
    for batch in filter(len, reader):
        count += len(batch)
        for name, field in names.items():
            texts = batch.column(field)
            if name not in few:
                few[name] = 2 * pc.count_distinct(texts).as_py() <= len(texts)
            chunks[name].append(texts.dictionary_encode() if few[name] else texts)
    nothing = [pa.array([], pa.string())]
    columns = {}
    for name in names:
        parts = pa.chunked_array(chunks.pop(name) or nothing)
        columns[name] = one(parts.unify_dictionaries())
    return count, columns


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
        both = pa.chunked_array([columns[name], more]).unify_dictionaries()
        made[name] = one(both).take(pa.array(order))
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
