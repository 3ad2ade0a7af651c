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

from servicegap.placing import put
from servicegap.problems import Problem, Refused
from servicegap.report.model import Approval
from servicegap.run import plan

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


def approve(folder: Path, content: str, by: str) -> Path:
    """Write down that `by` approves this content, now. Raises Refused for an empty name."""
    name = " ".join(by.split())
    if not name or len(name) > _MOST:
        what = f"a name has from 1 to {_MOST} letters"
        raise Refused(Problem("", "", None, None, None, what, "say who approves: --by NAME"))
    now = dt.datetime.now().astimezone().replace(microsecond=0)
    told = {"by": name, "at": now.isoformat(), "content": content}
    return put(folder / FILE, f"{json.dumps(told, indent=1, ensure_ascii=False)}\n".encode())
