"""Remove everything that was made from a client: reports, logs, workbook copies, what was begun,
the approval of what is gone, its row in the consultant's panel, and the page over all clients,
which the next batch writes anew.

What the client gave stays where it is: its folder, tables that later ones took the place of, files
as they were uploaded, and the keys without which a person would count as two in the next intake.
Those are nobody's to delete but the consultant's. A link is removed, never followed.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

from servicegap.client import ROOT
from servicegap.client.panel import FILE as PANEL
from servicegap.client.places import COPIES
from servicegap.client.settings import read_settings
from servicegap.problems import Refused
from servicegap.run import Failed, approval, panel, portfolio, publish

LOGS = ".log"
CLIENTS = ROOT / "clients"
HIDDEN = ".servicegap"  # in a client's folder: most of it made, some of it given
GIVEN = ("before", "uploads", "people.key")  # in HIDDEN: what is nobody's to delete
_MADE_INSIDE = ("workbook", approval.FILE)  # what else the workbook leaves in a client's folder


def forget(client: str, out: Path, copies: Path = COPIES, clients: Path = CLIENTS) -> list[str]:
    """Remove what was made from the client; return a line for each thing removed, then what stays.

    Args: client, its id, or its folder, wherever that lies; out, where reports are; copies, where
    samples are copied to for guessing; clients, where clients' folders usually lie: only what the
    workbook itself made is removed inside them.
    Raises Failed where nothing is known of such a client, or something can't be removed.
    """
    with contextlib.suppress(Failed, OSError):
        publish.sweep(out)  # what killed runs left is put right first
    meant = list(_meant(client, copies, clients))
    for client_id, homes in meant:
        found = list(_found(client_id, out, copies, homes))
        gone = [f"Taken out of {home / PANEL}" for home in homes if panel.leave(home, client_id)]
        if not found and not gone:
            continue
        page = out / portfolio.FILE  # it names all clients; the next batch writes it anew
        pages = [page] if page.is_file() else []
        said = [*(_removed(path) for path in (*found, *pages)), *gone]
        if pages:
            said.append(f"{page} named all clients; the next batch writes it anew.")
        return [*said, *_left(client_id, homes)]
    raise Failed(_unknown(meant[-1][0], out))


def _meant(client: str, copies: Path, clients: Path) -> Iterator[tuple[str, list[Path]]]:
    """The ids that the word may stand for, and the places of clients' folders to look in."""
    yield client, [clients]
    folder = Path(client)
    ident = _id_in(folder) if client else None
    if ident is not None:
        home = folder.resolve().parent
        known = {place.resolve() for place in (copies, clients)}
        yield ident, [clients] if home in known else [clients, home]


def _left(client_id: str, homes: Iterable[Path]) -> Iterator[str]:
    """What the client gave and is still there, with what becomes of it."""
    for folder in (p for home in homes for p in _folders(home) if _id_in(p) == client_id):
        yield (
            f"{folder} is left, with all that the client gave. The next batch over it makes the "
            "report again, unless you move it elsewhere first."
        )


def _unknown(client: str, out: Path) -> str:
    known = set()
    for manifest in (*out.glob(f"*/{publish.MANIFEST}"), *out.glob(f"*/*/{publish.MANIFEST}")):
        with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
            known.add(str(json.loads(manifest.read_text("utf-8"))["id"]))
    said = (
        f"Nothing in {out} was made from a client with the id “{client}”. The id is the "
        "one in client.yaml, with capital and small letters as they stand there."
    )
    if not known:
        return said
    return f"{said} Reports are here of: {', '.join(sorted(known))}."


def _found(client_id: str, out: Path, copies: Path, homes: Iterable[Path]) -> Iterator[Path]:
    digest = hashlib.sha256(client_id.encode()).hexdigest()[:8]
    for folder, pattern in (
        (out, f"*-{digest}"),
        (out / publish.STAGING, f"*-{digest}.*"),
        (out / LOGS, f"*-{digest}.*"),
    ):
        if folder.is_symlink() and folder != out:
            continue
        yield from (p for p in sorted(folder.glob(pattern)) if _may_be_of(p, client_id))
    yield from (path for path in _folders(copies) if _id_in(path) == client_id)
    for folder in (p for home in homes for p in _folders(home) if _id_in(p) == client_id):
        yield from _made_in(folder)


def _made_in(folder: Path) -> Iterator[Path]:
    """What the workbook made inside a client's folder, and only that."""
    hidden = folder / HIDDEN
    inside = sorted(hidden.iterdir()) if hidden.is_dir() and not hidden.is_symlink() else []
    given = [path for path in inside if path.name in GIVEN]
    made = [path for path in inside if path not in given] if given else [hidden]
    for path in (*made, *(folder / name for name in _MADE_INSIDE)):
        if path.exists() or path.is_symlink():
            yield path


def _folders(home: Path) -> list[Path]:
    return sorted(home.iterdir()) if home.is_dir() else []


def _may_be_of(path: Path, client_id: str) -> bool:
    """Eight hex digits may stand for two clients; what a manifest says of its own counts."""
    try:
        told = json.loads((path / publish.MANIFEST).read_text("utf-8"))
        return str(told["id"]) == client_id
    except (OSError, ValueError, KeyError, TypeError):
        return True


def _id_in(folder: Path) -> str | None:
    """The id of the client whose folder it is; None where it is nobody's, or can't be read."""
    if folder.is_symlink() or not folder.is_dir():
        return None
    try:
        return read_settings(folder)[0].id
    except (Refused, OSError):
        return None


def _removed(path: Path) -> str:
    """Remove one thing, and say what it was. Only the link itself, where it is one."""
    try:
        if path.is_symlink() or path.is_file():
            path.unlink()
            return f"Removed {path}"
        count = sum(1 for p in path.rglob("*") if p.is_file() or p.is_symlink())
        shutil.rmtree(path)
    except OSError as error:
        raise Failed(f"{path} could not be removed ({error.strerror or error}).") from error
    return f"Removed {path} ({count:,} {'file' if count == 1 else 'files'})"
