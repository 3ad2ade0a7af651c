"""The client among firms like it, set against the good ones; and three ways to be too sure."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from servicegap import charts, measures, schema, stats, words
from servicegap.client import Client
from servicegap.findings import Advice, Figure, Finding, Shown, absent_figure, conclude, part
from servicegap.peers import Panel, panel, percentile
from servicegap.sessions.benchmarking.top_marks import TOO_FEW, csat, top_marks
from servicegap.verdicts import Verdict

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

_ALL_ONE = 1e-9  # what the last digits of a spread may be
STANDING = Advice(
    mend="Choose the two nearest good peers and find out what they do that you don't; try one "
    "thing for a quarter.",
    test="Add more peers like you before you act on the place.",
    tell="Say where you stand among firms like yours, and on what evidence, in your proposals.",
    keep="Compare yourself with the good peers again in a quarter, not with the average.",
    measure="Ask more of your own contacts, and add to the panel firms like yours that ask the "
    "same question on the same scale.",
    hours=(12, 40),
)


def resampled_share(values: ArrayLike, accounts: ArrayLike, draws: int = stats.DRAWS) -> np.ndarray:
    """The client's own share as it might as well have come out: what its place is read off.

    Means of resampled accounts lie too close together: their spread is that of A accounts without
    the one that the mean has used up, and itself known from A only. So each error is stretched by
    √(A ÷ (A − 1)) and by Student's quantile of its rank ÷ the normal one; A = n² ÷ Σ m² is how many
    accounts of one size those of m contacts each are worth, as in `stats.effective_n`. Where no two
    accounts differ there is nothing to stretch; there a truth d away has the chance (1 − d) ^ A.

    Args: values, one a contact, from 0 to 1; accounts, the account of each. Returns: `draws`
    shares from 0 to 1, sorted. Source: Hesterberg 2015, the expanded percentile interval; Korn and
    Graubard 1998 for A. Limit: near 0 and 100 %, of fewer than 30 contacts, still a little bold.
    """
    from scipy.special import ndtri, stdtrit

    values = np.asarray(values, dtype=float)
    sizes = np.unique(np.asarray(accounts), return_counts=True)[1]
    alike = len(values) ** 2 / float(sizes @ sizes)
    own = stats.mean(values)
    errors = np.sort(stats.resampled_means(values, accounts, draws)) - own
    rank = (np.arange(draws) + 0.5) / draws
    if np.ptp(errors) < _ALL_ONE:
        away = 1 - np.minimum(rank, 1 - rank) ** (1 / alike)
        return np.clip(own + np.where(rank < 0.5, -away, away), 0, 1)
    normal = ndtri(rank)
    ratio = stdtrit(alike - 1, rank) / np.where(normal == 0, 1, normal)
    return np.clip(own + errors * math.sqrt(alike / (alike - 1)) * ratio, 0, 1)


def place(client: Client) -> stats.Estimate:
    """The client's percentile among like-for-like peers (headline `good_peer_percentile`)."""
    head = schema.HEADLINES["good_peer_percentile"]
    counted = measures.ratings(client)
    peers = panel(client, counted.scale.measure)
    if not peers.enough:
        return stats.not_measured(peers.why, head.unit, head.per)
    contacts = measures.per_contact(counted.answered)
    if contacts.empty:
        return stats.not_measured("Nobody has answered yet.", head.unit, head.per)
    own = 100 * stats.mean(contacts["top"])
    draws = 100 * resampled_share(contacts["top"], contacts["account_id"])
    firms = contacts["account_id"].nunique()

    def with_data(times: float) -> stats.Estimate:
        """The same place with `times` the contacts: the own share varies less."""
        people = round(times * len(contacts))
        return stats.from_draws(
            float(percentile(own, peers.shares)[0]),
            percentile(own + (draws - own) / math.sqrt(times), peers.shares),
            people, people, round(times * firms), head.unit, head.per, with_data,
        )  # fmt: skip

    return with_data(1.0)


def whose(peers: Panel) -> list[str]:
    """Who the peers are, where some of them are the consultant's other clients."""
    if not peers.shared:
        return []
    which = "These peers are all"
    if peers.shared < len(peers.shares):
        which = f"{words.number(peers.shared)} of the {words.number(len(peers.shares))} peers are"
    return [f"{which} your consultant’s own clients, measured as you were and without names."]


@part
def good_peer_percentile(client: Client) -> Finding:
    """Is the client as far ahead of firms like it as it believed?"""
    peers = panel(client, measures.ratings(client).scale.measure)
    own = top_marks(client)
    said: list[str] = []
    if peers.enough and own.speaks:
        gap = own.value - peers.good_from
        side = "above" if gap >= 0 else "below"
        good = int((peers.shares >= peers.good_from).sum())
        said.append(
            "These peers are made up, for practice."
            if peers.made_up
            else "Firms that measure themselves are seldom the worst, so a panel flatters nobody."
        )
        said += whose(peers)
        said.append(
            f"The {words.spelled(good)} good peers (the best quarter of {len(peers.shares)}) start "
            f"at {words.number(peers.good_from)} % top marks; you are {words.points(gap)} {side}."
        )
    return conclude(client, "good_peer_percentile", place(client), STANDING, tuple(said))


@part
def standing(client: Client) -> Figure:
    """Where does the client stand among firms like it, and how far from the good ones?"""
    own = top_marks(client)
    peers = panel(client, measures.ratings(client).scale.measure)
    if not peers.enough or not own.speaks:
        why = peers.why if not peers.enough else TOO_FEW
        return absent_figure("your place among firms like yours", why)
    rank = place(client)
    behind = peers.good_from - own.value
    if own.low > peers.good_from:
        title = "You are among the good ones, interval and all"
    elif own.high < peers.good_from:
        title = f"The good ones are ahead: {words.points(behind)} to the nearest of them"
    else:
        title = "You may be among the good ones: the interval reaches both sides"
    data = pd.DataFrame(
        {
            "who": ["you", *[f"peer {i + 1}" for i in range(len(peers.shares))]],
            "top_marks": [own.value, *peers.shares],
            "good": [own.value >= peers.good_from, *(peers.shares >= peers.good_from)],
        }
    )
    note = "".join(f" {said}" for said in whose(peers))
    note += " The peers are made up, for practice." if peers.made_up else ""
    return Figure(
        title,
        f"You: {words.number(own.value)} % top marks ({words.ends(own.low, own.high)}), ahead of "
        f"{words.number(rank.value)} % of {len(peers.shares)} peers. The good peers start at "
        f"{words.number(peers.good_from)} %, the average is "
        f"{words.number(float(np.mean(peers.shares)))} %.",
        "Each dot is a firm like yours; the dark ones are the best quarter. The average is drawn "
        f"only to show how little it asks.{note}",
        data,
        {"who": Shown("who"), "top_marks": Shown("% top marks", "%"), "good": Shown("good")},
        lambda: charts.peer_strip(peers.shares, peers.good_from, (own.value, own.low, own.high)),
        about="good_peer_percentile",
    )


# -- three ways to be too sure -----------------------------------------------------------------


@part
def overconfidence(client: Client) -> Figure:
    """Over-estimation, over-placement, over-precision: the three kinds, on two beliefs.

    Over-estimation: thinking oneself better than one is (top marks). Over-placement: thinking
    oneself ahead of more others than one is (percentile). Over-precision: a range so narrow that
    the evidence falls outside. With two beliefs the last is a picture, never a verdict.
    """
    found = [csat(client), good_peer_percentile(client)]
    if all(f.stated is None and f.estimate.hidden for f in found):
        why = "There is neither a guess nor a figure that may be shown."
        return absent_figure("three ways to be too sure", why)
    rows, said, data = [], [], []
    for finding, kind in zip(found, ("Over-estimation", "Over-placement"), strict=True):
        nothing = (math.nan,) * 3
        stated, evidence = finding.stated, finding.estimate
        belief = (stated.value, stated.low, stated.high) if stated else nothing
        shown = nothing if evidence.hidden else (evidence.value, evidence.low, evidence.high)
        shown = shown if evidence.speaks else (math.nan, *shown[1:])
        behind = words.behind(evidence) if evidence.measured else ""
        rows.append(
            charts.Row(
                finding.headline.label,
                belief,
                shown,
                finding.verdict.word,
                finding.verdict.strength,
                behind,
                words.arrow(finding.headline, belief[0], shown[0]) if stated else "",
            )
        )
        data.append([kind, finding.headline.label, *belief, *shown, finding.verdict.word])
        said.append(f"{kind}: {finding.sentence}")
    held = [
        r.belief[1] <= r.evidence[0] <= r.belief[2]
        for r in rows
        if not math.isnan(r.belief[1] + r.evidence[0] + r.belief[2])
    ]
    return Figure(
        _overconfidence_title([f.verdict for f in found]),
        " ".join(said),
        _precision(held)
        + " Grey: what you believed, with your range. Dot and line: the evidence. Hollow: not "
        "settled.",
        pd.DataFrame(
            data,
            columns=[
                "kind", "belief", "guess", "guess_low", "guess_high",
                "evidence", "low", "high", "verdict",
            ],
        ),
        {"guess_low": Shown("from"), "guess_high": Shown("to")},
        lambda: charts.belief_map(rows),
        about="csat",
    )  # fmt: skip


def _overconfidence_title(verdicts: list[Verdict]) -> str:
    clear = [v.word for v in verdicts if v.strength == "clear"]
    blind, strong = clear.count("blind spot"), clear.count("hidden strength")
    if blind and strong:
        return "Too sure of one thing, too modest about the other"
    if blind:
        return "Rosier than the evidence" if blind == 1 else "Rosier than the evidence, twice"
    if strong:
        return "More modest than the evidence"
    leaning = [v.word for v in verdicts if v.strength == "leaning"]
    if leaning:
        way = "rosier" if "blind spot" in leaning else "more modest"
        return f"Perhaps {way} than the evidence; not settled"
    reached = {v.word for v in verdicts}
    if "well judged" in reached:
        return "You see yourself much as your clients do"
    if reached <= {"no guess", "not measured"}:
        return "What was found, without a guess to set it against"
    return "Nothing here is settled yet"


def _precision(held: list[bool]) -> str:
    if not held:
        return "Over-precision can't be looked at: it takes a range, and evidence beside it."
    inside = f"inside {words.spelled(sum(held), 'none')} of your {words.spelled(len(held))} ranges"
    if len(held) == 1:
        inside = f"{'inside' if held[0] else 'outside'} the one range you gave"
    return (
        f"Over-precision: the evidence lies {inside}; ranges meant to hold nine times in "
        "ten are usually too narrow, and it takes ten of them to tell."
    )
