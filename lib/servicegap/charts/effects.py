"""Pictures of what something does, in the one look: differences, before and after."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from servicegap import words
from servicegap.charts import look
from servicegap.charts.look import BELIEF, EVIDENCE, GRID, INK, MUTE, PAPER, TICK

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import ArrayLike


def around_nought(
    labels: Sequence[str], values: ArrayLike, low: ArrayLike, high: ArrayLike,
    notes: Sequence[str], sides: tuple[str, str], unit: str, alone: ArrayLike = (),
    hollow: Sequence[bool] = (),
) -> Figure:  # fmt: skip
    """Differences, one line each, around a line of no difference.

    `sides` say what left and right of it mean; `alone` are small rings under the dots, for figures
    before something was done to them.
    """
    values, low, high, rings = (np.asarray(x, dtype=float) for x in (values, low, high, alone))
    open_ = list(hollow) or [False] * len(labels)
    left, right = _ends(np.concatenate([values, low, high, rings]))
    with look.applied():
        right_edge = 0.71 if any(notes) else 0.93
        figure, ax = look.axes(0.95 + 0.46 * len(labels), left=0.25, right=right_edge, bottom=0.35)
        look.scale(ax, left, right, unit)
        top = len(labels) - 0.42
        ax.plot([0, 0], [-0.55, top], color=MUTE, lw=1.2)
        for at, side, text in ((-0.012, "right", sides[0]), (0.012, "left", sides[1])):
            ax.text(at * (right - left), top + 0.02, text, ha=side, va="bottom", fontsize=8.5,
                    color=MUTE)  # fmt: skip
        for y, i in enumerate(reversed(range(len(labels)))):
            ax.text(1.05, y, look.folded(notes[i], 34), transform=ax.get_yaxis_transform(),
                    va="center", fontsize=8.5, color=MUTE)  # fmt: skip
            if math.isnan(values[i]):
                continue
            look.evidence(ax, y, values[i], low[i], high[i], hollow=open_[i])
            text = words.number(values[i])
            ax.text(values[i], y + 0.17, text, ha="center", va="bottom", fontsize=8.5)
            if len(rings):
                ax.plot(rings[i], y - 0.24, "o", ms=5, mfc=PAPER, mec=TICK, mew=1.3, clip_on=False)
                ax.plot([rings[i], values[i]], [y - 0.24, y], color=TICK, lw=0.8, ls=":")
        ax.set_yticks(range(len(labels)), [look.folded(x, 24) for x in reversed(labels)])
        ax.set_ylim(-0.55, len(labels) - 0.05)
        return figure


def _ends(values: np.ndarray) -> tuple[float, float]:
    """Round ends of a scale that holds all values and nought, with room on either side of it."""
    known = values[np.isfinite(values)]
    low, high = min(float(known.min(initial=0)), 0.0), max(float(known.max(initial=0)), 0.0)
    size = max(high - low, 1e-9)
    step = 10 ** math.floor(math.log10(size)) / 2
    low, high = min(low, -0.25 * size), max(high, 0.25 * size)
    return step * math.floor(low / step), step * math.ceil(high / step)


def back_to_back(
    edges: ArrayLike, up: ArrayLike, down: ArrayLike, names: tuple[str, str],
    allowed: tuple[float, float],
) -> Figure:  # fmt: skip
    """Two groups over one scale, one upwards and one downwards, both in % of their group.

    Outside `allowed` neither counts: there the bars are pale.
    """
    edges, up, down = (np.asarray(x, dtype=float) for x in (edges, up, down))
    middle, width = (edges[:-1] + edges[1:]) / 2, np.diff(edges)
    inside = (middle > allowed[0]) & (middle < allowed[1])
    with look.applied():
        figure, ax = look.axes(2.9, left=0.09, right=0.97, bottom=0.55)
        look.scale(ax, float(edges[0]), float(edges[-1]))
        for heights, sign, tone in ((up, 1, EVIDENCE), (down, -1, TICK)):
            colours = [tone if keep else BELIEF for keep in inside]
            ax.bar(middle, sign * heights, width=0.92 * width, color=colours, lw=0)
        ax.axhline(0, color=MUTE, lw=1)
        most = 1.25 * max(up.max(initial=1), down.max(initial=1))
        for at, name, va in ((0.97, names[0], "top"), (0.03, names[1], "bottom")):
            ax.text(0.99, at, name, transform=ax.transAxes, ha="right", va=va, fontsize=9)
        for at in allowed:
            if edges[0] < at < edges[-1]:
                ax.axvline(at, color=MUTE, lw=1, ls=":")
        ax.set(ylim=(-most, most), ylabel="% of them", xlabel="chance that such a ticket has one")
        ticks = [t for t in ax.get_yticks() if abs(t) <= most]
        ax.set_yticks(ticks, [words.number(abs(t)) for t in ticks])
        return figure


def what_is_left(
    x: ArrayLike, y: ArrayLike, low: ArrayLike, high: ArrayLike, here: tuple[float, float],
    gone: float, unit: str,
) -> Figure:  # fmt: skip
    """How much of a difference is left, the stronger a reason that nobody measured is supposed.

    `here` is what is supposed now (a diamond), `gone` where nothing is left; NaN beyond the scale.
    """
    x, y, low, high = (np.asarray(v, dtype=float) for v in (x, y, low, high))
    with look.applied():
        figure, ax = look.axes(2.9, left=0.1, right=0.95, bottom=0.55)
        look.scale(ax, float(x[0]), float(x[-1]), "times")
        ax.fill_between(x, low, high, color=BELIEF, alpha=0.45, lw=0)
        ax.plot(x, y, color=EVIDENCE, lw=2)
        ax.axhline(0, color=MUTE, lw=1.2)
        if x[0] < gone < x[-1]:
            ax.plot(gone, 0, "o", ms=7, mfc=PAPER, mec=EVIDENCE, mew=1.6, zorder=4)
            ax.annotate(f"nothing left at {words.number(gone, 1)}", (gone, 0), (4, 7),
                        textcoords="offset points", fontsize=8.5, color=EVIDENCE)  # fmt: skip
        ax.plot(*here, "D", ms=7, mfc=PAPER, mec=INK, mew=1.6, zorder=5, clip_on=False)
        ax.annotate(words.number(here[1]), here, (7, 6),
                    textcoords="offset points", fontsize=8.5)  # fmt: skip
        ax.grid(axis="y", color=GRID, lw=0.8)
        most = max(float(np.abs([low[0], high[0]]).max()), 1.0)  # beyond nothing there is nothing
        costs = y[0] >= 0
        ax.set_ylim(*((-0.35 * most, 1.1 * most) if costs else (-1.1 * most, 0.35 * most)))
        ax.set(xlabel="strength of a hidden reason", ylabel=unit)
        return figure


def before_after(
    time: ArrayLike, value: ArrayLike, size: ArrayLike, fitted: ArrayLike, supposed: ArrayLike,
    names: tuple[str, str], unit: str, ends: tuple[float, float] | None,
) -> Figure:  # fmt: skip
    """A point a month before and after a change, the larger the more stands behind it.

    `fitted` is the line through them; `supposed` how it would have gone on without the change.
    """
    time, value, size, line, on = (
        np.asarray(x, dtype=float) for x in (time, value, size, fitted, supposed)
    )
    after = time >= 0
    with look.applied():
        figure, ax = look.axes(3.1, left=0.1, right=0.96, bottom=0.55)
        look.scale(ax, float(np.floor(time.min())), float(np.ceil(time.max()) + 0.2), "months")
        ax.axvline(-0.5, color=MUTE, lw=1.2)
        ax.scatter(time, value, s=14 + 60 * size / max(size.max(), 1), color=EVIDENCE, alpha=0.75,
                   edgecolor=PAPER, zorder=3, clip_on=False)  # fmt: skip
        for side in (after, ~after):
            ax.plot(time[side], line[side], color=EVIDENCE, lw=2)
        ax.plot(time[after], on[after], color=MUTE, lw=1.4, ls="--")
        _heads(ax, names)
        ax.grid(axis="y", color=GRID, lw=0.8)
        if ends:
            ax.set_ylim(*ends)
        ax.set(xlabel="before and after the change", ylabel=unit)
        return figure


def _heads(ax: Axes, names: tuple[str, str]) -> None:
    for offset, side, name in ((-6, "right", names[0]), (6, "left", names[1])):
        ax.annotate(look.shorten(name, 34), (-0.5, 1.0), (offset, -2), textcoords="offset points",
                    xycoords=("data", "axes fraction"), ha=side, va="top", fontsize=9,
                    bbox={"fc": PAPER, "ec": "none", "pad": 1})  # fmt: skip
