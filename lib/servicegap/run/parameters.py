"""What may be set in a notebook, and whether what was given fits.

Papermill only warns of an unknown name and runs a crafted one as code, so names and values are
held against the notebook's own `parameters` cell before papermill sees them.
"""

from __future__ import annotations

import ast
import difflib
import io
import math
import tokenize
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from servicegap import editions
from servicegap.run import Failed

if TYPE_CHECKING:
    from nbformat import NotebookNode

# What a type is called in a sentence; plural for "list of ...".
WORDS = {
    "str": ("text", "texts"),
    "bool": ("yes or no (True or False)", "yes or no answers"),
    "int": ("a whole number", "whole numbers"),
    "float": ("a number", "numbers"),
    "None": ("nothing (None)", "nothings"),
    "list": ("a list", "lists"),
    "dict": ("a table of names and values", "tables"),
}


@dataclass(frozen=True)
class Parameter:
    """One line of a parameters cell: `name: kind = default  # help`.

    `kind` is the type as written, or the default's own type, or "anything" for a bare None.
    """

    name: str
    kind: str
    default: Any
    help: str


def declared(notebook: NotebookNode, where: str = "this notebook") -> dict[str, Parameter]:
    """Return what the notebook's parameters cell declares, by name, in order.

    Raises Failed if the cell holds anything but typed literals; `where` names the notebook then.
    """
    try:
        source = editions.parameters_cell(notebook).source
        body = ast.parse(source).body
    except (editions.BrokenNotebook, SyntaxError) as error:
        raise Failed(f"The parameters cell of {where} can't be read: {error}.") from error
    helps = _comments(source)
    found = {}
    for statement in body:
        try:
            name, kind, default = _literal(statement)
        except ValueError as error:
            raise Failed(
                f"Line {statement.lineno} of the parameters cell of {where} is not a name with a "
                "fixed value."
            ) from error
        if not _fits(default, kind):
            raise Failed(f"In the parameters cell of {where}, '{name}' is not {_say(kind)}.")
        found[name] = Parameter(name, kind, default, helps.get(statement.end_lineno or 0, ""))
    return found


def checked(
    notebook: NotebookNode, given: Mapping[str, Any], where: str = "this notebook"
) -> dict[str, Any]:
    """Return `given` unchanged if every name is declared and every value fits, else raise Failed.

    `where` names the notebook in the sentence, for example "session 01 (Benchmarking)".
    """
    if not given:
        return {}
    if not any("parameters" in editions.tags(cell) for cell in notebook.cells):
        raise Failed(f"Nothing can be set in {where}: it has no parameters.")
    known = declared(notebook, where)
    for name, value in given.items():
        if name not in known:
            near = difflib.get_close_matches(str(name), known, n=1)
            hint = f" (did you mean '{near[0]}'?)" if near else ""
            raise Failed(
                f"There is no parameter '{name}'{hint} in {where}, only {', '.join(known)}."
            )
        if not _fits(value, known[name].kind):
            raise Failed(
                f"The parameter '{name}' of {where} takes {_say(known[name].kind)}, not {value!r}."
            )
    return dict(given)


def _literal(statement: ast.stmt) -> tuple[str, str, Any]:
    """Take `name: kind = literal` apart; ValueError for anything else."""
    target: ast.expr
    if isinstance(statement, ast.AnnAssign) and statement.value is not None:
        target, value, kind = statement.target, statement.value, ast.unparse(statement.annotation)
    elif isinstance(statement, ast.Assign) and len(statement.targets) == 1:
        target, value, kind = statement.targets[0], statement.value, ""
    else:
        raise ValueError
    default = ast.literal_eval(value)
    if not isinstance(target, ast.Name):
        raise ValueError
    if not kind:
        kind = "anything" if default is None else type(default).__name__
    _fits(default, kind)  # a type we can't check raises ValueError
    return target.id, kind, default


def _comments(source: str) -> dict[int, str]:
    """Map line numbers to the comment that ends the line."""
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    return {t.start[0]: t.string.lstrip("# ") for t in tokens if t.type == tokenize.COMMENT}


def _fits(value: Any, kind: str) -> bool:
    """Whether `value` is of the type written `kind`; ValueError for a type we can't check."""
    return _matches(value, ast.parse(kind, mode="eval").body)


def _matches(value: Any, kind: ast.expr) -> bool:
    match kind:
        case ast.Constant(value=None):
            return value is None
        case ast.Name(id="anything"):
            return value is None or isinstance(value, str | bool | int | float)
        case ast.Name(id="str"):
            return isinstance(value, str)
        case ast.Name(id="bool"):
            return isinstance(value, bool)
        case ast.Name(id="int"):
            return isinstance(value, int) and not isinstance(value, bool)
        case ast.Name(id="float"):
            number = isinstance(value, int | float) and not isinstance(value, bool)
            return number and math.isfinite(value)
        case ast.Name(id="list"):
            return isinstance(value, list) and all(_plain(v) for v in value)
        case ast.Name(id="dict"):
            return isinstance(value, dict) and _plain(value)
        case ast.BinOp(left=left, op=ast.BitOr(), right=right):
            # Both sides are looked at, so that an unknown type is never overlooked.
            return any([_matches(value, left), _matches(value, right)])
        case ast.Subscript(value=ast.Name(id="list"), slice=inner):
            return isinstance(value, list) and all(_matches(v, inner) for v in value)
        case ast.Subscript(value=ast.Name(id="dict"), slice=ast.Tuple(elts=[key, inner])):
            return isinstance(value, dict) and all(
                isinstance(k, str) and _matches(k, key) and _matches(v, inner)
                for k, v in value.items()
            )
    raise ValueError(ast.unparse(kind))


def _plain(value: Any) -> bool:
    """Whether papermill writes the value into the notebook as it is (tuples become text)."""
    if isinstance(value, list):
        return all(_plain(v) for v in value)
    if isinstance(value, dict):
        return all(isinstance(k, str) and _plain(v) for k, v in value.items())
    return value is None or isinstance(value, str | bool | int | float)


def _say(kind: str) -> str:
    """A type in plain words."""
    node = ast.parse(kind, mode="eval").body
    match node:
        case ast.BinOp(left=left, right=right):
            left_word, right_word = _say(ast.unparse(left)), _say(ast.unparse(right))
            return f"{left_word} or {right_word}"
        case ast.Subscript(value=ast.Name(id="list"), slice=ast.Name(id=inner)):
            return f"a list of {WORDS[inner][1]}"
        case ast.Subscript(value=ast.Name(id="dict"), slice=ast.Tuple(elts=[key, inner])):
            words = [_say(ast.unparse(n)).removeprefix("a ") for n in (key, inner)]
            return f"a table from {words[0]} to {words[1]}"
    return WORDS.get(kind, (f"a value of type {kind}",))[0]
