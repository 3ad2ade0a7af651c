"""Two groups of people, one question: how far apart they are, and what could have been seen."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from servicegap import stats, words
from servicegap.comparisons import SEEN, benjamini_hochberg


@dataclass(frozen=True)
class Contrast:
    """How much more often something is so of one group than of another, in points.

    `one` and `other` are the two shares in percent, `people` how many are in either.
    """

    name: str
    one: float
    other: float
    estimate: stats.Estimate
    people: tuple[int, int]

    @property
    def error(self) -> float:
        freedom = max(self.estimate.accounts - 1, 1)
        from scipy.special import stdtrit

        return (self.estimate.high - self.estimate.low) / 2 / float(stdtrit(freedom, 0.975))

    @property
    def visible(self) -> float:
        """The difference that answers like these would show four times in five."""
        return SEEN * self.error


def contrast(
    name: str, rows: pd.DataFrame, column: str, arm: pd.Series, per: str = "contacts"
) -> Contrast | None:
    """Compare the share of `column` where `arm` is true with where it is false.

    Args: rows, with person, account_id and `column` (0 to 1, NaN left out); arm, true for the
    first group; per, contacts, or accounts where that is what is counted.
    Returns: None where either group is under the floor (ten people in five accounts; ten accounts
    where accounts are counted). The variance is linearised over accounts; a group in which all
    agree counts with half an answer on either side, so that nothing seems certain. t has
    accounts − 1 degrees of freedom.
    """
    there = rows[column].notna()
    rows, arm = rows[there], arm[there].astype(bool)
    people = rows.loc[arm, "person"].nunique(), rows.loc[~arm, "person"].nunique()
    firms = rows.loc[arm, "account_id"].nunique(), rows.loc[~arm, "account_id"].nunique()
    least = stats.SPEAKS_FROM if per == "accounts" else stats.ACCOUNTS_FROM
    if min(people) < stats.SPEAKS_FROM or min(firms) < least:
        return None
    y, first = rows[column].to_numpy(float), arm.to_numpy()
    _, home = np.unique(rows["account_id"].astype("str"), return_inverse=True)
    groups = int(home.max()) + 1
    shares, influence, extra = [], np.zeros(len(y)), 0.0
    for mask, sign in ((first, 1.0), (~first, -1.0)):
        n, share = int(mask.sum()), stats.mean(y[mask])
        shares.append(share)
        influence[mask] = sign * (y[mask] - share) / n
        if share in (0.0, 1.0):
            fair = (share * n + 0.5) / (n + 1)
            extra += fair * (1 - fair) / n
    sums = np.bincount(home, weights=influence)
    variance = groups / (groups - 1) * float(sums @ sums) + extra
    value = 100 * (shares[0] - shares[1])
    n = int(rows["person"].nunique())
    estimate = stats.from_error(
        value, 100 * math.sqrt(variance), n, n, groups, "points", "contacts"
    )
    return Contrast(name, 100 * shares[0], 100 * shares[1], estimate, people)


def adjusted(found: Sequence[Contrast]) -> np.ndarray:
    """p of "no difference", adjusted for having looked at all of them."""
    return benjamini_hochberg([c.estimate.p_value(0.0) for c in found])


def table(found: Sequence[Contrast], p: np.ndarray) -> pd.DataFrame:
    """The numbers of a picture of differences, a row each."""
    return pd.DataFrame(
        [
            [c.name, c.one, c.other, c.estimate.value, c.estimate.low, c.estimate.high,
             *c.people, q]
            for c, q in zip(found, p, strict=True)
        ],
        columns=["what", "one", "other", "difference", "low", "high", "people_one",
                 "people_other", "p"],
    )  # fmt: skip


def told(found: Sequence[Contrast]) -> str:
    """Every difference with its range, for the alternative text."""
    return "; ".join(
        f"{c.name}: {words.number(c.one)} against {words.number(c.other)} %, "
        f"{words.number(c.estimate.value)} points "
        f"({words.ends(c.estimate.low, c.estimate.high)})"
        for c in found
    )


def seen(found: Sequence[Contrast]) -> str:
    """What could have been seen with so many answers."""
    widest = max(c.visible for c in found)
    least = min(c.visible for c in found)
    ends = (
        f"about {words.points(least)}"
        if round(widest) - round(least) < 3
        else f"between {words.number(least)} and {words.points(widest)}, by line,"
    )
    return (
        f"With answers like these a difference of {ends} would be seen four times in five; a "
        "smaller one may be there all the same."
    )
