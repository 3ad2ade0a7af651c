"""What the consultant wrote for the report: `notes/NN.md` in the client's folder.

They are input like any table: read at every run, never written to, so that no rebuild loses them.
"""

from __future__ import annotations

from pathlib import Path

from servicegap import schema
from servicegap.problems import Problem, Refused

FOLDER = "notes"
_MAX_BYTES = 100_000


def files(folder: Path) -> dict[str, Path]:
    """The notes of a client's folder, by session number ("00" is the foreword)."""
    paths = {number: folder / FOLDER / f"{number}.md" for number in schema.SESSIONS}
    inside = (folder / FOLDER).resolve()
    return {
        number: path
        for number, path in paths.items()
        if path.is_file() and path.resolve().is_relative_to(inside)
    }


def unread(folder: Path) -> list[str]:
    """Names of files among the notes that no report shows."""
    known = {path.name for path in files(folder).values()}
    place = folder / FOLDER
    found = sorted(place.iterdir()) if place.is_dir() else []
    return [p.name for p in found if p.name not in known and not p.name.startswith(".")]


def read(folder: Path) -> dict[str, str]:
    """The text of every note. Raises Refused for one that can't be a note."""
    texts = {}
    for number, path in files(folder).items():
        raw = path.read_bytes()
        if len(raw) > _MAX_BYTES:
            what = "the note is far too long for a report"
            name = f"{FOLDER}/{path.name}"
            raise Refused(Problem("", name, None, None, None, what, "shorten it"))
        try:
            texts[number] = raw.decode("utf-8-sig")
        except UnicodeDecodeError:
            texts[number] = raw.decode("cp1252", errors="replace")
    return texts
