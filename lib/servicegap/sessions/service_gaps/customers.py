"""The customers that promises bring: who was won how, whether they fit, and who is let down or
leaves. The sweet spot is where more is met and fewer leave."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from servicegap import measures, stats, subtraction, words
from servicegap.charts import groups
from servicegap.client import Client
from servicegap.comparisons import ALPHA, SEEN, benjamini_hochberg
from servicegap.findings import Figure, Shown, absent_figure, part
from servicegap.pooling import Pool
from servicegap.sessions.service_gaps import answers
from servicegap.sessions.service_gaps.rater import luck, signed
from servicegap.sessions.service_gaps.servqual import paired

HOW = {"won_by": "how they were won", "fit": "whether you would take them on again"}
FIT = {True: "would take on again", False: "would not take on again"}


@dataclass(frozen=True)
class Kind:
    """Accounts won in one way (or that fit, or don't): what is met of their expectations, and how
    many left.

    `met`, and `pooled` with its range, in percent, `gap` in marks; `left` of `there`, the accounts
    at the window's start; p against all others, NaN where it can't be compared.
    """

    name: str
    contacts: int
    met: float
    pooled: float
    low: float
    high: float
    gap: float
    error: float
    p_met: float
    left: int
    there: int
    p_left: float


def _label(client: Client, by: str) -> pd.Series:
    """The kind of each account, by account_id; texts alike whatever their case and spaces."""
    accounts = client["accounts"].drop_duplicates("account_id").set_index("account_id")
    if by == "fit":
        return accounts["fit"].map(FIT)
    text = accounts["won_by"].str.replace(r"\s+", " ", regex=True).str.strip().str.casefold()
    return text.where(text != "")


def _leaving(client: Client) -> pd.Series:
    """Whether each account of the window's start had left by its end, by account_id."""
    return measures.staying(client) == 0


def kinds(client: Client, by: str = "won_by") -> list[Kind]:
    """Each kind of account that may be shown beside the others."""
    labels = _label(client, by)
    people = answers.said(client).people
    people = people.assign(kind=people["account_id"].map(labels))
    shown = subtraction.safe_to_show(people["person"], people["account_id"], people["kind"])
    people = people[people["kind"].notna()]
    if len(shown) < 2:
        return []
    gone = _leaving(client)
    kind_of = labels.reindex(gone.index)
    counts = client.has("accounts.left_on")
    raw = []
    for name in shown:
        own, rest = people[people["kind"] == name], people[people["kind"] != name]
        one, other = (paired(g["met"], 0 * g["met"], g["account_id"], 1.0) for g in (own, rest))
        here = kind_of == name
        raw.append(
            (
                name,
                own,
                one,
                _differ((one.gap, one.error, one.freedom), (other.gap, other.error, other.freedom)),
                int(gone[here].sum()),
                int(here.sum()),
                _leave(gone[here], gone[kind_of.notna() & ~here]) if counts else np.nan,
            )
        )
    pool = Pool([r[2].gap for r in raw], [max(r[2].error, 0.02) ** 2 for r in raw])
    made = []
    for i, (name, own, one, p, left, there, p_left) in enumerate(raw):
        low, high = (100 * min(max(x, 0.0), 1.0) for x in pool.interval(i))
        made.append(
            Kind(
                name, len(own), 100 * one.gap, 100 * float(pool.mean[i]), low, high,
                float(own["gap"].mean()), 100 * one.error, p, left, there, p_left,
            )
        )  # fmt: skip
    return made


def _differ(one: tuple[float, float, int], other: tuple[float, float, int]) -> float:
    """p of "two means are the same": t with the fewer accounts − 1. Each: mean, error, freedom."""
    from scipy.special import stdtr

    error = float(np.hypot(one[1], other[1]))
    if error < 1e-12:
        return 1.0
    return 2 * float(stdtr(min(one[2], other[2]), -abs(one[0] - other[0]) / error))


def _leave(own: pd.Series, rest: pd.Series) -> float:
    """Fisher's exact p of "as many of these leave as of the others", from ten accounts each."""
    from scipy.stats import fisher_exact

    if min(len(own), len(rest)) < stats.SPEAKS_FROM:
        return np.nan
    table = [[int(x.sum()), int((~x).sum())] for x in (own, rest)]
    return float(fisher_exact(table).pvalue)


@part
def wrong_customers(client: Client, by: str = "won_by") -> Figure:
    """Which customers are let down, and which leave? The sweet spot has neither.

    Args: by, how to tell customers apart: won_by or fit.
    """
    if by not in HOW:
        raise ValueError(f"customers are told apart by {words.listed(list(HOW), 'or')}; not {by!r}")
    label = "who was won how, and whether they fit"
    if not client.has(f"accounts.{by}"):
        return absent_figure(label, f"It needs the column {by} of the table accounts.")
    found = kinds(client, by)
    if not found:
        why = (
            "It takes two kinds of customer, in each of which ten people in five accounts "
            "answered the survey."
        )
        return absent_figure(label, why)
    p = np.array([[k.p_met, k.p_left] for k in found])
    known = ~np.isnan(p)
    p[known] = benjamini_hochberg(p[known])
    seen = SEEN * float(np.median([k.error for k in found]))
    looks, gone = int(known.sum()), client.has("accounts.left_on")
    left = [f"{k.left} of {k.there} left" if gone else "" for k in found]
    average = sum(k.met * k.contacts for k in found) / sum(k.contacts for k in found)
    data = pd.DataFrame(
        [
            [k.name, k.contacts, k.met, k.pooled, k.low, k.high, k.gap,
             f"{k.left} of {k.there}" if gone else None,
             *(None if np.isnan(q) else luck(float(q)) for q in own)]
            for k, own in zip(found, p, strict=True)
        ],
        columns=["kind", "contacts", "met", "pooled", "low", "high", "gap", "left", "luck_met",
                 "luck_left"],
    )  # fmt: skip
    return Figure(
        _sweet(found, p),
        "Of 100 things expected, met: "
        + "; ".join(
            f"{k.name} {words.number(k.pooled)} ({words.ends(k.low, k.high)}; "
            f"as counted {words.number(k.met)}, Gap 5 "
            f"{signed(k.gap)}, {words.count(k.contacts, 'contact')}{f', {x}' if x else ''})"
            for k, x in zip(found, left, strict=True)
        )
        + ".",
        f"By {HOW[by]}{_small(client, by, found)}. The ring is what was counted, the dot what is "
        "left of it once the kinds have borrowed from each other; beside it, how many accounts "
        "left in the window, of those there at its start. A kind "
        f"{words.points(seen)} off the others would be seen about four times in five. Compared "
        f"with all others, and adjusted for {words.count(looks, 'look')}; leaving from ten "
        "accounts each.",
        data,
        {"kind": Shown("customers"), "met": Shown("met, as counted", "%"),
         "pooled": Shown("met, pooled", "%"), "low": Shown("from", "%"), "high": Shown("to", "%"),
         "gap": Shown("Gap 5, marks"), "luck_met": Shown("luck alone, times in 100: met"),
         "luck_left": Shown("luck alone, times in 100: left")},
        lambda: groups.pooled(
            [k.name[0].upper() + k.name[1:] for k in found],
            data["met"], data["pooled"], data["low"], data["high"],
            [f"n = {k.contacts}{f'; {x}' if x else ''}" for k, x in zip(found, left, strict=True)],
            average, not bool((p[:, 0] <= ALPHA).any()),
        ),
    )  # fmt: skip


def _small(client: Client, by: str, found: list[Kind]) -> str:
    """The kinds that can't be shown: too few people, or too easy to tell by subtraction."""
    rest = sorted(set(_label(client, by).dropna()) - {k.name for k in found})
    return f"; too few answered to show {words.listed(rest)}" if rest else ""


def _sweet(found: list[Kind], p: np.ndarray) -> str:
    """What may be said of the kinds: a sweet spot, a let-down, or that they can't be told apart."""
    whole = sum(k.met * k.contacts for k in found) / sum(k.contacts for k in found)
    sure = p <= ALPHA  # a comparison with NaN is false
    there = sum(k.there for k in found)
    leave = sum(k.left for k in found) / there if there else 0.0
    let_down = [k.name for k, s in zip(found, sure, strict=True) if s[0] and k.met < whole]
    served = [k for k, s in zip(found, sure, strict=True) if s[0] and k.met > whole]
    leavers = [k.name for k, s in zip(found, sure, strict=True)
               if s[1] and k.left > leave * k.there]  # fmt: skip
    loyal = {k.name for k, s in zip(found, sure, strict=True) if s[1] and k.left < leave * k.there}
    said = []
    spot = [k.name for k in served if k.name in loyal]
    if spot:
        said.append(f"{words.listed(spot)} may be the sweet spot: more is met and fewer leave")
    elif served:
        said.append(f"more is met for {words.listed([k.name for k in served])}")
    if let_down:
        said.append(f"less is met for {words.listed(let_down)}")
    if leavers:
        said.append(f"more leave of {words.listed(leavers)}")
    if not said:
        return "No evidence that one kind of customer is let down, or leaves, more than another"
    return f"Worth asking: {'; '.join(said)}"
