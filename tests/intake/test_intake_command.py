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
