"""Which satisfied people does each gap touch? One rule a gap, on the contact's own answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

from servicegap import measures, schema
from servicegap.client import Client
from servicegap.sessions.referral_roadmap.told import Gathered

# What it means, of a person, to be touched by a gap; as said in the caption.
RULES = {
    "csat": "fewer than half of their own marks are top marks",
    "worst_segment_csat": "they are of the group that seems to be served worst",
    "good_value_share": "they give less than the top mark for value",
    "watermelon_share": "a ticket of theirs was inside the SLA and left them less than satisfied",
    "third_party_harm": "a ticket of theirs involved a supplier",
    "okay_not_referring": "they would not warmly recommend you",
    "expectations_met": "fewer than half of their expectations are met",
}
People = frozenset[str]
WHOLE = "okay_not_referring"  # the okay zone itself, of which the others touch a part


def touched(client: Client, found: Gathered) -> dict[str, People]:
    """People touched by each gap that was measured, by belief; in the order of the schema.

    The okay zone itself is known here, whether or not session 8 has been run.
    Beliefs that no single person feels have none: a place among peers (it is that of the top
    marks), months alone, the drivers of satisfaction, and the two counted here in accounts.
    """
    looks: Mapping[str, Callable[[], People]] = {
        "csat": lambda: _csat(client),
        "worst_segment_csat": lambda: _worst(client, found.named("04", "by_cut")),
        "good_value_share": lambda: _value(client),
        "watermelon_share": lambda: _watermelon(client),
        "third_party_harm": lambda: _supplied(client),
        "okay_not_referring": lambda: _silent(client),
        "expectations_met": lambda: _unmet(client),
    }
    known = {f.id for f in found.findings if f.word != "not measured"} | {WHOLE}
    people = {belief: look() for belief, look in looks.items() if belief in known}
    return {belief: who for belief, who in people.items() if who}


def _csat(client: Client) -> People:
    own = measures.per_contact(measures.ratings(client).answered)
    return frozenset(own.loc[own["top"] < 0.5, "person"])


def _worst(client: Client, by_cut: Mapping[str, Any] | None) -> People:
    """People of the segment whose pooled share is the lowest, as session 4 handed it on."""
    if by_cut is None or by_cut.get("about") != "worst_segment_csat":
        return frozenset()
    names = [column["name"] for column in by_cut["data"]["columns"]]
    groups = pd.DataFrame(by_cut["data"]["rows"], columns=names)
    name = groups.sort_values("pooled", kind="stable")["group"].iloc[0]
    accounts = client["accounts"]
    inside = set(accounts.loc[accounts["segment"] == name, "account_id"])
    people = measures.asked(client).people
    return frozenset(people.loc[people["account_id"].isin(inside), "person"])


def _value(client: Client) -> People:
    rows = client["relationship"]
    rows = rows[rows["value"].notna()]
    top = rows["scale"].map({name: scale.top for name, scale in schema.SCALES.items()})
    who = measures.person(rows, client)
    return frozenset(who[(rows["value"] < top.astype(float)).to_numpy()])


def _watermelon(client: Client) -> People:
    rated = measures.last_rated(client)
    red = rated["sla_met"].fillna(False).astype(bool) & (rated["satisfied"] == 0)
    return frozenset(rated.loc[red, "person"])


def _supplied(client: Client) -> People:
    tickets = measures.opened_tickets(client)
    return frozenset(tickets.loc[tickets["third_party"].notna(), "person"])


def _silent(client: Client) -> People:
    people = measures.asked(client).people.groupby("person")["would"].mean()
    return frozenset(people.index[people < 0.5])


def _unmet(client: Client) -> People:
    items = client["items"]
    rater = items.loc[items["dimension"].notna() & (items["dimension"] != "none"), "item_id"]
    rows = client["survey"]
    both = rows["expected"].notna() & rows["perceived"].notna()
    rows = rows[both & rows["item_id"].isin(rater)]
    who = measures.person(rows, client)
    met = (rows["perceived"] >= rows["expected"]).astype(float).groupby(who).mean()
    return frozenset(met.index[met < 0.5])
