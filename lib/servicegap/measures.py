"""What several sessions count: the window, boxes, one value per contact."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from servicegap.schema import SCALES, Scale

if TYPE_CHECKING:
    from servicegap.client import Client


@dataclass(frozen=True)
class Window:
    """The time that is counted: after `start`, up to and including the day `end`."""

    start: pd.Timestamp
    end: pd.Timestamp

    def holds(self, when: pd.Series) -> pd.Series:
        """Say for each time whether it lies inside. A missing time lies outside."""
        return (when >= self.start + pd.Timedelta(days=1)) & (
            when < self.end + pd.Timedelta(days=1)
        )

    def earlier(self, years: int = 1) -> Window:
        """The window of the same length that ended `years` before."""
        shift = pd.DateOffset(years=years)
        return Window(self.start - shift, self.end - shift)


def window(client: Client) -> Window:
    """The 12 months that end with the period (or the as-of date), cut to the period's start."""
    settings = client.settings
    end = pd.Timestamp(settings.period_end or client.as_of)
    start = end - pd.DateOffset(months=12)
    if settings.period_start:
        start = max(start, pd.Timestamp(settings.period_start) - pd.Timedelta(days=1))
    return Window(start, end)


def person(frame: pd.DataFrame, client: Client) -> pd.Series:
    """Who a row speaks for: the contact, or the account where no contact is known.

    Without a contacts table every account counts as one contact, whatever ids the rows carry.
    """
    account = "account " + frame["account_id"].astype("str")
    if not client.has("contacts"):
        return account
    return frame["contact_id"].where(frame["contact_id"].notna(), account)


@dataclass(frozen=True)
class Ratings:
    """The ratings that count, on one scale: `answered` and `asked` rows, with person and when.

    `other_scales` counts answered rows left out because most contacts answered on `scale`;
    `undated` those that could not be placed in time.
    """

    asked: pd.DataFrame
    scale: Scale
    other_scales: int = 0
    undated: int = 0

    @property
    def answered(self) -> pd.DataFrame:
        return self.asked[self.asked["score"].notna()]


def ratings(client: Client, within: Window | None = None) -> Ratings:
    """The client's ratings in a window (the current one if none is given), on its headline scale.

    Several scales in one table: the one with most contacts in the table counts. A table without
    any date is taken to be of the window.
    """
    within = within or window(client)
    frame = client["ratings"]
    frame = frame.assign(
        when=frame["answered_at"].fillna(frame["asked_at"]), person=person(frame, client)
    )
    answered = frame[frame["score"].notna()]
    contacts = answered.groupby("scale", observed=True)["person"].nunique()
    name = max(SCALES, key=lambda s: contacts.get(s, 0))
    dated = bool(frame["when"].notna().any())
    inside = frame[within.holds(frame["when"])] if dated else frame
    same = inside["scale"] == name
    others = int((inside["score"].notna() & ~same).sum())
    scale = SCALES[name]
    asked = inside[same].assign(
        top=(inside["score"] >= scale.top).astype(float),
        satisfied=(inside["score"] >= scale.satisfied).astype(float),
    )
    undated = int(answered["when"].isna().sum()) if dated else len(answered)
    return Ratings(asked, scale, others, undated)


def per_contact(answered: pd.DataFrame, by: str | None = None) -> pd.DataFrame:
    """One row per contact (or per contact and `by`): own top and satisfied shares, and answers.

    Returns: columns person, account_id (the contact's first account), top, satisfied, answers.
    """
    keys = ["person"] if by is None else ["person", by]
    return (
        answered.groupby(keys, observed=True, sort=True)
        .agg(
            account_id=("account_id", "first"),
            top=("top", "mean"),
            satisfied=("satisfied", "mean"),
            answers=("top", "size"),
        )
        .reset_index()
    )


@dataclass(frozen=True)
class Response:
    """How many of the people there are have answered at all. `known` is None where nobody knows."""

    answered: int
    known: int | None

    @property
    def share(self) -> float | None:
        return self.answered / self.known if self.known else None

    @property
    def weak(self) -> bool:
        """Below half, or unknown: then the silent could turn the figure."""
        return self.share is None or self.share < 0.5


def response(client: Client, counted: Ratings | None = None) -> Response:
    """Contacts who answered at all in the window, of all contacts there are.

    All contacts: those in the contacts table; without one, those who were asked, if any asked
    row went unanswered (a table of answers alone does not say who kept silent).
    """
    counted = counted or ratings(client)
    answered = counted.answered["person"].nunique()
    if client.has("contacts"):
        everyone = set(client["contacts"]["contact_id"]) | set(counted.answered["person"])
        return Response(answered, len(everyone))
    if counted.asked["score"].isna().any():
        return Response(answered, counted.asked["person"].nunique())
    return Response(answered, None)


def rated_tickets(client: Client, within: Window | None = None) -> pd.DataFrame:
    """Answered ratings with the ticket they are about: the ticket's columns beside the rating's.

    Ratings without a ticket, or of a ticket that is not in the table, stay out.
    """
    answered = ratings(client, within).answered
    answered = answered.drop(columns=["contact_id"])
    tickets = client["tickets"].drop(columns=["account_id", "contact_id"])
    return answered[answered["ticket_id"].notna()].merge(tickets, on="ticket_id", how="inner")


def safe_to_show(people: pd.Series, floor: int) -> pd.Series:
    """Which groups may be shown beside their total, given the people in each.

    Groups under the floor are hidden; so that a subtraction reveals nobody, the smallest of the
    others go with them until the hidden hold at least `floor` people.
    """
    show = people >= floor
    for group in people[show].sort_values(kind="stable").index:
        hidden = people[~show].sum()
        if hidden == 0 or hidden >= floor:
            break
        show[group] = False
    return show
