"""Which sides go with an outcome, and how much of it? Shares of R², or a reason to be silent."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from servicegap import comparisons, schema, stats, words
from servicegap.client import Client
from servicegap.sessions.product_vs_service import answers
from servicegap.sessions.product_vs_service.lmg import lmg
from servicegap.sessions.product_vs_service.resampling import (
    covariances,
    moments,
    of_whole,
    resampled,
)

EXPLAINS = 0.02  # while R² may be as low as this, nothing is said about its parts
HEADLINE = "service_share"
COULD_BE_SEEN = 0.80  # how often a difference of the size stated would have been found


@dataclass(frozen=True)
class Drivers:
    """Which sides go with an outcome, and how much of it: parts of 100, draws beside them.

    `shares` and `draws` (draws × sides) are parts of R² in percent; `questions` the number of
    items of each side; `r2` is adjusted R² with its interval, as fractions. `why` is a sentence
    where nothing may be said.
    """

    sides: tuple[str, ...]
    questions: tuple[int, ...]
    per: str
    n: int
    accounts: int
    r2: tuple[float, float, float]
    shares: NDArray
    draws: NDArray
    why: str

    @property
    def null(self) -> NDArray:
        """What each side would carry if every question weighed the same, in percent."""
        return 100 * np.array(self.questions) / sum(self.questions)

    def share(self, *sides: str) -> stats.Estimate:
        """What these sides carry together, in percent."""
        head = schema.HEADLINES[HEADLINE]
        if not self.n:
            return stats.not_measured(self.why, head.unit, self.per)
        value = float(self.shares[self._at(sides)].sum())
        found = of_whole(value, self.error(*sides), self.n, self.accounts, head.unit, self.per)
        return replace(found, why=self.why)

    def error(self, *sides: str) -> float:
        """The standard error of what these sides carry together, in points."""
        if not self.draws.size:
            return 0.0
        return float(np.nanstd(self.draws[:, self._at(sides)].sum(axis=1), ddof=1))

    def could_be_seen(self, side: str) -> float:
        """The difference, in points, that would have been found four times in five."""
        from scipy.special import stdtrit

        freedom = self.accounts - 1
        return self.error(side) * float(stdtrit(freedom, 0.975) + stdtrit(freedom, COULD_BE_SEEN))

    def departures(self, against: ArrayLike) -> NDArray:
        """p of "this side carries what is given here", adjusted for looking at every side."""
        given = zip(self.sides, np.asarray(against, dtype=float), strict=True)
        return comparisons.benjamini_hochberg(
            [self.share(side).p_value(float(x)) for side, x in given]
        )

    def _at(self, sides: tuple[str, ...]) -> list[int]:
        return [self.sides.index(side) for side in sides if side in self.sides]

    def expected(self, *sides: str) -> float:
        """What these sides would carry if every question weighed the same, in percent."""
        return float(sum(x for side, x in zip(self.sides, self.null, strict=True) if side in sides))


def drivers(client: Client, outcome: answers.Outcome | None = None) -> Drivers:
    """What goes with an outcome (satisfaction, if none is given), by side.

    Complete cases: a person with a mark on every side that the survey has, and the outcome. Where
    the outcome is an account's, so are the means. The interval of R² is adjusted R² ± t with
    accounts − 1 times the standard error of a bootstrap by account.
    """
    if outcome is None:
        return client.remembered(_of_satisfaction)
    said = answers.marks(client)
    means, sides = answers.by_side(said), said.sides
    of = said.items()
    questions = tuple(int((of == side).sum()) for side in sides)
    if outcome.per == "accounts":
        means = means.groupby("account_id")[list(sides)].mean()
    else:
        means = means[list(sides)]
    both = outcome.frame.join(means, how="inner").dropna()
    found = Drivers(
        sides, questions, outcome.per, len(both), both["account_id"].nunique(),
        (0.0, 0.0, 1.0), np.zeros(len(sides)), np.empty((0, len(sides))), "",
    )  # fmt: skip
    why = _floor(found, both["y"])
    if why:
        return replace(found, why=why)
    sums = moments(both[[*sides, "y"]], both["account_id"])
    drawn = lmg(covariances(resampled(sums)))
    own = lmg(covariances(sums.sum(axis=0)))
    total = drawn.sum(axis=0)
    found = replace(
        found,
        r2=_interval(float(own.sum()), float(np.std(total, ddof=1)), found),
        shares=100 * own / own.sum() if own.sum() > 0 else found.shares,
        draws=100 * (drawn / np.where(total > 0, total, np.nan)).T,
    )
    return replace(found, why="" if found.r2[1] > EXPLAINS else _explains_too_little(found))


def _of_satisfaction(client: Client) -> Drivers:
    return drivers(client, answers.relationship(client, "satisfaction"))


def _floor(found: Drivers, y: pd.Series) -> str:
    """Why nothing is to be worked out at all; "" where it is."""
    if "product" not in found.sides or len(found.sides) < 2:
        has = f"only of the {found.sides[0]}" if found.sides else "of neither"
        return (
            "It needs marks of the product and of the service or the process; the survey has marks "
            f"{has}."
        )
    if found.per == "accounts":
        if found.n < stats.SPEAKS_FROM or min(y.sum(), len(y) - y.sum()) < stats.ACCOUNTS_FROM:
            return "It takes ten accounts, five that referred somebody and five that didn't."
    elif not found.n:
        return "Nobody answered both the survey and the question on the relationship."
    elif not stats.enough(found.n, found.accounts):
        return (
            f"It takes ten people in five accounts who answered everything; there are "
            f"{words.count(found.n, 'contact')} in {words.count(found.accounts, 'account')}."
        )
    return ""


def _interval(r2: float, error: float, found: Drivers) -> tuple[float, float, float]:
    """Adjusted R² and its interval: R² of a few people is too good, by what chance explains."""
    from scipy.special import stdtrit

    spare = found.n - len(found.sides) - 1
    adjusted = 1 - (1 - r2) * (found.n - 1) / spare if spare > 0 else 0.0
    half = error * float(stdtrit(found.accounts - 1, 0.975))
    return adjusted, max(adjusted - half, 0.0), min(adjusted + half, 1.0)


def _explains_too_little(found: Drivers) -> str:
    value, low, high = found.r2
    one = found.per.removesuffix("s")
    more = ""
    if value > 1.5 * EXPLAINS:
        needed = math.ceil(found.n * ((high - value) / (value - EXPLAINS)) ** 2)
        more = words.count(max(needed - found.n, 1), f"more {one}")
        more = f" About {more} like these would do."
    return (
        f"What people say of {words.listed(found.sides)} explains too little to be shared out: "
        f"{words.span(100 * low, 100 * high)} % of how one {one} differs from the next "
        f"(n = {words.count(found.n, one)}).{more}"
    )
