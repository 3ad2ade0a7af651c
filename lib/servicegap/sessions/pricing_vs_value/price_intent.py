"""Who would buy at which price? Newton, Miller and Smith's extension of the meter.

Newton, Miller and Smith 1993: each person says how likely they are to buy at their bargain price
and at their dear one; at their too-cheap and too-dear prices nobody buys; in between the chance is
a straight line. The mean over people is demand by price. Limit: what people say they would do.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from servicegap import stats, words
from servicegap.charts import prices as price_charts
from servicegap.client import Client
from servicegap.findings import Figure, Shown, absent_figure, part
from servicegap.sessions.pricing_vs_value.fees import money, price_now
from servicegap.sessions.pricing_vs_value.four_prices import survey
from servicegap.sessions.pricing_vs_value.gabor_granger import gabor_granger
from servicegap.sessions.pricing_vs_value.price_sensitivity import DRAWS


@dataclass(frozen=True)
class Intent:
    """Demand by price: the share of people who would buy, and the two prices that stand out.

    `reach` is the price at which most would buy, `revenue` the price that brings in most a person
    asked; each with its 95 % interval.
    """

    price: NDArray
    buyers: NDArray
    reach: tuple[float, float, float]
    revenue: tuple[float, float, float]
    n: int


def chances(prices: ArrayLike, intent: ArrayLike, at: NDArray) -> NDArray:
    """Each person's chance of buying at each of the prices `at`: (people, len(at)).

    Args: prices, (people, 4), possible answers; intent, (people, 2), from 0 to 1: at the bargain
    price and at the dear one.
    """
    given = np.asarray(intent, dtype=float)
    return np.array(
        [
            np.interp(at, row, [0, *said, 0], left=0, right=0)
            for row, said in zip(np.asarray(prices, dtype=float), given, strict=True)
        ]
    )


def purchase_intent(
    prices: ArrayLike,
    intent: ArrayLike,
    accounts: ArrayLike,
    draws: int = DRAWS,
    seed: int = stats.SEED,
) -> Intent:
    """Make demand by price from possible answers with both intents."""
    rows = np.asarray(prices, dtype=float)
    at = np.unique(rows[rows > 0])
    chance = chances(rows, intent, at)
    _, index = np.unique(np.asarray(accounts), return_inverse=True)
    sums = np.zeros((index.max() + 1, len(at)))
    np.add.at(sums, index, chance)
    sums = sums[np.lexsort(sums.T)]  # the same whatever the accounts are called
    rng = np.random.default_rng(seed)
    picks = rng.multinomial(len(sums), np.full(len(sums), 1 / len(sums)), size=draws)
    drawn = np.round(picks @ sums, 9)  # a tie is a tie on every machine
    buyers = np.round(chance.mean(axis=0), 12)
    best = []
    for worth in (np.ones(len(at)), at):
        ends = np.quantile(at[np.argmax(drawn * worth, axis=1)], [0.025, 0.975])
        best.append((float(at[np.argmax(buyers * worth)]), float(ends[0]), float(ends[1])))
    return Intent(at, buyers, best[0], best[1], len(rows))


@part
def price_intent(client: Client) -> Figure:
    """At which price would most buy, and at which would most come in?"""
    label = "who would buy at which price"
    read = survey(client)
    if read.why:
        return absent_figure(label, read.why)
    told = ~np.isnan(read.intent).any(axis=1)
    accounts = read.accounts[told]
    if not stats.enough(told.sum(), len(np.unique(accounts))):
        why = "It takes ten people in five accounts who said how likely they are to buy."
        return absent_figure(label, why)
    found = purchase_intent(read.prices[told], read.intent[told], accounts)
    ladder = gabor_granger(found.price, 100 * found.buyers)
    data = pd.DataFrame(
        {
            "price": ladder.prices,
            "buyers": ladder.demand,
            "revenue": ladder.revenue / 100,
        }
    )
    (reach, *_), (revenue, low, high) = found.reach, found.revenue
    ends = f"{money(client, low)} to {money(client, high)}"
    unit = f"{client.settings.currency} a seat and month"
    title = (
        f"More people would buy at {money(client, reach)} than at any other price; "
        f"{money(client, revenue)} would bring in most money"
    )
    if money(client, reach) == money(client, revenue):
        title = f"{money(client, reach)} brings most buyers and most money"
    return Figure(
        title,
        f"{title} (95 % interval {ends}), by what {words.number(found.n)} people said. Would buy "
        f"at {money(client, reach)}: {words.number(ladder.demand.max())} of 100; at "
        f"{money(client, revenue)}: "
        f"{words.number(ladder.demand[ladder.prices == ladder.best][0])} of 100.",
        f"The price that brings in most lies somewhere in {ends}. It counts people, not seats, and "
        "takes them at their word; nobody has ever been held to an answer in a survey.",
        data,
        {"price": Shown("price", unit), "buyers": Shown("would buy", "%"),
         "revenue": Shown("comes in for each person asked", client.settings.currency)},
        lambda: price_charts.buyers(
            found.price, 100 * found.buyers, found.reach, found.revenue, price_now(client), unit
        ),
    )  # fmt: skip
