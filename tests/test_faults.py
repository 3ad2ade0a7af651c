"""Whatever goes wrong: nothing published, the last report untouched, one plain sentence, no ghosts.

Real kernels, real files, real signals. The notebooks are tiny ones that keep the contract, so that
each fault costs seconds; they lie in a folder of the test and are handed to the run function.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import fake_notebooks
import psutil
import pytest

pytestmark = pytest.mark.slow

# The command line's own way of making a report, with notebooks and limits of the test's.
RUN = """
import json, sys
from pathlib import Path
from servicegap.cli import reporting, saying
from servicegap.run.execute import Limits

options = json.loads(sys.argv[1])
if "file_limit" in options:
    import resource
    resource.setrlimit(resource.RLIMIT_FSIZE, (options["file_limit"],) * 2)
saying.plain(
    lambda: reporting.make_report(
        Path(options["folder"]), options.get("sessions"), ("html", "pdf", "pptx"),
        Path(options["out"]), notebooks=Path(options["notebooks"]),
        parameters=options.get("parameters", {}), limits=Limits(**options.get("limits", {})),
    )
)(debug=False)
"""


@dataclass(frozen=True)
class House:
    """A client, notebooks, an output folder with a good report in it, and a mark for processes."""

    root: Path
    mark: str

    @property
    def out(self) -> Path:
        return self.root / "out"

    def notebooks(self, **middle: str) -> Path:
        return fake_notebooks.write_notebooks(self.root / "notebooks", **middle)

    def start(self, cwd: Path | None = None, **options) -> subprocess.Popen:
        options = {
            "folder": str(self.root / "elm"),
            "out": str(self.out),
            "notebooks": str(self.root / "notebooks"),
            **options,
        }
        (self.root / "tmp").mkdir(exist_ok=True)
        environment = {**os.environ, "TMPDIR": str(self.root / "tmp"), "FAULTS": self.mark}
        return subprocess.Popen(
            [sys.executable, "-c", RUN, json.dumps(options)],
            cwd=cwd or self.root,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, cwd: Path | None = None, **options) -> subprocess.CompletedProcess:
        process = self.start(cwd, **options)
        out, err = process.communicate(timeout=120)
        return subprocess.CompletedProcess(process.args, process.returncode, out, err)

    def ghosts(self) -> list[psutil.Process]:
        return marked(self.mark)


def marked(mark: str) -> list[psutil.Process]:
    """The processes that were started with this mark, and their children; never this one."""

    def mine(process: psutil.Process) -> bool:
        try:
            return process.environ().get("FAULTS") == mark
        except (psutil.Error, OSError):
            return False

    return [p for p in psutil.process_iter() if p.pid != os.getpid() and mine(p)]


def tree(folder: Path) -> dict[str, bytes]:
    """Everything in a folder but the log."""
    return {
        p.relative_to(folder).as_posix(): p.read_bytes()
        for p in sorted(folder.rglob("*"))
        if p.is_file() and ".log" not in p.parts
    }


@pytest.fixture(scope="module")
def good(tmp_path_factory) -> Path:
    """A good report, made once."""
    house = House(tmp_path_factory.mktemp("good"), uuid.uuid4().hex)
    fake_notebooks.write_client(house.root / "elm")
    house.notebooks()
    done = house.run()
    assert (done.returncode, done.stderr) == (0, "")
    return house.root


@pytest.fixture
def house(good, tmp_path) -> Iterator[House]:
    house = House(tmp_path / "house", uuid.uuid4().hex)
    shutil.copytree(good, house.root)
    yield house
    for process in house.ghosts():
        process.kill()


def nothing_happened(house: House, before: dict[str, bytes], code: int, err: str) -> None:
    """The whole promise of this file."""
    assert code == 1
    assert tree(house.out) == before
    lines = err.splitlines()
    assert len(lines) == 1 and lines[0].endswith("."), err
    assert lines[0].count(". ") == 0, "one sentence"
    assert "Traceback" not in err and "Error:" not in err
    assert "nothing was published" in err
    deadline = time.monotonic() + 10
    while house.ghosts() and time.monotonic() < deadline:
        time.sleep(0.1)
    assert house.ghosts() == []
    assert sorted(p.name for p in (house.root / "tmp").iterdir()) == [], "scratch is gone"
    assert not (house.out / ".staging").exists()


CHILDREN = """# Ask two helpers
import os, subprocess, sys, time
sleep = [sys.executable, '-c', 'import time; time.sleep(300)']
helpers = [subprocess.Popen(sleep), subprocess.Popen(sleep, start_new_session=True)]
"""
FAULTS = {
    "killed": (CHILDREN + "os.kill(os.getpid(), 9)", {}, "died at “Ask two helpers”"),
    "gone without a word": ("# Leave\nimport os; os._exit(0)", {}, "died at “Leave”"),
    "hangs": (
        CHILDREN + "time.sleep(300)",
        {"limits": {"cell": 3}},
        "took longer than 3 seconds over “Ask two helpers”",
    ),
    "hangs and will not be interrupted": (
        "# Wait\nimport signal, time\n"
        "for s in (signal.SIGINT, signal.SIGTERM): signal.signal(s, signal.SIG_IGN)\n"
        "while True:\n    try: time.sleep(300)\n    except KeyboardInterrupt: pass",
        {"limits": {"cell": 3}},
        "took longer than 3 seconds over “Wait”",
    ),
    "takes too long in all": (
        "# Dawdle\nimport time; time.sleep(300)",
        {"limits": {"notebook": 4}},
        "took longer than 4 seconds in all",
    ),
    "raises": ("# Divide\n1 / 0", {}, "failed at “Divide”: division by zero (ZeroDivisionError)"),
    "raises over many lines": ("# Say\nraise ValueError('a.\\nb. c')", {}, "“Say”: a (ValueError)"),
    "leaves politely": ("# Go\nimport sys; sys.exit(0)", {}, "“Go”"),
    "changes the data": (
        "# Meddle\nopen(folder + '/ratings.csv', 'a').write('\\n')",
        {},
        "changed while the report was being made",
    ),
    "misspelt parameter": (
        "1",
        {"parameters": {"01": {"assumd": 3}}},
        "no parameter 'assumd' (did you mean 'assumed'?) in session 01 (Benchmarking)",
    ),
    "parameter of the wrong type": (
        "1",
        {"parameters": {"01": {"assumed": "3"}}},
        "'assumed' of session 01 (Benchmarking) takes a number",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_in_a_notebook(house, fault):
    source, options, said = FAULTS[fault]
    first = house.notebooks(s01=source) / "00_start_here.ipynb"
    if fault != "killed":  # one fault after a good session is enough; the others save its time
        first.unlink()
    before = tree(house.out)
    done = house.run(**options)
    assert said in done.stderr
    nothing_happened(house, before, done.returncode, done.stderr)


def test_a_kernel_that_is_not_there(house):
    path = house.root / "notebooks" / "01_benchmarking.ipynb"
    path.write_text(path.read_text().replace('"python3"', '"no-such-kernel"'))
    before = tree(house.out)
    done = house.run()
    assert "'no-such-kernel'" in done.stderr
    nothing_happened(house, before, done.returncode, done.stderr)


def shaky(house: House, monkeypatch, good_from: int) -> None:
    """Give session 01 a kernel that starts only at the try numbered `good_from`."""
    tries = house.root / "tries"
    source = (
        f"import runpy\nopen({str(tries)!r}, 'a').write('x')\n"
        f"if len(open({str(tries)!r}).read()) >= {good_from}:\n"
        "    runpy.run_module('ipykernel_launcher', run_name='__main__')"
    )
    spec = house.root / "kernels" / "shaky"
    spec.mkdir(parents=True)
    argv = [sys.executable, "-c", source, "-f", "{connection_file}"]
    (spec / "kernel.json").write_text(json.dumps({"argv": argv, "display_name": "shaky"}))
    path = house.root / "notebooks" / "01_benchmarking.ipynb"
    path.write_text(path.read_text().replace('"python3"', '"shaky"'))
    monkeypatch.setenv("JUPYTER_PATH", str(house.root))


def test_a_kernel_that_never_starts_is_tried_twice(house, monkeypatch):
    shaky(house, monkeypatch, good_from=9)
    before = tree(house.out)
    done = house.run()
    assert "could not start, twice" in done.stderr
    assert (house.root / "tries").read_text() == "xx"
    nothing_happened(house, before, done.returncode, done.stderr)


def test_a_kernel_that_starts_at_the_second_try_is_good_enough(house, monkeypatch):
    shaky(house, monkeypatch, good_from=2)
    done = house.run(out=str(house.root / "new"))
    assert (done.returncode, done.stderr) == (0, "")
    assert (house.root / "tries").read_text() == "xx"


def test_a_notebook_that_finds_nothing_out(house):
    path = house.root / "notebooks" / "01_benchmarking.ipynb"
    book = json.loads(path.read_text())
    book["cells"] = [c for c in book["cells"] if "finding" not in c["metadata"].get("tags", [])]
    path.write_text(json.dumps(book))
    before = tree(house.out)
    done = house.run()
    assert "without a finding on: Top marks, Ahead of peers" in done.stderr
    nothing_happened(house, before, done.returncode, done.stderr)


def test_a_notebook_that_is_no_notebook(house):
    (house.root / "notebooks" / "01_benchmarking.ipynb").write_text("{ torn")
    before = tree(house.out)
    done = house.run()
    assert "session 01 (Benchmarking) can't be read" in done.stderr
    nothing_happened(house, before, done.returncode, done.stderr)


@pytest.mark.parametrize("name", ["SIGTERM", "SIGINT", "SIGHUP"])
def test_a_signal_to_the_runner(house, name):
    flag = house.root / "running"
    house.notebooks(s01=f"{CHILDREN}open({str(flag)!r}, 'w').close(); time.sleep(300)")
    before = tree(house.out)
    process = house.start()
    deadline = time.monotonic() + 60
    while not flag.exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    start = time.monotonic()
    process.send_signal(getattr(signal, name))
    _, err = process.communicate(timeout=30)
    assert time.monotonic() - start < 10
    nothing_happened(house, before, process.returncode, err)


def test_what_a_killed_runner_left_is_swept_by_the_next(house):
    flag = house.root / "running"
    house.notebooks(s01=f"{CHILDREN}open({str(flag)!r}, 'w').close(); time.sleep(300)")
    before = tree(house.out)
    process = house.start()
    while not flag.exists():
        time.sleep(0.05)
    process.kill()
    process.communicate(timeout=30)
    assert {k: v for k, v in tree(house.out).items() if ".staging" not in k} == before
    assert house.ghosts(), "nobody was there to end them"
    house.notebooks()
    shutil.rmtree(house.root / "tmp")
    done = house.run()
    assert (done.returncode, done.stderr) == (0, "")
    assert house.ghosts() == [] and not (house.out / ".staging").exists()
    assert tree(house.out) == before


def test_a_disk_that_takes_no_more(house):
    before = tree(house.out)
    done = house.run(file_limit=30_000)
    assert "no room left" in done.stderr
    nothing_happened(house, before, done.returncode, done.stderr)


def test_a_full_disk(house):
    disk = house.root / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(disk)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("mounting is refused here; the test above limits file sizes instead")
    try:
        shutil.copytree(house.out, disk / "out")
        full = House(disk, house.mark)
        with (disk / "filler").open("wb") as filler:
            left = shutil.disk_usage(disk).free
            filler.write(b"x" * (left - 40_000))
        before = tree(full.out)
        done = house.run(out=str(full.out))
        assert "no room left" in done.stderr
        assert not (full.out / ".staging").exists()
        nothing_happened(house, tree(house.out), done.returncode, done.stderr)
        assert tree(full.out) == before
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def test_data_that_are_refused(house):
    (house.root / "elm" / "ratings.csv").write_text("score\n5\n")
    before = tree(house.out)
    done = house.run()
    assert done.returncode == 1 and tree(house.out) == before
    assert "ratings.csv" in done.stderr and "Traceback" not in done.stderr


def test_two_runs_are_the_same_byte_for_byte_from_anywhere(house):
    """Other working directory, other output folder, other name of the scratch folder."""
    before = tree(house.out)
    again = house.run(cwd=Path("/"), out=str(house.root / "elsewhere"))
    assert (again.returncode, again.stderr) == (0, "")
    after = tree(house.root / "elsewhere")
    assert list(after) == list(before)
    assert {name for name in after if after[name] != before[name]} == set()
    traces = [b"/tmp/", str(house.root).encode(), sys.prefix.encode(), str(Path.home()).encode()]
    for name in (n for n in after if n.endswith((".ipynb", ".json"))):
        assert [t for t in traces if t in after[name]] == [], name


def test_a_relative_folder_works_from_where_one_stands(house):
    done = house.run(cwd=house.root, folder="elm", out="new")
    assert done.returncode == 0
    assert tree(house.root / "new") == tree(house.out)
    assert done.stdout.splitlines()[-1].endswith("report.html")


def test_some_sessions_are_a_partial_report_beside_the_whole_one(house):
    before = tree(house.out)
    done = house.run(sessions="00")
    assert done.returncode == 0
    after = tree(house.out)
    partial = {n: b for n, b in after.items() if "/partial/" in n}
    assert {n: b for n, b in after.items() if n not in partial} == before
    manifest = json.loads(partial["elm-desk-7ecb532b/partial/manifest.json"])
    assert manifest["sessions"]["01_benchmarking"]["status"] == "not_asked"
    assert manifest["sessions"]["00_start_here"]["status"] == "ok"
