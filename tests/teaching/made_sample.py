"""A sample firm that was never run: the real notebooks, each result made up, some of them hard."""

from __future__ import annotations

import re
from datetime import date
from functools import cache
from itertools import cycle
from pathlib import Path

import nbformat
from report import made_notebooks as made
from servicegap import editions, schema
from servicegap.report.model import Brand, ClientFacts
from servicegap.teaching import guide, lesson
from servicegap.teaching.results import Sample

ROOT = Path(__file__).resolve().parents[2]
STEMS = [session.stem for session in schema.SESSIONS.values()]
FACTS = ClientFacts("Alder IT", "alder-it", date(2025, 6, 30), (None, None), "GBP", True, "0.1.0")
BRAND = Brand(
    name="Oak Advice & Söhne", footer="Oak Advice, 12 High Street", contact="oak@example.org",
    cover="A workshop in two halves", ground="#7a1f3d", on_ground="#ffffff", ink="#7a1f3d",
    logo=made.png(300, 100), logo_width=300, logo_height=100,
)  # fmt: skip
LONG = "An uncommonly long name of a group of accounts that nobody has ever shortened, alas"


def column(name: str, kind: str, unit: str = "") -> dict:
    return {"name": name, "label": name, "unit": unit, "kind": kind}


DOTS = {
    "columns": [
        column("who", "text"), column("share", "number", "%"), column("low", "number", "%"),
        column("high", "number", "%"),
    ],
    "rows": [[f"{LONG} {i}", 40.0 + i, 30.0 + i, 55.0 + i] for i in range(9)],
}  # fmt: skip
_CURVE = {
    "columns": [column("month", "number"), column("alone", "number", "%")],
    "rows": [[float(i), 100.0 - 9 * i] for i in range(9)],
}
_ONE = {**DOTS, "rows": DOTS["rows"][:1]}
_GRID = {
    "columns": [column("what", "text"), *(column(f"n{i}", "number", "points") for i in range(5)),
                column("why", "text")],
    "rows": [[LONG, *([1234.5] * 5), LONG * (1 + i % 3)] for i in range(30)],
}  # fmt: skip


def _results(number: str):
    data = cycle(
        [
            made.figure(number, "dots", data=DOTS, title=f"{LONG}, in a title as well, twice over"),
            made.table(number, "grid", data=_GRID),
            made.figure(number, "curve", data=_CURVE),
            made.figure(number, "absent", not_measured="There is no such table."),
            made.figure(number, "one", data=_ONE),
            made.table(number, "plain"),
            made.figure(number, "picture"),
        ]
    )
    yield from data


@cache
def notebook(stem: str) -> nbformat.NotebookNode:
    return nbformat.read(ROOT / "notebooks" / f"{stem}.ipynb", as_version=4)


@cache
def sample() -> Sample:
    """Every session's report edition with a made-up result wherever one is shown."""
    ran = {}
    for stem in STEMS:
        number = stem[:2]
        edition = editions.report_edition(notebook(stem))
        results = _results(number)
        for cell in edition.cells:
            if cell.cell_type != "code" or "show(" not in cell.source:
                continue
            if "finding" in editions.tags(cell):
                shown = re.findall(r"show\(\s*\w+\.(\w+)", cell.source)
                payloads = [made.finding(name) for name in shown if name in schema.HEADLINES]
            else:
                payloads = [next(results)]
            cell.outputs = [made.code(payload).outputs[0] for payload in payloads]
        ran[number] = edition
    return Sample(FACTS, ran)


def figure(number: str, data: dict) -> dict:
    """A figure's payload with these numbers."""
    return made.figure(number, "one", data=data)


def sample_of(stem: str, payload: dict) -> Sample:
    """A firm for which one session was run, and in it the first result."""
    edition = editions.report_edition(notebook(stem))
    shows = (c for c in edition.cells if c.cell_type == "code" and "show(" in c.source)
    next(c for c in shows if "finding" not in editions.tags(c)).outputs = [
        made.code(payload).outputs[0]
    ]
    return Sample(FACTS, {stem[:2]: edition})


@cache
def taught(stem: str) -> lesson.Lesson:
    return lesson.of_notebook(notebook(stem))


@cache
def told(stem: str) -> guide.Guide:
    return guide.read(ROOT / "trainer" / f"{stem}.md")
