"""What is made of one notebook: the report edition, an attendee's own copy, the trainer's edition.

Pure functions from notebook to notebook; the source that is handed in is never changed. Which
cells go where is decided by their tags alone, so no cell ever asks in which edition it stands.
"""

from __future__ import annotations

import ast
import copy
import hashlib
import json
import re
import symtable
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nbformat import NotebookNode

WORKBOOK_ONLY = frozenset({"exercise", "interactive"})
_EXERCISE = re.compile(r"### Exercise ([\d.]+)\n")


class BrokenNotebook(Exception):
    """A notebook of the series breaks a rule that its editions rely on; the text says which."""


@dataclass(frozen=True)
class Stranded:
    """A name used in kept cell `cell` that only dropped cell `dropped` defines (both from 0)."""

    name: str
    cell: int
    dropped: int


def tags(cell: NotebookNode) -> frozenset[str]:
    """Return the tags of a cell."""
    return frozenset(cell.metadata.get("tags", ()))


def parameters_cell(notebook: NotebookNode) -> NotebookNode:
    """Return the one code cell tagged `parameters`, or raise BrokenNotebook."""
    found = [c for c in notebook.cells if c.cell_type == "code" and "parameters" in tags(c)]
    if len(found) != 1:
        raise BrokenNotebook(f"a notebook needs one cell tagged 'parameters', not {len(found)}")
    return found[0]


def report_edition(notebook: NotebookNode) -> NotebookNode:
    """Return the notebook without its exercise and interactive cells, and without outputs."""
    edition = _clean(notebook)
    edition.cells = [cell for cell in edition.cells if not tags(cell) & WORKBOOK_ONLY]
    return edition


def attendee_copy(notebook: NotebookNode, folder: str | Path) -> NotebookNode:
    """Return the whole notebook, without outputs, with `folder` filled into its parameters cell.

    Everything else in that cell, comments included, stays as it is. Raises BrokenNotebook if no
    parameters cell sets `folder`.
    """
    return at_folder(_clean(notebook), folder)


def at_folder(notebook: NotebookNode, folder: str | Path) -> NotebookNode:
    """Return the notebook with `folder` filled into its parameters cell, its outputs kept.

    Raises BrokenNotebook if no parameters cell sets `folder`.
    """
    edition = copy.deepcopy(notebook)
    cell = parameters_cell(edition)
    for statement in _parse(cell.source, "the parameters cell").body:
        if isinstance(statement, ast.Assign):
            targets, value = statement.targets, statement.value
        elif isinstance(statement, ast.AnnAssign) and statement.value is not None:
            targets, value = [statement.target], statement.value
        else:
            continue
        if any(isinstance(t, ast.Name) and t.id == "folder" for t in targets):
            cell.source = _replaced(cell.source, value, repr(str(folder)))
            return edition
    raise BrokenNotebook("the parameters cell does not set 'folder'")


def fingerprint(notebook: NotebookNode) -> str:
    """Return a hash of what a notebook says, whatever its outputs and whoever's folder is in it.

    Two copies with the same fingerprint have the same cells in the same order; somebody who has
    only run one has not changed it.
    """
    try:
        said = at_folder(notebook, "")
    except BrokenNotebook:
        said = notebook
    cells = [(cell.cell_type, cell.source, sorted(tags(cell))) for cell in said.cells]
    return hashlib.sha256(json.dumps(cells).encode()).hexdigest()


def trainer_edition(
    notebook: NotebookNode, top: str, answers: Mapping[str, str], end: str
) -> NotebookNode:
    """Return the whole notebook, without outputs, with a trainer's notes laid in.

    Args: top, Markdown that goes under the title; answers, Markdown by exercise number ("1.2"),
    each laid in under its exercise; end, what goes before the method. Raises BrokenNotebook where
    an exercise has no answer or an answer no exercise.
    """
    edition = _clean(notebook)
    waiting = dict(answers)
    cells = []
    for cell in edition.cells:
        if cell is edition.cells[-1]:
            cells.append(_note("end", end))
        cells.append(cell)
        if cell is edition.cells[0]:
            cells.append(_note("top", top))
        number = _EXERCISE.match(cell.source) if cell.cell_type == "markdown" else None
        if number:
            if number[1] not in waiting:
                raise BrokenNotebook(f"exercise {number[1]} has no model answer")
            said = f"**A model answer to {number[1]}**\n\n{waiting.pop(number[1])}"
            cells.append(_note(number[1].replace(".", "-"), said))
    if waiting:
        raise BrokenNotebook(f"there is no exercise {', '.join(waiting)}")
    edition.cells = cells
    return edition


def _note(name: str, text: str) -> NotebookNode:
    """A cell for the trainer's eyes, set apart as a quotation, with an id of its own."""
    from nbformat.v4 import new_markdown_cell

    quoted = "\n".join(f"> {line}".rstrip() for line in text.splitlines())
    cell = new_markdown_cell(quoted, metadata={"tags": ["trainer"]})
    cell.id = f"trainer-{name}"
    return cell


def stranded(notebook: NotebookNode) -> tuple[Stranded, ...]:
    """Return the names that kept cells use although only a dropped cell above defines them.

    An empty answer means that the report edition stands on its own. Raises BrokenNotebook for a
    code cell that is not plain Python.
    """
    kept: set[str] = set()
    dropped: dict[str, int] = {}
    found = []
    for index, cell in enumerate(notebook.cells):
        if cell.cell_type != "code":
            continue
        _parse(cell.source, f"cell {index + 1}")
        table = symtable.symtable(cell.source, f"cell {index + 1}", "exec")
        defined = set(_defined(table))
        if tags(cell) & WORKBOOK_ONLY:
            dropped.update(dict.fromkeys(defined - kept, index))
            continue
        kept |= defined
        lost = {name for name in _used(table) if name in dropped and name not in kept}
        found += [Stranded(name, index, dropped[name]) for name in sorted(lost)]
    return tuple(found)


def _clean(notebook: NotebookNode) -> NotebookNode:
    edition = copy.deepcopy(notebook)
    for cell in edition.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    return edition


def _parse(source: str, where: str) -> ast.Module:
    try:
        return ast.parse(source)
    except SyntaxError as error:
        raise BrokenNotebook(f"{where} is not plain Python: {error.msg}") from error


def _replaced(source: str, node: ast.expr, text: str) -> str:
    """Replace the source of one expression; ast counts columns in UTF-8 bytes."""
    lines = source.encode().splitlines(keepends=True)
    assert node.end_lineno is not None
    start = sum(map(len, lines[: node.lineno - 1])) + node.col_offset
    end = sum(map(len, lines[: node.end_lineno - 1])) + (node.end_col_offset or 0)
    raw = source.encode()
    return (raw[:start] + text.encode() + raw[end:]).decode()


def _defined(table: symtable.SymbolTable) -> Iterator[str]:
    """Names that a cell binds at its top level, or that a function in it declares global."""
    for symbol in table.get_symbols():
        if table.get_type() == "module":
            if symbol.is_assigned() or symbol.is_imported() or symbol.is_namespace():
                yield symbol.get_name()
        elif symbol.is_declared_global() and symbol.is_assigned():
            yield symbol.get_name()
    for child in table.get_children():
        yield from _defined(child)


def _used(table: symtable.SymbolTable) -> Iterator[str]:
    """Names that a cell reads from its top level, also from inside functions."""
    for symbol in table.get_symbols():
        if symbol.is_referenced() and (table.get_type() == "module" or symbol.is_global()):
            yield symbol.get_name()
    for child in table.get_children():
        yield from _used(child)
