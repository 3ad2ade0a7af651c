"""Is one group of tickets different from the others, once like is set beside like?

Here the ticket is the unit, since speed and an SLA belong to a ticket; people of one account
resemble each other, so errors are by account.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from servicegap.comparisons import ALPHA, benjamini_hochberg
from servicegap.pooling import Pool
from servicegap.stats import enough

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

LIKE = ("priority", "type")  # what makes tickets alike, unless it is what they are grouped by
POWER = 0.80  # "would have been seen" means: four times in five
_RARE = 10  # tickets; kinds of work rarer than this are taken together


@dataclass(frozen=True)
class Linear:
    """A straight-line fit of a value on groups and on what makes tickets alike.

    `level` holds a group's coefficient, `robust` and `plain` their covariances by account and as
    if every ticket were a stranger; `beyond` are directions that the data can't tell apart.
    """

    level: NDArray
    robust: NDArray
    plain: NDArray
    beyond: NDArray
    freedom: int

    def contrast(self, weights: NDArray) -> tuple[float, float, float]:
        """Value, standard error and p (of nought) of a weighted sum of the levels.

        The error is the larger of the two: by account, and as if tickets were strangers.
        """
        from scipy.special import stdtr

        value = float(weights @ self.level)
        spread = max(float(weights @ v @ weights) for v in (self.robust, self.plain))
        error = float(np.sqrt(max(spread, 0.0)))
        p = 2 * float(stdtr(self.freedom, -abs(value) / error)) if error > 0 else 1.0
        return value, error, p

    def knows(self, weights: NDArray) -> bool:
        """Can the data tell this sum at all, or is a group alone with its kind of work?"""
        return not len(self.beyond) or bool(np.abs(self.beyond @ weights).max() < 1e-7)


def columns_of(rows: pd.DataFrame, like: Sequence[str]) -> NDArray:
    """Indicator columns of what makes tickets alike: one per value but the first, rare ones as one.

    Columns of the table that hold nothing, or one value only, give none.
    """
    found = [np.empty((len(rows), 0))]
    for name in like:
        codes, texts = pd.factorize(rows[name].astype("str"))
        said, same = np.unique([*texts, "not said"], return_inverse=True)
        own = same[codes]  # a missing one has the code -1, and so the last text
        counts = np.bincount(own, minlength=len(said))
        kept = [str(text) if n >= _RARE else "other" for text, n in zip(said, counts, strict=True)]
        levels = sorted({text for text, n in zip(kept, counts, strict=True) if n})[1:]
        found.append(_marked(np.array([levels.index(t) if t in levels else -1 for t in kept])[own],
                             len(levels)))  # fmt: skip
    return np.hstack(found)


def _marked(level: NDArray, width: int) -> NDArray:
    """Columns of 0 and 1, one a level: which level each row has; -1 for none of them."""
    return np.vstack([np.eye(width), np.zeros((1, width))])[level]


def linear(first: NDArray, rest: NDArray, values: ArrayLike, accounts: ArrayLike) -> Linear:
    """Least squares of `values` on the columns `first` (whose levels are kept) and `rest`.

    Errors by account: the sandwich of Liang and Zeger 1986 with the usual small-sample factor,
    through statsmodels; t with accounts − 1. Limit: with fewer than about ten accounts they are a
    little too small.
    """
    from statsmodels.regression.linear_model import OLS

    design, kept = np.hstack([first, rest]), first.shape[1]
    codes, firms = pd.factorize(pd.Series(accounts))
    homes = np.unique(np.asarray(firms, dtype=str), return_inverse=True)[1][codes]
    model = OLS(np.asarray(values, dtype=float), design, hasconst=True)  # nothing to look for
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # "rank-deficient": `knows` says of what nothing is known
        plain = model.fit()
    robust = plain.get_robustcov_results("cluster", groups=homes, use_t=True)
    strengths, directions = np.linalg.eigh(design.T @ design)
    beyond = directions[:, strengths < 1e-9 * strengths.max()].T
    return Linear(
        plain.params[:kept],
        robust.cov_params()[:kept, :kept],
        plain.cov_params()[:kept, :kept],
        beyond[:, :kept],
        int(homes.max()),
    )


@dataclass(frozen=True)
class Compared:
    """Groups beside each other, like with like. All arrays are in the order of `names`.

    `raw` are the figures as counted, `value` the adjusted ones: the mean of all, and how far the
    group lies off it among tickets of the same kind; `error` and `p` are those of the distance,
    from t with `freedom` degrees.
    `alone` are groups that do a kind of work nobody else does, so nothing can be said of them.
    """

    names: tuple[str, ...]
    alone: tuple[str, ...]
    tickets: NDArray
    people: NDArray
    raw: NDArray
    value: NDArray
    error: NDArray
    p: NDArray
    overall: float
    freedom: int

    @property
    def half(self) -> NDArray:
        """Half the width of the 95 % interval of each adjusted figure."""
        from scipy.special import stdtrit

        return float(stdtrit(self.freedom, 0.975)) * self.error

    @cached_property
    def pool(self) -> Pool:
        """The adjusted figures, small groups drawn towards the others."""
        return Pool(self.value, self.error**2)

    @cached_property
    def pooled(self) -> NDArray:
        return self.pool.mean

    @cached_property
    def ends(self) -> NDArray:
        """Interval of each pooled figure, (groups, 2)."""
        return np.array([self.pool.interval(i) for i in range(len(self.names))])

    def settled(self, p: NDArray | None = None) -> NDArray:
        """Which groups lie off the mean by more than luck, all looks counted."""
        return benjamini_hochberg(self.p if p is None else p) <= ALPHA

    def visible(self) -> float:
        """How far a group of middling size would have to lie off the mean to be seen."""
        return visible(float(np.median(self.error)), len(self.names))


def visible(error: float, looks: int = 1) -> float:
    """The difference that would be seen four times in five, with so many looks: (z of 1 − α ÷ 2
    looks + z of 0.80) × error."""
    from scipy.special import ndtri

    return float(ndtri(1 - ALPHA / (2 * looks)) + ndtri(POWER)) * error


def over_the_floor(rows: pd.DataFrame) -> bool:
    """Ten different people in five accounts."""
    return enough(rows["person"].nunique(), rows["account_id"].nunique())


def compare(
    rows: pd.DataFrame, shown: Sequence[str], like: Sequence[str] = LIKE
) -> Compared | None:
    """Compare groups of tickets on one value, adjusted for what makes tickets alike.

    Args: rows with group, value, person, account_id and the columns of `like`; shown, the groups
    that may be shown, in order. Returns: None unless two of them can be told apart.
    """
    rows = rows[list(dict.fromkeys(["group", "value", "person", "account_id", *like]))]
    rows, names, alone = rows[rows["group"].isin(shown)], list(shown), list[str]()
    if len(names) < 2:
        return None
    while True:
        member = _marked(pd.Index(names).get_indexer(pd.Index(rows["group"])), len(names))
        fitted = linear(member, columns_of(rows, like), rows["value"], rows["account_id"])
        base = np.eye(len(names))[int(member.sum(axis=0).argmax())]
        lost = [n for n, e in zip(names, np.eye(len(names)), strict=True)
                if not fitted.knows(e - base)]  # fmt: skip
        if not lost:
            break
        alone += lost
        names = [n for n in names if n not in lost]
        rows = rows[rows["group"].isin(names)]
        if len(names) < 2:
            return None
    share = member.mean(axis=0)
    found = [fitted.contrast(e - share) for e in np.eye(len(names))]
    off, error, p = (np.array(x) for x in zip(*found, strict=True))
    overall = float(rows["value"].mean())
    groups = rows.groupby("group")
    return Compared(
        tuple(names), tuple(alone), member.sum(axis=0).astype(int),
        groups["person"].nunique().reindex(names).to_numpy(),
        groups["value"].mean().reindex(names).to_numpy(dtype=float),
        overall + off, np.maximum(error, 1e-9), p, overall, fitted.freedom,
    )  # fmt: skip
