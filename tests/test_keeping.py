"""What somebody has changed is kept, each under a name of its own."""

from __future__ import annotations

import datetime as dt

import pytest
from servicegap import keeping


def test_each_changed_file_is_kept_under_a_name_of_its_own(tmp_path):
    path = tmp_path / "00_start.ipynb"
    for n in range(3):
        path.write_text(f"{n}")
        kept = keeping.aside(path)
        assert kept.read_text() == f"{n}" and not path.exists()
    assert sorted(kept.name for kept in tmp_path.iterdir()) == [
        "00_start (yours 2).ipynb",
        "00_start (yours 3).ipynb",
        "00_start (yours).ipynb",
    ]


def test_a_ledger_comes_back_as_it_was_written(tmp_path):
    path = keeping.write(tmp_path / ".servicegap" / "laid.json", {"b": "2", "a": "1"})
    assert keeping.ledger(path) == {"a": "1", "b": "2"}
    assert keeping.write(path, {"a": "1"}).read_text() == '{\n "a": "1"\n}'


@pytest.mark.parametrize("content", [None, b"", b"[", b"[1]", b"\xff", b'"text"'])
def test_a_ledger_that_is_lost_or_spoilt_says_nothing(tmp_path, content):
    path = tmp_path / "laid.json"
    if content is not None:
        path.write_bytes(content)
    assert keeping.ledger(path) == {}


def test_two_tables_replaced_at_one_moment_are_kept_apart(tmp_path):
    moment = dt.datetime(2026, 11, 22, 12, 0)
    rooms = [keeping.room(tmp_path, moment) for _ in range(3)]
    assert len(set(rooms)) == 3 and all(not list(room.iterdir()) for room in rooms)
    assert {room.parent for room in rooms} == {tmp_path / keeping.BEFORE}
