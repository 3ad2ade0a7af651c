"""Pictures of a desk at work, in the one look: speed beside what comes of it, and waiting.

As in charts.py: a dot with a line is evidence with its interval, hollow means not settled, a small
ring is what was counted before like was set beside like. Shares are in percent; times in hours.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from servicegap import words
from servicegap.charts import look
from servicegap.charts.groups import _beside
from servicegap.charts.look import BELIEF, EVIDENCE, GRID, INK, MUTE, PAPER, TICK

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import ArrayLike

_TIMES = (1 / 60, 2 / 60, 5 / 60, 0.25, 0.5, 1, 2, 4, 8, 16, 24, 48, 96, 168, 336, 720)
_COUNTS = (0.5, 1, 2, 3, 5, 10, 20, 50)


def _log_ticks(low: float, high: float, steps: Sequence[float]) -> list[float]:
    """Round figures between two ends (logarithms), at most six or so."""
    from matplotlib.ticker import MaxNLocator

    fit = [s for s in steps if low <= math.log(s) <= high]
    if len(fit) < 3:
        a, b = math.exp(low), math.exp(high)
        scale = 60 if b < 1 and steps is _TIMES else 1  # minutes, where it is all under an hour
        fit = [t / scale for t in MaxNLocator(5).tick_values(a * scale, b * scale)]
        fit = [t for t in fit if a <= t <= b]
    return fit[:: max(1, math.ceil(len(fit) / 6))]


def _log_axis(
    ax: Axes, ends: tuple[float, float], say: Callable[[float], str], timed: bool = True
) -> None:
    """An axis of times (or counts) by their logarithm, with ticks that people use."""
    ticks = _log_ticks(min(ends), max(ends), _TIMES if timed else _COUNTS)
    ax.set_xlim(*ends)
    ax.set_xticks([math.log(t) for t in ticks], [say(t) for t in ticks])
    ax.grid(axis="x", color=GRID, lw=0.8)


def quadrants(
    labels: Sequence[str],
    speed: tuple[ArrayLike, ArrayLike, ArrayLike],
    good: tuple[ArrayLike, ArrayLike, ArrayLike],
    raw: tuple[ArrayLike, ArrayLike],
    cross: tuple[float, float],
    axes: tuple[str, str],
    say: Callable[[float], str],
    hollow: Sequence[bool],
    timed: bool = True,
) -> Figure:
    """Groups by how fast they are (the faster, the further right) and what comes of it.

    Args: speed, (value, low, high) as logarithms; good, the same in percent; raw, both as counted;
    cross, where all together stand; say, how a tick is written; hollow, not settled.
    """
    (x, left, right), (y, low, high) = (
        tuple(np.asarray(v, dtype=float) for v in part) for part in (speed, good)
    )
    from matplotlib.ticker import MaxNLocator

    rx, ry = (np.asarray(v, dtype=float) for v in raw)
    with look.applied():
        figure, ax = look.axes(4.1, left=0.1, right=0.97, bottom=0.55)
        wide = np.concatenate([left, right, rx, cross[0] + np.array([-0.35, 0.35])])
        pad = max(0.12 * float(np.ptp(wide)), 0.08)
        ends = float(wide.max()) + pad, float(wide.min()) - pad  # fast is on the right
        tall = np.concatenate([low, high, ry, [cross[1]]])
        room = max(0.14 * float(np.ptp(tall)), 4.0)
        bottom, top = max(float(tall.min()) - room, -4.0), min(float(tall.max()) + room, 104.0)
        _log_axis(ax, ends, say, timed)
        ax.set_ylim(bottom, top)
        ax.plot([cross[0]] * 2, [bottom, top], color=BELIEF, lw=1.2)
        ax.plot(ends, [cross[1]] * 2, color=BELIEF, lw=1.2)
        for (u, v), name in zip(
            ((0.995, 0.985), (0.995, 0.015), (0.005, 0.985), (0.005, 0.015)),
            ("fast and good", "fast, not good", "slow but good", "slow, not good"),
            strict=True,
        ):
            side, end = "right" if u > 0.5 else "left", "top" if v > 0.5 else "bottom"
            ax.text(u, v, name, transform=ax.transAxes, fontsize=9, color=MUTE, style="italic",
                    ha=side, va=end)  # fmt: skip
        for i in range(len(x)):
            ax.plot([left[i], right[i]], [y[i]] * 2, color=EVIDENCE, lw=1.4, alpha=0.55)
            ax.plot([x[i]] * 2, [low[i], high[i]], color=EVIDENCE, lw=1.4, alpha=0.55)
            ax.plot([rx[i], x[i]], [ry[i], y[i]], color=TICK, lw=0.8, ls=":", zorder=2)
            ax.plot(rx[i], ry[i], "o", ms=5, mfc=PAPER, mec=TICK, mew=1.3, zorder=2)
            ax.plot(x[i], y[i], "o", ms=8, mfc=PAPER if hollow[i] else EVIDENCE, mec=EVIDENCE,
                    mew=1.6, zorder=4)  # fmt: skip
        _name_dots(ax, x, y, labels)
        ax.set_xlabel(f"{axes[0]} (the faster, the further right)", labelpad=3)
        ax.set_ylabel(axes[1])
        ax.yaxis.set_major_locator(MaxNLocator(6, integer=True))
        ax.tick_params(labelsize=8.5)
        return figure


def _name_dots(ax: Axes, x: np.ndarray, y: np.ndarray, labels: Sequence[str]) -> None:
    """Write each name beside its dot, clear of the other dots and names where it can be.

    A thin line leads from a name to its dot, since the nearest dot may be another one's.
    """
    (start, end), (bottom, top) = ax.get_xlim(), ax.get_ylim()
    u, v = (x - start) / (end - start), 100 * (y - bottom) / (top - bottom)
    names = [look.shorten(label, 22) for label in labels]
    for i, ((at, level, side), name) in enumerate(zip(_beside(u, v, names), names, strict=True)):
        ax.plot([at, u[i]], [level / 100, v[i] / 100], transform=ax.transAxes, color=INK, lw=0.7,
                zorder=3)  # fmt: skip
        ax.text(at, level / 100, name, ha=side, va="center", fontsize=8.8, color=INK,
                transform=ax.transAxes, zorder=5,
                bbox=look.UNDER_A_NAME)  # fmt: skip


def waits(
    labels: Sequence[str],
    half: ArrayLike,
    low: ArrayLike,
    high: ArrayLike,
    most: ArrayLike,
    notes: Sequence[str],
    say: Callable[[float], str],
) -> Figure:
    """How long half of them wait (dot with its interval), and nine in ten (tick). In hours."""
    half, low, high, most = (np.asarray(v, dtype=float) for v in (half, low, high, most))
    floor = 1 / 120
    inside = [np.log(np.maximum(v, floor)) for v in (half, low, high, most)]
    with look.applied():
        figure, ax = look.axes(0.75 + 0.5 * len(labels), left=0.2, right=0.74, bottom=0.35)
        wide = np.concatenate(inside)
        _log_axis(ax, (float(wide.min()) - 0.4, float(wide.max()) + 0.4), say)
        for y, i in enumerate(reversed(range(len(labels)))):
            look.evidence(ax, y, inside[0][i], inside[1][i], inside[2][i])
            ax.text(inside[0][i], y + 0.2, say(half[i]), ha="center", va="bottom", fontsize=8.5)
            ax.plot([inside[3][i]] * 2, [y - 0.18, y + 0.18], color=TICK, lw=2)
            ax.text(1.04, y, look.noted(notes[i], 34), transform=ax.get_yaxis_transform(),
                    va="center", fontsize=8.5, color=MUTE)  # fmt: skip
        ax.text(inside[3][0], len(labels) - 0.75, "nine in ten", ha="center", va="bottom",
                fontsize=8.5, color=TICK)  # fmt: skip
        ax.set_yticks(range(len(labels)), [look.folded(x, 18) for x in reversed(labels)])
        ax.set_ylim(-0.5, len(labels) - 0.25)
        return figure


def dose(
    time: ArrayLike,
    share: ArrayLike,
    low: ArrayLike,
    high: ArrayLike,
    line: tuple[ArrayLike, ArrayLike],
    bend: tuple[float, float, float],
    average: float,
    axes: tuple[str, str],
    say: Callable[[float], str],
    hollow: bool,
) -> Figure:
    """Marks by how long it took, band by band, with a line where one is settled.

    Args: time, hours, one a band; share, low and high in percent; line, (hours, percent), empty
    where nothing is settled; bend, from which point on speed buys nothing, with its interval (NaN
    where there is none); average, of all.
    """
    x = np.log(np.asarray(time, dtype=float))
    y, lows, highs = (np.asarray(v, dtype=float) for v in (share, low, high))
    with look.applied():
        figure, ax = look.axes(3.5, left=0.1, right=0.97, bottom=0.55)
        pad = 0.08 * max(float(np.ptp(x)), 0.5)
        _log_axis(ax, (float(x.max()) + pad, float(x.min()) - pad), say)
        floor, roof = max(0.0, lows.min() - 8), min(103.0, highs.max() + 10)
        ax.set_ylim(floor, roof)
        if not math.isnan(bend[0]):
            at = np.log(np.clip(bend, np.exp(x.min() - pad), np.exp(x.max() + pad)))
            ax.axvspan(at[1], at[2], color=GRID, alpha=0.9, lw=0)
            ax.axvline(at[0], color=MUTE, lw=1, ls=":")
            ax.text(at[0], roof - 1, " faster than this buys nothing more ", fontsize=8.5,
                    color=MUTE, va="top", ha="left" if at[0] > x.mean() else "right")  # fmt: skip
        ax.axhline(average, color=MUTE, lw=1, ls=":")
        ax.text(0.005, average, f"all {words.number(average)}", transform=ax.get_yaxis_transform(),
                fontsize=8.5, color=MUTE, va="bottom")  # fmt: skip
        hours, fitted = (np.asarray(v, dtype=float) for v in line)
        if len(hours):
            ax.plot(np.log(hours), fitted, color=MUTE, lw=1.6)
        for i in range(len(x)):
            ax.plot([x[i]] * 2, [lows[i], highs[i]], color=EVIDENCE, lw=2.2,
                    solid_capstyle="round", zorder=3)  # fmt: skip
            ax.plot(x[i], y[i], "o", ms=8, mfc=PAPER if hollow else EVIDENCE, mec=EVIDENCE,
                    mew=1.6, zorder=4)  # fmt: skip
            ax.annotate(words.number(y[i]), (x[i], y[i]), xytext=(7, 3), textcoords="offset points",
                        fontsize=8.5)  # fmt: skip
        ax.grid(axis="y", color=GRID, lw=0.8)
        ax.set_xlabel(f"{axes[0]} (the faster, the further right)", labelpad=3)
        ax.set_ylabel(axes[1])
        return figure
