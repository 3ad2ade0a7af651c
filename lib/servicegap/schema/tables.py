"""Scales, tables and their columns: what a client's folder may hold."""

from __future__ import annotations

import math
from dataclasses import dataclass
from types import MappingProxyType

from servicegap.schema.columns import TABLE_TEXT


@dataclass(frozen=True)
class Scale:
    """A rating scale: its ends, its boxes and the measure name under which peers report it.

    `satisfied` and `top` are lower ends of boxes; answers from `neutral` up to `satisfied` are
    neither happy nor unhappy (None where the scale has no middle). `continuous` scales take any
    number between the ends, the others only whole steps.
    """

    name: str
    low: float
    high: float
    top: float
    satisfied: float
    neutral: float | None
    measure: str
    continuous: bool = False
    also: tuple[str, ...] = ()


_SCALES = (
    Scale("1-5", 1, 5, 5, 4, 3, "csat_top_1_5", also=("1–5", "1 to 5", "1..5", "5", "stars")),
    Scale("1-7", 1, 7, 7, 6, 4, "csat_top_1_7", also=("1–7", "1 to 7", "1..7", "7")),
    Scale("0-10", 0, 10, 9, 7, 5, "csat_top_0_10", also=("0–10", "0 to 10", "0..10", "nps")),
    Scale("1-10", 1, 10, 9, 7, 5, "csat_top_1_10", also=("1–10", "1 to 10", "1..10", "10")),
    Scale("-1/0/1", -1, 1, 1, 1, 0, "csat_positive_3", also=("faces", "three faces", "-1..1")),
    Scale("0/1", 0, 1, 1, 1, None, "csat_positive_2", also=("0-1", "0–1", "thumbs", "0 or 1")),
    Scale("0-100", 0, 100, 90, 70, 50, "csat_top_0_100", True, ("0–100", "percent", "100", "%")),
)
SCALES = MappingProxyType({s.name: s for s in _SCALES})
SCALE_ALIASES = MappingProxyType({a.casefold(): s.name for s in _SCALES for a in (s.name, *s.also)})


@dataclass(frozen=True)
class Column:
    """One column of a table.

    `kind` is the rule by which the text of a cell is read: id, text, number, whole, date (a day),
    time (a day with or without a clock time), yesno, choice (one of `choices`), scale (a name in
    SCALES) or score (a number on the scale that the row's scale column names). `low` and `high`
    are the ends of what is possible, both included.
    """

    name: str
    kind: str
    about: str
    required: bool = False
    unit: str = ""
    choices: tuple[str, ...] = ()
    low: float = -math.inf
    high: float = math.inf
    scale_in: str = "scale"


@dataclass(frozen=True)
class Table:
    """One table of a client's folder. `key` is the column whose values are unique, if any."""

    name: str
    about: str
    columns: tuple[Column, ...]
    key: str | None = None

    def __getitem__(self, name: str) -> Column:
        return next(c for c in self.columns if c.name == name)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(c.name for c in self.columns)

    @property
    def required(self) -> tuple[str, ...]:
        return tuple(c.name for c in self.columns if c.required)


def _column(line: str) -> Column:
    """Read one line of TABLE_TEXT: `name* | kind | unit, choices or range | what it is`."""
    name, kind, limits, about = (cell.strip() for cell in line.split("|"))
    options: dict = {"required": name.endswith("*")}
    if kind == "choice":
        options["choices"] = tuple(limits.split("/"))
    elif kind == "score":
        options["scale_in"] = limits or "scale"
    elif limits:
        unit, _, span = limits.partition(":")
        options["unit"] = unit.strip()
        if span:
            low, high = span.split("..")
            options["low"] = float(low or -math.inf)
            options["high"] = float(high or math.inf)
    return Column(name.rstrip("*"), kind, about, **options)


def _tables() -> dict[str, Table]:
    tables = {}
    for block in TABLE_TEXT.strip().split("\n\n"):
        head, *lines = block.splitlines()
        name, key, about = (cell.strip() for cell in head.split("|"))
        tables[name] = Table(name, about, tuple(map(_column, lines)), key or None)
    return tables


TABLES = MappingProxyType(_tables())

LEAST_PEERS = 8  # firms, from which a figure about a group of them may be made
PEER_MEASURES = (
    *(s.measure for s in _SCALES),
    "sla_met_share",
    "reopened_share",
    "first_reply_hours_median",
    "resolve_hours_median",
    "did_refer_share",
    "stay_share",
)
