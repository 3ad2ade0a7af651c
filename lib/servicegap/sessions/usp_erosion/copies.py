"""Who has copied what, and when: USPs and sightings as times with two ends."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from servicegap.measures import MONTH
from servicegap.sessions.usp_erosion.survival import Times

if TYPE_CHECKING:
    from servicegap.client import Client

PAIRS_FROM, USPS_FROM = 10, 5  # pairs of USP and rival, and USPs, from which a figure speaks
UNCHECKED = (
    "Nobody wrote down a day on which a rival had not copied yet, so any time, however short, "
    "would fit."
)
STALE = pd.DateOffset(months=6)


def day(client: Client) -> pd.Timestamp:
    """The day up to which everything is counted."""
    return pd.Timestamp(client.as_of)


def name_key(names: pd.Series) -> pd.Series:
    """Rivals' names as people compare them: whatever their case and spaces."""
    return names.str.split().str.join(" ").str.casefold()


def pairs(client: Client) -> pd.DataFrame:
    """One row per USP and rival of whom anything is known.

    Columns: usp_id, claim, kind, launched_on, rival, seen (the first day on which the rival was
    seen to have it), checked (the last day before, or at all, on which it was looked at and did
    not have it), quality (of the copy, as last seen), before (it had it when the USP was launched).
    Sightings after the as-of date are not known yet.
    """
    end = day(client)
    usps = client["usps"].loc[lambda t: t["launched_on"] < end]
    rows = client["sightings"].assign(rival=lambda t: name_key(t["competitor"]))
    rows["seen_on"] = rows["seen_on"].where(rows["seen_on"] <= end)
    rows["last_checked_without"] = (
        rows["last_checked_without"]
        .where(rows["last_checked_without"] <= end, end)
        .where(rows["last_checked_without"].notna())
    )
    keys = ["usp_id", "rival"]
    seen = rows.groupby(keys)["seen_on"].min().rename("seen")
    rows = rows.join(seen, on=keys)
    checks = rows[rows["seen"].isna() | (rows["last_checked_without"] < rows["seen"])]
    checked = checks.groupby(keys)["last_checked_without"].max().rename("checked")
    told = rows[rows["seen_on"].notna() & rows["quality"].notna()]
    quality = told.sort_values("seen_on", kind="stable").groupby(keys)["quality"].last()
    found = pd.concat([seen, checked, quality], axis=1).reset_index()
    found = usps[["usp_id", "claim", "kind", "launched_on"]].merge(found, on="usp_id")
    found["checked"] = found["checked"].where(found["checked"] >= found["launched_on"])
    found["before"] = found["seen"] <= found["launched_on"]
    return found[found["seen"].notna() | found["checked"].notna()].reset_index(drop=True)


@dataclass(frozen=True)
class Copied:
    """Launch to the k-th copier, one row per USP: `table` (usp_id, claim, kind, launched_on, low,
    high in months; high missing while there is no k-th copier), and the pairs behind it."""

    table: pd.DataFrame
    pairs: int

    @property
    def times(self) -> Times:
        return Times.of(self.table["low"], self.table["high"])

    @property
    def speaks(self) -> bool:
        enough = self.pairs >= PAIRS_FROM and len(self.table) >= USPS_FROM
        return enough and bool(self.table["low"].sum() > 0)

    @property
    def living(self) -> pd.DataFrame:
        """The USPs not copied yet, oldest first."""
        alone = self.table[self.table["high"].isna()]
        return alone.sort_values(["launched_on", "usp_id"])

    @property
    def too_few(self) -> str:
        """Why it does not speak."""
        if self.pairs >= PAIRS_FROM and len(self.table) >= USPS_FROM:
            return UNCHECKED
        return (
            f"It takes ten pairs of USP and rival over five USPs; there are {self.pairs} over "
            f"{len(self.table)}."
        )


def copied(client: Client, k: int = 1, known: pd.DataFrame | None = None) -> Copied:
    """Launch to the k-th copier of every USP at which k rivals or more were looked at.

    The k-th copier copied after its own last check without it and not after the day it was seen;
    where rivals were seen on the same day, after the earliest of their checks. Without a check, or
    with one before the launch, after the launch. A rival that had it before the launch copied
    within a day of it. A USP without a k-th copier is censored at the as-of date.

    Args: known, the pairs to count; all of them if none are given.
    """
    known = pairs(client) if known is None else known
    known = known[known.groupby("usp_id")["rival"].transform("size") >= k]
    own = known.drop_duplicates("usp_id").set_index("usp_id")[["claim", "kind", "launched_on"]]
    kth = known[known.groupby("usp_id")["seen"].rank(method="first") == k]
    seen = kth.set_index("usp_id")["seen"].rename("kth")
    tied = known.join(seen, on="usp_id").loc[lambda t: t["seen"] == t["kth"]]
    since = tied["checked"].fillna(tied["launched_on"]) - tied["launched_on"]
    checked = since.groupby(tied["usp_id"]).min()
    high = _months(seen.reindex(own.index) - own["launched_on"]).clip(lower=1 / MONTH)
    low = _months(checked.reindex(own.index)).clip(lower=0).clip(upper=high - 1 / MONTH)
    low = low.where(high.notna(), _months(day(client) - own["launched_on"]))
    table = own.assign(low=low, high=high).sort_index().reset_index()
    return Copied(table, len(known))


def _months(time: pd.Series) -> pd.Series:
    return time.dt.total_seconds() / (86_400 * MONTH)
