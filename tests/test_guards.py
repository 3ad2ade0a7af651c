"""Does a test notice when a guard is gone? Each is taken out, one at a time, and must be missed."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from guards import BEGIN, CONTRIBUTING, END, GUARDS, Guard, table

ROOT = Path(__file__).resolve().parents[1]
LIBRARY = ROOT / "lib" / "servicegap"


@pytest.mark.parametrize("guard", GUARDS, ids=lambda g: g.name)
def test_the_guard_stands_where_the_list_says(guard: Guard) -> None:
    assert (LIBRARY / guard.file).read_text(encoding="utf-8").count(guard.old) == 1
    assert guard.old != guard.new
    for test in guard.tests:
        file, _, name = test.partition("::")
        source = (ROOT / file).read_text(encoding="utf-8")
        assert not name or re.search(rf"^def {name}\(", source, re.MULTILINE), test


def test_contributing_has_the_list() -> None:
    """`.venv/bin/python tests/guards.py` writes it."""
    page = CONTRIBUTING.read_text(encoding="utf-8")
    assert f"{BEGIN}\n{table()}\n{END}" in page


def without(guard: Guard, scratch: Path) -> subprocess.CompletedProcess:
    """Run the tests that hold a guard on a copy of the library in which it is taken out."""
    shutil.copytree(LIBRARY, scratch / "lib" / "servicegap",
                    ignore=shutil.ignore_patterns("__pycache__"))  # fmt: skip
    for beside in ("notebooks", "data", "trainer", "benchmarks", "docs"):
        (scratch / beside).symlink_to(ROOT / beside)
    place = scratch / "lib" / "servicegap" / guard.file
    source = place.read_text(encoding="utf-8")
    place.write_text(source.replace(guard.old, guard.new), encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-m", "", "-p", "no:cacheprovider"]
    paths = os.pathsep.join([str(scratch / "lib"), os.environ.get("PYTHONPATH", "")])
    return subprocess.run(
        [*command, *guard.tests], cwd=ROOT, env=os.environ | {"PYTHONPATH": paths},
        capture_output=True, text=True, check=False, timeout=600,
    )  # fmt: skip


def missed(guard: Guard, scratch: Path) -> None:
    done = without(guard, scratch)
    assert done.returncode == 1, f"nobody missed it:\n{done.stdout[-2000:]}{done.stderr[-500:]}"


@pytest.mark.slow
@pytest.mark.parametrize("guard", [g for g in GUARDS if g.quick], ids=lambda g: g.name)
def test_the_first_guards_are_missed_when_they_are_gone(guard: Guard, tmp_path: Path) -> None:
    missed(guard, tmp_path)


@pytest.mark.proof
@pytest.mark.parametrize("guard", [g for g in GUARDS if not g.quick], ids=lambda g: g.name)
def test_every_guard_is_missed_when_it_is_gone(guard: Guard, tmp_path: Path) -> None:
    missed(guard, tmp_path)


@pytest.mark.proof
def test_with_all_guards_in_place_their_tests_pass(tmp_path: Path) -> None:
    """Otherwise a test that fails anyway would seem to hold a guard."""
    every = tuple(dict.fromkeys(test for guard in GUARDS for test in guard.tests))
    same = Guard("none", "stats/estimate.py", "HIDDEN_BELOW = 5 ", "HIDDEN_BELOW = 5 ", every)
    done = without(same, tmp_path)
    assert done.returncode == 0, done.stdout[-3000:]
