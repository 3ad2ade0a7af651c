"""How long does an explorer take from a move to its picture?

Every explorer of every session, at 5,000 tickets, in this process and without a browser:

    python -m benchmarks.explorers [--sessions 01,07] [--moves 5]

A move is one step of one control; timed is the processor's time until the new picture is ready to
be sent. The first draw is told apart, since it also counts what later ones remember. The target is
200 ms a move.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path
from typing import Any

import nbformat
from servicegap import load, simulate, widgets
from servicegap.widgets.exploring import Explorer

NOTEBOOKS = Path(__file__).resolve().parents[1] / "notebooks"
TICKETS, TARGET = 5_000, 200
LOG = 1.34  # rows of the log to a ticket


def client_with(tickets: int, folder: Path):
    """A made-up firm with so many tickets; the rest as in the sample of that name."""
    made = simulate.make("alder-it", 1.0, 7, "large")
    simulate.write(made, folder)
    path = folder / "tickets.csv"
    lines = path.read_text(encoding="utf-8-sig").splitlines(keepends=True)
    # the latest, which lie in the window that sessions look at
    latest = lines[-round(tickets * LOG) :]
    path.write_text("".join([lines[0], *latest]), encoding="utf-8-sig")
    return load(folder, sealed=False)


def explorers(notebook: Path, client: Any) -> list[tuple[Any, dict[str, Any]]]:
    """What a session's notebook gives to `widgets.explore`, with the names it uses filled in."""
    found: list[tuple[Any, dict[str, Any]]] = []
    names: dict[str, Any] = {}
    real = widgets.explore
    widgets.explore = lambda look, client, **controls: found.append((look, controls))
    try:
        for cell in nbformat.read(notebook, as_version=4).cells:
            if cell.cell_type != "code":
                continue
            tags = cell.metadata.get("tags", [])
            if "load(folder" in cell.source:
                exec("\n".join(cell.source.splitlines()[:-2]).split("client =")[0], names)
                names["client"] = client
            elif "parameters" in tags:
                exec(cell.source, names)
            elif "widgets.explore" in cell.source:
                exec("from servicegap import widgets\n" + cell.source, names)
    finally:
        widgets.explore = real
    return found


def moves(explorer: Explorer, most: int) -> list[float]:
    """Processor time in ms of up to `most` steps of each control."""
    times = []
    for control in explorer.controls.values():
        if hasattr(control, "options"):
            values = list(control.options)
        else:
            span = control.max - control.min
            values = [control.min + span * i / most for i in range(most + 1)]
        tried = 0
        for value in values:
            if tried == most or value == control.value:
                continue
            began = time.process_time()
            control.value = value
            times.append(1000 * (time.process_time() - began))
            tried += 1
    return times


def main() -> None:
    """Print a line for each explorer: first draw, median and slowest move."""
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("--sessions", default="")
    ask.add_argument("--moves", type=int, default=5)
    told = ask.parse_args()
    wanted = set(filter(None, told.sessions.split(",")))
    with tempfile.TemporaryDirectory() as folder:
        client = client_with(TICKETS, Path(folder) / "firm")
        print(f"{len(client['tickets']):,} tickets, {len(client['ratings']):,} ratings")
        print(f"{'explorer':<42}{'first':>8}{'median':>8}{'slowest':>9}  ms")
        over = 0
        for path in sorted(NOTEBOOKS.glob("[0-9]*.ipynb")):
            if wanted and path.name[:2] not in wanted:
                continue
            for look, controls in explorers(path, client):
                began = time.process_time()
                explorer = Explorer(look, client, **controls)
                first = 1000 * (time.process_time() - began)
                times = sorted(moves(explorer, told.moves)) or [first]
                middle, worst = times[len(times) // 2], times[-1]
                over += middle > TARGET
                name = f"{path.name[:2]} {look.__name__}"
                print(f"{name:<42}{first:>8.0f}{middle:>8.0f}{worst:>9.0f}", flush=True)
        print(f"{over} above {TARGET} ms in the middle")


if __name__ == "__main__":
    main()
