"""What does a batch cost, beside other ways to run the same notebooks?

    python -m benchmarks.batch_speed [--clients 12] [--peers N] [--ways ours,plain,pool,cli]

Every way gets the same made-up clients and the same report editions, in the same run:

- ours: `servicegap batch`, all sessions, HTML, PDF and PPTX, a process for each processor;
- cli: a shell's loop over `papermill` and `jupyter nbconvert --to html`, one after another;
- pool: papermill's API and nbconvert's HTML exporter in a pool of a process for each processor;
- plain: the cells as plain calls in one warm process, which then writes the same three forms.

cli and pool write HTML only; what PDF and slides would cost them is given to them. CPU seconds are
those of a way's own processes, children included. Peers may be measured on fewer clients (--peers)
and are then compared by client; the table says so.
"""

from __future__ import annotations

import argparse
import concurrent.futures
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import nbformat
from servicegap import editions, simulate
from servicegap.client import ROOT
from servicegap.run.crew import cores

ENVIRONMENT = {
    **{k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"},
    "MPLBACKEND": "agg",
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",
    **{f"{library}_NUM_THREADS": "1" for library in ("OPENBLAS", "OMP", "MKL")},
}
WAYS = {
    "ours": "servicegap batch: HTML, PDF, PPTX",
    "cli": "papermill + nbconvert commands: HTML",
    "pool": "papermill API + exporter in a pool: HTML",
    "plain": "plain calls, one warm process: HTML, PDF, PPTX",
}


@dataclass(frozen=True)
class Cost:
    """What a way took for so many clients, in seconds."""

    clients: int
    cpu: float
    wall: float


def clients(folder: Path, count: int) -> list[Path]:
    """Made-up firms, each with its own seed and id."""
    made = []
    for number in range(1, count + 1):
        place = folder / f"client-{number:03}"
        simulate.write(simulate.make("alder-it", 1.0, 100 + number), place)
        settings = place / "client.yaml"
        told = re.sub(r"(?m)^id:.*$", f"id: client-{number:03}", settings.read_text("utf-8"))
        settings.write_text(re.sub(r"(?m)^name:.*$", f"name: Client {number}", told), "utf-8")
        made.append(place)
    return made


def report_editions(folder: Path) -> list[Path]:
    """The notebooks as every way runs them."""
    folder.mkdir(parents=True)
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        book = editions.report_edition(nbformat.read(path, as_version=4))
        nbformat.write(book, folder / path.name)
    return sorted(folder.glob("*.ipynb"))


def measured(count: int, *commands: list[str]) -> Cost:
    """Run commands one after another; what they cost together."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    for command in commands:
        done = subprocess.run(command, env=ENVIRONMENT, capture_output=True, text=True, check=False)
        if done.returncode:
            raise SystemExit(f"{' '.join(command)}\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Cost(count, cpu, time.perf_counter() - start)


def ours(folders: list[Path], scratch: Path, jobs: int) -> Cost:
    """Our own way."""
    named = [str(folder) for folder in folders]
    command = [sys.executable, "-m", "servicegap", "batch", *named, "--jobs", str(jobs)]
    return measured(len(folders), [*command, "--out", str(scratch / "ours")])


def plain(folders: list[Path], scratch: Path, jobs: int) -> Cost:
    """Plain calls."""
    command = [sys.executable, "-m", "benchmarks.plainly", str(scratch / "plain")]
    return measured(len(folders), [*command, *map(str, folders)])


def cli(folders: list[Path], scratch: Path, jobs: int) -> Cost:
    """What a shell script would do."""
    commands = []
    for folder in folders:
        out = scratch / "cli" / folder.name
        out.mkdir(parents=True)
        for book in report_editions(out / "source"):
            done = str(out / book.name)
            run = [sys.executable, "-m", "papermill", str(book), done, "--no-progress-bar"]
            commands.append([*run, "-p", "folder", str(folder), "-p", "sealed", "False"])
            commands.append([sys.executable, "-m", "nbconvert", "--to", "html", done])
    return measured(len(folders), *commands)


def pool(folders: list[Path], scratch: Path, jobs: int) -> Cost:
    """What a script with papermill's API would do; in a process of its own, to be measured."""
    command = [sys.executable, "-m", "benchmarks.batch_speed", "--as-pool", str(scratch / "pool")]
    return measured(len(folders), [*command, "--jobs", str(jobs), *map(str, folders)])


def _as_pool(out: Path, jobs: int, folders: list[Path]) -> None:
    books = report_editions(out / "source")
    tasks = [(book, out / folder.name / book.name, folder) for folder in folders for book in books]
    with concurrent.futures.ProcessPoolExecutor(jobs) as workers:
        list(workers.map(_one_notebook, *zip(*tasks, strict=True)))


def _one_notebook(book: Path, done: Path, folder: Path) -> None:
    import papermill
    from nbconvert import HTMLExporter

    done.parent.mkdir(parents=True, exist_ok=True)
    given = {"folder": str(folder), "sealed": False}
    made = papermill.execute_notebook(str(book), str(done), given, progress_bar=False)
    done.with_suffix(".html").write_text(HTMLExporter().from_notebook_node(made)[0], "utf-8")


def table(costs: dict[str, Cost]) -> list[str]:
    """Seconds a client, and ours as a share of each other way's."""
    head = f"{'':48}{'clients':>8}{'CPU s':>8}{'wall s':>8}{'CPU':>7}{'wall':>7}"
    lines = [f"{'a client':>72}{'ours ÷':>13}", head]
    own = costs["ours"]
    for name, cost in costs.items():
        cpu, wall = cost.cpu / cost.clients, cost.wall / cost.clients
        shares = f"{own.cpu / own.clients / cpu:7.2f}{own.wall / own.clients / wall:7.2f}"
        lines.append(f"{WAYS[name]:48}{cost.clients:8}{cpu:8.1f}{wall:8.1f}{shares}")
    return lines


def imports() -> Cost:
    """What a kernel that only starts and imports costs, as each client's does once."""
    source = "import pandas, seaborn, scipy.stats, statsmodels.api, ipykernel.kernelapp, IPython"
    return measured(1, [sys.executable, "-c", source])


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--clients", type=int, default=12)
    parser.add_argument("--peers", type=int, help="how many clients cli and pool get")
    parser.add_argument("--ways", default="ours,plain,pool,cli")
    parser.add_argument("--jobs", type=int, default=cores())
    parser.add_argument("--as-pool", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("folders", nargs="*", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.as_pool:
        _as_pool(asked.as_pool, asked.jobs, asked.folders)
        return
    run = {"ours": ours, "plain": plain, "pool": pool, "cli": cli}
    scratch = Path(tempfile.mkdtemp(prefix="batch-speed-"))
    try:
        folders = clients(scratch / "clients", asked.clients)
        costs = {}
        for way in asked.ways.split(","):
            count = asked.peers if asked.peers and way in ("pool", "cli") else len(folders)
            costs[way] = run[way](folders[:count], scratch, asked.jobs)
            print(f"{way}: {costs[way].cpu:.1f} CPU s, {costs[way].wall:.1f} s", flush=True)
        once = imports().cpu
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    print("\n".join(table(costs)))
    own = costs["ours"].cpu / costs["ours"].clients
    if "plain" in costs:
        work = costs["plain"].cpu / costs["plain"].clients
        rest = own - work - once
        print(
            f"\nOurs, {own:.1f} CPU s a client: {work:.1f} the work itself, {once:.1f} imports of "
            f"the client's kernel, {rest:.1f} messages, papermill and the look at what came."
        )


if __name__ == "__main__":
    main()
