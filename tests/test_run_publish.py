"""A report is whole or not there, and the last good one outlives everything that goes wrong."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import psutil
import pytest
from servicegap import placing
from servicegap.run import Failed, publish

SLUG = "elm-desk-0a1b2c3d"


def files(text: str = "one") -> dict[str, bytes]:
    return {
        "report.html": f"<p>{text}</p>".encode(),
        "deck.pptx": f"deck {text}".encode(),
        "notebooks/01_benchmarking.ipynb": b"{}",
    }


def put(out: Path, text: str = "one", into: str = SLUG, slug: str = SLUG) -> Path:
    with publish.staged(out, slug) as stage:
        return stage.publish(files(text), {"client": "Elm", "key": text}, into)


def tree(folder: Path) -> dict[str, bytes]:
    return {
        p.relative_to(folder).as_posix(): p.read_bytes()
        for p in sorted(folder.rglob("*"))
        if p.is_file() and ".staging" not in p.parts
    }


def dead_stage(out: Path) -> Path:
    """A staging folder whose owner is gone."""
    code = (
        "import sys, os; from pathlib import Path; from servicegap.run import publish\n"
        "c = publish.staged(Path(sys.argv[1]), sys.argv[2]); s = c.__enter__()\n"
        "(s.new / 'half').write_text('x'); print(s.folder, flush=True); os._exit(9)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(out), SLUG], capture_output=True, text=True, check=False
    )
    return Path(done.stdout.strip())


@pytest.mark.parametrize(
    ("name", "start"),
    [
        ("Elm Desk", "elm-desk-"),
        ("  Ørsted & Søn A/S!", "rsted-sn-a-s-"),
        ("Société Générale", "societe-generale-"),
        ("東京サポート", "client-"),
        ("../../etc", "etc-"),
        ("CON", "con-"),
        ("x" * 200, "x" * 40 + "-"),
        ("a" * 39 + " bc", "a" * 39 + "-"),
    ],
)
def test_a_slug_is_a_readable_name_and_the_hash_of_the_id(name, start):
    digest = hashlib.sha256(b"elm-1").hexdigest()[:8]
    assert publish.slug(name, "elm-1") == start + digest


def test_what_is_published_and_that_the_manifest_knows_it(tmp_path):
    folder = put(tmp_path)
    assert folder == tmp_path / SLUG
    manifest = json.loads((folder / "manifest.json").read_text())
    assert manifest["client"] == "Elm"
    assert manifest["outputs"] == {n: hashlib.sha256(b).hexdigest() for n, b in files().items()}
    assert set(tree(folder)) == {*files(), "manifest.json"}
    assert [p.name for p in tmp_path.iterdir()] == [SLUG]


def test_a_new_report_takes_the_place_of_the_old_one_whole(tmp_path):
    put(tmp_path)
    with publish.staged(tmp_path, SLUG) as stage:
        stage.publish({"report.html": b"two"}, {"key": "2"}, SLUG)
    assert set(tree(tmp_path / SLUG)) == {"report.html", "manifest.json"}


def test_the_readers_own_files_and_a_partial_report_stay(tmp_path):
    folder = put(tmp_path)
    put(tmp_path, "part", f"{SLUG}/partial")
    (folder / "minutes.docx").write_text("ours")
    (folder / "deck.pptx").write_bytes(b"edited by hand")
    (folder / "notebooks" / "mine.ipynb").write_text("mine")
    put(tmp_path, "two")
    assert (folder / "report.html").read_bytes() == b"<p>two</p>"
    assert (folder / "minutes.docx").read_text() == "ours"
    assert (folder / "deck.pptx").read_bytes() == b"deck two"
    assert (folder / "deck (edited).pptx").read_bytes() == b"edited by hand"
    assert (folder / "notebooks" / "mine.ipynb").read_text() == "mine"
    assert (folder / "partial" / "report.html").read_bytes() == b"<p>part</p>"
    (folder / "deck.pptx").write_bytes(b"edited again")
    put(tmp_path, "three")
    assert (folder / "deck (edited).pptx").read_bytes() == b"edited by hand"
    assert (folder / "deck (edited 2).pptx").read_bytes() == b"edited again"


def test_a_partial_report_never_touches_the_whole_one(tmp_path):
    folder = put(tmp_path)
    before = tree(folder)
    put(tmp_path, "part", f"{SLUG}/partial")
    after = tree(folder)
    assert {k: v for k, v in after.items() if not k.startswith("partial/")} == before
    assert after["partial/report.html"] == b"<p>part</p>"


@pytest.mark.parametrize("failing", ["write", "fsync", "rename in", "rename out"])
def test_whatever_fails_the_previous_report_is_untouched(tmp_path, monkeypatch, failing):
    folder = put(tmp_path)
    before = tree(folder)
    full = OSError(errno.ENOSPC, "No space left on device")
    rename = Path.replace

    def refuse(self, target):
        comes = Path(target) == folder
        if (failing == "rename in" and comes and self.name == "new") or (
            failing == "rename out" and self == folder
        ):
            raise PermissionError(errno.EACCES, "in use")
        return rename(self, target)

    if failing == "write":
        monkeypatch.setattr(publish, "_write", lambda *a: (_ for _ in ()).throw(full))
    elif failing == "fsync":
        monkeypatch.setattr(publish.os, "fsync", lambda fd: (_ for _ in ()).throw(full))
    else:
        monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(Failed) as error:
        put(tmp_path, "two")
    monkeypatch.undo()
    assert ("room" in str(error.value)) == (failing in ("write", "fsync"))
    assert tree(folder) == before
    assert [p.name for p in tmp_path.iterdir()] == [SLUG]


def test_the_manifest_is_written_last(tmp_path, monkeypatch):
    written, write = [], publish._write
    monkeypatch.setattr(
        publish, "_write", lambda path, data: (written.append(path.name), write(path, data))
    )
    put(tmp_path)
    names = [name for name in written if name != "into"]
    assert names[-1] == "manifest.json" and names.count("manifest.json") == 1


def test_an_error_of_the_run_itself_leaves_nothing(tmp_path):
    with pytest.raises(ZeroDivisionError), publish.staged(tmp_path / "new" / "out", SLUG):
        raise ZeroDivisionError
    assert not (tmp_path / "new" / "out" / SLUG).exists()


def test_leftovers_of_the_killed_are_swept_and_those_of_the_living_are_not(tmp_path):
    dead = dead_stage(tmp_path)
    assert dead.is_dir()
    with publish.staged(tmp_path, SLUG) as living:
        assert not dead.exists()
        put(tmp_path, "two", "other-1", "other-1")
        assert living.folder.is_dir()


def test_a_clock_that_is_set_meanwhile_takes_nobodys_work(tmp_path, monkeypatch):
    """On Linux a process's start is told by the clock, so it seems to move with it."""
    real = psutil.Process.create_time
    with publish.staged(tmp_path, SLUG) as living:
        monkeypatch.setattr(psutil.Process, "create_time", lambda process: real(process) + 3600)
        publish.sweep(tmp_path)
        with publish.staged(tmp_path, "other-1"):
            assert living.new.is_dir() and living.scratch.is_dir()
        assert living.publish(files(), {"key": "1"}, SLUG).is_dir()
    assert [p.name for p in tmp_path.iterdir()] == [SLUG]


def test_another_machines_are_left_to_it(tmp_path, monkeypatch):
    dead = dead_stage(tmp_path)
    with monkeypatch.context() as there:
        there.setattr(publish.platform, "node", lambda: "another")
        publish.sweep(tmp_path)
        assert dead.is_dir()
    publish.sweep(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_what_a_staging_folder_adds_to_a_path_is_short(tmp_path):
    """Windows takes 260 letters in all, and a report's own files have long names."""
    name = publish.slug("Managed Services & Sons of Middling Length, Incorporated", "elm")
    with publish.staged(tmp_path, name) as stage:
        assert len(str(stage.new.relative_to(tmp_path))) <= 40


def test_a_virus_scanner_that_looks_into_the_report_is_waited_for(tmp_path, monkeypatch):
    put(tmp_path)
    looks = {"rename": 2, "replace": 2}

    def scanned(name):
        real = getattr(Path, name)

        def move(path, target):
            if (path.name == "new" or path == tmp_path / SLUG) and looks[name]:
                looks[name] -= 1
                raise PermissionError(errno.EACCES, "in use", str(path))
            return real(path, target)

        monkeypatch.setattr(Path, name, move)

    scanned("rename")
    scanned("replace")
    monkeypatch.setattr(placing.sys, "platform", "win32")
    put(tmp_path, "two")
    assert tree(tmp_path / SLUG)["report.html"] == b"<p>two</p>"


def test_what_was_needed_on_the_way_goes_with_its_run_even_a_killed_one(tmp_path):
    with publish.staged(tmp_path, SLUG) as stage:
        assert stage.scratch.stat().st_mode & 0o777 == 0o700
        assert "elm" not in stage.scratch.name
        (stage.scratch / "picture.png").write_text("x")
    assert not stage.scratch.exists()
    left = publish.Stage(tmp_path, dead_stage(tmp_path)).scratch
    assert left.is_dir()
    publish.sweep(tmp_path)
    assert not left.exists()


def test_killed_between_the_two_renames_the_old_report_comes_back(tmp_path):
    folder = put(tmp_path)
    before = tree(folder)
    stage = dead_stage(tmp_path)
    (stage / "into").write_text(SLUG)
    folder.rename(stage / "old")
    with publish.staged(tmp_path, "other-1"):
        assert tree(folder) == before


def test_killed_after_the_second_rename_the_readers_files_still_come_over(tmp_path):
    folder = put(tmp_path)
    (folder / "minutes.docx").write_text("ours")
    stage = dead_stage(tmp_path)
    (stage / "into").write_text(SLUG)
    folder.rename(stage / "old")
    folder.mkdir()
    (folder / "report.html").write_text("new")
    with publish.staged(tmp_path, "other-1"):
        assert tree(folder) == {"minutes.docx": b"ours", "report.html": b"new"}


@pytest.mark.skipif(os.geteuid() == 0 if hasattr(os, "geteuid") else True, reason="root may write")
def test_a_read_only_folder_is_told_in_plain_words(tmp_path):
    out = tmp_path / "out"
    out.mkdir(mode=0o500)
    with pytest.raises(Failed, match="may not be written"), publish.staged(out, SLUG):
        pass


def test_a_file_in_the_place_of_the_folder_is_told(tmp_path):
    (tmp_path / "out").write_text("")
    with pytest.raises(Failed, match="out"), publish.staged(tmp_path / "out", SLUG):
        pass
