"""Shares: their intervals, and how many independent answers the answers are worth."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from servicegap.stats.bootstrap import share_from_error
from servicegap.stats.estimate import Estimate, cautious, not_measured

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

Z95 = 1.959963984540054
_CROWDED = 5  # values an account, from which its errors are known too badly for the exact p


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


def silent_bounds(value: float, answered: int, asked: int) -> tuple[float, float]:
    """The worst and best a share (percent) could be, had the silent answered too.

    Worst: every silent one would have said no; best: every one yes. Never decides a verdict.
    """
    heard = answered / asked if asked else math.nan
    return value * heard, value * heard + 100 * (1 - heard)
