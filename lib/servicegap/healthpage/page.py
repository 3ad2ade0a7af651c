"""The page itself: one HTML file without scripts, and the same facts as lines for the terminal."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from servicegap import schema
from servicegap.client import Client
from servicegap.health import SHOWN, Health
from servicegap.healthpage.facts import Facts
from servicegap.placing import put

if TYPE_CHECKING:
    from jinja2 import Environment

_HERE = Path(__file__).parent
PAGE = Path(".servicegap") / "health.html"
REST = Path(".servicegap") / "problems.csv"
_NEXT = 3


def lines(facts: Facts) -> Iterator[str]:
    """The facts in a few plain lines, for the terminal."""
    yield "Who and when"
    people = (
        f"{facts.contacts:,} people, of whom" if facts.contacts else "no people named, of which"
    )
    yield f"  {facts.accounts:,} accounts, {people} {facts.answering:,} have told you something"
    for table in facts.tables:
        if table.first is not None:
            again = f", {table.repeats:,} of them repeats" if table.repeats else ""
            yield (f"  {table.ledger.table}: {table.first} to {table.last}, "
                   f"{table.ledger.read:,} rows{again}")  # fmt: skip
    for link, home, count, known in facts.links:
        if known < count:
            yield f"  {count - known:,} of {count:,} {link} are not in {home.partition('.')[0]}"
    for name, parts in facts.next_tables[:_NEXT]:
        more = "part" if len(parts) == 1 else "parts"
        yield f"  {name} would unlock {len(parts)} {more} more, such as {parts[0]}"


def write(client: Client, health: Health, facts: Facts) -> Path | None:
    """Write the page and the list of all problems into the client's folder; None for a sample."""
    if not client.writable:
        return None
    page = render(health, facts)
    put(client.folder / REST, _rest(health).encode("utf-8-sig"))
    return put(client.folder / PAGE, page.encode())


def render(health: Health, facts: Facts) -> str:
    """Lay the page out; every word that comes from a file is escaped."""
    from markupsafe import Markup

    style = (_HERE / "health.css").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    sessions = []
    for session in schema.SESSIONS.values():
        parts = [p for p in health.parts if p.session is session]
        if parts:
            sessions.append((session, parts, sum(not p.missing for p in parts)))
    return _templates().get_template("health.html.j2").render(
        health=health, facts=facts, sessions=sessions, shown=SHOWN, next_count=_NEXT,
        style=Markup(style), style_hash=f"sha256-{digest}",  # noqa: S704 - our own sheet
    )  # fmt: skip


@cache
def _templates() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    return Environment(loader=FileSystemLoader(_HERE), autoescape=True, undefined=StrictUndefined,
                       trim_blocks=True, lstrip_blocks=True, auto_reload=False)  # fmt: skip


def _rest(health: Health) -> str:
    stream = io.StringIO(newline="")
    rows = csv.writer(stream)
    rows.writerow(["file", "row", "column", "value", "how many", "severity", "what", "what to do"])
    for p in health.problems:
        cells = (p.file, p.row or "", p.column or "", p.value or "", p.count, p.severity, p.what,
                 p.remedy)  # fmt: skip
        rows.writerow([_plain(str(cell)) for cell in cells])
    return stream.getvalue()


def _plain(text: str) -> str:
    """No spreadsheet is to take it for a formula."""
    return f"'{text}" if text[:1] in "=+-@\t\r" and text[:1] else text
