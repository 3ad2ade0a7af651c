"""Pictures of what carries what, in the one look. Everything is in parts of 100."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from servicegap import words
from servicegap.charts import look
from servicegap.charts.look import BAD, BELIEF, EVIDENCE, GRID, INK, MUTE, PAPER, TICK

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import ArrayLike

SIDE_MARKS = {"product": "s", "service": "o", "process": "^"}


def beside(
    labels: Sequence[str],
    values: ArrayLike,
    low: ArrayLike,
    high: ArrayLike,
    marks: ArrayLike,
    what: str,
    notes: Sequence[str] = (),
    diamond: bool = False,
    hollow: Sequence[bool] = (),
) -> Figure:
    """Evidence with its interval, a line each, beside something it is held against.

    `marks` are ticks (or diamonds, for what is chosen or assumed), named `what` at the first of
    them. NaN where there is nothing to show. `hollow` says which are not settled; left out, those
    whose interval holds the mark.
    """
    values, low, high, marks = (np.asarray(x, dtype=float) for x in (values, low, high, marks))
    open_ = list(hollow) or [bool(a <= m <= b) for a, m, b in zip(low, marks, high, strict=True)]
    with look.applied():
        figure, ax = look.axes(0.75 + 0.62 * len(labels), left=0.17, right=0.69, bottom=0.35)
        look.scale(ax, unit="of 100")
        named = False
        for y, i in enumerate(reversed(range(len(labels)))):
            if not math.isnan(values[i]):
                look.evidence(ax, y, values[i], low[i], high[i], hollow=open_[i])
                ax.text(values[i], y + 0.17, words.number(values[i]), ha="center", va="bottom",
                        fontsize=8.5)  # fmt: skip
            if notes:
                ax.text(1.05, y, look.noted(notes[i], 40), transform=ax.get_yaxis_transform(),
                        va="center", fontsize=8.5, color=MUTE)  # fmt: skip
        for i, mark in enumerate(marks):
            y = len(labels) - 1 - i
            if math.isnan(mark):
                continue
            if diamond:
                ax.plot(mark, y - 0.22, "D", ms=7, mfc=PAPER, mec=INK, mew=1.6, zorder=5,
                        clip_on=False)  # fmt: skip
            else:
                ax.plot([mark] * 2, [y - 0.2, y + 0.2], color=TICK, lw=2, solid_capstyle="butt")
            text = f"{what} {words.number(mark)}" if not named else words.number(mark)
            shift = 2.2 if diamond else 1.0
            left = mark > 80
            ax.text(mark - shift if left else mark + shift, y - 0.24, text, fontsize=8.5,
                    color=TICK, ha="right" if left else "left", va="center")  # fmt: skip
            named = True
        ax.set_yticks(range(len(labels)), [look.shorten(x, 18) for x in reversed(labels)])
        ax.set_ylim(-0.5, len(labels) - 0.35)
        return figure


def corner_map(
    x: ArrayLike,
    y: ArrayLike,
    cross: tuple[float, float],
    labels: Sequence[str],
    axes: tuple[str, str],
    corners: tuple[str, str, str, str],
    filled: Sequence[bool],
    marks: Sequence[str],
    strong: Sequence[bool],
    reach: tuple[ArrayLike, ArrayLike] | None = None,
) -> Figure:
    """Things on two scales, with a cross that makes four corners.

    `corners` are the names of right above, right below, left above, left below; `marks` the signs
    of SIDE_MARKS; `filled` whether a thing is surely where it is; `strong` ones stand out and come
    first where labels want the same place; an empty label is not drawn; `reach` the ends of y.
    """
    x, y = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    with look.applied():
        figure, ax = look.axes(4.6, left=0.09, right=0.97, bottom=0.55)
        figure.subplots_adjust(top=1 - 0.35 / 4.6)
        heights = y if reach is None else np.concatenate([y, *map(np.asarray, reach)])
        (left, right), (bottom, top) = _room(x, cross[0], 0.12), _room(heights, cross[1], 0.12)
        ax.set(xlim=(left, right), ylim=(bottom, top))
        ax.plot([cross[0]] * 2, [bottom, top], color=BELIEF, lw=1.2)
        ax.plot([left, right], [cross[1]] * 2, color=BELIEF, lw=1.2)
        at = ((0.995, 0.985), (0.995, 0.015), (0.005, 0.985), (0.005, 0.015))
        for (u, v), name in zip(at, corners, strict=True):
            side, end = "right" if u > 0.5 else "left", "top" if v > 0.5 else "bottom"
            ax.text(u, v, name, transform=ax.transAxes, fontsize=9, color=MUTE, style="italic",
                    ha=side, va=end)  # fmt: skip
        if reach is not None:
            ax.vlines(x, *reach, color=GRID, lw=2.2, zorder=1)
        for i in range(len(x)):
            tone = BAD if strong[i] else EVIDENCE
            ax.plot(x[i], y[i], marks[i], ms=8, mfc=tone if filled[i] else PAPER, mec=tone,
                    mew=1.6, zorder=3, clip_on=False)  # fmt: skip
        _names(ax, x, y, labels, strong)
        ax.set_xlabel(axes[0], labelpad=3)
        ax.set_ylabel(axes[1])
        ax.tick_params(labelsize=8.5)
        present = [side for side, mark in SIDE_MARKS.items() if mark in marks]
        signs = {"s": "square", "o": "circle", "^": "triangle"}
        key = ", ".join(f"{signs[SIDE_MARKS[side]]}: {side}" for side in present)
        ax.text(0.5, 1.012, key, transform=ax.transAxes, fontsize=8.5, color=MUTE, ha="center",
                va="bottom")  # fmt: skip
        return figure


def _room(values: np.ndarray, cross: float, margin: float) -> tuple[float, float]:
    """The ends of a scale that holds the values and the cross, with some room, within 0 and 100."""
    low, high = min(values.min(), cross), max(values.max(), cross)
    pad = margin * max(high - low, 4.0)
    return max(low - pad, -1.0), min(high + pad, 101.0)


def _names(
    ax: Axes, x: np.ndarray, y: np.ndarray, labels: Sequence[str], strong: Sequence[bool]
) -> None:
    """Write each label beside its dot, the strong ones first, on two lines where it is long.

    One without a free place beside its dot stays out: the alternative text has them all.
    """
    (left, right), (bottom, top) = ax.get_xlim(), ax.get_ylim()
    u, v = (x - left) / (right - left), (y - bottom) / (top - bottom)
    taken = [(a - 0.012, b - 0.017, a + 0.012, b + 0.017) for a, b in zip(u, v, strict=True)]
    taken += [(0, 0.96, 0.3, 1), (0.7, 0.96, 1, 1), (0, 0, 0.3, 0.04), (0.7, 0, 1, 0.04)]
    for i in sorted(range(len(x)), key=lambda i: (not strong[i], -v[i])):
        if not labels[i]:
            continue
        lines = textwrap.wrap(look.shorten(labels[i], 54), 28)
        width, height = 0.0125 * max(map(len, lines)), 0.019 * len(lines)
        for side, dy in [(s, d) for d in (0, 0.03, -0.03) for s in (1, -1)]:
            start = u[i] + 0.018 if side > 0 else u[i] - 0.018 - width
            box = (start, v[i] + dy - height, start + width, v[i] + dy + height)
            others = [t for j, t in enumerate(taken) if j != i]
            if box[0] < 0 or box[2] > 1 or box[1] < 0 or box[3] > 1:
                continue
            if any(_overlap(box, other) for other in others):
                continue
            end, tone = ("left" if side > 0 else "right"), BAD if strong[i] else INK
            ax.text(start if side > 0 else start + width, v[i] + dy, "\n".join(lines), ha=end,
                    color=tone, transform=ax.transAxes, fontsize=8.2, va="center",
                    linespacing=1.05, bbox=look.UNDER_A_NAME)  # fmt: skip
            taken.append(box)
            break


def _overlap(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
