"""The declared rule of each kind of column: distinct texts in, typed values and faults out.

A parser never sees a row: it gets the distinct texts of one column, so what it decides, it
decides over the whole column, and a million rows cost no more than their distinct values.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from servicegap.schema import SCALE_ALIASES, SCALES, Column
from servicegap.tables.dates import read_dates
from servicegap.tables.faults import Fault, Undecided
from servicegap.tables.numbers import read_numbers
from servicegap.tables.spellings import NO_VALUE, YES_NO, squash

__all__ = ["NO_VALUE", "YES_NO", "Fault", "Parsed", "Undecided", "parse", "squash"]

_SIGNS = pa.array(("", *sorted(w for w in NO_VALUE if not any(map(str.isalnum, w)))))
_LOOKS_EMPTY = ("n/a", "na", "#n/a", "null", "none", "nan", "nil", "-", "--", "?")
_EXCEL_ROUNDED = r"^\d(?:[.,]\d+)?[eE]\+\d+$"
_EXCEL_DATE = re.compile(r"\d{4}-\d{2}-\d{2}.*|\d{1,2}-[A-Za-z]{3}(-\d{2,4})?|[A-Za-z]{3}-\d{1,2}")


@dataclass(frozen=True)
class Parsed:
    """A column's distinct values, aligned with its distinct texts.

    `typed` is a pyarrow string array (id, text, choice, scale), float64 (number, whole, score),
    datetime64[us] (date, time) or int8 (yesno: 1, 0 or -1 for missing). `notes` are (what,
    remedy) about the column as a whole; `odd` are faults of cells that are kept as they are.
    """

    typed: pa.Array | np.ndarray
    faults: tuple[Fault, ...] = ()
    notes: tuple[tuple[str, str], ...] = ()
    odd: tuple[Fault, ...] = ()

    @property
    def bad(self) -> np.ndarray:
        """Which distinct texts are there and could not be read."""
        bad = np.zeros(len(self.typed), bool)
        for fault in self.faults:
            bad |= fault.mask
        return bad


def parse(column: Column, texts: pa.Array, *, mac: bool = False) -> Parsed:
    """Read the distinct, trimmed texts of `column` by its declared kind.

    `texts` is a pyarrow string array without nulls, "" where a cell is empty. `mac` says that
    Excel's day numbers count from 1904. Raises Undecided where the column can be read in two
    ways and nothing in it says which.
    """
    if column.kind in ("id", "text"):
        return _text(column, texts)
    words = column.choices if column.kind == "choice" else ()
    texts = _without_no_value(texts, {squash(word) for word in words})
    match column.kind:
        case "number" | "whole" | "score":
            return _number(column, texts)
        case "date" | "time":
            values, faults, notes = read_dates(texts, clock=column.kind == "time", mac=mac)
            return Parsed(values, tuple(faults), tuple(notes))
        case "yesno":
            return _yesno(texts)
        case "choice":
            return _choice(column, texts)
        case "scale":
            return _scale(texts)
    raise AssertionError(f"no rule for {column.kind}")


def _without_no_value(texts: pa.Array, but: set[str]) -> pa.Array:
    """Turn empty cells and words for "no value" into nulls, save where the word is a choice."""
    words = pa.array(sorted({"", *NO_VALUE} - but))
    return pc.if_else(pc.is_in(pc.utf8_lower(texts), words), None, texts)


def _mask(texts: pa.Array, wrong: set[str]) -> np.ndarray:
    return np.asarray(pc.is_in(texts, pa.array(sorted(wrong), pa.string())))


def _text(column: Column, texts: pa.Array) -> Parsed:
    values = pc.if_else(pc.equal(texts, ""), None, texts)
    if column.kind == "text":  # a lone "?" or "-" names nothing; "N/A" might
        return Parsed(
            values if column.required else pc.if_else(pc.is_in(texts, _SIGNS), None, texts)
        )
    faults, odd = [], []
    rounded = np.asarray(pc.match_substring_regex(texts, _EXCEL_ROUNDED))
    if rounded.any():
        what = "is a long number that Excel has rounded, so several ids may have become one"
        remedy = "export it again and keep the column as text"
        faults.append(Fault(rounded, what, remedy))
        values = pc.if_else(pa.array(rounded), None, values)
    empty = np.asarray(pc.is_in(pc.utf8_lower(texts), pa.array(_LOOKS_EMPTY)))
    if empty.any():
        remedy = "empty the cells if it means that there is none"
        odd.append(Fault(empty, "is taken as an id like any other", remedy))
    return Parsed(values, tuple(faults), odd=tuple(odd))


def _number(column: Column, texts: pa.Array) -> Parsed:
    if column.unit == "times":  # "reopened: yes" counts as once
        lower = pc.utf8_lower(texts)
        for words, number in ((("yes", "y", "true"), "1"), (("no", "n", "false"), "0")):
            texts = pc.if_else(pc.is_in(lower, pa.array(words)), number, texts)
    values, faults = read_numbers(
        texts, unit=column.unit, whole=column.kind == "whole", low=column.low, high=column.high
    )
    return Parsed(values, tuple(faults))


def _yesno(texts: pa.Array) -> Parsed:
    found = [YES_NO.get(t.casefold(), None) if t is not None else None for t in texts.to_pylist()]
    values = np.array([-1 if value is None else int(value) for value in found], dtype=np.int8)
    bad = np.asarray(pc.is_valid(texts)) & (values < 0)
    fault = Fault(bad, "is neither yes nor no", "write yes or no, or leave it empty")
    return Parsed(values, (fault,) if bad.any() else ())


def _choice(column: Column, texts: pa.Array) -> Parsed:
    known = {squash(choice): choice for choice in column.choices}
    found = [known.get(squash(t)) if t is not None else None for t in texts.to_pylist()]
    values = pa.array(found, pa.string())
    bad = np.asarray(pc.and_(pc.is_valid(texts), pc.is_null(values)))
    fault = Fault(
        bad,
        f"is not one of {', '.join(column.choices)}",
        "use one of these words" + ("" if column.required else ", or leave it empty"),
    )
    return Parsed(values, (fault,) if bad.any() else ())


def _scale(texts: pa.Array) -> Parsed:
    plain = [None if t is None else " ".join(t.casefold().split()) for t in texts.to_pylist()]
    values = pa.array([None if t is None else SCALE_ALIASES.get(t) for t in plain], pa.string())
    bad = np.asarray(pc.and_(pc.is_valid(texts), pc.is_null(values)))
    dates = {t for t in texts.to_pylist() if t is not None and _EXCEL_DATE.fullmatch(t)}
    turned = bad & _mask(texts, dates)
    remedy = f"write one of {', '.join(SCALES)}"
    faults = (
        Fault(turned, "is a scale such as 1-5 that Excel has turned into a date",
              "format the column as text and write the scale as “1 to 5”"),
        Fault(bad & ~turned, "is not a rating scale", remedy),
    )  # fmt: skip
    return Parsed(values, tuple(fault for fault in faults if fault.mask.any()))
