"""Is one group different from another? Comparisons, and whether they survive a second look."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from servicegap.stats import DRAWS, LIKELY, SEED, Z95

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

ALPHA = 0.05  # of exploratory looks, after adjusting for how many they are
SEEN = 2.8  # standard errors: a difference of this size is seen four times in five


def net_score(positive: float, negative: float, n: int) -> tuple[float, float, float, float]:
    """Net score of a sample (share positive − share negative) with Wald's interval.

    Args: counts of positive and negative answers, and of all. Returns: (net, standard error, low,
    high), from −1 to 1. With 0–10 answers, 9–10 against 0–6, this is NPS. Variance: p₊ + p₋ − net².
    """
    up, down = positive / n, negative / n
    net = up - down
    error = math.sqrt(max(up + down - net**2, 0.0) / n)
    return net, error, net - Z95 * error, net + Z95 * error


def difference(
    one: tuple[float, float], other: tuple[float, float]
) -> tuple[float, float, float, float]:
    """Difference of two independent figures given as (value, standard error).

    Returns: (difference, low, high, p), by the normal distribution.
    """
    from scipy.special import ndtr

    gap, error = one[0] - other[0], math.hypot(one[1], other[1])
    p = 2 * float(ndtr(-abs(gap) / error)) if error else float(gap == 0)
    return gap, gap - Z95 * error, gap + Z95 * error, p


@dataclass(frozen=True)
class Stratified:
    """A comparison of two groups, raw and within strata. Differences are A − B, as fractions.

    `odds_ratio`, `interval` and `chi2` are Mantel and Haenszel's; `standardised` weights the
    strata by their size; `reversed_with` is the probability that its sign is not the raw one's.
    """

    rates_a: tuple[float, ...]
    rates_b: tuple[float, ...]
    pooled_a: float
    pooled_b: float
    standardised: float
    reversed_with: float
    odds_ratio: float
    interval: tuple[float, float]
    chi2: float

    @property
    def raw(self) -> float:
        return self.pooled_a - self.pooled_b

    @property
    def reverses(self) -> bool:
        """Simpson's paradox, with enough behind it to say so."""
        return self.reversed_with >= LIKELY


def stratified(tables: ArrayLike, seed: int = SEED) -> Stratified:
    """Compare A with B inside each stratum and in all, to see whether the comparison turns round.

    Args: tables, shape (strata, 2, 2): rows A and B, columns successes and failures, as (effective)
    counts. Returns: a Stratified. Source: Mantel & Haenszel 1959, through statsmodels (chi² without
    continuity correction); Jeffreys draws for the probability of a reversal.
    """
    from statsmodels.stats.contingency_tables import StratifiedTable

    counts = np.asarray(tables, dtype=float)
    success, total = counts[:, :, 0], counts.sum(axis=2)
    weights = total.sum(axis=1) / total.sum()
    rng = np.random.default_rng(seed)
    shape = (DRAWS, *success.shape)
    drawn = rng.beta(success + 0.5, total - success + 0.5, size=shape)
    pooled = success.sum(axis=0) / total.sum(axis=0)
    raw = pooled[0] - pooled[1]
    standardised = (drawn[:, :, 0] - drawn[:, :, 1]) @ weights
    rates = success / total
    table = StratifiedTable(list(counts))
    with np.errstate(divide="ignore", invalid="ignore"):  # no odds where everybody is happy
        odds_ratio = float(table.oddsratio_pooled)
        test = table.test_null_odds(correction=False)
        low, high = table.oddsratio_pooled_confint()
    return Stratified(
        tuple(rates[:, 0]), tuple(rates[:, 1]), float(pooled[0]), float(pooled[1]),
        float((rates[:, 0] - rates[:, 1]) @ weights),
        float(np.mean(np.sign(standardised) == -np.sign(raw))),
        odds_ratio,
        (float(low), float(high)),
        float(test.statistic),
    )  # fmt: skip


def benjamini_hochberg(p_values: ArrayLike) -> NDArray:
    """Adjust p-values of exploratory comparisons for having looked at many (Benjamini, Hochberg
    1995, through SciPy). Returns: adjusted p, same order."""
    from scipy.stats import false_discovery_control

    p = np.asarray(p_values, dtype=float)
    return false_discovery_control(p) if len(p) else p
