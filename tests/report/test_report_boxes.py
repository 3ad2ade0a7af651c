"""Nothing is cut, nothing overlaps: boxes measured in the browser, on paper and on slides."""

from __future__ import annotations

import shutil
from io import BytesIO

import boxes
import pytest
import variants
from pptx import Presentation
from servicegap.report import html, pdf, pptx

REPORTS = variants.every()
EVERY = pytest.mark.parametrize("name", REPORTS)

# every piece of text with its own box: outside the screen, cut, or on top of another
_FAULTS = """() => {
  document.querySelectorAll('details').forEach(d => d.open = true);
  const seen = [], faults = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const node = walk.currentNode, parent = node.parentElement;
    if (!node.textContent.trim() || parent.closest('.score thead')) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const scrolls = parent.closest('.scroll');
    for (const r of range.getClientRects()) {
      if (r.width < 1 || r.height < 1) continue;
      const say = node.textContent.trim().slice(0, 40);
      if (!scrolls && (r.left < -1 || r.right > innerWidth + 1)) faults.push('outside: ' + say);
      const top = r.top + scrollY, air = r.height * .2;
      seen.push([r.left, top + air, r.right, top + r.height - air, say]);
    }
  }
  seen.sort((a, b) => a[1] - b[1]);
  for (let i = 0; i < seen.length; i++)
    for (let j = i + 1; j < seen.length && seen[j][1] < seen[i][3] - 1; j++)
      if (Math.min(seen[i][2], seen[j][2]) - Math.max(seen[i][0], seen[j][0]) > 2)
        faults.push('over each other: ' + seen[i][4] + ' | ' + seen[j][4]);
  for (const e of document.querySelectorAll('h1,h2,h3,h4,p,dd,dt,td,th,li,summary,figcaption'))
    if (e.scrollWidth > e.clientWidth + 1 && !['inline'].includes(getComputedStyle(e).display)
        && !e.closest('.scroll') && !e.closest('.score thead'))
      faults.push('cut: ' + e.textContent.trim().slice(0, 40));
  const page = document.scrollingElement;
  if (page.scrollWidth > page.clientWidth) faults.push('wider than the screen');
  return [...new Set(faults)].slice(0, 5);
}"""


@pytest.fixture(scope="module")
def browser(playwright):
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if not chromium:
        pytest.skip("no Chromium on this machine")
    started = playwright.chromium.launch(executable_path=chromium, args=["--disable-gpu"])
    yield started
    started.close()


@pytest.mark.browser
@EVERY
def test_on_the_screen(browser, tmp_path, name):
    path = tmp_path / "report.html"
    path.write_text(html.render(REPORTS[name]), encoding="utf-8")
    page = browser.new_page()
    for width in (390, 820, 1200):
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(path.as_uri())
        assert page.evaluate(_FAULTS) == [], width
    page.close()


@EVERY
def test_on_paper(tmp_path, name):
    assert boxes.on_paper(pdf.render(REPORTS[name]), tmp_path, margin=19.5) == []


@EVERY
def test_on_slides(name):
    made = pptx.render(REPORTS[name])
    assert len(Presentation(BytesIO(made)).slides) <= 12
    assert boxes.on_slides(made) == []
