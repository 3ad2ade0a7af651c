"""Did a level change on a day? A monthly series with a trend, before and after."""

from __future__ import annotations

import math
import warnings
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from servicegap.stats import Z95

LAG = 3  # months over which one month may still tell of the next


@dataclass(frozen=True)
class LevelChange:
    """How many times as many events a month after the change, the trend allowed for.

    `log` is the logarithm of that ratio, with three standard errors: `poisson`, as if months were
    independent counts; `quasi`, allowing for their scatter (`dispersion`); `related`, allowing for
    one month to tell of the next (Newey and West 1987). `fitted` are the events per month that the
    line says, `supposed` what it would say had nothing changed.
    """

    log: float
    poisson: float
    quasi: float
    related: float
    dispersion: float
    fitted: NDArray
    supposed: NDArray

    @property
    def ratio(self) -> float:
        return math.exp(self.log)

    def interval(self, error: float | None = None, z: float = Z95) -> tuple[float, float]:
        """Wald's interval of the ratio; the quasi-Poisson error unless another is given."""
        half = z * (self.quasi if error is None else error)
        return math.exp(self.log - half), math.exp(self.log + half)


def level_change(
    events: ArrayLike, exposure: ArrayLike, after: ArrayLike, time: ArrayLike
) -> LevelChange:
    """Fit log(events ÷ exposure) = level + change × after + trend × time.

    Args: a row a month each: events, counts or sums; exposure, what they are out of; after, 0 or
    1; time, in months. Source: the segmented regression of Lopez Bernal, Cummins and Gasparrini
    2017, through statsmodels. Limits: one trend for both sides; whatever else changed in that
    month is taken for the change.
    """
    from statsmodels.genmod.families import Poisson
    from statsmodels.genmod.generalized_linear_model import GLM

    y, out_of, step, t = (np.asarray(v, dtype=float) for v in (events, exposure, after, time))
    design = np.column_stack([np.ones(len(y)), step, t - t.mean()])
    model = GLM(y, design, family=Poisson(), offset=np.log(out_of))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # sums that are no whole numbers, months without an event
        plain = model.fit(tol=1e-12)
        related = model.fit(cov_type="HAC", cov_kwds={"maxlags": LAG})
    scatter = float(plain.pearson_chi2 / plain.df_resid)
    poisson = float(plain.bse[1])
    rest = np.exp(design[:, [0, 2]] @ np.asarray(plain.params)[[0, 2]]) * out_of
    return LevelChange(
        float(plain.params[1]), poisson, poisson * math.sqrt(scatter), float(related.bse[1]),
        scatter, np.asarray(plain.fittedvalues), rest,
    )  # fmt: skip


def left_out(months: list[tuple[ArrayLike, ArrayLike, ArrayLike, ArrayLike]]) -> NDArray:
    """The logarithm of the step alone, for many series: of (events, exposure, after, time) each.

    The same fit as `level_change`, by Newton's steps and without its errors, for a jackknife.
    """
    found = []
    for events, exposure, after, time in months:
        y, out_of, step, t = (np.asarray(v, dtype=float) for v in (events, exposure, after, time))
        design = np.column_stack([np.ones(len(y)), step, t - t.mean()])
        beta = np.array([math.log(max(float(y.sum()), 0.5) / float(out_of.sum())), 0.0, 0.0])
        for _ in range(25):
            rate = out_of * np.exp(np.clip(design @ beta, -30, 30))
            bend = design.T @ (design * rate[:, None]) + 1e-9 * np.eye(3)
            move = np.linalg.solve(bend, design.T @ (y - rate))
            beta = beta + move
            if np.abs(move).max() < 1e-9:
                break
        found.append(beta[1])
    return np.array(found)
