"""Which chart can be drawn natively from a figure's tidy data? A row each with dots, or curves.

Two shapes are enough for charts: things beside each other, each with its range where there is one,
and a course over a number. A chart shows one measure: where the picture has a second one (a ring, a
tick, a diamond), it would be missing, and the reader is told of it. What is neither, and has few
rows, is a table: beliefs beside their evidence, say. The rest stays a picture; nothing is computed
here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

Cell: TypeAlias = float | int | str | None
MOST_ROWS, MOST_CURVES, FEWEST_PLACES = 12, 3, 5
MOST_LINES, MOST_COLUMNS = 8, 6
_BELIEFS = {"guess", "belief"}  # evidence without the belief beside it would be half a picture
_ENDS = {"low", "high", "to", "p"}
# numbers that go with a measure without being drawn
_BESIDE = frozenset(
    {"n", "people", "contacts", "accounts", "tickets", "usps", "copied", "count", "p", "tier"}
    | {"lost", "one", "other", "people_one", "people_other"}
)
_SIGNS = {"n", "p"}  # small in a heading too


@dataclass(frozen=True)
class Column:
    """A column of tidy data: its name in the code, how it is called, its unit."""

    name: str
    label: str
    unit: str
    numeric: bool

    @property
    def says_its_unit(self) -> bool:
        """Is there no unit, or does the name have it: `fee, GBP a month`, `first of 100`?"""
        percent_twice = self.unit == "%" and "of 100" in self.label
        return not self.unit or self.unit in self.label or percent_twice


@dataclass(frozen=True)
class Data:
    """The numbers behind a figure, a row each."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True)
class Dots:
    """A line a label; `points` are (line, value, low, high), the ends None where there are none."""

    labels: tuple[str, ...]
    points: tuple[tuple[int, float, float | None, float | None], ...]
    unit: str


@dataclass(frozen=True)
class Curves:
    """Courses over the same places; `unit` is that of the heights, `along` what lies along x.

    What starts at 100 and only falls is how many are left; such a course has steps.
    """

    along: str
    places: tuple[float, ...]
    names: tuple[str, ...]
    heights: tuple[tuple[float | None, ...], ...]
    unit: str

    def corners(self, heights: Sequence[float | None]) -> list[tuple[float, float | None]]:
        """The points of a course, with the corners of its steps where it has any."""
        points = list(zip(self.places, heights, strict=True))
        known = [height for height in heights if height is not None]
        falls = all(b <= a for a, b in pairwise(known))
        if not (len(known) == len(points) and known[:1] == [100.0] and falls):
            return points
        steps = [[(there, before), (there, after)]
                 for (_, before), (there, after) in pairwise(points)]  # fmt: skip
        return [points[0], *(corner for step in steps for corner in step)]


@dataclass(frozen=True)
class Lines:
    """A table of few rows; a value and its range stand in one cell, `numeric` says where."""

    head: tuple[str, ...]
    rows: tuple[tuple[tuple[Cell, ...], ...], ...]  # a cell is (value,) or (value, low, high)
    numeric: tuple[bool, ...]


def lines(data: Data | None) -> Lines | None:
    """The table of a figure's data, or None where it would be too wide, too long or say nothing."""
    if data is None or not 0 < len(data.rows) <= MOST_LINES:
        return None
    data = _said(data)
    names = [column.name for column in data.columns]
    places: list[tuple[int, ...]] = []
    i = 0
    while i < len(names):
        ends = tuple(names[i + 1 : i + 3])
        whole = ends in {("low", "high"), (f"{names[i]}_low", f"{names[i]}_high")}
        places.append((i, i + 1, i + 2) if whole else (i,))
        i += len(places[-1])
    if not 2 <= len(places) <= MOST_COLUMNS or not any(c.numeric for c in data.columns):
        return None
    return Lines(
        tuple(_heading(data.columns[place[0]]) for place in places),
        tuple(tuple(tuple(row[i] for i in place) for place in places) for row in data.rows),
        tuple(data.columns[place[0]].numeric for place in places),
    )


def _said(data: Data) -> Data:
    """The columns in which anything stands at all."""
    there = [i for i in range(len(data.columns)) if any(row[i] is not None for row in data.rows)]
    rows = (tuple(row[i] for i in there) for row in data.rows)
    return Data(tuple(data.columns[i] for i in there), tuple(rows))


def _heading(column: Column) -> str:
    label = column.label
    if label.partition(",")[0] not in _SIGNS:
        label = label[:1].upper() + label[1:]
    return label if column.says_its_unit else f"{label}, {column.unit}"


def shape(data: Data | None) -> Dots | Curves | None:
    """The native chart of a figure's data, or None where a picture says it better."""
    if data is None or not data.rows or not data.columns:
        return None
    return _curves(data) if data.columns[0].numeric else _dots(data)


def _dots(data: Data) -> Dots | None:
    value, low, high = _triple(data.columns)
    if value is None or _BELIEFS & {column.name for column in data.columns}:
        return None
    if _measures(data.columns, (value, low, high)):
        return None
    names = [str(row[0]) for row in data.rows]
    if len(set(names)) > MOST_ROWS and names[0] == "you" and low is None:
        names = ["you", *("the others" for _ in names[1:])]
    labels = tuple(dict.fromkeys(names))
    if len(labels) > MOST_ROWS or (low is not None and len(labels) < len(data.rows)):
        return None
    points = []
    for name, row in zip(names, data.rows, strict=True):
        at = _number(row[value])
        ends = tuple(None if place is None else _number(row[place]) for place in (low, high))
        if at is not None:
            points.append((labels.index(name), at, ends[0], ends[1]))
    return Dots(labels, tuple(points), data.columns[value].unit) if points else None


def _triple(columns: Sequence[Column]) -> tuple[int | None, int | None, int | None]:
    """Where value, low and high stand; None for what isn't there or could be several things."""
    names = [column.name for column in columns]
    for stem in ("", *(f"{name}_" for name in names)):
        low, high = f"{stem}low", f"{stem}high"
        if low in names and high in names:
            ends = names.index(low), names.index(high)
            value = names.index(stem[:-1]) if stem else _before(columns, ends[0])
            return (value, *ends) if value is not None else (None, None, None)
    numeric = [i for i, column in enumerate(columns) if column.numeric]
    return (numeric[0], None, None) if len(numeric) == 1 else (None, None, None)


def _measures(columns: Sequence[Column], shown: Sequence[int | None]) -> list[str]:
    """The measures besides the one that is `shown` with its range."""
    others = (column for i, column in enumerate(columns) if column.numeric and i not in shown)
    return [column.name for column in others if column.name not in _BESIDE]


def _before(columns: Sequence[Column], place: int) -> int | None:
    """The number that stands right before its low end."""
    return place - 1 if place > 0 and columns[place - 1].numeric else None


def _curves(data: Data) -> Curves | None:
    along, *others = data.columns
    sound = all(column.numeric and column.name not in _ENDS for column in others)
    alike = len({column.unit for column in others}) == 1
    if not (sound and alike and len(others) <= MOST_CURVES and len(data.rows) >= FEWEST_PLACES):
        return None
    places = [_number(row[0]) for row in data.rows]
    if any(place is None for place in places):
        return None
    heights = tuple(tuple(_number(row[i + 1]) for row in data.rows) for i in range(len(others)))
    return Curves(
        f"{along.label}, {along.unit}" if along.unit else along.label,
        tuple(place for place in places if place is not None),
        tuple(column.label for column in others),
        heights,
        others[0].unit,
    )


def _number(cell: Cell) -> float | None:
    return float(cell) if isinstance(cell, int | float) else None
