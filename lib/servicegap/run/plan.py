"""What a run is going to do, before anything runs.

Which sessions there are, which are asked for, which can't say anything and why; and the hash of
everything that a report is made from.
"""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from types import MappingProxyType
from typing import Any, Protocol

from servicegap import schema
from servicegap.client import panel
from servicegap.run import Failed, WrongUsage

SUFFIXES = frozenset({".csv", ".xlsx", ".parquet"})
BESIDE = ("client.yaml", "approval.json", "pseudonyms.key")
# What the library itself consists of; anything else beneath it was left by a system or an editor.
OF_THE_LIBRARY = frozenset({".py", ".yaml", ".j2", ".css", ".typ", ".ttf", ".woff2", ".md", ".txt"})


class Knows(Protocol):
    """What a plan asks of a client."""

    def has(self, need: str) -> bool: ...
    def missing(self, part: schema.Part) -> tuple[str, ...]: ...


@dataclass(frozen=True)
class Status:
    """A session in a manifest: status "ok", "not_measured" or "not_asked", and why not "ok"."""

    status: str
    reason: str = ""


def available(notebooks: Path) -> dict[str, Path]:
    """Return the notebooks of the series in a folder, by session number, in order."""
    paths = {n: notebooks / f"{s.stem}.ipynb" for n, s in schema.SESSIONS.items()}
    found = {number: path for number, path in paths.items() if path.is_file()}
    if not found:
        raise Failed(f"There are no notebooks of the series in {notebooks}.")
    return found


def asked(text: str | None, there: Iterable[str]) -> tuple[str, ...]:
    """Return the session numbers that `text` asks for ("01,07"), or all for None.

    A number without its zero, a stem and a stem's name are understood too. Raises WrongUsage.
    """
    known = tuple(there)
    if text is None:
        return known
    names = {n: n for n in known} | {str(int(n)): n for n in known}
    for n in known:
        names |= {schema.SESSIONS[n].stem: n, schema.SESSIONS[n].module: n}
    words = [word.strip().lower() for word in text.split(",") if word.strip()]
    unknown = [word for word in words if word not in names]
    if unknown or not words:
        listed = ", ".join(f"{n} ({schema.SESSIONS[n].title})" for n in known)
        problem = f"There is no session {', '.join(unknown)}" if unknown else "No session is named"
        raise WrongUsage(f"{problem}; the sessions are {listed}.")
    wanted = {names[word] for word in words}
    return tuple(n for n in known if n in wanted)


def status(session: schema.Session, client: Knows, is_asked: bool) -> Status:
    """Return whether a session will run for this client, and in words why not."""
    if not is_asked:
        return Status("not_asked", "Not asked for in this run.")
    lacking = [client.missing(part) for part in session.parts]
    if not lacking or not all(lacking):
        return Status("ok")
    needs = dict.fromkeys(need for part in lacking for need in part)
    return Status("not_measured", f"Its parts would need {_listed(needs, client)}.")


def inputs(
    folder: Path, settings: Any, beside: Mapping[str, Path] = MappingProxyType({})
) -> dict[str, str]:
    """Return name → SHA-256 of every file that a report on this client is made from.

    Those are its tables, settings and approval, the panel, the folder of the last period, and
    what lies `beside` them (brand, logo, notes) by name. No place on this machine is told.
    """
    found = _by_name(folder) | dict(beside)
    found |= panel.files(folder, settings)
    if settings.previous and (folder / settings.previous).is_dir():
        last = _by_name(folder / settings.previous)
        found |= {f"previous/{name}": last[name] for name in last if name != "approval.json"}
    return {name: _hash(found[name].read_bytes()) for name in sorted(found)}


def key(
    files: Mapping[str, str],
    notebooks: Sequence[Path],
    formats: Iterable[str],
    parameters: Mapping[str, Any],
) -> str:
    """Return one hash over all that decides what a report looks like."""
    parts = {
        "inputs": dict(files),
        "notebooks": {path.name: _hash(path.read_bytes()) for path in notebooks},
        "formats": sorted(formats),
        "parameters": dict(parameters),
        "version": version(),
        "library": library_hash(),
    }
    return _hash(json.dumps(parts, sort_keys=True, ensure_ascii=True).encode())


def version() -> str:
    """Return the version of the library."""
    return metadata.version("servicegap")


@functools.cache
def library_hash() -> str:
    """Return a hash over the library's own files, code and templates and fonts alike."""
    root = Path(__file__).parents[1]
    inside = (path.relative_to(root) for path in root.rglob("*") if path.is_file())
    names = sorted(path.as_posix() for path in inside if _ours(path))  # in one order everywhere
    lines = (f"{name} {_hash((root / name).read_bytes())}" for name in names)
    return _hash("\n".join(lines).encode())


def own_files(folder: Path) -> list[Path]:
    """Return the tables, settings and approval that lie in a client's folder itself."""
    return [
        path
        for path in sorted(folder.iterdir())
        if path.is_file()
        and (
            path.name.casefold() in BESIDE
            or (path.stem.lower() in schema.TABLES and path.suffix.lower() in SUFFIXES)
        )
    ]


def _by_name(folder: Path) -> dict[str, Path]:
    """A folder's own files by name: Windows and macOS find client.yaml where Client.yaml lies.

    Where both lie side by side the small letters count, as they do where it is read.
    """
    small = {path: path.name.casefold() for path in own_files(folder)}
    return {name if name in BESIDE else path.name: path for path, name in small.items()}


def _ours(name: Path) -> bool:
    hidden = any(part.startswith(".") for part in name.parts)
    return name.suffix in OF_THE_LIBRARY and not hidden


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _listed(needs: Iterable[str], client: Knows) -> str:
    """Needs in words: tables, and columns of tables that are there without them."""
    words = []
    for need in needs:
        table, _, column = need.partition(".")
        if not column:
            words.append(f"the table {table}")
        elif client.has(table):
            words.append(f"the column {column} of {table}")
        else:
            words.append(f"the table {table} with its column {column}")
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
