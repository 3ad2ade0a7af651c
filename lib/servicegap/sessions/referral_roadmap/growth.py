"""What does one account bring in the end? Accounts that bring accounts that bring accounts."""

from __future__ import annotations

import math

import pandas as pd

from servicegap import measures, stats, words
from servicegap.client import Client
from servicegap.findings import Shown, Table, absent_table, part


def grown(start: float, each: float, time: float, cycle: float = 1.0) -> float:
    """How many there are after `time`, if each brings `each` others once, a `cycle` after coming.

    start × (each^(time ÷ cycle + 1) − 1) ÷ (each − 1). Args: time and cycle in one unit.
    Source: Skok's viral coefficient and cycle time, as a geometric sum. Limit: nobody leaves, and
    there is always somebody left who could be brought.
    """
    generations = time / cycle + 1
    if math.isclose(each, 1.0):
        return start * generations
    return start * (each**generations - 1) / (each - 1)


def won_per_account(won: int, accounts: int, years: float = 1.0) -> tuple[float, float, float]:
    """Referrals won per account and year, with a 95 % interval, of those won in so many years.

    Jeffreys' posterior of a Poisson rate, Gamma(½ + won, accounts × years): its ends, beside the
    plain ratio. The low end is 0 where none was won.
    """
    from scipy.special import gammaincinv

    seen = accounts * years
    low, high = (float(gammaincinv(won + 0.5, q)) / seen for q in (0.025, 0.975))
    return won / seen, low if won else 0.0, high


@part
def growth(client: Client, years: int = 5) -> Table:
    """What becomes of a hundred accounts in some years, by referrals alone?

    Args: years, how many years ahead.
    """
    accounts = measures.active_at_start(client)
    n = len(accounts)
    if n < stats.SPEAKS_FROM:
        return absent_table("what one account brings in the end", "It takes ten accounts.")
    made = measures.referrals_made(client)
    own = made[made["account_id"].isin(accounts["account_id"])]
    won = int((own["stage"] == "won").sum())
    within = measures.window(client)
    pace, low, high = won_per_account(won, n, within.years)
    # without a day of leaving for anybody, nobody knows who left
    stay = float(measures.staying(client).mean()) if client.has("accounts.left_on") else math.nan
    stay **= 1 / within.years  # as many leave in each part of a year as in this one
    lasted = words.length(within)
    short = "" if within.whole else f"A year is taken to go on as these {lasted} did. "
    paces = [("as now", pace), ("as now, the low end", low), ("as now, the high end", high),
             ("twice as many as now", 2 * pace)]  # fmt: skip
    rows = [
        [name, 100 * k, grown(100, k, years), 100 * (1 + k) ** years, 100 * (stay + k) ** years]
        for name, k in paces
    ]
    columns = ["pace", "won", "once", "every_year", "with_leaving"]
    data = pd.DataFrame(rows, columns=columns).round(1)
    return Table(
        _title(won, n, within),
        f"{words.count(won, 'referral')} won in {lasted}, from {words.number(n)} accounts "
        f"that were there when they began. {short}Once: every account brings others one year "
        "after coming, and never again. Every year: it goes on doing so. The last column also "
        "takes away the share that leaves in a year, as now. No account that came by itself is in "
        "here, and none of this is a forecast: it says what a pace is worth if it lasts.",
        data,
        {
            "pace": Shown("referrals won"),
            "won": Shown("a year, per 100 accounts"),
            "once": Shown(f"100 accounts in {years} years: each brings others once"),
            "every_year": Shown("every year"),
            "with_leaving": Shown("every year, and accounts leave as now"),
        },
    )


def _title(won: int, n: int, within: measures.Window) -> str:
    if not won:
        lasted = words.length(within)
        return f"None of {words.number(n)} accounts brought you a client in {lasted}"
    many = words.number(n * within.years / won)
    return f"It takes {many} accounts to bring you one client a year"
