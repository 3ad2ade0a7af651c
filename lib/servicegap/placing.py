"""A file is there whole or not at all: written beside its place, then moved there in one step."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable
from pathlib import Path


def put(path: Path, content: bytes | Iterable[bytes]) -> Path:
    """Write a file, or its pieces, beside its place and move it there in one step.

    Its folder is made where there is none. Whatever goes wrong leaves what stood there before and
    nothing half written; OSError where it can't be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.stem}-", suffix=".tmp")
    try:
        with os.fdopen(handle, "wb") as file:
            file.writelines([content] if isinstance(content, bytes) else content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return path
