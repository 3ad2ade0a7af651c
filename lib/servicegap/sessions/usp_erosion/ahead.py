"""What it takes to stay ahead: the chance of being alone a while longer, and a calendar."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from servicegap import charts, words
from servicegap.charts import time as time_charts
from servicegap.client import Client
from servicegap.comparisons import ALPHA
from servicegap.findings import Figure, Shown, Table, absent_figure, absent_table, part
from servicegap.measures import MONTH
from servicegap.sessions.usp_erosion.copies import Copied, copied, day
from servicegap.sessions.usp_erosion.survival import Belief, ageing, with_prior

SHOWN = 12  # living USPs that are named one by one
HORIZONS = (6, 12, 24)  # months
PACE_OVER = 36  # months of launches from which the own pace is taken
_NAMES = ("the first new thing", "the second new thing", "the third new thing")
_QUIET = ("look", "at every rival: who has what by now, and what would clients miss?")
_FACTORS = 200  # older launches that may still be alone


def chance_of_one(rate: np.ndarray, every: float) -> np.ndarray:
    """The chance that something is still the firm's alone, just before the next launch.

    With a launch every `every` months the older ones are every, 2 × every… months old, and each is
    alone with chance e^(−rate × age), each by itself: 1 − Π(1 − e^(−j × rate × every)).
    """
    age = np.multiply.outer(np.asarray(rate, dtype=float) * every, np.arange(1, _FACTORS + 1))
    return -np.expm1(np.log1p(-np.exp(-age)).sum(axis=-1))


def stretch(sure: float) -> float:
    """How many mean lifetimes may pass between launches so that one is alone with chance `sure`.

    Args: sure, from 0 to 1.
    """
    from scipy.optimize import brentq

    return float(brentq(lambda x: float(chance_of_one(np.array([1.0]), x)[0]) - sure, 0.02, 20))


def interval_between(thought: Belief, sure: float) -> tuple[float, float, float]:
    """Months between launches so that something is alone with chance `sure` (0 to 1).

    Median and 95 % interval, prior included.
    """
    lifetimes = stretch(sure)
    return thought.middle(lambda rate: lifetimes / rate)


def own_pace(found: Copied, end: pd.Timestamp) -> tuple[float, int]:
    """Months between launches of the past three years (or since the first), and how many."""
    launched = found.table["launched_on"]
    start = max(launched.min(), end - pd.DateOffset(months=PACE_OVER))
    count = int((launched >= start).sum())
    span = (end - start) / pd.Timedelta(days=MONTH)
    return (span / count if count else math.inf), count


def chance_alone(thought: Belief, months: float) -> tuple[float, float, float]:
    """Chance (percent, with its 95 % interval) that what is alone today still is by then."""
    value, low, high = thought.spread(lambda rate: np.exp(-rate * months))
    return 100 * value, 100 * low, 100 * high


def _prior_in_words(prior_months: float) -> str:
    return (
        "A weak assumption stands beside your own figures, worth two USPs: that half of such "
        f"things are copied within {words.number(prior_months)} months. Change it and see how "
        "little or how "
        "much it matters."
    )


@part
def still_alone(client: Client, prior_months: float = 12.0) -> Figure:
    """What is the chance that each living USP is still alone in 6, 12 and 24 months?

    Args: prior_months, months in which half of such things are copied, before any evidence.
    """
    found = copied(client)
    if not found.speaks:
        return absent_figure("the chance of being alone a while longer", found.too_few)
    thought = with_prior(found.times, prior_months)
    chances = [chance_alone(thought, t) for t in HORIZONS]
    living = found.living
    named = living["claim"].tolist()
    if len(named) > SHOWN:
        named = [*named[:SHOWN], f"{words.number(len(named) - SHOWN)} more"]
    who = [*living["claim"], "a new one"]
    ages = [*living["low"], 0.0]
    data = pd.DataFrame(
        [
            [claim, age, t, *chance]
            for claim, age in zip(who, ages, strict=True)
            for t, chance in zip(HORIZONS, chances, strict=True)
        ],
        columns=["usp", "alone_so_far", "months", "chance", "low", "high"],
    )
    names = [f"in {t} months" for t in HORIZONS]
    value, low, high = (np.array(x) for x in zip(*chances, strict=True))
    said = "; ".join(
        f"{name} {words.number(v)} % ({words.span(a, b)})"
        for name, v, a, b in zip(names, value, low, high, strict=True)
    )
    return Figure(
        _still_title(len(living), float(value[1])),
        f"Chance that a USP that is yours alone today still is: {said}. Still alone: "
        + (words.listed(named) or "none")
        + ".",
        f"{_age_in_words(found)} {_prior_in_words(prior_months)}",
        data,
        {"usp": Shown("USP"), "alone_so_far": Shown("alone so far", "months"),
         "months": Shown("months ahead"), "chance": Shown("chance", "%"),
         "low": Shown("from", "%"), "high": Shown("to", "%")},
        lambda: charts.dots(
            names, value, low, high,
            ["each that is alone today" if len(living) else "a new one"] * len(HORIZONS),
        ),
    )  # fmt: skip


def _still_title(living: int, in_a_year: float) -> str:
    chance = f"{words.number(in_a_year)} in 100"
    if not living:
        return (
            "None is yours alone any more; a new one would still be alone after a year with a "
            f"chance of {chance}"
        )
    if living == 1:
        return f"One is still yours alone; that it is so in a year has a chance of {chance}"
    left = in_a_year / 100 * living
    return (
        f"{words.spelled(living).capitalize()} are still yours alone; in a year, expect about "
        f"{words.spelled(round(left), 'none')}"
    )


def _age_in_words(found: Copied) -> str:
    shape, p = ageing(found.times)
    if math.isnan(p) or p > ALPHA:
        return (
            "The chance is the same for each, however long it has been alone: nothing here says "
            "that age makes a thing safer."
        )
    if shape < 1:
        return (
            "Taken to be the same for each, although what has lasted seems to last with you: the "
            "old ones may do better than this, the new ones worse."
        )
    return (
        "Taken to be the same for each, although age seems to tell with you: the old ones may do "
        "worse than this, the new ones better."
    )


@part
def renewal(client: Client, sure: float = 80.0, prior_months: float = 12.0) -> Figure:
    """How often is something new needed to be ahead, and how does the firm's own pace compare?

    Args: sure, how sure to be that something is yours alone, in percent; prior_months, months in
    which half of such things are copied, before any evidence.
    """
    found, end = copied(client), day(client)
    if not found.speaks:
        return absent_figure("how often something new is needed", found.too_few)
    thought = with_prior(found.times, prior_months)
    needed, low, high = interval_between(thought, sure / 100)
    pace, launches = own_pace(found, end)
    lasts = math.log(2) * pace / stretch(sure / 100)
    title = f"Something new every {_every(needed)} keeps you ahead"
    if low <= pace <= high:
        title += ", and your own pace may just do"
    elif math.isfinite(pace):
        title += f"; you launch one every {_every(pace)}"
    else:
        title += "; you have launched nothing for three years"
    names = ["needed", "your own pace"][: 2 if math.isfinite(pace) else 1]
    values = [needed, pace][: len(names)]
    lows, highs = [low, pace][: len(names)], [high, pace][: len(names)]
    advantage = (
        f" At your own pace it would do if half of what you launch lasted {words.number(lasts)} "
        "months: that "
        "is what a sustainable advantage would have to look like."
        if math.isfinite(pace)
        else ""
    )
    return Figure(
        title,
        "Months between launches so that something is yours alone with a chance of "
        f"{words.number(sure)} in "
        f"100: {words.number(needed, 1)} ({words.span(low, high, 1)}); your own pace: "
        + (f"{words.number(pace, 1)}." if math.isfinite(pace) else "no launch in three years."),
        f"Ahead means: just before the next launch, at least one thing is still yours alone, with "
        f"a chance of {words.number(sure)} in 100.{advantage} A quick rival copies several things "
        "at once, "
        f"so the launches are not as independent as the sum takes them to be. "
        f"{_prior_in_words(prior_months)}",
        pd.DataFrame({"what": names, "months": values, "low": lows, "high": highs}),
        {"months": Shown("months between launches"), "low": Shown("from"), "high": Shown("to")},
        lambda: time_charts.months(
            names, values, lows, highs,
            [f"to be ahead, {words.number(sure)} in 100",
             words.count(launches, "launch", "launches") + " in three years"][: len(names)],
        ),
    )  # fmt: skip


def _every(months: float) -> str:
    if months > 60:
        return "five years or more"
    text = words.shortest(months, 0 if months >= 3 else 1)
    return "month" if text == "1" else f"{text} months"


@part
def timetable(client: Client, sure: float = 80.0, prior_months: float = 12.0) -> Table:
    """When should what be learnt, tried, launched and looked at in the next 18 months?

    Args: sure, how sure to be that something is yours alone, in percent; prior_months, months in
    which half of such things are copied, before any evidence.
    """
    found, end = copied(client), day(client)
    if not found.speaks:
        return absent_table("a timetable for what comes next", found.too_few)
    needed, *_ = interval_between(with_prior(found.times, prior_months), sure / 100)
    first = max(found.table["launched_on"].max() + _after(needed), end + _after(min(needed, 3)))
    launches = [first + _after(needed * i) for i in range(len(_NAMES))]
    launches = [d for d in launches if d <= end + pd.DateOffset(months=18)]
    rows = [] if launches else [[end + pd.DateOffset(months=m), *_QUIET] for m in (6, 12, 18)]
    for name, begin, when in zip(_NAMES, [end, *launches], launches, strict=False):
        rows += [
            [begin, "learn", f"{name}: ask five clients what they would miss, and read up"],
            [begin + (when - begin) / 2, "try", f"{name}, at one account that will say so"],
            [when, "launch", f"{name}; write down the day, and three rivals to watch"],
            [when + _after(2), "look", f"{name}: which rival has it by now, and is theirs better?"],
        ]
    data = pd.DataFrame(rows, columns=["when", "what", "about"])
    data = data.sort_values(["when", "what"], kind="stable").reset_index(drop=True)
    data["when"] = [words.day(d) for d in data["when"]]
    title = "No launch is needed in the next 18 months; a look at the rivals is"
    if launches:
        things = "thing" if len(launches) == 1 else "things"
        many = words.spelled(len(launches)).capitalize()
        title = f"{many} new {things} by {words.day(launches[-1])}"
    return Table(
        title,
        f"One every {_every(needed)}, to be ahead with a chance of {words.number(sure)} in 100. A "
        "plan, not "
        "a finding: it goes into the roadmap at the end of the series, where it competes for the "
        "same hours as everything else.",
        data,
        {"when": Shown("when"), "what": Shown("what"), "about": Shown("")},
    )


def _after(months: float) -> pd.Timedelta:
    return pd.Timedelta(days=round(MONTH * months))
