"""Where clients' folders lie, and the copy of a sample that may be written to."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from servicegap import schema
from servicegap.client.settings import FILE
from servicegap.problems import Problem, Refused

ROOT = Path(__file__).resolve().parents[3]  # the checkout: its notebooks and samples live beside us
COPIES = ROOT / "workbook"  # of samples, to write in; firms begun beside them lie there too
_SAMPLES = Path("data") / "sample"
NOT_INPUT = ("TRUTH.yaml", ".servicegap", "workbook", "learning.csv")


def find(folder: str | Path) -> Path:
    """Find a client's folder from wherever one stands. Raises Refused where there is none."""
    asked = Path(folder).expanduser()
    here = Path.cwd()
    for base in (here, *here.parents, ROOT):
        if (base / asked).is_dir():
            return (base / asked).resolve()
    what, remedy = f"there is no folder {folder}", "check it, or make one with `servicegap new`"
    raise Refused(Problem("", "", None, None, None, what, remedy))


def own_folder(folder: str | Path) -> Path:
    """The folder that a client's answers go to: its own or, of a sample, the copy of it.

    The copy, without beliefs, is made under workbook/ where there is none yet. Raises Refused
    where there is no such folder.
    """
    found = find(folder)
    return copy_sample(found) if is_sample(found) else found


def is_sample(folder: Path) -> bool:
    """Whether a folder is one of the samples as shipped, which are never written to."""
    return (ROOT / _SAMPLES).resolve() in folder.parents


def copy_sample(sample: Path) -> Path:
    """Copy a shipped sample, without its beliefs and its truth, to workbook/, once."""
    target = COPIES / sample.name
    if (target / FILE).is_file():
        return target
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".copy-") as made:
        copy = Path(made) / sample.name
        shutil.copytree(sample, copy, ignore=shutil.ignore_patterns(*NOT_INPUT))
        for path in copy.glob("beliefs.*"):
            path.unlink()
        header = ",".join(schema.TABLES["beliefs"].names)
        (copy / "beliefs.csv").write_text(header + "\n", encoding="utf-8-sig")
        try:
            copy.rename(target)
        except OSError:  # another window was quicker
            if not (target / FILE).is_file():
                raise
    return target
