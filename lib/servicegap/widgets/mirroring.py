"""Without any data: what to have at hand for a session, and a made-up firm as the mirror."""

from __future__ import annotations

from html import escape
from importlib import import_module
from typing import TYPE_CHECKING

from IPython.display import display, update_display

from servicegap import bundles, formats, schema, words
from servicegap.client import ROOT, load

if TYPE_CHECKING:
    from servicegap.client import Client

SAMPLE = ROOT / "data" / "sample" / "alder-it"


def mirror(client: Client, session: str) -> None:
    """Show, where nothing of a session can be measured, what it needs and what another firm saw.

    With files of one's own that answer anything at all it shows nothing. Sealed, it waits for the
    session's guess. What it shows is another firm's and goes into no report.
    """
    if not is_bare(client, session):
        return
    handle = display({"text/html": "", "text/plain": ""}, raw=True, display_id=True)

    def open_in_place() -> None:
        if client.is_sealed(session):
            return
        if open_in_place in client.listeners:
            client.listeners.remove(open_in_place)
        html = checklist(client, session) + reflected(session)
        shown = {"text/html": html, "text/plain": "What this session needs"}
        update_display(shown, raw=True, display_id=handle.display_id)

    client.listeners.append(open_in_place)
    open_in_place()


def is_bare(client: Client, session: str) -> bool:
    """Whether a session has parts that need tables, and none of them can be measured."""
    parts = [part for part in schema.SESSIONS[session].parts if part.needs]
    return bool(parts) and all(client.missing(part) for part in parts)


def checklist(client: Client, session: str) -> str:
    """The tables that a session needs, what each holds, and whether it is there."""
    tables: dict[str, int] = {}
    for part in schema.SESSIONS[session].parts:
        for name in {need.partition(".")[0] for need in part.needs}:
            tables[name] = tables.get(name, 0) + 1
    items = ""
    for name, count in sorted(tables.items(), key=lambda item: -item[1]):
        there = client.has(name)
        mark, word = ("☑", "there") if there else ("☐", "not there yet")
        needed = words.count(count, "part")
        items += (
            f'<li><span aria-hidden="true">{mark}</span> <strong>{escape(name)}</strong>, {word}: '
            f"{escape(schema.TABLES[name].about)} Needed by {needed} of this session.</li>"
        )
    return (
        '<div class="sg-card" style="border-left:5px solid #7b8794;padding:.6em 1.2em;'
        'margin:.6em 0;max-width:44em"><strong>What to have at hand for this session</strong>'
        "<br>Your guess is kept. It is set against evidence as soon as one of these is in your "
        "folder; session 0 takes exports in, and hands out empty forms."
        f'<ul style="list-style:none;padding:0">{items}</ul></div>'
    )


def reflected(session: str) -> str:
    """The headline findings of the made-up firm, told as another firm's; HTML alone, no bundle."""
    other = load(SAMPLE, sealed=False)
    spec = schema.SESSIONS[session]
    module = import_module(f"servicegap.sessions.{spec.module}")
    with formats.written_for(other.settings.locale):
        shown = [
            bundles.bundle(getattr(module, headline.id)(other))["text/html"]
            for headline in spec.headlines
        ]
    name = escape(other.settings.name)
    return (
        f'<section aria-label="{name}, a made-up firm, as a mirror" style="max-width:50em">'
        f"<p><strong>A mirror: {name}, which is made up.</strong> Its owner was asked the same and "
        "had the files. In what follows <em>you</em> is that owner. How near would you have come, "
        f"and why should it be otherwise with you?</p>{''.join(shown)}</section>"
    )
