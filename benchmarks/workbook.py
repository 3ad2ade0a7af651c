"""How soon is the workbook ready, and how much memory does a seat take?

    python -m benchmarks.workbook ready [--times 3]
    python -m benchmarks.workbook seat [--session 06]

`ready` starts a bare JupyterLab and `servicegap workbook` in turns, each in a home of its own, and
takes the time until the first page is answered; the target is a second more at most, and the copies
are laid out anew each time. `seat` runs a session's notebook as an attendee does, guesses locked
beforehand so that everything is drawn, and says what its kernel then holds.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

import nbformat
import psutil
from nbclient import NotebookClient
from servicegap import load, schema, workbook

ROOT = Path(__file__).resolve().parents[1]
SAMPLE = ROOT / "data" / "sample" / "alder-it"


def firm(into: Path) -> Path:
    """A copy of the made-up firm, its guesses in."""
    return Path(shutil.copytree(SAMPLE, into, ignore=shutil.ignore_patterns("TRUTH.yaml", ".*")))


def bare(home: Path) -> float:
    """Seconds until a JupyterLab without anything of ours answers its first page."""
    places = {f"JUPYTER_{k}_DIR": str(home / k) for k in ("CONFIG", "DATA", "RUNTIME")}
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--port=8990",
               "--IdentityProvider.token=", f"--ServerApp.root_dir={home}"]  # fmt: skip
    command += ["--allow-root"] if os.geteuid() == 0 else []
    began = time.monotonic()
    process = subprocess.Popen(command, env=os.environ | places, stderr=subprocess.DEVNULL)
    try:
        while True:
            try:
                with urllib.request.urlopen("http://127.0.0.1:8990/lab", timeout=2) as page:
                    page.read()
                return time.monotonic() - began
            except OSError:
                time.sleep(0.02)
    finally:
        process.terminate()
        process.wait(30)


def ours(folder: Path) -> float:
    """Seconds until `servicegap workbook` has said where it is, and its first page answers."""
    command = [sys.executable, "-m", "servicegap", "workbook", str(folder), "--no-browser"]
    began = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        for line in process.stdout:
            if "http" in line:
                with urllib.request.urlopen(line.split()[-1], timeout=10) as page:
                    page.read()
                return time.monotonic() - began
        raise RuntimeError("the workbook did not open")
    finally:
        process.terminate()
        process.wait(30)


def ready(times: int) -> None:
    """Print both times, in turns, and the difference of their middles."""
    found: dict[str, list[float]] = {"bare": [], "workbook": []}
    for _ in range(times):
        with tempfile.TemporaryDirectory() as home:
            found["bare"].append(bare(Path(home)))
            found["workbook"].append(ours(firm(Path(home) / "firm")))
    middle = {name: statistics.median(seconds) for name, seconds in found.items()}
    for name, seconds in found.items():
        print(f"{name:<10}{middle[name]:6.2f} s   {[round(s, 2) for s in seconds]}")
    print(f"difference{middle['workbook'] - middle['bare']:6.2f} s")


def seat(number: str) -> None:
    """Print what a session's kernel holds once everything in it has been drawn."""
    with tempfile.TemporaryDirectory() as home:
        folder = firm(Path(home) / "firm")
        client = load(folder)
        for guess in schema.SESSIONS[number].guesses:
            if client.stated(guess.id) is None:
                client.record(guess.id)
        workbook.lay_out(folder)
        path = folder / workbook.FOLDER / f"{schema.SESSIONS[number].stem}.ipynb"
        notebook = nbformat.read(path, as_version=4)
        runner = NotebookClient(notebook, resources={"metadata": {"path": str(path.parent)}})
        with runner.setup_kernel():
            before = psutil.Process(runner.km.provisioner.pid).memory_full_info()
            for at, cell in enumerate(notebook.cells):
                runner.execute_cell(cell, at)
            after = psutil.Process(runner.km.provisioner.pid).memory_full_info()
    for name, info in (("an empty kernel", before), (f"session {number}, all drawn", after)):
        print(f"{name:<24} RSS {info.rss / 2**20:5.0f} MB   USS {info.uss / 2**20:5.0f} MB")


def main() -> None:
    """Run what is asked for."""
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("what", choices=("ready", "seat"))
    ask.add_argument("--times", type=int, default=3)
    ask.add_argument("--session", default="06")
    told = ask.parse_args()
    if told.what == "ready":
        ready(told.times)
    else:
        seat(told.session)


if __name__ == "__main__":
    main()
