"""A file that we laid out and somebody has changed since is theirs: which it is, and where it goes.

A ledger beside the files says of each what it was when it was laid. What isn't that any more is
kept beside, under another name, and never written over. A table whose place another one takes is
kept in the client's folder, in a room of its own.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from pathlib import Path

from servicegap.placing import put

BEFORE = Path(".servicegap") / "before"  # in a client's folder


def ledger(path: Path) -> dict[str, str]:
    """What each file was when it was laid, by name; nothing where that can't be read."""
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return {str(k): str(v) for k, v in told.items()} if isinstance(told, dict) else {}


def write(path: Path, laid: Mapping[str, str]) -> Path:
    """Write a ledger in place of the one before."""
    return put(path, json.dumps(dict(laid), indent=1, sort_keys=True).encode())


def aside(path: Path) -> Path:
    """Move somebody's own file to a name beside it that is free, and return that.

    `plan.ipynb` becomes `plan (yours).ipynb`, and the next one `plan (yours 2).ipynb`.
    """
    for n in range(1, 10_000):
        free = path.with_name(f"{path.stem} (yours{'' if n == 1 else f' {n}'}){path.suffix}")
        if not free.exists():
            return path.replace(free)
    raise FileExistsError(path)


def room(folder: Path, moment: dt.datetime) -> Path:
    """Make an empty room in a client's folder for what is replaced at this moment."""
    stem = f"{moment:%Y-%m-%d %H%M%S}"
    for n in range(1, 10_000):
        free = folder / BEFORE / (stem if n == 1 else f"{stem} {n}")
        if not free.exists():
            free.mkdir(parents=True)
            return free
    raise FileExistsError(folder / BEFORE / stem)
