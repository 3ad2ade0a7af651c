"""What was planted in a made-up firm, what its sessions found, what could have been found.

The facts of the page for the end of a workshop; `revealing` lays them out.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from servicegap import schema, simulate, words
from servicegap.charts import Row
from servicegap.charts import revealed as charts
from servicegap.charts.panels import panels_of, per_panel, place
from servicegap.client import Client, find, load
from servicegap.findings import Figure, Finding, Shown
from servicegap.teaching import outcome
from servicegap.teaching.room import read_truth

SIZES = ("small", "typical", "large")


@dataclass(frozen=True)
class Planted:
    """One belief of the firm: what is true, what was said of it, and what its session made of it.

    `word` says what came of a planted fault: found, hinted at, or not found; "" where none was.
    """

    headline: schema.Headline
    true: float
    planted: bool
    finding: Finding

    @property
    def word(self) -> str:
        if not self.planted:
            return ""
        return {"clear": "found", "leaning": "hinted at"}.get(
            self.finding.verdict.strength or "", "not found"
        )

    @property
    def believed(self) -> str:
        stated = self.finding.stated
        return "no guess" if stated is None else words.amount(self.headline, stated.value)

    @property
    def evidence(self) -> str:
        found = self.finding.estimate
        if found.hidden or math.isnan(found.low):
            return "nothing to go by"
        return words.reach(self.headline, found.low, found.high)

    @property
    def verdict(self) -> str:
        verdict = self.finding.verdict
        leaning = ", leaning" if verdict.strength == "leaning" else ""
        return f"{verdict.word}{leaning}"


@dataclass(frozen=True)
class Chance:
    """Of `firms` firms of a size with the same fault, in how many its session found it."""

    size: str
    answering: int
    accounts: int
    found: int
    firms: int
    own: bool


@dataclass(frozen=True)
class Unveiled:
    """Everything that the page says of one firm."""

    name: str
    folder: Path
    truth: Mapping[str, Any]
    client: Client
    beliefs: tuple[Planted, ...]
    outcome: outcome.Outcome | None
    chances: tuple[Chance, ...]

    @property
    def planted(self) -> tuple[Planted, ...]:
        return tuple(b for b in self.beliefs if b.planted)

    @property
    def misjudged(self) -> tuple[Planted, ...]:
        """Honest beliefs of which the files say, clearly or leaning, that they are wrong."""
        return tuple(b for b in self.beliefs if not b.planted and b.finding.verdict.strength)


def unveil(firm: str | Path, firms: int = 20) -> Unveiled:
    """Look at a made-up firm with its truth at hand.

    Args: firm, its folder with TRUTH.yaml; firms, how many to make of each size to see how often
    the fault of a firm made for teaching is found; 0 for none. Raises Refused where there is no
    such folder, ValueError where it has no TRUTH.yaml.
    """
    truth, folder = read_truth(firm), find(firm)
    client = load(folder, sealed=False)
    beliefs = tuple(
        Planted(head, float(row["true_value"]), bool(row["planted"]), outcome.headline(client, b))
        for b, head in schema.HEADLINES.items()
        for row in (truth["beliefs"][b],)
    )
    taught = "lesson" in truth
    found = outcome.look(client, truth) if taught else None
    chances = _chances(truth, firms) if taught and firms and truth["strength"] else ()
    return Unveiled(client.settings.name, folder, truth, client, beliefs, found, chances)


def _chances(truth: Mapping[str, Any], firms: int) -> tuple[Chance, ...]:
    found, something = [], truth["lesson"]["belief"] or truth["exploratory"]
    for name in SIZES if something else (truth["size"],):  # twelve looks a firm take their time
        size = simulate.SIZES[name]
        hits = outcome.how_often({**truth, "size": name}, firms)
        own = name == truth["size"]
        found.append(Chance(name, size.answering, size.accounts, hits, firms, own))
    return tuple(found)


def beside_truth(firm: Unveiled) -> Figure | None:
    """The planted beliefs: what was believed, what the files say, what is true; None if none is."""
    those = sorted(firm.planted, key=lambda b: place(b.headline))
    if not those:
        return None
    rows = [
        Row(b.headline.label, _ends(b), _evidence(b), b.finding.verdict.word,
            b.finding.verdict.strength, b.word, _gap(b))
        for b in those
    ]  # fmt: skip
    heads = [b.headline for b in those]
    truths = [b.true for b in those]
    panels = panels_of(heads, rows, truths)
    found = sum(b.word == "found" for b in those)
    data = pd.DataFrame(
        [[b.headline.label, b.believed, b.evidence, b.true, b.verdict, b.word] for b in those],
        columns=["belief", "believed", "evidence", "true", "verdict", "word"],
    )
    return Figure(
        f"Of {words.count(len(those), 'wrong belief')} planted, {words.spelled(found, 'none')} "
        f"{'was' if found < 2 else 'were'} found",
        "; ".join(
            f"{b.headline.label}: believed {b.believed}, evidence {b.evidence}, true "
            f"{words.amount(b.headline, b.true)}, {b.verdict}, {b.word}"
            for b in those
        )
        + ".",
        "The bar with its tick is what the owner believed, the dot with its line what the files "
        "say, the diamond what is true. The files are a sample of the truth: the dot need not lie "
        "on the diamond, but the line should nearly always reach it.",
        data,
        {"belief": Shown("belief"), "true": Shown("true")},
        lambda: charts.truth_panels(panels, per_panel(heads, truths)),
        id="planted",
    )


def _ends(belief: Planted) -> tuple[float, float, float]:
    said = belief.finding.stated
    return (said.value, said.low, said.high) if said else (math.nan,) * 3


def _evidence(belief: Planted) -> tuple[float, float, float]:
    found = belief.finding.estimate
    if found.hidden:
        return (math.nan,) * 3
    return found.value if found.speaks else math.nan, found.low, found.high


def _gap(belief: Planted) -> str:
    value, found = _ends(belief)[0], _evidence(belief)[0]
    return "" if math.isnan(value + found) else words.arrow(belief.headline, value, found)
