"""What does a session's guide say? `trainer/NN_topic.md`, read into its parts.

Every guide has the same headings in the same order, so that a trainer always knows where to look;
a guide that hasn't is refused by name and heading.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

HEADINGS = (
    "Aim",
    "Before you begin",
    "Opening question",
    "Minutes",
    "What the made-up firms show",
    "What people get wrong, and what to say then",
    "Model answers",
    "Recall questions",
    "Debrief",
    "If you have only 20 minutes",
)
_SHORT = 20  # minutes of the short way through a session


class BrokenGuide(Exception):
    """A guide lacks something that every guide has; the text says which guide, and what."""


@dataclass(frozen=True)
class Step:
    """One step of a session and its minutes; `where` is its heading in the notebook, or ""."""

    what: str
    minutes: int
    where: str = ""

    @property
    def line(self) -> str:
        """The step in one line: `3: how many give the top mark (How many give you …)`."""
        at = f" (“{self.where}”)" if self.where else ""
        return f"{self.minutes}: {self.what}{at}"


@dataclass(frozen=True)
class Recalled:
    """A recall question and its answer."""

    question: str
    answer: str


@dataclass(frozen=True)
class Guide:
    """A trainer's guide; texts are Markdown, `answers` are by exercise number ("1.2")."""

    number: str
    title: str
    aim: str
    before: str
    opening: str
    steps: tuple[Step, ...]
    firms: str
    wrong: str
    answers: Mapping[str, str]
    recall: tuple[Recalled, ...]
    debrief: str
    short: str

    @property
    def minutes(self) -> int:
        """How long the session takes."""
        return sum(step.minutes for step in self.steps)


def read(path: Path) -> Guide:
    """Read a guide. Raises BrokenGuide."""
    return parse(path.read_text(encoding="utf-8"), path.name)


def parse(text: str, name: str) -> Guide:
    """Read the text of the guide called `name` ("01_benchmarking.md"). Raises BrokenGuide."""
    top, *parts = re.split(r"^## (.+)$", text, flags=re.MULTILINE)
    title = re.match(r"# Trainer's guide to session (\d+): (.+)\s*\Z", top)
    if not title:
        raise BrokenGuide(f"{name} does not begin with “# Trainer's guide to session N: claim”.")
    found = dict(zip(parts[::2], (part.strip() for part in parts[1::2]), strict=True))
    if tuple(parts[::2]) != HEADINGS:
        lacking = [head for head in HEADINGS if head not in found]
        said = f"lacks “{lacking[0]}”" if lacking else "has its headings in another order"
        raise BrokenGuide(f"{name} {said}.")
    empty = [head for head, body in found.items() if not body]
    if empty:
        raise BrokenGuide(f"{name} says nothing under “{empty[0]}”.")
    aim, before, opening, minutes, firms, wrong, answers, recall, debrief, short = found.values()
    return Guide(
        title[1].zfill(2),
        title[2],
        aim,
        before,
        opening,
        _steps(minutes, name),
        firms,
        wrong,
        _answers(answers, name),
        _recalled(recall, name),
        debrief,
        _short(short, name),
    )


def _steps(text: str, name: str) -> tuple[Step, ...]:
    row = r"^\| ([^|]+?) \|(?:([^|]*)\|)? (\d+) \|$"  # the heading in the notebook may be left out
    rows = re.findall(row, text, flags=re.MULTILINE)
    summed = r"^\| \*\*in all\*\* \|(?: *\|)? \*\*(\d+)\*\* \|$"
    total = re.search(summed, text, flags=re.MULTILINE)
    steps = tuple(Step(what, int(minutes), where.strip()) for what, where, minutes in rows)
    if not total or sum(step.minutes for step in steps) != int(total[1]):
        raise BrokenGuide(f"{name}: the minutes don't add up to those “in all”.")
    return steps


def _answers(text: str, name: str) -> dict[str, str]:
    top, *parts = re.split(r"^### (.+)$", text, flags=re.MULTILINE)
    numbers = parts[::2]
    wanted = [f"{int(name[:2])}.{i}" for i in range(1, len(numbers) + 1)]
    if top.strip() or numbers != wanted:
        raise BrokenGuide(f"{name}: model answers should be {', '.join(wanted) or 'there'}.")
    return {n: body.strip() for n, body in zip(numbers, parts[1::2], strict=True)}


def _recalled(text: str, name: str) -> tuple[Recalled, ...]:
    found = re.findall(r"^\d\. \*(.+?\?)\* (.+)$", text, flags=re.MULTILINE)
    if len(found) != len(text.splitlines()) or not found:
        raise BrokenGuide(f"{name}: a recall question is written “1. *Question?* Answer.”.")
    return tuple(Recalled(question, answer) for question, answer in found)


def _short(text: str, name: str) -> str:
    minutes = sum(map(int, re.findall(r"\((\d+)\)", text)))
    if minutes != _SHORT:
        raise BrokenGuide(f"{name}: the short way takes {minutes} minutes, not {_SHORT}.")
    return text
