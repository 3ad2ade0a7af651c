"""The report as one HTML file: no script, no request to anywhere, readable on a phone, on paper.

Everything that comes from a client is text and is escaped by the template engine; a Content
Security Policy inside the file forbids whatever is not a picture, a font or the one style sheet.
"""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from servicegap import formats, words
from servicegap.report import marks
from servicegap.report.model import Brand, Report

if TYPE_CHECKING:
    from jinja2 import Environment

_HERE = Path(__file__).parent
_FONTS = _HERE.parent / "fonts"
_DRAWN_FROM, _DRAWN = 6, 200  # a scorecard bar's left edge and width


def render(report: Report) -> str:
    """Lay a report out as HTML; equal reports give equal text."""
    style = _style(report.brand)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    from markupsafe import Markup

    sheet = Markup(style)  # noqa: S704 - our own: not a word of it comes from a client
    template = _templates().get_template("report.html.j2")
    with formats.written_for(report.client.locale):
        return template.render(report=report, style=sheet, style_hash=f"sha256-{digest}")


@cache
def _templates() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    env = Environment(
        loader=FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    env.filters["base64"] = _base64
    env.filters["number"] = words.number
    env.filters["along"] = lambda at: f"{_DRAWN_FROM + at / 100 * _DRAWN:.1f}"
    env.filters["across"] = lambda wide: f"{max(1.0, wide / 100 * _DRAWN):.1f}"
    return env


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


@cache
def _style(brand: Brand) -> str:
    def font(name: str) -> str:
        return _base64((_FONTS / f"Inter-{name}-latin.woff2").read_bytes())

    return (
        _templates()
        .get_template("report.css.j2")
        .render(m=marks, brand=brand, regular=font("Regular"), semibold=font("SemiBold"))
    )
