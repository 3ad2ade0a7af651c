"""A file is there whole or not at all: written beside its place, then moved there in one step."""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

_PATIENCE = 15.0  # seconds that a reader on Windows may keep the file open


def put(path: Path, content: bytes | Iterable[bytes], mode: int = 0o644) -> Path:
    """Write a file, or its pieces, beside its place, and move it there in one step, on the disk.

    Its folder is made where there is none. What stood there before keeps its permissions; a new
    file has `mode`. Whatever goes wrong leaves what stood there, and nothing half written; OSError
    where it can't be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.stem}-", suffix=".tmp")
    begun = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.writelines([content] if isinstance(content, bytes) else content)
            file.flush()
            os.fsync(file.fileno())
        begun.chmod(path.stat().st_mode & 0o777 if path.exists() else mode)
        move(begun, path)
    except BaseException:
        with contextlib.suppress(OSError):
            begun.unlink()
        raise
    if sys.platform != "win32":  # the folder's entry has to reach the disk too
        with contextlib.suppress(OSError):
            folder = os.open(path.parent, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)
    return path


def move(begun: Path, path: Path) -> None:
    """os.replace; on Windows a reader that has the file or folder open is given a moment."""
    end = time.monotonic() + _PATIENCE
    while True:
        try:
            begun.replace(path)
            return
        except PermissionError:
            if sys.platform != "win32" or time.monotonic() > end:
                raise
            time.sleep(0.05)
