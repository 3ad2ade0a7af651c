"""What is said about a file that has something wrong with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong, where, and what to do about it.

    `row` is the row as the spreadsheet shows it (None: the whole file), `column` the file's own
    header, `value` the cell as it stands, `severity` "error" or "warning", `count` how many cells
    or rows share the problem; `row` is then the first.
    """

    table: str
    file: str
    row: int | None
    column: str | None
    value: str | None
    what: str
    remedy: str
    severity: str = "error"
    count: int = 1

    def __str__(self) -> str:
        """One plain sentence that names file, row, column and remedy."""
        place = [self.file] if self.file else []
        if self.row is not None:
            place.append(f"row {self.row}")
        if self.column:
            place.append(f"column “{self.column}”")
        more = ""
        if self.count > 1:
            more = f" ({self.count:,} in all)"
        text = f"{', '.join(place)}: {self.what}{more}" if place else f"{self.what}{more}"
        return f"{text}; {self.remedy}." if self.remedy else f"{text}."


class Refused(Exception):
    """A file, column or folder that can't be read without guessing. `problems` says why."""

    def __init__(self, problems: Problem | Sequence[Problem]) -> None:
        self.problems = (problems,) if isinstance(problems, Problem) else tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))
