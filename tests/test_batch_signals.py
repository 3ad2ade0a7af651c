"""A batch that is stopped, anywhere: everything ends at once, and the next run resumes."""

from __future__ import annotations

import itertools
import os
import shutil
import signal
import time

import fake_notebooks
import pytest
from batch_house import (
    FAULTS,
    PLACES,
    House,
    begun,
    broken_inputs,
    lay,
    mended,
    told_apart,
    without_faults,
)
from test_faults import CHILDREN

pytestmark = pytest.mark.slow


@pytest.fixture
def house(tmp_path):
    house = begun(tmp_path)
    yield house
    for process in house.ghosts():
        process.kill()


SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP", "SIGKILL")


def signalled(house: House, name: str, where: str) -> None:
    """Stop a batch at a place of its second client; the next run ends as if nothing had been."""
    work = "lingers" if where == "publishing" else "one"
    reached = house.client("good-2") / "reached"
    told = f"# 01 {where}\n{CHILDREN}open({str(reached)!r}, 'w').close(); time.sleep(300)"
    (house.client("good-2") / "fault.py").write_text(told)
    before = house.reports()
    process = house.start(work)
    deadline = time.monotonic() + 120
    while not reached.exists() and time.monotonic() < deadline:
        assert process.poll() is None, process.communicate()
        time.sleep(0.02)
    start = time.monotonic()
    process.send_signal(getattr(signal, name))
    _, said = process.communicate(timeout=30)
    assert process.returncode == (-9 if name == "SIGKILL" else 1), said
    while house.ghosts():
        assert time.monotonic() - start < 10, house.ghosts()
        time.sleep(0.1)
    assert "Traceback" not in said
    now = house.reports()
    assert all(now[client] == files for client, files in before.items() if client in now)
    reached.unlink(missing_ok=True)


@pytest.fixture
def pair(house):
    """Two clients and what their reports are."""
    lay(house, ())
    assert house.run().returncode == 0
    good = house.reports()
    shutil.rmtree(house.out)
    return house, good


@pytest.mark.parametrize(
    ("name", "where"),
    [("SIGINT", "first"), ("SIGTERM", "middle"), ("SIGHUP", "last"), ("SIGKILL", "middle"),
     ("SIGTERM", "publishing"), ("SIGKILL", "publishing")],
)  # fmt: skip
def test_a_signal_to_the_runner_ends_everything_and_the_next_run_resumes(pair, name, where):
    house, good = pair
    signalled(house, name, where)
    without_faults(house)
    again = house.run()
    assert again.returncode == 0, again.stderr
    assert house.reports() == good
    house.clean()


@pytest.mark.proof
def test_two_hundred_faults(tmp_path):
    """Bad reports published, good ones changed, wrong exit codes, processes left: all 0."""
    count = 0
    for turn in range(4):
        house = begun(tmp_path / str(turn))
        wrong = lay(house, FAULTS) | broken_inputs(house)
        told_apart(house, house.run(), wrong)
        before = house.reports()
        count += len(wrong)
        for name in ("no-table", "torn"):
            shutil.rmtree(house.client(name))
            del wrong[name]
        mended(house, before, wrong)
        reports = house.reports()
        shutil.rmtree(house.out)
        assert house.run().returncode == 0
        assert house.reports() == reports, "as if nothing had ever gone wrong"
    house = begun(tmp_path / "signals")
    lay(house, ())
    assert house.run().returncode == 0
    good = house.reports()
    for _, name, where in itertools.product(range(5), SIGNALS, (*PLACES, "publishing")):
        shutil.rmtree(house.out)
        without_faults(house)
        signalled(house, name, where)
        without_faults(house)
        assert house.run().returncode == 0
        assert house.reports() == good
        house.clean()
        count += 1
    print(f"{count} faults")
    assert count >= 200


@pytest.mark.proof
def test_sessions_at_full_load_and_starts_over_subscribed(tmp_path):
    """500 sessions at full load; three times 20 kernels at once on few processors."""
    house = begun(tmp_path)
    few = int(os.environ.get("SERVICEGAP_FEW", "250"))
    for number in range(few):
        fake_notebooks.write_client(house.client(f"c{number:03}"), f"C {number}", f"c{number}")
    done = house.run()
    assert done.returncode == 0, done.stdout[-2000:]
    assert len(house.reports()) == few
    for _ in range(3):
        shutil.rmtree(house.out)
        for folder in sorted(house.root.glob("clients/*"))[20:]:
            shutil.rmtree(folder)
        process = house.start(jobs=20)
        said, _ = process.communicate(timeout=900)
        assert process.returncode == 0, said
    house.clean()
