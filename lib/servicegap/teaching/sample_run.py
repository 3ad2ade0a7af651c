"""The sample firm's figures for the slides: its notebooks run once, and kept until something moves.

What they were made from (tables, notebooks, library) is hashed beside them; another hash, another
run.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection
from pathlib import Path
from typing import TYPE_CHECKING

from servicegap.client import ROOT, load
from servicegap.report.model import ClientFacts
from servicegap.teaching.results import Sample

if TYPE_CHECKING:
    from servicegap.client import Client

FIRM = ROOT / "data" / "sample" / "alder-it"
KEPT = ROOT / "build" / "trainer"  # never committed
_KEY = "key.json"
_PART = "part.json"  # the same of the last run of a few sessions

Progress = Callable[[str, int, int], None]


def sample(
    progress: Progress,
    numbers: Collection[str] | None = None,
    firm: Path = FIRM,
    kept: Path = KEPT,
) -> Sample:
    """Return the executed notebooks of the sample firm, run now if they aren't there yet.

    Args: numbers, the sessions that are needed, all for None. One that reads what the sessions
    before it found needs all of them. Raises run.Failed where a notebook can't be run.
    """
    import nbformat

    from servicegap.run import parameters, plan, sources
    from servicegap.run.making import Job, make

    client = load(firm, sealed=False)
    there = plan.available(ROOT / "notebooks")
    inputs = sources.gather(client).inputs
    key = plan.key(inputs, list(there.values()), (), {})
    wanted = set(there) if numbers is None else set(numbers)
    for number in wanted & set(there):
        notebook = nbformat.read(there[number], as_version=4)
        if "findings" in parameters.declared(notebook, f"session {number}"):
            wanted = set(there)
    folder = _kept_for(key, kept, wanted)
    if folder is None:
        whole = wanted >= set(there)
        asked = None if whole else ",".join(sorted(wanted))
        folder = make(Job(firm, kept, asked, ("html",)), progress).folder
        told: dict[str, object] = {
            "key": key,
            "folder": folder.relative_to(kept.absolute()).as_posix(),
        }
        told |= {} if whole else {"sessions": sorted(wanted)}
        (kept / (_KEY if whole else _PART)).write_text(json.dumps(told), encoding="utf-8")
    paths = sorted((folder / "notebooks").glob("[0-9][0-9]_*.ipynb"))
    return Sample(_facts(client), {p.stem[:2]: nbformat.read(p, as_version=4) for p in paths})


def _kept_for(key: str, kept: Path, wanted: set[str]) -> Path | None:
    """Where a run with this hash and these sessions lies, if one does."""
    for name in (_KEY, _PART):
        try:
            told = json.loads((kept / name).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            continue
        folder = kept / str(told.get("folder"))
        there = told.get("key") == key and (folder / "notebooks").is_dir()
        if there and wanted <= set(told.get("sessions", wanted)):
            return folder
    return None


def _facts(client: Client) -> ClientFacts:
    from servicegap.run import plan

    settings = client.settings
    return ClientFacts(
        settings.name,
        settings.id,
        client.as_of,
        (settings.period_start, settings.period_end),
        settings.currency,
        settings.made_up,
        plan.version(),
        locale=settings.locale,
    )
