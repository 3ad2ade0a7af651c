"""Kano's pairs: what a person would feel if it were so, and if it were not; and what that makes it.

The pure part: tables of answers in, categories and coefficients out. Of the printed evaluation
tables this is the one of Berger et al. (1993): like/like and dislike/dislike are questionable;
must-be/must-be and live-with/live-with are indifferent (Pouliot's variant calls those two
questionable as well).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from servicegap import stats

# Rows: the answer if it were so, 1 like … 5 dislike; columns: if it were not, the same five.
EVALUATION = ("QAAAO", "RIIIM", "RIIIM", "RIIIM", "RRRRQ")
LETTERS = "AOMIRQ"
KINDS = {
    "A": "delight",
    "O": "the more the better",
    "M": "basic",
    "I": "nobody minds",
    "R": "rather not",
    "Q": "can't be read",
}
NEAR = 0.8  # a second peak at least this high, of the first, may be a second group of people


def evaluate(present: ArrayLike, absent: ArrayLike) -> NDArray:
    """The letter of each pair of answers.

    Args: present and absent, whole numbers 1 (like), 2 (must be), 3 (neutral), 4 (live with),
    5 (dislike), same shape. Returns: letters of LETTERS. Errors: ValueError for anything else.
    """
    so, not_so = np.asarray(present, dtype=float), np.asarray(absent, dtype=float)
    for answers in (so, not_so):
        if not np.isin(answers, (1, 2, 3, 4, 5)).all():
            raise ValueError("an answer is a whole number from 1 (like) to 5 (dislike)")
    table = np.array([list(row) for row in EVALUATION])
    return table[so.astype(int) - 1, not_so.astype(int) - 1]


def count_letters(matrix: ArrayLike) -> dict[str, int]:
    """How many pairs of each letter, from a 5 × 5 table of answers.

    Args: matrix, counts; rows are the answer if it were so, columns if it were not, in the order
    of 1 to 5.
    """
    counts = np.asarray(matrix)
    if counts.shape != (5, 5):
        raise ValueError("the table of answers has five rows and five columns")
    table = np.array([list(row) for row in EVALUATION])
    return {letter: int(counts[table == letter].sum()) for letter in LETTERS}


def better_worse(counts: Mapping[str, float]) -> tuple[float, float]:
    """How many it would please to have, and displease to miss, as fractions (worse is negative).

    better = (A + O) ÷ (A + O + M + I), worse = −(O + M) ÷ (A + O + M + I). NaN where nobody
    answered in one of the four. Source: Berger et al. 1993.
    """
    a, o, m, i = (float(counts.get(letter, 0)) for letter in "AOMI")
    total = a + o + m + i
    if not total:
        return math.nan, math.nan
    return (a + o) / total, -(o + m) / total


def peaks(shares: Mapping[str, float]) -> tuple[str, ...]:
    """The most frequent category, and a second that is nearly as frequent.

    Args: shares (or counts) by category. Returns: one or two names, the highest first; two where
    the second has at least 0.8 of the first: then there may be two kinds of people, and one name
    for both would be wrong. Ties keep the order given.
    """
    ordered = sorted(shares, key=lambda name: -shares[name])
    first, second = ordered[0], ordered[1]
    both = shares[second] > 0 and shares[second] >= NEAR * shares[first]
    return (first, second) if both else (first,)


@dataclass(frozen=True)
class Category:
    """What most people make of a moment. `chance` is the posterior probability that `letter` is
    the most frequent; `peaks` has a second letter where that is nearly as frequent."""

    letter: str
    chance: float
    peaks: tuple[str, ...]

    @property
    def settled(self) -> bool:
        return self.chance >= stats.LIKELY

    @property
    def name(self) -> str:
        """The category, if its posterior allows one."""
        return KINDS[self.letter] if self.settled else "not settled"


def categorise(counts: Sequence[float], seed: int = stats.SEED) -> Category:
    """The category of a moment, with the probability that it is the most frequent one.

    Args: counts in the order of LETTERS, effective (fractional) where people of one account
    resemble each other. Returns: a Category, by 4,000 draws from the Dirichlet posterior with
    Jeffreys' prior (½ a letter).
    """
    n = np.asarray(counts, dtype=float)
    rng = np.random.default_rng(seed)
    drawn = rng.standard_gamma(n + 0.5, size=(stats.DRAWS, len(n)))
    first = int(np.argmax(n))
    chance = float(np.mean(np.argmax(drawn, axis=1) == first))
    named = dict(zip(LETTERS, n, strict=True))
    return Category(LETTERS[first], chance, peaks(named))


def design_effect(letters: ArrayLike, accounts: ArrayLike) -> float:
    """By how much people of one account count less than strangers would; 1 at least.

    The mean over letters of n ÷ effective n, weighted by 1 − share (Rao and Scott 1984, first
    order).
    """
    said = np.asarray(letters)
    effects, weights = [], []
    for letter in np.unique(said):
        hit = (said == letter).astype(float)
        share = stats.mean(hit)
        if share < 1:
            effects.append(len(hit) / stats.effective_n(hit, accounts))
            weights.append(1 - share)
    return max(1.0, float(np.average(effects, weights=weights))) if effects else 1.0
