"""How far do groups differ, beyond luck? Between and within, heterogeneity, and shrinking.

Shares are fractions here. Each function is small and answers one question of the literature; what
the session's own verdict rests on is in `servicegap.pooling`.
"""

from __future__ import annotations

import math
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from servicegap.comparisons import ALPHA

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

POWER = 0.80  # "would have been seen" means: four times in five


@dataclass(frozen=True)
class RandomIntercept:
    """Variance between groups and within them, and how far each group lies off the mean.

    `effects` are shrunken (best linear unbiased predictions), by group.
    """

    mean: float
    between: float
    within: float
    effects: dict[str, float]

    @property
    def icc(self) -> float:
        """How much two members of one group resemble each other: between ÷ (between + within)."""
        total = self.between + self.within
        return self.between / total if total > 0 else 0.0


def random_intercept(
    values: ArrayLike, groups: ArrayLike, fixed: ArrayLike | None = None
) -> RandomIntercept:
    """Fit value = mean + group + rest by restricted maximum likelihood.

    Args: values, one per member; groups, the group of each, same length; fixed, further columns of
    a design in place of the single mean (then `mean` is their average fit). Returns: variances in
    the square of the values' unit. Source: Laird & Ware 1982, through statsmodels (MixedLM). Limit:
    with a handful of groups the variance between them is barely known, and often exactly 0.
    """
    from statsmodels.regression.mixed_linear_model import MixedLM

    y, names = np.asarray(values, dtype=float), np.asarray(groups, dtype=str)
    design = np.ones((len(y), 1)) if fixed is None else np.asarray(fixed, dtype=float)
    order = np.lexsort((y, names))
    y, names, design = y[order], names[order], design[order]
    if np.ptp(y) == 0:
        return RandomIntercept(float(y[0]), 0.0, 0.0, dict.fromkeys(np.unique(names).tolist(), 0.0))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # "on the boundary": the variance is 0, which is an answer
        fitted = MixedLM(y, design, groups=names).fit(reml=True)
    between = max(float(np.asarray(fitted.cov_re)[0, 0]), 0.0)
    effects = {str(k): float(np.asarray(v)[0]) for k, v in fitted.random_effects.items()}
    mean = float((design @ np.asarray(fitted.fe_params)).mean())
    return RandomIntercept(mean, between, float(fitted.scale), effects)


@dataclass(frozen=True)
class Heterogeneity:
    """Groups pooled: their mean with its standard error, τ² between them, Q and its p, and each
    group's figure shrunk towards the mean."""

    mean: float
    error: float
    tau2: float
    q: float
    p: float
    shrunk: NDArray


def dersimonian_laird(values: ArrayLike, variances: ArrayLike) -> Heterogeneity:
    """Pool figures of unlike precision, and estimate how far their truths differ.

    Args: values, one figure per group; variances, the squared standard error of each. Formulas:
    w = 1 ÷ v; Q = Σ w (y − ȳ_w)²; τ² = max(0, (Q − (k − 1)) ÷ (Σw − Σw² ÷ Σw)); shrunk =
    (τ² y + v μ) ÷ (τ² + v). Source: DerSimonian & Laird 1986. Limit: τ² from few groups is rough,
    and 0 only means that luck could have done it.
    """
    from scipy.special import chdtrc

    y, v = np.asarray(values, dtype=float), np.asarray(variances, dtype=float)
    weight, free = 1 / v, len(y) - 1
    centre = float(weight @ y / weight.sum())
    q = float(weight @ (y - centre) ** 2)
    spare = float(weight.sum() - (weight**2).sum() / weight.sum())
    tau2 = max(0.0, (q - free) / spare) if free else 0.0
    pooled = 1 / (v + tau2)
    mean = float(pooled @ y / pooled.sum())
    shrunk = (tau2 * y + v * mean) / (tau2 + v)
    p = float(chdtrc(free, q)) if free else 1.0
    return Heterogeneity(mean, float(1 / math.sqrt(pooled.sum())), tau2, q, p, shrunk)


def james_stein(values: ArrayLike, variance: float) -> tuple[float, NDArray]:
    """Shrink figures of equal precision towards their mean.

    Args: values, at least four; variance, the squared standard error that they share. Returns: the
    factor c = max(0, 1 − (k − 3) variance ÷ Σ(y − ȳ)²), and ȳ + c (y − ȳ). Source: Efron & Morris
    1977. Limit: groups of equal size only; for others see `servicegap.pooling.Pool`, of which
    this is the plain ancestor.
    """
    y = np.asarray(values, dtype=float)
    if len(y) < 4:
        raise ValueError("James and Stein's rule takes four groups at least")
    spread = float(((y - y.mean()) ** 2).sum())
    factor = max(0.0, 1 - (len(y) - 3) * variance / spread) if spread else 0.0
    return factor, y.mean() + factor * (y - y.mean())


def could_have_seen(variances: ArrayLike, alpha: float = ALPHA) -> float:
    """How far one group of middling size would have to stand off the rest to be seen.

    Args: variances, of the groups' figures; alpha, the risk of a false alarm. Returns: the distance
    (in the figures' unit) at which Q would pass its limit four times in five, by the non-central
    χ²; NaN for fewer than two groups.
    """
    from scipy.optimize import brentq
    from scipy.special import chdtri, chndtr

    v = np.sort(np.asarray(variances, dtype=float))
    free = len(v) - 1
    if free < 1:
        return math.nan
    limit = float(chdtri(free, alpha))
    needed = float(brentq(lambda x: 1 - float(chndtr(limit, free, x)) - POWER, 1e-6, 500))
    weight = 1 / v
    own = float(np.median(weight))
    return math.sqrt(needed / (own * (1 - own / weight.sum())))


def false_alarms(looks: int, alpha: float = ALPHA) -> float:
    """In how many of 100 firms where nothing differs does at least one of so many looks seem to
    find something? 100 × (1 − (1 − α)^looks), taking the looks as independent."""
    return 100 * (1 - (1 - alpha) ** looks)
