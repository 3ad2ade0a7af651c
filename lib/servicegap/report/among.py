"""Where do the consultant's clients lie among each other? Dots without names, eight or more."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from servicegap import schema, words

NONE = (
    "A comparison takes eight clients of the same group (the word under group in client.yaml) with "
    "the same figure. The command servicegap batch with --refresh-panel gathers them, without "
    "anybody’s name."
)
_SHARES = {
    "sla_met_share": "Tickets inside the SLA",
    "reopened_share": "Tickets opened again",
    "did_refer_share": "Accounts that referred",
    "stay_share": "Accounts that stayed",
}
_HOURS = {
    "first_reply_hours_median": "Hours to the first reply, half of the tickets",
    "resolve_hours_median": "Hours until resolved, half of the tickets",
}
_LOWER = frozenset({"reopened_share", *_HOURS})  # where less is better
_ACROSS, _STEP = 100, 3.0  # a strip's width, and a dot's


@dataclass(frozen=True)
class Shared:
    """One figure of one client, without its name. `value` in percent, or in hours."""

    measure: str
    group: str
    value: float


@dataclass(frozen=True)
class Dot:
    """Where a dot lies: across from 0 to 100, `up` which in its pile, and whether a good one."""

    across: float
    up: int
    good: bool


@dataclass(frozen=True)
class Strip:
    """One measure of one group: its dots, and the same in words."""

    title: str
    group: str
    dots: tuple[Dot, ...]
    high: int
    low_end: str
    high_end: str
    said: str


def strips(figures: Iterable[Shared]) -> tuple[Strip, ...]:
    """A strip for each measure and group of eight or more; the others are not drawn at all."""
    groups: dict[tuple[str, str], list[float]] = {}
    for figure in figures:
        key = (figure.group, figure.measure)
        groups.setdefault(key, []).append(figure.value)
    order = list(schema.PEER_MEASURES)
    return tuple(
        _strip(group, measure, sorted(values))
        for (group, measure), values in sorted(
            groups.items(), key=lambda item: (item[0][0].casefold(), order.index(item[0][1]))
        )
        if len(values) >= schema.LEAST_PEERS
    )


def title(measure: str) -> str:
    """A measure's name as a reader knows it."""
    for scale in schema.SCALES.values():
        if scale.measure == measure:
            return f"Top marks, scale {scale.name.replace('-', '–', 1)}"
    return (_SHARES | _HOURS)[measure]


def _strip(group: str, measure: str, values: list[float]) -> Strip:
    hours, lower = measure in _HOURS, measure in _LOWER
    end = math.ceil(max(values) * 1.05) or 1 if hours else 100
    ranked = values if lower else values[::-1]
    least = ranked[math.ceil(len(values) / 4) - 1]
    piles: dict[int, int] = {}
    dots = []
    for value in values:
        at = _ACROSS * min(1.0, max(0.0, value / end))
        pile = round(at / _STEP)
        up = piles.get(pile, 0)
        piles[pile] = up + 1
        good = value <= least if lower else value >= least
        dots.append(Dot(round(pile * _STEP, 1), up, good))
    middle = values[len(values) // 2] if len(values) % 2 else sum(_middle(values)) / 2
    unit = " hours" if hours else " %"
    ends = words.ends(values[0], values[-1], 1 if hours else 0)
    best = f"at most {_as(least, hours)}" if lower else f"{_as(least, hours)} or more"
    said = (
        f"{len(values)} clients, {ends}{unit}; half of them up to {_as(middle, hours)}{unit}. "
        f"The best quarter: {best}{unit}."
    )
    nought, top = (f"{words.number(x)}{unit}" for x in (0, end))
    return Strip(title(measure), group, tuple(dots), max(piles.values()), nought, top, said)


def _middle(values: list[float]) -> list[float]:
    half = len(values) // 2
    return values[half - 1 : half + 1]


def _as(value: float, hours: bool) -> Any:
    return words.number(value, 1 if hours else 0)
