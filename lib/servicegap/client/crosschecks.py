"""What the tables of one folder say about each other: unknown ids, ends before beginnings."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from servicegap import schema
from servicegap.problems import Problem

if TYPE_CHECKING:
    from servicegap.client import Client

# an id, and the table and column in which it should be known
_LINKS = (
    ("contacts.account_id", "accounts.account_id"),
    ("tickets.account_id", "accounts.account_id"),
    ("ratings.account_id", "accounts.account_id"),
    ("survey.account_id", "accounts.account_id"),
    ("relationship.account_id", "accounts.account_id"),
    ("referrals.account_id", "accounts.account_id"),
    ("wow_log.account_id", "accounts.account_id"),
    ("tickets.contact_id", "contacts.contact_id"),
    ("ratings.contact_id", "contacts.contact_id"),
    ("survey.contact_id", "contacts.contact_id"),
    ("relationship.contact_id", "contacts.contact_id"),
    ("price_survey.contact_id", "contacts.contact_id"),
    ("kano.contact_id", "contacts.contact_id"),
    ("ratings.ticket_id", "tickets.ticket_id"),
    ("survey.item_id", "items.item_id"),
    ("usps.item_id", "items.item_id"),
    ("sightings.usp_id", "usps.usp_id"),
    ("kano.touchpoint_id", "touchpoints.touchpoint_id"),
    ("wow_log.touchpoint_id", "touchpoints.touchpoint_id"),
    ("tickets.third_party", "third_parties.name"),
)
# two moments of one row, the first of which can't be after the second
_ORDER = (
    ("tickets", "opened_at", "first_reply_at"),
    ("tickets", "opened_at", "resolved_at"),
    ("ratings", "asked_at", "answered_at"),
    ("accounts", "since", "left_on"),
    ("third_parties", "started", "ended"),
    ("sightings", "last_checked_without", "seen_on"),
)
_PAST = (
    "tickets.opened_at", "ratings.asked_at", "ratings.answered_at", "referrals.made_on",
    "sightings.seen_on", "wow_log.date", "mentions.date",
)  # fmt: skip


def check(client: Client) -> Iterator[Problem]:
    """Yield what does not fit together, as warnings with the first row of each."""
    yield from _links(client)
    yield from _order(client)
    yield from _other_account(client)
    yield from _voices(client)
    yield from _beliefs(client)
    yield from _after(client)


def _problem(
    client: Client, table: str, column: str, where: np.ndarray, what: str, remedy: str
) -> Problem:
    read = client.reads[table]
    i = int(np.argmax(where))
    value = read.frame[column].iloc[i]
    return Problem(
        table, read.ledger.file, int(read.rows[i]), read.headers.get(column, column), str(value),
        what, remedy, "warning", int(where.sum()),
    )  # fmt: skip


def _links(client: Client) -> Iterator[Problem]:
    for link, home in _LINKS:
        table, _, column = link.partition(".")
        other, _, key = home.partition(".")
        if not (client.has(link) and client.has(home)):
            continue
        ids = client[table][column]
        known = client[other][key]
        strange = (ids.notna() & ~ids.isin(known)).to_numpy()
        if not strange.any():
            continue
        example = ids[strange].iloc[0]
        what = f"“{example}” is not in {other}"
        remedy = f"add it to {other}, or correct it here"
        alike = known[known.str.casefold().str.lstrip("0") == example.casefold().lstrip("0")]
        if len(alike):
            remedy = f"it looks like “{alike.iloc[0]}”: write it the same way in both"
        yield _problem(client, table, column, strange, what, remedy)


def _order(client: Client) -> Iterator[Problem]:
    for table, first, second in _ORDER:
        if client.has(f"{table}.{first}") and client.has(f"{table}.{second}"):
            frame = client[table]
            same_day = frame[second].dt.normalize() == frame[first].dt.normalize()
            # a day without a clock time is not before any time of that day
            timeless = same_day & (frame[second] == frame[second].dt.normalize())
            wrong = ((frame[second] < frame[first]) & ~timeless).to_numpy()
            if wrong.any():
                what = f"{second} is before {first}"
                yield _problem(client, table, second, wrong, what, "correct one of the two")


def _other_account(client: Client) -> Iterator[Problem]:
    if not client.has("contacts"):
        return
    home = client["contacts"].set_index("contact_id")["account_id"]
    for table in ("tickets", "ratings", "survey", "relationship"):
        if client.has(f"{table}.contact_id"):
            frame = client[table]
            right = frame["contact_id"].map(home)
            wrong = (right.notna() & (right != frame["account_id"])).to_numpy()
            if wrong.any():
                i = int(np.argmax(wrong))
                what = (
                    f"“{frame['contact_id'].iloc[i]}” stands at account "
                    f"{frame['account_id'].iloc[i]} here and at {right.iloc[i]} in contacts"
                )
                yield _problem(client, table, "contact_id", wrong, what, "correct one of the two")


def _voices(client: Client) -> Iterator[Problem]:
    """How many more people would be heard with a contacts table; the table with most, once."""
    if client.has("contacts"):
        return
    best: tuple[int, int, str] | None = None
    for table, mark in (("ratings", "score"), ("relationship", ""), ("survey", "")):
        if client.has(f"{table}.contact_id"):
            frame = client[table]
            frame = frame[frame[mark].notna()] if mark else frame
            named = frame["contact_id"].notna()
            unnamed = frame.loc[~named, "account_id"].nunique()
            people = int(frame.loc[named, "contact_id"].nunique() + unnamed)
            firms = int(frame["account_id"].nunique())
            if people > firms and (best is None or people - firms > best[1] - best[0]):
                best = firms, people, table
    if best is None:
        return
    firms, people, table = best
    what = (
        "without a table of contacts each account counts as one contact: contacts.csv would turn "
        f"{firms:,} {'voice' if firms == 1 else 'voices'} into {people:,}"
    )
    read = client.reads[table]
    yield Problem(
        table, read.ledger.file, None, read.headers.get("contact_id", "contact_id"), None, what,
        "a list of contact and account (contact_id and account_id) is enough", "warning",
    )  # fmt: skip


def _beliefs(client: Client) -> Iterator[Problem]:
    if not client.has("beliefs"):
        return
    frame = client["beliefs"]
    strange = ~frame["belief_id"].isin(list(schema.GUESSES)).to_numpy()
    if strange.any():
        what = f"“{frame['belief_id'][strange].iloc[0]}” is not a belief that anyone asks about"
        remedy = f"use one of {', '.join(schema.GUESSES)}"
        yield _problem(client, "beliefs", "belief_id", strange, what, remedy)
    outside = ((frame["value"] < frame["low"]) | (frame["value"] > frame["high"])).to_numpy()
    if outside.any():
        what = "the best guess is outside its own range"
        yield _problem(client, "beliefs", "value", outside, what, "ask again which is meant")
    shares = [i for i, guess in schema.GUESSES.items() if guess.unit.startswith("%")]
    below = (frame["value"] > 0) & (frame["value"] < 1)
    tiny = (below & frame["belief_id"].isin(shares)).to_numpy()
    if tiny.any():
        what = f"{frame['value'][tiny].iloc[0]:g} means less than one in a hundred"
        yield _problem(client, "beliefs", "value", tiny, what, "write 60 for 60 %, not 0.6")


def _after(client: Client) -> Iterator[Problem]:
    if client.settings.as_of is None:
        return
    end = pd.Timestamp(client.as_of + dt.timedelta(days=1))
    for place in _PAST:
        table, _, column = place.partition(".")
        if client.has(place):
            late = (client[table][column] >= end).to_numpy()
            if late.any():
                what = f"this is after {client.as_of}, the day the files were taken (as_of)"
                yield _problem(client, table, column, late, what, "correct it, or as_of")
