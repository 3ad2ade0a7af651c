"""How long is a USP the firm's alone? The headline, its picture, and the short-cut."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from servicegap import stats, words
from servicegap.charts import time as time_charts
from servicegap.client import Client
from servicegap.findings import Advice, Figure, Finding, Shown, absent_figure, conclude, part
from servicegap.sessions.usp_erosion.copies import STALE, UNCHECKED, Copied, copied, day, pairs
from servicegap.sessions.usp_erosion.survival import exponential, kaplan_meier, median_estimate

MONTHS_ALONE = Advice(
    mend="Put a date on the next thing that will set you apart, sooner than the evidence says the "
    "last one will be copied, and give one person two hours a week for it.",
    test="Look at every rival's offer once, this month, and write down what each has and hasn't.",
    tell="Say in proposals how long you have had to yourself what others only promise now.",
    keep="Look at the same rivals every two months, and write down the day you looked.",
    measure="Look at three rivals for each thing that sets you apart, every two months, and write "
    "down the day and what they had; more of them, or more time, will settle it.",
    hours=(10, 30),
)


def months_alone(client: Client) -> stats.Estimate:
    """The median time from launch to the first copier (headline `usp_months_alone`), in months."""
    return _middle(copied(client))


def _middle(found: Copied) -> stats.Estimate:
    if found.table.empty:
        return stats.not_measured("No rival has been looked at for any of your USPs.", "months",
                                  "USPs")  # fmt: skip
    if not exponential(found.times):
        return stats.not_measured(UNCHECKED, "months", "USPs")
    return median_estimate(found.times, found.pairs)


@part
def usp_months_alone(client: Client) -> Finding:
    """Does the first rival take as long to copy as the client believed?"""
    known = pairs(client)
    found = copied(client, known=known)
    said = _caveats(client, found, known)
    return conclude(client, "usp_months_alone", _middle(found), MONTHS_ALONE, said)


def _caveats(client: Client, found: Copied, known: pd.DataFrame) -> tuple[str, ...]:
    said = []
    launched = client["usps"].loc[lambda t: t["launched_on"] < day(client)]
    unseen = len(launched) - len(found.table)
    if unseen and len(found.table):
        whom = "it" if unseen == 1 else "any of them"
        said.append(f"{words.count(unseen, 'USP')} stayed out: no rival was looked at for {whom}.")
    if len(found.table) and not found.times.events:
        said.append(
            "None has been copied yet, so the figure is what it would be had the first been copied "
            "today; only the lower end of the range rests on what was seen."
        )
    early = known.loc[known["before"], "usp_id"].nunique()
    if early:
        had = "had it" if early == 1 else "had them"
        said.append(
            f"{words.count(early, 'USP')} {'was' if early == 1 else 'were'} never yours alone: a "
            f"rival {had} on the day of the launch. That counts as no time at all."
        )
    living = found.living["usp_id"]
    looked = known[known["usp_id"].isin(living)].groupby("usp_id")["checked"].max()
    stale = int((looked < day(client) - STALE).sum())
    if stale:
        whom = "one that counts" if stale == 1 else f"{words.spelled(stale)} that count"
        said.append(
            f"For {whom} as still yours alone nobody has looked at a rival for half a year or "
            "more; the true figure may be shorter."
        )
    return tuple(said)


@part
def alone(client: Client) -> Figure:
    """Of 100 USPs, how many are still the client's alone after so many months?"""
    found = copied(client)
    if not found.speaks:
        return absent_figure("how long you are alone", found.too_few)
    finding = usp_months_alone(client)
    estimate, stated = finding.estimate, finding.stated
    curve = kaplan_meier(found.times.middle, found.times.happened)
    nothing = (math.nan,) * 3
    evidence = (estimate.value, estimate.low, estimate.high) if estimate.measured else nothing
    belief = (stated.value, stated.low, stated.high) if stated else nothing
    ages = found.times.low[~found.times.happened]
    data = pd.DataFrame(
        {"months": np.concatenate([[0.0], curve.time]),
         "alone": 100 * np.concatenate([[1.0], curve.lasting])}
    )  # fmt: skip
    year = float(100 * curve.at([12.0])[0])
    title = _alone_title(finding)
    gap = words.arrow(finding.headline, belief[0], evidence[0]) if stated else ""
    return Figure(
        title,
        f"{title}. Of {len(found.table)} USPs {found.times.events} have been copied; of 100, "
        f"{words.number(year)} are still yours alone after 12 months. {finding.sentence}",
        "Read it from the left: the stair falls as rivals turn up. It crosses the middle where "
        "half have been copied; there lie what was believed (grey, its range and its tick) and "
        "what the evidence says (dot and line, hollow while nothing is settled). Short upright "
        "marks on the stair are USPs that are still yours alone.",
        data,
        {"months": Shown("months since launch"), "alone": Shown("still yours alone, of 100")},
        lambda: time_charts.lasting(
            curve.time, curve.lasting, ages, evidence, belief,
            (finding.verdict.word, finding.verdict.strength), (gap, words.behind(estimate)),
        ),
        about="usp_months_alone",
    )  # fmt: skip


def _alone_title(finding: Finding) -> str:
    estimate = finding.estimate
    if not estimate.measured:
        return "Nobody knows how long you were alone: no day without a copy was written down"
    if math.isinf(estimate.high):
        return "Nobody has been seen to copy you yet"
    found = words.amount(finding.headline, estimate.value)
    ends = words.reach(finding.headline, estimate.low, estimate.high)
    return f"Half of what you launch has a rival after {found} (somewhere {ends})"


@part
def naive(client: Client) -> Figure:
    """What does the short-cut say that looks at copied USPs only, and why is it too short?"""
    found, estimate = copied(client), months_alone(client)
    label = "the short-cut beside the whole"
    if not found.speaks or not estimate.measured:
        return absent_figure(label, estimate.why or found.too_few)
    times = found.times
    n, events = len(times.low), times.events
    if not events:
        why = "Nothing has been copied yet, so the short-cut has nothing to look at."
        return absent_figure(label, why)
    short = float(np.median(times.high[times.happened]))
    title = _naive_title(short, estimate.value, n - events)
    low, high = estimate.low, estimate.high
    data = pd.DataFrame(
        {"how": ["copied ones only", "all of them"], "median": [short, estimate.value],
         "low": [None, low], "high": [None, high], "usps": [events, n]}
    )  # fmt: skip
    return Figure(
        title,
        f"Median months until the first copy: {words.number(short, 1)} if only the {events} copied "
        "USPs are "
        f"looked at, {words.number(estimate.value, 1)} ({words.number(low, 1)} to "
        f"{words.number(high, 1)}) if all {n} count.",
        "The short-cut drops what is still yours alone, and with it the longest-lived; the younger "
        "your USPs, the more it drops. Counting all of them, each living one says: at least so "
        "long. A copy also happened some time before the day on which it was noticed, which the "
        "short-cut overlooks in the other direction.",
        data,
        {"how": Shown("what is counted"), "median": Shown("median", "months"),
         "low": Shown("from", "months"), "high": Shown("to", "months"), "usps": Shown("USPs")},
        lambda: time_charts.months(
            ["copied ones only", "all of them"], [short, estimate.value],
            [short, low], [short, high], [words.count(events, "USP"), words.count(n, "USP")],
            [True, False],
        ),
    )  # fmt: skip


def _naive_title(short: float, whole: float, living: int) -> str:
    if not living:
        return "Here the short-cut drops nothing: every one on your list has been copied"
    alive = f"{words.spelled(living)} still yours alone"
    if short < 0.9 * whole:
        less = words.number(whole - short, 1)
        return f"The short-cut is {less} months too short: it drops the {alive}"
    if short > 1.1 * whole:
        return f"Here the short-cut errs the other way, although it drops the {alive}"
    return f"Here the short-cut does little harm, although it drops the {alive}"
