"""What `servicegap batch` leaves beside the reports: the page over all clients, and the panel."""

from __future__ import annotations

import clients
import pytest
from click.testing import CliRunner
from servicegap import cli


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
