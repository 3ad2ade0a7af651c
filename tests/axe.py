"""axe-core, fetched once by npm, for the pages that people read."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import tarfile
from pathlib import Path

import pytest

AXE = "axe-core@4.10.3"  # MPL-2.0; for tests alone
SHA256 = "0f2b4d7dcdf7d1219df8d1959ad68e565f51d14c3f0d88bb71cd59abeb956292"
KEPT = Path(__file__).parents[1] / "build" / "axe"


def source() -> str:
    """The source of axe-core; skips the test where it is not to be had."""
    archive = KEPT / "axe-core-4.10.3.tgz"
    if not archive.exists():
        if not shutil.which("npm"):
            pytest.skip("no npm on this machine, which fetches axe-core")
        KEPT.mkdir(parents=True, exist_ok=True)
        command = ["npm", "pack", AXE, "--silent", "--pack-destination", str(KEPT)]
        done = subprocess.run(command, capture_output=True, text=True, cwd=KEPT, timeout=120)
        if done.returncode or not archive.exists():
            pytest.skip(f"npm could not fetch {AXE}: {done.stderr.strip()[-200:]}")
    assert hashlib.sha256(archive.read_bytes()).hexdigest() == SHA256
    with tarfile.open(archive) as packed:
        return packed.extractfile("package/axe.min.js").read().decode()


def serious(page, within: str = "") -> list[tuple[str, str, str]]:
    """What is serious or critical on a page in which axe runs: rule, element, what is wrong.

    Args: within, a selector; only what stands inside is looked at.
    """
    found = page.evaluate(
        "within => axe.run(within ? {include: [[within]]} : document).then(r => r.violations)",
        within,
    )
    return [
        (v["id"], node["html"][:160], node["failureSummary"][:200])
        for v in found
        if v["impact"] in ("serious", "critical")
        for node in v["nodes"]
    ]
