"""For whoever teaches: materials, a machine that is ready, a fresh room, what was learned."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path

import click

from servicegap.cli.saying import brand_option, command, plain, progress_bar


@click.command()
@click.option("--out", metavar="DIR", type=click.Path(path_type=Path, file_okay=False),
              help="Make trainer's notebooks, handouts and slides here.")  # fmt: skip
@click.option("--sessions", metavar="01,07", help="Only these, with --out.")
@brand_option
@click.option("--check", is_flag=True, help="Say whether this machine is ready, line by line.")
@click.option("--reset", is_flag=True, help="Give the room fresh copies of the made-up firms; what "
              "was said before is moved aside.")  # fmt: skip
@click.option("--learning", metavar="FOLDER", help="How many had each question right, over a "
              "room's learning.csv files, under whatever names.",
              type=click.Path(path_type=Path, exists=True, file_okay=False))  # fmt: skip
@plain
def trainer(
    out: Path | None,
    sessions: str | None,
    brand: Path | None,
    check: bool,
    reset: bool,
    learning: Path | None,
) -> None:
    """Teach the series: make what is needed, check the machine, start the room afresh."""
    asked = [bool(out), check, reset, bool(learning)]
    if sum(asked) != 1:
        raise click.UsageError("take one of --out DIR, --check, --reset and --learning FOLDER.")
    if out:
        _make(out, sessions, brand)
    elif check:
        sys.exit(_check())
    elif reset:
        _reset()
    elif learning:
        _learning(learning)


def _make(out: Path, sessions: str | None, given: Path | None) -> None:
    from servicegap import schema
    from servicegap.run import branding, plan
    from servicegap.teaching import materials, sample_run

    there = plan.available(materials.NOTEBOOKS)
    wanted = plan.asked(sessions, there)
    own = branding.of_all(Path(), given)
    with progress_bar() as progress:
        sample = sample_run.sample(progress, wanted)
    kept: list[Path] = []
    for number in wanted:
        files = materials.of_session(schema.SESSIONS[number].stem, sample, own.brand)
        kept += materials.lay_out(files, out).kept
    for path in kept:
        click.echo(f"You had changed it, so yours is kept as {path}")
    for remark in own.remarks:
        click.echo(remark)
    sets = "1 session" if len(wanted) == 1 else f"{len(wanted)} sessions"
    click.echo(f"{out} holds notebooks, handouts and slides of {sets}.")
    click.echo("The notebooks hold the model answers: they are for your screen alone.")


def _check() -> int:
    from servicegap.teaching import ready

    well = True
    for found in ready.checks():
        well = well and found.ok
        colour = "green" if found.ok else "red"
        click.echo(f"{click.style(f'{colour:6}', fg=colour)} {found.what}: {found.seen}")
        if found.to_do:
            to_do = found.to_do.replace("servicegap trainer", command("trainer"))
            click.echo(f"       → {to_do}")
    click.echo("This machine is ready." if well else "Not ready yet: see what is red.")
    return 0 if well else 1


def _reset() -> None:
    from servicegap.teaching import fresh

    done = fresh.reset(dt.date.today())
    click.echo(f"Fresh again: {', '.join(done.firms)}.")
    if done.aside is not None:
        click.echo(f"What was said before lies in {done.aside}; nothing was deleted.")
    if done.left:
        click.echo(f"Left alone, since it is no made-up firm of ours: {', '.join(done.left)}.")


def _learning(folder: Path) -> None:
    from servicegap import learning

    gathered = learning.gather(folder)
    people = len(gathered.people)
    if not people and not gathered.left_out:
        raise click.ClickException(
            f"There is no learning.csv in {folder} or in the folders in it: nobody’s answers are "
            "there to count. Each attendee’s lies in the folder of the firm they worked on."
        )
    click.echo("Answers of 1 person." if people == 1 else f"Answers of {people} people.")
    for name in gathered.left_out:
        click.echo(f"Left out, since it holds no answers or is a copy: {name}")
    rows = learning.table(learning.shares(gathered.people)).data
    for when, part in rows.groupby("when", sort=False):
        click.echo(f"\n{str(when).capitalize()}")
        for question, right in zip(part["question"], part["right"], strict=True):
            click.echo(f"  {right:26} {question}")
