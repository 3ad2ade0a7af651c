"""How every command speaks: plain words for what went wrong, folders found, a bar for long work."""

from __future__ import annotations

import contextlib
import functools
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click


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
            if debug or (isinstance(error, BrokenPipeError) and _nobody_reads()):
                raise  # click ends quietly where `| head` has read enough
            sentence, code = _said(error)
            click.echo(sentence, err=True)
            sys.exit(code)

    return wrapped


def _said(error: BaseException) -> tuple[str, int]:
    """What an error is in plain words, and the exit code for it."""
    from servicegap.run import Failed, WrongUsage

    if isinstance(error, click.Abort):
        return "Stopped; nothing was written.", 1
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


def _nobody_reads() -> bool:
    """Whether it is our own words that reach nobody any more, not a pipe to a kernel."""
    try:
        click.echo()  # what could not be written before is forgotten, so that a flush says nothing
    except BrokenPipeError:
        return True
    return False


def command(*words: str | Path) -> str:
    """A line that can be pasted where one stands: this program as it was started, and the words.

    Folders are written as one would type them from here.
    """
    line = [*program(), *(from_here(w) if isinstance(w, Path) else w for w in words)]
    return subprocess.list2cmdline(line) if os.name == "nt" else shlex.join(line)


def program() -> list[str]:
    """How this program was started: its name where that is enough, else its path, else Python's."""
    started = Path(sys.argv[0])
    if started.stem != "servicegap":
        return [from_here(Path(sys.executable)), "-m", "servicegap"]
    found = shutil.which("servicegap")
    if found and Path(found).absolute() == started.absolute():
        return ["servicegap"]
    return [from_here(started)]


def from_here(path: Path) -> str:
    """A path as one would type it: from the folder in which one stands, where that is shorter."""
    whole = Path(os.path.abspath(path))  # noqa: PTH100 (a link of .venv/bin must not be followed)
    for here in (Path.cwd(), Path.cwd().resolve()):
        with contextlib.suppress(ValueError):
            return str(whole.relative_to(here))
    return str(whole)


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


def client_folder(folder: Path) -> Path:
    """The client's folder, from wherever one stands; a folder that isn't there is wrong usage."""
    from servicegap.client import Refused, find

    try:
        return find(folder)
    except Refused as error:
        raise click.BadParameter(str(error), param_hint="DIR") from error


def must_be_new(folder: Path) -> None:
    """Refuse a folder in which something lies already."""
    if folder.exists() and any(folder.iterdir()):
        raise click.BadParameter(f"{folder} is not empty; take a new folder.", param_hint="DIR")


@contextlib.contextmanager
def progress_bar() -> Iterator[Callable[[str, int, int], None]]:
    """A bar that names what is running, or plain lines where there is no terminal."""
    if not is_terminal():
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


def is_terminal() -> bool:
    """Whether what is said goes to a screen."""
    return sys.stdout.isatty()


def somebody() -> bool:
    """Whether somebody sits at the terminal who can be asked."""
    return sys.stdin.isatty() and sys.stdout.isatty()
