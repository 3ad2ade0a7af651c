"""Session 00: what the files hold, and who has told anything."""

from __future__ import annotations

import clients
import pytest
from clients import rating
from servicegap import schema
from servicegap.sessions import start_here


def test_read_is_kept_plus_left_out(tmp_path):
    rows = [rating(i, i) for i in range(12)]
    rows += [rating(0, 0), rating(20, 1, score=9, scale="0-10")]  # a repeat, and another scale
    table = start_here.health(clients.make(tmp_path, ratings=rows))
    assert table.title == "1 table, 12 rows kept, 2 left out"
    (row,) = table.data.itertuples()
    assert row.read == row.kept + row.left_out
    assert "1 on another scale than most contacts answered on" in row.why


def test_an_empty_folder_has_nothing_and_says_so(tmp_path):
    client = clients.make(tmp_path)
    assert start_here.health(client).title == "No tables, no rows kept"
    assert start_here.unlocked(client).title == "None of ten sessions can be measured whole"
    for part in (start_here.voices, start_here.answering):
        assert part(client).not_measured


def test_what_is_missing_is_named_by_table_and_column(tmp_path):
    tickets = [{"ticket_id": "T1", "account_id": "A1", "opened_at": "2025-03-01"}]
    client = clients.make(tmp_path, ratings=[rating(1, 1)], tickets=tickets)
    table = start_here.unlocked(client)
    by_session = table.data.set_index("session")
    whole = len(schema.SESSIONS["01"].parts)
    assert by_session.loc["01 Benchmarking", "parts"] == f"5 of {whole}"
    assert "tickets: team" in by_session.loc["01 Benchmarking", "missing"]
    assert next(iter(by_session.index)).startswith("01") and len(by_session) == 10


def voices(tmp_path, **tables):
    figure = start_here.voices(clients.make(tmp_path, **tables))
    return figure.title, figure.data["people"].tolist()


def test_voices_with_contacts(tmp_path):
    rows = [rating(i, i, i) for i in range(6)]
    rows += [rating(10 + i, i, i, None) for i in range(4, 9)]  # two of them answered otherwise
    title, sizes = voices(tmp_path, ratings=rows, contacts=clients.contacts(20, 10))
    assert title == "Six of 20 people have told you anything in 12 months"
    assert sizes == [6, 3, 11]


def test_voices_when_all_are_silent(tmp_path):
    rows = [rating(i, i, i, None, scale="0-10") for i in range(8)]
    title, sizes = voices(tmp_path, ratings=rows, contacts=clients.contacts(10, 10))
    assert title == "None of 10 people have told you anything in 12 months"
    assert sizes == [0, 8, 2]


def test_voices_of_another_scale_are_voices(tmp_path):
    rows = [rating(i, i, i) for i in range(6)] + [rating(9, 9, 9, 1, scale="0/1")]
    assert voices(tmp_path, ratings=rows, contacts=clients.contacts(10, 10))[1] == [7, 0, 3]


@pytest.mark.parametrize(
    ("guess", "title"),
    [
        ((75, 65, 85), "You said 75 of 100; it was 30, and your range missed it"),
        ((40, 25, 60), "You said 40 of 100; it was 30, and your range held"),
        ((40, None, None), "You said 40 of 100; it was 30"),
        ((40, 25, None), "You said 40 of 100; it was 30"),
        (None, "30 of 100 people answered; you made no guess"),
    ],
)
def test_the_practice_guess(tmp_path, guess, title):
    client = clients.make(
        tmp_path,
        ratings=[rating(i, i, i) for i in range(6)],
        contacts=clients.contacts(20, 20),
        beliefs=clients.beliefs(answering_share=guess),
    )
    figure = start_here.answering(client)
    assert figure.title == title and "6 of 20 contacts answered" in figure.alt
    assert figure.about is None  # it counts nowhere
