"""Is this team, or this month, unusual? Limits that take size and luck into account."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from servicegap.stats import Z95

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

Z998 = 3.090232306167813


def funnel_share(target: float, n: ArrayLike, z: float = Z95) -> tuple[NDArray, NDArray]:
    """Limits inside which the share of a team of size n lies by luck alone.

    Args: target, the share of all teams together (0 to 1); n, answers per team; z, 1.96 for 95 %
    or 3.09 for 99.8 %. Returns: (low, high) per team. Formula: sin²(asin √target ± z ÷ 2√n).
    Source: Spiegelhalter 2005; as in FunnelPlotR. Limit: a target near 0 or 1 or a small team bends
    it back on itself and makes it name too many (of teams of 12 at 80 %, seven in a hundred): to
    name a team, use `funnel_exact`.
    """
    half = z / (2 * np.sqrt(np.asarray(n, dtype=float)))
    angle = np.arcsin(np.sqrt(target))
    return np.sin(angle - half) ** 2, np.sin(angle + half) ** 2


def funnel_exact(target: float, n: ArrayLike, z: float = Z998) -> tuple[NDArray, NDArray]:
    """Limits outside which the share of a team of size n lies no more often than z promises.

    Args and returns: as `funnel_share`; n is rounded down. Formula: binomial quantiles,
    interpolated between the counts (Spiegelhalter 2005, appendix), the upper limit as the mirror of
    the lower one, so that each side is passed with at most the probability of its tail.
    """
    from scipy.stats import binom, norm

    size, tail = np.maximum(np.floor(np.asarray(n, dtype=float) + 1e-9), 1), norm.sf(z)

    def low(share: float) -> NDArray:
        count = binom.ppf(tail, size, share)
        reached, before = binom.cdf(count, size, share), binom.cdf(count - 1, size, share)
        step = (reached - tail) / np.maximum(reached - before, 1e-300)
        return np.maximum(count - step, 0) / size

    return low(target), 1 - low(1 - target)


def funnel_ratio(expected: ArrayLike, z: float = Z95) -> tuple[NDArray, NDArray]:
    """Limits of a ratio observed ÷ expected around 1, exact Poisson.

    Args: expected counts; z. Returns: (low, high). Formula: χ² quantiles ÷ 2 ÷ expected.
    """
    from scipy.stats import chi2, norm

    expected = np.asarray(expected, dtype=float)
    tail = norm.sf(z)
    low = chi2.ppf(tail, 2 * expected) / 2 / expected
    high = chi2.ppf(1 - tail, 2 * (expected + 1)) / 2 / expected
    return low, high


@dataclass(frozen=True)
class Chart:
    """A control chart: a centre, limits per point, and which points lie outside."""

    centre: float
    low: NDArray
    high: NDArray
    outside: NDArray


def u_chart(events: ArrayLike, exposure: ArrayLike, per: float = 1.0) -> Chart:
    """Events per exposure for units of unequal size.

    Args: events, counts; exposure, same length; per, the exposure a rate is stated for. Returns: a
    Chart. Formula: centre ± 3 √(centre ÷ exposure), the low limit not under 0. Limit: needs
    exposures large enough for a Poisson count to look normal.
    """
    events, size = np.asarray(events, dtype=float), np.asarray(exposure, dtype=float) / per
    centre = float(events.sum() / size.sum())
    half = 3 * np.sqrt(centre / size)
    low, high = np.maximum(centre - half, 0), centre + half
    rate = events / size
    return Chart(centre, low, high, (rate < low) | (rate > high))


@dataclass(frozen=True)
class XmR(Chart):
    """An individuals chart with its moving ranges."""

    moving_range: float
    moving_range_limit: float


def xmr(values: ArrayLike) -> XmR:
    """Individuals and moving ranges of a series, a point a month.

    Args: values in order of time, at least two. Returns: an XmR. Formula: mean ± 3 × mean moving
    range ÷ 1.128; upper limit of the ranges 3.267 × their mean. Source: Wheeler & Chambers.
    """
    x = np.asarray(values, dtype=float)
    ranges = np.abs(np.diff(x))
    mean_range, centre = float(ranges.mean()), float(x.mean())
    half = 3 * mean_range / 1.128
    low, high = np.full(len(x), centre - half), np.full(len(x), centre + half)
    return XmR(centre, low, high, (x < low) | (x > high), mean_range, 3.267 * mean_range)
