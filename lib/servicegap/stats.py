"""When may a number speak? The floor, intervals and comparisons, once for all sessions.

A look at the data ends in an `Estimate`. The rules are those of METHODS, "When a number may
speak": a floor, one value per contact, an effective number of answers. "Not measured" is an
Estimate like any other: its value is NaN and it flows through everything as NaN does.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
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
_CROWDED = 5  # values an account, from which its errors are known too badly for the exact p
_NO_ERROR = 1e-6  # what the last digits of a spread may be


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
    strangers would: n ÷ max(1, V ÷ B × (t of A − 1 ÷ t of n − 1)²), with B the binomial variance,
    V the variance linearised over accounts, t Student's 97.5 % quantiles (V is itself known from
    few accounts only), and A = n² ÷ Σ m², how many accounts of one size those of m contacts each
    are worth. Where everybody agrees, within accounts as between them, nothing says whether
    contacts or accounts are of one mind, and it is A.

    Args: values, one per contact, from 0 to 1; accounts, the account of each.
    Returns: a number from 1 to n; 1 where all contacts belong to one account, since then nothing is
    known about others. Sources: Kish 1965; Rao and Scott 1992; Korn and Graubard 1998 for t.
    Limit: with few accounts that resemble each other and many contacts in each, too bold, above
    all near 0 and 100 %; `share` lets a second p speak there.
    """
    from scipy.special import stdtrit

    values = np.asarray(values, dtype=float)
    n, share = len(values), mean(values)
    if n == 0:
        return 0.0
    alike, linearised = _by_account(values, accounts)
    if math.isinf(linearised):
        return 1.0
    if share in (0.0, 1.0):
        return alike
    wider = float(stdtrit(alike - 1, 0.975) / stdtrit(n - 1, 0.975))
    return max(1.0, n / max(1.0, linearised / (share * (1 - share) / n) * wider**2))


def _by_account(values: NDArray, accounts: ArrayLike) -> tuple[float, float]:
    """How many accounts of one size, and the mean's variance over them; infinite for one."""
    n = len(values)
    _, index = np.unique(np.asarray(accounts), return_inverse=True)
    sizes = np.bincount(index)
    if len(sizes) == 1:
        return 1.0, math.inf
    alike = n**2 / float(sizes @ sizes)
    residuals = np.bincount(index, weights=values - mean(values))
    return alike, alike / (alike - 1) * float(residuals @ residuals) / n**2


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
    effective n. Where an account stands for more than five values on average, the larger of that p
    and of t on the log odds over accounts: the effective n is then known too badly for p's far from
    0.05. Limit: the interval speaks for those who answered.
    """
    values = np.asarray(values, dtype=float)
    if len(values) == 0:
        return not_measured("Nobody has answered yet.", unit, per)
    people = len(values) if contacts is None else len(np.unique(np.asarray(contacts)))
    firms = len(np.unique(np.asarray(accounts)))
    effective = effective_n(values, accounts)
    found = _share_estimate(mean(values), effective, len(values), unit, per, people, firms)
    if firms == 1 or len(values) <= _CROWDED * firms or found.value in (0.0, 100.0):
        return found
    _, linearised = _by_account(values, accounts)
    error = 100 * math.sqrt(linearised)
    return cautious(
        found, share_from_error(found.value, error, len(values), people, firms, unit, per)
    )


def cautious(one: Estimate, other: Estimate) -> Estimate:
    """The first estimate, judged by the larger of the two p's."""
    again = None
    if one.scaled and other.scaled:
        first, second = one.scaled, other.scaled

        def again(k: float) -> Estimate:
            return cautious(first(k), second(k))

    return replace(one, p_value=lambda x: max(one.p_value(x), other.p_value(x)), scaled=again)


# -- other quantities --------------------------------------------------------------------------


def from_error(
    value: float, error: float, n: int, contacts: int, accounts: int, unit: str, per: str
) -> Estimate:
    """Estimate from a value and its cluster-bootstrap standard error: t with accounts − 1.

    Where the error is nought, see `_of_one_mind`.
    """
    from scipy.special import stdtr, stdtrit

    sizes = (n, contacts, accounts)
    if error < _NO_ERROR:
        return _of_one_mind(value, -math.inf, math.inf, sizes, unit, per)
    freedom = max(accounts - 1, 1)
    half = error * float(stdtrit(freedom, 0.975))

    def below(x: float) -> float:
        return float(stdtr(freedom, (x - value) / error))

    def scaled(k: float) -> Estimate:
        return from_error(value, error / math.sqrt(k), *_times(sizes, k), unit, per)

    return Estimate(
        value, value - half, value + half, n, unit, per, contacts, accounts,
        lambda x: 2 * float(stdtr(freedom, -abs(x - value) / error)),
        below,
        scaled,
    )  # fmt: skip


def share_from_error(
    value: float, error: float, n: int, contacts: int, accounts: int, unit: str, per: str
) -> Estimate:
    """Estimate a share, in percent, from its cluster-bootstrap standard error, in points.

    t with accounts − 1, on the log odds of the share (its standard error there by the delta
    method, error ÷ v(1 − v)): near 0 and 100 the bootstrap's error shrinks with the distance to
    the end, and a t on the share itself would be surer than it may be. Beliefs below 0.5 and above
    99.5 are taken as that, and so is a share so near an end. Where the error is nought, see
    `_of_one_mind`.
    """
    from scipy.special import expit, logit, stdtr, stdtrit

    sizes = (n, contacts, accounts)
    if error < _NO_ERROR:
        return _of_one_mind(value, 0.0, 100.0, sizes, unit, per)

    def odds(x: float) -> float:
        return float(logit(min(max(x / 100, 0.005), 0.995)))

    freedom, centre = max(accounts - 1, 1), odds(value)
    middle = float(expit(centre))
    scale = error / 100 / (middle * (1 - middle))
    half = scale * float(stdtrit(freedom, 0.975))

    def below(x: float) -> float:
        return float(stdtr(freedom, (odds(x) - centre) / scale))

    def scaled(k: float) -> Estimate:
        return share_from_error(value, error / math.sqrt(k), *_times(sizes, k), unit, per)

    return Estimate(
        value,
        min(100 * float(expit(centre - half)), value),
        max(100 * float(expit(centre + half)), value),
        n, unit, per, contacts, accounts,
        lambda x: 2 * float(stdtr(freedom, -abs(odds(x) - centre) / scale)),
        below,
        scaled,
    )  # fmt: skip


def _of_one_mind(
    value: float, lowest: float, highest: float, sizes: tuple[int, int, int], unit: str, per: str
) -> Estimate:
    """The estimate where all draws agree: no two accounts differed, which is not to be sure.

    Had a share q of all accounts been of another mind, G accounts would all agree with probability
    (1 − q)^G; and q can't move a quantity in percent or points by more than 100 q. So p of a truth
    x away is at most 2 (1 − x ÷ 100)^G: at 0 and 100 % the exact binomial with accounts for trials.
    `lowest` and `highest` are the ends of what is possible. Limit: cautious for other units.
    """
    accounts = max(sizes[2], 1)

    def chance(x: float) -> float:
        return max(1 - abs(x - value) / 100, 0.0) ** accounts

    def below(x: float) -> float:
        if not lowest <= x <= highest:
            return float(x > highest)
        side = min(0.5, chance(x))
        return side if x < value else 1 - side

    half = 100 * (1 - 0.025 ** (1 / accounts))
    n, contacts, _ = sizes
    return Estimate(
        value, max(value - half, lowest), min(value + half, highest), n, unit, per, contacts,
        sizes[2],
        lambda x: min(1.0, 2 * chance(x)),
        below,
        lambda k: _of_one_mind(value, lowest, highest, _times(sizes, k), unit, per),
    )  # fmt: skip


def _times(sizes: tuple[int, int, int], k: float) -> tuple[int, int, int]:
    n, contacts, accounts = sizes
    return round(n * k), round(contacts * k), round(accounts * k)


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


def silent_bounds(value: float, answered: int, asked: int) -> tuple[float, float]:
    """The worst and best a share (percent) could be, had the silent answered too.

    Worst: every silent one would have said no; best: every one yes. Never decides a verdict.
    """
    heard = answered / asked if asked else math.nan
    return value * heard, value * heard + 100 * (1 - heard)
