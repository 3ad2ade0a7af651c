"""The rows of one sheet while it is decided what becomes of each of them."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from servicegap import _headers, schema
from servicegap._problems import Problem, Refused
from servicegap.files import Sheet
from servicegap.parsers import Parsed, Undecided, parse

#: Reasons for leaving out rows before anything is parsed, so that they decide nothing.
EARLY = ("a total, not a row", "the headers once more")
OUT_OF_LINE = "cells out of line"
_SHOWN = 5  # different values of one fault that are shown one by one
_TOTAL = re.compile(r"(grand|sub|over ?all)?[ -]?(totals?|sum)\s*:?", re.IGNORECASE)
_CONTROL = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x{feff}\x{200b}]"


@dataclass
class Rows:
    """The rows of a sheet while it is decided what becomes of them."""

    table: schema.Table
    sheet: Sheet
    problems: list[Problem]
    rejected: dict[str, int]
    excluded: dict[str, int]
    fate: np.ndarray  # 0 kept, 1 rejected, 2 excluded

    def say(
        self, what: str, remedy: str, *, row: int | None = None, column: str | None = None,
        value: str | None = None, severity: str = "warning", count: int = 1,
    ) -> None:  # fmt: skip
        where = self.sheet.where
        header = self.sheet.headers[where[column]] if column in where else column
        self.problems.append(
            Problem(
                self.table.name, self.sheet.file, row, header, value, what, remedy, severity, count
            )
        )

    def drop(self, mask: np.ndarray, reason: str, *, reject: bool) -> np.ndarray:
        """Settle the rows of `mask` that are still kept, and return which these are."""
        mask = mask & (self.fate == 0)
        count = int(mask.sum())
        if count:
            self.fate[mask] = 1 if reject else 2
            reasons = self.rejected if reject else self.excluded
            reasons[reason] = reasons.get(reason, 0) + count
        return mask

    def row(self, mask: np.ndarray) -> int:
        """The spreadsheet's number of the first row in the mask."""
        return int(self.sheet.rows[int(np.argmax(mask))])


@dataclass(frozen=True)
class Cells:
    """A column as distinct texts and one code a row, with what they were parsed to."""

    column: schema.Column
    texts: pa.Array
    codes: np.ndarray
    parsed: Parsed

    def at(self, mask: np.ndarray) -> np.ndarray:
        """A mask over distinct texts as a mask over rows."""
        return mask[self.codes]

    @property
    def missing(self) -> np.ndarray:
        """Which distinct texts have no value, unreadable ones included."""
        values = self.parsed.typed
        if isinstance(values, pa.Array):
            return np.asarray(pc.is_null(values))
        return values < 0 if values.dtype == np.int8 else np.isnan(values)

    def series(self, keep: np.ndarray | None) -> pd.Series:
        """The typed values of the rows in `keep` (None: of all)."""
        codes = self.codes if keep is None else self.codes[keep]
        values = self.parsed.typed
        if isinstance(values, pa.Array):
            whole = len(codes) == len(values) and bool((codes == np.arange(len(codes))).all())
            return _strings(values if whole else values.take(pa.array(codes)))
        if values.dtype == np.int8:
            taken = values[codes]
            return pd.Series(pd.arrays.BooleanArray(taken == 1, taken < 0))
        return pd.Series(values[codes])


def _strings(values: pa.Array) -> pd.Series:
    return pd.Series(pd.array(values, dtype="str"))


def start(table: schema.Table, sheet: Sheet) -> Rows:
    """Drop blank rows unseen; exclude totals and repeated headers, before anything is decided."""
    sheet = _trimmed(sheet)
    rows = Rows(table, sheet, list(sheet.notes), {}, {}, np.zeros(len(sheet.rows), np.uint8))
    for what, remedy in _headers.unknown(sheet.headers, sheet.where, table):
        rows.say("nothing reads this column", remedy, column=what)
    for number, why, remedy in sheet.broken:
        rows.rejected[OUT_OF_LINE] = rows.rejected.get(OUT_OF_LINE, 0) + 1
        if rows.rejected[OUT_OF_LINE] <= _SHOWN:
            rows.say(why, remedy, row=number, severity="error")
    key = table.key or table.columns[0].name
    first = sheet.columns[key] if key in sheet.columns else next(iter(sheet.columns.values()))
    blank = np.asarray(pc.equal(first, ""))
    for text in sheet.columns.values():
        if not blank.any():
            break
        blank &= np.asarray(pc.equal(text, ""))
    totals = _totals(sheet, first)
    count = rows.drop(totals & ~blank, EARLY[0], reject=False)
    if count.any():
        rows.say("a row of totals was left out", "nothing to do, if it is one", row=rows.row(count),
                 column=key, count=int(count.sum()))  # fmt: skip
    header = sheet.headers[sheet.where[key]] if key in sheet.where else ""
    again = np.asarray(pc.equal(first, header.strip()))
    for name, text in sheet.columns.items():
        if not again.any():
            break
        again &= np.asarray(pc.equal(text, sheet.headers[sheet.where[name]].strip()))
    count = rows.drop(again, EARLY[1], reject=False)
    if count.any():
        rows.say("the headers stand here once more", "nothing to do; the row was left out",
                 row=rows.row(count), count=int(count.sum()))  # fmt: skip
    stay = (rows.fate == 0) & ~blank
    if not stay.all():
        mask = pa.array(stay)
        columns = {name: text.filter(mask) for name, text in sheet.columns.items()}
        rows.sheet = _replace(sheet, columns, sheet.rows[stay])
        rows.fate = np.zeros(int(stay.sum()), np.uint8)
    return rows


def _replace(sheet: Sheet, columns: dict[str, pa.Array], numbers: np.ndarray) -> Sheet:
    return Sheet(sheet.file, sheet.headers, sheet.header_row, sheet.where, columns, numbers,
                 sheet.broken, sheet.notes, sheet.mac)  # fmt: skip


def _trimmed(sheet: Sheet) -> Sheet:
    return _replace(
        sheet, {n: pc.utf8_trim_whitespace(t) for n, t in sheet.columns.items()}, sheet.rows
    )


def _totals(sheet: Sheet, key: pa.Array) -> np.ndarray:
    """Rows whose key cell says total, or whose key is empty and whose first words are."""
    words = pc.unique(key).to_pylist()
    said = [word for word in words if len(word) < 20 and _TOTAL.fullmatch(word)]
    totals = np.asarray(pc.is_in(key, pa.array(said, pa.string())))
    empty = np.flatnonzero(np.asarray(pc.equal(key, "")))
    for i in empty[:1000]:
        texts = (text[int(i)].as_py() for text in sheet.columns.values())
        if _TOTAL.fullmatch(next((t for t in texts if t), "")):
            totals[i] = True
    return totals


def read_cells(rows: Rows, column: schema.Column) -> Cells:
    """Parse a column over its distinct texts; refuse it by name where nothing decides it."""
    coded = rows.sheet.columns[column.name].dictionary_encode()
    texts, codes = coded.dictionary, np.asarray(coded.indices)
    if bool(pc.any(pc.match_substring_regex(texts, _CONTROL)).as_py()):
        texts = pc.replace_substring_regex(texts, _CONTROL, "")
        again = texts.dictionary_encode()
        texts, codes = again.dictionary, np.asarray(again.indices)[codes]
    try:
        parsed = parse(column, texts, mac=rows.sheet.mac)
    except Undecided as doubt:
        where = codes == doubt.index
        header = rows.sheet.headers[rows.sheet.where[column.name]]
        raise Refused(
            Problem(rows.table.name, rows.sheet.file, rows.row(where), header,
                    texts[doubt.index].as_py(), doubt.what, doubt.remedy)
        ) from None  # fmt: skip
    return Cells(column, texts, codes, parsed)


def settle(rows: Rows, cells: Cells) -> None:
    """Say what is wrong with a column's cells; reject rows whose required cell has no value."""
    column, name = cells.column, cells.column.name
    for what, remedy in cells.parsed.notes:
        rows.say(what, remedy, column=name)
    for fault in cells.parsed.odd:
        report(rows, cells, cells.at(fault.mask), fault.what, fault.remedy, "warning")
    for fault in cells.parsed.faults:
        severity = "error" if column.required else "warning"
        report(rows, cells, cells.at(fault.mask), fault.what, fault.remedy, severity)
    if not column.required:
        return
    bad = cells.parsed.bad
    if bad.any():
        rows.drop(cells.at(bad), f"{name} can't be read", reject=True)
    empty = cells.missing & ~bad
    if empty.any():
        lost = rows.drop(cells.at(empty), f"no {name}", reject=True)
        if lost.any():
            what = "the cell is empty, and the row can't be used without it"
            rows.say(what, "fill it in", row=rows.row(lost), column=name, severity="error",
                     count=int(lost.sum()))  # fmt: skip


def report(
    rows: Rows, cells: Cells, where: np.ndarray, what: str, remedy: str, severity: str
) -> None:
    """One problem for each of the commonest texts in the rows `where`, one for all the others."""
    hit = np.flatnonzero(where & (rows.fate == 0))
    if not len(hit):
        return
    codes, first, counts = np.unique(cells.codes[hit], return_index=True, return_counts=True)
    order = np.lexsort((first, -counts))
    for i in order[:_SHOWN]:
        value = cells.texts[int(codes[i])].as_py()
        rows.say(f"“{_short(value)}” {what}", remedy, column=cells.column.name,
                 row=int(rows.sheet.rows[hit[first[i]]]), value=value, severity=severity,
                 count=int(counts[i]))  # fmt: skip
    rest = order[_SHOWN:]
    if len(rest):
        rows.say(f"{len(rest):,} more different values, each of which {what}", remedy,
                 row=int(rows.sheet.rows[hit[first[rest].min()]]), column=cells.column.name,
                 severity=severity, count=int(counts[rest].sum()))  # fmt: skip


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"
