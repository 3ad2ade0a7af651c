"""Rules that look at whole rows: marks on their scale, beliefs in their range, repeats."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from servicegap import schema
from servicegap.tables.rows import Cells, Rows, report

_LAST_ROW_COUNTS = ("tickets",)  # logs: the last row of a ticket is the ticket
_MAY_REPEAT = ("beliefs", "staff_survey", "mentions")  # append-only, or nothing names the speaker


def score(rows: Rows, cells: dict[str, Cells], column: schema.Column) -> np.ndarray:
    """The marks of a column, row by row; what is off the row's own scale is no mark."""
    marks = cells[column.name]
    values = np.asarray(marks.parsed.typed)[marks.codes]
    names = list(schema.SCALES)
    scale = np.full(len(values), -1)
    for name in dict.fromkeys((column.scale_in, "scale")):
        if name in cells:
            found = pc.index_in(cells[name].parsed.typed, pa.array(names))
            numbers = np.asarray(pc.fill_null(found, -1))[cells[name].codes]
            scale = np.where(scale < 0, numbers, scale)
    for i, name in enumerate(names):
        ends = schema.SCALES[name]
        off = (values < ends.low) | (values > ends.high)
        if not ends.continuous:
            off |= ~np.isnan(values) & (values != np.round(values))
        off &= scale == i
        if off.any():
            severity = "error" if column.required else "warning"
            report(rows, marks, off, f"is not a mark on the scale {name}",
                    "correct it; until then it counts as no mark", severity)  # fmt: skip
            values = np.where(off, np.nan, values)
            if column.required:
                rows.drop(off, f"{column.name} off the scale", reject=True)
    return values


def belief_ranges(rows: Rows, cells: dict[str, Cells]) -> dict[str, np.ndarray]:
    """Reject beliefs outside what their question allows; blank ranges that make no sense."""
    ids = pc.dictionary_decode(
        pa.DictionaryArray.from_arrays(pa.array(cells["belief_id"].codes), cells["belief_id"].texts)
    ).to_pylist()
    lows = np.array([schema.GUESSES[i].low if i in schema.GUESSES else -np.inf for i in ids])
    highs = np.array([schema.GUESSES[i].high if i in schema.GUESSES else np.inf for i in ids])
    found: dict[str, np.ndarray] = {
        name: np.asarray(cells[name].parsed.typed)[cells[name].codes]
        for name in ("value", "low", "high")
        if name in cells
    }
    for name, values in found.items():
        off = (values < lows) | (values > highs)
        if off.any():
            i = ids[int(np.argmax(off))]
            guess = schema.GUESSES[i]
            span = f"write a number from {guess.low:g} to {guess.high:g} ({guess.unit})"
            severity = "error" if name == "value" else "warning"
            report(rows, cells[name], off, f"is not possible for {i}", span, severity)
            if name == "value":
                rows.drop(off, "value out of range", reject=True)
            found[name] = np.where(off, np.nan, values)
    if "low" in found and "high" in found:
        crossed = found["low"] > found["high"]
        if crossed.any():
            report(rows, cells["low"], crossed, "stands above high", "exchange the two", "warning")
            found |= {n: np.where(crossed, np.nan, found[n]) for n in ("low", "high")}
    return found


def repeats(rows: Rows, cells: dict[str, Cells]) -> np.ndarray:
    """Settle rows that stand there twice, and return which are a log's earlier ones."""
    earlier = np.zeros(len(rows.fate), bool)
    key, name = rows.table.key, rows.table.name
    if name in _MAY_REPEAT or not len(rows.fate):
        return earlier
    live = np.flatnonzero(rows.fate == 0)
    if key:
        codes = cells[key].codes[live]
        live = live[np.bincount(codes, minlength=1)[codes] > 1]
    if not len(live):
        return earlier
    keep: Literal["first", "last"] = "last" if name in _LAST_ROW_COUNTS else "first"
    texts = pd.DataFrame({n: _own_codes(c, live) for n, c in cells.items()})
    again = _later(texts, keep)
    if key and name in _LAST_ROW_COUNTS:
        # a log may say the same of a ticket twice, since what changed need not be a column that
        # is read: only a ticket of which every row says the same was entered twice
        codes = cells[key].codes[live]
        again = again & (np.bincount(codes, weights=~again) == 1)[codes]
    same = np.zeros(len(rows.fate), bool)
    same[live[again]] = True
    if not key:
        if same.any():
            rows.say("the row says exactly what an earlier one says; both are kept",
                     "delete one of them, if it was entered twice",
                     row=rows.row(same), count=int(same.sum()))  # fmt: skip
        return earlier
    rows.drop(same, "an exact repeat", reject=False)
    if same.any():
        rows.say("the row is an exact repeat and was left out", "nothing to do",
                 row=rows.row(same), column=key, count=int(same.sum()))  # fmt: skip
    rest = np.flatnonzero(rows.fate == 0)
    again = np.zeros(len(rows.fate), bool)
    again[rest[_later(pd.Series(cells[key].codes[rest]), keep)]] = True
    if name in _LAST_ROW_COUNTS:
        return rows.drop(again, "an earlier row of the same ticket", reject=False)
    if again.any():
        report(rows, cells[key], again, "stands here again, with other values; the first counts",
                "delete one of them, or give it a key of its own", "error")  # fmt: skip
        rows.drop(again, f"{key} there already", reject=True)
    return earlier


def _own_codes(cells: Cells, live: np.ndarray) -> np.ndarray:
    """One code for each different text of some rows (a column's own codes may repeat a text)."""
    texts = cells.texts.take(pa.array(cells.codes[live]))
    return np.asarray(texts.dictionary_encode().indices)


def _later(values: pd.Series | pd.DataFrame, keep: Literal["first", "last"]) -> np.ndarray:
    """Which entries repeat the one that is kept."""
    return values.duplicated(keep=keep).to_numpy()
