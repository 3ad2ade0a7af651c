"""Contained, or given up? Who was not handed over to a person, and came back another way."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from servicegap import measures, stats, words
from servicegap.charts import drivers
from servicegap.client import Client
from servicegap.comparisons import ALPHA, benjamini_hochberg
from servicegap.findings import Figure, Shown, absent_figure, part
from servicegap.sessions.technology_vs_people import work
from servicegap.sessions.technology_vs_people.first_handlers import MACHINES
from servicegap.sessions.technology_vs_people.like_with_like import linear, visible

_LABEL = "who comes back another way"


def back_and_before(client: Client, days: int) -> pd.DataFrame:
    """The contained tickets of the window that were watched for so many days before and after.

    Contained: met first by a machine and not handed over. Columns: first_handler, person,
    account_id, after (1: the same person asked for the same type of thing another way within so
    many days after it was closed) and before (within as many days before it was opened).
    """
    every = measures.human_tickets(client)
    rows = measures.opened_tickets(client)
    kept = rows["handed_over"].notna() & ~rows["handed_over"].fillna(True).astype(bool)
    rows = rows[rows["first_handler"].isin(list(MACHINES)) & kept]
    rows = rows.assign(
        after=work.came_back(rows, every, days, another_way=True),
        before=work.came_back(rows, every, days, before=True, another_way=True),
    )
    return rows[rows["after"].notna() & rows["before"].notna()]


@part
def contained(client: Client, days: int = work.BACK_DAYS) -> Figure:
    """Of the tickets that a machine kept to itself, how many came back another way?

    Args: days, within how many days somebody has to be back to count.
    """
    rows = back_and_before(client, days)
    shown = work.shown(rows, "first_handler")
    names = [h for h in MACHINES if h in shown]
    if not names:
        why = (
            "It takes tickets from ten people in five accounts that a bot, a menu or a portal met "
            f"first and did not hand over, watched for {words.count(days, 'day')} before and after."
        )
        return absent_figure(_LABEL, why)
    found = []
    for name in names:
        mine = rows[rows["first_handler"] == name]
        share = stats.share(mine["after"], mine["account_id"], contacts=mine["person"])
        more, error, p = _more(mine)
        found.append([name, len(mine), share.value, share.low, share.high,
                      100 * stats.mean(mine["before"]), 100 * more, 100 * error, p])  # fmt: skip
    data = pd.DataFrame(
        found,
        columns="handler tickets after low high before more error p".split(),  # noqa: SIM905
    )
    q = benjamini_hochberg(data["p"])
    said = [MACHINES[h] for h in names]
    apart = visible(float(data["error"].median()), len(data))
    return Figure(
        _title(data, q, days),
        f"Of 100 tickets that were not handed over, so many came back another way within {days} "
        "days: "
        + "; ".join(
            f"{who} {words.number(r.after)} ({words.ends(r.low, r.high)}), "
            f"against {words.number(r.before)} in the "
            f"{days} days before, {words.count(r.tickets, 'ticket')}"
            for who, r in zip(said, work.each(data), strict=True)
        )
        + ".",
        "Came back another way: the same person asked for the same type of thing by another "
        "channel, or met somebody else first. Some people always have something to ask, so the "
        f"tick says how many had asked another way in the {days} days *before*: what lies right of "
        "it was, as far as can be told, not solved but given up. Hollow: not settled. With so many "
        f"tickets a difference of {words.points(apart)} would be seen four times in five. Who gave "
        "up and never came back is not in here at all.".replace("*", ""),
        data.drop(columns="error").assign(handler=said, p=q),
        {"handler": Shown("met first by"), "after": Shown("came back another way, of 100"),
         "low": Shown("from"), "high": Shown("to"), "before": Shown("before, of 100"),
         "more": Shown("more than before", "points"), "p": Shown("p, adjusted")},
        lambda: drivers.beside(
            said, data["after"], data["low"], data["high"], data["before"], "before",
            [words.count(int(n), "ticket") for n in data["tickets"]], hollow=list(q > ALPHA),
        ),
    )  # fmt: skip


def _more(rows: pd.DataFrame) -> tuple[float, float, float]:
    """How many more came back after than had asked before: value, error by account, p."""
    off = (rows["after"] - rows["before"]).to_numpy(dtype=float)
    if not off.any():  # nobody at all, before or after: an error of one half-answer in all
        return 0.0, math.sqrt(0.5) / len(off), 1.0
    one, none = np.ones((len(rows), 1)), np.empty((len(rows), 0))
    return linear(one, none, off, rows["account_id"]).contrast(np.ones(1))


def _title(data: pd.DataFrame, q, days: int) -> str:
    sure = data[(q <= ALPHA) & (data["more"] > 0)]
    if len(sure):
        worst = sure.loc[sure["more"].idxmax()]
        return (
            f"“Contained” by {MACHINES[worst['handler']]}: {words.number(worst['after'])} of 100 "
            "came back "
            f"another way, {words.number(worst['before'])} by habit"
        )
    if (data["after"] >= 1).any():
        return "No evidence that what the machines contain comes back more than people do anyway"
    return f"What the machines contain hardly ever comes back another way within {days} days"
