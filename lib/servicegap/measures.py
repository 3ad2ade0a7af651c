"""What several sessions count: the window, boxes, one value per contact.

What is counted of ratings and tickets is worked out once a client (`client.remembered`) and handed
to everybody: it may be read, and never changed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import pandas as pd

from servicegap.schema import SCALES, Scale

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from servicegap.client import Client
    from servicegap.tables import Ledger

OTHER_SCALE = "on another scale than most contacts answered on"


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
    return client.remembered(_window)


def _window(client: Client) -> Window:
    settings = client.settings
    end = pd.Timestamp(settings.period_end or client.as_of)
    start = end - pd.DateOffset(months=12)
    if settings.period_start:
        start = max(start, pd.Timestamp(settings.period_start) - pd.Timedelta(days=1))
    return Window(start, end)


def numbered(ids: pd.Series) -> NDArray:
    """Ids as numbers in the order of the ids: what sorts many of them is far quicker with these."""
    return pd.factorize(ids, sort=True)[0]


def present(rows: pd.DataFrame, *groups: str) -> pd.DataFrame:
    """Fewer rows with the same people, and the same accounts, in every group.

    What may be shown (`subtraction.safe_to_show`) hangs on who is there, not on how often, and is
    far quicker with these.
    """
    who = rows[["person", "account_id", *groups]]
    again = [who.duplicated([one, *groups]) for one in ("person", "account_id")]
    return who[~(again[0] & again[1])]


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

    `heard` and `reached` are the people who answered, or were asked, on any scale, with their
    accounts. `other_scales` counts answered rows left out because most contacts answered on
    `scale`; `undated` those without any date, left out unless `dated` is false: then no row has
    one, and all are taken to be of the window.
    """

    asked: pd.DataFrame
    scale: Scale
    heard: pd.Series
    reached: pd.Series
    other_scales: int = 0
    undated: int = 0
    dated: bool = True

    @cached_property
    def answered(self) -> pd.DataFrame:
        return self.asked[self.asked["score"].notna()]


def ratings(client: Client, within: Window | None = None) -> Ratings:
    """The client's ratings in a window (the current one if none is given), on its headline scale.

    Several scales in one table: the one on which most contacts answered in the current window
    counts, for every window, so that years are compared on one scale. A table without any date is
    taken to be of the current window.
    """
    current = window(client)
    return client.remembered(_ratings, within or current, current)


def _ratings(client: Client, within: Window, current: Window) -> Ratings:
    frame = client["ratings"]
    frame = frame.assign(
        when=frame["answered_at"].fillna(frame["asked_at"]), person=person(frame, client)
    )
    dated = bool(frame["when"].notna().any())
    if not dated:
        frame = frame.assign(when=current.end)
    inside = frame[within.holds(frame["when"])]
    name = _headline_scale(frame[current.holds(frame["when"])], frame)
    same, scored = inside["scale"] == name, inside["score"].notna()
    scale = SCALES[name]
    asked = inside[same].assign(
        top=(inside["score"] >= scale.top).astype(float),
        satisfied=(inside["score"] >= scale.satisfied).astype(float),
    )
    accounts = inside.set_index("person")["account_id"]
    return Ratings(
        asked,
        scale,
        heard=accounts[scored.to_numpy()],
        reached=accounts,
        other_scales=int((scored & ~same).sum()),
        undated=int(frame["when"].isna().sum()) if dated else len(frame),
        dated=dated,
    )


def _headline_scale(*frames: pd.DataFrame) -> str:
    """The scale of most contacts who answered, in the first of the frames that settles it.

    Where nobody has answered at all, the scale on which most were asked.
    """
    for frame in (*(f[f["score"].notna()] for f in frames), *frames):
        if len(frame):
            contacts = frame.groupby("scale", observed=True)["person"].nunique()
            return max(SCALES, key=lambda name: contacts.get(name, 0))
    return next(iter(SCALES))


def ledgers(client: Client) -> Mapping[str, Ledger]:
    """What became of the rows of every table, ratings on another scale counted as excluded."""
    found = {name: read.ledger for name, read in client.reads.items()}
    if client.has("ratings"):
        frame = client["ratings"]
        others = int((frame["scale"] != ratings(client).scale.name).sum())
        if others:
            was = found["ratings"]
            found["ratings"] = replace(
                was,
                kept=was.kept - others,
                excluded=was.excluded + others,
                reasons={**was.reasons, OTHER_SCALE: others},
            )
    return found


def per_contact(answered: pd.DataFrame, by: str | None = None) -> pd.DataFrame:
    """One row per contact (or per contact and `by`): own top and satisfied shares, and answers.

    Returns: columns person, account_id (where a contact has several, the first by name, so that
    the order of rows changes nothing), top, satisfied, answers.
    """
    keys = ["person"] if by is None else ["person", by]
    own = answered.groupby(keys, observed=True, sort=True)
    shares = own[["top", "satisfied"]].mean()
    shares.insert(0, "account_id", own["account_id"].min())
    return shares.assign(answers=own.size()).reset_index()  # four times quicker than one agg


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
    """Contacts who answered at all in the window, on any scale, of all contacts there are.

    All contacts: those looked after (see there); where no table lists them, those who were asked,
    if anybody asked kept silent (a table of answers alone does not say who did).
    """
    counted = counted or ratings(client)
    heard, reached = (set(who.index.unique()) for who in (counted.heard, counted.reached))
    known = looked_after(client)
    if known:
        return Response(len(heard), len(known | heard))
    return Response(len(heard), len(reached) if reached > heard else None)


def looked_after(client: Client) -> frozenset[str]:
    """Everybody the client looked after in the window, as `person` names them.

    The contacts, less those of accounts that had left before it or came after it; without a
    contacts table the accounts, each of which counts as one contact. Empty where neither is there.
    """
    within = window(client)
    accounts = client["accounts"]
    early = accounts["left_on"] <= within.start
    late = accounts["since"] > within.end
    gone = set(accounts.loc[early | late, "account_id"])
    if client.has("contacts"):
        people = client["contacts"]
        return frozenset(people.loc[~people["account_id"].isin(gone), "contact_id"])
    return frozenset(person(accounts[~accounts["account_id"].isin(gone)], client))


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
    frame = client["tickets"]
    frame = _only(frame, ~(frame["source"] == "monitoring").fillna(False).astype(bool))
    return frame.assign(person=person(frame, client))


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
    answered = ratings(client).answered
    answered = answered[answered["ticket_id"].notna()].sort_values("when", kind="stable")
    last = answered.drop_duplicates("ticket_id", keep="last")
    about = opened_tickets(client).drop(columns=["account_id", "contact_id", "person"])
    return last[["ticket_id", "account_id", "person", "top", "satisfied"]].merge(
        about, on="ticket_id", how="inner"
    )


def hours(length: pd.Series) -> pd.Series:
    """Lengths of time in hours, by the clock; missing where they are below nought."""
    found = length.dt.total_seconds() / 3600
    return found.where(found >= 0)


@dataclass(frozen=True)
class Asked:
    """People who said how satisfied they are and whether they would recommend.

    `people` has a row an answer: person, account_id, top and satisfied (0 or 1), would (1 where
    the mark for would_refer is in its top box), value (1 top mark, NaN where not asked).
    `other_scales` counts answers on scales other than those of most people.
    """

    people: pd.DataFrame
    scale: Scale
    refer_scale: Scale
    other_scales: int

    @property
    def satisfied(self) -> pd.DataFrame:
        """The satisfied alone, top mark or not."""
        return self.people[self.people["satisfied"] == 1]


def asked(client: Client) -> Asked:
    """Read the relationship survey: satisfied box, top boxes, one pair of scales.

    Several scales in one table: the pair (of satisfaction and of would_refer) on which most people
    answered both counts; the other answers stay out and are counted.
    """
    rows = client["relationship"]
    rows = rows[rows["satisfaction"].notna() & rows["would_refer"].notna()]
    rows = rows.assign(person=person(rows, client), refer=rows["refer_scale"].fillna(rows["scale"]))
    found = rows.groupby(["scale", "refer"], observed=True)["person"].nunique()
    pairs = [(s, r) for s in SCALES for r in SCALES]
    one, other = max(pairs, key=lambda pair: found.get(pair, 0))
    same = (rows["scale"] == one) & (rows["refer"] == other)
    scale, refers = SCALES[one], SCALES[other]
    kept = rows[same]
    value = (kept["value"] >= scale.top).astype(float).where(kept["value"].notna())
    people = pd.DataFrame(
        {
            "person": kept["person"],
            "account_id": kept["account_id"],
            "top": (kept["satisfaction"] >= scale.top).astype(float),
            "satisfied": (kept["satisfaction"] >= scale.satisfied).astype(float),
            "would": (kept["would_refer"] >= refers.top).astype(float),
            "value": value,
        }
    ).reset_index(drop=True)
    return Asked(people, scale, refers, int((~same).sum()))


def felt(client: Client, what: str = "value") -> pd.DataFrame:
    """One row per contact who answered `what` (value or satisfaction) in the relationship table.

    Whether or not they answered anything else. Of several scales the one on which most contacts
    answered counts; the others stay out and are counted in `attrs["other_scales"]`. Without a
    table of contacts the account counts as one.

    Returns: person, account_id, top (own share of top marks), satisfied (own share of marks in
    the satisfied box), from 0 to 1.
    """
    rows = client["relationship"]
    rows = rows[rows[what].notna()]
    rows = rows.assign(person=person(rows, client))
    people = rows.groupby("scale", observed=True)["person"].nunique()
    name = max(SCALES, key=lambda scale: people.get(scale, 0))
    scale, same = SCALES[name], rows["scale"] == name
    kept = rows[same].assign(
        top=(rows[what] >= scale.top).astype(float),
        satisfied=(rows[what] >= scale.satisfied).astype(float),
    )
    found = (
        kept.groupby("person", sort=True)
        .agg(account_id=("account_id", "min"), top=("top", "mean"), satisfied=("satisfied", "mean"))
        .reset_index()
    )
    found.attrs["other_scales"] = int((~same).sum())
    return found


def active_at_start(client: Client) -> pd.DataFrame:
    """The accounts that were customers when the window began: not younger, and not yet gone.

    A missing `since` counts as long ago, a missing `left_on` as still there.
    """
    accounts, start = client["accounts"], window(client).start
    came = accounts["since"].isna() | (accounts["since"] <= start)
    there = accounts["left_on"].isna() | (accounts["left_on"] > start)
    return accounts[came & there].drop_duplicates("account_id")


def referrals_made(client: Client, within: Window | None = None) -> pd.DataFrame:
    """The referrals that were made in a window (the current one if none is given), at any stage."""
    made = client["referrals"]
    return made[(within or window(client)).holds(made["made_on"])]
