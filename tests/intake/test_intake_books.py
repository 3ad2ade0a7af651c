"""Workbooks as people make them: sheets, titles, merged headers, totals, hidden rows, serials."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from exports import taken, write_book
from servicegap import intake
from servicegap.problems import Refused

HEADS = ["Ticket ID", "Company Name", "Created time", "Resolved time", "Agent interactions",
         "First response time (in hrs)"]  # fmt: skip


def rows(n: int = 6) -> list[list[object]]:
    return [
        [float(i + 1), f"Firm {i % 3}", dt.datetime(2025, 4, i + 1, 9), None, "3",
         dt.timedelta(hours=26, minutes=15)]
        for i in range(n)
    ]  # fmt: skip


def test_the_right_sheet_is_chosen_and_named(tmp_path: Path) -> None:
    path = write_book(tmp_path, "desk.xlsx", {
        "Cover": [["Service report"], ["for the board"]],
        "Tickets": [HEADS, *rows()],
        "Pivot": [["Company Name", "Count"], ["Firm 1", 3]],
    })  # fmt: skip
    done, made = taken(tmp_path, path, as_format="freshdesk")
    assert done.taken[0].ledger.file == "desk.xlsx [Tickets]"
    assert made["tickets"]["ticket_id"].tolist() == [str(i) for i in range(1, 7)]
    spans = made["tickets"]["first_reply_at"] - made["tickets"]["opened_at"]
    assert set(spans) == {pd.Timedelta(hours=26, minutes=15)}


def test_titles_above_totals_below_and_serials(tmp_path: Path) -> None:
    body = [[row[0], row[1], 45748 + i, None, row[4], None] for i, row in enumerate(rows())]
    path = write_book(tmp_path, "desk.xlsx", {"Data": [
        ["Tickets of the quarter"], ["printed 1 May"], [], HEADS, *body,
        ["Total", None, None, None, "18", None],
    ]})  # fmt: skip
    done, made = taken(tmp_path, path, as_format="freshdesk")
    assert made["tickets"]["opened_at"].min() == pd.Timestamp("2025-04-01")
    assert done.taken[0].ledger.reasons == {"a total, not a row": 1}
    assert any("day numbers" in p.what for p in done.taken[0].problems)
    assert any("3 row(s) above the headers" in p.what for p in done.taken[0].problems)
    assert made["tickets"]["touches"].sum() == 18, "numbers stored as text"


def test_merged_headers_are_joined_where_the_lower_row_says_too_little(tmp_path: Path) -> None:
    upper = ["Ticket ID", "Company Name", "Dates", None, "Owner"]
    lower = [None, None, "Created", "Resolved", None]
    body = [[i, "Acme", f"2025-04-{i + 10}", f"2025-04-{i + 11}", "Al"] for i in range(5)]
    path = write_book(tmp_path, "desk.xlsx", {"Data": [upper, lower, *body]})
    (found,) = intake.recognise([path])
    assert list(found.columns.columns) == [
        "Ticket ID", "Company Name", "Dates - Created", "Dates - Resolved", "Owner",
    ]  # fmt: skip


def test_hidden_rows_are_read_and_said(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in [HEADS, *rows()]:
        book.active.append(row)
    book.active.row_dimensions[4].hidden = True
    book.save(tmp_path / "desk.xlsx")
    done, made = taken(tmp_path, tmp_path / "desk.xlsx", as_format="freshdesk")
    assert len(made["tickets"]) == 6
    assert any("hidden" in p.what for p in done.taken[0].problems)


def test_sheets_that_are_alike_are_not_chosen_between(tmp_path: Path) -> None:
    path = write_book(tmp_path, "d.xlsx", {"East": [HEADS, *rows()], "West": [HEADS, *rows()]})
    with pytest.raises(Refused, match="several sheets hold much the same: “East”, “West”"):
        intake.recognise([path])
