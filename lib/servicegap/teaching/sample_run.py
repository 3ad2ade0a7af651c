"""The sample firm's figures for the slides: its notebooks run once, and kept until something moves.

What they were made from (tables, notebooks, library) is hashed beside them; another hash, another
run.
"""

from __future__ import annotations

import json
from collections.abc import Callable
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

Progress = Callable[[str, int, int], None]


def sample(progress: Progress, firm: Path = FIRM, kept: Path = KEPT) -> Sample:
    """Return the executed notebooks of the sample firm, run now if they aren't there yet.

    Raises run.Failed where a notebook can't be run.
    """
    import nbformat

    from servicegap.run import plan, sources
    from servicegap.run.making import CHECKOUT, Job, make

    client = load(firm, sealed=False)
    there = plan.available(CHECKOUT / "notebooks")
    inputs = sources.gather(client).inputs
    key = plan.key(inputs, list(there.values()), (), {})
    folder = _kept_for(key, kept)
    if folder is None:
        folder = make(Job(firm, kept, formats=("html",)), progress).folder
        told = json.dumps({"key": key, "folder": folder.name})
        (kept / _KEY).write_text(told, encoding="utf-8")
    paths = sorted((folder / "notebooks").glob("[0-9][0-9]_*.ipynb"))
    return Sample(_facts(client), {p.stem[:2]: nbformat.read(p, as_version=4) for p in paths})


def _kept_for(key: str, kept: Path) -> Path | None:
    """Where the run with this hash lies, if it does."""
    try:
        told = json.loads((kept / _KEY).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    folder = kept / str(told.get("folder"))
    return folder if told.get("key") == key and (folder / "notebooks").is_dir() else None


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
