"""Whom does the average serve badly: how many accounts, and what do they pay?"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from servicegap import schema, stats, words
from servicegap.client import Client
from servicegap.findings import Shown, Table, absent_table, part
from servicegap.sessions.one_size_fits_all.cuts import (
    CUTS,
    TWO_GROUPS,
    Cut,
    accounts_now,
    cut,
)

WORSE_BY = schema.HEADLINES["worst_segment_csat"].delta / 100  # the smallest gap worth a word


def money(client: Client, x: float) -> str:
    """A monthly amount as people say it: `£8,410`, `CHF 8,410`."""
    return words.money(x, client.settings.currency)


@dataclass(frozen=True)
class Served:
    """One group beside the average of all: accounts, what they pay a month in all (NaN where nobody
    knows), top marks pooled (fractions), the chance that it is served worse than the average says
    by `WORSE_BY`, and that it is served better by as much."""

    group: str
    accounts: int
    fee: float
    pooled: float
    low: float
    high: float
    worse: float
    better: float

    @property
    def badly(self) -> bool:
        return self.worse >= stats.LIKELY


def served(client: Client, found: Cut) -> list[Served]:
    """Every group that may be shown, beside the average of all, the lowest first."""
    now = accounts_now(client, found.by)
    draws = found.pool.draws()
    people = np.array([share.n for share in found.shares], dtype=float)
    off = draws - (draws @ people / people.sum())[:, None]
    rows = []
    for i, name in enumerate(found.names):
        here = now[now["group"] == name]
        fee = float(here["monthly_fee"].sum()) if here["monthly_fee"].notna().any() else math.nan
        low, high = found.pool.interval(i)
        rows.append(
            Served(name, len(here), fee, float(found.pool.mean[i]), max(low, 0.0), min(high, 1.0),
                   float(np.mean(off[:, i] < -WORSE_BY)), float(np.mean(off[:, i] > WORSE_BY)))
        )  # fmt: skip
    return sorted(rows, key=lambda r: (r.pooled, r.group))


@part
def badly_served(client: Client, by: str = "segment") -> Table:
    """Which groups are served worse than the average says, and what do they pay?

    Args: by, how to cut your clients.
    """
    found = cut(client, by)
    if not found.enough:
        label = "whom the average serves badly"
        return absent_table(label, TWO_GROUPS)
    groups, now = served(client, found), accounts_now(client, by)
    paid = float(now["monthly_fee"].sum())
    data = pd.DataFrame(
        [
            [g.group, g.accounts, g.fee, 100 * g.fee / paid if paid else math.nan, 100 * g.pooled,
             100 * g.low, 100 * g.high, _stands(g)]
            for g in groups
        ],
        columns=["group", "accounts", "fee", "of_fees", "pooled", "low", "high", "stands"],
    )  # fmt: skip
    if not paid:
        data = data.drop(columns=["fee", "of_fees"])
    silent = len(now) - sum(g.accounts for g in groups)
    rest = f" {words.count(silent, 'account')} of no group shown stayed out." if silent else ""
    return Table(
        _title(client, groups, len(now), by),
        f"Top marks are pooled; the average of all is {words.number(100 * found.average)} %. A "
        f"group is called served worse where the chance that it lies {words.points(100 * WORSE_BY)}"
        f" or more under the average is at least 90 %.{rest}",
        data,
        {
            "accounts": Shown("accounts now"),
            "fee": Shown(f"fees a month, {client.settings.currency}", client.settings.currency),
            "of_fees": Shown("of all fees, %", "%"),
            "pooled": Shown("top marks, %", "%"),
            "low": Shown("from", "%"),
            "high": Shown("to", "%"),
            "stands": Shown("beside the average"),
        },
    )


def _stands(group: Served) -> str:
    if group.badly:
        return "served worse"
    if group.better >= stats.LIKELY:
        return "served better"
    if group.worse >= 0.5:
        return f"perhaps worse (chance {words.number(100 * group.worse)} %)"
    return "not told apart"


def _title(client: Client, groups: list[Served], every: int, by: str) -> str:
    badly = [g for g in groups if g.badly]
    if not badly:
        return f"No evidence that the average serves any of these {CUTS[by]} badly"
    accounts = sum(g.accounts for g in badly)
    of = "the accounts" if accounts == every else f"{words.count(every, 'account')}"
    said = f"The average hides {accounts} of {of}"
    fee = sum(g.fee for g in badly)
    return said if math.isnan(fee) else f"{said}, who pay {money(client, fee)} a month"
