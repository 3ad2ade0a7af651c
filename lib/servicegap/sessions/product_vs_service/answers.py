"""What people said: marks by item, one mean a person and side, and what is to be explained."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from servicegap import measures
from servicegap.client import Client
from servicegap.schema import SCALES, Scale

SIDES = ("product", "service", "process")


@dataclass(frozen=True)
class Marks:
    """The survey on one scale: a row a person and item, with the item's side and text.

    `frame` has person, account_id, item_id, text, side, perceived, importance. `other_scales`
    counts rows left out because most people answered on `scale`; `sideless` counts the items that
    belong to no side, or that the table of items does not know.
    """

    frame: pd.DataFrame
    scale: Scale
    other_scales: int
    sideless: int

    @property
    def sides(self) -> tuple[str, ...]:
        """The sides about which somebody gave a mark."""
        marked = set(self.frame.loc[self.frame["perceived"].notna(), "side"])
        return tuple(side for side in SIDES if side in marked)

    def items(self, column: str = "perceived") -> pd.Series:
        """The side of every item that somebody gave a mark in `column`, by item, in order."""
        marked = self.frame[self.frame[column].notna()]
        sides = marked.groupby("item_id", observed=True)["side"].first().astype("str")
        order = sides.map(SIDES.index).sort_values(kind="stable").index
        return sides.loc[order]


def _main_scale(frame: pd.DataFrame, scales: pd.Series) -> str:
    """The scale on which most people answered."""
    people = frame.groupby(scales, observed=True)["person"].nunique()
    return max(SCALES, key=lambda name: people.get(name, 0))


def marks(client: Client) -> Marks:
    """The survey's marks on the scale of most people, with the side of each item: read once."""
    return client.remembered(_marks)


def _marks(client: Client) -> Marks:
    survey = client["survey"].assign(person=measures.person(client["survey"], client))
    survey = survey[survey[["perceived", "importance"]].notna().any(axis=1)]
    name = _main_scale(survey, survey["scale"])
    same = survey[survey["scale"] == name]
    known = client["items"].drop_duplicates("item_id").set_index("item_id")[["text", "side"]]
    joined = same.join(known, on="item_id")
    sided = joined[joined["side"].isin(SIDES)]
    found = (
        sided.groupby(["person", "item_id"], observed=True, sort=True)
        .agg(
            account_id=("account_id", "min"),
            text=("text", "first"),
            side=("side", "first"),
            perceived=("perceived", "mean"),
            importance=("importance", "mean"),
        )
        .reset_index()
    )
    sideless = set(joined["item_id"]) - set(sided["item_id"])
    return Marks(found, SCALES[name], len(survey) - len(same), len(sideless))


def by_side(said: Marks) -> pd.DataFrame:
    """A row a person: account_id, and the mean of what was perceived on each side."""
    frame = said.frame[said.frame["perceived"].notna()]
    means = frame.pivot_table(index="person", columns="side", values="perceived", observed=True)
    accounts = frame.groupby("person", observed=True)["account_id"].min()
    return means.reindex(columns=list(said.sides)).assign(account_id=accounts)


def by_item(said: Marks, column: str = "perceived") -> pd.DataFrame:
    """A row a person, a column an item: what was perceived, or how much it matters."""
    marked = said.frame[said.frame[column].notna()]
    wide = marked.pivot_table(index="person", columns="item_id", values=column, observed=True)
    return wide.reindex(columns=list(said.items(column).index))


@dataclass(frozen=True)
class Outcome:
    """Something to be explained. `frame` has account_id and y, a row a person (or account)."""

    frame: pd.DataFrame
    per: str = "contacts"


def relationship(client: Client, column: str, scale: str = "scale") -> Outcome:
    """A mark of the relationship survey, on the scale of most people: satisfaction, would_refer."""
    frame = client["relationship"]
    scales = frame[scale].fillna(frame["scale"])
    answered = frame[column].notna()
    frame = frame.assign(person=measures.person(frame, client))[answered]
    scales = scales[answered]
    frame = frame[scales == _main_scale(frame, scales)]
    values = frame.groupby("person", observed=True, sort=True).agg(
        account_id=("account_id", "min"), y=(column, "mean")
    )
    return Outcome(values)


def referred(client: Client) -> Outcome:
    """Whether an account made a referral in the window: 1 or 0, a row an account."""
    who = measures.referrals_made(client)["account_id"]
    accounts = client["accounts"]["account_id"].drop_duplicates()
    values = pd.DataFrame({"account_id": accounts, "y": accounts.isin(who).astype(float)})
    return Outcome(values.set_index("account_id", drop=False), per="accounts")
