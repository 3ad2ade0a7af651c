"""What the truth bench says: one row a promise, the target beside the result."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One thing that was measured. `met` is None where it is shown without a target."""

    measure: str
    target: str
    result: str
    met: bool | None = None

    @property
    def line(self) -> str:
        said = {True: "met", False: "**short**", None: ""}[self.met]
        return f"| {self.measure} | {self.target} | {self.result} | {said} |"


HEAD = ("| measure | target | result | |", "|---|---|---|---|")


def at_most(measure: str, hits: int, of: int, percent: float) -> Row:
    """A share that must not be larger than so many percent, counted as it came out."""
    share = 100 * hits / of if of else math.nan
    return Row(measure, f"at most {percent:g} %", _counted(hits, of, share), bool(share <= percent))


def at_least(measure: str, hits: int, of: int, percent: float) -> Row:
    """A share that must not be smaller than so many percent, counted as it came out."""
    share = 100 * hits / of if of else math.nan
    return Row(
        measure, f"at least {percent:g} %", _counted(hits, of, share), bool(share >= percent)
    )


def between(measure: str, low: float, high: float, values: Iterable[float]) -> Row:
    """Shares in percent that must all lie in a range, both ends allowed."""
    found = list(values)
    ends = f"{min(found):.1f} %" if len(found) == 1 else f"{min(found):.1f} to {max(found):.1f} %"
    target = f"{low:g} to {high:g} %" if high < 100 else f"at least {low:g} %"
    target = f"at most {high:g} %" if low <= 0 else target
    return Row(measure, target, ends, bool(low <= min(found) and max(found) <= high))


def within_chance(row: Row, hits: int, of: int, percent: float, most: bool) -> Row:
    """The same row for a small run: short only where the target is out of chance's reach.

    A run of few firms can't tell 4 from 6 %. So it is short only where so many (or so few) would
    come up in fewer than one run in a hundred, were the share exactly the target, and says so.
    """
    from scipy.stats import binom

    if row.met or not of:
        return row
    p = percent / 100
    tail = binom.sf(hits - 1, of, p) if most else binom.cdf(hits, of, p)
    if tail <= 0.01:
        return row
    return Row(row.measure, row.target, f"{row.result}; so few can’t tell", None)


def _counted(hits: int, of: int, share: float) -> str:
    return f"{share:.1f} % ({hits:,} of {of:,})" if of else "none came up"
