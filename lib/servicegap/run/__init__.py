"""From a client's folder and the notebooks to a published report."""

from __future__ import annotations


class Failed(Exception):
    """A run can't go on; the text is one plain sentence for the reader.

    `details` may hold what a programmer wants to see (a traceback, a kernel's last words); it goes
    to the log.
    """

    def __init__(self, sentence: str, details: str = "") -> None:
        super().__init__(sentence)
        self.details = details


class WrongUsage(Failed):
    """What was asked for does not exist; the command line answers with exit code 2."""
