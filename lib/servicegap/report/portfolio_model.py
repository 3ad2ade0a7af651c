"""What does the page over all clients hold? Clients as they were found, rows as printed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from servicegap import schema
from servicegap.report import among
from servicegap.report.model import Brand, Span
from servicegap.report.scorecard import IN_PLAIN

# what became of a client, as printed and in the order in which it asks for somebody
STATUSES = {
    "failed": ("failed", "bad", "✕"),
    "damaged": ("report damaged", "bad", "✕"),
    "not reached": ("not reached", "bad", "…"),
    "made": ("made anew", "plain", ""),
    "unchanged": ("unchanged", "open", ""),
    "not asked": ("not looked at this time", "open", ""),
    "gone": ("no folder any more", "open", ""),
    "renamed": ("under an earlier name", "open", ""),
}
LEFT = ("gone", "renamed")  # of whom there is a report and nothing else


@dataclass(frozen=True)
class Client:
    """One client as it was found. `status` is one of STATUSES; `reason` says why it is so.

    `as_of` is None where nothing was ever published; `partial` names the sessions of a report that
    is only a part; `files` are what to open: label → place, as seen from the page; `findings` are
    those of `findings.json`. `folder` is where its files are, as one would type it, and `command`
    what to run next; both empty where nothing is to do or nobody knows.
    """

    name: str
    id: str
    status: str
    reason: str = ""
    as_of: date | None = None
    draft: bool = True
    partial: tuple[str, ...] = ()
    files: Mapping[str, str] = field(default_factory=dict)
    findings: tuple[Mapping[str, Any], ...] = ()
    folder: str = ""
    command: str = ""


@dataclass(frozen=True)
class Judged:
    """A finding as priorities want it."""

    id: str
    word: str
    strength: str | None
    gap: float | None
    belief: Span | None
    evidence: Span | None
    change: str = ""

    @property
    def label(self) -> str:
        return schema.HEADLINES[self.id].label

    @property
    def unit(self) -> str:
        unit = schema.HEADLINES[self.id].unit
        return IN_PLAIN.get(unit, unit)


@dataclass(frozen=True)
class Cell:
    """One verdict of a strip: whose, its sign, its word and its tone."""

    label: str
    mark: str
    verdict: str
    tone: str


@dataclass(frozen=True)
class Row:
    """One client as printed. `tags` are what the page filters by."""

    name: str
    id: str
    mark: str
    tone: str
    status: str
    needs: tuple[str, ...]
    as_of: str
    strip: tuple[Cell, ...]
    verdicts: tuple[Cell, ...]
    gap: str
    gap_figures: str
    more: str
    changed: str
    files: tuple[tuple[str, str], ...]
    tags: tuple[str, ...]
    published: bool
    folder: str = ""
    command: str = ""


@dataclass(frozen=True)
class Belief:
    """How often one belief is a blind spot. Drawn in percent of all clients with a report: those
    for whom it was looked at (`heard`), and of them the clear and the leaning blind spots.
    """

    number: int
    label: str
    heard: float
    clear: float
    leaning: float
    times: int
    said: str


@dataclass(frozen=True)
class Portfolio:
    """The page: all words as printed."""

    brand: Brand
    title: str
    summary: tuple[str, ...]
    filters: tuple[tuple[str, str, int], ...]
    rows: tuple[Row, ...]
    beliefs: tuple[Belief, ...]
    commonest: str
    strips: tuple[among.Strip, ...]
    no_strip: str
    version: str
