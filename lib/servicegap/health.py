"""What a client's folder holds, what is wrong with it, and what can be measured now."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from textwrap import wrap
from typing import TYPE_CHECKING

from servicegap import schema
from servicegap.client import Client, load
from servicegap.problems import Problem, Refused

if TYPE_CHECKING:
    from servicegap.tables import Ledger

SHOWN = 20
_WIDTH = 96


@dataclass(frozen=True)
class PartHealth:
    """One part of a session, and the tables or columns that it still needs."""

    session: schema.Session
    part: schema.Part
    missing: tuple[str, ...]


@dataclass(frozen=True)
class Health:
    """The state of a folder. `problems` stand in the order in which they are worth mending."""

    title: str
    ledgers: tuple[Ledger, ...]
    problems: tuple[Problem, ...]
    parts: tuple[PartHealth, ...]

    @property
    def errors(self) -> int:
        """How many of the problems are errors: files refused, rows rejected."""
        return sum(problem.severity == "error" for problem in self.problems)

    @property
    def exit_code(self) -> int:
        """What `servicegap check` exits with: 1 where there are errors."""
        return 1 if self.errors else 0

    def text(self, shown: int = SHOWN) -> str:
        """All of it in plain words, as printed by `servicegap check`."""
        return "\n".join(_lines(self, shown)) + "\n"


def check(folder: str | Path) -> Health:
    """Look a folder over. Never raises for what is wrong inside: it says so."""
    try:
        client = load(folder, sealed=False, tolerate=True)
    except Refused as refused:
        return Health(str(folder), (), refused.problems, ())
    return of(client)


def of(client: Client) -> Health:
    """The health of a client that is loaded already."""
    settings = client.settings
    day = client.as_of
    of_panel = _of_panel(client)  # before anything asks which peers there are
    title = f"{settings.name} ({settings.id}), as of {day.day} {day:%B %Y}"
    parts = tuple(
        PartHealth(session, part, client.missing(part))
        for session in schema.SESSIONS.values()
        for part in session.parts
    )
    from servicegap import measures

    ledgers = tuple(measures.ledgers(client).values())
    problems = (*client.problems, *of_panel, *_of_last_period(client))
    return Health(title, ledgers, tuple(sorted(problems, key=_worth)), parts)


def _of_panel(client: Client) -> tuple[Problem, ...]:
    """Why the consultant's panel can't serve, if it can't; it is looked at as if it were empty."""
    try:
        _ = client.panel
    except Refused as refused:
        from servicegap.tables import empty_frame

        client.shared = empty_frame(schema.TABLES["peers"])
        return refused.problems
    return ()


def _of_last_period(client: Client) -> tuple[Problem, ...]:
    """Why the folder that `previous` names can't serve, if it can't."""
    try:
        _ = client.previous
    except Refused as refused:
        return refused.problems
    return ()


def _worth(problem: Problem) -> tuple:
    """Errors first, refused files before rejected rows, many cells before few, chores last."""
    nothing_to_do = problem.remedy.startswith("nothing to do")
    of_a_file = problem.row is None
    return problem.severity != "error", nothing_to_do, not of_a_file, -problem.count


def _lines(health: Health, shown: int) -> Iterator[str]:
    yield health.title
    yield ""
    if health.ledgers:
        yield "What the files hold"
        yield from _ledgers(health.ledgers)
        yield ""
    yield from _problems(health, shown)
    if health.parts:
        yield ""
        yield "What can be measured now"
        for session in schema.SESSIONS.values():
            yield from _session([p for p in health.parts if p.session is session], session)


def _ledgers(ledgers: tuple[Ledger, ...]) -> Iterator[str]:
    width = max(len(ledger.file) for ledger in ledgers)
    for ledger in ledgers:
        if not ledger.read:
            continue
        words = f"{ledger.read:>9,} rows read, {ledger.kept:,} kept"
        if ledger.rejected:
            words += f", {ledger.rejected:,} can't be used"
        if ledger.excluded:
            words += f", {ledger.excluded:,} left out"
        yield f"  {ledger.file:<{width}}{words}"
        for reason, count in ledger.reasons.items():
            yield f"  {'':<{width}}{count:>9,} {reason}"
        for column, count in ledger.blanked.items():
            cells = "cell" if count == 1 else "cells"
            yield f"  {'':<{width}}{count:>9,} {cells} of {column} not used, the rows kept"
    empty = [ledger.table for ledger in ledgers if not ledger.read]
    if empty:
        yield from _item("  no rows yet: ", ", ".join(empty))


def _problems(health: Health, shown: int) -> Iterator[str]:
    found = health.problems
    if not found:
        yield "Nothing is wrong with them."
        return
    rest = len(found) - shown
    warnings = len(found) - health.errors
    count = f"{health.errors} to mend, {warnings} to look at"
    yield f"What to look at ({count}{f'; the first {shown}' if rest > 0 else ''})"
    for i, problem in enumerate(found[:shown], 1):
        mark = "mend" if problem.severity == "error" else "look"
        yield from _item(f"{i:>4}. {mark}  ", str(problem))
    if rest > 0:
        yield f"      and {rest} more, once these are done"


def _item(head: str, text: str, indent: int | None = None) -> Iterator[str]:
    """`text` after `head`, its further lines indented (as far as the head, unless told)."""
    further = " " * (len(head) if indent is None else indent)
    yield from wrap(text, _WIDTH, initial_indent=head, subsequent_indent=further,
                    break_long_words=False, break_on_hyphens=False)  # fmt: skip


def _session(parts: list[PartHealth], session: schema.Session) -> Iterator[str]:
    ready = [p for p in parts if not p.missing]
    head = f"  {session.number}  {session.title}: "
    if len(ready) == len(parts):
        yield head + ("all of it" if len(parts) > 1 else "yes")
        return
    if not ready:
        every = tuple(dict.fromkeys(need for p in parts for need in p.missing))
        yield from _item(head, f"not yet; needs {_needs(every)}", 6)
        return
    yield head + f"{len(ready)} of {len(parts)} parts"
    for needs in dict.fromkeys(p.missing for p in parts if p.missing):
        labels = "; ".join(p.part.label for p in parts if p.missing == needs)
        yield from _item("      ", f"with {_needs(needs)}: {labels}", 8)


def _needs(needs: tuple[str, ...]) -> str:
    """Tables and, in brackets, columns: "ratings and tickets (team)"."""
    tables: dict[str, list[str]] = {}
    for need in needs:
        table, _, column = need.partition(".")
        tables.setdefault(table, []).extend([column] if column else [])
    words = [f"{t} ({', '.join(columns)})" if columns else t for t, columns in tables.items()]
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)
