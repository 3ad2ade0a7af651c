"""Tickets: those that people opened, and those that they rated."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from servicegap.measures.answers import ratings
from servicegap.measures.people import person
from servicegap.measures.period import Window, window

if TYPE_CHECKING:
    from servicegap.client import Client


def rated_tickets(client: Client, within: Window | None = None) -> pd.DataFrame:
    """Answered ratings with the ticket they are about: the ticket's columns beside the rating's.

    Ratings without a ticket, or of a ticket that is not in the table, stay out.
    """
    return client.remembered(_rated_tickets, within or window(client))


def _rated_tickets(client: Client, within: Window) -> pd.DataFrame:
    answered = ratings(client, within).answered
    answered = answered.drop(columns=["contact_id"])
    tickets = client["tickets"].drop(columns=["account_id", "contact_id"])
    return answered[answered["ticket_id"].notna()].merge(tickets, on="ticket_id", how="inner")


def human_tickets(client: Client) -> pd.DataFrame:
    """Every ticket that a person opened, whenever; an empty source counts as a person."""
    return client.remembered(_human_tickets)


def _human_tickets(client: Client) -> pd.DataFrame:
    frame = opened_by_people(client["tickets"])
    return frame.assign(person=person(frame, client))


def opened_by_people(tickets: pd.DataFrame) -> pd.DataFrame:
    """The tickets without those that an alert opened; an empty source counts as a person."""
    return _only(tickets, ~(tickets["source"] == "monitoring").fillna(False).astype(bool))


def _only(frame: pd.DataFrame, rows: pd.Series) -> pd.DataFrame:
    """Some rows of a table; where these are all, itself: a large one is not copied in vain."""
    return frame if rows.all() else frame[rows]


def opened_tickets(client: Client) -> pd.DataFrame:
    """The tickets that people opened in the window, as they stand in the table, with person."""
    return client.remembered(_opened_tickets)


def _opened_tickets(client: Client) -> pd.DataFrame:
    every = human_tickets(client)
    return _only(every, window(client).holds(every["opened_at"]))


def last_rated(client: Client) -> pd.DataFrame:
    """The tickets that people opened in the window and rated in it, one row a ticket.

    Of several ratings of one ticket the last counts. Returns: the ticket's columns, and top and
    satisfied (0 or 1), of the headline scale; account and person are the rating's.
    """
    return client.remembered(_last_rated)


def _last_rated(client: Client) -> pd.DataFrame:
    last = last_marks(ratings(client).answered)
    about = opened_tickets(client).drop(columns=["account_id", "contact_id", "person"])
    return last[["ticket_id", "account_id", "person", "top", "satisfied"]].merge(
        about, on="ticket_id", how="inner"
    )


def in_turn(answered: pd.DataFrame) -> pd.DataFrame:
    """Marks from the earliest to the last.

    Of marks of one moment (many tables know the day alone) that with the higher number is the
    last, since numbers are mostly given out in turn: a longer number is higher, so that R9 comes
    before R10. The order of the rows says nothing, or a table sorted anew would say something else.
    """
    rows = answered.assign(digits=answered["rating_id"].str.len())
    rows = rows.sort_values(["when", "digits", "rating_id"], kind="stable")
    return rows.drop(columns="digits")


def last_marks(answered: pd.DataFrame) -> pd.DataFrame:
    """The last mark of each ticket, a row each, the earliest first; marks of no ticket stay out."""
    rows = in_turn(answered[answered["ticket_id"].notna()])
    return rows.drop_duplicates("ticket_id", keep="last")


def hours(length: pd.Series) -> pd.Series:
    """Lengths of time in hours, by the clock; missing where they are below nought."""
    found = length.dt.total_seconds() / 3600
    return found.where(found >= 0)
