"""The real notebooks on the firms that come with the workbook, from folder to published report."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from servicegap import schema
from servicegap.client import ROOT
from servicegap.run import Failed
from servicegap.run.making import Job, make
from test_faults import tree

pytestmark = pytest.mark.slow

FIRMS = ("alder-it", "cedar-desk")
FINDING_KEYS = (
    *("id", "session", "title", "sentence", "better", "belief", "evidence", "gap", "verdict"),
    *("strength", "change", "caveats", "referral_effect", "action", "source"),
)


def report(firm: str, cwd: Path, out: Path, **environment: str) -> Path:
    """Make a report as the README has it; return its folder."""
    command = [
        sys.executable,
        "-m",
        "servicegap",
        "report",
        f"data/sample/{firm}",
        "--out",
        str(out),
    ]
    done = subprocess.run(
        command,
        cwd=cwd,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return Path(done.stdout.splitlines()[-1]).parent


@pytest.mark.parametrize("firm", FIRMS)
def test_a_sample_from_folder_to_report_twice(firm, tmp_path):
    """One test a firm, since a report costs more than all that is asked of it.

    The second run has another working and temporary folder and other hashes in the runner.
    """
    first = report(firm, ROOT, tmp_path / "out")
    (tmp_path / "tmp").mkdir()
    other = {"TMPDIR": str(tmp_path / "tmp"), "PYTHONHASHSEED": "5", "LANG": "C"}
    second = report(firm, tmp_path, Path("elsewhere"), **other)
    same_bytes(tree(first), tree(second))
    findings_keep_the_contract(first)
    manifest_keeps_the_contract(first, firm)
    nothing_tells_of_this_machine(first)


def same_bytes(first: dict[str, bytes], second: dict[str, bytes]) -> None:
    assert set(first) >= {
        "report.html",
        "report.pdf",
        "deck.pptx",
        "findings.json",
        "manifest.json",
    }
    assert list(first) == list(second)
    assert [name for name in first if first[name] != second[name]] == []


def findings_keep_the_contract(folder: Path) -> None:
    found = json.loads((folder / "findings.json").read_text("utf-8"))
    assert {"csat", "good_peer_percentile"} <= {f["id"] for f in found}
    for finding in found:
        assert tuple(finding) == FINDING_KEYS
        source = nbformat.read(folder / finding["source"]["notebook"], as_version=4)
        cell = source.cells[finding["source"]["cell"]]
        assert "finding" in cell.metadata.tags


def manifest_keeps_the_contract(folder: Path, firm: str) -> None:
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    keys = ("client", "id", "version", "as_of", "key", "inputs", "sessions", "outputs", "ledger")
    assert set(manifest) == set(keys)
    assert manifest["id"] == firm
    assert set(manifest["outputs"]) == set(tree(folder)) - {"manifest.json"}
    ledgers = manifest["ledger"].values()
    assert all(n["read"] == n["kept"] + n["rejected"] + n["excluded"] for n in ledgers)
    assert "TRUTH.yaml" not in manifest["inputs"]
    stems = [s.stem for s in schema.SESSIONS.values() if s.stem in manifest["sessions"]]
    assert list(manifest["sessions"]) == stems


def nothing_tells_of_this_machine(folder: Path) -> None:
    places = re.compile(rb"/tmp/|/home/|/Users/|" + re.escape(str(ROOT).encode()))
    for name, content in tree(folder).items():
        if name.endswith((".ipynb", ".json", ".html")):
            text = re.sub(rb"base64,[A-Za-z0-9+/=]+", b"", content)
            assert places.findall(text) == [], name
        if name.endswith(".ipynb"):
            assert b"papermill" not in content and b'"stderr"' not in content


def test_a_fault_in_the_middle_of_a_real_session(tmp_path):
    """The claim of test_faults.py on a copy of a real notebook, in this very process."""
    copies = tmp_path / "notebooks"
    copies.mkdir()
    name = f"{schema.SESSIONS['01'].stem}.ipynb"
    book = nbformat.read(ROOT / "notebooks" / name, as_version=4)
    middle = len(book.cells) // 2
    book.cells.insert(middle, nbformat.v4.new_code_cell("# Trip\nclient['ratings'].nonsense"))
    nbformat.write(book, copies / name)
    with pytest.raises(Failed, match=r"“Trip”.*nothing was published"):
        make(Job(Path("data/sample/cedar-desk"), tmp_path / "out", notebooks=copies))
    assert [p.name for p in (tmp_path / "out").iterdir()] == [".log"]
