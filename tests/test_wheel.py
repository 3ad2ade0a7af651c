"""A wheel holds the data beside the code: formats, words, templates, fonts."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from servicegap.intake import catalogue

ROOT = Path(__file__).resolve().parents[1]
LIBRARY = ROOT / "lib" / "servicegap"
_TRY = """
import servicegap, sys
from servicegap.intake import catalogue, data
print(servicegap.__file__)
print(*catalogue.formats())
assert data.words() and data.fields() and catalogue.rank(["Ticket ID", "Created time"]).scores
"""


def _uv() -> str | None:
    near = ROOT / ".uv" / "bin" / "uv"
    return str(near) if near.is_file() else shutil.which("uv")


@pytest.mark.slow
def test_a_wheel_works_without_the_checkout(tmp_path: Path) -> None:
    uv = _uv()
    if uv is None:
        pytest.skip("there is no uv here")
    built = subprocess.run(
        [uv, "build", "--wheel", "--offline", "--out-dir", str(tmp_path), str(ROOT)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if built.returncode and "hatchling" in built.stderr:
        pytest.skip("hatchling was never fetched, and this test fetches nothing")
    assert built.returncode == 0, built.stderr
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as packed:
        held = {name for name in packed.namelist() if name.startswith("servicegap/")}
        packed.extractall(tmp_path / "site")
    beside = {f"servicegap/{path.relative_to(LIBRARY).as_posix()}" for path in LIBRARY.rglob("*")
              if path.is_file() and "__pycache__" not in path.parts}  # fmt: skip
    assert held == beside
    done = subprocess.run(
        [sys.executable, "-c", _TRY], capture_output=True, text=True, check=True, cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(tmp_path / "site")},
    )  # fmt: skip
    place, names = done.stdout.splitlines()
    assert Path(place).is_relative_to(tmp_path)
    assert names.split() == list(catalogue.formats())
