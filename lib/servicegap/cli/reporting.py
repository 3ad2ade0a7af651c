"""A client's report: made, approved, forgotten."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from servicegap.cli.saying import (
    brand_option,
    client_folder,
    command,
    out_option,
    plain,
    progress_bar,
)

FORMATS = ("html", "pdf", "pptx")


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--sessions", metavar="01,07", help="Only these; written to <slug>/partial/.")
@click.option("--formats", default=",".join(FORMATS), show_default=True, help="What to write.")
@out_option
@brand_option
@plain
def report(folder: Path, sessions: str | None, formats: str, out: Path, brand: Path | None) -> None:
    """Make one client's report from the folder DIR."""
    make_report(client_folder(folder), sessions, formats_asked(formats), out, brand=brand)


@click.command()
@click.argument(
    "folders", metavar="DIR...", nargs=-1, required=True, type=click.Path(path_type=Path)
)
@click.option("--by", required=True, metavar="NAME", help="Who approves; it is printed.")
@out_option
@brand_option
@plain
def approve(folders: tuple[Path, ...], by: str, out: Path, brand: Path | None) -> None:
    """Lift DRAFT from the report on each folder DIR, as its files are now.

    Any later change of the files, the brand, the notes or the notebooks puts it back.
    """
    from servicegap.run import approval

    found = [client_folder(folder) for folder in folders]
    for folder in found:
        click.echo(approval.approve(folder, by, brand, out=out))
    again = "report" if len(found) == 1 else "batch"
    click.echo(f"To make {'it' if len(found) == 1 else 'them'} again: "
               f"{command(again, *found, *said_again(out, brand))}")  # fmt: skip


@click.command()
@click.argument("client", metavar="ID")
@out_option
@plain
def forget(client: str, out: Path) -> None:
    """Remove everything that was made from a client, and say what it was.

    ID is the one in its client.yaml; its folder will do too. The folder itself stays, with the
    files that the client gave; its approval goes with the report.
    """
    from servicegap.run import forgetting

    for line in forgetting.forget(client, out):
        click.echo(line)


def make_report(
    folder: Path, sessions: str | None, formats: tuple[str, ...], out: Path, **options: Any
) -> None:
    """Make a report and say where it is; `options` are more of a Job's, for the tests."""
    from servicegap.run.making import Job, make

    with progress_bar() as progress:
        made = make(Job(folder, out, sessions, formats, **options), progress)
    for stem, status in made.statuses.items():
        if status.status == "not_measured":
            click.echo(f"Session {stem[:2]} was not measured. {status.reason}")
    if made.warnings:
        count = len(made.warnings)
        remarks = "is 1 remark" if count == 1 else f"are {count} remarks"
        click.echo(f"There {remarks} on the data; to read: {command('check', folder)}")
    for remark in made.remarks:
        click.echo(remark)
    if made.draft and made.approvable:
        line = to_approve([folder], out, options.get("brand"))
        click.echo(f"It says DRAFT until you have read it and run: {line}")
    click.echo(str(made.opens))


def to_approve(folders: Sequence[Path], out: Path, brand: Path | None) -> str:
    """The command that approves the reports on these folders."""
    return f'{command("approve", *folders, *said_again(out, brand))} --by "Your Name"'


def said_again(out: Path, brand: Path | None) -> list[str | Path]:
    """The options with which a command finds the same reports in the same look."""
    elsewhere: list[str | Path] = ["--out", out] if out != Path("reports") else []
    return [*elsewhere, "--brand", brand] if brand else elsewhere


def formats_asked(text: str) -> tuple[str, ...]:
    asked = [word.strip().lower() for word in text.split(",") if word.strip()]
    unknown = [word for word in asked if word not in FORMATS]
    if unknown or not asked:
        raise click.BadParameter(
            f"{unknown[0] if unknown else 'nothing'} is not one of {', '.join(FORMATS)}.",
            param_hint="--formats",
        )
    return tuple(form for form in FORMATS if form in asked)
