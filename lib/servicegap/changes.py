"""Better, worse, or can't tell: what changed between two periods.

One rule for all twelve headline beliefs. The difference of the two estimates is printed with its
95 % interval; *better* and *worse* are said only where the interval at `verdicts.ALPHA`, twelve
comparisons being made in one report, leaves out "no change". Limit: the two periods are taken as
independent. Where the same accounts answer in both, which mostly agree with themselves, the range
is too wide rather than too narrow.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from servicegap import words
from servicegap.verdicts import ALPHA

if TYPE_CHECKING:
    from servicegap.schema import Headline
    from servicegap.stats import Estimate
    from servicegap.verdicts import Verdict

BETTER, WORSE, OPEN = "better", "worse", "can't tell"
_LEAST = 0.1  # as in a gap: nothing has no logarithm


@dataclass(frozen=True)
class Change:
    """What became of one figure. `value`, `low` and `high` are now minus then, in the headline's
    unit (natural logarithms where that is a ratio); NaN where either period may not speak.
    """

    value: float
    low: float
    high: float
    verdict: str
    sentence: str


def compare(
    headline: Headline,
    now: Estimate,
    then: Estimate,
    verdict_then: Verdict | None = None,
    shared_months: int = 0,
) -> Change:
    """Set this period's evidence against the last one's.

    Args: verdict_then, what came of the belief last time: who looks again because a figure stood
    low has to expect a rise; shared_months, how far the two windows overlap.
    Source of the interval: Zou and Donner 2008 (method of variance estimates recovery), which for
    two shares with Wilson's intervals is Newcombe's method 10.
    """
    silent = _silent(now, then)
    if silent:
        nan = math.nan
        return Change(nan, nan, nan, OPEN, f"It can't be said what changed: {silent}.")
    value = _on_scale(headline, now.value) - _on_scale(headline, then.value)
    low, high = _ends(headline, now, then, (now.low, now.high), (then.low, then.high))
    strict = _ends(headline, now, then, *(_quantiles(e, headline) for e in (now, then)))
    verdict = _verdict(headline, strict)
    leans = _verdict(headline, (low, high)) if verdict == OPEN else verdict
    said = [_sentence(headline, now, then, (value, low, high), verdict)]
    if leans != verdict:
        said.append(
            f"It looks {leans}, but where twelve figures are compared one looks so by chance too "
            "often to call it settled."
        )
    said += _by_chance(leans, verdict_then)
    if shared_months:
        said.append(
            f"The two periods share {words.count(shared_months, 'month')}, so a change shows only "
            "in part."
        )
    return Change(value, low, high, verdict, " ".join(said))


def _silent(now: Estimate, then: Estimate) -> str:
    """Why the two can't be compared, if they can't."""
    for estimate, when in ((now, "this period"), (then, "last period")):
        if not estimate.measured:
            return f"it was not measured {when}"
        if estimate.why:
            return f"{when}, {words.lowered(estimate.why).rstrip('.')}"
        if not estimate.speaks:
            return f"too few stand behind the figure of {when}"
    return ""


def _on_scale(headline: Headline, x: float) -> float:
    return math.log(max(x, _LEAST)) if headline.ratio else x


def _ends(
    headline: Headline,
    now: Estimate,
    then: Estimate,
    span_now: tuple[float, float],
    span_then: tuple[float, float],
) -> tuple[float, float]:
    """The interval of the difference, from an interval of each at the same confidence."""
    (l1, u1), (l2, u2) = (tuple(_on_scale(headline, x) for x in s) for s in (span_now, span_then))
    one, other = _on_scale(headline, now.value), _on_scale(headline, then.value)
    value = one - other
    return value - math.hypot(one - l1, u2 - other), value + math.hypot(u1 - one, other - l2)


def _quantiles(estimate: Estimate, headline: Headline) -> tuple[float, float]:
    """Where the truth lies with probability 1 − ALPHA, read off the estimate's own posterior."""
    from scipy.optimize import brentq

    reach = 20 * max(estimate.high - estimate.low, 1e-9)
    if not math.isfinite(reach):
        return -math.inf if not headline.ratio else 0.0, math.inf
    lowest = _LEAST if headline.ratio else estimate.value - reach

    def at(p: float) -> float:
        ends = (lowest, estimate.value + reach)
        over = [estimate.below(x) - p for x in ends]
        if not all(map(math.isfinite, over)):
            return math.nan
        if over[0] >= 0 or over[1] <= 0:
            return ends[0] if over[0] >= 0 else ends[1]
        return float(brentq(lambda x: estimate.below(x) - p, *ends, xtol=1e-4))

    low, high = at(ALPHA / 2), at(1 - ALPHA / 2)
    # a posterior's own lean must not make the strict interval narrower than the printed one
    return min(low, estimate.low), max(high, estimate.high)


def _verdict(headline: Headline, ends: tuple[float, float]) -> str:
    low, high = ends
    if low > 0 or high < 0:
        return BETTER if (low > 0) == (headline.better == "higher") else WORSE
    return OPEN


def _by_chance(leans: str, verdict_then: Verdict | None) -> list[str]:
    """Regression to the mean in words, where the start was chosen for where it stood."""
    start = verdict_then.word if verdict_then else ""
    if leans == BETTER and start == "blind spot":
        return [
            "Last time it stood out as poor, and what stands out as poor comes back part of the "
            "way by chance alone: not all of this is your doing."
        ]
    if leans == WORSE and start == "hidden strength":
        return [
            "Last time it stood out as good, and what stands out as good falls back part of the "
            "way by chance alone."
        ]
    return []


# -- words -------------------------------------------------------------------------------------


def in_short(headline: Headline, verdict: str, ends: tuple[float | None, ...]) -> str:
    """For a line of a table: `better: +7 points (+1 to +13)`, `can't tell: between −6 and +12`."""
    value, low, high = ends
    if value is None or low is None or high is None:
        return verdict
    if verdict == OPEN:
        return f"{verdict}: {_between(headline, low, high)}"
    if headline.ratio:
        return f"{verdict}: {words.times(math.exp(value))} ({_between(headline, low, high)})"
    return f"{verdict}: {_signed(value)} points ({_signed(low)} to {_signed(high)})"


def _between(headline: Headline, low: float, high: float) -> str:
    if headline.ratio:
        shortest, longest = (math.exp(x) if x < 700 else math.inf for x in (low, high))
        return f"{words.span(shortest, longest, 1)} times"
    return f"between {_signed(low)} and {_signed(high)}"


def _signed(x: float) -> str:
    text = words.number(x)
    return text if text.startswith("\u2212") or text == "0" else f"+{text}"


def _sentence(
    headline: Headline,
    now: Estimate,
    then: Estimate,
    change: tuple[float, float, float],
    verdict: str,
) -> str:
    value, low, high = change
    figures = f"{words.amount(headline, now.value)} now, {words.amount(headline, then.value)} then"
    if verdict == OPEN:
        where = _between(headline, low, high)
        kind = "as long" if headline.ratio else "points"
        return (
            f"Whether it is better or worse than last period can't be told: {figures}, which is "
            f"anything {where} {kind}."
        )
    least, most = sorted((abs(low), abs(high)))
    way = "rise" if value > 0 else "fall"
    if headline.ratio:
        ratio = [math.exp(x) if x < 700 else math.inf for x in (abs(value), least, most)]
        longer = "longer" if value > 0 else "shorter"
        size = f"{words.times(ratio[0])} {longer} ({words.span(ratio[1], ratio[2], 1)})"
        return f"{verdict.capitalize()} than last period: {figures}, {size}."
    size = f"a {way} of {words.points(value)} ({words.span(least, most)})"
    return f"{verdict.capitalize()} than last period: {figures}, {size}."
