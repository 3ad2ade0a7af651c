"""What `servicegap check` prints: what is there, what is wrong, what can be measured."""

from __future__ import annotations

from pathlib import Path

from servicegap import health, schema


def make(folder: Path, **tables: str) -> Path:
    (folder / "client.yaml").write_text("name: Acme IT\nid: acme\n")
    for name, text in tables.items():
        (folder / f"{name}.csv").write_text(text)
    return folder


def test_a_sample_is_well_and_unlocks_everything() -> None:
    found = health.check("data/sample/alder-it")
    assert found.exit_code == 0
    assert not [p for p in found.parts if p.missing]
    text = found.text()
    assert "ratings.csv" in text and "01  Benchmarking: all of it" in text


def test_rows_are_accounted_for_in_plain_words(tmp_path: Path) -> None:
    ratings = "rating_id,account_id,answered_at,score,scale\n" + "".join(
        f"R{i},{'A1' if i % 10 else ''},2025-04-25,{9 if i == 1 else 5},1-5\n" for i in range(40)
    )
    found = health.check(make(tmp_path, ratings=ratings + "Total,,,200,\n"))
    assert found.exit_code == 1 and found.errors == 1
    text = found.text()
    assert "Acme IT (acme), as of 25 April 2025" in text
    assert "41 rows read, 36 kept, 4 can't be used, 1 left out" in text
    assert "4 no account_id" in text and "1 a total, not a row" in text
    assert "1 cell of score not used" in text
    assert "1. mend  ratings.csv, row 2, column “account_id”" in text
    assert "1 to mend, 2 to look at" in text
    assert "with accounts: accounts that never answered" in text
    assert "02  USP erosion: not yet; needs usps and sightings" in text


def test_refused_files_stand_first_and_the_list_is_cut(tmp_path: Path) -> None:
    accounts = "account_id,name," + ",".join(f"extra_{i}" for i in range(30)) + "\nA1,x\n,y\n"
    found = health.check(make(tmp_path, accounts=accounts, tickets="a,b\n1,2\n"))
    assert found.exit_code == 1
    first, second, *rest = found.problems
    assert first.file == "tickets.csv" and second.severity == "error"
    assert all(p.severity == "warning" for p in rest)
    text = found.text()
    assert "the first 20" in text and "more, once these are done" in text
    assert " 20. look" in text and " 21. look" not in text
    assert all(len(line) <= 100 for line in text.splitlines())


def test_a_folder_that_can_not_be_read_is_explained(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "nowhere"):
        found = health.check(folder)
        assert found.exit_code == 1 and not found.parts
        assert "servicegap new" in found.text()


def test_every_part_of_every_session_is_looked_at(tmp_path: Path) -> None:
    found = health.check(make(tmp_path))
    count = sum(len(session.parts) for session in schema.SESSIONS.values())
    assert len(found.parts) == count
    assert "Nothing is wrong with them." in found.text()


def test_whoever_has_no_list_of_contacts_is_told_what_it_costs(tmp_path: Path) -> None:
    ratings = "rating_id,account_id,contact_id,answered_at,score,scale\n" + "".join(
        f"R{i},A{i % 4},C{i},2025-04-25,5,1-5\n" for i in range(12)
    )
    listed = "contact_id,account_id\n" + "".join(f"C{i},A{i % 4}\n" for i in range(12))
    folder = make(tmp_path, ratings=ratings)
    (problem,) = health.check(folder).problems
    assert problem.severity == "warning" and health.check(folder).exit_code == 0
    assert "contacts.csv would turn 4 voices into 12" in str(problem)
    assert "a list of contact and account" in str(problem)
    (folder / "contacts.csv").write_text(listed)
    assert not health.check(folder).problems


def test_one_contact_an_account_needs_no_list(tmp_path: Path) -> None:
    sheets = "contact_id,account_id,satisfaction,scale\n" + "".join(
        f"C{i},A{i},5,1-5\n" for i in range(8)
    )
    assert not health.check(make(tmp_path, relationship=sheets)).problems
