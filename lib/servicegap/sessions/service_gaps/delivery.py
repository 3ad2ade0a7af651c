"""Gap 3: is the standard delivered? As the firm states it, and as its own tickets say."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import pandas as pd

from servicegap import measures, stats, words
from servicegap.client import Client
from servicegap.findings import Shown, Table, absent_table, part
from servicegap.sessions.service_gaps.chain import amount, worse_by
from servicegap.sessions.service_gaps.inside import compared

HOURS = {"second": 1 / 3600, "minute": 1 / 60, "hour": 1.0, "day": 24.0, "week": 168.0}
_SHORT = {"h": "hour", "hr": "hour", "min": "minute", "sec": "second", "s": "second", "d": "day"}
_REPLY = r"repl|respon|answer|react|pick.?up|acknowledg"
_SOLVED = r"solv|resol|fix|mend|restor|clos"
_DUST = 1e-9


@dataclass(frozen=True)
class Counted:
    """What the tickets say of one standard: the middle ticket, and how many kept it.

    `middle` is the median in the standard's unit, `kept` the share of tickets within it, `which`
    the tickets meant.
    """

    middle: float
    kept: stats.Estimate
    which: str


def hours_of(unit: object) -> float | None:
    """How many hours one of this unit has; None where it is no time."""
    text = unit.strip().casefold() if isinstance(unit, str) else ""
    first = re.match(r"[a-z]+", text)
    if not first or " " in text:
        return None
    word = first[0].rstrip("s") or first[0]
    return HOURS.get(_SHORT.get(first[0].removesuffix("s") or first[0], word))


def clock(measure: str) -> str | None:
    """Which of a ticket's clocks a measure is about: its first reply, its solution, or neither."""
    text = measure.casefold()
    if re.search(_REPLY, text):
        return "first_reply_at"
    return "resolved_at" if re.search(_SOLVED, text) else None


def counted(client: Client, row: pd.Series) -> Counted | None:
    """Count a standard on the window's tickets, where it is a time that they hold.

    Tickets opened by people; of the priority (or type) that the measure names, if it names one. A
    ticket without that moment counts as not kept once it is older than the standard at the
    window's end, and not at all before; one with that moment before it was opened is left out. The
    clock is that on the wall, nights included.
    """
    hours, column = hours_of(row["unit"]), clock(str(row["measure"]))
    if hours is None or column is None or pd.isna(row["standard"]):
        return None
    if not client.has(f"tickets.{column}"):
        return None
    tickets, which = _named(measures.opened_tickets(client), str(row["measure"]))
    tickets = tickets[~(tickets[column] < tickets["opened_at"])]  # a clock that ran backwards
    took = measures.hours(tickets[column] - tickets["opened_at"]) / hours
    end = measures.window(client).end + pd.Timedelta(days=1)
    waited = (end - tickets["opened_at"]).dt.total_seconds() / 3600 / hours
    limit = float(row["standard"])
    counts = took.notna() | (waited > limit)
    tickets, took = tickets[counts], took[counts].fillna(np.inf)
    if tickets.empty:
        return None
    kept = stats.share(
        (took <= limit + _DUST).astype(float), measures.numbered(tickets["account_id"]),
        "% of tickets", "tickets", measures.numbered(tickets["person"]),
    )  # fmt: skip
    return Counted(float(np.median(took)), kept, which) if kept.speaks else None


def _named(tickets: pd.DataFrame, measure: str) -> tuple[pd.DataFrame, str]:
    """The tickets of the priority and type that a measure names; all, where it names none."""
    said = []
    for column in ("priority", "type"):
        for value in sorted(tickets[column].dropna().astype("str").unique(), key=len, reverse=True):
            if re.search(rf"(?<!\w){re.escape(value.casefold())}(?!\w)", measure.casefold()):
                tickets = tickets[tickets[column] == value]
                said.append(value)
                break
    return tickets, " ".join(said) or "all"


@part
def delivery(client: Client) -> Table:
    """Gap 3: is what the standard says delivered?"""
    rows = client["standards"]
    rows = rows[rows["standard"].notna()]
    counts = [counted(client, row) for _, row in rows.iterrows()]
    if rows["delivered"].isna().all() and not any(counts):
        why = "It needs what is delivered: stated in the table standards, or times in the tickets."
        return absent_table("what is delivered of the standard", why)
    step = [worse_by(row, "standard", "delivered") for _, row in rows.iterrows()]
    known = sum(not pd.isna(x) for x in step)
    short = sum(x > _DUST for x in step)
    unlike = [
        str(row["measure"])
        for (_, row), c in zip(rows.iterrows(), counts, strict=True)
        if c and _unlike(row, c)
    ]
    data = pd.DataFrame(
        {
            "measure": rows["measure"].to_list(),
            "standard": [amount(x, u) for x, u in zip(rows["standard"], rows["unit"], strict=True)],
            "delivered": [amount(x, u) for x, u in
                          zip(rows["delivered"], rows["unit"], strict=True)],
            "gap": [compared(row, "standard", "delivered") for _, row in rows.iterrows()],
            "middle": [_middle(c, u) for c, u in zip(counts, rows["unit"], strict=True)],
            "kept": [_kept(c) for c in counts],
        }
    )  # fmt: skip
    return Table(
        f"By your own account, {words.spelled(short, 'none')} of {words.spelled(known)} standards "
        f"{'falls' if short < 2 else 'fall'} short when delivered"
        + (f"; most tickets say otherwise of {words.listed(unlike)}" if unlike else ""),
        "Delivered is what you state. Where a standard is a time that the tickets hold, it is "
        "counted as well: half of the tickets take no longer than the middle one, by the clock on "
        "the wall, nights and weekends included, which may not be how your agreement counts."
        + ("" if any(counts) else " None of these standards could be counted on tickets."),
        data,
        {"measure": Shown("promise"), "standard": Shown("your standard"),
         "delivered": Shown("delivered, as stated"), "gap": Shown("Gap 3"),
         "middle": Shown("middle ticket"), "kept": Shown("tickets that kept it, of 100")},
    )  # fmt: skip


def _unlike(row: pd.Series, found: Counted) -> bool:
    """Whether the stated figure keeps the standard and most tickets surely don't, or the other
    way round."""
    if pd.isna(row["delivered"]):
        return False
    keeps = float(row["delivered"]) <= float(row["standard"]) + _DUST
    return (keeps and found.kept.high < 50) or (not keeps and found.kept.low > 50)


def _middle(found: Counted | None, unit: object) -> str | None:
    if found is None:
        return None
    return amount(found.middle, unit) if np.isfinite(found.middle) else "not done yet"


def _kept(found: Counted | None) -> str | None:
    if found is None:
        return None
    kept = found.kept
    ends = words.ends(kept.low, kept.high)
    return f"{words.number(kept.value)} ({ends}; {found.which}, n = {words.number(kept.n)})"
