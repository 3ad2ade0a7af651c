"""The room's notebook: in the form of the series, and run without anybody at the keyboard."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import nbformat
import papermill
import pytest
import rooms
from servicegap.teaching import room

ROOT = Path(__file__).resolve().parents[1]
NOTEBOOK = ROOT / "trainer" / "room.ipynb"
FIRM = ROOT / "data" / "sample" / "alder-it"


def cells():
    return nbformat.read(NOTEBOOK, as_version=4).cells


def test_it_keeps_to_the_form() -> None:
    tags = {"parameters", "interactive", "exercise", "finding"}
    for cell in cells():
        assert set(cell.metadata.get("tags", ())) <= tags
        if cell.cell_type == "markdown":
            assert "!" not in re.sub(r"\W!\w", "", cell.source)
            continue
        assert cell.outputs == [] and cell.execution_count is None
        assert cell.metadata["jupyter"]["source_hidden"] is True
        lines = cell.source.splitlines()
        assert re.match(r"# [A-Z]", lines[0]) and len(lines) <= 10
        banned = (ast.For, ast.FunctionDef, ast.ClassDef, ast.If, ast.Lambda, ast.While)
        assert not [n for n in ast.walk(ast.parse(cell.source)) if isinstance(n, banned)]


def test_every_view_is_shown_once() -> None:
    from servicegap.teaching import views

    shown = re.findall(r"show\(views\.(\w+), room\)", "\n".join(c.source for c in cells()))
    assert sorted(shown) == sorted(["ranges", *(look.__name__ for look in views.VIEWS)])


def test_how_a_guess_gets_there_is_said() -> None:
    text = "\n".join(c.source for c in cells() if c.cell_type == "markdown")
    for words in (
        "beliefs.csv",
        "USB stick",
        "JupyterHub",
        "no names",
        "withdraw",
        "five",
        "a click shows",
    ):
        assert words in text


@pytest.mark.slow
def test_it_runs_headlessly_with_thirty_files(tmp_path: Path) -> None:
    folder = tmp_path / "room"
    rooms.fill(folder, dict(room.read_truth(FIRM)), 30)
    (folder / "seat-31.csv").write_bytes(b"no table")
    out = tmp_path / "run.ipynb"
    papermill.execute_notebook(
        NOTEBOOK, out, {"folder": str(folder), "firm": str(FIRM)}, progress_bar=False, cwd=tmp_path
    )
    run = nbformat.read(out, as_version=4)
    html = "\n".join(
        str(output["data"].get("text/html", ""))
        for cell in run.cells for output in cell.get("outputs", ()) if "data" in output
    )  # fmt: skip
    assert "The guesses of 30 people are shown" in html and "seat-31.csv is left out" in html
    assert html.count("data:image/png") == 4 and "commonest blind spot" in html
    at_once = re.sub(r"<details>.*?</details>", "", html, flags=re.S)
    assert "seat-31" not in at_once  # its name may be somebody's, and this may be on the wall
    assert not re.search(r"https?://", html)
