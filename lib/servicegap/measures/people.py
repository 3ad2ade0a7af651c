"""Who is counted: the people and accounts of a window, and whom a row speaks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from servicegap.measures.period import Window, window

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from servicegap.client import Client


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


def looked_after(client: Client) -> frozenset[str]:
    """Everybody the client looked after in the window, as `person` names them.

    The contacts, less those of accounts that had left before it or came after it; without a
    contacts table the accounts, each of which counts as one contact. Empty where neither is there.
    Who was there on any day of it could be asked: so not those active at its start, or its end.
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


def active_at_start(client: Client) -> pd.DataFrame:
    """The accounts that were customers when the window began: not younger, and not yet gone.

    A missing `since` counts as long ago, a missing `left_on` as still there.
    """
    return _there(client, window(client).start)


def active_at_end(client: Client) -> pd.DataFrame:
    """The accounts that were customers when the window ended, by the same rule."""
    return _there(client, window(client).end)


def _there(client: Client, day: pd.Timestamp) -> pd.DataFrame:
    accounts = client["accounts"]
    came = accounts["since"].isna() | (accounts["since"] <= day)
    return accounts[came & ~_gone(accounts, day)].drop_duplicates("account_id")


def _gone(accounts: pd.DataFrame, day: pd.Timestamp) -> pd.Series:
    return accounts["left_on"].notna() & (accounts["left_on"] <= day)


def staying(client: Client) -> pd.Series:
    """Of each account active when the window began, whether it was still there at its end."""
    accounts = active_at_start(client)
    stayed = ~_gone(accounts, window(client).end)
    return pd.Series(stayed.to_numpy(dtype=float), index=accounts["account_id"].to_numpy())


def referring(client: Client) -> pd.Series:
    """Of each account active when the window began, whether it made a referral in it (0 or 1)."""
    accounts = active_at_start(client)["account_id"]
    made = referrals_made(client)["account_id"]
    return pd.Series(accounts.isin(made).to_numpy(dtype=float), index=accounts.to_numpy())


def referrals_made(client: Client, within: Window | None = None) -> pd.DataFrame:
    """The referrals that were made in a window (the current one if none is given), at any stage."""
    made = client["referrals"]
    return made[(within or window(client)).holds(made["made_on"])]
