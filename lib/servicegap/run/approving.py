"""Approve a client's report: what `servicegap approve` does with one folder."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from servicegap.problems import Problem, Refused
from servicegap.run import approval, plan, publish, sources
from servicegap.run.job import CHECKOUT


def approve(
    folder: Path,
    by: str,
    brand: Path | None = None,
    notebooks: Path = CHECKOUT / "notebooks",
    out: Path = CHECKOUT / "reports",
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
    content = approval.content_key(read.inputs, plan.available(notebooks).values(), {})
    approval.approve(client.folder, content, by)
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
    made.pop(approval.FILE, None)
    here.pop(approval.FILE, None)
    return made == here
