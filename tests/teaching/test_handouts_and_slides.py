"""Handouts and slides: nothing cut, nothing overlapping, in the trainer's brand, the same twice."""

from __future__ import annotations

import re
from functools import cache
from io import BytesIO

import boxes
import made_sample as made
import pytest
from pptx import Presentation
from pypdf import PdfReader
from servicegap import schema, words
from servicegap.report.model import Brand
from servicegap.teaching import deck, handout
from servicegap.teaching.noting import one_line
from servicegap.teaching.results import of_the_firm

EVERY = pytest.mark.parametrize("stem", made.STEMS)
BRANDS = pytest.mark.parametrize("brand", [Brand(), made.BRAND], ids=["plain", "branded"])


@cache
def slides_of(stem: str, brand: Brand) -> bytes:
    return rendered(stem, brand)


def rendered(stem: str, brand: Brand) -> bytes:
    return deck.render(
        made.taught(stem), made.told(stem), made.notebook(stem), made.sample(), brand
    )


def printed(data: bytes) -> str:
    return " ".join(
        " ".join(page.extract_text() for page in PdfReader(BytesIO(data)).pages).split()
    )


# -- handouts ----------------------------------------------------------------------------------


@EVERY
@BRANDS
def test_a_handout_is_two_pages_on_which_nothing_is_cut(stem, brand, tmp_path) -> None:
    made_pdf = handout.render(made.taught(stem), brand)
    assert len(PdfReader(BytesIO(made_pdf)).pages) == 2
    assert boxes.on_paper(made_pdf, tmp_path, margin=19.5) == []


@EVERY
def test_a_handout_asks_all_that_the_session_asks(stem) -> None:
    lesson = made.taught(stem)
    text = printed(handout.render(lesson, Brand()))
    asked = [lesson.claim, lesson.question, *(g.question for g in lesson.guesses)]
    asked += [*lesson.recall, *(e.text for e in lesson.exercises), *lesson.objectives]
    for question in asked:
        assert squeezed(one_line(question)) in squeezed(text), question
    assert text.count("Best guess") == len(lesson.guesses)
    assert text.index("Your action") < text.index("Without looking") < text.index("Notes")
    assert "as the owner of the firm on the screen" in text
    for exercise in lesson.exercises:
        assert f"Exercise {exercise.number}" in text
        assert squeezed(exercise.hint) not in squeezed(text)


def squeezed(text: str) -> str:
    return re.sub(r"\W", "", text).lower()


def test_a_handout_can_be_read_aloud() -> None:
    reader = PdfReader(BytesIO(handout.render(made.taught("01_benchmarking"), made.BRAND)))
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] and root["/Lang"].startswith("en")
    assert "pdfuaid" in reader.xmp_metadata.rdf_root.toxml()
    assert reader.metadata.title == "Session 1: We are better than most"


def test_equal_handouts_are_equal_files() -> None:
    lesson = made.taught("06_technology_vs_people")
    assert handout.render(lesson, made.BRAND) == handout.render(lesson, made.BRAND)
    assert handout.render(lesson, made.BRAND) != handout.render(lesson, Brand())


def test_the_brand_stands_on_the_handout() -> None:
    made_pdf = handout.render(made.taught("01_benchmarking"), made.BRAND)
    text = printed(made_pdf)
    for said in (made.BRAND.name, made.BRAND.footer, made.BRAND.contact):
        assert squeezed(said) in squeezed(text)
    assert "The Service Gap Workbook" not in text.split("We are better")[0]
    assert any("/XObject" in page["/Resources"] for page in PdfReader(BytesIO(made_pdf)).pages)


# -- slides ------------------------------------------------------------------------------------


@EVERY
def test_on_slides_nothing_is_cut_and_nothing_overlaps(stem) -> None:
    assert boxes.on_slides(slides_of(stem, Brand())) == []


def test_a_brand_has_room_on_the_slides() -> None:
    assert boxes.on_slides(slides_of("06_technology_vs_people", made.BRAND)) == []


@EVERY
def test_slides_keep_the_order_of_the_session(stem) -> None:
    lesson = made.taught(stem)
    shown = Presentation(BytesIO(slides_of(stem, Brand())))
    titles = [slide.shapes.title.text_frame.text for slide in shown.slides]
    frame = [lesson.claim, lesson.question, "When you are through with this session"]
    assert titles[:4] == [*frame, "Your guess first"]
    # as in the minutes of every guide: the action, the recall questions, the debrief
    assert titles[-3:] == ["Your action", "Without looking", "To take away"]
    last = [slide.notes_slide.notes_text_frame.text for slide in list(shown.slides)[-2:]]
    assert last[0].startswith("ANSWERS") and last[1].startswith("DEBRIEF")
    assert "You are the owner of Alder IT" in texts(shown.slides[3])
    exercises = [title for title in titles if title.startswith("Exercise")]
    assert exercises == [f"Exercise {exercise.number}" for exercise in lesson.exercises]
    headlines = [slide for slide in shown.slides if "made-up firm" in texts(slide)]
    assert headlines  # the sample firm's figures, said to be made up
    assert not any("no such table" in texts(slide) for slide in shown.slides)


def texts(slide) -> str:
    return " ".join(s.text_frame.text for s in slide.shapes if s.has_text_frame)


@EVERY
def test_answers_stand_in_the_notes_alone(stem) -> None:
    guide = made.told(stem)
    shown = Presentation(BytesIO(slides_of(stem, Brand())))
    notes = squeezed(" ".join(slide.notes_slide.notes_text_frame.text for slide in shown.slides))
    walls = squeezed(" ".join(texts(slide) for slide in shown.slides))
    answers = [*guide.answers.values(), *(recalled.answer for recalled in guide.recall)]
    for answer in (*answers, guide.opening, guide.debrief, guide.wrong.splitlines()[0]):
        said = squeezed(one_line(answer))[:60]
        assert said in notes
        assert said not in walls


def test_charts_and_tables_can_be_edited() -> None:
    shown = Presentation(BytesIO(slides_of("01_benchmarking", Brand())))
    kinds = [(s.has_chart, s.has_table) for slide in shown.slides for s in slide.shapes]
    assert sum(chart for chart, _ in kinds) >= 4
    assert sum(table for _, table in kinds) >= 4
    assert all(slide.has_notes_slide for slide in shown.slides)


@pytest.mark.parametrize("headline", schema.HEADLINES.values(), ids=lambda h: h.id)
def test_a_slide_says_of_the_firm_what_a_finding_says_to_its_owner(headline) -> None:
    claim = words.claim(headline, 12)
    said = f"You thought that {claim}. You took it to last 2 times as long. You judged it well."
    assert "Ahead: Alder IT's managing" in of_the_firm(f"Ahead: {said}", "Alder IT")
    said = of_the_firm(f"{said} You are better than you thought, by 30 points.", "Alder IT")
    assert said.startswith("Alder IT's managing director thought that")
    assert "Alder IT is better than was thought" in said
    assert not re.search(r"\byou(rs?)?\b", said, re.IGNORECASE)


def test_notes_know_a_chart_from_the_notebooks_picture() -> None:
    shown = Presentation(BytesIO(slides_of("01_benchmarking", Brand())))
    for slide in shown.slides:
        notes = slide.notes_slide.notes_text_frame.text
        if notes.startswith("THE PICTURE"):
            drawn_anew = any(shape.has_chart for shape in slide.shapes)
            assert ("In the notebook, where the same numbers" in notes) == drawn_anew


def test_a_second_measure_is_never_left_out_of_a_picture() -> None:
    """What the title and the guide speak of, a tick or a ring, a plain chart would not show."""
    two = {**made.DOTS, "columns": [*made.DOTS["columns"], made.column("effort", "number", "%")]}
    two["rows"] = [[*row, 55.0] for row in two["rows"]]
    for data, chart in ((made.DOTS, True), (two, False)):
        shown = Presentation(BytesIO(deck_with(data)))
        assert any(s.has_chart for slide in shown.slides for s in slide.shapes) == chart


def deck_with(data: dict) -> bytes:
    """The slides of a session whose one result is a figure with these numbers."""
    stem = "03_product_vs_service"
    ran = made.sample_of(stem, made.figure("03", data))
    return deck.render(made.taught(stem), made.told(stem), made.notebook(stem), ran, Brand())


def test_a_long_table_says_how_much_more_there_is() -> None:
    shown = Presentation(BytesIO(slides_of("01_benchmarking", Brand())))
    assert any("more rows in the notebook" in texts(slide) for slide in shown.slides)


def test_equal_slides_are_equal_files() -> None:
    assert rendered("01_benchmarking", made.BRAND) == slides_of("01_benchmarking", made.BRAND)


def test_the_brand_stands_on_the_slides() -> None:
    shown = Presentation(BytesIO(slides_of("01_benchmarking", made.BRAND)))
    cover = shown.slides[0]
    assert str(cover.background.fill.fore_color.rgb) == made.BRAND.ground[1:].upper()
    assert made.BRAND.name in texts(cover) and made.BRAND.cover in texts(cover)
    pictures = [s for s in cover.shapes if s.shape_type == 13]
    assert [p._element.nvPicPr.cNvPr.get("descr") for p in pictures] == [made.BRAND.name]
    assert all(made.BRAND.name in texts(slide) for slide in list(shown.slides)[1:])


def test_a_session_that_was_not_run_has_slides_all_the_same() -> None:
    stem = "05_pricing_vs_value"
    empty = type(made.sample())(made.FACTS, {})
    made_deck = deck.render(made.taught(stem), made.told(stem), made.notebook(stem), empty, Brand())
    assert boxes.on_slides(made_deck) == []
