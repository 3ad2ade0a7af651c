"""Where are the satisfied silent? By fee, size, segment, trade or site."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from servicegap import stats, subtraction, words
from servicegap.charts import groups as group_charts
from servicegap.client import Client
from servicegap.comparisons import ALPHA, SEEN, benjamini_hochberg
from servicegap.findings import Figure, Shown, absent_figure, part
from servicegap.measures import asked
from servicegap.sessions.wow_moment_gaps.answers import each
from servicegap.subtraction import safe_beside

_BANDS = {"fee": "monthly_fee", "size": "seats"}
_LABEL = "where the satisfied are silent"


@dataclass(frozen=True)
class Pooled:
    """Shares drawn towards each other as far as their noise asks for. In the unit put in."""

    value: NDArray
    low: NDArray
    high: NDArray
    centre: float
    spread: float


def pooled(shares: ArrayLike, errors: ArrayLike) -> Pooled:
    """Partial pooling of shares with known standard errors (normal model, moments).

    Source: DerSimonian and Laird 1986 for the spread between groups; the pooled value is
    B × centre + (1 − B) × own share, B = error² ÷ (error² + spread²). Limit: with a handful of
    groups the spread is rough, and its own uncertainty is not in the interval.
    """
    y, v = np.asarray(shares, dtype=float), np.asarray(errors, dtype=float) ** 2
    w = 1 / v
    mean = float(w @ y / w.sum())
    q = float(w @ (y - mean) ** 2)
    scale = float(w.sum() - (w @ w) / w.sum())
    tau2 = max(0.0, (q - (len(y) - 1)) / scale) if scale > 0 else 0.0
    w = 1 / (v + tau2)
    centre = float(w @ y / w.sum())
    b = v / (v + tau2)
    value = b * centre + (1 - b) * y
    half = stats.Z95 * np.sqrt((1 - b) * v + b**2 / w.sum())
    return Pooled(value, value - half, value + half, centre, math.sqrt(tau2))


def _grouped(client: Client, rows: pd.DataFrame, by: str) -> pd.Series:
    """The group of each answer: a band of the accounts by fee or seats, or what the account is."""
    accounts = client["accounts"].drop_duplicates("account_id").set_index("account_id")
    column = _BANDS.get(by)
    if column is None:
        return rows["account_id"].map(accounts[by])
    values = accounts[column].reindex(rows["account_id"].drop_duplicates()).dropna()
    for bands in (4, 3, 2):
        if values.nunique() < bands:
            continue
        cut = pd.qcut(values, bands, duplicates="drop", labels=False)
        ends = values.groupby(cut).agg(["min", "max"])
        names = {band: _band(client, by, low, high) for band, low, high in ends.itertuples()}
        found = rows["account_id"].map(cut.map(names))
        shown = subtraction.safe_to_show(rows["person"], rows["account_id"], found)
        if len(shown) == len(names):
            return found
    return pd.Series(np.nan, index=rows.index, dtype=object)


@part
def by_group(client: Client, by: str = "fee", tried: tuple[str, ...] = ()) -> Figure:
    """In which groups of accounts are the satisfied silent?

    Args: by, what makes a group: fee, segment, trade, site or size; tried, the ways looked at so
    far, each of which makes it harder for a group to stand out.
    """
    rows = asked(client).satisfied
    group = _grouped(client, rows, by)
    there, top = group.notna(), rows["top"].eq(1).map({True: "top", False: "okay"})
    shown = safe_beside(rows["person"], rows["account_id"], group, top)  # after `four_and_five`
    rows, group = rows[there].assign(silent=1 - rows["would"]), group[there].astype("str")
    if len(shown) < 2:
        why = "It takes two groups of ten satisfied people in five accounts each."
        return absent_figure(_LABEL, f"{why} The groups are by {by}.")
    found = [
        stats.share(rows.loc[group == g, "silent"], rows.loc[group == g, "account_id"])
        for g in shown
    ]
    worth = [
        stats.effective_n(rows.loc[group == g, "silent"], rows.loc[group == g, "account_id"])
        for g in shown
    ]
    fair = [(e.value / 100 * m + 0.5) / (m + 1) for e, m in zip(found, worth, strict=True)]
    errors = [100 * math.sqrt(f * (1 - f) / m) for f, m in zip(fair, worth, strict=True)]
    raw = np.array([e.value for e in found])
    together = pooled(raw, errors)
    looks = len({*tried, by})
    p = np.minimum(1, looks * benjamini_hochberg([e.p_value(together.centre) for e in found]))
    off = [g for g, q in zip(shown, p, strict=True) if q <= ALPHA]
    order = np.argsort(-together.value, kind="stable")
    if by in _BANDS:
        order = np.argsort([_start(client, rows, group == g, by) for g in shown], kind="stable")
    data = pd.DataFrame(
        {
            "group": shown, "silent": raw, "pooled": together.value,
            "low": np.clip(together.low, 0, 100), "high": np.clip(together.high, 0, 100),
            "people": [e.contacts for e in found], "accounts": [e.accounts for e in found], "p": p,
        }
    ).iloc[order].reset_index(drop=True)  # fmt: skip
    visible = SEEN * math.sqrt(2) * float(np.median(errors))
    hidden = group.nunique() - len(shown)
    return Figure(
        _title(off, by),
        f"Satisfied people who would not warmly recommend, by {by}, pooled: "
        + "; ".join(f"{r.group} {words.number(r.pooled)} % ({words.ends(r.low, r.high)}), counted "
                    f"{words.number(r.silent)}" for r in each(data))
        + f". All shown: {words.number(together.centre)} %.",
        "The ring is the share as counted; the dot with its line has been drawn towards the "
        "others, as far as so few answers deserve. Where the lines overlap there is no order. "
        f"A difference of about {words.points(visible)} between two such groups would be seen "
        "four times in five."
        + (f" Ways to cut looked at: {words.spelled(looks)}, allowed for." if looks > 1 else "")
        + (f" {words.count(hidden, 'group')} left out: too few people to be shown, or needed to "
           "hide those." if hidden else ""),
        data,
        {"silent": Shown("silent, as counted", "%"), "pooled": Shown("silent, pooled", "%"),
         "low": Shown("from", "%"), "high": Shown("to", "%"),
         "people": Shown("satisfied contacts"), "p": Shown("p, adjusted")},
        lambda: group_charts.pooled(
            data["group"].tolist(), data["silent"], data["pooled"], data["low"], data["high"],
            [f"n = {words.number(n)}" for n in data["people"]], together.centre, hollow=not off,
        ),
        about="okay_not_referring",
    )  # fmt: skip


def _band(client: Client, by: str, low: float, high: float) -> str:
    """The name of a band: `£210 to £635 a month`, `10 to 24 seats`."""
    if by == "size":
        return f"{words.ends(low, high)} seats"
    currency = client.settings.currency
    return f"{words.money(low, currency)} to {words.money(high, currency)} a month"


def _start(client: Client, rows: pd.DataFrame, inside: pd.Series, by: str) -> float:
    """The lower end of a band."""
    accounts = client["accounts"].drop_duplicates("account_id").set_index("account_id")
    return float(accounts[_BANDS[by]].reindex(rows.loc[inside, "account_id"]).min())


def _title(off: list[str], by: str) -> str:
    if off:
        return f"Worth asking why the satisfied differ here: {words.listed(off)}"
    what = {"fee": "what they pay", "size": "their size"}.get(by, by)
    return f"No evidence that silence among the satisfied goes with {what}"
