"""Sessions as an attendee meets them: in JupyterLab, in a browser, with nothing but forms in sight.

Open, run all, find nothing out; guess, lock, and the cards turn over in place; move an explorer;
come back later and find one's answer.
"""

from __future__ import annotations

import csv
import os
import re
import shutil
import time
from pathlib import Path

import axe as axe_core
import cells
import nbformat
import pytest
from servicegap import bundles, load, schema

ROOT = Path(__file__).resolve().parents[2]
REVEAL_WITHIN = 60.0  # seconds for all cards of a session beside other tests; alone it is 3 to 6
TYPED = {
    "usp_months_alone": ("36", "24", "48"),
    "answering_share": ("80", "60", "95"),
    "csat": ("80", "70", "90"),
    "good_peer_percentile": ("75", "60", "90"),
    "worst_segment_csat": ("70", "60", "80"),
    "service_share": ("30", "18", "42"),
    "good_value_share": ("30", "20", "40"),
    "watermelon_share": ("10", "4", "20"),
    "third_party_harm": ("5", "0", "12"),
    "okay_not_referring": ("25", "15", "40"),
    "expectations_met": ("80", "70", "90"),
    "did_refer_share": ("35", "25", "45"),
    "stay_share": ("92", "88", "97"),
}


def run_all(page) -> None:
    cells.run_all(page)
    wait_for(page, page.get_by_role("button", name="Promise it"))


def wait_for(page, last, seconds: float = 120) -> None:
    """Wait until the notebook has run to its last form; a cell that fails ends the wait."""
    end = time.monotonic() + seconds
    while not last.is_visible():
        no_trouble(page)
        assert time.monotonic() < end, page.locator("body").inner_text()[:2000]
        page.wait_for_timeout(100)


def saved(page, notebook: Path, *, holding: str) -> str:
    """Save with the keyboard, and return the file once `holding` is in it."""
    page.get_by_role("heading", level=1).first.click()
    page.keyboard.press("Control+s")
    end = time.monotonic() + 20
    while holding not in (text := notebook.read_text(encoding="utf-8")):
        assert time.monotonic() < end, f"{holding!r} was not saved"
        time.sleep(0.2)
    return text


def evidence(folder: Path, session: str) -> list[str]:
    """What would give the session away: titles and sentences of all it shows."""
    client = load(folder, sealed=False)
    module = __import__(
        f"servicegap.sessions.{schema.SESSIONS[session].module}", fromlist=["servicegap"]
    )
    said = []
    for part in schema.SESSIONS[session].parts:
        payload = bundles.bundle(getattr(module, part.name)(client))[bundles.MIME]
        said += [payload[key] for key in ("title", "sentence", "caption") if payload.get(key)]
    return [text for text in said if re.search(r"\d", text)]


def no_trouble(page) -> None:
    """No error, nothing on stderr, no code and no placeholder of it in sight."""
    kinds = ("error", "stderr")
    for kind in kinds:
        bad = page.locator(f'[data-mime-type="application/vnd.jupyter.{kind}"]')
        assert bad.all_inner_texts() == []
    assert page.locator(".jp-CodeCell .cm-content").locator("visible=true").count() == 0
    assert page.locator(".jp-InputPlaceholder").locator("visible=true").count() == 0


def group(page, belief: str):
    """The form of one guess, found as a screen reader finds it: by its role and its question."""
    guess = {**schema.HEADLINES, **schema.WARM_UPS}[belief]
    return page.get_by_role("group", name=guess.question)


def type_guess(form, belief: str) -> None:
    best, low, high = TYPED[belief]
    form.get_by_label("or type it").fill(best)
    form.get_by_label("from", exact=True).fill(low)
    form.get_by_label("to", exact=True).fill(high)
    form.get_by_label("to", exact=True).press("Tab")
    form.get_by_text(re.compile(f"You say {best} (of 100|months)")).wait_for()


@pytest.mark.parametrize(
    "stem",
    [
        "00_start_here",
        "01_benchmarking",
        "02_usp_erosion",
        "03_product_vs_service",
        "04_one_size_fits_all",
        "05_pricing_vs_value",
        "06_technology_vs_people",
        "07_third_party_impact",
        "08_wow_moment_gaps",
        "09_service_gaps",
        "10_referral_roadmap",
    ],
)
def test_a_session_from_first_page_to_promise(
    stem: str, desk, lab, sitting, look, axe: str
) -> None:
    notebook, folder = desk(stem, stem)
    page, session = sitting.page, stem[:2]
    guesses = [g.id for g in schema.SESSIONS[session].guesses]
    page.goto(lab.url(notebook))
    page.get_by_role("heading", level=1).first.wait_for()
    look(page, f"{session}-1-opened")
    run_all(page)
    no_trouble(page)

    # run all gives nothing away, on the page or in the file
    cards = page.locator(".sg-sealed")
    shows = sum("show(" in c.source for c in nbformat.read(notebook, 4).cells)
    explorers = page.locator(".sg-explored").count()
    assert cards.count() >= shows
    text = page.locator(".jp-Notebook").inner_text()
    text += saved(page, notebook, holding="Your guess first")
    given_away = [said for said in evidence(folder, session) if said in text]
    assert given_away == []
    assert bundles.MIME not in text
    assert page.locator(".sg-figure").count() == 0
    look(page, f"{session}-2-sealed")
    accessible(page, axe)

    # the keyboard moves a named slider; then type, and lock
    for number, belief in enumerate(guesses):
        form = group(page, belief)
        form.scroll_into_view_if_needed()
        handle = form.get_by_role("slider", name="Best guess")
        handle.focus()
        page.keyboard.press("ArrowRight")
        form.get_by_text(re.compile(r"You say (51 of 100|61 months|1 of 100)")).wait_for()
        for end in ("low", "high"):
            assert form.get_by_role("slider", name=f"90 % range, {end} end").count() == 1
        type_guess(form, belief)
        look(form, f"{session}-3-guess-{number + 1}")
        assert cards.count() >= shows, "nothing opens before the last guess is in"
        form.get_by_role("button", name="Lock my guess").focus()
        started = time.perf_counter()
        page.keyboard.press("Enter")
        form.get_by_text("Locked.").wait_for()
        look(form, f"{session}-4-locked-{number + 1}")
    page.wait_for_function("!document.querySelector('.sg-sealed')", timeout=1000 * REVEAL_WITHIN)
    revealed = time.perf_counter() - started
    print(f"\n{session}: {shows} cards and {explorers} explorers open in {revealed:.2f} s")
    assert revealed < REVEAL_WITHIN
    no_trouble(page)
    shown = page.locator(".jp-Notebook").inner_text()
    assert page.locator(".sg-figure img").count() > 0
    with (folder / "beliefs.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = {r["belief_id"]: (r["value"], r["low"], r["high"]) for r in csv.DictReader(file)}
    assert rows == {belief: TYPED[belief] for belief in guesses}
    client = load(folder)
    for headline in schema.SESSIONS[session].headlines:
        module = __import__(
            f"servicegap.sessions.{schema.SESSIONS[session].module}", fromlist=["servicegap"]
        )
        assert getattr(module, headline.id)(client).sentence in shown

    move_explorers(page, look, session)
    make_promise(page, folder, session, look)
    accessible(page, axe)
    standing = page.locator(".sg-where li[aria-current=step]")
    assert "you are here" in standing.inner_text() and "1 promise" in standing.inner_text()
    text = saved(page, notebook, holding=bundles.MIME)
    look_at_all(page, look, session)

    # come back: the page again, then a kernel that knows nothing
    page.reload()
    form = group(page, guesses[0])
    form.get_by_text("Locked. You said").wait_for()
    page.evaluate("document.querySelectorAll('.sg-form').forEach(f => f.dataset.old = 'yes')")
    page.get_by_role("menuitem", name="Kernel", exact=True).click()
    page.get_by_text(re.compile(r"^Restart Kernel and Run All Cells")).click()
    page.locator(".jp-Dialog .jp-mod-accept").click()
    wait_for(page, page.locator(".sg-form:not([data-old])", has_text="Promised so far"))
    assert page.locator(".sg-form[data-old]").count() == 0
    assert page.locator(".sg-sealed").count() == 0
    group(page, guesses[0]).get_by_text("Locked. You said").wait_for()
    assert page.get_by_role("button", name="Lock my guess").count() == 0
    no_trouble(page)
    assert sitting.outside == []
    if session == "01" and os.environ.get("SERVICEGAP_SCREENSHOTS"):
        picture_for_the_readme(page)


def accessible(page, axe: str) -> None:
    """axe-core finds nothing serious in anything of ours on the page."""
    page.evaluate(axe)
    for ours in (".sg-form", ".sg-where", ".sg-card", ".sg-figure", ".sg-table"):
        if page.locator(ours).count():
            assert axe_core.serious(page, ours) == []


def move_explorers(page, look, session: str) -> None:
    """Every slider beside a picture changes it, within the time a hand waits."""
    times = []
    for explorer in page.locator(".sg-form:has(.sg-explored)").all():
        explorer.scroll_into_view_if_needed()
        shown = explorer.locator(".sg-explored").first
        slides = explorer.get_by_role("slider").count() > 0
        handle = explorer.get_by_role("slider" if slides else "combobox").first
        handle.focus()
        for step in range(5 if slides else handle.locator("option").count() - 1):
            before = shown.inner_html()
            # timed in the page, from the key to the picture, or what is said of it, being there
            page.evaluate(
                """([el, before]) => { const t = performance.now(); window.redrawn = new Promise(
                (done, never) => { const look = async () => { const img = el.querySelector('img');
                if (el.innerHTML !== before) { if (img) await img.decode();
                done(performance.now() - t); }
                else if (performance.now() - t > 20000) never(new Error('nothing changes'));
                else requestAnimationFrame(look); }; look(); }); }""",
                [shown.element_handle(), before],
            )
            if slides:
                at_the_end = "el => el.ariaValueNow === el.ariaValueMax"
                page.keyboard.press("ArrowLeft" if handle.evaluate(at_the_end) else "ArrowRight")
            else:
                handle.select_option(index=step + 1)
            times.append(page.evaluate("window.redrawn"))
        look(explorer, f"{session}-5-explorer")
    if times:
        print(f"{session}: explorer, ms from key to picture: {[round(t) for t in times]}")
        assert sorted(times)[len(times) // 2] < 3000, "slower than a busy machine explains"


def make_promise(page, folder: Path, session: str, look) -> None:
    form = page.get_by_role("group", name="What will you do?")
    form.scroll_into_view_if_needed()
    look(form, f"{session}-6-promise")
    before = (folder / "commitments.csv").read_text(encoding="utf-8-sig")
    form.get_by_role("button", name="Promise it").click()
    form.get_by_role("status").get_by_text("?").wait_for()  # something is asked for still
    if not form.get_by_label("What will be done").input_value():
        form.get_by_label("What will be done").fill("Ring the three quietest accounts")
    form.get_by_label("Who does it").fill("service desk manager")
    form.get_by_role("button", name="Promise it").click()
    form.get_by_text("Promised so far").wait_for()
    after = (folder / "commitments.csv").read_text(encoding="utf-8-sig")
    assert after.startswith(before.rstrip())
    assert "service desk manager" in after[len(before.rstrip()) :]
    look(form, f"{session}-7-promised")


def look_at_all(page, look, session: str) -> None:
    """Pictures of the whole notebook, a screen at a time, for somebody to look at."""
    panel = page.locator(".jp-WindowedPanel-outer").first
    height = panel.evaluate("el => el.scrollHeight")
    for number, top in enumerate(range(0, height, 850)):
        panel.evaluate("(el, top) => el.scrollTo(0, top)", top)
        page.wait_for_timeout(100)
        look(page, f"{session}-8-whole-{number:02d}")


def picture_for_the_readme(page) -> None:
    """Session 1 after the reveal, as it stands in the README."""
    form = group(page, "good_peer_percentile")
    form.evaluate("el => el.scrollIntoView({block: 'start'})")
    page.wait_for_timeout(500)
    folder = ROOT / "docs" / "images"
    folder.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=folder / "notebook.png")


def test_forms_are_whole_at_twice_the_size_and_in_the_dark(desk, lab, browser, look) -> None:
    """200 % on a 1400-pixel screen leaves half the width: everything wraps, nothing is cut off."""
    notebook, _ = desk("01_benchmarking", "twice")
    context = browser.new_context(
        viewport={"width": 700, "height": 500}, device_scale_factor=2, color_scheme="dark"
    )
    page = context.new_page()
    page.set_default_timeout(60_000)
    page.goto(lab.url(notebook))
    page.get_by_role("heading", level=1).first.wait_for()
    page.locator("body[data-jp-theme-light=false]").wait_for(state="attached")
    run_all(page)
    whole(page, look, "twice-before")
    for _ in schema.SESSIONS["01"].guesses:
        page.get_by_role("button", name="I'd rather not guess").first.click()
        page.wait_for_timeout(200)
    page.wait_for_function("!document.querySelector('.sg-sealed')")
    whole(page, look, "twice-after")
    context.close()


def whole(page, look, name: str) -> None:
    """Nothing in a form is wider than its place, and no text is as dark as what it stands on."""
    for number, form in enumerate(page.locator(".sg-form:visible").all()):
        form.scroll_into_view_if_needed()
        look(form, f"{name}-{number}")
        over = form.evaluate(
            """el => [el, ...el.querySelectorAll('*')].filter(e => e.clientWidth &&
            e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).overflowX !== 'visible')
            .map(e => [e.className, e.scrollWidth, e.clientWidth])"""
        )
        assert over == []
        colour = form.evaluate(
            """el => { const text = el.querySelector('.widget-html-content > *') || el;
            return getComputedStyle(text).color.match(/\\d+/g).slice(0, 3).map(Number) }"""
        )
        assert min(colour) > 128


def test_declining_opens_the_cards_too(desk, lab, sitting) -> None:
    notebook, folder = desk("00_start_here", "declined")
    page = sitting.page
    page.goto(lab.url(notebook))
    page.get_by_role("heading", level=1).first.wait_for()
    run_all(page)
    page.get_by_role("button", name="I'd rather not guess").click()
    page.get_by_text("You said that you would rather not guess.").wait_for()
    page.wait_for_function("!document.querySelector('.sg-sealed')")
    with (folder / "beliefs.csv").open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["belief_id"], row["value"]) == ("answering_share", "")
    shutil.rmtree(folder, ignore_errors=True)
