"""Does the gap go with referring, or the mark alone? Two scores, two outcomes, this client's data.

For thirty years people have argued whether "perceived minus expected" tells more than "perceived"
(Cronin and Taylor 1992; Parasuraman and others 1994). It need not be settled here in general.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from servicegap import charts, stats, words
from servicegap.client import Client
from servicegap.comparisons import ALPHA, SEEN, benjamini_hochberg
from servicegap.findings import Figure, Shown, absent_figure, part
from servicegap.sessions.service_gaps import answers

SCORES = ("perceived", "gap")
NAMES = {"perceived": "the mark alone", "gap": "the gap"}
LABEL = "whether the gap or the mark alone goes with referring"


@dataclass(frozen=True)
class Race:
    """How much of one outcome each score goes with: r² in percent, in the order of SCORES.

    `ahead` is r² of the mark − r² of the gap, in points, with its range.
    """

    outcome: str
    per: str
    scores: tuple[stats.Estimate, stats.Estimate]
    ahead: stats.Estimate
    error: float


def _r_squared(sums: NDArray) -> NDArray:
    """r² of y with each score, (…, 2), from sums over rows of 1, x1, x2, y and their products."""
    n = sums[..., 0:1]
    x, y, xx, yy, xy = (
        sums[..., 1:3] / n, sums[..., 3:4] / n, sums[..., 4:6] / n, sums[..., 6:7] / n,
        sums[..., 7:9] / n,
    )  # fmt: skip
    spread = np.maximum((xx - x**2) * (yy - y**2), 1e-12)
    return (xy - x * y) ** 2 / spread


def race(outcome: str, rows: pd.DataFrame, per: str) -> Race:
    """Set the mark alone against the gap: which goes with y more closely?

    Args: rows, with perceived, gap, y and account_id, a row a contact (or an account). Whole
    accounts are drawn again for the ranges.
    """
    x = rows[list(SCORES)].to_numpy(dtype=float)
    y = rows[["y"]].to_numpy(dtype=float)
    x, y = x - x.mean(axis=0), y - y.mean(axis=0)
    columns = np.hstack([np.ones((len(x), 1)), x, y, x**2, y**2, x * y])
    _, index = np.unique(rows["account_id"].astype("str"), return_inverse=True)
    sums = np.zeros((int(index.max()) + 1, columns.shape[1]))
    np.add.at(sums, index, columns)
    sums = sums[np.lexsort(sums.round(9).T)]  # names and order of rows have no part in it
    firms = len(sums)
    picks = np.random.default_rng(stats.SEED).multinomial(
        firms, np.full(firms, 1 / firms), size=stats.DRAWS
    )
    own, drawn = 100 * _r_squared(sums.sum(axis=0)), 100 * _r_squared(picks @ sums)
    sizes, errors = (len(rows), len(rows), firms), drawn.std(axis=0, ddof=1)
    one, other = (
        stats.share_from_error(float(v), float(e), *sizes, "%", per)
        for v, e in zip(own, errors, strict=True)
    )
    error = float((drawn[:, 0] - drawn[:, 1]).std(ddof=1))
    ahead = stats.from_error(float(own[0] - own[1]), error, *sizes, "points", per)
    return Race(outcome, per, (one, other), ahead, error)


def races(client: Client) -> tuple[list[Race], list[str]]:
    """The races that can be run, and why the others can't."""
    people = answers.said(client).people
    found, silent = [], []
    would = people.merge(
        answers.would_refer(client)[["person", "y"]], on="person", how="inner", sort=True
    )
    if answers.speaks(would) and np.ptp(would["y"]) > 0:
        found.append(race("would refer", would, "contacts"))
    else:
        silent.append(
            "Would refer: it takes ten people in five accounts who answered both, and who differ."
        )
    if client.has("accounts") and client.has("referrals"):
        means = people.groupby("account_id", sort=True)[list(SCORES)].mean()
        rows = means.join(answers.did_refer(client).rename("y"), how="inner").reset_index()
        rows = rows.rename(columns={"index": "account_id"})
        least = min(rows["y"].sum(), len(rows) - rows["y"].sum())
        if least >= stats.ACCOUNTS_FROM and len(rows) >= stats.SPEAKS_FROM:
            found.append(race("did refer", rows, "accounts"))
        else:
            silent.append(
                "Did refer: it takes five accounts that referred somebody and five that didn't, "
                f"with answers; {words.spelled(int(rows['y'].sum()))} of "
                f"{words.spelled(len(rows))} did."
            )
    else:
        silent.append("Did refer: it needs the tables accounts and referrals.")
    return found, silent


@part
def predicts(client: Client) -> Figure:
    """Which goes with referring more closely: what people get, or what they get less what they
    expect?"""
    found, silent = races(client)
    if not found:
        return absent_figure(LABEL, " ".join(silent))
    p = benjamini_hochberg([r.ahead.p_value(0.0) for r in found])
    rows = [
        [r.outcome, NAMES[score], e.value, e.low, e.high, words.behind(e)]
        for r in found
        for score, e in zip(SCORES, r.scores, strict=True)
    ]
    data = pd.DataFrame(rows, columns=["outcome", "score", "explains", "low", "high", "behind"])
    seen = min(SEEN * r.error for r in found)
    titles = [
        f"{NAMES[SCORES[0] if r.ahead.value > 0 else SCORES[1]]} goes with “{r.outcome}” more "
        f"closely than {NAMES[SCORES[1] if r.ahead.value > 0 else SCORES[0]]} does"
        for r, q in zip(found, p, strict=True)
        if q <= ALPHA
    ]
    title = words.listed(titles) or (
        "No evidence that the gap goes with referring more closely, or less, than the mark alone"
    )
    return Figure(
        title[0].upper() + title[1:],
        "Of 100 parts of how the outcome differs: "
        + "; ".join(
            f"{o}, {s} {words.number(v)} ({words.ends(lo, hi)})" for o, s, v, lo, hi, _ in rows
        )
        + "."
        + "".join(f" {s}" for s in silent),
        " ".join([
            *silent,
            "Of 100 parts of how one differs from the next in referring, how many go with the "
            "mark of what they get, and how many with that mark less what they expect. A "
            f"difference under {words.points(seen)} between the two could easily have been "
            "missed. Neither makes anybody refer: they go together.",
        ]),
        data,
        {"explains": Shown("goes with, of 100", "%"), "low": Shown("from", "%"),
         "high": Shown("to", "%"), "behind": Shown("")},
        lambda: charts.dots(
            [f"{o}: {s}".capitalize() for o, s in zip(data["outcome"], data["score"], strict=True)],
            data["explains"], data["low"], data["high"], data["behind"].to_list(),
        ),
    )  # fmt: skip
