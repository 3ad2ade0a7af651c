"""Other quantities: estimates from a bootstrap over whole accounts, its standard error or draws."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from servicegap.stats.estimate import Estimate

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

DRAWS = 4_000
SEED = 20_250_101
_NO_ERROR = 1e-6  # what the last digits of a spread may be


def from_error(
    value: float, error: float, n: int, contacts: int, accounts: int, unit: str, per: str
) -> Estimate:
    """Estimate from a value and its cluster-bootstrap standard error: t with accounts − 1.

    Where the error is nought, see `_of_one_mind`.
    """
    from scipy.special import stdtr, stdtrit

    sizes = (n, contacts, accounts)
    if error < _NO_ERROR:
        return _of_one_mind(value, -math.inf, math.inf, sizes, unit, per)
    freedom = max(accounts - 1, 1)
    half = error * float(stdtrit(freedom, 0.975))

    def below(x: float) -> float:
        return float(stdtr(freedom, (x - value) / error))

    def scaled(k: float) -> Estimate:
        return from_error(value, error / math.sqrt(k), *_times(sizes, k), unit, per)

    return Estimate(
        value, value - half, value + half, n, unit, per, contacts, accounts,
        lambda x: 2 * float(stdtr(freedom, -abs(x - value) / error)),
        below,
        scaled,
    )  # fmt: skip


def share_from_error(
    value: float, error: float, n: int, contacts: int, accounts: int, unit: str, per: str
) -> Estimate:
    """Estimate a share, in percent, from its cluster-bootstrap standard error, in points.

    t with accounts − 1, on the log odds of the share (its standard error there by the delta
    method, error ÷ v(1 − v)): near 0 and 100 the bootstrap's error shrinks with the distance to
    the end, and a t on the share itself would be surer than it may be. Beliefs below 0.5 and above
    99.5 are taken as that, and so is a share so near an end. Where the error is nought, see
    `_of_one_mind`.
    """
    from scipy.special import expit, logit, stdtr, stdtrit

    sizes = (n, contacts, accounts)
    if error < _NO_ERROR:
        return _of_one_mind(value, 0.0, 100.0, sizes, unit, per)

    def odds(x: float) -> float:
        return float(logit(min(max(x / 100, 0.005), 0.995)))

    freedom, centre = max(accounts - 1, 1), odds(value)
    middle = float(expit(centre))
    scale = error / 100 / (middle * (1 - middle))
    half = scale * float(stdtrit(freedom, 0.975))

    def below(x: float) -> float:
        return float(stdtr(freedom, (odds(x) - centre) / scale))

    def scaled(k: float) -> Estimate:
        return share_from_error(value, error / math.sqrt(k), *_times(sizes, k), unit, per)

    return Estimate(
        value,
        min(100 * float(expit(centre - half)), value),
        max(100 * float(expit(centre + half)), value),
        n, unit, per, contacts, accounts,
        lambda x: 2 * float(stdtr(freedom, -abs(odds(x) - centre) / scale)),
        below,
        scaled,
    )  # fmt: skip


def _of_one_mind(
    value: float, lowest: float, highest: float, sizes: tuple[int, int, int], unit: str, per: str
) -> Estimate:
    """The estimate where all draws agree: no two accounts differed, which is not to be sure.

    Had a share q of all accounts been of another mind, G accounts would all agree with probability
    (1 − q)^G; and q can't move a quantity in percent or points by more than 100 q. So p of a truth
    x away is at most 2 (1 − x ÷ 100)^G: at 0 and 100 % the exact binomial with accounts for trials.
    `lowest` and `highest` are the ends of what is possible. Limit: cautious for other units.
    """
    accounts = max(sizes[2], 1)

    def chance(x: float) -> float:
        return max(1 - abs(x - value) / 100, 0.0) ** accounts

    def below(x: float) -> float:
        if not lowest <= x <= highest:
            return float(x > highest)
        side = min(0.5, chance(x))
        return side if x < value else 1 - side

    half = 100 * (1 - 0.025 ** (1 / accounts))
    n, contacts, _ = sizes
    return Estimate(
        value, max(value - half, lowest), min(value + half, highest), n, unit, per, contacts,
        sizes[2],
        lambda x: min(1.0, 2 * chance(x)),
        below,
        lambda k: _of_one_mind(value, lowest, highest, _times(sizes, k), unit, per),
    )  # fmt: skip


def _times(sizes: tuple[int, int, int], k: float) -> tuple[int, int, int]:
    n, contacts, accounts = sizes
    return round(n * k), round(contacts * k), round(accounts * k)


def from_draws(
    value: float,
    draws: ArrayLike,
    n: int,
    contacts: int,
    accounts: int,
    unit: str,
    per: str,
    scaled: Callable[[float], Estimate] | None = None,
) -> Estimate:
    """Estimate from bootstrap or posterior draws; equality counts on both sides.

    Args: scaled, how to get the estimate that k times the data would give, if there is a way.
    """
    ordered = np.sort(np.asarray(draws, dtype=float))
    low, high = np.quantile(ordered, [0.025, 0.975])

    def at_most(x: float) -> float:
        return float(np.searchsorted(ordered, x, side="right")) / len(ordered)

    def under(x: float) -> float:
        return float(np.searchsorted(ordered, x, side="left")) / len(ordered)

    return Estimate(
        value, float(low), float(high), n, unit, per, contacts, accounts,
        lambda x: min(1.0, 2 * min(at_most(x), 1 - under(x))),
        lambda x: (at_most(x) + under(x)) / 2,
        scaled,
    )  # fmt: skip


def resampled_means(
    values: ArrayLike, accounts: ArrayLike, draws: int = DRAWS, seed: int = SEED
) -> NDArray:
    """Draw the mean of `values` again and again, whole accounts at a time (cluster bootstrap).

    Returns: `draws` means. The same whatever the accounts are called and however rows are sorted.
    """
    _, index = np.unique(np.asarray(accounts), return_inverse=True)
    sizes = np.bincount(index).astype(float)
    sums = np.bincount(index, weights=np.asarray(values, dtype=float))
    order = np.lexsort((sums, sizes))
    sizes, sums = sizes[order], sums[order]
    rng = np.random.default_rng(seed)
    picks = rng.multinomial(len(sizes), np.full(len(sizes), 1 / len(sizes)), size=draws)
    return (picks @ sums) / (picks @ sizes)
