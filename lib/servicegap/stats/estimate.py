"""What the data say about one quantity, and whether it may speak: the floor, once for all."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

LIKELY = 0.90  # how sure anything short of a test has to be before it is said
HIDDEN_BELOW = 5  # contacts
SPEAKS_FROM = 10  # contacts, or accounts where accounts are what is counted
ACCOUNTS_FROM = 5


def enough(people: int, accounts: int) -> bool:
    """The floor: are these people, in so many accounts, enough for a figure of theirs to speak?"""
    return bool(people >= SPEAKS_FROM and accounts >= ACCOUNTS_FROM)


@dataclass(frozen=True)
class Estimate:
    """What the data say about one quantity, and how far they can be trusted.

    `n` counts what the quantity is about (`per`: contacts, accounts, tickets, USPs); `contacts`
    and `accounts` are the distinct people and companies behind it, on which the floor is set.
    `p_value(x)` is the two-sided p of "the truth is x"; `below(x)` the probability that the truth
    is below x; `scaled(k)` the same estimate had there been k times the data, None if unknown.
    `why` says in words why nothing was measured; where there is a value, why it stays hidden
    although enough people stand behind it.
    """

    value: float
    low: float
    high: float
    n: int
    unit: str
    per: str = "contacts"
    contacts: int = 0
    accounts: int = 0
    p_value: Callable[[float], float] = lambda x: 1.0
    below: Callable[[float], float] = lambda x: math.nan
    scaled: Callable[[float], Estimate] | None = None
    why: str = ""

    @property
    def measured(self) -> bool:
        return not math.isnan(self.value)

    @property
    def hidden(self) -> bool:
        """Too few people, or too little sense in what they say, to show the figure at all."""
        return not self.measured or self.contacts < HIDDEN_BELOW or bool(self.why)

    @property
    def speaks(self) -> bool:
        """Enough people, in enough accounts, to be set against a belief."""
        if self.why:
            return False
        if self.per == "accounts":
            return self.measured and self.accounts >= SPEAKS_FROM
        return self.measured and enough(self.contacts, self.accounts)


def not_measured(why: str, unit: str = "", per: str = "contacts") -> Estimate:
    """Return the estimate of something that could not be measured; `why` is a sentence."""
    return Estimate(math.nan, math.nan, math.nan, 0, unit, per, why=why)


def cautious(one: Estimate, other: Estimate) -> Estimate:
    """The first estimate, judged by the larger of the two p's."""
    again = None
    if one.scaled and other.scaled:
        first, second = one.scaled, other.scaled

        def again(k: float) -> Estimate:
            return cautious(first(k), second(k))

    return replace(one, p_value=lambda x: max(one.p_value(x), other.p_value(x)), scaled=again)
