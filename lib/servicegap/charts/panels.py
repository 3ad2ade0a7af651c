"""Beliefs whose units can't share a scale: which stand together, and from where to where."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import TypeVar

from servicegap.charts import Row
from servicegap.schema import Headline

T = TypeVar("T")
Panel = tuple[Sequence[Row], tuple[float, float], str]  # beliefs of one scale, ends, unit
SCALES = ("in 100", "points", "months")


def scale_of(head: Headline) -> str:
    """The scale on which a belief is drawn: shares and percentiles share one."""
    return "months" if head.ratio else "points" if head.low < 0 else "in 100"


def place(head: Headline) -> int:
    """Where a belief's scale comes among the others."""
    return SCALES.index(scale_of(head))


def panels_of(
    heads: Sequence[Headline], rows: Sequence[Row], *more: Sequence[float]
) -> list[Panel]:
    """Rows by scale. Those of points and months hold every belief, all evidence, and what `more`
    is drawn there: numbers in the order of the rows, NaN where there is none.
    """
    found: list[Panel] = []
    for scale in SCALES:
        at = [i for i, head in enumerate(heads) if scale_of(head) == scale]
        if not at:
            continue
        drawn = (x for i in at for x in (*rows[i].belief, *rows[i].evidence, *(m[i] for m in more)))
        ends, unit = ((0.0, 100.0), "") if scale == "in 100" else (_ends(drawn), scale)
        found.append(([rows[i] for i in at], ends, unit))
    return found


def _ends(drawn: Iterable[float]) -> tuple[float, float]:
    known = [x for x in drawn if math.isfinite(x)]
    low, high = min([0.0, *known]), max([6.0, *known])
    return 5.0 * math.floor(low / 5), 5.0 * math.ceil(1.03 * high / 5)


def per_panel(heads: Sequence[Headline], values: Sequence[T]) -> list[list[T]]:
    """Values in the order of `heads`, a list for each scale that has any."""
    parts = [
        [value for head, value in zip(heads, values, strict=True) if scale_of(head) == scale]
        for scale in SCALES
    ]
    return [part for part in parts if part]
