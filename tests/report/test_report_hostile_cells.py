"""Hostile words in every text column, through all sessions: nothing stirs in any form."""

from __future__ import annotations

import shutil
import zipfile
from io import BytesIO
from itertools import cycle

import hostile
import in_process
import pytest
from pptx import Presentation
from servicegap import bundles, client, schema, simulate
from servicegap.report import html, pdf, pptx

pytestmark = pytest.mark.proof

# what the columns mean, not what they say: changed, the table would be another or none
KEPT = {"scale", "refer_scale", "stage", "kind", "present", "absent", "tone", "measure", "group",
        "item_id", "dimension", "priority", "status", "quality", "belief_id"}  # fmt: skip


# a lone surrogate can't stand in a file, so no table can hold one
TEXTS = tuple(text for text in hostile.TEXTS if "\ud800" not in text)


def poisoned(seed: int):
    """A made-up firm whose every free text is one of the hostile ones, in turn."""
    firm = simulate.make("alder-it", seed=seed, size="small")
    turn = cycle(TEXTS[seed % len(TEXTS) :] + TEXTS)
    tables, changed = {}, set()
    for name, frame in firm.tables.items():
        tables[name] = frame = frame.copy()
        for column in frame.columns.intersection([c.name for c in schema.TABLES[name].columns]):
            texts = frame[column].dtype in ("str", "object", "category")
            if not texts or column in KEPT or column.endswith("_id") or column == "scale":
                continue
            values = frame[column].dropna().astype(str).unique()
            to = {value: f"{next(turn)} {i}" for i, value in enumerate(values)}
            frame[column] = frame[column].astype("object").map(to).astype("str")
            changed.add(f"{name}.{column}")
    return client.from_frames(tables, firm.settings, firm.superseded), changed


@pytest.fixture(scope="module", params=(21, 34))
def made(request, tmp_path_factory):
    """The report, and every output of the notebooks as the browser gets it."""
    own, changed = poisoned(request.param)
    assert len(changed) >= 12, changed
    shown = []
    keep = in_process.payload

    def kept(result):
        draws = getattr(result, "draw", None)
        if draws is None:
            shown.append(bundles.bundle(result)["text/html"])
        return keep(result)

    in_process.payload = kept
    try:
        report = in_process.report(own, tmp_path_factory.mktemp("handed"))
    finally:
        in_process.payload = keep
    return report, "".join(shown)


def test_in_a_browser(made, playwright, tmp_path):
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if not chromium:
        pytest.skip("no Chromium on this machine")
    report, outputs = made
    browser = playwright.chromium.launch(executable_path=chromium, args=["--disable-gpu"])
    happened = []
    for name, source in (("report", html.render(report)), ("outputs", outputs)):
        path = tmp_path / f"{name}.html"
        path.write_text(source, encoding="utf-8", errors="replace")
        page, address = browser.new_page(), path.as_uri()
        page.on("dialog", lambda d: (happened.append(d.message), d.dismiss()))
        page.on("pageerror", lambda e: happened.append(str(e)))
        page.on(
            "request",
            lambda r, own=address: r.url.startswith(("data:", own)) or happened.append(r.url),
        )
        page.goto(address)
        page.wait_for_timeout(300)
        assert page.evaluate("document.querySelectorAll('script,iframe,object,form').length") == 0
        page.close()
    browser.close()
    assert happened == []


def test_on_paper_and_on_slides(made):
    report, _ = made
    assert b"root:x:0" not in pdf.render(report)
    data = pptx.render(report)
    with zipfile.ZipFile(BytesIO(data)) as archive:
        assert not [n for n in archive.namelist() if n.endswith(".rels")
                    and b'TargetMode="External"' in archive.read(n)]  # fmt: skip
    for slide in Presentation(BytesIO(data)).slides:
        for shape in slide.shapes:
            if shape.has_chart:
                book = shape.chart.part.chart_workbook.xlsx_part.blob
                with zipfile.ZipFile(BytesIO(book)) as inner:
                    assert b"<f>" not in inner.read("xl/worksheets/sheet1.xml")
