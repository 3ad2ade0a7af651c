"""What did the sample firm's run show, cell by cell? Findings, figures and tables, for the slides.

Taken from the executed notebooks as a report takes them; nothing is computed anew.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias

from servicegap.bundles import read_bundles
from servicegap.report import pieces
from servicegap.report.cleaning import clean
from servicegap.report.model import ClientFacts, Figure, Finding, Table

if TYPE_CHECKING:
    from nbformat import NotebookNode

Result: TypeAlias = Finding | Figure | Table

# a finding speaks to the firm's owner, who is not the one who looks at a slide; in this order
_OF_THE_FIRM = (
    (r"\bYou thought that", "{name}'s managing director thought that"),
    (r"\bYou made no guess", "No guess was made"),
    (r"\bYou took it to last", "It was taken to last"),
    (r"\bYou judged it well", "That was judged well"),
    (r"\bYou are better", "{name} is better"),
    (r"\b(than|as) you thought", r"\1 was thought"),
    (r"\blike yours\b", "like it"),
    (r"\bYour\b", "Its"),
    (r"\byour\b", "its"),
    (r"\byou meet\b", "it meets"),
    (r"\byou\b", "it"),
)


@dataclass(frozen=True)
class Sample:
    """The firm whose figures are shown: its facts, and its executed notebooks by session number."""

    facts: ClientFacts
    notebooks: Mapping[str, NotebookNode]


def of_the_firm(sentence: str, name: str) -> str:
    """Say of a firm what a finding's sentence says to its owner.

    Nobody in the room has believed what the owner of a made-up firm believes.
    """
    for said_to, said_of in _OF_THE_FIRM:
        sentence = re.sub(said_to, said_of.replace("{name}", name.replace("\\", r"\\")), sentence)
    return sentence


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
            told = pieces.finding(payload, sample.facts)
            made_up = sample.facts.made_up
            said = of_the_firm(told.sentence, sample.facts.name) if made_up else told.sentence
            result: Result = replace(told, sentence=said)
        elif payload["kind"] == "table":
            result = pieces.table(payload)
        else:
            drawn = pieces.figure(type(bundle)(payload, bundle.png, bundle.cell))
            of_beliefs = sample.facts.made_up and "You thought that" in drawn.alt
            alt = of_the_firm(drawn.alt, sample.facts.name) if of_beliefs else drawn.alt
            result = replace(drawn, alt=alt)
        found.setdefault(notebook.cells[bundle.cell].source, []).append(result)
    return found
