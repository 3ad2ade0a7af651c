"""Any file -> a sheet of texts: CSV, Excel workbooks, Parquet.

Nothing is interpreted here: a cell is the text that stands in it. What can't be told apart
without guessing (an encoding, a broken quote) is refused by name.
"""

from __future__ import annotations

from pathlib import Path, PurePath

import numpy as np
import pyarrow as pa

from servicegap.schema import Table
from servicegap.tables import csvs, workbooks
from servicegap.tables.csvs import decode
from servicegap.tables.headers import Wanted, of_table
from servicegap.tables.sheet import Sheet, coded, one, refusal, texts_of

__all__ = ["MAX_BYTES", "SUFFIXES", "Sheet", "decode", "hidden", "read_sheet"]

SUFFIXES = (".csv", ".xlsx", ".parquet")
MAX_BYTES = 1_000_000_000  # of one CSV or Parquet file, before it is opened


def hidden(path: PurePath) -> bool:
    """Whether a program keeps a file for itself, or a folder in which it lies: `~$beliefs.xlsx`,
    `.ipynb_checkpoints/learning.csv`. Tell it the path from the folder that is looked through on.
    """
    return any(part.startswith((".", "~$")) for part in path.parts)


def read_sheet(path: Path, wanted: Table | Wanted) -> Sheet:
    """Read the texts of a table from a file. Raises Refused, naming what to do about it."""
    table = of_table(wanted) if isinstance(wanted, Table) else wanted
    suffix = path.suffix.casefold()
    if suffix not in SUFFIXES:
        raise refusal(path, table, f"{suffix or 'a file without an ending'} is not read",
                       "save it as .xlsx or .csv")  # fmt: skip
    size = path.stat().st_size
    if size == 0:
        raise refusal(path, table, "the file is empty", "write the headers into its first row, "
                       "or delete the file")  # fmt: skip
    if size > MAX_BYTES:
        raise refusal(path, table, f"the file is larger than {MAX_BYTES // 10**9} GB",
                       "leave out old rows or columns that are not needed")  # fmt: skip
    with path.open("rb") as file:
        start = file.read(8)
    _check_magic(path, table, suffix, start)
    if suffix == ".xlsx":
        return workbooks.read(path, table)
    return _read_parquet(path, table) if suffix == ".parquet" else csvs.read(path, table)


def _check_magic(path: Path, table: Wanted, suffix: str, start: bytes) -> None:
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
            raise refusal(path, table, f"this is {kind}, not a {suffix} file", remedy)
    wanted = {".xlsx": b"PK", ".parquet": b"PAR1"}.get(suffix)
    if wanted and not start.startswith(wanted):
        raise refusal(path, table, f"this is not a {suffix} file inside",
                       f"export it again as {suffix}, or call it .csv if it is text")  # fmt: skip


def _read_parquet(path: Path, table: Wanted) -> Sheet:
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(path)
        meta = file.metadata
    except (pa.ArrowInvalid, OSError):
        raise refusal(path, table, "the Parquet file is damaged", "export it again") from None
    size = sum(meta.row_group(i).total_byte_size for i in range(meta.num_row_groups))
    if size > 2 * MAX_BYTES or meta.num_rows > 20_000_000 or meta.num_columns > 2_000:
        raise refusal(path, table, f"the table is too large ({meta.num_rows:,} rows, {size:,} "
                       "bytes)", "leave out old rows or columns that are not needed")  # fmt: skip
    headers = tuple(file.schema_arrow.names)
    where = table.places(headers, path.name, 1)
    columns = {}
    for name, i in where.items():
        kind = file.schema_arrow.field(i).type
        if pa.types.is_nested(kind):
            raise refusal(path, table, f"the column holds lists or records ({kind})",
                           "export it with one plain value a cell", 1, headers[i])  # fmt: skip
        try:
            columns[name] = coded(
                texts_of(one(file.read([headers[i]]).column(0))), name == table.key
            )
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError, OSError):
            raise refusal(path, table, "the column can't be read", "export it again", 1,
                           headers[i]) from None  # fmt: skip
    rows = np.arange(2, 2 + meta.num_rows)
    return Sheet(path.name, headers, 1, where, columns, rows)
