"""What comes of a belief beside its evidence? One rule, one order, for all twelve.

The rule is that of METHODS, "The verdict". Clear verdicts go wrong in at most one report in
twenty where every belief is true, in whatever order the sessions are run.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from servicegap.stats import LIKELY, Estimate

if TYPE_CHECKING:
    from servicegap.schema import Headline

ALPHA = 0.05 / 12  # twelve headline beliefs share one report's risk of a false alarm
_DUST = 1e-9  # what the last digits of a sum may do
_STEPS, _STRIDE = 60, 6  # numbers of answers tried, up to 40 times as many; every sixth at first
WELL_JUDGED_FROM = {"accounts": 40, "USPs": math.inf}  # everything else: 60
VERDICTS = (
    "blind spot",
    "hidden strength",
    "well judged",
    "too few to judge",
    "not measured",
    "no guess",
)


@dataclass(frozen=True)
class Stated:
    """What the client said before seeing evidence: best guess and 90 % range (ends may be NaN)."""

    value: float
    low: float = math.nan
    high: float = math.nan

    @classmethod
    def of(cls, recorded: Any) -> Stated:
        """From a recorded belief, whose missing ends are None."""
        told = (recorded.value, recorded.low, recorded.high)
        return cls(*(math.nan if x is None else float(x) for x in told))


@dataclass(frozen=True)
class Verdict:
    """What comes of a belief beside its evidence.

    `gap` is how much the belief flatters (in the headline's unit, or its logarithm where that is a
    ratio), NaN if there is none; `strength` is "clear", "leaning" or None; `needed` is the number
    of answers (or accounts, tickets, USPs: what the estimate counts) that would settle it, None
    where that is unknown or no number would.
    """

    word: str
    strength: str | None = None
    gap: float = math.nan
    needed: int | None = None


def gap(headline: Headline, belief: float, truth: float) -> float:
    """How much the belief flatters the client: positive is a blind spot's direction."""
    if headline.ratio:  # nothing has no logarithm: under a tenth counts as a tenth
        belief, truth = (math.log(max(x, 0.1)) for x in (belief, truth))
    return belief - truth if headline.better == "higher" else truth - belief


def _own_range(headline: Headline, stated: Stated) -> tuple[float, float]:
    """The belief's own range, capped at ± 2δ; a missing end lies δ away."""
    delta = headline.delta

    def away(steps: float) -> float:
        shift = steps * delta
        return stated.value * math.exp(shift) if headline.ratio else stated.value + shift

    low = away(-1) if math.isnan(stated.low) else max(stated.low, away(-2))
    high = away(1) if math.isnan(stated.high) else min(stated.high, away(2))
    return min(low, stated.value) - _DUST, max(high, stated.value) + _DUST


def _flatters_by_over(headline: Headline, estimate: Estimate, belief: float, size: float) -> float:
    """The probability that the gap is over `size`."""
    higher = headline.better == "higher"
    sign = -1 if higher else 1
    at = belief * math.exp(sign * size) if headline.ratio else belief + sign * size
    return estimate.below(at) if higher else 1 - estimate.below(at)


def _rule(headline: Headline, stated: Stated, estimate: Estimate) -> Verdict:
    """The order of the verdict from the floor on; without the number that would settle it."""
    if not estimate.speaks:
        return Verdict("too few to judge")
    size = gap(headline, stated.value, estimate.value)
    delta = headline.delta
    low, high = _own_range(headline, stated)
    outside = not low <= estimate.value <= high
    word = "blind spot" if size > 0 else "hidden strength"
    if outside and abs(size) >= delta - _DUST and estimate.p_value(stated.value) <= ALPHA:
        return Verdict(word, "clear", size)

    def over(x: float) -> float:
        return _flatters_by_over(headline, estimate, stated.value, x)

    if (
        estimate.n >= WELL_JUDGED_FROM.get(estimate.per, 60)
        and over(-2 * delta) - over(2 * delta) >= LIKELY
    ):
        return Verdict("well judged", None, size)
    if outside and (over(delta) >= LIKELY or 1 - over(-delta) >= LIKELY):
        return Verdict(word, "leaning", size)
    return Verdict("too few to judge", None, size)


def judge(headline: Headline, stated: Stated | None, estimate: Estimate) -> Verdict:
    """Reach the verdict on one headline belief, in the order that METHODS gives.

    Returns: a Verdict; under the floor or undecided, with the number of answers that would settle
    it if they came in as these did.
    """
    if not estimate.measured:
        return Verdict("not measured")
    if stated is None:
        return Verdict("no guess")
    verdict = _rule(headline, stated, estimate)
    if verdict.word != "too few to judge":
        return verdict
    return replace(verdict, needed=_needed(headline, stated, estimate))


def _needed(headline: Headline, stated: Stated, estimate: Estimate) -> int | None:
    if estimate.scaled is None or estimate.hidden:
        return None
    scaled = estimate.scaled

    def settled(n: int) -> bool:
        found = _rule(headline, stated, scaled(n / estimate.n))
        return found.strength == "clear" or found.word == "well judged"

    steps = np.geomspace(1.05, 40, _STEPS)
    numbers = [max(round(estimate.n * factor), estimate.n + 1) for factor in steps]
    last = next((i for i in range(0, _STEPS, _STRIDE) if settled(numbers[i])), None)
    if last is None:
        return numbers[-1] if settled(numbers[-1]) else None
    return next(n for n in numbers[max(0, last - _STRIDE + 1) : last + 1] if settled(n))
