"""Do the other intervals hold: means, medians, differences, percentiles, net scores, times?

What a whole report prints of its twelve headlines is measured in `worlds`, through the sessions;
here is what the sessions work with, one function at a time, the truth known.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pandas as pd
from servicegap import changes, comparisons, schema, stats
from servicegap.sessions.benchmarking.among_peers import percentile, resampled_share
from servicegap.sessions.service_gaps.met import estimated
from servicegap.sessions.technology_vs_people.first_handlers import median
from servicegap.sessions.usp_erosion.survival import Times, median_estimate

from benchmarks.truth import answers
from benchmarks.truth.rows import Row, between

SEED = 610_000
Held = Callable[[np.random.Generator], bool]
_ALIKE = answers.CLUSTERED[0]


def _inside(low: float, high: float, truth: float) -> bool:
    return low - 1e-9 <= truth <= high + 1e-9


def mean_of_contacts(n: int, accounts: int, share: float) -> Held:
    """Expectations met: twenty statements a contact, so a skewed mean of shares."""
    kind = answers.Kind("", 0.1, each=20, faithful=0.3)

    def held(rng: np.random.Generator) -> bool:
        found = estimated(*answers.drawn(rng, kind, n, accounts, share))
        return _inside(found.low, found.high, 100 * share)

    return held


def middle_wait(n: int, accounts: int, tied: bool) -> Held:
    """The median of lognormal minutes, accounts alike; tied: only multiples of ten are noted.

    The truth is the median of what is noted.
    """
    truth = 10.0 * round(math.exp(3) / 10) if tied else math.exp(3)

    def held(rng: np.random.Generator) -> bool:
        account = np.repeat(np.arange(accounts), answers.sizes(_ALIKE, n, accounts))
        own = rng.normal(0, 0.35, accounts)[account] + rng.normal(0, 1, n)
        minutes = np.exp(3 + own)
        noted = 10 * np.round(minutes / 10) if tied else minutes
        _, low, high = median(pd.Series(noted), pd.Series(account))
        return _inside(low, high, truth)

    return held


def difference(n: int, accounts: int, then: float, now: float) -> Held:
    """Two periods: the difference of two shares, accounts alike."""
    head = schema.HEADLINES["csat"]

    def held(rng: np.random.Generator) -> bool:
        both = [stats.share(*answers.drawn(rng, _ALIKE, n, accounts, p)) for p in (now, then)]
        found = changes.compare(head, *both)
        return _inside(found.low, found.high, 100 * (now - then))

    return held


def net(n: int) -> Held:
    """A net score of independent answers: 50 % delighted, 20 % not."""

    def held(rng: np.random.Generator) -> bool:
        up, down, _ = rng.multinomial(n, [0.5, 0.2, 0.3])
        _, _, low, high = comparisons.net_score(up, down, n)
        return _inside(low, high, 0.3)

    return held


def place_among_peers(n: int, accounts: int, share: float) -> Held:
    """The percentile among a fixed panel of twenty, the own share drawn again by account."""
    peers = np.linspace(45, 95, 20)
    truth = float(percentile(100 * share, peers)[0])

    def held(rng: np.random.Generator) -> bool:
        values, account = answers.drawn(rng, _ALIKE, n, accounts, share)
        places = percentile(100 * resampled_share(values, account, draws=1_000), peers)
        found = stats.from_draws(0.0, places, n, n, accounts, "", "contacts")
        return _inside(found.low, found.high, truth)

    return held


def months(pairs: int, every: float) -> Held:
    """The median time until a copy, looked at every so many months, for four years at most."""
    truth = 8.0

    def held(rng: np.random.Generator) -> bool:
        time = rng.exponential(truth / math.log(2), pairs)
        watched = rng.uniform(6, 48, pairs)
        low = np.floor(time / every) * every
        gone = time > np.floor(watched / every) * every
        last = np.floor(watched / every) * every
        times = Times.of(np.where(gone, last, low), np.where(gone, math.inf, low + every))
        found = median_estimate(times, pairs)
        return found.measured and _inside(found.low, found.high, truth)

    return held


# What is asked, the ends within which it has to hold, and the cells: (size, one firm drawn).
LOOKS: tuple[tuple[str, float, float, tuple[tuple[str, Held], ...]], ...] = (
    ("means of shares (expectations met), 10 to 60 accounts", 92, 98, tuple(
        (f"{n}, {g}", mean_of_contacts(n, g, p))
        for n, g in ((28, 10), (60, 20), (120, 40), (180, 60))
        for p in (0.5, 0.7, 0.9)
    )),
    ("medians (waits), skewed, accounts alike", 92, 98.5, tuple(
        (f"{n}, {g}", middle_wait(n, g, False))
        for n, g in ((28, 10), (60, 20), (120, 40), (300, 40))
    )),
    ("medians of tied values", 92, 100, tuple(
        (f"{n}, {g}", middle_wait(n, g, True))
        for n, g in ((28, 10), (60, 20), (120, 40), (300, 40))
    )),
    ("differences of two periods, accounts alike", 92, 98, tuple(
        (f"{n}, {g}", difference(n, g, a, b))
        for n, g in ((28, 10), (60, 20), (120, 40))
        for a, b in ((0.6, 0.6), (0.5, 0.8), (0.8, 0.95))
    )),
    ("net scores, independent answers", 93, 97.5, tuple((str(n), net(n)) for n in (40, 120, 300))),
    ("percentile among peers, accounts alike", 90, 100, tuple(
        (f"{n}, {g}", place_among_peers(n, g, p))
        for n, g in ((60, 20), (120, 40))
        for p in (0.6, 0.71, 0.85)
    )),
    ("median months until copied, looked at every 2 or 6", 92, 97.5, tuple(
        (str(pairs), months(pairs, every)) for pairs in (10, 20, 60) for every in (2.0, 6.0)
    )),
)  # fmt: skip


def rows(trials: int, slack: float = 0.0) -> list[Row]:
    """One row a kind of figure: the least and the most often that its intervals held."""
    said = []
    for at, (name, low, high, looks) in enumerate(LOOKS):
        found: dict[str, list[float]] = {}
        for cell, (size, held) in enumerate(looks):
            rng = np.random.default_rng([SEED, at, cell])
            found.setdefault(size, []).append(100 * sum(held(rng) for _ in range(trials)) / trials)
        top = min(high + slack, 100)
        mean = [float(np.mean(x)) for x in found.values()]
        said.append(between(f"95 % intervals of {name}, mean by n", low - slack, top, mean))
    return said
