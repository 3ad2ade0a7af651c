"""Many machines: the same reports as on one, also where a worker is lost in the middle.

Needs the extra `cluster`; without it the tests are skipped, and say so.
"""

from __future__ import annotations

import json
import os
import signal
import threading
import time
from pathlib import Path

import fake_notebooks as fake
import psutil
import pytest
from servicegap import simulate
from servicegap.run import Failed, batch, cluster
from servicegap.run.making import Job, make

try:
    import distributed
except ImportError:
    distributed = None

needs_dask = pytest.mark.skipif(
    distributed is None, reason="the extra `cluster` (Dask) is not installed"
)
SLOW = "# It takes a while\nimport time; time.sleep(1.5)"


def work(job: Job) -> tuple[str, str]:
    """What a worker does with a job; it is found by its name on the other side."""
    try:
        make(job)
    except Failed as error:
        return job.folder.name, str(error)
    return job.folder.name, ""


def lost(job: Job, why: str) -> tuple[str, str]:
    return job.folder.name, why


def jobs(tmp: Path, n: int, out: str) -> list[Job]:
    notebooks = fake.write_notebooks(tmp / "notebooks", s01=SLOW)
    folders = [fake.write_client(tmp / f"c{i}", f"Elm {i}", f"elm-{i}") for i in range(n)]
    return [Job(folder, tmp / out, None, ("html",), notebooks) for folder in folders]


def outputs(out: Path) -> dict[str, str]:
    told = (json.loads(p.read_text()) for p in sorted(out.glob("*/manifest.json")))
    return {m["id"]: m["outputs"] for m in told}


@pytest.fixture
def two_workers():
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
    ) as started:
        yield started


@pytest.mark.proof
@needs_dask
def test_a_worker_killed_in_the_middle_changes_nothing(tmp_path, two_workers):
    here = [work(job) for job in jobs(tmp_path, 4, "here")]
    assert [why for _, why in here] == [""] * 4
    done = []
    with distributed.Client(two_workers) as client:
        pids = list(client.run(os.getpid).values())
    found = cluster.on_cluster(
        two_workers.scheduler_address, jobs(tmp_path, 4, "there"), work, lost
    )
    for outcome in found:
        if not done:
            os.kill(pids[0], signal.SIGKILL)  # whatever it is at
        done.append(outcome)
    assert sorted(done) == sorted(here)
    assert outputs(tmp_path / "there") == outputs(tmp_path / "here")
    assert not list((tmp_path / "there" / ".staging").glob("*"))


@pytest.mark.proof
@needs_dask
def test_real_sessions_survive_a_lost_worker_with_the_same_hashes(tmp_path, two_workers):
    """All eleven sessions and all three forms, of firms that differ; a worker dies at its work."""
    folders = [
        simulate.write(simulate.make(name, 1.0, 7, "small"), tmp_path / name)
        for name in ("alder-it", "birch-support", "mundane", "bot-wall")
    ]

    def asked(out: str) -> list[Job]:
        return [Job(folder, tmp_path / out) for folder in folders]

    here = [work(job) for job in asked("here")]
    assert [why for _, why in here] == [""] * 4
    with distributed.Client(two_workers) as client:
        pids = list(client.run(os.getpid).values())
    threading.Timer(8, os.kill, (pids[0], signal.SIGKILL)).start()  # in its first client's sessions
    there = list(cluster.on_cluster(two_workers.scheduler_address, asked("there"), work, lost))
    assert sorted(there) == sorted(here) and not psutil.pid_exists(pids[0])
    assert outputs(tmp_path / "there") == outputs(tmp_path / "here") and len(folders) == 4
    assert not list((tmp_path / "there" / ".staging").glob("*"))


@pytest.mark.proof
@needs_dask
def test_a_job_that_fails_is_a_result_and_the_others_go_on(tmp_path, two_workers):
    asked = jobs(tmp_path, 2, "out")
    (asked[0].folder / "client.yaml").unlink()
    found = dict(cluster.on_cluster(two_workers.scheduler_address, asked, work, lost))
    assert found["c1"] == "" and "client.yaml" in found["c0"]
    assert list(outputs(tmp_path / "out")) == ["elm-1"]


@pytest.mark.proof
@needs_dask
def test_another_version_of_the_workbook_is_refused(tmp_path, two_workers, monkeypatch):
    monkeypatch.setattr(cluster.plan, "library_hash", lambda: "another")
    asked = jobs(tmp_path, 1, "out")
    ((_, why),) = cluster.on_cluster(two_workers.scheduler_address, asked, work, lost)
    assert "another version" in why and not (tmp_path / "out").exists()


@pytest.mark.proof
@needs_dask
def test_reports_lie_where_the_one_who_asks_wants_them(tmp_path, two_workers, monkeypatch):
    """Workers stand in another folder than the one in which `reports` was meant."""
    jobs(tmp_path, 2, "out")
    monkeypatch.chdir(tmp_path)
    told = Job(Path(), Path("reports"), None, ("html",), Path("notebooks"))
    asked = [tmp_path / "c0", tmp_path / "c1"]
    done = batch.run(
        asked, told,
        lambda tasks: cluster.on_cluster(
            two_workers.scheduler_address, tasks, batch.one, batch.lost
        ),
    )  # fmt: skip
    assert [(outcome.status, outcome.reason) for outcome in done] == [("made", "")] * 2
    assert set(outputs(tmp_path / "reports")) == {"elm-0", "elm-1"}


@pytest.mark.proof
@needs_dask
def test_a_scheduler_that_is_lost_is_said_with_what_may_come_of_it(tmp_path):
    with distributed.LocalCluster(
        n_workers=1, threads_per_worker=1, processes=True, dashboard_address=None
    ) as started:
        tasks = [batch.Task(job, "Elm", "elm", "elm-1") for job in jobs(tmp_path, 2, "out")]
        threading.Timer(2, started.close).start()
        done = list(cluster.on_cluster(started.scheduler_address, tasks, batch.one, batch.lost))
    reasons = {outcome.reason for outcome in done if outcome.status == "failed"}
    assert len(reasons) == 1, reasons
    (why,) = reasons
    assert why.startswith("The scheduler was lost") and why.endswith("same command again.")
    assert "may still be put in place" in why and "nothing was published" not in why


@needs_dask
def test_no_scheduler_is_said_plainly(monkeypatch):
    monkeypatch.setattr(cluster, "_PATIENCE", 1)
    started = time.monotonic()
    with pytest.raises(Failed, match=r"no scheduler at tcp://127\.0\.0\.1:9"):
        list(cluster.on_cluster("tcp://127.0.0.1:9", [], work, lost))
    assert time.monotonic() - started < 15


@pytest.mark.skipif(distributed is not None, reason="the extra `cluster` is installed")
def test_without_the_extra_it_says_how_to_get_it():
    with pytest.raises(Failed, match="uv sync --extra cluster"):
        list(cluster.on_cluster("tcp://127.0.0.1:9", [], work, lost))
