"""A finding of this period beside last period's, from the folders to the printed page."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import clients
import made_notebooks as made
from nbformat.v4 import new_code_cell, new_output
from pptx import Presentation
from servicegap.bundles import bundle
from servicegap.client import Client
from servicegap.findings import Finding
from servicegap.report import html, pdf, pptx
from servicegap.report.scorecard import scorecard
from servicegap.sessions import benchmarking


def two(tmp_path: Path, then_happy: int, now_happy: int, **now: object) -> Client:
    """A firm with 200 raters in 40 accounts in both years, so many of them happy."""
    then = [r | {"asked_at": "2024-03-03", "answered_at": "2024-03-03"}
            for r in clients.answered(200, 40, then_happy)]  # fmt: skip
    people = clients.contacts(200, 40)
    clients.make(tmp_path / "then", settings={"as_of": "2024-06-30"}, ratings=then,
                 contacts=people, beliefs=clients.beliefs(csat=(80, 75, 85)))  # fmt: skip
    return clients.make(tmp_path / "now", settings={"previous": "../then"} | now,
                        ratings=clients.answered(200, 40, now_happy), contacts=people,
                        beliefs=clients.beliefs(csat=(80, 75, 85)))  # fmt: skip


def test_a_finding_says_what_changed(tmp_path: Path) -> None:
    found = benchmarking.csat(two(tmp_path, 80, 140))
    assert isinstance(found, Finding) and found.change is not None
    assert found.change.verdict == "better" and found.change.value == 30
    assert "by chance alone" in found.change.sentence, "it was a blind spot before"


def test_a_part_without_tables_last_time_can_not_tell(tmp_path: Path) -> None:
    client = two(tmp_path, 80, 140)
    (tmp_path / "then" / "ratings.csv").unlink()
    found = benchmarking.csat(client)
    assert found.change.verdict == "can't tell"
    assert "not measured last period" in found.change.sentence


def test_windows_that_overlap_are_counted_in_months(tmp_path: Path) -> None:
    client = two(tmp_path, 100, 100)
    text = (tmp_path / "then" / "client.yaml").read_text()
    (tmp_path / "then" / "client.yaml").write_text(text.replace("2024-06-30", "2024-12-31"))
    assert "share 6 months" in benchmarking.csat(client).change.sentence


CHANGES = {
    "csat": {"value": 25, "low": 13, "high": 37, "verdict": "better"},
    "expectations_met": {"value": -17, "low": -24, "high": -10, "verdict": "worse"},
    "service_share": {"value": -13, "low": -41, "high": 14, "verdict": "can't tell"},
    "usp_months_alone": {"value": -0.3, "low": -0.9, "high": 0.6, "verdict": "can't tell"},
    "stay_share": {"value": None, "low": None, "high": None, "verdict": "can't tell"},
}


def rows_of(*beliefs: str) -> dict:
    cells = [made.code(made.finding(b, change=CHANGES[b], since="So: it is.")) for b in beliefs]
    return {r.id: r for r in made.build({"01_benchmarking": made.session("01", *cells)})
            .scorecard.rows}  # fmt: skip


def test_a_row_says_better_worse_or_cant_tell_and_by_how_much_with_a_unit() -> None:
    rows = rows_of(*CHANGES)
    told = {b: (r.changed, r.changed_by, r.changed_tone) for b, r in rows.items()}
    assert told == {
        "csat": ("better", "+25 points (+13 to +37)", "good"),
        "expectations_met": ("worse", "−17 points (−24 to −10)", "bad"),
        "service_share": ("can't tell", "−41 to +14 points", "open"),
        "usp_months_alone": ("can't tell", "0.4 to 1.8 times", "open"),
        "stay_share": ("can't tell", "", "open"),
    }


def test_the_bar_has_a_mark_where_the_figure_stood_last_time() -> None:
    rows = rows_of(*CHANGES)
    assert rows["csat"].bar.value == 62 and rows["csat"].bar.then == 37
    months = rows["usp_months_alone"].bar
    assert months.then > months.value, "0.74 times as long now"
    assert rows["stay_share"].bar.then is None


def test_the_mark_of_last_time_stays_inside_its_bar() -> None:
    change = {"value": -1.8, "low": -3, "high": 0.1, "verdict": "can't tell"}
    cell = made.code(made.finding("usp_months_alone", change=change))  # 8.2 now, 50 then
    row = made.build({"02_usp_erosion": made.session("02", cell)}).scorecard.rows[0]
    assert row.bar.value < row.bar.then < 100


def test_the_legend_explains_the_mark_only_where_it_is_drawn() -> None:
    assert "last period" not in scorecard([], []).legend
    cell = made.code(made.finding("csat", change=CHANGES["csat"], since="So: it is."))
    report = made.build({"01_benchmarking": made.session("01", cell)})
    assert "triangle" in report.scorecard.legend and "luck" in report.scorecard.legend
    assert "triangle" not in made.build(made.pair()).scorecard.legend


def test_the_words_used_explain_better_worse_and_cant_tell() -> None:
    cell = made.code(made.finding("csat", change=CHANGES["csat"], since="So: it is."))
    report = made.build({"01_benchmarking": made.session("01", cell)})
    assert "can't tell" in dict(report.appendix.words)
    assert "can't tell" not in dict(made.build(made.pair()).appendix.words)


def test_a_change_leads_in_bold_in_every_form() -> None:
    since = "Worse than last period: 62 in 100 now, 79 then."
    cell = made.code(made.finding("csat", change=CHANGES["expectations_met"], since=since))
    report = made.build({"01_benchmarking": made.session("01", cell)})
    page = html.render(report)
    assert '<b class="bad">Worse than last period:</b> 62 in 100 now' in page
    assert '<b class="bad">worse</b>' in page and 'class="then"' in page
    deck = Presentation(BytesIO(pptx.render(report)))
    texts = [s.text_frame.text for slide in deck.slides for s in slide.shapes if s.has_text_frame]
    assert any(t.startswith("Top marks: ▼ blind spot; worse since last period") for t in texts)
    chart = next(s.chart for s in deck.slides[2].shapes if s.has_chart)
    assert "Last period" in [series.name for series in chart.plots[0].series]
    assert pdf.render(report)


def test_it_reaches_the_page_and_the_slides(tmp_path: Path) -> None:
    found = bundle(benchmarking.csat(two(tmp_path, 80, 140)))
    cell = new_code_cell("x", outputs=[new_output("display_data", data=found)])
    report = made.build({"01_benchmarking": made.session("01", cell)})
    row = report.scorecard.rows[0]
    assert row.change.startswith("better: +30 points (+")
    assert report.scorecard.since == "Since last period: “Top marks” is better."
    page = html.render(report)
    assert "Better than last period:</b> 70 in 100 now, 40 in 100 then" in page
    assert report.summary[0].startswith("Since last period “Top marks” is better.")
    assert pptx.render(report)
