"""Does a client cost the same in a large batch as in a small one?

    python -m benchmarks.batch_scale [--counts 1,10,100] [--sessions 01,06] [--formats html]

CPU seconds a client (children included), and the most memory that the batch with its workers and
kernels held at any one moment. Then the same command again: with nothing changed, and with one
client changed. Clients are a few made-up firms under many ids; --sessions takes only those.
"""

from __future__ import annotations

import argparse
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
from servicegap import schema
from servicegap.cli import batching
from servicegap.client import ROOT
from servicegap.run.crew import cores

if TYPE_CHECKING:
    from benchmarks.batch_speed import Cost

FIRMS = 4  # of different content


def clients(folder: Path, count: int) -> None:
    """Folders of made-up firms: a few contents, each client with its own id."""
    from servicegap import simulate

    firms = folder.parent / "firms"
    for number in range(FIRMS):
        place = firms / str(number)
        if not place.exists():
            simulate.write(simulate.make("alder-it", 1.0, 100 + number), place)
    for number in range(1, count + 1):
        place = folder / f"client-{number:03}"
        shutil.copytree(firms / str(number % FIRMS), place)
        settings = place / "client.yaml"
        told = re.sub(r"(?m)^id:.*$", f"id: client-{number:03}", settings.read_text("utf-8"))
        settings.write_text(re.sub(r"(?m)^name:.*$", f"name: Client {number}", told), "utf-8")


def notebooks(folder: Path, sessions: str | None) -> Path:
    """The notebooks to run: all, or copies of those asked for."""
    every = ROOT / "notebooks"
    if not sessions:
        return every
    folder.mkdir()
    for number in sessions.split(","):
        shutil.copy(every / f"{schema.SESSIONS[number].stem}.ipynb", folder)
    return folder


def watched(command: list[str], count: int) -> tuple[Cost, float]:
    """Run a command; what it cost, and the most memory of its whole family at once, in MB."""
    from benchmarks.batch_speed import ENVIRONMENT, Cost

    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    process = subprocess.Popen(command, env=ENVIRONMENT, stdout=subprocess.DEVNULL)
    most = 0.0
    while process.poll() is None:
        most = max(most, _memory(process.pid))
        time.sleep(0.5)
    wall = time.perf_counter() - start
    if process.returncode:
        raise SystemExit("The batch failed.")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Cost(count, cpu, wall), most


def _memory(pid: int) -> float:
    total = 0
    try:
        family = [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
    except psutil.Error:
        return 0
    for process in family:
        try:
            total += process.memory_info().rss
        except psutil.Error:
            continue
    return total / 1e6


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--counts", default="1,10,100")
    parser.add_argument("--sessions")
    parser.add_argument("--formats", default="html,pdf,pptx")
    parser.add_argument("--jobs", type=int, default=cores())
    parser.add_argument("--run", nargs=3, type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.run:
        folder, out, books = asked.run
        formats = tuple(asked.formats.split(","))
        done = batching.make_batch([folder], formats, out, asked.jobs, notebooks=books)
        sys.exit(any(outcome.status == "failed" for outcome in done))
    scratch = Path(tempfile.mkdtemp(prefix="batch-scale-"))
    try:
        books = notebooks(scratch / "notebooks", asked.sessions)
        print(f"{'clients':>8}{'CPU s a client':>16}{'wall s a client':>17}{'most memory, MB':>17}")
        for count in map(int, asked.counts.split(",")):
            folder, out = scratch / f"clients-{count}", scratch / f"out-{count}"
            clients(folder, count)
            own = [sys.executable, "-m", "servicegap", "batch", str(folder), "--out", str(out)]
            if asked.sessions:  # fewer notebooks than the command would take
                own = [sys.executable, "-m", "benchmarks.batch_scale"]
                own += ["--run", str(folder), str(out), str(books)]
            own += ["--formats", asked.formats, "--jobs", str(asked.jobs)]
            cost, memory = watched(own, count)
            print(f"{count:8}{cost.cpu / count:16.1f}{cost.wall / count:17.1f}{memory:17.0f}")
        again, _ = watched(own, count)
        print(f"{count} clients, nothing changed: {again.wall:.1f} s, {again.cpu:.1f} CPU s")
        with (folder / "client-001" / "client.yaml").open("a", encoding="utf-8") as file:
            file.write("notes: something new\n")
        one, _ = watched(own, count)
        print(f"{count} clients, one changed: {one.wall:.1f} s, {one.cpu:.1f} CPU s")
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


if __name__ == "__main__":
    main()
