"""The same numbers once more, by other means: plain counting and the formulas of METHODS."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Hashable, Sequence
from fractions import Fraction

from scipy.stats import binom, t

Z = 1.959963984540054


def effective_n(values: Sequence[float], groups: Sequence[Hashable]) -> float:
    """n ÷ max(1, variance linearised over groups ÷ binomial variance × (t ÷ t)²)."""
    n, share = len(values), sum(values) / len(values)
    sums: dict[Hashable, float] = defaultdict(float)
    for value, group in zip(values, groups, strict=True):
        sums[group] += value - share
    k = n**2 / sum(c * c for c in Counter(groups).values())  # groups of one size
    if share in (0, 1):
        return k
    linearised = k / (k - 1) * sum(s * s for s in sums.values()) / n**2
    wider = t.ppf(0.975, k - 1) / t.ppf(0.975, n - 1)
    return n / max(1.0, linearised / (share * (1 - share) / n) * wider**2)


def interval(values: Sequence[float], groups: Sequence[Hashable]) -> tuple[float, float]:
    """Wilson's 95 % interval of a share, in percent, at the effective n."""
    n, share = effective_n(values, groups), sum(values) / len(values)
    centre = (share + Z**2 / (2 * n)) / (1 + Z**2 / n)
    half = Z / (1 + Z**2 / n) * math.sqrt(share * (1 - share) / n + Z**2 / (4 * n**2))
    return 100 * (centre - half), 100 * (centre + half)


def p_value(values: Sequence[float], groups: Sequence[Hashable], belief: float) -> float:
    """Central exact binomial at floor(effective n): is the belief (percent) compatible?"""
    n, share = math.floor(effective_n(values, groups)), sum(values) / len(values)
    hits, chance = round(share * n), min(max(belief, 0.5), 99.5) / 100
    return min(1.0, 2 * min(binom.cdf(hits, n, chance), binom.sf(hits - 1, n, chance)))


def percentile(own: Fraction, peers: Sequence[Fraction]) -> float:
    """Of 100 peers, how many lie below; ties count half."""
    below = sum(p < own for p in peers)
    ties = sum(p == own for p in peers)
    return float(100 * (below + Fraction(ties, 2)) / len(peers))
