"""From the made-up firm to one's own: a folder, two exports, a report, by way of forms alone."""

from __future__ import annotations

import csv
import json
import re
import shutil
import sys
import time
from pathlib import Path

import pytest
from servicegap import load
from test_workbook import ROOT, accessible, group, no_trouble, run_all, type_guess

sys.path.insert(0, str(ROOT / "tests" / "intake"))
import exports


def hand_in(page, form, path: Path) -> None:
    with page.expect_file_chooser() as chooser:
        form.get_by_role("button", name=re.compile("Choose files")).click()
    chooser.value.set_files(str(path))


def test_a_zendesk_and_a_freshdesk_export_become_tables_of_ones_own(
    desk, lab, sitting, look, axe: str, tmp_path: Path
) -> None:
    notebook, _ = desk("00_start_here", "practice")
    page = sitting.page
    page.goto(lab.url(notebook))
    page.get_by_role("heading", level=1).first.wait_for()
    run_all(page)
    form = page.get_by_role("group", name="Bring your own files")
    form.scroll_into_view_if_needed()
    form.get_by_label("Your firm's name").fill("Ash & Sons")
    form.get_by_role("button", name="Make a folder for it").click()
    page.get_by_role("link", name="Go to Ash & Sons: session 0").wait_for()
    look(form, "bring-1-begun")
    folder = lab.root / "ash-sons"

    # on to the own firm, by the link, and run it there
    page.get_by_role("link", name="Go to Ash & Sons: session 0").click()
    page.wait_for_url(re.compile("ash-sons/workbook/00_start_here"))
    page.get_by_text("This is about").wait_for(state="detached")
    page.locator(".jp-NotebookPanel:visible").get_by_role("heading", level=1).first.wait_for()
    run_all(page)
    form = page.locator(".jp-NotebookPanel:visible").get_by_role(
        "group", name="Bring your own files"
    )
    form.scroll_into_view_if_needed()
    hand_in(page, form, exports.write(tmp_path, "view.csv", exports.zendesk()))
    form.get_by_text("Zendesk Support").first.wait_for()
    assert "the company" in form.inner_text(), "the mapping is there to be confirmed"
    look(form, "bring-2-mapping")
    accessible(page, axe)
    form.get_by_role("button", name="Change what a column means").click()
    form.get_by_label("Organization").wait_for()
    look(form, "bring-3-columns")
    accessible(page, axe)
    form.get_by_role("button", name="Yes, that is right").click()
    assert not load(folder).has("tickets")
    form.get_by_role("button", name="Take them in").click()
    form.get_by_text("30 rows read, 29 kept").wait_for()
    assert len(load(folder)["tickets"]) == 29
    health = form.frame_locator("iframe")
    health.get_by_text("tickets.csv").first.wait_for()
    look(form, "bring-4-health")

    hand_in(page, form, exports.write(tmp_path, "desk.csv", exports.freshdesk(3)))
    form.get_by_text("Freshdesk").first.wait_for()
    form.get_by_role("button", name="Take them in").click()
    for asked, answer in (("1 April", 0), ("which scale", "1-5"), ("already", 0)):
        form.get_by_text(re.compile(asked)).first.wait_for()
        menu = form.get_by_label("Answer")
        look(form, f"bring-5-asked-{asked}")
        menu.select_option(**({"index": answer} if answer == 0 else {"label": answer}))
        form.get_by_role("button", name="Go on").click()
    form.get_by_text("3 rows read, 3 kept").wait_for()
    assert len(load(folder)["tickets"]) == 32
    accessible(page, axe)
    no_trouble(page)
    assert sitting.outside == []
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def cedar(lab) -> Path:
    """A firm with hardly any files, so that its report is made quickly; one guess made before."""
    folder = lab.root / "cedar"
    shutil.copytree(
        ROOT / "data" / "sample" / "cedar-desk", folder,
        ignore=shutil.ignore_patterns("TRUTH.yaml", "beliefs.*", ".*"),
    )  # fmt: skip
    load(folder).record("csat", 77, 70, 85)
    return folder


def test_the_report_says_what_was_guessed_in_the_browser(cedar, lab, sitting, look) -> None:
    from servicegap import workbook

    workbook.lay_out(cedar)
    page = sitting.page
    page.goto(lab.url(cedar / "workbook" / "10_referral_roadmap.ipynb"))
    page.get_by_role("heading", level=1).first.wait_for()
    run_all(page)
    for belief in ("did_refer_share", "stay_share"):
        form = group(page, belief)
        type_guess(form, belief)
        form.get_by_role("button", name="Lock my guess").click()
        form.get_by_text("Locked.").wait_for()
    form = page.get_by_role("group", name="Make my report")
    form.scroll_into_view_if_needed()
    form.get_by_role("button", name="Make my report").click()
    form.get_by_text(re.compile(r"step \d+ of \d+")).wait_for(timeout=120_000)
    look(form, "report-1-progress")
    link = page.get_by_role("link", name="Read it here")
    end = time.monotonic() + 400
    while not link.is_visible():
        assert time.monotonic() < end, form.inner_text()
        page.wait_for_timeout(500)
    look(page, "report-2-made")
    (found,) = (cedar / "workbook" / "report").glob("cedar*/findings.json")
    told = {f["id"]: f["belief"] for f in json.loads(found.read_text(encoding="utf-8"))}
    with (cedar / "beliefs.csv").open(encoding="utf-8-sig", newline="") as file:
        said = {r["belief_id"]: r for r in csv.DictReader(file)}
    assert set(said) == {"csat", "did_refer_share", "stay_share"}
    for belief, row in said.items():
        ends = {k: float(row[k]) for k in ("value", "low", "high")}
        assert told[belief] == ends, belief
    link.click()
    frame = page.frame_locator(".jp-HTMLViewer iframe")
    frame.get_by_role("heading", level=1).first.wait_for()
    look(page, "report-3-read")
    no_trouble(page)
    assert sitting.outside == []
