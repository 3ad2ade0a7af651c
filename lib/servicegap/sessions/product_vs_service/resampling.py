"""Whole accounts drawn again and again, and what that says about a part of 100."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from servicegap import stats


def of_whole(
    value: float, error: float, n: int, accounts: int, unit: str, per: str
) -> stats.Estimate:
    """An estimate of parts of 100, in percent, from its cluster-bootstrap standard error."""
    return stats.share_from_error(value, error, n, n, accounts, unit, per)


def moments(columns: ArrayLike, accounts: ArrayLike) -> NDArray:
    """Sums of products within each account: (accounts, k + 1, k + 1), the constant first.

    In an order that names and rows have no part in. A covariance of any set of accounts follows
    from the sum over them, so that a bootstrap by account needs nothing else.
    """
    x = np.asarray(columns, dtype=float)
    x = np.column_stack([np.ones(len(x)), x - x.mean(axis=0)])
    names, index = np.unique(np.asarray(accounts, dtype=str), return_inverse=True)
    rows = np.lexsort((*x.T, index))
    sums = np.zeros((len(names), x.shape[1], x.shape[1]))
    np.add.at(sums, index[rows], x[rows, :, None] * x[rows, None, :])
    return sums[np.lexsort(sums.reshape(len(sums), -1).T)]


def covariances(sums: ArrayLike) -> NDArray:
    """Covariances (…, k, k) from sums of products (…, k + 1, k + 1), the constant first."""
    sums = np.asarray(sums, dtype=float)
    n = sums[..., 0, 0][..., None, None]
    mean = sums[..., 0, 1:] / n[..., 0]
    return sums[..., 1:, 1:] / n - mean[..., :, None] * mean[..., None, :]


def resampled(sums: NDArray, draws: int = stats.DRAWS) -> NDArray:
    """Sums of products of `draws` sets of accounts drawn with replacement."""
    firms = len(sums)
    picks = np.random.default_rng(stats.SEED).multinomial(
        firms, np.full(firms, 1 / firms), size=draws
    )
    return (picks.astype(float) @ sums.reshape(firms, -1)).reshape(draws, *sums.shape[1:])
