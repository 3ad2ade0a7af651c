"""What people expect and what they get: marks by statement, and one figure a person."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from servicegap import measures, stats
from servicegap.client import Client
from servicegap.schema import SCALES, Scale

DIMENSIONS = ("reliability", "assurance", "tangibles", "empathy", "responsiveness")
MARKS = ("minimum", "expected", "perceived", "importance")
TOO_FEW = "It takes ten people in five accounts who said both what they expect and what they get."


@dataclass(frozen=True)
class Said:
    """The survey's RATER statements on one scale: a row a person and statement.

    `frame` has person, account_id, item_id, text, dimension and the four marks. `other_scales`
    counts rows left out because most people answered on `scale`; `outside` the statements that
    belong to none of the five dimensions.
    """

    frame: pd.DataFrame
    scale: Scale
    other_scales: int
    outside: int

    @property
    def span(self) -> float:
        """How far apart the gaps of two people can lie."""
        return 2 * (self.scale.high - self.scale.low)

    @cached_property
    def both(self) -> pd.DataFrame:
        """The rows in which both expected and perceived were marked, with gap and met (0 or 1)."""
        rows = self.frame[self.frame["expected"].notna() & self.frame["perceived"].notna()]
        gap = rows["perceived"] - rows["expected"]
        return rows.assign(gap=gap, met=(gap >= 0).astype(float))

    @cached_property
    def people(self) -> pd.DataFrame:
        """A row a person: account_id; met, gap, expected and perceived as means of statements."""
        return _means(self.both, ["person"], ("met", "gap", "expected", "perceived"))

    def of(self, dimension: str) -> pd.DataFrame:
        """A row a person who marked something of this dimension: account_id and mean marks.

        minimum and importance are means of what was marked, missing where nothing was.
        """
        rows = self.both[self.both["dimension"] == dimension]
        return _means(rows, ["person"], (*MARKS, "gap", "met"))

    @cached_property
    def dimensions(self) -> tuple[str, ...]:
        """The dimensions of which ten people in five accounts marked something, in order."""
        return tuple(d for d in DIMENSIONS if speaks(self.both[self.both["dimension"] == d]))


def speaks(rows: pd.DataFrame) -> bool:
    """Whether the people behind these rows are ten, in five accounts."""
    return stats.enough(rows["person"].nunique(), rows["account_id"].nunique())


def _means(rows: pd.DataFrame, keys: list[str], columns: tuple[str, ...]) -> pd.DataFrame:
    wanted = {name: (name, "mean") for name in columns}
    grouped = rows.groupby(keys, observed=True, sort=True)
    return grouped.agg(account_id=("account_id", "min"), **wanted).reset_index()


def said(client: Client) -> Said:
    """The marks of RATER statements, on the scale on which most people gave any: read once."""
    return client.remembered(_said)


def _said(client: Client) -> Said:
    survey = client["survey"].assign(person=measures.person(client["survey"], client))
    known = client["items"].drop_duplicates("item_id").set_index("item_id")[["text", "dimension"]]
    joined = survey[survey[list(MARKS)].notna().any(axis=1)].join(known, on="item_id")
    rater = joined[joined["dimension"].isin(DIMENSIONS)]
    people = rater.groupby(rater["scale"], observed=True)["person"].nunique()
    scale = max(SCALES, key=lambda name: people.get(name, 0))
    same = rater[rater["scale"] == scale]
    frame = (
        same.groupby(["person", "item_id"], observed=True, sort=True)
        .agg(
            account_id=("account_id", "min"),
            text=("text", "first"),
            dimension=("dimension", "first"),
            **{name: (name, "mean") for name in MARKS},
        )
        .reset_index()
    )
    outside = set(joined["item_id"]) - set(rater["item_id"])
    return Said(frame, SCALES[scale], len(rater) - len(same), len(outside))


def would_refer(client: Client) -> pd.DataFrame:
    """A row a person who answered: account_id and y, on the scale of most people."""
    rows = client["relationship"]
    rows = rows.assign(
        person=measures.person(rows, client), on=rows["refer_scale"].fillna(rows["scale"])
    )[rows["would_refer"].notna()]
    people = rows.groupby("on", observed=True)["person"].nunique()
    rows = rows[rows["on"] == max(SCALES, key=lambda name: people.get(name, 0))]
    grouped = rows.groupby("person", observed=True, sort=True)
    return grouped.agg(account_id=("account_id", "min"), y=("would_refer", "mean")).reset_index()


def did_refer(client: Client) -> pd.Series:
    """Whether an account made a referral in the window: 1 or 0, by account_id.

    Of every account in the list, not as `measures.referring` of those there when the window began:
    it is held against what people there said, whenever they came.
    """
    who = measures.referrals_made(client)["account_id"]
    accounts = client["accounts"]["account_id"].drop_duplicates()
    return pd.Series(accounts.isin(who).to_numpy(dtype=float), index=accounts.to_numpy())
