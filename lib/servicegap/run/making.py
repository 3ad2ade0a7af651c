"""One client's report, from its folder to its place: the whole way, in order.

Everything that can be found wrong without a kernel is found before the first one starts. Nothing
is published unless everything was made.
"""

from __future__ import annotations

import contextlib
import signal
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from servicegap import editions, handing_on, schema
from servicegap.bundles import read_bundles
from servicegap.run import Failed, WrongUsage, approval, outputs, plan, publish, scrub, sources
from servicegap.run.execute import Limits, Place
from servicegap.run.kernels import one_kernel
from servicegap.run.log import Log
from servicegap.run.parameters import checked, declared
from servicegap.run.processes import kill_marked

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from servicegap.client import Client

CHECKOUT = Path(__file__).resolve().parents[3]
# What is running now, how many steps are done, how many there are.
Progress = Callable[[str, int, int], None]


class Stopped(KeyboardInterrupt):
    """The run was asked to end (SIGTERM, SIGHUP, Ctrl-C).

    A KeyboardInterrupt, because event loops let nothing else through from a signal handler.
    """


@dataclass(frozen=True)
class Job:
    """What to make. `sessions` as typed ("01,07"), None for all; `parameters` by session number."""

    folder: Path
    out: Path = Path("reports")
    sessions: str | None = None
    formats: tuple[str, ...] = tuple(outputs.FORMATS)
    notebooks: Path = CHECKOUT / "notebooks"
    parameters: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    limits: Limits = field(default_factory=Limits)
    brand: Path | None = None


@dataclass(frozen=True)
class Made:
    """What was published: its folder, the file to open, every session's status, data warnings,
    whether it is still a draft (and may be approved: samples are not), and remarks on what was
    mended or left out.
    """

    folder: Path
    opens: Path
    statuses: Mapping[str, plan.Status]
    warnings: tuple[str, ...]
    draft: bool = True
    remarks: tuple[str, ...] = ()
    approvable: bool = True


def make(job: Job, progress: Progress = lambda step, done, total: None) -> Made:
    """Make and publish one client's report.

    Raises Failed with one plain sentence, `tables.Refused` with one for each file that can't be
    read, and KeyboardInterrupt when asked to stop; nothing is published then and the last report
    stands.
    """
    from servicegap.problems import Refused

    log, name = Log(), ""
    try:
        with _stopped_by_signals() as hold_on, log.listening():
            with log.timed("read"):
                client = _load(job.folder)
            name = publish.slug(client.settings.name, client.settings.id)
            with (
                publish.staged(job.out.absolute(), name) as stage,
                # what a dying kernel still writes there is nobody's loss
                tempfile.TemporaryDirectory(
                    prefix="servicegap-", ignore_cleanup_errors=True
                ) as scratch,
            ):
                place = Place(Path(scratch).resolve(), stage.mark)
                try:
                    ready = _ready(job, client, place, log, progress)
                finally:
                    kill_marked(stage.mark)
                    with contextlib.suppress(OSError):
                        log.say("kernels", place.words.read_text("utf-8", "replace"))
                hold_on()  # a report that is being put in place is put in place
                into = name if job.sessions is None else f"{name}/partial"
                folder = stage.publish(ready.files, ready.manifest, into)
            opens = folder / next(outputs.FORMATS[f] for f in outputs.FORMATS if f in job.formats)
            problems = tuple(str(problem) for problem in client.problems)
            told = (ready.draft, ready.remarks, client.writable)
            return Made(folder, opens, ready.statuses, problems, *told)
    except (Refused, WrongUsage):
        raise
    except Failed as error:
        raise Failed(f"{str(error).rstrip('.')}; nothing was published.", error.details) from error
    except Exception as error:
        said = " ".join(f"{type(error).__name__}: {error}".split())
        raise Failed(
            f"Something in the workbook itself went wrong ({said}); nothing was published."
        ) from error
    finally:
        if name:
            log.write(job.out / ".log", name)


@dataclass(frozen=True)
class _Ready:
    """All that is to be published, made but not yet in place."""

    files: Mapping[str, bytes]
    manifest: Mapping[str, Any]
    statuses: Mapping[str, plan.Status]
    draft: bool
    remarks: tuple[str, ...]


def _ready(job: Job, client: Client, place: Place, log: Log, progress: Progress) -> _Ready:
    there = plan.available(job.notebooks)
    wanted = plan.asked(job.sessions, there)
    statuses = {
        schema.SESSIONS[n].stem: plan.status(schema.SESSIONS[n], client, n in wanted) for n in there
    }
    sound = {
        n: _sound(job, client, place, schema.SESSIONS[n], there[n])
        for n in wanted
        if statuses[schema.SESSIONS[n].stem].status == "ok"
    }
    read = sources.gather(client, job.brand)
    key = plan.key(read.inputs, [there[n] for n in wanted], job.formats, job.parameters)
    content = approval.content_key(read.inputs, there.values(), job.parameters)
    seen = approval.standing(client.folder, content)

    executed = {}
    with one_kernel(place, job.limits) as executor:
        for done, (number, (notebook, parameters)) in enumerate(sound.items()):
            session = schema.SESSIONS[number]
            progress(f"Session {number}: {session.title}", done, len(sound) + 1)
            with log.timed(session.stem):
                executed[session.stem] = executor(session, notebook, parameters)
            payloads = [bundle.payload for bundle in read_bundles(executed[session.stem])]
            handing_on.hand_on(place.findings, number, client.as_of.isoformat(), payloads)
            for text in scrub.warnings(executed[session.stem]):
                log.say(f"warning in {session.stem}", text)
    if sources.gather(client, job.brand).inputs != read.inputs:
        raise Failed(
            f"Files in {client.folder} changed while the report was being made, so it would be "
            "half of the one and half of the other."
        )

    progress("Writing the report", len(sound), len(sound) + 1)
    with log.timed("report"):
        places = _places(client.folder, place.scratch)
        clean = {stem: scrub.scrubbed(notebook, places) for stem, notebook in executed.items()}
        files = outputs.files(job.formats, clean, client, statuses, read, seen)
    lost = [
        f"notes/{n}.md is not shown: session {n} is not in this report."
        for n in read.notes
        if n != "00" and schema.SESSIONS[n].stem not in clean
    ]
    manifest = outputs.manifest(client, key, read.inputs, statuses)
    return _Ready(files, manifest, statuses, seen is None, (*read.remarks, *lost))


def _load(folder: Path) -> Client:
    """Read the client's folder; a table whose only file can't be read is never just left out."""
    from servicegap.client import Refused, load

    client = load(folder, sealed=False)
    lost = [
        problem
        for problem in client.problems
        if problem.severity == "error" and problem.row is None and problem.table not in client.reads
    ]
    if lost:
        raise Refused(lost)
    return client


def _sound(
    job: Job, client: Client, place: Place, session: schema.Session, path: Path
) -> tuple[NotebookNode, dict[str, Any]]:
    """The report edition of a session's notebook and its parameters, both found sound."""
    import nbformat

    where = f"session {session.number} ({session.title})"
    given = {"folder": str(client.folder.resolve()), "sealed": False}
    given |= job.parameters.get(session.number, {})
    try:
        notebook = nbformat.read(path, as_version=4)
        lost = editions.stranded(notebook)
    except (ValueError, OSError, editions.BrokenNotebook, nbformat.ValidationError) as error:
        raise Failed(f"The notebook of {where} can't be read: {error}.") from error
    if lost:
        raise Failed(
            f"The notebook of {where} uses '{lost[0].name}' in cell {lost[0].cell + 1}, but only "
            f"cell {lost[0].dropped + 1}, which reports leave out, defines it."
        )
    parameters = checked(notebook, given, where)
    if "findings" in declared(notebook, where):  # it reads what the sessions before it found
        parameters.setdefault("findings", str(place.findings))
    return editions.report_edition(notebook), parameters


def _places(folder: Path, scratch: Path) -> dict[str, str]:
    """Paths of this machine that may turn up in a notebook, and what stands for them."""
    places = {Path.home(): "~", Path(sys.prefix): "python", Path(tempfile.gettempdir()): "tmp"}
    places |= {CHECKOUT: "workbook", scratch: "scratch", folder: folder.name}
    found = {
        str(p): text for path, text in places.items() for p in (path.absolute(), path.resolve())
    }
    return {path: text for path, text in found.items() if Path(path) != Path(path).parent}


@contextlib.contextmanager
def _stopped_by_signals() -> Iterator[Callable[[], None]]:
    """Let SIGTERM, SIGHUP and Ctrl-C end the run in good order; a second one changes nothing.

    Gives a function after whose call none of them stops anything any more.
    """
    deaf = False

    def hold_on() -> None:
        nonlocal deaf
        deaf = True

    def stop(number: int, frame: Any) -> None:
        if not deaf:
            hold_on()
            raise Stopped(signal.Signals(number).name)

    if threading.current_thread() is not threading.main_thread():
        yield hold_on
        return
    names = [n for n in ("SIGTERM", "SIGINT", "SIGHUP") if hasattr(signal, n)]
    before = {getattr(signal, n): signal.signal(getattr(signal, n), stop) for n in names}
    try:
        yield hold_on
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
