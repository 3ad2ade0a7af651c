"""Does what is printed as 80 or 90 % sure come true so often? Half-lives, referrals, tiers."""

from __future__ import annotations

import itertools
import math

import numpy as np
from servicegap.sessions.referral_roadmap import Beta, Rates, effects, shared_out
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
    value, least, most = _stated(rng, 1 / rate, 12)
    true = math.exp(-rate * 12)
    return value / 100, bool(rng.random() < true), least <= 100 * true <= most


def alone_of(rng: np.random.Generator, half: float, usps: int) -> tuple[float, bool]:
    """The same where every USP has one half-life in months, whatever the prior thinks."""
    value, least, most = _stated(rng, half / math.log(2), usps)
    return value, least <= 100 * 0.5 ** (12 / half) <= most


def _stated(rng: np.random.Generator, months: float, usps: int) -> tuple[float, float, float]:
    """What is said, with its interval, of USPs that stay alone for so many months on average."""
    time, watched = rng.exponential(months, usps), 2 * rng.integers(3, 25, usps)
    gone = time > watched
    low = np.where(gone, watched, 2 * np.floor(time / 2))
    thought = with_prior(Times.of(low, np.where(gone, math.inf, low + 2)), PRIOR_MONTHS)
    return chance_alone(thought, 12)


def by_account(rng: np.random.Generator, glad: float, merely: float) -> tuple[bool, float]:
    """One firm whose referrals are known by account: does the 80 % interval of the difference of
    the two kinds' rates hold, and what is the difference said to be?

    40 accounts of one to six people who answered, alike within accounts (0.1) in how glad they are.
    """
    sizes = rng.integers(1, 7, 40)
    level = rng.beta(0.45 * 9, 0.55 * 9, 40)
    happy = rng.binomial(sizes, 0.92)
    warm = rng.binomial(happy, level)
    heads = np.column_stack([warm, happy - warm, sizes - happy])
    events = rng.binomial(heads, (glad, merely, 0.0)).sum(axis=1)
    one, other, _ = shared_out(heads, events, int(rng.integers(2**31)))
    low, high = np.quantile(one.draws - other.draws, (0.1, 0.9))
    return bool(low <= glad - merely <= high), one.mean - other.mean


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
        *_whatever_the_prior(rng, trials),
        *_known_by_account(rng, max(trials // 5, 20), slack),
        Row("half-lives: chance to be alone in a year beside what came, by fifths, past chance",
            f"at most {limit:g} points off", f"{off:.1f} points at most", off <= limit),
        between("half-lives: 95 % intervals of that chance", 92 - slack, 98 + slack,
                [100 * inside.mean()]),
        between("80 % intervals of referrals a year", 76 - slack, 88 + slack,
                [100 * float(np.mean(held))]),
        at_least("tiers: the one placed above is the larger", sum(placed), len(placed), 90),
    ]  # fmt: skip


def _whatever_the_prior(rng: np.random.Generator, trials: int) -> list[Row]:
    """Half-lives far from the prior's: by how much it draws the chance towards itself."""
    said = []
    for half, usps in ((3, 12), (3, 5), (24, 12), (60, 5)):
        found = [alone_of(rng, half, usps) for _ in range(trials)]
        value, held = (float(np.mean(x)) for x in zip(*found, strict=True))
        said.append(
            Row(f"half-life {half} months, {usps} USPs, prior {PRIOR_MONTHS:g}: chance to be alone "
                f"in a year, truly {100 * 0.5 ** (12 / half):.0f} %", "shown",
                f"said {value:.0f} %; 95 % interval holds {100 * held:.0f} %")
        )  # fmt: skip
    return said


def _known_by_account(rng: np.random.Generator, trials: int, slack: float) -> list[Row]:
    """Who referred is not known, only from which account."""
    held, said = [], []
    for glad, merely in ((0.25, 0.02), (0.4, 0.05), (0.15, 0.03), (0.15, 0.15)):
        found = [by_account(rng, glad, merely) for _ in range(trials)]
        inside, meant = (float(np.mean(x)) for x in zip(*found, strict=True))
        held.append(100 * inside)
        said.append(f"{100 * meant:.0f} ({100 * (glad - merely):.0f})")
    return [
        between("80 % intervals of how much readier the delighted refer, known by account, rates "
                "fixed", 72 - 2 * slack, 90 + 2 * slack, held),
        Row("the same, referrals per 100 people and year: mean said (true)", "shown",
            ", ".join(said)),
    ]  # fmt: skip
