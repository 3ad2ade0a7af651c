"""Do groups of clients expect unlike things, and are they satisfied by unlike things?"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from servicegap import measures, stats, words
from servicegap.client import Client
from servicegap.comparisons import ALPHA, benjamini_hochberg
from servicegap.findings import Shown, Table, absent_table, part
from servicegap.sessions.one_size_fits_all.cuts import CUTS, Cut, cut
from servicegap.sessions.one_size_fits_all.pooling import (
    Heterogeneity,
    could_have_seen,
    dersimonian_laird,
)

DIMENSIONS = ("reliability", "assurance", "tangibles", "empathy", "responsiveness")
_TWO = "It takes two groups in each of which ten people in five accounts answered {what}."


def answers(client: Client) -> pd.DataFrame:
    """One row a contact and RATER dimension: person, account_id, dimension, perceived (mean mark)
    and met, the share of items with perceived ≥ expected among those with both."""
    rows = client["survey"].merge(client["items"][["item_id", "dimension"]], on="item_id")
    rows = rows.assign(person=measures.person(rows, client))
    rows = rows[rows["dimension"].isin(DIMENSIONS) & rows["perceived"].notna()]
    met = (rows["perceived"] >= rows["expected"]).astype(float).where(rows["expected"].notna())
    return (
        rows.assign(met=met)
        .groupby(["person", "dimension"], observed=True, sort=True)
        .agg(account_id=("account_id", "min"), perceived=("perceived", "mean"), met=("met", "mean"))
        .reset_index()
    )


@dataclass(frozen=True)
class Need:
    """One dimension in every group: how much of it is met, raw and pooled."""

    dimension: str
    cut: Cut

    @property
    def met(self) -> dict[str, float]:
        """Pooled percent of expectations met, by group."""
        return dict(zip(self.cut.names, 100 * self.cut.pool.mean, strict=True))


def needs(client: Client, by: str) -> list[Need]:
    """Each RATER dimension by group, where two groups may be compared."""
    said = answers(client)
    found = []
    for dimension in DIMENSIONS:
        rows = said[(said["dimension"] == dimension) & said["met"].notna()]
        people = rows.rename(columns={"met": "top"})[["person", "account_id", "top"]]
        looked = cut(client, by, people)
        if looked.enough:
            found.append(Need(dimension, looked))
    return found


@part
def needs_by_group(client: Client, by: str = "segment") -> Table:
    """Of what each group expects, how much does it get, RATER dimension by dimension?

    Args: by, how to cut your clients.
    """
    found = needs(client, by)
    if not found:
        why = _TWO.format(what="the survey")
        return absent_table("what groups expect and get", why)
    p = benjamini_hochberg([need.cut.shuffled.p for need in found])
    off = [n.dimension for n, q in zip(found, p, strict=True) if q <= ALPHA]
    names = list(dict.fromkeys(name for need in found for name in need.cut.names))
    rows = []
    for need, q in zip(found, p, strict=True):
        raw = dict(zip(need.cut.names, 100 * need.cut.raw, strict=True))
        cells = [
            f"{words.number(need.met[n])} ({words.number(raw[n])})" if n in raw else None
            for n in names
        ]
        rows.append([need.dimension, *cells, _luck(q)])
    apart = 100 * float(
        np.median([could_have_seen(need.cut.variances, ALPHA / len(found)) for need in found])
    )
    return Table(
        f"Unlike expectations met: {words.listed(off)}"
        if off
        else f"No evidence that your {CUTS[by]} differ in what they miss",
        "Of 100 things expected, how many are met: pooled with the other groups, and as counted in "
        f"brackets. With so many answers, a group {words.points(apart)} off the rest in one "
        "dimension would be seen four times in five; anything smaller may be there unseen. The "
        f"last column: how often luck alone does as much, {_looks(found)}.",
        pd.DataFrame(rows, columns=["dimension", *names, "luck"]),
        {"luck": Shown("luck alone, times in 100")},
    )


def _looks(rows: list) -> str:
    return "adjusted for " + words.count(len(rows), "look")


def _luck(q: float) -> str:
    return "fewer than one" if q < 0.01 else f"{words.number(100 * q)}"


# -- what satisfies whom -----------------------------------------------------------------------


@dataclass(frozen=True)
class Driver:
    """How closely satisfaction follows one dimension, group by group (correlations, −1 to 1)."""

    dimension: str
    names: tuple[str, ...]
    raw: np.ndarray
    variances: np.ndarray

    @cached_property
    def pooled(self) -> Heterogeneity:
        """Correlations pooled on Fisher's scale, where their error does not depend on them."""
        return dersimonian_laird(np.arctanh(self.raw), self.variances)


def drivers(client: Client, by: str) -> list[Driver]:
    """Each RATER dimension's correlation with satisfaction by group, where two can be compared."""
    happy = _satisfaction(client)
    said = answers(client).merge(happy, on="person", how="inner")
    found = []
    for dimension in DIMENSIONS:
        rows = said[said["dimension"] == dimension]
        looked = cut(client, by, rows.assign(top=rows["satisfaction"]))
        names, raw, variance = [], [], []
        for name in looked.names:
            group = looked.people[looked.people["group"] == name]
            r = _correlation(group["perceived"], group["satisfaction"])
            if not math.isnan(r):
                names.append(name)
                raw.append(min(max(r, -0.999), 0.999))
                variance.append(1 / max(_worth(group) * len(group) - 3, 1))
        if len(names) > 1:
            found.append(Driver(dimension, tuple(names), np.array(raw), np.array(variance)))
    return found


def _satisfaction(client: Client) -> pd.DataFrame:
    """One row a contact: person and satisfaction, on the scale that most answered on."""
    rows = client["relationship"]
    rows = rows[rows["satisfaction"].notna()]
    rows = rows.assign(person=measures.person(rows, client))
    people = rows.groupby("scale", observed=True)["person"].nunique().sort_index()
    if len(people):
        rows = rows[rows["scale"] == people.idxmax()]
    return rows.groupby("person", sort=True)["satisfaction"].mean().reset_index()


def _correlation(x: pd.Series, y: pd.Series) -> float:
    if x.nunique() < 2 or y.nunique() < 2:
        return math.nan
    return float(np.corrcoef(x.to_numpy(), y.to_numpy())[0, 1])


def _worth(group: pd.DataFrame) -> float:
    """What one contact counts: people of one account resemble each other."""
    happy = (group["satisfaction"] >= group["satisfaction"].median()).astype(float)
    return stats.effective_n(happy, group["account_id"]) / len(group)


@part
def drivers_by_group(client: Client, by: str = "segment") -> Table:
    """Does satisfaction follow the same things in every group?

    Args: by, how to cut your clients.
    """
    found = drivers(client, by)
    if not found:
        why = _TWO.format(what="the survey and how satisfied they are")
        return absent_table("what satisfies whom", why)
    p = benjamini_hochberg([driver.pooled.p for driver in found])
    off = [d.dimension for d, q in zip(found, p, strict=True) if q <= ALPHA]
    names = list(dict.fromkeys(name for driver in found for name in driver.names))
    rows = []
    for driver, q in zip(found, p, strict=True):
        shrunk = dict(zip(driver.names, np.tanh(driver.pooled.shrunk), strict=True))
        raw = dict(zip(driver.names, driver.raw, strict=True))
        cells = [
            f"{words.number(shrunk[n], 1)} ({words.number(raw[n], 1)})" if n in raw else None
            for n in names
        ]
        rows.append([driver.dimension, *cells, _luck(q)])
    apart = float(np.median([could_have_seen(d.variances, ALPHA / len(found)) for d in found]))
    return Table(
        f"Satisfaction goes with {words.listed(off)} more in one group than in another"
        if off
        else f"No evidence that unlike things satisfy unlike {CUTS[by]}",
        "How closely satisfaction follows each dimension, from 0 (not at all) to 1 (wholly): "
        "pooled with the other groups, and as counted in brackets. A group about "
        f"{words.number(math.tanh(apart), 1)} off the rest would be seen four times in five. The "
        f"last column: how often luck alone does as much, {_looks(found)}.",
        pd.DataFrame(rows, columns=["dimension", *names, "luck"]),
        {"luck": Shown("luck alone, times in 100")},
    )
