"""Nothing is cut, nothing overlaps: boxes measured in the browser, on paper and on slides."""

from __future__ import annotations

import re
import shutil
import subprocess
from io import BytesIO

import pytest
import variants
from pptx import Presentation
from pptx.util import Emu
from servicegap.report import html, lettering, pdf, pptx

REPORTS = variants.every()
EVERY = pytest.mark.parametrize("name", REPORTS)
MILLIMETRE = 72 / 25.4

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


def words_on(data: bytes, tmp_path) -> list[tuple[int, float, float, float, float, str]]:
    """Every word of a PDF: page, left, top, right, bottom (points), text."""
    if not shutil.which("pdftotext"):
        pytest.skip("no poppler on this machine")
    path = tmp_path / "report.pdf"
    path.write_bytes(data)
    done = subprocess.run(["pdftotext", "-bbox", str(path), "-"], capture_output=True, check=True)
    found, page = [], 0
    for line in done.stdout.decode().splitlines():
        page += "<page " in line
        if match := re.search(
            r'<word xMin="(\S+)" yMin="(\S+)" xMax="(\S+)" yMax="(\S+)">(.*)<', line
        ):
            found.append((page, *map(float, match.groups()[:4]), match[5]))
    return found


@EVERY
def test_on_paper(tmp_path, name):
    words = words_on(pdf.render(REPORTS[name]), tmp_path)
    left, right = 19.5 * MILLIMETRE, (210 - 19.5) * MILLIMETRE
    assert [w for w in words if w[1] < left or w[3] > right or w[2] < 0 or w[4] > 842] == []
    words.sort(key=lambda w: (w[0], w[2]))
    over = []
    for i, a in enumerate(words):
        for b in words[i + 1 : i + 60]:
            wide = min(a[3], b[3]) - max(a[1], b[1])
            high = min(a[4], b[4]) - max(a[2], b[2])
            if a[0] == b[0] and wide > 1.5 and high > 0.45 * min(a[4] - a[2], b[4] - b[2]):
                over.append((a, b))
    assert over == []


@EVERY
def test_on_slides(name):
    deck = Presentation(BytesIO(pptx.render(REPORTS[name])))
    assert len(deck.slides) <= 12
    for slide in deck.slides:
        boxes = []
        for shape in slide.shapes:
            right, bottom = shape.left + shape.width, shape.top + shape.height
            assert shape.left >= 0 and shape.top >= 0
            assert right <= deck.slide_width and bottom <= deck.slide_height
            bottom = shape.top + Emu(grown(shape)) if shape.has_table else bottom
            boxes.append((shape.left, shape.top, right, bottom, shape.name))
            if shape.has_text_frame and shape.text_frame.text.strip():
                assert fits(shape), (shape.name, shape.text_frame.text[:80])
        for i, a in enumerate(boxes):
            for b in boxes[i + 1 :]:
                wide, high = (min(a[k + 2], b[k + 2]) - max(a[k], b[k]) for k in (0, 1))
                assert wide <= Emu(2000) or high <= Emu(2000), (slide.slide_id, a, b)


def fits(shape) -> bool:
    """Whether a text should fit into its box, by the estimate of how wide it is."""
    frame = shape.text_frame
    sizes = [run.font.size.pt for p in frame.paragraphs for run in p.runs if run.font.size]
    if not sizes:
        return True
    margins = [Emu(m or 0).inches for m in (frame.margin_left, frame.margin_right)]
    room = shape.width.inches - sum(margins)
    texts = [p.text for p in frame.paragraphs]
    return lettering.fitting(texts, room, shape.height.inches, (int(max(sizes)), 1)) > 1


def grown(shape) -> int:
    """How high a table becomes when its rows grow with their texts."""
    table = shape.table
    widths = [column.width.inches for column in table.columns]
    total = 0.0
    for row in table.rows:
        runs = [run for cell in row.cells for p in cell.text_frame.paragraphs for run in p.runs]
        size = max((int(run.font.size.pt) for run in runs), default=10)
        texts = [cell.text for cell in row.cells]
        total += lettering.row_heights([texts], widths, size, row.height.inches)[0]
    return int(total * 914400)
