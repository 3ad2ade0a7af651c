"""What does a treatment do, like with like? Raw, by regression, by weighting, and by both.

Everything here takes many sets of weights at once, so that a bootstrap over accounts is the same
function called once. The treatment is whatever `treated` marks; the outcome is in its own unit.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

TRIM = (0.05, 0.95)  # chances outside have no like on the other side
_TINY = 1e-9
_STEPS = 50


def least_squares(
    x: ArrayLike, y: ArrayLike, weights: ArrayLike | None = None, penalty: float = 0.0
) -> NDArray:
    """Coefficients of a linear regression, optionally weighted and shrunk.

    Args: x, (n, k) with the constant first; y, (n,); weights, (n,); penalty, in rows: how many
    rows' worth of evidence stands for "this column makes no difference" (never for the constant).
    Returns: (k,). Solved by pseudo-inverse, so a column too many does no harm.
    """
    x, y = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    w = np.ones(len(y)) if weights is None else np.asarray(weights, dtype=float)
    sums = x.T @ (x * w[:, None]) + ridge(x.shape[1], penalty)
    return np.linalg.pinv(sums, hermitian=True) @ (x.T @ (w * y))


def ridge(columns: int, penalty: float) -> NDArray:
    """What a penalty adds to sums of products: nothing to the constant."""
    added = penalty * np.eye(columns)
    added[0, 0] = 0.0
    return added


def propensity(
    x: ArrayLike,
    treated: ArrayLike,
    link: Literal["logit", "probit"] = "logit",
    penalty: float = 0.0,
) -> NDArray:
    """The chance of each row to be treated, given what was known before.

    Args: x, (n, k) with the constant first; treated, (n,) of 0 and 1; link; penalty as in
    `least_squares`, on the link's scale (a normal prior with variance 1 ÷ penalty).
    Returns: (n,) chances. By Fisher's scoring; a row's chance is never quite 0 or 1. Source:
    Rosenbaum & Rubin 1983.
    """
    x, t = np.asarray(x, dtype=float), np.asarray(treated, dtype=float)
    beta = fitted(x, t, link, penalty)
    return _chance(x @ beta, link)[0]


def fitted(x: NDArray, t: NDArray, link: str = "logit", penalty: float = 0.0) -> NDArray:
    """Coefficients of the model of `propensity`."""
    beta, added = np.zeros(x.shape[1]), ridge(x.shape[1], penalty)
    for _ in range(_STEPS):
        chance, slope = _chance(x @ beta, link)
        spread = chance * (1 - chance)
        score = x.T @ (slope * (t - chance) / spread) - np.diag(added) * beta
        information = x.T @ (x * (slope**2 / spread)[:, None]) + added
        step = np.linalg.pinv(information, hermitian=True) @ score
        beta = beta + step
        if np.abs(step).max() < 1e-10:
            break
    return beta


def _chance(eta: NDArray, link: str) -> tuple[NDArray, NDArray]:
    """The chance and its slope at a linear predictor."""
    from scipy.special import expit, ndtr

    if link == "logit":
        chance = np.clip(expit(eta), _TINY, 1 - _TINY)
        return chance, chance * (1 - chance)
    chance = np.clip(ndtr(eta), _TINY, 1 - _TINY)
    return chance, np.exp(-(eta**2) / 2) / np.sqrt(2 * np.pi)


@dataclass(frozen=True)
class Effects:
    """One difference, four ways; each (…,) as many as there were sets of weights.

    `raw` treated − untreated as they are; `regression`, `weighting` and `doubly_robust` like with
    like. `without` is the mean outcome the same rows would have had untreated (doubly robust), and
    `untreated` that of the untreated as they are.
    """

    raw: NDArray
    regression: NDArray
    weighting: NDArray
    doubly_robust: NDArray
    without: NDArray
    untreated: NDArray


def on_everybody(
    y: ArrayLike, treated: ArrayLike, x: ArrayLike, chance: ArrayLike,
    weights: ArrayLike | None = None,
) -> Effects:  # fmt: skip
    """The average effect if everybody were treated rather than nobody (ATE).

    Args: y and treated, (n,); x, (n, k) with the constant first, for the linear outcome models;
    chance, the propensity of each row; weights, (n,), of the rows in their own side's outcome
    model (1 ÷ the chance of being on one's own side makes `regression` doubly robust as well).
    Sources: Hájek's ratio for weighting; Robins, Rotnitzky and Zhao 1994 for doubly robust
    (augmented inverse probability weighting).
    """
    y, t, e = (np.asarray(a, dtype=float) for a in (y, treated, chance))
    x = np.asarray(x, dtype=float)
    own_weights = np.ones(len(y)) if weights is None else np.asarray(weights, dtype=float)
    means, weighted, robust, plain = [], [], [], []
    for arm, own in ((t, e), (1 - t, 1 - e)):
        said = x @ least_squares(x, y, arm * own_weights)
        w = arm / own
        means.append(said.mean())
        weighted.append((w @ y) / w.sum())
        robust.append((said + w * (y - said)).mean())
        plain.append((arm @ y) / arm.sum())
    raw, mean, weight, both = (np.asarray(a - b) for a, b in (plain, means, weighted, robust))
    return Effects(raw, mean, weight, both, np.asarray(robust[1]), np.asarray(plain[1]))


@dataclass(frozen=True)
class Cells:
    """Tickets counted by what was known before: (…, cells) each, weighted or not.

    `with_` and `without` are how many were treated and not, `sum_with` and `sum_without` the sums
    of their outcomes.
    """

    with_: NDArray
    without: NDArray
    sum_with: NDArray
    sum_without: NDArray


def on_the_treated(counted: Cells, said: NDArray, chance: NDArray) -> Effects:
    """The average effect on those who were treated (ATT), for many sets of weights at once.

    Args: counted, (d, cells) each; said, what a model of the untreated says of a cell, and chance,
    its propensity, (d, cells) each. Cells whose chance lies outside `TRIM` stay out, but for `raw`.
    Returns: Effects of d numbers, NaN where one side is empty. Formula: mean of outcome − said over
    the treated, less the same over the untreated weighted by chance ÷ (1 − chance).
    """
    kept = ((chance >= TRIM[0]) & (chance <= TRIM[1])).astype(float)
    odds = kept * chance / (1 - chance)
    c, all_ = counted, np.ones(chance.shape[-1])
    with_, without = np.vecdot(c.with_, kept), np.vecdot(c.without, odds)
    with np.errstate(invalid="ignore", divide="ignore"):
        untreated = np.vecdot(c.sum_without, all_) / np.vecdot(c.without, all_)
        raw = np.vecdot(c.sum_with, all_) / np.vecdot(c.with_, all_) - untreated
        own = np.vecdot(c.sum_with, kept) / with_
        expected = np.vecdot(kept * c.with_, said) / with_
        weighted = np.vecdot(c.sum_without, odds) / without
        off = weighted - np.vecdot(odds * c.without, said) / without
    robust = own - expected - off
    return Effects(raw, own - expected, own - weighted, robust, own - robust, untreated)
