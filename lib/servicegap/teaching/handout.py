"""What does an attendee hold in their hands? A PDF a session, with room to write and no answer.

Claim and question, the guesses with boxes, room for what was found, the exercises and recall
questions with lines, and the action. PDF/UA-1, laid out by typst, in the trainer's own brand.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from servicegap import schema
from servicegap.report import markdown, pdf
from servicegap.report.model import Brand
from servicegap.teaching.lesson import Lesson

_TEMPLATE = Path(__file__).parent / "templates" / "handout.typ"
_DAY = datetime(2025, 1, 1, tzinfo=UTC)  # fixed, so that equal handouts are equal files
_UNITS = {"percentile": "of 100 firms like yours", "% of R²": "of 100 parts"}


def render(lesson: Lesson, brand: Brand) -> bytes:
    """Lay a session's handout out as PDF; equal lessons and brands give equal bytes.

    Raises report.pdf.Unprintable with the reason where that is not possible.
    """
    with TemporaryDirectory(prefix="servicegap-handout-") as folder:
        root = Path(folder)
        if brand.logo:
            (root / "logo.png").write_bytes(brand.logo)
        (root / "data.json").write_text(
            json.dumps(data(lesson, brand), ensure_ascii=False), encoding="utf-8"
        )
        (root / _TEMPLATE.name).write_bytes(_TEMPLATE.read_bytes())
        return pdf.compiled(root / _TEMPLATE.name, _DAY)


def data(lesson: Lesson, brand: Brand) -> dict[str, Any]:
    """Everything that the template prints, as text."""
    return {
        "fonts": pdf.FAMILIES,
        "session": f"Session {int(lesson.number)}",
        "claim": lesson.claim,
        "lead": _blocks(lesson.lead),
        "question": lesson.question,
        "minutes": lesson.minutes,
        "objectives": [_runs(text) for text in lesson.objectives],
        "guesses": [{"question": g.question, "unit": _unit(g)} for g in lesson.guesses],
        "exercises": [
            {"number": e.number, "blocks": _blocks(e.text)} for e in lesson.exercises
        ],
        "recall": [_runs(text) for text in lesson.recall],
        "brand": {
            "name": brand.name,
            "footer": brand.footer,
            "contact": brand.contact,
            "ground": brand.ground,
            "on_ground": brand.on_ground,
            "ink": brand.ink if brand.ground != Brand().ground else brand.ground,
            "logo": "logo.png" if brand.logo else "",
        },
    }  # fmt: skip


def _unit(guess: schema.Headline | schema.WarmUp) -> str:
    return _UNITS.get(guess.unit, guess.unit)


def _runs(text: str) -> list[dict[str, Any]]:
    """One line of Markdown as runs of text."""
    (paragraph,) = markdown.parse(text)
    assert isinstance(paragraph, markdown.Paragraph)
    return [vars(run) for run in paragraph.runs]


def _blocks(text: str) -> list[list[dict[str, Any]]]:
    """Paragraphs of Markdown as runs; a handout holds nothing but paragraphs."""
    return [_runs(part) for part in text.split("\n\n") if part.strip()]
