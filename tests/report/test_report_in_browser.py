"""The HTML report in a browser: nothing runs, nothing is fetched, nothing is cut on a phone."""

import re
import shutil

import hostile
import made_notebooks as made
import pytest
from servicegap.report import html

pytestmark = pytest.mark.browser
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")


@pytest.fixture(scope="module")
def browser(playwright):
    if not CHROMIUM:
        pytest.skip("no Chromium on this machine")
    started = playwright.chromium.launch(executable_path=CHROMIUM, args=["--disable-gpu"])
    yield started
    started.close()


class Opened:
    """A report in a page, with all that happened while it opened."""

    def __init__(self, browser, folder, source, width=1100, height=900):
        path = folder / "report.html"
        path.write_text(source, encoding="utf-8")
        self.happened = []
        self.page = browser.new_page(viewport={"width": width, "height": height})
        self.page.on("dialog", lambda d: (self.happened.append(d.message), d.dismiss()))
        self.page.on("console", lambda m: self.happened.append(m.text))
        self.page.on("pageerror", lambda e: self.happened.append(str(e)))
        self.page.on("request", self._asked)
        self.page.goto(path.as_uri())
        self.page.wait_for_timeout(30)

    def _asked(self, request):
        if not request.url.startswith("data:") and not request.url.endswith("/report.html"):
            self.happened.append(request.url)

    def overflow(self):
        return self.page.evaluate(
            "document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth"
        )


def test_hostile_text_does_nothing(browser, tmp_path):
    for text in hostile.TEXTS:
        opened = Opened(browser, tmp_path, html.render(hostile.report(text)), 390)
        assert opened.happened == [], text
        assert opened.overflow() <= 0, text
        opened.page.close()


@pytest.mark.parametrize("width", [320, 390, 768, 1100, 1600])
def test_nothing_is_cut_or_wider_than_the_screen(browser, tmp_path, full, width):
    opened = Opened(browser, tmp_path, html.render(full), width)
    assert opened.happened == [] and opened.overflow() <= 0
    cut = opened.page.evaluate(
        """() => [...document.querySelectorAll('h1,h2,h3,h4,p,dd,dt,.score td,.verdict')]
        .filter(e => e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).display != 'inline')
        .map(e => e.textContent.slice(0, 60))"""
    )
    assert cut == []


def test_our_typeface_is_used(browser, tmp_path, small):
    opened = Opened(browser, tmp_path, html.render(small))
    assert opened.page.evaluate("document.fonts.check('600 16px Inter')")
    loaded = opened.page.evaluate("[...document.fonts].map(f => f.status)")
    assert loaded == ["loaded", "loaded"]


def test_it_prints(browser, tmp_path, full):
    from io import BytesIO

    from pypdf import PdfReader

    opened = Opened(browser, tmp_path, html.render(full))
    pages = PdfReader(BytesIO(opened.page.pdf(prefer_css_page_size=True))).pages
    assert 10 < len(pages) < 60
    card = [p.extract_text() for p in pages if "Side by side" in p.extract_text()]
    assert len(card) == 1 and "Accounts that stayed" in card[0]


def test_a_printed_session_stays_together_and_no_heading_stands_at_a_pages_foot(browser, tmp_path):
    from io import BytesIO

    from pypdf import PdfReader

    books = {}
    for spec in made.SESSIONS.values():
        drawn = made.code(made.figure(spec.number, "x"), made.png(1440, 640))
        found = [made.code(made.finding(h.id)) for h in spec.headlines]
        books[spec.stem] = made.session(spec.number, drawn, *found)
    report = made.build(books)
    opened = Opened(browser, tmp_path, html.render(report))
    pages = PdfReader(BytesIO(opened.page.pdf(prefer_css_page_size=True))).pages
    texts = [" ".join(page.extract_text().split()) for page in pages]
    for section in report.sections[2:]:  # the second follows one without findings
        (page,) = [text for text in texts if f"“{section.claim.rstrip('.')}”" in text]
        assert section.action.what in page.split(section.findings[-1].sentence)[-1]
    (page,) = [text for text in texts if re.search("What to do (?!about)", text)]
    assert all(action.what in page for action in report.actions)


def test_on_a_phone_promises_fold_as_the_scorecard_does(browser, tmp_path):
    from dataclasses import replace
    from datetime import date

    from servicegap.report.content import Promise

    promise = Promise("Ring every new contact", "Desk lead", date(2025, 3, 1), None, "")
    report = made.build(made.pair(), replace(made.FACTS, promised=(promise,)))
    opened = Opened(browser, tmp_path, html.render(report), 390)
    wide = opened.page.evaluate(
        """() => [...document.querySelectorAll('.folds')]
        .map(t => t.scrollWidth - t.parentElement.clientWidth)"""
    )
    assert len(wide) == 2 and max(wide) <= 0


def test_longest_names_fit(browser, tmp_path):
    from dataclasses import replace

    for name in ("W" * 120, "The Extraordinarily Long-Winded Managed Service Company of " * 3):
        report = made.build(made.pair(), replace(made.FACTS, name=name))
        opened = Opened(browser, tmp_path, html.render(report), 320)
        assert opened.overflow() <= 0
