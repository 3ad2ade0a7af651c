"""The deck: at most twelve slides, real tables, pictures with their texts, notes."""

import zipfile
from io import BytesIO

import hostile
import made_notebooks as made
import openpyxl
import pytest
from pptx import Presentation
from pptx.util import Emu
from servicegap.report import pptx
from servicegap.report.lettering import ems
from servicegap.report.slides import fitting


def read(data):
    return Presentation(BytesIO(data))


@pytest.fixture(scope="module")
def deck(full):
    return read(pptx.render(full))


def words(deck, notes=True):
    found = []
    for slide in deck.slides:
        for shape in slide.shapes:
            if shape.has_text_frame:
                found.append(shape.text_frame.text)
            if shape.has_table:
                found += [cell.text for row in shape.table.rows for cell in row.cells]
        if notes and slide.has_notes_slide:
            found.append(slide.notes_slide.notes_text_frame.text)
    return "\n".join(found)


def test_at_most_twelve_slides(deck, small):
    assert len(deck.slides) == 12
    assert len(read(pptx.render(small)).slides) == 8


def test_every_slide_has_a_title(deck):
    titles = [slide.shapes.title.text_frame.text for slide in deck.slides]
    assert all(titles) and titles[:4] == [
        "Alder IT",
        "In ninety seconds",
        "Scorecard",
        "Risks to mend first",
    ]


def test_the_scorecard_is_a_table(deck):
    table = next(s.table for s in deck.slides[2].shapes if s.has_table)
    assert len(table.rows) == 13 and table.first_row


def test_the_scorecard_is_a_chart_too_in_line_with_the_table(deck):
    slide = deck.slides[2]
    table = next(s for s in slide.shapes if s.has_table)
    frame = next(s for s in slide.shapes if s.has_chart)
    rows = list(table.table.rows)
    assert abs(frame.top - (table.top + rows[0].height)) < Emu(20000)
    assert abs(frame.height - sum(row.height for row in rows[1:])) < Emu(20000)
    names = [series.name for series in frame.chart.plots[0].series]
    assert names[:2] == ["Range of the belief", "You believed"]
    assert "Evidence: blind spot" in names


def formulas(deck):
    """Every live formula in the workbooks behind a deck's charts."""
    charts = [s.chart for slide in deck.slides for s in slide.shapes if s.has_chart]
    books = [openpyxl.load_workbook(BytesIO(c.part.chart_workbook.xlsx_part.blob)) for c in charts]
    cells = (cell for book in books for row in book.active.iter_rows() for cell in row)
    return [cell.value for cell in cells if cell.data_type == "f"]


def test_numbers_behind_a_chart_can_be_edited_and_hold_no_formula(deck):
    charts = [s.chart for slide in deck.slides for s in slide.shapes if s.has_chart]
    for chart in charts:
        book = openpyxl.load_workbook(BytesIO(chart.part.chart_workbook.xlsx_part.blob))
        cells = [cell for row in book.active.iter_rows() for cell in row]
        assert cells and not any(cell.data_type == "f" for cell in cells)
        written = [c.value for c in book.active[1] if c.value]
        assert [s.name for s in chart.plots[0].series] == written[::2]


def test_pictures_have_their_own_alt(deck):
    alts = [
        shape._element.nvPicPr.cNvPr.get("descr")
        for slide in deck.slides
        for shape in slide.shapes
        if shape.shape_type == 13
    ]
    assert len(alts) == len(set(alts)) == 5 and all("62 of 100" in alt for alt in alts)


def test_notes_give_n_and_method(deck):
    bench = next(s for s in deck.slides if "better than most" in s.shapes.title.text_frame.text)
    notes = bench.notes_slide.notes_text_frame.text
    assert "n = 118 contacts" in notes and "The method of session 01" in notes


def test_sessions_of_the_risks_and_wins_get_the_first_slides(full):
    assert [f.session for f in (*full.risks, *full.wins)] == ["02", "07", "10", "08"]
    assert [s.number for s in pptx.chosen(full, 3)] == ["02", "07", "10"]
    assert [s.number for s in pptx.chosen(full, 5)] == ["01", "02", "07", "08", "10"]


def test_then_come_those_whose_figure_has_changed():
    held, nothing = ("well judged", None, (60, 50, 75), (63, 48, 77), 3), {"verdict": "can't tell"}
    ends = {"value": None, "low": None, "high": None}
    worse = {"value": -17, "low": -24, "high": -10, "verdict": "worse"}
    cells = {
        "03": made.finding("service_share", held, change=nothing | ends),
        "09": made.finding("expectations_met", held, change=worse),
    }
    books = {made.SESSIONS[n].stem: made.session(n, made.code(f)) for n, f in cells.items()}
    assert [s.number for s in pptx.chosen(made.build(books), 1)] == ["09"]


def test_a_session_of_which_nothing_was_measured_gets_no_slide():
    nothing = made.finding("csat", ("not measured", None, None, None, None))
    report = made.build({"01_benchmarking": made.session("01", made.code(nothing))})
    assert pptx.chosen(report, 5) == ()


def test_no_word_is_broken_in_the_head_of_a_table():
    labels = ("Group", "Contacts", "Accounts", "As counted", "Pooled")
    columns = [
        {"name": n.lower(), "label": n, "unit": "%" if i > 2 else "",
         "kind": "number" if i else "text"} for i, n in enumerate(labels)
    ]  # fmt: skip
    data = {"columns": columns, "rows": [["a rather long name of a group", 47, 13, 70.0, 72.0]]}
    cell = made.code(made.figure("04", "pooled", about="worst_segment_csat", data=data))
    both = made.session("04", cell, made.code(made.finding("worst_segment_csat")))
    deck = read(pptx.render(made.build({"04_one_size_fits_all": both})))
    table = next(
        s.table for slide in deck.slides if "One service" in slide.shapes.title.text_frame.text
        for s in slide.shapes if s.has_table
    )  # fmt: skip
    for column, width in zip(range(5), (c.width for c in table.columns), strict=True):
        box = table.cell(0, column)
        size = box.text_frame.paragraphs[0].runs[0].font.size.pt
        longest = max(map(ems, box.text_frame.text.split()))
        assert longest * size * 1.1 <= (width - box.margin_left - box.margin_right) / 12700


def test_thousands_stand_apart_at_an_axis_as_they_do_in_text():
    columns = [
        {"name": n, "label": n, "unit": "", "kind": "number" if i else "text"}
        for i, n in enumerate(("who", "people"))
    ]
    data = {"columns": columns, "rows": [["answered", 2736], ["silent", 95]]}
    books = {"00_start_here": made.session("00", made.code(made.figure("00", "v", data=data)))}
    deck = read(pptx.render(made.build(books)))
    chart = next(s.chart for slide in deck.slides for s in slide.shapes if s.has_chart)
    formats = {a.get("formatCode") for a in chart._chartSpace.iter() if a.tag.endswith("}numFmt")}
    assert formats == {"#,##0", "General"}


def test_a_session_with_nothing_to_show_gets_no_slide():
    books = {"00_start_here": made.session("00", made.code(made.table("00", "health")))}
    report = made.build(books)
    assert len(report.sections) == 1 and pptx.chosen(report, 5) == ()


def test_nothing_leaves_the_slide(deck):
    for slide in deck.slides:
        for shape in slide.shapes:
            assert shape.left >= 0 and shape.top >= 0
            assert shape.left + shape.width <= deck.slide_width
            assert shape.top + shape.height <= deck.slide_height


def test_boxes_do_not_overlap(deck):
    for slide in deck.slides:
        boxes = [(s.left, s.top, s.left + s.width, s.top + s.height, s.name) for s in slide.shapes]
        for i, a in enumerate(boxes):
            for b in boxes[i + 1 :]:
                wide = min(a[2], b[2]) - max(a[0], b[0])
                high = min(a[3], b[3]) - max(a[1], b[1])
                assert wide <= Emu(2000) or high <= Emu(2000), (slide.slide_id, a, b)


def test_nothing_outside_the_file_is_asked_for(deck, full):
    data = pptx.render(full)
    with zipfile.ZipFile(BytesIO(data)) as archive:
        for name in archive.namelist():
            if name.endswith(".rels"):
                assert b'TargetMode="External"' not in archive.read(name)
        assert {i.date_time for i in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


@pytest.mark.parametrize("text", hostile.TEXTS, ids=range(len(hostile.TEXTS)))
def test_hostile_text_stays_text(text):
    data = pptx.render(hostile.report(text))
    shown = words(read(data))
    if text.isprintable():
        assert text in shown
    with zipfile.ZipFile(BytesIO(data)) as archive:
        slides = b"".join(archive.read(n) for n in archive.namelist() if "/slides/" in n)
    assert b"hlinkClick" not in slides and b"<script" not in slides
    assert formulas(read(data)) == []


@pytest.mark.parametrize("books", [{}, {"00_start_here": made.standard("00")}])
def test_no_findings(books):
    deck = read(pptx.render(made.build(books)))
    assert "No headline belief was measured" in words(deck)


def test_text_is_fitted():
    assert fitting(["short"], 5, 1, (20, 10)) == 20
    assert fitting(["long " * 100], 5, 1, (20, 10)) == 10
