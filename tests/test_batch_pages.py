"""What `servicegap batch` says, and what it leaves beside the reports: the page over all clients,
the panel, the log.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import clients
import pytest
from click.testing import CliRunner
from published import publish_report
from servicegap import cli
from servicegap.cli import batching
from servicegap.run.batch import Planned, Task
from servicegap.run.job import Job


def batch(*words) -> tuple[int, str]:
    done = CliRunner().invoke(cli.main, ["batch", *map(str, words)])
    return done.exit_code, done.output


@pytest.fixture
def unreadable(tmp_path):
    """Clients whose tables and settings can be read by a panel, and one that nobody can read."""
    home = tmp_path / "clients"
    for n in range(9):
        told = {"name": f"Firm {n}", "id": f"firm-{n}"}
        rows = {"ratings": clients.answered(12, 6, n), "contacts": clients.contacts(12, 6)}
        folder = clients.make(home / f"firm-{n}", settings=told, **rows).folder
        (folder / "tickets.csv").write_text("nothing,of,use\n1,2,3\n")
    (home / "broken").mkdir()
    (home / "broken" / "client.yaml").write_text("name: [")
    return home


def test_a_batch_ends_with_the_page(unreadable, tmp_path):
    for n in range(9):
        (unreadable / f"firm-{n}" / "client.yaml").write_text("name: [")
    code, said = batch(unreadable, "--out", tmp_path / "out")
    assert code == 1 and "All clients on one page, for you alone:" in said
    page = (tmp_path / "out" / "index.html").read_text("utf-8")
    assert "10 failed" in page and "broken" in page
    assert not (unreadable / "panel.csv").exists()  # nobody asked for it


def test_the_panel_is_written_only_when_asked(unreadable, tmp_path):
    for n in range(9):
        (unreadable / f"firm-{n}" / "tickets.csv").unlink()
    (unreadable / "broken" / "client.yaml").write_text("name: [")
    words = (unreadable / "broken", "--refresh-panel", "--out", tmp_path / "out")
    code, said = batch(*words)
    assert code == 1
    assert "broken is not in the panel" in said and "holds 1 figure, each of 8 to 9" in said
    assert (unreadable / "panel.csv").is_file()
    page = (tmp_path / "out" / "index.html").read_text("utf-8")
    assert "9 clients, " in page and "not looked at this time" in page


def test_a_cluster_that_is_not_there_is_said_plainly(unreadable, tmp_path):
    code, said = batch(unreadable, "--out", tmp_path / "o", "--scheduler", "tcp://127.0.0.1:9")
    assert code == 1 and "Traceback" not in said
    assert "--scheduler needs Dask" in said or "no scheduler at" in said


def test_a_damaged_report_beside_comes_with_the_command_that_mends_it(unreadable, tmp_path):
    out = tmp_path / "out"
    slug = publish_report(out, "Firm 1", "firm-1", [])
    (out / slug / "findings.json").write_text("[1]")
    code, said = batch(unreadable / "firm-0", "--out", out)
    assert code == 1 and "All clients on one page" in said
    page = (out / "index.html").read_text("utf-8")
    assert "report damaged" in page and "firm-1 --out" in page and "--force" in page


# -- what it says, wherever that goes ----------------------------------------------------------


def failing(home, name):
    """A client whose report fails before a kernel starts."""
    folder = home / "one"
    folder.mkdir(parents=True)
    (folder / "client.yaml").write_text(f"name: {name}\nid: one\n", encoding="utf-8")
    (folder / "ratings.csv").write_text("nothing,of,use\n1,2,3\n")
    return home


def test_a_name_that_the_output_has_no_letters_for_ends_nothing(tmp_path):
    home, out = failing(tmp_path / "clients", "Łódź IT"), tmp_path / "out"
    words = [sys.executable, "-m", "servicegap", "batch", str(home), "--out", str(out)]
    done = subprocess.run(
        words, capture_output=True, check=False, env={**os.environ, "PYTHONIOENCODING": "cp1252"}
    )
    said = done.stdout.decode("cp1252")
    assert done.returncode == 1 and "1 failed" in said and r"\u0141ód\u017a IT" in said, done.stderr
    assert (out / "index.html").is_file()


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a folder’s name is always text")
@pytest.mark.parametrize("named", ["name: Elm", "name: ["])
def test_a_folder_whose_name_is_no_text_ends_nothing(tmp_path, named):
    home, out = failing(tmp_path / "clients", "Elm"), tmp_path / "out"
    folder = (home / "one").rename(home / os.fsdecode(b"caf\xe9"))
    (folder / "client.yaml").write_text(f"{named}\nid: one\n")
    done = subprocess.run(
        [sys.executable, "-m", "servicegap", "batch", home, "--out", out, "--refresh-panel"],
        capture_output=True, check=False, env={**os.environ, "PYTHONUTF8": "1"},
    )  # fmt: skip
    assert done.returncode == 1 and b"1 failed" in done.stdout, done.stderr
    assert r"caf\udce9" in (out / "index.html").read_text("utf-8")


def test_a_folder_that_nobody_may_look_into_ends_nothing(tmp_path, monkeypatch):
    """As lost+found is, at the top of a disk."""
    home, out = failing(tmp_path / "clients", "Elm"), tmp_path / "out"
    (home / "lost+found").mkdir()
    looked = Path.is_file

    def is_file(path):
        if path.parent.name == "lost+found":
            raise PermissionError(13, "Permission denied", str(path))
        return looked(path)

    monkeypatch.setattr(Path, "is_file", is_file)
    code, said = batch(home, "--out", out, "--refresh-panel")
    assert code == 1 and "Elm: FAILED" in said
    assert (out / "index.html").is_file()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no disk that is always full")
def test_a_log_on_a_full_disk_does_not_end_what_it_describes(tmp_path):
    home, out = failing(tmp_path / "clients", "Elm"), tmp_path / "out"
    code, said = batch(home, "--out", out, "--log", "/dev/full")
    assert code == 1 and "1 failed" in said and "All clients on one page" in said


def test_what_can_not_be_written_as_text_is_in_the_log_all_the_same(tmp_path):
    with batching._written_down(tmp_path / "log") as note:
        note("failed", client="Elm \ud83d")
    (line,) = (tmp_path / "log").read_text("utf-8").splitlines()
    assert json.loads(line)["client"] == "Elm \ud83d"


def test_square_brackets_in_a_name_are_a_name(monkeypatch, capsys):
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setattr(batching, "is_terminal", lambda: True)
    task = Task(Job(Path(), Path(), None, ()), "Acme [/UK]", "acme", "acme-1")
    with batching._shown() as show:
        show.planned(Planned((task,), ()))
        show.step(task, "Reading [/the] files", 0, 2)
    assert "Acme [/UK]" in capsys.readouterr().out


@pytest.mark.parametrize("address", ["127.0.0.1", "http://a:8786", "tcp://a", "tcp://a:b", ""])
def test_an_address_that_is_none_is_said_before_anything_is_tried(tmp_path, address):
    home = failing(tmp_path / "clients", "Elm")
    code, said = batch(home, "--out", tmp_path / "out", "--scheduler", address)
    assert code == 2 and "tcp://first-machine:8786" in said
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("home", ["nowhere", "empty", "empty/within"])
def test_wrong_usage_leaves_nothing_behind(tmp_path, home):
    (tmp_path / "empty" / "within").mkdir(parents=True)
    out = tmp_path / "out"
    code, said = batch(tmp_path / home, "--out", out, "--refresh-panel")
    assert code == 2 and ("does not exist" in said or "none holds a client.yaml" in said)
    assert not out.exists() and not list(tmp_path.rglob("panel.key"))
