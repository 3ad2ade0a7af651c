"""The headline: how many give the top mark in the group that is served worst?"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from servicegap import measures, schema, stats, words
from servicegap.client import Client
from servicegap.findings import Advice, Finding, conclude, part
from servicegap.sessions.one_size_fits_all.cuts import Cut, accounts_now, cut, labels, rated
from servicegap.sessions.one_size_fits_all.posterior import lowest

ADVICE = Advice(
    mend="Visit five accounts of the group served worst, ask what they need that the others "
    "don't, and give that group one thing of its own for a quarter.",
    test="Offer one thing of its own to the group that seems to be served worst, at three "
    "accounts, and ask them before and after.",
    tell="Tell each group how people like them rate you, in their next review.",
    keep="Keep one service for all where they like it, and look at the groups again in a quarter.",
    measure="Ask more people in the segments with the fewest answers, and write the segment of "
    "every account into the list.",
    hours=(16, 48),
)
_ONE = "It takes two segments; {there}."


def worst_segment(client: Client) -> stats.Estimate:
    """Top marks in the segment served worst (headline `worst_segment_csat`), in percent."""
    found = cut(client, hide=False)
    return _of_cut(client, found, _unheard(client, found))


def _of_cut(client: Client, found: Cut, unheard: dict[str, int]) -> stats.Estimate:
    if not found.enough:
        return _under_the_floor(client)
    return _estimate(found, _heard_from(unheard))


def _unheard(client: Client, found: Cut) -> dict[str, int]:
    """Segments of five accounts or more from which too few were heard, and how many were."""
    sizes = accounts_now(client, found.by)["group"].value_counts()
    people = rated(client)
    heard = people["account_id"].map(labels(client, found.by)).value_counts()
    return {
        str(name): int(heard.get(name, 0))
        for name in sorted(sizes.index[sizes >= stats.ACCOUNTS_FROM])
        if name not in found.names
    }


def _heard_from(unheard: dict[str, int]) -> float:
    """How many times the contacts it would take until all of those segments may speak."""
    return max((stats.SPEAKS_FROM / n if n else math.inf for n in unheard.values()), default=1.0)


def _estimate(found: Cut, heard_from: float = 1.0) -> stats.Estimate:
    head = schema.HEADLINES["worst_segment_csat"]
    alone = found.shares[int(np.argmin(found.pool.mean))]
    return lowest(found.pool, alone, head.unit, head.per, heard_from)


def _under_the_floor(client: Client) -> stats.Estimate:
    """Where fewer than two segments may speak: too few to judge, counted by the second largest.

    Between five and nine people an interval is shown, and below that nothing.
    """
    head = schema.HEADLINES["worst_segment_csat"]
    people = rated(client)
    every = people.assign(group=people["account_id"].map(labels(client, "segment")))
    every = every[every["group"].notna()]
    sizes = every.groupby("group")["person"].nunique().sort_values(ascending=False, kind="stable")
    if len(sizes) < 2:
        there = "nobody has rated you in any" if sizes.empty else "those who rated you are of one"
        return stats.not_measured(_ONE.format(there=there), head.unit, head.per)
    small = every[every["group"] == str(sizes.index[1])]
    shown = tuple(str(name) for name in sizes.index[sizes >= stats.HIDDEN_BELOW])
    if len(shown) < 2:
        return stats.share(small["top"], small["account_id"], head.unit, head.per)
    estimate = _estimate(Cut("segment", every[every["group"].isin(shown)], shown, ()))
    homes = min(small["account_id"].nunique(), estimate.accounts)
    n = min(len(small), estimate.n)
    return replace(estimate, n=n, contacts=n, accounts=homes)


@part
def worst_segment_csat(client: Client) -> Finding:
    """Is the group served worst served as well as the client believed?"""
    found = cut(client, hide=False)
    unheard = _unheard(client, found)
    estimate = _of_cut(client, found, unheard)
    said = _which(client, found, list(unheard)) if found.enough else ()
    return conclude(client, "worst_segment_csat", estimate, ADVICE, said)


def _which(client: Client, found: Cut, unheard: list[str]) -> tuple[str, ...]:
    """Which group it may be, and what this figure can't know."""
    at = int(np.argmin(found.pool.mean))
    name, alone = found.names[at], found.shares[at]
    chance = float(found.pool.is_least[at])
    sure = "" if chance >= stats.LIKELY else ": not settled which group it is"
    said = [
        f"The lowest of {words.spelled(len(found.names))} segments seems to be {name} "
        f"({words.number(alone.value)} in 100 as counted); the chance that it is the one is "
        f"{words.number(100 * chance)} %{sure}."
    ]
    if unheard:
        said.append(
            f"Too few were heard from {words.listed(unheard)}. A group that nobody hears from can "
            "be served worse still, so nothing here says that you are better than you thought."
        )
    return (*said, *_silent(client, found, at))


def _silent(client: Client, found: Cut, at: int) -> tuple[str, ...]:
    """How many of that group kept silent, and how far they could move it, where they could."""
    alone = found.shares[at]
    if not client.has("contacts"):
        return ()
    contacts, groups = client["contacts"], labels(client, found.by)
    here = contacts["account_id"].map(groups) == found.names[at]
    heard = set(found.people.loc[found.people["group"] == found.names[at], "person"])
    known = heard | (measures.looked_after(client) & set(contacts.loc[here, "contact_id"]))
    if alone.n >= 0.5 * len(known):
        return ()
    worst, best = stats.silent_bounds(alone.value, alone.n, len(known))
    return (
        f"{words.number(alone.n)} of {words.number(len(known))} contacts there answered. "
        f"Had everybody, its own figure would lie {words.span(worst, best)}.",
    )
