"""Of 100 things that clients expect, how many are met? The headline of the session."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from servicegap import measures, schema, stats, words
from servicegap.client import Client
from servicegap.findings import Advice, Finding, conclude, part
from servicegap.sessions.service_gaps import answers

HEADLINE = "expectations_met"
MET = Advice(
    mend="Take the thing of which people get least for what they expect. Ask whether you never "
    "knew of it, never made it a standard, do not deliver it or promised too much, in that order, "
    "and mend that one step.",
    test="Ring five people who get less than they expect of one thing, ask what would have been "
    "enough, give it to them for a month and ask again.",
    tell="Tell clients what you do for them that they had not expected: you meet more than you "
    "thought.",
    keep="Ask the same statements again in half a year, and what people expect along with what "
    "they get.",
    measure="Put the statements, with both marks (what a good provider should give, and what you "
    "give), to people who have not answered yet.",
    hours=(12, 40),
)


def estimated(values: ArrayLike, accounts: ArrayLike) -> stats.Estimate:
    """Estimate the mean over contacts of the share that each finds met (0 to 1), in percent.

    Interval and P(·): t on the log odds, on the standard error of a bootstrap by account. p: the
    larger of its p and the exact binomial at the effective number of contacts, since few accounts
    of much the same mind hide the one that is of another.
    """
    head = schema.HEADLINES[HEADLINE]
    error = 100 * float(np.std(stats.resampled_means(values, accounts), ddof=1))
    exact = stats.share(values, accounts, head.unit, head.per)
    sizes = exact.n, exact.contacts, exact.accounts
    own = stats.share_from_error(exact.value, error, *sizes, head.unit, head.per)
    return stats.cautious(own, exact)


def met(client: Client) -> stats.Estimate:
    """The share of expectations met, mean over contacts, in percent (the headline's evidence)."""
    head = schema.HEADLINES[HEADLINE]
    people = answers.said(client).people
    if people.empty:
        why = "Nobody said both what they expect and what they get, of any RATER statement."
        return stats.not_measured(why, head.unit, head.per)
    return estimated(people["met"], people["account_id"])


@part
def expectations_met(client: Client) -> Finding:
    """Does the client meet as many expectations as it believed?"""
    estimate = met(client)
    return conclude(client, HEADLINE, estimate, MET, _caveats(client, estimate))


def _caveats(client: Client, estimate: stats.Estimate) -> tuple[str, ...]:
    """What the figure does not know: other statements, other people, other scales."""
    said = answers.said(client)
    told = []
    if estimate.speaks:
        asked = said.both["item_id"].nunique()
        told.append(
            f"It is about the {words.spelled(asked)} statements that were asked; another list "
            "would give another figure. Meeting an expectation by a hair counts as much as "
            "delighting somebody."
        )
    heard, known = estimate.contacts, len(measures.looked_after(client))
    if not known:
        told.append(
            "Nobody knows how many were asked, so the figure speaks for those who answered."
        )
    elif heard < known / 2 and estimate.speaks:
        worst, best = stats.silent_bounds(estimate.value, heard, known)
        told.append(
            f"{words.number(heard)} of {words.number(known)} contacts answered. Had everybody, the "
            "figure would lie "
            f"{words.span(worst, best)}."
        )
    if said.other_scales:
        told.append(
            f"{words.count(said.other_scales, 'answer')} on another scale than most stayed out: "
            "marks of different scales are never added up."
        )
    return tuple(told)
