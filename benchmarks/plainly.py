"""The same reports without kernels: every cell a plain call in one warm process.

    python -m benchmarks.plainly OUT CLIENT_FOLDER...

Nothing between two clients is kept apart, nothing that hangs is ended, nothing is put in place as a
whole: this is what the work itself costs, as a bound for what batches can reach.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

import IPython.display
import nbformat
import servicegap
from servicegap import editions, handing_on, schema
from servicegap.bundles import read_bundles
from servicegap.client import ROOT, load
from servicegap.run import outputs, plan, scrub, sources


def session(path: Path, given: dict[str, Any]) -> nbformat.NotebookNode:
    """Run a report edition's cells here and now; return the notebook with its outputs."""
    book = editions.report_edition(nbformat.read(path, as_version=4))
    names: dict[str, Any] = {}
    shown: list[nbformat.NotebookNode] = []

    def display(data: dict[str, Any], **_: Any) -> None:
        shown.append(nbformat.v4.new_output("display_data", data=data))

    IPython.display.display, real = display, IPython.display.display
    try:
        for number, cell in enumerate((c for c in book.cells if c.cell_type == "code"), 1):
            shown.clear()
            exec(compile(cell.source, path.name, "exec"), names)
            if "parameters" in editions.tags(cell):
                names |= {name: value for name, value in given.items() if name in names}
            cell.outputs, cell["execution_count"] = list(shown), number
    finally:
        IPython.display.display = real
    return book


def report(folder: Path, findings: Path) -> dict[str, bytes]:
    """All sessions of one client and its three forms; its tables are read once."""
    client = load(folder, sealed=False)
    servicegap.load, given = (lambda *a, **k: client), {"folder": str(folder), "sealed": False}
    there = plan.available(ROOT / "notebooks")
    statuses = {
        schema.SESSIONS[n].stem: plan.status(schema.SESSIONS[n], client, True) for n in there
    }
    done = {}
    for number, path in there.items():
        stem = schema.SESSIONS[number].stem
        if statuses[stem].status == "ok":
            done[stem] = session(path, given | {"findings": str(findings)})
            payloads = [bundle.payload for bundle in read_bundles(done[stem])]
            handing_on.hand_on(findings, number, client.as_of.isoformat(), payloads)
    clean = {stem: scrub.scrubbed(book, {}) for stem, book in done.items()}
    read = sources.gather(client)
    return outputs.files(tuple(outputs.FORMATS), clean, client, statuses, read, None)


def main() -> None:
    """Make the reports of the folders named, one after another."""
    out, *folders = map(Path, sys.argv[1:])
    for folder in folders:
        with tempfile.TemporaryDirectory() as findings:
            made = report(folder.resolve(), Path(findings))
        for name, data in made.items():
            place = out / folder.name / name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(data)


if __name__ == "__main__":
    main()
