"""Without installing anything: what Binder builds from `environment.yml` runs a session."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[1]
OFFLINE = ("Connection", "Temporary failure in name resolution", "Could not find a version",
           "Network is unreachable", "No matching distribution")  # fmt: skip


@pytest.mark.proof
def test_the_environment_for_binder_builds_and_runs(tmp_path: Path) -> None:
    """pip, as conda calls it, in a clean environment of the Python that is here."""
    environment = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    (wanted,) = [d["pip"] for d in environment["dependencies"] if isinstance(d, dict)]
    asked = tmp_path / "requirements.txt"
    asked.write_text("\n".join(wanted) + "\n", encoding="utf-8")
    venv.create(tmp_path / "env", with_pip=True)
    python = tmp_path / "env" / ("Scripts" if os.name == "nt" else "bin") / "python"
    install = [
        python,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "-r",
        asked,
    ]
    done = subprocess.run(install, cwd=ROOT, capture_output=True, text=True)
    if done.returncode and any(said in done.stderr for said in OFFLINE):
        pytest.skip("no package index can be reached from here")
    assert done.returncode == 0, done.stderr[-2000:]
    home = tmp_path / "home"
    home.mkdir()
    env = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "VIRTUAL_ENV")}
    env |= {"HOME": str(home), "PATH": f"{python.parent}{os.pathsep}{env['PATH']}"}
    subprocess.run(["sh", ROOT / "postBuild"], check=True, env=env, cwd=ROOT)
    assert "jp-InputPlaceholder" in (home / ".jupyter" / "custom" / "custom.css").read_text()
    sample = ROOT / "data" / "sample" / "cedar-desk"
    command = [python, "-m", "servicegap", "report", sample, "--sessions", "00", "--formats",
               "html", "--out", tmp_path / "reports"]  # fmt: skip
    done = subprocess.run(command, env=env, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert Path(done.stdout.splitlines()[-1]).is_file()
    lab = subprocess.run([python, "-m", "jupyterlab", "--version"], env=env, capture_output=True)
    assert lab.returncode == 0
    assert sys.prefix not in done.stdout
