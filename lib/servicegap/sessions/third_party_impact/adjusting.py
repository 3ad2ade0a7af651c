"""With and without a supplier, like with like, and how sure: whole accounts drawn again."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from servicegap import stats
from servicegap.sessions.third_party_impact import effects

KNOWN_BEFORE = ("priority", "type", "channel", "month")  # what was known before a supplier came in
PENALTY = 1.0  # one ticket's worth of "makes no difference" a level
_RARE, _MOST = 5, 12  # levels of fewer tickets, or beyond so many, are "other"
_CHUNK = 500  # draws at a time: what fits the cache
_REFINED = 3  # Newton steps of a draw, from where all tickets together end


def design(tickets: pd.DataFrame, by: tuple[str, ...] = KNOWN_BEFORE) -> NDArray:
    """A constant, then a column for every level of every thing known before: (n, 1 + levels).

    No level is the one that others are measured against, so names play no part; an empty cell is a
    level. Levels of fewer than five tickets, and those beyond the twelve most frequent, are taken
    together.
    """
    columns: list[NDArray] = [np.ones(len(tickets))]
    for name in by:
        said = tickets[name].astype("object").where(tickets[name].notna(), "").astype(str)
        counts = said.value_counts()
        ranked = sorted(counts.index, key=lambda level: (-counts[level], level))
        own = [level for level in ranked[:_MOST] if counts[level] >= _RARE]
        said = said.where(said.isin(own), None)
        levels = [*own, None] if said.isna().any() else own
        if len(levels) > 1:
            columns += [(said.isna() if v is None else said == v).to_numpy(float) for v in levels]
    return np.column_stack(columns)


@dataclass(frozen=True)
class Compared:
    """Tickets with a supplier beside those without: outcome, what was known before, accounts.

    `y`, `treated`, `account` (0…) have a row a ticket, `x` is `design`; `draws` is how often whole
    accounts are drawn again. Everything is found when it is first asked for.
    """

    y: NDArray
    treated: NDArray
    account: NDArray
    x: NDArray
    draws: int = stats.DRAWS

    @property
    def firms(self) -> int:
        return int(self.account.max()) + 1

    @cached_property
    def _beta(self) -> NDArray:
        return effects.fitted(self.x, self.treated, penalty=PENALTY)

    @cached_property
    def chance(self) -> NDArray:
        """The chance of each ticket to involve a supplier, by what was known before."""
        return effects._chance(self.x @ self._beta, "logit")[0]

    @property
    def trimmed(self) -> NDArray:
        """The tickets whose chance is so small or so large that the other side has no like."""
        return (self.chance < effects.TRIM[0]) | (self.chance > effects.TRIM[1])

    @cached_property
    def said(self) -> NDArray:
        """The outcome to be expected of each ticket without a supplier."""
        return self.x @ effects.least_squares(self.x, self.y, 1 - self.treated, PENALTY)

    @cached_property
    def found(self) -> effects.Effects:
        """The differences as they are, one number each."""
        one = effects.on_the_treated(
            self.y, self.treated, self.said[None], self.chance[None], np.ones((1, len(self.y)))
        )
        return effects.Effects(*(v[0] for v in vars(one).values()))

    @cached_property
    def drawn(self) -> effects.Effects:
        """The differences in every draw."""
        parts = [effects.on_the_treated(self.y, self.treated, said, chance, weights)
                 for said, chance, weights in self.resampled()]  # fmt: skip
        return effects.Effects(
            *(np.concatenate(v) for v in zip(*(vars(p).values() for p in parts), strict=True))
        )

    def resampled(self):
        """Draw whole accounts again, and fit both models to each draw: chunks of (what the model
        without supplier says, propensity, weights), each (draws, tickets).

        What a draw needs is sums over tickets, and those are added up by account beforehand. The
        logistic model starts from where all tickets together end, and takes three Newton steps with
        the draw's own curvature there: by then no chance is a
        hundredth away from where it would end.
        """
        order = self._order()
        picks = np.random.default_rng(stats.SEED).multinomial(
            self.firms, np.full(self.firms, 1 / self.firms), size=self.draws
        )
        picks = picks[:, np.argsort(order)].astype(float)
        curved = self._by_account(self.chance * (1 - self.chance))
        linear = self._by_account(1 - self.treated)
        right = self._summed(self.x * (self.y * (1 - self.treated))[:, None])
        k = self.x.shape[1]
        ridge = effects._ridge(k, PENALTY) + 1e-9 * np.eye(k)
        for start in range(0, self.draws, _CHUNK):
            own = picks[start : start + _CHUNK]
            weights = own[:, self.account]
            inverse = np.linalg.inv((own @ curved).reshape(-1, k, k) + ridge)
            beta = np.tile(self._beta, (len(own), 1))
            for _ in range(_REFINED):
                chance = _logistic(beta @ self.x.T)
                score = (weights * (self.treated - chance)) @ self.x - np.diag(ridge) * beta
                beta = beta + np.einsum("dij,dj->di", inverse, score)
            sums = (own @ linear).reshape(-1, k, k) + ridge
            gamma = np.linalg.solve(sums, (own @ right)[..., None])[..., 0]
            yield gamma @ self.x.T, _logistic(beta @ self.x.T), weights

    def _order(self) -> NDArray:
        """Accounts in an order in which neither names nor rows have a part."""
        sums = self._summed(np.column_stack([self.x, self.treated, self.y, self.y * self.treated]))
        return np.lexsort(sums.T)

    def _summed(self, rows: NDArray) -> NDArray:
        out = np.zeros((self.firms, rows.shape[1]))
        np.add.at(out, self.account, rows)
        return out

    def _by_account(self, weights: NDArray) -> NDArray:
        """Sums of weighted products of the design's columns, by account: (firms, k × k)."""
        k = self.x.shape[1]
        out = np.empty((self.firms, k * k))
        for firm in range(self.firms):
            own = self.account == firm
            out[firm] = (self.x[own].T @ (self.x[own] * weights[own, None])).ravel()
        return out


def _logistic(eta: NDArray) -> NDArray:
    from scipy.special import expit

    return np.clip(expit(eta), 1e-9, 1 - 1e-9)


def compared(
    tickets: pd.DataFrame, outcome: str, by: tuple[str, ...] = KNOWN_BEFORE,
    draws: int = stats.DRAWS,
) -> Compared:  # fmt: skip
    """Set tickets with a supplier beside those without, on an outcome.

    Args: tickets, with account_id, involved, the outcome and what was known before; by, what to
    adjust for. Rows in an order in which names have no part come from the order of rows alone.
    """
    _, account = np.unique(tickets["account_id"].astype(str), return_inverse=True)
    return Compared(
        tickets[outcome].to_numpy(float), tickets["involved"].to_numpy(float), account,
        design(tickets, by), draws,
    )  # fmt: skip
