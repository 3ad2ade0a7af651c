"""The end of a workshop: what was planted, what was found, what could have been found."""

from __future__ import annotations

from pathlib import Path

import click

from servicegap.cli.saying import client_folder, plain


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--room", metavar="FOLDER", type=click.Path(path_type=Path, file_okay=False),
              help="Where the attendees' belief files were put.")  # fmt: skip
@click.option("--out", default="reveal.html", show_default=True, metavar="FILE",
              type=click.Path(path_type=Path, dir_okay=False),
              help="The page to write.")  # fmt: skip
@click.option("--firms", default=20, show_default=True, type=click.IntRange(0, 400),
              help="How many firms to make anew, of each size, to see how often it "
                   "is found.")  # fmt: skip
@plain
def reveal(folder: Path, room: Path | None, out: Path, firms: int) -> None:
    """Make the page for the end of a workshop on the made-up firm DIR, which has TRUTH.yaml."""
    from servicegap.teaching import revealing

    folder = client_folder(folder)
    if firms:
        click.echo("Looking at the firm, and at others made like it; this takes a while.")
    try:
        page = revealing.reveal(folder, out, room, firms)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="DIR") from error
    click.echo(f"The page is {page}. It gives everything away.")
