"""Approve a client's report: what `servicegap approve` does with one folder."""

from __future__ import annotations

from pathlib import Path

from servicegap.problems import Problem, Refused
from servicegap.run import approval, plan, sources
from servicegap.run.making import CHECKOUT


def approve(
    folder: Path, by: str, brand: Path | None = None, notebooks: Path = CHECKOUT / "notebooks"
) -> str:
    """Approve the report of these files, as they are now; return what was done, in a sentence.

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
    return f"{name}: approved by {' '.join(by.split())}. Make the report again to lift DRAFT."
