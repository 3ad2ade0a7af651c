"""Texts that should be numbers: which sign is the decimal one, decided over the whole column.

Works on the distinct texts of a column and never cell by cell, so a million rows cost little.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from servicegap.tables.faults import Fault, Undecided

_GAP = "[ \u00a0\u2009\u202f'’]"  # what people put between thousands, besides dot and comma
_GROUPED = rf"^[+-]?\d{{1,3}}(?:{_GAP}\d{{3}})+(?:[.,]\d+)?$"
_PLAIN = r"^[+-]?\d+$"
_E = r"^[+-]?\d+(?:\.\d+)?[eE][+-]?\d+$"
_SIGNS = r"(?:[A-Z]{1,2})?[£$€¥]|[A-Z]{3}"


def _shapes(decimal: str, other: str) -> tuple[str, str]:
    """The patterns in which `decimal` is plainly the decimal sign, and in which nobody can say."""
    d, o = ("\\" + sign if sign == "." else sign for sign in (decimal, other))
    groups = rf"\d{{1,3}}(?:{o}\d{{3}})"
    sure = rf"^[+-]?(?:{groups}+{d}\d*|{groups}{{2,}}|\d+{d}\d*|{d}\d+)$"
    return sure, rf"^[+-]?[1-9]\d{{0,2}}{d}\d{{3}}$"


_DOT, _DOT_UNSURE = _shapes(".", ",")
_COMMA, _COMMA_UNSURE = _shapes(",", ".")


def _has(texts: pa.Array, pattern: str) -> np.ndarray:
    """Which texts match, as a boolean array; a missing one does not."""
    return np.asarray(pc.fill_null(pc.match_substring_regex(texts, pattern), False))


def _machine(texts: pa.Array) -> np.ndarray | None:
    """Read texts that are all as a program writes numbers, or return None."""
    try:
        values = np.asarray(pc.fill_null(pc.cast(texts, pa.float64()), np.nan), dtype=float)
    except pa.ArrowInvalid:
        return None
    if np.isinf(values).any():
        return None
    unsure = _has(texts, _DOT_UNSURE)
    if not unsure.any() or (_has(texts, _DOT) & ~unsure).any() or _has(texts, _E).any():
        return values
    return None


def _undress(texts: pa.Array, unit: str) -> tuple[pa.Array, np.ndarray, np.ndarray]:
    """Take signs off: the bare texts, which had a percent sign, which had a pound or dollar."""
    bare = pc.replace_substring(texts, "−", "-")
    percent = _has(bare, r"\d\s*%$")
    if percent.any() and (unit == "share" or not unit):
        bare = pc.replace_substring_regex(bare, r"\s*%$", "")
    english = _has(bare, r"[£$]")
    if unit.startswith("currency") or not unit:
        bare = pc.replace_substring_regex(bare, rf"^([+-]?)\s*(?:{_SIGNS})\s*([+-]?\d)", r"\1\2")
        bare = pc.replace_substring_regex(bare, rf"\s*(?:{_SIGNS})$", "")
    grouped = _has(bare, _GROUPED)
    if grouped.any():
        closed = pc.replace_substring_regex(bare, _GAP, "")
        bare = pc.if_else(pa.array(grouped), closed, bare)
    return bare, percent, english


def _first(mask: np.ndarray) -> int:
    return int(np.flatnonzero(mask)[0])


def _decide(texts: pa.Array, bare: pa.Array, unit: str, english: np.ndarray) -> np.ndarray:
    """Say for each text whether its comma (rather than its dot) is the decimal sign."""
    dot_unsure, comma_unsure = _has(bare, _DOT_UNSURE), _has(bare, _COMMA_UNSURE)
    dot = (_has(bare, _DOT) & ~dot_unsure) | _has(bare, _E)
    comma = _has(bare, _COMMA) & ~comma_unsure
    unsure = dot_unsure | comma_unsure
    if not unsure.any():
        return comma
    example = texts[_first(unsure)].as_py()
    whole_numbers = unit in ("seats", "touches", "times", "answers") and _has(bare, _PLAIN).any()
    if dot.any() and comma.any():
        one, two = texts[_first(dot)].as_py(), texts[_first(comma)].as_py()
        raise Undecided(
            _first(unsure),
            f"“{one}” and “{two}” stand in one column, so nobody can say what “{example}” means",
            "write every number with a dot for decimals and nothing between thousands",
        )
    if dot.any():
        return comma
    if comma.any():
        return comma | unsure
    if not dot_unsure.any() and (
        unit.startswith("currency") or whole_numbers or english[comma_unsure].any()
    ):
        return comma  # "1,500" beside £, for money, or among whole numbers: thousands
    digits = bare[_first(unsure)].as_py()
    raise Undecided(
        _first(unsure),
        f"“{example}” can be {digits.replace(',', '').replace('.', '')} or "
        f"{digits.replace(',', '.')}, and no other cell of the column decides it",
        "write every number with a dot for decimals and nothing between thousands",
    )


def read_numbers(
    texts: pa.Array, *, unit: str, whole: bool, low: float, high: float
) -> tuple[np.ndarray, list[Fault]]:
    """Read distinct texts (missing ones null) as numbers.

    Percent and currency signs are taken off where the unit allows them; a share given as a
    percentage is divided by 100. Raises Undecided where nothing says which sign is the decimal
    one. Returns the values (NaN where missing or unreadable) and what is wrong with which.
    """
    present = np.asarray(pc.is_valid(texts))
    faults: list[Fault] = []
    values = _machine(texts)
    if values is None:
        bare, percent, english = _undress(texts, unit)
        comma = _decide(texts, bare, unit, english)
        with_dot = pc.replace_substring(bare, ",", "")
        with_comma = pc.replace_substring(pc.replace_substring(bare, ".", ""), ",", ".")
        plain = pc.if_else(pa.array(comma), with_comma, with_dot)
        good = np.zeros(len(texts), bool)
        for pattern in (_PLAIN, _E, _DOT, _COMMA):
            good |= _has(bare, pattern)
        values = np.asarray(
            pc.fill_null(pc.cast(pc.if_else(pa.array(good), plain, None), pa.float64()), np.nan),
            dtype=float,
        )
        good &= np.isfinite(values)
        values = np.where(good, values, np.nan)
        if unit == "share":
            values = np.where(percent, values / 100, values)
        if (present & ~good).any():
            of = f" ({unit})" if unit else ""
            hint = f"write a plain number{of}, such as 12.5, or leave it empty"
            faults.append(Fault(present & ~good, "is not a number", hint))
    checks = (
        (values < low, f"is below {low:g}, the least that is possible"),
        (values > high, f"is above {high:g}, the most that is possible"),
        (whole & (values != np.round(values)), "is not a whole number"),
    )
    for mask, what in checks:
        mask = mask & np.isfinite(values)
        if mask.any():
            span = f" ({unit})" if unit else ""
            faults.append(Fault(mask, what, f"correct it{span}, or leave it empty"))
            values = np.where(mask, np.nan, values)
    return values, faults
