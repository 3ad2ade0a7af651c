"""The bench's table and picture, written into METHODS between its marks."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

from servicegap import charts
from servicegap.client.folder import ROOT

from benchmarks import power
from benchmarks.truth import answers, chances, shares, worlds
from benchmarks.truth.bench import Size, stamp
from benchmarks.truth.rows import HEAD, Row

METHODS, PICTURE = ROOT / "METHODS.md", ROOT / "docs" / "images" / "coverage.png"
BEGIN, END = "<!-- truth bench: written by make truth -->", "<!-- /truth bench -->"
_PICTURED = (answers.INDEPENDENT, answers.CLUSTERED[0], answers.CLUSTERED[1], answers.ONE_MIND)


def text(said: Sequence[Row], size: Size) -> str:
    """The table with what it rests on."""
    short = sum(row.met is False for row in said)
    small = " A small run: ranges are widened by what chance may do." if size.small else ""
    asked = sum(row.met is not None for row in said)
    return "\n".join(
        [
            BEGIN,
            f"{asked - short} of {asked} targets met. {size.firms:,} whole firms of which every "
            f"belief is true and {min(size.mixed, size.firms):,} of the mixed world, "
            f"{size.planted:,} with each fault, {size.trials:,} draws a cell of the intervals, "
            "five times that of independent answers. "
            f"Version {version('servicegap')}, content {stamp()}; seeds from "
            f"{worlds.SEED:,} (whole firms), {power.SEED:,} (faults), {shares.SEED:,} to "
            f"{chances.SEED:,} (the others). Made by `make truth`.{small}",
            "",
            *HEAD,
            *(row.line for row in said),
            "",
            "![How often 95 % intervals of shares hold, by contacts, kind of answers and number of "
            "accounts](docs/images/coverage.png)",
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
    """How often 95 % intervals of shares hold, by contacts: a panel a kind of answers."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(10, 2.8), layout="constrained")
    panels = figure.subplots(1, len(_PICTURED), sharey=True)
    at = {n: i for i, n in enumerate(shares.CONTACTS)}
    for panel, kind in zip(panels, _PICTURED, strict=True):
        found = list(shares.cells(kind, trials))
        for many, colour, name in (
            (False, charts.MUTE, "fewer than 20 accounts"),
            (True, charts.EVIDENCE, "20 accounts and more"),
        ):
            mean = shares.means(found, many)
            panel.plot([at[n] for n in mean], list(mean.values()), "-o", color=colour, markersize=4)
            if panel is panels[0]:
                panel.text(0.02, 0.06 if many else 0.14, name, color=colour, fontsize=8,
                           transform=panel.transAxes)  # fmt: skip
        panel.axhline(95, color=charts.TICK, linewidth=0.8, linestyle=":")
        panel.set_title(kind.name, loc="left", fontsize=9)
        panel.set_xticks(range(len(at)), [str(n) for n in at])
        panel.set_xlabel("contacts", fontsize=8)
        panel.set_ylim(88, 100)
        panel.tick_params(labelsize=8)
        panel.spines[["top", "right"]].set_visible(False)
    panels[0].set_ylabel("held, %", fontsize=8)
    figure.savefig(to, dpi=130)
