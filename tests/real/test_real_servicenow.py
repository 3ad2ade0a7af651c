"""An IT company's incident log: 25,014 rows, 3,500 tickets, and an SLA that depends on which."""

from __future__ import annotations

from datetime import datetime

import pytest
import real_clients
from conftest import report
from servicegap.client import load

pytestmark = pytest.mark.real


@pytest.fixture(scope="module")
def folder(data, tmp_path_factory):
    return real_clients.servicenow(data, tmp_path_factory.mktemp("log") / "client")


@pytest.fixture(scope="module")
def made(folder):
    return report(folder)


@pytest.fixture(scope="module")
def client(folder):
    return load(folder, sealed=False)


@pytest.fixture(scope="module")
def events(data):
    return real_clients.rows_of(data / real_clients.SERVICENOW)


@pytest.fixture(scope="module")
def incidents(events):
    """The last row of each incident, in the order of the first."""
    return {event["number"]: event for event in events}


def test_the_log_is_what_it_is_said_to_be(events, incidents):
    assert (len(events), len(incidents)) == (25_014, 3_500)
    assert sum(e["made_sla"] == "True" for e in events) == 22_376
    assert sum(i["made_sla"] == "True" for i in incidents.values()) == 893


def test_events_are_folded_to_incidents_and_every_row_is_accounted_for(made):
    row = {"read": 25_014, "kept": 3_500, "rejected": 0, "excluded": 21_514}
    assert made.manifest["ledger"]["tickets"] == row
    (health,) = made.rows("health")
    assert health["why"] == "21,514 an earlier row of the same ticket"


def test_the_report_says_which_sla_misleads_and_by_how_much(made):
    shown = made.shown["sla_per_event"]
    by_ticket, by_row = made.rows("sla_per_event")
    assert by_ticket["value"] == pytest.approx(100 * 893 / 3_500)
    assert by_row["value"] == pytest.approx(100 * 22_376 / 25_014)
    assert by_ticket["low"] < 25.5 < by_ticket["high"]
    assert shown["title"] == "Counting log rows flatters the SLA by 64 points"
    for said in ("25.5 %", "3,500 tickets", "89.5 %", "25,014 rows"):
        assert said in shown["alt"]
        assert said in made.html
    assert "64 points" in made.html


def test_the_same_stands_in_the_pdf_and_on_the_slides(made):
    from pptx import Presentation
    from pypdf import PdfReader

    pages = PdfReader(made.folder / "report.pdf").pages
    text = " ".join(" ".join(page.extract_text() for page in pages).split())
    assert "flatters the SLA by 64 points" in text
    slides = Presentation(str(made.folder / "deck.pptx")).slides
    texts = [s.text_frame.text for slide in slides for s in slide.shapes if s.has_text_frame]
    assert any("64 points" in text for text in texts)


def test_what_was_not_there_is_not_measured(made):
    assert made.findings["csat"]["verdict"] == "not measured"
    assert made.findings["good_peer_percentile"]["verdict"] == "not measured"
    for part in ("translator", "simpson", "funnel", "regression_to_mean"):
        assert made.shown[part]["not_measured"], part


def test_dates_are_read_with_the_day_first(client, incidents):
    tickets = client["tickets"].set_index("ticket_id")
    for mine, theirs in (("opened_at", "opened_at"), ("resolved_at", "resolved_at")):
        said = {n: i[theirs] for n, i in incidents.items() if i[theirs] != "?"}
        read = tickets[mine].dropna()
        assert len(read) == len(said)
        parsed = {n: datetime.strptime(text, "%d/%m/%Y %H:%M") for n, text in said.items()}
        assert all(read[n] == when for n, when in parsed.items())
    assert tickets["opened_at"].min() == datetime(2016, 2, 29, 1, 16)
    assert tickets["opened_at"].max() == datetime(2016, 3, 10, 16, 10)
    assert int(tickets["resolved_at"].isna().sum()) == 129


def test_a_question_mark_is_no_supplier_and_no_team(client, incidents):
    tickets = client["tickets"]
    assert not client.has("tickets.third_party")  # all 3,500 end with "?"
    assert tickets["team"].notna().sum() == sum(
        i["assignment_group"] != "?" for i in incidents.values()
    )
    assert "?" not in set(tickets["team"].dropna())
    assert client.reads["tickets"].superseded["third_party"].value_counts().to_dict() == {"8s": 23}


def test_an_account_called_question_mark_is_kept_and_pointed_out(client):
    assert (client["tickets"]["account_id"] == "?").sum() == 6
    said = [str(p) for p in client.problems if p.column == "account_id"]
    assert any("“?” is taken as an id" in text for text in said), said


def test_counts_of_work_are_those_of_the_last_row(client, incidents):
    for mine, theirs in (
        ("reopened", "reopen_count"), ("reassigned", "reassignment_count"),
        ("touches", "sys_mod_count"),
    ):  # fmt: skip
        assert client["tickets"][mine].sum() == sum(int(i[theirs]) for i in incidents.values())
