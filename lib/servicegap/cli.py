"""The command line.

Commands only read their words, call the library and say what came of it. Imports stand inside the
commands, so that help and mistakes answer at once. Exit codes: 0 all well, 1 something failed or
the data have errors, 2 wrong usage.
"""

from __future__ import annotations

import contextlib
import functools
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click

FORMATS = ("html", "pdf", "pptx")


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="servicegap")
def main() -> None:
    """Find out where an IT support service falls short of what its owners believe."""


def plain(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command `--debug`, and say everything that goes wrong in plain words without it."""

    @click.option("--debug", is_flag=True, help="Show where in the code something went wrong.")
    @functools.wraps(command)
    def wrapped(*, debug: bool, **options: Any) -> None:
        try:
            command(**options)
        except (click.ClickException, click.exceptions.Exit):
            raise
        except (Exception, KeyboardInterrupt) as error:
            if debug:
                raise
            sentence, code = _said(error)
            click.echo(sentence, err=True)
            sys.exit(code)

    return wrapped


def _said(error: BaseException) -> tuple[str, int]:
    """What an error is in plain words, and the exit code for it."""
    from servicegap.run import Failed, WrongUsage

    if isinstance(error, KeyboardInterrupt):
        return "Stopped before the end; nothing was published.", 1
    if isinstance(error, Failed):
        return str(error), 2 if isinstance(error, WrongUsage) else 1
    from servicegap.problems import Refused

    if isinstance(error, Refused):
        return str(error), 1
    if isinstance(error, OSError) and error.filename:
        return f"{error.filename}: {error.strerror}.", 1
    said = " ".join(f"{type(error).__name__}: {error}".split())
    return f"Something in the workbook itself went wrong ({said}); --debug shows where.", 1


out_option = click.option(
    "--out",
    default="reports",
    show_default=True,
    metavar="FOLDER",
    type=click.Path(path_type=Path, file_okay=False),
    help="Where reports go.",
)
brand_option = click.option(
    "--brand",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help="Your brand.yaml, if it does not lie beside the clients' folders.",
)


@main.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--sessions", metavar="01,07", help="Only these; written to <slug>/partial/.")
@click.option("--formats", default=",".join(FORMATS), show_default=True, help="What to write.")
@out_option
@brand_option
@plain
def report(folder: Path, sessions: str | None, formats: str, out: Path, brand: Path | None) -> None:
    """Make one client's report from the folder DIR."""
    make_report(_found(folder), sessions, _formats(formats), out, brand=brand)


@main.command()
@click.argument(
    "folders", metavar="DIR...", nargs=-1, required=True, type=click.Path(path_type=Path)
)
@click.option("--by", required=True, metavar="NAME", help="Who approves; it is printed.")
@brand_option
@plain
def approve(folders: tuple[Path, ...], by: str, brand: Path | None) -> None:
    """Lift DRAFT from the report on each folder DIR, as its files are now.

    Any later change of the files, the brand, the notes or the notebooks puts it back.
    """
    from servicegap.run import approving

    for folder in [_found(folder) for folder in folders]:
        click.echo(approving.approve(folder, by, brand))


@main.command()
@click.argument("client_id", metavar="CLIENT_ID")
@out_option
@plain
def forget(client_id: str, out: Path) -> None:
    """Remove everything that was made from the client called CLIENT_ID, and say what it was.

    The client's own folder, with the files that the client gave, is left alone.
    """
    from servicegap.run import forgetting

    for line in forgetting.forget(client_id, out):
        click.echo(line)


@main.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@click.option("--scenario", default="alder-it", show_default=True, help="Which made-up firm.")
@click.option(
    "--strength", default=1.0, show_default=True, help="How far beliefs are off; 0 = not."
)
@click.option("--seed", default=7, show_default=True, help="The same number, the same firm.")
@plain
def sample(folder: Path, scenario: str, strength: float, seed: int) -> None:
    """Make up an MSP with known faults, in a new folder DIR, for practice and teaching."""
    _new_folder(folder)
    from servicegap import simulate

    if scenario not in simulate.SCENARIOS:
        known = ", ".join(simulate.SCENARIOS)
        raise click.BadParameter(f"{scenario} is not one of {known}.", param_hint="--scenario")
    if not 0 <= strength <= 2:
        raise click.BadParameter("take a number from 0 to 2.", param_hint="--strength")
    simulate.write(simulate.make(scenario, strength, seed), folder)
    click.echo(f"{folder} holds a made-up firm; what is true of it stands in TRUTH.yaml.")


@main.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@plain
def new(folder: Path) -> None:
    """Make a client's folder DIR: empty tables, a belief form and a data request to send."""
    from servicegap.forms import new_folder

    made = new_folder(folder)
    click.echo(f"{folder} now holds {', '.join(path.name for path in made if _to_read(path))}")
    click.echo("and an empty file for every table. Begin with README.txt.")


def _to_read(path: Path) -> bool:
    return path.suffix.lower() != ".csv"


@main.command()
@click.argument("files", metavar="FILE...", nargs=-1, required=True,
                type=click.Path(path_type=Path, exists=True, dir_okay=False))  # fmt: skip
@click.option("--client", "folder", required=True, metavar="DIR", help="The client's folder.",
              type=click.Path(path_type=Path, file_okay=False))  # fmt: skip
@click.option("--as", "as_format", metavar="FORMAT",
              help="What the file is: a format, or one of tickets, feedback, survey.")  # fmt: skip
@click.option("--dates", type=click.Choice(("dmy", "mdy", "ymd")),
              help="What comes first in a date, where the file doesn't tell.")  # fmt: skip
@click.option("--timezone", metavar="ZONE", help="Where the clock stood: Europe/London. Times are "
              "kept in UTC.")  # fmt: skip
@click.option("--scale", metavar="SCALE", help="The scale of the marks: 1-5, 0-10 and so on.")
@click.option("--add", "how", flag_value="add", help="Add to the tables that are there.")
@click.option("--replace", "how", flag_value="replace", help="Take the place of the tables that "
              "are there; they are kept in .servicegap/before.")  # fmt: skip
@plain
def intake(
    files: tuple[Path, ...], folder: Path, as_format: str | None, dates: str | None,
    timezone: str | None, scale: str | None, how: str | None,
) -> None:  # fmt: skip
    """Make the tables of the client's folder DIR from exports of ticket, survey and CSAT tools.

    Shows what each column is taken for, and remembers it in DIR/intake.yaml, where it can be
    corrected. A survey's code book may stand among the files.
    """
    from servicegap import intake as taking
    from servicegap.intake import mapping, telling

    folder = _found(folder)
    zone = mapping.zone(timezone)
    scale = mapping.scale(scale) if scale else None
    found = taking.recognise(files, folder, as_format)
    for place, one in enumerate(found):
        for line in telling.mapping(one):
            click.echo(line)
        if not one.sure:
            found[place] = _confirmed(one, folder)
    done = taking.take_in(found, folder, how=how or "new", timezone=zone, dates=dates,
                          scale=scale, ask=_ask)  # fmt: skip
    for line in telling.result(done):
        click.echo(line)
    click.echo("")
    _say_health(folder)


def _confirmed(one: Any, folder: Path) -> Any:
    """What somebody at the terminal says a file is; where nobody is there, stop with the remedy."""
    from servicegap.intake import data, recognise, taking, telling

    if not _somebody():
        raise click.ClickException(telling.unsure(one))
    if click.confirm("Is that right?"):
        return one
    answer = _ask(taking.Question("format", "What is it then?", (*one.choices, *data.MAKES)))
    (again,) = [r for r in recognise([one.path], folder, answer) if r.path == one.path]
    for line in telling.mapping(again):
        click.echo(line)
    click.confirm("Is that right? If not, correct DIR/intake.yaml afterwards", abort=True)
    return again


def _ask(question: Any) -> str | None:
    """Put a question to whoever sits at the terminal; None where nobody does."""
    if not _somebody():
        return None
    choices = click.Choice(tuple(dict.fromkeys(question.choices)))
    return click.prompt(question.text, type=choices)


def _somebody() -> bool:
    return sys.stdin.isatty() and sys.stdout.isatty()


@main.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@plain
def check(folder: Path) -> None:
    """Say what the folder DIR holds, what is wrong with it, and what can be measured now."""
    sys.exit(_say_health(_found(folder)))


def _say_health(folder: Path) -> int:
    """Print the health of a folder, write its page, and return the exit code for it."""
    from servicegap import health, healthpage
    from servicegap.client import Refused, load

    found = health.check(folder)
    click.echo(found.text(), nl=False)
    with contextlib.suppress(Refused):
        client = load(folder, sealed=False, tolerate=True)
        counted = healthpage.facts(client, found)
        click.echo("")
        for line in healthpage.lines(counted):
            click.echo(line)
        page = healthpage.write(client, found, counted)
        if page is not None:
            click.echo(f"As a page: {page}")
    return found.exit_code


def _found(folder: Path) -> Path:
    """The client's folder, from wherever one stands; a folder that isn't there is wrong usage."""
    from servicegap.client import Refused, find

    try:
        return find(folder)
    except Refused as error:
        raise click.BadParameter(str(error), param_hint="DIR") from error


def _new_folder(folder: Path) -> None:
    if folder.exists() and any(folder.iterdir()):
        raise click.BadParameter(f"{folder} is not empty; take a new folder.", param_hint="DIR")


def make_report(
    folder: Path, sessions: str | None, formats: tuple[str, ...], out: Path, **options: Any
) -> None:
    """Make a report and say where it is; `options` are more of a Job's, for the tests."""
    from servicegap.run.making import Job, make

    with _progress() as progress:
        made = make(Job(folder, out, sessions, formats, **options), progress)
    for stem, status in made.statuses.items():
        if status.status == "not_measured":
            click.echo(f"Session {stem[:2]} was not measured. {status.reason}")
    if made.warnings:
        count = len(made.warnings)
        remarks = "is 1 remark" if count == 1 else f"are {count} remarks"
        click.echo(f"There {remarks} on the data; to read: servicegap check {folder}")
    for remark in made.remarks:
        click.echo(remark)
    if made.draft and made.approvable:
        click.echo(f"It says DRAFT until you have read it and run: servicegap approve {folder}")
    click.echo(str(made.opens))


def _formats(text: str) -> tuple[str, ...]:
    asked = [word.strip().lower() for word in text.split(",") if word.strip()]
    unknown = [word for word in asked if word not in FORMATS]
    if unknown or not asked:
        raise click.BadParameter(
            f"{unknown[0] if unknown else 'nothing'} is not one of {', '.join(FORMATS)}.",
            param_hint="--formats",
        )
    return tuple(form for form in FORMATS if form in asked)


@contextlib.contextmanager
def _progress() -> Iterator[Callable[[str, int, int], None]]:
    """A bar that names what is running, or plain lines where there is no terminal."""
    if not _is_terminal():
        yield lambda step, done, total: click.echo(f"[{done + 1}/{total}] {step}")
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (BarColumn(), MofNCompleteColumn(), TextColumn("{task.description}"))
    with Progress(*columns, TimeElapsedColumn()) as bar:
        task = bar.add_task("Reading the files", total=None)

        def show(step: str, done: int, total: int) -> None:
            bar.update(task, description=step, completed=done, total=total)

        yield show
        bar.update(task, description="Done", completed=bar.tasks[0].total)


def _is_terminal() -> bool:
    return sys.stdout.isatty()
