"""Workers: each dies alone, and none outlives the one who started it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
from servicegap.run import crew
from servicegap.run.batch import Outcome, Task
from servicegap.run.crew import on_this_machine
from servicegap.run.job import Job

pytestmark = pytest.mark.slow


def work(task: Task, steps) -> Outcome:
    """What a worker of these tests does: its client's name says it."""
    steps("at work", 0, 1)
    if task.name == "dies":
        os.kill(os.getpid(), signal.SIGKILL)
    if task.name == "leaves":
        os._exit(3)
    if task.name == "sleeps":
        (task.job.out / "asleep").write_text(str(os.getpid()))
        time.sleep(300)
    return Outcome(task.job.folder, task.name, task.id, task.slug, "made", str(os.getpid()))


def tasks(out: Path, *names: str) -> list[Task]:
    out.mkdir(exist_ok=True)
    return [Task(Job(out / f"c{i}", out), name, f"{i}", f"c{i}") for i, name in enumerate(names)]


def test_a_worker_that_dies_fails_its_client_and_is_replaced(tmp_path):
    names = ("well", "dies", "well", "leaves", "well")
    steps = []
    outcomes = list(
        on_this_machine(tasks(tmp_path, *names), 1, lambda task, *what: steps.append(what), work)
    )
    assert [o.status for o in outcomes] == ["made", "failed", "made", "failed", "made"]
    assert "SIGKILL" in outcomes[1].reason and "exit code 3" in outcomes[3].reason
    assert len({o.reason for o in outcomes if o.status == "made"}) == 3, (
        "a new one after each death"
    )
    assert len(steps) == 5


def test_a_worker_serves_one_client_after_another(tmp_path):
    outcomes = list(on_this_machine(tasks(tmp_path, *["well"] * 6), 2, work=work))
    assert [o.status for o in outcomes] == ["made"] * 6
    assert len({o.reason for o in outcomes}) == 2


RUN = """
import sys
from pathlib import Path
import test_run_crew as t
from servicegap.run import crew
from servicegap.run.crew import on_this_machine
if __name__ == "__main__":
    try:
        list(on_this_machine(t.tasks(Path(sys.argv[1]), "sleeps", "well"), 2, work=t.work))
    except KeyboardInterrupt:
        sys.exit(1)
"""


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP", "SIGKILL"])
def test_nobody_outlives_the_one_who_started_it(tmp_path, name):
    (tmp_path / "run.py").write_text(RUN)
    path = os.pathsep.join([str(Path(__file__).parent), *sys.path])
    started = subprocess.Popen([sys.executable, tmp_path / "run.py", tmp_path],
                               env={**os.environ, "PYTHONPATH": path})  # fmt: skip
    while not (tmp_path / "asleep").exists():
        assert started.poll() is None
        time.sleep(0.05)
    workers = psutil.Process(started.pid).children(recursive=True)
    assert workers
    start = time.monotonic()
    started.send_signal(getattr(signal, name))
    started.wait(20)
    _, alive = psutil.wait_procs(workers, timeout=10)
    assert not alive and time.monotonic() - start < 10
    assert name == "SIGKILL" or started.returncode == 1


def test_a_small_machine_makes_fewer_at_once(monkeypatch):
    memory = type("Memory", (), {"available": 2.5e9})
    monkeypatch.setattr(psutil, "virtual_memory", memory)
    monkeypatch.setattr(crew, "cores", lambda: 8)
    assert crew.at_once() == 2
    memory.available = 1e8
    assert crew.at_once() == 1
    memory.available = 64e9
    assert crew.at_once() == 8
