"""Any file -> a typed table whose ledger balances. Bad files have a room of their own."""

from __future__ import annotations

import csv
import io
import random
import tempfile
import time
import zipfile
from collections import Counter
from pathlib import Path
from unittest import mock

import numpy as np
import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from servicegap import schema
from servicegap.problems import Refused
from servicegap.tables import (
    Ledger,
    TableRead,
    csvs,
    empty_frame,
    files,
    read_table,
    sheet,
    workbooks,
)

QUICK = settings(max_examples=60, deadline=None)
DTYPES = {
    "id": "str", "text": "str", "choice": "str", "scale": "str", "number": "float64",
    "score": "float64", "whole": "float64", "date": "datetime64[us]", "time": "datetime64[us]",
    "yesno": "boolean",
}  # fmt: skip


def read(folder: Path, name: str, text: str | bytes, suffix: str = "csv") -> TableRead:
    path = folder / f"{name}.{suffix}"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_table(path, schema.TABLES[name])


def check_whole(found: TableRead, name: str) -> None:
    """What holds for every table that is read."""
    ledger, frame, table = found.ledger, found.frame, schema.TABLES[name]
    assert ledger.read == ledger.kept + ledger.rejected + ledger.excluded
    assert sum(ledger.reasons.values()) == ledger.rejected + ledger.excluded
    assert len(frame) == ledger.kept == len(found.rows)
    for part in (frame, found.superseded):
        assert tuple(part.columns) == table.names
        for column in table.columns:
            assert str(part[column.name].dtype) == DTYPES[column.kind], column.name
    assert frame.index.equals(pd.RangeIndex(len(frame)))
    for name in table.required:
        assert frame[name].notna().all()
    if table.key:
        assert frame[table.key].is_unique
    assert set(found.present) == {n for n in table.names if frame[n].notna().any()}
    if ledger.rejected:
        assert any(p.severity == "error" for p in found.problems), "no row goes without a word"
    for problem in found.problems:
        assert problem.remedy
        assert "\n" not in str(problem) or "\n" in (problem.value or "")


def test_ledgers_that_do_not_balance_can_not_be_made() -> None:
    with pytest.raises(AssertionError, match="balance"):
        Ledger("t", "f", 3, 1, 1, 0, {"x": 1})
    with pytest.raises(AssertionError, match="reason"):
        Ledger("t", "f", 3, 1, 1, 1, {"x": 1})


@pytest.mark.parametrize("table", schema.TABLES.values(), ids=lambda t: t.name)
def test_an_empty_frame_is_typed(table: schema.Table) -> None:
    frame = empty_frame(table)
    assert tuple(frame.columns) == table.names
    assert [str(d) for d in frame.dtypes] == [DTYPES[c.kind] for c in table.columns]


# --- generated files: what goes in comes out, or is accounted for

CELLS = st.one_of(
    st.sampled_from(
        ["", " ", "A1", "A2", "007", "N/A", "1-5", "0-10", "3", "9", "4.5", "1,5", "2025-04-03",
         "25/04/2025", "45000", "yes", "Total", "account_id", 'a "b" c', "x\ny", "a,b", "a;b",
         "é", "=1+1", "1e5", "\u00a0A1 ", "\x00", "won", "\ufeff"]
    ),
    st.text(max_size=6),
)  # fmt: skip


@st.composite
def sheets(draw, table: schema.Table) -> tuple[list[str], list[list[str]]]:
    optional = [n for n in table.names if n not in table.required]
    more = draw(st.lists(st.sampled_from([*optional, "extra", ""]), max_size=4, unique=True))
    headers = draw(st.permutations([*table.required, *more]))
    width = len(headers)
    row = st.lists(CELLS, min_size=width, max_size=width)
    return headers, draw(st.lists(row, max_size=12))


def written(headers: list[str], rows: list[list[str]], delimiter: str, quoting: int) -> str:
    stream = io.StringIO()
    # an empty line is no row: a lone empty cell has to be quoted, which csv does by itself
    csv.writer(stream, delimiter=delimiter, quoting=quoting).writerows([headers, *rows])
    return stream.getvalue()


@QUICK
@given(st.data())
def test_generated_files_balance(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(["ratings", "accounts", "tickets", "survey", "beliefs"]))
    headers, rows = data.draw(sheets(schema.TABLES[name]))
    delimiter = data.draw(st.sampled_from(",;\t"))
    quoting = data.draw(st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]))
    encoding = data.draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]))
    text = written(headers, rows, delimiter, quoting)
    with tempfile.TemporaryDirectory() as folder:
        try:
            found = read(Path(folder), name, text.encode(encoding, errors="replace"))
        except Refused as refused:
            assert all(p.file and p.remedy for p in refused.problems)
            return
    check_whole(found, name)
    known = {i for i, h in enumerate(headers) if h in schema.TABLES[name].names}
    blank = sum(
        not any(
            c.strip(" \x00\u00a0\ufeff\t\r\n\f\v").strip() for i, c in enumerate(row) if i in known
        )
        for row in rows
    )
    assert len(rows) - blank - 12 <= found.ledger.read <= len(rows)
    if found.ledger.read < len(rows) - blank:  # only invisible characters can explain it
        assert any(not c.isprintable() for row in rows for c in row)


@QUICK
@given(st.data())
def test_the_quick_and_the_careful_reader_agree(data: st.DataObject) -> None:
    headers, rows = data.draw(sheets(schema.TABLES["accounts"]))
    text = written(headers, rows, ",", data.draw(st.sampled_from([0, 1])))
    with tempfile.TemporaryDirectory() as folder:
        outcomes = []
        for quick in (csvs.fast, lambda *_: None):
            with mock.patch.object(csvs, "fast", quick):
                try:
                    outcomes.append(read(Path(folder), "accounts", text))
                except Refused as refused:
                    outcomes.append(str(refused))
    one, two = outcomes
    if isinstance(one, str) or isinstance(two, str):
        assert one == two
        return
    pd.testing.assert_frame_equal(one.frame, two.frame)
    assert one.ledger == two.ledger
    assert list(one.rows) == list(two.rows)
    assert one.problems == two.problems


@QUICK
@given(st.binary(max_size=200), st.sampled_from(["csv", "xlsx", "parquet"]))
def test_no_bytes_break_the_reader(noise: bytes, suffix: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for text in (noise, b"account_id,name\n" + noise, b"PK\x03\x04" + noise, b"PAR1" + noise):
            try:
                check_whole(read(Path(folder), "accounts", text, suffix), "accounts")
            except Refused as refused:
                assert str(refused)


def test_damaged_workbooks_and_parquet_files_are_refused_in_words(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (("account_id", "name"), ("A1", "Acme"), ("A2", "Beta")):
        book.active.append(row)
    book.save(tmp_path / "good.xlsx")
    pq.write_table(pa.table({"account_id": ["A1"], "name": ["x"]}), tmp_path / "good.parquet")
    source = random.Random(7)
    for suffix in ("xlsx", "parquet"):
        good = (tmp_path / f"good.{suffix}").read_bytes()
        for _ in range(60):
            bad = bytearray(good)
            for _ in range(source.randint(1, 4)):
                bad[source.randrange(4, len(bad))] = source.randrange(256)
            try:
                check_whole(read(tmp_path, "accounts", bytes(bad), suffix), "accounts")
            except Refused as refused:
                assert str(refused)


# --- what the contracts promise


def test_rows_are_counted_as_a_spreadsheet_counts_them(tmp_path: Path) -> None:
    text = 'account_id,name,seats\n"A1","one\ntwo\nthree",1\n\nA2,Beta,many\n'
    found = read(tmp_path, "accounts", text)
    assert found.rows.tolist() == [2, 4]
    (problem,) = [p for p in found.problems if p.column == "seats"]
    assert (problem.row, problem.value, problem.severity) == (4, "many", "warning")


def test_problems_name_the_files_own_headers(tmp_path: Path) -> None:
    found = read(tmp_path, "accounts", "Account ID,NAME,Seats\nA1,x,many\n")
    assert found.headers["seats"] == "Seats"
    assert any(p.column == "Seats" for p in found.problems)


def test_one_problem_for_many_cells(tmp_path: Path) -> None:
    rows = "".join(f"A{i},x,{'many' if i % 2 else f'about {i}'}\n" for i in range(100))
    found = read(tmp_path, "accounts", "account_id,name,seats\n" + rows)
    counts = [p.count for p in found.problems]
    assert sum(counts) == 100 and len(counts) == 6
    assert found.problems[0].value == "many" and found.problems[0].count == 50
    assert found.ledger.blanked == {"seats": 100}


def test_a_ticket_is_the_last_row_of_its_log(tmp_path: Path) -> None:
    text = (
        "ticket_id,account_id,opened_at,touches\n"
        "T1,A,2025-01-02,1\nT1,A,2025-01-02,2\nT2,A,2025-01-03,1\nT1,A,2025-01-02,1\n"
        "T2,A,2025-01-03,1\nT2,A,bad,9\n"
    )
    found = read(tmp_path, "tickets", text)
    check_whole(found, "tickets")
    assert found.frame[["ticket_id", "touches"]].to_numpy().tolist() == [["T1", 1], ["T2", 1]]
    assert found.ledger.reasons == {
        "opened_at can't be read": 1, "an exact repeat": 1, "an earlier row of the same ticket": 2,
    }  # fmt: skip
    assert found.superseded["touches"].tolist() == [1, 2], "a log may come back to what it said"


def test_beliefs_may_repeat(tmp_path: Path) -> None:
    found = read(tmp_path, "beliefs", "belief_id,value\ncsat,60\ncsat,60\n")
    assert found.ledger.kept == 2 and not found.problems


def test_each_row_has_the_scale_of_its_own(tmp_path: Path) -> None:
    text = (
        "contact_id,account_id,satisfaction,would_refer,scale,refer_scale\n"
        "C1,A,5,10,1-5,0-10\nC2,A,6,4,1-5,\nC3,A,6,11,1-7,0-10\nC4,A,55.5,6,0-100,\n"
    )
    frame = read(tmp_path, "relationship", text).frame
    assert frame["satisfaction"].tolist()[0::2] == [5, 6]
    assert np.isnan(frame["satisfaction"][1]) and frame["satisfaction"][3] == 55.5
    assert frame["would_refer"].tolist()[:2] == [10, 4]
    assert np.isnan(frame["would_refer"][2]) and frame["would_refer"][3] == 6


def test_workbook_and_parquet_say_the_same_as_csv(tmp_path: Path) -> None:
    frame = pd.DataFrame(
        {
            "rating_id": ["R1", "R2", "R3"],
            "account_id": ["007", "A2", "A2"],
            "answered_at": pd.to_datetime(["2025-04-03 10:00", "2025-05-01 09:30", None]),
            "score": [5.0, 3.0, np.nan],
            "scale": ["1-5"] * 3,
            "may_quote": [True, False, None],
        }
    )
    frame.to_parquet(tmp_path / "ratings.parquet")
    with mock.patch.dict("os.environ"):
        frame.to_excel(tmp_path / "ratings.xlsx", index=False)
    frame.to_csv(tmp_path / "ratings.csv", index=False)
    one, two, three = (
        read_table(tmp_path / f"ratings.{suffix}", schema.TABLES["ratings"]).frame
        for suffix in ("csv", "xlsx", "parquet")
    )
    pd.testing.assert_frame_equal(one, two)
    pd.testing.assert_frame_equal(one, three)


def test_a_refusal_points_at_the_first_cell(tmp_path: Path) -> None:
    text = "referral_id,account_id,Made On,stage\nR1,A,2025-01-01,won\nR2,A,03/04/2025,won\n"
    with pytest.raises(Refused) as refused:
        read(tmp_path, "referrals", text)
    (problem,) = refused.value.problems
    assert (problem.file, problem.row, problem.column) == ("referrals.csv", 3, "Made On")
    assert problem.value == "03/04/2025" and "2025-04-03" in problem.remedy


def test_a_lie_about_size_is_found_out(tmp_path: Path) -> None:
    """The directory of the zip says 10 kB; what unpacks is more."""
    stream = io.BytesIO()
    book = openpyxl.Workbook()
    book.active.append(("account_id", "name"))
    book.save(stream)
    source = zipfile.ZipFile(stream)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as target:
        for part in source.namelist():
            data = source.read(part)
            target.writestr(part, b" " * 30_000_000 if part.endswith("styles.xml") else data)
    raw = made.getvalue().replace(
        (30_000_000).to_bytes(4, "little"), (10_000).to_bytes(4, "little")
    )
    start = time.process_time()
    with pytest.raises(Refused, match=r"damaged|too large"):
        read(tmp_path, "accounts", raw, "xlsx")
    assert time.process_time() - start < 1


def test_measuring_finds_the_cells_that_are_there(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for i in range(40):
        book.active.append([f"A{i}", i, None, "x"])
    book.active["AB45"] = 1
    book.save(tmp_path / "accounts.xlsx")
    sizes, mac = workbooks._measure(tmp_path / "accounts.xlsx")
    (size,) = sizes.values()
    assert (size.rows, size.columns, mac) == (45, 28, False)


def test_a_hundred_thousand_rows_are_quick(tmp_path: Path) -> None:
    """Distinct texts are parsed, not cells: a guard against a loop over rows."""
    count = 100_000
    lines = (
        f"T{i},A{i % 50},2025-01-{i % 28 + 1:02d} 10:{i % 60:02d},{i % 7},yes" for i in range(count)
    )
    text = "ticket_id,account_id,opened_at,touches,sla_met\n" + "\n".join(lines)
    start = time.process_time()
    found = read(tmp_path, "tickets", text)
    assert found.ledger.kept == count
    assert time.process_time() - start < 2
    assert Counter(found.frame["sla_met"]) == {True: count}


@pytest.mark.parametrize("turned", [False, True])
def test_numbers_that_climb_are_not_looked_for_twice_and_repeats_are(turned: bool) -> None:
    numbers = [str(i) for i in range(1, 50_001)]
    texts = numbers[::-1] if turned else numbers
    found = sheet.coded(pa.array(texts), key=True)
    assert found.to_pylist() == texts and len(found.dictionary) == len(texts)
    for again in ("7", "50000", "1"):
        more = sheet.coded(pa.array([*texts, again]), key=True)
        assert more.to_pylist() == [*texts, again] and len(more.dictionary) == len(texts)
        assert more.indices[-1] == more.indices[texts.index(again)]


@pytest.mark.parametrize(
    ("name", "is_hidden"),
    [("~$beliefs.xlsx", True), (".beliefs-x.tmp", True), ("seat 3/.kept/beliefs.csv", True),
     ("seat 3/~beliefs.csv", False), ("a.b/beliefs.csv", False)],
)  # fmt: skip
def test_what_a_program_keeps_for_itself_is_passed_over(name: str, is_hidden: bool) -> None:
    assert files.hidden(Path(name)) is is_hidden
