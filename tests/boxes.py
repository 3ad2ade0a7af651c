"""Nothing is cut, nothing overlaps: what words on paper and boxes on slides do wrong, in words."""

from __future__ import annotations

import re
import shutil
import subprocess
from io import BytesIO
from pathlib import Path

import pytest
from pptx import Presentation
from pptx.util import Emu
from servicegap.report import lettering

MILLIMETRE = 72 / 25.4
Word = tuple[int, float, float, float, float, str]  # page, left, top, right, bottom (points), text


def words_on(data: bytes, tmp_path: Path) -> list[Word]:
    """Every word of a PDF."""
    if not shutil.which("pdftotext"):
        pytest.skip("no poppler on this machine")
    path = tmp_path / "looked_at.pdf"
    path.write_bytes(data)
    done = subprocess.run(["pdftotext", "-bbox", str(path), "-"], capture_output=True, check=True)
    found: list[Word] = []
    page = 0
    for line in done.stdout.decode().splitlines():
        page += "<page " in line
        if match := re.search(
            r'<word xMin="(\S+)" yMin="(\S+)" xMax="(\S+)" yMax="(\S+)">(.*)<', line
        ):
            found.append((page, *map(float, match.groups()[:4]), match[5]))
    return found


def on_paper(data: bytes, tmp_path: Path, margin: float) -> list[str]:
    """Words of an A4 PDF that stand in the margin (millimetres at the sides), or on each other."""
    words = words_on(data, tmp_path)
    left, right = margin * MILLIMETRE, (210 - margin) * MILLIMETRE
    faults = [
        f"outside: {w[5]} on page {w[0]}"
        for w in words
        if w[1] < left or w[3] > right or w[2] < 0 or w[4] > 842
    ]
    words.sort(key=lambda w: (w[0], w[2]))
    for i, a in enumerate(words):
        for b in words[i + 1 : i + 60]:
            wide = min(a[3], b[3]) - max(a[1], b[1])
            high = min(a[4], b[4]) - max(a[2], b[2])
            if a[0] == b[0] and wide > 1.5 and high > 0.45 * min(a[4] - a[2], b[4] - b[2]):
                faults.append(f"over each other: {a[5]} and {b[5]} on page {a[0]}")
    return faults


def on_slides(data: bytes) -> list[str]:
    """Boxes of a PPTX that leave the slide, lie on each other, or are too small for their text."""
    deck = Presentation(BytesIO(data))
    faults = []
    for number, slide in enumerate(deck.slides, 1):
        boxes = []
        for shape in slide.shapes:
            right, bottom = shape.left + shape.width, shape.top + shape.height
            bottom = shape.top + Emu(grown(shape)) if shape.has_table else bottom
            said = shape.text_frame.text[:40] if shape.has_text_frame else ""
            name = f"{shape.name} {said!r} on slide {number}"
            inside = shape.left >= 0 and shape.top >= 0 and right <= deck.slide_width
            if not (inside and bottom <= deck.slide_height):
                faults.append(f"outside: {name}")
            if said.strip() and not fits(shape):
                faults.append(f"cut: {name}")
            boxes.append((shape.left, shape.top, right, bottom, name))
        for i, a in enumerate(boxes):
            for b in boxes[i + 1 :]:
                wide, high = (min(a[k + 2], b[k + 2]) - max(a[k], b[k]) for k in (0, 1))
                if wide > Emu(2000) and high > Emu(2000):
                    faults.append(f"over each other: {a[4]} and {b[4]}")
    return faults


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
