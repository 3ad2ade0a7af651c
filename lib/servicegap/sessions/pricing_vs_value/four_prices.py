"""Four prices from each person: which answers can be, which can't, and are the labels right?"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import permutations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from servicegap import stats, words
from servicegap.client import Client
from servicegap.findings import Shown, Table, absent_table, part

PRICES = ("too_cheap", "cheap", "expensive", "too_expensive")
SAID = {"too_cheap": "too cheap", "cheap": "a bargain", "expensive": "dear",
        "too_expensive": "too dear"}  # fmt: skip
_PAIRS = (("too_cheap", "cheap"), ("cheap", "expensive"), ("expensive", "too_expensive"))


@dataclass(frozen=True)
class Sorted:
    """Answers sorted into those that can be and those that can't.

    `possible` marks the rows in which the four prices rise strictly; `kinds` counts the others by
    the first thing wrong with them, in words; `order` is the order of columns in which most rows
    rise, `fits` how many do in it; `as_labelled` how many do as the columns are labelled.
    """

    possible: NDArray
    kinds: dict[str, int]
    order: tuple[str, ...]
    fits: int
    as_labelled: int

    @property
    def mixed_up(self) -> bool:
        """Do the labels look wrong? Few rows rise as labelled, and most do in another order."""
        n = len(self.possible)
        return self.order != PRICES and self.as_labelled < n / 2 <= self.fits

    @property
    def usable(self) -> bool:
        """At least half of the answers are possible as labelled."""
        return self.as_labelled * 2 >= max(len(self.possible), 1)

    @property
    def swapped(self) -> tuple[str, ...]:
        """The columns that do not stand where their label says."""
        return tuple(a for a, b in zip(PRICES, self.order, strict=True) if a != b)


def sort_answers(prices: ArrayLike) -> Sorted:
    """Say which sets of four prices are possible: each higher than the one before.

    Nobody can find the same price both too cheap to trust and a bargain. Such answers are left out
    of the curves (as the R package pricesensitivitymeter does), counted and named.

    Args: prices, (people, 4): too cheap, a bargain, dear, too dear; NaN where one is missing.
    """
    rows = np.asarray(prices, dtype=float).reshape(-1, 4)
    whole = ~np.isnan(rows).any(axis=1)
    steps = np.diff(rows, axis=1)
    rises = whole & (np.where(whole[:, None], steps, -1) > 0).all(axis=1)
    kinds = {"one of the four prices is missing": int((~whole).sum())}
    left = whole & ~rises
    turned = left & (np.where(whole[:, None], steps, 1) < 0).all(axis=1)
    kinds["all four in the opposite order"] = int(turned.sum())
    left &= ~turned
    for at, (low, high) in enumerate(_PAIRS):
        wrong = left & (steps[:, at] < 0)
        kinds[f"“{SAID[low]}” above “{SAID[high]}”"] = int(wrong.sum())
        left &= ~wrong
    kinds["the same price for two of the four"] = int(left.sum())
    fits = {
        order: int((np.diff(rows[whole][:, order], axis=1) > 0).all(axis=1).sum())
        for order in permutations(range(4))
    }
    best = max(fits, key=lambda order: (fits[order], order == (0, 1, 2, 3)))
    return Sorted(
        rises[whole],
        {kind: n for kind, n in kinds.items() if n},
        tuple(PRICES[i] for i in best),
        fits[best],
        int(rises.sum()),
    )


@dataclass(frozen=True)
class Survey:
    """The price survey, one row per person, with the account of each.

    `answers` are all whole answers, `prices` the possible ones among them, (people, 4), `accounts`
    and `intent` (people, 2) belong to `prices`. `why` is a sentence where nothing can be made of
    them.
    """

    people: int
    sorted: Sorted
    prices: NDArray
    accounts: NDArray
    intent: NDArray
    why: str = ""


def survey(client: Client) -> Survey:
    """Read the client's price survey: a row a person."""
    rows = client["price_survey"]
    listed = pd.concat(
        [client[t][["contact_id", "account_id"]] for t in ("contacts", "relationship")]
    )
    listed = listed.dropna().drop_duplicates("contact_id")
    known = rows["contact_id"].map(listed.set_index("contact_id")["account_id"])
    home = known.where(known.notna(), "of " + rows["contact_id"].astype("str")).to_numpy(dtype=str)
    prices = rows[list(PRICES)].to_numpy(dtype=float)
    intent = rows[["intent_cheap", "intent_expensive"]].to_numpy(dtype=float)
    found = sort_answers(prices)
    whole = ~np.isnan(prices).any(axis=1)
    kept = np.flatnonzero(whole)[found.possible]
    why, home = _trouble(found, len(np.unique(home[kept]))), home[kept]
    return Survey(len(rows), found, prices[kept], home, intent[kept], why)


def _trouble(found: Sorted, accounts: int) -> str:
    n = len(found.possible)
    if not n:
        return "Nobody named all four prices."
    if found.mixed_up:
        return f"{order_in_words(found)} Put the labels right and look again."
    if not found.usable:
        return (
            f"Only {words.number(found.as_labelled)} of {words.number(n)} answers rise from too "
            "cheap to too dear. That "
            "is not a price survey yet: look at how it was asked."
        )
    if not stats.enough(found.as_labelled, accounts):
        return "It takes possible answers of ten people in five accounts; there are fewer."
    return ""


def order_in_words(found: Sorted) -> str:
    """Say that the labels look mixed up: which, and what speaks for it."""
    n, names = len(found.possible), [f"“{name}”" for name in found.swapped]
    wrong = (
        f"{names[0]} and {names[1]} look as if they had each other's label"
        if len(names) == 2
        else f"{words.listed(names)} look as if their labels had been mixed up"
    )
    return (
        f"As the columns are labelled, {words.number(found.as_labelled)} of {words.number(n)} "
        "answers are in a possible "
        f"order; in the order {words.listed([f'“{x}”' for x in found.order], 'then')}, "
        f"{words.number(found.fits)} are. The columns {wrong}."
    )


@part
def price_answers(client: Client) -> Table:
    """How many answers can be used, and what is wrong with the others?"""
    read = survey(client)
    found, n = read.sorted, read.people
    if not n:
        return absent_table("which prices were named", "Nobody named a price.")
    counts = {"possible" if read.why else "possible, and used": found.as_labelled, **found.kinds}
    data = pd.DataFrame(
        [[kind, count, 100 * count / n] for kind, count in counts.items()],
        columns=["answer", "people", "share"],
    )
    out = n - found.as_labelled
    title = f"{words.count(n, 'person', 'people')} named prices; "
    title += (
        f"{words.number(out)} of the answers can't be used" if out else "every answer is possible"
    )
    if found.mixed_up:
        title = "The labels of the price survey look mixed up"
    caption = (
        "A possible answer rises strictly from too cheap to too dear. The others are left out of "
        "the curves and counted here; a few in a hundred are usual, many mean that the question "
        "was not understood."
    )
    return Table(
        title,
        f"{order_in_words(found)} {caption}" if found.mixed_up else caption,
        data,
        {"people": Shown("people"), "share": Shown("% of people")},
    )
