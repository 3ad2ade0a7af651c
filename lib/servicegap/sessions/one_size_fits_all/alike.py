"""How alike are people of one account, and accounts of one group? Where the differences lie."""

from __future__ import annotations

import numpy as np
import pandas as pd

from servicegap import charts, words
from servicegap.client import Client
from servicegap.findings import Figure, Shown, absent_figure, part
from servicegap.sessions.one_size_fits_all.cuts import TWO_GROUPS, cut
from servicegap.sessions.one_size_fits_all.pooling import dersimonian_laird, random_intercept

_LABEL = "how alike people of one group are"


@part
def how_alike(client: Client, by: str = "segment") -> Figure:
    """Of all that makes people's marks differ, how much lies between groups, accounts and people?

    Args: by, how to cut your clients.
    """
    found = cut(client, by)
    if not found.enough:
        return absent_figure(_LABEL, TWO_GROUPS)
    people = found.people
    homes = people["account_id"].nunique()
    if homes == len(people):
        why = "Every account has one voice here, so account and person can't be told apart."
        return absent_figure(_LABEL, why)
    groups = (people["group"].to_numpy()[:, None] == np.array(found.names)).astype(float)
    fitted = random_intercept(people["top"], people["account_id"], groups)
    between = dersimonian_laird(found.raw, found.variances)
    whole = between.tau2 + fitted.between + fitted.within
    if whole <= 0:
        return absent_figure(_LABEL, "Everybody says the same.")
    sizes = 100 * np.array([between.tau2, fitted.between, fitted.within]) / whole
    data = pd.DataFrame(
        {"part": [_between(by), "between accounts", "between people"], "share": sizes}
    )
    named = [
        f"{name} {words.number(size)} %" for name, size in zip(data["part"], sizes, strict=True)
    ]
    tau = 100 * float(np.sqrt(between.tau2))
    apart = (
        f"The groups themselves lie typically {words.points(tau)} off their mean."
        if tau >= 0.5
        else "The groups lie no further apart than luck takes them."
    )
    return Figure(
        _title(sizes, by),
        f"Of the differences between people's marks, {words.listed(named)}. "
        f"n = {words.number(len(people))} contacts in {words.number(homes)} accounts.",
        f"{_resemble(100 * fitted.icc)} {apart} Between people stands all the rest, the luck of "
        "single tickets too. A few groups say little: read the largest part and leave the rest.",
        data,
        {"part": Shown("where people differ"), "share": Shown("of all differences", "%")},
        lambda: charts.dots(data["part"].tolist(), sizes),
    )


def _resemble(icc: float) -> str:
    """How much two people of one account resemble each other, from 0 (strangers) to 100 (twins)."""
    if icc < 0.5:
        return "Two people of one account resemble each other no more than strangers do here."
    return (
        "From strangers (0) to twins (100), two people of one account stand at "
        f"{words.number(icc)}."
    )


def _between(by: str) -> str:
    return {"age": "between old and new", "size": "between sizes"}.get(by, f"between {by}s")


def _title(sizes: np.ndarray, by: str) -> str:
    most = int(np.argmax(sizes))
    if most == 2:
        return f"Most of the difference lies among people of one account, little {_between(by)}"
    if most == 1:
        return "It is the single account that makes the difference, more than its kind"
    return f"{_between(by).capitalize()} lies most of what people say differently"
