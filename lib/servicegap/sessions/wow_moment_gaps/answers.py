"""Who is satisfied, who would recommend, and who did: one table of people for the session."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pandas as pd

from servicegap import measures, schema
from servicegap.client import Client


@dataclass(frozen=True)
class Asked:
    """People who said how satisfied they are and whether they would recommend.

    `people` has a row an answer: person, account_id, top and satisfied (0 or 1), would (1 where
    the mark for would_refer is in its top box), value (1 top mark, NaN where not asked).
    `other_scales` counts answers on scales other than those of most people.
    """

    people: pd.DataFrame
    scale: schema.Scale
    refer_scale: schema.Scale
    other_scales: int

    @property
    def satisfied(self) -> pd.DataFrame:
        """The satisfied alone, top mark or not."""
        return self.people[self.people["satisfied"] == 1]


def asked(client: Client) -> Asked:
    """Read the relationship survey: satisfied box, top boxes, one pair of scales.

    Several scales in one table: the pair (of satisfaction and of would_refer) on which most people
    answered both counts; the other answers stay out and are counted.
    """
    rows = client["relationship"]
    rows = rows[rows["satisfaction"].notna() & rows["would_refer"].notna()]
    rows = rows.assign(
        person=measures.person(rows, client), refer=rows["refer_scale"].fillna(rows["scale"])
    )
    found = rows.groupby(["scale", "refer"], observed=True)["person"].nunique()
    pairs = [(s, r) for s in schema.SCALES for r in schema.SCALES]
    one, other = max(pairs, key=lambda pair: found.get(pair, 0))
    same = (rows["scale"] == one) & (rows["refer"] == other)
    scale, refers = schema.SCALES[one], schema.SCALES[other]
    kept = rows[same]
    value = (kept["value"] >= scale.top).astype(float).where(kept["value"].notna())
    people = pd.DataFrame(
        {
            "person": kept["person"],
            "account_id": kept["account_id"],
            "top": (kept["satisfaction"] >= scale.top).astype(float),
            "satisfied": (kept["satisfaction"] >= scale.satisfied).astype(float),
            "would": (kept["would_refer"] >= refers.top).astype(float),
            "value": value,
        }
    ).reset_index(drop=True)
    return Asked(people, scale, refers, int((~same).sum()))


def referred(client: Client) -> frozenset[str]:
    """The accounts that made a referral in the window, whatever became of it."""
    made = client["referrals"]
    return frozenset(made.loc[measures.window(client).holds(made["made_on"]), "account_id"])


def each(data: pd.DataFrame) -> Iterator[Any]:
    """The rows of a table, one after the other, with a name for each column."""
    return data.itertuples()


def homes(client: Client) -> pd.Series:
    """The account of each contact, for tables that name people alone; see `at_home`."""
    people = client["contacts"].drop_duplicates("contact_id")
    return people.set_index("contact_id")["account_id"]


def at_home(client: Client, contacts: pd.Series) -> pd.Series:
    """The account of each of these contacts; one that is unknown is an account of its own."""
    known = contacts.map(homes(client)).astype("str")
    return known.where(known.notna(), "contact " + contacts.astype("str"))
