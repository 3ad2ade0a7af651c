"""Worker processes of this machine: each makes one client after another, on its own.

A worker lives long, so that what the exporters need is imported once; the kernels in which clients'
notebooks run are new for every client. A worker that dies takes its own client's report with it,
nothing else, and is replaced. All end with the process that started them.
"""

from __future__ import annotations

import contextlib
import multiprocessing as mp
import os
import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from multiprocessing import connection
from pathlib import Path
from typing import Any

from servicegap.run import publish
from servicegap.run.batch import Outcome, Task, lost, one
from servicegap.run.stopping import stopped_by_signals

A_REPORT = 1e9  # bytes that a worker and its kernel take together
GRACE = 5.0  # seconds in which workers that are told to stop may put things in order
# A task, what is being done, how many steps are done, of how many.
Steps = Callable[[Task, str, int, int], None]


def cores() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0)) or 1
    return os.cpu_count() or 1


def at_once() -> int:
    """How many reports this machine makes side by side: a processor and a gigabyte for each."""
    import psutil

    return max(1, min(cores(), int(psutil.virtual_memory().available / A_REPORT)))


def on_this_machine(
    tasks: Sequence[Task],
    jobs: int,
    steps: Steps = lambda task, step, done, total: None,
    work: Callable[..., Outcome] = one,
) -> Iterator[Outcome]:
    """Yield what came of each task, as it ends; at most `jobs` run at a time.

    Args: steps, told of every step; work, what a worker does with a task, found by its name.
    Raises KeyboardInterrupt when asked to stop (Ctrl-C, SIGTERM, SIGHUP); everything that was
    begun has ended then and nothing of it is published.
    """
    waiting = deque(tasks)
    count = max(1, min(jobs, len(waiting)))
    busy: list[_Worker] = []
    idle: list[_Worker] = []
    out = tasks[0].job.out.absolute() if tasks else Path()
    with stopped_by_signals():
        try:
            while waiting or busy:
                while waiting and len(busy) < count:
                    worker = idle.pop() if idle else _Worker.new(work)
                    worker.take(waiting.popleft())
                    busy.append(worker)
                for worker in _ready(busy):
                    outcome = worker.heard(steps)
                    if outcome is None:
                        continue
                    busy.remove(worker)
                    if worker.lives:
                        idle.append(worker)
                    else:
                        publish.sweep(out)  # its kernels, and what it had begun
                    yield outcome
        finally:
            _end([*busy, *idle])
            if busy:
                with contextlib.suppress(Exception):
                    publish.sweep(out)


@dataclass(eq=False)
class _Worker:
    """A process at the other end of a line, and the task it is at."""

    process: Any
    line: connection.Connection
    task: Task | None = None
    until: float = field(default=0.0)

    @classmethod
    def new(cls, work: Callable[..., Outcome]) -> _Worker:
        spawn = mp.get_context("spawn")  # the same on every system, and nothing is inherited
        ours, theirs = spawn.Pipe()
        process = spawn.Process(target=_serve, args=(theirs, work), daemon=True)
        process.start()
        theirs.close()
        return cls(process, ours)

    @property
    def lives(self) -> bool:
        return self.process.exitcode is None

    def take(self, task: Task) -> None:
        self.task = task
        self._be_patient()
        with contextlib.suppress(OSError):  # it died while nobody looked: `heard` will say so
            self.line.send(task)

    def _be_patient(self) -> None:
        assert self.task is not None
        limits = self.task.job.limits
        self.until = time.monotonic() + limits.notebook + 2 * limits.start + 300

    def heard(self, steps: Steps) -> Outcome | None:
        """Take what the worker says; its outcome when the task has ended, however it ended."""
        assert self.task is not None
        try:
            while self.line.poll():
                said = self.line.recv()
                if isinstance(said, Outcome):
                    return said
                self._be_patient()
                steps(self.task, *said)
        except (EOFError, OSError):
            self.process.join(GRACE)
            self.process.kill()
            self.process.join()
            how = _how(self.process.exitcode)
            return lost(self.task, f"Its worker died ({how}); nothing was published.")
        if time.monotonic() > self.until:
            self.process.kill()
            self.process.join()
            why = "Its worker was not heard of for far too long and was stopped"
            return lost(self.task, f"{why}; nothing was published.")
        return None


def _ready(busy: Sequence[_Worker]) -> list[_Worker]:
    """The workers that have something to say, or have said nothing for too long."""
    spoke = set(connection.wait([worker.line for worker in busy], timeout=1.0))
    now = time.monotonic()
    return [worker for worker in busy if worker.line in spoke or now > worker.until]


def _how(code: int | None) -> str:
    if code is not None and code < 0:
        with contextlib.suppress(ValueError):
            return signal.Signals(-code).name
    return f"exit code {code}"


def _end(workers: Sequence[_Worker]) -> None:
    """End workers: politely first, so that they end their kernels themselves."""
    for worker in workers:
        worker.process.terminate()
    deadline = time.monotonic() + GRACE
    for worker in workers:
        worker.process.join(max(0.0, deadline - time.monotonic()))
        if worker.lives:
            worker.process.kill()
            worker.process.join()
        worker.line.close()


def _serve(line: connection.Connection, work: Callable[..., Outcome]) -> None:
    """What a worker does all its life."""
    if hasattr(os, "setsid"):
        os.setsid()  # Ctrl-C is for the one who started us, who then tells us
    threading.Thread(target=_outlive_nobody, daemon=True).start()

    def steps(step: str, done: int, total: int) -> None:
        with contextlib.suppress(OSError):
            line.send((step, done, total))

    with contextlib.suppress(EOFError, OSError, KeyboardInterrupt):
        while True:
            task = line.recv()
            line.send(work(task, steps))


def _outlive_nobody() -> None:
    """When the process that started this one is gone, end as if asked to stop."""
    parent = mp.parent_process()
    if parent is None:
        return
    parent.join()
    if os.name == "posix":
        os.kill(os.getpid(), signal.SIGTERM)
    else:
        import _thread

        _thread.interrupt_main()
    time.sleep(GRACE)
    os._exit(1)
