"""How much of what satisfies is product, how much service and process? The headline."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from servicegap import charts_drivers, comparisons, schema, stats, words
from servicegap.client import Client
from servicegap.findings import Advice, Figure, Finding, Shown, absent, conclude, part
from servicegap.sessions.product_vs_service import answers
from servicegap.sessions.product_vs_service.lmg import lmg

EXPLAINS = 0.02  # while R² may be as low as this, nothing is said about its parts
HEADLINE = "service_share"
COULD_BE_SEEN = 0.80  # how often a difference of the size stated would have been found

SERVICE = Advice(
    mend="Choose one piece of product work planned for next quarter, put it off, and give its "
    "hours to the service item that most people call important and fewest are pleased with.",
    test="For a month, open every review with what was done for the client instead of what was "
    "bought, and ask the satisfaction question again.",
    tell="Show clients what the product does for them, in their words: it counts for more than "
    "you give it credit for.",
    keep="Ask the same survey again in half a year, and before any large purchase.",
    measure="Put the survey and the question on satisfaction to the same people, forty more of "
    "them.",
    hours=(16, 40),
)


@dataclass(frozen=True)
class Drivers:
    """Which sides go with an outcome, and how much of it: parts of 100, draws beside them.

    `shares` and `draws` (draws × sides) are parts of R² in percent; `questions` the number of
    items of each side; `r2` is adjusted R² with its interval, as fractions. `why` is a sentence
    where nothing may be said.
    """

    sides: tuple[str, ...]
    questions: tuple[int, ...]
    per: str
    n: int
    accounts: int
    r2: tuple[float, float, float]
    shares: NDArray
    draws: NDArray
    why: str

    @property
    def null(self) -> NDArray:
        """What each side would carry if every question weighed the same, in percent."""
        return 100 * np.array(self.questions) / sum(self.questions)

    def share(self, *sides: str) -> stats.Estimate:
        """What these sides carry together, in percent."""
        head = schema.HEADLINES[HEADLINE]
        if not self.n:
            return stats.not_measured(self.why, head.unit, self.per)
        value = float(self.shares[self._at(sides)].sum())
        found = percent(value, self.error(*sides), self.n, self.accounts, head.unit, self.per)
        return replace(found, why=self.why)

    def error(self, *sides: str) -> float:
        """The standard error of what these sides carry together, in points."""
        if not self.draws.size:
            return 0.0
        return float(np.nanstd(self.draws[:, self._at(sides)].sum(axis=1), ddof=1))

    def could_be_seen(self, side: str) -> float:
        """The difference, in points, that would have been found four times in five."""
        from scipy.special import stdtrit

        freedom = self.accounts - 1
        return self.error(side) * float(stdtrit(freedom, 0.975) + stdtrit(freedom, COULD_BE_SEEN))

    def departures(self, against: ArrayLike) -> NDArray:
        """p of "this side carries what is given here", adjusted for looking at every side."""
        given = zip(self.sides, np.asarray(against, dtype=float), strict=True)
        return comparisons.benjamini_hochberg(
            [self.share(side).p_value(float(x)) for side, x in given]
        )

    def _at(self, sides: tuple[str, ...]) -> list[int]:
        return [self.sides.index(side) for side in sides if side in self.sides]

    def expected(self, *sides: str) -> float:
        """What these sides would carry if every question weighed the same, in percent."""
        return float(sum(x for side, x in zip(self.sides, self.null, strict=True) if side in sides))


def percent(
    value: float, error: float, n: int, accounts: int, unit: str, per: str
) -> stats.Estimate:
    """An estimate of parts of 100 from its standard error: the interval ends at 0 and 100."""
    found = stats.from_error(value, error, n, n, accounts, unit, per)

    def scaled(k: float) -> stats.Estimate:
        sizes = round(n * k), round(accounts * k)
        return percent(value, error / math.sqrt(k), *sizes, unit, per)

    return replace(found, low=max(found.low, 0.0), high=min(found.high, 100.0), scaled=scaled)


def moments(columns: ArrayLike, accounts: ArrayLike) -> NDArray:
    """Sums of products within each account: (accounts, k + 1, k + 1), the constant first.

    In an order that names and rows have no part in. A covariance of any set of accounts follows
    from the sum over them, so that a bootstrap by account needs nothing else.
    """
    x = np.asarray(columns, dtype=float)
    x = np.column_stack([np.ones(len(x)), x - x.mean(axis=0)])
    names, index = np.unique(np.asarray(accounts, dtype=str), return_inverse=True)
    rows = np.lexsort((*x.T, index))
    sums = np.zeros((len(names), x.shape[1], x.shape[1]))
    np.add.at(sums, index[rows], x[rows, :, None] * x[rows, None, :])
    return sums[np.lexsort(sums.reshape(len(sums), -1).T)]


def covariances(sums: ArrayLike) -> NDArray:
    """Covariances (…, k, k) from sums of products (…, k + 1, k + 1), the constant first."""
    sums = np.asarray(sums, dtype=float)
    n = sums[..., 0, 0][..., None, None]
    mean = sums[..., 0, 1:] / n[..., 0]
    return sums[..., 1:, 1:] / n - mean[..., :, None] * mean[..., None, :]


def resampled(sums: NDArray, draws: int = stats.DRAWS) -> NDArray:
    """Sums of products of `draws` sets of accounts drawn with replacement."""
    firms = len(sums)
    picks = np.random.default_rng(stats.SEED).multinomial(
        firms, np.full(firms, 1 / firms), size=draws
    )
    return (picks.astype(float) @ sums.reshape(firms, -1)).reshape(draws, *sums.shape[1:])


def drivers(client: Client, outcome: answers.Outcome | None = None) -> Drivers:
    """What goes with an outcome (satisfaction, if none is given), by side.

    Complete cases: a person with a mark on every side that the survey has, and the outcome. Where
    the outcome is an account's, so are the means. The interval of R² is adjusted R² ± t with
    accounts − 1 times the standard error of a bootstrap by account.
    """
    said = answers.marks(client)
    outcome = outcome or answers.relationship(client, "satisfaction")
    means, sides = answers.by_side(said), said.sides
    of = said.items()
    questions = tuple(int((of == side).sum()) for side in sides)
    if outcome.per == "accounts":
        means = means.groupby("account_id")[list(sides)].mean()
    else:
        means = means[list(sides)]
    both = outcome.frame.join(means, how="inner").dropna()
    found = Drivers(
        sides, questions, outcome.per, len(both), both["account_id"].nunique(),
        (0.0, 0.0, 1.0), np.zeros(len(sides)), np.empty((0, len(sides))), "",
    )  # fmt: skip
    why = _floor(found, both["y"])
    if why:
        return replace(found, why=why)
    sums = moments(both[[*sides, "y"]], both["account_id"])
    drawn = lmg(covariances(resampled(sums)))
    own = lmg(covariances(sums.sum(axis=0)))
    total = drawn.sum(axis=0)
    found = replace(
        found,
        r2=_interval(float(own.sum()), float(np.std(total, ddof=1)), found),
        shares=100 * own / own.sum() if own.sum() > 0 else found.shares,
        draws=100 * (drawn / np.where(total > 0, total, np.nan)).T,
    )
    return replace(found, why="" if found.r2[1] > EXPLAINS else _explains_too_little(found))


def _floor(found: Drivers, y: pd.Series) -> str:
    """Why nothing is to be worked out at all; "" where it is."""
    if "product" not in found.sides or len(found.sides) < 2:
        has = f"only of the {found.sides[0]}" if found.sides else "of neither"
        return (
            "It needs marks of the product and of the service or the process; the survey has marks "
            f"{has}."
        )
    if found.per == "accounts":
        if found.n < stats.SPEAKS_FROM or min(y.sum(), len(y) - y.sum()) < stats.ACCOUNTS_FROM:
            return "It takes ten accounts, five that referred somebody and five that didn't."
    elif not found.n:
        return "Nobody answered both the survey and the question on the relationship."
    elif found.n < stats.SPEAKS_FROM or found.accounts < stats.ACCOUNTS_FROM:
        return (
            f"It takes ten people in five accounts who answered everything; there are "
            f"{words.count(found.n, 'contact')} in {words.count(found.accounts, 'account')}."
        )
    return ""


def _interval(r2: float, error: float, found: Drivers) -> tuple[float, float, float]:
    """Adjusted R² and its interval: R² of a few people is too good, by what chance explains."""
    from scipy.special import stdtrit

    spare = found.n - len(found.sides) - 1
    adjusted = 1 - (1 - r2) * (found.n - 1) / spare if spare > 0 else 0.0
    half = error * float(stdtrit(found.accounts - 1, 0.975))
    return adjusted, max(adjusted - half, 0.0), min(adjusted + half, 1.0)


def _explains_too_little(found: Drivers) -> str:
    value, low, high = found.r2
    one = found.per.removesuffix("s")
    more = ""
    if value > 1.5 * EXPLAINS:
        needed = math.ceil(found.n * ((high - value) / (value - EXPLAINS)) ** 2)
        more = words.count(max(needed - found.n, 1), f"more {one}")
        more = f" About {more} like these would do."
    return (
        f"What people say of {words.listed(found.sides)} explains too little to be shared out: "
        f"{words.span(100 * low, 100 * high)} % of how one {one} differs from the next "
        f"(n = {words.count(found.n, one)}).{more}"
    )


# -- the headline ------------------------------------------------------------------------------


def service(client: Client) -> stats.Estimate:
    """What service and process carry of what satisfies, in percent (headline `service_share`)."""
    return drivers(client).share("service", "process")


@part
def service_share(client: Client) -> Finding:
    """Does service carry as much of what satisfies as the client believed?"""
    found = drivers(client)
    estimate = found.share("service", "process")
    return conclude(client, HEADLINE, estimate, SERVICE, _caveats(client, found))


def _caveats(client: Client, found: Drivers) -> tuple[str, ...]:
    said = []
    if not found.why:
        questions = sum(found.questions)
        ours = questions - found.questions[found.sides.index("product")]
        said.append(
            f"{words.spelled(ours).capitalize()} of the {words.spelled(questions)} questions are "
            f"about service and process: if every question weighed the same, that alone would make "
            f"{found.expected('service', 'process'):.0f} in 100."
        )
        said.append(
            f"The answers explain {words.span(100 * found.r2[1], 100 * found.r2[2])} % of how "
            "satisfaction differs from one person to the next. The rest is not shared out, and "
            "what goes with satisfaction need not be its cause."
        )
        if client.settings.origin == "product":
            said.append(
                "You began with a product. What a firm grew up on is easily taken for what its "
                "clients stay for, so it is worth asking who stated the belief."
            )
    marks = answers.marks(client)
    if marks.sideless:
        said.append(
            f"{words.count(marks.sideless, 'question')} that belong to no side stayed out."
            if marks.sideless > 1
            else "One question that belongs to no side stayed out."
        )
    if marks.other_scales:
        said.append(
            f"{words.count(marks.other_scales, 'answer')} on another scale than most stayed out: "
            "marks of different scales are never added up."
        )
    return tuple(said)


# -- each side ---------------------------------------------------------------------------------


@part
def sides(client: Client) -> Figure:
    """How many of 100 parts of what satisfies does each side carry, beside its questions' share?"""
    found = drivers(client)
    if found.why:
        return absent("Figure", "what each side carries", found.why)  # type: ignore[return-value]
    each = [found.share(side) for side in found.sides]
    adjusted = found.departures(found.null)
    both = found.share("service", "process")
    wide = max(found.could_be_seen(side) for side in found.sides)
    stand_out = [
        f"{side} carries {'more' if e.value > x else 'less'} than its share of the questions"
        for side, e, x, p in zip(found.sides, each, found.null, adjusted, strict=True)
        if p <= 0.05
    ]
    title = f"Service and process carry {both.value:.0f} of 100 parts of what satisfies"
    reading = (
        f"Worth asking why: {words.listed(stand_out)}. "
        if stand_out
        else "There is no evidence that a side carries more or less than its share of the "
        f"questions; a difference under {words.points(wide)} could easily have been missed. "
    )
    data = pd.DataFrame(
        {
            "side": list(found.sides),
            "share": [e.value for e in each],
            "low": [e.low for e in each],
            "high": [e.high for e in each],
            "questions": found.null,
        }
    )
    return Figure(
        title,
        "Parts of 100: "
        + "; ".join(
            f"{r.side} {r.share:.0f} ({r.low:.0f} to {r.high:.0f}), its questions {r.questions:.0f}"
            for r in data.itertuples()
        )
        + f". {words.behind(each[0])}.",
        reading + "The tick is what a side would carry if every question weighed the same, so that "
        "nobody wins by asking more about it.",
        data,
        {"share": Shown("parts of 100", "%"), "low": Shown("from", "%"), "high": Shown("to", "%"),
         "questions": Shown("share of the questions", "%")},
        lambda: charts_drivers.beside(
            [side.capitalize() for side in found.sides],
            data["share"], data["low"], data["high"], data["questions"],
            "its questions", [f"{n} of {sum(found.questions)} questions" for n in found.questions],
        ),
        about=HEADLINE,
    )  # fmt: skip
