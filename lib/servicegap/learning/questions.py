"""What is asked at the end of a session, and before and after the series; and what is said to each
answer.

Every question has three choices, one of them right, and a sentence for each.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from pathlib import Path

SERIES = "series"
_FOLDER = Path(__file__).parent / "questions"


@dataclass(frozen=True)
class Choice:
    """One answer that can be chosen, whether it is right, and what is said to whoever chose it."""

    text: str
    say: str
    right: bool = False


@dataclass(frozen=True)
class Question:
    """A question by its id (`01-2`, the second of session 1; `series-4`) and its choices."""

    id: str
    text: str
    choices: tuple[Choice, ...]

    @property
    def plain(self) -> str:
        """The question without Markdown: what is set in italics stands in quotation marks."""
        return re.sub(r"\*(.+?)\*", r"“\1”", self.text)

    @property
    def answer(self) -> int:
        """Which choice is right, counted from 1."""
        return next(i for i, choice in enumerate(self.choices, 1) if choice.right)


@functools.cache
def questions(which: str) -> tuple[Question, ...]:
    """Return the questions of a session ("01") or of the whole series ("series"), in order.

    Raises ValueError for a name that has none.
    """
    import yaml

    path = _FOLDER / f"{which}.yaml"
    if not which.isalnum() or not path.is_file():
        raise ValueError(f"there are no questions called {which!r}")
    told = yaml.safe_load(path.read_text(encoding="utf-8"))
    return tuple(
        Question(f"{which}-{n}", q["question"], tuple(Choice(**choice) for choice in q["choices"]))
        for n, q in enumerate(told, 1)
    )


def asked_on(occasion: str) -> tuple[Question, ...]:
    """Return what is asked on an occasion: a session's number, "before" or "after" the series."""
    return questions(SERIES if occasion in ("before", "after") else occasion)
