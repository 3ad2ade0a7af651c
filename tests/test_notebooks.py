"""Every notebook keeps to the form of the series. The notebooks are read here, never run.

A rule is a function from a notebook to its complaints; `test_each_rule_bites` breaks a notebook in
one way a rule and sees that the rule notices.
"""

from __future__ import annotations

import ast
import copy
import io
import re
import tokenize
from collections.abc import Callable, Iterator
from importlib import import_module
from itertools import pairwise
from pathlib import Path

import nbformat
import pytest
from servicegap import editions, schema
from servicegap.run import Failed
from servicegap.run.parameters import declared

ROOT = Path(__file__).resolve().parents[1]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
TAGS = {"parameters", "interactive", "exercise", "finding"}
WORDS = range(700, 1_901)
PUBLIC = {"load", "show", "widgets"}
Notebook = nbformat.NotebookNode


def read(path: Path) -> Notebook:
    return nbformat.read(path, as_version=4)


def tags(cell: Notebook) -> list[str]:
    return list(cell.metadata.get("tags", []))


def code(notebook: Notebook) -> list[tuple[int, Notebook]]:
    """Code cells with their numbers, from 1 as people count."""
    return [(i, c) for i, c in enumerate(notebook.cells, 1) if c.cell_type == "code"]


def prose(notebook: Notebook) -> list[tuple[int, Notebook]]:
    return [(i, c) for i, c in enumerate(notebook.cells, 1) if c.cell_type == "markdown"]


def calls(cell: Notebook, name: str) -> Iterator[ast.Call]:
    """Calls of `name` ("show", "widgets.explore") in a cell."""
    for node in ast.walk(ast.parse(cell.source)):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == name:
            yield node


def looks(notebook: Notebook, name: str) -> dict[str, int]:
    """What `show` or `widgets.explore` is given ("benchmarking.csat"), and in which cell."""
    return {
        ast.unparse(call.args[0]): i for i, cell in code(notebook) for call in calls(cell, name)
    }


def session(notebook: Notebook) -> schema.Session:
    """The session whose number stands in the title."""
    match = re.match(r"# (\d+)\. ", notebook.cells[0].source)
    return schema.SESSIONS[f"{int(match[1]):02}" if match else ""]


# -- the rules ---------------------------------------------------------------------------------


def only_the_four_tags(notebook: Notebook) -> list[str]:
    found = []
    for i, cell in enumerate(notebook.cells, 1):
        found += [f"cell {i} is tagged {tag}" for tag in tags(cell) if tag not in TAGS]
        if "exercise" in tags(cell) and cell.cell_type == "code":
            found.append(f"cell {i} is code, and tagged exercise: interactive is meant")
        if cell.cell_type == "markdown" and set(tags(cell)) - {"exercise"} & TAGS:
            found.append(f"cell {i} is prose, and tagged {tags(cell)}")
    return found


def nothing_of_a_run(notebook: Notebook) -> list[str]:
    return [
        f"cell {i} holds an output or a count"
        for i, cell in code(notebook)
        if cell.outputs or cell.execution_count is not None
    ]


def parameters_are_typed_literals_with_help(notebook: Notebook) -> list[str]:
    try:
        found = declared(notebook)
    except Failed as failed:
        return [str(failed)]
    cell = editions.parameters_cell(notebook)
    typed = {
        ast.unparse(line.target)
        for line in ast.parse(cell.source).body
        if isinstance(line, ast.AnnAssign)
    }
    wrong = [f"parameter {name} has no type" for name in found if name not in typed]
    wrong += [f"parameter {name} has no help" for name, p in found.items() if not p.help]
    wrong += [f"there is no parameter {n}" for n in ("folder", "sealed") if n not in found]
    if "folder" in found and found["folder"].default != "data/sample/alder-it":
        wrong.append("folder is not data/sample/alder-it")
    return wrong


def no_logic(notebook: Notebook) -> list[str]:
    banned = (
        ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda | ast.For | ast.While
        | ast.If | ast.IfExp | ast.Try | ast.With | ast.comprehension
    )  # fmt: skip
    found = []
    for i, cell in code(notebook):
        nodes = list(ast.walk(ast.parse(cell.source)))
        found += [f"cell {i} holds a {type(n).__name__}" for n in nodes if isinstance(n, banned)]
        found += [f"cell {i} prints" for _ in calls(cell, "print")]
    return found


def short_cells(notebook: Notebook) -> list[str]:
    lengths = {i: sum(map(bool, cell.source.splitlines())) for i, cell in code(notebook)}
    found = [f"cell {i} has {n} lines" for i, n in lengths.items() if n > 10]
    if sum(n <= 5 for n in lengths.values()) < 0.9 * len(lengths):
        found.append("fewer than nine in ten code cells have five lines or fewer")
    return found


def first_line_in_plain_words(notebook: Notebook) -> list[str]:
    found = []
    for i, cell in code(notebook):
        first = cell.source.splitlines()[0]
        plain = re.fullmatch(r"# [A-Z][^`_=()]{8,}", first)
        if not plain:
            found.append(f"cell {i} does not begin with a comment in plain words")
    return found


def code_is_collapsed(notebook: Notebook) -> list[str]:
    return [
        f"cell {i} is not collapsed"
        for i, cell in code(notebook)
        if not cell.metadata.get("jupyter", {}).get("source_hidden")
    ]


def words_in_measure(notebook: Notebook) -> list[str]:
    n = sum(len(re.findall(r"[\w'’%£-]+", cell.source)) for _, cell in prose(notebook))
    return [] if n in WORDS else [f"{n} words"]


def title_and_end(notebook: Notebook) -> list[str]:
    found = []
    first = notebook.cells[0].source
    if not re.match(rf"# {int(session(notebook).number)}\. [A-Z]", first):
        found.append("the first cell is not titled `# N. A claim`")
    if "?" not in first:
        found.append("the first cell asks no question")
    last = notebook.cells[-1]
    if last.cell_type != "markdown" or not last.source.startswith("## Method and sources\n"):
        found.append("the last cell is not `## Method and sources`")
    heads = [len(h) for _, c in prose(notebook) for h in re.findall(r"^#+(?= )", c.source, re.M)]
    if heads.count(1) != 1:
        found.append("there is more than one title")
    if any(b > a + 1 for a, b in pairwise(heads)):
        found.append("a heading skips a level")
    return found


def exercises_are_numbered(notebook: Notebook) -> list[str]:
    number = int(session(notebook).number)
    found, seen = [], 0
    for i, cell in prose(notebook):
        for head in re.findall(r"^#+ (Exercise.*)$", cell.source, flags=re.MULTILINE):
            seen += 1
            if head != f"Exercise {number}.{seen}":
                found.append(f"cell {i}: {head} should be Exercise {number}.{seen}")
            if "exercise" not in tags(cell):
                found.append(f"cell {i} is an exercise without the tag")
            if "<summary>A hint</summary>" not in cell.source:
                found.append(f"cell {i}: {head} has no hint")
    return found if seen else ["there is no exercise"]


def explorers_have_their_static_call(notebook: Notebook) -> list[str]:
    shown = looks(notebook, "show")
    return [
        f"{look} is explored in cell {i}, and not shown above it"
        for look, i in looks(notebook, "widgets.explore").items()
        if shown.get(look, i) >= i
    ]


def every_part_is_shown(notebook: Notebook) -> list[str]:
    """What is shown is a part of the session, and every part of the session is shown."""
    own = session(notebook)
    module = import_module(f"servicegap.sessions.{own.module}")
    shown = looks(notebook, "show")
    parts = {f"{own.module}.{part.name}" for part in own.parts}
    found = [f"{look} (cell {i}) is no part" for look, i in shown.items() if look not in parts]
    found += [f"{part} is nowhere shown" for part in parts - shown.keys()]
    found += [f"{p.name} is not in {own.module}" for p in own.parts if not hasattr(module, p.name)]
    return found


def findings_are_tagged(notebook: Notebook) -> list[str]:
    own = session(notebook)
    headlines = {f"{own.module}.{h.id}" for h in own.headlines}
    found = []
    for i, cell in code(notebook):
        shows = {ast.unparse(call.args[0]) for call in calls(cell, "show")}
        if bool(shows & headlines) != ("finding" in tags(cell)):
            found.append(f"cell {i}: a finding carries the tag `finding`, and nothing else does")
    return found


def a_colon_leads_into_every_picture(notebook: Notebook) -> list[str]:
    found = []
    for i, cell in code(notebook):
        if any(calls(cell, "show")) and "finding" not in tags(cell):
            before = notebook.cells[i - 2]
            if before.cell_type != "markdown" or not before.source.rstrip("*_ ").endswith(":"):
                found.append(f"no sentence ending in a colon leads into cell {i}")
            elif "exercise" in tags(before):
                found.append(f"the sentence that leads into cell {i} is not in the report")
    return found


def few_public_names(notebook: Notebook) -> list[str]:
    found = []
    own = session(notebook).module
    for i, cell in code(notebook):
        for node in ast.walk(ast.parse(cell.source)):
            if isinstance(node, ast.Import):
                found.append(f"cell {i} imports {ast.unparse(node)}")
            elif isinstance(node, ast.ImportFrom):
                names = {alias.name for alias in node.names}
                allowed = {"servicegap": PUBLIC, "servicegap.sessions": {own}}
                if names - allowed.get(node.module or "", set()):
                    found.append(f"cell {i}: {ast.unparse(node)}")
    return found


def guess_and_promise(notebook: Notebook) -> list[str]:
    """The forms are there, for this session, and the guess comes before what is guessed."""
    own, found = session(notebook), []
    for form in ("widgets.guess", "widgets.promise"):
        at = [(i, c) for i, cell in code(notebook) for c in calls(cell, form)]
        if [ast.unparse(c) for _, c in at] != [f"{form}(client, '{own.number}')"]:
            found.append(f"{form}(client, '{own.number}') should stand once")
    return found


def interactive_cells_use_widgets(notebook: Notebook) -> list[str]:
    return [
        f"cell {i}: forms and explorers, and they alone, are interactive"
        for i, cell in code(notebook)
        if ("widgets" in cell.source) != ("interactive" in tags(cell))
    ]


def report_edition_stands_alone(notebook: Notebook) -> list[str]:
    return [
        f"cell {s.cell + 1} uses {s.name}, which only cell {s.dropped + 1} defines"
        for s in editions.stranded(notebook)
    ]


def comments_say_no_paths(notebook: Notebook) -> list[str]:
    """Text in code stands in the parameters cell; elsewhere only session numbers are quoted."""
    found = []
    for i, cell in code(notebook):
        if "parameters" in tags(cell):
            continue
        for token in tokenize.generate_tokens(io.StringIO(cell.source).readline):
            if token.type == tokenize.STRING and ("/" in token.string or "\\" in token.string):
                found.append(f"cell {i} holds the path {token.string}")
    return found


# -- each rule, and how to break it ------------------------------------------------------------


def _first_code(notebook: Notebook, wanted: str) -> Notebook:
    return next(c for _, c in code(notebook) if wanted in c.source)


def _tag(notebook: Notebook) -> None:
    notebook.cells[0].metadata["tags"] = ["slide"]


def _count(notebook: Notebook) -> None:
    code(notebook)[0][1].execution_count = 3


def _helpless(notebook: Notebook) -> None:
    cell = editions.parameters_cell(notebook)
    cell.source = re.sub(r"(sealed.*?)  #.*", r"\1", cell.source)


def _loop(notebook: Notebook) -> None:
    code(notebook)[-1][1].source += "\nfor x in (1, 2):\n    print(x)"


def _long(notebook: Notebook) -> None:
    code(notebook)[-1][1].source += "\nclient" * 10


def _mute(notebook: Notebook) -> None:
    code(notebook)[-1][1].source = "widgets"


def _open(notebook: Notebook) -> None:
    code(notebook)[-1][1].metadata["jupyter"] = {}


def _wordy(notebook: Notebook) -> None:
    notebook.cells[0].source += " word" * 2_000


def _endless(notebook: Notebook) -> None:
    notebook.cells.append(nbformat.v4.new_markdown_cell("One more thing"))


def _misnumbered(notebook: Notebook) -> None:
    cell = next(c for c in notebook.cells if "### Exercise" in c.source)
    cell.source = cell.source.replace(".1", ".7")


def _explored(notebook: Notebook) -> None:
    own = session(notebook).module
    code(notebook)[-1][1].source += f"\nwidgets.explore({own}.nothing, client)"


def _unshown(notebook: Notebook) -> None:
    _first_code(notebook, "show(").source = "# Nothing to be seen here"


def _untagged(notebook: Notebook) -> None:
    cell = next(c for _, c in code(notebook) if any(calls(c, "show")))
    cell.metadata["tags"] = [] if "finding" in tags(cell) else ["finding"]


def _abrupt(notebook: Notebook) -> None:
    at = next(i for i, c in code(notebook) if any(calls(c, "show")) and "finding" not in tags(c))
    notebook.cells[at - 2].source += " Now look."


def _imported(notebook: Notebook) -> None:
    code(notebook)[-1][1].source += "\nimport pandas as pd"


def _no_guess(notebook: Notebook) -> None:
    cell = next(c for _, c in code(notebook) if any(calls(c, "widgets.guess")))
    cell.source = "# No form stands here today"


def _kept_widget(notebook: Notebook) -> None:
    cell = next(c for _, c in code(notebook) if any(calls(c, "widgets.promise")))
    cell.metadata["tags"] = []


def _path(notebook: Notebook) -> None:
    code(notebook)[-1][1].source += '\n"data/sample"'


RULES: dict[Callable[[Notebook], list[str]], Callable[[Notebook], None]] = {
    only_the_four_tags: _tag,
    nothing_of_a_run: _count,
    parameters_are_typed_literals_with_help: _helpless,
    no_logic: _loop,
    short_cells: _long,
    first_line_in_plain_words: _mute,
    code_is_collapsed: _open,
    words_in_measure: _wordy,
    title_and_end: _endless,
    exercises_are_numbered: _misnumbered,
    explorers_have_their_static_call: _explored,
    every_part_is_shown: _unshown,
    findings_are_tagged: _untagged,
    a_colon_leads_into_every_picture: _abrupt,
    few_public_names: _imported,
    guess_and_promise: _no_guess,
    interactive_cells_use_widgets: _kept_widget,
    report_edition_stands_alone: _kept_widget,
    comments_say_no_paths: _path,
}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_keeps_to_the_form(path: Path, rule: Callable) -> None:
    assert rule(read(path)) == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_each_rule_bites(path: Path, rule: Callable) -> None:
    broken = copy.deepcopy(read(path))
    RULES[rule](broken)
    assert rule(broken) != []


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_named_and_built_as_jupyter_wants_it(path: Path) -> None:
    notebook = read(path)
    nbformat.validate(notebook)
    assert path.stem == session(notebook).stem
    assert len({cell.id for cell in notebook.cells}) == len(notebook.cells)
    assert set(notebook.metadata) == {"kernelspec", "language_info"}
    # The version of Python that last ran it is nobody's business, and makes for idle diffs.
    assert notebook.metadata.language_info == {"name": "python"}
    assert notebook.metadata.kernelspec.name == "python3"


def test_there_are_notebooks_and_each_session_has_at_most_one() -> None:
    stems = [path.stem for path in NOTEBOOKS]
    assert stems
    assert set(stems) <= {s.stem for s in schema.SESSIONS.values()}
