"""Inside a kernel: make it as good as new between two sessions of one client.

`keep` notes how the kernel was before its first session; `renew` brings it back to that, or raises
`NotClean`, and then the kernel is replaced by a new one. Nothing of a session stays but imported
modules and what they cache: no name, counter, setting, seed, figure, folder or variable of the
environment. A session that patches a module of somebody else's would not be noticed; none does.
"""

from __future__ import annotations

import builtins
import contextlib
import decimal
import gc
import locale
import logging
import os
import random
import signal
import sys
import threading
import time
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_PLACE = "_servicegap_kept"  # where the shell carries it: not among the names a notebook sees
_MACHINERY = ("zmq", "ipykernel", "IPython", "tornado")  # whose threads are the kernel's own
_SIGNALS = tuple(
    getattr(signal, n) for n in ("SIGINT", "SIGTERM", "SIGHUP", "SIGALRM") if hasattr(signal, n)
)


class NotClean(Exception):
    """The kernel can't be made as good as new."""


@dataclass(frozen=True)
class Kept:
    """How a kernel was before its first session."""

    folder: str
    environment: dict[str, str]
    path: list[str]
    filters: list[Any]
    threads: frozenset[threading.Thread]
    builtin: dict[str, Any]
    locale: str
    limit: int
    signals: dict[int, Any]
    streams: tuple[Any, ...]
    hooks: tuple[Any, ...]
    loggers: dict[str, tuple[int, tuple[logging.Handler, ...], bool, bool]]
    callbacks: dict[str, list[Any]]
    transforms: tuple[list[Any], ...]
    magics: dict[str, dict[str, Any]]
    printers: dict[str, tuple[bool, dict[Any, Any], dict[Any, Any], dict[Any, Any]]]
    settings: dict[str, Any]


def keep(shell: Any = None) -> None:
    """Note how the kernel is now, before anything ran in it."""
    shell = shell or _shell()
    kept = Kept(
        str(Path.cwd()),
        dict(os.environ),
        list(sys.path),
        list(warnings.filters),
        frozenset(threading.enumerate()),
        dict(vars(builtins)),
        locale.setlocale(locale.LC_ALL),
        sys.getrecursionlimit(),
        {number: signal.getsignal(number) for number in _SIGNALS},
        (sys.stdin, sys.stdout, sys.stderr),
        (sys.displayhook, sys.excepthook, threading.excepthook),
        {name: _of_logger(logger) for name, logger in _loggers().items()},
        {name: list(those) for name, those in shell.events.callbacks.items()},
        _transforms(shell),
        {kind: dict(those) for kind, those in shell.magics_manager.magics.items()},
        {name: _of_printer(p) for name, p in shell.display_formatter.formatters.items()},
        _settings(shell),
    )
    setattr(shell, _PLACE, kept)


def renew(shell: Any = None) -> None:
    """Bring the kernel back to what `keep` noted. Raises NotClean where that can't be."""
    shell = shell or _shell()
    kept = getattr(shell, _PLACE, None)
    if kept is None:
        raise NotClean("nothing is known of how it was")
    shell.reset(new_session=True)
    _libraries()
    _interpreter(kept)
    _interface(kept, shell)
    _look(kept)
    gc.collect()
    gc.freeze()  # modules stay for good: looking through them all takes longer than all the rest


def _interpreter(kept: Kept) -> None:
    """What Python itself remembers."""
    os.chdir(kept.folder)
    for name in set(os.environ) - set(kept.environment):
        del os.environ[name]
    os.environ.update(kept.environment)
    if hasattr(time, "tzset"):
        time.tzset()
    sys.path[:] = kept.path
    for name in set(vars(builtins)) - set(kept.builtin) - {"_"}:
        delattr(builtins, name)
    for name, value in kept.builtin.items():
        if getattr(builtins, name, None) is not value:
            setattr(builtins, name, value)
    warnings.resetwarnings()
    warnings.filters.extend(kept.filters)  # type: ignore[attr-defined]
    for module in list(sys.modules.values()):  # or what was said once is not said again
        with contextlib.suppress(Exception):
            vars(module).get("__warningregistry__", {}).clear()
    locale.setlocale(locale.LC_ALL, kept.locale)
    decimal.setcontext(decimal.Context(prec=28))
    decimal.getcontext().clear_flags()
    sys.setrecursionlimit(kept.limit)
    for number, handler in kept.signals.items():
        if handler is not None and signal.getsignal(number) is not handler:
            signal.signal(number, handler)
    if hasattr(signal, "alarm"):
        signal.alarm(0)
    sys.stdin, sys.stdout, sys.stderr = kept.streams
    sys.displayhook, sys.excepthook, threading.excepthook = kept.hooks
    sys.settrace(None)
    gc.enable()
    random.seed()
    _logging(kept)


def _logging(kept: Kept) -> None:
    logging.disable(logging.NOTSET)
    logging.captureWarnings(False)
    for name, logger in _loggers().items():
        plain = tuple(h for h in logger.handlers if isinstance(h, logging.NullHandler))
        level, handlers, disabled, propagates = kept.loggers.get(
            name, (logging.NOTSET, plain, False, True)
        )
        logger.setLevel(level)
        logger.handlers[:] = handlers
        logger.disabled, logger.propagate = disabled, propagates


def _libraries() -> None:
    """What the big libraries remember, where they are loaded: all back to how they come."""
    if "numpy" in sys.modules:
        import numpy as np

        np.random.seed()  # noqa: NPY002 (the old generator is what may be left seeded)
        np.seterr(divide="warn", over="warn", under="ignore", invalid="warn")
        np.set_printoptions(
            precision=8, threshold=1000, edgeitems=3, linewidth=75, suppress=False, nanstr="nan",
            infstr="inf", formatter=None, sign="-", floatmode="maxprec", legacy=False,
        )  # fmt: skip
    if "pandas" in sys.modules:
        import pandas as pd

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            pd.reset_option("all")
    if "matplotlib" in sys.modules:
        import matplotlib as mpl

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            mpl.rcParams.update({k: v for k, v in mpl.rcParamsOrig.items() if k != "backend"})
    if "matplotlib.pyplot" in sys.modules:
        from matplotlib import pyplot as plt

        plt.close("all")


def _interface(kept: Kept, shell: Any) -> None:
    """What IPython remembers besides the names and counters that its own reset clears."""
    for name, those in kept.callbacks.items():
        shell.events.callbacks[name][:] = those
    for now, before in zip(_transformers(shell), kept.transforms, strict=True):
        now[:] = before
    for kind, magics in kept.magics.items():
        shell.magics_manager.magics[kind].clear()
        shell.magics_manager.magics[kind].update(magics)
    for name, (enabled, *tables) in kept.printers.items():
        printer = shell.display_formatter.formatters[name]
        printer.enabled = enabled
        for table, noted in zip(_tables(printer), tables, strict=True):
            table.clear()
            table.update(noted)
    for name, value in kept.settings.items():
        setattr(shell, name, value)


def _look(kept: Kept) -> None:
    """Raise NotClean for what can't be taken back: threads and processes that still run."""
    new = [t for t in threading.enumerate() if t not in kept.threads]
    threads = [t for t in new if type(t).__module__.partition(".")[0] not in _MACHINERY]
    if threads:
        names = sorted(f"{type(t).__module__}.{type(t).__name__} {t.name}" for t in threads)
        raise NotClean(f"threads still run: {', '.join(names)}")
    import psutil

    children = psutil.Process().children()
    if children:
        raise NotClean(f"{len(children)} processes still run")


def _shell() -> Any:
    from IPython.core.getipython import get_ipython

    return get_ipython()


def _loggers() -> dict[str, logging.Logger]:
    known = logging.Logger.manager.loggerDict
    named = {n: logger for n, logger in known.items() if isinstance(logger, logging.Logger)}
    return {"": logging.getLogger(), **named}


def _of_logger(logger: logging.Logger) -> tuple[int, tuple[logging.Handler, ...], bool, bool]:
    return logger.level, tuple(logger.handlers), logger.disabled, logger.propagate


def _transformers(shell: Any) -> tuple[list[Any], ...]:
    manager = shell.input_transformer_manager
    return (
        *(manager.cleanup_transforms, manager.line_transforms, manager.token_transformers),
        *(shell.ast_transformers, shell.input_transformers_post),
    )


def _transforms(shell: Any) -> tuple[list[Any], ...]:
    return tuple(list(those) for those in _transformers(shell))


def _tables(printer: Any) -> tuple[dict[Any, Any], ...]:
    return printer.singleton_printers, printer.type_printers, printer.deferred_printers


def _of_printer(printer: Any) -> tuple[bool, dict[Any, Any], dict[Any, Any], dict[Any, Any]]:
    first, second, third = (dict(table) for table in _tables(printer))
    return printer.enabled, first, second, third


def _settings(shell: Any) -> dict[str, Any]:
    """The switches of the shell itself that `%config` and magics can turn."""
    names = ("ast_node_interactivity", "autocall", "automagic", "autoawait", "colors", "xmode")
    return {name: getattr(shell, name) for name in names if hasattr(shell, name)}
