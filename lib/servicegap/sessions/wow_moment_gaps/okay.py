"""How many of the satisfied would not warmly recommend? The headline of the session."""

from __future__ import annotations

from servicegap import measures, schema, stats, words
from servicegap.client import Client
from servicegap.findings import Advice, Finding, conclude, part
from servicegap.measures import asked

OKAY = Advice(
    mend="Choose one moment that clients meet anyway, make it worth telling for ten satisfied "
    "accounts, and ask those accounts again in three months.",
    test="Do one small thing worth telling for five satisfied accounts, and listen whether anybody "
    "tells it.",
    tell="They talk about you more readily than you thought: ask the satisfied for an introduction "
    "at the next review, by name and by kind of firm.",
    keep="Keep asking the satisfied whether they would recommend you, and keep a log of what they "
    "tell.",
    measure="Ask everybody two questions on one page: how satisfied they are, and whether they "
    "would recommend you.",
    hours=(12, 40),
)


def silent_share(client: Client) -> stats.Estimate:
    """The share of satisfied contacts who would not warmly recommend, in percent.

    One value per contact; the interval is Wilson's at the effective number of contacts.
    """
    head = schema.HEADLINES["okay_not_referring"]
    rows = asked(client).satisfied
    people = (
        rows.assign(silent=1 - rows["would"])
        .groupby("person", sort=True)
        .agg(account_id=("account_id", "min"), silent=("silent", "mean"))
    )
    return stats.share(people["silent"], people["account_id"], head.unit, head.per)


@part
def okay_not_referring(client: Client) -> Finding:
    """Do fewer of the satisfied recommend than the client believed?"""
    estimate = silent_share(client)
    return conclude(client, "okay_not_referring", estimate, OKAY, _caveats(client, estimate))


def _caveats(client: Client, estimate: stats.Estimate) -> tuple[str, ...]:
    """Whom the figure does not speak for, and what it is not."""
    found = asked(client)
    heard, known = found.people["person"].nunique(), len(measures.looked_after(client))
    said = []
    if not known:
        said.append(
            "Nobody knows how many were asked, so the figure speaks for those who answered."
        )
    elif heard < known / 2 and estimate.speaks:
        said.append(
            f"{words.number(heard)} of {words.count(known, 'contact')} answered both "
            "questions. People who recommend are likelier to answer a survey, so "
            "among the silent more may be merely satisfied."
        )
        # whoever answered and is not satisfied stays out; the silent would all come in
        worst, best = stats.silent_bounds(estimate.value, estimate.n, estimate.n + known - heard)
        said.append(
            "Were everybody else satisfied, and would all of them recommend or none, the figure "
            f"would lie {words.span(worst, best)}."
        )
    if found.other_scales:
        said.append(
            f"{words.count(found.other_scales, 'answer')} on other scales than most stayed out: "
            "marks of different scales are never added up."
        )
    if estimate.speaks:
        said.append("Would recommend is what people say; what they did is counted in session 10.")
    return tuple(said)
