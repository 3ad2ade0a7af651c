"""Who comes after the first copier, how far a copy spreads, whether it goes quicker, how good."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from servicegap import charts, stats, words
from servicegap.charts import time as time_charts
from servicegap.client import Client
from servicegap.comparisons import ALPHA
from servicegap.findings import Figure, Shown, absent_figure, part
from servicegap.measures import MONTH
from servicegap.sessions.usp_erosion.copies import (
    PAIRS_FROM,
    USPS_FROM,
    Copied,
    copied,
    pairs,
)
from servicegap.sessions.usp_erosion.survival import (
    Approach,
    Times,
    approach,
    exponential,
    kaplan_meier,
    log_rank,
    median_estimate,
)

LOG_RANK_FROM = 10  # events in each group
_ORDER = ("first", "second", "third")
_MONTHS = {"median": Shown("median", "months"), "low": Shown("from", "months"),
           "high": Shown("to", "months"), "usps": Shown("USPs"),
           "copied": Shown("of them copied")}  # fmt: skip


def nth_copier(found: Copied) -> tuple[float, float, float]:
    """Median months to a k-th copier and its 95 % interval, without a shape (Kaplan–Meier).

    The median is NaN where half have no such copier yet; the high end may be infinite.
    """
    curve = kaplan_meier(found.times.middle, found.times.happened)
    return curve.median, curve.low, curve.high


@part
def copiers(client: Client) -> Figure:
    """After how many months is there a first, a second, a third rival with the same?"""
    known = pairs(client)
    rows = []
    for k, name in enumerate(_ORDER, 1):
        found = copied(client, k, known)
        if found.speaks:
            events = found.times.events
            rows.append([f"the {name} copier", *nth_copier(found), len(found.table), events])
    if not rows:
        why = copied(client, 1, known).too_few
        return absent_figure("the first, second and third copier", why)
    data = pd.DataFrame(rows, columns=["copier", "median", "low", "high", "usps", "copied"])
    shown = data.replace(math.inf, math.nan)
    return Figure(
        _copiers_title(data),
        f"Months until half of the USPs have {_all_said(data, 'copier')}.",
        "Counted without assuming any shape (Kaplan and Meier). Where half have no such copier yet "
        "there is no dot, and a line that runs out of the picture has no upper end. Only USPs at "
        "which that many rivals were looked at count, so the lines are not about quite the same.",
        shown,
        _MONTHS,
        lambda: time_charts.months(
            data["copier"].tolist(), data["median"], data["low"], data["high"],
            [f"{r.copied} of {r.usps} USPs" for r in data.itertuples()],
        ),
    )  # fmt: skip


def _all_said(data: pd.DataFrame, name: str) -> str:
    rows = zip(data[name], data["median"], data["low"], data["high"], strict=True)
    return "; ".join(f"{who} {_when(*found)}" for who, *found in rows)


def _when(median: float, low: float, high: float) -> str:
    if math.isnan(median):
        return "not yet" if not math.isfinite(low) else f"not yet, {words.span(low, high)}"
    return f"after {words.number(median, 1)} ({words.span(low, high)})"


def _copiers_title(data: pd.DataFrame) -> str:
    reached = data[data["median"].notna()]
    if reached.empty:
        return "Half of your USPs have no copier yet"
    if len(reached) == 1:
        only = reached.iloc[0]
        more = ", and half have no second one yet" if len(data) > 1 else ""
        return (
            f"{only['copier'].capitalize()} comes after {words.number(only['median'])} months{more}"
        )
    one, last = reached.iloc[0], reached.iloc[-1]
    return (
        f"{one['copier'].capitalize()} comes after {words.number(one['median'])} months, "
        f"{last['copier']} after {words.number(last['median'])}"
    )


# -- how far a copy spreads --------------------------------------------------------------------


def spreading(known: pd.DataFrame) -> tuple[np.ndarray, np.ndarray, Approach]:
    """The share of rivals that have a thing by months since launch, and the curve through it.

    Each pair of USP and rival is a time; 1 − Kaplan and Meier's curve is the share, read off every
    three months, and the curve is an exponential approach to a ceiling of at most all of them.
    """
    launch = known["launched_on"]
    low = ((known["checked"].fillna(launch) - launch).dt.days / MONTH).clip(lower=0)
    high = ((known["seen"] - launch).dt.days / MONTH).clip(lower=1 / MONTH)
    times = Times.of(low, high)
    curve = kaplan_meier(times.middle, times.happened)
    grid = np.arange(3.0, max(9.1, float(curve.time.max()) + 0.1), 3.0)
    share = 1 - curve.at(grid)
    return grid, share, approach(grid, share, most=1.0)


@part
def spread(client: Client) -> Figure:
    """How many rivals have it in the end, and after how long is half the way gone?"""
    known = pairs(client)
    found = copied(client, 1, known)
    label = "how far a copy spreads"
    if not found.speaks:
        return absent_figure(label, found.too_few)
    if known["seen"].notna().sum() < USPS_FROM:
        why = "It takes five copies to draw a curve; fewer have been seen."
        return absent_figure(label, why)
    grid, share, fit = spreading(known)
    in_view = fit.half_time <= grid[-1]
    ceiling, half = (100 * fit.ceiling, fit.half_time) if in_view else (math.nan, math.nan)
    now = 100 * float(share[-1])
    title = (
        f"Half of the rivals that will ever have it do so after {words.number(half)} months"
        if in_view
        else "The curve has not begun to level off: how many will have it in the end is open"
    )
    return Figure(
        title,
        f"Share of rivals that have it, by months since the launch: {words.number(now)} of 100 "
        "after "
        f"{words.number(grid[-1])} months"
        + (
            f"; the curve nears {words.number(ceiling)}, half of that after "
            f"{words.number(half, 1)}."
            if in_view
            else "."
        ),
        "Each dot is a share of the pairs of USP and rival, those not copied yet counted for as "
        "long as they were watched. The line nears a ceiling; where it levels off early, some "
        "rivals will never bother, which can mean that it is hard to copy or that nobody wants it.",
        pd.DataFrame({"months": grid, "share": 100 * share}),
        {"months": Shown("months since launch"), "share": Shown("of 100 rivals have it")},
        lambda: time_charts.approach(
            grid, 100 * share, ceiling, half, "rivals that have it, of 100"
        ),
    )


# -- quicker than it was? ----------------------------------------------------------------------


@part
def quicker(client: Client, by: str = "launch") -> Figure:
    """Is copying quicker than it was, or quicker for people and processes than for the rest?

    Args: by, what is set beside each other: launch or kind.
    """
    known = pairs(client)
    groups = _groups(copied(client, 1, known), by)
    label = "whether copying has become quicker" if by == "launch" else "kinds of USP"
    shown = []
    for name, usps in groups.items():
        part_of = copied(client, 1, known[known["usp_id"].isin(usps)])
        if part_of.speaks and exponential(part_of.times):
            shown.append((name, part_of, median_estimate(part_of.times, part_of.pairs)))
    if len(shown) < 2:
        why = (
            "A comparison takes two groups, each with ten pairs of USP and rival over five USPs; "
            "it could not be checked."
        )
        return absent_figure(label, why)
    rows = [
        [name, e.value, e.low, e.high, len(part_of.table), part_of.times.events]
        for name, part_of, e in shown
    ]
    data = pd.DataFrame(rows, columns=["group", "median", "low", "high", "usps", "copied"])
    test = _second_against_first(*(part_of.times for _, part_of, _ in shown))
    ranks = ""
    if all(part_of.times.events >= LOG_RANK_FROM for _, part_of, _ in shown):
        both = pd.concat([part_of.table.assign(group=name) for name, part_of, _ in shown])
        times = Times.of(both["low"], both["high"])
        _, rank_p = log_rank(times.middle, times.happened, both["group"])
        ranks = f" The log-rank test, which assumes no shape, has p = {words.number(rank_p, 2)}."
    title = _quicker_title(by, test)
    return Figure(
        title,
        f"{title}. Median months until the first copy: "
        + f"{_all_said(data, 'group')}.",
        "Worth asking about, no verdict: it was not among the beliefs, and whoever compares many "
        "things finds something. A younger group has had less time to be copied, which the method "
        f"allows for and a plain average would not.{ranks}",
        data.replace(math.inf, math.nan),
        _MONTHS,
        lambda: time_charts.months(
            data["group"].tolist(), data["median"], data["low"], data["high"],
            [f"{r.copied} of {r.usps} USPs" for r in data.itertuples()],
        ),
    )  # fmt: skip


def _groups(found: Copied, by: str) -> dict[str, set[str]]:
    table = found.table.sort_values(["launched_on", "usp_id"])
    if by == "kind":
        ordinary = table["kind"].isin(["people", "process"])
        halves = {"people and processes": table[ordinary], "everything else": table[~ordinary]}
        return {name: set(rows["usp_id"]) for name, rows in halves.items()}
    older = math.ceil(len(table) / 2)
    halves = {"the older half": table.head(older), "the newer half": table.tail(-older)}
    return {name: set(rows["usp_id"]) for name, rows in halves.items()}


def _second_against_first(one: Times, other: Times) -> tuple[float, float, float]:
    """The second group against the first: (ratio of means, p, the ratio that would have shown).

    p by likelihood ratio of one pace against two. A ratio would have shown in four of five such
    firms if it is exp((1.96 + 0.84) × √(1 ÷ events + 1 ÷ other events)) or more.
    """
    from scipy.special import chdtrc

    ends = ([getattr(t, end) for t in (one, other)] for end in ("low", "high"))
    a, b, both = map(exponential, (one, other, Times(*map(np.concatenate, ends))))
    if not (a and b and both and one.events and other.events):
        return math.nan, 1.0, math.nan
    gain = a.deviance(both.mean) + b.deviance(both.mean)
    visible = math.exp(2.80 * math.sqrt(1 / one.events + 1 / other.events))
    return b.mean / a.mean, float(chdtrc(1, gain)), visible


def _quicker_title(by: str, test: tuple[float, float, float]) -> str:
    ratio, p, visible = test
    if math.isnan(ratio):
        return "Too little has been copied to say whether one group goes quicker"
    if p > ALPHA:
        what = "copying has become quicker" if by == "launch" else "one kind is copied quicker"
        return f"No evidence that {what}; {words.times(visible)} as quick would have shown"
    size = words.times(max(ratio, 1 / ratio))
    if by == "launch":
        lately = "is copied {} as quickly" if ratio < 1 else "lasts {} as long"
        return f"Worth asking: what you launched lately {lately.format(size)}"
    longer = "a matter of people or process" if ratio < 1 else "what is neither people nor process"
    return f"Worth asking: {longer} lasts {size} as long as the rest"


# -- how good are they? ------------------------------------------------------------------------


@part
def better_copies(client: Client) -> Figure:
    """Are the copies better than what was copied?"""
    known = pairs(client)
    judged = known[known["seen"].notna() & known["quality"].notna()]
    n, usps = len(judged), judged["usp_id"].nunique()
    if n < PAIRS_FROM or usps < USPS_FROM:
        why = f"It takes ten copies of five USPs with a word on their quality; there are {n}."
        return absent_figure("how good the copies are", why)
    kinds = ["better", "same", "worse"]
    counts = [int((judged["quality"] == kind).sum()) for kind in kinds]
    ends = 100 * stats.goodman(counts)
    shares = [100 * count / n for count in counts]
    good = counts[0] + counts[1]
    names = ["better than yours", "as good", "worse"]
    return Figure(
        f"{words.spelled(good, 'none').capitalize()} of {n} copies "
        f"{'is' if good == 1 else 'are'} as good as yours or better",
        f"Of {n} copies of {usps} USPs: "
        + words.listed([f"{c} {name}" for c, name in zip(counts, names, strict=True)])
        + ".",
        "In your own judgement, which is not a disinterested one: ask a client who has seen both. "
        "The lines are intervals for all three at once (Goodman), as if each copy were judged by "
        "itself.",
        pd.DataFrame({"copies": names, "count": counts, "share": shares, "low": ends[:, 0],
                      "high": ends[:, 1]}),
        {"share": Shown("share", "%"), "low": Shown("from", "%"), "high": Shown("to", "%")},
        lambda: charts.dots(names, shares, ends[:, 0], ends[:, 1],
                            [words.count(c, "copy", "copies") for c in counts]),
    )  # fmt: skip
