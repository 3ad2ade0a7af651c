"""What to make, within which limits, and what came of it. Quick to import: a plan needs no more."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from servicegap.client import ROOT
from servicegap.run import outputs, plan

# What is running now, how many steps are done, how many there are.
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Limits:
    """How long things may take, in seconds: a kernel's start, one cell, one whole notebook."""

    start: int = 60
    cell: int = 240
    notebook: int = 900


@dataclass(frozen=True)
class Job:
    """What to make. `sessions` as typed ("01,07"), None for all; `parameters` by session number."""

    folder: Path
    out: Path = Path("reports")
    sessions: str | None = None
    formats: tuple[str, ...] = tuple(outputs.FORMATS)
    notebooks: Path = ROOT / "notebooks"
    parameters: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    limits: Limits = field(default_factory=Limits)
    brand: Path | None = None


@dataclass(frozen=True)
class Made:
    """What was published: its folder, the file to open, every session's status, data warnings,
    whether it is still a draft (and may be approved: samples are not), and remarks on what was
    mended or left out.
    """

    folder: Path
    opens: Path
    statuses: Mapping[str, plan.Status]
    warnings: tuple[str, ...]
    draft: bool = True
    remarks: tuple[str, ...] = ()
    approvable: bool = True
