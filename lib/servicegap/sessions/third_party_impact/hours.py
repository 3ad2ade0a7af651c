"""Which tickets name a supplier, and how many hours does one add?"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from servicegap import measures, words
from servicegap.charts import effects as effect_charts
from servicegap.client import Client
from servicegap.findings import Figure, Shown, Table, absent_figure, part
from servicegap.sessions.third_party_impact import chain
from servicegap.sessions.third_party_impact.adjusting import compared
from servicegap.sessions.third_party_impact.clocks import solved
from servicegap.sessions.third_party_impact.harm import WAYS, behind, ways, with_error

_DRAWS = 1_000


@part
def involved(client: Client) -> Table:
    """How many tickets name a supplier, which, and how many of those were rated?"""
    frame = chain.human(client)
    rated = chain.rated(client) if client.has("ratings.ticket_id") else frame.iloc[:0]
    waits = frame["third_party_hours"].astype("float64")
    n = len(frame)
    rows = []
    for vendor, count in _counted(frame["vendor"]):
        mine = frame["vendor"] == vendor
        hours = waits[mine].dropna()
        rows.append([vendor, count, 100 * count / n, int((rated["vendor"] == vendor).sum()),
                     float(hours.median()) if len(hours) else np.nan])  # fmt: skip
    without = ~frame["involved"]
    if n:
        rows.append(["no supplier", int(without.sum()), 100 * float(without.mean()),
                     int((~rated["involved"]).sum()) if len(rated) else 0, np.nan])  # fmt: skip
    data = pd.DataFrame(rows, columns=["supplier", "tickets", "share", "rated", "wait"])
    if data["wait"].isna().all():
        data = data.drop(columns="wait")
    some = int(frame["involved"].sum())
    lately = words.length(measures.window(client), figures=True)
    thin = chain.too_thin(frame, "ticket") if 0 < some < n else ""
    return Table(
        _involved_title(n, some, thin, lately),
        f"Tickets that people opened in these {lately}; alerts stay out. A ticket whose log names "
        "a supplier in any row counts as one that involved it.",
        data,
        {"supplier": Shown("supplier"), "tickets": Shown("tickets"),
         "share": Shown("of all tickets", "%"), "rated": Shown("rated"),
         "wait": Shown("half of them waited up to, hours", "hours")},
    )  # fmt: skip


def _counted(vendors: pd.Series) -> list[tuple[str, int]]:
    counts = vendors.value_counts()
    return sorted(((str(k), int(v)) for k, v in counts.items()), key=lambda x: (-x[1], x[0]))


def _involved_title(n: int, some: int, thin: str, lately: str) -> str:
    if not n:
        return f"No ticket that a person opened in these {lately}"
    if not some:
        return f"None of {words.count(n, 'ticket')} names a supplier"
    if thin:
        names = "names" if some == 1 else "name"
        return (
            f"Only {words.number(some)} of {words.count(n, 'ticket')} {names} a supplier: too "
            "few to compare"
        )
    return f"A supplier is named on {words.number(100 * some / n)} of 100 tickets"


@part
def adjusted_hours(client: Client) -> Figure:
    """How many hours does a supplier add, like with like, by the clock the contact feels?"""
    label = "the hours that a supplier adds"
    frame = solved(client)
    if why := chain.one_sided(client, frame, "solved ticket") or chain.too_thin(
        frame, "solved ticket"
    ):
        return absent_figure(label, why)
    frame = frame.assign(own=frame["elapsed"] - frame["wait"])
    both = compared(frame, "elapsed", draws=_DRAWS)
    if np.isnan(both.found.doubly_robust):
        return absent_figure(label, chain.NO_LIKE)
    data = ways(both, frame, 1.0)
    if frame["wait"].gt(0).any():
        own = replace(both, y=frame["own"].to_numpy(float))
        value, draws = float(own.found.doubly_robust), own.drawn.doubly_robust
        less = with_error(behind(frame), value, draws)
        more = [["the same, without the wait", less.value, less.low, less.high]]
        data = pd.concat([data, pd.DataFrame(more, columns=data.columns)], ignore_index=True)
    return Figure(
        _hours_title(data),
        "Hours more from opening to solution: "
        + chain.lines(data, "way")
        + f". {chain.behind(frame)}.",
        "All solved tickets that people opened, rated or not, by the clock on the wall; the same "
        "four ways as for the marks. Averages of hours hang on a few long tickets, and the ranges "
        "say how much.",
        data,
        {"way": Shown("worked out"), "value": Shown("hours more", "hours"),
         "low": Shown("from", "hours"), "high": Shown("to", "hours")},
        lambda: effect_charts.around_nought(
            [w[0].upper() + w[1:] for w in data["way"]], data["value"], data["low"], data["high"],
            [""] * len(data), ("quicker", "slower"), "hours",
            hollow=chain.unsettled(data),
        ),
    )  # fmt: skip


def _hours_title(data: pd.DataFrame) -> str:
    value, low, high = (float(data[c].iloc[len(WAYS) - 1]) for c in ("value", "low", "high"))
    if low <= 0 <= high:
        missed = words.number(1.4 * (high - low) / 2)
        return (
            "No evidence that a supplier changes the hours; "
            f"under {missed} hours could have been missed"
        )
    if value > 0:
        return f"A supplier adds {words.number(value)} hours to like tickets"
    return f"A supplier saves {words.number(value).lstrip(chr(0x2212))} hours on like tickets"
