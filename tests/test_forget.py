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
    given = names(root / "clients" / "elm")
    others = {n for n in names(root) if "oak" in n}
    said = gone(out, "elm")
    assert len(said) == 7 and all(line.startswith("Removed ") for line in said)
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


@pytest.mark.parametrize("ident", ["nobody", "", "*", "../..", "ELM"])
def test_an_unknown_id_is_said_and_exit_is_1(out: Path, ident: str) -> None:
    before = names(out)
    done = CliRunner().invoke(cli.main, ["forget", ident, "--out", str(out)])
    assert done.exit_code == 1 and "Nothing in" in done.stderr and "Traceback" not in done.stderr
    assert names(out) == before
