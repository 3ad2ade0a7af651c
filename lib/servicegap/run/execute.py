"""Run one session's notebook headlessly, and believe the result only after looking at it.

papermill does the running. What is ours: a fresh kernel in its own process group with a fixed
environment, limits on each cell and on the whole, and the check of what came out. papermill's own
metadata is never believed: it marks the cells of a dead kernel "completed".
"""

from __future__ import annotations

import contextlib
import copy
import os
import threading
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from servicegap import schema
from servicegap.bundles import read_bundles
from servicegap.run import Failed
from servicegap.run.processes import MARK, kill_group

if TYPE_CHECKING:
    from jupyter_client.manager import AsyncKernelManager
    from nbformat import NotebookNode

# The seam for other ways to run: session, its report edition, parameters -> executed notebook.
Executor = Callable[[schema.Session, "NotebookNode", Mapping[str, Any]], "NotebookNode"]


@dataclass(frozen=True)
class Limits:
    """How long things may take, in seconds: a kernel's start, one cell, one whole notebook."""

    start: int = 60
    cell: int = 240
    notebook: int = 900


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


def fresh_kernels(place: Place, limits: Limits) -> Executor:
    """Return an executor that gives every notebook a kernel of its own."""

    def execute(
        session: schema.Session, notebook: NotebookNode, parameters: Mapping[str, Any]
    ) -> NotebookNode:
        try:
            done = _run(session, notebook, parameters, place, limits)
        except _NotStarted:
            try:  # 20 starts at once on two cores lose about one in 60
                done = _run(session, notebook, parameters, place, limits)
            except _NotStarted as error:
                raise Failed(
                    f"{_name(session)} could not start, twice: its kernel never answered.",
                    str(error),
                ) from error
        check(session, done)
        return done

    return execute


def check(session: schema.Session, notebook: NotebookNode) -> None:
    """Raise Failed unless every code cell ran, none erred and every headline was found out."""
    for cell in notebook.cells:
        if cell.cell_type != "code" or not cell.source.strip():
            continue
        if any(output.output_type == "error" for output in cell.outputs):
            raise Failed(f"{_name(session)} failed at {_step(cell)}.")
        if not cell.get("execution_count"):
            raise Failed(f"{_name(session)} stopped before {_step(cell)}.")
    payloads = [bundle.payload for bundle in read_bundles(notebook)]
    found = {payload["id"] for payload in payloads if payload["kind"] == "finding"}
    missing = [h.label for h in session.headlines if h.id not in found]
    if missing:
        raise Failed(f"{_name(session)} ended without a finding on: {', '.join(missing)}.")


class _NotStarted(Exception):
    """The kernel never answered; worth one more try."""


@dataclass
class _Watch:
    """What was seen of one run: did the kernel answer, which cell ran last, did time run out."""

    answered: bool = False
    cell: NotebookNode | None = None
    too_long: bool = False


def _run(
    session: schema.Session,
    notebook: NotebookNode,
    parameters: Mapping[str, Any],
    place: Place,
    limits: Limits,
) -> NotebookNode:
    import papermill
    from nbclient.exceptions import CellTimeoutError, DeadKernelError
    from papermill.exceptions import PapermillExecutionError

    watch = _Watch()

    def answered(notebook: NotebookNode) -> None:
        watch.answered = True
        started()

    def reached(cell: NotebookNode, cell_index: int) -> None:
        watch.cell = cell

    with _kernel(session, notebook, place) as kernel, _time_limit(kernel, limits, watch) as started:
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
            raise Failed(
                f"{_name(session)} failed at {_step(watch.cell)}{_why(error.ename, error.evalue)}.",
                str(error),
            ) from error
        except CellTimeoutError as error:
            raise Failed(
                f"{_name(session)} took longer than {limits.cell} seconds over "
                f"{_step(watch.cell)} and was stopped."
            ) from error
        except DeadKernelError as error:
            if watch.too_long:
                raise Failed(
                    f"{_name(session)} took longer than {limits.notebook} seconds in all and was "
                    f"stopped at {_step(watch.cell)}."
                ) from error
            raise Failed(
                f"The kernel of {_name(session, 'session')} died at {_step(watch.cell)}."
            ) from error
        except Exception as error:
            if not watch.answered:
                raise _NotStarted(f"{type(error).__name__}: {error}") from error
            raise


@contextlib.contextmanager
def _kernel(
    session: schema.Session, notebook: NotebookNode, place: Place
) -> Iterator[AsyncKernelManager]:
    """Start a kernel; whatever happens, kill its whole group afterwards."""
    from jupyter_client.kernelspec import NoSuchKernel
    from jupyter_core.utils import run_sync

    kernel = _manager(notebook.metadata.get("kernelspec", {}).get("name", "python3"))
    kernel.connection_file = str(place.scratch / f"kernel-{uuid.uuid4().hex}.json")
    try:
        with place.words.open("ab") as words:
            run_sync(kernel.start_kernel)(
                cwd=str(place.scratch),
                env=_environment(place),
                stdout=words,
                stderr=words,
                extra_arguments=["--HistoryManager.hist_file=:memory:"],
            )
        yield kernel
    except NoSuchKernel as error:
        raise Failed(
            f"{_name(session)} asks for a kernel called '{kernel.kernel_name}', which this machine "
            "does not have."
        ) from error
    finally:
        # Kernels keep nothing worth a polite goodbye, and a hung one would not hear it.
        kill_group(getattr(kernel.provisioner, "pgid", None))
        with contextlib.suppress(Exception):
            run_sync(kernel.shutdown_kernel)(now=True)
        for client in kernel.__dict__.get("clients", ()):
            with contextlib.suppress(Exception):
                client.stop_channels()


def _manager(kernel_name: str) -> AsyncKernelManager:
    from ipykernel.kernelspec import get_kernel_dict
    from jupyter_client.kernelspec import NATIVE_KERNEL_NAME, KernelSpec, KernelSpecManager
    from jupyter_client.manager import AsyncKernelManager

    class OurPython(KernelSpecManager):
        """A user's own "python3" may be another Python; the one that runs us knows the library."""

        def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
            if kernel_name == NATIVE_KERNEL_NAME:
                return KernelSpec(**get_kernel_dict())
            return super().get_kernel_spec(kernel_name)

    class Manager(AsyncKernelManager):
        """Remembers its clients, whose threads papermill leaves running."""

        def client(self, **options: Any) -> Any:
            made = super().client(**options)
            self.__dict__.setdefault("clients", []).append(made)
            return made

    # With encryption (cheap: under 0.1 s a session) ipykernel has nothing to warn about either.
    return Manager(
        kernel_name=kernel_name, kernel_spec_manager=OurPython(), transport_encryption="auto"
    )


def _environment(place: Place) -> dict[str, str]:
    """The caller's environment, minus what could change a result from outside."""
    unwanted = ("PYTHONSTARTUP", "PYTHONINSPECT", "PYTHONBREAKPOINT")
    kept = {name: value for name, value in os.environ.items() if name not in unwanted}
    single = ("OPENBLAS", "OMP", "MKL", "NUMEXPR", "VECLIB_MAXIMUM")
    # The first place matplotlib looks for settings is the working directory.
    (place.scratch / "matplotlibrc").touch()
    return {
        **kept,
        **{f"{library}_NUM_THREADS": "1" for library in single},
        "PYTHONHASHSEED": "0",
        "PYTHONUTF8": "1",
        "MPLBACKEND": "agg",
        "IPYTHONDIR": str(place.scratch / "ipython"),
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",
        MARK: place.mark,
    }


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


def _name(session: schema.Session, word: str = "Session") -> str:
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
