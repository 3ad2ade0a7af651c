"""Being asked to stop: SIGTERM, SIGHUP and Ctrl-C end a run in good order, and once only."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Callable, Iterator
from typing import Any


class Stopped(KeyboardInterrupt):
    """The run was asked to end (SIGTERM, SIGHUP, Ctrl-C).

    A KeyboardInterrupt, because event loops let nothing else through from a signal handler.
    """


@contextlib.contextmanager
def stopped_by_signals() -> Iterator[Callable[[], None]]:
    """Let SIGTERM, SIGHUP and Ctrl-C end the run in good order; a second one changes nothing.

    Gives a function after whose call none of them stops anything any more.
    """
    deaf = False

    def hold_on() -> None:
        nonlocal deaf
        deaf = True

    def stop(number: int, frame: Any) -> None:
        if not deaf:
            hold_on()
            raise Stopped(signal.Signals(number).name)

    if threading.current_thread() is not threading.main_thread():
        yield hold_on
        return
    names = [n for n in ("SIGTERM", "SIGINT", "SIGHUP") if hasattr(signal, n)]
    before = {getattr(signal, n): signal.signal(getattr(signal, n), stop) for n in names}
    try:
        yield hold_on
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
