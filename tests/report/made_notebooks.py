"""Made-up notebooks, as a headless run leaves them, for the tests of the report."""

from __future__ import annotations

import base64
import struct
import zlib
from datetime import date

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from servicegap.report import content
from servicegap.report.content import ClientFacts
from servicegap.schema import HEADLINES, SESSIONS

MIME = "application/vnd.servicegap+json"

FACTS = ClientFacts(
    name="Alder IT",
    id="alder-it",
    as_of=date(2025, 6, 30),
    period=(date(2024, 7, 1), date(2025, 6, 30)),
    currency="GBP",
    made_up=True,
    version="0.1.0",
    about="Began in 1998 by selling servers.",
)

LEDGERS = [
    {
        "table": "ratings",
        "file": "ratings.csv",
        "read": 1204,
        "kept": 1190,
        "rejected": 4,
        "excluded": 10,
        "reasons": {"score outside its scale": 4, "an exact duplicate": 10},
    },
    {
        "table": "peers",
        "file": "peers.csv",
        "read": 14,
        "kept": 14,
        "rejected": 0,
        "excluded": 0,
        "reasons": {},
    },
]

# verdict, strength, believed, evidence, gap: one of each
OUTCOMES = {
    "csat": ("blind spot", "clear", (80, 74, 86), (62, 53, 70), 18),
    "good_peer_percentile": ("blind spot", "leaning", (80, 65, 90), (44, 21, 68), 36),
    "usp_months_alone": ("blind spot", "clear", (36, 24, 48), (8.2, 5.1, 14.6), 1.479),
    "service_share": ("well judged", None, (60, 50, 75), (63, 48, 77), 3),
    "worst_segment_csat": ("too few to judge", None, (75, 65, 85), (58, 31, 80), 17),
    "good_value_share": ("hidden strength", "leaning", (40, 30, 50), (55, 43, 66), -15),
    "watermelon_share": ("blind spot", "clear", (5, 2, 8), (24, 19, 30), 19),
    "third_party_harm": ("blind spot", "clear", (5, 0, 10), (35, 22, 47), 30),
    "okay_not_referring": ("hidden strength", "clear", (60, 50, 70), (31, 22, 41), -29),
    "expectations_met": ("no guess", None, None, (71, 64, 77), None),
    "did_refer_share": ("blind spot", "clear", (40, 30, 50), (10, 4, 23), 30),
    "stay_share": ("not measured", None, (90, 85, 95), None, None),
}


def png(width=64, height=32, shade=200) -> bytes:
    """A small grey picture."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = (b"\0" + bytes([shade]) * width) * height
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


def finding(belief_id: str, outcome=None, **over) -> dict:
    headline = HEADLINES[belief_id]
    verdict, strength, belief, evidence, gap = outcome or OUTCOMES[belief_id]
    payload = {
        "version": 1,
        "kind": "finding",
        "id": belief_id,
        "session": headline.session,
        "label": headline.label,
        "title": f"{headline.label}: {verdict}",
        "sentence": f"The made-up sentence about {headline.label.lower()} ({belief_id}), "
        "somewhere between 53 and 70 in 100, from 118 answers.",
        "better": headline.better,
        "unit": headline.unit,
        "per": headline.per,
        "belief": dict(zip(("value", "low", "high"), belief, strict=True)) if belief else None,
        "evidence": dict(zip(("value", "low", "high"), evidence, strict=True))
        | {"n": 118, "unit": headline.unit}
        if evidence
        else None,
        "gap": gap,
        "verdict": verdict,
        "strength": strength,
        "change": None,
        "caveats": [f"The first caveat of {belief_id}.", f"The second caveat of {belief_id}."],
        "referral_effect": None,
        "action": {
            "id": f"{belief_id}-1",
            "what": f"What to do about {headline.label.lower()}.",
            "owner": "Service desk lead",
            "due": "2025-09-30",
            "cost_low": 500,
            "cost_high": 1500,
            "measure_again": "2025-12-31",
        },
    }
    return payload | over


def figure(session: str, figure_id: str, about=None, **over) -> dict:
    return {
        "version": 1,
        "kind": "figure",
        "id": figure_id,
        "session": session,
        "title": f"What {figure_id} found",
        "alt": f"The alternative text of {figure_id}: 62 of 100, from 118 contacts.",
        "caption": f"How to read {figure_id}.",
        "data": {
            "columns": [{"name": "who", "label": "Who", "unit": "", "kind": "text"}],
            "rows": [["you"]],
        },
        "about": about,
        "not_measured": None,
    } | over


def table(session: str, table_id: str, **over) -> dict:
    return {
        "version": 1,
        "kind": "table",
        "id": table_id,
        "session": session,
        "title": f"The table {table_id}",
        "caption": f"Where {table_id} comes from.",
        "data": {
            "columns": [
                {"name": "way", "label": "Way of counting", "unit": "", "kind": "text"},
                {"name": "value", "label": "Share", "unit": "% of contacts", "kind": "number"},
                {"name": "n", "label": "Answers", "unit": "", "kind": "number"},
            ],
            "rows": [["share of happy answers", 90.0, 1190], ["net of unhappy", 86.04, 1190]],
        },
        "not_measured": None,
    } | over


def output(payload: dict, picture: bytes | None = None):
    form = "<p>shown in the notebook</p>"
    if picture:
        data = base64.b64encode(picture).decode()
        form = (
            '<figure class="sg-figure"><img alt="x" src="data:image/png;base64,'
            f'{data}"><figcaption>x</figcaption></figure>'
        )
    return new_output(
        "display_data", data={MIME: payload, "text/html": form, "text/plain": payload["title"]}
    )


def code(payload: dict, picture: bytes | None = None):
    if payload["kind"] == "figure" and not payload["not_measured"]:
        picture = picture or png()
    return new_code_cell("# shown\nshow(something, client)", outputs=[output(payload, picture)])


def text(source: str):
    return new_markdown_cell(source)


def session(number: str, *cells) -> nbformat.NotebookNode:
    """A notebook of one session: title, the cells, method and sources."""
    claim = SESSIONS[number].claim
    return new_notebook(
        cells=[
            text(
                f"# {int(number)}. {claim.rstrip('.')}\n\nIs it so? The one question of {number}."
            ),
            *cells,
            text(f"## Method and sources\n\nThe method of session {number}, in *plain* words."),
        ]
    )


def standard(number: str):
    """A session with a lead-in, a figure about each finding, a table and the findings."""
    beliefs = [h.id for h in SESSIONS[number].headlines]
    cells = [text("## What the data say\n\nHere is who answered:")]
    for belief in beliefs or ["health"]:
        cells.append(code(figure(number, f"fig_{belief}", about=belief if beliefs else None)))
    cells += [
        text(f"A sentence that reads the figure of {number}. Seen another way:"),
        code(figure(number, f"other_{number}")),
        text("| a | b |\n|---|---|\n| 1 | **2** |\n\n- one\n- two\n\n> What a client said."),
        code(table(number, f"table_{number}")),
        text("## What comes of it"),
    ]
    for belief in beliefs:
        cells.append(code(finding(belief)))
    cells.append(text("## Your action"))
    return session(number, *cells)


def statuses(notebooks, **over):
    return {stem: {"status": "ok", "reason": ""} for stem in notebooks} | over


def pair():
    """Sessions 00 and 01."""
    return {SESSIONS[n].stem: standard(n) for n in ("00", "01")}


def series():
    """All eleven sessions, all verdicts."""
    return {s.stem: standard(n) for n, s in SESSIONS.items()}


def build(notebooks, client=FACTS, ledgers=LEDGERS, status=None):
    """The report of some notebooks."""
    return content.build(notebooks, client, ledgers, status or statuses(notebooks))
