"""The PDF report: PDF/UA, with an outline, tags and a text for every picture."""

import re
from dataclasses import replace
from io import BytesIO

import hostile
import made_notebooks as made
import pytest
from pypdf import PdfReader
from servicegap.report import pdf


def read(data):
    return PdfReader(BytesIO(data))


def words(reader):
    text = " ".join(page.extract_text() for page in reader.pages)
    return " ".join(text.replace("\u200b", "").split())


@pytest.fixture(scope="module")
def reader(full):
    return read(pdf.render(full))


def test_it_claims_and_keeps_ua(reader):
    root = reader.trailer["/Root"]
    assert root["/Lang"] == "en-GB"
    assert root["/MarkInfo"]["/Marked"]
    assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_data()
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata.title == "Service gap report: Alder IT, 30 June 2025"
    assert reader.metadata.creation_date.date() == made.FACTS.as_of


def test_outline_and_page_numbers(reader):
    names = [entry.title for entry in reader.outline if not isinstance(entry, list)]
    assert names[:3] == ["In ninety seconds", "Scorecard", "Risks to mend first"]
    assert "1 of " in reader.pages[0].extract_text()


def tags(reader):
    found = []

    def walk(node):
        node = node.get_object()
        if "/S" in node:
            found.append((str(node["/S"]), node.get("/Alt")))
        kids = node.get("/K", [])
        for kid in kids if isinstance(kids, list) else [kids]:
            kid = kid.get_object() if hasattr(kid, "get_object") else kid
            if hasattr(kid, "get") and ("/S" in kid or "/K" in kid):
                walk(kid)

    walk(reader.trailer["/Root"]["/StructTreeRoot"])
    return found


def test_figures_tables_and_headings_are_tagged(reader):
    found = tags(reader)
    alts = {alt for tag, alt in found if tag == "/Figure" and alt}
    assert len(alts) == 11 and all("62 of 100" in alt for alt in alts)  # one a session
    names = {tag for tag, _ in found}
    assert {"/H1", "/H2", "/H3", "/Table", "/TH", "/TD", "/L", "/LI", "/P"} <= names


def test_the_scorecard_keeps_to_one_page(reader):
    pages = [p.extract_text() for p in reader.pages]
    assert "Side by side" in pages[1] and "Top marks" in pages[1]
    assert "Accounts that stayed" in pages[1] and "lean one way" in pages[1]
    assert not any("Side by side" in text for text in pages[2:])


def test_links_lead_about_in_the_file(reader):
    inside = 0
    for page in reader.pages:
        for note in page.get("/Annots", []):
            note = note.get_object()
            assert "/URI" not in note.get("/A", {})
            inside += "/Dest" in note or "/D" in note.get("/A", {})
    assert inside >= 12 + 7  # a scorecard row to its session, a part from the contents


def test_five_minutes_and_an_appendix(reader):
    """The front and a page a session, not everything that was ever looked at."""
    assert len(reader.pages) <= 24


def test_what_else_was_looked_at_is_named(reader):
    assert "What other_04 found" in words(reader)


@pytest.mark.parametrize("text", hostile.TEXTS, ids=range(len(hostile.TEXTS)))
def test_hostile_text_stays_text(text):
    shown = words(read(pdf.render(hostile.report(text))))
    if text.isascii() and text.isprintable():
        assert re.sub(r"\s", "", text) in re.sub(r"\s", "", shown)
    assert "root:x:0" not in shown


@pytest.mark.parametrize("books", [{}, {"00_start_here": made.standard("00")}])
def test_no_findings(books):
    assert "No headline belief was measured" in words(read(pdf.render(made.build(books))))


def test_a_complaint_of_the_typesetter_is_an_error(small, monkeypatch):
    monkeypatch.setattr(pdf, "FAMILIES", ("No Such Typeface",))
    with pytest.raises(pdf.Unprintable):
        pdf.render(small)


# -- what stands on which page -------------------------------------------------------------------


def pages_of(report):
    return [page.extract_text() for page in read(pdf.render(report)).pages]


def test_a_short_scorecard_stands_below_the_summary(small):
    assert "Scorecard" in pages_of(small)[0].split("In ninety seconds")[-1]
    assert "Side by side" in pages_of(small)[0]


def test_a_long_scorecard_is_whole_and_has_its_page_alone(full):
    (card,) = [text for text in pages_of(full) if "Side by side" in text]
    assert "Accounts that stayed" in card and "Risks to mend first\n" not in card


def test_a_long_summary_leaves_no_page_to_the_contents_alone():
    words = "The consultant says a great deal before the summary begins. " * 28
    report = made.build(made.series(), replace(made.FACTS, notes={"00": words}))
    second = pages_of(report)[1]
    assert "Session by session" in second and "Side by side" in second


def test_little_does_not_stand_on_a_page_alone():
    """A session of which nothing was measured, then one too high for what is left of the page."""
    nothing = made.finding("service_share", ("not measured", None, None, None, None))
    drawn = made.code(made.figure("09", "x"), made.png(1440, 690))
    books = {
        "03_product_vs_service": made.session("03", made.code(nothing)),
        "09_service_gaps": made.session("09", drawn, made.code(made.finding("expectations_met"))),
    }
    notes = {"09": "The consultant says more of this than a page has room for. " * 14}
    texts = pages_of(made.build(books, replace(made.FACTS, notes=notes)))
    (page,) = [text for text in texts if "Session by session\n03" in text]
    assert "We do what it says on the tin" in page


@pytest.mark.parametrize("wide", [0, 700, 1440])
def test_a_session_stays_together_so_that_no_claim_stands_at_a_pages_foot(wide):
    books = {}
    for spec in made.SESSIONS.values():
        drawn = [made.code(made.figure(spec.number, "x"), made.png(wide, 640))] if wide else []
        found = [made.code(made.finding(h.id)) for h in spec.headlines]
        books[spec.stem] = made.session(spec.number, *drawn, *found)
    report = made.build(books)
    texts = [" ".join(text.split()) for text in pages_of(report)]
    for section in report.sections:
        if section.number in {"00", "01"}:  # 01 follows the one without findings
            continue
        (page,) = [text for text in texts if f"“{section.claim.rstrip('.')}”" in text]
        assert section.findings[-1].sentence in page and "Next" in page, section.number
        assert section.action.what in page.split(section.findings[-1].sentence)[-1]
