"""Columns that hold lengths of time, row by row in hours, and figures written as texts."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from servicegap.intake import durations
from servicegap.intake.cols import chosen
from servicegap.intake.source import Source


def span(source: Source, name: str) -> np.ndarray | None:
    """Lengths of time in hours, row by row; NaN where there is none."""
    col = source.col(name)
    if col is None:
        return None
    unit = durations.unit_of(col.header) or "hours"
    read = [durations.hours(text, unit) if text else np.nan for text in col.texts]
    bad = np.array([hours is None for hours in read])
    if bad.any():
        source.complain(col, bad[col.codes], "is no length of time", "correct it")
    values = np.array([np.nan if hours is None else hours for hours in read])
    below = values < 0
    if below.any():
        source.complain(col, below[col.codes], "is a length of time below nothing; it was not used",
                        "nothing to do, if it says how late something is")  # fmt: skip
    return np.where(below, np.nan, values)[col.codes]


def figures(values: np.ndarray) -> pa.Array:
    """Numbers as texts, to four decimals; "" where there is none."""
    distinct, which = np.unique(values, return_inverse=True)
    said = [f"{value:.4f}".rstrip("0").rstrip(".") for value in distinct.tolist()]
    return chosen(which, ["" if text == "nan" else text for text in said])
