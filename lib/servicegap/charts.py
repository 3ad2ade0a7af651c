"""One look. The same marks mean the same thing in every session, in the report and on the slides.

A grey bar is what the firm believed, its tick the best guess; a dot with a line is the evidence
with its interval; hollow means not settled; an arrow with a number is the gap; the verdict stands
beside it as a word. Titles are not drawn: they are text, above the picture. Every function takes
numbers and returns a drawing; shares are in percent.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure

from servicegap.control import funnel_share

if TYPE_CHECKING:
    from collections.abc import Iterator

    from matplotlib.axes import Axes
    from numpy.typing import ArrayLike

INK, MUTE, GRID, PAPER = "#1d2733", "#5d6873", "#e7ebef", "#ffffff"
BELIEF, TICK, EVIDENCE = "#b9c2cc", "#67727e", "#12355b"
BAD, GOOD = "#b3432a", "#1f6a52"
WIDTH, DPI = 7.2, 200  # inches, dots an inch
VERDICT_COLOUR = {"blind spot": BAD, "hidden strength": GOOD}


@cache
def _font() -> str:
    """Register the shipped typeface and return its name; the fallback is matplotlib's own."""
    from matplotlib import font_manager

    for path in sorted((Path(__file__).parent / "fonts").glob("*.ttf")):
        font_manager.fontManager.addfont(path)
    return "Inter"


@contextmanager
def _look() -> Iterator[None]:
    import seaborn as sns

    style = sns.axes_style("white") | sns.plotting_context("paper")
    style |= {
        "font.family": [_font(), "DejaVu Sans"],
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
        "svg.hashsalt": "servicegap",
    }
    with mpl.rc_context(style):
        yield


def png(figure: Figure) -> bytes:
    """The picture as a file. Ticks are made only now, so the look has to hold here too."""
    file = BytesIO()
    with _look():
        figure.savefig(file, format="png", dpi=DPI, metadata={"Software": None})
    return file.getvalue()


def _axes(height: float, left: float, right: float, bottom: float) -> tuple[Figure, Axes]:
    """An empty picture `height` inches high, without frame; `bottom` in inches."""
    figure = Figure(figsize=(WIDTH, height))
    figure.subplots_adjust(left=left, right=right, top=1 - 0.15 / height, bottom=bottom / height)
    ax = figure.subplots()
    ax.spines[:].set_visible(False)
    ax.tick_params(length=0)
    ax.set_axisbelow(True)
    return figure, ax


def _percent_axis(ax: Axes, low: float = 0, high: float = 100) -> None:
    ax.set_xlim(low, high)
    ticks = np.linspace(low, high, 5)
    ax.set_xticks(ticks, [f"{t:.0f}" for t in ticks[:-1]] + [f"{ticks[-1]:.0f} %"])
    ax.grid(axis="x", color=GRID, lw=0.8)


def _evidence(ax: Axes, y: float, value: float, low: float, high: float, **marks) -> None:
    """The mark of evidence: a line for the interval and a dot, hollow where it is not settled."""
    colour = marks.get("colour", EVIDENCE)
    ax.plot([low, high], [y, y], color=colour, lw=2.2, solid_capstyle="round", zorder=3)
    if math.isnan(value):
        return
    face = PAPER if marks.get("hollow") else colour
    ax.plot(value, y, "o", ms=8, mfc=face, mec=colour, mew=1.8, zorder=4)


def _shorten(label: str, most: int = 30) -> str:
    return label if len(label) <= most else label[: most - 1].rstrip() + "…"


@dataclass(frozen=True)
class Row:
    """One belief beside its evidence, as the belief map draws it. NaN where there is none."""

    label: str
    belief: tuple[float, float, float]
    evidence: tuple[float, float, float]
    verdict: str
    strength: str | None
    behind: str


def belief_map(rows: Sequence[Row]) -> Figure:
    """Beliefs against evidence, a line each, on one scale from 0 to 100 %."""
    with _look():
        figure, ax = _axes(0.85 + 0.72 * len(rows), left=0.25, right=0.74, bottom=0.35)
        for y, row in enumerate(reversed(rows)):
            _belief_row(ax, y, row)
        ax.set_yticks(range(len(rows)), [_shorten(r.label, 26) for r in reversed(rows)])
        ax.set_ylim(-0.55, len(rows) - 0.15)
        _percent_axis(ax)
        return figure


def _belief_row(ax: Axes, y: int, row: Row) -> None:
    value, low, high = row.belief
    if not math.isnan(value):
        low, high = (value if math.isnan(x) else x for x in (low, high))
        ax.barh(y, high - low, left=low, height=0.46, color=BELIEF, alpha=0.55, lw=0)
        ax.plot([value] * 2, [y - 0.23, y + 0.23], color=TICK, lw=2, solid_capstyle="butt")
    colour = VERDICT_COLOUR.get(row.verdict, EVIDENCE)
    settled = row.strength == "clear" or row.verdict == "well judged"
    if not math.isnan(row.evidence[1]):
        _evidence(ax, y, *row.evidence, colour=colour, hollow=not settled)
        if row.verdict in VERDICT_COLOUR:
            _arrow(ax, y + 0.34, value, row.evidence[0], colour, settled)
    weight = "bold" if row.strength == "clear" else "normal"
    word = row.verdict + (", leaning" if row.strength == "leaning" else "")
    side = ax.get_yaxis_transform()
    ax.text(1.03, y + 0.06, word, transform=side, va="bottom", weight=weight,
            color=VERDICT_COLOUR.get(row.verdict, INK))  # fmt: skip
    ax.text(1.03, y - 0.06, row.behind, transform=side, va="top", fontsize=8, color=MUTE)


def _arrow(ax: Axes, y: float, start: float, end: float, colour: str, settled: bool) -> None:
    style = {"arrowstyle": "-|>", "color": colour, "lw": 1.1, "ls": "-" if settled else "--"}
    ax.annotate("", xy=(end, y), xytext=(start, y), arrowprops=style)
    text = f"{end - start:+.0f} points".replace("-", "\u2212")
    ax.text((start + end) / 2, y + 0.05, text, ha="center", va="bottom", fontsize=8, color=colour)


def dots(
    labels: Sequence[str],
    values: ArrayLike,
    low: ArrayLike | None = None,
    high: ArrayLike | None = None,
    notes: Sequence[str] = (),
    hollow: Sequence[bool] = (),
    ends: tuple[float, float] = (0, 100),
) -> Figure:
    """Shares, one line each, with their intervals where there are any; the value stands beside."""
    values = np.asarray(values, dtype=float)
    lows, highs = (values if x is None else np.asarray(x, dtype=float) for x in (low, high))
    notes, open_ = list(notes) or [""] * len(labels), list(hollow) or [False] * len(labels)
    with _look():
        figure, ax = _axes(0.6 + 0.42 * len(labels), left=0.34, right=0.72, bottom=0.35)
        for y, i in enumerate(reversed(range(len(labels)))):
            _evidence(ax, y, values[i], lows[i], highs[i], hollow=open_[i])
            ax.text(1.03, y, notes[i], transform=ax.get_yaxis_transform(), va="center",
                    fontsize=8.5, color=MUTE)  # fmt: skip
        ax.set_yticks(range(len(labels)), [_shorten(x, 34) for x in reversed(labels)])
        ax.set_ylim(-0.6, len(labels) - 0.4)
        _percent_axis(ax, *ends)
        return figure


def parts(labels: Sequence[str], sizes: ArrayLike, colours: Sequence[str]) -> Figure:
    """One whole and its parts, each named at the place where it stands."""
    sizes = np.asarray(sizes, dtype=float)
    edges = np.concatenate([[0], np.cumsum(sizes)])
    with _look():
        figure, ax = _axes(1.5, left=0.03, right=0.97, bottom=0.1)
        for i, label in enumerate(labels):
            ax.barh(0, sizes[i], left=edges[i], height=0.5, color=colours[i], lw=0)
            if sizes[i]:
                ax.text(edges[i], 0.36 if i % 2 == 0 else -0.36, label, ha="left",
                        va="bottom" if i % 2 == 0 else "top", fontsize=9)  # fmt: skip
        ax.set(xlim=(0, edges[-1]), ylim=(-0.85, 0.85), xticks=[], yticks=[])
        return figure


def bounds(
    value: tuple[float, float, float], worst: float, best: float, assumed: float | None
) -> Figure:
    """What was heard, and how far the silent could move it either way."""
    with _look():
        figure, ax = _axes(1.75, left=0.2, right=0.97, bottom=0.35)
        ax.barh(0, best - worst, left=worst, height=0.34, color=GRID, lw=0)
        _evidence(ax, 1, *value)
        ax.text(worst, -0.3, f"worst {worst:.0f}", ha="left", va="top", fontsize=8.5, color=MUTE)
        ax.text(best, -0.3, f"best {best:.0f}", ha="right", va="top", fontsize=8.5, color=MUTE)
        if assumed is not None:
            ax.plot(assumed, 0, "D", ms=7, mfc=PAPER, mec=INK, mew=1.6, zorder=4)
            ax.text(assumed, 0.27, f"as assumed {assumed:.0f}", ha="center", fontsize=8.5)
        ax.set_yticks([1, 0], ["those who answered", "everybody"])
        ax.set_ylim(-0.75, 1.5)
        _percent_axis(ax)
        return figure


def peer_strip(peers: ArrayLike, good_from: float, own: tuple[float, float, float]) -> Figure:
    """Every peer a dot, the good ones dark, and the client with its interval above them."""
    import seaborn as sns

    values = np.sort(np.asarray(peers, dtype=float))
    good = values >= good_from
    with _look():
        figure, ax = _axes(2.1, left=0.16, right=0.97, bottom=0.4)
        ax.axvspan(good_from, max(values.max(), own[2]) + 1.5, color=GRID, alpha=0.6, lw=0)
        sns.scatterplot(
            x=values, y=np.zeros(len(values)), hue=good, palette={True: EVIDENCE, False: BELIEF},
            s=75, legend=False, edgecolor=PAPER, ax=ax, zorder=3,
        )  # fmt: skip
        ax.axvline(float(np.mean(values)), color=MUTE, lw=1, ls=":", ymax=0.62)
        ax.text(float(np.mean(values)), 0.34, "average", fontsize=8, color=MUTE, ha="center")
        _evidence(ax, 1, *own, colour=INK)
        ax.text(good_from + 0.3, 1.42, "the good ones", fontsize=8.5, color=MUTE, va="top")
        ax.set_yticks([1, 0], ["you", "firms like you"])
        ends = [min(values.min(), own[1]) - 3, max(values.max(), own[2]) + 3]
        low, high = (
            max(0.0, 10 * math.floor(ends[0] / 10)),
            min(100.0, 10 * math.ceil(ends[1] / 10)),
        )
        ax.set(ylim=(-0.55, 1.5), xlabel="", ylabel="")
        _percent_axis(ax, low, high)
        return figure


def funnel(n: ArrayLike, share: ArrayLike, labels: Sequence[str], target: float) -> Figure:
    """Teams of unequal size around the share of all, with the limits of luck (95 and 99.8 %)."""
    import seaborn as sns

    n, share = np.asarray(n, dtype=float), np.asarray(share, dtype=float)
    with _look():
        figure, ax = _axes(3.1, left=0.1, right=0.97, bottom=0.55)
        sizes = np.linspace(5, n.max() * 1.15, 200)
        for z, style in ((1.959964, "--"), (3.090232, "-")):
            for limit in funnel_share(target / 100, sizes, z):
                ax.plot(sizes, 100 * limit, color=BELIEF, lw=1.2, ls=style)
        ax.axhline(target, color=MUTE, lw=1, ls=":")
        sns.scatterplot(x=n, y=share, s=70, color=EVIDENCE, edgecolor=PAPER, ax=ax, zorder=3)
        for i, label in enumerate(labels):
            ax.annotate(_shorten(label, 18), (n[i], share[i]), xytext=(6, 5),
                        textcoords="offset points", fontsize=8.5)  # fmt: skip
        ax.grid(axis="y", color=GRID, lw=0.8)
        ax.set(xlim=(0, sizes[-1]), ylim=(0, 100), xlabel="contacts who rated the team",
               ylabel="% top marks")  # fmt: skip
        return figure


def slopes(
    left: ArrayLike, right: ArrayLike, labels: Sequence[str], heads: tuple[str, str],
    colours: Sequence[str] = (), references: tuple[float, float] | None = None,
) -> Figure:  # fmt: skip
    """Two moments or two ways to count, joined by a line per thing; named at the right end."""
    left, right = np.asarray(left, dtype=float), np.asarray(right, dtype=float)
    tones = list(colours) or [EVIDENCE] * len(labels)
    with _look():
        figure, ax = _axes(3.0, left=0.12, right=0.7, bottom=0.35)
        if references:
            ax.plot([0, 1], references, color=MUTE, lw=1, ls=":")
            ax.text(1.04, references[1], "everybody", fontsize=8.5, color=MUTE, va="center")
        for i in range(len(labels)):
            ax.plot([0, 1], [left[i], right[i]], "o-", color=tones[i], ms=6, lw=1.8)
        for y, i in zip(_apart(right, 4.5), range(len(labels)), strict=True):
            ax.text(1.04, y, f"{_shorten(labels[i], 26)} {right[i]:.0f}", fontsize=8.5,
                    va="center", color=tones[i])  # fmt: skip
        ax.set_xticks([0, 1], heads)
        ax.grid(axis="y", color=GRID, lw=0.8)
        span = np.concatenate([left, right, list(references or ())])
        ax.set(xlim=(-0.05, 1.05), ylabel="% top marks",
               ylim=(max(-2, span.min() - 8), min(103, span.max() + 8)))  # fmt: skip
        return figure


def _apart(places: ArrayLike, gap: float) -> list[float]:
    """Move labels apart so that none covers another, keeping their order."""
    places = np.asarray(places, dtype=float)
    order = np.argsort(places, kind="stable")
    moved = places.copy()
    for before, after in pairwise(order):
        moved[after] = max(moved[after], moved[before] + gap)
    moved -= (moved - places).mean()
    return list(moved)
