"""The questions of the truth bench in their order, and how many firms each is put to."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.truth import (
    chances,
    coming_back,
    held,
    other_figures,
    reports,
    shares,
    silent,
    staying_put,
    turning,
    worlds,
)
from benchmarks.truth.rows import Row


@dataclass(frozen=True)
class Size:
    """How much is drawn.

    `firms` whole ones in either world; `planted` with each fault; `trials` a cell of a single
    function; `moved` written to files and changed. `slack` in points is what chance may do to a
    mean of so few trials; `small` says that targets are held against chance.
    """

    name: str
    firms: int
    mixed: int
    planted: int
    trials: int
    moved: int
    slack: float
    small: bool


QUICK = Size("quick", 150, 40, 50, 40, 2, 2.0, True)
FULL = Size("full", 2_000, 2_000, 400, 2_000, 40, 0.0, False)
Question = Callable[[], list[Row]]


def questions(size: Size, jobs: int) -> dict[str, Question]:
    """Every question by name, in the order in which they are printed."""

    def alarms() -> list[Row]:
        return all_true(list(worlds.run("unfaulted", "typical", size.firms, jobs)), size)

    def mixed() -> list[Row]:
        firms = worlds.run("mixed", "typical", min(size.mixed, size.firms), jobs)
        return reports.mixed(list(firms), size.small)

    return {
        "known answers": held.known_answers,
        "guards": lambda: held.guards(every=not size.small),
        "intervals of shares": lambda: shares.rows(size.trials, size.slack)[0],
        "other intervals": lambda: other_figures.rows(size.trials, 1.5 * size.slack),
        "the silent": lambda: silent.rows(10 * size.trials, 24),
        "comparisons that turn": lambda: turning.rows(5 * size.trials),
        "what comes back": lambda: coming_back.rows(20 * size.trials),
        "chances": lambda: chances.rows(5 * size.trials, size.slack),
        "verdicts that stay put": lambda: staying_put.rows(size.moved),
        "planted faults": lambda: reports.found_of_planted(size.planted, size.small, jobs),
        "planted faults by size": lambda: reports.by_size_and_strength(size.planted // 4, jobs),
        "all true": alarms,
        "mixed": mixed,
    }


def all_true(firms: list[worlds.Firm], size: Size) -> list[Row]:
    """What is asked of firms all of whose beliefs are true."""
    said = reports.alarms(firms, size.small) + reports.own_ranges(firms, size.small)
    return said + reports.intervals(firms, 2 * size.slack)


def rows(size: Size, jobs: int) -> Iterator[Row]:
    """Ask every question that has not been answered by an earlier run of the same code and size."""
    for name, ask in _progress(questions(size, jobs), size):
        yield from _kept(name, size, ask)


def _progress(asked: dict[str, Question], size: Size) -> Iterator[tuple[str, Question]]:
    from rich.console import Console

    out = Console(stderr=True)
    for at, (name, ask) in enumerate(asked.items(), 1):
        out.print(f"{size.name} bench, {at} of {len(asked)}: {name}")
        yield name, ask


def _kept(name: str, size: Size, ask: Question) -> list[Row]:
    place = worlds.PLACE / f"rows-{stamp()}"
    place.mkdir(parents=True, exist_ok=True)
    kept = place / f"{name.replace(' ', '-')}-{_number(size)}.json"
    if kept.exists():
        return [Row(**row) for row in json.loads(kept.read_text())]
    found = ask()
    kept.write_text(json.dumps([vars(row) for row in found]))
    return found


def stamp() -> str:
    """What all answers hang on: the library, the bench and what it is made with, and the lock."""
    here = Path(__file__).parent
    return worlds.stamp(*here.glob("*.py"), here.parent / "power.py", worlds.ROOT / "uv.lock")


def _number(size: Size) -> int:
    """A number for a size, the same in every process."""
    from zlib import crc32

    return crc32(repr(size).encode())
