"""The page of all clients as one HTML file: filtered by the sheet alone, without a script."""

from __future__ import annotations

from servicegap.report import html
from servicegap.report.portfolio_model import Portfolio


def render(page: Portfolio) -> str:
    """Lay the page out as HTML; equal pages give equal text."""
    style = html.sheet(page.brand, "report.css.j2", "portfolio.css.j2")
    return html.laid_out("portfolio.html.j2", style, page=page)
