"""Normal distributions cut into marks: the arithmetic under the made-up firm's truths."""

from __future__ import annotations

import numpy as np
from scipy.special import ndtr

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(40)


def joint_excess(a, b, rho):
    """P(X > a, Y > b) − P(X > a)·P(Y > b) for standard normals with correlation `rho`.

    Plackett's integral over the correlation, in arcsine form (smooth up to 1), by 40-point
    Gauss–Legendre. All three broadcast.
    """
    a, b, rho = (np.asarray(v, float)[..., None] for v in (a, b, rho))
    half = np.arcsin(rho) / 2
    angle = half * (1 + _NODES)
    sine = np.sin(angle)
    density = np.exp(-(a * a + b * b - 2 * a * b * sine) / (2 * (1 - sine * sine)))
    return (density * _WEIGHTS).sum(axis=-1) * half[..., 0] / (2 * np.pi)


def step_covariance(cuts_a, cuts_b, rho) -> np.ndarray:
    """Covariance of two marks, each the number of its cuts that a standard normal has passed.

    cuts_a: (..., A), cuts_b: (..., B), rho: (...). Returns (...).
    """
    a = np.asarray(cuts_a, float)[..., :, None]
    b = np.asarray(cuts_b, float)[..., None, :]
    return joint_excess(a, b, np.asarray(rho, float)[..., None, None]).sum(axis=(-1, -2))


def step_variance(cuts) -> np.ndarray:
    """Variance of a mark: the number of `cuts` (..., A), rising, that a standard normal passed."""
    over = ndtr(-np.asarray(cuts, float))
    order = 2 * np.arange(over.shape[-1]) + 1
    return (order * over).sum(axis=-1) - over.sum(axis=-1) ** 2


def step_shares(cuts, mean=0.0, sd=1.0) -> np.ndarray:
    """P(mark = 0, 1, …), (A+1,), when a normal with `mean` and `sd` is cut at `cuts` (A,)."""
    over = ndtr(-(np.asarray(cuts, float) - mean) / sd)
    return -np.diff(np.concatenate(([1.0], over, [0.0])))


def clustered(rng: np.random.Generator, account: np.ndarray, accounts: int, icc: float, k: int):
    """Standard normals (contacts, k) that correlate by `icc` within an account."""
    common = rng.standard_normal((accounts, k))[account]
    own = rng.standard_normal((len(account), k))
    return np.sqrt(icc) * common + np.sqrt(1 - icc) * own
