"""What people say matters, beside what moves their satisfaction. Where they part is the finding."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from servicegap import comparisons, stats, words
from servicegap.charts import drivers as driver_charts
from servicegap.client import Client
from servicegap.comparisons import ALPHA, SEEN
from servicegap.findings import Figure, Shown, absent_figure, part
from servicegap.sessions.product_vs_service import answers
from servicegap.sessions.product_vs_service.drivers import EXPLAINS, drivers
from servicegap.sessions.product_vs_service.lmg import MOST, lmg, within
from servicegap.sessions.product_vs_service.resampling import (
    covariances,
    moments,
    of_whole,
    resampled,
)

SINGLE_FROM = 100  # contacts: under this no single question is spoken of
DRAWS = 1_000
CORNERS = ("said and shown", "said, hardly moves", "moves, unsaid", "neither")


@dataclass(frozen=True)
class Parted:
    """Of 100 parts of stated importance and of what satisfies: what each thing has of them.

    `things` has name, side, said, shown, low, high (of shown), error (of shown − said) and p,
    adjusted for having looked at all. `single` says whether the things are questions or sides.
    """

    things: pd.DataFrame
    single: bool
    n: int
    accounts: int
    why: str = ""


def parted(client: Client, draws: int = DRAWS) -> Parted:
    """Set stated beside derived importance, question by question or, with too few, by side.

    Said: the share of people who call it important (the satisfied box), of the sum over all
    things. Shown: the share of R². Complete cases on everything; whole accounts are drawn again.
    """
    gate = drivers(client)
    nothing = pd.DataFrame()
    if gate.why:
        return Parted(nothing, False, gate.n, gate.accounts, gate.why)
    said = answers.marks(client)
    y = answers.relationship(client, "satisfaction").frame
    of = said.items()
    felt = answers.by_item(said)
    matters = answers.by_item(said, "importance")
    asked = [item for item in felt.columns if item in matters.columns]
    if set(of[asked]) != set(gate.sides):
        why = "It takes how much it matters, of questions on every side."
        return Parted(nothing, False, gate.n, gate.accounts, why)
    matters = (matters[asked] >= said.scale.satisfied).astype(float).where(matters[asked].notna())
    both = y.join(felt[asked], how="inner").dropna()
    single = len(both) >= SINGLE_FROM and max(of[asked].value_counts()) <= MOST
    if single:
        names, side = asked, of[asked].to_list()
    else:
        names = side = list(gate.sides)
        both = y.join(answers.by_side(said)[names], how="inner").dropna()
        matters = matters.T.groupby(of[asked]).mean().T[names]
    both = both.join(matters[names].add_prefix("said "), how="left")
    told = both[[f"said {name}" for name in names]]
    firms = both["account_id"].nunique()
    if not stats.enough(len(both), firms) or _thin(told):
        why = "It takes ten people in five accounts who also said how much each thing matters."
        return Parted(nothing, False, len(both), firms, why)
    k = len(names)
    columns = np.hstack([both[[*names, "y"]], told.fillna(0.0), told.notna()]).astype(float)
    sums, middle = moments(columns, both["account_id"]), columns.mean(axis=0)[k + 1 :]
    blocks = [[i for i, s in enumerate(side) if s == own] for own in gate.sides]

    def both_ways(total: NDArray) -> tuple[NDArray, NDArray, NDArray]:
        """Parts of 100 said and shown, shape (k, …), and R²."""
        inner = covariances(total[..., : k + 2, : k + 2])
        worth = within(inner, blocks) if single else lmg(inner)
        means = total[..., 0, k + 2 :] / total[..., 0, :1] + middle
        said_it = np.maximum(means[..., :k], 0.0) / np.maximum(means[..., k:], 1e-9)
        return _parts(np.moveaxis(said_it, -1, 0)), _parts(worth), worth.sum(axis=0)

    said_parts, shown, r2 = both_ways(sums.sum(axis=0))
    drawn_said, drawn_shown, drawn_r2 = both_ways(resampled(sums, draws))
    if _low(r2, drawn_r2, len(both), k, firms) <= EXPLAINS and single:
        why = "The single questions explain too little to be told apart."
        return Parted(nothing, True, len(both), firms, why)
    error = np.nanstd(drawn_shown - drawn_said, axis=1, ddof=1)
    own = np.nanstd(drawn_shown, axis=1, ddof=1)
    sizes = (len(both), firms, "%", "contacts")
    ends = [of_whole(float(v), float(e), *sizes) for v, e in zip(shown, own, strict=True)]
    p = [
        of_whole(float(v), float(e), *sizes).p_value(float(x))
        for v, e, x in zip(shown, error, said_parts, strict=True)
    ]
    texts = said.frame.groupby("item_id", observed=True)["text"].first()
    things = pd.DataFrame(
        {
            "name": [str(texts[n]).rstrip(". ") for n in names] if single else names,
            "side": side,
            "said": said_parts,
            "shown": shown,
            "low": [e.low for e in ends],
            "high": [e.high for e in ends],
            "error": error,
            "p": comparisons.benjamini_hochberg(p),
        }
    )
    return Parted(things, single, len(both), firms)


def _thin(told: pd.DataFrame) -> bool:
    """Whether fewer than ten people said of something how much it matters."""
    return bool((told.notna().sum() < stats.SPEAKS_FROM).any())


def _parts(worth: NDArray) -> NDArray:
    """Shares of the sum over the first axis, in percent; the same for all where there is none."""
    total = worth.sum(axis=0)
    return 100 * np.where(total > 0, worth / np.where(total > 0, total, 1.0), 1 / len(worth))


def _low(r2: NDArray, drawn: NDArray, n: int, k: int, firms: int) -> float:
    """The lower end of adjusted R²."""
    from scipy.special import stdtrit

    adjusted = 1 - (1 - float(r2)) * (n - 1) / max(n - k - 1, 1)
    return adjusted - float(np.std(drawn, ddof=1)) * float(stdtrit(firms - 1, 0.975))


@part
def said_and_shown(client: Client) -> Figure:
    """Where do what people call important and what moves their satisfaction part?"""
    found = parted(client)
    if found.why:
        label = "what people say matters beside what moves them"
        return absent_figure(label, found.why)
    things = found.things
    rows = things.to_dict("records")
    apart = things[things["p"] <= ALPHA]
    more = apart[apart["shown"] > apart["said"]]
    less = apart[apart["shown"] < apart["said"]]
    what = ("question", "questions") if found.single else ("side", "sides")
    wide = SEEN * float(things["error"].median())
    said = []
    if len(more):
        many = len(more) > 1
        said.append(
            f"{words.spelled(len(more))} {what[many]} {'move' if many else 'moves'} satisfaction "
            "more than people say"
        )
    if len(less):
        many = len(less) > 1
        said.append(
            f"{words.spelled(len(less))} {what[many]} {'move' if many else 'moves'} "
            f"{'it less' if len(more) else 'satisfaction less than people say'}"
        )
    title = (
        f"Worth asking: {words.listed(said)}"
        if said
        else "No evidence that what people call important and what moves them part"
    )
    fair = 100 / len(things)
    few = "" if found.single else (
        f"By side only: single questions are spoken of from {SINGLE_FROM} contacts who answered "
        "everything. "
    )  # fmt: skip
    return Figure(
        title,
        "Parts of 100, said and shown: "
        + "; ".join(
            f"{r['name']} {words.number(r['said'], 1)} and {words.number(r['shown'], 1)} "
            f"({words.number(r['low'], 1)} to {words.number(r['high'], 1)})"
            for r in rows
        )
        + f". n = {words.count(found.n, 'contact')} in {words.count(found.accounts, 'account')}.",
        f"{few}Right of the line, people call it important more often than the rest; above the "
        f"line, it carries more of what satisfies. A difference under {words.points(wide)} could "
        "easily have been missed. Filled dots part by more than luck explains, with all looked at "
        "together.",
        things.drop(columns=["error"]),
        {"name": Shown(what[0]), "said": Shown("said, of 100", "%"),
         "shown": Shown("shown, of 100", "%"), "low": Shown("from", "%"), "high": Shown("to", "%"),
         "p": Shown("p, adjusted")},
        lambda: driver_charts.corner_map(
            things["said"], things["shown"], (fair, fair),
            [r["name"] if r["p"] <= ALPHA or not found.single else "" for r in rows],
            ("of 100 parts of what people call important", "of 100 parts of what satisfies"),
            CORNERS, (things["p"] <= ALPHA).to_list(),
            [driver_charts.SIDE_MARKS[side] for side in things["side"]],
            (things["p"] <= ALPHA).to_list(),
            (things["low"].to_list(), things["high"].to_list()),
        ),
    )  # fmt: skip
