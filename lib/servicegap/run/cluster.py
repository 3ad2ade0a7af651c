"""The same jobs on many machines: a client a task of a Dask cluster, run elsewhere if it is lost.

Every machine sees the same folders under the same path and has this version of the workbook; a
worker that hasn't, refuses. Nothing travels but the job and what came of it: inputs are read, and
reports are put in place, by the worker itself, as on one machine.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from servicegap.run import Failed, plan
from servicegap.run.stopping import stopped_by_signals

if TYPE_CHECKING:
    from distributed import Client

J = TypeVar("J")
R = TypeVar("R")

_PATIENCE = 30  # seconds until a scheduler has answered, and until it has a worker
# A worker may have several threads; warnings and logs of two clients in one process would mix.
_one_at_a_time = threading.Lock()


def on_cluster(
    address: str, jobs: Sequence[J], work: Callable[[J], R], lost: Callable[[J, str], R]
) -> Iterator[R]:
    """Yield what comes of each job, in the order in which they end.

    Args: address, of the scheduler (tcp://…); work, a function that every worker can import; lost,
    makes the result of a job that no worker could finish, from the job and a sentence.
    Raises Failed where there is no cluster to be had. Leaving off early withdraws what has not
    begun; what has begun on another machine runs to its end there, and publishes as a whole or not
    at all.
    """
    with stopped_by_signals(), _connected(address) as client:
        from distributed import as_completed

        here = plan.library_hash()
        futures = {client.submit(_task, work, job, here, pure=False): job for job in jobs}
        try:
            for future in as_completed(list(futures), loop=client.loop):
                job = futures[future]
                try:
                    yield future.result()
                except Exception as error:
                    yield lost(job, _in_words(error))
                future.release()
        finally:
            client.cancel(list(futures), force=True)


def _task(work: Callable[[J], R], job: J, library: str) -> R:
    """One client on a worker; refused where its workbook is another."""
    if plan.library_hash() != library:
        raise Failed("The worker has another version of the workbook than the one that asked.")
    with _one_at_a_time:
        return work(job)


def _connected(address: str) -> Client:
    try:
        from distributed import Client
    except ImportError as error:
        raise Failed(
            "--scheduler needs Dask, which is not installed here: uv sync --extra cluster, or "
            "pip install -e .[cluster], on this machine and on the workers."
        ) from error
    client: Any = None
    try:
        client = Client(address, timeout=_PATIENCE, set_as_default=False)
        client.wait_for_workers(1, timeout=_PATIENCE)
    except (OSError, TimeoutError, ValueError) as error:
        if client is not None:
            client.close()
            why = f"The scheduler at {address} has no worker"
        else:
            why = f"There is no scheduler at {address}"
        raise Failed(f"{why}; see “Many machines” in the README.", repr(error)) from error
    return client


def _in_words(error: Exception) -> str:
    """Why a job has no result, and whether something may be published all the same."""
    if type(error).__name__ == "KilledWorker":
        return "Every worker that tried it was lost; nothing was published."
    if type(error).__name__ in ("CancelledError", "FutureCancelledError"):
        return (
            "The scheduler was lost; what its workers had begun may still be put in place. Run the "
            "same command again."
        )
    if isinstance(error, Failed):
        return f"{str(error).rstrip('.')}; nothing was published."
    return f"The worker could not do it ({type(error).__name__}: {error}); nothing was published."
