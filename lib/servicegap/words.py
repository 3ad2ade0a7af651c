"""Numbers in words: what a person would say, with a unit, a range and an n."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any

from servicegap import formats
from servicegap.stats import HIDDEN_BELOW
from servicegap.verdicts import gap

if TYPE_CHECKING:
    from datetime import date

    from servicegap.measures import Window
    from servicegap.schema import Headline
    from servicegap.stats import Estimate
    from servicegap.verdicts import Stated, Verdict

# The belief as a clause. {x} is the figure, [many|one] the word that goes with its number.
CLAIMS = {
    "csat": "{x} in 100 of the contacts who rate you [give|gives] the top mark",
    "good_peer_percentile": "{x} in 100 firms like yours [have|has] a lower share of top marks",
    "usp_months_alone": "the first rival has your special thing after {x} [months|month]",
    "service_share": "{x} in 100 parts of what satisfies clients [are|is] service and process",
    "worst_segment_csat": "{x} in 100 contacts of the worst-served group [give|gives] the top mark",
    "good_value_share": "{x} in 100 contacts [give|gives] you the top mark for value for money",
    "watermelon_share": "{x} in 100 rated tickets closed inside the SLA left somebody less than "
    "satisfied",
    "third_party_harm": "a supplier in the chain costs {x} top [marks|mark] in 100 ratings",
    "okay_not_referring": "{x} in 100 satisfied contacts would not warmly recommend you",
    "expectations_met": "you meet {x} in 100 of the things that clients expect",
    "did_refer_share": "{x} in 100 accounts referred somebody to you in 12 months",
    "stay_share": "{x} in 100 accounts of 12 months ago [are|is] still with you",
}
# What a table keeps, for readers who have never seen its name.
KEPT = {
    "beliefs": "your own guesses",
    "accounts": "a list of your customers",
    "contacts": "a list of the people at each customer",
    "tickets": "your tickets",
    "ratings": "the marks that people give after a ticket",
    "items": "the statements of your survey",
    "survey": "people's answers to each statement of a survey",
    "relationship": "people's answers on the whole relationship",
    "referrals": "a list of the introductions that customers make",
    "usps": "a list of what sets you apart",
    "sightings": "notes of what rivals offer, and since when",
    "price_survey": "what people say they would pay",
    "third_parties": "a list of your suppliers",
    "touchpoints": "a list of the moments at which clients meet you",
    "kano": "people's answers on what would please them and what they would miss",
    "wow_log": "a log of what was worth telling others",
    "standards": "a list of what is promised and what is delivered",
    "staff_survey": "the answers of your own staff",
    "mentions": "what is said about you in public",
    "peers": "the figures of at least eight firms like yours",
    "commitments": "a list of what was promised, and by whom",
}
_GAIN = "a supplier in the chain brings {x} top [marks|mark] more in 100 ratings"
_FLATTERED = {"service_share": ("the product", "Your product counts for more")}
_ENOUGH = {
    "accounts": "ten accounts",
    "USPs": "ten pairs of USP and rival over five USPs",
}

_SMALL = "no one two three four five six seven eight nine ten eleven twelve".split()  # noqa: SIM905
NOBODY = "to be named"  # who does what nobody has promised


def number(x: Any, digits: int = 0) -> str:
    """Write a number, as a table's row may hold it: rounded, a real minus sign, thousands apart."""
    return formats.current().number(x, digits)


def shortest(x: float, most: int = 1) -> str:
    """A number with no more decimals than it has, and at most so many: `4`, `4.5`."""
    return number(x, len(f"{x:.{most}f}".rstrip("0").partition(".")[2]))


def decimals(*figures: float) -> int:
    """How many decimals suit figures that stand side by side: none from ten up, else one."""
    return 0 if max(map(abs, figures)) >= 10 else 1


def spelled(n: int, none: str = "no") -> str:
    """Small whole numbers as words, others as figures; `none` is the word for nought."""
    if n == 0:
        return none
    return _SMALL[n] if 0 < n <= 12 else number(n)


def count(n: int, thing: str, plural: str | None = None) -> str:
    """`1 contact`, `31 contacts`, `no contacts`."""
    many = plural or f"{thing}s"
    return f"1 {thing}" if n == 1 else f"{'no' if n == 0 else number(n)} {many}"


def length(within: Window, figures: bool = False) -> str:
    """How long a window is: `twelve months`, `3 months` in figures, `17 days` under two months."""
    n, unit = (within.months, "month") if within.months > 1 else (within.days, "day")
    return count(n, unit) if figures or unit == "day" else f"{spelled(n)} {unit}s"


def often(within: Window) -> str:
    """How often comes what was counted in a window: `a year`, `in three months`."""
    return "a year" if within.whole else f"in {length(within)}"


def lately(within: Window) -> str:
    """What a title says of how long was counted: nothing of a year, ` in three months` of less."""
    return "" if within.whole else f" in {length(within)}"


def points(x: float) -> str:
    """A distance between two shares: `1 point`, `13 points`, whatever its sign."""
    size = number(abs(x))
    if size == "0":
        return "less than a point" if x else "no points"
    return f"{size} point" if size == "1" else f"{size} points"


def span(low: float, high: float, digits: int = 0) -> str:
    """`between 62 and 79`, or one number where both ends round to it."""
    if not math.isfinite(high):
        return f"above {number(low, digits)}"
    one, other = number(low, digits), number(high, digits)
    return f"about {one}" if one == other else f"between {one} and {other}"


def ends(low: Any, high: Any, digits: int = 0) -> str:
    """Both ends of a range, for brackets and tables: `53 to 70`."""
    return f"{number(low, digits)} to {number(high, digits)}"


def lowered(text: str) -> str:
    """A sentence of ours as it goes on after a colon: `ring ten people`, but `SLA clock`.

    What others wrote may begin with a name, which no rule tells from a word: leave it as it is.
    """
    first = text.partition(" ")[0]
    return f"{text[:1].lower()}{text[1:]}" if first == "A" or first[1:].islower() else text


def listed(things: list[str] | tuple[str, ...], last: str = "and") -> str:
    """`a`, `a and b`, `a, b and c`."""
    if len(things) < 2:
        return "".join(things)
    return f"{', '.join(things[:-1])} {last} {things[-1]}"


def day(when: date) -> str:
    """`30 June 2026`, in the order of the client's country."""
    return formats.current().day(when)


def month(when: date) -> str:
    """`Jun 2026`."""
    return formats.current().month(when)


def money(x: float, currency: str, digits: int = 0) -> str:
    """`£1,500`, `CHF 41`: a sum as the client's country writes it."""
    return formats.current().money(x, currency, digits)


def behind(estimate: Estimate) -> str:
    """Who stands behind a figure: `n = 120 contacts in 40 accounts`."""
    one = estimate.per.removesuffix("s")
    base = f"n = {number(estimate.n)} {one if estimate.n == 1 else estimate.per}"
    if estimate.per in {"accounts", "USPs"} or not estimate.accounts:
        return base
    return f"{base} in {count(estimate.accounts, 'account')}"


# -- what the headline beliefs are about -------------------------------------------------------


def figure(headline: Headline, x: float) -> str:
    """The bare figure: months under three with a decimal where it says something."""
    return shortest(x, 1 if headline.ratio and abs(x) < 3 else 0)


def figures(headline: Headline, low: float, high: float) -> str:
    """Both ends of a range as bare figures, for brackets: `53 to 70`, `0.9 to 2.8`, `above 2.6`."""
    digits = _digits(headline, low, high)
    return ends(low, high, digits) if math.isfinite(high) else f"above {number(low, digits)}"


def _digits(headline: Headline, low: float, high: float) -> int:
    if not headline.ratio or low >= 3:
        return 0
    return max(len(f"{x:.1f}".rstrip("0").partition(".")[2]) for x in (low, high))


def claim(headline: Headline, value: float) -> str:
    """The belief as a clause, with a figure in it."""
    wording, x = CLAIMS[headline.id], figure(headline, value)
    if headline.low < 0 and x.startswith("\u2212"):
        wording, x = _GAIN, x.removeprefix("\u2212")
    elif x == "0" and headline.low < 0:
        x = "no"
    elif headline.ratio and value < 0.95:
        x = "less than one"
    elif x == "0":
        x = "fewer than one" if value > 0 else "not one"
    one = x in {"1", "not one", "fewer than one", "less than one"}
    return re.sub(r"\[(.*?)\|(.*?)\]", r"\2" if one else r"\1", wording).format(x=x)


def amount(headline: Headline, x: float) -> str:
    """The figure with its unit: `62 in 100`, `8 months`, `35 fewer in 100`."""
    bare = figure(headline, x)
    if headline.ratio:
        return f"{bare} month" if bare == "1" else f"{bare} months"
    if headline.low < 0:
        return f"{_signed(headline, x)} in 100"
    return f"{bare} in 100"


def _signed(headline: Headline, x: float) -> str:
    bare = figure(headline, x)
    return f"{bare.lstrip(chr(0x2212))} {'more' if bare.startswith(chr(0x2212)) else 'fewer'}"


def reach(headline: Headline, low: float, high: float) -> str:
    """The interval: `between 53 and 70`, `between 1.8 and 4.6`, `between 4 more and 10 fewer`."""
    if headline.low < 0 <= high and low < 0:
        return f"between {_signed(headline, low)} and {_signed(headline, high)}"
    if headline.low < 0 and high < 0:
        return span(-high, -low)
    return span(low, high, _digits(headline, low, high))


def gap_in_words(headline: Headline, size: float, low: float, high: float) -> str:
    """How far belief and evidence lie apart, with the range: `20 points (between 11 and 29)`.

    Of a ratio, how many times the longer is the shorter: `4.5 times (between 2.7 and 7.1)`.
    """
    if headline.ratio:
        low, high = math.exp(low), math.exp(high) if high < 700 else math.inf
        return f"{times(math.exp(abs(size)))} ({span(low, high, 0 if low >= 20 else 1)})"
    return f"{points(size)} ({span(low, high)})"


def times(ratio: float) -> str:
    """`4.5 times`, `36 times`."""
    return f"{shortest(ratio, 0 if ratio >= 20 else 1)} times"


def arrow(headline: Headline, belief: float, evidence: float) -> str:
    """The gap as a mark beside an arrow from belief to evidence: `−18 points`, `4.5 times`."""
    if headline.ratio:
        return times(math.exp(abs(gap(headline, belief, evidence))))
    sign = "+" if evidence >= belief else "\u2212"
    return f"{sign}{points(evidence - belief)}"


# -- the sentence of a finding -----------------------------------------------------------------


def sentence(
    headline: Headline, stated: Stated | None, estimate: Estimate, verdict: Verdict
) -> str:
    """Say the finding: what was believed, what the evidence says, and what comes of it."""
    if verdict.word == "not measured":
        return f"Not measured. {estimate.why}"
    said = "You made no guess." if stated is None else ""
    if stated is not None:
        said = f"You thought that {claim(headline, stated.value)}."
    if estimate.hidden:
        return f"{said} {_hidden(estimate)}"
    if stated is None and estimate.speaks:
        found = claim(headline, estimate.value)
        ends = reach(headline, estimate.low, estimate.high)
        return f"{said} The evidence says that {found}, somewhere {ends} ({behind(estimate)})."
    said = f"{said} {_evidence(headline, estimate)}"
    if stated is None:
        return said
    return f"{said} {_outcome(headline, stated, estimate, verdict)}"


def _hidden(estimate: Estimate) -> str:
    n = estimate.contacts
    if estimate.why and n >= HIDDEN_BELOW:
        return estimate.why
    if estimate.per == "accounts":
        return f"Only {count(n, 'account')} could be counted, too few to show a figure."
    if estimate.per == "USPs":
        return f"Only {count(n, 'pair')} of USP and rival could be counted, too few for a figure."
    return (
        f"Only {count(n, 'contact')} answered, too few to show a figure without showing a person."
    )


def _evidence(headline: Headline, estimate: Estimate) -> str:
    ends = reach(headline, estimate.low, estimate.high)
    if estimate.speaks:
        value = amount(headline, estimate.value)
        value = f"after {value}" if headline.ratio else value
        return f"The evidence says {value}, somewhere {ends} ({behind(estimate)})."
    unit = " months" if headline.ratio else " in 100"
    return f"The evidence says only this: somewhere {ends}{unit} ({behind(estimate)})."


def _outcome(headline: Headline, stated: Stated, estimate: Estimate, verdict: Verdict) -> str:
    if verdict.word == "well judged":
        return "You judged it well."
    if verdict.word == "too few to judge":
        return _unsettled(estimate, verdict)
    blind = verdict.word == "blind spot"
    ends = sorted(
        gap(headline, stated.value, end) * (1 if blind else -1)
        for end in (estimate.low, estimate.high)
    )
    size = gap_in_words(headline, verdict.gap, *ends)
    if headline.ratio:
        return _ratio(size, verdict)
    if verdict.strength == "leaning":
        return f"It leans towards a {verdict.word}, by {size}: not settled, and worth a cheap test."
    whom, better = _FLATTERED.get(headline.id, ("you", "You are better"))
    if blind:
        return f"The belief flatters {whom} by {size}: a blind spot."
    return f"{better} than you thought, by {size}: a hidden strength."


def _ratio(size: str, verdict: Verdict) -> str:
    """What comes of a belief about how long something lasts."""
    if verdict.word == "blind spot":
        said = f"You took it to last {size} as long as it does"
    else:
        said = f"It lasts {size} as long as you thought"
    if verdict.strength == "leaning":
        leans = f"It leans towards a {verdict.word}: not settled, and worth a cheap test."
        return f"{said}, perhaps. {leans}"
    return f"{said}: a {verdict.word}."


def _unsettled(estimate: Estimate, verdict: Verdict) -> str:
    thin = "That is too few to judge"
    if not estimate.speaks:
        enough = _ENOUGH.get(estimate.per, "ten people in five accounts")
        thin = f"{thin}: it takes {enough}"
    if verdict.needed is not None:
        more = verdict.needed - estimate.n
        things = estimate.per.removesuffix("s") if more == 1 else estimate.per
        return f"{thin}. About {number(more)} more {things} like these would settle it."
    if estimate.scaled is None or not estimate.speaks:
        return f"{thin}."
    return (
        f"{thin}, and more of the same would hardly settle it: belief and evidence lie too near "
        "each other."
    )
