"""Remove everything that was made from a client: reports, logs, workbook copies, what was begun,
its row in the consultant's panel, and the page over all clients, which the next batch writes anew.

What the client gave stays where it is: the client's own folder is nobody's to delete but the
consultant's. A link is removed, never followed.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

from servicegap.client.panel import FILE as PANEL
from servicegap.run import Failed, panel, portfolio, publish
from servicegap.run.job import CHECKOUT

LOGS = ".log"
COPIES = CHECKOUT / "workbook"
CLIENTS = CHECKOUT / "clients"
_MADE_INSIDE = (".servicegap", "workbook")  # what the workbook leaves in a client's own folder


def forget(client_id: str, out: Path, copies: Path = COPIES, clients: Path = CLIENTS) -> list[str]:
    """Remove what was made from the client; return a line for each thing removed.

    Args: out, where reports are; copies, where samples are copied to for guessing; clients, where
    clients' folders usually lie: only what the workbook itself left inside them is removed.
    Raises Failed where nothing is known of such a client, or something can't be removed.
    """
    with contextlib.suppress(Failed, OSError):
        publish.sweep(out)  # what killed runs left is put right first
    found = list(_found(client_id, out, copies, clients))
    left = panel.leave(clients, client_id)
    if not found and not left:
        raise Failed(
            f"Nothing in {out} was made from a client with the id “{client_id}”. The id is the "
            "one in client.yaml, with capital and small letters as they stand there."
        )
    page = out / portfolio.FILE  # it names all clients; the next batch writes it anew
    found += [page] if page.is_file() else []
    gone = [f"Taken out of {clients / PANEL}"] if left else []
    return [*(_removed(path) for path in found), *gone]


def _found(client_id: str, out: Path, copies: Path, clients: Path) -> Iterator[Path]:
    digest = hashlib.sha256(client_id.encode()).hexdigest()[:8]
    for folder, pattern in (
        (out, f"*-{digest}"),
        (out / publish.STAGING, f"*-{digest}.*"),
        (out / LOGS, f"*-{digest}.*"),
    ):
        if folder.is_symlink() and folder != out:
            continue
        yield from (p for p in sorted(folder.glob(pattern)) if _may_be_of(p, client_id))
    for folder in (copies, clients):
        for path in sorted(folder.iterdir()) if folder.is_dir() else ():
            if not _is_of(path, client_id):
                continue
            if folder == copies:
                yield path
            else:
                inside = (path / name for name in _MADE_INSIDE)
                yield from (p for p in inside if p.exists() or p.is_symlink())


def _may_be_of(path: Path, client_id: str) -> bool:
    """Eight hex digits may stand for two clients; what a manifest says of its own counts."""
    try:
        told = json.loads((path / publish.MANIFEST).read_text("utf-8"))
        return str(told["id"]) == client_id
    except (OSError, ValueError, KeyError, TypeError):
        return True


def _is_of(path: Path, client_id: str) -> bool:
    from servicegap.client.settings import read_settings
    from servicegap.problems import Refused

    if path.is_symlink() or not path.is_dir():
        return False
    try:
        return read_settings(path)[0].id == client_id
    except (Refused, OSError):
        return False


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
