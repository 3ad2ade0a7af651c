"""The rows of one sheet while it is decided what becomes of each of them."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from servicegap import schema
from servicegap.problems import Problem, Refused
from servicegap.tables import headers
from servicegap.tables.parsers import Parsed, Undecided, parse
from servicegap.tables.sheet import Sheet

#: Reasons for leaving out rows before anything is parsed, so that they decide nothing.
EARLY = ("a total, not a row", "the headers once more")
OUT_OF_LINE = "cells out of line"
_SHOWN = 5  # different values of one fault that are shown one by one
#: What stands in the first cell of a row of totals.
TOTAL = r"^(grand|sub|over ?all)?[ -]?(totals?|sum|summe|gesamt|insgesamt|somme|totaal)\s*:?$"
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
            values = values.cast(pa.large_string())  # as pandas keeps it: else it copies all rows
            return strings(values if whole else values.take(pa.array(codes)))
        if values.dtype == np.int8:
            taken = values[codes]
            return pd.Series(pd.arrays.BooleanArray(taken == 1, taken < 0))
        return pd.Series(values[codes], copy=False)


def strings(values: pa.Array) -> pd.Series:
    """Texts (large_string) as a column of a frame, not copied."""
    return pd.Series(pd.array(values, dtype="str"), copy=False)


def start(table: schema.Table, sheet: Sheet) -> Rows:
    """Drop blank rows unseen; exclude totals and repeated headers, before anything is decided."""
    sheet = replace(
        sheet, columns={n: _trimmed(text, sheet.clean) for n, text in sheet.columns.items()}
    )
    rows = Rows(table, sheet, list(sheet.notes), {}, {}, np.zeros(len(sheet.rows), np.uint8))
    for what, remedy in headers.unknown(sheet.headers, sheet.where, table):
        rows.say("nothing reads this column", remedy, column=what)
    for number, why, remedy in sheet.broken:
        rows.rejected[OUT_OF_LINE] = rows.rejected.get(OUT_OF_LINE, 0) + 1
        if rows.rejected[OUT_OF_LINE] <= _SHOWN:
            rows.say(why, remedy, row=number, severity="error")
    key = table.key or table.columns[0].name
    first = sheet.columns.get(key) or next(iter(sheet.columns.values()))
    blank = _equal(first, "")
    totals = _totals(sheet, first, blank)
    for text in sheet.columns.values():
        if not blank.any():
            break
        blank &= _equal(text, "")
    out = rows.drop(totals & ~blank, EARLY[0], reject=False)
    if out.any():
        rows.say("a row of totals was left out", "nothing to do, if it is one", row=rows.row(out),
                 column=key, count=int(out.sum()))  # fmt: skip
    again = np.ones(len(blank), bool)
    for name, text in sheet.columns.items():
        again &= _equal(text, sheet.headers[sheet.where[name]].strip())
        if not again.any():
            break
    out = rows.drop(again, EARLY[1], reject=False)
    if out.any():
        rows.say("the headers stand here once more", "nothing to do; the row was left out",
                 row=rows.row(out), count=int(out.sum()))  # fmt: skip
    stay = (rows.fate == 0) & ~blank
    if not stay.all():
        columns = {name: _only(text, stay) for name, text in sheet.columns.items()}
        rows.sheet = replace(sheet, columns=columns, rows=sheet.rows[stay])
        rows.fate = np.zeros(int(stay.sum()), np.uint8)
    return rows


def _codes(text: pa.DictionaryArray) -> np.ndarray:
    return np.asarray(text.indices)


def _equal(text: pa.DictionaryArray, word: str) -> np.ndarray:
    """Which rows hold exactly this text."""
    same = np.asarray(pc.equal(text.dictionary, word))
    return same[_codes(text)] if same.any() else np.zeros(len(text), bool)


def _trimmed(text: pa.DictionaryArray, clean: bool) -> pa.DictionaryArray:
    """The column without white space round its texts and invisible characters inside."""
    distinct = pc.utf8_trim_whitespace(text.dictionary)
    if not clean and pc.any(pc.match_substring_regex(distinct, _CONTROL)).as_py():
        distinct = pc.replace_substring_regex(distinct, _CONTROL, "")
    if distinct.equals(text.dictionary):
        return text
    again = distinct.dictionary_encode()
    return pa.DictionaryArray.from_arrays(again.indices.take(text.indices), again.dictionary)


def _only(text: pa.DictionaryArray, stay: np.ndarray) -> pa.DictionaryArray:
    """The column with some of its rows, and without the texts that only the others held."""
    codes = _codes(text)[stay]
    used = np.zeros(len(text.dictionary), bool)
    used[codes] = True
    codes = (np.cumsum(used, dtype=np.int32) - 1)[codes]
    return pa.DictionaryArray.from_arrays(pa.array(codes), text.dictionary.filter(pa.array(used)))


def _totals(sheet: Sheet, key: pa.DictionaryArray, empty: np.ndarray) -> np.ndarray:
    """Rows whose key cell says total, or whose key is empty and whose first words do.

    A row without a key that holds nothing but figures is a total too: nobody wrote who it is about.
    """
    said = np.asarray(pc.match_substring_regex(key.dictionary, TOTAL, ignore_case=True))
    totals = said[_codes(key)] if said.any() else np.zeros(len(key), bool)
    for i in np.flatnonzero(empty)[:1000]:
        texts = (text[int(i)].as_py() for text in sheet.columns.values())
        told = [text for text in texts if text]
        figures = all(re.fullmatch(r"[-+ .,'\d%€£$]+", text) for text in told)
        if told and (re.match(TOTAL, told[0], re.IGNORECASE) or figures):
            totals[i] = True
    return totals


def read_cells(rows: Rows, column: schema.Column) -> Cells:
    """Parse a column over its distinct texts; refuse it by name where nothing decides it."""
    text = rows.sheet.columns[column.name]
    texts, codes = text.dictionary, _codes(text)
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
