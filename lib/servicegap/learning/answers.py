"""What somebody answered, appended to `learning.csv` in their own folder, safely and nameless.

A question may be answered again; the first answer on an occasion counts, since by the second the
feedback has been read.
"""

from __future__ import annotations

import contextlib
import csv
import datetime as dt
import io
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from servicegap import schema
from servicegap.client import appending
from servicegap.learning.questions import asked_on

FILE = "learning.csv"
_NEEDED = ("occasion", "question_id", "choice")  # to know an answer
COLUMNS = (*_NEEDED, "right", "answered_at")
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
    written, and Refused where another window holds the file for very long.
    """
    asked = {question.id: question for question in asked_on(occasion)}
    if question_id not in asked:
        raise ValueError(f"{question_id!r} is not asked on the occasion {occasion!r}")
    question = asked[question_id]
    if not 1 <= choice <= len(question.choices):
        raise ValueError(f"{question_id} has no choice {choice}")
    now = dt.datetime.now().replace(microsecond=0).isoformat(" ")
    answer = Answer(occasion, question_id, choice, question.answer == choice, now)
    row = (occasion, question_id, choice, "yes" if answer.right else "no", now)
    _append(folder / FILE, row)
    return answer


def _append(path: Path, row: Iterable[object]) -> None:
    with appending.locked(path), path.open("a+b") as file:
        lines = io.StringIO()
        writer = csv.writer(lines, lineterminator="\n")
        if file.tell() == 0:
            writer.writerow(COLUMNS)
        else:
            file.seek(-1, os.SEEK_END)
            if file.read(1) != b"\n":  # the last line was cut short, or somebody edited the file
                lines.write("\n")
        writer.writerow(row)
        file.write(lines.getvalue().encode())
        file.flush()
        os.fsync(file.fileno())


def read(path: Path) -> tuple[Answer, ...]:
    """Return the answers in a `learning.csv`, in order; nothing where it is none of ours.

    Whether an answer is right is looked up anew. Lines that hold no answer are passed over, so
    that one bad line, or a file that somebody opened in a spreadsheet, loses nothing else.
    """
    found = []
    with contextlib.suppress(csv.Error):
        for row in _lines(path) or ():
            with contextlib.suppress(KeyError, ValueError, TypeError, AttributeError):
                found.append(_answer(row))
    return tuple(found)


def is_ours(path: Path) -> bool:
    """Whether a file, under whatever name, has the header of a `learning.csv`."""
    return _lines(path) is not None


def _lines(path: Path) -> csv.DictReader[str] | None:
    try:
        if path.stat().st_size > _MOST_BYTES:
            return None
        text = path.read_text(encoding="utf-8-sig", errors="replace")
    except OSError:
        return None
    delimiter = ";" if text[:200].count(";") > text[:200].count(",") else ","
    lines = csv.DictReader(io.StringIO(text), delimiter=delimiter)
    try:
        ours = set(_NEEDED) <= set(lines.fieldnames or ())
    except csv.Error:
        return None
    return lines if ours else None


def _answer(row: dict[str, str]) -> Answer:
    occasion, choice = row["occasion"].strip(), int(row["choice"])
    if occasion.isdigit():  # a spreadsheet takes the zero off
        occasion = occasion.zfill(2)
    asked = {question.id: question for question in asked_on(occasion)}
    question = asked[row["question_id"].strip()]
    if not 1 <= choice <= len(question.choices):
        raise ValueError(choice)
    at = (row.get("answered_at") or "").strip()
    return Answer(occasion, question.id, choice, choice == question.answer, at)


def first(answers: Iterable[Answer]) -> dict[tuple[str, str], Answer]:
    """Return the first answer to each question on each occasion, by (occasion, question id)."""
    found: dict[tuple[str, str], Answer] = {}
    for answer in answers:
        found.setdefault((answer.occasion, answer.question_id), answer)
    return found
