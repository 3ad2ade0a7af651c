"""Who made a referral, and where people belong: small readings that the session shares."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from servicegap import measures
from servicegap.client import Client


def referred(client: Client) -> frozenset[str]:
    """The accounts that made a referral in the window, whatever became of it."""
    return frozenset(measures.referrals_made(client)["account_id"])


def each(data: pd.DataFrame) -> Iterator[Any]:
    """The rows of a table, one after the other, with a name for each column."""
    return data.itertuples()


def homes(client: Client) -> pd.Series:
    """The account of each contact, for tables that name people alone; see `at_home`."""
    people = client["contacts"].drop_duplicates("contact_id")
    return people.set_index("contact_id")["account_id"]


def at_home(client: Client, contacts: pd.Series) -> pd.Series:
    """The account of each of these contacts; one that is unknown is an account of its own."""
    known = contacts.map(homes(client)).astype("str")
    return known.where(known.notna(), "contact " + contacts.astype("str"))
