"""How much of what varies in an outcome goes with each of several things? Shares of R².

LMG (Lindeman, Merenda and Gold 1980; Kruskal 1987): things that go with the outcome also go with
each other, so what one of them adds to R² depends on what is in already. Its share is the mean of
what it adds over all orders in which they can come in; that is Shapley's value (1953), and the
shares add up to R². Computed exactly over all subsets, from covariances alone, for many draws of a
bootstrap at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain, combinations
from math import comb

import numpy as np
from numpy.typing import ArrayLike, NDArray

_SINGULAR = 1e-9  # a thing with less of its variance left than this says nothing new
MOST = 12  # things that are put in every order; 4,096 subsets


def _pivot(matrix: NDArray, at: int, scale: NDArray) -> NDArray:
    """Covariances of the others once variable `at` is known; unchanged where it says nothing."""
    column, left = matrix[..., at], matrix[..., at, at]
    known = left > _SINGULAR * scale
    inverse = np.where(known, 1 / np.where(known, left, 1.0), 0.0)
    rest = matrix - column[..., :, None] * column[..., None, :] * inverse[..., None, None]
    keep = [i for i in range(matrix.shape[-1]) if i != at]
    return rest[..., keep, :][..., keep]


def _residuals(matrix: NDArray, scale: NDArray) -> NDArray:
    """Residual variance of the last variable given each subset of the others: (2^k, …).

    Bit j of the first index says whether variable j is in the subset.
    """
    states = matrix[None]
    for j in range(matrix.shape[-1] - 1):
        with_it = _pivot(states, 0, scale[..., j])
        states = np.concatenate([states[..., 1:, 1:], with_it])
    return states[..., 0, 0]


def r_squared(covariance: ArrayLike) -> NDArray:
    """R² of the last variable on all the others. Args: covariances, shape (…, k + 1, k + 1)."""
    matrix = np.asarray(covariance, dtype=float)
    scale = np.diagonal(matrix, axis1=-2, axis2=-1)
    rest = matrix
    for j in range(matrix.shape[-1] - 1):
        rest = _pivot(rest, 0, scale[..., j])
    total = scale[..., -1]
    return np.where(total > 0, 1 - rest[..., 0, 0] / np.where(total > 0, total, 1.0), 0.0)


def shapley(worth: NDArray) -> NDArray:
    """Shapley's values from the worth of every subset.

    Args: worth, shape (2^k, …), bit j of the index saying whether thing j is in.
    Returns: shape (k, …); they add up to worth[-1] − worth[0].
    """
    size = len(worth)
    k = size.bit_length() - 1
    subsets = np.arange(size)
    counts = np.array([int(s).bit_count() for s in subsets])
    values = []
    for j in range(k):
        without = subsets[(subsets >> j) & 1 == 0]
        weight = np.array([1 / (k * comb(k - 1, c)) for c in counts[without]])
        values.append(np.tensordot(weight, worth[without | 1 << j] - worth[without], axes=1))
    return np.array(values)


def lmg(covariance: ArrayLike) -> NDArray:
    """What each of k things adds to R², the mean over all orders; the sum is R².

    Args: covariance, shape (…, k + 1, k + 1), the outcome last, k at most MOST.
    Returns: shape (k, …), as fractions of the outcome's variance; 0 where the outcome is the same
    for everybody.
    """
    matrix = np.asarray(covariance, dtype=float)
    scale = np.diagonal(matrix, axis1=-2, axis2=-1)
    total = scale[..., -1]
    left = _residuals(matrix, scale)
    return shapley(-left) / np.where(total > 0, total, np.inf)


def within(covariance: ArrayLike, blocks: Sequence[Sequence[int]]) -> NDArray:
    """What each single thing adds to R² where things of one block come in one after another.

    The mean over all orders of blocks, and of things within their block (Owen 1977). The values
    of a block add up to what the block adds as a whole.

    Args: covariance, shape (…, k + 1, k + 1), the outcome last; blocks, the numbers of the things
    of each, every one of 0…k − 1 once, at most MOST in a block.
    Returns: shape (k, …).
    """
    matrix = np.asarray(covariance, dtype=float)
    scale = np.diagonal(matrix, axis1=-2, axis2=-1)
    total = np.where(scale[..., -1] > 0, scale[..., -1], np.inf)
    added = np.zeros((matrix.shape[-1] - 1, *matrix.shape[:-2]))
    for b, own in enumerate(blocks):
        others = [block for i, block in enumerate(blocks) if i != b]
        for before in chain(*(combinations(others, n) for n in range(len(others) + 1))):
            known = [i for block in before for i in block]
            order = [*known, *own, matrix.shape[-1] - 1]
            rest, spread = matrix[..., order, :][..., order], scale[..., order]
            for j in range(len(known)):
                rest = _pivot(rest, 0, spread[..., j])
            gained = shapley(-_residuals(rest, spread[..., len(known) :]))
            weight = 1 / (len(blocks) * comb(len(others), len(before)))
            added[list(own)] += weight * gained / total
    return added
