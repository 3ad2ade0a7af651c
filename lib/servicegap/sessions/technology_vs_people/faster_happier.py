"""Does faster mean happier here, and from which point on does speed buy nothing more?"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from servicegap import measures, stats, words
from servicegap.charts import desk
from servicegap.charts import prices as price_charts
from servicegap.client import Client
from servicegap.comparisons import ALPHA, benjamini_hochberg
from servicegap.findings import Figure, Shown, absent_figure, needs_in_words, part
from servicegap.sessions.technology_vs_people import work
from servicegap.sessions.technology_vs_people.broken_stick import (
    Bend,
    broken_stick,
    curve,
)
from servicegap.sessions.technology_vs_people.like_with_like import (
    LIKE,
    columns_of,
    compare,
    linear,
    over_the_floor,
    visible,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True)
class Wait:
    """A time that people wait: how it is counted (hours), the column it needs, and its name."""

    count: Callable[[pd.DataFrame], pd.Series]
    needs: str
    what: str


WAITS = {
    "time to resolve": Wait(
        lambda rows: work.until_solved(rows, rows), "tickets.resolved_at", "until it is solved"
    ),
    "first reply": Wait(
        lambda rows: work.until_reply(rows, rows), "tickets.first_reply_at", "to the first reply"
    ),
    "until a person": Wait(
        lambda rows: rows["minutes_to_person"] / 60,
        "tickets.minutes_to_person",
        "until a person answers",
    ),
}
MARKS = {"top": "top marks", "satisfied": "satisfied"}
BANDS = 5
_TOO_FEW = "It takes rated tickets from ten people in five accounts."
_LEAST = 1 / 60  # hours; nothing quicker than a minute is told apart


def timed(client: Client, speed: str, mark: str) -> pd.DataFrame:
    """Rated tickets with `hours` (at least a minute) and `value` (0 or 1)."""
    rows = measures.last_rated(client)
    hours = WAITS[speed].count(rows).astype(float).clip(lower=_LEAST)
    return rows.assign(hours=hours, value=rows[mark])[hours.notna()]


def halving(rows: pd.DataFrame, like: tuple[str, ...] = LIKE) -> stats.Estimate:
    """What half the time goes with: points of marks more for every halving, like beside like.

    Returns: an Estimate in points; positive where the faster are the happier.
    """
    steps = -np.log2(rows["hours"].to_numpy(dtype=float))[:, None]
    rest = np.hstack([np.ones((len(rows), 1)), columns_of(rows, like)])
    value, error, _ = linear(steps, rest, rows["value"], rows["account_id"]).contrast(np.ones(1))
    return stats.from_error(
        100 * value, 100 * error, len(rows), rows["person"].nunique(),
        rows["account_id"].nunique(), "points", "tickets",
    )  # fmt: skip


def levels_off(rows: pd.DataFrame) -> bool:
    """Does the gain get smaller towards the fast end, by more than luck?

    The square of the logarithm of the time beside the logarithm itself: one test, of nothing that
    was searched for, so that a bend is not read into a straight line.
    """
    x = np.log2(rows["hours"].to_numpy(dtype=float))
    x = x - x.mean()
    rest = np.hstack([np.ones((len(rows), 1)), x[:, None], columns_of(rows, LIKE)])
    fitted = linear((x**2)[:, None], rest, rows["value"], rows["account_id"])
    value, _, p = fitted.contrast(np.ones(1))
    return p <= ALPHA and value < 0


def without_suppliers(client: Client, rows: pd.DataFrame) -> stats.Estimate | None:
    """What half the time goes with, once tickets that waited for a supplier are left out.

    None where no ticket did, or too few are left.
    """
    own = rows[rows["third_party"].isna()]
    if not client.has("tickets.third_party") or len(own) == len(rows):
        return None
    if not over_the_floor(own) or own["hours"].nunique() < 3:
        return None
    return halving(own)


def _chosen(client: Client, label: str, speed: str, mark: str) -> pd.DataFrame | Figure:
    """The rows to look at, or the figure that says what is missing."""
    if speed not in WAITS or mark not in MARKS:
        told = f"{words.listed(list(WAITS), 'or')}; {words.listed(list(MARKS), 'or')}"
        raise ValueError(f"there is no such look: {speed!r}, {mark!r}; there are {told}")
    if not client.has(WAITS[speed].needs):
        return absent_figure(label, needs_in_words((WAITS[speed].needs,)))
    rows = timed(client, speed, mark)
    if not over_the_floor(rows) or rows["hours"].nunique() < 3:
        return absent_figure(label, _TOO_FEW)
    return rows


# -- dose and response -------------------------------------------------------------------------


@dataclass(frozen=True)
class Bands:
    """Tickets in bands of time, the fastest first: middle (hours), ends and marks (percent)."""

    middle: NDArray
    names: list[str]
    tickets: NDArray
    share: NDArray
    low: NDArray
    high: NDArray


def bands(rows: pd.DataFrame) -> Bands | None:
    """Marks in bands of equal numbers of tickets, like beside like; None if there are not two."""
    for parts in range(BANDS, 1, -1):
        cut = pd.qcut(rows["hours"], parts, labels=False, duplicates="drop")
        found = rows.assign(group=cut.astype("int64").astype("str"))
        shown = work.shown(found, "group")
        if len(shown) == cut.nunique() > 1:
            break
    else:
        return None
    order = sorted(shown)
    compared = compare(found, order)
    if compared is None:
        return None
    groups = found.groupby("group")["hours"]
    order = list(compared.names)
    ends = [groups.max()[g] for g in order]
    names = [f"up to {work.say_hours(ends[0])}"]
    names += [f"{work.say_hours(a)} to {work.say_hours(b)}" for a, b in pairwise(ends)]
    return Bands(
        groups.median().reindex(order).to_numpy(), names, compared.tickets,
        100 * compared.value.clip(0, 1), 100 * (compared.value - compared.half).clip(0, 1),
        100 * (compared.value + compared.half).clip(0, 1),
    )  # fmt: skip


@part
def faster_happier(client: Client, speed: str = "time to resolve", mark: str = "top") -> Figure:
    """Does faster mean happier here, and from which point on does speed buy nothing more?

    Args: speed, which time counts; mark, what counts as happy. Of WAITS and MARKS.
    """
    label = "whether the faster are the happier"
    rows = _chosen(client, label, speed, mark)
    if isinstance(rows, Figure):
        return rows
    found = bands(rows)
    if found is None:
        return absent_figure(label, _TOO_FEW)
    slope = halving(rows)
    own = without_suppliers(client, rows)
    sure = slope.p_value(0.0) <= ALPHA
    bend = None
    if sure and slope.value > 0 and levels_off(rows):
        bend = broken_stick(
            rows["hours"], rows["value"], columns_of(rows, LIKE), rows["account_id"]
        )
    line = _line(rows, slope, bend) if sure else (np.empty(0), np.empty(0))
    data = pd.DataFrame(
        {"band": found.names, "tickets": found.tickets, "share": found.share, "low": found.low,
         "high": found.high}
    )  # fmt: skip
    average = 100 * stats.mean(rows["value"])
    error = (slope.high - slope.low) / (2 * stats.Z95)
    return Figure(
        _title(slope, own, sure, bend, speed),
        f"{MARKS[mark].capitalize()} by hours {WAITS[speed].what}, for the same type and priority, "
        f"{words.number(average)} % in all: "
        + "; ".join(
            f"{r.band} {words.number(r.share)} % ({words.ends(r.low, r.high)}), "
            f"{words.count(r.tickets, 'ticket')}"
            for r in work.each(data)
        )
        + f". Half the time goes with {words.number(slope.value, 1)} points "
        f"({words.ends(slope.low, slope.high, 1)}). {_said(bend, sure)}",
        f"{_halves(slope, mark)}{_own(own)} {_said(bend, sure)} "
        "With so many tickets, "
        f"{words.number(visible(error), 1)} points for every halving would be seen four times in "
        "five; less may be there unseen. It goes with speed: what is easy is solved fast and makes "
        "people happy, and type and priority say only roughly how easy it was.",
        data,
        {"band": Shown(f"time {WAITS[speed].what}"), "share": Shown(f"{MARKS[mark]}, %", "%"),
         "low": Shown("from", "%"), "high": Shown("to", "%")},
        lambda: desk.dose(
            found.middle, found.share, found.low, found.high, line,
            (math.nan,) * 3 if bend is None else (bend.at, bend.low, bend.high),
            average, (f"hours {WAITS[speed].what}", f"% {MARKS[mark]}"), work.say_hours, not sure,
        ),
    )  # fmt: skip


def _line(rows: pd.DataFrame, slope: stats.Estimate, bend: Bend | None) -> tuple[NDArray, NDArray]:
    """The fitted line over the middle of the tickets: hours and percent."""
    low, high = rows["hours"].quantile([0.03, 0.97])
    hours = np.exp(np.linspace(math.log(low), math.log(high), 60))
    if bend is not None:
        return hours, curve(bend, hours, stats.mean(rows["value"]), rows["hours"])
    off = np.log2(hours) - float(np.log2(rows["hours"]).mean())
    return hours, 100 * stats.mean(rows["value"]) - slope.value * off


def _halves(slope: stats.Estimate, mark: str) -> str:
    size = words.number(abs(slope.value), 1)
    things = "top marks" if mark == "top" else "satisfied people"
    way = "more" if slope.value >= 0 else "fewer"
    ends = words.ends(slope.low, slope.high, 1)
    return (
        f"Each dot is as many tickets as the next, compared with others of their type and "
        f"priority. Half the time goes with {size} {things} {way} in 100 (95 % interval of "
        f"the gain: {ends})."
    )


def _own(own: stats.Estimate | None) -> str:
    if own is None:
        return ""
    return (
        f" Without the tickets that waited for a supplier it is {words.number(own.value, 1)} "
        f"({words.ends(own.low, own.high, 1)})."
    )


def _said(bend: Bend | None, sure: bool) -> str:
    if bend is None:
        if not sure:
            return "So there is no point to name from which on speed buys nothing more."
        return "No evidence of a point from which on speed buys nothing: it may pay all the way."
    return (
        f"Faster than {work.say_hours(bend.at)} (somewhere between {work.say_hours(bend.low)} and "
        f"{work.say_hours(bend.high)}) buys nothing more that can be seen; beyond it, twice the "
        f"time goes with {words.number(100 * bend.fall)} fewer in 100."
    )


def _title(
    slope: stats.Estimate, own: stats.Estimate | None, sure: bool, bend: Bend | None, speed: str
) -> str:
    sooner = {
        "time to resolve": "the sooner it is solved",
        "first reply": "the sooner the first reply comes",
        "until a person": "the sooner a person answers",
    }[speed]
    if not sure:
        return f"No evidence that people are happier {sooner}"
    said = f"{sooner[0].upper()}{sooner[1:]},"
    if slope.value < 0:
        return f"{said} the less happy people are here"
    if own is not None and own.value < slope.value / 2 and own.p_value(0.0) > ALPHA:
        return f"{said} the happier people are; it may be the suppliers rather than the clock"
    if bend is not None:
        return f"{said} the happier people are, down to about {work.say_hours(bend.at)}"
    return f"{said} the happier people are: {words.points(slope.value)} for half the time"


# -- type by type ------------------------------------------------------------------------------


@part
def speed_by_type(client: Client, speed: str = "time to resolve", mark: str = "top") -> Figure:
    """For which type of ticket does faster mean happier?

    Args: speed, which time counts; mark, what counts as happy. Of WAITS and MARKS.
    """
    label = "what speed is worth, type by type"
    rows = _chosen(client, label, speed, mark)
    if isinstance(rows, Figure):
        return rows
    shown = work.shown(rows, "type")
    every = [(name, rows[rows["type"] == name]) for name in shown]
    kinds = [(n, halving(r, ("priority",))) for n, r in every if r["hours"].nunique() > 2]
    if not kinds:
        return absent_figure(label, _TOO_FEW)
    found = [e for _, e in kinds]
    q = benjamini_hochberg([e.p_value(0.0) for e in found])
    data = pd.DataFrame(
        [[n, e.n, e.value, e.low, e.high, p] for (n, e), p in zip(kinds, q, strict=True)],
        columns=["type", "tickets", "gain", "low", "high", "p"],
    )  # fmt: skip
    error = float(np.median([(e.high - e.low) / (2 * stats.Z95) for e in found]))
    return Figure(
        _types_title(data),
        f"Points of {MARKS[mark]} for half the time {WAITS[speed].what}, by type: "
        + "; ".join(
            f"{r.type} {words.number(r.gain, 1)} ({words.number(r.low, 1)} to "
            f"{words.number(r.high, 1)}), {words.count(r.tickets, 'ticket')}"
            for r in work.each(data)
        )
        + ".",
        f"Right of nought, half the time {WAITS[speed].what} goes with more {MARKS[mark]}, for "
        "tickets of the same priority. With so many tickets, "
        f"{words.number(visible(error, len(found)), 1)} points would be seen four times in five. "
        "Hollow: not settled, all looks counted.",
        data,
        {"gain": Shown("for half the time", "points"), "low": Shown("from", "points"),
         "high": Shown("to", "points"), "p": Shown("p, adjusted")},
        lambda: price_charts.differences(
            data["type"].tolist(), data["gain"], data["low"], data["high"],
            [f"n = {words.number(n)}" for n in data["tickets"]], q > ALPHA,
        ),
    )  # fmt: skip


def _types(names: list[str]) -> str:
    return (
        f"{words.spelled(len(names))} type{'s' * (len(names) > 1)} of ticket: {words.listed(names)}"
    )


def _types_title(data: pd.DataFrame) -> str:
    sure = data[data["p"] <= ALPHA]
    up, down = sure.loc[sure["gain"] > 0, "type"], sure.loc[sure["gain"] < 0, "type"]
    said = [
        f"Quicker goes with {way} people for {_types(list(names))}"
        for way, names in (("happier", up), ("less happy", down)) if len(names)
    ]  # fmt: skip
    if said:
        return "; ".join([said[0], *map(words.lowered, said[1:])])
    return "No evidence for any type of ticket that people are happier the sooner it is done"
