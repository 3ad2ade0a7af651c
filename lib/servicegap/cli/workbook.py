"""The workbook, opened: JupyterLab on a client's own copy of the series."""

from __future__ import annotations

import contextlib
import signal
from pathlib import Path
from typing import Any

import click

from servicegap.cli.saying import client_folder, plain

SAMPLE = Path("data") / "sample" / "alder-it"


@click.command()
@click.argument("folder", metavar="[DIR]", required=False, type=click.Path(path_type=Path))
@click.option("--no-browser", is_flag=True, help="Only say at which address it is.")
@click.option("--port", type=click.IntRange(1024, 65535), help="Its port; else one that is free.")
@plain
def workbook(folder: Path | None, no_browser: bool, port: int | None) -> None:
    """Open the workbook on the client's folder DIR, or on the made-up firm Alder IT.

    JupyterLab opens at the first session, on this machine only, with DIR's own copies of the
    notebooks in DIR/workbook. What is answered goes into DIR. End it with Ctrl-C.
    """
    from servicegap import workbook as room
    from servicegap.client import own_folder

    own = own_folder(client_folder(folder or SAMPLE))
    lab = room.lab_for(own)
    found = room.running(lab)
    if found is not None:
        _say_kept(room.lay_out(own))
        click.echo("It is open already.")
        _show(found, no_browser)
        return
    _begun(own)
    with _ended_by_signals(), room.opening(lab, port) as opening:
        try:
            laid = room.lay_out(own)
            running = opening.ready()
            _say_kept(laid)
            _show(running, no_browser)
            click.echo("It is open until you press Ctrl-C here. Your answers are kept as you go.")
            opening.wait()
        except KeyboardInterrupt:
            click.echo("\nClosed. Everything you answered is in your folder.")


def _begun(own: Path) -> None:
    """Refuse a folder that is no client's before anything is started or written."""
    from servicegap.client.settings import read_settings

    read_settings(own)


def _say_kept(laid: Any) -> None:
    for one in laid:
        if one.kept is not None:
            click.echo(
                f"{one.notebook.name} is newer than your copy; the one that you changed is kept "
                f"beside it as “{one.kept.name}”."
            )


def _show(running: Any, no_browser: bool) -> None:
    if not no_browser:
        import webbrowser

        # a page with the key in it, so that the key is in no list of processes
        webbrowser.open(running.opens.as_uri())
    click.echo(f"The workbook is at {running.address}")


@contextlib.contextmanager
def _ended_by_signals() -> Any:
    """Let a closed terminal or a polite kill end it in good order, as Ctrl-C does."""

    def stop(number: int, frame: Any) -> None:
        raise KeyboardInterrupt

    names = [n for n in ("SIGTERM", "SIGHUP") if hasattr(signal, n)]
    before = {getattr(signal, n): signal.signal(getattr(signal, n), stop) for n in names}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
