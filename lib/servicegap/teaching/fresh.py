"""A room's copies back to fresh: what was said on the made-up firms is moved aside, never deleted.

Only copies of the samples are touched; a firm of somebody's own that lies beside them is not.
"""

from __future__ import annotations

import datetime as dt
import shutil
from dataclasses import dataclass
from pathlib import Path

from servicegap.client import ROOT, own_folder
from servicegap.client.places import COPIES
from servicegap.problems import Problem, Refused
from servicegap.workbook import lab_for, running

SAMPLES = ROOT / "data" / "sample"
ASIDE = ROOT / "workbook-before"  # not beside the copies, where the next room would find it


@dataclass(frozen=True)
class Reset:
    """Which firms are fresh again, and where what was said before lies (None: there was nothing).

    `left` are folders that are no copies of a sample.
    """

    firms: tuple[str, ...]
    aside: Path | None
    left: tuple[str, ...]


def reset(
    today: dt.date, samples: Path = SAMPLES, copies: Path = COPIES, aside: Path = ASIDE
) -> Reset:
    """Move the copies of the samples aside and lay out fresh ones.

    Raises Refused while a workbook is open on one of them, since it would write into the folder
    that was moved.
    """
    firms = sorted(path.name for path in samples.iterdir() if path.is_dir())
    found = sorted(copies.iterdir()) if copies.is_dir() else []
    mine = [path for path in found if path.name in firms and path.is_dir()]
    left = [path.name for path in found if path.is_dir() and path not in mine]
    for path in mine:
        if running(lab_for(path.resolve())) is not None:
            what = f"a workbook is open on {path.name}"
            remedy = "end it with Ctrl-C where it was started, then try again"
            raise Refused(Problem("", "", None, None, None, what, remedy))
    place = None
    if mine:
        place = _free(aside, today)
        place.mkdir(parents=True)
        for path in mine:
            shutil.move(path, place / path.name)
    if samples == SAMPLES and copies == COPIES:
        for firm in firms:
            own_folder(samples / firm)
    shown = tuple(name for name in left if not name.startswith("."))
    return Reset(tuple(firms), place, shown)


def _free(aside: Path, today: dt.date) -> Path:
    """A folder named after the day that isn't there yet."""
    names = (f"{today.isoformat()}{'' if n == 1 else f'-{n}'}" for n in range(1, 10_000))
    return next(path for name in names if not (path := aside / name).exists())
