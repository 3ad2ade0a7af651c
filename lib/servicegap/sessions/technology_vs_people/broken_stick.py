"""Does more of it buy more, and from which point on does it buy nothing? A line with a bend.

The mark falls by b points for every doubling of the time beyond a point c, and is level below it:
y = kind of work − b × max(0, log₂(time ÷ c)). With c under the fastest ticket it is a straight
line, and faster is better all the way.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from servicegap.stats import SEED

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

POINTS = 24  # places tried for the bend
DRAWS = 1_000
_EDGE = 0.05  # of the tickets lie beyond the first and the last of them


@dataclass(frozen=True)
class Bend:
    """A line that is level up to `at` (hours) and falls by `fall` (fraction) a doubling after it.

    `low` and `high` are the ends of the bend's 95 % interval.
    """

    at: float
    low: float
    high: float
    fall: float


def broken_stick(
    hours: ArrayLike, values: ArrayLike, rest: NDArray, accounts: ArrayLike, seed: int = SEED
) -> Bend:
    """Find the bend by least squares over a grid, and how sure it is by drawing whole accounts.

    Args: hours, above nought; values; rest, columns to allow for (without a constant); accounts,
    the account of each. Returns: a Bend. Formula: the c with the smallest sum of squares among
    24 quantiles of the hours (the first stands for "no bend"); interval: the middle 95 % of the c
    of 1,000 draws of accounts. Source: Hudson 1966, Hinkley 1971, on two-phase regression. Limit:
    it always finds a bend, so ask only where the line is known to level off; the interval is rough
    where the fall is slight.
    """
    x, y = np.log2(np.asarray(hours, dtype=float)), np.asarray(values, dtype=float)
    _, homes = np.unique(np.asarray(accounts, dtype=str), return_inverse=True)
    spots = np.quantile(x, np.linspace(_EDGE, 1 - _EDGE, POINTS))
    spots[0] = x.min()
    spots = np.unique(spots)
    base = np.column_stack([np.ones(len(x)), rest])
    firms, size = int(homes.max()) + 1, base.shape[1] + 1
    cross = np.empty((len(spots), firms, size, size))
    with_y = np.empty((len(spots), firms, size))
    for i, spot in enumerate(spots):
        design = np.column_stack([base, np.maximum(0.0, x - spot)])
        by_row = design[:, :, None] * design[:, None, :]
        for firm in range(firms):
            mine = homes == firm
            cross[i, firm] = by_row[mine].sum(axis=0)
            with_y[i, firm] = y[mine] @ design[mine]
    rng = np.random.default_rng(seed)
    drawn = rng.multinomial(firms, np.full(firms, 1 / firms), size=DRAWS)
    drawn = np.vstack([np.ones(firms, dtype=int), drawn])
    best, fall = _best(cross, with_y, drawn)
    at = np.exp2(spots[best])
    low, high = np.quantile(at[1:], [0.025, 0.975], method="nearest")
    return Bend(float(at[0]), float(low), float(high), float(-fall[0]))


def _best(cross: NDArray, with_y: NDArray, drawn: NDArray) -> tuple[NDArray, NDArray]:
    """For each draw of accounts, which bend fits best, and the slope beyond it."""
    explained, slopes = [], []
    for moments, products in zip(cross, with_y, strict=True):
        a = np.tensordot(drawn, moments, axes=1)
        b = drawn @ products
        a = a + 1e-8 * np.trace(a, axis1=1, axis2=2)[:, None, None] * np.eye(a.shape[1])
        solved = np.linalg.solve(a, b[:, :, None])[:, :, 0]
        explained.append((solved * b).sum(axis=1))
        slopes.append(solved[:, -1])
    best = np.argmax(np.array(explained), axis=0)
    return best, np.array(slopes)[best, np.arange(len(best))]


def curve(bend: Bend, hours: ArrayLike, mean: float, sample: ArrayLike) -> NDArray:
    """The line's height at some hours, in percent, so that over the sample it averages `mean`.

    Args: mean, a fraction; sample, the hours of the tickets that were fitted.
    """

    def beyond(times: ArrayLike) -> NDArray:
        return np.maximum(0.0, np.log2(np.asarray(times, dtype=float) / bend.at))

    level = mean + bend.fall * float(beyond(sample).mean())
    return 100 * (level - bend.fall * beyond(hours))
