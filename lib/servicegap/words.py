"""Numbers in words: what a person would say, with a unit, a range and an n."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from servicegap.schema import Headline
    from servicegap.stats import Estimate
    from servicegap.verdicts import Stated, Verdict

CLAIMS = {
    "csat": "{x} in 100 of the contacts who rate you give the top mark",
    "good_peer_percentile": "{x} in 100 firms like yours have a lower share of top marks",
    "usp_months_alone": "the first rival has your special thing after {x} months",
    "service_share": "{x} of 100 parts of what satisfies clients are service and process",
    "worst_segment_csat": "{x} in 100 contacts of the worst-served group give the top mark",
    "good_value_share": "{x} in 100 contacts give you the top mark for value",
    "watermelon_share": "{x} in 100 rated tickets inside the SLA left somebody less than satisfied",
    "third_party_harm": "a supplier in the chain costs {x} top marks in 100",
    "okay_not_referring": "{x} in 100 satisfied contacts would not warmly recommend you",
    "expectations_met": "you meet {x} of 100 things that clients expect",
    "did_refer_share": "{x} in 100 accounts referred somebody in 12 months",
    "stay_share": "{x} in 100 accounts of 12 months ago are still with you",
}

_SMALL = "no one two three four five six seven eight nine ten eleven twelve".split()  # noqa: SIM905


def number(x: float, digits: int = 0) -> str:
    """Write a number for a sentence: rounded, a real minus sign, thousands with a comma."""
    text = f"{x:,.{digits}f}"
    return "0" if text in {"-0", "0"} else text.replace("-", "\u2212")


def spelled(n: int) -> str:
    """Small whole numbers as words, others as figures."""
    return _SMALL[n] if 0 <= n <= 12 else f"{n:,}"


def count(n: int, thing: str, plural: str | None = None) -> str:
    """`1 contact`, `31 contacts`, `no contacts`."""
    many = plural or f"{thing}s"
    return f"{n:,} {thing}" if n == 1 else f"{'no' if n == 0 else f'{n:,}'} {many}"


def span(low: float, high: float, digits: int = 0) -> str:
    """`between 62 and 79`, or one number where both ends round to it."""
    one, other = number(low, digits), number(high, digits)
    return f"about {one}" if one == other else f"between {one} and {other}"


def listed(things: list[str] | tuple[str, ...], last: str = "and") -> str:
    """`a`, `a and b`, `a, b and c`."""
    if len(things) < 2:
        return "".join(things)
    return f"{', '.join(things[:-1])} {last} {things[-1]}"


def behind(estimate: Estimate) -> str:
    """Who stands behind a figure: `n = 120 contacts in 40 accounts`."""
    base = f"n = {estimate.n:,} {estimate.per if estimate.n != 1 else estimate.per.rstrip('s')}"
    if estimate.per in {"accounts", "USPs"} or not estimate.accounts:
        return base
    return f"{base} in {count(estimate.accounts, 'account')}"


def claim(headline: Headline, value: float) -> str:
    """The belief as a clause, with a figure in it."""
    return CLAIMS[headline.id].format(x=number(value))


def gap_in_words(headline: Headline, size: float, low: float, high: float) -> str:
    """How far belief and evidence lie apart, with the range: `20 points (between 11 and 29)`."""
    if headline.ratio:
        times = number(math.exp(abs(size)), 1)
        return f"{times} times ({span(math.exp(low), math.exp(high), digits=1)})"
    points = "point" if round(abs(size)) == 1 else "points"
    return f"{number(abs(size))} {points} ({span(low, high)})"


def sentence(
    headline: Headline, stated: Stated | None, estimate: Estimate, verdict: Verdict
) -> str:
    """Say the finding: what was believed, what the evidence says, and what comes of it."""
    if verdict.word == "not measured":
        return f"Not measured. {estimate.why}"
    if estimate.hidden:
        people = count(estimate.contacts, "contact")
        said = f"You thought that {claim(headline, stated.value)}. " if stated else ""
        return f"{said}Only {people} answered, too few to show a figure without showing a person."
    if stated is None:
        if not estimate.speaks:
            return f"You made no guess. The evidence says {_short(estimate)}."
        ends = f"somewhere {span(estimate.low, estimate.high)} ({behind(estimate)})"
        found = f"{claim(headline, estimate.value)}, {ends}"
        return f"You made no guess. The evidence says that {found}."
    said = f"You thought that {claim(headline, stated.value)}. "
    if verdict.word == "well judged":
        return f"{said}The evidence says {_short(estimate)}. You judged it well."
    if verdict.word == "too few to judge":
        return f"{said}The evidence says {_short(estimate)}. {_unsettled(estimate, verdict)}"
    ending = _ending(headline, stated, estimate, verdict)
    return f"{said}The evidence says {_short(estimate)}. {ending}"


def _short(estimate: Estimate) -> str:
    if not estimate.speaks:
        return f"only this: somewhere {span(estimate.low, estimate.high)} ({behind(estimate)})"
    return (
        f"{number(estimate.value)}, somewhere {span(estimate.low, estimate.high)} "
        f"({behind(estimate)})"
    )


def _unsettled(estimate: Estimate, verdict: Verdict) -> str:
    thin = "That is too few to judge."
    if verdict.needed is None:
        return f"{thin} The difference is too small to settle by asking more."
    more = verdict.needed - estimate.n
    return f"{thin} About {number(more)} more {estimate.per} like these would settle it."


def _ending(headline: Headline, stated: Stated, estimate: Estimate, verdict: Verdict) -> str:
    from servicegap.verdicts import gap

    ends = sorted(
        gap(headline, stated.value, end) * (1 if verdict.word == "blind spot" else -1)
        for end in (estimate.low, estimate.high)
    )
    size = gap_in_words(headline, verdict.gap, *ends)
    if verdict.word == "blind spot":
        if verdict.strength == "clear":
            return f"The belief flatters you by {size}: a blind spot."
        return f"It leans towards a blind spot of {size}, and is not settled."
    if verdict.strength == "clear":
        return f"You are better than you thought, by {size}: a hidden strength."
    return f"It leans towards a hidden strength of {size}, and is not settled."
