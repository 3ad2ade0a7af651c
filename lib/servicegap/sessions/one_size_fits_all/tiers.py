"""A menu of tiers, or one size? What would follow from a difference, and when it pays."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from servicegap import stats, words
from servicegap.charts import groups as group_charts
from servicegap.client import Client
from servicegap.comparisons import ALPHA, benjamini_hochberg
from servicegap.findings import Figure, Shown, Table, absent_figure, absent_table, part
from servicegap.sessions.one_size_fits_all.badly_served import Served, money, served
from servicegap.sessions.one_size_fits_all.cuts import TWO_GROUPS, accounts_now, cut
from servicegap.sessions.one_size_fits_all.expectations import Need, needs

BEARABLE = 5.0  # percent of a group's fees that something of its own may cost
_OWN = {
    "reliability": "a date for everything, and a call when it moves",
    "assurance": "a named engineer who knows their trade's software",
    "tangibles": "reports and forms made for them to read",
    "empathy": "one person who knows them, and rings first",
    "responsiveness": "a first reply within an hour",
}
_ANYTHING = "ask five of them what they need that the others don't"
_NO_COST = "It needs cost_per_hour in client.yaml, and monthly fees."


def _cost(client: Client, hours: float) -> float:
    """What a tier of its own costs a month; NaN where nobody says what an hour costs."""
    per_hour = client.settings.cost_per_hour
    return hours * per_hour if per_hour else math.nan


@part
def tiers(client: Client, by: str = "segment", hours: float = 16.0) -> Table:
    """Which group would get something of its own, what would it be, and can it carry it?

    Args: by, how to cut your clients; hours, hours of work a month that a tier of its own takes.
    """
    found = cut(client, by)
    if not found.enough:
        return absent_table("a menu of tiers", TWO_GROUPS)
    wanted = needs(client, by) if client.has("survey") and client.has("items") else []
    p = benjamini_hochberg([need.cut.shuffled.p for need in wanted])
    unlike = {need.dimension for need, q in zip(wanted, p, strict=True) if q <= ALPHA}
    rows, chosen = [], []
    for group in served(client, found):
        least = _least_met(wanted, group.group)
        own = _lags(wanted, group.group, unlike)
        share = 100 * _cost(client, hours) / group.fee if group.fee else math.nan
        follows, tier = _follows(group, share, own, least)
        chosen += [group.group] if tier else []
        rows.append([group.group, group.accounts, least or None, share, follows])
    data = pd.DataFrame(rows, columns=["group", "accounts", "least_met", "cost", "follows"])
    if not wanted:
        data = data.drop(columns="least_met")
    if data["cost"].isna().all():
        data = data.drop(columns="cost")
    return Table(
        _title(chosen, len(data)),
        f"Supposed: a tier of its own takes {words.number(hours)} hours of work a month and may "
        f"cost up to {words.number(BEARABLE)} % of the group's fees. Something of its own is "
        "proposed only where the evidence says that the group is served worse than the average, "
        "or gets less of what it expects than the others. One size that suits is cheaper than any "
        "menu.",
        data,
        {
            "accounts": Shown("accounts now"),
            "least_met": Shown("expects most in vain"),
            "cost": Shown("a tier would cost, % of its fees", "%"),
            "follows": Shown("what would follow"),
        },
    )


def _least_met(wanted: list[Need], group: str) -> str:
    """The dimension of which a group gets least, pooled; "" where nobody knows."""
    met = {need.dimension: need.met[group] for need in wanted if group in need.met}
    return min(met, key=lambda dimension: met[dimension]) if met else ""


def _lags(wanted: list[Need], group: str, unlike: set[str]) -> str:
    """The dimension in which groups differ and this one gets least of all; "" if none."""
    behind = {}
    for need in wanted:
        if need.dimension in unlike and min(need.met, key=lambda g: need.met[g]) == group:
            behind[need.dimension] = need.met[group] - float(np.mean(list(need.met.values())))
    return min(behind, key=lambda dimension: behind[dimension]) if behind else ""


def _follows(group: Served, cost: float, own: str, least: str) -> tuple[str, bool]:
    """What would follow for one group, and whether that is a tier of its own."""
    if not group.badly and not own:
        if group.better >= stats.LIKELY:
            return "nothing: it is served better as it is", False
        return "one size, as far as can be seen", False
    what = _OWN.get(own or least, _ANYTHING)
    if cost > BEARABLE:
        return f"too small for a tier; offer to everybody: {what}", False
    return f"try for a quarter: {what}", True


def _title(chosen: list[str], groups: int) -> str:
    if chosen:
        return (
            f"One tier on top of the one size: {words.listed(chosen)}"
            if len(chosen) == 1
            else (
                f"{words.spelled(len(chosen)).capitalize()} of {words.spelled(groups)} groups "
                "would get something of their own"
            )
        )
    return "Nothing here calls for a menu yet: one size, as far as can be seen"


# -- when one size is right --------------------------------------------------------------------


@part
def scale(client: Client, by: str = "segment", hours: float = 16.0) -> Figure:
    """From how many accounts on can a group carry a tier of its own?

    Args: by, how to cut your clients; hours, hours of work a month that a tier of its own takes.
    """
    label = "when one size is right"
    now, cost = accounts_now(client, by), _cost(client, hours)
    paying = now[now["monthly_fee"] > 0]
    if math.isnan(cost) or not len(paying):
        return absent_figure(label, _NO_COST)
    fee = float(paying["monthly_fee"].mean())
    enough = max(1, math.ceil(100 * cost / (BEARABLE * fee) - 1e-9))
    groups = paying[paying["group"].notna()].groupby("group")["monthly_fee"].agg(["size", "sum"])
    groups = groups[groups["size"] >= stats.ACCOUNTS_FROM].sort_values("size", ascending=False)
    data = pd.DataFrame(
        {
            "group": groups.index.astype(str),
            "accounts": groups["size"].to_numpy(),
            "fees": groups["sum"].to_numpy(),
            "cost": 100 * cost / groups["sum"].to_numpy(),
        }
    )
    most = max(2 * enough, int(data["accounts"].max()) + 2 if len(data) else 0, 10)
    size = np.arange(1, most + 1)
    small = data.loc[data["cost"] > BEARABLE, "group"].tolist()
    return Figure(
        _scale_title(small, len(data), enough),
        f"A tier that takes {words.number(hours)} hours a month costs {money(client, cost)}. At "
        f"the mean fee of {money(client, fee)} an account it is {words.number(BEARABLE)} % of the "
        "fees from "
        f"{words.count(enough, 'account')} on. "
        + "; ".join(
            f"{group}: {words.count(n, 'account')}, {words.number(own, 1)} %"
            for group, n, own in zip(data["group"], data["accounts"], data["cost"], strict=True)
        )
        + ("." if len(data) else ""),
        "The line supposes that every account pays your average fee; the dots are your groups with "
        "what they pay. Inside "
        f"the grey band a tier costs {words.number(BEARABLE)} % of their fees or less. The hours "
        "and the "
        f"{words.number(BEARABLE)} % are suppositions: move them before you believe the picture. "
        "It says "
        "what can be carried, not that anybody wants it.",
        data,
        {"fees": Shown("fees a month", client.settings.currency),
         "cost": Shown("a tier would cost, % of fees", "%")},
        lambda: group_charts.break_even(
            size, 100 * cost / (size * fee), BEARABLE, data["group"].tolist(),
            list(zip(data["accounts"].astype(float), data["cost"], strict=True)),
        ),
    )  # fmt: skip


def _scale_title(small: list[str], groups: int, enough: int) -> str:
    from_ = f"from about {words.count(enough, 'account')} on"
    if groups and len(small) == groups:
        return f"None of your groups is large enough for a tier of its own: it pays its way {from_}"
    if small:
        return f"A tier pays its way {from_}; too small for one: {words.listed(small)}"
    return f"A tier of its own pays its way {from_}"
