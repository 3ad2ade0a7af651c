"""What a run says besides its report: timings and warnings, in `reports/.log/`.

A log is a courtesy: when it can't be written, the run's own result stands.
"""

from __future__ import annotations

import contextlib
import json
import logging
import time
import traceback
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Log:
    """Collects what happens; `write` leaves `<name>.json` (timings) and `<name>.log` (words)."""

    seconds: dict[str, float] = field(default_factory=dict)
    words: list[str] = field(default_factory=list)

    @contextlib.contextmanager
    def timed(self, step: str) -> Iterator[None]:
        """Measure how long a step takes, also when it fails."""
        start = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[step] = round(time.perf_counter() - start, 3)

    def say(self, heading: str, text: str) -> None:
        """Keep a text under a heading, unless there is none."""
        if text.strip():
            self.words.append(f"== {heading}\n{text.strip()}\n")

    @contextlib.contextmanager
    def listening(self) -> Iterator[None]:
        """Take Python's warnings and every logger's records, which would else land on stderr."""
        handler = _Handler(self)
        root = logging.getLogger()
        root.addHandler(handler)
        with warnings.catch_warnings():
            logging.captureWarnings(True)
            try:
                yield
            except BaseException as error:
                self.say("failed", getattr(error, "details", "") or str(error))
                self.say("where", "".join(traceback.format_exception(error)))
                raise
            finally:
                logging.captureWarnings(False)
                root.removeHandler(handler)

    def write(self, folder: Path, name: str) -> None:
        """Write both files into `folder`, if that is possible."""
        with contextlib.suppress(OSError):
            folder.mkdir(parents=True, exist_ok=True)
            (folder / f"{name}.log").write_text("\n".join(self.words), "utf-8")
            (folder / f"{name}.json").write_text(json.dumps(self.seconds, indent=1), "utf-8")


class _Handler(logging.Handler):
    def __init__(self, log: Log) -> None:
        super().__init__(logging.WARNING)
        self.log = log

    def emit(self, record: logging.LogRecord) -> None:
        with contextlib.suppress(Exception):
            self.log.say(f"{record.levelname.lower()} from {record.name}", record.getMessage())
