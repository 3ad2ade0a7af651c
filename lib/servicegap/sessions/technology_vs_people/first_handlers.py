"""Bots, phone menus, portals and people: who met the person first, and what came of it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from servicegap import measures, stats, words
from servicegap.charts import desk
from servicegap.charts import prices as price_charts
from servicegap.client import Client
from servicegap.comparisons import ALPHA, benjamini_hochberg
from servicegap.findings import (
    Figure,
    Shown,
    Table,
    absent_figure,
    absent_table,
    part,
)
from servicegap.sessions.technology_vs_people import work
from servicegap.sessions.technology_vs_people.like_with_like import (
    LIKE,
    columns_of,
    linear,
    over_the_floor,
    visible,
)

MACHINES = {"bot": "a bot", "menu": "a phone menu", "portal": "a portal"}
PERSON = "person"
ALIKE = {
    "kind of work": LIKE,
    "kind of work and channel": (*LIKE, "channel"),
}  # fmt: skip
_LABEL = "bots, phone menus, portals and people"
_NOBODY = (
    "It takes tickets that a person met first, and tickets that something else did, each from ten "
    "people in five accounts."
)


def _arms(rows: pd.DataFrame) -> list[str]:
    """Who met people first, of those that may be shown; nothing unless people are among them."""
    shown = work.shown(rows, "first_handler")
    return [h for h in (*MACHINES, PERSON) if h in shown] if PERSON in shown else []


def beside_people(rows: pd.DataFrame, like: tuple[str, ...] = LIKE) -> pd.DataFrame:
    """Top marks where a machine met the person first, less those where a person did, in points.

    Args: rows, rated tickets with first_handler and top; like, what makes tickets alike. Returns:
    a row a machine that can be compared: handler, tickets, people, raw (as counted), difference,
    low, high, p, error.
    """
    from scipy.special import stdtrit

    arms = _arms(rows)
    rows = rows[rows["first_handler"].isin(arms)]
    found = []
    if len(arms) > 1:
        said = rows["first_handler"].to_numpy(dtype=str)
        member = (said[:, None] == np.array(arms)).astype(float)
        fitted = linear(member, columns_of(rows, like), rows["top"], rows["account_id"])
        one = np.eye(len(arms))
        base = arms.index(PERSON)
        means = rows.groupby("first_handler", observed=True)["top"].mean()
        people = rows.groupby("first_handler", observed=True)["person"].nunique()
        for i, name in enumerate(arms):
            weights = one[i] - one[base]
            if i == base or not fitted.knows(weights) or not _meet(rows, name, like):
                continue
            value, error, p = fitted.contrast(weights)
            half = float(stdtrit(fitted.freedom, 0.975)) * error
            found.append(
                [name, int(member[:, i].sum()), int(people[name]),
                 100 * float(means[name] - means[PERSON]), 100 * value, 100 * (value - half),
                 100 * (value + half), p, 100 * error]
            )  # fmt: skip
    names = "handler tickets people raw difference low high p error".split()  # noqa: SIM905
    return pd.DataFrame(found, columns=names)


def _meet(rows: pd.DataFrame, name: str, like: tuple[str, ...]) -> bool:
    """Are there enough of either where both are found, if channels are to be alike?"""
    if "channel" not in like:
        return True
    mine, theirs = (rows[rows["first_handler"] == h] for h in (name, PERSON))
    shared = set(mine["channel"].dropna()) & set(theirs["channel"].dropna())
    return all(over_the_floor(arm[arm["channel"].isin(shared)]) for arm in (mine, theirs))


@part
def first_handlers(client: Client, like: str = "kind of work") -> Figure:
    """Are people less happy where a machine met them first, like beside like?

    Args: like, which tickets are set beside each other: of one kind of work (the same priority
    and type), or also of one channel.
    """
    if like not in ALIKE:
        raise ValueError(f"like must be {words.listed(list(ALIKE), 'or')}; {like!r} is not")
    rows = measures.last_rated(client)
    found = beside_people(rows, ALIKE[like])
    if found.empty:
        return absent_figure(_LABEL, _NOBODY)
    q = benjamini_hochberg(found["p"])
    out = [h for h in MACHINES if h not in set(found["handler"])]
    few = words.listed([MACHINES[h] for h in out])
    away = f" Not compared, since there are too few tickets: {few}." if out else ""
    apart = visible(float(found["error"].median()), len(found))
    names = [MACHINES[h] for h in found["handler"]]
    people = int((rows["first_handler"] == PERSON).sum())
    return Figure(
        _first_title(found, q),
        "Top marks where a machine met the person first, less those where a person did, in points, "
        f"for the same {like}: "
        + "; ".join(
            f"{name} {words.number(r.difference)} ({words.ends(r.low, r.high)}), "
            f"{words.number(r.raw)} as counted, "
            f"{words.count(r.tickets, 'ticket')}"
            for name, r in zip(names, work.each(found), strict=True)
        )
        + f". {words.count(people, 'ticket')} were met by a person.",
        "Left of nought, people are less happy than where a person met them; right of it, happier. "
        f"Tickets of the same {like} are compared. With so many of them, a difference of "
        f"{words.points(apart)} would be seen four times in five; a smaller one may be there "
        f"unseen. Hollow: not settled, all looks counted. It goes with who met them; who chooses a "
        f"chat at midnight may be another sort of person.{away}",
        found.drop(columns="error").assign(handler=names, p=q),
        {"handler": Shown("met first by"), "raw": Shown("as counted", "points"),
         "difference": Shown("like with like", "points"), "low": Shown("from", "points"),
         "high": Shown("to", "points"), "p": Shown("p, adjusted")},
        lambda: price_charts.differences(
            names, found["difference"], found["low"], found["high"],
            [f"n = {words.number(n)}" for n in found["tickets"]], q > ALPHA,
        ),
    )  # fmt: skip


def _first_title(found: pd.DataFrame, q) -> str:
    sure = found[q <= ALPHA]
    worse, better = sure[sure["difference"] < 0], sure[sure["difference"] > 0]
    said = []
    for rows, word in ((worse, "fewer"), (better, "more")):
        for row in work.each(rows):
            said.append(
                f"{MACHINES[str(row.handler)]} first, {words.points(row.difference)} {word}"
            )
    if said:
        text = f"Top marks beside those of people met by a person: {words.listed(said)}"
        return text if len(text) <= 110 else f"Top marks: {words.listed(said)} than a person"
    every = words.listed([MACHINES[h] for h in found["handler"]], "or")
    return f"No evidence that {every} makes people less happy, or happier, than a person does"


# -- minutes until a person --------------------------------------------------------------------


@part
def until_a_person(client: Client) -> Figure:
    """How many minutes until a human being answers, by who or what met people first?"""
    label = "minutes until a person answers"
    rows = measures.opened_tickets(client)
    rows = rows[rows["minutes_to_person"] >= 0]
    shown = work.shown(rows, "first_handler")
    names = [h for h in (*MACHINES, PERSON) if h in shown]
    if not names:
        return absent_figure(label, "It takes tickets from ten people in five accounts.")
    found = []
    for name in names:
        minutes = rows[rows["first_handler"] == name]
        half, low, high = median(minutes["minutes_to_person"], minutes["account_id"])
        most = float(minutes["minutes_to_person"].quantile(0.9))
        found.append([name, len(minutes), half, low, high, most])
    data = pd.DataFrame(found, columns=["handler", "tickets", "half", "low", "high", "nine"])
    said = [MACHINES.get(h, "a person") for h in names]
    return Figure(
        _wait_title(data),
        "Minutes until a person answered: "
        + "; ".join(
            f"met first by {who}: half waited up to {words.number(r.half)} ({words.number(r.low)} "
            f"to {words.number(r.high)}), "
            f"nine in ten up to {words.number(r.nine)}, {words.count(r.tickets, 'ticket')}"
            for who, r in zip(said, work.each(data), strict=True)
        )
        + ".",
        "The dot is the wait that half of them had at most, with its interval; the tick the wait "
        "of nine in ten. Minutes are what the system wrote down, by the clock. A ticket that no "
        "person ever saw is in here only if somebody wrote down a wait all the same. Different "
        "things are asked by different ways, so this is where people wait, not yet why.",
        data.assign(handler=said),
        {"handler": Shown("met first by"), "half": Shown("half waited up to", "minutes"),
         "low": Shown("from", "minutes"), "high": Shown("to", "minutes"),
         "nine": Shown("nine in ten up to", "minutes")},
        lambda: desk.waits(
            said, data["half"] / 60, data["low"] / 60, data["high"] / 60, data["nine"] / 60,
            [words.count(int(n), "ticket") for n in data["tickets"]], work.say_hours,
        ),
    )  # fmt: skip


def median(values: pd.Series, accounts: pd.Series) -> tuple[float, float, float]:
    """The median with its interval, people of one account allowed to be alike.

    Woodruff 1952: the Wilson interval of the share below the median, at the effective n, read off
    as quantiles.
    """
    half = float(values.median())
    share = stats.share((values <= half).astype(float), accounts)
    off = share.value - 50  # ties at the median
    ends = [float(values.quantile(min(max((x - off) / 100, 0.0), 1.0)))
            for x in (share.low, share.high)]  # fmt: skip
    return half, min(ends[0], half), max(ends[1], half)


def _wait_title(data: pd.DataFrame) -> str:
    rows = data.set_index("handler")
    if PERSON not in rows.index or len(rows) == 1:
        slow = max(work.each(data), key=lambda row: row.half)
        return (
            f"Met first by {MACHINES.get(slow.handler, 'a person')}, half wait up to "
            f"{work.say_hours(slow.half / 60)} for a person"
        )
    own = rows.loc[PERSON]
    longer = [MACHINES[str(h)] for h in rows.index if h != PERSON and rows["low"][h] > own["high"]]
    if longer:
        return f"It takes longer to reach a person behind {words.listed(longer, 'or')}"
    shorter = [MACHINES[str(h)] for h in rows.index if h != PERSON and rows["high"][h] < own["low"]]
    if shorter:
        return f"A person is reached sooner behind {words.listed(shorter, 'or')}"
    return "No evidence that machines keep people waiting longer for a person"


# -- hand-overs --------------------------------------------------------------------------------


@part
def handed_over(client: Client) -> Table:
    """Of what a machine met first, how much is handed over to a person, and what comes of it?"""
    label = "what the machines hand over"
    rows = measures.opened_tickets(client)
    rows = rows[rows["first_handler"].isin(list(MACHINES)) & rows["handed_over"].notna()]
    shown = work.shown(rows, "first_handler")
    if not shown:
        why = "It takes tickets from ten people in five accounts that say whether they were passed"
        return absent_table(label, f"{why} on.")
    marked = measures.last_rated(client)
    found, shares = [], {}
    for name in [h for h in MACHINES if h in shown]:
        mine = rows[rows["first_handler"] == name]
        passed = mine["handed_over"].astype(bool)
        share = stats.share(passed.astype(float), mine["account_id"], contacts=mine["person"])
        shares[name] = share
        over = mine[passed & mine["minutes_to_person"].notna()]
        wait = over["minutes_to_person"].median() if over_the_floor(over) else None
        tops = [_top(marked, name, kept) for kept in (True, False)]
        found.append(
            [MACHINES[name], len(mine), share.value, words.ends(share.low, share.high),
             wait, *tops]
        )  # fmt: skip
    columns = ["handler", "tickets", "share", "range", "minutes", "top_over", "top_kept"]
    data = pd.DataFrame(found, columns=columns).dropna(axis="columns", how="all")
    most = max(shares, key=lambda h: shares[h].value)
    return Table(
        f"{MACHINES[most].capitalize()} hands {words.number(shares[most].value)} of 100 tickets "
        "over to a "
        f"person ({words.ends(shares[most].low, shares[most].high)})",
        "Handed over is what the ticket says. Whoever has to tell it all again to a person has "
        "paid for the machine with their own time; whoever is not handed over was either helped "
        "or gave up, and this table can't tell which. Top marks are as counted; a dash: fewer "
        "than ten people.",
        data,
        {"handler": Shown("met first by"), "share": Shown("handed over, %", "%"),
         "range": Shown("95 % interval"), "minutes": Shown("minutes until then, half of them"),
         "top_over": Shown("top marks, handed over, %", "%"),
         "top_kept": Shown("top marks, not handed over, %", "%")},
    )  # fmt: skip


def _top(marked: pd.DataFrame, name: str, passed: bool) -> float | None:
    """Top marks of a machine's tickets that were handed over, or weren't; None under the floor."""
    mine = marked[(marked["first_handler"] == name) & marked["handed_over"].notna()]
    over = mine["handed_over"].astype(bool)
    arms = [mine[over], mine[~over]]
    if not all(over_the_floor(arm) for arm in arms):
        return None
    return 100 * stats.mean(arms[0 if passed else 1]["top"])
