"""No bad file takes long or much memory: each is read in a process of its own, which is measured.

The processes are forks of one that has imported everything, so what is measured is the reading.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from test_bad_files import CASES

SECONDS, MEMORY = 60, 1 << 30  # of one file, whatever is in it
AT_ONCE = 1.0  # CPU seconds in which what is refused must be refused

_RUN = """
import json, os, resource, signal, sys
from pathlib import Path
import openpyxl, pandas, pyarrow.csv, pyarrow.parquet
from servicegap import intake, schema
from servicegap.problems import Refused
from servicegap.tables import read_table, workbooks
from servicegap.intake import catalogue
catalogue.weights()
def table(path, folder):
    read_table(path, schema.TABLES[path.stem])
def export(path, folder):
    intake.take_in(intake.recognise([path], folder, "tickets"), folder)
for line in sys.stdin:
    path, folder = map(Path, json.loads(line))
    for way in (table, export):
        child = os.fork()
        if not child:
            signal.alarm(int(sys.argv[1]))  # wall-clock seconds, then the system ends it
            resource.setrlimit(resource.RLIMIT_AS, (6 << 30, 6 << 30))  # a fence for the machine
            try:
                way(path, folder)
                code = 0
            except Refused:
                code = 1
            except BaseException as error:
                print(repr(error), file=sys.stderr)
                code = 9
            os._exit(code)
        _, status, used = os.wait4(child, 0)
        print(json.dumps([way.__name__, os.waitstatus_to_exitcode(status),
                          used.ru_utime + used.ru_stime, used.ru_maxrss * 1024]), flush=True)
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="forks are measured as Linux does")
def test_every_bad_file_keeps_within_its_bounds(tmp_path: Path) -> None:
    asked = []
    for i, case in enumerate(CASES):
        room = tmp_path / str(i)
        (room / "client").mkdir(parents=True)
        asked.append(json.dumps([str(case.write(room)), str(room / "client")]))
    assert len(asked) >= 60
    command = [sys.executable, "-c", _RUN, str(SECONDS)]
    done = subprocess.run(
        command, input="\n".join(asked), text=True, capture_output=True, check=True
    )
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(found) == 2 * len(CASES)
    for i, (way, code, seconds, memory) in enumerate(found):
        case = CASES[i // 2]
        told = f"{case.name}, read as {way}: {seconds:.2f} s, {memory >> 20} MB; {done.stderr}"
        assert code in (0, 1), told
        assert seconds < SECONDS and memory < MEMORY, told
        assert code == 0 or seconds < AT_ONCE, told
        if way == "table":
            assert (code == 1) == bool(case.refused), told
    slowest, largest = max(f[2] for f in found), max(f[3] for f in found)
    print(f"{len(CASES)} files, two ways: at most {slowest:.2f} CPU s and {largest >> 20} MB")
