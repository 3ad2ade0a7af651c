"""Pictures of moments, in the one look: two-sided marks, the journey, and who had a story when."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from servicegap.charts import look
from servicegap.charts.look import BAD, BELIEF, EVIDENCE, GRID, INK, MUTE, PAPER

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from numpy.typing import ArrayLike

Marks = tuple["ArrayLike", "ArrayLike", "ArrayLike"]  # value, low, high; NaN where there is none


def two_sided(
    labels: Sequence[str], left: Marks, right: Marks, notes: Sequence[str],
    hollow: Sequence[bool], heads: tuple[str, str], unit: str = "%", apart: bool = False,
) -> Figure:  # fmt: skip
    """What counts against a thing (left of nought) and for it (right), a line each.

    `left` and `right` are in percent or points, each with the ends of its interval; `heads` names
    the two sides, above the first line. `apart` draws the left side above the right one and in the
    colour of its name, for intervals that may cross nought.
    """
    sides = [[np.asarray(x, dtype=float) for x in side] for side in (left, right)]
    every = np.concatenate([np.abs(x[np.isfinite(x)]) for side in sides for x in side])
    reach = min(100, 20 * math.ceil(max(every.max(initial=0.0), 10) / 20))
    lifts, colours = ((0.16, -0.16), (BAD, EVIDENCE)) if apart else ((0, 0), (EVIDENCE, EVIDENCE))
    with look.applied():
        figure, ax = look.axes(
            0.95 + (0.5 if apart else 0.4) * len(labels), left=0.3, right=0.72, bottom=0.35
        )
        look.scale(ax, -reach, reach, unit)
        ax.axvline(0, color=MUTE, lw=1.2)
        rows = np.arange(len(labels))[::-1]
        for (value, low, high), lift, colour in zip(sides, lifts, colours, strict=True):
            known = np.isfinite(value)
            ax.hlines(rows[known] + lift, 0, value[known], colors=BELIEF, lw=1, zorder=1)
            look.evidence(ax, rows[known] + lift, value[known], low[known], high[known],
                          np.asarray(hollow, dtype=bool)[known], colour)  # fmt: skip
        for row, note, open_ in zip(rows, notes, hollow, strict=True):
            ax.text(1.05, row, look.folded(note, 32), transform=ax.get_yaxis_transform(),
                    va="center", fontsize=8.5, color=MUTE if open_ else INK,
                    linespacing=1.05)  # fmt: skip
        for at, text, side, colour in zip(
            (-0.03, 0.03), (f"{heads[0]} ←", f"→ {heads[1]}"), ("right", "left"), colours,
            strict=True,
        ):  # fmt: skip
            ax.text(at * reach, len(labels) - 0.35, text, ha=side, va="bottom", fontsize=8.5,
                    color=colour if apart else MUTE)  # fmt: skip
        ax.set_yticks(
            range(len(labels)), [look.folded(x, 28) for x in reversed(labels)], fontsize=8.5
        )
        ax.set_ylim(-0.5, len(labels) + 0.05)
        return figure


def journey(
    labels: Sequence[str], stages: Sequence[str], told: ArrayLike, noted: ArrayLike,
    kinds: Sequence[str], ends: Sequence[bool],
) -> Figure:  # fmt: skip
    """Moments in their order, from the first to the last, with a dot for every story.

    `told` counts stories that clients told (filled), `noted` those that staff wrote down (hollow);
    `kinds` is what a moment is, in words; `ends` marks the last moment of a stage.
    """
    filled, hollow = (np.asarray(x, dtype=int) for x in (told, noted))
    most = max(int((filled + hollow).max(initial=0)), 5)
    with look.applied():
        figure, ax = look.axes(0.75 + 0.33 * len(labels), left=0.44, right=0.78, bottom=0.35)
        ax.set_xlim(0.3, most + 0.7)
        ticks = [t for t in range(1, most + 1) if most <= 10 or t % 5 == 0]
        ax.set_xticks(ticks, [*map(str, ticks[:-1]), f"{ticks[-1]} stories"])
        for i, stage in enumerate(stages):
            y = len(labels) - 1 - i
            if i == 0 or stage != stages[i - 1]:
                ax.axhline(y + 0.5, color=GRID, lw=1, xmin=-1.2, clip_on=False)
                ax.text(-1.28, y, look.shorten(stage, 12), transform=ax.get_yaxis_transform(),
                        fontsize=8.5, color=MUTE, va="center", style="italic")  # fmt: skip
            at = np.arange(1, filled[i] + hollow[i] + 1)
            ax.plot(at[: filled[i]], [y] * filled[i], "o", ms=8, color=EVIDENCE, clip_on=False)
            ax.plot(at[filled[i] :], [y] * hollow[i], "o", ms=8, mfc=PAPER, mec=EVIDENCE, mew=1.6,
                    clip_on=False)  # fmt: skip
            mark = "■ " if ends[i] else ""
            ax.text(1.05, y, f"{mark}{kinds[i]}", transform=ax.get_yaxis_transform(), va="center",
                    fontsize=8.5, color=MUTE)  # fmt: skip
        ax.set_yticks(
            range(len(labels)), [look.shorten(x, 42) for x in reversed(labels)], fontsize=8.5
        )
        ax.set_ylim(-0.6, len(labels) - 0.3)
        return figure


def grid(rows: Sequence[str], columns: Sequence[str], counts: ArrayLike) -> Figure:
    """How often something happened, by row and column: a dot as large as the count, and the count.

    An empty place is a small grey dot.
    """
    table = np.asarray(counts, dtype=int)
    with look.applied():
        figure, ax = look.axes(0.75 + 0.36 * len(rows), left=0.38, right=0.95, bottom=0.1)
        figure.subplots_adjust(top=1 - 0.4 / (0.75 + 0.36 * len(rows)))
        for i in range(len(rows)):
            y = len(rows) - 1 - i
            for j, n in enumerate(table[i]):
                if not n:
                    ax.plot(j, y, "o", ms=3, color=BELIEF)
                    continue
                ax.plot(j, y, "o", ms=13, color=EVIDENCE)
                ax.text(j, y, str(n), ha="center", va="center_baseline", fontsize=8.5, color=PAPER)
        ax.set_xticks(range(len(columns)), columns)
        ax.xaxis.tick_top()
        ax.set_yticks(range(len(rows)), [look.shorten(x, 34) for x in reversed(rows)], fontsize=8.5)
        ax.set(xlim=(-0.5, len(columns) - 0.5), ylim=(-0.6, len(rows) - 0.4))
        return figure
