"""Quotes as people write them: read in one go where they are clear, as row by row."""

from __future__ import annotations

import csv
import io
import random
from pathlib import Path
from unittest import mock

import pytest
from servicegap import schema
from servicegap.problems import Refused
from servicegap.tables import csvs, leafing, read_table

ACCOUNTS = schema.TABLES["accounts"]
_SIGNS = ("a", '"', '5"', " ", '""', "é", '"y"', "\n", "z", '"a,b"', "x")


def written(source: random.Random) -> str:
    cells = (("".join(source.choices(_SIGNS, k=source.randint(0, 3)))) for _ in range(12))
    return "account_id,name\n" + "".join(f"A{i},{cell}\n" for i, cell in enumerate(cells))


def test_quotes_are_clear_where_a_careful_reader_finds_no_fault(tmp_path: Path) -> None:
    source = random.Random(11)
    clear = 0
    for _ in range(1500):
        text = written(source)
        try:
            rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
        except csv.Error:
            rows = None
        path = tmp_path / "accounts.csv"
        path.write_bytes(leafing.BOM + text.encode())
        with mock.patch.object(leafing, "PIECE", 7):  # so that quotes stand at every edge
            found = leafing.quotes_of(path, ",")
            assert found.clear == leafing.quotes_of(text.encode(), ",").clear == (rows is not None)
            assert found.some == ('"' in text)
        if rows is not None:
            clear += 1
            broken = any("\n" in cell for row in rows for cell in row)
            assert found.breaks or not broken, "a break in a cell must not be missed"
    assert clear > 200


def test_a_disc_of_five_inches_costs_no_slow_reading(tmp_path: Path) -> None:
    path = tmp_path / "accounts.csv"
    path.write_text('account_id,name\nA1,5" disc\nA2,"a ""good"" one"\nA3,19"\nA4,"two\nlines"\n')
    with mock.patch.object(csvs, "_slow", side_effect=AssertionError):
        names = read_table(path, ACCOUNTS).frame["name"].tolist()
    assert names == ['5" disc', 'a "good" one', '19"', "two\nlines"]


def test_a_quote_that_is_not_closed_is_refused_with_its_row(tmp_path: Path) -> None:
    path = tmp_path / "accounts.csv"
    path.write_text('account_id,name\nA1,5" disc\nA2,"open\nA3,x\n')
    with pytest.raises(Refused, match="row 3"):
        read_table(path, ACCOUNTS)


@pytest.mark.parametrize(
    ("content", "plain"),
    [(b"a,b\n1,2\n", True), ("a\n\u200bé\n".encode(), False), (b"a\x00\n", None), (b"\xe9\n", None),
     (b"a\n\n", None), (leafing.BOM + "é".encode() * 9, True), (b"a\xc3", None)],
)  # fmt: skip
def test_what_is_as_it_should_be_and_what_is_not(
    tmp_path: Path, content: bytes, plain: bool | None
) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(content)
    with mock.patch.object(leafing, "PIECE", 3):
        assert leafing.plain(path) is plain
