"""What was believed beside what is true: pictures for made-up firms, whose truth is known.

The grey bar and its tick are the belief, the dot with its line the evidence, as everywhere; a
diamond is the truth, which nobody knows of a real firm.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from matplotlib.figure import Figure

from servicegap.charts import Row, look
from servicegap.charts.look import BELIEF, EVIDENCE, INK, MUTE, PAPER, TICK, VERDICT_COLOUR, WIDTH
from servicegap.charts.panels import Panel
from servicegap.charts.roadmap import belief_panels

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_ROW, _BETWEEN = 0.62, 0.46  # inches
_DIAMOND: dict[str, Any] = {
    "ms": 6.5, "mfc": INK, "mec": PAPER, "mew": 1.2, "zorder": 6, "clip_on": False,
}  # fmt: skip


def truth_panels(panels: Sequence[Panel], truths: Sequence[Sequence[float]]) -> Figure:
    """Beliefs, evidence where there is any, and the truth of each row; a scale for each unit.

    Args: panels, as `belief_panels` takes them; truths, in the panels' order and unit, NaN where
    none is to be shown. Rows without evidence have their arrow from the belief to the truth.
    """
    with look.applied():
        figure = belief_panels(panels)
        for ax, (rows, _, _), true in zip(figure.axes, panels, truths, strict=True):
            for y, (row, at) in enumerate(zip(reversed(rows), reversed(true), strict=True)):
                if math.isnan(at):
                    continue
                here = min(max(at, ax.get_xlim()[0]), ax.get_xlim()[1])
                ax.plot(here, y, "D", **_DIAMOND)
                if math.isnan(row.evidence[1]) and row.verdict in VERDICT_COLOUR:
                    colour = VERDICT_COLOUR[row.verdict]
                    look.arrow(ax, y + 0.34, (row.belief[0], at), row.gap, colour, True)
        return figure


def before_and_after(
    panels: Sequence[Panel],
    later: Sequence[Sequence[tuple[float, float, float]]],
    truths: Sequence[Sequence[float]],
) -> Figure:
    """Two bars a belief on each unit's own scale: the first guess above, the next one below it.

    Args: panels, whose rows hold the first guesses and what is written beside them; later, the next
    guesses (value, low, high), in the panels' order; truths, likewise.
    """
    heights = [_ROW * len(rows) + _BETWEEN for rows, _, _ in panels]
    total = sum(heights) + 0.1
    with look.applied():
        figure, top = Figure(figsize=(WIDTH, total)), total - 0.1
        for (rows, ends, unit), those, true, height in zip(
            panels, later, truths, heights, strict=True
        ):
            floor = (top - height + _BETWEEN - 0.08) / total
            ax = figure.add_axes((0.25, floor, 0.47, _ROW * len(rows) / total))
            ax.spines[:].set_visible(False)
            ax.tick_params(length=0)
            ax.tick_params(axis="y", pad=9)
            ax.set_axisbelow(True)
            look.scale(ax, *ends, unit)
            for i, (row, next_one, at) in enumerate(zip(rows, those, true, strict=True)):
                y = len(rows) - 1 - i
                _two_bars(ax, y, row, next_one)
                ax.plot(min(max(at, ends[0]), ends[1]), y, "D", **_DIAMOND)
            ax.set_yticks(range(len(rows)), [look.folded(r.label, 22) for r in reversed(rows)])
            ax.set_ylim(-0.55, len(rows) - 0.4)
            top -= height
        return figure


def _two_bars(ax: Axes, y: int, row: Row, later: tuple[float, float, float]) -> None:
    for (value, low, high), at, colour in (
        (row.belief, y + 0.2, BELIEF),
        (later, y - 0.2, EVIDENCE),
    ):
        alpha = 0.55 if colour == BELIEF else 0.35
        ax.barh(at, high - low, left=low, height=0.26, color=colour, alpha=alpha, lw=0)
        ax.plot([value] * 2, [at - 0.13, at + 0.13], color=TICK, lw=2, solid_capstyle="butt")
    side = ax.get_yaxis_transform()
    ax.text(1.03, y + 0.2, row.verdict, transform=side, va="center", fontsize=8.5, color=MUTE)
    ax.text(1.03, y - 0.2, row.behind, transform=side, va="center", fontsize=8.5, color=INK)
