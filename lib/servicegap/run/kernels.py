"""Kernels: started in a group of their own with a fixed environment, and ended with all they did.

Two ways to run sessions in them: `one_kernel` for all sessions of one client, made as good as new
in between, and `fresh_kernels`, one for each, to hold the first against. A kernel never serves two
clients. One that died, or that can't be cleaned, is replaced.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from servicegap import schema
from servicegap.run import Failed
from servicegap.run.execute import Executor, Limits, NotStarted, Place, check, name_of, run_in
from servicegap.run.processes import MARK, kill_group

if TYPE_CHECKING:
    from jupyter_client.manager import AsyncKernelManager
    from nbformat import NotebookNode

_OURS = "__import__('servicegap.run.resetting', fromlist=['']).{}()"


@contextlib.contextmanager
def one_kernel(place: Place, limits: Limits) -> Iterator[Executor]:
    """Give an executor that runs all sessions of one client in one kernel, one after another."""
    yield from _executor(_Kernels(place, limits, again=True))


@contextlib.contextmanager
def fresh_kernels(place: Place, limits: Limits) -> Iterator[Executor]:
    """Give an executor with which every session gets a kernel of its own."""
    yield from _executor(_Kernels(place, limits, again=False))


def _executor(kernels: _Kernels) -> Iterator[Executor]:
    try:
        yield kernels.execute
    finally:
        kernels.stop()


@dataclass
class _Kernels:
    """The kernel that runs now, if any, and whether it may serve another session."""

    place: Place
    limits: Limits
    again: bool
    kernel: AsyncKernelManager | None = None
    lasts: bool = False

    def execute(
        self, session: schema.Session, notebook: NotebookNode, parameters: Mapping[str, Any]
    ) -> NotebookNode:
        try:
            done = self._once(session, notebook, parameters)
        except NotStarted:
            try:  # 20 starts at once on two cores lose about one in 60
                done = self._once(session, notebook, parameters)
            except NotStarted as error:
                raise Failed(
                    f"{name_of(session)} could not start, twice: its kernel never answered.",
                    str(error),
                ) from error
        check(session, done)
        return done

    def _once(
        self, session: schema.Session, notebook: NotebookNode, parameters: Mapping[str, Any]
    ) -> NotebookNode:
        well = False
        try:
            kernel = self._clean(session, notebook)
            done = run_in(kernel, session, notebook, parameters, self.limits)
            well = True
            return done
        finally:
            if not well or not self.lasts:
                self.stop()

    def _clean(self, session: schema.Session, notebook: NotebookNode) -> AsyncKernelManager:
        """The kernel that is there, made as good as new, or a new one."""
        from jupyter_client.kernelspec import NATIVE_KERNEL_NAME

        name = notebook.metadata.get("kernelspec", {}).get("name", NATIVE_KERNEL_NAME)
        if self.kernel is not None and self.kernel.kernel_name == name and self._asked("renew"):
            return self.kernel
        self.stop()
        self.kernel = _manager(name)
        _start(self.kernel, session, self.place)
        if self.again and name == NATIVE_KERNEL_NAME:
            if not self._asked("keep"):
                raise NotStarted("it did not answer when it was asked to note its state")
            self.lasts = True
        return self.kernel

    def _asked(self, what: str) -> bool:
        """Whether the kernel did what it was asked; False too when it is dead or too slow."""
        from jupyter_core.utils import run_sync

        if self.kernel is None:
            return False
        _hang_up(self.kernel)
        try:
            why = run_sync(_refusal)(self.kernel, _OURS.format(what), self.limits.start)
        except Exception as error:  # whatever it is, a new kernel has none of it
            why = f"{type(error).__name__}: {error}"
        finally:
            _hang_up(self.kernel)
        if why:
            with contextlib.suppress(OSError), self.place.words.open("a", encoding="utf-8") as file:
                file.write(
                    f"A kernel did not {what} its state and makes way for a new one: {why}\n"
                )
        return not why

    def stop(self) -> None:
        """End the kernel and its whole group; nothing happens where there is none."""
        kernel, self.kernel, self.lasts = self.kernel, None, False
        if kernel is not None:
            _stop(kernel)


async def _refusal(kernel: AsyncKernelManager, code: str, seconds: float) -> str:
    """Run `code` in the kernel, unseen by its notebook; why that went wrong, or nothing."""
    client = kernel.client()
    client.start_channels(iopub=False, stdin=False, hb=False, control=False)
    asked = asyncio.ensure_future(client.execute(code, silent=True, reply=True, timeout=seconds))
    try:
        while not (await asyncio.wait({asked}, timeout=0.5))[0]:
            if not await kernel.is_alive():
                return "it is dead"
        said = asked.result()["content"]
        return "" if said["status"] == "ok" else f"{said['ename']}: {said['evalue']}"
    finally:
        asked.cancel()


def _start(kernel: AsyncKernelManager, session: schema.Session, place: Place) -> None:
    from jupyter_client.kernelspec import NoSuchKernel
    from jupyter_core.utils import run_sync

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
    except NoSuchKernel as error:
        raise Failed(
            f"{name_of(session)} asks for a kernel called '{kernel.kernel_name}', which this "
            "machine does not have."
        ) from error


def _stop(kernel: AsyncKernelManager) -> None:
    from jupyter_core.utils import run_sync

    # Kernels keep nothing worth a polite goodbye, and a hung one would not hear it.
    kill_group(getattr(kernel.provisioner, "pgid", None))
    with contextlib.suppress(Exception):
        run_sync(kernel.shutdown_kernel)(now=True)
    _hang_up(kernel)


def _hang_up(kernel: AsyncKernelManager) -> None:
    """End every line to a kernel: they go by one name, so that a later one takes it over."""
    clients = kernel.__dict__.get("clients", [])
    while clients:
        with contextlib.suppress(Exception):
            clients.pop().stop_channels()


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
