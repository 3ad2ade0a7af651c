"""`servicegap trainer`: what it makes, a machine that is ready, a fresh room, what was learned."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path
from types import SimpleNamespace

import made_sample as made
import pytest
import rooms
from click.testing import CliRunner
from servicegap import learning, workbook
from servicegap.cli import main
from servicegap.problems import Refused
from servicegap.report.model import Brand
from servicegap.teaching import fresh, materials, ready, sample_run

DAY = dt.date(2025, 11, 22)


def run(*words: str):
    return CliRunner().invoke(main, ["trainer", *words])


# -- what it makes -----------------------------------------------------------------------------


@pytest.fixture
def never_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """The sample firm's figures without its run, which takes minutes."""
    monkeypatch.setattr(sample_run, "sample", lambda progress, numbers: made.sample())


@pytest.mark.usefixtures("never_run")
def test_three_things_a_session_in_three_folders(tmp_path: Path) -> None:
    done = run("--out", str(tmp_path / "out"), "--sessions", "1,05")
    assert done.exit_code == 0, done.output
    found = {p.relative_to(tmp_path / "out").as_posix() for p in (tmp_path / "out").rglob("*.*")}
    stems = ("01_benchmarking", "05_pricing_vs_value")
    kinds = (("notebooks", "ipynb"), ("handouts", "pdf"), ("slides", "pptx"))
    assert found - {".made.json"} == {f"{k}/{s}.{end}" for s in stems for k, end in kinds}
    assert "for your screen alone" in done.output


@pytest.mark.usefixtures("never_run")
def test_the_brand_is_taken_and_a_wrong_one_refused(tmp_path: Path) -> None:
    brand = tmp_path / "brand.yaml"
    brand.write_text("name: Oak Advice\ncolour: '#7a1f3d'\n")
    done = run("--out", str(tmp_path / "out"), "--sessions", "00", "--brand", str(brand))
    assert done.exit_code == 0, done.output
    brand.write_text("nmae: Oak Advice\n")
    done = run("--out", str(tmp_path / "out"), "--sessions", "00", "--brand", str(brand))
    assert done.exit_code == 1 and "nmae" in done.output


@pytest.mark.usefixtures("never_run")
def test_slides_that_a_trainer_has_changed_are_kept(tmp_path: Path) -> None:
    out = tmp_path / "out"
    run("--out", str(out), "--sessions", "00")
    deck = out / "slides" / "00_start_here.pptx"
    before = deck.read_bytes()
    deck.write_bytes(before + b" ")  # a trainer's own work
    done = run("--out", str(out), "--sessions", "00")
    kept = out / "slides" / "00_start_here (yours).pptx"
    assert kept.read_bytes() == before + b" " and deck.read_bytes() == before
    assert str(kept) in done.output
    assert "yours is kept" not in run("--out", str(out), "--sessions", "00").output


def test_equal_input_gives_equal_bytes() -> None:
    stem = "00_start_here"
    first = materials.of_session(stem, made.sample(), Brand())
    assert first == materials.of_session(stem, made.sample(), Brand())


def test_one_thing_at_a_time(tmp_path: Path) -> None:
    assert run().exit_code == 2
    assert run("--check", "--reset").exit_code == 2
    assert run("--out", str(tmp_path), "--sessions", "77").exit_code == 2


def test_the_firm_is_run_once_and_again_when_something_moved(tmp_path, monkeypatch) -> None:
    from servicegap.run import making, plan

    runs = []

    def make(job, progress):
        runs.append(job)
        (job.out / "alder" / "notebooks").mkdir(parents=True, exist_ok=True)
        return SimpleNamespace(folder=job.out / "alder")

    key = ["one"]
    monkeypatch.setattr(making, "make", make)
    monkeypatch.setattr(plan, "key", lambda *parts: key[0])
    for expected in (1, 1):
        found = sample_run.sample(lambda *step: None, kept=tmp_path)
        assert len(runs) == expected
    assert found.facts.made_up and found.facts.name == "Alder IT"
    key[0] = "another"
    sample_run.sample(lambda *step: None, kept=tmp_path)
    assert len(runs) == 2


def test_only_the_sessions_asked_for_are_run(tmp_path, monkeypatch) -> None:
    from servicegap.run import making

    runs = []

    def make(job, progress):
        runs.append(job.sessions)
        folder = job.out / "alder" / ("partial" if job.sessions else "")
        (folder / "notebooks").mkdir(parents=True, exist_ok=True)
        return SimpleNamespace(folder=folder)

    monkeypatch.setattr(making, "make", make)

    def asked(*numbers: str) -> None:
        sample_run.sample(lambda *step: None, numbers, kept=tmp_path)

    asked("01", "02")
    asked("01")
    assert runs == ["01,02"], "what was run is not run again"
    asked("03")
    asked("10")  # reads what the others found
    asked("04")
    assert runs == ["01,02", "03", None]


# -- is this machine ready ---------------------------------------------------------------------


def test_a_package_of_an_extra_that_nobody_asked_for_is_not_missed(monkeypatch):
    asked = ["click>=8.2", "no-such-cluster>=1; extra == 'cluster'"]
    monkeypatch.setattr(ready.metadata, "requires", lambda name: asked)
    assert ready._packages().ok
    monkeypatch.setattr(ready.metadata, "requires", lambda name: ["no-such-package>=1"])
    assert "no-such-package" in ready._packages().seen


def test_green_is_nought_and_red_is_one_with_what_to_do(monkeypatch) -> None:
    well = ready.Checked("Python", True, "3.12.1")
    monkeypatch.setattr(ready, "checks", lambda: iter([well]))
    done = run("--check")
    assert done.exit_code == 0 and "ready" in done.output.splitlines()[-1]
    ill = ready.Checked("disk", False, "0.2 GB free", "make 1 GB free")
    monkeypatch.setattr(ready, "checks", lambda: iter([well, ill]))
    done = run("--check")
    assert done.exit_code == 1
    assert "red" in done.output and "→ make 1 GB free" in done.output


def test_a_check_that_breaks_is_red(monkeypatch) -> None:
    def broken() -> ready.Checked:
        raise OSError("the disk is gone")

    monkeypatch.setattr(ready, "_LOOKS", {"disk": broken})
    (found,) = ready.checks()
    assert not found.ok and "the disk is gone" in found.seen and found.to_do


@pytest.mark.parametrize("look", ["Python", "packages", "disk", "memory", "the made-up firm",
                                  "fonts and PDF", "the network in here",
                                  "the room's copies"])  # fmt: skip
def test_a_quick_check_is_green_where_tests_run(look: str) -> None:
    found = ready._LOOKS[look]()
    assert found.ok, found


def test_little_room_and_old_things_are_red(monkeypatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda path: SimpleNamespace(free=1_000_000))
    assert not ready._disk().ok
    monkeypatch.setattr(ready, "NEEDS", (3, 99))
    assert not ready._python().ok
    monkeypatch.setattr(ready, "_version", lambda package: "")
    found = ready._packages()
    assert not found.ok and "missing" in found.seen


def test_a_browser_that_is_not_there_is_red(monkeypatch) -> None:
    import webbrowser

    def none():
        raise webbrowser.Error("no browser")

    monkeypatch.setattr(webbrowser, "get", none)
    monkeypatch.setattr(shutil, "which", lambda name: None)
    assert not ready._browser().ok


@pytest.mark.slow
def test_the_whole_check_on_this_machine() -> None:
    found = {checked.what: checked for checked in ready.checks()}
    assert found["a kernel"].ok, found["a kernel"]
    assert found["JupyterLab"].ok, found["JupyterLab"]


# -- a fresh room ------------------------------------------------------------------------------


@pytest.fixture
def room(tmp_path: Path) -> SimpleNamespace:
    """Two samples, a copy of one with guesses in it, and a firm of somebody's own beside it."""
    samples, copies = tmp_path / "sample", tmp_path / "workbook"
    for firm in ("alder-it", "birch-support"):
        (samples / firm).mkdir(parents=True)
    (copies / "alder-it").mkdir(parents=True)
    (copies / "alder-it" / "beliefs.csv").write_text("belief_id,value\ncsat,80\n")
    (copies / "elm-desk").mkdir()
    return SimpleNamespace(samples=samples, copies=copies, aside=tmp_path / "before")


def test_answers_are_moved_aside_and_a_firm_of_ones_own_is_left(room) -> None:
    done = fresh.reset(DAY, room.samples, room.copies, room.aside)
    kept = room.aside / "2025-11-22" / "alder-it" / "beliefs.csv"
    assert "csat,80" in kept.read_text()
    assert not (room.copies / "alder-it").exists()
    assert (room.copies / "elm-desk").is_dir() and done.left == ("elm-desk",)
    assert done.aside == room.aside / "2025-11-22"


def test_twice_a_day_writes_over_nothing(room) -> None:
    fresh.reset(DAY, room.samples, room.copies, room.aside)
    (room.copies / "alder-it").mkdir()
    again = fresh.reset(DAY, room.samples, room.copies, room.aside)
    assert again.aside == room.aside / "2025-11-22-2"
    assert fresh.reset(DAY, room.samples, room.copies, room.aside).aside is None


def test_an_open_workbook_is_not_pulled_away(room, monkeypatch) -> None:
    monkeypatch.setattr(fresh, "running", lambda lab: workbook.Running("", Path(), "", 1))
    with pytest.raises(Refused, match="open on alder-it"):
        fresh.reset(DAY, room.samples, room.copies, room.aside)
    assert (room.copies / "alder-it" / "beliefs.csv").exists()


# -- what was learned --------------------------------------------------------------------------


def test_what_was_learned_is_told_from_five_up(tmp_path: Path) -> None:
    right = learning.questions("01")[0].answer
    for seat in range(6):
        said = [("01-1", right if seat else right % 3 + 1)]
        said += [(f"02-{n % 3 + 1}", 1) for n in range(seat)]
        rooms.answers(tmp_path / f"seat-{seat}.csv", seat, said)
    done = run("--learning", str(tmp_path))
    assert done.exit_code == 0, done.output
    assert "Answers of 6 people." in done.output
    assert "5 of 6 right" in done.output and "Session 1" in done.output
    assert "fewer than 5 answered" in done.output
    assert "seat" not in done.output


def test_a_folder_without_answers_is_said(tmp_path: Path) -> None:
    done = run("--learning", str(tmp_path))
    assert done.exit_code == 1 and "no learning.csv" in done.output
    assert "Answers of" not in done.output
