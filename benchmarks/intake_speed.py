"""What does it cost to take in and to read large ticket files, beside plain pandas.read_csv?

Each measurement is a process of its own, so that peak memory is its own: pandas.read_csv of the
export; `intake` of the export (a Freshdesk file, made up) into a client's folder; the first read
of the table that it wrote, which keeps a copy; the read of that copy, as sessions do it; and, with
--sessions, every part of all sessions that can be measured from it, one after the other, that read
included. CPU is user and system time of all threads; imports are not counted, but for those that
sessions put off until they need them. Each is done --times times, and the quickest counts.

    python -m benchmarks.intake_speed --sessions [--rows 10000 100000 1000000] [--times 1]
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd

_PLAIN = """
import pandas as pd
read = lambda: len(pd.read_csv(path))
"""
_INTAKE = """
from servicegap import intake
import pandas, pyarrow.csv
def read():
    done = intake.take_in(intake.recognise([path], folder), folder, how="replace")
    return done.taken[0].ledger.read
"""
_READ = """
from pathlib import Path
from servicegap import schema
from servicegap.tables.cache import read_cached
place, table = Path(folder) / "tickets.csv", schema.TABLES["tickets"]
read = lambda: read_cached(place, table, Path(folder) / ".servicegap" / "cache").ledger.read
"""
_FIRST = _READ + "\n"  # the same, without a copy to read
_SESSIONS = """
import importlib
from servicegap import schema
from servicegap.client import load
modules = [importlib.import_module(f"servicegap.sessions.{one.stem.partition('_')[2]}")
           for one in schema.SESSIONS.values()]
def read():
    client = load(folder, sealed=False)
    for one, module in zip(schema.SESSIONS.values(), modules):
        for part in one.parts:
            if hasattr(module, part.name):
                getattr(module, part.name)(client)
    return len(client["tickets"])
"""
_MEASURE = """
import json, sys, time
from pathlib import Path
path, folder = sys.argv[1:3]
{setup}
start, clock = time.process_time(), time.perf_counter()
rows = read()
cpu, wall = time.process_time() - start, time.perf_counter() - clock
status = Path("/proc/self/status")  # on Linux a child's ru_maxrss begins with its parent's
if status.exists():
    peak = int(next(x for x in status.read_text().splitlines() if x.startswith("VmHWM")).split()[1])
else:
    import resource
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(json.dumps([rows, cpu, wall, peak / 1024]))
"""


def export(rows: int, path: Path) -> None:
    """A made-up Freshdesk export."""
    rng = np.random.default_rng(rows)
    opened = pd.Timestamp("2024-10-01") + pd.to_timedelta(
        np.sort(rng.integers(0, 525_600, rows)), unit="m"
    )
    solved = opened + pd.to_timedelta(rng.integers(1, 6_000, rows), unit="m")
    minutes = rng.integers(1, 600, rows)
    frame = pd.DataFrame(
        {
            "Ticket ID": np.arange(1, rows + 1),
            "Subject": "Printer",
            "Status": rng.choice(["Closed", "Resolved", "Waiting on Third Party"], rows),
            "Priority": rng.choice(["Low", "Medium", "High", "Urgent"], rows),
            "Source": rng.choice(["Email", "Phone", "Portal"], rows),
            "Type": rng.choice(["Question", "Incident"], rows),
            "Agent": [f"Agent {i}" for i in rng.integers(0, 30, rows)],
            "Group": rng.choice(["East", "West"], rows),
            "Created time": opened.strftime("%Y-%m-%d %H:%M:%S"),
            "Resolved time": solved.strftime("%Y-%m-%d %H:%M:%S"),
            "First response time (in hrs)": [f"{m // 60}:{m % 60:02d}:00" for m in minutes],
            "Agent interactions": rng.integers(1, 9, rows),
            "Resolution status": rng.choice(["Within SLA", "SLA Violated"], rows),
            "Survey results": rng.choice(["5", "4", "3", "", "", "", ""], rows),
            "Contact ID": rng.integers(0, max(10, rows // 100), rows),
            "Company Name": [f"Company {i}" for i in rng.integers(0, 400, rows)],
        }
    )
    frame.to_csv(path, index=False)


def measure(setup: str, path: Path, folder: Path) -> tuple[int, float, float, float]:
    """Rows, CPU seconds, seconds by the clock and peak memory in MB of one way to read."""
    code = _MEASURE.format(setup=setup)
    done = subprocess.run(
        [sys.executable, "-c", code, str(path), str(folder)], capture_output=True, text=True,
        check=True,
    )  # fmt: skip
    rows, cpu, wall, peak = json.loads(done.stdout.strip().splitlines()[-1])
    return rows, cpu, wall, peak


def again(setup: str, path: Path, folder: Path, times: int) -> tuple[int, float, float, float]:
    """The same, done so many times: the least CPU and wall, the most memory."""
    found = []
    for _ in range(times):
        for copy in folder.glob(".servicegap/cache/*.parquet") if setup is _FIRST else ():
            copy.unlink()
        found.append(measure(setup, path, folder))
    rows, cpu, wall, peak = zip(*found, strict=True)
    return rows[0], min(cpu), min(wall), max(peak)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--sessions", action="store_true", help="minutes, with a million rows")
    parser.add_argument("--times", type=int, default=1, help="how often, the quickest counts")
    asked = parser.parse_args()
    print(f"{'rows':>10}  {'what':34}{'CPU s':>8}{'of plain':>10}{'µs a row':>10}{'wall s':>8}"
          f"{'peak MB':>9}")  # fmt: skip
    for rows in asked.rows:
        with tempfile.TemporaryDirectory() as place:
            folder = Path(place) / "client"
            folder.mkdir()
            path = Path(place) / "export.csv"
            export(rows, path)
            (folder / "client.yaml").write_text("name: Made Up\nid: made-up\n")
            plain = None
            sessions = [("all sessions", _SESSIONS, path)] if asked.sessions else []
            for name, setup, source in (
                ("pandas.read_csv of the export", _PLAIN, path),
                ("intake of the export", _INTAKE, path),
                ("pandas.read_csv of tickets.csv", _PLAIN, folder / "tickets.csv"),
                ("first read of tickets.csv", _FIRST, path),
                ("read of its copy, as in sessions", _READ, path),
                *sessions,
            ):
                read, cpu, wall, peak = again(setup, source, folder, asked.times)
                assert read == rows, (name, read)
                plain = cpu if setup is _PLAIN else plain
                assert plain is not None
                print(f"{rows:10,}  {name:34}{cpu:8.2f}{cpu / plain:10.1f}{1e6 * cpu / rows:10.1f}"
                      f"{wall:8.2f}{peak:9.0f}", flush=True)  # fmt: skip


if __name__ == "__main__":
    main()
