"""Which files of a folder are which table, and what do they hold?"""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from servicegap import schema
from servicegap.client.places import is_sample
from servicegap.problems import Problem, Refused

if TYPE_CHECKING:
    from servicegap.tables import TableRead

_COPIES = Path(".servicegap") / "cache"
_NOT_TABLES = ("learning.csv",)  # answers to the questions at a session's end


def table_files(folder: Path) -> tuple[dict[str, list[Path]], list[Problem]]:
    """Which files of a folder are which table, and notes on files that nothing reads."""
    from servicegap.tables.files import SUFFIXES, hidden

    found: dict[str, list[Path]] = {}
    notes = []
    for path in sorted(folder.iterdir()):
        stem, suffix = path.stem.casefold(), path.suffix.casefold()
        if not path.is_file() or hidden(Path(path.name)) or path.name.casefold() in _NOT_TABLES:
            continue
        if stem in schema.TABLES and suffix in SUFFIXES:
            found.setdefault(stem, []).append(path)
        elif stem in schema.TABLES and suffix in (".xls", ".ods", ".xlsm", ".xlsb", ".txt", ".tsv"):
            what, remedy = f"{suffix} files are not read", "save it as .xlsx or as CSV UTF-8"
            notes.append(Problem(stem, path.name, None, None, None, what, remedy, "error"))
        elif suffix in SUFFIXES:
            near = difflib.get_close_matches(stem, schema.TABLES, 1, 0.75)
            what = "nothing reads this file: it is not called like a table"
            remedy = f"call it {near[0]}{suffix}, if it holds them" if near else "nothing to do"
            notes.append(Problem("", path.name, None, None, None, what, remedy, "warning"))
    return found, notes


def both_there(name: str, paths: Sequence[Path]) -> Problem:
    """That several files of a folder are one table, so that nobody knows which of them counts."""
    names = " and ".join(path.name for path in paths)
    what, remedy = f"{names} are both there", "delete or move the one that doesn't count"
    return Problem(name, names, None, None, None, what, remedy)


def read_tables(folder: Path) -> tuple[dict[str, TableRead], list[Problem], list[Problem]]:
    """The tables of a folder, notes on files that nothing reads, and why others can't be read."""
    from servicegap.tables.cache import read_cached

    found, notes = table_files(folder)
    reads, refused = {}, []
    copies = None if is_sample(folder) else folder / _COPIES
    for name, table in schema.TABLES.items():
        paths = found.get(name, [])
        if len(paths) > 1:
            refused.append(both_there(name, paths))
        elif paths:
            try:
                reads[name] = read_cached(paths[0], table, copies)
            except Refused as error:
                refused.extend(error.problems)
            except OSError as error:
                what = f"the file can't be opened ({error.strerror or error})"
                remedy = "close it in other programs, and look whether you may read it"
                refused.append(Problem(name, paths[0].name, None, None, None, what, remedy))
    return reads, notes, refused
