"""Tiny notebooks that keep the contract of the real ones, so that the runner is tested quickly.

Their cells emit bundles by hand and import nothing of the library; each start of a kernel costs
about a second instead of five.
"""

from __future__ import annotations

import base64
import json
import struct
import zlib
from pathlib import Path
from typing import Any

import nbformat
from servicegap import schema

MIME = "application/vnd.servicegap+json"


def code(source: str, *tags: str) -> nbformat.NotebookNode:
    cell = nbformat.v4.new_code_cell(source, metadata={"jupyter": {"source_hidden": True}})
    if tags:
        cell.metadata["tags"] = list(tags)
    return cell


def text(source: str, *tags: str) -> nbformat.NotebookNode:
    return nbformat.v4.new_markdown_cell(source, metadata={"tags": list(tags)} if tags else {})


def png() -> str:
    """A grey picture of 8 × 8 pixels as base64."""
    rows = b"".join(b"\0" + b"\x80" * 8 for _ in range(8))
    chunks = b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in (
            (b"IHDR", struct.pack(">IIBBBBB", 8, 8, 8, 0, 0, 0, 0)),
            (b"IDAT", zlib.compress(rows)),
            (b"IEND", b""),
        )
    )
    return base64.b64encode(b"\x89PNG\r\n\x1a\n" + chunks).decode()


def finding(headline: str) -> dict[str, Any]:
    """The payload of one finding bundle."""
    h = schema.HEADLINES[headline]
    return {
        "version": 1, "kind": "finding", "id": h.id, "session": h.session, "label": h.label,
        "title": f"{h.label}: 60 in a hundred, not 80",
        "sentence": "You said 80; somewhere between 51 and 68 in a hundred say so.",
        "better": h.better, "unit": h.unit, "per": h.per,
        "belief": {"value": 80, "low": 74, "high": 86},
        "evidence": {"value": 60.0, "low": 51.0, "high": 68.0, "n": 120, "unit": h.unit},
        "gap": 20.0, "verdict": "blind spot", "strength": "clear", "change": None,
        "caveats": ["Those who never answer may think otherwise."], "referral_effect": None,
        "action": {"id": f"{h.id}-1", "what": "Ring the five who gave the lowest mark.",
                   "owner": None, "due": None, "cost_low": None, "cost_high": None,
                   "measure_again": None},
    }  # fmt: skip


def figure(session: str, ident: str, about: str | None) -> dict[str, Any]:
    """The payload of one figure bundle."""
    column = {"name": "share", "label": "Share", "unit": "%", "kind": "number"}
    return {
        "version": 1, "kind": "figure", "id": ident, "session": session,
        "title": "Sixty in a hundred give the top mark", "alt": f"A grey square for {ident}: 60 %.",
        "caption": "Read it from the left.", "about": about, "not_measured": None,
        "data": {"columns": [column], "rows": [[60.0]]},
    }  # fmt: skip


def emit(payload: dict[str, Any]) -> str:
    """The source of a cell that displays a bundle."""
    html = f"<p>{payload['title']}</p>"
    if payload["kind"] == "figure":
        image = f'<img alt="{payload["alt"]}" src="data:image/png;base64,{png()}">'
        html = f'<figure class="sg-figure">{image}<figcaption>Read it.</figcaption></figure>'
    bundle = {MIME: payload, "text/html": html, "text/plain": payload["title"]}
    return (
        f"# {payload['title']}\n"
        f"import json; from IPython.display import display\n"
        f"display(json.loads({json.dumps(bundle)!r}), raw=True)"
    )


PARAMETERS = """# What this session is set to
folder: str = "data/sample/alder-it"  # the client's folder
sealed: bool = True  # nothing is shown before your guess
assumed: float = 50  # of 100 silent contacts, how many are happy
"""


def notebook(session: str, *middle: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """A notebook of session `session`, with `middle` between the data and the findings."""
    s = schema.SESSIONS[session]
    headlines = [h.id for h in s.headlines]
    cells = [
        text(f"# {int(session)}. {s.claim}\nHow sure are you?"),
        text("You will be able to tell a guess from a count.", "exercise"),
        code(PARAMETERS, "parameters"),
        code("# The client\nclient = (folder, sealed)"),
        code("# Your guess first\nraise RuntimeError('a widget in a report')", "interactive"),
        text("Who told you anything:"),
        *middle,
        code(emit(figure(session, f"look_{session}", headlines[0] if headlines else None))),
        *(code(emit(finding(h)), "finding") for h in headlines),
        text("## Method and sources\nMade up for the tests."),
    ]
    for i, cell in enumerate(cells):
        cell["id"] = f"c{i}"
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel})


def write_notebooks(folder: Path, **middle: str) -> Path:
    """Write sessions 00 and 01; `s01="source"` lays a code cell into session 01."""
    folder.mkdir(parents=True, exist_ok=True)
    for session in ("00", "01"):
        cells = [code(middle[f"s{session}"])] if f"s{session}" in middle else []
        nbformat.write(notebook(session, *cells), folder / f"{schema.SESSIONS[session].stem}.ipynb")
    return folder


def write_client(folder: Path, name: str = "Elm Desk", ident: str = "elm-desk") -> Path:
    """Write a small client's folder: settings, ratings and tickets, no peers."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "client.yaml").write_text(
        f"name: {name}\nid: {ident}\nperiod: {{start: 2025-01-01, end: 2025-12-31}}\n"
        "as_of: 2025-12-31\n"
    )
    rows = [
        f"r{i},a{i % 6},c{i % 12},2025-0{1 + i % 9}-1{i % 9},{1 + i % 5},1-5" for i in range(40)
    ]
    head = "rating_id,account_id,contact_id,answered_at,score,scale"
    (folder / "ratings.csv").write_text("\n".join([head, *rows]) + "\n")
    return folder
