"""Any file -> text frame -> typed table and its ledger. The only reader of files.

Every cell is read as text and then parsed by the rule that the schema declares for its column.
What becomes of every row stands in the ledger: read = kept + rejected + excluded, always.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pandas as pd
import pyarrow as pa

from servicegap import schema
from servicegap.problems import Problem, Refused
from servicegap.tables.files import read_sheet
from servicegap.tables.rowrules import belief_ranges, repeats, score
from servicegap.tables.rows import (
    EARLY,
    OUT_OF_LINE,
    Cells,
    Rows,
    read_cells,
    settle,
    start,
    strings,
)

__all__ = ["Ledger", "Problem", "Refused", "TableRead", "empty_frame", "of_frame", "read_table"]

_TEXT_KINDS = ("id", "text", "choice", "scale")


@dataclass(frozen=True)
class Ledger:
    """What became of the rows of one table: read == kept + rejected + excluded.

    `reasons` counts rejected and excluded rows by reason; `blanked` counts the cells that could
    not be used although their row was kept.
    """

    table: str
    file: str
    read: int
    kept: int
    rejected: int
    excluded: int
    reasons: Mapping[str, int] = field(default_factory=dict)
    blanked: Mapping[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        assert self.read == self.kept + self.rejected + self.excluded, "the ledger must balance"
        assert sum(self.reasons.values()) == self.rejected + self.excluded, "a reason for each row"


@dataclass(frozen=True)
class TableRead:
    """One table as read: typed frame, ledger, problems.

    `present` are the schema's columns that the file has with at least one value; `superseded`
    the earlier rows of a log; `rows` the spreadsheet's row of each row of `frame`; `headers` the
    file's own header of each column.
    """

    name: str
    frame: pd.DataFrame
    ledger: Ledger
    problems: tuple[Problem, ...]
    present: tuple[str, ...]
    superseded: pd.DataFrame
    rows: np.ndarray
    headers: Mapping[str, str]


def empty_frame(table: schema.Table) -> pd.DataFrame:
    """A frame of `table` without rows, every column of its type."""
    return pd.DataFrame({c.name: _absent(c, 0) for c in table.columns})


def of_frame(
    table: schema.Table, frame: pd.DataFrame, superseded: pd.DataFrame | None = None
) -> TableRead:
    """A table that is in memory already, typed, as if every one of its rows had been read."""
    rows = frame[list(table.names)].reset_index(drop=True)
    count = len(rows)
    return TableRead(
        table.name,
        rows,
        Ledger(table.name, "", count, count, 0, 0),
        (),
        tuple(name for name in table.names if rows[name].notna().any()),
        empty_frame(table) if superseded is None else superseded,
        np.arange(2, count + 2),
        {name: name for name in table.names},
    )


def _absent(column: schema.Column, count: int) -> pd.Series:
    """A column that the file does not have: all missing, of its declared type."""
    if column.kind in _TEXT_KINDS:
        return strings(pa.nulls(count, pa.large_string()))
    if column.kind in ("date", "time"):
        return pd.Series(np.full(count, np.datetime64("NaT", "us")))
    if column.kind == "yesno":
        return pd.Series(pd.arrays.BooleanArray(np.zeros(count, bool), np.ones(count, bool)))
    return pd.Series(np.full(count, np.nan))


def read_table(path: Path, table: schema.Table) -> TableRead:
    """Read `table` from a CSV, XLSX or Parquet file.

    Unreadable cells of optional columns become missing, with a warning; rows whose required cells
    can't be read are rejected; totals, repeated headers and repeats are excluded. Raises Refused,
    naming file, row, column and remedy, where reading on would mean guessing.
    """
    sheet = read_sheet(Path(path), table)
    rows = start(table, sheet)
    cells = {c.name: read_cells(rows, c) for c in table.columns if c.name in sheet.where}
    for column in table.columns:
        if column.name in cells:
            settle(rows, cells[column.name])
    scores = {c.name: score(rows, cells, c) for c in table.columns
              if c.kind == "score" and c.name in cells}  # fmt: skip
    if table.name == "beliefs":
        scores |= belief_ranges(rows, cells)
    return _finish(rows, cells, scores, repeats(rows, cells))


def _finish(
    rows: Rows, cells: dict[str, Cells], values: dict[str, np.ndarray], earlier: np.ndarray
) -> TableRead:
    """Build frame and ledger."""
    table, sheet = rows.table, rows.sheet
    keep = rows.fate == 0
    count, broken = int(keep.sum()), rows.rejected.get(OUT_OF_LINE, 0)
    blanked = {}
    for name, column in cells.items():
        lost = column.at(column.parsed.bad) & keep
        if name in values:
            before = np.asarray(column.parsed.typed)[column.codes]
            lost |= keep & np.isnan(values[name]) & ~np.isnan(before)
        if lost.any():
            blanked[name] = int(lost.sum())
    before = sum(rows.excluded.get(reason, 0) for reason in EARLY)
    ledger = Ledger(
        table=table.name,
        file=sheet.file,
        read=len(rows.fate) + broken + before,
        kept=count,
        rejected=sum(rows.rejected.values()),
        excluded=sum(rows.excluded.values()),
        reasons=MappingProxyType(rows.rejected | rows.excluded),
        blanked=MappingProxyType(blanked),
    )
    frame = _frame(table, cells, values, None if count == len(keep) else keep)
    superseded = _frame(table, cells, values, earlier)
    present = tuple(name for name in table.names if name in cells and frame[name].notna().any())
    headers = {name: sheet.headers[i] for name, i in sheet.where.items()}
    return TableRead(table.name, frame, ledger, tuple(rows.problems), present, superseded,
                     sheet.rows[keep], MappingProxyType(headers))  # fmt: skip


def _frame(
    table: schema.Table,
    cells: dict[str, Cells],
    values: dict[str, np.ndarray],
    keep: np.ndarray | None,
) -> pd.DataFrame:
    some = next(iter(cells.values()))
    count = len(some.codes) if keep is None else int(keep.sum())
    columns = {}
    for column in table.columns:
        name = column.name
        if name in values:
            columns[name] = pd.Series(
                values[name] if keep is None else values[name][keep], copy=False
            )
        elif name in cells:
            columns[name] = cells[name].series(keep)
        else:
            columns[name] = _absent(column, count)
    return pd.DataFrame(columns, copy=False)
