"""A house in which batches go wrong, for the tests of that.

Real workers, kernels and signals, on tiny notebooks. What goes wrong lies beside a client's files,
as `fault.py`, which no report reads: the notebooks' own cells run it, the first, one in the middle
or the last. So one batch carries many faults at once, and taking them away changes no input.
"""

from __future__ import annotations

import itertools
import json
import os
import re
import signal
import subprocess
import sys
import time
import uuid
from dataclasses import dataclass
from pathlib import Path

import fake_notebooks
import nbformat
import psutil
from servicegap import schema
from servicegap.run import batch, publish
from test_faults import CHILDREN, marked, tree

RUN = """
import json, sys
from functools import partial
from pathlib import Path
from servicegap.cli import batching, saying
from servicegap.run import crew
from servicegap.run.job import Limits
import batch_house as faults

if __name__ == "__main__":
    told = json.loads(sys.argv[1])
    crew.on_this_machine = partial(crew.on_this_machine, work=getattr(faults, told["work"]))
    def run():
        done = batching.make_batch(
            [Path(told["clients"])], ("html",), Path(told["out"]), told["jobs"],
            notebooks=Path(told["notebooks"]), limits=Limits(60, 5, 40),
        )
        sys.exit(any(outcome.status == "failed" for outcome in done))
    saying.plain(run)(debug=False)
"""
HOOK = """# {where}
from pathlib import Path as _P
_fault = _P(folder, "fault.py")
_told = _fault.read_text() if _fault.exists() else ""
if _told.startswith("# {session} {where}"): exec(_told)"""
PLACES = ("first", "middle", "last")
FAULTS = {
    "killed": CHILDREN + "os.kill(os.getpid(), 9)",
    "gone": CHILDREN + "os._exit(0)",
    "memory": "import resource\nresource.setrlimit(resource.RLIMIT_AS, (1 << 28,) * 2)\n"
    "hog = [bytearray(1 << 24) for _ in range(10_000)]",
    "hangs": CHILDREN + "time.sleep(300)",
    "deaf": "import signal, time\n"
    "for s in (signal.SIGINT, signal.SIGTERM): signal.signal(s, signal.SIG_IGN)\n"
    "while True:\n    try: time.sleep(300)\n    except KeyboardInterrupt: pass",
}


def at_manifest(task: batch.Task, steps, then) -> batch.Outcome:
    """Make a report, but do `then` when its manifest is about to be written."""
    write = publish._write

    def writing(path: Path, data: bytes) -> None:
        if path.name == publish.MANIFEST and (task.job.folder / "fault.py").exists():
            then(task)
        write(path, data)

    publish._write = writing
    try:
        return batch.one(task, steps)
    finally:
        publish._write = write


def _linger(task: batch.Task) -> None:
    (task.job.folder / "reached").touch()
    time.sleep(1)


def lingers(task: batch.Task, steps) -> batch.Outcome:
    return at_manifest(task, steps, _linger)


def dies(task: batch.Task, steps) -> batch.Outcome:
    return at_manifest(task, steps, lambda task: os.kill(os.getpid(), signal.SIGKILL))


def one(task: batch.Task, steps) -> batch.Outcome:
    return batch.one(task, steps)


@dataclass(frozen=True)
class House:
    """Clients, notebooks with hooks, an output folder, and a mark that every process carries."""

    root: Path
    mark: str

    @property
    def out(self) -> Path:
        return self.root / "out"

    def client(self, name: str) -> Path:
        return self.root / "clients" / name

    def start(self, work: str = "one", jobs: int = 2) -> subprocess.Popen:
        told = {"clients": str(self.root / "clients"), "out": str(self.out), "jobs": jobs,
                "notebooks": str(self.root / "notebooks"), "work": work}  # fmt: skip
        (self.root / "tmp").mkdir(exist_ok=True)
        (self.root / "run.py").write_text(RUN)
        path = os.pathsep.join([str(Path(__file__).parent), *filter(None, sys.path)])
        environment = {"TMPDIR": str(self.root / "tmp"), "FAULTS": self.mark, "PYTHONPATH": path}
        return subprocess.Popen(
            [sys.executable, self.root / "run.py", json.dumps(told)],
            env={**os.environ, **environment},
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip

    def run(self, work: str = "one") -> subprocess.CompletedProcess:
        process = self.start(work)
        out, err = process.communicate(timeout=900)
        return subprocess.CompletedProcess(process.args, process.returncode, out, err)

    def ghosts(self) -> list[psutil.Process]:
        return marked(self.mark)

    def clean(self) -> None:
        """Nobody is left ten seconds later, nothing is half done."""
        deadline = time.monotonic() + 10
        while self.ghosts() and time.monotonic() < deadline:
            time.sleep(0.1)
        assert self.ghosts() == []
        assert not (self.out / ".staging").exists()

    def reports(self) -> dict[str, dict[str, bytes]]:
        """Every published report by the id of its client; each is what its manifest says."""
        found = {}
        for manifest in self.out.glob("*/manifest.json"):
            told = json.loads(manifest.read_text())
            files = tree(manifest.parent)
            assert set(files) == {*told["outputs"], "manifest.json"}
            found[told["id"]] = files
        return found


def begun(root: Path) -> House:
    """A house with notebooks and nobody in it."""
    house = House(root, uuid.uuid4().hex)
    hooked(root / "notebooks")
    return house


def hooked(folder: Path) -> None:
    """Notebooks of sessions 00 and 01, each with three cells that may go wrong."""
    folder.mkdir(parents=True)
    for number in ("00", "01"):
        hooks = [fake_notebooks.code(HOOK.format(session=number, where=w)) for w in PLACES]
        book = fake_notebooks.notebook(number, hooks[1])
        for place, hook in ((len(book.cells), hooks[2]), (3, hooks[0])):
            book.cells.insert(place, hook)
        for place, cell in enumerate(book.cells):
            cell["id"] = f"c{place}"
        nbformat.write(book, folder / f"{schema.SESSIONS[number].stem}.ipynb")


def lay(house: House, kinds, sessions=("00", "01"), places=PLACES) -> dict[str, str]:
    """A client for each fault, and two good ones; returns client → what is wrong with it."""
    wrong = {}
    for number, (kind, session, where) in enumerate(itertools.product(kinds, sessions, places)):
        name = f"c{number:02}-{kind}-{session}-{where}"
        fake_notebooks.write_client(house.client(name), name, name)
        (house.client(name) / "fault.py").write_text(f"# {session} {where}\n{FAULTS[kind]}")
        wrong[name] = kind
    for name in ("good-1", "good-2"):
        fake_notebooks.write_client(house.client(name), name, name)
    return wrong


def without_faults(house: House) -> None:
    for path in house.root.glob("clients/*/fault.py"):
        path.unlink()


def told_apart(house: House, done: subprocess.CompletedProcess, wrong: dict[str, str]) -> None:
    """The good are published, the bad are not, each is named, and the exit code says so."""
    assert done.returncode == 1, done.stdout + done.stderr
    assert set(house.reports()) == {"good-1", "good-2"}
    assert "Traceback" not in done.stderr
    for name in wrong:
        assert f"  {name} (" in done.stdout, done.stdout
    assert re.search("To make just those again: .*servicegap batch", done.stdout), done.stdout
    house.clean()


def mended(house: House, before: dict[str, dict[str, bytes]], wrong: dict[str, str]) -> None:
    """The same command again, without the faults, makes just what had failed, and all of it."""
    without_faults(house)
    again = house.run()
    assert again.returncode == 0, again.stdout + again.stderr
    reports = house.reports()
    assert {name: reports[name] for name in before} == before, "good reports are as they were"
    assert set(reports) == {*before, *wrong}
    assert f"{len(wrong)} made, {len(before)} unchanged" in again.stdout
    house.clean()


def broken_inputs(house: House) -> dict[str, str]:
    for name in ("no-table", "torn"):
        fake_notebooks.write_client(house.client(name), name, name)
    (house.client("no-table") / "client.yaml").write_text(
        "name: no-table\nid: no-table\nprevious: ../not there\n"
    )
    (house.client("torn") / "ratings.csv").write_text("score\n5\n")
    return {"no-table": "missing input", "torn": "missing column"}
