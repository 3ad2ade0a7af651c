"""A large table's copy says exactly what the file says, or is not used."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from servicegap import schema
from servicegap.client import load
from servicegap.tables import TableRead, cache, read_table

TABLE = schema.TABLES["tickets"]
SAMPLES = Path(__file__).resolve().parents[1] / "data" / "sample"


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(cache, "WORTH_IT", 10)
    rows = "".join(
        f"T{i % 40},A{i % 5},2025-04-{i % 28 + 1:02d} 10:00,{i % 7},{'yes' if i % 3 else ''},x\n"
        for i in range(60)
    )
    path = tmp_path / "tickets.csv"
    path.write_text("ticket_id,account_id,opened_at,touches,sla_met,reopened\n" + rows + ",A,,,,\n")
    return path


def same(one: TableRead, two: TableRead) -> None:
    pd.testing.assert_frame_equal(one.frame, two.frame)
    pd.testing.assert_frame_equal(one.superseded, two.superseded)
    assert one.ledger == two.ledger and one.problems == two.problems
    assert one.present == two.present and list(one.rows) == list(two.rows)
    assert dict(one.headers) == dict(two.headers)


def test_a_copy_is_the_same_to_the_last_cell(path: Path, tmp_path: Path) -> None:
    plain = read_table(path, TABLE)
    first = cache.read_cached(path, TABLE, tmp_path / "c")
    (copy,) = (tmp_path / "c").iterdir()
    cache.forget()  # as another process would
    again = cache.read_cached(path, TABLE, tmp_path / "c")
    same(plain, first)
    same(plain, again)
    assert len(plain.superseded) == 20 and plain.ledger.rejected == 1 and copy.exists()


def test_another_content_makes_another_copy_and_the_old_one_goes(
    path: Path, tmp_path: Path
) -> None:
    cache.read_cached(path, TABLE, tmp_path / "c")
    path.write_text(path.read_text().replace("A4", "A9"))
    found = cache.read_cached(path, TABLE, tmp_path / "c")
    same(found, read_table(path, TABLE))
    assert len(list((tmp_path / "c").iterdir())) == 1


def test_a_damaged_copy_is_not_used(path: Path, tmp_path: Path) -> None:
    cache.read_cached(path, TABLE, tmp_path / "c")
    (copy,) = (tmp_path / "c").iterdir()
    for content in (b"", b"PAR1", copy.read_bytes()[:300]):
        copy.write_bytes(content)
        cache.forget()
        same(cache.read_cached(path, TABLE, tmp_path / "c"), read_table(path, TABLE))


def test_a_process_reads_a_content_once_and_what_one_reader_changes_no_other_sees(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reads = []
    monkeypatch.setattr(cache, "read_table", lambda *a: reads.append(1) or read_table(*a))
    first, second = (cache.read_cached(path, TABLE, None) for _ in range(2))
    first.frame["account_id"] = "spoilt"
    first.frame.loc[0, "ticket_id"] = "spoilt"
    first.rows[:] = 0
    same(second, read_table(path, TABLE))
    same(cache.read_cached(path, TABLE, None), second)
    assert len(reads) == 1
    path.write_text(path.read_text().replace("A4", "A9"))
    same(cache.read_cached(path, TABLE, None), read_table(path, TABLE))
    cache.forget()
    cache.read_cached(path, TABLE, None)
    assert len(reads) == 3


def test_a_client_of_a_second_year_is_read_once_too() -> None:
    """Two folders take turns, table by table, without pushing each other out."""
    cache.forget()
    for _ in range(2):
        for folder in ("alder-it", "birch-support"):
            for name, table in schema.TABLES.items():
                path = SAMPLES / folder / f"{name}.csv"
                if path.is_file():
                    cache.read_cached(path, table, None)
    assert cache._read_once.cache_info().hits >= len(schema.TABLES)
    cache.forget()


def test_small_files_and_samples_leave_no_copy(path: Path, tmp_path: Path) -> None:
    same(cache.read_cached(path, TABLE, None), read_table(path, TABLE))
    load("data/sample/cedar-desk", sealed=False)
    assert not (Path("data/sample/cedar-desk") / ".servicegap" / "cache").exists()


def test_a_client_keeps_its_copies_in_its_own_folder(path: Path) -> None:
    (path.parent / "client.yaml").write_text("name: A\nid: a\n")
    one, two = load(path.parent, sealed=False), load(path.parent, sealed=False)
    assert list((path.parent / ".servicegap" / "cache").glob("tickets-*.parquet"))
    pd.testing.assert_frame_equal(one["tickets"], two["tickets"])
