"""How strong would a reason have to be that nobody measured? E-values."""

from __future__ import annotations

import math


def e_value(ratio: float) -> float:
    """How often, as a ratio, a hidden reason would have to go with both sides to explain a ratio.

    Args: ratio, a ratio of two risks; below 1 it is turned round. Returns: E = R + √(R (R − 1)),
    at least 1. Source: VanderWeele & Ding 2017. Limit: it says how strong, never how likely.
    """
    if not ratio > 0:
        return math.nan
    up = max(ratio, 1 / ratio)
    return up + math.sqrt(up * (up - 1)) if math.isfinite(up) else math.inf


def e_value_of_interval(ratio: float, low: float, high: float) -> float:
    """The E-value of the end of the interval that is nearest 1; 1 where the interval holds 1."""
    if low <= 1 <= high:
        return 1.0
    return e_value(low if ratio > 1 else high)


def bound(strength: float) -> float:
    """By what factor at most a hidden reason moves a ratio of risks, if it goes `strength` times
    as often with the one side and makes the outcome `strength` times as frequent.

    Formula: s² ÷ (2s − 1). Source: Ding & VanderWeele 2016.
    """
    return strength**2 / (2 * strength - 1)
