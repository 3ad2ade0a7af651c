"""An attendee's copies: laid once, renewed where nobody wrote in them, kept where somebody did."""

from __future__ import annotations

import ast
import json
import shutil
from pathlib import Path

import nbformat
import pytest
from fake_notebooks import code, text
from servicegap import editions
from servicegap.workbook import FOLDER, lay_out

PARAMETERS = '# What this works on\nfolder: str = "data/sample/alder-it"  # the client\'s folder'
NAMES = ["00_start_here.ipynb", "01_benchmarking.ipynb"]


def book(*cells: nbformat.NotebookNode) -> nbformat.NotebookNode:
    return nbformat.v4.new_notebook(cells=[code(PARAMETERS, "parameters"), *cells])


@pytest.fixture
def originals(tmp_path: Path) -> Path:
    folder = tmp_path / "originals"
    folder.mkdir()
    for name in NAMES:
        nbformat.write(book(text("# A claim"), code("# Look\nfolder")), folder / name)
    return folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / 'elm\'s "firm"').mkdir()
    return tmp_path / 'elm\'s "firm"'


def at(copy: Path) -> str:
    cell = editions.parameters_cell(nbformat.read(copy, 4))
    return ast.literal_eval(ast.parse(cell.source).body[0].value)


def run(copy: Path) -> None:
    """As JupyterLab leaves it: outputs, counts, metadata of its own."""
    there = nbformat.read(copy, 4)
    there.metadata["widgets"] = {}
    for cell in there.cells:
        if cell.cell_type == "code":
            cell.execution_count = 1
            cell.outputs = [nbformat.v4.new_output("stream", text="seen")]
    nbformat.write(there, copy)


def newer(originals: Path) -> None:
    path = originals / NAMES[1]
    there = nbformat.read(path, 4)
    there.cells.append(text("## Method and sources"))
    nbformat.write(there, path)


def test_the_copies_lie_in_the_clients_folder_and_name_it(originals, folder) -> None:
    laid = lay_out(folder, originals)
    assert [one.notebook for one in laid] == [folder / FOLDER / name for name in NAMES]
    assert all(at(one.notebook) == str(folder) and one.kept is None for one in laid)
    for one in laid:
        nbformat.validate(nbformat.read(one.notebook, 4))


def test_a_copy_that_was_run_stays_as_it_is(originals, folder) -> None:
    lay_out(folder, originals)
    copy = folder / FOLDER / NAMES[1]
    run(copy)
    before = copy.read_bytes()
    assert all(one.kept is None for one in lay_out(folder, originals))
    assert copy.read_bytes() == before


def test_a_newer_edition_takes_the_place_of_a_copy_that_was_only_run(originals, folder) -> None:
    lay_out(folder, originals)
    copy = folder / FOLDER / NAMES[1]
    run(copy)
    newer(originals)
    assert all(one.kept is None for one in lay_out(folder, originals))
    assert nbformat.read(copy, 4).cells[-1].source == "## Method and sources"
    assert len(list(copy.parent.iterdir())) == 2


def test_a_copy_that_somebody_wrote_in_is_kept_beside_the_newer_one(originals, folder) -> None:
    lay_out(folder, originals)
    copy = folder / FOLDER / NAMES[1]
    for round_ in ("", " 2"):
        mine = nbformat.read(copy, 4)
        mine.cells.append(text(f"My own words{round_}"))
        nbformat.write(mine, copy)
        assert lay_out(folder, originals)[1].kept is None, "nothing newer, so nothing happens"
        assert nbformat.read(copy, 4).cells[-1].source == f"My own words{round_}"
        newer(originals)
        kept = lay_out(folder, originals)[1].kept
        assert kept == copy.with_name(f"01_benchmarking (yours{round_}).ipynb")
        assert nbformat.read(kept, 4).cells[-1].source == f"My own words{round_}"
        assert nbformat.read(copy, 4).cells[-1].source == "## Method and sources"


@pytest.mark.parametrize("content", [b"", b"{", b'{"cells": 3}', b"\xff\xfe"])
def test_a_copy_that_cannot_be_read_is_kept_beside(originals, folder, content) -> None:
    lay_out(folder, originals)
    copy = folder / FOLDER / NAMES[0]
    copy.write_bytes(content)
    kept = lay_out(folder, originals)[0].kept
    assert kept is not None and kept.read_bytes() == content
    assert at(copy) == str(folder)


def test_a_folder_that_was_renamed_is_found_again(originals, folder) -> None:
    """What is open must never be about another client's folder, nor about none."""
    lay_out(folder, originals)
    run(folder / FOLDER / NAMES[0])
    moved = folder.with_name("ash")
    shutil.move(folder, moved)
    lay_out(moved, originals)
    assert at(moved / FOLDER / NAMES[0]) == str(moved)
    assert nbformat.read(moved / FOLDER / NAMES[0], 4).cells[0].outputs, "the outputs stay"


def test_a_lost_ledger_loses_nothing(originals, folder) -> None:
    lay_out(folder, originals)
    (folder / ".servicegap" / "workbook.json").write_text("[", encoding="utf-8")
    newer(originals)
    kept = lay_out(folder, originals)[1].kept
    assert kept is not None, "nobody knows whether it was changed, so it is kept"
    told = json.loads((folder / ".servicegap" / "workbook.json").read_text(encoding="utf-8"))
    assert list(told) == NAMES


def test_the_fingerprint_is_of_words_and_order_alone(originals) -> None:
    first = nbformat.read(originals / NAMES[0], 4)
    same = editions.attendee_copy(first, "/somewhere/else")
    assert editions.fingerprint(same) == editions.fingerprint(first)
    same.cells[1].source += " and more"
    assert editions.fingerprint(same) != editions.fingerprint(first)
    broken = nbformat.v4.new_notebook(cells=[text("no parameters")])
    assert editions.fingerprint(broken)
