"""What somebody answered, appended to `learning.csv` in their own folder, safely and nameless.

A question may be answered again; the first answer on an occasion counts, since by the second the
feedback has been read.
"""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from servicegap import schema
from servicegap.client import appending
from servicegap.learning.questions import asked_on
from servicegap.problems import Refused
from servicegap.tables import csvs

FILE = "learning.csv"
_TABLE = schema.Table(  # no table of a client's: nothing of it stands in a report
    "learning",
    "One answer to a question at a session's end.",
    (
        schema.Column("occasion", "text", "The session, or before or after the series", True),
        schema.Column("question_id", "id", "The question", True),
        schema.Column("choice", "whole", "Which of its choices, from 1", True),
        schema.Column("right", "yesno", "Was it the right one?"),
        schema.Column("answered_at", "time", "When it was answered"),
    ),
)
OCCASIONS = (*schema.SESSIONS, "before", "after")
_MOST_BYTES = 1_000_000  # a few thousand answers; a larger file is something else


@dataclass(frozen=True)
class Answer:
    """One answer: on which occasion, to which question, which choice (from 1), right or not, when.

    `at` is the time as the file has it.
    """

    occasion: str
    question_id: str
    choice: int
    right: bool
    at: str = ""


def record(folder: Path, occasion: str, question_id: str, choice: int) -> Answer:
    """Append an answer to the folder's `learning.csv`, on the disk before this returns.

    Raises ValueError where there is no such question or choice, OSError where nothing can be
    written, and Refused where another window holds the file for very long, or it has headers under
    which no answer would be found again.
    """
    asked = {question.id: question for question in asked_on(occasion)}
    if question_id not in asked:
        raise ValueError(f"{question_id!r} is not asked on the occasion {occasion!r}")
    question = asked[question_id]
    if not 1 <= choice <= len(question.choices):
        raise ValueError(f"{question_id} has no choice {choice}")
    now = dt.datetime.now().replace(microsecond=0).isoformat(" ")
    answer = Answer(occasion, question_id, choice, question.answer == choice, now)
    told = (occasion, question_id, str(choice), "yes" if answer.right else "no", now)
    with appending.locked(folder / FILE):
        row = dict(zip(_TABLE.names, told, strict=True))
        appending.add(file_of(folder), _TABLE, row)
    return answer


def file_of(folder: Path) -> Path:
    """The `learning.csv` of a folder, in large letters or small; where it would be, if it isn't."""
    same = (path for path in folder.glob("*") if path.name.casefold() == FILE)
    return max(same, default=folder / FILE)  # of two the one in small letters


def read(path: Path) -> tuple[Answer, ...]:
    """Return the answers in a `learning.csv`, in order; nothing where it is none of ours.

    Whether an answer is right is looked up anew. Lines that hold no answer are passed over, so
    that one bad line, or a file that somebody opened in a spreadsheet, loses nothing else.
    """
    lines, found = _lines(path), []
    if lines is None:
        return ()
    for line in lines.rows:
        row = {name: line[at] for name, at in lines.where.items() if at < len(line)}
        with contextlib.suppress(KeyError, ValueError):
            found.append(_answer(row))
    return tuple(found)


def is_ours(path: Path) -> bool:
    """Whether a file, under whatever name, has the header of a `learning.csv`."""
    return _lines(path) is not None


def _lines(path: Path) -> csvs.Lines | None:
    try:
        return csvs.lines_of(path, _TABLE) if path.stat().st_size <= _MOST_BYTES else None
    except (OSError, Refused):
        return None


def _answer(row: dict[str, str]) -> Answer:
    occasion, choice = row["occasion"].strip(), int(row["choice"])
    if occasion.isdigit():  # a spreadsheet takes the zero off
        occasion = occasion.zfill(2)
    asked = {question.id: question for question in asked_on(occasion)}
    question = asked[row["question_id"].strip()]
    if not 1 <= choice <= len(question.choices):
        raise ValueError(choice)
    at = row.get("answered_at", "").strip()
    return Answer(occasion, question.id, choice, choice == question.answer, at)


def first(answers: Iterable[Answer]) -> dict[tuple[str, str], Answer]:
    """Return the first answer to each question on each occasion, by (occasion, question id)."""
    found: dict[tuple[str, str], Answer] = {}
    for answer in answers:
        found.setdefault((answer.occasion, answer.question_id), answer)
    return found
