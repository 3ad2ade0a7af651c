"""What became of each ticket: how fast it was dealt with, and whether it was dealt with well."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from servicegap import measures, subtraction, words
from servicegap.client import Client

BACK_DAYS = 14


@dataclass(frozen=True)
class Measure:
    """One thing to count per ticket: `count(rows, every)` gives its value for some tickets, `every`
    being all that people ever opened. `needs` is what it can't do without; `what` names it in a
    sentence, `short` on an axis or in the head of a column.

    Measures of speed are times or counts, compared by their logarithm (so that one ticket which
    waited for a month doesn't outweigh a hundred); `least` is the smallest that is told from
    nothing. Measures of what came of it are shares: 1 is good, 0 is not. Values are missing where
    they can't be known: times below nought, tickets that are still open or, for coming back, that
    were not watched for 14 days.
    """

    count: Callable[[pd.DataFrame, pd.DataFrame], pd.Series]
    what: str
    short: str
    needs: tuple[str, ...]
    unit: str = "%"
    least: float = 0.0

    @property
    def marked(self) -> bool:
        """Is it about rated tickets alone?"""
        return "ratings.ticket_id" in self.needs


def until_reply(rows: pd.DataFrame, every: pd.DataFrame) -> pd.Series:
    """Hours to the first reply."""
    return measures.hours(rows["first_reply_at"] - rows["opened_at"])


def until_solved(rows: pd.DataFrame, every: pd.DataFrame) -> pd.Series:
    """Hours until solved."""
    return measures.hours(rows["resolved_at"] - rows["opened_at"])


def _not_reopened(rows: pd.DataFrame, every: pd.DataFrame) -> pd.Series:
    once = (rows["reopened"] == 0).astype(float)
    return once.where(rows["resolved_at"].notna() & rows["reopened"].notna())


def _first_time(rows: pd.DataFrame, every: pd.DataFrame) -> pd.Series:
    kept = (rows["reassigned"] == 0).astype(float).where(rows["reassigned"].notna())
    return _not_reopened(rows, every) * kept


def _not_back(rows: pd.DataFrame, every: pd.DataFrame) -> pd.Series:
    return 1 - came_back(rows, every)


SPEED = {
    "first reply": Measure(
        until_reply, "the first reply", "hours to the first reply",
        ("tickets.first_reply_at",), "hours", 1 / 60,
    ),
    "time to resolve": Measure(
        until_solved, "solving it", "hours until solved", ("tickets.resolved_at",), "hours", 1 / 60
    ),
    "touches": Measure(
        lambda rows, _: rows["touches"], "touches", "touches",
        ("tickets.touches",), "touches", 0.5,
    ),
    "hours worked": Measure(
        lambda rows, _: rows["hours_worked"], "hours worked", "hours worked",
        ("tickets.hours_worked",), "hours", 0.05,
    ),
}  # fmt: skip
GOOD = {
    "top marks": Measure(
        lambda rows, _: rows["top"], "given the top mark", "top marks", ("ratings.ticket_id",)
    ),
    "solved first time": Measure(
        _first_time, "solved first time", "solved first time",
        ("tickets.resolved_at", "tickets.reopened", "tickets.reassigned"),
    ),
    "not reopened": Measure(
        _not_reopened, "not reopened", "not reopened", ("tickets.resolved_at", "tickets.reopened")
    ),
    "not back in 14 days": Measure(
        _not_back, "not followed by another of its kind", f"not back in {BACK_DAYS} days",
        ("tickets.resolved_at", "tickets.contact_id"),
    ),
}  # fmt: skip


def each(frame: pd.DataFrame) -> Iterator[Any]:
    """The rows of a table, with its columns by name."""
    return frame.itertuples()


def say_hours(hours: float) -> str:
    """A length of time as people say it: `25 min`, `3.5 h`, `4 days`."""
    if hours < 0.95:
        return f"{max(1, round(60 * hours))} min"
    if hours < 47.5:
        return f"{_short(hours)} h"
    return f"{_short(hours / 24)} days"


def _short(x: float) -> str:
    """At most one decimal, and none that says nothing."""
    return words.shortest(x, 0 if x >= 9.95 else 1)


def missing(client: Client, *chosen: Measure) -> tuple[str, ...]:
    """What of the things that these measures need is not there."""
    needs = dict.fromkeys(need for measure in chosen for need in measure.needs)
    return tuple(need for need in needs if not client.has(need))


def measured(client: Client, measure: Measure) -> pd.DataFrame:
    """The tickets of the window (the rated ones, where it is about marks) with `value`."""
    return client.remembered(_measured, measure)


def _measured(client: Client, measure: Measure) -> pd.DataFrame:
    rows = measures.last_rated(client) if measure.marked else measures.opened_tickets(client)
    return rows.assign(value=measure.count(rows, measures.human_tickets(client)).astype(float))


def shown(rows: pd.DataFrame, by: str) -> list[str]:
    """The groups that may be shown, the largest first: see `subtraction.safe_to_show`."""
    who = measures.present(rows, by)
    return subtraction.safe_to_show(who["person"], who["account_id"], who[by])


# -- coming back -------------------------------------------------------------------------------


def watched(client_tickets: pd.DataFrame) -> tuple[pd.Timestamp, pd.Timestamp]:
    """From when to when tickets were recorded: the first and the last that was opened."""
    opened = client_tickets["opened_at"]
    return opened.min(), opened.max()


def came_back(
    rows: pd.DataFrame,
    every: pd.DataFrame,
    days: int = BACK_DAYS,
    before: bool = False,
    another_way: bool = False,
) -> pd.Series:
    """Did the same person open another ticket of the same type soon after this one was solved?

    Args: rows, tickets asked about; every, the tickets to look among; days, how soon; before, look
    as many days *before* this one was opened instead; another_way, count only one that came in by
    another channel or was met first by somebody (or something) else. Returns: 1, 0, or missing
    where it can't be known: no person, not solved, or not watched for so long.
    """
    reach, index = pd.Timedelta(days=days), rows.index
    begin, end = watched(every)
    at = rows["opened_at"] if before else rows["resolved_at"]
    seen = at - reach >= begin if before else at + reach <= end
    known = rows["contact_id"].notna() & at.notna() & seen.fillna(False)
    found = pd.Series(np.nan, index=index, dtype=float)
    asked = _keys(rows[known]).assign(at=at[known]).sort_values("at", kind="stable")
    others = _keys(every[every["contact_id"].notna()]).sort_values("opened_at", kind="stable")
    for way in sorted(asked["way"].unique()) if another_way else [None]:
        mine = asked if way is None else asked[asked["way"] == way]
        theirs = others if way is None else others[others["way"] != way]
        near = pd.merge_asof(
            mine, theirs[["key", "opened_at"]].rename(columns={"opened_at": "other"}),
            left_on="at", right_on="other", by="key", tolerance=reach,
            direction="backward" if before else "forward", allow_exact_matches=False,
        )  # fmt: skip
        found.loc[mine.index] = near["other"].notna().to_numpy(dtype=float)
    return found


def _keys(rows: pd.DataFrame) -> pd.DataFrame:
    """Who asked about what, and by which way."""

    def text(name: str) -> pd.Series:
        return rows[name].astype("str").where(rows[name].notna(), "")

    return pd.DataFrame(
        {
            "key": text("account_id") + "\n" + text("contact_id") + "\n" + text("type"),
            "way": text("channel") + "\n" + text("first_handler"),
            "opened_at": rows["opened_at"],
        }
    )
