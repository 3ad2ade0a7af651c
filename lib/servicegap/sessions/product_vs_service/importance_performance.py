"""What matters to people, and how pleased they are with it: the map of Martilla and James."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from servicegap import stats, words
from servicegap.charts import drivers as driver_charts
from servicegap.client import Client
from servicegap.findings import Figure, Shown, absent_figure, part
from servicegap.sessions.product_vs_service import answers

CORNERS = ("keep", "concentrate", "overkill", "low")
IN_WORDS = {
    "keep": "keep it up",
    "concentrate": "mend first",
    "overkill": "perhaps too much",
    "low": "leave for now",
}
FEW_ITEMS = 4  # with fewer there is no map to speak of


def corners(
    importance: ArrayLike, performance: ArrayLike, cross: tuple[ArrayLike, ArrayLike] | None = None
) -> NDArray:
    """Which corner of the map each item is in (Martilla and James 1977).

    Args: importance and performance, shape (items, …); cross, where the lines stand: the means of
    the items, unless others are given (the map changes with them, so say which).
    Returns: numbers into CORNERS, same shape.
    """
    x, y = np.asarray(importance, dtype=float), np.asarray(performance, dtype=float)
    if cross is None:
        cross = (x.mean(axis=0), y.mean(axis=0))
    matters, pleases = x >= np.asarray(cross[0]), y >= np.asarray(cross[1])
    return np.where(matters, np.where(pleases, 0, 1), np.where(pleases, 2, 3))


@dataclass(frozen=True)
class Map:
    """Every item with enough answers: % who call it important, % who are pleased, and its corner.

    `items` has item, text, side, important, pleased, corner, sure (the chance, from a bootstrap by
    account, that it belongs there) and people.
    """

    items: pd.DataFrame
    cross: tuple[float, float]
    people: int
    accounts: int


def item_map(client: Client, draws: int = 2_000) -> Map:
    """Count who calls each item important and who is pleased with it.

    Important and pleased are the satisfied box of the survey's scale. Items whose answers come
    from fewer than ten people or five accounts stay out.
    """
    said = answers.marks(client)
    frame = said.frame[said.frame["importance"].notna() & said.frame["perceived"].notna()]
    base = frame.groupby("item_id", observed=True).agg(
        people=("person", "nunique"), accounts=("account_id", "nunique")
    )
    enough = base[(base.people >= stats.SPEAKS_FROM) & (base.accounts >= stats.ACCOUNTS_FROM)]
    kept = [item for item in said.items().index if item in enough.index]
    frame = frame[frame["item_id"].isin(kept)]
    counts = np.stack([
        _by_account(frame, frame[column] >= said.scale.satisfied, kept)
        for column in ("importance", "perceived")
    ] + [_by_account(frame, frame["perceived"].notna(), kept)])  # fmt: skip
    if kept:
        flat = counts.transpose(1, 0, 2).reshape(counts.shape[1], -1)
        counts = counts[:, np.lexsort(flat.T)]
    firms = max(counts.shape[1], 1)
    picks = np.random.default_rng(stats.SEED).multinomial(
        counts.shape[1], np.full(firms, 1 / firms), size=draws
    )
    important, pleased = _shares(counts.sum(axis=1))
    drawn = _shares(np.einsum("dg,cgi->cid", picks[:, : counts.shape[1]], counts))
    corner = corners(important, pleased) if kept else np.array([], dtype=int)
    sure = (corners(*drawn) == corner[:, None]).mean(axis=1) if kept else np.array([])
    texts = frame.groupby("item_id", observed=True)["text"].first().reindex(kept)
    items = pd.DataFrame(
        {
            "item": kept,
            "text": texts.astype("str").to_list(),
            "side": said.items().reindex(kept).to_list(),
            "important": important,
            "pleased": pleased,
            "corner": [CORNERS[c] for c in corner],
            "sure": sure,
            "people": enough["people"].reindex(kept).to_list(),
        }
    )
    cross = (float(items["important"].mean()), float(items["pleased"].mean()))
    return Map(items, cross, frame["person"].nunique(), frame["account_id"].nunique())


def _by_account(frame: pd.DataFrame, flag: pd.Series, items: list[str]) -> NDArray:
    """How often `flag` is true, by account and item: (accounts, items)."""
    wide = frame.assign(flag=flag.astype(float)).pivot_table(
        index="account_id", columns="item_id", values="flag", aggfunc="sum", observed=True
    )
    return wide.reindex(columns=items).fillna(0.0).to_numpy()


def _shares(counts: NDArray) -> tuple[NDArray, NDArray]:
    """Percent important and percent pleased from the three counts; the middle where nobody is."""
    total = counts[2]
    there = np.where(total > 0, total, 1.0)
    important, pleased = (100 * np.where(total > 0, counts[i] / there, 0.5) for i in (0, 1))
    return important, pleased


@part
def importance_performance(client: Client) -> Figure:
    """What matters to people and pleases them less than the rest, and what is the other way?"""
    found = item_map(client)
    items = found.items
    if len(items) < FEW_ITEMS:
        why = "It takes four questions that ten people in five accounts each have answered."
        return absent_figure("importance and performance", why)
    sure = items["sure"] >= stats.LIKELY
    mend = items[sure & (items["corner"] == "concentrate")]
    perhaps = int((~sure & (items["corner"] == "concentrate")).sum())
    if len(mend):
        many = len(mend) > 1
        title = (
            f"{words.spelled(len(mend)).capitalize()} "
            f"{'things matter' if many else 'thing matters'} more than most and "
            f"{'please' if many else 'pleases'} less"
        )
    elif perhaps:
        title = "Nothing is surely in the corner to mend first; a few things may be"
    else:
        title = "Nothing that matters more than most pleases less than most"
    worst = mend.sort_values(["pleased", "item"])
    named = [
        f"“{_short(text)}” ({side})"
        for text, side in zip(worst["text"], worst["side"], strict=True)
    ]
    others = f" and {words.count(len(named) - 4, 'other')}" if len(named) > 4 else ""
    told = "; ".join(
        f"{IN_WORDS[c]}: "
        + (words.listed([_short(t) for t in items.loc[items["corner"] == c, "text"]]) or "nothing")
        for c in CORNERS
    )
    return Figure(
        title,
        f"{told}. The lines stand at {words.number(found.cross[0])} % who call it important and "
        f"{words.number(found.cross[1])} % who are pleased, the means of {len(items)} questions; n "
        "= "
        f"{words.count(found.people, 'contact')} in {words.count(found.accounts, 'account')}.",
        (f"To mend first: {words.listed(named[:4])}{others}. " if named else "")
        + "Filled dots belong to their corner with a chance of nine in ten or more; hollow ones "
        "could as well lie next door. The lines are the averages of your own questions, so "
        "something is always on the wrong side of them, in the best of firms too.",
        items[["text", "side", "important", "pleased", "corner", "sure", "people"]].assign(
            corner=items["corner"].map(IN_WORDS), sure=100 * items["sure"]
        ),
        {"text": Shown("question"), "important": Shown("call it important", "%"),
         "pleased": Shown("are pleased", "%"), "sure": Shown("chance of that corner", "%"),
         "people": Shown("contacts")},
        lambda: driver_charts.corner_map(
            items["important"], items["pleased"], found.cross,
            [_short(t) if c == "concentrate" or s else ""
             for t, c, s in zip(items["text"], items["corner"], sure, strict=True)],
            ("% who call it important", "% who are pleased with it"),
            ("keep it up", "mend first", "perhaps too much", "leave for now"), sure.to_list(),
            [driver_charts.SIDE_MARKS[side] for side in items["side"]],
            [c == "concentrate" for c in items["corner"]],
        ),
    )  # fmt: skip


def _short(text: str) -> str:
    """A question without its full stop."""
    return " ".join(text.split()).rstrip(".")
