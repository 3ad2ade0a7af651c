"""What sounds too cheap to trust, and what too dear to consider? Van Westendorp's meter.

Van Westendorp 1976. Four curves over price: the share who find it too cheap or a bargain at more
than the price (falling), dear or too dear at the price or less (rising). Where they cross is read
from exact counts, since a tie missed by the last digit of a fraction moves the answer.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from servicegap import stats, words
from servicegap.charts import prices as price_charts
from servicegap.client import Client
from servicegap.findings import Figure, Shown, absent_figure, part
from servicegap.sessions.pricing_vs_value.fees import money, price_now
from servicegap.sessions.pricing_vs_value.four_prices import survey

DRAWS = 1_000


@dataclass(frozen=True)
class Curves:
    """Counts of people at each price that was named: `above` 2 falling and `upto` 2 rising."""

    price: NDArray
    too_cheap: NDArray
    cheap: NDArray
    expensive: NDArray
    too_expensive: NDArray
    n: int


def curves(prices: ArrayLike) -> Curves:
    """Count, at every price named, who finds it what.

    Args: prices, (people, 4), possible answers only: too cheap, a bargain, dear, too dear.
    """
    rows = np.asarray(prices, dtype=float)
    grid = np.unique(rows)
    too_cheap, cheap, expensive, too_expensive = _flags(rows, grid).sum(axis=1)
    return Curves(grid, too_cheap, cheap, expensive, too_expensive, len(rows))


def _flags(rows: NDArray, grid: NDArray) -> NDArray:
    """(4, people, prices): is the person's too-cheap or bargain price above, the others up to?"""
    falling = rows.T[:2, :, None] > grid
    rising = rows.T[2:, :, None] <= grid
    return np.concatenate([falling, rising]).astype(np.int64)


@dataclass(frozen=True)
class Crossing:
    """Where a rising and a falling curve meet: a stretch (plateau), or a point where low = high.

    `low_range` and `high_range` are the 95 % intervals of its ends, NaN where not asked for.
    """

    low: float
    high: float
    low_range: tuple[float, float] = (math.nan, math.nan)
    high_range: tuple[float, float] = (math.nan, math.nan)


def crossings(
    price: NDArray, rising: NDArray, falling: NDArray, interpolated: bool
) -> tuple[NDArray, NDArray]:
    """Where curves meet, for many pairs of curves at once.

    Args: price (prices,), rising; rising and falling (pairs, prices), whole counts. Stepped: the
    first price with rising ≥ falling, and the last at which they are still equal. Interpolated:
    the curves are straight lines between named prices.
    Returns: the low and the high end of each meeting.
    """
    apart = rising - falling
    first = np.argmax(apart >= 0, axis=-1)
    rows = np.arange(len(apart))
    equal = apart == 0
    last = apart.shape[-1] - 1 - np.argmax(equal[:, ::-1], axis=-1)
    low = price[first].astype(float)
    if interpolated:
        before = np.maximum(first - 1, 0)
        up, down = apart[rows, first], apart[rows, before]
        inside = (first > 0) & (up > down)
        part_way = np.where(inside, -down / np.where(up > down, up - down, 1), 1.0)
        low = price[before] + part_way * (price[first] - price[before])
    tied = apart[rows, first] == 0
    return low, np.where(tied, price[last], low)


@dataclass(frozen=True)
class Meter:
    """The four meeting points, in money a seat and month.

    Below `lower` more people doubt the quality than call it no bargain; above `upper` more find it
    too dear than not even dear; at `indifference` as many call it dear as a bargain; at `optimum`
    as many find it too cheap as too dear.
    """

    lower: Crossing
    upper: Crossing
    indifference: Crossing
    optimum: Crossing
    n: int


def price_meter(
    prices: ArrayLike,
    accounts: ArrayLike | None = None,
    interpolated: bool = False,
    draws: int = DRAWS,
    seed: int = stats.SEED,
) -> Meter:
    """Read the meter from possible answers, with intervals where `accounts` are given.

    Args: prices, (people, 4); accounts, the account of each person; whole accounts are drawn again
    `draws` times for the intervals. Source: van Westendorp 1976; definitions as in the R package
    pricesensitivitymeter, on counts instead of fractions, with the plateau instead of one end.
    """
    rows = np.asarray(prices, dtype=float)
    grid = np.unique(rows)
    flags = _flags(rows, grid)
    ends = _meet(grid, flags.sum(axis=1)[:, None], np.array([[len(rows)]]), interpolated)
    if accounts is None:
        return _meter([Crossing(float(a[0]), float(b[0])) for a, b in ends], len(rows))
    names, index = np.unique(np.asarray(accounts), return_inverse=True)
    per_account = np.zeros((4, len(names), len(grid)), dtype=np.int64)
    for curve in range(4):
        np.add.at(per_account[curve], index, flags[curve])
    sizes = np.bincount(index)
    # the same whatever the accounts are called
    order = np.lexsort((*per_account.sum(axis=2), sizes))
    per_account, sizes = per_account[:, order], sizes[order]
    rng = np.random.default_rng(seed)
    picks = rng.multinomial(len(names), np.full(len(names), 1 / len(names)), size=draws)
    drawn = np.stack([picks @ curve for curve in per_account])
    again = _meet(grid, drawn, (picks @ sizes)[:, None], interpolated)
    found = []
    for (low, high), (lows, highs) in zip(ends, again, strict=True):
        a, b = np.quantile(lows, [0.025, 0.975]), np.quantile(highs, [0.025, 0.975])
        found.append(
            Crossing(float(low[0]), float(high[0]), (float(a[0]), float(a[1])),
                     (float(b[0]), float(b[1])))
        )  # fmt: skip
    return _meter(found, len(rows))


def _meter(at: list[Crossing], n: int) -> Meter:
    lower, upper, indifference, optimum = at
    return Meter(lower, upper, indifference, optimum, n)


def _meet(grid: NDArray, counts: NDArray, n: NDArray, interpolated: bool) -> list:
    too_cheap, cheap, expensive, too_expensive = counts
    return [
        crossings(grid, n - cheap, too_cheap, interpolated),
        crossings(grid, too_expensive, n - expensive, interpolated),
        crossings(grid, expensive, cheap, interpolated),
        crossings(grid, too_expensive, too_cheap, interpolated),
    ]


_POINTS = {
    "lower": "too cheap below",
    "optimum": "as many too cheap as too dear",
    "indifference": "as many a bargain as dear",
    "upper": "too dear above",
}


@part
def price_sensitivity(client: Client, curve: str = "stepped") -> Figure:
    """What would clients call too cheap to trust, and what too dear?

    Args: curve, how the lines are drawn between the prices that were named.
    """
    read = survey(client)
    if read.why:
        return absent_figure("what sounds too cheap and what too dear", read.why)
    meter = price_meter(read.prices, read.accounts, interpolated=curve == "interpolated")
    own = price_now(client)
    points: list[tuple[str, Crossing]] = [(said, getattr(meter, n)) for n, said in _POINTS.items()]
    data = pd.DataFrame(
        [[said, at.low, at.high, at.low_range[0], at.high_range[1]] for said, at in points],
        columns=["point", "start", "end", "low", "high"],
    )
    lines = curves(read.prices)
    stretch = _stretch(client, meter.optimum)
    left_out = read.people - meter.n
    out = f" {words.count(left_out, 'impossible answer')} stayed out." if left_out else ""
    you = "" if math.isnan(own) else " “You” is what a seat pays on average today."
    unit = f"{client.settings.currency} a seat and month"
    return Figure(
        _title(client, meter, own),
        f"{words.count(meter.n, 'person', 'people')} named four prices a seat and month. "
        + " ".join(
            f"{said.capitalize()}: {_between(client, at.low, at.high)} "
            f"({_between(client, at.low_range[0], at.high_range[1])})."
            for said, at in points
        )
        + ("" if math.isnan(own) else f" You charge {money(client, own)} on average."),
        f"As many call it too cheap as too dear {stretch}; the band is what most find acceptable. "
        f"Prices are for a seat and month, in brackets or thin lines the 95 % interval.{you}{out}",
        data,
        {"point": Shown("where"), "start": Shown("from", unit), "end": Shown("to", unit),
         "low": Shown("interval from", unit), "high": Shown("interval to", unit)},
        lambda: price_charts.price_meter(
            lines.price,
            [100 * c / lines.n for c in
             (lines.too_cheap, lines.cheap, lines.expensive, lines.too_expensive)],
            (meter.lower.low, meter.upper.low),
            (meter.lower.low_range, meter.upper.low_range),
            (meter.optimum.low, meter.optimum.high),
            own,
            unit,
            stepped=curve != "interpolated",
        ),
    )  # fmt: skip


def _between(client: Client, low: float, high: float) -> str:
    one, other = money(client, low), money(client, high)
    return one if one == other else f"{one} to {other}"


def _stretch(client: Client, at: Crossing) -> str:
    ends = _between(client, at.low_range[0], at.high_range[1])
    if at.low == at.high:
        return f"at {money(client, at.low)} (somewhere in {ends})"
    return f"all the way from {_between(client, at.low, at.high)} (somewhere in {ends})"


def _title(client: Client, meter: Meter, own: float) -> str:
    ends = _between(client, meter.lower.low, meter.upper.low)
    if math.isnan(own):
        return f"Most clients would find {ends} a seat acceptable"
    price = f"{money(client, own)} a seat"
    if own < meter.lower.low_range[0]:
        return f"{price} is so cheap that most would doubt the quality: acceptable is {ends}"
    if own > meter.upper.low_range[1]:
        return f"{price} is dearer than most find acceptable: {ends}"
    if meter.lower.low_range[1] <= own <= meter.upper.low_range[0]:
        return f"{price} lies inside what most clients find acceptable: {ends}"
    return f"{price} lies near the edge of what most clients find acceptable: {ends}"
