"""Real files as published, through `servicegap intake`, to a report: no column renamed."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from datetime import datetime
from pathlib import Path

import pytest
import real_clients
from conftest import report
from servicegap.client import load

pytestmark = pytest.mark.real


def taken(data: Path, folder: Path, as_of: str, *words: str) -> Path:
    """Take published files into a new client's folder, by the command itself."""
    folder.mkdir(parents=True)
    (folder / "client.yaml").write_text(f"name: A firm\nid: firm\nas_of: {as_of}\n")
    command = [sys.executable, "-m", "servicegap", "intake", *words, "--client", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=data)
    assert done.returncode == 0, done.stdout + done.stderr
    (folder / "said.txt").write_text(done.stdout)
    return folder


def balanced(folder: Path, read: int, kept: int) -> None:
    said = (folder / "said.txt").read_text()
    assert f"{read:,} rows read, {kept:,} kept" in said, said


def test_a_servicenow_log(data, tmp_path):
    folder = taken(data, tmp_path / "log", "2017-02-07", real_clients.SERVICENOW)
    balanced(folder, 25_014, 3_500)
    events = real_clients.rows_of(data / real_clients.SERVICENOW)
    tickets = load(folder, sealed=False)["tickets"].set_index("ticket_id")
    assert len(tickets) == 3_500
    first = {event["number"]: event["opened_at"] for event in reversed(events)}
    for number, text in first.items():
        assert tickets.loc[number, "opened_at"] == datetime.strptime(text, "%d/%m/%Y %H:%M")
    last = {event["number"]: event for event in events}
    assert tickets["sla_met"].sum() == sum(e["made_sla"] == "True" for e in last.values()) == 893
    made = report(folder, "--formats", "html")
    assert made.manifest["ledger"]["tickets"]["kept"] == 3_500
    assert made.shown["sla_per_event"]["title"] == (
        "Counting log rows flatters the SLA by 64 points"
    )


def test_an_airports_survey_with_its_code_book(data, tmp_path):
    book = "sfo-passenger-survey/sfo_2018_Data_Dictionary_DataSF.xlsx"
    folder = taken(data, tmp_path / "airport", "2017-12-31", real_clients.AIRPORT, book,
                   "--as", "survey")  # fmt: skip
    balanced(folder, 2_831, 2_831)
    people = real_clients.rows_of(data / real_clients.AIRPORT)
    client = load(folder, sealed=False)
    for column, field, ends in (("Q7ALL", "satisfaction", "12345"), ("NETPRO", "would_refer", "")):
        marks = Counter(p[column] for p in people)
        wanted = {k: n for k, n in marks.items() if k.isdigit() and (not ends or k in ends)
                  and int(k) <= 10}  # fmt: skip
        found = client["relationship"][field].dropna().astype(int).astype(str)
        assert Counter(found) == wanted
    food = client["survey"][client["survey"]["item_id"] == "Q7FOOD"]["perceived"]
    wanted = Counter(p["Q7FOOD"] for p in people)
    assert Counter(food.astype(int).astype(str)) == {k: wanted[k] for k in "12345"}
    assert "Restaurants" in set(client["items"]["text"])
    report(folder, "--formats", "html")


def test_a_practice_export_in_no_known_format(data, tmp_path):
    folder = taken(data, tmp_path / "shop", "2023-06-02", real_clients.SHOP, "--as", "tickets")
    rows = real_clients.rows_of(data / real_clients.SHOP)
    told = [row for row in rows if row["First Response Time"]]
    balanced(folder, len(rows), len(told))
    client = load(folder, sealed=False)
    marks = Counter(r["Customer Satisfaction Rating"] for r in told)
    found = Counter(f"{score:.1f}" for score in client["ratings"]["score"])
    assert found == {k: n for k, n in marks.items() if k}
    assert len(client["tickets"]) == len(told)
    made = report(folder, "--formats", "html")
    assert made.manifest["ledger"]["ratings"]["kept"] == sum(found.values())
