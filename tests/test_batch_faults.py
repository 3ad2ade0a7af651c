"""Whatever happens to one client of a batch: it fails alone, and the same command mends it."""

from __future__ import annotations

import shutil
import subprocess

import pytest
from batch_house import FAULTS, begun, broken_inputs, lay, mended, told_apart, without_faults

pytestmark = pytest.mark.slow


@pytest.fixture
def house(tmp_path):
    house = begun(tmp_path)
    yield house
    for process in house.ghosts():
        process.kill()


def test_faults_in_kernels_fail_their_own_client_and_nobody_else(house):
    wrong = lay(house, FAULTS, sessions=("01",))
    wrong |= broken_inputs(house)
    told_apart(house, house.run(), wrong)
    before = house.reports()
    for name in ("no-table", "torn"):
        shutil.rmtree(house.client(name))
        del wrong[name]
    mended(house, before, wrong)


def test_a_worker_that_dies_while_it_publishes_leaves_the_last_report(house):
    lay(house, ())
    assert house.run().returncode == 0
    before = house.reports()
    for name in ("good-1", "good-2"):
        ratings = house.client(name) / "ratings.csv"
        ratings.write_text(ratings.read_text() + "r99,a1,c1,2025-03-01,5,1-5\n")
    (house.client("good-1") / "fault.py").touch()
    done = house.run("dies")
    assert done.returncode == 1 and "Its worker died (SIGKILL)" in done.stdout
    after = house.reports()
    assert after["good-1"] == before["good-1"] and after["good-2"] != before["good-2"]
    house.clean()
    without_faults(house)
    assert house.run().returncode == 0
    assert house.reports()["good-1"] != before["good-1"]


def test_a_kernel_that_is_not_there(house):
    path = house.root / "notebooks" / "01_benchmarking.ipynb"
    path.write_text(path.read_text().replace('"python3"', '"no-such-kernel"'))
    lay(house, ())
    done = house.run()
    assert done.returncode == 1 and done.stdout.count("'no-such-kernel'") == 2
    assert house.reports() == {}
    house.clean()


@pytest.fixture
def disk(house):
    """A small disk of its own where reports go; permissions would mean nothing to root."""
    house.out.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=400k", "tmpfs", str(house.out)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("mounting is refused here; tests/test_faults.py limits file sizes instead")
    yield house.out
    subprocess.run(["umount", str(house.out)], check=True)


def test_a_place_that_takes_nothing(house, disk):
    lay(house, ())
    subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
    done = house.run()
    assert done.returncode == 1 and "may not be written" in done.stderr
    assert "Traceback" not in done.stderr and list(disk.iterdir()) == []
    house.clean()


def test_a_full_disk(house, disk):
    lay(house, ())
    (disk / "filler").write_bytes(b"x" * 350_000)
    done = house.run()
    assert done.returncode == 1 and done.stdout.count("no room left") == 2
    assert house.reports() == {}
    house.clean()
