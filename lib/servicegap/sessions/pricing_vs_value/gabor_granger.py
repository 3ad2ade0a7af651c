"""A ladder of prices, each bought by fewer: demand, what comes in, how much demand gives way.

Gabor and Granger 1966. For surveys that asked "would you buy at this price?", or for any demand
by price. Limit: what people say they would pay is not what they pay.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True)
class Ladder:
    """Demand at rising prices. `elasticity` has a value per step: how many percent of buyers are
    lost for each percent on the price. `best` is the price with the highest revenue, the lowest of
    them where several tie."""

    prices: NDArray
    demand: NDArray
    revenue: NDArray
    elasticity: NDArray
    best: float


def from_highest(counts: ArrayLike) -> NDArray:
    """Demand at each price, from how many named it as the highest they would pay."""
    return np.cumsum(np.asarray(counts)[::-1])[::-1]


def gabor_granger(prices: ArrayLike, demand: ArrayLike) -> Ladder:
    """Make the ladder from rising prices and the buyers (or the share of buyers) at each.

    elasticity = −(change of demand ÷ demand before) ÷ (change of price ÷ price before); NaN where
    nobody is left. Raises ValueError unless prices are positive and rise.
    """
    price, buyers = np.asarray(prices, dtype=float), np.asarray(demand, dtype=float)
    if len(price) == 0 or price[0] <= 0 or (np.diff(price) <= 0).any():
        raise ValueError("prices have to be positive, each higher than the one before")
    revenue = price * buyers
    with np.errstate(divide="ignore", invalid="ignore"):
        lost = -np.diff(buyers) / buyers[:-1]
    lost = np.where(buyers[:-1] > 0, lost, np.nan)
    return Ladder(
        price, buyers, revenue, lost / (np.diff(price) / price[:-1]),
        float(price[int(np.argmax(revenue))]),
    )  # fmt: skip
