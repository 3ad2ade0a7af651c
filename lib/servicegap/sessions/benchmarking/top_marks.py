"""The share of top marks: what it is, what others would call it, what the silent could change."""

from __future__ import annotations

import math
from dataclasses import dataclass

import pandas as pd

from servicegap import charts, measures, schema, stats, words
from servicegap.client import Client
from servicegap.findings import (
    Advice,
    Figure,
    Finding,
    Shown,
    Table,
    absent_figure,
    absent_table,
    conclude,
    part,
)

TOO_FEW = "It takes ten people in five accounts; fewer have answered."

CSAT = Advice(
    mend="Ring ten people who gave less than the top mark, ask each what was missing, and mend "
    "the commonest answer first.",
    test="Ask thirty more people the same question before you spend anything on it.",
    tell="Put the figure, with its range and its n, into the next review with every client.",
    keep="Keep asking the same question in the same way, and look again in a quarter.",
    measure="Ask more people, and ask those who never answer by telephone.",
    hours=(10, 30),
)


def top_marks(client: Client) -> stats.Estimate:
    """The share of contacts who give the top mark (headline `csat`), in percent."""
    contacts = measures.per_contact(measures.ratings(client).answered)
    return stats.share(contacts["top"], contacts["account_id"])


@part
def csat(client: Client) -> Finding:
    """Is the share of contacts who give the top mark what the client believed?"""
    counted = measures.ratings(client)
    estimate = top_marks(client)
    return conclude(client, "csat", estimate, CSAT, _who_is_missing(client, counted, estimate))


def _who_is_missing(
    client: Client, counted: measures.Ratings, estimate: stats.Estimate
) -> tuple[str, ...]:
    said = []
    rows = counted.answered
    named = rows["contact_id"].fillna("account " + rows["account_id"].astype("str")).nunique()
    if not client.has("contacts") and named > estimate.contacts:
        said.append(
            f"{words.number(named)} people answered, but without a table of contacts each account "
            f"counts as one contact: contacts.csv would turn {words.number(estimate.contacts)} "
            f"voices into {words.number(named)}."
        )
    response = measures.response(client, counted)
    if response.share is None:
        said.append(
            "Nobody knows how many were asked, so the figure speaks for those who answered."
        )
    elif response.weak and estimate.speaks and response.known:
        worst, best = stats.silent_bounds(estimate.value, estimate.contacts, response.known)
        said.append(
            f"{words.number(response.answered)} of {words.number(response.known)} contacts "
            f"answered. Had everybody, the figure would lie {words.span(worst, best)}."
        )
    if counted.other_scales:
        said.append(
            f"{words.count(counted.other_scales, 'answer')} on another scale than "
            f"{counted.scale.name} stayed out: marks of different scales are never added up."
        )
    if not counted.dated:
        past = words.length(measures.window(client), figures=True)
        said.append(f"No rating has a date; all are taken to be of the past {past}.")
    elif counted.undated:
        said.append(f"{words.count(counted.undated, 'rating')} without a date stayed out.")
    return tuple(said)


# -- one figure in every dialect ---------------------------------------------------------------


@dataclass(frozen=True)
class Dialects:
    """The same answers in the five ways in which satisfaction is commonly stated, in percent."""

    positive: float
    net: float
    mean_of_100_50_0: float
    not_unhappy: float
    good_of_good_and_bad: float


def dialects(positive: float, neutral: float, negative: float) -> Dialects:
    """Translate counts of happy, neither and unhappy answers into every dialect.

    Returns: percent; 90 happy, 6 neither and 4 unhappy give 90.0 positive, 86.0 net, 93.0 as a
    mean of 100/50/0, 96.0 not unhappy and 95.7 good of good and bad. NaN where there is nobody.
    """
    total, decided = positive + neutral + negative, positive + negative
    if not total:
        return Dialects(*[math.nan] * 5)
    return Dialects(
        100 * positive / total,
        100 * (positive - negative) / total,
        100 * (positive + neutral / 2) / total,
        100 * (positive + neutral) / total,
        100 * positive / decided if decided else math.nan,
    )


_DIALECTS = {
    "positive": ("Share positive", "happy ÷ all"),
    "net": ("Net score", "(happy − unhappy) ÷ all"),
    "mean_of_100_50_0": ("Mean of 100, 50, 0", "(happy + ½ neither) ÷ all"),
    "not_unhappy": ("Not unhappy", "(happy + neither) ÷ all"),
    "good_of_good_and_bad": ("Good of good and bad", "happy ÷ (happy + unhappy)"),
}


def three_kinds(answered: pd.DataFrame, scale: schema.Scale) -> tuple[int, int, int]:
    """Count answers that are happy, neither and unhappy on a scale."""
    score = answered["score"]
    happy = int((score >= scale.satisfied).sum())
    middle = scale.satisfied if scale.neutral is None else scale.neutral
    unhappy = int((score < middle).sum())
    return happy, len(score) - happy - unhappy, unhappy


@part
def translator(client: Client) -> Figure:
    """What would this client's satisfaction be called in every dialect?"""
    counted = measures.ratings(client)
    if not top_marks(client).speaks:
        return absent_figure("one figure in every dialect", TOO_FEW)
    kinds = three_kinds(counted.answered, counted.scale)
    spoken = dialects(*kinds)
    values = {key: getattr(spoken, key) for key in _DIALECTS}
    top = 100 * float(counted.answered["top"].mean())
    data = pd.DataFrame(
        [
            ["Top marks", "top mark ÷ all", top],
            *[[name, how, values[key]] for key, (name, how) in _DIALECTS.items()],
        ],
        columns=["dialect", "counts", "value"],
    ).dropna()
    low, high = float(data["value"].min()), float(data["value"].max())
    answers = words.count(len(counted.answered), "answer")
    return Figure(
        f"The same {answers} can be called {words.number(low)} or {words.number(high)}",
        f"Dots for {len(data)} ways to state the same {answers}: "
        + "; ".join(
            f"{r.dialect} {words.number(value, 1)}"
            for r, value in zip(data.itertuples(), data["value"], strict=True)
        ),
        f"{words.number(kinds[0])} happy, {words.number(kinds[1])} neither, "
        f"{words.number(kinds[2])} unhappy answers on the scale {counted.scale.name}. Only like is "
        "compared with like.",
        data,
        {"dialect": Shown("dialect"), "counts": Shown("what it counts"), "value": Shown("%", "%")},
        lambda: charts.dots(
            data["dialect"].tolist(),
            data["value"],
            notes=data["counts"].tolist(),
            ends=(min(0.0, 10 * math.floor(low / 10)), 100),
        ),
    )


# -- the silent --------------------------------------------------------------------------------


@part
def silent(client: Client, assumed: float = 50) -> Figure:
    """What could those who did not answer change?

    Args: assumed, the percent of the silent who would give the top mark.
    """
    counted = measures.ratings(client)
    estimate, response = top_marks(client), measures.response(client, counted)
    if not estimate.speaks or response.known is None:
        why = (
            TOO_FEW
            if not estimate.speaks
            else "It needs the table contacts, or the unanswered rows."
        )
        return absent_figure("what the silent could change", why)
    known, answered = response.known, estimate.contacts  # on the scale of the figure
    worst, best = stats.silent_bounds(estimate.value, answered, known)
    supposed = worst + assumed / 100 * (best - worst)
    silent_people = known - answered
    data = pd.DataFrame(
        [
            ["those who answered", estimate.value, estimate.low, estimate.high],
            ["everybody, worst", worst, None, None],
            ["everybody, best", best, None, None],
            [
                f"everybody, if {words.number(assumed)} in 100 silent are happy",
                supposed,
                None,
                None,
            ],
        ],
        columns=["who", "value", "low", "high"],
    )
    title = (
        "Everybody answered: nothing is left to chance here"
        if not silent_people
        else f"{words.count(silent_people, 'contact')} gave no mark: the figure for all lies "
        f"{words.span(worst, best)}"
    )
    return Figure(
        title,
        f"Of {words.number(known)} contacts {words.number(answered)} answered. Top marks among "
        f"them {words.number(estimate.value)} % ({words.ends(estimate.low, estimate.high)}). For "
        "everybody: "
        f"worst {words.number(worst)}, best {words.number(best)}, {words.number(supposed)} if "
        f"{words.number(assumed)} in 100 of the silent "
        "gave the top mark.",
        "The dot and line speak for those who answered. The grey bar is what the silent could make "
        "of it; it never decides a verdict.",
        data,
        {"who": Shown("who"), "value": Shown("% top marks", "%")},
        lambda: charts.bounds(
            (estimate.value, estimate.low, estimate.high),
            worst,
            best,
            supposed,
            f"if {words.number(assumed)} in 100 silent are happy:",
        ),
    )


@part
def silent_accounts(client: Client, most: int = 12) -> Table:
    """Which accounts have not answered at all in the window? The largest first."""
    active = measures.active_at_end(client)
    if active.empty:
        why = "No account is active at the end of the window."
        return absent_table("accounts that never answered", why)
    heard = set(measures.ratings(client).heard.unique())
    quiet = active[~active["account_id"].isin(heard)]
    quiet = quiet.sort_values(["monthly_fee", "account_id"], ascending=[False, True])
    share = len(quiet) / len(active)
    columns = {
        "name": Shown("account"),
        "monthly_fee": Shown("fee a month", client.settings.currency),
    }
    if quiet.empty:
        title = f"Of {words.count(len(active), 'account')}, every one has answered"
    else:
        title = (
            f"{words.count(len(quiet), 'account')} of {words.number(len(active))} said nothing in "
            f"{words.length(measures.window(client), figures=True)} "
            f"({words.number(100 * share)} %)"
        )
    left = len(quiet) - most
    caption = (
        "Accounts that are still with you. Silence is not consent: people who are about to leave "
        "seldom fill in forms."
    )
    if left > 0:
        caption = (
            f"The {most} with the highest fee; {words.number(left)} more are not shown. {caption}"
        )
    return Table(title, caption, quiet[["name", "monthly_fee"]].head(most), columns)
