"""One run at a time for one output: two would put their reports over each other.

A lock is held by the operating system and ends with the process that holds it, however that ends;
the file that stands for it may stay and means nothing.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from servicegap.run import Failed
from servicegap.run.publish import said_plainly

FOLDER = ".log"  # beside what runs say of themselves; readers need not see it


@contextlib.contextmanager
def held(out: Path, name: str, otherwise: str) -> Iterator[None]:
    """Hold the lock `name` of the output folder `out`; Failed with `otherwise` where it is taken.

    Raises Failed in plain words too where the folder can't be written to.
    """
    from filelock import FileLock, Timeout

    lock = FileLock(out / FOLDER / f"{name}.lock", blocking=False)
    with said_plainly(out):
        (out / FOLDER).mkdir(parents=True, exist_ok=True)
        try:
            lock.acquire()
        except Timeout as error:
            raise Failed(otherwise, str(error)) from error
    try:
        yield
    finally:
        lock.release()
