"""`servicegap intake`: what it shows, where it stops, and with which exit code."""

from __future__ import annotations

from pathlib import Path

import exports
from click.testing import CliRunner, Result
from exports import client, write
from servicegap import cli


def run(*words: object) -> Result:
    return CliRunner().invoke(cli.main, ["intake", *map(str, words)])


def test_a_known_export_goes_in_by_itself(tmp_path: Path) -> None:
    folder = client(tmp_path / "client")
    done = run(write(tmp_path, "view.csv", exports.zendesk()), "--client", folder)
    assert done.exit_code == 0, done.output
    for said in ("Zendesk Support", "the next best", "Organization", "account: the company",
                 "30 rows read, 29 kept, 1 left out", "Written: tickets.csv",
                 "What can be measured now"):  # fmt: skip
        assert said in done.output, done.output


def test_where_nobody_is_there_to_ask_it_stops_with_the_remedy(tmp_path: Path) -> None:
    folder = client(tmp_path / "client")
    path = write(tmp_path, "jobs.csv", "Job no,Client,Logged on\n1,Acme,2025-01-01\n")
    done = run(path, "--client", folder)
    assert done.exit_code == 1 and "--as tickets" in done.output
    assert not (folder / "tickets.csv").exists()
    done = run(path, "--client", folder, "--as", "tickets")
    assert done.exit_code == 0, done.output
    assert (folder / "tickets.csv").exists()


def test_a_close_call_names_the_formats(tmp_path: Path) -> None:
    folder = client(tmp_path / "client")
    rows = "Comment,Company,Contact,Contact Email,Created At\nx,Acme,Al,a@b.co,2025-01-01\n"
    done = run(write(tmp_path, "smiles.csv", rows), "--client", folder)
    assert done.exit_code == 1
    assert "--as smileback-nps" in done.output and "--as smileback " in done.output


def test_dates_that_can_not_be_told_and_that_are_told(tmp_path: Path) -> None:
    folder = client(tmp_path / "client")
    rows = exports.freshdesk(3)
    path = write(tmp_path, "desk.csv", rows)
    done = run(path, "--client", folder)
    assert done.exit_code == 1 and "--dates dmy" in done.output and "row 2" in done.output
    done = run(path, "--client", folder, "--dates", "dmy", "--scale", "1-5")
    assert done.exit_code == 0, done.output
    assert "2025-04-01" in (folder / "tickets.csv").read_text("utf-8-sig")
    assert "dates: dmy" in (folder / "intake.yaml").read_text()


def test_wrong_usage(tmp_path: Path) -> None:
    path = write(tmp_path, "view.csv", exports.zendesk())
    assert run(path, "--client", tmp_path / "nowhere").exit_code == 2
    assert run(tmp_path / "no.csv", "--client", tmp_path).exit_code == 2
    folder = client(tmp_path / "client")
    assert run(path, "--client", folder, "--timezone", "Mars").exit_code == 1
    assert run(path, "--client", folder, "--as", "lotus").exit_code == 1


def test_words_of_a_file_do_not_reach_the_terminal_as_orders(tmp_path: Path) -> None:
    rows = exports.zendesk(4)
    rows[1][13] = "Firm\x1b[2J\x07"
    done = run(write(tmp_path, "view.csv", rows), "--client", client(tmp_path / "client"))
    assert done.exit_code == 0 and "\x1b" not in done.output and "\x07" not in done.output


def talk(monkeypatch, answers: list[str], *options):
    """The command with somebody at the terminal."""
    monkeypatch.setattr("servicegap.cli.folders.somebody", lambda: True)
    arguments = ["intake", *map(str, options)]
    return CliRunner().invoke(cli.main, arguments, input="".join(f"{a}\n" for a in answers))


def test_somebody_at_the_terminal_corrects_a_column(tmp_path: Path, monkeypatch) -> None:
    folder = client(tmp_path / "client")
    rows = "Job number,Client name,Logged at,Hands\n" + "".join(
        f"J{i},Firm {i % 3},2025-03-0{i % 9 + 1} 09:00,{i}\n" for i in range(9)
    )
    answers = ["n", "floor", "n", "hands", "touches", "y"]
    done = talk(monkeypatch, answers, write(tmp_path, "jobs.csv", rows), "--client", folder)
    assert done.exit_code == 0, done.output
    assert "has no column “floor”" in done.output and "How many" not in done.output
    assert "touches" in (folder / "tickets.csv").read_text("utf-8-sig").splitlines()[0]
    assert '"Hands": touches' in (folder / "intake.yaml").read_text()


def test_whoever_leaves_in_the_middle_leaves_nothing_behind(tmp_path: Path, monkeypatch) -> None:
    folder = client(tmp_path / "client")
    rows = "Comment,Company,Contact,Contact Email,Created At\nx,Acme,Al,a@b.co,2025-01-01\n"
    path = write(tmp_path, "smiles.csv", rows)
    done = talk(monkeypatch, ["n"], path, "--client", folder)
    assert done.exit_code == 1 and "nothing was written" in done.output
    assert "no column was found for score (the mark)" in done.output
    assert "went wrong" not in done.output and not (folder / "ratings.csv").exists()


def test_what_is_open_is_asked_under_the_columns_name(tmp_path: Path, monkeypatch) -> None:
    folder = client(tmp_path / "client")
    path = write(tmp_path, "desk.csv", exports.freshdesk(3))
    done = talk(monkeypatch, ["dmy", "1-5"], path, "--client", folder)
    assert done.exit_code == 0, done.output
    assert "Created time: " in done.output and "begin with the day (dmy)" in done.output
    assert "(1-5, 1-7, 0-10, 1-10)" in done.output, "only scales on which the marks can be"
