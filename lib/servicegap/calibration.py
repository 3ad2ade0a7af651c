"""How good is somebody at saying how sure they are?"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike


@dataclass(frozen=True)
class Brier:
    """Brier's score of probability forecasts and Murphy's parts of it.

    score = reliability − resolution + base; `skill` is 1 − score ÷ base, NaN where everything or
    nothing came true, since then no skill was asked for.
    """

    score: float
    base: float
    skill: float
    reliability: float
    resolution: float


def brier(probability: ArrayLike, forecasts: ArrayLike, events: ArrayLike) -> Brier:
    """Score forecasts, grouped by the probability that was issued.

    Args: probability issued (0 to 1, one per group); forecasts, how many; events, how many came
    true. Returns: a Brier. Source: Brier 1950, Murphy 1973. Every issued value is its own group,
    so the parts add up exactly.
    """
    p, n, k = (np.asarray(x, dtype=float) for x in (probability, forecasts, events))
    total, rate = n.sum(), k / n
    overall = k.sum() / total
    score = float((k * (p - 1) ** 2 + (n - k) * p**2).sum() / total)
    base = float(overall * (1 - overall))
    reliability = float((n * (p - rate) ** 2).sum() / total)
    resolution = float((n * (rate - overall) ** 2).sum() / total)
    skill = 1 - score / base if base else math.nan
    return Brier(score, base, skill, reliability, resolution)
