"""What costs when it is bad, and what pays when it is good? Penalty–reward contrast analysis.

Two dummies a thing (marked low; marked high), least squares on overall satisfaction (Brandt 1987;
Mikulić and Prebežac 2011). Low and high are the lower and the upper quarter of a thing's own marks,
or the boxes of the scale: below its middle and its satisfied box, 1–3 and 6–7 of 1–7.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from servicegap import measures, schema, stats, words
from servicegap.charts import moments as moment_charts
from servicegap.client import Client
from servicegap.comparisons import ALPHA, SEEN, benjamini_hochberg
from servicegap.findings import Figure, Shown, absent_figure, part

_LABEL = "what costs when it is bad and what pays when it is good"
_PEOPLE_EACH = 10  # people for each dummy, below which questions are taken together
_PRODUCT = "the product itself"


@dataclass(frozen=True)
class Model:
    """Penalty and reward of each thing, by least squares: what overall satisfaction is lower
    (negative) or higher by, with everything else as it is.

    `penalty`, `reward` and `lean` (their sum: below nought the bad weighs more than the good) with
    standard errors; NaN where a dummy is the same for all. `low` and `high` count the people.
    """

    const: float
    penalty: NDArray
    reward: NDArray
    errors: NDArray  # (3, things): of penalty, reward and their sum
    low: NDArray
    high: NDArray
    r2: float
    freedom: int


def penalty_reward_model(
    overall: ArrayLike, low: ArrayLike, high: ArrayLike, groups: ArrayLike | None = None
) -> Model:
    """Fit the two dummies of each thing.

    Args: overall, one mark a person; low and high, (people, things), whether the mark for that
    thing is low, or high; groups, the account of each person, for standard errors that know that
    people of one account resemble each other (statsmodels' cluster-robust ones), else ordinary.
    Returns: a Model, in the unit of `overall`. Limit: people who mark one thing low mark others
    low as well; what can't be told apart has wide intervals.
    """
    from statsmodels.regression.linear_model import OLS

    y = np.asarray(overall, dtype=float)
    dummies = np.stack([np.asarray(low, dtype=float), np.asarray(high, dtype=float)], axis=-1)
    things = dummies.shape[1]
    wide = dummies.reshape(len(y), 2 * things)
    varies = wide.std(axis=0) > 0
    design = np.column_stack([np.ones(len(y)), wide[:, varies]])
    fit = OLS(y, design).fit()
    freedom = max(len(y) - design.shape[1], 1)
    covariance = np.asarray(fit.cov_params())
    if groups is not None:
        from statsmodels.stats.sandwich_covariance import cov_cluster

        _, home = np.unique(np.asarray(groups, dtype=str), return_inverse=True)
        freedom = max(int(home.max()), 1)
        covariance = cov_cluster(fit, home)
    values = np.full(2 * things, math.nan)
    values[varies] = fit.params[1:]
    whole = np.full((2 * things, 2 * things), math.nan)
    at = np.flatnonzero(varies)
    whole[np.ix_(at, at)] = covariance[1:, 1:]
    pen, rew = np.arange(things) * 2, np.arange(things) * 2 + 1
    variance = np.diag(whole)
    both = variance[pen] + variance[rew] + 2 * whole[pen, rew]
    errors = np.sqrt(np.maximum(np.stack([variance[pen], variance[rew], both]), 0.0))
    return Model(
        float(fit.params[0]), values[pen], values[rew], errors, dummies[:, :, 0].sum(axis=0),
        dummies[:, :, 1].sum(axis=0), float(fit.rsquared), freedom,
    )  # fmt: skip


@dataclass(frozen=True)
class Marked:
    """People with all their marks: y from 0 to 100, low and high by thing, and their accounts."""

    y: NDArray
    low: NDArray
    high: NDArray
    accounts: NDArray
    things: tuple[str, ...]
    people: int


def quarters(marks: ArrayLike) -> tuple[NDArray, NDArray]:
    """Who marked a thing in its lower, and in its upper, quarter?

    Args: marks, (people, things). Returns: two tables of true and false. Where a quarter reaches
    the middle mark, only marks beyond that one count, so that low is always lower than most.
    """
    x = np.asarray(marks, dtype=float)
    lower, middle, upper = np.quantile(x, [0.25, 0.5, 0.75], axis=0)
    low = np.where(lower < middle, x <= lower, x < middle)
    high = np.where(upper > middle, x >= upper, x > middle)
    return low, high


def marked(client: Client, by: str = "dimension", cut: str = "quarters") -> Marked:
    """Overall satisfaction beside what was perceived, complete cases.

    Args: by, dimension (a person's mean mark over the questions of a dimension) or question; cut,
    quarters (of a thing's own marks) or scale (its boxes).
    """
    return client.remembered(_marked, by, cut)


def _marked(client: Client, by: str, cut: str) -> Marked:
    survey = client["survey"]
    survey = survey[survey["perceived"].notna()]
    survey = survey.assign(person=measures.person(survey, client))
    scale = _most(survey)
    items = client["items"].drop_duplicates("item_id").set_index("item_id")
    rows = survey[(survey["scale"] == scale.name) & survey["item_id"].isin(items.index)]
    if by == "dimension":
        named = items["dimension"].fillna("none").astype("str")
        thing = rows["item_id"].map(named).replace({"none": _PRODUCT})
    else:
        thing = rows["item_id"].map(items["text"].astype("str"))
    wide = rows.assign(thing=thing).pivot_table(
        index="person", columns="thing", values="perceived", observed=True
    )
    overall = client["relationship"]
    overall = overall[overall["satisfaction"].notna()]
    overall = overall.assign(person=measures.person(overall, client))
    of = _most(overall)
    overall = (
        overall[overall["scale"] == of.name]
        .groupby("person")
        .agg(account_id=("account_id", "min"), y=("satisfaction", "mean"))
    )
    joined = wide.join(overall, how="inner").dropna()
    marks = joined.drop(columns=["account_id", "y"])
    middle = scale.satisfied if scale.neutral is None else scale.neutral
    low, high = (marks < middle).to_numpy(), (marks >= scale.satisfied).to_numpy()
    if cut == "quarters" and len(joined):
        low, high = quarters(marks.to_numpy(float))
    return Marked(
        100 * (joined["y"].to_numpy(float) - of.low) / (of.high - of.low), low, high,
        joined["account_id"].to_numpy(), tuple(map(str, marks.columns)), len(joined),
    )  # fmt: skip


def _most(rows: pd.DataFrame) -> schema.Scale:
    """The scale on which most people answered."""
    people = rows.groupby("scale", observed=True)["person"].nunique()
    return schema.SCALES[max(schema.SCALES, key=lambda name: people.get(name, 0))]


@part
def penalty_reward(client: Client, by: str = "dimension", cut: str = "quarters") -> Figure:
    """What is noticed only when it fails, and what is noticed when it is good?

    Args: by, what is compared: dimension or question; cut, what counts as bad and good: quarters
    (of a thing's own marks) or scale (its lower and its satisfied box).
    """
    said = marked(client, by, cut)
    dummies = 2 * len(said.things)
    firms = len(np.unique(said.accounts)) if said.people else 0
    if (
        said.people < max(2 * stats.SPEAKS_FROM, dummies + stats.SPEAKS_FROM)
        or firms < stats.SPEAKS_FROM
    ):
        return absent_figure(_LABEL, _few(said.people, dummies))
    if said.people < _PEOPLE_EACH * dummies / 4 or np.ptp(said.y) == 0:
        why = "Everybody is equally satisfied." if np.ptp(said.y) == 0 else ""
        return absent_figure(_LABEL, why or _few(said.people, dummies))
    model = penalty_reward_model(said.y, said.low, said.high, said.accounts)
    shown = np.stack([_enough(said, said.low), _enough(said, said.high)])
    found = [_row(model, i, name, shown[:, i]) for i, name in enumerate(said.things)]
    if not shown.any():
        return absent_figure(_LABEL, "Hardly anybody marked anything low, or high.")
    lean = [i for i, row in enumerate(found) if shown[:, i].all()]
    p = np.full(len(found), math.nan)
    if lean:
        p[lean] = benjamini_hochberg([_p(sum_, error, model.freedom) for sum_, error in
                                      ((model.penalty[i] + model.reward[i], model.errors[2, i])
                                       for i in lean)])  # fmt: skip
    for row, q in zip(found, p, strict=True):
        row["p"] = q
        row["kind"] = _kind(row)
    data = pd.DataFrame(found)
    order = data["penalty"].fillna(math.inf).argsort(kind="stable")
    data = data.iloc[order].reset_index(drop=True)
    visible = SEEN * float(np.nanmedian(model.errors[2, lean])) if lean else math.nan
    return Figure(
        _title(data),
        f"Points of overall satisfaction, of 100, by {by}. "
        + "; ".join(_told(found[i]) for i in order) + ".",
        "To the left: how much lower satisfaction is where people mark it low; to the right: how "
        f"much higher where they mark it high ({_CUTS.get(cut, cut)}), each beside a middling mark "
        "and with the other things as they are. What weighs more when it is bad than when it is "
        "good is a basic. "
        + ("" if shown.all() else "A side that fewer than ten people in five accounts took is not "
           "drawn. ")
        + (f"A lean of about {words.points(visible)} would be seen four times in five. "
           if math.isfinite(visible) else "")
        + "Hollow: no lean is settled. Where bad lies further from the middle than good does, "
        "some lean comes from that alone. It goes with satisfaction; people in a bad mood mark "
        f"everything low. n = {words.count(said.people, 'contact')} in "
        f"{words.count(firms, 'account')}; together this explains {words.number(100 * model.r2)} % "
        "of the "
        "differences.",
        data,
        {"thing": Shown(by), "penalty": Shown("marked low", "points"),
         "penalty_low": Shown("from"), "penalty_high": Shown("to"),
         "reward": Shown("marked high", "points"), "reward_low": Shown("from"),
         "reward_high": Shown("to"), "low_people": Shown("people who marked it low"),
         "high_people": Shown("people who marked it high"), "p": Shown("p of no lean, adjusted"),
         "kind": Shown("what it is")},
        lambda: moment_charts.two_sided(
            [_short(x) for x in data["thing"]],
            (data["penalty"], data["penalty_low"], data["penalty_high"]),
            (data["reward"], data["reward_low"], data["reward_high"]),
            data["kind"].tolist(), [k == _OPEN for k in data["kind"]],
            ("when it is bad", "when it is good"), "points", apart=True,
        ),
    )  # fmt: skip


_OPEN = "not settled"
_CUTS = {
    "quarters": "the lower and the upper quarter of its own marks",
    "scale": "below the middle of the scale, and its satisfied box",
}
_FEW_LOW, _FEW_HIGH = "too few marked it low", "too few marked it high"


def _few(people: int, dummies: int) -> str:
    need = max(2 * stats.SPEAKS_FROM, dummies + stats.SPEAKS_FROM, _PEOPLE_EACH * dummies // 4)
    return (
        f"It takes {need} people in ten accounts who marked everything and said how satisfied they "
        f"are; here are {words.number(people)}."
        if people >= stats.HIDDEN_BELOW
        else f"It takes {need} people in ten accounts who marked everything and said how satisfied "
        "they are."
    )


def _enough(said: Marked, arm: NDArray) -> NDArray:
    """Whether ten people in five accounts are in each column of `arm`."""
    return np.array([
        stats.enough(column.sum(), len(np.unique(said.accounts[column])))
        for column in arm.T
    ])  # fmt: skip


def _p(value: float, error: float, freedom: int) -> float:
    from scipy.special import stdtr

    return 2 * float(stdtr(freedom, -abs(value) / max(error, 1e-12)))


def _row(model: Model, i: int, name: str, shown: NDArray) -> dict[str, Any]:
    from scipy.special import stdtrit

    t = float(stdtrit(model.freedom, 0.975))
    row: dict[str, Any] = {"thing": name}
    for side, value, error, ok, n in (
        ("penalty", model.penalty[i], model.errors[0, i], shown[0], model.low[i]),
        ("reward", model.reward[i], model.errors[1, i], shown[1], model.high[i]),
    ):
        ends = (value, value - t * error, value + t * error) if ok else (math.nan,) * 3
        row |= dict(zip((side, f"{side}_low", f"{side}_high"), map(float, ends), strict=True))
        row["low_people" if side == "penalty" else "high_people"] = int(n) if ok else None
    return row


def _kind(row: dict[str, Any]) -> str:
    """What a thing is, from the lean between its two sides."""
    if math.isnan(row["penalty"]):
        return _FEW_LOW
    if math.isnan(row["reward"]):
        return _FEW_HIGH
    if row["p"] <= ALPHA:
        return (
            "basic: costs more than it pays"
            if row["penalty"] + row["reward"] < 0
            else ("delight: pays more than it costs")
        )
    return _OPEN


def _told(row: dict[str, Any]) -> str:
    sides = []
    for side, name in (("penalty", "when it is bad"), ("reward", "when it is good")):
        if not math.isnan(row[side]):
            sides.append(
                f"{name} {words.number(row[side])} ({words.number(row[f'{side}_low'])} to "
                f"{words.number(row[f'{side}_high'])})"
            )
    return f"{_short(row['thing'])}: {', '.join([*sides, row['kind']])}"


def _title(data: pd.DataFrame) -> str:
    basics = [_short(x) for x in data.loc[data["kind"].str.startswith("basic"), "thing"]]
    delights = [_short(x) for x in data.loc[data["kind"].str.startswith("delight"), "thing"]]
    if basics:
        return f"Costs more when it is bad than it pays when it is good: {_some(basics)}"
    if delights:
        return f"Pays more when it is good than it costs when it is bad: {_some(delights)}"
    return "No evidence that anything costs more when it is bad than it pays when it is good"


def _some(names: Sequence[str]) -> str:
    more = f" and {len(names) - 2} more" if len(names) > 2 else ""
    return f"{words.listed(list(names[:2])) if not more else ', '.join(names[:2])}{more}"


def _short(text: str) -> str:
    return " ".join(text.split()).rstrip(".")
