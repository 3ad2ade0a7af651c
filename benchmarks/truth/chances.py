"""Does what is printed as 80 or 90 % sure come true so often? Half-lives, referrals, tiers."""

from __future__ import annotations

import itertools
import math

import numpy as np
from servicegap.sessions.referral_roadmap.effect import Beta, Rates, effects
from servicegap.sessions.usp_erosion.ahead import chance_alone
from servicegap.sessions.usp_erosion.survival import PRIOR_EVENTS, Times, with_prior

from benchmarks.truth.rows import Row, at_least, between

SEED = 650_000
PRIOR_MONTHS = 12.0  # half-life of the stated prior
MOVED = 0.25
_BINS = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)


def alone_in_a_year(rng: np.random.Generator) -> tuple[float, bool, bool]:
    """One firm's USPs: the chance stated that one outlasts 12 months more; whether it does; and
    whether the interval of that chance holds the true one.

    Rates are drawn from the prior that the session states, copies are looked for every two months.
    """
    rate = rng.gamma(PRIOR_EVENTS, math.log(2) / (PRIOR_EVENTS * PRIOR_MONTHS))
    time, watched = rng.exponential(1 / rate, 12), 2 * rng.integers(3, 25, 12)
    gone = time > watched
    low = np.where(gone, watched, 2 * np.floor(time / 2))
    thought = with_prior(Times.of(low, np.where(gone, math.inf, low + 2)), PRIOR_MONTHS)
    value, least, most = chance_alone(thought, 12)
    true = math.exp(-rate * 12)
    return value / 100, bool(rng.random() < true), least <= 100 * true <= most


def worth(rng: np.random.Generator) -> tuple[list[bool], list[bool]]:
    """One firm's gaps: whether each 80 % interval holds, and whether each tier is in its place.

    A gap's true worth is people × share moved × difference of the rates × share won; the people it
    touches are drawn as a share of the satisfied.
    """
    satisfied, delighted, okay = 110, 60, 50
    glad, merely, won = rng.beta(0.5, 0.5) * 0.5, rng.beta(0.5, 0.5) * 0.5, rng.beta(0.5, 0.5)
    touched = dict(zip("abcd", rng.beta(1, 2, 4), strict=True))
    zones = {gap: int(rng.binomial(satisfied, share)) for gap, share in touched.items()}
    rates = Rates(
        satisfied,
        Beta(float(rng.binomial(delighted, glad)), delighted),
        Beta(float(rng.binomial(okay, merely)), okay),
        Beta(float(rng.binomial(14, won)), 14),
        9,
    )
    truth = {g: satisfied * p * MOVED * (glad - merely) * won for g, p in touched.items()}
    found = effects(zones, rates, MOVED, draws=1_000)
    held = [e.low <= truth[e.id] <= e.high for e in found]
    placed = []
    for tier in range(2, max(e.tier for e in found) + 1):
        best, first = (next(e for e in found if e.tier == t) for t in (tier - 1, tier))
        placed.append(truth[best.id] > truth[first.id])
    return held, placed


def rows(trials: int, slack: float = 0.0) -> list[Row]:
    rng = np.random.default_rng(SEED)
    firms = (alone_in_a_year(rng) for _ in range(5 * trials))
    said, so, inside = map(np.array, zip(*firms, strict=True))
    off, limit = 0.0, 3.0
    for low, high in itertools.pairwise(_BINS):
        here = (said >= low) & (said < high)
        if here.sum() >= 30:  # what chance does to so few is not held against the method
            chance = 200 * math.sqrt(0.25 / here.sum())
            off = max(off, float(100 * abs(said[here].mean() - so[here].mean())) - chance)
    pairs = [worth(rng) for _ in range(trials)]
    held = [x for one, _ in pairs for x in one]
    placed = [x for _, one in pairs for x in one]
    return [
        Row("half-lives: chance to be alone in a year beside what came, by fifths, past chance",
            f"at most {limit:g} points off", f"{off:.1f} points at most", off <= limit),
        between("half-lives: 95 % intervals of that chance", 92 - slack, 98 + slack,
                [100 * inside.mean()]),
        between("80 % intervals of referrals a year", 76 - slack, 88 + slack,
                [100 * float(np.mean(held))]),
        at_least("tiers: the one placed above is the larger", sum(placed), len(placed), 90),
    ]  # fmt: skip
