"""One client's report, from its folder to its place: the whole way, in order.

Everything that can be found wrong without a kernel is found before the first one starts. Nothing
is published unless everything was made.
"""

from __future__ import annotations

import contextlib
import json
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from servicegap import editions, handing_on, schema
from servicegap.bundles import read_bundles
from servicegap.client import ROOT, find, load, privacy
from servicegap.client.settings import FILE as SETTINGS
from servicegap.problems import Refused
from servicegap.run import (
    Failed,
    WrongUsage,
    approval,
    locks,
    outputs,
    plan,
    publish,
    scrub,
    sources,
)
from servicegap.run.execute import Place
from servicegap.run.job import Job, Made, Progress
from servicegap.run.kernels import one_kernel
from servicegap.run.log import Log
from servicegap.run.parameters import checked, declared
from servicegap.run.processes import kill_marked
from servicegap.run.stopping import stopped_by_signals

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from servicegap.client import Client


def make(job: Job, progress: Progress = lambda step, done, total: None) -> Made:
    """Make and publish one client's report.

    Raises Failed with one plain sentence, `problems.Refused` with one for each file that can't be
    read, and KeyboardInterrupt when asked to stop; nothing is published then and the last report
    stands.
    """
    log, name = Log(), ""
    try:
        with stopped_by_signals() as hold_on, log.listening():
            with log.timed("read"):
                before, client = _load(job)
            name = publish.slug(client.settings.name, client.settings.id)
            taken = f"Another run is making the report on {client.settings.name} just now."
            into = name if job.sessions is None else f"{name}/partial"
            with (
                locks.held(job.out.absolute(), name, taken),
                publish.staged(job.out.absolute(), name) as stage,
            ):
                place = Place(stage.scratch, stage.mark)
                _not_over_a_later_one(job.out / into, before)
                try:
                    ready = _ready(job, client, before, place, log, progress)
                finally:
                    kill_marked(stage.mark)
                    with contextlib.suppress(OSError):
                        log.say("kernels", place.words.read_text("utf-8", "replace"))
                hold_on()  # a report that is being put in place is put in place
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


def _ready(
    job: Job, client: Client, before: Mapping[str, str], place: Place, log: Log, progress: Progress
) -> _Ready:
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
    _unchanged(client.folder, before, read.inputs)
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
    _unchanged(client.folder, read.inputs, sources.gather(client, job.brand).inputs)

    progress("Writing the report", len(sound), len(sound) + 1)
    with log.timed("report"):
        places = _places(client.folder, place.scratch)
        clean = {stem: scrub.scrubbed(notebook, places) for stem, notebook in executed.items()}
        files = outputs.files(job.formats, clean, client, statuses, read, seen, place.scratch)
    lost = [
        f"notes/{n}.md is not shown: session {n} is not in this report."
        for n in read.notes
        if n != "00" and schema.SESSIONS[n].stem not in clean
    ]
    manifest = outputs.manifest(client, key, read.inputs, statuses)
    return _Ready(files, manifest, statuses, seen is None, (*read.remarks, *lost))


def _load(job: Job) -> tuple[Mapping[str, str], Client]:
    """The hashes of the client's files, taken before anything is read, and the client.

    A table whose only file can't be read is never just left out.
    """
    folder = find(job.folder)
    before = sources.beside(sources.found(folder), job.brand).inputs
    client = load(folder, sealed=False)
    lost = [
        problem
        for problem in client.problems
        if problem.severity == "error" and problem.row is None and problem.table not in client.reads
    ]
    if lost:
        raise Refused(lost)
    return before, client


def _unchanged(folder: Path, before: Mapping[str, str], now: Mapping[str, str]) -> None:
    """Raise Failed where files are others than before; reading may have made a client's own key."""
    keys = {name: digest for name, digest in now.items() if Path(name).name == privacy.KEY}
    if {**keys, **before} != now:
        raise Failed(
            f"Files in {folder} changed while the report was being made, so it would be "
            "half of the one and half of the other."
        )


def _not_over_a_later_one(report: Path, inputs: Mapping[str, str]) -> None:
    """Raise Failed where the report that stands there has this folder for its last period."""
    try:
        told = json.loads((report / publish.MANIFEST).read_bytes())["inputs"]
        last = told.get(f"previous/{SETTINGS}")
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return  # there is none, or none that counts
    if last == inputs[SETTINGS]:
        raise Failed(
            f"{report} holds the report of a later period, and these files are its last period’s, "
            "so take another --out for the older report."
        )


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
    places |= {ROOT: "workbook", scratch: "scratch", folder: folder.name}
    found = {
        str(p): text for path, text in places.items() for p in (path.absolute(), path.resolve())
    }
    return {path: text for path, text in found.items() if Path(path) != Path(path).parent}
