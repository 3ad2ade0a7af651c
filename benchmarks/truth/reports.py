"""What a whole report says, through all sessions: false alarms, power, intervals, chances."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np
from servicegap import calibration, schema
from servicegap.sessions.referral_roadmap.all_beliefs import RANGES_FROM
from servicegap.simulate.lessons import LESSONS
from servicegap.stats import Z95

from benchmarks import power
from benchmarks.truth.rows import Row, at_least, at_most, between, within_chance
from benchmarks.truth.worlds import SEED, SPREAD, SPREAD_RATIO, Firm, Judged, counted, workers

_NINE_IN_TEN = 1.6448536269514722  # half a 90 % range, in standard deviations

# The firms for teaching that a belief decides; the others are planted in alder-it.
PLANTED = {
    **{firm.lesson.belief: firm.id for firm in LESSONS if firm.lesson.belief not in ("", "csat")},
    "stay_share": "leaving",
}


def planted() -> list[tuple[str, str]]:
    """Every belief with the made-up firm in which a fault of strength 1 is planted."""
    pairs = [(belief, PLANTED.get(belief, "alder-it")) for belief in schema.HEADLINES]
    return [(belief, where) for belief, where in pairs if power.planted(belief, where)]


def alarms(unfaulted: Sequence[Firm], chance: bool) -> list[Row]:
    """Reports of firms all of whose beliefs are true: how many hold a clear verdict?

    Args: chance, judge by what chance may do to a small run.
    """
    _, whole = counted(unfaulted)
    name = "reports with any clear false verdict, all beliefs true"
    row = at_most(name, whole["alarms"], whole["firms"], 5)
    leaning = sum(x.strength == "leaning" for one in unfaulted for x in one.values())
    each = f"{leaning / max(1, whole['firms']):.2f} a report"
    if chance:
        row = within_chance(row, whole["alarms"], whole["firms"], 5, most=True)
    return [row, Row("leanings in those reports", "shown", each)]


def mixed(firms: Sequence[Firm], chance: bool) -> list[Row]:
    """Half of the beliefs true, the others off: which verdicts point the wrong way?"""
    _, whole = counted(firms)
    said = []
    for strength, percent in (("clear", 5), ("leaning", 30)):
        wrong, right = whole[f"{strength}, wrong"], whole[f"{strength}, right"]
        row = at_most(
            f"mixed world: {strength} verdicts that are wrong", wrong, wrong + right, percent
        )
        if chance:
            row = within_chance(row, wrong, wrong + right, percent, most=True)
        said.append(row)
    turned = _of(firms, lambda x: x.strength == "clear" and x.wrong and x.gap)
    no_effect = _of(firms, lambda x: x.strength == "clear" and x.wrong and not x.gap)
    said.append(Row("of those clear: wrong direction, and nothing there", "shown",
                    f"{turned} and {no_effect}"))  # fmt: skip
    well = [(b, x) for one in firms for b, x in one.items() if x.word == "well judged"]
    inside = sum(abs(x.gap) < 2 * schema.HEADLINES[b].delta for b, x in well)
    row = at_least("“well judged” is within 2 δ (printed as 90 % sure)", inside, len(well), 90)
    said.append(within_chance(row, inside, len(well), 90, most=False) if chance else row)
    return said


def _of(firms: Sequence[Firm], that: Callable[[Judged], object]) -> int:
    return sum(bool(that(x)) for one in firms for x in one.values())


def intervals(firms: Sequence[Firm], slack: float) -> list[Row]:
    """Every headline's printed interval and posterior, through its session."""
    held, sure = {}, {}
    for belief in schema.HEADLINES:
        known = [one[belief] for one in firms if one[belief].speaks]
        if len(known) < 20:
            continue
        held[belief] = 100 * np.mean([x.low - 1e-9 <= x.true <= x.high + 1e-9 for x in known])
        sure[belief] = 100 * np.mean([0.05 <= x.under <= 0.95 for x in known])
    if not held:
        return []
    low = min(held, key=lambda b: held[b])
    return [
        between(f"95 % intervals of the headlines, through the sessions (least: `{low}`)",
                90 - slack, 100, held.values()),
        between("the same, mean over headlines", 93 - slack, 99, [_mean(held)]),
        between("the middle 90 % of each headline’s posterior", 85 - slack, 100, sure.values()),
    ]  # fmt: skip


def _mean(found: dict[str, float]) -> float:
    return float(np.mean(list(found.values())))


def own_ranges(firms: Sequence[Firm], chance: bool) -> list[Row]:
    """Ranges that hold nine times in ten: how many reports call them too narrow?

    The guesses are drawn anew about the truth, normal, with ranges as wide as such a spread asks
    for; what the evidence says does not hang on them.
    """
    tested = called = 0
    for i, one in enumerate(firms):
        off = np.random.default_rng([SEED, i]).standard_normal(len(one)) / _NINE_IN_TEN
        places = [_place(b, x, z) for (b, x), z in zip(one.items(), off, strict=True)]
        places = [p for p in places if p is not None]
        if len(places) < RANGES_FROM:
            continue
        tested += 1
        inside, error = zip(*places, strict=True)
        chances = calibration.chance_of_holding(np.ones(len(places)), np.array(error))
        called += calibration.ranges_held(inside, chances).over_precise
    row = at_most("over-confidence reported where none was planted", called, tested, 5)
    return [within_chance(row, called, tested, 5, most=True) if chance else row]


def _place(belief: str, one: Judged, off: float) -> tuple[bool, float] | None:
    """Whether the evidence lies in an own range, and its error in halves of that range.

    Args: off, how far the middle of the range lies from the truth, in halves of the range.
    """
    ratio = schema.HEADLINES[belief].ratio
    numbers = np.array([one.true, one.value, one.low, one.high])
    if ratio:
        numbers = np.log(np.maximum(numbers, 0.1))
    if not one.speaks or not np.isfinite(numbers).all():
        return None
    half = math.log(SPREAD_RATIO) if ratio else SPREAD
    true, value, least, most = map(float, numbers)
    return abs(value - (true + off * half)) <= half, (most - least) / (2 * Z95) / half


def found_of_planted(firms: int, chance: bool, jobs: int = 1) -> list[Row]:
    """Faults of strength 1 in typical firms: how often is each found, clearly and the right way?"""
    said = []
    for (belief, where), found in zip(
        planted(), _cells(firms, jobs, [(1.0, "typical")]), strict=True
    ):
        hits = found[0][f"{power.planted(belief, where)}, clear"]
        row = at_least(f"power: `{belief}` at strength 1, typical", hits, firms, 80)
        said.append(within_chance(row, hits, firms, 80, most=False) if chance else row)
    return said


def by_size_and_strength(firms: int, jobs: int = 1) -> list[Row]:
    """The same faults, and half of them, in small, typical and large firms: found how often?"""
    grid = [(strength, size) for strength in (0.5, 1.0) for size in power.SIZES]
    said = []
    for (belief, where), found in zip(planted(), _cells(firms, jobs, grid), strict=True):
        right = f"{power.planted(belief, where)}, clear"
        share = [f"{100 * cell[right] / firms:.0f}" for cell in found]
        told = f"{', '.join(share[:3])} % of half the fault; {', '.join(share[3:])} % of all of it"
        said.append(Row(f"power: `{belief}`, small, typical, large firms", "shown", told))
    return said


def _cells(firms: int, jobs: int, grid: Sequence[tuple[float, str]]) -> list[list[Counter]]:
    """For every planted fault the verdicts of so many firms at each strength and size."""
    tasks = [
        (belief, strength, size, firms, where)
        for belief, where in planted()
        for strength, size in grid
    ]
    with workers(jobs, together=1) as each:
        found = list(each(power.cell, *zip(*tasks, strict=True)))
    return [found[i : i + len(grid)] for i in range(0, len(found), len(grid))]
