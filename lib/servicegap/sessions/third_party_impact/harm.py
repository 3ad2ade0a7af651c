"""What does a supplier in the chain cost in top marks? The headline, and four ways to say it."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from servicegap import measures, schema, stats, words
from servicegap.charts import effects as effect_charts
from servicegap.client import Client
from servicegap.findings import Advice, Figure, Finding, Shown, absent_figure, conclude, part
from servicegap.sessions.third_party_impact import chain
from servicegap.sessions.third_party_impact.adjusting import Compared, compared
from servicegap.sessions.third_party_impact.cards import IN_WORDS, Card, cards, least_controlled

HEADLINE = "third_party_harm"
ADVICE = Advice(
    mend="{begin}, and tell the client where things stand on every day of waiting.",
    test="For a month, ring the client yourself on every day that {whom} keeps them waiting, and "
    "look at the ratings of those tickets again.",
    tell="Tell clients whom you work with and why you chose them: a ticket with a supplier is "
    "rated better than you feared.",
    keep="Keep the supplier's name on every ticket, and look at these ratings again in a quarter.",
    measure="Ask for a rating of every ticket that a supplier was on, and keep its name on the "
    "ticket.",
    hours=(12, 36),
)  # fmt: skip
_AGREE = {
    "measure": "one number",
    "feedback": "feedback every month",
    "escalation": "one person to ring by name",
    "exit": "a way out",
}
WAYS = (
    ("raw", "as they are"),
    ("regression", "like with like, by regression"),
    ("weighting", "like with like, by weighting"),
    ("doubly_robust", "both: doubly robust"),
)


def with_error(
    counted: tuple[int, int], value: float, draws: NDArray, least: float = 0.0
) -> stats.Estimate:
    """A difference as evidence: t with accounts − 1 on the error of draws of whole accounts.

    Args: counted, people and accounts behind it, see `behind`; least, an error below which draws
    are not believed, in the same unit.
    """
    head = schema.HEADLINES[HEADLINE]
    people, firms = counted
    error = max(float(np.nanstd(draws, ddof=1)), least)
    return stats.from_error(value, error, people, people, firms, head.unit, head.per)


def behind(frame: pd.DataFrame) -> tuple[int, int]:
    """(people, accounts) that stand behind a difference: all, or the side under the floor."""
    if not chain.enough(frame):
        return chain.smaller(frame)
    return int(frame["person"].nunique()), int(frame["account_id"].nunique())


def harm_of(both: Compared, counted: tuple[int, int], least: float) -> stats.Estimate:
    """Top marks lost in 100 ratings, doubly robust, of tickets compared on `top`.

    Args: counted and least, `behind` and `least_error` of these tickets.
    """
    if np.isnan(both.found.doubly_robust):
        head = schema.HEADLINES[HEADLINE]
        return stats.not_measured(chain.NO_LIKE, head.unit, head.per)
    value, draws = both.found.doubly_robust, both.drawn.doubly_robust
    return with_error(counted, -100 * float(value), -100 * draws, 100 * least)


def marks(client: Client) -> Compared:
    """The rated tickets with a supplier beside those without, on top marks: worked out once."""
    return client.remembered(_marks)


def _marks(client: Client) -> Compared:
    return compared(chain.rated(client), "top")


def least_error(frame: pd.DataFrame) -> float:
    """The error of a difference of two shares that draws can't undercut, as a fraction.

    Where all of a side are of one mind no draw differs from the next, and nothing would be left of
    its error. So it is at least that of as many tickets of as many people, with two marks of
    either kind added to each side (Agresti and Coull 1998).
    """
    squares = 0.0
    for side in (frame.loc[frame["involved"], "top"], frame.loc[~frame["involved"], "top"]):
        share = (float(side.sum()) + 2) / (len(side) + 4)
        squares += share * (1 - share) / (len(side) + 4)
    return math.sqrt(squares)


def harm(client: Client) -> stats.Estimate:
    """Top marks lost in 100 ratings where a supplier is involved (headline `third_party_harm`)."""
    frame, head = chain.rated(client), schema.HEADLINES[HEADLINE]
    why = chain.one_sided(client, frame)
    if why:
        return stats.not_measured(why, head.unit, head.per)
    return harm_of(marks(client), behind(frame), least_error(frame))


@part
def third_party_harm(client: Client) -> Finding:
    """Does a supplier in the chain cost as little as the client believed?"""
    frame, head = chain.rated(client), schema.HEADLINES[HEADLINE]
    card = least_controlled(cards(client))
    advice = _named(card)
    why = chain.one_sided(client, frame)
    if why:
        nothing = stats.not_measured(why, head.unit, head.per)
        return conclude(client, HEADLINE, nothing, advice)
    both = marks(client)
    estimate = harm_of(both, behind(frame), least_error(frame))
    said = _caveats(client, both, frame, estimate, card) if estimate.measured else ()
    return conclude(client, HEADLINE, estimate, advice, said)


def _named(card: Card | None) -> Advice:
    """The advice, with the supplier in it that is met most often and watched least."""
    whom, begin = "the supplier you wait for most", "Agree with that supplier on {things}"
    things = list(_AGREE.values())
    if card:
        whom, things = card.name, [_AGREE[control] for control in card.missing]
        often = f"{words.number(100 * card.tickets / card.of)} of 100 such tickets"
        begin = f"Agree with {whom}, who is on {often}, on {{things}}"
        if not things:
            begin = f"Show {whom}, who is on {often}, what these ratings say"
    said = begin.format(things=words.listed(things))
    return replace(ADVICE, mend=ADVICE.mend.format(begin=said), test=ADVICE.test.format(whom=whom))


def _caveats(
    client: Client,
    both: Compared,
    frame: pd.DataFrame,
    estimate: stats.Estimate,
    card: Card | None,
) -> tuple[str, ...]:
    with_, _ = chain.arms(frame)
    tickets = int(frame["involved"].sum())
    said = [
        f"{words.count(len(frame), 'rated ticket')}, {words.number(tickets)} of them with a "
        "supplier (of "
        f"{words.count(with_[0], 'contact')} in {words.count(with_[1], 'account')}). Compared are "
        "tickets of the same priority, type, channel and month. Nothing that came after the "
        "supplier was let in, and a reason that nobody wrote down could still be behind it."
    ]
    if not chain.enough(frame):
        said.append("It takes ten contacts in five accounts on either side of the comparison.")
    out = int(both.trimmed.sum())
    if out:
        said.append(f"{words.count(out, 'ticket')} had no like on the other side and stayed out.")
    if card and card.known and card.missing and estimate.speaks and estimate.low > 0:
        said.append(
            f"{card.name} is on {words.number(card.tickets)} of the {words.number(card.of)} "
            "tickets that involved a "
            f"supplier in these {words.length(measures.window(client), figures=True)}, and has "
            f"{words.listed([f'no {IN_WORDS[c]}' for c in card.missing])}."
        )
    return tuple(said)


# -- four ways to say it -----------------------------------------------------------------------


def ways(both: Compared, frame: pd.DataFrame, factor: float, least: float = 0.0) -> pd.DataFrame:
    """The difference four ways, times `factor`, with intervals: way, value, low, high."""
    rows, counted = [], behind(frame)
    for name, label in WAYS:
        value = factor * float(getattr(both.found, name))
        draws = factor * getattr(both.drawn, name)
        found = with_error(counted, value, draws, least)
        rows.append([label, value, found.low, found.high])
    return pd.DataFrame(rows, columns=["way", "value", "low", "high"])


@part
def side_by_side(client: Client) -> Figure:
    """Does the loss hang on how it is worked out? Raw, two adjustments, and both together."""
    label = "the loss, worked out four ways"
    frame = chain.rated(client)
    why = chain.one_sided(client, frame) or chain.too_thin(frame)
    if why:
        return absent_figure(label, why)
    both = marks(client)
    if np.isnan(both.found.doubly_robust):
        return absent_figure(label, chain.NO_LIKE)
    data = ways(both, frame, -100, 100 * least_error(frame))
    return Figure(
        _title(data),
        "Top marks lost in 100 ratings: "
        + chain.lines(data, "way")
        + f". {chain.behind(frame)}.",
        "The first line takes tickets as they come. The others compare like with like: by a model "
        "of the marks, by weighting tickets without a supplier until they look like those with "
        "one, and by both, which is right if either of the two is. Lines that agree don't prove "
        "that nothing is missing; all of them know the same four things.",
        data,
        {"way": Shown("worked out"), "value": Shown("top marks lost of 100", "points"),
         "low": Shown("from", "points"), "high": Shown("to", "points")},
        lambda: effect_charts.around_nought(
            [w[0].upper() + w[1:] for w in data["way"]], data["value"], data["low"], data["high"],
            [""] * len(data), ("it helps", "it costs"), "of 100",
            hollow=chain.unsettled(data),
        ),
        about=HEADLINE,
    )  # fmt: skip


def _title(data: pd.DataFrame) -> str:
    low, value, high = (float(data[c].iloc[-1]) for c in ("low", "value", "high"))
    if low <= 0 <= high:
        missed = words.points(1.43 * (high - low) / 2)  # found four times in five
        return (
            "Like with like, no evidence that a supplier changes the marks; "
            f"under {missed} could have been missed"
        )
    verb = "costs" if value > 0 else "brings"
    least, most = sorted((abs(low), abs(high)))
    said = (
        f"Like with like, a supplier {verb} {words.number(abs(value))} top marks of 100 "
        f"(somewhere {words.span(least, most)})"
    )
    if any(chain.unsettled(data.iloc[1:])):
        return f"{said}; not settled by every way of working it out"
    return f"{said}, however worked out"
