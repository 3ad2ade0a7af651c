"""Answers drawn at random, of which the truth is known: alike or not, many or few, even or skewed.

What one account says resembles itself: `alike` is the correlation of two of its contacts, by a beta
distribution over accounts (1: all of one mind).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True)
class Kind:
    """How answers hang together.

    `alike`, contacts of one account; `skewed`, the largest account has as many contacts as the
    next two together, and so on down (Zipf); `each`, ratings of a contact, of which the mean
    counts; `faithful`, how alike those are.
    """

    name: str
    alike: float = 0.0
    skewed: bool = False
    each: int = 1
    faithful: float = 0.0


INDEPENDENT = Kind("independent")
# A person is worth one answer at most, however often they rated: wider than it need be, by rule.
SEVERAL = Kind("four ratings a contact, 0.1 and 0.3", 0.1, each=4, faithful=0.3)
CLUSTERED = (
    Kind("people of an account alike, 0.1", 0.1),
    Kind("people of an account alike, 0.3", 0.3),
    Kind("accounts of unlike size, 0.1", 0.1, skewed=True),
)
ONE_MIND = Kind("all of an account of one mind", 1.0)


def sizes(kind: Kind, n: int, accounts: int) -> NDArray:
    """How many contacts each account has."""
    if not kind.skewed:
        return np.bincount(np.arange(n) % accounts, minlength=accounts)
    weight = 1 / np.arange(1, accounts + 1)
    ideal = weight / weight.sum() * (n - accounts)
    found = 1 + np.floor(ideal).astype(int)
    found[np.argsort(np.floor(ideal) - ideal)[: n - found.sum()]] += 1
    return found


def levels(rng: np.random.Generator, share: NDArray | float, alike: float, n: int) -> NDArray:
    """The chance of each of n accounts (or contacts), alike being how far they differ."""
    share = np.broadcast_to(np.asarray(share, dtype=float), (n,))
    if alike <= 0:
        return share
    if alike >= 1:
        return (rng.random(n) < share).astype(float)
    spread = (1 - alike) / alike
    return rng.beta(np.maximum(share * spread, 1e-9), np.maximum((1 - share) * spread, 1e-9))


def drawn(
    rng: np.random.Generator, kind: Kind, n: int, accounts: int, share: float
) -> tuple[NDArray, NDArray]:
    """One firm's answers: a value from 0 to 1 per contact, and the account of each."""
    account = np.repeat(np.arange(accounts), sizes(kind, n, accounts))
    chance = levels(rng, share, kind.alike, accounts)[account]
    chance = levels(rng, chance, kind.faithful, n)
    return rng.binomial(kind.each, chance) / kind.each, account
