"""How good is somebody at saying how sure they are? Forecasts, and ranges that held or did not."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True)
class Brier:
    """Brier's score of probability forecasts and Murphy's parts of it.

    score = reliability − resolution + base; `skill` is 1 − score ÷ base, NaN where everything or
    nothing came true, since then no skill was asked for.
    """

    score: float
    base: float
    skill: float
    reliability: float
    resolution: float


def brier(probability: ArrayLike, forecasts: ArrayLike, events: ArrayLike) -> Brier:
    """Score forecasts, grouped by the probability that was issued.

    Args: probability issued (0 to 1, one per group); forecasts, how many; events, how many came
    true. Returns: a Brier. Source: Brier 1950, Murphy 1973. Every issued value is its own group,
    so the parts add up exactly.
    """
    p, n, k = (np.asarray(x, dtype=float) for x in (probability, forecasts, events))
    total, rate = n.sum(), k / n
    overall = k.sum() / total
    score = float((k * (p - 1) ** 2 + (n - k) * p**2).sum() / total)
    base = float(overall * (1 - overall))
    reliability = float((n * (p - rate) ** 2).sum() / total)
    resolution = float((n * (rate - overall) ** 2).sum() / total)
    skill = 1 - score / base if base else math.nan
    return Brier(score, base, skill, reliability, resolution)


RANGE = 0.90  # how often the ranges that people state are meant to hold
_HALF = 1.6448536269514722  # half of such a range, in standard deviations of a normal belief
FAR_TAIL = 0.005  # only so rare a count is put down to ranges that are too narrow


@dataclass(frozen=True)
class Held:
    """How many ranges held, beside what noise in the evidence alone lets one expect.

    `held` of `n`; `share` the exact interval of the share that holds in the long run; `expected`
    and `noise` what ranges that are right nine times in ten would leave (mean, and the ends of the
    central 95 %); `tail` the chance of so few, were they right.
    """

    n: int
    held: int
    share: tuple[float, float]
    expected: float
    noise: tuple[int, int]
    tail: float

    @property
    def over_precise(self) -> bool:
        return self.tail <= FAR_TAIL


def chance_of_holding(half: ArrayLike, error: ArrayLike) -> NDArray:
    """How likely the evidence lies in a range that holds the truth nine times in ten.

    The truth is taken as normal about the middle of the range, the evidence as normal about the
    truth: 2Φ(half ÷ √((half ÷ 1.645)² + error²)) − 1.

    Args: half, half the width of each range; error, the standard error of the evidence in it; in
    one unit. Returns: chances; 0.9 where the evidence has no error, 0 where the range has no width.
    """
    from scipy.special import ndtr

    half, error = np.asarray(half, dtype=float), np.asarray(error, dtype=float)
    spread = np.hypot(half / _HALF, error)
    safe = np.where(spread > 0, spread, 1.0)
    return np.where(spread > 0, 2 * ndtr(half / safe) - 1, RANGE)


def ranges_held(inside: ArrayLike, chances: ArrayLike) -> Held:
    """Did ranges hold as often as they should, the noise of the evidence allowed for?

    Args: inside, whether the evidence lay in each range; chances, how likely that was, were the
    ranges right. Returns: a Held: Clopper and Pearson's interval, and the exact distribution of a
    sum of unequal chances (Poisson's binomial). Limit: the beliefs are taken to miss one by one.
    """
    from statsmodels.stats.proportion import proportion_confint

    kept, p = np.asarray(inside, dtype=bool), np.asarray(chances, dtype=float)
    n, held = len(p), int(kept.sum())
    law = np.array([1.0])
    for chance in p:
        law = np.convolve(law, [1 - chance, chance])
    up_to = np.cumsum(law)
    low, high = proportion_confint(held, n, method="beta") if n else (0.0, 1.0)
    ends = [int(np.searchsorted(up_to, q - 1e-12)) for q in (0.025, 0.975)]
    noise = (min(ends[0], n), min(ends[1], n))
    return Held(n, held, (float(low), float(high)), float(p.sum()), noise, float(up_to[held]))
