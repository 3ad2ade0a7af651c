"""The formulas of the literature, and nothing else: gaps, weights, zones, and whether marks agree.

Every function takes numbers and returns numbers. Marks are on any one scale.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from servicegap.comparisons import SEEN


@dataclass(frozen=True)
class Paired:
    """A mean difference of pairs, in marks, with its 95 % interval and the p of "no difference".

    `error` is the standard error, `t` = gap ÷ error with `freedom` degrees of freedom, both nought
    where nobody differs from anybody.
    """

    gap: float
    error: float
    t: float
    freedom: int
    low: float
    high: float
    p: float
    n: int

    @property
    def seen(self) -> float:
        """The difference that would be found four times in five."""
        return SEEN * self.error if self.error else (self.high - self.low) / 2


def paired(
    one: ArrayLike, other: ArrayLike, accounts: ArrayLike | None = None, span: float = 0.0
) -> Paired:
    """The mean of one − other over people, and how sure that is (paired t).

    Args: one and other, a mark each per person (perceived and expected: Gap 5); accounts, the
    account of each, since people of one account resemble each other; if not given, each person
    stands alone, and this is the paired t of the textbooks; span, how far apart two people's gaps
    can lie. Returns: a Paired.
    Formula: error² = G ÷ (G − 1) × Σ r² ÷ n², r the sums of residuals within each of G accounts;
    t with G − 1. Where nobody differs from anybody, p is 2 (1 − |gap| ÷ span)^G and the interval
    reaches span × (1 − 0.025^(1 ÷ G)), since a share q of accounts of another mind would have been
    missed with (1 − q)^G; without a span p is 1.
    """
    from scipy.special import stdtr, stdtrit

    gaps = np.asarray(one, dtype=float) - np.asarray(other, dtype=float)
    n = len(gaps)
    homes = np.arange(n) if accounts is None else np.asarray(accounts, dtype=str)
    _, index = np.unique(homes, return_inverse=True)
    groups, gap = int(index.max()) + 1, math.fsum(gaps) / n
    sums = np.bincount(index, weights=gaps - gap)
    error = math.sqrt(groups / max(groups - 1, 1) * float(sums @ sums)) / n
    freedom = max(groups - 1, 1)
    if error < 1e-12 or groups < 2:
        alike = max(1 - abs(gap) / span, 0.0) ** groups if span else 1.0
        half = span * (1 - 0.025 ** (1 / groups))
        return Paired(gap, 0.0, 0.0, freedom, gap - half, gap + half, min(1.0, 2 * alike), n)
    half, t = error * float(stdtrit(freedom, 0.975)), gap / error
    return Paired(
        gap, error, t, freedom, gap - half, gap + half, 2 * float(stdtr(freedom, -abs(t))), n
    )


def score(gaps: ArrayLike, weights: ArrayLike | None = None) -> float:
    """One score of several gaps: Σ weight × gap ÷ Σ weight; without weights each counts once.

    One divisor, the sum of the weights: some worksheets divide by the number of dimensions
    besides, which makes the score five times smaller and nothing clearer.
    """
    x = np.asarray(gaps, dtype=float)
    w = np.ones_like(x) if weights is None else np.asarray(weights, dtype=float)
    return float(x @ w / w.sum())


def zone(
    minimum: ArrayLike, desired: ArrayLike, perceived: ArrayLike
) -> tuple[NDArray, NDArray, NDArray]:
    """Where what is perceived lies in the zone of tolerance, from the least that would do to what
    is wished for.

    Returns: adequacy (perceived − minimum; below nought is under the zone), superiority
    (perceived − desired; above nought is over it), and whether it lies under the zone.
    Source: Zeithaml, Berry and Parasuraman 1993.
    """
    low, high, got = (np.asarray(x, dtype=float) for x in (minimum, desired, perceived))
    return got - low, got - high, got < low


def cronbach_alpha(marks: ArrayLike, confidence: float = 0.95) -> tuple[float, float, float]:
    """How far several questions say the same: Cronbach's alpha with Feldt's interval.

    Args: marks, (people, questions), complete, at least two of each. Returns: (alpha, low, high);
    NaN where nobody differs. Formula: k ÷ (k − 1) × (1 − Σ variances ÷ variance of the sum);
    interval 1 − (1 − alpha) × F quantiles with n − 1 and (n − 1)(k − 1). Source: Cronbach 1951;
    Feldt 1965. Limit: it rises with the number of questions, and the interval takes people as
    independent.
    """
    from scipy.special import fdtri

    x = np.asarray(marks, dtype=float)
    n, k = x.shape
    whole = float(x.sum(axis=1).var(ddof=1))
    if whole < 1e-12:
        return math.nan, math.nan, math.nan
    alpha = k / (k - 1) * (1 - float(x.var(axis=0, ddof=1).sum()) / whole)
    tail, freedom = (1 - confidence) / 2, (n - 1, (n - 1) * (k - 1))
    low = 1 - (1 - alpha) * float(fdtri(*freedom, 1 - tail))
    high = 1 - (1 - alpha) * float(fdtri(*freedom, tail))
    return alpha, low, high
