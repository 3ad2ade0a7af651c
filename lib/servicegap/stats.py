"""When may a number speak? The floor, intervals and comparisons, once for all sessions.

A look at the data ends in an `Estimate`. The rules are those of METHODS, "When a number may
speak": a floor, one value per contact, an effective number of answers. "Not measured" is an
Estimate like any other: its value is NaN and it flows through everything as NaN does.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

LIKELY = 0.90  # how sure anything short of a test has to be before it is said
HIDDEN_BELOW = 5  # contacts
SPEAKS_FROM = 10  # contacts, or accounts where accounts are what is counted
ACCOUNTS_FROM = 5
DRAWS = 4_000
SEED = 20_250_101
Z95 = 1.959963984540054


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
        enough = self.contacts >= SPEAKS_FROM and self.accounts >= ACCOUNTS_FROM
        return self.measured and enough


def not_measured(why: str, unit: str = "", per: str = "contacts") -> Estimate:
    """Return the estimate of something that could not be measured; `why` is a sentence."""
    return Estimate(math.nan, math.nan, math.nan, 0, unit, per, why=why)


# -- shares ------------------------------------------------------------------------------------


def wilson(successes: float, n: float, z: float = Z95) -> tuple[float, float]:
    """Wilson's score interval of a share, as fractions.

    Args: successes and n, which may be effective (fractional) numbers; z, the normal quantile.
    Returns: (low, high). With n = 0 nothing is known: (0, 1).
    Source: Wilson 1927, through statsmodels.
    """
    if n <= 0:
        return 0.0, 1.0
    from scipy.special import ndtr
    from statsmodels.stats.proportion import proportion_confint

    low, high = proportion_confint(successes, n, alpha=2 * ndtr(-z), method="wilson")
    # exact where the formula is: a hair's breadth off 100 % would rank below a peer's 100 %
    return 0.0 if successes <= 0 else float(low), 1.0 if successes >= n else float(high)


def goodman(counts: ArrayLike, confidence: float = 0.95) -> NDArray:
    """Goodman's simultaneous intervals of the shares of several answers.

    Args: counts, one whole number per answer. Returns: an array of (low, high) per answer.
    Source: Goodman 1965, through statsmodels. Limit: every count should be at least about 5.
    """
    from statsmodels.stats.proportion import multinomial_proportions_confint

    return multinomial_proportions_confint(counts, alpha=1 - confidence, method="goodman")


def effective_n(values: ArrayLike, accounts: ArrayLike) -> float:
    """How many independent contacts these contacts are worth.

    People of one account resemble each other, so a hundred of them know less than a hundred
    strangers would: n ÷ max(1, variance linearised over accounts ÷ binomial variance).

    Args: values, one per contact, from 0 to 1; accounts, the account of each.
    Returns: a number from 1 to n; n where the share is 0 or 1; 1 where all contacts belong to one
    account, since then nothing is known about others.
    """
    values = np.asarray(values, dtype=float)
    n, share = len(values), mean(values)
    if n == 0:
        return 0.0
    _, index = np.unique(np.asarray(accounts), return_inverse=True)
    groups = int(index.max()) + 1
    if groups == 1:
        return 1.0
    if share in (0.0, 1.0):
        return float(n)
    residuals = np.bincount(index, weights=values - share)
    linearised = groups / (groups - 1) * float(residuals @ residuals) / n**2
    return max(1.0, n / max(1.0, linearised / (share * (1 - share) / n)))


def mean(values: ArrayLike) -> float:
    """The mean, to the last digit the same in whatever order the values come. 0 of nothing."""
    values = np.asarray(values, dtype=float)
    return math.fsum(values) / len(values) if len(values) else 0.0


def _share_estimate(
    share: float, effective: float, n: int, unit: str, per: str, contacts: int, accounts: int
) -> Estimate:
    from scipy.special import bdtr, bdtrc, betainc

    trials = math.floor(effective + 1e-9)
    hits = round(round(share * trials, 9))

    def p_value(belief: float) -> float:
        b = min(max(belief, 0.5), 99.5) / 100
        below = float(bdtr(hits, trials, b))
        above = float(bdtrc(hits - 1, trials, b)) if hits else 1.0
        return min(1.0, 2 * min(below, above))

    def below(x: float) -> float:
        a, b = share * effective + 0.5, (1 - share) * effective + 0.5
        return float(betainc(a, b, min(max(x / 100, 0.0), 1.0)))

    def scaled(k: float) -> Estimate:
        people, firms = round(contacts * k), round(accounts * k)
        return _share_estimate(share, effective * k, round(n * k), unit, per, people, firms)

    low, high = wilson(share * effective, effective)
    value = 100 * share
    return Estimate(
        value, 100 * low, 100 * high, n, unit, per, contacts, accounts, p_value, below, scaled
    )


def share(
    values: ArrayLike,
    accounts: ArrayLike,
    unit: str = "% of contacts",
    per: str = "contacts",
    contacts: ArrayLike | None = None,
) -> Estimate:
    """Estimate a share, in percent, from one value per contact (or ticket, or account).

    Args: values from 0 to 1; accounts, the account of each value, same length; contacts, the
    person behind each value where a person may have several (tickets), else each value is one.
    Returns: an Estimate: Wilson's interval, exact binomial p and Jeffreys' posterior, all at the
    effective n. Limit: the interval speaks for those who answered.
    """
    values = np.asarray(values, dtype=float)
    if len(values) == 0:
        return not_measured("Nobody has answered yet.", unit, per)
    people = len(values) if contacts is None else len(np.unique(np.asarray(contacts)))
    firms = len(np.unique(np.asarray(accounts)))
    effective = effective_n(values, accounts)
    return _share_estimate(mean(values), effective, len(values), unit, per, people, firms)


# -- other quantities --------------------------------------------------------------------------


def from_error(
    value: float, error: float, n: int, contacts: int, accounts: int, unit: str, per: str
) -> Estimate:
    """Estimate from a value and its cluster-bootstrap standard error: t with accounts − 1."""
    from scipy.special import stdtr, stdtrit

    freedom, scale = max(accounts - 1, 1), max(error, 1e-12)
    half = scale * float(stdtrit(freedom, 0.975))

    def below(x: float) -> float:
        return float(stdtr(freedom, (x - value) / scale))

    def scaled(k: float) -> Estimate:
        sizes = (round(n * k), round(contacts * k), round(accounts * k))
        return from_error(value, error / math.sqrt(k), *sizes, unit, per)

    return Estimate(
        value, value - half, value + half, n, unit, per, contacts, accounts,
        lambda x: 2 * float(stdtr(freedom, -abs(x - value) / scale)),
        below,
        scaled,
    )  # fmt: skip


def from_draws(
    value: float,
    draws: ArrayLike,
    n: int,
    contacts: int,
    accounts: int,
    unit: str,
    per: str,
    scaled: Callable[[float], Estimate] | None = None,
) -> Estimate:
    """Estimate from bootstrap or posterior draws; equality counts on both sides.

    Args: scaled, how to get the estimate that k times the data would give, if there is a way.
    """
    ordered = np.sort(np.asarray(draws, dtype=float))
    low, high = np.quantile(ordered, [0.025, 0.975])

    def at_most(x: float) -> float:
        return float(np.searchsorted(ordered, x, side="right")) / len(ordered)

    def under(x: float) -> float:
        return float(np.searchsorted(ordered, x, side="left")) / len(ordered)

    return Estimate(
        value, float(low), float(high), n, unit, per, contacts, accounts,
        lambda x: min(1.0, 2 * min(at_most(x), 1 - under(x))),
        lambda x: (at_most(x) + under(x)) / 2,
        scaled,
    )  # fmt: skip


def resampled_means(
    values: ArrayLike, accounts: ArrayLike, draws: int = DRAWS, seed: int = SEED
) -> NDArray:
    """Draw the mean of `values` again and again, whole accounts at a time (cluster bootstrap).

    Returns: `draws` means. The same whatever the accounts are called and however rows are sorted.
    """
    _, index = np.unique(np.asarray(accounts), return_inverse=True)
    sizes = np.bincount(index).astype(float)
    sums = np.bincount(index, weights=np.asarray(values, dtype=float))
    order = np.lexsort((sums, sizes))
    sizes, sums = sizes[order], sums[order]
    rng = np.random.default_rng(seed)
    picks = rng.multinomial(len(sizes), np.full(len(sizes), 1 / len(sizes)), size=draws)
    return (picks @ sums) / (picks @ sizes)


def safe_to_show(people: ArrayLike, accounts: ArrayLike, groups: ArrayLike) -> list:
    """Which groups may be shown beside each other and their total?

    A group may speak from ten people in five accounts. The others are hidden; so that subtracting
    the shown from the total reveals nobody, the smallest of the shown go with them until the
    hidden hold five different people at least.

    Args: person, account and group of every answer. Returns: the groups to show, largest first.
    """
    people, accounts, groups = (np.asarray(x, dtype=str) for x in (people, accounts, groups))
    members = {g: np.unique(people[groups == g]) for g in np.unique(groups)}
    shown = [
        g
        for g in sorted(members, key=lambda g: (-len(members[g]), g))
        if len(members[g]) >= SPEAKS_FROM and len(np.unique(accounts[groups == g])) >= ACCOUNTS_FROM
    ]
    while shown:
        rest = [members[g] for g in members if g not in shown]
        if not rest or len(np.unique(np.concatenate(rest))) >= HIDDEN_BELOW:
            break
        shown.pop()
    return [str(g) for g in shown]


def silent_bounds(value: float, answered: int, asked: int) -> tuple[float, float]:
    """The worst and best a share (percent) could be, had the silent answered too.

    Worst: every silent one would have said no; best: every one yes. Never decides a verdict.
    """
    heard = answered / asked if asked else math.nan
    return value * heard, value * heard + 100 * (1 - heard)
