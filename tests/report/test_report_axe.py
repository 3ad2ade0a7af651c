"""axe-core finds nothing serious on any page: folded and unfolded, on a phone and on a desk."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import axe as axe_core
import made_notebooks as made
import published
import pytest
import variants
from servicegap.report import among, colours, html
from servicegap.report.model import Brand
from servicegap.run import portfolio

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def axe() -> str:
    return axe_core.source()


@pytest.fixture(scope="module")
def browser(playwright):
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if not chromium:
        pytest.skip("no Chromium on this machine")
    started = playwright.chromium.launch(executable_path=chromium, args=["--disable-gpu"])
    yield started
    started.close()


def branded(colour: str):
    """All sessions in a consultant's colour, as it is mended."""
    coat = colours.coat(colours.parsed(colour))
    brand = Brand("Acme", "Footer", "Contact", "Cover", coat.ground, coat.on_ground, coat.ink)
    return made.build(made.series(), replace(made.FACTS, brand=brand, notes={"01": "Our words."}))


def portfolio_page(tmp: Path) -> str:
    """All clients of a consultant: made, failed, gone, compared."""
    figures = [among.Shared("csat_top_1_5", "made up", 60.0 + i) for i in range(9)]
    return portfolio.write(tmp, published.many(tmp, 12), Brand("Acme"), figures).read_text("utf-8")


REPORTS = {
    "all": variants.every()["all"],
    "two periods": variants.two_periods(),
    "hebrew": variants.named(variants.HEBREW),
    "nothing": variants.every()["nothing"],
    "yellow": branded("#ffe600"),
    "grey": branded("#808080"),
    "portfolio": None,
}


@pytest.mark.parametrize("name", REPORTS)
def test_nothing_serious(browser, axe, tmp_path, name):
    path = tmp_path / "report.html"
    report = REPORTS[name]
    text = html.render(report) if report else portfolio_page(tmp_path)
    path.write_text(text, encoding="utf-8")
    page = browser.new_page(viewport={"width": 390, "height": 900})
    for width, folded in ((390, False), (1200, True)):
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(path.as_uri())
        if not folded:
            page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        page.evaluate(axe)
        bad = axe_core.serious(page)
        assert bad == [], width
    page.close()
