"""Where the real files are, and one whole run for all the tests of a client."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
DATA = Path(os.environ.get("SERVICEGAP_DATA") or ROOT.parent / "shared" / "data").resolve()


@pytest.fixture(scope="session")
def data() -> Path:
    """The folder of the data sets; without it the tests are skipped, and say so."""
    if not DATA.is_dir():
        pytest.skip(f"there are no real data sets in {DATA}; SERVICEGAP_DATA says where they are")
    return DATA


@dataclass(frozen=True)
class Published:
    """What a run left, read back: the page, the bundles of its notebooks, findings, manifest."""

    folder: Path
    said: str
    html: str
    findings: dict[str, dict[str, Any]]
    manifest: dict[str, Any]
    shown: dict[str, dict[str, Any]]

    def rows(self, part: str) -> list[dict[str, Any]]:
        """The rows of a figure or table, each a mapping from column to value."""
        data = self.shown[part]["data"]
        names = [column["name"] for column in data["columns"]]
        return [dict(zip(names, row, strict=True)) for row in data["rows"]]


def report(folder: Path, *options: str) -> Published:
    """Run `servicegap report` on a client's folder, the whole way, and read what it left."""
    import nbformat
    from servicegap.bundles import read_bundles

    out = folder.parent / f"reports of {folder.name}"
    command = [sys.executable, "-m", "servicegap", "report", str(folder), "--out", str(out)]
    run = subprocess.run([*command, *options], capture_output=True, text=True, cwd=folder.parent)
    assert run.returncode == 0, run.stderr
    made = Path(run.stdout.strip().splitlines()[-1]).parent
    shown = {}
    for path in sorted((made / "notebooks").glob("*.ipynb")):
        for bundle in read_bundles(nbformat.read(path, as_version=4)):
            shown[bundle.payload["id"]] = bundle.payload
    findings = json.loads((made / "findings.json").read_text("utf-8"))
    return Published(
        made,
        run.stdout,
        (made / "report.html").read_text("utf-8"),
        {finding["id"]: finding for finding in findings},
        json.loads((made / "manifest.json").read_text("utf-8")),
        shown,
    )
