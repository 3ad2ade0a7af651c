"""A client's folder: begun, filled from other tools' exports, checked; or a made-up one."""

from __future__ import annotations

import contextlib
import sys
from pathlib import Path
from typing import Any

import click

from servicegap.cli.saying import client_folder, must_be_new, plain, somebody


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@click.option("--scenario", default="alder-it", show_default=True, help="Which made-up firm.")
@click.option(
    "--strength", default=1.0, show_default=True, help="How far beliefs are off; 0 = not."
)
@click.option(
    "--seed",
    default=7,
    show_default=True,
    type=click.IntRange(0),
    help="The same number, the same firm.",
)
@click.option("--size", default="typical", show_default=True,
              type=click.Choice(("small", "typical", "large")))  # fmt: skip
@click.option("--hand-out", is_flag=True, help="As an attendee gets it: nothing guessed yet, and "
              "no TRUTH.yaml.")  # fmt: skip
@plain
def sample(
    folder: Path, scenario: str, strength: float, seed: int, size: str, hand_out: bool
) -> None:
    """Make up an MSP with known faults, in a new folder DIR, for practice and teaching."""
    must_be_new(folder)
    from servicegap import simulate

    if scenario not in simulate.SCENARIOS:
        known = ", ".join(simulate.SCENARIOS)
        raise click.BadParameter(f"{scenario} is not one of {known}.", param_hint="--scenario")
    if not 0 <= strength <= 2:
        raise click.BadParameter("take a number from 0 to 2.", param_hint="--strength")
    made = simulate.make(scenario, strength, seed, size)
    if hand_out:
        simulate.hand_out(made, folder)
        click.echo(f"{folder} holds a made-up firm to hand out: nothing is guessed yet.")
        return
    simulate.write(made, folder)
    click.echo(f"{folder} holds a made-up firm; what is true of it stands in TRUTH.yaml.")


@click.command()
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


@click.command()
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

    folder = client_folder(folder)
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
    say_health(folder)


def _confirmed(one: Any, folder: Path) -> Any:
    """What somebody at the terminal says a file is; where nobody is there, stop with the remedy."""
    from servicegap.intake import recognise, telling

    if not somebody():
        raise click.ClickException(telling.unsure(one))
    kinds = telling.kinds(one)
    while not click.confirm("Is every line right?"):
        answer = click.prompt(telling.what_is_wrong(kinds)).strip()
        header = one.header(answer)
        if answer in kinds:
            (one,) = recognise([one.path], folder, answer)
        elif header is not None:
            click.echo("\n".join(telling.meanings(one)))
            choices = click.Choice(one.could_mean)
            meaning = click.prompt(f"What does “{header}” hold?", type=choices, show_choices=False)
            one = one.corrected(header, meaning)
        else:
            click.echo(f"The file has no column “{answer}”, and it is none of these kinds.")
            continue
        for line in telling.mapping(one):
            click.echo(line)
    return one


def _ask(question: Any) -> str | None:
    """Put a question to whoever sits at the terminal; None where nobody does."""
    if not somebody():
        return None
    choices = click.Choice(tuple(dict.fromkeys(question.choices)))
    return click.prompt(question.text, type=choices)


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@plain
def check(folder: Path) -> None:
    """Say what the folder DIR holds, what is wrong with it, and what can be measured now."""
    sys.exit(say_health(client_folder(folder)))


def say_health(folder: Path) -> int:
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
