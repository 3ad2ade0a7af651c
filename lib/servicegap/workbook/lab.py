"""JupyterLab for one client's workbook: started on this machine alone, found again, stopped."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from servicegap.client.places import COPIES
from servicegap.problems import Problem, Refused
from servicegap.workbook import dressed
from servicegap.workbook.copies import FOLDER

HOME = Path(".servicegap") / "jupyter"  # in a client's folder: settings, runtime, log
FIRST = "00_start_here.ipynb"
PORT = 8890  # and the next that is free
_BIGGEST = 256 * 2**20  # bytes that a form may be handed in one go; Jupyter's own limit is 10 MB
_PATIENCE = 90.0  # seconds for JupyterLab to start on a slow machine
_TRIES = 5  # a port can be taken between Jupyter's look and its own start
_FLAGS = getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)


@dataclass(frozen=True)
class Lab:
    """Where a JupyterLab lives (`home`), what it shows (`root`), and what it opens (`first`)."""

    home: Path
    root: Path
    first: str


@dataclass(frozen=True)
class Running:
    """A JupyterLab that answers: its address with the token, and a page that opens it."""

    address: str
    opens: Path
    token: str
    port: int

    def ask_to_end(self) -> None:
        """Ask it to end in good order, its kernels too."""
        _asked(self.port, self.token, "POST", "/api/shutdown")


def lab_for(folder: Path) -> Lab:
    """The JupyterLab of a client's folder. Of a sample's copy it shows the firms beside it, too,
    since somebody who has met the made-up firm may begin with an own one there.
    """
    beside = folder.parent == COPIES.resolve()
    root = folder.parent if beside else folder
    first = folder.relative_to(root) / FOLDER / FIRST
    return Lab(folder / HOME, root, first.as_posix())


def running(lab: Lab) -> Running | None:
    """The JupyterLab of this client that answers already, if there is one."""
    for path in sorted((lab.home / "run").glob("jpserver-*.json")):
        with contextlib.suppress(OSError, ValueError, KeyError):
            found = _told(path)
            if _answers(found.port, found.token):
                return found
    return None


@dataclass
class Opening:
    """A JupyterLab that was started, until it answers (`ready`), and while it is open (`wait`)."""

    lab: Lab
    port: int | None
    process: subprocess.Popen
    running: Running | None = None

    def ready(self) -> Running:
        """Wait until it answers. Raises Refused where it doesn't.

        Jupyter looks for a free port, lets go of it, and takes it a moment later. What another
        program took in between is left to it, and a free one is looked for again.
        """
        for left in reversed(range(_TRIES)):
            self.running = _answering(self.lab, self.process)
            if self.running is not None:
                return self.running
            if self.port or not left or not _taken(self.lab):
                break
            self.process = _started(self.lab, None)
        raise Refused(_why(self.lab, self.port))

    def wait(self) -> None:
        """Until it has ended."""
        self.process.wait()


@contextlib.contextmanager
def opening(lab: Lab, port: int | None = None) -> Iterator[Opening]:
    """Start JupyterLab, which takes a few seconds: time to lay out the copies. At the end it is
    stopped, its kernels too: asked first, and made to where it doesn't.

    It listens on this machine only, on `port` or on one that is free, with a token of its own that
    stands in no list of processes.
    """
    begun = Opening(lab, port, _started(lab, port))
    try:
        yield begun
    finally:
        if begun.running is not None and begun.process.poll() is None:
            begun.running.ask_to_end()
        else:
            begun.process.terminate()
        _end(begun.process)


def _started(lab: Lab, port: int | None) -> subprocess.Popen:
    dressed.dress(lab.home)
    for left in (lab.home / "run").glob("jpserver-*"):
        left.unlink(missing_ok=True)
    command = [
        sys.executable, "-m", "jupyterlab", "--no-browser", "--ServerApp.ip=127.0.0.1",
        f"--ServerApp.port={port or PORT}", f"--ServerApp.port_retries={0 if port else 100}",
        f"--ServerApp.root_dir={lab.root}", f"--LabApp.default_url=/lab/tree/{lab.first}",
        f"--ServerApp.tornado_settings={{'websocket_max_message_size': {_BIGGEST}}}",
    ]  # fmt: skip
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        command.append("--allow-root")
    env = {k: v for k, v in os.environ.items() if not k.startswith(("JUPYTER", "JPY_"))}
    path = lab.home / "lab.log"
    path.touch()
    path.chmod(0o600)  # the address is in it, with the key
    with path.open("wb") as log:
        return subprocess.Popen(
            command, env=env | dressed.surroundings(lab.home), cwd=lab.root, stdout=log, stderr=log,
            stdin=subprocess.DEVNULL, start_new_session=True, creationflags=_FLAGS,
        )  # fmt: skip


def _answering(lab: Lab, process: subprocess.Popen) -> Running | None:
    """What was started, once it answers; None where it has ended, or takes too long."""
    end = time.monotonic() + _PATIENCE
    path = lab.home / "run" / f"jpserver-{process.pid}.json"
    while time.monotonic() < end and process.poll() is None:
        with contextlib.suppress(OSError, ValueError, KeyError):
            found = _told(path)
            if _answers(found.port, found.token):
                return found
        time.sleep(0.05)
    process.terminate()
    _end(process)
    return None


def _log(lab: Lab) -> str:
    return (lab.home / "lab.log").read_text(encoding="utf-8", errors="replace")


def _taken(lab: Lab) -> bool:
    return "no available port" in _log(lab)


def _why(lab: Lab, port: int | None) -> Problem:
    if port and "already in use" in _log(lab):
        what, remedy = (
            f"port {port} is taken by another program",
            "leave --port out, or take another",
        )
    else:
        said = [line for line in _log(lab).splitlines() if line.strip()]
        last = said[-1].strip()[:300] if said else "nothing"
        what, remedy = "JupyterLab did not start", f"the last it said: {last}"
    return Problem("", "", None, None, None, what, remedy)


def _told(path: Path) -> Running:
    told = json.loads(path.read_text(encoding="utf-8"))
    pid, port, token = int(told["pid"]), int(told["port"]), str(told["token"])
    opens = path.with_name(f"jpserver-{pid}-open.html")
    return Running(f"http://127.0.0.1:{port}/?token={token}", opens, token, port)


def _answers(port: int, token: str) -> bool:
    return _asked(port, token, "GET", "/api/status") == 200


def _asked(port: int, token: str, how: str, what: str) -> int | None:
    """The status with which a JupyterLab on this machine answers; None where it doesn't."""
    server = HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        server.request(how, what, headers={"Authorization": f"token {token}"})
        return server.getresponse().status
    except (OSError, HTTPException):
        return None
    finally:
        server.close()


def _end(process: subprocess.Popen) -> None:
    for harder in (lambda: None, process.terminate, process.kill):
        harder()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(10)
            return
