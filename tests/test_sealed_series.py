"""Run All gives nothing away: all eleven sessions, sealed, run as an attendee runs them."""

from __future__ import annotations

import json
import shutil
from importlib import import_module
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from servicegap import bundles, load, schema, workbook

ROOT = Path(__file__).resolve().parents[1]


@pytest.mark.slow
def test_run_all_gives_nothing_away(tmp_path: Path) -> None:
    """All code cells of the series in one kernel; what they leave is searched, forms included."""
    folder = tmp_path / "alder-it"
    sample = ROOT / "data" / "sample" / "alder-it"
    shutil.copytree(sample, folder, ignore=shutil.ignore_patterns("TRUTH.yaml", "beliefs.*", ".*"))
    laid = [one.notebook for one in workbook.lay_out(folder)]
    cells = [c for path in laid for c in nbformat.read(path, 4).cells if c.cell_type == "code"]
    for number, cell in enumerate(cells):
        cell["id"] = f"cell-{number}"
    series = nbformat.v4.new_notebook(cells=cells)
    NotebookClient(series, resources={"metadata": {"path": str(folder / "workbook")}}).execute()
    left = json.dumps(series)  # outputs, and the state of every form
    assert left.count("sg-sealed") > 50
    for mark in (bundles.MIME, "data:image/png", "sg-figure", "sg-table", "sg-finding", "<img"):
        assert mark not in left, mark
    client = load(folder, sealed=False)
    for session in schema.SESSIONS.values():
        module = import_module(f"servicegap.sessions.{session.module}")
        for headline in session.headlines:
            found = getattr(module, headline.id)(client)
            assert found.sentence not in left and found.title not in left
    assert not (folder / ".servicegap" / "findings").exists()
    assert not (folder / "beliefs.csv").exists()
