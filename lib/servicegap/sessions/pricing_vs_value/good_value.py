"""How many contacts give the top mark for value for money? The headline of the session."""

from __future__ import annotations

from servicegap import measures, schema, stats, words
from servicegap.client import Client
from servicegap.findings import Advice, Finding, conclude, part

VALUE = Advice(
    mend="Ask ten people who gave less than the top mark for value what they would gladly pay more "
    "for and what they pay for and never notice; change one of each before you touch a price.",
    test="Tell five accounts, line by line, what last quarter's fee bought, and ask for the mark "
    "again.",
    tell="Stop apologising for the price: put the figure, with its range, into every renewal, and "
    "try the next three quotes without a discount.",
    keep="Keep asking for value apart from satisfaction, and look again after the next price "
    "change.",
    measure="Put one question, on value for money, to everybody you look after.",
    hours=(10, 30),
)


def good_value(client: Client) -> stats.Estimate:
    """The share of contacts who give the top mark for value for money, in percent."""
    head = schema.HEADLINES["good_value_share"]
    people = measures.felt(client)
    return stats.share(people["top"], people["account_id"], head.unit, head.per)


@part
def good_value_share(client: Client) -> Finding:
    """Do as many contacts find the client good value as it believed?"""
    estimate = good_value(client)
    return conclude(client, "good_value_share", estimate, VALUE, _caveats(client, estimate))


def _caveats(client: Client, estimate: stats.Estimate) -> tuple[str, ...]:
    """Whom the figure does not speak for."""
    said = []
    heard, known = estimate.contacts, len(measures.looked_after(client))
    if not known:
        said.append(
            "Nobody knows how many were asked, so the figure speaks for those who answered."
        )
    elif heard < known / 2 and estimate.speaks:
        worst, best = stats.silent_bounds(estimate.value, heard, known)
        said.append(
            f"{words.number(heard)} of {words.number(known)} contacts answered. Had everybody, the "
            "figure would lie "
            f"{words.span(worst, best)}."
        )
    others = measures.felt(client).attrs["other_scales"]
    if others:
        said.append(
            f"{words.count(others, 'answer')} on another scale than most stayed out: marks of "
            "different scales are never added up."
        )
    return tuple(said)
