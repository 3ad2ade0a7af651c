"""The real notebooks without a kernel: what they show of a client, quickly, in this process.

The cells of the report edition are run as they stand, with their own parameters; only `load` gives
the client that is there already, and `show` keeps what it is given.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import made_notebooks as made
import nbformat
from servicegap import bundles, editions, handing_on, measures, schema
from servicegap.client import Client
from servicegap.findings import Figure, Finding
from servicegap.report import content
from servicegap.run import outputs, plan

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"


def payload(result: Any) -> dict[str, Any]:
    """A result's payload, without its picture."""
    if isinstance(result, Finding):
        return bundles._finding_payload(result)
    if isinstance(result, Figure):
        return bundles._figure_payload(result)
    return bundles._table_payload(result)


def executed(client: Client, findings: Path, drawn: bool = False) -> dict[str, Any]:
    """All notebooks by stem, executed on a client; grey pictures unless `drawn`.

    `findings` is an empty folder, in which sessions hand on what they found.
    """
    books = {}
    for number, path in plan.available(NOTEBOOKS).items():
        spec = schema.SESSIONS[number]
        if plan.status(spec, client, True).status != "ok":
            continue
        book = editions.report_edition(nbformat.read(path, as_version=4))
        shown = _run(book, client, findings, drawn)
        handing_on.hand_on(findings, number, client.as_of.isoformat(), shown)
        books[spec.stem] = book
    return books


def _run(book: Any, client: Client, findings: Path, drawn: bool) -> list[dict[str, Any]]:
    space: dict[str, Any] = {}
    shown: list[dict[str, Any]] = []
    for cell in book.cells:
        if cell.cell_type != "code":
            continue
        outputs_of_cell: list[Any] = []

        def show(look: Any, who: Client, /, _kept: list = outputs_of_cell, **options: Any) -> None:
            result = look(who, **options)
            if drawn:
                data = bundles.bundle(result)
                _kept.append(nbformat.v4.new_output("display_data", data=data))
                shown.append(data[bundles.MIME])
            else:
                found = payload(result)
                _kept += made.code(found).outputs
                shown.append(found)

        lines = cell.source.splitlines()
        exec("\n".join(line for line in lines if _imports(line)), space)
        space |= {"show": show, "load": lambda *_, **__: client}
        exec("\n".join(line for line in lines if not _imports(line)), space)
        if "parameters" in cell.metadata.get("tags", []) and "findings" in space:
            space["findings"] = str(findings)
        cell.outputs = outputs_of_cell
    return shown


def _imports(line: str) -> bool:
    return line.startswith(("from ", "import "))


def report(client: Client, findings: Path, drawn: bool = False, **facts: Any) -> Any:
    """The whole report of a client."""
    books = executed(client, findings, drawn)
    statuses = {
        spec.stem: outputs._as_dicts({"x": plan.status(spec, client, True)})["x"]
        for spec in schema.SESSIONS.values()
    }
    names = ("table", "file", "read", "kept", "rejected", "excluded", "reasons", "blanked")
    ledgers = [{n: getattr(row, n) for n in names} for row in measures.ledgers(client).values()]
    about = replace(outputs._facts(client), **facts)
    return content.build(books, about, ledgers, statuses)
