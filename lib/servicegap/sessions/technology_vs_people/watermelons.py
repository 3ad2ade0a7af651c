"""Watermelons: tickets that were green on the SLA and red with the person who opened them."""

from __future__ import annotations

import pandas as pd

from servicegap import measures, schema, stats, words
from servicegap.charts import groups as group_charts
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
    needs_in_words,
    part,
)
from servicegap.sessions.technology_vs_people import work
from servicegap.sessions.technology_vs_people.like_with_like import LIKE, Compared, compare

ADVICE = Advice(
    mend="Take ten tickets that were closed in time and rated badly, ring the people, and ask what "
    "was still not right when we closed it. Change the one rule that comes up most often, and put "
    "the person's mark next to the SLA on the wall.",
    test="For two weeks, ask before closing: is it working for you? Then compare the marks of "
    "those tickets with the others.",
    tell="Show clients both figures in the next review: how many tickets were in time, and how few "
    "of those left somebody unhappy.",
    keep="Go on reading the SLA and the marks side by side, and look again in a quarter.",
    measure="Ask for a mark on more tickets, write the ticket's number on every rating, and look "
    "again in a quarter.",
    hours=(12, 36),
)
BY = {"channel": "channels", "type": "types", "priority": "priorities", "team": "teams"}
LISTED = 8  # tickets named
TWO_GROUPS = "It takes two groups of tickets from ten people in five accounts each."


def green(client: Client) -> pd.DataFrame:
    """Rated human tickets of the window closed inside the SLA, with `red`: 1 where the last rating
    is below satisfied."""
    rows = measures.last_rated(client)
    rows = rows[rows["sla_met"].fillna(False).astype(bool)]
    return rows.assign(red=1 - rows["satisfied"])


def left_unhappy(client: Client) -> stats.Estimate:
    """The share of watermelons (headline `watermelon_share`), in percent of tickets."""
    head, rows = schema.HEADLINES["watermelon_share"], green(client)
    if rows.empty:
        why = "No ticket closed inside the SLA has a rating that names it."
        return stats.not_measured(why, head.unit, head.per)
    account, person = (measures.numbered(rows[who]) for who in ("account_id", "person"))
    return stats.share(rows["red"], account, head.unit, head.per, person)


@part
def watermelon_share(client: Client) -> Finding:
    """Do as few tickets closed inside the SLA leave somebody unhappy as the client believed?"""
    estimate = left_unhappy(client)
    return conclude(client, "watermelon_share", estimate, ADVICE, _caveats(client, estimate))


def _caveats(client: Client, estimate: stats.Estimate) -> tuple[str, ...]:
    """Of which tickets the figure knows nothing."""
    counted, said = measures.ratings(client), []
    rows = measures.opened_tickets(client)
    every = int(rows["sla_met"].fillna(False).sum())
    if estimate.speaks and estimate.n < every / 2:
        worst, best = stats.silent_bounds(estimate.value, estimate.n, every)
        said.append(
            f"{words.number(estimate.n)} of {words.number(every)} tickets closed inside the SLA "
            "were rated. Had all been, "
            f"the figure would lie {words.span(worst, best)}."
        )
    if counted.other_scales:
        said.append(
            f"{words.count(counted.other_scales, 'answer')} on another scale than "
            f"{counted.scale.name} stayed out: marks of different scales are never added up."
        )
    unlinked = int(counted.answered["ticket_id"].isna().sum())
    if unlinked:
        said.append(f"{words.count(unlinked, 'rating')} that name no ticket stayed out.")
    if not counted.dated:
        past = words.length(measures.window(client), figures=True)
        said.append(f"No rating has a date; all are taken to be of the past {past}.")
    return tuple(said)


# -- where they grow ---------------------------------------------------------------------------


@part
def watermelons(client: Client, by: str = "channel") -> Figure:
    """Where do watermelons grow: which of the tickets closed in time left somebody unhappy?

    Args: by, what to cut tickets by: channel, type, priority or team.
    """
    if by not in BY:
        raise ValueError(f"by must be {words.listed(list(BY), 'or')}; {by!r} is not")
    label = f"watermelons by {by}"
    if not client.has(f"tickets.{by}"):
        return absent_figure(label, needs_in_words((f"tickets.{by}",)))
    rows = green(client)
    rows = rows.assign(group=rows[by], value=rows["red"])
    shown = work.shown(rows, "group")
    found = compare(rows, shown, tuple(x for x in LIKE if x != by))
    if found is None:
        return absent_figure(label, TWO_GROUPS)
    settled, ends = found.settled(), 100 * found.ends.clip(0, 1)
    data = pd.DataFrame(
        {
            "group": found.names, "tickets": found.tickets, "people": found.people,
            "raw": 100 * found.raw, "pooled": 100 * found.pooled.clip(0, 1),
            "low": ends[:, 0], "high": ends[:, 1], "settled": settled,
        }
    )  # fmt: skip
    average = 100 * found.overall
    return Figure(
        _where(found, settled, by),
        f"Of 100 rated tickets closed inside the SLA, {words.number(average)} left somebody less "
        "than "
        f"satisfied. By {by}: "
        + "; ".join(
            f"{r.group} {words.number(r.pooled)} ({words.ends(r.low, r.high)}), "
            f"{words.number(r.raw)} as counted, "
            f"{words.count(r.tickets, 'ticket')}"
            for r in work.each(data)
        )
        + ".",
        "The ring is what was counted; the dot allows for the kind of work and is drawn towards "
        "the others, the more so the fewer its tickets. "
        f"{seen(found)}" + (" Worth asking about, no more." if data["settled"].any() else ""),
        data.drop(columns="settled"),
        {"raw": Shown("as counted, of 100", "of 100"), "pooled": Shown("pooled, of 100", "of 100"),
         "low": Shown("from"), "high": Shown("to")},
        lambda: group_charts.pooled(
            list(found.names), data["raw"], data["pooled"], data["low"], data["high"],
            [words.count(int(n), "ticket") for n in found.tickets], average, not settled.any(),
        ),
        about="watermelon_share" if by == "channel" else None,
    )  # fmt: skip


def seen(found: Compared) -> str:
    """What could have been seen, had it been there."""
    return (
        f"With so many tickets, a group {words.points(100 * found.visible())} off the rest would "
        "be seen four times in five; anything smaller may be there unseen."
    )


_MEANT = "green on the SLA, red with the person"  # a title stands on a slide by itself


def _where(found: Compared, settled, by: str) -> str:
    more = [n for n, s, v in zip(found.names, settled, found.value, strict=True)
            if s and v > found.overall]  # fmt: skip
    fewer = [n for n, s, v in zip(found.names, settled, found.value, strict=True)
             if s and v < found.overall]  # fmt: skip
    if more:
        return f"More watermelons ({_MEANT}) than elsewhere: {words.listed(more)}"
    if fewer:
        return f"Fewer watermelons ({_MEANT}) than elsewhere: {words.listed(fewer)}"
    return f"No evidence that some {BY[by]} grow more watermelons ({_MEANT}) than others"


# -- examples ----------------------------------------------------------------------------------


@part
def watermelon_tickets(client: Client) -> Table:
    """Which tickets were closed inside the SLA and left somebody unhappy? The latest of them."""
    label = "tickets that were closed in time and rated badly"
    rows = green(client)
    red = rows[rows["red"] == 1].sort_values(
        ["opened_at", "ticket_id"], ascending=[False, True], kind="stable"
    )
    if red["person"].nunique() < stats.HIDDEN_BELOW:
        people = words.count(red["person"].nunique(), "person", "people")
        why = f"They came from {people}: too few to list them without showing who it was."
        if red.empty:
            why = "No rated ticket closed inside the SLA left anybody less than satisfied."
        return absent_table(label, why)
    data = pd.DataFrame(
        {
            "ticket_id": red["ticket_id"],
            "opened": [words.day(when) for when in red["opened_at"]],
            "channel": red["channel"],
            "type": red["type"],
            "taken": work.until_solved(red, red),
            "allowed": red["sla_hours"].astype(float),
            "reopened": red["reopened"].astype(float),
        }
    ).head(LISTED)  # fmt: skip
    data = data.dropna(axis="columns", how="all").reset_index(drop=True)
    again = float((red["reopened"].fillna(0) > 0).mean())
    spread = ""
    if client.has("tickets.reopened"):
        spread = f" {words.number(100 * again)} in 100 of them were opened again later."
    title = (
        f"{words.count(len(red), 'ticket')} of {words.number(len(rows))}: in time, and not all "
        "right"
    )
    return Table(
        title,
        f"The latest {min(len(red), LISTED)} are listed, by number, so that you can read what was "
        "written on them. Hours until solved are by the clock; that of the agreement may have been "
        f"stopped in between. No names: it is the ticket that went wrong.{spread}",
        data,
        {"ticket_id": Shown("ticket"), "taken": Shown("hours until solved", "hours"),
         "allowed": Shown("hours allowed", "hours"), "reopened": Shown("opened again")},
    )  # fmt: skip
