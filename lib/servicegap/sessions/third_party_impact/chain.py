"""Which tickets involved a supplier, and what was known of them before it came in."""

from __future__ import annotations

import pandas as pd

from servicegap import measures, stats, words
from servicegap.client import Client

NO_LIKE = (
    "No ticket with a supplier has a like without one, by priority, type, channel and month, so "
    "there is nothing to compare."
)


_TOLD = (
    "ticket_id", "account_id", "person", "opened_at", "resolved_at", "priority", "type", "channel",
    "sla_hours", "sla_met", "third_party_hours", "source",
)  # fmt: skip


def _named(client: Client) -> pd.Series:
    """The supplier of every ticket, by ticket_id; missing where none is named.

    A log may name it in a row that a later one leaves empty: the ticket waited for it all the same.
    """
    tickets = client["tickets"][["ticket_id", "third_party"]].drop_duplicates("ticket_id")
    last = tickets.set_index("ticket_id")["third_party"]
    earlier = client.reads["tickets"].superseded
    if not len(earlier):
        return last
    known = earlier[earlier["third_party"].notna()]
    if not len(known):
        return last
    before = known.groupby("ticket_id", observed=True)["third_party"].last()
    return last.where(last.notna(), last.index.to_series().map(before))


def _told(client: Client, frame: pd.DataFrame) -> pd.DataFrame:
    """Tickets of people, with vendor (spaces squeezed), involved and month opened."""
    frame = frame[[name for name in (*_TOLD, "top", "satisfied") if name in frame]]
    frame = measures.opened_by_people(frame)
    vendor = measures.one_spelling(frame["ticket_id"].map(client.remembered(_named)))
    return frame.assign(
        vendor=vendor,
        involved=vendor.notna().to_numpy(),
        month=_month(frame["opened_at"]),
    )


def _month(opened: pd.Series) -> pd.Series:
    """The month as 2025-01, written once each."""
    codes, months = pd.factorize(opened.to_numpy().astype("datetime64[M]").astype("int64"))
    texts = pd.Series(months.astype("datetime64[M]")).dt.strftime("%Y-%m").astype("str")
    return pd.Series(texts.array.take(codes), index=opened.index)


def human(client: Client, within: measures.Window | None = None) -> pd.DataFrame:
    """Tickets that people opened in a window (the current one if none is given), a row each."""
    return client.remembered(_human, within or measures.window(client))


def _human(client: Client, within: measures.Window) -> pd.DataFrame:
    frame = measures.human_tickets(client)
    return _told(client, frame[within.holds(frame["opened_at"])])


def rated(client: Client, within: measures.Window | None = None) -> pd.DataFrame:
    """Rated tickets that people opened, a row each with its last rating: top, satisfied.

    The rating is of the window, the ticket whenever: not as in `measures.last_rated`, which is
    about tickets that were opened in it too.
    """
    return client.remembered(_rated, within or measures.window(client))


def _rated(client: Client, within: measures.Window) -> pd.DataFrame:
    return _told(client, measures.last_marks(measures.rated_tickets(client, within)))


def one_sided(client: Client, frame: pd.DataFrame, what: str = "rated ticket") -> str:
    """Why there are not two sides to compare; "" where there are."""
    lately = words.length(measures.window(client), figures=True)
    if not len(frame):
        return f"There is no {what} in these {lately}."
    if not frame["involved"].any():
        return f"No {what} of these {lately} names a supplier, so there is nothing to compare."
    if frame["involved"].all():
        return (
            f"Every {what} of these {lately} names a supplier; there is none without, to compare."
        )
    return ""


def arms(frame: pd.DataFrame) -> tuple[tuple[int, int], tuple[int, int]]:
    """(people, accounts) with a supplier, and without."""
    who = frame[["person", "account_id", "involved"]].drop_duplicates()
    one, other = (
        (int(side["person"].nunique()), int(side["account_id"].nunique()))
        for side in (who[who["involved"]], who[~who["involved"]])
    )
    return one, other


def enough(frame: pd.DataFrame) -> bool:
    """Whether either side has ten people in five accounts."""
    return all(stats.enough(*arm) for arm in arms(frame))


def smaller(frame: pd.DataFrame) -> tuple[int, int]:
    """(people, accounts) of the side on which the floor depends."""
    return min(arms(frame), key=lambda arm: (stats.enough(*arm), arm))


def too_thin(frame: pd.DataFrame, what: str = "rated ticket") -> str:
    """Why two sides are too few to compare; "" where they aren't."""
    if enough(frame):
        return ""
    people, firms = smaller(frame)
    tickets = int(frame["involved"].sum())
    return (
        f"Too few to compare: {words.count(tickets, what)} of {words.number(len(frame))} "
        f"{'names' if tickets == 1 else 'name'} a supplier, and the smaller side has "
        f"{words.count(people, 'contact')} in {words.count(firms, 'account')}. It takes ten "
        "contacts in five accounts on either side."
    )


def lines(data: pd.DataFrame, name: str) -> str:
    """Figures with their ranges, for an alternative text: `as they are 50 (37 to 62); …`."""
    rows = zip(data[name], data["value"], data["low"], data["high"], strict=True)
    return "; ".join(f"{what} {ranged(v, low, high)}" for what, v, low, high in rows)


def ranged(value: float, low: float, high: float) -> str:
    """`50 (37 to 62)`."""
    return f"{words.number(value)} ({words.ends(low, high)})"


def unsettled(data: pd.DataFrame) -> list[bool]:
    """Which ranges hold nought."""
    return [bool(low <= 0 <= high) for low, high in zip(data["low"], data["high"], strict=True)]


def behind(frame: pd.DataFrame) -> str:
    """`n = 413 rated tickets of 118 contacts in 39 accounts, 97 with a supplier`."""
    return (
        f"n = {words.count(len(frame), 'ticket')} of "
        f"{words.count(int(frame['person'].nunique()), 'contact')} in "
        f"{words.count(int(frame['account_id'].nunique()), 'account')}, "
        f"{words.number(int(frame['involved'].sum()))} with a supplier"
    )
