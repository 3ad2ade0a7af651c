"""The page for the end of a workshop: one HTML file, without scripts and without the internet."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from servicegap import charts, schema, words
from servicegap.findings import Figure, Table
from servicegap.teaching.planted import Unveiled, beside_truth, unveil
from servicegap.teaching.results import of_the_firm
from servicegap.teaching.room import Room
from servicegap.teaching.views import VIEWS

if TYPE_CHECKING:
    from jinja2 import Environment

_HERE = Path(__file__).parent / "templates"


def reveal(firm: str | Path, out: str | Path, room: Room | None = None, firms: int = 20) -> Path:
    """Write the page on a made-up firm, and on what a room made of it.

    Args: firm, its folder with TRUTH.yaml; out, the file to write; room, what its attendees handed
    in, if there was one; firms, how many firms to make of each size to see how often the fault is
    found. Returns the file. Raises Refused and ValueError as `unveil` does.
    """
    page = render(unveil(firm, firms), room)
    path = Path(out)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(page, encoding="utf-8")
    return path


def render(firm: Unveiled, room: Room | None = None) -> str:
    """Lay the page out; every word that comes from a file is escaped."""
    from markupsafe import Markup

    style = (_HERE / "reveal.css").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    lesson = firm.truth.get("lesson")
    found = of_the_firm(firm.outcome.said, firm.name) if firm.outcome else ""
    return _templates().get_template("reveal.html.j2").render(
        firm=firm, truth=firm.truth, lesson=lesson, planted=_picture(beside_truth(firm)),
        session=_session(lesson), found=found, room=room, seen=_looks(room), words=words,
        style=Markup(style), style_hash=f"sha256-{digest}",  # noqa: S704 - our own sheet
    )  # fmt: skip


def _session(lesson: Mapping[str, Any] | None) -> schema.Session | None:
    return schema.SESSIONS[lesson["session"]] if lesson else None


def _looks(room: Room | None) -> list[dict[str, Any]]:
    if room is None or not room.people:
        return []
    return [part for look in VIEWS if (part := _part(look(room))) is not None]


def _part(result: Figure | Table) -> dict[str, Any] | None:
    if result.not_measured:
        return None
    return _picture(result) if isinstance(result, Figure) else _table(result)


def _picture(figure: Figure | None) -> dict[str, Any] | None:
    if figure is None or figure.draw is None:
        return None
    encoded = base64.b64encode(charts.png(figure.draw())).decode("ascii")
    return {"title": figure.title, "alt": figure.alt, "caption": figure.caption, "png": encoded}


def _table(table: Table) -> dict[str, Any]:
    heads = [table.columns[c].label if c in table.columns else str(c) for c in table.data.columns]
    rows = table.data.to_numpy().tolist()
    return {"title": table.title, "caption": table.caption, "heads": heads, "rows": rows}


@cache
def _templates() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    return Environment(loader=FileSystemLoader(_HERE), autoescape=True, undefined=StrictUndefined,
                       trim_blocks=True, lstrip_blocks=True, auto_reload=False)  # fmt: skip
