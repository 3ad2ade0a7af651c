"""What is taught in a session? Its notebook, taken apart: claim, question, objectives, exercises.

Only what an attendee is to see before and while working: nothing of what was found.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from servicegap import learning, schema

if TYPE_CHECKING:
    from nbformat import NotebookNode


@dataclass(frozen=True)
class Exercise:
    """An exercise: its number ("1.2"), what is asked (Markdown), and the cell it stands in."""

    number: str
    text: str
    hint: str
    cell: str


@dataclass(frozen=True)
class Lesson:
    """A session as an attendee meets it; texts are Markdown."""

    number: str
    claim: str
    lead: str
    question: str
    objectives: tuple[str, ...]
    minutes: int
    needs: str
    guesses: tuple[schema.Headline | schema.WarmUp, ...]
    exercises: tuple[Exercise, ...]
    points: tuple[str, ...]
    recall: tuple[str, ...]

    @property
    def stem(self) -> str:
        return schema.SESSIONS[self.number].stem


def of_notebook(notebook: NotebookNode) -> Lesson:
    """Take a notebook of the series apart.

    Raises ValueError where it isn't written as the series is.
    """
    prose = [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]
    head = re.match(r"# (\d+)\. (.+)\n", prose[0])
    asked = re.search(r"\*\*([^*]+\?)\*\*", prose[0])
    about = next((text for text in prose if "**Time:**" in text), "")
    through = re.search(r"\*\*When you are through with this one\*\* (.+)", about)
    time = re.search(r"\*\*Time:\*\* about (\d+) minutes\. \*\*Needs:\*\* (.+)", about)
    taken = next((text for text in prose if text.startswith("## To take away")), "")
    if not (head and asked and through and time and taken):
        raise ValueError(f"{prose[0][:60]!r} does not begin and end as a session does")
    number = head[1].zfill(2)
    return Lesson(
        number,
        head[2].strip(),
        prose[0][head.end() : asked.start()].strip(),
        asked[1],
        _clauses(through[1]),
        int(time[1]),
        time[2].strip(),
        schema.SESSIONS[number].guesses,
        tuple(_exercises(notebook)),
        tuple(re.findall(r"^- (.+)$", taken, flags=re.MULTILINE)),
        tuple(question.text for question in learning.questions(number)),
    )


def _clauses(sentence: str) -> tuple[str, ...]:
    """`You can say …; you know …; and you will …` as a tuple, each with a capital and a stop."""
    parts = [re.sub(r"^and ", "", part.strip()) for part in sentence.rstrip(".").split(";")]
    return tuple(f"{part[0].upper()}{part[1:]}." for part in parts)


def _exercises(notebook: NotebookNode):
    for cell in notebook.cells:
        found = re.match(r"### Exercise ([\d.]+)\n+(.+)", cell.source, flags=re.DOTALL)
        if cell.cell_type == "markdown" and found:
            text, _, rest = found[2].partition("<details>")
            hint = re.sub(r"<[^>]+>|A hint", "", rest).strip()
            yield Exercise(found[1], text.strip(), hint, cell.id)
