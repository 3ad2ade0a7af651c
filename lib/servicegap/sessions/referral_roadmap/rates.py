"""Who refers how readily? Referrals are known by account, the two kinds of people by survey.

Nobody wrote down which of the people at an account spoke of you. To share a referral out among all
of them alike would make the two kinds look more alike than they are. So it is drawn who it was, as
likely as the rates say, and the rates are drawn from what that makes of the counts, in turn (data
augmentation: Tanner and Wong 1987); what comes of it is what is known of both rates together.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from servicegap import measures, stats
from servicegap.client import Client

PRIOR = 0.5  # Jeffreys
_CHAINS, _WARM_UP, _STEPS = 50, 60, 320  # 50 × 320 draws are as many as `effects` takes


class Rate(Protocol):
    """What is known of a rate: its mean, its intervals, and draws of it."""

    @property
    def n(self) -> float: ...

    @property
    def mean(self) -> float: ...

    @property
    def square(self) -> float: ...

    def drawn(self, rng: np.random.Generator, draws: int) -> NDArray: ...

    def interval(self, low: float = 0.025, high: float = 0.975) -> tuple[float, float]: ...


@dataclass(frozen=True)
class Beta:
    """What is known of a share after `hits` of `n`: Beta(½ + hits, ½ + n − hits)."""

    hits: float
    n: float

    @property
    def ends(self) -> tuple[float, float]:
        return self.hits + PRIOR, self.n - self.hits + PRIOR

    @property
    def mean(self) -> float:
        a, b = self.ends
        return a / (a + b)

    @property
    def square(self) -> float:
        """The mean of its square."""
        a, b = self.ends
        return self.mean * (a + 1) / (a + b + 1)

    def drawn(self, rng: np.random.Generator, draws: int) -> NDArray:
        return rng.beta(*self.ends, size=draws)

    def interval(self, low: float = 0.025, high: float = 0.975) -> tuple[float, float]:
        from scipy.special import betaincinv

        a, b = self.ends
        return float(betaincinv(a, b, low)), float(betaincinv(a, b, high))


@dataclass(frozen=True)
class Sampled:
    """What is known of the rate of `n` people: draws of it, in step with those of the other."""

    draws: NDArray
    n: float

    @property
    def mean(self) -> float:
        return float(self.draws.mean())

    @property
    def square(self) -> float:
        return float((self.draws**2).mean())

    def a_year(self, years: float) -> Sampled:
        """The rate of a year, of one that is of so many years."""
        return Sampled(self.draws / years, self.n)

    def drawn(self, rng: np.random.Generator, draws: int) -> NDArray:
        return np.resize(self.draws, draws)

    def interval(self, low: float = 0.025, high: float = 0.975) -> tuple[float, float]:
        least, most = np.quantile(self.draws, [low, high])
        return float(least), float(most)


@dataclass(frozen=True)
class Rates:
    """How readily people refer, and how often it comes to something.

    `satisfied` people; of `delighted` and `okay` the referrals a person and year; `won` the share
    of decided referrals that were won; `events` the referrals behind the two rates.
    """

    satisfied: int
    delighted: Rate
    okay: Rate
    won: Rate
    events: int


def rates_of(client: Client) -> tuple[Rates, frozenset[str]]:
    """Count who refers, and name the people of the okay zone: satisfied, and would not recommend.

    Nobody is taken to refer more than once in the window, so that there a rate stays a share; what
    comes of it is set to a year where the window is shorter.
    """
    people = measures.asked(client).people.groupby("person", sort=True).agg(
        account_id=("account_id", "min"), satisfied=("satisfied", "mean"), would=("would", "mean")
    )  # fmt: skip
    happy = people["satisfied"] >= 0.5
    glad, okay = happy & (people["would"] >= 0.5), happy & (people["would"] < 0.5)
    kinds = np.column_stack([glad, okay, ~happy]).astype(int)
    heads = pd.DataFrame(kinds, people.index).groupby(people["account_id"]).sum()
    made = measures.referrals_made(client)["account_id"].value_counts()
    events = made.reindex(heads.index).fillna(0).to_numpy(dtype=int)
    delighted, merely, _ = shared_out(heads.to_numpy(), np.minimum(events, heads.sum(axis=1)))
    within, decided = measures.window(client), client["referrals"]
    delighted, merely = delighted.a_year(within.years), merely.a_year(within.years)
    decided = decided[within.reaches(decided["made_on"])]
    won, lost = (int((decided["stage"] == stage).sum()) for stage in ("won", "lost"))
    rates = Rates(int(happy.sum()), delighted, merely, Beta(won, won + lost), int(events.sum()))
    return rates, frozenset(people.index[okay])


def shared_out(heads: ArrayLike, events: ArrayLike, seed: int = stats.SEED) -> list[Sampled]:
    """Estimate how readily each kind of people refers, from referrals that are known by account.

    Args: heads, people by account and kind, (accounts, kinds); events, referrals by account, no
    more than there are people. Returns: for each kind draws of its rate, all in step. A rate has
    Jeffreys' prior; referrals of an account fall on its people as their rates say. The same
    whatever accounts are called and however they are sorted.
    """
    rows = np.column_stack([np.asarray(heads, dtype=int), np.asarray(events, dtype=int)])
    rows = rows[np.lexsort(rows.T)]
    heads, events = rows[:, :-1], rows[:, -1]
    many = heads.sum(axis=0)
    rng = np.random.default_rng(seed)
    hits = np.zeros((_CHAINS, len(many)))
    kept = np.empty((_STEPS, _CHAINS, len(many)))
    for step in range(-_WARM_UP, _STEPS):
        rates = rng.beta(PRIOR + hits, PRIOR + many - hits)
        weights = heads * rates[:, None, :] + 1e-300
        parts = rng.multinomial(events, weights / weights.sum(axis=2, keepdims=True))
        hits = np.minimum(parts.sum(axis=1), many)
        if step >= 0:
            kept[step] = rates
    return [Sampled(kept[:, :, k].ravel(), float(n)) for k, n in enumerate(many)]
