"""What was said before looking: which numbers can be a guess, and how one is written down."""

from __future__ import annotations

import datetime as dt
import math

from servicegap import schema


def check(belief_id: str, value: float | None, low: float | None, high: float | None) -> None:
    """Raise ValueError, in plain words, where a belief is not asked or its numbers can't be."""
    if belief_id not in schema.GUESSES:
        raise ValueError(f"there is no belief called {belief_id!r}")
    guess = schema.GUESSES[belief_id]
    for name, number in (("best guess", value), ("low end", low), ("high end", high)):
        if number is not None and not (math.isfinite(number) and guess.low <= number <= guess.high):
            span = f"{guess.low:g} to {guess.high:g} ({guess.unit})"
            raise ValueError(f"the {name} must be a number from {span}; {number} is not")
    if value is None and (low is not None or high is not None):
        raise ValueError("a range needs a best guess inside it")
    told = [number for number in (low, value, high) if number is not None]
    if told != sorted(told):
        raise ValueError("the low end can't be above the best guess, nor the best guess above "
                         "the high end")  # fmt: skip


def row(
    belief_id: str, value: float | None, low: float | None, high: float | None, stated_by: str
) -> dict[str, str]:
    """The row of beliefs.csv that says so, now."""
    now = dt.datetime.now().replace(microsecond=0).isoformat(" ")
    return {
        "belief_id": belief_id, "value": _number(value), "low": _number(low),
        "high": _number(high), "stated_by": stated_by, "stated_at": now,
    }  # fmt: skip


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.10g}"
