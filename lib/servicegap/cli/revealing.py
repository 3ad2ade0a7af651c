"""The end of a workshop: what was planted, what was found, what could have been found."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from servicegap.cli.saying import client_folder, plain

if TYPE_CHECKING:
    from servicegap.teaching.room import Room


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
    handed_in = _opened(room, folder) if room is not None else None
    if firms:
        click.echo("Looking at the firm, and at others made like it; this takes a while.")
    try:
        page = revealing.reveal(folder, out, handed_in, firms)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="DIR") from error
    click.echo(f"The page is {page}. It gives everything away.")
    for line in (*handed_in.told, *handed_in.of_files) if handed_in else ():
        click.echo(line)  # here and not on the page: the name of a file may be somebody's


def _opened(room: Path, firm: Path) -> Room:
    """The room, if it is there and may be shown."""
    from servicegap.teaching.room import open_room, read_truth

    try:
        read_truth(firm)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="DIR") from error
    try:
        found = open_room(room, firm)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--room") from error
    if not found.folder.is_dir():
        raise click.BadParameter(f"there is no folder {room}; check its name.",
                                 param_hint="--room")  # fmt: skip
    if not found.kept:
        raise click.BadParameter(
            "The room's folder can't be written to, so whom the page shows could not be kept. Copy "
            "the folder, with all that lies in it, to a disk that can be written to, before "
            "anybody is shown anything of it.",
            param_hint="--room",
        )
    return found
