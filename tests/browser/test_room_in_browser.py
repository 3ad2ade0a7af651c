"""A trainer's screen: thirty people hand in, one withdraws, one hands in rubbish; no internet."""

from __future__ import annotations

import json
import re
from pathlib import Path

import nbformat
import rooms
from cells import run_all
from servicegap.teaching import room

ROOT = Path(__file__).resolve().parents[2]
FIRM = ROOT / "data" / "sample" / "alder-it"


def test_a_room_of_thirty_is_shown_refreshed_and_nobody_named(lab, sitting, look) -> None:
    truth = dict(room.read_truth(FIRM))
    folder, notebook = lab.root / "the-room", lab.root / "room.ipynb"
    rooms.fill(folder, truth, 29)
    pages = nbformat.read(ROOT / "trainer" / "room.ipynb", as_version=4)
    for cell in pages.cells:
        if "parameters" in cell.metadata.get("tags", ()):
            cell.source = f"# here\nfolder: str = {str(folder)!r}\nfirm: str = {str(FIRM)!r}"
    nbformat.write(pages, notebook)
    page = sitting.page
    page.goto(lab.url(notebook))
    run_all(page)
    page.get_by_text(re.compile(r"^Before, \d+ of 300 ranges held")).wait_for(timeout=120_000)
    status = page.locator(".sg-status")
    status.get_by_text("The guesses of 25 people are shown").wait_for()
    look(page, "room-first")

    rooms.fill(folder, truth, 1, first=30)
    refresh = page.get_by_role("button", name="Refresh")
    refresh.click()
    status.get_by_text("The guesses of 30 people are shown").wait_for()
    page.get_by_text(re.compile(r"^\d+ of 360 ranges held the truth")).wait_for()
    assert page.locator("img[alt*='30 people']").count() == 2

    (folder / "seat-07.csv").unlink()
    (folder / "seat-09.csv").write_bytes(b"PK\x03\x04 no guess at all")
    refresh.click()
    left_out = status.get_by_text("seat-09.csv is left out")
    left_out.wait_for(state="attached")
    assert not left_out.is_visible()  # a name may be somebody's
    status.get_by_text("A click shows the names").click()
    left_out.wait_for()
    status.get_by_text(re.compile("The guesses of 2[05] people are shown")).wait_for()
    held = page.get_by_text(re.compile(r"^\d+ of (2\d\d|300) ranges held the truth"))
    held.wait_for()  # whoever goes is of one five or another, belief by belief
    assert int(held.inner_text().split()[2]) % 5 == 0
    page.locator(".jp-OutputArea-output .sg-figure").nth(1).scroll_into_view_if_needed()
    look(page, "room-refreshed")

    numbers = [int(n) for n in re.findall(r"(\d+) people", page.locator("body").inner_text())]
    assert numbers and all(n % 5 == 0 for n in numbers)
    assert page.locator('[data-mime-type="application/vnd.jupyter.error"]').count() == 0
    assert page.locator('[data-mime-type="application/vnd.jupyter.stderr"]').count() == 0
    assert sitting.outside == []
    kept = json.loads((folder / room.SHOWN).read_text(encoding="utf-8"))
    assert all(len(block) % 5 == 0 for those in kept["blocks"].values() for block in those)
    assert not [p for p in Path(folder).rglob("*") if p.suffix == ".ipynb"]
