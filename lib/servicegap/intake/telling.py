"""What is said in the terminal about files that are taken in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from servicegap.intake.catalogue import formats
from servicegap.intake.data import MAKES, NOTHING, fields
from servicegap.intake.recognising import Recognised
from servicegap.intake.taking import Intake
from servicegap.keeping import BEFORE
from servicegap.problems import Problem

_WIDTH = 38
_KNOWN_BY = {
    "documented": "its maker describes it",
    "observed-in-public-code": "known from programs that read it",
}
_KINDS = {
    "tickets": "a list of tickets",
    "feedback": "marks and comments, an answer a row",
    "survey": "a questionnaire, a person a row",
}
SHOWN = 20


def mapping(one: Recognised) -> Iterator[str]:
    """What a file is taken for, and what each of its columns."""
    yield f"{one.sheet}: {one.why}."
    if one.ranking is not None and one.ranking.known:
        first, second = one.ranking.winner, one.ranking.runner_up
        if one.columns.format == first.id:
            yield f"  taken for      {first.name} ({first.id}; {_KNOWN_BY[first.grade]})"
            yield f"  the next best  {second.name} ({second.id})"
    used = {h: m for h, m in one.columns.columns.items() if m != NOTHING}
    width = min(_WIDTH, max(map(len, used), default=0))
    for header, meaning in used.items():
        seen = ", ".join(text.replace("\n", " ")[:18] for text in one.samples.get(header, ())[:2])
        shown = f" (such as {seen})" if seen else ""
        yield f"    {header[:width]:<{width}}  {meaning}: {fields()[meaning].about}{shown}"[:150]
    rest = [h for h, m in one.columns.columns.items() if m == NOTHING]
    if rest:
        names = ", ".join(rest[:8]) + (f" and {len(rest) - 8} more" if len(rest) > 8 else "")
        yield f"  not used: {names}"
    if one.lacks:
        what = " and ".join(f"{name} ({fields()[name].about})" for name in one.lacks)
        yield f"  missing: no column was found for {what}"


def kinds(one: Recognised) -> dict[str, str]:
    """What a file may be said to be: formats that are near, then kinds of file, in words."""
    near = {ident: formats()[ident].name for ident in one.choices if ident in formats()}
    return near | _KINDS


def what_is_wrong(kinds: Mapping[str, str]) -> str:
    """The question to somebody who says that a file is not read rightly."""
    listed = "".join(f"\n    {ident:<16}{name}" for ident, name in kinds.items())
    return f"Write the name of a column that is wrong, or what the file is:{listed}\nWhich"


def meanings(one: Recognised) -> Iterator[str]:
    """What a column can be said to hold, a line each."""
    for name in one.could_mean:
        about = fields()[name].about if name in fields() else "nothing that is used"
        yield f"    {name:<18}{about}"


def unsure(one: Recognised) -> str:
    """Why a file was not taken in where nobody could be asked, and what to do."""
    choices = " or ".join(f"--as {choice}" for choice in one.choices)
    if set(one.choices) <= set(MAKES):
        return (
            f"{one.sheet}: {one.why}, so somebody has to confirm it. Run it in a terminal and "
            f"answer yes, or say what the file holds: {choices}."
        )
    return f"{one.sheet}: {one.why}, too close to tell. Say which it is: {choices}."


def result(done: Intake) -> Iterator[str]:
    """What became of every row, and the first things to look at."""
    problems: list[Problem] = []
    for one in done.taken:
        ledger = one.ledger
        words = f"{ledger.file}: {ledger.read:,} rows read, {ledger.kept:,} kept"
        if ledger.rejected:
            words += f", {ledger.rejected:,} can't be used"
        if ledger.excluded:
            words += f", {ledger.excluded:,} left out"
        yield words
        for reason, count in ledger.reasons.items():
            yield f"  {count:>9,} {reason}"
        for table, count in one.made.items():
            yield f"  {count:>9,} rows for {table}"
        problems += one.problems
    for table, count in done.replaced.items():
        were = "1 row" if count == 1 else f"{count:,} rows"
        yield f"{were} of {table} with the same number, or saying the same, stood there already: " \
            "what the new file says counts."  # fmt: skip
    problems.sort(key=lambda p: (p.severity != "error", -p.count))
    for problem in problems[:SHOWN]:
        mark = "mend" if problem.severity == "error" else "look"
        yield f"  {mark}  {problem}"
    if len(problems) > SHOWN:
        yield f"  and {len(problems) - SHOWN} more, in .servicegap/intake-problems.csv"
    names = ", ".join(path.name for path in done.written) or "nothing"
    kept = any((path.parent / BEFORE).is_dir() for path in done.written)
    yield f"Written: {names}." + (f" What was there before is kept in {BEFORE}." if kept else "")
