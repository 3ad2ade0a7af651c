"""Pictures of what is expected and what is got, in the one look. Marks on the survey's scale."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from servicegap import words
from servicegap.charts import look
from servicegap.charts.look import BAD, EVIDENCE, GOOD, GRID, INK, MUTE, PAPER, TICK

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import ArrayLike

STEPS = ("you think they expect", "your standard", "delivered", "perceived")


def _marks(values: ArrayLike, ends: tuple[float, float]) -> tuple[float, float]:
    """Ends of a scale of marks that hold the values with some room, inside the scale's own."""
    x = np.asarray(values, dtype=float)
    x = x[np.isfinite(x)]
    pad = max(0.12 * float(np.ptp(x)), 0.02 * (ends[1] - ends[0]))
    return max(ends[0], float(x.min()) - pad), min(ends[1], float(x.max()) + pad)


def zones(
    labels: Sequence[str], minimum: ArrayLike, expected: ArrayLike, perceived: ArrayLike,
    low: ArrayLike, high: ArrayLike, notes: Sequence[str], hollow: Sequence[bool],
    ends: tuple[float, float],
) -> Figure:  # fmt: skip
    """What is perceived (dot), on the zone from the least that would do to what is expected.

    `low` and `high` are the ends of the dot's line; a missing minimum leaves the tick of what is
    expected. `ends` are those of the scale.
    """
    least, wished, got, lows, highs = (
        np.asarray(x, dtype=float) for x in (minimum, expected, perceived, low, high)
    )
    with look.applied():
        figure, ax = look.axes(0.85 + 0.56 * len(labels), left=0.17, right=0.72, bottom=0.35)
        look.scale(ax, *_marks([*least, *wished, *got, *lows, *highs], ends), "mark")
        for y, i in enumerate(reversed(range(len(labels)))):
            if not math.isnan(least[i]):
                ax.barh(y, wished[i] - least[i], left=least[i], height=0.44, color=GRID, lw=0)
                ax.plot([least[i]] * 2, [y - 0.22, y + 0.22], color=TICK, lw=1.2)
            ax.plot([wished[i]] * 2, [y - 0.22, y + 0.22], color=TICK, lw=2.4)
            look.evidence(ax, y, got[i], lows[i], highs[i], hollow=hollow[i])
            ax.text(1.05, y, notes[i], transform=ax.get_yaxis_transform(), va="center",
                    fontsize=8.5, color=MUTE)  # fmt: skip
        top = len(labels) - 0.74
        for at, name, side in ((least[0], "the least ", "left"), (wished[0], "expected", "center")):
            if not math.isnan(at):
                ax.text(at, top, name, ha=side, va="bottom", fontsize=8.5, color=TICK)
        ax.set_yticks(
            range(len(labels)), [look.folded(x.capitalize(), 20) for x in reversed(labels)]
        )
        ax.set_ylim(-0.5, len(labels) - 0.3)
        return figure


def waterfall(
    labels: Sequence[str], levels: ArrayLike, settled: ArrayLike, ends: tuple[float, float]
) -> Figure:
    """From what is expected, step by step, down (or up) to what is perceived; a block a label.

    `levels` has five columns: expected, then those of STEPS; `settled` four, whether a step is
    more than what luck explains (else its bar is pale).
    """
    x, sure = np.asarray(levels, dtype=float), np.asarray(settled, dtype=bool)
    high = 6 * len(labels)
    with look.applied():
        figure, ax = look.axes(0.55 + 0.185 * high, left=0.34, right=0.9, bottom=0.35)
        look.scale(ax, *_marks(x.ravel(), ends), "mark")
        ticks, names = [], []
        for i, label in enumerate(labels):
            top = high - 6 * i - 1
            ax.plot(x[i, 0], top, "D", ms=6, mfc=PAPER, mec=INK, mew=1.5, zorder=4, clip_on=False)
            ticks.append(top)
            names.append(f"{label.capitalize()}: expected")
            for s, step in enumerate(STEPS, 1):
                _step(ax, top - s, x[i, s - 1], x[i, s], bool(sure[i, s - 1]))
                ticks.append(top - s)
                names.append(step)
            ax.plot(x[i, 4], top - 4, "o", ms=7, color=EVIDENCE, zorder=5, clip_on=False)
            if i:
                ax.axhline(top + 1, color=GRID, lw=0.8)
        ax.set_yticks(ticks, names, fontsize=8.5)
        for tick, name in zip(ax.get_yticklabels(), names, strict=True):
            if name.endswith(": expected"):
                tick.set(family=look.font(), fontweight=600)
        ax.set_ylim(0, high)
        return figure


def _step(ax: Axes, y: float, start: float, end: float, sure: bool) -> None:
    """One step of a waterfall: a bar from where it begins to where it ends, with its size."""
    colour = BAD if end < start else GOOD
    ax.barh(y, end - start, left=start, height=0.62, color=colour, alpha=0.9 if sure else 0.35,
            lw=0)  # fmt: skip
    ax.plot([start] * 2, [y - 0.31, y + 1.0], color=MUTE, lw=0.8, zorder=1)
    down = end < start
    text = f"{end - start:+.1f}".replace("-", "\u2212")
    text = "0.0" if text in ("+0.0", "\u22120.0") else text
    ax.annotate(text, (end, y), (-5 if down else 7, 0), textcoords="offset points", va="center",
                ha="right" if down else "left", fontsize=8, color=colour)  # fmt: skip


def months(
    names: Sequence[str], rows: Sequence[tuple[str, ArrayLike, float, float, float]],
) -> Figure:  # fmt: skip
    """Series by month, one above the other, each with its centre and limits (XmR).

    `rows` are (label, values, centre, low, high); NaN where a month has no value. Points outside
    the limits are ringed and stand out.
    """
    with look.applied():
        figure, axes = _stacked(len(rows))
        at = np.arange(len(names))
        for ax, (label, values, centre, low, high) in zip(axes, rows, strict=True):
            y = np.asarray(values, dtype=float)
            there = np.isfinite(y)
            ax.axhspan(low, high, color=GRID, alpha=0.6, lw=0)
            ax.axhline(centre, color=MUTE, lw=1, ls=":")
            ax.plot(at[there], y[there], "-", color=EVIDENCE, lw=1.2)
            ax.plot(at[there], y[there], "o", ms=5, color=EVIDENCE)
            odd = there & ((y > high) | (y < low))
            ax.plot(at[odd], y[odd], "o", ms=10, mfc="none", mec=BAD, mew=1.8)
            ax.text(1.01, centre, words.number(centre, 1), va="center", fontsize=8.5,
                    transform=ax.get_yaxis_transform(), color=MUTE)  # fmt: skip
            ax.set_ylabel(look.shorten(label, 22))
            ax.spines[:].set_visible(False)
            ax.tick_params(length=0)
            ax.margins(y=0.15)
        every = max(1, math.ceil(len(names) / 8))
        axes[-1].set_xticks(at[::every], list(names)[::every])
        for ax in axes[:-1]:
            ax.tick_params(labelbottom=False)
        return figure


def _stacked(n: int) -> tuple[Figure, list[Axes]]:
    from matplotlib.figure import Figure as Drawing

    from servicegap.charts import WIDTH

    height = 0.4 + 1.7 * n
    figure = Drawing(figsize=(WIDTH, height))
    figure.subplots_adjust(left=0.1, right=0.93, top=1 - 0.12 / height, bottom=0.35 / height,
                           hspace=0.16)  # fmt: skip
    return figure, list(np.atleast_1d(figure.subplots(n, 1, sharex=True)))
