"""A finding of this period beside last period's, from the folders to the printed page."""

from __future__ import annotations

from pathlib import Path

import clients
import made_notebooks as made
from nbformat.v4 import new_code_cell, new_output
from servicegap.bundles import bundle
from servicegap.client import Client
from servicegap.findings import Finding
from servicegap.report import html, pptx
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


def test_it_reaches_the_page_and_the_slides(tmp_path: Path) -> None:
    found = bundle(benchmarking.csat(two(tmp_path, 80, 140)))
    cell = new_code_cell("x", outputs=[new_output("display_data", data=found)])
    report = made.build({"01_benchmarking": made.session("01", cell)})
    row = report.scorecard.rows[0]
    assert row.change.startswith("better: +30 points (+")
    assert report.scorecard.since == "Since last period: “Top marks” is better."
    page = html.render(report)
    assert "Better than last period: 70 in 100 now, 40 in 100 then" in page
    assert "Since last period: “Top marks” is better." in " ".join(report.summary)
    assert pptx.render(report)
