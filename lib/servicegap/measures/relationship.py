"""The relationship survey: how satisfied people are, and whether they would recommend."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from servicegap.measures.people import person
from servicegap.schema import SCALES, Scale

if TYPE_CHECKING:
    from servicegap.client import Client


@dataclass(frozen=True)
class Asked:
    """People who said how satisfied they are and whether they would recommend.

    `people` has a row an answer: person, account_id, top and satisfied (0 or 1), would (1 where
    the mark for would_refer is in its top box), value (1 top mark, NaN where not asked).
    `other_scales` counts answers on scales other than those of most people.
    """

    people: pd.DataFrame
    scale: Scale
    refer_scale: Scale
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
    rows = rows.assign(person=person(rows, client), refer=rows["refer_scale"].fillna(rows["scale"]))
    found = rows.groupby(["scale", "refer"], observed=True)["person"].nunique()
    pairs = [(s, r) for s in SCALES for r in SCALES]
    one, other = max(pairs, key=lambda pair: found.get(pair, 0))
    same = (rows["scale"] == one) & (rows["refer"] == other)
    scale, refers = SCALES[one], SCALES[other]
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


def felt(client: Client, what: str = "value") -> pd.DataFrame:
    """One row per contact who answered `what` (value or satisfaction) in the relationship table.

    Whether or not they answered anything else. Of several scales the one on which most contacts
    answered counts; the others stay out and are counted in `attrs["other_scales"]`. Without a
    table of contacts the account counts as one.

    Returns: person, account_id, top (own share of top marks), satisfied (own share of marks in
    the satisfied box), from 0 to 1.
    """
    rows = client["relationship"]
    rows = rows[rows[what].notna()]
    rows = rows.assign(person=person(rows, client))
    people = rows.groupby("scale", observed=True)["person"].nunique()
    name = max(SCALES, key=lambda scale: people.get(scale, 0))
    scale, same = SCALES[name], rows["scale"] == name
    kept = rows[same].assign(
        top=(rows[what] >= scale.top).astype(float),
        satisfied=(rows[what] >= scale.satisfied).astype(float),
    )
    found = (
        kept.groupby("person", sort=True)
        .agg(account_id=("account_id", "min"), top=("top", "mean"), satisfied=("satisfied", "mean"))
        .reset_index()
    )
    found.attrs["other_scales"] = int((~same).sum())
    return found
