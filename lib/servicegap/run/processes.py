"""No process of a run outlives it: neither a kernel nor what a kernel started.

A kernel's group is killed as a whole. What left the group, or outlived its kernel, is found by a
mark that every process of a run inherits in its environment.
"""

from __future__ import annotations

import os
import signal

import psutil

MARK = "SERVICEGAP_RUN"


def kill_group(pgid: int | None) -> None:
    """Kill a kernel's process group at once. Does nothing where there are no groups (Windows)."""
    if not pgid or not hasattr(os, "killpg") or pgid == os.getpgid(0):
        return
    try:
        os.killpg(pgid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return


def kill_marked(mark: str) -> int:
    """Kill every process of this user that inherited `mark`; return how many there were."""
    killed = 0
    for _ in range(5):  # one of them may just have started another
        found = [process for process in psutil.process_iter() if _has(process, mark)]
        if not found:
            break
        for process in found:
            try:
                process.kill()
                killed += 1
            except psutil.Error:
                continue
        psutil.wait_procs(found, timeout=2)
    return killed


def _has(process: psutil.Process, mark: str) -> bool:
    try:
        return process.pid != os.getpid() and process.environ().get(MARK) == mark
    except (psutil.Error, OSError, ValueError):
        return False  # somebody else's, or gone
