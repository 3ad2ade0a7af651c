"""The page over all clients: what stands on it, in which order, and what can't get on it."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import replace

import published
import pytest
from published import Outcome, finding, publish_report
from servicegap.report import among, portfolio_model
from servicegap.report.model import Brand
from servicegap.run import Failed, sending
from servicegap.run import portfolio as pages


def written(out, outcomes, figures=(), brand=None):
    return pages.write(out, outcomes, brand or Brand(), figures).read_text("utf-8")


def rows(html: str) -> list[str]:
    return re.findall(r'<tr role="row" class.*?</tr>', html, flags=re.DOTALL)


def names(html: str) -> list[str]:
    return [re.search(r"<bdi>(.*?)</bdi>", row)[1] for row in rows(html)]


def plain(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def one(out, name, *found, status="made", reason="", **more):
    slug = publish_report(out, name, name.lower(), list(found), **more)
    return Outcome(name, name.lower(), slug, status, reason)


BLIND = finding("csat", "blind spot", "clear")
HELD = finding("csat", "well judged", None)


def test_who_needs_the_consultant_comes_first(tmp_path):
    outcomes = [
        one(tmp_path, "Approved and fine", HELD, draft=False),
        one(tmp_path, "Draft and fine", HELD),
        one(tmp_path, "Approved and blind", BLIND, draft=False),
        one(tmp_path, "Draft and blind", BLIND),
        Outcome("Broken", "broken", "broken-1", "failed", "ratings.csv has no column score."),
        one(tmp_path, "Only a part", HELD, draft=False, part=("01", "07")),
        Outcome("Waiting", "waiting", "waiting-1", "stopped", ""),
    ]
    publish_report(tmp_path, "Vanished", "vanished", [HELD])
    html = written(tmp_path, outcomes)
    assert names(html) == [
        *("Broken", "Waiting", "Draft and blind", "Draft and fine", "Only a part"),
        *("Approved and blind", "Approved and fine", "Vanished"),
    ]
    said = dict(zip(names(html), map(plain, rows(html)), strict=True))
    assert "ratings.csv has no column score. There is no report yet." in said["Broken"]
    assert "not reached" in said["Waiting"]
    assert "made anew, draft" in said["Draft and blind"]
    assert "read it and approve it" in said["Draft and fine"]
    assert "sessions 01 and 07" in said["Only a part"]
    assert "made anew, approved" in said["Approved and fine"]
    assert "folder is not among the clients any more" in said["Vanished"]
    assert "7 clients, 5 reports" in plain(html)
    assert "1 failed, 1 not reached and 2 to read and approve" in plain(html)


def test_a_failure_says_whether_the_old_report_stands(tmp_path):
    failed = one(tmp_path, "Elm", HELD, status="failed", reason="Session 05 stopped")
    assert (
        "Session 05 stopped. The draft of before still stands, with data up to 31 March 2026."
        in plain(written(tmp_path, [failed]))
    )


def test_a_row_that_needs_something_gives_the_folder_and_the_command(tmp_path):
    outcomes = [
        one(tmp_path, "Draft", HELD),
        one(tmp_path, "Fine", HELD, draft=False),
        one(tmp_path, "Broken", HELD, status="failed", reason="It broke."),
    ]
    page = pages.write(tmp_path, outcomes, Brand(), (), lambda path, need: ("a/b", f"{need} a/b"))
    html = page.read_text("utf-8")
    said = dict(zip(names(html), map(plain, rows(html)), strict=True))
    assert "Folder: a/b Run: approve a/b" in said["Draft"]
    assert "Folder: a/b Run: again a/b" in said["Broken"]
    assert "Folder:" not in said["Fine"]
    assert "1 failed and 1 to read and approve" in plain(html), "a failed one can't be approved"


def test_what_one_client_alone_has_is_not_called_the_commonest(tmp_path):
    text = plain(written(tmp_path, [one(tmp_path, "A", BLIND), one(tmp_path, "B", HELD)]))
    assert "ommonest" not in text and "No blind spot is shared by two clients" in text


def test_it_says_first_that_it_is_not_to_be_sent_on(tmp_path):
    text = plain(written(tmp_path, [one(tmp_path, "Elm", HELD)]))
    assert text.index("names your clients") < text.index("All clients 1 client")
    assert "never this page" in text


def test_a_verdict_stands_in_words_beside_its_mark(tmp_path):
    leaning = finding("stay_share", "blind spot", "leaning")
    other = finding("good_value_share", "hidden strength", "clear")
    html = written(tmp_path, [one(tmp_path, "Elm", BLIND, leaning, other)])
    said = plain(rows(html)[0])
    assert "1 blind spot, 1 more leaning" in said and "1 hidden strength" in said
    assert "Top marks believed 71, found 60 (51 to 68) % of contacts" in said
    assert [c for c in "▼▽▲" if c not in html] == []


def test_the_strip_has_the_twelve_beliefs_in_order_whoever_was_asked(tmp_path):
    html = written(tmp_path, [one(tmp_path, "Elm", finding("stay_share", "blind spot", "clear"))])
    signs = re.findall(r'class="sign"[^>]*>(.*?)</text>', rows(html)[0])
    assert signs == [""] * 11 + ["▼"]


def test_what_changed_is_named_where_it_is_certain(tmp_path):
    changed = [
        finding("csat", "blind spot", "clear", change={"verdict": "worse"}),
        finding("stay_share", "well judged", None, change={"verdict": "better"}),
        finding("did_refer_share", "well judged", None, change={"verdict": "can't tell"}),
    ]
    said = plain(rows(written(tmp_path, [one(tmp_path, "Elm", *changed)]))[0])
    assert "Worse: Top marks; better: Accounts that stayed; can’t tell: 1." in said


def test_the_commonest_blind_spot_is_counted_among_those_looked_at(tmp_path):
    unmeasured = finding("csat", "not measured", None)
    outcomes = [
        one(tmp_path, "A", BLIND),
        one(tmp_path, "B", BLIND),
        one(tmp_path, "C", HELD, finding("stay_share", "blind spot", "clear")),
        one(tmp_path, "D", unmeasured),
    ]
    publish_report(tmp_path, "Vanished", "vanished", [BLIND])  # not a client any more
    text = plain(written(tmp_path, outcomes))
    assert "The commonest blind spot: top marks, at 2 of 3 clients" in text
    assert "Months alone with a USP not looked at" in text


def test_a_batch_of_one_client_leaves_the_others_on_the_page(tmp_path):
    clients, out = tmp_path / "clients", tmp_path / "reports"
    for name in ("Elm", "Oak", "Yew", "Ash"):
        folder = clients / name.lower()
        folder.mkdir(parents=True)
        (folder / "client.yaml").write_text(f"name: {name}\nid: {name.lower()}\n")
    (clients / "brand.yaml").write_text("name: Made-up Advice\n")
    (clients / "ash" / "client.yaml").write_text("name: [")
    for name in ("Oak", "Gone"):
        one(out, name, HELD)
    outcomes = [
        replace(one(out, "Elm", BLIND), folder=clients / "elm"),
        Outcome("zzz", "", "", "not a client", "There is no client.yaml in it.", clients / "zzz"),
        Outcome("ash", "", "", "failed", "client.yaml can't be read", clients / "ash"),
    ]
    html = pages.after([clients / "elm", clients / "ash"], outcomes, out).read_text("utf-8")
    said = dict(zip(names(html), map(plain, rows(html)), strict=True))
    assert set(said) == {"Elm", "Oak", "Yew", "ash", "Gone"}
    assert "not looked at this time" in said["Oak"] and "draft" in said["Oak"]
    assert "There is no report yet" in said["Yew"]
    assert "not among the clients any more" in said["Gone"]
    assert "client.yaml can’t be read" in said["Gone"]
    assert "Made-up Advice" in html


def test_links_lead_to_the_copies_that_can_be_found(tmp_path):
    outcome = one(tmp_path, "Ärger & Söhne #1 100%", HELD)
    html = written(tmp_path, [outcome])
    from urllib.parse import unquote

    links = [unquote(x) for x in re.findall(r'href="([^"]+)"', rows(html)[0])]
    assert links == [
        f"{outcome.slug}/send/Ärger & Söhne #1 100% 2026-03 service {kind}"
        for kind in ("report DRAFT.html", "report DRAFT.pdf", "slides DRAFT.pptx")
    ]


HOSTILE = '"><script>alert(1)</script><img src=x onerror=y> {{ 7*7 }} </title> javascript:x'


def test_hostile_names_and_reasons_stay_text(tmp_path):
    slug = publish_report(tmp_path, HOSTILE, HOSTILE, [HELD])
    outcomes = [Outcome(HOSTILE, HOSTILE, slug, "failed", HOSTILE)]
    publish_report(tmp_path, f"gone {HOSTILE}", "gone", [HELD])
    figures = [among.Shared("csat_top_1_5", HOSTILE, i) for i in range(8)]
    html = written(tmp_path, outcomes, figures, Brand(HOSTILE, HOSTILE, HOSTILE))
    assert "<script" not in html and "<img" not in html and "49" not in plain(rows(html)[0])
    assert html.count("<title>") == html.count("</title>") == 1
    assert all(not link.startswith("javascript") for link in re.findall(r'href="([^"]+)"', html))


def test_nothing_is_requested_and_no_script_may_run(tmp_path):
    html = written(tmp_path, published.many(tmp_path, 5))
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', html)[1]
    assert "default-src 'none'" in policy and "script" not in policy
    assert "<script" not in html and " style=" not in html
    assert not re.findall(r'(?:src|href)="(?:https?:)?//', html)


def test_the_same_reports_give_the_same_bytes_in_whatever_order_they_ran(tmp_path):
    outcomes = published.many(tmp_path, 12)
    first = written(tmp_path, outcomes)
    assert written(tmp_path, outcomes[::-1]) == first
    assert sorted(p.name for p in tmp_path.iterdir() if p.is_file()) == ["index.html"]


def test_a_page_that_cannot_be_written_leaves_the_last_one(tmp_path, monkeypatch):
    outcomes = [one(tmp_path, "Elm", HELD)]
    before = written(tmp_path, outcomes)

    def full(handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(Failed, match="no room left"):
        pages.write(tmp_path, [], Brand())
    assert (tmp_path / "index.html").read_text("utf-8") == before
    assert not list(tmp_path.glob(".index*"))


def test_a_broken_manifest_is_a_client_without_a_report(tmp_path):
    outcome = one(tmp_path, "Elm", HELD)
    (tmp_path / outcome.slug / "manifest.json").write_text("{")
    html = written(tmp_path, [outcome])
    assert "1 client, 0 reports" in plain(html).replace("no reports", "0 reports")


@pytest.mark.parametrize(
    "held",
    [
        "[1]", '{"id": "csat"}', '[{"id": "csat"}]', '[{"id": ["csat"]}]', "[", "null", "\udcff",
        json.dumps([BLIND | {"verdict": "blind"}]), json.dumps([BLIND | {"strength": "sure"}]),
        json.dumps([BLIND | {"gap": "wide"}]), json.dumps([BLIND | {"gap": float("nan")}]),
        json.dumps([BLIND | {"evidence": [1]}]), json.dumps([BLIND | {"belief": {"value": "a"}}]),
        json.dumps([BLIND | {"change": "worse"}]), None,
    ],
)  # fmt: skip
def test_a_damaged_report_is_named_and_ends_nothing(tmp_path, held):
    outcomes = [one(tmp_path, "Elm", BLIND, status="unchanged"), one(tmp_path, "Oak", HELD)]
    findings = tmp_path / outcomes[0].slug / "findings.json"
    findings.unlink()
    if held is not None:
        findings.write_bytes(held.encode("utf-8", "surrogateescape"))
    page = pages.write(tmp_path, outcomes, Brand(), (), lambda path, need: ("a/b", f"{need} a/b"))
    html = page.read_text("utf-8")
    said = dict(zip(names(html), map(plain, rows(html)), strict=True))
    assert list(said) == ["Elm", "Oak"]
    assert "report damaged" in said["Elm"] and "Run: anew a/b" in said["Elm"]
    assert "no report yet" not in said["Elm"] and "unchanged" not in said["Elm"]
    assert "1 report damaged" in plain(html)


@pytest.mark.parametrize("wrong", [{"outputs": None}, {"sessions": {"x": 1}}, {"as_of": 3}])
def test_a_damaged_manifest_ends_nothing(tmp_path, wrong):
    elm = one(tmp_path, "Elm", HELD, part=("01",), **wrong)
    publish_report(tmp_path, "Gone", "gone", [HELD], **wrong)
    assert "report damaged" in plain(written(tmp_path, [elm]))


def test_a_report_under_an_earlier_name_is_not_that_of_a_client_who_has_gone(tmp_path):
    old = publish_report(tmp_path, "Elm Ltd", "elm", [BLIND])
    new = one(tmp_path, "Elm", HELD)
    html = written(tmp_path, [new])
    said = dict(zip(names(html), map(plain, rows(html)), strict=True))
    assert "not among the clients" not in said["Elm Ltd"] and "no folder" not in said["Elm Ltd"]
    assert "the report on Elm under an earlier name" in said["Elm Ltd"]
    assert f"{old} can be removed" in said["Elm Ltd"]
    assert "1 client, 1 report" in plain(html) and "ommonest" not in plain(html)
    failed = replace(new, status="failed", reason="It broke", slug="elm-0")
    shutil.rmtree(tmp_path / new.slug)
    said = plain(written(tmp_path, [failed]))
    assert "keep it until there is one under the new name" in said and "removed" not in said


def test_nothing_at_all_is_a_page_too(tmp_path):
    assert "no client" in plain(written(tmp_path / "new", [])).lower()


# -- among each other --------------------------------------------------------------------------


def shared(n, measure="csat_top_1_5", group="like us"):
    return [among.Shared(measure, group, 50.0 + i) for i in range(n)]


def test_seven_of_a_group_are_never_drawn(tmp_path):
    figures = [*shared(7), *shared(8, group="others"), *shared(7, "stay_share", "others")]
    found = among.strips(figures)
    assert [(s.title, s.group, len(s.dots)) for s in found] == [
        ("Top marks, scale 1–5", "others", 8)
    ]
    assert "like us" not in written(tmp_path, [], figures)


def test_the_best_quarter_is_at_the_good_end():
    high, low = among.strips([*shared(9), *shared(9, "reopened_share")])
    assert [d.good for d in high.dots] == [False] * 6 + [True] * 3
    assert [d.good for d in low.dots] == [True] * 3 + [False] * 6
    assert "56 or more %" not in low.said and "at most 52 %" in low.said


def test_dots_on_one_spot_are_piled_up():
    (strip,) = among.strips([among.Shared("stay_share", "g", 90.0)] * 8)
    assert sorted(d.up for d in strip.dots) == list(range(8)) and strip.high == 8


def test_a_draft_is_known_by_the_copies_to_send():
    import datetime as dt

    files = {"report.html": b"", "report.pdf": b"", "deck.pptx": b""}
    for name in ("Elm", "service report", "DRAFT", "Elm service report DRAFT"):
        for draft in (True, False):
            copies = sending.copies(files, name, dt.date(2026, 3, 31), draft)
            assert sending.drafts([*files, *copies]) is draft
            assert list(sending.to_open(copies)) == ["Report", "PDF", "Slides"]


@pytest.mark.browser
def test_the_page_filters_without_a_script(tmp_path, playwright):
    chromium = shutil.which("chromium")
    if not chromium:
        pytest.skip("no Chromium on this machine")
    pages.write(tmp_path, published.many(tmp_path, 12), Brand())
    browser = playwright.chromium.launch(executable_path=chromium, args=["--disable-gpu"])
    try:
        page = browser.new_context(java_script_enabled=True).new_page()
        asked = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto((tmp_path / "index.html").as_uri())
        count = "document.querySelectorAll('.clients tbody tr:not([hidden])').length"
        shown = (
            "[...document.querySelectorAll('.clients tbody tr')]"
            ".filter(r => getComputedStyle(r).display != 'none').length"
        )
        assert page.evaluate(count) == page.evaluate(shown) == 13
        page.check("#f-failed")
        assert page.evaluate(shown) == 2
        page.check("#f-gone")
        assert page.evaluate(shown) == 1
        for width in (390, 1200):
            page.set_viewport_size({"width": width, "height": 800})
            page.check("#f-all")
            assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
    finally:
        browser.close()


def test_every_status_has_its_words():
    assert set(pages._KNOWN) < set(portfolio_model.STATUSES)
