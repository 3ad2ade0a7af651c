"""Executed notebooks keep no times, places or chance."""

from __future__ import annotations

import json

import nbformat
from servicegap.run.scrub import scrubbed, warnings


def executed() -> nbformat.NotebookNode:
    cell = nbformat.v4.new_code_cell('folder = "/home/ann/clients/elm"', execution_count=1)
    cell.metadata["papermill"] = {"start_time": "2025-01-01T00:00:00"}
    cell.metadata["execution"] = {"iopub.status.busy": "2025-01-01"}
    picture = "data:image/png;base64,AAAA/home/annBBBB="
    cell.outputs = [
        nbformat.v4.new_output("stream", name="stderr", text="/lib/x.py:3: UserWarning: thin"),
        nbformat.v4.new_output("stream", name="stdout", text="read /home/ann/clients/elm/a.csv"),
        nbformat.v4.new_output(
            "display_data",
            {
                "text/html": f'<img src="{picture}"> /home/ann/x',
                "image/png": "AA/home/annBB",
                "text/plain": "<Figure at 0x7f3a12bc45d0>",
                "application/vnd.servicegap+json": {"alt": "in /home/ann/clients", "rows": [[1.5]]},
            },
        ),
    ]
    book = nbformat.v4.new_notebook(cells=[cell, nbformat.v4.new_markdown_cell("x")])
    book.metadata["papermill"] = {"input_path": "/home/ann"}
    book.metadata["language_info"] = {"name": "python", "version": "3.11.7"}
    return book


PLACES = {"/home/ann": "~", "/home/ann/clients/elm": "elm"}


def test_nothing_of_the_machine_is_left():
    first, second = executed(), executed()
    assert first.cells[0].id != second.cells[0].id
    clean = [json.dumps(scrubbed(book, PLACES)) for book in (first, second)]
    assert clean[0] == clean[1]
    text = clean[0]
    assert "papermill" not in text and "2025" not in text and "3.11.7" not in text
    assert 'folder = \\"elm\\"' in text and "read elm/a.csv" in text
    assert "in ~/clients" in text and "<Figure>" in text


def test_pictures_are_left_alone_even_where_their_letters_spell_a_path():
    data = scrubbed(executed(), PLACES).cells[0].outputs[1]["data"]
    assert data["image/png"] == "AA/home/annBB"
    assert "base64,AAAA/home/annBBBB=" in data["text/html"] and data["text/html"].endswith("~/x")


def test_warnings_go_to_the_log_and_out_of_the_notebook():
    book = executed()
    assert warnings(book) == ["/lib/x.py:3: UserWarning: thin"]
    assert warnings(scrubbed(book, {})) == []
    assert warnings(book), "the original is untouched"


def test_a_windows_path_is_found_in_source_too():
    book = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell('folder = "C:\\\\Users\\\\Ann\\\\elm"')]
    )
    clean = scrubbed(book, {"C:\\Users\\Ann": "~"})
    assert clean.cells[0].source == 'folder = "~\\\\elm"'


def test_a_short_path_is_not_found_inside_other_words():
    book = nbformat.v4.new_notebook(
        cells=[
            nbformat.v4.new_markdown_cell("trunk/root cause, /root-cause, /root/x, file:///root.")
        ]
    )
    clean = scrubbed(book, {"/root": "~"}).cells[0].source
    assert clean == "trunk/root cause, /root-cause, ~/x, file://~."
