"""Everything made from a client goes, nothing else, and no link is followed."""

from __future__ import annotations

import json
from pathlib import Path

import fake_notebooks
import pytest
from click.testing import CliRunner
from servicegap import cli
from servicegap.run import Failed, publish
from servicegap.run.forgetting import forget


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """Reports of two clients, with logs and something begun, and a file outside of it all."""
    out = tmp_path / "reports"
    for name, ident in (("Elm Desk", "elm"), ("Oak", "oak")):
        slug = publish.slug(name, ident)
        (out / slug / "partial").mkdir(parents=True)
        (out / slug / "manifest.json").write_text(json.dumps({"id": ident}))
        (out / slug / "partial" / "report.html").write_text("x")
        (out / ".staging" / f"{slug}.host.1.2.ab").mkdir(parents=True)
        (out / ".log").mkdir(exist_ok=True)
        (out / ".log" / f"{slug}.log").write_text("x")
        (out / ".log" / f"{slug}.json").write_text("{}")
        fake_notebooks.write_client(tmp_path / "copies" / ident, name, ident)
        folder = fake_notebooks.write_client(tmp_path / "clients" / ident, name, ident)
        (folder / ".servicegap" / "findings").mkdir(parents=True)
        (folder / "approval.json").write_text("{}")
        (folder / "workbook").mkdir()
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "precious.txt").write_text("keep")
    return out


def gone(out: Path, ident: str) -> list[str]:
    return forget(ident, out, out.parent / "copies", out.parent / "clients")


def names(folder: Path) -> set[str]:
    return {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}


def test_all_of_one_client_and_nothing_of_the_other(out: Path) -> None:
    root = out.parent
    given = names(root / "clients" / "elm") - {"approval.json"}
    others = {n for n in names(root) if "oak" in n}
    said = gone(out, "elm")
    assert len(said) == 9 and all(line.startswith("Removed ") for line in said[:-1])
    assert "makes the report again, unless you move it" in said[-1]
    left = {n for n in names(root) if n not in others and not n.startswith(("clients", "outside"))}
    assert left == set()
    assert {n for n in names(root) if "oak" in n} == others
    assert names(root / "clients" / "elm") == given, "what the client gave is not ours to delete"
    assert not (root / "clients" / "elm" / "workbook").exists()
    with pytest.raises(Failed, match="Nothing in"):
        gone(out, "elm")


def test_links_are_removed_and_not_followed(out: Path) -> None:
    outside = out.parent / "outside"
    slug = publish.slug("Elm Desk", "elm")
    (out / slug / "link").symlink_to(outside)
    (out / publish.slug("Elm Again", "elm")).symlink_to(outside)
    gone(out, "elm")
    assert (outside / "precious.txt").read_text() == "keep"
    assert not list(out.glob("elm*"))


def test_logs_behind_a_link_are_not_touched(out: Path) -> None:
    elsewhere = out.parent / "logs"
    (out / ".log").rename(elsewhere)
    (out / ".log").symlink_to(elsewhere)
    before = names(elsewhere)
    gone(out, "elm")
    assert names(elsewhere) == before


def test_eight_digits_shared_by_two_clients_are_not_enough(out: Path) -> None:
    slug = publish.slug("Elm Desk", "elm")
    (out / slug / "manifest.json").write_text(json.dumps({"id": "another"}))
    gone(out, "elm")
    assert (out / slug).is_dir()


def test_what_the_client_gave_stays_where_the_workbook_hides_its_own(out: Path) -> None:
    hidden = out.parent / "clients" / "elm" / ".servicegap"
    given = {"before/2026-03-01 101500/tickets.csv", "uploads/export.xlsx", "people.key"}
    made = {"findings/01.json", "health.html", "problems.csv", "cache/a", "jupyter/b"}
    for name in given | made:
        (hidden / name).parent.mkdir(parents=True, exist_ok=True)
        (hidden / name).write_text("x")
    gone(out, "elm")
    assert names(hidden) == given
    with pytest.raises(Failed):
        gone(out, "elm")


def test_a_folder_stands_for_its_id_wherever_it_lies(out: Path) -> None:
    elsewhere = out.parent / "elsewhere" / "Elm 2026"
    elsewhere.parent.mkdir()
    (out.parent / "clients" / "elm").rename(elsewhere)
    said = gone(out, str(elsewhere))
    assert not list(out.glob("elm*")) and (elsewhere / "client.yaml").is_file()
    assert not (elsewhere / ".servicegap").exists()
    assert said[-1].startswith(f"{elsewhere} is left")


def test_the_page_over_all_clients_is_said_to_come_back(out: Path) -> None:
    (out / "index.html").write_text("Elm Desk, Oak")
    said = gone(out, "elm")
    assert not (out / "index.html").exists()
    assert any("the next batch writes it anew" in line for line in said)


def test_an_unknown_id_names_those_that_are_known(out: Path) -> None:
    with pytest.raises(Failed, match="Reports are here of: elm, oak"):
        gone(out, "Elm Desk")


@pytest.mark.parametrize("ident", ["nobody", "", "*", "../..", "ELM"])
def test_an_unknown_id_is_said_and_exit_is_1(out: Path, ident: str) -> None:
    before = names(out)
    done = CliRunner().invoke(cli.main, ["forget", ident, "--out", str(out)])
    assert done.exit_code == 1 and "Nothing in" in done.stderr and "Traceback" not in done.stderr
    assert names(out) == before
