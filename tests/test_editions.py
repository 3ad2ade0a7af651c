"""Editions are derived from one notebook, and a kept cell never leans on a dropped one."""

from __future__ import annotations

import ast

import nbformat
import pytest
from servicegap import editions


def code(source: str, *tags: str) -> nbformat.NotebookNode:
    cell = nbformat.v4.new_code_cell(source)
    cell.metadata["tags"] = list(tags)
    cell.execution_count = 3
    cell.outputs = [nbformat.v4.new_output("stream", text="left over")]
    return cell


def book(*cells: nbformat.NotebookNode) -> nbformat.NotebookNode:
    return nbformat.v4.new_notebook(cells=list(cells))


PARAMETERS = """# What this session is set to
folder: str = "data/sample/alder-it"  # the client's folder
sealed: bool = True  # guess first
"""


def test_report_edition_drops_exercises_and_widgets_and_every_output():
    source = book(
        nbformat.v4.new_markdown_cell("# 1. A claim"),
        code(PARAMETERS, "parameters"),
        code("# Your guess\nwidgets.guess()", "interactive"),
        nbformat.v4.new_markdown_cell("Think.", metadata={"tags": ["exercise"]}),
        code("# The finding\n1 + 1", "finding"),
    )
    edition = editions.report_edition(source)
    assert [c.source.splitlines()[0] for c in edition.cells] == [
        "# 1. A claim",
        "# What this session is set to",
        "# The finding",
    ]
    assert all(c.outputs == [] and c.execution_count is None for c in edition.cells[1:])
    assert len(source.cells) == 5 and source.cells[1].outputs, "the source is never touched"


def test_attendees_copy_holds_the_clients_path_and_everything_else():
    source = book(code(PARAMETERS, "parameters"), code("# Look\nfolder", "interactive"))
    path = 'C:\\Users\\Ann "O\'Hara"\\alder'
    copy = editions.attendee_copy(source, path)
    tree = ast.parse(copy.cells[0].source)
    assert ast.literal_eval(tree.body[0].value) == path
    assert "# the client's folder" in copy.cells[0].source
    assert "sealed: bool = True  # guess first" in copy.cells[0].source
    assert len(copy.cells) == 2 and copy.cells[1].outputs == []
    assert "alder-it" in source.cells[0].source


def test_attendees_copy_keeps_what_stands_before_and_after_in_other_alphabets():
    source = book(code('a: str = "é"; folder: str = "x"; b: str = "ü"', "parameters"))
    copy = editions.attendee_copy(source, "/tmp/ø")
    assert copy.cells[0].source == 'a: str = "é"; folder: str = \'/tmp/ø\'; b: str = "ü"'


def test_attendees_copy_needs_a_parameters_cell_that_sets_folder():
    with pytest.raises(editions.BrokenNotebook, match="folder"):
        editions.attendee_copy(book(code("x: int = 1", "parameters")), "/a")
    with pytest.raises(editions.BrokenNotebook, match="parameters"):
        editions.attendee_copy(book(code("folder = 1")), "/a")


@pytest.mark.parametrize(
    ("dropped", "kept", "names"),
    [
        ("answer = 1", "answer + 1", ["answer"]),
        ("from servicegap import widgets", "widgets.explore()", ["widgets"]),
        ("import os.path", "os.getcwd()", ["os"]),
        ("for i in range(3): last = i", "print([last for x in range(2)])", ["last"]),
        ("def f(): return 1", "class A:\n    def g(self): return f()", ["f"]),
        ("if (n := 3): pass", "n", ["n"]),
        ("a, (b, *c) = 1, (2, 3)", "a, b, c", ["a", "b", "c"]),
        ("x = 1", "[x for x in range(3)]", []),
        ("x = 1", "x = 2; x", []),
        ("def f():\n    inner = 1", "inner", []),
        ("x: int = 1", "lambda x: x", []),
    ],
)
def test_names_that_only_a_dropped_cell_defines(dropped, kept, names):
    found = editions.stranded(book(code(dropped, "interactive"), code(kept)))
    assert [s.name for s in found] == names
    assert all((s.cell, s.dropped) == (1, 0) for s in found)


def test_a_name_that_a_kept_cell_defines_first_is_fine_and_later_is_not():
    fine = book(code("x = 0"), code("x = 1", "exercise"), code("x"))
    late = book(code("x = 1", "exercise"), code("x"), code("x = 0"))
    assert editions.stranded(fine) == ()
    assert [s.name for s in editions.stranded(late)] == ["x"]


def test_a_cell_that_is_not_python_is_named():
    with pytest.raises(editions.BrokenNotebook, match="cell 2"):
        editions.stranded(book(code("x = 1"), code("%matplotlib inline")))
