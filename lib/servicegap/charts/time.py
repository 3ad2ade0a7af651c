"""Pictures of how long things last, in the one look. Times are in months."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from servicegap import words
from servicegap.charts import look
from servicegap.charts.look import BELIEF, EVIDENCE, GRID, INK, MUTE, PAPER, TICK, VERDICT_COLOUR

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import ArrayLike

Range = tuple[float, float, float]  # value, low, high; NaN where there is none


def _shares(ax: Axes, label: str) -> None:
    """The upright scale of a share, from none to all."""
    ax.set_yticks([0, 25, 50, 75, 100])
    ax.set(ylim=(-2, 103), ylabel=label)
    ax.grid(axis="y", color=GRID, lw=0.8)


def lasting(
    time: ArrayLike,
    share: ArrayLike,
    living: ArrayLike,
    evidence: Range,
    belief: Range,
    verdict: tuple[str, str | None],
    notes: tuple[str, str] = ("", ""),
) -> Figure:
    """How many of 100 things still stand after so many months, as a falling stair.

    Where half have fallen stand the belief (grey bar, tick) and the evidence (dot, line), with the
    gap as an arrow and the verdict beside them. `notes` are what is written at the arrow and under
    the verdict. `living` are the ages of those that still stand, marked on the stair. Belief
    and stair reach to the right end of the scale where they go on beyond it.
    """
    time, share, living = (np.asarray(x, dtype=float) for x in (time, share, living))
    word, strength = verdict
    colour = VERDICT_COLOUR.get(word, EVIDENCE)
    last = max([12.0, *time, *living])
    reach = [x for x in (*evidence, *belief) if math.isfinite(x)]
    end = 6 * math.ceil(min(max([last, *reach]), max(3 * last, 60)) * 1.05 / 6)
    with look.applied():
        figure, ax = look.axes(3.3, left=0.1, right=0.76, bottom=0.55)
        look.scale(ax, 0, end, "months")
        _shares(ax, "still yours alone, of 100")
        stair = np.concatenate([[100], 100 * share])
        ax.step(np.concatenate([[0], time, [last]]), [*stair, stair[-1]], where="post",
                color=MUTE, lw=1.6)  # fmt: skip
        heights = stair[np.searchsorted(time, living, side="right")]
        ax.plot(living, heights, "|", color=MUTE, ms=9, mew=1.4)
        if not math.isnan(belief[0]):
            value, low, high = (min(x, end) for x in (belief[0], *_ends(belief)))
            ax.barh(50, high - low, left=low, height=9, color=BELIEF, alpha=0.55, lw=0)
            ax.plot([value] * 2, [45.5, 54.5], color=TICK, lw=2, solid_capstyle="butt")
            above = min(max(value, 0.13 * end), 0.87 * end)
            ax.text(above, 44, "believed", fontsize=8.5, color=TICK, ha="center", va="top",
                    bbox={"fc": PAPER, "ec": "none", "pad": 1})  # fmt: skip
        if not math.isnan(evidence[1]):
            settled = strength == "clear"
            look.evidence(ax, 50, *evidence, colour=colour, hollow=not settled)
            if word in VERDICT_COLOUR:
                look.arrow(ax, 58, (belief[0], evidence[0]), notes[0], colour, settled)
        side = ax.get_yaxis_transform()
        leaning = ", leaning" if strength == "leaning" else ""
        ax.text(1.04, 51, word + leaning, transform=side, va="bottom", family=look.font(),
                weight=600 if strength == "clear" else 400,
                color=VERDICT_COLOUR.get(word, INK))  # fmt: skip
        ax.text(1.04, 49, notes[1], transform=side, va="top", fontsize=8, color=MUTE)
        ax.set_xlabel("since the launch", labelpad=2)
        return figure


def _ends(found: Range) -> tuple[float, float]:
    value, low, high = found
    low, high = (value if math.isnan(x) else x for x in (low, high))
    return low, high


def months(
    labels: Sequence[str],
    values: ArrayLike,
    low: ArrayLike,
    high: ArrayLike,
    notes: Sequence[str],
    hollow: Sequence[bool] = (),
) -> Figure:
    """Lengths of time, one line each, with their intervals. An infinite end leaves the picture."""
    values, low, high = (np.asarray(x, dtype=float) for x in (values, low, high))
    open_ = list(hollow) or [False] * len(labels)
    ends = np.concatenate([values, low, high])
    end = max(6.0, 1.05 * float(ends[np.isfinite(ends)].max(initial=0)))
    with look.applied():
        figure, ax = look.axes(0.65 + 0.44 * len(labels), left=0.29, right=0.69, bottom=0.35)
        look.scale(ax, 0, end, "months")
        for y, i in enumerate(reversed(range(len(labels)))):
            if not math.isnan(low[i]):
                look.evidence(ax, y, values[i], low[i], high[i], hollow=open_[i])
            if math.isfinite(values[i]):
                text = words.number(values[i], words.decimals(values[i]))
                ax.text(values[i], y + 0.2, text, ha="center", va="bottom", fontsize=8.5)
            ax.text(1.06, y, look.noted(notes[i], 38), transform=ax.get_yaxis_transform(),
                    va="center", fontsize=8.5, color=MUTE)  # fmt: skip
        ax.set_yticks(range(len(labels)), [look.shorten(x, 30) for x in reversed(labels)])
        ax.set_ylim(-0.5, len(labels) - 0.3)
        return figure


def approach(
    time: ArrayLike, share: ArrayLike, ceiling: float, half_time: float, label: str
) -> Figure:
    """A share that nears a ceiling: counted (dots) and fitted (line), with its half-time.

    `ceiling` in percent; NaN where nothing could be fitted.
    """
    time, share = (np.asarray(x, dtype=float) for x in (time, share))
    end = 6 * math.ceil(max(6.0, time.max()) / 6)
    with look.applied():
        figure, ax = look.axes(2.9, left=0.1, right=0.96, bottom=0.55)
        look.scale(ax, 0, end, "months")
        _shares(ax, label)
        if not math.isnan(ceiling):
            line = np.linspace(0, end, 200)
            ax.plot(line, ceiling * (1 - 0.5 ** (line / half_time)), color=MUTE, lw=1.6)
            ax.axhline(ceiling, color=MUTE, lw=1, ls=":")
            up = ceiling < 90
            last = f"in the end {words.number(ceiling)}"
            ax.text(0.01 * end, ceiling + (1.5 if up else -1.5), last,
                    fontsize=8.5, color=MUTE, va="bottom" if up else "top")  # fmt: skip
            if half_time < end:
                ax.plot([half_time] * 2, [0, ceiling / 2], color=MUTE, lw=1, ls=":")
                half = f"half of that after {words.number(half_time)} months"
                ax.text(half_time + 0.01 * end, 2, half,
                        fontsize=8.5, color=MUTE, va="bottom")  # fmt: skip
        ax.plot(time, share, "o", ms=6, mfc=EVIDENCE, mec=PAPER, zorder=3, clip_on=False)
        ax.set_xlabel("since the launch", labelpad=2)
        return figure
