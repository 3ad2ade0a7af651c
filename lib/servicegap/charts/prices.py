"""Pictures of prices, in the one look: the meter, demand, fee against value, hours by price.

As in charts.py: a dot with a line is evidence with its interval, hollow means not settled, labels
stand at what they name. Prices are in the unit given; shares are in percent.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from servicegap import words
from servicegap.charts import look
from servicegap.charts.look import BAD, BELIEF, EVIDENCE, GOOD, GRID, INK, MUTE, PAPER

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import ArrayLike

Span = tuple[float, float]


def _reach(values: ArrayLike, room: float = 0.06) -> Span:
    """Ends of a scale that hold all values, with some room."""
    finite = np.asarray(values, dtype=float)
    finite = finite[np.isfinite(finite)]
    low, high = float(finite.min()), float(finite.max())
    pad = room * max(high - low, abs(high) * 0.05, 1e-9)
    return max(0.0, low - pad), high + pad


def _own_price(ax: Axes, own: float, top: float) -> None:
    """A diamond on the floor of the picture where the client's own price stands."""
    if math.isnan(own):
        return
    low, high = ax.get_xlim()
    at = float(np.clip(own, low, high))
    ax.plot([at, at], [0, top], color=INK, lw=1, ls=":", zorder=2)
    ax.plot(at, 0, "D", ms=7, mfc=PAPER, mec=INK, mew=1.6, zorder=5, clip_on=False)
    right = at > low + 0.8 * (high - low)
    ax.annotate("you", (at, top), xytext=(-4 if right else 4, 0), textcoords="offset points",
                ha="right" if right else "left", va="top", fontsize=8.5)  # fmt: skip


def price_meter(
    price: ArrayLike, shares: Sequence[ArrayLike], ends: Span, ranges: tuple[Span, Span],
    plateau: Span, own: float, unit: str, stepped: bool = True,
) -> Figure:  # fmt: skip
    """Four curves over price: too cheap, a bargain, dear, too dear; the acceptable band behind."""
    grid = np.asarray(price, dtype=float)
    names = ("too cheap", "a bargain", "dear", "too dear")
    colours = (BAD, MUTE, MUTE, BAD)
    with look.applied():
        figure, ax = look.axes(3.4, left=0.09, right=0.9, bottom=0.5)
        low, high = _reach([*np.quantile(grid, [0.02, 0.97]), *ends, *plateau, own], 0.1)
        look.scale(ax, low, high, "")
        ax.axvspan(*ends, color=GRID, alpha=0.75, lw=0)
        for name, share, colour, dashed in zip(
            names, shares, colours, (False, True, True, False), strict=True
        ):
            y, style = np.asarray(share, dtype=float), "--" if dashed else "-"
            x = np.concatenate([[min(low, grid[0])], grid, [max(high, grid[-1])]])
            y = np.concatenate([[0 if name in names[2:] else 100], y, [y[-1]]])
            ax.plot(x, y, color=colour, lw=1.6, ls=style,
                    drawstyle="steps-post" if stepped else "default")  # fmt: skip
            _name_curve(ax, name, x, y, colour)
        for (start, end), side in zip(ranges, ("left", "right"), strict=True):
            ax.plot([start, end], [106, 106], color=EVIDENCE, lw=2.2, solid_capstyle="round",
                    clip_on=False)  # fmt: skip
            at = ends[0] if side == "left" else ends[1]
            ax.plot(at, 106, "o", ms=7, color=EVIDENCE, clip_on=False)
        _name_band(ax, ends, max(ends[1], ranges[1][1]))
        ax.plot(plateau, [2, 2], color=GOOD, lw=4, solid_capstyle="butt", zorder=3)
        if plateau[0] == plateau[1]:
            ax.plot(plateau[0], 2, "o", ms=6, color=GOOD, zorder=3)
        _own_price(ax, own, 100)
        ax.grid(axis="y", color=GRID, lw=0.8)
        ax.set(ylim=(0, 110), xlabel=unit, ylabel="% of people")
        ax.set_yticks(range(0, 101, 25))
        return figure


# where each name stands: its height, and on which side of its curve nothing else is drawn
_BESIDE = {"too cheap": (40, "left"), "a bargain": (86, "right"), "dear": (66, "left"),
           "too dear": (40, "right")}  # fmt: skip


def _name_curve(ax: Axes, name: str, x: ArrayLike, y: ArrayLike, colour: str) -> None:
    """Write a curve's name beside it: outside the outer two, between the inner two."""
    x, y = np.asarray(x), np.asarray(y)
    height, side = _BESIDE[name]
    crossed = y <= height if y[0] > y[-1] else y >= height
    at = float(np.clip(x[int(np.argmax(crossed))], *ax.get_xlim()))
    ax.annotate(name, (at, height), xytext=(5 if side == "right" else -5, 0),
                textcoords="offset points", ha="left" if side == "right" else "right", va="center",
                fontsize=8.5, color=colour,
                bbox={"fc": PAPER, "ec": "none", "pad": 0.8, "alpha": 0.8})  # fmt: skip


def _name_band(ax: Axes, ends: Span, right: float) -> None:
    """Say at the top what the band is: inside it, or right of the last line where it is narrow."""
    low, high = ax.get_xlim()
    inside = ends[1] - ends[0] > 0.2 * (high - low)
    ax.annotate("acceptable", (sum(ends) / 2 if inside else right, 106),
                xytext=(0 if inside else 6, 0), textcoords="offset points",
                ha="center" if inside else "left", va="center", fontsize=8.5)  # fmt: skip


def buyers(
    price: ArrayLike, share: ArrayLike, reach: tuple[float, float, float],
    revenue: tuple[float, float, float], own: float, unit: str,
) -> Figure:  # fmt: skip
    """Demand by price, with the prices that bring most buyers and most money."""
    x, y = np.asarray(price, dtype=float), np.asarray(share, dtype=float)
    with look.applied():
        figure, ax = look.axes(2.9, left=0.09, right=0.95, bottom=0.5)
        wide = x[y > 0.02 * y.max()] if y.max() > 0 else x
        look.scale(ax, *_reach([*wide, own]), "")
        top = float(max(10.0, 5 * math.ceil((y.max() + 12) / 5)))
        ax.plot(x, y, color=EVIDENCE, lw=1.8)
        for (at, low, high), name, lift in (
            (reach, "most buyers", 9),
            (revenue, "most money", 3.5),
        ):
            level = float(np.interp(at, x, y))
            ax.plot(at, level, "o", ms=8, color=EVIDENCE, zorder=4)
            line = y.max() + lift / 60 * top
            ax.plot([low, high], [line] * 2, color=EVIDENCE, lw=2, solid_capstyle="round")
            ax.plot([at, at], [level, line], color=EVIDENCE, lw=0.8, ls=":")
            ax.annotate(name, (high, line), xytext=(5, 0), textcoords="offset points",
                        va="center", fontsize=8.5)  # fmt: skip
        _own_price(ax, own, float(y.max()) * 0.5)
        ax.grid(axis="y", color=GRID, lw=0.8)
        ax.set(ylim=(0, top), xlabel=unit, ylabel="% who would buy")
        return figure


def value_map(
    labels: Sequence[str], fee: ArrayLike, value: ArrayLike, low: ArrayLike, high: ArrayLike,
    line: float, middle: float, unit: str,
) -> Figure:  # fmt: skip
    """Groups by fee and value felt, the equivalence line, and the four corners by name."""
    x, y, lows, highs = (np.asarray(v, dtype=float) for v in (fee, value, low, high))
    with look.applied():
        figure, ax = look.axes(3.6, left=0.09, right=0.93, bottom=0.5)
        look.scale(ax, *_reach([*x, middle], 0.25), "")
        floor, roof = max(0, lows.min() - 14), min(100, highs.max() + 14)
        ax.axhline(line, color=MUTE, lw=1.2)
        ax.axvline(middle, color=MUTE, lw=1, ls=":")
        left, right = ax.get_xlim()
        for at, side in ((left, "left"), (right, "right")):
            pays = "pays less" if side == "left" else "pays more"
            for height, edge, word in (
                (roof, "top", "worth it"),
                (floor, "bottom", "and feels it"),
            ):
                ax.annotate(f"{pays}, {word}", (at, height), ha=side, va=edge, fontsize=8.5,
                            color=MUTE, xytext=(4 if side == "left" else -4, 0),
                            textcoords="offset points")  # fmt: skip
        for i in range(len(x)):
            ax.plot([x[i]] * 2, [lows[i], highs[i]], color=EVIDENCE, lw=2.2,
                    solid_capstyle="round", zorder=3)  # fmt: skip
            ax.plot(x[i], y[i], "o", ms=8, color=EVIDENCE, zorder=4)
            late = x[i] > left + 0.72 * (right - left)
            ax.annotate(look.shorten(labels[i], 26), (x[i], y[i]), xytext=(-8 if late else 8, 7),
                        textcoords="offset points", ha="right" if late else "left",
                        fontsize=8.5,
                        bbox={"fc": PAPER, "ec": "none", "pad": 0.6, "alpha": 0.85})  # fmt: skip
        ax.grid(axis="y", color=GRID, lw=0.8)
        ax.set(ylim=(floor, roof), xlabel=unit, ylabel="% top marks for value")
        ax.text(1.01, line, "equal\nvalue", transform=ax.get_yaxis_transform(), fontsize=8,
                color=MUTE, va="center")  # fmt: skip
        return figure


def differences(
    labels: Sequence[str], values: ArrayLike, low: ArrayLike, high: ArrayLike,
    notes: Sequence[str], hollow: ArrayLike,
) -> Figure:  # fmt: skip
    """Differences in points around nought, one line each; hollow where nothing is settled."""
    x, lows, highs = (np.asarray(v, dtype=float) for v in (values, low, high))
    reach = min(100, 10 * math.ceil(max(np.abs(lows).max(), np.abs(highs).max(), 5) / 10))
    with look.applied():
        figure, ax = look.axes(0.65 + 0.42 * len(labels), left=0.29, right=0.83, bottom=0.35)
        look.scale(ax, -reach, reach, "points")
        ax.axvline(0, color=MUTE, lw=1.2)
        for row, i in enumerate(reversed(range(len(labels)))):
            look.evidence(ax, row, x[i], lows[i], highs[i], hollow=bool(np.asarray(hollow)[i]))
            ax.text(1.04, row, notes[i], transform=ax.get_yaxis_transform(), va="center",
                    fontsize=8.5, color=MUTE)  # fmt: skip
        ax.set_yticks(range(len(labels)), [look.shorten(name, 30) for name in reversed(labels)])
        ax.set_ylim(-0.5, len(labels) - 0.4)
        return figure


def minutes_by_price(
    price: ArrayLike, minutes: ArrayLike, chosen: Span, today: Span, booked: float, needed: float,
    unit: str,
) -> Figure:  # fmt: skip
    """What a price leaves for a seat, in minutes, beside what is booked and what is needed."""
    x, y = np.asarray(price, dtype=float), np.asarray(minutes, dtype=float)
    with look.applied():
        figure, ax = look.axes(3.0, left=0.1, right=0.72, bottom=0.5)
        look.scale(ax, float(x.min()), float(x.max()), "")
        ax.plot(x, y, color=EVIDENCE, lw=1.8)
        lines = [(booked, "booked on tickets", MUTE)]
        if not math.isnan(needed):
            lines.append((needed, "to keep the promises", GOOD))
        top = 1.1 * max(y.max(), *(level for level, *_ in lines), 0.6)
        levels = [level for level, *_ in lines] + [float(y[-1])]
        spots = look.apart(levels, 0.075 * top)
        for (level, name, colour), spot in zip(lines, spots, strict=False):
            ax.axhline(level, color=colour, lw=1.3, ls="--")
            ax.text(1.02, spot, f"{words.number(level)} {name}",
                    transform=ax.get_yaxis_transform(), va="center", fontsize=8.5,
                    color=colour)  # fmt: skip
        ax.text(1.02, spots[-1], "what is left", transform=ax.get_yaxis_transform(), va="center",
                fontsize=8.5, color=EVIDENCE)  # fmt: skip
        ax.plot(*today, "o", ms=8, color=EVIDENCE, zorder=4)
        ax.annotate("today", today, xytext=(7, -9), textcoords="offset points", fontsize=8.5)
        if chosen[0] != today[0]:
            short = chosen[1] < booked
            ax.plot(*chosen, "D", ms=8, color=BAD if short else EVIDENCE, zorder=5, clip_on=False)
            ax.annotate("supposed", chosen, xytext=(-8, 6), textcoords="offset points",
                        ha="right", fontsize=8.5)  # fmt: skip
        ax.grid(axis="y", color=GRID, lw=0.8)
        ax.set(ylim=(0, top), xlabel=unit, ylabel="minutes a seat and month")
        ax.axhspan(0, booked, color=BELIEF, alpha=0.18, lw=0)
        return figure
