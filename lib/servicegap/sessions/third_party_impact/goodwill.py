"""Goodwill: do accounts that meet suppliers more often recommend you less?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from servicegap import comparisons, measures, stats, words
from servicegap.charts import effects as effect_charts
from servicegap.client import Client
from servicegap.comparisons import ALPHA, SEEN
from servicegap.findings import Figure, Shown, absent_figure, needs_in_words, part
from servicegap.schema import SCALES
from servicegap.sessions.third_party_impact import chain

WOULD, DID = "would refer", "did refer"
_TICKETS = 5  # an account with fewer has no share to speak of


def exposure(client: Client) -> pd.Series:
    """The share of each account's tickets that involved a supplier, by account_id.

    Tickets of people in the window; accounts with fewer than five stay out.
    """
    frame = chain.human(client)
    by = frame.groupby(frame["account_id"].astype(str))["involved"].agg(["mean", "size"])
    return by.loc[by["size"] >= _TICKETS, "mean"]


def halves(exposed: pd.Series) -> pd.Series:
    """True for the half of the accounts that meet suppliers more often than the middle one."""
    return exposed > exposed.median()


@dataclass(frozen=True)
class Goodwill:
    """One outcome in the two halves: the more exposed, the less exposed, and the difference."""

    name: str
    more: stats.Estimate
    less: stats.Estimate
    difference: float
    low: float
    high: float
    p: float

    @property
    def seen(self) -> float:
        """The difference that would have been found four times in five, in points."""
        return SEEN * (self.high - self.low) / 2 / stats.Z95


def would_refer(client: Client) -> pd.DataFrame:
    """One value a person: would refer in the top box, on the scale of most people."""
    frame = client["relationship"]
    frame = frame.assign(
        person=measures.person(frame, client), own=frame["refer_scale"].fillna(frame["scale"])
    )
    frame = frame[frame["would_refer"].notna() & frame["own"].notna()]
    if not len(frame):
        return pd.DataFrame({"account_id": [], "y": []})
    people = frame.groupby("own", observed=True)["person"].nunique()
    scale = SCALES[max(SCALES, key=lambda name: people.get(name, 0))]
    frame = frame[frame["own"] == scale.name]
    frame = frame.assign(y=(frame["would_refer"] >= scale.top).astype(float))
    return frame.groupby("person", observed=True).agg(account_id=("account_id", "min"),
                                                      y=("y", "mean"))  # fmt: skip


def did_refer(client: Client) -> pd.DataFrame:
    """One value an account that was there when the window began: referred in it, or not."""
    did = measures.referring(client)
    return pd.DataFrame({"account_id": did.index, "y": did.to_numpy()})


def by_exposure(name: str, frame: pd.DataFrame, half: pd.Series) -> Goodwill | str:
    """Compare one outcome between the halves; a sentence where there are too few."""
    account = frame["account_id"].astype(str)
    per = "accounts" if name == DID else "contacts"
    found, side = [], account.map(half.astype(float))
    for own in (1.0, 0.0):
        mine = frame[(side == own).to_numpy()]
        one = stats.share(mine["y"], mine["account_id"], f"% of {per}", per)
        if not one.speaks:
            enough = "ten accounts" if per == "accounts" else "ten contacts in five accounts"
            return f"{name[0].upper()}{name[1:]}: too few; it takes {enough} in either half."
        found.append((one, (one.value, _error(mine))))
    gap, low, high, p = comparisons.difference(found[0][1], found[1][1])
    return Goodwill(name, found[0][0], found[1][0], gap, low, high, p)


def _error(frame: pd.DataFrame) -> float:
    """The standard error of a share in points, at the effective number of answers.

    Half an answer of either kind is added, so that a share of nought has an error too.
    """
    n = stats.effective_n(frame["y"], frame["account_id"])
    share = (stats.mean(frame["y"]) * n + 0.5) / (n + 1)
    return 100 * float(np.sqrt(share * (1 - share) / (n + 1)))


@part
def goodwill(client: Client) -> Figure:
    """Do accounts that meet suppliers more often say, or do, less referring?"""
    label = "goodwill where suppliers are met often"
    exposed = exposure(client)
    if len(exposed) < stats.SPEAKS_FROM or exposed.nunique() < 2:
        why = (
            "It takes ten accounts with five tickets each that differ in how often a supplier was "
            "involved."
        )
        return absent_figure(label, why)
    half = halves(exposed)
    outcomes: dict[str, Goodwill | str] = {}
    for name, needs, look in (
        (WOULD, ("relationship.would_refer",), would_refer),
        (DID, ("accounts", "referrals"), did_refer),
    ):
        missing = tuple(need for need in needs if not client.has(need))
        outcomes[name] = (
            f"{name[0].upper()}{name[1:]}: {needs_in_words(missing)}"
            if missing
            else by_exposure(name, look(client), half)
        )
    found = [one for one in outcomes.values() if isinstance(one, Goodwill)]
    silent = [one for one in outcomes.values() if isinstance(one, str)]
    if not found:
        return absent_figure(label, " ".join(silent))
    adjusted = comparisons.benjamini_hochberg([one.p for one in found])
    data = pd.DataFrame(
        [[one.name, one.more.value, one.less.value, 0.0 - one.difference, -one.high, -one.low]
         for one in found],
        columns=["outcome", "more", "less", "lost", "low", "high"],
    )  # fmt: skip
    shares = [100 * float(exposed[side].mean()) for side in (half, ~half)]
    return Figure(
        _title(found, list(adjusted)),
        "; ".join(
            f"{one.name}: {words.number(one.more.value)} % where suppliers are met more often "
            f"({words.behind(one.more)}), {words.number(one.less.value)} % where less often "
            f"({words.behind(one.less)}); difference {words.number(one.difference)} points "
            f"({words.ends(one.low, one.high)})"
            for one in found
        )
        + ".",
        f"Accounts are halved by how many of their tickets involved a supplier: "
        f"{words.number(shares[0])} of 100 in one half, {words.number(shares[1])} in the other. "
        + " ".join(
            f"For “{one.name}” a difference of {words.points(one.seen)} would have been seen four "
            "times in five."
            for one in found
        )
        + " Accounts differ in other ways too; it goes with, no more."
        + "".join(f" {text}" for text in silent),
        data,
        {"outcome": Shown("outcome"), "more": Shown("suppliers met more often, %", "%"),
         "less": Shown("less often, %", "%"), "lost": Shown("fewer of 100", "points"),
         "low": Shown("from", "points"), "high": Shown("to", "points")},
        lambda: effect_charts.around_nought(
            [f"{one.name[0].upper()}{one.name[1:]}" for one in found], data["lost"], data["low"],
            data["high"],
            [f"{words.number(one.more.value)} % against {words.number(one.less.value)} "
             "%" for one in found],
            ("more goodwill", "less goodwill"), "of 100", hollow=[q > ALPHA for q in adjusted],
        ),
    )  # fmt: skip


def _title(found: list[Goodwill], adjusted: list[float]) -> str:
    apart = [
        f"“{one.name}” is {'lower' if one.difference < 0 else 'higher'} where suppliers are met "
        f"more often, by {words.points(one.difference)}"
        for one, p in zip(found, adjusted, strict=True)
        if p <= ALPHA
    ]
    if apart:
        return f"Worth asking: {words.listed(apart)}"
    return "No evidence that goodwill is lower where suppliers are met more often"
