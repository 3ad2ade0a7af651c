"""With so many answers, how large would a gap have to be for the workbook to call it one?

The rule is that of `verdicts`: p of the belief at most ALPHA, δ at least. A gap is *seen* where
that happens four times in five. Limit: the belief's own range is taken to end before the evidence.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from servicegap import stats
from servicegap.verdicts import ALPHA

if TYPE_CHECKING:
    from servicegap.schema import Headline
    from servicegap.stats import Estimate

_SPARE = 0.8416212335729143  # four estimates in five fall short by no more standard errors
_HALVINGS = 60


def smallest_gap(headline: Headline, estimate: Estimate) -> float:
    """The smallest flattering gap that this evidence would have shown, four times in five.

    The belief is moved away from the evidence until p reaches ALPHA, and by 0.84 standard errors
    more, since evidence falls short of the truth half of the time; δ and 0.84 errors at least.

    Args: headline, for its direction, its ends and δ; estimate, the evidence.
    Returns: points (the logarithm of a ratio for months); NaN where the evidence may not speak, or
    where no belief within the scale lies far enough away.
    """
    if not estimate.speaks or not math.isfinite(estimate.value):
        return math.nan
    up = headline.better == "higher"

    def p(size: float) -> float:
        at = size if up else -size
        return estimate.p_value(estimate.value * math.exp(at) if headline.ratio
                                else estimate.value + at)  # fmt: skip

    if headline.ratio:
        most = math.log(max(headline.high, 1.0) / max(estimate.value, 0.1))
    else:
        most = headline.high - estimate.value if up else estimate.value - headline.low
    if most <= 0 or p(most) > ALPHA:
        return math.nan
    low, high = 0.0, most
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (low, middle) if p(middle) <= ALPHA else (middle, high)
    found = max(high, headline.delta) + _SPARE * _error(headline, estimate, up)
    return found if found <= most else math.nan


def _error(headline: Headline, estimate: Estimate, up: bool) -> float:
    """The standard error on the side of the belief, off the printed interval."""
    ends = [estimate.low, estimate.value, estimate.high]
    if headline.ratio:
        ends = [math.log(max(x, 0.1)) for x in ends]
    return max((ends[2] - ends[1]) if up else (ends[1] - ends[0]), 0.0) / stats.Z95


def of_share(headline: Headline, n: int) -> float:
    """The same before anything is looked at: a share of about half, of n answers of strangers.

    Returns: points; NaN under the floor. Limit: people of one account resemble each other, so real
    answers show a little less.
    """
    answers = [float(i % 2) for i in range(n)]
    return smallest_gap(headline, stats.share(answers, range(n), headline.unit, headline.per))
