"""Pictures of groups beside each other, in the one look. Shares are in percent."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from servicegap import words
from servicegap.charts import look
from servicegap.charts.look import BELIEF, EVIDENCE, GRID, MUTE, PAPER, TICK
from servicegap.control import Z998, funnel_exact
from servicegap.stats import Z95

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from numpy.typing import ArrayLike


def funnel(
    n: ArrayLike, share: ArrayLike, labels: Sequence[str], target: float, worth: float = 1.0
) -> Figure:
    """Teams of unequal size around the share of all, with the limits of luck (95 and 99.8 %).

    `worth`: how much one contact counts, since people of one account resemble each other.
    """
    import seaborn as sns

    n, share = np.asarray(n, dtype=float), np.asarray(share, dtype=float)
    with look.applied():
        figure, ax = look.axes(3.1, left=0.1, right=0.97, bottom=0.55)
        sizes = np.linspace(5, n.max() * 1.15, 200)
        for z, style in ((Z95, "--"), (Z998, "-")):
            for limit in funnel_exact(target / 100, sizes * worth, z):
                ax.plot(sizes, 100 * limit, color=BELIEF, lw=1.2, ls=style)
        ax.axhline(target, color=MUTE, lw=1, ls=":")
        sns.scatterplot(
            x=n, y=share, s=70, color=EVIDENCE, edgecolor=PAPER, ax=ax, zorder=3, clip_on=False
        )
        names = [look.shorten(label, 18) for label in labels]
        for (x, y, side), name in zip(_beside(n / sizes[-1], share, names), names, strict=True):
            ax.text(x * sizes[-1], y, name, ha=side, va="center", fontsize=8.5)
        ax.grid(axis="y", color=GRID, lw=0.8)
        ax.set(xlim=(0, sizes[-1]), ylim=(0, 103), xlabel="contacts who rated the team",
               ylabel="% top marks")  # fmt: skip
        ax.set_yticks(range(0, 101, 20))
        return figure


def slopes(
    left: ArrayLike, right: ArrayLike, labels: Sequence[str], heads: tuple[str, str],
    colours: Sequence[str] = (), references: tuple[float, float] | None = None,
    expected: ArrayLike = (),
) -> Figure:  # fmt: skip
    """Two moments or two ways to count, joined by a line per thing; named at the right end.

    `references` is the line of everybody; `expected` where the things would have come by luck.
    """
    left, right, luck = (np.asarray(x, dtype=float) for x in (left, right, expected))
    tones = list(colours) or [EVIDENCE] * len(labels)
    with look.applied():
        figure, ax = look.axes(3.0, left=0.12, right=0.7, bottom=0.35)
        named = [(f"{look.shorten(x, 26)} {words.number(y)}", y, c)
                 for x, y, c in zip(labels, right, tones, strict=True)]  # fmt: skip
        if references:
            ax.plot([0, 1], references, color=MUTE, lw=1, ls=":")
            named.append((f"everybody {words.number(references[1])}", references[1], MUTE))
        for i in range(len(labels)):
            ax.plot([0, 1], [left[i], right[i]], "o-", color=tones[i], ms=6, lw=1.8)
        for i, by_luck in enumerate(luck):
            ax.plot([0, 1], [left[i], by_luck], "--", color=tones[i], lw=1)
            ax.plot(1, by_luck, "o", ms=5, mfc=PAPER, mec=tones[i], mew=1.2)
        ax.set_xticks([0, 1], [look.shorten(head, 24) for head in heads])
        ax.grid(axis="y", color=GRID, lw=0.8)
        span = np.concatenate([left, right, luck, list(references or ())])
        low, high = max(-2, span.min() - 8), min(103, span.max() + 8)
        for y, (text, _, tone) in zip(look.apart([n[1] for n in named], (high - low) / 14), named,
                                      strict=True):  # fmt: skip
            ax.text(1.04, y, text, fontsize=8.5, va="center", color=tone)
        ax.set(xlim=(-0.05, 1.05), ylabel="% top marks", ylim=(low, high))
        return figure


def _beside(x: ArrayLike, y: ArrayLike, names: Sequence[str]) -> list[tuple[float, float, str]]:
    """Where a name stands beside its dot, covering neither a dot nor another name, if it can.

    Args: x as a part of the width, y in percent. Returns: x, y and the side aligned, per name.
    """
    x, y = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    taken = [(a - 0.009, a + 0.009, b - 2, b + 2) for a, b in zip(x, y, strict=True)]
    places = []
    for at, level, name in zip(x, y, names, strict=True):
        long, tries = 0.0115 * len(name) + 0.01, list[tuple]()
        for up in (3.5, -3.5, 7, -7, 10):
            for side, start in (("left", at + 0.012), ("right", at - 0.012 - long)):
                box = (start, start + long, level + up - 2.6, level + up + 2.6)
                bad = sum(box[0] < e and w < box[1] and box[2] < t and b < box[3]
                          for w, e, b, t in taken) + 9 * (box[0] < 0 or box[1] > 1)  # fmt: skip
                tries.append((bad, len(tries), side, level + up, box))
        _, _, side, height, box = min(tries)
        taken.append(box)
        places.append((at + (0.012 if side == "left" else -0.012), height, side))
    return places


def pooled(
    labels: Sequence[str], raw: ArrayLike, value: ArrayLike, low: ArrayLike, high: ArrayLike,
    notes: Sequence[str], average: float, hollow: bool,
) -> Figure:  # fmt: skip
    """Groups around the share of all: a small ring as counted, a dot with a line once pooled."""
    raw, value, low, high = (np.asarray(x, dtype=float) for x in (raw, value, low, high))
    with look.applied():
        figure, ax = look.axes(0.9 + 0.46 * len(labels), left=0.25, right=0.71, bottom=0.35)
        look.scale(ax)
        ax.axvline(average, color=MUTE, lw=1, ls=":")
        ax.text(average, len(labels) - 0.42, f"all shown {words.number(average)}",
                ha="center", va="bottom",
                fontsize=8.5, color=MUTE, bbox={"fc": PAPER, "ec": "none", "pad": 1})  # fmt: skip
        for y, i in enumerate(reversed(range(len(labels)))):
            look.evidence(ax, y, value[i], low[i], high[i], hollow=hollow)
            ax.plot(raw[i], y - 0.24, "o", ms=5, mfc=PAPER, mec=TICK, mew=1.3, clip_on=False)
            ax.plot([raw[i], value[i]], [y - 0.24, y], color=TICK, lw=0.8, ls=":")
            ax.text(value[i], y + 0.17, words.number(value[i]), ha="center", va="bottom",
                    fontsize=8.5)  # fmt: skip
            ax.text(1.05, y, notes[i], transform=ax.get_yaxis_transform(), va="center",
                    fontsize=8.5, color=MUTE)  # fmt: skip
        ax.set_yticks(range(len(labels)), [look.folded(x, 24) for x in reversed(labels)])
        ax.set_ylim(-0.55, len(labels) - 0.1)
        return figure


def luck(
    labels: Sequence[str], spread: ArrayLike, by_luck: ArrayLike, notes: Sequence[str],
    hollow: Sequence[bool],
) -> Figure:  # fmt: skip
    """How far groups lie apart (a dot), beside how far luck alone takes them (a grey bar)."""
    spread, reach = np.asarray(spread, dtype=float), np.asarray(by_luck, dtype=float)
    end = 10 * np.ceil(max(spread.max(), reach.max(), 10) * 1.05 / 10)
    with look.applied():
        figure, ax = look.axes(0.65 + 0.4 * len(labels), left=0.16, right=0.8, bottom=0.35)
        look.scale(ax, 0, end, "points")
        for y, i in enumerate(reversed(range(len(labels)))):
            ax.barh(y, reach[i], height=0.5, color=BELIEF, alpha=0.55, lw=0)
            look.evidence(ax, y, spread[i], spread[i], spread[i], hollow=hollow[i])
            ax.text(1.04, y, notes[i], transform=ax.get_yaxis_transform(), va="center",
                    fontsize=8.5, color=MUTE)  # fmt: skip
        ax.text(reach[0], len(labels) - 0.72, "luck stays under this", ha="right", va="bottom",
                fontsize=8.5, color=MUTE)  # fmt: skip
        ax.set_yticks(range(len(labels)), [look.folded(x, 16) for x in reversed(labels)])
        ax.set_ylim(-0.5, len(labels) - 0.3)
        return figure


def break_even(
    accounts: ArrayLike, cost: ArrayLike, limit: float, labels: Sequence[str],
    own: Sequence[tuple[float, float]],
) -> Figure:  # fmt: skip
    """What something of their own costs a group, in % of its fees, by how many share it.

    `own` are (accounts, cost) of the groups named by `labels`; under `limit` it pays its way.
    """
    from matplotlib.ticker import MaxNLocator

    x, y = np.asarray(accounts, dtype=float), np.asarray(cost, dtype=float)
    top = min(float(y.max()), max(4 * limit, 1.3 * max((c for _, c in own), default=0.0)))
    with look.applied():
        figure, ax = look.axes(3.0, left=0.1, right=0.72, bottom=0.55)
        look.scale(ax, 0, float(x.max()), "")
        ax.axhspan(0, limit, color=GRID, alpha=0.75, lw=0)
        late = x[np.argmax(y <= limit)] > 0.35 * x.max()  # where the line is out of the way
        ax.text(0 if late else x.max(), limit, " it pays its way below ", va="bottom",
                ha="left" if late else "right", fontsize=8.5, color=MUTE)  # fmt: skip
        ax.plot(x, y, color=MUTE, lw=1.6)
        heights = [min(c, top) for _, c in own]
        for (at, _), height, spot, name in zip(
            own, heights, look.apart(heights, top / 11), labels, strict=True
        ):
            ax.plot(at, height, "o", ms=8, color=EVIDENCE, zorder=4, clip_on=False)
            ax.plot([at, x.max(), 1.02 * x.max()], [height, height, spot], color=EVIDENCE, lw=0.7,
                    ls=":", clip_on=False)  # fmt: skip
            ax.text(1.03 * x.max(), spot, look.shorten(name, 26), fontsize=8.5, va="center")
        ax.grid(axis="y", color=GRID, lw=0.8)
        ax.set(ylim=(0, top), xlabel="accounts that share it", ylabel="% of their fees")
        ax.yaxis.set_major_locator(MaxNLocator(5, integer=True))
        return figure
