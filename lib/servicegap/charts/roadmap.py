"""Pictures that bring beliefs of different units together, in the one look."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.figure import Figure

from servicegap import words
from servicegap.charts import Row, belief_row, look
from servicegap.charts.look import BELIEF, EVIDENCE, GRID, INK, MUTE, TICK, VERDICT_COLOUR, WIDTH
from servicegap.charts.panels import Panel

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from numpy.typing import ArrayLike

_ROW, _BETWEEN, _TOP = 0.5, 0.46, 0.1  # inches


def belief_panels(panels: Sequence[Panel]) -> Figure:
    """Beliefs against evidence, a line each; units that can't share a scale have one each."""
    heights = [_ROW * len(rows) + _BETWEEN for rows, _, _ in panels]
    total = sum(heights) + _TOP
    with look.applied():
        figure = Figure(figsize=(WIDTH, total))
        top = total - _TOP
        for (rows, ends, unit), height in zip(panels, heights, strict=True):
            room = (top - height + _BETWEEN - 0.08) / total
            ax = figure.add_axes((0.25, room, 0.47, _ROW * len(rows) / total))
            _panel(ax, rows, ends, unit)
            top -= height
        return figure


def _panel(ax: Axes, rows: Sequence[Row], ends: tuple[float, float], unit: str) -> None:
    ax.spines[:].set_visible(False)
    ax.tick_params(length=0)
    ax.tick_params(axis="y", pad=9)
    ax.set_axisbelow(True)
    look.scale(ax, *ends, unit)
    for y, row in enumerate(reversed(rows)):
        belief_row(ax, y, row)
    ax.set_yticks(range(len(rows)), [look.folded(r.label, 22) for r in reversed(rows)])
    ax.set_ylim(-0.5, len(rows) - 0.3)


def own_ranges(
    labels: Sequence[str],
    guess: ArrayLike,
    value: ArrayLike,
    low: ArrayLike,
    high: ArrayLike,
    verdicts: Sequence[str],
    reach: float = 5.0,
) -> Figure:
    """Where the evidence lies in each of somebody's own ranges, all ranges drawn alike.

    Numbers are in halves of the own range, counted from its middle: −1 and 1 are its ends. What
    lies further out than `reach` is drawn at the edge.
    """
    guess, value, low, high = (np.asarray(x, dtype=float) for x in (guess, value, low, high))
    far = np.abs(np.concatenate([value, low, high]))
    edge = float(np.clip(far[np.isfinite(far)].max(initial=1.5) * 1.08, 1.6, reach))
    with look.applied():
        figure, ax = look.axes(0.75 + 0.36 * len(labels), left=0.29, right=0.8, bottom=0.45)
        ax.set_xlim(-edge, edge)
        ax.barh(np.arange(len(labels)), 2, left=-1, height=0.5, color=BELIEF, alpha=0.55, lw=0)
        for y, i in enumerate(reversed(range(len(labels)))):
            colour = MUTE if abs(value[i]) <= 1 else VERDICT_COLOUR.get(verdicts[i], INK)
            ax.plot([guess[i]] * 2, [y - 0.25, y + 0.25], color=TICK, lw=2, solid_capstyle="butt")
            look.evidence(ax, y, value[i], low[i], high[i], colour=colour)
            side = ax.get_yaxis_transform()
            ax.text(1.05, y, _place(value[i], edge), transform=side, va="center", fontsize=8.5,
                    color=MUTE)  # fmt: skip
        ax.set_xticks([-1, 1], ["", ""])
        ax.grid(axis="x", color=GRID, lw=0.8)
        for at, way, text in ((-0.95, "right", "your low end"), (0.95, "left", "your high end")):
            ax.text(at, -0.75, text, ha=way, va="top", fontsize=8.5, color=MUTE)
        ax.set_yticks(range(len(labels)), [look.folded(x, 28) for x in reversed(labels)])
        ax.set_ylim(-0.6, len(labels) - 0.4)
        return figure


def _place(value: float, edge: float) -> str:
    if math.isnan(value):
        return ""
    inside = "inside" if abs(value) <= 1 else "outside"
    return f"{inside}, far off" if abs(value) > edge else inside


def ladder(
    labels: Sequence[str], shares: ArrayLike, low: ArrayLike, high: ArrayLike,
    notes: Sequence[str], lost: Sequence[str],
) -> Figure:  # fmt: skip
    """Rungs from the widest to the narrowest: a bar and the interval each, the loss between them.

    Shares in percent of those on the ground; `lost` stands between a rung and the next.
    """
    shares, low, high = (np.asarray(x, dtype=float) for x in (shares, low, high))
    n = len(labels)
    with look.applied():
        figure, ax = look.axes(0.55 + 0.62 * n, left=0.27, right=0.74, bottom=0.35)
        look.scale(ax)
        for y, i in enumerate(reversed(range(n))):
            ax.barh(y, shares[i], height=0.42, color=EVIDENCE, alpha=0.14, lw=0)
            look.evidence(ax, y, shares[i], low[i], high[i])
            side = ax.get_yaxis_transform()
            ax.text(1.04, y, notes[i], transform=side, va="center", fontsize=8.5, color=MUTE)
        for i, text in enumerate(lost):
            ax.text(1, n - 1.5 - i, text, va="center", fontsize=8.5, color=INK)
        ax.set_yticks(range(n), [look.folded(x, 24) for x in reversed(labels)])
        ax.set_ylim(-0.45, n - 0.55)
        return figure


def tiers(
    labels: Sequence[str], value: ArrayLike, low: ArrayLike, high: ArrayLike, tier: Sequence[int],
    notes: Sequence[str], unit: str,
) -> Figure:  # fmt: skip
    """Quantities with their intervals around nought; a thin rule parts one tied tier from the next.

    Args: tier, the tier of each, in the order of the lines; 0 for the whole of which the others
    are parts.
    """
    value, low, high = (np.asarray(x, dtype=float) for x in (value, low, high))
    n = len(labels)
    left = min(0.0, float(low.min()))
    right = max(float(high.max()), 0.1)
    with look.applied():
        figure, ax = look.axes(0.65 + 0.44 * n, left=0.29, right=0.72, bottom=0.35)
        look.scale(ax, left - 0.04 * (right - left), right * 1.05, unit)
        ax.axvline(0, color=MUTE, lw=1, ls=":")
        for y, i in enumerate(reversed(range(n))):
            look.evidence(ax, y, value[i], low[i], high[i], hollow=low[i] <= 0)
            text = words.number(value[i], 1)
            ax.text(value[i], y + 0.2, text, ha="center", va="bottom", fontsize=8.5)
            side = ax.get_yaxis_transform()
            ax.text(1.05, y, notes[i], transform=side, va="center", fontsize=8.5, color=MUTE)
            if i and tier[i] != tier[i - 1]:
                ax.axhline(y + 0.62, color=MUTE, lw=0.8)
        ax.set_yticks(range(n), [look.folded(x, 28) for x in reversed(labels)])
        ax.set_ylim(-0.5, n - 0.3)
        return figure
