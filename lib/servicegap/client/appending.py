"""Adding a row to a client's table: appended, and on the disk before anyone says that it is.

Two windows may record at the same moment and a laptop may die at any: the file is read again
under a lock, written beside itself, and put in its place in one step. The lock is the operating
system's own, so a process that is killed lets go of it.
"""

from __future__ import annotations

import contextlib
import csv
import io
import os
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from servicegap import schema
from servicegap.client.reading import both_there, table_files
from servicegap.placing import put
from servicegap.problems import Problem, Refused
from servicegap.tables.spellings import squash

_PATIENCE = 15.0  # seconds that we wait for another window to finish


def append_row(folder: Path, name: str, row: dict[str, str]) -> Path:
    """Append one row of texts to a table of the folder and return the file's path.

    Where the table's key is taken already the row's is numbered: `01-own`, `01-own-2`.
    """
    from servicegap.tables import files

    table = schema.TABLES[name]
    with locked(folder / f"{name}.csv"):  # one lock, however the file's own name is written
        path = _file(folder, name)
        if _begun(path):
            sheet = files.read_sheet(path, table)  # refuses, by name, what could not be read back
            for at, why, remedy in sheet.broken:  # a new column would change what it says
                raise Refused(Problem(name, path.name, at, None, None, why, remedy))
        add(path, table, row)
    return path


def add(path: Path, table: schema.Table, row: Mapping[str, str]) -> None:
    """Add a row of texts to a CSV file whose lock is held: below the lines that are there, in the
    file's own order of columns and with its own sign between them.

    Raises Refused where the file has other headers than the table, so that nobody would find it.
    """
    from servicegap.tables import csvs

    found = csvs.Lines([], list(table.names), [], ",", {})
    if _begun(path):
        found = csvs.lines_of(path, table)
    headers, rows = list(found.headers), found.rows
    positions = {squash(header): i for i, header in enumerate(headers)}
    for column in row:
        if squash(column) not in positions:
            positions[squash(column)] = len(headers)
            headers.append(column)
    if table.key:
        at = positions[squash(table.key)]
        taken = {line[at].strip() for line in rows if len(line) > at}
        row = {**row, table.key: _free(row[table.key], taken)}
    cells = [""] * len(headers)
    for column, text in row.items():
        cells[positions[squash(column)]] = text
    whole = io.StringIO(newline="")
    csv.writer(whole, delimiter=found.delimiter).writerows([*found.above, headers, *rows, cells])
    put(path, whole.getvalue().encode("utf-8-sig"))


def _begun(path: Path) -> bool:
    return path.exists() and path.stat().st_size > 0


def _file(folder: Path, name: str) -> Path:
    """The table's file that is there, in large letters or small; else where a new one goes."""
    there = table_files(folder)[0].get(name, [])
    for path in there:
        if path.suffix.casefold() != ".csv":
            raise Refused(
                Problem(name, path.name, None, None, None, "a row can only be added to a CSV file",
                        f"save {path.name} as {name}.csv and delete it")
            )  # fmt: skip
    if len(there) > 1:
        raise Refused(both_there(name, there))
    return there[0] if there else folder / f"{name}.csv"


def _free(key: str, taken: set[str]) -> str:
    numbered = (key if n == 1 else f"{key}-{n}" for n in range(1, len(taken) + 2))
    return next(name for name in numbered if name not in taken)


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the lock of a table's file; it ends with the process."""
    with path.with_name(f".{path.stem}.lock").open("a+b") as file:
        end = time.monotonic() + _PATIENCE
        while not _take(file.fileno()):
            if time.monotonic() > end:
                what = "another window has been writing for a long time"
                raise Refused(Problem(path.stem, path.name, None, None, None, what,
                                      "close the other window and try again"))  # fmt: skip
            time.sleep(0.02)
        try:
            yield
        finally:
            _give_back(file.fileno())


if sys.platform == "win32":
    import msvcrt

    def _take(handle: int) -> bool:
        os.lseek(handle, 0, os.SEEK_SET)
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def _give_back(handle: int) -> None:
        os.lseek(handle, 0, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _take(handle: int) -> bool:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True

    def _give_back(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_UN)
