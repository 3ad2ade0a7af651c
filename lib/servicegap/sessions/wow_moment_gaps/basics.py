"""A story on top of something broken: what an account's tickets were like before its wow."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from servicegap import measures, stats, words
from servicegap.client import Client
from servicegap.findings import Shown, Table, absent_table, part
from servicegap.sessions.wow_moment_gaps import kano_moments
from servicegap.sessions.wow_moment_gaps.answers import each
from servicegap.sessions.wow_moment_gaps.stories import account_names, here_now, no_story, stories

DAYS = 90  # a story stands on what happened in so many days up to it
_LABEL = "a story on top of something broken"
_NO_BASIC = "It needs the column sla_met or the column reopened of the table tickets."


@dataclass(frozen=True)
class Basics:
    """Tickets of people with whether a basic broke: late (SLA missed), or the fault came back.

    `share` is the client's own over the window, as a fraction.
    """

    tickets: pd.DataFrame
    share: float
    what: str

    def before(self, account: str, day: pd.Timestamp, days: int = DAYS) -> tuple[int, int]:
        """How many tickets an account opened in the days up to `day`, and how many broke."""
        own = self.tickets[self.tickets["account_id"] == account]
        start = day - pd.Timedelta(days=days)
        near = own[(own["opened_at"] > start) & (own["opened_at"] < day + pd.Timedelta(days=1))]
        return len(near), int(near["broke"].sum())


def basics(client: Client) -> Basics | None:
    """The tickets with their broken basics; None where neither is kept."""
    late, back = client.has("tickets.sla_met"), client.has("tickets.reopened")
    if not (late or back):
        return None
    rows = client["tickets"]
    rows = rows[rows["source"].fillna("human") == "human"]
    missed = (rows["sla_met"] == False).fillna(False) if late else False  # noqa: E712
    again = (rows["reopened"] > 0).fillna(False) if back else False
    rows = rows.assign(broke=np.asarray(missed | again, dtype=bool))
    inside = measures.window(client).holds(rows["opened_at"])
    kinds = [name for name, there in (("late", late), ("the fault came back", back)) if there]
    share = stats.mean(rows.loc[inside, "broke"].astype(float))
    return Basics(rows[["account_id", "opened_at", "broke"]], share, " or ".join(kinds))


def broken(n: int, broke: int, share: float) -> bool:
    """Is that more than a bad draw? Two at least, and a chance of at most one in ten.

    The chance is that of so many or more of n tickets at the client's own share (binomial).
    """
    from scipy.special import bdtrc

    return broke >= 2 and float(bdtrc(broke - 1, n, share)) <= 1 - stats.LIKELY


def broken_now(client: Client) -> dict[str, str]:
    """Accounts whose basics are broken at the window's end: account_id, and a sentence."""
    found = basics(client) if client.has("tickets") else None
    if found is None:
        return {}
    end, said = measures.window(client).end, {}
    for account in here_now(client).index:
        n, broke = found.before(account, end)
        if broken(n, broke, found.share):
            said[str(account)] = (
                f"in the last {DAYS} days of the files {words.count(broke, 'ticket')} of "
                f"{words.number(n)} there broke a basic ({found.what}); "
                f"{words.number(100 * found.share)} in 100 is usual for you"
            )
    return said


@part
def broken_basics(client: Client) -> Table:
    """Which stories stand on a broken basic?"""
    found, told = basics(client), stories(client)
    if found is None:
        return absent_table(_LABEL, _NO_BASIC)
    if told.empty:
        return absent_table(_LABEL, no_story(client))
    known, kinds = kano_moments.names(client)["name"], kano_moments.by_id(client)
    names = account_names(client, told["account_id"])
    rows = []
    for story, name in zip(each(told), names, strict=True):
        n, broke = found.before(story.account_id, story.date)
        moment = story.touchpoint_id if story.touchpoint_id in known.index else None
        kind = kinds.get(moment) if moment else None
        basic = kind is not None and kind.category.settled and kind.category.letter == "M"
        flag = "mend first" if broken(n, broke, found.share) else ("a basic" if basic else "")
        rows.append(
            [words.day(story.date), name, known[moment] if moment else None, n,
             broke, flag]
        )  # fmt: skip
    data = pd.DataFrame(rows, columns=["date", "account", "moment", "tickets", "broke", "flag"])
    data[["tickets", "broke"]] = data[["tickets", "broke"]].astype(int)
    flagged = int((data["flag"] == "mend first").sum())
    order = data["flag"].map({"mend first": 0, "a basic": 1}).fillna(2).argsort(kind="stable")
    shown = data.iloc[order].head(max(8, int((data["flag"] != "").sum()))).reset_index(drop=True)
    by_luck = _by_luck(data, found.share)
    left = len(data) - len(shown)
    return Table(
        _title(flagged, len(data)),
        _reading(found, set(shown["flag"]), by_luck)
        + (f" {words.count(left, 'other story', 'other stories')} without a mark left out."
           if left else ""),
        shown,
        {"moment": Shown("moment"), "tickets": Shown(f"tickets in {DAYS} days"),
         "broke": Shown("of which broke"), "flag": Shown("mark")},
    )  # fmt: skip


def _reading(found: Basics, marks: set[str], by_luck: float) -> str:
    """What broke, and what the marks mean that stand in the table."""
    said = [f"Broke: {found.what}."]
    usual = words.number(100 * found.share)
    if "mend first" in marks:
        said.append(
            "“Mend first” marks a story whose account had clearly more of that in the "
            f"{DAYS} days up to it than your usual {usual} in 100; of so many stories about "
            f"{words.number(by_luck, 1)} would be marked by luck."
        )
    else:
        said.append(f"No account had clearly more of that than your usual {usual} in 100.")
    if "a basic" in marks:
        said.append(
            "“A basic” is a moment that people take for granted: done well, it is soon forgotten."
        )
    return " ".join(said)


def _by_luck(data: pd.DataFrame, share: float) -> float:
    """How many stories would be marked if all accounts had the same share."""
    from scipy.special import bdtr

    total = 0.0
    for n in data["tickets"]:
        least = next((k for k in range(2, int(n) + 1) if broken(int(n), k, share)), None)
        total += 0.0 if least is None else 1 - float(bdtr(least - 1, int(n), share))
    return total


def _title(flagged: int, n: int) -> str:
    all_ = words.count(n, "story", "stories")
    if not flagged:
        return f"None of {all_} stands on clearly broken basics"
    verb = "stands" if flagged == 1 else "stand"
    return f"{words.spelled(flagged).capitalize()} of {all_} {verb} on a broken basic"
