"""Files to tables in a client's folder: read whole, converted, written, every row accounted for."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow as pa

from servicegap import schema
from servicegap.intake import catalogue, raw, writing
from servicegap.intake.cols import together
from servicegap.intake.data import NOTHING
from servicegap.intake.mapping import Columns, read_mappings, write_mappings
from servicegap.intake.people import People, people_of
from servicegap.intake.ratings import ratings
from servicegap.intake.recognising import Recognised
from servicegap.intake.source import Source
from servicegap.intake.surveys import survey
from servicegap.intake.tickets import tickets
from servicegap.placing import put
from servicegap.problems import Problem, Refused
from servicegap.tables import Ledger

LEFT_OUT = Path(".servicegap") / "intake-problems.csv"
_CONVERT = {"tickets": tickets, "feedback": ratings}
Out = dict[str, pa.Array]


@dataclass(frozen=True)
class Question:
    """Something that only the owner of a file knows. `about` is format, columns, dates or scale."""

    about: str
    text: str
    choices: tuple[str, ...]


Ask = Callable[[Question], str | None]


@dataclass(frozen=True)
class Taken:
    """What became of one file: its rows, what is to be said about it, the rows made of it."""

    ledger: Ledger
    columns: Columns
    problems: tuple[Problem, ...]
    made: Mapping[str, int]


@dataclass(frozen=True)
class Intake:
    """What became of all files of one go: the files written, and rows of older tables replaced."""

    taken: tuple[Taken, ...]
    written: tuple[Path, ...]
    replaced: Mapping[str, int]


def nobody(question: Question) -> str | None:
    """Where nobody is there to ask."""
    return None


def take_in(
    files: Sequence[Recognised], client: str | Path, *, how: str = "new",
    timezone: str | None = None, dates: str | None = None, scale: str | None = None,
    ask: Ask = nobody,
) -> Intake:  # fmt: skip
    """Make the client's tables of files that were recognised, and write them.

    Args: files, as `recognise` returns them, their columns confirmed; how: "new" refuses where a
    table holds rows already, "add" and "replace" say what becomes of them; timezone, dates and
    scale state what a file leaves open; ask answers a Question, or None where nobody can.
    Everything is read and checked before anything is written: raises Refused with the folder as
    it was.
    """
    folder = Path(client)
    accounts = writing.known(folder, "accounts")
    people = people_of(folder, {key: row.get("name", "") for key, row in accounts.items()})
    made: dict[str, list[Out]] = {}
    taken = []
    for one in files:
        if one.lacks:
            raise Refused(_lacking(one))
        source, tables = _converted(one, people, timezone, dates, scale, ask)
        for name, out in tables.items():
            made.setdefault(name, []).append(out)
        taken.append(_taken(one, source, tables))
    tables = {name: _joined(schema.TABLES[name], outs) for name, outs in made.items()}
    tables |= _who(people)
    written, replaced = writing.write(folder, tables, how)
    before = read_mappings(folder)
    mappings = before | {one.columns.fingerprint: one.columns for one in taken}
    write_mappings(folder, mappings.values())
    _list(folder, taken)
    return Intake(tuple(taken), written, replaced)


def _lacking(one: Recognised) -> Problem:
    what = " and ".join(one.lacks)
    shown = "; ".join(h for h, m in one.columns.columns.items() if m == NOTHING) or "none"
    return Problem("", one.path.name, None, None, None, f"no column was found for {what}",
                   f"export it too, or say in intake.yaml which column it is (not used yet: "
                   f"{shown[:300]})")  # fmt: skip


def _converted(
    one: Recognised, people: People, timezone: str | None, dates: str | None, scale: str | None,
    ask: Ask,
) -> tuple[Source, dict[str, Out]]:  # fmt: skip
    """Convert one file; where it leaves a date's order or a scale open, ask and begin again."""
    columns = replace(one.columns, timezone=timezone or one.columns.timezone,
                      dates=dates or one.columns.dates)  # fmt: skip
    used = {header for header, meaning in columns.columns.items() if meaning != NOTHING}

    def choose(headers: Sequence[str]) -> list[int]:
        return [i for i, name in enumerate(raw.named(headers)) if name in used]

    sheet = raw.trimmed(raw.read(one.path, choose))
    known = catalogue.formats().get(columns.format)
    if scale is not None:
        marks = [h for h, m in columns.columns.items() if m in _MARKS]
        columns = replace(columns, scales=dict.fromkeys(marks, scale) | dict(columns.scales))
    while True:
        source = Source(sheet, columns, known)
        try:
            if columns.makes == "survey":
                return source, survey(source, people, one.book)
            return source, _CONVERT[columns.makes](source, people)
        except Refused as refused:
            problem = refused.problems[0]
            if "--dates" in problem.remedy and columns.dates is None:
                answer = ask(_order_of(problem))
                if answer:
                    columns = replace(columns, dates=answer)
                    continue
            if "--scale" in problem.remedy and problem.column not in columns.scales:
                answer = ask(_scale_of(problem))
                if answer:
                    header = str(problem.column)
                    columns = replace(columns, scales={**columns.scales, header: answer})
                    continue
            raise


def _order_of(problem: Problem) -> Question:
    text = (
        f"{problem.column}: {problem.what}.\n"
        "Does a date begin with the day (dmy), the month (mdy) or the year (ymd)?"
    )
    return Question("dates", text, ("dmy", "mdy", "ymd"))


def _scale_of(problem: Problem) -> Question:
    """Ask for a scale, among those that the marks can be on."""
    listed = problem.remedy.partition("one of ")[2].split(", ")
    could_be = tuple(name for name in schema.SCALES if name in listed) or tuple(schema.SCALES)
    return Question(
        "scale", f"{problem.column}: {problem.what}.\nWhich scale was asked on?", could_be
    )


_MARKS = ("csat", "score", "satisfaction", "value", "item")


def _taken(one: Recognised, source: Source, tables: Mapping[str, Out]) -> Taken:
    kept = int(source.kept.sum())
    reasons = dict(source.reasons)
    excluded = source.excluded
    if source.columns.makes == "tickets" and "tickets" in tables:
        rows = tables["tickets"]["ticket_id"]
        codes = rows.indices if isinstance(rows, pa.DictionaryArray) else rows
        again = len(rows) - len(codes.unique())
        if again:
            reasons["an earlier row of the same ticket"] = again
            kept, excluded = kept - again, excluded + again
    ledger = Ledger("", source.sheet.file, source.read, kept, source.rejected, excluded, reasons)
    made = {name: len(next(iter(out.values()))) for name, out in tables.items()}
    return Taken(ledger, replace(source.columns, file=one.path.name), tuple(source.problems), made)


def _joined(table: schema.Table, outs: Sequence[Out]) -> Out:
    """The same table of several files, one below the other; of one key the last row counts."""
    names = [c.name for c in table.columns if any(c.name in out for out in outs)]
    joined = {}
    for name in names:
        parts = []
        for out in outs:
            count = len(next(iter(out.values())))
            texts = out.get(name)
            parts.append(pa.repeat("", count) if texts is None else texts)
        joined[name] = together(parts)
    if len(outs) > 1 and table.key and table.name != "tickets":
        keys = joined[table.key].to_pylist()
        last = sorted({key: i for i, key in enumerate(keys)}.values())
        joined = {name: texts.take(pa.array(last)) for name, texts in joined.items()}
    return joined


def _who(people: People) -> dict[str, Out]:
    found: dict[str, Out] = {}
    if people.accounts:
        names = schema.TABLES["accounts"].names
        found["accounts"] = writing.table_of(list(people.accounts.values()), names)
    if people.contacts:
        rows = [{"contact_id": c, "account_id": a} for c, a in people.contacts.items()]
        found["contacts"] = writing.table_of(rows, schema.TABLES["contacts"].names)
    return found


def _list(folder: Path, taken: Sequence[Taken]) -> None:
    """Every problem of this go as a table, for those who want more than the first twenty."""
    stream = io.StringIO(newline="")
    rows = csv.writer(stream)
    rows.writerow(["file", "row", "column", "value", "how many", "severity", "what", "what to do"])
    for one in taken:
        for p in one.problems:
            cells = [p.file, p.row or "", p.column or "", p.value or "", p.count, p.severity,
                     p.what, p.remedy]  # fmt: skip
            texts = writing.safe(pa.array([str(cell) for cell in cells]))
            rows.writerow(texts.to_pylist())
    put(folder / LEFT_OUT, stream.getvalue().encode("utf-8-sig"))
