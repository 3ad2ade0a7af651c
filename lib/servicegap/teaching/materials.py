"""Everything for a session's table: trainer's notebook, handout and slides, laid into a folder.

A file that somebody has changed since it was made is theirs: it is kept beside under another name.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from servicegap import keeping
from servicegap.client import ROOT
from servicegap.placing import put
from servicegap.report.model import Brand
from servicegap.teaching import deck, edition, guide, handout, lesson
from servicegap.teaching.results import Sample

NOTEBOOKS, GUIDES = ROOT / "notebooks", ROOT / "trainer"
_LEDGER = ".made.json"


@dataclass(frozen=True)
class Made:
    """What was laid out: the files, and those of somebody's own that were kept, by new name."""

    files: tuple[Path, ...]
    kept: tuple[Path, ...]


def of_session(stem: str, sample: Sample, brand: Brand) -> dict[str, bytes]:
    """Return what a session needs, by place in the folder; equal input gives equal bytes.

    Raises BrokenGuide, BrokenNotebook, ValueError or Unprintable, each with what is wrong.
    """
    import nbformat

    notebook = nbformat.read(NOTEBOOKS / f"{stem}.ipynb", as_version=4)
    told = guide.read(GUIDES / f"{stem}.md")
    taught = lesson.of_notebook(notebook)
    own = edition.of_notebook(notebook, told)
    return {
        f"notebooks/{stem}.ipynb": f"{nbformat.writes(own)}\n".encode(),
        f"handouts/{stem}.pdf": handout.render(taught, brand),
        f"slides/{stem}.pptx": deck.render(taught, told, notebook, sample, brand),
    }


def lay_out(files: Mapping[str, bytes], out: Path) -> Made:
    """Write files (place → content) into a folder, and keep what somebody has changed there."""
    ledger = keeping.ledger(out / _LEDGER)
    laid, kept = [], []
    for name, data in files.items():
        path = out / name
        if path.exists():
            there = _hash(path.read_bytes())
            if there != ledger.get(name) and there != _hash(data):
                kept.append(keeping.aside(path))
        put(path, data)
        ledger[name] = _hash(data)
        laid.append(path)
    keeping.write(out / _LEDGER, ledger)
    return Made(tuple(laid), tuple(kept))


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
