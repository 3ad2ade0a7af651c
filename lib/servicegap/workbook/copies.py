"""The attendee's copies of the notebooks: laid into a client's folder, renewed, never lost.

What was answered lies in the client's tables, so that a copy may be run, closed or deleted. A copy
in which somebody wrote is theirs all the same: where there is a newer edition it is kept beside.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from servicegap import editions, keeping
from servicegap.client import ROOT
from servicegap.placing import put

if TYPE_CHECKING:
    from nbformat import NotebookNode

FOLDER = "workbook"  # in a client's folder
ORIGINALS = ROOT / "notebooks"
LEDGER = Path(".servicegap") / "workbook.json"  # which edition each copy was laid from


@dataclass(frozen=True)
class Laid:
    """One copy: its notebook, and under which name somebody's changed one was kept, if any was."""

    notebook: Path
    kept: Path | None = None


def lay_out(folder: Path, originals: Path = ORIGINALS) -> tuple[Laid, ...]:
    """Lay the notebooks of the series into DIR/workbook, with the client's path filled in.

    A copy that is there stays as it is, outputs and all, unless there is a newer edition of it: it
    then gives way if nobody has changed it, and is kept beside under another name if somebody has.
    A copy that can't be read is kept beside too. Nothing is ever deleted.

    Args: folder, the client's, in which answers may be written; originals, where the notebooks of
    the series lie. Returns a copy each, in the series' order. Raises OSError where the folder
    can't be written to.
    """
    import nbformat

    target = folder / FOLDER
    target.mkdir(exist_ok=True)
    laid = keeping.ledger(folder / LEDGER)
    done = []
    for path in sorted(originals.glob("[0-9][0-9]_*.ipynb")):
        original = nbformat.read(path, as_version=4)
        done.append(_lay(original, target / path.name, folder, laid))
        laid[path.name] = editions.fingerprint(original)
    keeping.write(folder / LEDGER, laid)
    return tuple(done)


def _lay(original: NotebookNode, copy: Path, folder: Path, laid: Mapping[str, str]) -> Laid:
    edition = editions.attendee_copy(original, folder)
    if not copy.exists():
        return Laid(_write(edition, copy))
    newest, before = editions.fingerprint(original), laid.get(copy.name)
    there = _read(copy)
    said = there and editions.fingerprint(there)
    if there is not None and (said == newest or before == newest):
        _at_home(there, copy, folder)
        return Laid(copy)
    kept = None
    if said is None or said != before:
        kept = keeping.aside(copy)
    return Laid(_write(edition, copy), kept)


def _at_home(there: NotebookNode, copy: Path, folder: Path) -> None:
    """Mend the path of a copy whose folder was moved or renamed; the rest of it stays."""
    try:
        mended = editions.at_folder(there, folder)
    except editions.BrokenNotebook:  # somebody has taken the cell out, and knows why
        return
    if mended != there:
        _write(mended, copy)


def _read(copy: Path) -> NotebookNode | None:
    import nbformat

    try:
        return nbformat.read(copy, as_version=4)
    except Exception:  # whatever is wrong with it, it is kept beside and not read
        return None


def _write(notebook: NotebookNode, path: Path) -> Path:
    import nbformat

    return put(path, f"{nbformat.writes(notebook)}\n".encode())
