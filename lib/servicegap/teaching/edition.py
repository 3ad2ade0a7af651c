"""A trainer's own copy of a notebook: the guide at the top, model answers in their places."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from servicegap import editions
from servicegap.teaching.guide import Guide

if TYPE_CHECKING:
    from nbformat import NotebookNode


def of_notebook(notebook: NotebookNode, guide: Guide) -> NotebookNode:
    """Return the notebook with its guide laid in. Raises editions.BrokenNotebook."""
    top = (
        ("For the trainer: not to be handed out", ""),
        ("Aim", guide.aim),
        ("Before you begin", guide.before),
        ("Opening question", guide.opening),
        ("Minutes", "\n".join(f"- {step.line}" for step in guide.steps)),
        ("If you have only 20 minutes", guide.short),
        ("What the made-up firms show", guide.firms),
        ("What people get wrong, and what to say then", guide.wrong),
    )
    recall = "\n".join(
        f"{i}. *{asked.question}* {asked.answer}" for i, asked in enumerate(guide.recall, 1)
    )
    end = (("Answers to the recall questions", recall), ("Debrief", guide.debrief))
    return editions.trainer_edition(notebook, _laid(top), guide.answers, _laid(end))


def _laid(parts: tuple[tuple[str, str], ...]) -> str:
    return "\n\n".join(f"**{head}**\n\n{_listed(text)}".strip() for head, text in parts)


def _listed(text: str) -> str:
    """Markdown with lists for its tables, which not every viewer shows inside a quotation."""
    head_and_rule = re.compile(r"^\|.*\|\n\|[-|]+\|$", re.MULTILINE)
    row = re.compile(r"^\| (.+?) \| (.+) \|$", re.MULTILINE)
    return row.sub(r"- *\1*: \2", head_and_rule.sub("", text))
