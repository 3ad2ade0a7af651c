"""Put a finished report in its place, whole or not at all.

A report is built in a staging folder beside the reports, so on the same disk; its manifest is
written last, then the folder is renamed into place. Whatever goes wrong before that leaves the
last good report as it was; whatever is killed in the middle is put right by the next run.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import json
import os
import platform
import re
import shutil
import tempfile
import unicodedata
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from servicegap.placing import move
from servicegap.run import Failed
from servicegap.run.processes import kill_marked

STAGING = ".staging"
LOCK = ".lock"
MANIFEST = "manifest.json"


def slug(name: str, ident: str) -> str:
    """Return the folder name of a client's reports: readable name, then 8 hex of its id's hash."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    readable = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40].strip("-") or "client"
    return f"{readable}-{hashlib.sha256(ident.encode()).hexdigest()[:8]}"


@dataclass(frozen=True)
class Stage:
    """A report being built: `new` takes its files; `mark` is what its processes carry.

    `scratch` is for what is needed on the way, outside of `out`, which may be on a slow disk.
    """

    out: Path
    folder: Path

    @property
    def new(self) -> Path:
        return self.folder / "new"

    @property
    def scratch(self) -> Path:
        return _scratch(self.folder.name)

    @property
    def mark(self) -> str:
        return self.folder.name

    def publish(self, files: Mapping[str, bytes], manifest: Mapping[str, Any], into: str) -> Path:
        """Write the files, the manifest last, and put them in place as `into` below `out`.

        `manifest` gets its `outputs` here. Returns the published folder; raises Failed, with the
        previous report untouched, when anything can't be written or moved.
        """
        outputs = {name: hashlib.sha256(data).hexdigest() for name, data in sorted(files.items())}
        target = self.out / into
        with said_plainly(self.out):
            for name, data in files.items():
                _write(self.new / name, data)
            _write(self.new / MANIFEST, as_json({**manifest, "outputs": outputs}))
            for folder in (self.new, *(p for p in self.new.rglob("*") if p.is_dir())):
                _sync(folder)
            target.parent.mkdir(parents=True, exist_ok=True)
            _write(self.folder / "into", into.encode())
            _swap(self.new, target, self.folder / "old")
            _sync(target.parent)
        return target


@contextlib.contextmanager
def staged(out: Path, name: str) -> Iterator[Stage]:
    """Sweep what killed runs left in `out`, then give a staging folder for the time of a run.

    The folder's own name is short: Windows takes 260 letters for a whole path.
    """
    folder = out / STAGING / f"of-{name[-8:]}.{_host()}.{uuid.uuid4().hex[:6]}"
    with contextlib.ExitStack() as held:
        held.callback(_tidy, out)
        with said_plainly(out):
            sweep(out)
            held.enter_context(_at_work(folder))
            held.callback(_settle, out, folder)
            (folder / "new").mkdir(parents=True)
            _scratch(folder.name).mkdir(mode=0o700)
        yield Stage(out, folder)


def sweep(out: Path) -> None:
    """Put right and remove what runs that were killed left behind, their processes too.

    Another machine's are left to it: nobody here can end its processes.
    """
    try:
        begun = {path.name.removesuffix(LOCK) for path in (out / STAGING).iterdir()}
    except (FileNotFoundError, NotADirectoryError):
        return
    for name in sorted(begun):
        if name.split(".")[1:2] == [_host()]:
            folder = out / STAGING / name
            with contextlib.suppress(_Taken, OSError), _at_work(folder):
                kill_marked(name)
                _settle(out, folder)
    _tidy(out)


class _Taken(Exception):
    """Somebody is at work in a staging folder."""


@contextlib.contextmanager
def _at_work(folder: Path) -> Iterator[None]:
    """Hold the lock beside a staging folder: who has it may work there, or clear it away.

    The operating system lets go of it when its holder ends, however that ends and whatever the
    clock says. Raises _Taken where another holds it.
    """
    from filelock import FileLock, Timeout

    lock = FileLock(f"{folder}{LOCK}", blocking=False)
    try:
        for attempt in range(20):  # another run may just be tidying the folder above away
            try:
                folder.parent.mkdir(parents=True, exist_ok=True)
                lock.acquire()
                break
            except FileNotFoundError:
                if attempt == 19:
                    raise
    except Timeout as error:
        raise _Taken from error
    try:
        yield
    finally:
        lock.release()
        with contextlib.suppress(OSError):
            Path(lock.lock_file).unlink()


def _host() -> str:
    return hashlib.sha256(platform.node().encode()).hexdigest()[:8]


def _tidy(out: Path) -> None:
    with contextlib.suppress(OSError):  # somebody is at work in it, or it is gone
        (out / STAGING).rmdir()


def _scratch(mark: str) -> Path:
    """The place for scratch that goes with a mark, so that a killed run's is found by the next.

    Its name tells nobody whose report it is.
    """
    place = Path(tempfile.gettempdir()).resolve()
    return place / f"servicegap-{hashlib.sha256(mark.encode()).hexdigest()[:16]}"


def as_json(data: Any) -> bytes:
    """Return JSON, with the keys in the order given; numbers must be finite."""
    text = json.dumps(data, indent=1, ensure_ascii=False, allow_nan=False)
    return f"{text}\n".encode()


@contextlib.contextmanager
def said_plainly(place: Path) -> Iterator[None]:
    """Turn what the file system refuses into one plain sentence."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)):
            why = f"There is no room left for the report in {place}"
        elif isinstance(error, PermissionError) or error.errno == errno.EROFS:
            why = f"{error.filename or place} may not be written, or is open in another program"
        else:
            why = f"The report could not be written to {place} ({error.strerror or error})"
        raise Failed(f"{why}.", repr(error)) from error


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _sync(folder: Path) -> None:
    """Make a folder's own entries outlive a power cut, where the system can."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _swap(new: Path, target: Path, old: Path) -> None:
    """Put `new` in the place of `target`; on failure `target` is what it was."""
    there = target.exists()
    if there:
        move(target, old)
    try:
        move(new, target)
    except BaseException:
        if there:
            move(old, target)
        raise


def _settle(out: Path, folder: Path) -> None:
    """Bring a staging folder to its end: nothing lost of the old, nothing left of the new."""
    # what a dying kernel still writes there is nobody's loss
    shutil.rmtree(_scratch(folder.name), ignore_errors=True)
    with contextlib.suppress(OSError):
        old, into = folder / "old", folder / "into"
        if old.is_dir():
            target = out / into.read_text()
            if target.exists():
                _carry(old, target)
            else:
                old.rename(target)
        shutil.rmtree(folder)


def _carry(old: Path, target: Path) -> None:
    """Move what readers put or changed in the old report's folder over to the new one.

    Files that a run made and nobody touched are not carried; an edited one keeps its content under
    another name. A partial report within is the reader's wish too.
    """
    try:
        made = json.loads((old / MANIFEST).read_text())["outputs"]
    except (OSError, ValueError, KeyError):
        made = {}
    for path in [p for p in sorted(old.rglob("*")) if p.is_file()]:
        name = path.relative_to(old).as_posix()
        if name == MANIFEST or made.get(name) == hashlib.sha256(path.read_bytes()).hexdigest():
            continue
        place = target / name
        place.parent.mkdir(parents=True, exist_ok=True)
        path.rename(_free(place))


def _free(place: Path) -> Path:
    """The place itself, or beside it a name that is not taken."""
    if not place.exists():
        return place
    number = 1
    while True:
        word = "edited" if number == 1 else f"edited {number}"
        beside = place.with_name(f"{place.stem} ({word}){place.suffix}")
        if not beside.exists():
            return beside
        number += 1
