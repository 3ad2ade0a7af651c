"""One report from one folder: never of files that changed meanwhile, nor over a later one."""

from __future__ import annotations

import shutil
from pathlib import Path

import fake_notebooks
import pytest
from servicegap.client import load
from servicegap.run import Failed
from servicegap.run.job import Job
from servicegap.run.making import make


@pytest.fixture
def house(tmp_path) -> Path:
    """A client with a ticket, so with a technician to be put under a pseudonym; two notebooks."""
    elm = fake_notebooks.write_client(tmp_path / "clients" / "elm")
    (elm / "tickets.csv").write_text(
        "ticket_id,account_id,opened_at,technician\nt1,a1,2025-03-01,Jo\n"
    )
    fake_notebooks.write_notebooks(tmp_path / "notebooks")
    return tmp_path


def job(house: Path, name: str = "elm", **changes) -> Job:
    return Job(house / "clients" / name, house / "out", None, ("html",), house / "notebooks",
               **changes)  # fmt: skip


@pytest.mark.parametrize("saved", ["ratings.csv", "client.yaml", "notes/01.md"])
def test_what_is_saved_while_the_tables_are_read_is_no_part_of_a_report(house, saved, monkeypatch):
    def slowly(folder, **options):
        read = load(folder, **options)
        path = house / "clients" / "elm" / saved
        path.parent.mkdir(exist_ok=True)
        path.open("a").write("\n")
        return read

    monkeypatch.setattr("servicegap.run.making.load", slowly)
    with pytest.raises(Failed, match="changed while the report was being made"):
        make(job(house))
    assert not list((house / "out").glob("*/manifest.json"))


def test_the_key_that_the_first_reading_makes_is_no_change(house):
    make(job(house))
    assert (house / "clients" / "elm" / "pseudonyms.key").is_file()
    assert list((house / "out").glob("elm-desk-*/manifest.json"))


def test_the_last_period_takes_the_place_of_no_later_report(house):
    old = house / "clients" / "elm-2024"
    shutil.copytree(house / "clients" / "elm", old)
    settings = old / "client.yaml"
    settings.write_text(settings.read_text().replace("2025", "2024"))
    (old / "tickets.csv").unlink()
    (old / "ratings.csv").write_text((old / "ratings.csv").read_text().replace("2025-", "2024-"))
    assert make(job(house, "elm-2024")).folder.is_dir()
    settings = house / "clients" / "elm" / "client.yaml"
    settings.write_text(settings.read_text() + "previous: ../elm-2024\n")
    made = make(job(house))
    before = (made.folder / "manifest.json").read_bytes()
    with pytest.raises(Failed, match=r"of a later period, .* take another --out"):
        make(job(house, "elm-2024"))
    assert (made.folder / "manifest.json").read_bytes() == before
    make(job(house))
