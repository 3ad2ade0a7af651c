"""What accounts pay for a seat, what their people feel they get for it, and money in words."""

from __future__ import annotations

import math

import pandas as pd

from servicegap import measures, words
from servicegap.client import Client


def money(client: Client, x: float) -> str:
    """An amount as people say it: `£41`, `£4.50` under ten, `CHF 41`."""
    digits = 0 if abs(x) >= 10 or round(x, 2) == round(x) else 2
    return words.money(x, client.settings.currency, digits)


def paying(client: Client) -> pd.DataFrame:
    """Accounts that paid for seats at the end of the window.

    Returns: account_id, name, segment, trade, site, seats, monthly_fee, per_seat (the fee for one
    seat a month). Accounts without a fee or seats, or that had left, stay out.
    """
    accounts = measures.active_at_end(client)
    kept = accounts[(accounts["monthly_fee"] > 0) & (accounts["seats"] > 0)]
    columns = ["account_id", "name", "segment", "trade", "site", "seats", "monthly_fee", "since"]
    return kept[columns].assign(per_seat=kept["monthly_fee"] / kept["seats"])


def price_now(client: Client) -> float:
    """What a seat pays a month on average: all fees ÷ all seats. NaN where nobody knows."""
    accounts = paying(client)
    seats = float(accounts["seats"].sum())
    return float(accounts["monthly_fee"].sum()) / seats if seats else math.nan


def felt_and_paid(client: Client, what: str = "value") -> pd.DataFrame:
    """`measures.felt`, for people of paying accounts, with what their account pays and is."""
    return measures.felt(client, what).merge(paying(client), on="account_id", how="inner")
