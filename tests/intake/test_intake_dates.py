"""Dates of exports: the whole column decides, somebody says, or nobody guesses; kept in UTC."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from exports import taken
from servicegap.intake import Question
from servicegap.problems import Refused

HEADS = ["Ticket ID", "Company Name", "Created time", "Resolved time", "Agent interactions"]


def export(*days: str, more: str = "") -> list[list[str]]:
    return [HEADS, *([str(i), "Acme", day, more, "1"] for i, day in enumerate(days))]


def opened(tmp_path: Path, *days: str, **options) -> list[pd.Timestamp]:
    _, made = taken(tmp_path, export(*days), as_format="freshdesk", **options)
    return made["tickets"]["opened_at"].tolist()


def stamps(*texts: str) -> list[pd.Timestamp]:
    return [pd.Timestamp(text) for text in texts]


def test_one_day_above_twelve_decides_the_column(tmp_path: Path) -> None:
    days = opened(tmp_path, "03/04/2025 10:00", "25/04/2025 10:00")
    assert days == stamps("2025-04-03 10:00", "2025-04-25 10:00")


def test_months_first(tmp_path: Path) -> None:
    days = opened(tmp_path, "03/04/2025 10:00 PM", "04/25/2025 12:05 AM")
    assert days == stamps("2025-03-04 22:00", "2025-04-25 00:05")


@pytest.mark.parametrize("days", [
    ("03/04/2025",), ("10.05.25", "11.06.25"), ("31.12.25",), ("25-04-03",), ("01/02/03",),
])  # fmt: skip
def test_what_nothing_decides_is_refused_with_the_remedy(tmp_path: Path, days: tuple) -> None:
    with pytest.raises(Refused, match=r"export\.csv, row 2, column “Created time”.*--dates dmy"):
        opened(tmp_path, *days)


def test_what_somebody_says_counts_and_is_remembered(tmp_path: Path) -> None:
    assert opened(tmp_path, "10.05.25", dates="dmy") == stamps("2025-05-10")
    folder = tmp_path / "client"
    _, made = taken(tmp_path, export("11.06.25"), folder=folder, how="replace")
    assert made["tickets"]["opened_at"].tolist() == stamps("2025-06-11")
    _, made = taken(tmp_path, export("11.06.25"), folder=folder, how="replace", dates="mdy")
    assert made["tickets"]["opened_at"].tolist() == stamps("2025-11-06")
    _, made = taken(tmp_path, export("11.06.25"), folder=folder, how="replace", dates="ymd")
    assert made["tickets"]["opened_at"].tolist() == stamps("2011-06-25")


def test_somebody_who_is_there_is_asked_once(tmp_path: Path) -> None:
    asked: list[Question] = []

    def answer(question: Question) -> str:
        asked.append(question)
        return "mdy"

    assert opened(tmp_path, "03/04/2025", ask=answer) == stamps("2025-03-04")
    assert [question.about for question in asked] == ["dates"]


def test_a_date_in_another_order_than_was_said_is_no_date(tmp_path: Path) -> None:
    done, made = taken(tmp_path, export("03/04/2025", "04/25/2025"), as_format="freshdesk",
                       dates="dmy")  # fmt: skip
    assert made["tickets"]["opened_at"].tolist() == stamps("2025-04-03")
    assert done.taken[0].ledger.reasons == {"no opened_at": 1}
    assert any("“04/25/2025” is not a date" in p.what for p in done.taken[0].problems)


def test_two_orders_in_one_column_are_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="two orders"):
        opened(tmp_path, "25/04/2025", "04/25/2025")


def test_times_are_turned_into_utc(tmp_path: Path) -> None:
    days = opened(tmp_path, "2025-07-01 10:00", "2025-01-01 10:00", "2025-07-02",
                  timezone="Europe/London")  # fmt: skip
    assert days == stamps("2025-07-01 09:00", "2025-01-01 10:00", "2025-07-02")


def test_nights_when_the_clocks_change(tmp_path: Path) -> None:
    done, made = taken(
        tmp_path, export("2025-03-30 01:30", "2025-10-26 01:30", "2025-10-26 03:30"),
        as_format="freshdesk", timezone="Europe/London",
    )  # fmt: skip
    days = stamps("2025-03-30 01:00", "2025-10-26 00:30", "2025-10-26 03:30")
    assert made["tickets"]["opened_at"].tolist() == days
    said = "\n".join(map(str, done.taken[0].problems))
    assert "skipped that night" in said and "showed twice that night" in said


def test_offsets_are_heeded_and_never_mixed_with_local_times(tmp_path: Path) -> None:
    offsets = ("2025-07-01T10:00:00+01:00", "2025-07-01 10:00Z")
    assert opened(tmp_path, *offsets) == stamps("2025-07-01 09:00", "2025-07-01 10:00")
    other = tmp_path / "other"
    other.mkdir()
    with pytest.raises(Refused, match="--timezone Europe/London"):
        opened(other, offsets[0], "2025-07-01 10:00")
    days = opened(other, offsets[0], "2025-07-01 10:00", timezone="America/New_York")
    assert days == stamps("2025-07-01 09:00", "2025-07-01 14:00")


def test_a_header_that_says_utc_needs_no_zone(tmp_path: Path) -> None:
    rows = [["#", "How likely are you to recommend us?", "Submit Date (UTC)", "Network ID",
             "Start Date (UTC)", "Response Type"],
            *([str(i), str(i % 11), "2025-07-01 10:00:00", "x", "", "completed"]
              for i in range(22))]  # fmt: skip
    _, made = taken(tmp_path, rows, timezone="Europe/London")
    assert len(made["relationship"]) == 22
