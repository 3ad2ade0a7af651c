"""What are the true figures of groups, when small groups borrow from the others? A posterior.

Model: yᵢ ~ N(θᵢ, vᵢ), θᵢ ~ N(μ, τ²), μ flat, τ half-Cauchy(0.1): a tenth either way is usual
between groups, more is possible. Nothing is drawn at random for the minimum: given μ and τ the θᵢ
are independent, so P(min > x) is a product of normal tails, summed over a grid of μ and τ.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from servicegap import stats

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import ArrayLike, NDArray

SCALE = 0.1  # of the half-Cauchy: half of the prior lies under 10 points
_TAUS, _MUS = 50, 61
_REACH = 5.0  # standard deviations of μ either side


class Pool:
    """Groups pooled. `tau` and its `weight` are the grid; shares are fractions, times logarithms.

    Args: values, the raw figure per group; variances, its squared standard error. At least one
    group. Source: Gelman 2006 for the prior on τ. Limit: normal errors, so shares near 0 or 1 of a
    handful of people are rough; ends are cut at 0 and 1.
    """

    def __init__(self, values: ArrayLike, variances: ArrayLike) -> None:
        self.y = np.asarray(values, dtype=float)
        self.v = np.asarray(variances, dtype=float)
        at = (np.arange(_TAUS) + 0.5) / _TAUS
        self.tau = SCALE * np.tan(np.pi * at / 2)  # equal steps of the prior's probability
        total = self.v + self.tau[:, None] ** 2
        precision = (1 / total).sum(axis=1)
        self._centre = (self.y / total).sum(axis=1) / precision
        self._error = 1 / np.sqrt(precision)
        misfit = ((self.y - self._centre[:, None]) ** 2 / total).sum(axis=1)
        log = -0.5 * (np.log(total).sum(axis=1) + np.log(precision) + misfit)
        weight = np.exp(log - log.max())
        self.weight = weight / weight.sum()
        self._kept = self.tau[:, None] ** 2 / total  # how much of its own figure a group keeps
        self._spread = np.sqrt(self._kept * self.v)

    # -- one group at a time -------------------------------------------------------------------

    @property
    def mean(self) -> NDArray:
        """Each group's shrunken share: its posterior mean."""
        return self.weight @ self._given_tau[0]

    @cached_property
    def _given_tau(self) -> tuple[NDArray, NDArray]:
        """Mean and standard deviation of each group for each τ, μ integrated out."""
        centre = self._centre[:, None]
        mean = centre + self._kept * (self.y - centre)
        return mean, np.sqrt(self._spread**2 + ((1 - self._kept) * self._error[:, None]) ** 2)

    def interval(self, group: int, level: float = 0.95) -> tuple[float, float]:
        """The central interval of one group's true share."""
        from scipy.special import ndtr

        mean, spread = (x[:, group] for x in self._given_tau)

        def below(x: float) -> float:
            return float(self.weight @ ndtr((x - mean) / spread))

        reach = 9 * float(spread.max())
        ends = float(mean.min()) - reach, float(mean.max()) + reach
        low, high = (_solve(below, q, *ends) for q in ((1 - level) / 2, (1 + level) / 2))
        return low, high

    # -- the lowest of all ---------------------------------------------------------------------

    @cached_property
    def _given_both(self) -> tuple[NDArray, NDArray, NDArray]:
        """Weights (τ × μ,), and each group's mean (groups, τ × μ) and spread, given both."""
        step = np.linspace(-_REACH, _REACH, _MUS)
        bell = np.exp(-(step**2) / 2)
        weight = (self.weight[:, None] * bell / bell.sum()).ravel()
        mu = (self._centre[:, None] + self._error[:, None] * step).ravel()
        kept = np.repeat(self._kept, _MUS, axis=0)
        mean = mu[:, None] + kept * (self.y - mu[:, None])
        heavy = weight > 1e-9 * weight.max()
        spread = np.repeat(self._spread, _MUS, axis=0)[heavy]
        weight = weight[heavy] / weight[heavy].sum()
        return weight, np.ascontiguousarray(mean[heavy].T), np.ascontiguousarray(spread.T)

    def least_below(self, x: float) -> float:
        """P(the lowest of the true shares < x)."""
        from scipy.special import ndtr

        weight, mean, spread = self._given_both
        above = weight.copy()
        for own, width in zip(mean, spread, strict=True):
            above *= ndtr((own - x) / width)
        return float(min(max(1 - above.sum(), 0.0), 1.0))

    def least(self, q: float) -> float:
        """The q-quantile of the lowest true share, cut at 0 and 1."""
        return min(max(_solve(self.least_below, q), 0.0), 1.0)

    # -- several groups together ---------------------------------------------------------------

    def draws(self, n: int = stats.DRAWS, seed: int = stats.SEED) -> NDArray:
        """Draw the true shares of all groups together: (n, groups), the same every time."""
        rng = np.random.default_rng(seed)
        tau = rng.choice(len(self.tau), n, p=self.weight)
        mu = self._centre[tau] + self._error[tau] * rng.standard_normal(n)
        mean = mu[:, None] + self._kept[tau] * (self.y - mu[:, None])
        return mean + self._spread[tau] * rng.standard_normal((n, len(self.y)))

    @cached_property
    def is_least(self) -> NDArray:
        """The chance of each group to be the one with the lowest true share."""
        return np.bincount(self.draws().argmin(axis=1), minlength=len(self.y)) / stats.DRAWS


def _solve(
    below: Callable[[float], float], q: float, low: float = -0.5, high: float = 1.5
) -> float:
    """Where a rising function of probability passes q, between low and high."""
    from scipy.optimize import brentq

    if below(low) >= q:
        return low
    if below(high) <= q:
        return high
    return float(brentq(lambda x: below(x) - q, low, high, xtol=1e-6))
