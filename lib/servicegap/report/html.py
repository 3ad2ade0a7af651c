"""The report as one HTML file: no script, no request to anywhere, readable on a phone, on paper.

Everything that comes from a client is text and is escaped by the template engine; a Content
Security Policy inside the file forbids whatever is not a picture, a font or the one style sheet.
"""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

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
    with formats.written_for(report.client.locale):
        return laid_out("report.html.j2", sheet(report.brand, "report.css.j2"), report=report)


def laid_out(template: str, style: str, **context: Any) -> str:
    """A page of its own from a template, one style sheet inside and nothing else let in.

    Args: style, our own sheet (see `sheet`); context, what the template is given, as text.
    """
    from markupsafe import Markup

    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    inside = Markup(style)  # noqa: S704 - our own: not a word of it comes from a client
    page = _templates().get_template(template)
    return page.render(style=inside, style_hash=f"sha256-{digest}", **context)


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
def sheet(brand: Brand, *names: str) -> str:
    """The style sheets of these names as one, in a brand's colours and our typeface."""

    def font(name: str) -> str:
        return _base64((_FONTS / f"Inter-{name}-latin.woff2").read_bytes())

    inks = {"m": marks, "brand": brand, "regular": font("Regular"), "semibold": font("SemiBold")}
    return "".join(_templates().get_template(name).render(inks) for name in names)
