"""Two beliefs about what accounts do: how many referred, and how many stayed."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from servicegap import measures, schema, stats, words
from servicegap.client import Client
from servicegap.findings import Advice, Finding, conclude, part

REFERRED = Advice(
    mend="For thirty days, ask for one introduction in every review meeting, to a firm you name, "
    "and write down who asked, who was asked and what came of it.",
    test="Ask five accounts that would recommend you for one introduction each, to a firm you "
    "name, and see how many make it.",
    tell="Clients send you more than you thought: thank each of them by name, say what came of it, "
    "and tell the others that this is how you grow.",
    keep="Keep writing down who sent whom, and look again in a quarter.",
    measure="Keep a list of introductions: which account, which day, and how far it got.",
    hours=(6, 20),
)
STAYED = Advice(
    mend="Ring the last five accounts that left, ask what went wrong first, and look for the same "
    "thing at the five that pay you most.",
    test="Ask five accounts whose agreement ends within six months what would make them leave.",
    tell="Put the share of clients that stay into the next proposal, with its range.",
    keep="Keep the day on which an account leaves in the list, and look again in a quarter.",
    measure="Write the day on which an account left into the list of accounts, so that an empty "
    "cell means that it is still with you.",
    hours=(5, 15),
)
# where the period is shorter than the 12 months that were asked about
LONGER = (
    "Let the period in client.yaml begin a year before it ends; if your lists don't go back that "
    "far, look again when they do."
)


def _estimate(client: Client, belief_id: str, did: pd.Series) -> stats.Estimate:
    """The share, hidden where it is of less than the 12 months that were asked about."""
    head, within = schema.HEADLINES[belief_id], measures.window(client)
    if did.empty:
        why = f"No account in the list was a customer {words.length(within)} ago."
        return stats.not_measured(why, head.unit, head.per)
    found = stats.share(did.to_numpy(), did.index.to_numpy(), head.unit, head.per)
    return found if within.whole else replace(found, why=_no_fair_test(within))


def _no_fair_test(within: measures.Window) -> str:
    counted = words.length(within, figures=True).removesuffix(" months")
    return (
        f"Only {counted} of the 12 months that this is about are counted, so it would be no fair "
        "test: for one, the period in client.yaml has to begin a year before it ends."
    )


def _advice(client: Client, advice: Advice) -> Advice:
    """The advice; where the period is too short, what would make it long enough."""
    if measures.window(client).whole:
        return advice
    return replace(advice, measure=LONGER, hours=(2, 8))  # a line in a file, or an export more


@part
def did_refer_share(client: Client) -> Finding:
    """Did as many accounts refer somebody as was believed?"""
    estimate = _estimate(client, "did_refer_share", measures.referring(client))
    return conclude(
        client, "did_refer_share", estimate, _advice(client, REFERRED), _of_referring(client)
    )


@part
def stay_share(client: Client) -> Finding:
    """Did as many accounts stay as was believed?"""
    estimate = _estimate(client, "stay_share", measures.staying(client))
    return conclude(client, "stay_share", estimate, _advice(client, STAYED), _of_staying(client))


def _of_referring(client: Client) -> tuple[str, ...]:
    lasted = words.length(measures.window(client))
    said = ["Only what somebody wrote down is counted, and a quiet word that led to a call is not."]
    made = measures.referrals_made(client)
    others = int((~made["account_id"].isin(measures.active_at_start(client)["account_id"])).sum())
    if others:
        said.append(
            f"{words.count(others, 'referral')} came from accounts that were not with you {lasted} "
            "ago, and stay out of this share."
        )
    return (*said, *_of_accounts(client))


def _of_staying(client: Client) -> tuple[str, ...]:
    return (
        "An account without a day of leaving is taken to be there still, so a leaver that nobody "
        "entered makes this figure better than it is.",
        *_of_accounts(client),
    )


def _of_accounts(client: Client) -> tuple[str, ...]:
    """What both figures can't know about who was there when the window began."""
    if client.has("accounts.since"):
        return ()
    return ("Nobody wrote down since when accounts are with you; all count as old ones.",)
