"""One look. The same marks mean the same thing in every session, in the report and on the slides.

A grey bar is what the firm believed, its tick the best guess; a dot with a line is the evidence
with its interval; hollow means not settled; an arrow with a number is the gap; the verdict stands
beside it as a word. Titles are not drawn: they are text, above the picture. Every function takes
numbers and returns a drawing; shares are in percent.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.figure import Figure

from servicegap import words
from servicegap.charts import look
from servicegap.charts.look import (
    BAD,
    BELIEF,
    DPI,
    EVIDENCE,
    GOOD,
    GRID,
    INK,
    MUTE,
    PAPER,
    TICK,
    VERDICT_COLOUR,
    WIDTH,
    png,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from numpy.typing import ArrayLike

__all__ = [
    "BAD", "BELIEF", "DPI", "EVIDENCE", "GOOD", "GRID", "INK", "MUTE", "PAPER", "TICK",
    "VERDICT_COLOUR", "WIDTH", "Row", "belief_map", "belief_row", "bounds", "dots", "parts",
    "peer_strip", "png",
]  # fmt: skip


@dataclass(frozen=True)
class Row:
    """One belief beside its evidence, as the belief map draws it. NaN where there is none.

    `gap` is written at the arrow from belief to evidence, `behind` under the verdict.
    """

    label: str
    belief: tuple[float, float, float]
    evidence: tuple[float, float, float]
    verdict: str
    strength: str | None
    behind: str
    gap: str = ""


def belief_map(
    rows: Sequence[Row], ends: tuple[float, float] = (0, 100), unit: str = "%"
) -> Figure:
    """Beliefs against evidence, a line each, on one scale. What isn't in `unit` has its own map."""
    with look.applied():
        figure, ax = look.axes(0.6 + 0.72 * len(rows), left=0.25, right=0.72, bottom=0.35)
        look.scale(ax, *ends, unit)
        for y, row in enumerate(reversed(rows)):
            belief_row(ax, y, row)
        ax.set_yticks(range(len(rows)), [look.folded(r.label, 22) for r in reversed(rows)])
        ax.set_ylim(-0.5, len(rows) - 0.3)
        return figure


def belief_row(ax: Axes, y: int, row: Row) -> None:
    value, low, high = row.belief
    if not math.isnan(value):
        low, high = (value if math.isnan(x) else x for x in (low, high))
        ax.barh(y, high - low, left=low, height=0.46, color=BELIEF, alpha=0.55, lw=0)
        ax.plot([value] * 2, [y - 0.23, y + 0.23], color=TICK, lw=2, solid_capstyle="butt")
    colour = VERDICT_COLOUR.get(row.verdict, EVIDENCE)
    settled = row.strength == "clear" or row.verdict == "well judged"
    if not math.isnan(row.evidence[1]):
        look.evidence(ax, y, *row.evidence, colour=colour, hollow=not settled)
        if row.verdict in VERDICT_COLOUR:
            look.arrow(ax, y + 0.34, (value, row.evidence[0]), row.gap, colour, settled)
    weight = 600 if row.strength == "clear" else 400
    word = row.verdict + (", leaning" if row.strength == "leaning" else "")
    side = ax.get_yaxis_transform()
    ax.text(1.03, y + 0.06, word, transform=side, va="bottom", weight=weight, family=look.font(),
            color=VERDICT_COLOUR.get(row.verdict, INK))  # fmt: skip
    behind = row.behind if len(row.behind) <= 30 else row.behind.replace(" in ", "\nin ", 1)
    ax.text(1.03, y - 0.06, behind, transform=side, va="top", fontsize=8, color=MUTE)


def dots(
    labels: Sequence[str],
    values: ArrayLike,
    low: ArrayLike | None = None,
    high: ArrayLike | None = None,
    notes: Sequence[str] = (),
    hollow: Sequence[bool] = (),
    ends: tuple[float, float] = (0, 100),
) -> Figure:
    """Shares, one line each, with their intervals where there are any, the value above the dot."""
    values = np.asarray(values, dtype=float)
    lows, highs = (values if x is None else np.asarray(x, dtype=float) for x in (low, high))
    notes, open_ = list(notes) or [""] * len(labels), list(hollow) or [False] * len(labels)
    with look.applied():
        figure, ax = look.axes(0.65 + 0.42 * len(labels), left=0.29, right=0.69, bottom=0.35)
        look.scale(ax, *ends)
        for y, i in enumerate(reversed(range(len(labels)))):
            look.evidence(ax, y, values[i], lows[i], highs[i], hollow=open_[i])
            if not math.isnan(values[i]):
                said = words.shortest(values[i], words.decimals(values[i]))
                ax.text(values[i], y + 0.2, said, ha="center", va="bottom", fontsize=8.5)
            ax.text(1.06, y, look.noted(notes[i], 35), transform=ax.get_yaxis_transform(),
                    va="center", fontsize=8.5, color=MUTE)  # fmt: skip
        ax.set_yticks(range(len(labels)), [look.folded(x, 28) for x in reversed(labels)])
        ax.set_ylim(-0.5, len(labels) - 0.3)
        return figure


def parts(labels: Sequence[str], sizes: ArrayLike, colours: Sequence[str]) -> Figure:
    """One whole and its parts, each named at the place where it stands."""
    shares = np.asarray(sizes, dtype=float) / max(float(np.sum(sizes)), 1e-9)
    edges = np.concatenate([[0], np.cumsum(shares)])
    with look.applied():
        figure, ax = look.axes(1.4, left=0.03, right=0.97, bottom=0.1)
        for i, label in enumerate(labels):
            ax.barh(0, shares[i], left=edges[i], height=0.5, color=colours[i], lw=0)
            if shares[i]:
                at, side = (edges[i], "left") if edges[i] < 0.75 else (edges[i + 1], "right")
                up = i % 2 == 0
                ax.text(at, 0.34 if up else -0.34, look.shorten(label), ha=side,
                        va="bottom" if up else "top", fontsize=9)  # fmt: skip
        ax.set(xlim=(0, 1), ylim=(-0.75, 0.75), xticks=[], yticks=[])
        return figure


def bounds(
    value: tuple[float, float, float],
    worst: float,
    best: float,
    assumed: float | None,
    assumption: str = "as assumed",
) -> Figure:
    """What was heard, and how far the silent could move it either way."""
    with look.applied():
        figure, ax = look.axes(1.75, left=0.21, right=0.95, bottom=0.35)
        look.scale(ax)
        ax.barh(0, best - worst, left=worst, height=0.34, color=BELIEF, alpha=0.55, lw=0)
        look.evidence(ax, 1, *value)
        ax.text(value[0], 1.2, words.number(value[0]), ha="center", va="bottom", fontsize=8.5)
        ends = [
            (worst, "left", f"worst {words.number(worst)}"),
            (best, "right", f"best {words.number(best)}"),
        ]
        if best - worst < 20:  # no room for two under the bar
            ends = [((worst + best) / 2, "center", ", ".join(text for _, _, text in ends))]
        for at, side, text in ends:
            ax.text(at, -0.27, text, ha=side, va="top", fontsize=8.5, color=MUTE)
        if assumed is not None:
            ax.plot(assumed, 0, "D", ms=7, mfc=PAPER, mec=INK, mew=1.6, zorder=4, clip_on=False)
            ax.text(
                assumed, 0.27, f"{assumption} {words.number(assumed)}", ha="center", fontsize=8.5
            )
        ax.set_yticks([1, 0], ["those who answered", "everybody"])
        ax.set_ylim(-0.7, 1.55)
        return figure


def peer_strip(peers: ArrayLike, good_from: float, own: tuple[float, float, float]) -> Figure:
    """Every peer a dot, the good ones dark, and the client with its interval above them."""
    import seaborn as sns

    values = np.sort(np.asarray(peers, dtype=float))
    good = values >= good_from
    with look.applied():
        figure, ax = look.axes(2.1, left=0.16, right=0.95, bottom=0.4)
        reach = [min(values.min(), own[1]) - 3, max(values.max(), own[2]) + 3]
        low, high = 10 * math.floor(reach[0] / 10), 10 * math.ceil(reach[1] / 10)
        look.scale(ax, max(0, low), min(100, high))
        ax.axvspan(good_from, ax.get_xlim()[1], color=GRID, alpha=0.6, lw=0)
        sns.scatterplot(
            x=values, y=np.zeros(len(values)), hue=good, palette={True: EVIDENCE, False: BELIEF},
            s=75, legend=False, edgecolor=PAPER, ax=ax, zorder=3, clip_on=False,
        )  # fmt: skip
        mean = float(np.mean(values))
        ax.plot([mean, mean], [-0.25, 0.3], color=MUTE, lw=1, ls=":")
        ax.text(mean, 0.34, "average", fontsize=8, color=MUTE, ha="center", va="bottom")
        look.evidence(ax, 1, *own, colour=INK)
        right = good_from > (ax.get_xlim()[0] + 3 * ax.get_xlim()[1]) / 4
        ax.text(good_from, 1.6, "the good ones ", fontsize=8.5, color=MUTE, va="top",
                ha="right" if right else "left")  # fmt: skip
        ax.set_yticks([1, 0], ["you", "firms like you"])
        ax.set(ylim=(-0.5, 1.65), xlabel="", ylabel="")
        return figure
