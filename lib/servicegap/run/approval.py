"""Is this report approved? DIR/approval.json says who approved which content, and when.

An approval can't be part of what it approves, so there are two keys: the *content key* hashes all
that decides what the report says, whatever its form; the manifest's key hashes the approval too.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from servicegap.client import ROOT
from servicegap.placing import put
from servicegap.problems import Problem, Refused
from servicegap.report.model import Approval
from servicegap.run import plan, publish, sources

FILE = "approval.json"
_MOST = 120  # letters of a name


def content_key(
    inputs: Mapping[str, str], notebooks: Iterable[Path], parameters: Mapping[str, Any]
) -> str:
    """The hash of a report's content: all notebooks of the series, no approval, no formats."""
    without = {name: digest for name, digest in inputs.items() if name != FILE}
    return plan.key(without, list(notebooks), (), parameters)


def standing(folder: Path, content: str) -> Approval | None:
    """The approval of exactly this content, or None: then the report is a draft.

    A file that can't be read approves nothing.
    """
    try:
        told = json.loads((folder / FILE).read_text("utf-8"))
        by, at, key = (str(told[name]) for name in ("by", "at", "content"))
        day = dt.datetime.fromisoformat(at).date()
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None
    by = " ".join(by.split())[:_MOST]
    return Approval(by, day) if key == content and by else None


def write(folder: Path, content: str, by: str) -> Path:
    """Write down that `by` approves this content, now. Raises Refused for an empty name."""
    name = " ".join(by.split())
    if not name or len(name) > _MOST:
        what = f"a name has from 1 to {_MOST} letters"
        raise Refused(Problem("", "", None, None, None, what, "say who approves: --by NAME"))
    now = dt.datetime.now().astimezone().replace(microsecond=0)
    told = {"by": name, "at": now.isoformat(), "content": content}
    return put(folder / FILE, f"{json.dumps(told, indent=1, ensure_ascii=False)}\n".encode())


def approve(
    folder: Path,
    by: str,
    brand: Path | None = None,
    notebooks: Path = ROOT / "notebooks",
    out: Path = ROOT / "reports",
) -> str:
    """Approve the report of these files, as they are now; return what was done, in sentences.

    Where `out` holds no report of exactly these files, that is said: nobody can have read it.
    Raises Refused for a folder that can't be read, and for the samples, which are never written to.
    """
    from servicegap.client import load

    client = load(folder, sealed=False)
    if not client.writable:
        what = f"{folder} is a sample that comes with the workbook and is never written to"
        raise Refused(Problem("", "", None, None, None, what, "approve a copy of it"))
    read = sources.gather(client, brand)
    content = content_key(read.inputs, plan.available(notebooks).values(), {})
    write(client.folder, content, by)
    name = client.settings.name
    said = f"{name}: approved by {' '.join(by.split())}. Make the report again to lift DRAFT."
    if was_made(out / publish.slug(name, client.settings.id), read.inputs):
        return said
    return f"{said} Take note: no report of these files, as they are now, was made in {out} yet."


def was_made(report: Path, inputs: Mapping[str, str]) -> bool:
    """Whether the whole report that lies there was made of these inputs, approvals apart."""
    try:
        told = json.loads((report / publish.MANIFEST).read_text("utf-8"))["inputs"]
        made = {str(name): str(digest) for name, digest in told.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return False
    here = {name: str(digest) for name, digest in inputs.items()}
    made.pop(FILE, None)
    here.pop(FILE, None)
    return made == here
