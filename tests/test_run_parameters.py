"""Names and types are checked against the parameters cell before papermill sees them."""

from __future__ import annotations

import nbformat
import pytest
from servicegap.run import Failed
from servicegap.run.parameters import checked, declared

SOURCE = """# What this session is set to
folder: str = "data/sample/alder-it"  # the client's folder
sealed: bool = True  # nothing is shown before your guess
assumed: float = 50  # of 100 silent contacts, how many are happy
steps: list[int] = [5, 10]
months: int = 12
peers: str | None = None  # another panel
weights: dict[str, float] = {"a": 1.0}
plain = 3
loose = None
"""


def book(source: str = SOURCE) -> nbformat.NotebookNode:
    cell = nbformat.v4.new_code_cell(source, metadata={"tags": ["parameters"]})
    return nbformat.v4.new_notebook(cells=[cell])


def test_what_the_cell_declares():
    known = declared(book())
    assert list(known) == [
        *("folder", "sealed", "assumed", "steps", "months", "peers", "weights", "plain", "loose")
    ]
    assert known["folder"].default == "data/sample/alder-it"
    assert known["folder"].kind == "str"
    assert known["folder"].help == "the client's folder"
    assert known["plain"].kind == "int"
    assert known["loose"].kind == "anything"
    assert known["steps"].help == ""


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("folder", "03"),
        ("folder", ""),
        ("sealed", False),
        ("assumed", 3),
        ("assumed", 0.25),
        ("steps", []),
        ("steps", [1, 2]),
        ("peers", None),
        ("peers", "a.csv"),
        ("weights", {"b": 2}),
        ("plain", 4),
        ("loose", "x"),
    ],
)
def test_fitting_values_pass_unchanged(name, value):
    assert checked(book(), {name: value}) == {name: value}


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("folder", 3, "text"),
        ("folder", None, "text"),
        ("sealed", 1, "yes or no"),
        ("sealed", "False", "yes or no"),
        ("months", True, "whole number"),
        ("months", 12.0, "whole number"),
        ("months", "12", "whole number"),
        ("assumed", float("nan"), "number"),
        ("assumed", "50", "number"),
        ("steps", [1, "a"], "list of whole numbers"),
        ("steps", (1, 2), "list of whole numbers"),
        ("peers", 5, "text or nothing"),
        ("weights", {1: 2.0}, "text to number"),
        ("loose", object(), "parameter"),
    ],
)
def test_other_values_are_refused_in_plain_words(name, value, said):
    with pytest.raises(Failed) as error:
        checked(book(), {name: value}, "session 01")
    assert said in str(error.value) and f"'{name}'" in str(error.value)
    assert "session 01" in str(error.value)


def test_an_unknown_name_is_refused_with_the_known_and_the_nearest():
    with pytest.raises(Failed) as error:
        checked(book(), {"assumd": 3}, "session 01")
    text = str(error.value)
    assert "'assumd' (did you mean 'assumed'?)" in text
    assert all(name in text for name in ("folder", "sealed", "months"))


@pytest.mark.parametrize("name", ["a=1;import os;b", "x y", "1st", "", "class", "__import__", 3])
def test_a_name_that_is_code_or_no_name_at_all_never_passes(name):
    with pytest.raises(Failed):
        checked(book(), {name: 1})


def test_nothing_given_is_fine_even_without_a_parameters_cell():
    assert checked(nbformat.v4.new_notebook(), {}) == {}
    with pytest.raises(Failed, match="no parameters"):
        checked(nbformat.v4.new_notebook(), {"folder": "x"})


@pytest.mark.parametrize(
    "source",
    ["x = 1 + 1", "import os", "x: int = f()", "x: int", "a = b = 1", "a, b = 1, 2", "x: frog = 1"],
)
def test_a_cell_that_computes_is_not_a_parameters_cell(source):
    with pytest.raises(Failed, match="parameters cell"):
        declared(book(source))


def test_a_default_that_breaks_its_own_type_is_told():
    with pytest.raises(Failed, match="'x'"):
        declared(book('x: int = "three"'))


@pytest.mark.parametrize("text", ['a"b', "a\\b", "a\nb", "'''", "é ü 東", "{x}", '"; import os #'])
def test_papermill_writes_every_text_back_as_it_was(text):
    from papermill.translators import PythonTranslator

    scope: dict = {}
    exec(PythonTranslator.codify({"folder": text}), scope)
    assert scope["folder"] == text
