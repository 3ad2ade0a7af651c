"""Every client's report: the command, what it shows while it works, and what it says at the end."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import urlsplit

import click

from servicegap.cli.reporting import FORMATS, formats_asked, said_again, to_approve
from servicegap.cli.saying import brand_option, command, from_here, is_terminal, out_option, plain

if TYPE_CHECKING:
    from servicegap.run.batch import Outcome, Planned, Task

MARKS = {"made": "made", "failed": "FAILED", "unchanged": "unchanged"}


def _address(_: click.Context, option: click.Parameter, told: str | None) -> str | None:
    """A scheduler's address; with anything else Dask would try for a minute and then fall over."""
    if told is None:
        return None
    with contextlib.suppress(ValueError):
        parts = urlsplit(told)
        if parts.scheme in ("tcp", "tls") and parts.hostname and parts.port:
            return told
    what = f"“{told}” is no scheduler’s address; write it as tcp://first-machine:8786."
    raise click.BadParameter(what, param=option)


@click.command()
@click.argument(
    "folders",
    metavar="CLIENTS_DIR...",
    nargs=-1,
    required=True,
    type=click.Path(path_type=Path, exists=True, file_okay=False),
)
@click.option(
    "--jobs",
    type=click.IntRange(1),
    help="How many at a time; else as many as processors and memory allow.",
)
@click.option("--formats", default=",".join(FORMATS), show_default=True, help="What to write.")
@click.option("--force", is_flag=True, help="Make those too of which nothing has changed.")
@click.option("--verify", is_flag=True, help="Look into every published file for damage.")
@click.option(
    "--refresh-panel",
    is_flag=True,
    help="First write panel.csv anew: the clients as each other's peers, without names.",
)
@click.option(
    "--scheduler", metavar="TCP://…", callback=_address, help="Make them on a Dask cluster."
)
@click.option("--log", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False),
              help="Write down what happens, a line of JSON for each step.")  # fmt: skip
@out_option
@brand_option
@plain
def batch(
    folders: tuple[Path, ...], jobs: int | None, formats: str, force: bool, verify: bool,
    refresh_panel: bool, scheduler: str | None, log: Path | None, out: Path, brand: Path | None,
) -> None:  # fmt: skip
    """Make the reports on all clients whose folders lie in CLIENTS_DIR, where anything changed.

    Folders of single clients may be named too. The same command again goes on where it stopped.
    """
    asked = formats_asked(formats)
    again = ["--formats", formats] if asked != FORMATS else []
    again += ["--scheduler", scheduler] if scheduler else []
    must_hold_a_client(folders)
    if refresh_panel:
        refresh(folders)
    outcomes = make_batch(folders, asked, out, jobs, force=force, verify=verify, log=log,
                          scheduler=scheduler, again=again, brand=brand)  # fmt: skip
    sys.exit(any(outcome.status == "failed" for outcome in outcomes))


def must_hold_a_client(folders: Sequence[Path]) -> None:
    """Raise WrongUsage where nobody's folder is among them, before anything is written."""
    from servicegap.run import WrongUsage, portfolio

    if not any(portfolio.is_client(path) or portfolio.clients_in(path) for path in folders):
        raise WrongUsage("There is no client's folder there: none holds a client.yaml.")


def refresh(folders: Sequence[Path]) -> None:
    """Write the panel of the clients anew, and say what came of it."""
    from servicegap.run import panel, portfolio

    for home in portfolio.places(folders):
        if home.is_dir():
            for line in panel.refresh(portfolio.clients_in(home), home).said:
                click.echo(line)


def make_batch(
    folders: Sequence[Path], formats: tuple[str, ...], out: Path, jobs: int | None, *,
    force: bool = False, verify: bool = False, log: Path | None = None,
    scheduler: str | None = None, again: Sequence[str] = (), **options: Any,
) -> list[Outcome]:  # fmt: skip
    """Make a batch, show how it goes, and say what came of it.

    Args: again, the options with which it can be repeated; options, more of a Job's, for the tests.
    """
    from servicegap.run import batch as clients
    from servicegap.run import portfolio
    from servicegap.run.cluster import on_cluster
    from servicegap.run.crew import at_once, on_this_machine
    from servicegap.run.job import Job

    start = time.monotonic()
    job = Job(Path(), out, None, formats, **options)
    count = jobs or at_once()
    with _written_down(log) as note, _shown() as show:

        def said(planned: Planned) -> None:
            note("planned", to_make=len(planned.tasks), known=len(planned.known), jobs=count)
            show.planned(planned)

        def step(task: Task, what: str, done: int, total: int) -> None:
            note("step", client=task.name, id=task.id, step=what, done=done, of=total)
            show.step(task, what, done, total)

        def ended(outcome: Outcome) -> None:
            told = {"seconds": outcome.seconds, "reason": outcome.reason}
            note(outcome.status, client=outcome.name, id=outcome.id, **told)
            show.ended(outcome)

        def crew(tasks: Sequence[Task]) -> Iterator[Outcome]:
            if scheduler:
                return on_cluster(scheduler, tasks, clients.one, clients.lost)
            return on_this_machine(tasks, count, step)

        try:
            outcomes = clients.run(
                folders, job, crew, force=force, verify=verify, said=said, ended=ended
            )
        except KeyboardInterrupt:
            note("stopped")
            raise
        note("ended", seconds=round(time.monotonic() - start, 1))
    same = said_again(out, job.brand)
    for line in summary(outcomes, time.monotonic() - start, again, same):
        click.echo(line)

    def typed(folder: Path, need: str) -> tuple[str, str]:
        if need == "approve":
            return from_here(folder), to_approve([folder], out, job.brand)
        forced = ["--force"] if need == "anew" else []
        return from_here(folder), command("batch", folder, *same, *again, *forced)

    page = portfolio.after(folders, outcomes, out, job.brand, typed)
    click.echo(f"All clients on one page, for you alone: {page}")
    return outcomes


def summary(
    outcomes: Sequence[Outcome], seconds: float, again: Sequence[str] = (),
    same: Sequence[str | Path] = (),
) -> list[str]:  # fmt: skip
    """What came of a batch, line by line; with the commands for what waits for the consultant.

    Args: again, options of the batch itself; same, those that any command needs to find the same
    reports.
    """
    by = {s: [o for o in outcomes if o.status == s] for s in ("made", "unchanged", "failed")}
    clients = sum(len(those) for those in by.values())
    counts = ", ".join(f"{len(those)} {status}" for status, those in by.items() if those)
    noun = "client" if clients == 1 else "clients"
    lines = [f"{clients} {noun}: {counts or 'nothing to do'}, in {_time(seconds)}."]
    lines += [f"{o.folder} is left out. {o.reason}" for o in outcomes if o.status == "not a client"]
    for outcome in by["made"]:
        lines += [f"{outcome.name}: {remark}" for remark in outcome.remarks]
        if outcome.warnings:
            n = "1 remark" if outcome.warnings == 1 else f"{outcome.warnings} remarks"
            lines.append(f"{outcome.name}: {n} on the data: {command('check', outcome.folder)}")
    drafts = [o.folder for s in ("made", "unchanged") for o in by[s] if o.draft]
    if drafts:
        says, read = ("says", "it") if len(drafts) == 1 else ("say", "them")
        lines.append(
            f"{len(drafts)} {says} DRAFT until you have read {read} and run: "
            f'{command("approve", *drafts, *same)} --by "Your Name"'
        )
    if by["failed"]:
        lines.append("Failed:")
        lines += [
            f"  {outcome.name} ({outcome.folder}): {outcome.reason}" for outcome in by["failed"]
        ]
        line = command("batch", *(o.folder for o in by["failed"]), *same, *again)
        lines.append(f"To make just those again: {line}")
    return lines


def _time(seconds: float) -> str:
    whole = round(seconds)
    if whole < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(whole, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {rest} s"


@contextlib.contextmanager
def _written_down(path: Path | None) -> Iterator[Callable[..., None]]:
    """Give a function that writes one event to the log, as a line of JSON; or does nothing."""
    if path is None:
        yield lambda event, **told: None
        return
    file = path.open("a", encoding="utf-8", errors="backslashreplace")  # as JSON escapes it too

    def note(event: str, **told: Any) -> None:
        at = dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds")
        with contextlib.suppress(OSError):  # a full disk must not end what it only describes
            file.write(json.dumps({"at": at, "event": event, **told}, ensure_ascii=False) + "\n")
            file.flush()

    try:
        yield note
    finally:
        with contextlib.suppress(OSError):  # which is where the full disk is noticed once more
            file.close()


class _Shown(Protocol):
    """What somebody sees of a batch while it runs."""

    def planned(self, planned: Planned) -> None: ...
    def step(self, task: Task, what: str, done: int, total: int) -> None: ...
    def ended(self, outcome: Outcome) -> None: ...


@contextlib.contextmanager
def _shown() -> Iterator[_Shown]:
    """Bars where there is a terminal, lines elsewhere."""
    if not is_terminal():
        yield _Lines()
        return
    from rich import progress as bars

    said = partial(bars.TextColumn, markup=False)  # a client may be called “Acme [/UK]”
    columns = (
        *(said("{task.description}"), bars.BarColumn(), bars.MofNCompleteColumn()),
        *(bars.TimeElapsedColumn(), said("{task.fields[left]}")),
    )
    with bars.Progress(*columns) as bar:
        yield _Bars(bar)


@dataclass
class _Lines:
    """A line a client."""

    total: int = 0
    done: int = 0

    def planned(self, planned: Planned) -> None:
        self.total = len(planned.tasks)
        standing = sum(outcome.status == "unchanged" for outcome in planned.known)
        click.echo(f"{self.total} to make, {standing} unchanged.")

    def step(self, task: Task, what: str, done: int, total: int) -> None:
        return

    def ended(self, outcome: Outcome) -> None:
        self.done += 1
        what = MARKS.get(outcome.status, outcome.status)
        click.echo(f"[{self.done}/{self.total}] {outcome.name}: {what}, {_time(outcome.seconds)}")


@dataclass
class _Bars:
    """A bar over all with the time left, and one for each client that is being made."""

    bar: Any
    overall: Any = None
    clients: dict[str, Any] = field(default_factory=dict)
    begun: float = field(default_factory=time.monotonic)

    def planned(self, planned: Planned) -> None:
        total = len(planned.tasks)
        self.overall = self.bar.add_task("All clients", total=total, left="")

    def step(self, task: Task, what: str, done: int, total: int) -> None:
        if task.slug not in self.clients:
            self.clients[task.slug] = self.bar.add_task(task.name, total=total, left="")
        self.bar.update(self.clients[task.slug], completed=done, total=total, left=what)

    def ended(self, outcome: Outcome) -> None:
        if outcome.slug in self.clients:
            self.bar.remove_task(self.clients.pop(outcome.slug))
        self.bar.advance(self.overall)
        done = self.bar.tasks[0].completed
        rest = (time.monotonic() - self.begun) / done * (self.bar.tasks[0].total - done)
        self.bar.update(self.overall, left=f"about {_time(rest)} left" if rest else "")
        if outcome.status == "failed":
            self.bar.console.print(f"{outcome.name}: FAILED", markup=False, highlight=False)
