"""The gap weighed by what matters, and whether the questions of a dimension hang together."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from servicegap import words
from servicegap.client import Client
from servicegap.findings import Shown, Table, absent_table, part
from servicegap.sessions.service_gaps import answers
from servicegap.sessions.service_gaps.rater import ranged
from servicegap.sessions.service_gaps.servqual import (
    Paired,
    cronbach_alpha,
    paired,
    score,
)

HOLDS_FROM = 0.7  # what is usually asked of alpha (Nunnally)
LABEL = "the gap weighed by what matters"


def alpha(rows: pd.DataFrame, column: str) -> tuple[float, float, float]:
    """Cronbach's alpha of the statements in these rows, complete cases; NaN where it can't be."""
    wide = rows.pivot_table(index="person", columns="item_id", values=column, observed=True)
    wide = wide.dropna()
    if wide.shape[1] < 2 or not answers.speaks(rows[rows["person"].isin(wide.index)]):
        return math.nan, math.nan, math.nan
    return cronbach_alpha(wide)


def overall(said: answers.Said, weights: pd.Series) -> Paired:
    """The weighted gap over the people who marked something of every dimension, and its range.

    The weights are taken as they are: what is uncertain about them is not in the range.
    """
    wide = said.both.pivot_table(
        index="person", columns="dimension", values="gap", aggfunc="mean", observed=True
    )
    wide = wide.reindex(columns=list(weights.index)).dropna()
    homes = said.people.set_index("person")["account_id"].reindex(wide.index)
    scores = [score(row, weights) for row in wide.to_numpy()]
    return paired(scores, np.zeros(len(scores)), homes, said.span)


@part
def weighted(client: Client) -> Table:
    """Does the gap lie where it matters, and do the questions of a dimension say one thing?"""
    said = answers.said(client)
    rows: list[tuple] = []
    for name in said.dimensions:
        people, marks = said.of(name), said.both[said.both["dimension"] == name]
        told = people[people["importance"].notna()]
        if answers.speaks(told):
            gap = float(people["gap"].mean())
            rows.append((name, marks["item_id"].nunique(), float(told["importance"].mean()), gap,
                         alpha(marks, "perceived"), alpha(marks, "gap")))  # fmt: skip
    if len(rows) < 2:
        why = "It takes ten people in five accounts who also said how much each thing matters."
        return absent_table(LABEL, why)
    data = pd.DataFrame(
        rows, columns=["dimension", "questions", "importance", "gap", "perceived", "gaps"]
    )
    whole = overall(said, data.set_index("dimension")["importance"])
    share = 100 * data["importance"] / data["importance"].sum()
    plain = score(data["gap"])
    loose = [str(name) for name, *_, own, _ in rows if own[2] < HOLDS_FROM]  # surely under
    return Table(
        f"Weighed by what matters, people get {_more_or_less(whole)}: "
        f"{ranged(whole, 2)} marks; every dimension alike, {words.number(plain, 2)}",
        "Score = sum of importance × gap ÷ sum of importance: one divisor, so that it reads in "
        "marks. Where importance hardly differs, neither do the two scores. Alpha says how far "
        "the questions of a dimension say the same, from 0 to 1, with its range; of the gaps it "
        "is usually lower, since a difference carries the noise of both marks. "
        + (
            f"The questions about {words.listed(loose)} surely lie under "
            f"{words.number(HOLDS_FROM, 1)}: read them one by one rather than as a dimension."
            if loose
            else f"None surely lies under {words.number(HOLDS_FROM, 1)}, the usual line."
        ),
        pd.DataFrame(
            {
                "dimension": data["dimension"],
                "questions": data["questions"],
                "importance": data["importance"],
                "share": share,
                "gap": [words.number(x, 2) for x in data["gap"]],
                "weighed": [words.number(x, 2) for x in share / 100 * data["gap"]],
                "perceived": [_alpha(a) for a in data["perceived"]],
                "gaps": [_alpha(a) for a in data["gaps"]],
            }
        ),
        {"importance": Shown("importance, mark"), "share": Shown("weight, of 100"),
         "weighed": Shown("weight × gap"), "perceived": Shown("alpha of what they get"),
         "gaps": Shown("alpha of the gaps")},
    )  # fmt: skip


def _alpha(found: tuple[float, float, float]) -> str | None:
    value, low, high = found
    if math.isnan(value):
        return None
    return f"{words.number(value, 2)} ({words.number(low, 2)} to {words.number(high, 2)})"


def _more_or_less(whole: Paired) -> str:
    if whole.high < 0:
        return "less than they expect"
    if whole.low > 0:
        return "more than they expect"
    return "about what they expect"
