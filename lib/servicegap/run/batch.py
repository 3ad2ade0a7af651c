"""Every client of a portfolio: which need a report, and what came of each.

The plan goes by content: a client whose files, settings, notebooks, library and formats are those
of its last report is left alone. No table is opened for that. What is to be made is handed to a
crew: processes of this machine, or the workers of a cluster; a client is one task, and whatever
happens to it happens to no other.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from servicegap.client.places import is_sample
from servicegap.client.settings import FILE, claimed
from servicegap.problems import Refused
from servicegap.run import Failed, WrongUsage, locks, plan, publish, sending, sources
from servicegap.run.job import Job, Progress
from servicegap.run.sources import Found

LOCK = "batch"
_THE_DISKS = {"lost+found", "system volume information", "$recycle.bin"}  # nobody may look inside


@dataclass(frozen=True)
class Outcome:
    """What came of one client.

    `status` is made, unchanged, failed or not a client; `reason` says why in a sentence where it
    is not made. `slug` names the folder of its reports, and `manifest` what the report that stands
    there says of itself; `seconds` is the time it took; `remarks` what its reader should know,
    `warnings` how many there are on the data; `draft`, whether the report waits to be approved.
    """

    folder: Path
    name: str
    id: str
    slug: str
    status: str
    reason: str = ""
    seconds: float = 0.0
    manifest: Path | None = None
    remarks: tuple[str, ...] = ()
    warnings: int = 0
    draft: bool = False


@dataclass(frozen=True)
class Task:
    """One client to be made: whose report it is and how; `size` is the bytes of its files."""

    job: Job
    name: str
    id: str
    slug: str
    size: int = 0


@dataclass(frozen=True)
class Planned:
    """What a batch is going to do, and what is known already of the clients it leaves alone."""

    tasks: tuple[Task, ...]
    known: tuple[Outcome, ...]


# Makes tasks, in any order, and yields what came of each as it ends.
Crew = Callable[[Sequence[Task]], Iterator[Outcome]]


def run(
    folders: Iterable[Path],
    job: Job,
    crew: Crew,
    *,
    force: bool = False,
    verify: bool = False,
    said: Callable[[Planned], None] = lambda planned: None,
    ended: Callable[[Outcome], None] = lambda outcome: None,
) -> list[Outcome]:
    """Make every client's report that needs one; return what came of each, in the folders' order.

    Args: folders, clients' folders or folders of such; job, how to make one (its own `folder` is
    not looked at); force, make unchanged ones too; verify, look into every published file whether
    it is as it was made. `said` gets the plan before anything runs, `ended` each outcome.
    Raises Failed where two folders are one client, or another batch has the output.
    """
    job = _anywhere(job)
    out = job.out
    otherwise = (
        f"Another batch is writing to {out}; wait until it has ended, or take another --out."
    )
    with locks.held(out, LOCK, otherwise):
        publish.sweep(out)
        planned = plan_for(folders, job, force=force, verify=verify)
        said(planned)
        outcomes = list(planned.known)
        if planned.tasks:
            made = crew(planned.tasks)
            try:
                for outcome in map(_seen, made):
                    ended(outcome)
                    outcomes.append(outcome)
            finally:  # whatever breaks off here, the workers end now and not at some later time
                getattr(made, "close", lambda: None)()
    order = {path: place for place, path in enumerate(_folders(folders))}
    return sorted(outcomes, key=lambda o: order.get(o.folder, len(order)))


def _anywhere(job: Job) -> Job:
    """The job so told that it means the same wherever its worker stands."""
    brand = job.brand and job.brand.absolute()
    return replace(job, out=job.out.absolute(), notebooks=job.notebooks.absolute(), brand=brand)


def _seen(outcome: Outcome) -> Outcome:
    """An outcome as this machine finds it; one elsewhere may have written to its own disk."""
    if outcome.status != "made" or outcome.manifest is None or outcome.manifest.is_file():
        return outcome
    reason = (
        f"Its worker wrote to {outcome.manifest.parent}, and this machine sees no report there; "
        "--out must be one folder for all machines."
    )
    return replace(outcome, status="failed", reason=reason, manifest=None, draft=False)


def one(task: Task, progress: Progress = lambda step, done, total: None) -> Outcome:
    """Make one client's report and say what came of it; it never raises but when asked to stop."""
    from servicegap.run.making import make
    from servicegap.tables import cache

    start = time.perf_counter()
    outcome = Outcome(task.job.folder, task.name, task.id, task.slug, "failed")
    try:
        made = make(task.job, progress)
    except (Failed, Refused) as error:
        outcome = replace(outcome, reason=str(error))
    else:
        outcome = replace(
            outcome,
            status="made",
            manifest=made.folder / publish.MANIFEST,
            remarks=made.remarks,
            warnings=len(made.warnings),
            draft=made.draft and made.approvable,
        )
    finally:
        cache.forget()
    return replace(outcome, seconds=round(time.perf_counter() - start, 1))


def lost(task: Task, why: str) -> Outcome:
    """What came of a client that nobody made a report of; `why` is a sentence."""
    return Outcome(task.job.folder, task.name, task.id, task.slug, "failed", why)


def plan_for(
    folders: Iterable[Path], job: Job, *, force: bool = False, verify: bool = False
) -> Planned:
    """Say which clients need a report and which don't, without opening a table.

    Raises WrongUsage where a folder holds no client, Failed where two are the same client.
    """
    named: list[Found] = []
    known: list[Outcome] = []
    claims: dict[Path, tuple[str, str]] = {}  # id and last period, of refused ones too
    for folder in _folders(folders):
        try:
            if not (folder / FILE).is_file():
                reason = f"There is no {FILE} in it."
                known.append(Outcome(folder, folder.name, "", "", "not a client", reason))
                continue
            found = sources.found(folder)
        except (Refused, OSError) as error:
            claims[folder] = claimed(folder)
            known.append(Outcome(folder, folder.name, "", "", "failed", _why(error)))
        else:
            claims[folder] = found.settings.id, found.settings.previous or ""
            named.append(found)
    last = _last_periods(claims)
    for found in named:
        if found.folder in last:
            s, reason = found.settings, f"It is the last period of {last[found.folder]}."
            known.append(Outcome(found.folder, s.name, s.id, "", "not a client", reason))
    named = [found for found in named if found.folder not in last]
    if not named and not any(outcome.status == "failed" for outcome in known):
        raise WrongUsage("There is no client's folder there: none holds a client.yaml.")
    _all_different(named)
    there = list(plan.available(job.notebooks).values())
    tasks = []
    for found in named:
        name, ident = found.settings.name, found.settings.id
        task = Task(replace(job, folder=found.folder), name, ident, publish.slug(name, ident))
        manifest = job.out.absolute() / task.slug / publish.MANIFEST
        if not force and _stands(manifest, _key(found, job, there), verify):
            known.append(_unchanged(found.folder, task, manifest))
            continue
        try:
            size = sum(path.stat().st_size for path in plan.own_files(found.folder))
        except OSError as error:
            known.append(lost(task, _why(error)))
        else:
            tasks.append(replace(task, size=size))
    # The longest first, so that nobody waits for it at the end.
    return Planned(tuple(sorted(tasks, key=lambda t: (-t.size, t.slug))), tuple(known))


def _folders(asked: Iterable[Path]) -> list[Path]:
    """The folders that may be clients: those named, or those that lie in them."""
    found: list[Path] = []
    for path in asked:
        if not path.is_dir():
            raise WrongUsage(f"There is no folder {path}.")
        if (path / FILE).is_file():
            found.append(path.resolve())
        else:
            found += [p.resolve() for p in sorted(path.iterdir()) if _may_be_one(p)]
    return list(dict.fromkeys(found))


def _may_be_one(path: Path) -> bool:
    """Whether it is a folder that somebody made: not hidden, and not of the disk itself."""
    return path.is_dir() and path.name[0] not in "._" and path.name.casefold() not in _THE_DISKS


def _last_periods(claims: Mapping[Path, tuple[str, str]]) -> dict[Path, str]:
    """Folders that another one of the same client names as its last period, and whose it is.

    A folder with a mistake in its settings may name one too: the older one is no client for that.
    """
    last = {}
    for folder, (ident, previous) in claims.items():
        before = (folder / previous).resolve()
        same = before in claims and (not ident or claims[before][0] == ident)
        if previous and same and before != folder:
            last[before] = folder.name
    return last


def _why(error: Refused | OSError) -> str:
    if isinstance(error, Refused):
        return str(error)
    return f"{error.filename or 'Its folder'} can't be read ({error.strerror or error})."


def _all_different(named: Sequence[Found]) -> None:
    """Raise Failed where one report would take the place of another."""
    seen: dict[str, Path] = {}
    for found in named:
        ident = found.settings.id
        # Reports may lie where capital and small letters are the same.
        for same in (f"id {ident}", publish.slug(found.settings.name, ident).lower()):
            first = seen.setdefault(same, found.folder)
            if first != found.folder:
                raise Failed(
                    f"{first} and {found.folder} both have the id “{ident}”, so that one report "
                    "would take the place of the other; give each client its own in client.yaml."
                )


def _key(found: Found, job: Job, notebooks: Sequence[Path]) -> str | None:
    """The key that a report on this client would have; None where that can't be said."""
    try:
        read = sources.beside(found, job.brand)
    except (Refused, OSError):
        return None  # making it will say what is wrong
    return plan.key(read.inputs, notebooks, job.formats, job.parameters)


def _stands(manifest: Path, key: str | None, verify: bool) -> bool:
    """Whether the report with this key is published, with all its files."""
    try:
        told: dict[str, Any] = json.loads(manifest.read_bytes())
        outputs: dict[str, str] = told["outputs"]
        if key is None or told["key"] != key:
            return False
        paths = {manifest.parent / name: digest for name, digest in outputs.items()}
        if verify:
            return all(_hash(path) == digest for path, digest in paths.items())
        return all(path.stat().st_size > 0 for path in paths)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return False


def _unchanged(folder: Path, task: Task, manifest: Path) -> Outcome:
    """What stands already, and whether it still waits to be approved; samples never are."""
    files = json.loads(manifest.read_bytes())["outputs"]
    draft = sending.drafts(files) and not is_sample(folder)
    return Outcome(folder, task.name, task.id, task.slug, "unchanged", manifest=manifest,
                   draft=draft)  # fmt: skip


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
