"""Which row of a file holds the headers, and which column is which column of the schema."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from servicegap.problems import Problem, Refused
from servicegap.schema import Table
from servicegap.tables.spellings import squash

_SEARCHED = 12  # rows in which a header may hide under a title


@dataclass(frozen=True)
class Head:
    """Where a file's headers stand: the index of their last row, and their texts."""

    last: int
    headers: tuple[str, ...]


@dataclass(frozen=True)
class Wanted:
    """What a reader looks for in a file.

    `name` stands in messages; `known` are the headers (squashed) that tell a row of headers from
    a title; `find` says where the headers stand; `places` which columns are read, by name (raises
    Refused where one is missing); `fits` whether headers will do; `key` the column whose every
    text is told apart. `score` says how well a sheet's headers fit, where several do (None: then
    nobody chooses); `most` is how many bytes of a text file are enough (None: all); with
    `clock_spans` a span of time is written as 26:15:00 rather than in hours.
    """

    name: str
    known: frozenset[str]
    find: Callable[[Sequence[Sequence[str]]], Head]
    places: Callable[[Sequence[str], str, int], dict[str, int]]
    fits: Callable[[Sequence[str]], bool]
    key: str | None = None
    score: Callable[[Sequence[str]], float] | None = None
    most: int | None = None
    clock_spans: bool = False


def of_table(table: Table) -> Wanted:
    """Look for a table of the schema, by its own headers."""

    def find(rows: Sequence[Sequence[str]]) -> Head:
        top = find_header(rows, table)
        return Head(top, tuple(cell.strip() for cell in rows[top]))

    required = {squash(name) for name in table.required}
    return Wanted(
        table.name,
        frozenset(squash(name) for name in table.names),
        find,
        lambda headers, file, row: match(headers, table, file, row),
        lambda headers: required <= {squash(header) for header in headers},
        table.key,
    )


def find_header(rows: Sequence[Sequence[str]], table: Table) -> int:
    """Return the index of the row that holds the headers.

    It is the first row with all required columns; failing that the one with most known columns,
    so that what is missing can be named; failing that the first with anything in it.
    """
    known = {squash(name) for name in table.names}
    required = {squash(name) for name in table.required}
    best, most = None, 0
    for i, row in enumerate(rows[:_SEARCHED]):
        found = {squash(cell) for cell in row} & known
        if required <= found:
            return i
        if len(found) > most:
            best, most = i, len(found)
    if best is not None:
        return best
    return next((i for i, row in enumerate(rows) if any(cell.strip() for cell in row)), 0)


def match(headers: Sequence[str], table: Table, file: str, row: int) -> dict[str, int]:
    """Map the schema's column names to positions in the file.

    Case, spaces and signs don't matter. Raises Refused where a required column is missing or a
    known one stands there twice; `row` is the headers' row in the spreadsheet.
    """
    names = {squash(name): name for name in table.names}
    where: dict[str, int] = {}
    for i, header in enumerate(headers):
        name = names.get(squash(header))
        if name is None:
            continue
        if name in where:
            raise Refused(
                Problem(
                    table.name, file, row, header, None,
                    f"the column {name} is there twice, as “{headers[where[name]]}” and “{header}”",
                    "delete or rename one of the two",
                )
            )  # fmt: skip
        where[name] = i
    missing = [name for name in table.required if name not in where]
    if missing:
        spare = [h for i, h in enumerate(headers) if i not in where.values() and h.strip()]
        raise Refused(_missing(missing, spare, headers, table, file, row))
    return where


def _missing(
    missing: list[str], spare: list[str], headers: Sequence[str], table: Table, file: str, row: int
) -> Problem:
    near = {m: difflib.get_close_matches(m, spare, 1, 0.6) for m in missing}
    renames = [f"rename “{found[0]}” to {m}" for m, found in near.items() if found]
    remedy = " and ".join(renames) or "add it, or rename the column that holds it"
    has = ", ".join(f"“{h}”" for h in headers if h.strip()) or "none"
    what = f"there is no column {' and no column '.join(missing)}; the file has {has}"
    return Problem(table.name, file, row, ", ".join(missing), None, what, remedy)


def unknown(headers: Sequence[str], where: dict[str, int], table: Table) -> list[tuple[str, str]]:
    """Name the columns that nothing reads, each with a remedy."""
    spare = [h.strip() for i, h in enumerate(headers) if i not in where.values() and h.strip()]
    free = [name for name in table.names if name not in where]
    near = {h: difflib.get_close_matches(h.casefold(), free, 1, 0.75) for h in spare}
    found = [
        (h, f"rename it to {names[0]}, if that is what it holds; otherwise nothing to do")
        for h, names in near.items()
        if names
    ]
    rest = [h for h, names in near.items() if not names]
    return found + [(h, "nothing to do, if it is not needed") for h in rest]
