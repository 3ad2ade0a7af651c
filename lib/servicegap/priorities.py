"""What comes first? One order of importance, for the executive summary and for the roadmap alike.

Clear blind spots are mended first, the widest before the others; then comes what leans, since it
earns a cheap test; then what could not be judged, since it earns a measurement. Sizes are compared
in units of the smallest gap worth a verdict, so that months and percent can stand in one line.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol, TypeVar

from servicegap import schema

AT_MOST = 3  # risks, and actions, that anybody can hold in mind
_ORDER = tuple(schema.HEADLINES)
_FIRST = (  # verdict and strength, in the order in which they are acted on
    ("blind spot", "clear"),
    ("blind spot", "leaning"),
    ("hidden strength", "leaning"),
    ("too few to judge", None),
    ("not measured", None),
)


class Judged(Protocol):
    """What an order of importance asks of a finding: whose it is, and what came of it."""

    @property
    def id(self) -> str: ...
    @property
    def word(self) -> str: ...
    @property
    def strength(self) -> str | None: ...
    @property
    def gap(self) -> float | None: ...


Finding = TypeVar("Finding", bound=Judged)


def size(finding: Judged) -> float:
    """How wide a gap is, whichever way, in units of the smallest one worth a verdict."""
    return abs(finding.gap or 0) / schema.HEADLINES[finding.id].delta


def pick(
    findings: Iterable[Finding], word: str, strength: str | None = None
) -> tuple[Finding, ...]:
    """The findings with this verdict and this strength, the widest first, then as in the schema."""
    chosen = (f for f in findings if (f.word, f.strength) == (word, strength))
    return tuple(sorted(chosen, key=lambda f: (-size(f), _ORDER.index(f.id))))


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """What to act on, the first thing first. Strengths and beliefs that hold ask for nothing."""
    every = tuple(findings)
    return tuple(f for verdict in _FIRST for f in pick(every, *verdict))
