"""With and without a supplier, like with like, and how sure: whole accounts drawn again."""

from __future__ import annotations

from collections.abc import Iterator
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
_CHUNK = 200  # draws at a time: what fits the cache
_REFINED = 3  # Newton steps of a draw, from where all tickets together end


def design(tickets: pd.DataFrame, by: tuple[str, ...] = KNOWN_BEFORE) -> NDArray:
    """A constant, then a column for every level of every thing known before: (n, 1 + levels).

    No level is the one that others are measured against, so names play no part; an empty cell is a
    level. Levels of fewer than five tickets, and those beyond the twelve most frequent, are taken
    together.
    """
    known, cell = cells(tickets, by)
    return known[cell]


def cells(tickets: pd.DataFrame, by: tuple[str, ...] = KNOWN_BEFORE) -> tuple[NDArray, NDArray]:
    """The different rows of `design`, in order, and which of them each ticket has."""
    told = [level for level in (_levels(tickets[name]) for name in by) if level.any()]
    widths = [int(level.max()) + 1 for level in told]
    # a whole number that orders tickets as their rows of the design are ordered: a row's first
    # columns weigh most, and of each thing known one column is 1
    ranks = np.zeros(len(tickets), dtype=np.int64)
    for level, width in zip(told, widths, strict=True):
        ranks = ranks * width + (width - 1 - level)
    distinct, cell = np.unique(ranks, return_inverse=True)
    columns: list[NDArray] = []
    for width in reversed(widths):
        distinct, level = np.divmod(distinct, width)
        columns.insert(0, np.eye(width)[width - 1 - level])
    return np.hstack([np.ones((len(distinct), 1)), *columns]), cell


def _levels(said: pd.Series) -> NDArray:
    """A number for what each ticket says, from the most frequent level on; the last of them for
    what is taken together."""
    codes, found = pd.factorize(said)
    texts, same = np.unique([*map(str, found), ""], return_inverse=True)
    own = same[codes]  # a missing one has the code -1, and so the last text
    counts = np.bincount(own, minlength=len(texts))
    ranked = sorted(np.flatnonzero(counts), key=lambda i: (-counts[i], texts[i]))
    kept = [i for i in ranked[:_MOST] if counts[i] >= _RARE]
    places = np.full(len(texts), len(kept))
    places[kept] = np.arange(len(kept))
    return places[own]


@dataclass(frozen=True)
class Alike:
    """Tickets with a supplier and without, what was known of them before, and their accounts.

    `treated`, `account` (0…) and `cell` have a row a ticket; tickets of which the same was known
    are one cell, and `known` is the row of `design` that they share.
    """

    treated: NDArray
    account: NDArray
    known: NDArray
    cell: NDArray

    @property
    def firms(self) -> int:
        return int(self.account.max()) + 1

    @property
    def x(self) -> NDArray:
        """The design, a row a ticket: made when it is wanted, since it is large."""
        return self.known[self.cell]

    @cached_property
    def beta(self) -> NDArray:
        """The model of who involves a supplier."""
        return effects.fitted(self.x, self.treated, penalty=PENALTY)

    @cached_property
    def cell_chance(self) -> NDArray:
        """The chance to involve a supplier in each cell."""
        return _logistic(self.known @ self.beta)


@dataclass(frozen=True)
class Compared:
    """Tickets with a supplier beside those without, on an outcome `y`, a number a ticket.

    `draws` is how often whole accounts are drawn again; nothing that is drawn is larger than
    accounts × cells. Everything is found when first asked for.
    """

    y: NDArray
    alike: Alike
    draws: int = stats.DRAWS

    @property
    def firms(self) -> int:
        return self.alike.firms

    @property
    def treated(self) -> NDArray:
        return self.alike.treated

    @property
    def cell_chance(self) -> NDArray:
        """The chance to involve a supplier in each cell."""
        return self.alike.cell_chance

    @property
    def chance(self) -> NDArray:
        """The chance of each ticket to involve a supplier, by what was known before."""
        return self.cell_chance[self.alike.cell]

    @property
    def trimmed(self) -> NDArray:
        """The tickets whose chance is so small or so large that the other side has no like."""
        chance = self.cell_chance
        return ((chance < effects.TRIM[0]) | (chance > effects.TRIM[1]))[self.alike.cell]

    @cached_property
    def said(self) -> NDArray:
        """The outcome to be expected in each cell without a supplier."""
        gamma = effects.least_squares(self.alike.x, self.y, 1 - self.treated, PENALTY)
        return self.alike.known @ gamma

    def table(self, weights: NDArray) -> NDArray:
        """Sum a number that each ticket has, by account and cell: (firms, cells)."""
        shape = self.firms, len(self.alike.known)
        places = self.alike.account * shape[1] + self.alike.cell
        return np.bincount(places, weights, shape[0] * shape[1]).reshape(shape)

    @cached_property
    def tables(self) -> effects.Cells:
        """Tickets and sums of outcomes with and without a supplier, by account and cell."""
        t = self.treated
        return effects.Cells(*map(self.table, (t, 1 - t, t * self.y, (1 - t) * self.y)))

    @cached_property
    def _side_by_side(self) -> NDArray:
        """The four tables as one, (firms, 4 × cells): one product a chunk of draws."""
        return np.hstack(list(vars(self.tables).values()))

    @cached_property
    def found(self) -> effects.Effects:
        """The differences as they are, one number each."""
        whole = self.weighed(np.ones((1, self.firms)))
        one = effects.on_the_treated(whole, self.said[None], self.cell_chance[None])
        return effects.Effects(*(v[0] for v in vars(one).values()))

    @cached_property
    def drawn(self) -> effects.Effects:
        """The differences in every draw."""
        parts = [
            effects.on_the_treated(self.weighed(own), said, chance)
            for own, said, chance in self.resampled()
        ]
        return effects.Effects(
            *(np.concatenate(v) for v in zip(*(vars(p).values() for p in parts), strict=True))
        )

    def weighed(self, own: NDArray) -> effects.Cells:
        """The cells of sets of accounts; own, (d, firms), says how often each account counts."""
        return effects.Cells(*np.split(own @ self._side_by_side, 4, axis=1))

    def resampled(self) -> Iterator[tuple[NDArray, NDArray, NDArray]]:
        """Draw whole accounts again, and fit both models to each draw: chunks of (how often each
        account was drawn, what the model without supplier says, propensity), the latter by cell.
        """
        x, picks = self.alike.known, self._picks
        for i, (gamma, beta) in enumerate(self._fits):
            yield picks[i * _CHUNK : (i + 1) * _CHUNK], gamma @ x.T, _logistic(beta @ x.T)

    @cached_property
    def _fits(self) -> list[tuple[NDArray, NDArray]]:
        """Coefficients of the two models in each draw, by chunks of draws.

        What a draw needs is sums over tickets, and those are added up by account beforehand. The
        logistic model starts from where all tickets together end, and takes three Newton steps with
        the draw's own curvature there: by then no chance is a hundredth from where it would end.
        """
        x = self.alike.known
        k, every = x.shape[1], self.tables.with_ + self.tables.without
        products = (x[:, :, None] * x[:, None, :]).reshape(len(x), -1)
        bend = self.cell_chance * (1 - self.cell_chance)
        curved, linear = every @ (products * bend[:, None]), self.tables.without @ products
        right = self.tables.sum_without @ x
        ridge = effects.ridge(k, PENALTY) + 1e-9 * np.eye(k)
        found, picks = [], self._picks
        for start in range(0, self.draws, _CHUNK):
            own = picks[start : start + _CHUNK]
            with_, tickets = own @ self.tables.with_, own @ every
            inverse = np.linalg.inv((own @ curved).reshape(-1, k, k) + ridge)
            beta = np.tile(self.alike.beta, (len(own), 1))
            for _ in range(_REFINED):
                score = (with_ - tickets * _logistic(beta @ x.T)) @ x - np.diag(ridge) * beta
                beta = beta + (inverse @ score[..., None])[..., 0]
            sums = (own @ linear).reshape(-1, k, k) + ridge
            gamma = np.linalg.solve(sums, (own @ right)[..., None])[..., 0]
            found.append((gamma, beta))
        return found

    @cached_property
    def _picks(self) -> NDArray:
        """How often each account is drawn: (draws, firms). Neither their names nor the order of
        rows have a part in it."""
        sums = self.tables.with_ @ self.alike.known, self.tables.sum_with, self.tables.sum_without
        order = np.lexsort(np.column_stack([*sums, self.tables.without]).T)
        picks = np.random.default_rng(stats.SEED).multinomial(
            self.firms, np.full(self.firms, 1 / self.firms), size=self.draws
        )
        return picks[:, np.argsort(order)].astype(float)


def _logistic(eta: NDArray) -> NDArray:
    from scipy.special import expit

    chance = expit(eta)
    return np.clip(chance, 1e-9, 1 - 1e-9, out=chance)


def compared(
    tickets: pd.DataFrame, outcome: str, by: tuple[str, ...] = KNOWN_BEFORE,
    draws: int = stats.DRAWS,
) -> Compared:  # fmt: skip
    """Set tickets with a supplier beside those without, on an outcome.

    Args: tickets, with account_id, involved, the outcome and what was known before; by, what to
    adjust for. Rows in an order in which names have no part come from the order of rows alone.
    """
    account, _ = pd.factorize(tickets["account_id"].astype(str), sort=True)
    alike = Alike(tickets["involved"].to_numpy(float), account, *cells(tickets, by))
    return Compared(tickets[outcome].to_numpy(float), alike, draws)
