"""What did the sample firm's run show, cell by cell? Findings, figures and tables, for the slides.

Taken from the executed notebooks as a report takes them; nothing is computed anew.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from servicegap.bundles import read_bundles
from servicegap.report import pieces
from servicegap.report.cleaning import clean
from servicegap.report.model import ClientFacts, Figure, Finding, Table

if TYPE_CHECKING:
    from nbformat import NotebookNode

Result: TypeAlias = Finding | Figure | Table


@dataclass(frozen=True)
class Sample:
    """The firm whose figures are shown: its facts, and its executed notebooks by session number."""

    facts: ClientFacts
    notebooks: Mapping[str, NotebookNode]


def by_cell(sample: Sample, number: str) -> dict[str, list[Result]]:
    """Return what a session showed, by the source of the cell that did; not what wasn't measured.

    A session that was not run for this firm has nothing to show.
    """
    found: dict[str, list[Result]] = {}
    if number not in sample.notebooks:
        return found
    notebook = sample.notebooks[number]
    for bundle in read_bundles(notebook):
        payload = clean(bundle.payload)
        if payload.get("not_measured"):
            continue
        if payload["kind"] == "finding":
            result: Result = pieces.finding(payload, sample.facts)
        elif payload["kind"] == "table":
            result = pieces.table(payload)
        else:
            result = pieces.figure(type(bundle)(payload, bundle.png, bundle.cell))
        found.setdefault(notebook.cells[bundle.cell].source, []).append(result)
    return found
