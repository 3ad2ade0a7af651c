"""The marks and the type in which all pictures are drawn, each in one place.

A picture is drawn within `applied()`; its marks come from here, so that they look alike everywhere.
"""

from __future__ import annotations

import textwrap
import warnings
from contextlib import contextmanager
from functools import cache
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure

from servicegap import words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from matplotlib.axes import Axes
    from numpy.typing import ArrayLike

INK, MUTE, GRID, PAPER = "#1d2733", "#5d6873", "#e7ebef", "#ffffff"
BELIEF, TICK, EVIDENCE = "#b9c2cc", "#67727e", "#12355b"
BAD, GOOD = "#b3432a", "#1f6a52"
WIDTH, DPI = 7.2, 200  # inches, dots an inch
VERDICT_COLOUR = {"blind spot": BAD, "hidden strength": GOOD}
UNDER_A_NAME = {"fc": PAPER, "ec": "none", "pad": 0.4, "alpha": 0.75}  # keeps lines off it


@cache
def font() -> str:
    """Register the shipped typeface and return its name; the fallback is matplotlib's own."""
    from matplotlib import font_manager

    for path in sorted((Path(__file__).parents[1] / "fonts").glob("*.ttf")):
        font_manager.fontManager.addfont(path)
    return "Inter"


@contextmanager
def applied() -> Iterator[None]:
    import seaborn as sns

    style = sns.axes_style("white") | sns.plotting_context("paper")
    style |= {
        "font.family": [font(), "DejaVu Sans"],
        "font.size": 9.5,
        "axes.labelsize": 9.5,
        "xtick.labelsize": 9,
        "ytick.labelsize": 9.5,
        "text.color": INK,
        "axes.labelcolor": INK,
        "xtick.color": MUTE,
        "ytick.color": INK,
        "axes.edgecolor": MUTE,
        "figure.facecolor": PAPER,
        "text.parse_math": False,  # a team may be called $team$
    }
    with mpl.rc_context(style):
        yield


def png(figure: Figure, dpi: int = DPI) -> bytes:
    """The picture as a file, with so many dots to the inch.

    Ticks are made only now, so the look has to hold here too.
    """
    file = BytesIO()
    with applied(), warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Glyph .* missing")  # a box is drawn; the alt text has it
        figure.savefig(file, format="png", dpi=dpi, metadata={"Software": None})
    return file.getvalue()


def axes(height: float, left: float, right: float, bottom: float) -> tuple[Figure, Axes]:
    """An empty picture `height` inches high, without frame; `bottom` in inches."""
    figure = Figure(figsize=(WIDTH, height))
    figure.subplots_adjust(left=left, right=right, top=1 - 0.15 / height, bottom=bottom / height)
    ax = figure.subplots()
    ax.spines[:].set_visible(False)
    ax.tick_params(length=0)
    ax.tick_params(axis="y", pad=9)
    ax.set_axisbelow(True)
    return figure, ax


def scale(ax: Axes, low: float = 0, high: float = 100, unit: str = "%") -> None:
    """A scale with round steps, its unit beside the last one. Call it before drawing marks."""
    from matplotlib.ticker import MaxNLocator

    ax.set_xlim(low, high)
    steps = [1, 2, 2.5, 5, 10]
    ticks = [t for t in MaxNLocator(5, steps=steps).tick_values(low, high) if low <= t <= high]
    names = [words.shortest(t, 6) for t in ticks]
    ax.set_xticks(ticks, [*names[:-1], f"{names[-1]} {unit}"])
    ax.grid(axis="x", color=GRID, lw=0.8)


def evidence(
    ax: Axes, y: ArrayLike, value: ArrayLike, low: ArrayLike, high: ArrayLike,
    hollow: ArrayLike = False, colour: str = EVIDENCE,
) -> None:  # fmt: skip
    """The mark of evidence: a line for the interval and a dot, hollow where it is not settled.

    One mark, or as many as there are; where the value is NaN only the line is drawn.
    """
    inside = ax.get_xlim()
    y, value, low, high = (np.atleast_1d(np.asarray(x, dtype=float)) for x in (y, value, low, high))
    empty = np.broadcast_to(np.asarray(hollow, dtype=bool), value.shape)
    gap = np.full(y.shape, np.nan)  # one line with gaps in it is drawn faster than many
    along = np.column_stack([np.clip(low, *inside), np.clip(high, *inside), gap]).ravel()[:-1]
    ax.plot(along, np.repeat(y, 3)[:-1], color=colour, lw=2.2, solid_capstyle="round", zorder=3)
    for face, which in ((colour, ~empty), (PAPER, empty)):
        which = which & np.isfinite(value)
        if which.any():
            ax.plot(np.clip(value[which], *inside), y[which], "o", ms=8, mfc=face, mec=colour,
                    mew=1.8, zorder=4, clip_on=False)  # fmt: skip


def shorten(label: str, most: int = 30) -> str:
    label = " ".join(label.split())
    return label if len(label) <= most else label[: most - 1].rstrip() + "…"


def folded(label: str, width: int) -> str:
    """A label on one line or two."""
    return "\n".join(textwrap.wrap(label, width, max_lines=2, placeholder="…"))


def noted(note: str, most: int) -> str:
    """What stands beside a mark, on one line where it is at most `most` letters, else on two."""
    note = " ".join(note.split())
    return note if len(note) <= most else folded(note, min(most, len(note) // 2 + 4))


def arrow(
    ax: Axes, y: float, ends: tuple[float, float], text: str, colour: str, settled: bool
) -> None:
    start, end = np.clip(ends, *ax.get_xlim())
    style = {"arrowstyle": "-|>", "color": colour, "lw": 1.1, "ls": "-" if settled else "--",
             "shrinkA": 0, "shrinkB": 0}  # fmt: skip
    ax.annotate("", xy=(end, y), xytext=(start, y), arrowprops=style)
    ax.text((start + end) / 2, y + 0.05, text, ha="center", va="bottom", fontsize=8, color=colour)


def apart(places: ArrayLike, gap: float) -> list[float]:
    """Move labels apart so that none covers another, keeping their order."""
    places = np.asarray(places, dtype=float)
    order = np.argsort(places, kind="stable")
    moved = places.copy()
    for before, after in pairwise(order):
        moved[after] = max(moved[after], moved[before] + gap)
    moved -= (moved - places).mean()
    return list(moved)
