"""Run one session's notebook headlessly, and believe the result only after looking at it.

papermill does the running. What is ours: limits on each cell and on the whole, and the check of
what came out. papermill's own metadata is never believed: it marks the cells of a dead kernel
"completed".
"""

from __future__ import annotations

import contextlib
import copy
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from servicegap import schema
from servicegap.bundles import read_bundles
from servicegap.run import Failed
from servicegap.run.job import Limits
from servicegap.run.processes import kill_group

if TYPE_CHECKING:
    from jupyter_client.manager import AsyncKernelManager
    from nbformat import NotebookNode

# The seam for other ways to run: session, its report edition, parameters -> executed notebook.
Executor = Callable[[schema.Session, "NotebookNode", Mapping[str, Any]], "NotebookNode"]


@dataclass(frozen=True)
class Place:
    """Where kernels run: an empty scratch folder, and the mark that all their processes carry."""

    scratch: Path
    mark: str

    @property
    def words(self) -> Path:
        """The file that takes what kernels say outside of cells."""
        return self.scratch / "kernels.log"

    @property
    def findings(self) -> Path:
        """The folder in which sessions hand on what they found; there once one has."""
        return self.scratch / "findings"


def check(session: schema.Session, notebook: NotebookNode) -> None:
    """Raise Failed unless every code cell ran, none erred and every headline was found out."""
    for cell in notebook.cells:
        if cell.cell_type != "code" or not cell.source.strip():
            continue
        if any(output.output_type == "error" for output in cell.outputs):
            raise Failed(f"{name_of(session)} failed at {_step(cell)}.")
        if not cell.get("execution_count"):
            raise Failed(f"{name_of(session)} stopped before {_step(cell)}.")
    payloads = [bundle.payload for bundle in read_bundles(notebook)]
    found = {payload["id"] for payload in payloads if payload["kind"] == "finding"}
    missing = [h.label for h in session.headlines if h.id not in found]
    if missing:
        raise Failed(f"{name_of(session)} ended without a finding on: {', '.join(missing)}.")


class NotStarted(Exception):
    """The kernel never answered; worth one more try."""


@dataclass
class _Watch:
    """What was seen of one run: did the kernel answer, which cell ran last, did time run out."""

    answered: bool = False
    cell: NotebookNode | None = None
    too_long: bool = False


def run_in(
    kernel: AsyncKernelManager,
    session: schema.Session,
    notebook: NotebookNode,
    parameters: Mapping[str, Any],
    limits: Limits,
) -> NotebookNode:
    """Run a session's report edition in a kernel that was started; return it with its outputs.

    Raises NotStarted where the kernel never answered, Failed in plain words for all else.
    """
    import papermill
    from nbclient.exceptions import CellTimeoutError, DeadKernelError
    from papermill.exceptions import PapermillExecutionError

    watch = _Watch()

    def answered(notebook: NotebookNode) -> None:
        watch.answered = True
        started()

    def reached(cell: NotebookNode, cell_index: int) -> None:
        watch.cell = cell

    with _time_limit(kernel, limits, watch) as started:
        try:
            return papermill.execute_notebook(
                copy.deepcopy(notebook),
                None,
                parameters=dict(parameters),
                kernel_name=kernel.kernel_name,
                language="python",
                progress_bar=False,
                km=kernel,
                start_timeout=limits.start,
                execution_timeout=limits.cell,
                iopub_timeout=limits.start,  # a busy machine may be late with a cell's outputs
                on_notebook_start=answered,
                on_cell_execute=reached,
                store_widget_state=False,
                record_timing=False,
            )
        except PapermillExecutionError as error:
            why = _why(error.ename, error.evalue)
            raise Failed(
                f"{name_of(session)} failed at {_step(watch.cell)}{why}.", str(error)
            ) from error
        except CellTimeoutError as error:
            raise Failed(
                f"{name_of(session)} took longer than {limits.cell} seconds over "
                f"{_step(watch.cell)} and was stopped."
            ) from error
        except DeadKernelError as error:
            if watch.too_long:
                raise Failed(
                    f"{name_of(session)} took longer than {limits.notebook} seconds in all and was "
                    f"stopped at {_step(watch.cell)}."
                ) from error
            raise Failed(
                f"The kernel of {name_of(session, 'session')} died at {_step(watch.cell)}."
            ) from error
        except Exception as error:
            if not watch.answered:
                raise NotStarted(f"{type(error).__name__}: {error}") from error
            raise


@contextlib.contextmanager
def _time_limit(
    kernel: AsyncKernelManager, limits: Limits, watch: _Watch
) -> Iterator[Callable[[], None]]:
    """Kill the kernel from a second thread once the notebook has had its time.

    Gives the function that starts the clock.
    """

    def stop() -> None:
        watch.too_long = True
        kill_group(getattr(kernel.provisioner, "pgid", None))
        process = getattr(kernel.provisioner, "process", None)
        if process is not None:
            process.kill()

    timer = threading.Timer(limits.notebook, stop)
    timer.daemon = True
    try:
        yield timer.start
    finally:
        timer.cancel()


def name_of(session: schema.Session, word: str = "Session") -> str:
    """A session at the beginning of a sentence: "Session 01 (Benchmarking)"."""
    return f"{word} {session.number} ({session.title})"


def _step(cell: NotebookNode | None) -> str:
    """A cell in words: its first line is a comment for the reader of a collapsed cell."""
    if cell is None:
        return "its first step"
    first = cell.source.strip().partition("\n")[0]
    return f"“{first.lstrip('# ').strip()}”"


def _why(kind: str, said: str) -> str:
    """What an exception said, as the end of a sentence."""
    first = next((line.strip() for line in said.splitlines() if line.strip()), "")
    text = first.rstrip(".").replace(". ", "; ")
    if not text:
        return f" ({kind})"
    return f": {text if len(text) <= 200 else text[:199] + '…'} ({kind})"
