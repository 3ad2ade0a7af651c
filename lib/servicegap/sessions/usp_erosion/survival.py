"""How long does something last, when not all of it has ended and nobody saw the day it did?

Times have two ends: the event lies after `low` and not after `high`. Where `high` is infinite it
has not happened yet (right-censored); where both are equal it was seen on the day. A month is
30.4375 days. Nothing here knows of USPs, except for the names of units.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from servicegap.stats import Z95, Estimate, not_measured

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import ArrayLike, NDArray

PRIOR_EVENTS = 2.0  # what the stated prior is worth
_CHI95 = Z95**2


@dataclass(frozen=True)
class Times:
    """Times with two ends, equally long arrays: after `low`, up to and including `high`."""

    low: NDArray
    high: NDArray

    @classmethod
    def of(cls, low: ArrayLike, high: ArrayLike) -> Times:
        """Times of two columns of numbers; a missing high end is infinite."""
        ends = np.asarray(high, dtype=float)
        return cls(np.asarray(low, dtype=float), np.where(np.isnan(ends), math.inf, ends))

    @classmethod
    def right_censored(cls, time: ArrayLike, event: ArrayLike) -> Times:
        """Times seen on the day, or (event 0) not happened by then."""
        time = np.asarray(time, dtype=float)
        return cls(time, np.where(np.asarray(event, dtype=bool), time, math.inf))

    @property
    def events(self) -> int:
        return int(np.isfinite(self.high).sum())

    @property
    def happened(self) -> NDArray:
        return np.isfinite(self.high)

    @property
    def middle(self) -> NDArray:
        """The middle of each interval; of what has not happened, the time it has lasted."""
        ends = np.where(self.happened, self.high, self.low)
        return (self.low + ends) / 2

    def __getitem__(self, chosen: NDArray) -> Times:
        return Times(self.low[chosen], self.high[chosen])


def log_likelihood(times: Times, rate: ArrayLike) -> NDArray:
    """Log-likelihood of each rate under exponential times.

    Σ log(e^(−λ low) − e^(−λ high)), and log λ − λ time where a time was seen on the day.
    """
    rate = np.atleast_1d(np.asarray(rate, dtype=float))[:, None]
    width = times.high - times.low
    exact = width == 0
    with np.errstate(divide="ignore"):
        inside = np.log(-np.expm1(-rate * np.where(exact, 1.0, width)))
        seen = np.log(rate)
    return (np.where(exact, seen, inside) - rate * times.low).sum(axis=1)


@dataclass(frozen=True)
class Exponential:
    """Exponential times fitted by maximum likelihood: `mean`, and how far it can be trusted.

    `mean` is infinite where nothing has happened yet. `low` and `high` are the ends of the 95 %
    profile-likelihood interval.
    """

    times: Times
    mean: float
    low: float
    high: float

    @property
    def median(self) -> float:
        return math.log(2) * self.mean

    def deviance(self, mean: float) -> float:
        """Twice what the log-likelihood of a mean lacks of the greatest there is."""
        return max(0.0, 2 * (self._greatest - float(log_likelihood(self.times, 1 / mean)[0])))

    @cached_property
    def _greatest(self) -> float:
        """The greatest log-likelihood there is."""
        return 0.0 if math.isinf(self.mean) else float(log_likelihood(self.times, 1 / self.mean)[0])


def exponential(times: Times) -> Exponential | None:
    """Fit exponential times, censored at either side, by maximum likelihood.

    The score Σ w ÷ (e^(λw) − 1) + (seen on the day) ÷ λ − Σ low, with w = high − low, falls in λ,
    so its root is the only one. Returns None where there is no information from below (every low
    end is nought): then any mean, however short, fits.
    """
    from scipy.optimize import brentq

    total = float(times.low.sum())
    if total <= 0:
        return None
    if not times.events:
        return Exponential(times, math.inf, 2 * total / _CHI95, math.inf)
    width = (times.high - times.low)[times.happened]
    wide, on_the_day = width[width > 0], int((width == 0).sum())

    def score(log_rate: float) -> float:
        rate = math.exp(log_rate)
        with np.errstate(over="ignore"):
            return float((wide / np.expm1(rate * wide)).sum()) + on_the_day / rate - total

    start = math.log(times.events / (total + float(wide.sum())))
    low, high = start, start
    while score(low) < 0:
        low -= 1
    while score(high) > 0:
        high += 1
    best = math.exp(-brentq(score, low, high, xtol=1e-12)) if high > low else math.exp(-low)
    fit = Exponential(times, best, math.nan, math.nan)

    def over(log_mean: float) -> float:
        return fit.deviance(math.exp(log_mean)) - _CHI95

    ends = []
    for step in (-1, 1):
        far = math.log(best) + step
        while over(far) < 0:
            far += step
        ends.append(math.exp(brentq(over, *sorted((math.log(best), far)), xtol=1e-10)))
    return Exponential(times, best, ends[0], ends[1])


def median_estimate(times: Times, pairs: int, unit: str = "months") -> Estimate:
    """Estimate the median of exponential times: ln 2 × their mean.

    Interval and p by the likelihood ratio, no prior; the probability that the truth lies below x
    is Φ of its signed root. While nothing has happened yet, the value is what it would be had the
    first been copied today; interval and p need no such help.

    Args: pairs, the pairs of USP and rival behind the times.
    """
    fit = exponential(times)
    if fit is None:
        return not_measured("No time is known from below.", unit, "USPs")
    return _estimate(fit, pairs, unit, 1)


def _estimate(fit: Exponential, pairs: int, unit: str, weight: float) -> Estimate:
    """The estimate, had each time counted `weight` times."""
    from scipy.special import ndtr

    times = fit.times
    best = fit.mean if math.isfinite(fit.mean) else float(times.low.sum())
    ends = [fit.low, fit.high]
    if weight != 1:
        ends = [_end(fit, best, side, weight) for side in (-1, 1)]

    def root(x: float) -> float:
        mean = max(x, 1e-9) / math.log(2)
        return math.copysign(math.sqrt(weight * fit.deviance(mean)), mean - fit.mean)

    n = round(len(times.low) * weight)
    value, low, high = (math.log(2) * x for x in (best, *ends))
    return Estimate(
        value, low, high, n, unit, "USPs", round(pairs * weight), n,
        lambda x: float(2 * ndtr(-abs(root(x)))),
        lambda x: float(ndtr(root(x))),
        lambda k: _estimate(fit, pairs, unit, weight * k),
    )  # fmt: skip


def _end(fit: Exponential, best: float, side: int, weight: float) -> float:
    """One end of the interval, had there been `weight` times the data."""
    from scipy.optimize import brentq

    if side > 0 and math.isinf(fit.mean):
        return math.inf

    def over(log_mean: float) -> float:
        return weight * fit.deviance(math.exp(log_mean)) - _CHI95

    start = math.log(best) if math.isfinite(fit.mean) else math.log(best) + 20
    far = math.log(best) + side
    while over(far) < 0:
        far += side
    return math.exp(brentq(over, *sorted((start, far))))


# -- with a stated prior -----------------------------------------------------------------------


@dataclass(frozen=True)
class Belief:
    """What is to be thought of the rate once prior and data are put together: a grid of rates."""

    rate: NDArray
    weight: NDArray

    def spread(self, of_rate: Callable[[NDArray], NDArray]) -> tuple[float, float, float]:
        """Mean and 95 % interval of something that depends on the rate."""
        values = of_rate(self.rate)
        order = np.argsort(values)
        running = np.cumsum(self.weight[order])
        low, high = (float(values[order][np.searchsorted(running, q)]) for q in (0.025, 0.975))
        return float(values @ self.weight), low, high

    def middle(self, of_rate: Callable[[NDArray], NDArray]) -> tuple[float, float, float]:
        """Median and 95 % interval of something that depends on the rate."""
        values = of_rate(self.rate)
        order = np.argsort(values)
        running = np.cumsum(self.weight[order])
        at = [float(values[order][np.searchsorted(running, q)]) for q in (0.5, 0.025, 0.975)]
        return at[0], at[1], at[2]


def with_prior(times: Times, prior_median: float) -> Belief:
    """Put a weak prior, worth two events, beside the times.

    The prior says: two more were copied, and half of such things last `prior_median`. Gamma with
    shape 2 and rate 2 × prior mean, on a grid, since interval-censored times have no closed form.
    """
    mean = prior_median / math.log(2)
    events = times.events + PRIOR_EVENTS
    centre = math.log(events / (float(times.low.sum()) + PRIOR_EVENTS * mean))
    rate = np.exp(np.linspace(centre - 6, centre + 6, 4001))
    log_density = PRIOR_EVENTS * (np.log(rate) - mean * rate)  # on the scale of log rate
    if len(times.low):
        log_density += log_likelihood(times, rate)
    weight = np.exp(log_density - log_density.max())
    return Belief(rate, weight / weight.sum())


# -- without a shape, and with another ---------------------------------------------------------


@dataclass(frozen=True)
class Curve:
    """Kaplan and Meier's curve: the share that has lasted, after each time at which some ended.

    `median` with its 95 % interval: where the band of the curve (log-minus-log) crosses one half,
    infinite if it does not. The median is missing where half have not ended.
    """

    time: NDArray
    lasting: NDArray
    median: float
    low: float
    high: float

    def at(self, time: ArrayLike) -> NDArray:
        """The share that lasts longer than each time."""
        place = np.searchsorted(self.time, np.asarray(time, dtype=float), side="right")
        return np.concatenate([[1.0], self.lasting])[place]


def kaplan_meier(time: ArrayLike, event: ArrayLike) -> Curve:
    """The share that lasts, without assuming a shape (Kaplan and Meier 1958, by statsmodels)."""
    from statsmodels.duration.survfunc import SurvfuncRight

    with np.errstate(divide="ignore", invalid="ignore"):
        found = SurvfuncRight(np.asarray(time, dtype=float), np.asarray(event, dtype=int))
        share, minus_log = found.surv_prob, -np.log(found.surv_prob)
        wide = np.exp(Z95 * found.surv_prob_se / (share * minus_log))
        ends = [np.exp(-minus_log * wide), np.exp(-minus_log / wide)]
    ends[0][share == 0] = 0.0
    median, low, high = (_first(found.surv_times, band <= 0.5) for band in (share, *ends))
    return Curve(found.surv_times, share, median if math.isfinite(median) else math.nan, low, high)


def _first(time: NDArray, there: NDArray) -> float:
    """The first time at which something is so; infinite if never."""
    return float(time[np.argmax(there)]) if there.any() else math.inf


def log_rank(time: ArrayLike, event: ArrayLike, group: ArrayLike) -> tuple[float, float]:
    """Do groups last equally long? Returns (chi-squared, p) (Mantel 1966, by statsmodels)."""
    from statsmodels.duration.survfunc import survdiff

    columns = (np.asarray(x) for x in (time, event, group))
    statistic, p = survdiff(*columns)
    return float(statistic), float(p)


def weibull(times: Times) -> tuple[float, float]:
    """Fit Weibull times, censored at either side. Returns (scale, shape).

    A shape above 1: the older, the sooner it ends; below 1: what has lasted, lasts. Through SciPy's
    CensoredData.
    """
    from scipy.stats import CensoredData, weibull_min

    low, high, on_the_day = times.low, times.high, times.high == times.low
    left = (low == 0) & times.happened & ~on_the_day
    between = times.happened & ~on_the_day & ~left
    data = CensoredData(
        uncensored=low[on_the_day],
        left=high[left],
        right=low[~times.happened],
        interval=np.column_stack([low[between], high[between]]),
    )
    shape, _, scale = weibull_min.fit(data, floc=0)
    return float(scale), float(shape)


def ageing(times: Times) -> tuple[float, float]:
    """Does age matter? Returns the Weibull shape, and p of "it does not" (shape 1).

    p is the likelihood ratio's against exponential times. NaN where it can't be said.
    """
    from scipy.special import chdtrc

    fit = exponential(times)
    if fit is None or times.events < 3:
        return math.nan, math.nan
    scale, shape = weibull(times)
    turned = Times((times.low / scale) ** shape, (times.high / scale) ** shape)
    on_the_day = (times.high == times.low) & times.happened
    seen = times.low[on_the_day] / scale
    stretch = float(np.log(shape / scale * seen ** (shape - 1)).sum()) if on_the_day.any() else 0.0
    gain = float(log_likelihood(turned, 1.0)[0]) + stretch
    gain -= float(log_likelihood(times, 1 / fit.mean)[0])
    return shape, float(chdtrc(1, max(0.0, 2 * gain)))


# -- nearing a ceiling -------------------------------------------------------------------------


@dataclass(frozen=True)
class Approach:
    """y = ceiling × (1 − e^(−rate × x)), fitted by least squares, with standard errors."""

    ceiling: float
    rate: float
    ceiling_error: float
    rate_error: float
    rss: float

    @property
    def half_time(self) -> float:
        """After how long half of the ceiling is reached: ln 2 ÷ rate."""
        return math.log(2) / self.rate


def approach(x: ArrayLike, y: ArrayLike, most: float = math.inf) -> Approach:
    """Fit an exponential approach to a ceiling by nonlinear least squares.

    For each rate the best ceiling is known, so the start is the best of a grid of rates.

    Args: x and y, same length, at least three points; most, the highest ceiling possible.
    """
    from scipy.optimize import curve_fit

    x, y = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    rates = np.geomspace(0.01, 20, 200)[:, None] / x.max()
    shape = -np.expm1(-rates * x)
    ceilings = np.minimum((shape @ y) / (shape**2).sum(axis=1), most)
    best = int(np.argmin(((y - ceilings[:, None] * shape) ** 2).sum(axis=1)))

    def curve(x: NDArray, ceiling: float, rate: float) -> NDArray:
        return -ceiling * np.expm1(-rate * x)

    limits = {"bounds": ((0, 0), (most, math.inf))} if math.isfinite(most) else {}
    start = (ceilings[best] * (0.999 if limits else 1.0), float(rates[best, 0]))
    found, spread = curve_fit(curve, x, y, start, xtol=1e-13, ftol=1e-13, gtol=1e-13, **limits)
    error = np.sqrt(np.diag(spread))
    rss = float(((y - curve(x, *found)) ** 2).sum())
    ceiling, rate = (float(v) for v in found)
    return Approach(ceiling, rate, float(error[0]), float(error[1]), rss)
