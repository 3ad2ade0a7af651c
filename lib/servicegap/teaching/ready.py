"""Is this machine ready for a room? Everything that has gone wrong before, tried out, offline.

Each check tries the thing itself where that is possible, and says in words what to do.
"""

from __future__ import annotations

import importlib.metadata as metadata
import re
import shutil
import socket
import sys
import tempfile
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from servicegap.client import ROOT

NEEDS = (3, 11)
GIGABYTE = 2**30
DISK, MEMORY = 1.0, 1.0  # gigabytes free: for copies and reports; for a lab and three kernels

_EXTRA = re.compile(r";.*\bextra\s*==")  # a dependency that only those need who asked for it


@dataclass(frozen=True)
class Checked:
    """One check: what was looked at, whether it is well, what was seen, and what to do."""

    what: str
    ok: bool
    seen: str
    to_do: str = ""


def checks() -> Iterator[Checked]:
    """Look at one thing after another, in the order in which to mend them."""
    for what, look in _LOOKS.items():
        try:
            yield look()
        except Exception as error:  # a check that breaks has found something
            said = " ".join(f"{type(error).__name__}: {error}".split())[:200]
            yield Checked(what, False, said, "set the workbook up anew: make setup")


def _python() -> Checked:
    version = ".".join(map(str, sys.version_info[:3]))
    ok = sys.version_info[:2] >= NEEDS
    return Checked("Python", ok, version, "" if ok else "install Python 3.11 or newer, then: make")


def _packages() -> Checked:
    """Every dependency is there, extras apart; those that differ from what was tested are named."""
    needed = (text for text in metadata.requires("servicegap") or () if not _EXTRA.search(text))
    asked = (re.match(r"[\w.-]+", text) for text in needed)
    missing = [name[0] for name in asked if name and not _version(name[0])]
    if missing:
        return Checked("packages", False, f"missing: {', '.join(missing[:5])}", "run: make setup")
    differ = list(_unlike_the_lock())
    if differ:
        said = f"all there; {len(differ)} not as tested ({', '.join(differ[:3])})"
        return Checked("packages", True, said, "only if something looks odd: make setup")
    return Checked("packages", True, "all there, at the versions that were tested")


def _unlike_the_lock() -> Iterator[str]:
    """Names of installed packages whose version is not the one in uv.lock."""
    try:
        lock = tomllib.loads((ROOT / "uv.lock").read_text(encoding="utf-8"))
    except OSError:
        return
    tested: dict[str, set[str]] = {}  # a package may be locked twice, for older Pythons and newer
    for package in lock["package"]:
        tested.setdefault(package["name"], set()).add(package.get("version", ""))
    for name, versions in tested.items():
        version = _version(name)
        if version and version not in versions:
            yield f"{name} {version}"


def _version(package: str) -> str:
    """The version of a package that is installed; nothing where it isn't."""
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return ""


def _sample() -> Checked:
    from servicegap.client import load

    client = load(ROOT / "data" / "sample" / "alder-it", sealed=False)
    wrong = [problem for problem in client.problems if problem.severity == "error"]
    if wrong or not client.has("ratings"):
        return Checked("the made-up firm", False, str(wrong[0]) if wrong else "no ratings",
                       "fetch data/sample anew, or run: make samples")  # fmt: skip
    return Checked("the made-up firm", True, f"{client.settings.name} can be read")


def _kernel() -> Checked:
    """A kernel starts, knows the library and runs a cell."""
    from nbformat.v4 import new_code_cell, new_notebook

    from servicegap import schema
    from servicegap.run.execute import Limits, Place
    from servicegap.run.kernels import fresh_kernels

    cell = new_code_cell("import servicegap\n1 + 1")
    with tempfile.TemporaryDirectory(prefix="servicegap-", ignore_cleanup_errors=True) as scratch:
        place = Place(Path(scratch).resolve(), "ready")
        with fresh_kernels(place, Limits(60, 60, 120)) as execute:
            done = execute(schema.SESSIONS["00"], new_notebook(cells=[cell]), {})
    (output,) = done.cells[-1].outputs
    ok = output["data"]["text/plain"] == "2"
    return Checked("a kernel", ok, "starts and runs a cell" if ok else "counts wrongly",
                   "" if ok else "run: make setup")  # fmt: skip


def _paper() -> Checked:
    """A page is set in our own typeface, which is where a missing font would show."""
    from servicegap.forms.paper import belief_form

    missing = [name for name in ("Inter-Regular.ttf", "Inter-SemiBold.ttf")
               if not (ROOT / "lib" / "servicegap" / "fonts" / name).is_file()]  # fmt: skip
    if missing:
        return Checked("fonts and PDF", False, f"{missing[0]} is missing",
                       "fetch lib/servicegap/fonts anew")  # fmt: skip
    made = belief_form()
    ok = made.startswith(b"%PDF")
    return Checked("fonts and PDF", ok, "a page can be set", "" if ok else "run: make setup")


def _lab() -> Checked:
    """JupyterLab starts and answers, on this machine alone."""
    from servicegap import workbook

    with (
        tempfile.TemporaryDirectory(prefix="servicegap-", ignore_cleanup_errors=True) as folder,
        workbook.opening(workbook.lab_for(Path(folder).resolve())) as opening,
    ):
        found = opening.ready()
    return Checked("JupyterLab", True, f"starts and answers on port {found.port}")


def _browser() -> Checked:
    import webbrowser

    try:
        webbrowser.get()
        return Checked("a browser", True, "there is one")
    except webbrowser.Error:
        known = ("chromium", "chromium-browser", "google-chrome", "firefox", "microsoft-edge")
        found = next((name for name in known if shutil.which(name)), None)
    if found:
        return Checked("a browser", True, f"{found} is there")
    return Checked("a browser", False, "none was found",
                   "install one; any that is younger than two years will do")  # fmt: skip


def _port() -> Checked:
    with socket.socket() as server:
        try:
            server.bind(("127.0.0.1", 0))
        except OSError as error:
            return Checked("the network in here", False, str(error),
                           "allow Python to listen on 127.0.0.1 in the firewall")  # fmt: skip
    return Checked("the network in here", True, "a port is free; the one out there isn't needed")


def _disk() -> Checked:
    free = shutil.disk_usage(ROOT).free / GIGABYTE
    ok = free >= DISK
    return Checked("disk", ok, f"{free:.1f} GB free", "" if ok else f"make {DISK:.0f} GB free")


def _memory() -> Checked:
    import psutil

    free = psutil.virtual_memory().available / GIGABYTE
    ok = free >= MEMORY
    to_do = "" if ok else "close other programs, browsers first"
    return Checked("memory", ok, f"{free:.1f} GB free", to_do)


def _copies() -> Checked:
    """Whether the room would meet somebody's earlier guesses."""
    from servicegap.teaching.fresh import COPIES, SAMPLES

    used = []
    for sample in sorted(SAMPLES.iterdir()) if SAMPLES.is_dir() else ():
        path = COPIES / sample.name / "beliefs.csv"
        if path.is_file() and len(path.read_text("utf-8-sig").splitlines()) > 1:
            used.append(sample.name)
    if used:
        return Checked("the room's copies", True, f"guesses from before in {', '.join(used)}",
                       "before a new room: servicegap trainer --reset")  # fmt: skip
    return Checked("the room's copies", True, "fresh")


_LOOKS: dict[str, Callable[[], Checked]] = {
    "Python": _python,
    "packages": _packages,
    "disk": _disk,
    "memory": _memory,
    "the made-up firm": _sample,
    "fonts and PDF": _paper,
    "a kernel": _kernel,
    "the network in here": _port,
    "JupyterLab": _lab,
    "a browser": _browser,
    "the room's copies": _copies,
}
