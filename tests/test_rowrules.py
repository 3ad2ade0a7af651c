"""Rows that stand there twice: a log's, or a slip of the hand?"""

from __future__ import annotations

import pytest
from servicegap import schema
from servicegap.tables import read_table


def test_a_logs_rows_may_look_alike_and_still_be_two(tmp_path):
    """What changed between two rows of a log need not be among the columns that are read."""
    path = tmp_path / "tickets.csv"
    path.write_text(
        "ticket_id,account_id,opened_at,sla_met,state\n"
        "T1,A,2025-01-02,yes,new\n"
        "T1,A,2025-01-02,yes,active\n"  # reads like the row above: another state is not read
        "T1,A,2025-01-02,no,resolved\n"
        "T1,A,2025-01-02,yes,closed\n"  # reads like the first two
        "T2,A,2025-01-03,no,new\n"
        "T2,A,2025-01-03,no,new\n",  # every row of T2 says the same
        encoding="utf-8",
    )
    read = read_table(path, schema.TABLES["tickets"])
    assert (read.ledger.read, read.ledger.kept, read.ledger.excluded) == (6, 2, 4)
    assert dict(read.ledger.reasons) == {
        "an exact repeat": 1,
        "an earlier row of the same ticket": 3,
    }
    assert read.superseded["ticket_id"].tolist() == ["T1", "T1", "T1"]
    assert read.superseded["sla_met"].tolist() == [True, True, False]
    assert read.frame["sla_met"].tolist() == [True, False]


@pytest.mark.parametrize("last", ["Summe;;;;12345", "Gesamt;;;;12345", ";;;;12345", "TOTAL:;;;;1"])
def test_a_total_is_left_out_whatever_it_is_called(tmp_path, last: str) -> None:
    path = tmp_path / "accounts.csv"
    head = "account_id;name;segment;trade;monthly_fee"
    path.write_text(f"{head}\nA1;Elm;small;legal;500\nA2;Oak;small;legal;700\n{last}\n")
    read = read_table(path, schema.TABLES["accounts"])
    assert read.ledger.kept == 2 and read.ledger.excluded == 1
    assert read.frame["name"].tolist() == ["Elm", "Oak"]
