"""The report as PDF/UA-1: tagged, with an outline, page numbers and a text for every picture.

typst lays it out. The client's words reach it through a JSON file and stay text; a warning is an
error, since a silent fallback would go unseen.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from servicegap import formats, words
from servicegap.report import marks
from servicegap.report.model import Brand, ClientFacts, Figure, LedgerRow, Report

_HERE = Path(__file__).parent
_FONTS = _HERE.parent / "fonts"
FAMILIES = ("Inter", "DejaVu Sans", "Last Resort High-Efficiency")
LONGEST_WORD, PIECE = 22, 8


class Unprintable(Exception):
    """The PDF could not be laid out; the text says why."""


def render(report: Report, scratch: Path | None = None) -> bytes:
    """Lay a report out as PDF; equal reports give equal bytes.

    Args: scratch, where its pictures may lie meanwhile, else the system's place for such things.
    """
    with TemporaryDirectory(prefix="servicegap-pdf-", dir=scratch) as folder:
        root = Path(folder)
        pictures = _Pictures(root)
        data = {
            "report": _printed(report, pictures),
            "marks": _palette(),
            "fonts": FAMILIES,
            "logo": pictures.logo(report.brand),
            "day": (report.client.as_of.year, report.client.as_of.month, report.client.as_of.day),
        }
        (root / "data.json").write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
        template = root / "report.typ"
        template.write_bytes((_HERE / "templates" / "report.typ").read_bytes())
        return compiled(template, datetime.combine(report.client.as_of, datetime.min.time(), UTC))


def compiled(template: Path, day: datetime) -> bytes:
    """Lay a typst file out as PDF/UA-1, with what lies in its folder and dated `day`.

    Only fonts of ours are used. A warning is an error, since a silent fallback would go unseen:
    raises Unprintable.
    """
    import typst

    try:
        made, warnings = typst.compile_with_warnings(
            str(template),
            root=str(template.parent),
            format="pdf",
            font_paths=[str(path) for path in _font_folders()],
            ignore_system_fonts=True,
            pdf_standards="ua-1",
            timestamp=day,
        )
    except typst.TypstError as error:
        raise Unprintable(f"The PDF could not be laid out: {error.message}") from error
    if warnings:
        raise Unprintable(f"The PDF could not be laid out: {warnings[0].message}")
    return bytes(made)


def _font_folders() -> Iterator[Path]:
    """Our own typeface, then matplotlib's, which know the scripts that ours does not."""
    yield _FONTS
    spec = find_spec("matplotlib")
    for place in (spec.submodule_search_locations or ()) if spec else ():
        yield Path(place) / "mpl-data" / "fonts" / "ttf"


def _palette() -> dict[str, Any]:
    names = ("INK", "MUTE", "BELIEF", "TICK", "EVIDENCE", "RULE", "GROUND", "PAPER")
    return {name: getattr(marks, name) for name in names} | {"TONES": dict(marks.TONES)}


class _Pictures:
    """Where the pictures of a report lie while it is laid out."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.files: dict[tuple[str, str], str] = {}

    def logo(self, brand: Brand) -> str:
        """The logo's file, or nothing."""
        if brand.logo:
            (self.root / "logo.png").write_bytes(brand.logo)
        return "logo.png" if brand.logo else ""

    def file(self, figure: Figure) -> str:
        key = (figure.session, figure.id)
        if key not in self.files:
            self.files[key] = f"figure-{len(self.files)}.png"
            (self.root / self.files[key]).write_bytes(figure.png)
        return self.files[key]


def _printed(report: Report, pictures: _Pictures) -> Any:
    with formats.written_for(report.client.locale):
        return _plain(report, pictures)


def _plain(value: Any, pictures: _Pictures) -> Any:
    """Turn the model into what JSON knows: `kind` kept, pictures as files, figures as text."""
    if isinstance(value, str):
        return breakable(value)
    if isinstance(value, ClientFacts):
        return {"version": value.version}
    if is_dataclass(value):
        data = {
            f.name: _plain(getattr(value, f.name), pictures)
            for f in fields(value)
            if f.name not in ("png", "logo")
        }
        if kind := getattr(value, "kind", None):
            data["kind"] = kind
        if isinstance(value, Figure):
            data["file"] = pictures.file(value)
        if isinstance(value, LedgerRow):
            data |= {k: words.number(v) for k, v in data.items() if isinstance(v, int)}
        return data
    if isinstance(value, tuple | list):
        return [_plain(item, pictures) for item in value]
    return value.isoformat() if isinstance(value, date) else value


_LONG = re.compile(rf"\S{{{LONGEST_WORD},}}")


def breakable(text: str) -> str:
    """Let a word that no line can hold break every few letters (with zero-width spaces)."""
    return _LONG.sub(
        lambda word: "\u200b".join(word[0][i : i + PIECE] for i in range(0, len(word[0]), PIECE)),
        text,
    )
