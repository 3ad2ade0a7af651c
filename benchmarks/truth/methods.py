"""The bench's table and picture, written into METHODS between its marks."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

import numpy as np
from servicegap import charts
from servicegap.client.folder import ROOT

from benchmarks import power
from benchmarks.truth import answers, chances, shares, worlds
from benchmarks.truth.bench import Size
from benchmarks.truth.rows import HEAD, Row

METHODS, PICTURE = ROOT / "METHODS.md", ROOT / "docs" / "images" / "coverage.png"
BEGIN, END = "<!-- truth bench: written by make truth -->", "<!-- /truth bench -->"
_PICTURED = (answers.INDEPENDENT, answers.CLUSTERED[0], answers.CLUSTERED[1], answers.ONE_MIND)


def text(said: Sequence[Row], size: Size) -> str:
    """The table with what it rests on."""
    short = sum(row.met is False for row in said)
    asked = sum(row.met is not None for row in said)
    return "\n".join(
        [
            BEGIN,
            f"{asked - short} of {asked} targets met. {size.firms:,} whole firms of which every "
            f"belief is true and {min(size.mixed, size.firms):,} of the mixed world, "
            f"{size.planted:,} with each fault, {size.trials:,} draws a cell of the intervals, "
            "five times that of independent answers. "
            f"Version {version('servicegap')}; seeds from {worlds.SEED:,} (whole firms), "
            f"{power.SEED:,} (faults), {shares.SEED:,} to {chances.SEED:,} (the others). Made by "
            "`make truth`.",
            "",
            *HEAD,
            *(row.line for row in said),
            END,
        ]
    )


def put_in(page: str, new: str) -> str:
    """A page with what stands between the marks replaced."""
    before, _, rest = page.partition(BEGIN)
    return before + new + rest.partition(END)[2]


def write(said: Sequence[Row], size: Size) -> None:
    """Write the table into METHODS, and draw the picture beside it."""
    page = METHODS.read_text(encoding="utf-8")
    METHODS.write_text(put_in(page, text(said, size)), encoding="utf-8", newline="\n")
    draw(PICTURE, min(size.trials, 500))


def draw(to: Path, trials: int) -> None:
    """How often 95 % intervals of shares hold: a line a kind of answers, by contacts."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(9, 3.6), layout="constrained")
    panels = figure.subplots(1, 2, sharey=True)
    last = len(shares.CONTACTS)
    for kind in _PICTURED:
        found = list(shares.cells(kind, trials))
        alone = kind is answers.INDEPENDENT
        style = {"color": charts.EVIDENCE, "linewidth": 2} if alone else {"color": charts.MUTE}
        for panel, many in zip(panels, (False, True), strict=True):
            mean = list(shares.means(found, many).values())
            panel.plot(np.arange(last)[-len(mean) :], mean, "-o", markersize=4, **style)
        panels[1].annotate(
            kind.name, (last - 1, mean[-1]), xytext=(6, 0), textcoords="offset points",
            fontsize=7, va="center",
        )  # fmt: skip
    for panel, name in zip(panels, ("fewer than 20 accounts", "20 accounts and more"), strict=True):
        panel.axhline(95, color=charts.TICK, linewidth=0.8, linestyle=":")
        panel.set_title(name, loc="left", fontsize=9)
        panel.set_xticks(range(len(shares.CONTACTS)), [str(n) for n in shares.CONTACTS])
        panel.set_xlabel("contacts", fontsize=8)
        panel.set_ylim(90, 100)
        panel.tick_params(labelsize=8)
        panel.spines[["top", "right"]].set_visible(False)
    figure.savefig(to, dpi=150)
