"""What does each gap cost in referrals a year? A sum with its range, and ranks in tied tiers.

contacts in the okay zone × the share that could move × (referral rate of the delighted − of the
okay) × won per referral. Beta posteriors, 80 % interval; it holds if the difference holds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from servicegap import charts, measures, schema, stats, words
from servicegap.charts import roadmap as roadmap_charts
from servicegap.client import Client
from servicegap.findings import Figure, Shown, absent_figure, part
from servicegap.sessions.referral_roadmap.gaps import RULES, WHOLE, touched
from servicegap.sessions.referral_roadmap.rates import Beta, Rates, rates_of
from servicegap.sessions.referral_roadmap.told import gather

EVENTS_FROM = 5  # referrals; under that nothing is counted
INTERVAL = (0.10, 0.90)  # an 80 % interval
_LABEL = "what each gap costs in referrals"


@dataclass(frozen=True)
class Effect:
    """Referrals won a year if a gap were closed for the share that could move.

    `value` is the mean, `low` and `high` the ends of the 80 % interval; `people` the contacts of
    the okay zone whom the gap touches; `tier` counts from 1, and equals share one.
    """

    id: str
    people: int
    value: float
    low: float
    high: float
    tier: int


def mean_effect(people: int, rates: Rates, share: float) -> float:
    """The mean in closed form: all four factors are independent, so their means multiply.

    Args: people, those of the okay zone whom a gap touches, of `rates.satisfied`; share, from 0 to
    1, how many of them could move.
    """
    difference = rates.delighted.mean - rates.okay.mean
    zone = rates.satisfied * Beta(people, rates.satisfied).mean
    return zone * share * difference * rates.won.mean


def spread_effect(people: int, rates: Rates, share: float) -> float:
    """The standard deviation in closed form, for checking the draws."""
    zone, won = Beta(people, rates.satisfied), rates.won
    glad, okay = rates.delighted, rates.okay
    squared = glad.square + okay.square - 2 * glad.mean * okay.mean
    second = (rates.satisfied * share) ** 2 * zone.square * squared * won.square
    return float(max(second - mean_effect(people, rates, share) ** 2, 0.0) ** 0.5)


def effects(
    zones: Mapping[str, int], rates: Rates, share: float, draws: int = 4 * stats.DRAWS
) -> list[Effect]:
    """The effect of each gap, the largest first, in tied tiers.

    Args: zones, people of the okay zone whom each gap touches; share, how many could move (0 to 1).
    The rates are one and the same for all gaps in a draw; the people are drawn by gap. A gap opens
    a new tier only where the first of the tier before it is larger with probability 0.90. The whole
    okay zone, of which the others are parts, comes first and has no tier (0).
    """
    rng = np.random.default_rng(stats.SEED)
    difference = rates.delighted.drawn(rng, draws) - rates.okay.drawn(rng, draws)
    common = rates.satisfied * share * difference * rates.won.drawn(rng, draws)
    drawn = {gap: common * Beta(n, rates.satisfied).drawn(rng, draws) for gap, n in zones.items()}
    means = {gap: mean_effect(n, rates, share) for gap, n in zones.items()}
    # the rates are common: the more people the more is at stake, whichever way the difference lies
    order = sorted(zones, key=lambda gap: (gap != WHOLE, -zones[gap], list(zones).index(gap)))
    found: list[Effect] = []
    leader, tier = "", 0
    for gap in order:
        larger = leader and np.mean(drawn[leader] > drawn[gap]) >= stats.LIKELY
        if gap != WHOLE and (not leader or larger):
            leader, tier = gap, tier + 1
        low, high = np.quantile(drawn[gap], INTERVAL)
        found.append(Effect(gap, zones[gap], means[gap], float(low), float(high), tier))
    return found


@part
def referral_effect(client: Client, findings: str = "", moved: float = 25.0) -> Figure:
    """How many more clients a year would each gap bring, were it closed for some of the okay?

    Args: moved, how many in 100 of the merely satisfied could move; findings, the folder in which
    the sessions left what they found.
    """
    rates, okay = rates_of(client)
    if min(rates.delighted.n, rates.okay.n) < stats.SPEAKS_FROM:
        why = (
            "It takes ten satisfied people who would recommend you and ten who would not; there "
            f"are {words.number(rates.delighted.n)} and {words.number(rates.okay.n)}."
        )
        return absent_figure(_LABEL, why)
    if rates.events < EVENTS_FROM:
        return _only_what_fits(rates, measures.window(client))
    who = touched(client, gather(client, findings))
    # fewer than five people are not shown, and neither is what they would bring
    zones = {
        gap: len(people & okay)
        for gap, people in who.items()
        if len(people & okay) >= stats.HIDDEN_BELOW
    }
    found = effects(zones, rates, moved / 100)
    data = pd.DataFrame(
        [[_label(e.id), e.id, e.people, e.value, e.low, e.high, e.tier] for e in found],
        columns=["gap", "id", "people", "value", "low", "high", "tier"],
    )
    return Figure(
        _title(found),
        "Clients won a year, if the difference holds: "
        + "; ".join(f"{_label(e.id)} {_around(e.value, e.low, e.high)}, {e.people} people"
                    for e in found) + ".",
        _caption(found, rates, len(okay), moved, measures.window(client)),
        data,
        {"id": Shown("belief"), "gap": Shown("gap"), "people": Shown("okay people it touches"),
         "value": Shown("clients won a year"), "low": Shown("from"), "high": Shown("to"),
         "tier": Shown("tier")},
        lambda: roadmap_charts.tiers(
            data["gap"].tolist(), data["value"], data["low"], data["high"], data["tier"].tolist(),
            [words.count(n, "okay person", "okay people") for n in data["people"]], "a year",
        ),
    )  # fmt: skip


def _label(belief: str) -> str:
    return schema.HEADLINES[belief].label


def _around(value: float, low: float, high: float) -> str:
    return f"{words.number(value, 1)} ({words.ends(low, high, 1)})"


def _title(found: Sequence[Effect]) -> str:
    first, parts = [e for e in found if e.tier == 1], [e for e in found if e.tier]
    best = first[0] if first else found[0]
    size = f"{words.ends(best.low, best.high, 1)} clients a year"
    if best.high < 0:
        return "Here the okay refer more than the delighted do; too few referrals to build on"
    if best.low <= 0:
        return "Whether closing a gap would bring referrals can't be said from these"
    if not parts:
        return f"The okay zone may be worth {size}, if the difference holds"
    if len(first) == len(parts) > 1:
        return f"No gap stands out: {size} for the largest, if the difference holds"
    names = words.listed([f"“{_label(e.id)}”" for e in first])
    verb = "comes" if len(first) == 1 else "come"
    return f"{names} {verb} first: {size}, if the difference holds"


def _caption(
    found: Sequence[Effect], rates: Rates, okay: int, moved: float, within: measures.Window
) -> str:
    often = words.often(within)
    per_100 = [f"{words.number(100 * b.mean, 1)}" for b in (rates.delighted, rates.okay)]
    rules = "; ".join(f"{_label(e.id)}: {RULES[e.id]}" for e in found)
    return (
        f"Assumed: {words.number(moved)} in 100 of the okay could move. Counted: "
        f"{okay} satisfied people who would not recommend you, of {rates.satisfied} satisfied; "
        f"{words.count(rates.events, 'referral')} {often}; per 100 people and year {per_100[0]} "
        f"from those who would, {per_100[1]} from the okay, as far as accounts can tell, since "
        "nobody wrote down who it was; "
        f"{words.number(100 * rates.won.mean)} in 100 decided ones won. 80 % intervals, if the "
        "difference between the two kinds of people holds once somebody moves from one to the "
        "other, which is the bold part of the sum. The same person is touched by several gaps, so "
        "the lines must not be added up; lines that can't be told apart are tied. “Satisfied but "
        "silent” is the whole zone, of which the others are parts. Touched means: "
        f"{rules}."
    )


def _only_what_fits(rates: Rates, within: measures.Window) -> Figure:
    """Under five referrals: no count, only the rates that so few would fit."""
    rows = [("would recommend you", rates.delighted), ("satisfied, and no more", rates.okay)]
    data = pd.DataFrame(
        [[name, 100 * b.mean, *(100 * x for x in b.interval())] for name, b in rows],
        columns=["who", "rate", "low", "high"],
    )
    many = words.spelled(rates.events, "none").capitalize()
    verb = "was" if rates.events == 1 else "were"
    return Figure(
        f"{many} {verb} referred: too few to count what a gap costs",
        "Referrals a year per 100 people that so few would fit: "
        + "; ".join(f"{r.who} {words.ends(r.low, r.high, 1)}" for r in data.itertuples())
        + ".",
        f"Under five referrals in {words.length(within)} nothing is counted. Drawn is only what "
        "they fit: the referrals a year that 100 people of each kind may make, with 95 % "
        "intervals.",
        data,
        {"who": Shown("people"), "rate": Shown("referrals a year per 100"), "low": Shown("from"),
         "high": Shown("to")},
        lambda: charts.dots(
            data["who"].tolist(), data["rate"], data["low"], data["high"],
            [words.count(int(b.n), "person", "people") for _, b in rows],
            hollow=[True, True], ends=(0, max(10.0, 1.1 * float(data["high"].max()))),
        ),
    )  # fmt: skip
