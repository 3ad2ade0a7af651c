"""The two pages that go to a client on paper: the belief form and the data request."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

from servicegap import schema

_HERE = Path(__file__).parent
_DAY = datetime(2025, 1, 1, tzinfo=UTC)  # fixed, so that equal forms are equal files

# how the tables are asked for: what lies ready, what a survey gives, what is written together
_GROUPS = (
    (
        "What your systems hold already",
        "Exports do; the last twelve months, and the twelve before if you have them.",
        ("accounts", "contacts", "tickets", "ratings", "referrals"),
    ),
    (
        "What a survey tells",
        "If you have run one. If not, ask us for the questions.",
        ("relationship", "items", "survey", "price_survey", "kano", "staff_survey"),
    ),
    (
        "What your team knows",
        "An hour together round a table is enough.",
        ("usps", "sightings", "third_parties", "touchpoints", "standards", "wow_log", "mentions"),
    ),
)


def belief_form(name: str = "") -> bytes:
    """One A4 page on which a client writes twelve guesses, each with its range. PDF/UA-1."""
    beliefs = [
        {"number": i, "question": h.question, "unit": h.unit, "id": h.id}
        for i, h in enumerate(schema.HEADLINES.values(), 1)
    ]
    return _page("belief_form.typ", {"name": name, "beliefs": beliefs})


def data_request(name: str = "") -> bytes:
    """One A4 page that asks a client for its data: which tables, columns, and what for."""
    groups = []
    for title, about, tables in _GROUPS:
        rows = []
        for table in (schema.TABLES[t] for t in tables):
            rows.append(
                {
                    "name": table.name,
                    "about": table.about,
                    "columns": ", ".join(c.name + "*" * c.required for c in table.columns),
                    "sessions": ", ".join(_sessions(table.name)),
                }
            )
        groups.append({"title": title, "about": about, "tables": rows})
    return _page("data_request.typ", {"name": name, "groups": groups})


def _sessions(table: str) -> list[str]:
    """The numbers of the sessions that use a table."""
    used = (
        session.number
        for session in schema.SESSIONS.values()
        if any(table in part.tables for part in session.parts)
        or any(table in headline.tables for headline in session.headlines)
    )
    return list(used)


def _font_folders() -> list[str]:
    """Our own typeface, then matplotlib's, which know the scripts that ours does not."""
    spec = find_spec("matplotlib")
    places = (spec.submodule_search_locations or ()) if spec else ()
    return [
        str(_HERE.parent / "fonts"),
        *(str(Path(p) / "mpl-data" / "fonts" / "ttf") for p in places),
    ]


def _page(template: str, data: dict) -> bytes:
    """Lay a template out; the data reach it as JSON and stay text."""
    import typst

    with TemporaryDirectory(prefix="servicegap-form-") as folder:
        root = Path(folder)
        (root / "data.json").write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
        source = root / template
        source.write_bytes((_HERE / "templates" / template).read_bytes())
        made, warnings = typst.compile_with_warnings(
            str(source),
            root=folder,
            format="pdf",
            font_paths=_font_folders(),
            ignore_system_fonts=True,
            pdf_standards="ua-1",
            timestamp=_DAY,
        )
    if warnings:
        raise RuntimeError(f"{template}: {warnings[0].message}")
    return bytes(made)
