"""A portfolio: planned by content without opening a table, and two clients never confused."""

from __future__ import annotations

import json
import shlex
import shutil
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import fake_notebooks
import pytest
from servicegap.cli import batching, saying
from servicegap.run import Failed, WrongUsage, batch, locks, publish, sources
from servicegap.run.job import Job


@pytest.fixture
def house(tmp_path) -> Path:
    """Three clients and two small notebooks."""
    for name in ("ash", "elm", "oak"):
        fake_notebooks.write_client(tmp_path / "clients" / name, f"{name.title()} Desk", name)
    fake_notebooks.write_notebooks(tmp_path / "notebooks")
    return tmp_path


def job(house: Path, **changes) -> Job:
    return Job(Path(), house / "out", None, ("html",), house / "notebooks", **changes)


def publish_all(tasks) -> list[batch.Outcome]:
    """A crew that makes nothing, but publishes what a plan looks at."""
    return [_published(task) for task in tasks]


def _published(task: batch.Task) -> batch.Outcome:
    found = sources.found(task.job.folder)
    key = batch._key(found, task.job, sorted(task.job.notebooks.glob("*.ipynb")))
    with publish.staged(task.job.out, task.slug) as stage:
        folder = stage.publish({"report.html": b"x", "a/b.json": b"y"}, {"key": key}, task.slug)
    manifest = folder / "manifest.json"
    job = task.job
    return batch.Outcome(job.folder, task.name, task.id, task.slug, "made", manifest=manifest)


def run(house: Path, **options) -> dict[str, str]:
    own = options.pop("job", job(house))
    folders = options.pop("folders", [house / "clients"])
    done = batch.run(folders, own, publish_all, **options)
    return {outcome.folder.name: outcome.status for outcome in done}


def test_the_second_time_nothing_is_made_and_after_a_change_only_what_it_touches(house):
    assert run(house) == {"ash": "made", "elm": "made", "oak": "made"}
    assert run(house) == {"ash": "unchanged", "elm": "unchanged", "oak": "unchanged"}
    (house / "clients" / "elm" / "ratings.csv").open("a").write("r99,a1,c1,2025-03-01,5,1-5\n")
    assert run(house) == {"ash": "unchanged", "elm": "made", "oak": "unchanged"}
    (house / "clients" / "oak" / "letter.txt").write_text("nobody reads it")
    assert run(house)["oak"] == "unchanged"
    fake_notebooks.write_notebooks(house / "notebooks", s01="1 + 1")
    assert set(run(house).values()) == {"made"}
    assert set(run(house, force=True).values()) == {"made"}
    other = replace(job(house), formats=("html", "pdf"))
    assert set(run(house, job=other).values()) == {"made"}


def test_a_report_that_lost_a_file_or_was_spoilt_is_made_anew(house):
    run(house)
    (place,) = (house / "out").glob("ash-*")
    (place / "a" / "b.json").write_bytes(b"z")
    assert run(house)["ash"] == "unchanged", "files are there; --verify looks inside"
    assert run(house, verify=True)["ash"] == "made"
    for spoil in (lambda p: (p / "report.html").unlink(), lambda p: (p / "report.html").open("w"),
                  lambda p: (p / "manifest.json").write_text("{")):  # fmt: skip
        spoil(place)
        assert run(house) == {"ash": "made", "elm": "unchanged", "oak": "unchanged"}


def test_two_folders_of_one_client_are_refused_before_anything_runs(house):
    fake_notebooks.write_client(house / "clients" / "ash copy", "Ash again", "ash")
    with pytest.raises(Failed, match="both have the id “ash”"):
        run(house)
    assert not list((house / "out").glob("*/manifest.json"))


def test_the_last_period_of_a_client_is_no_client_of_its_own(house):
    fake_notebooks.write_client(house / "clients" / "ash 2024", "Ash Desk", "ash")
    settings = house / "clients" / "ash" / "client.yaml"
    settings.write_text(settings.read_text() + "previous: ../ash 2024\n")
    assert run(house)["ash 2024"] == "not a client"


@pytest.mark.parametrize("wrong", ["as_of: 30.09.2026", "id: ''", "colour: ["])
def test_a_slip_in_this_periods_settings_puts_no_older_report_over_the_good_one(house, wrong):
    """The older folder is no client because the newer one can't be read."""
    ash, settings = house / "clients" / "ash", house / "clients" / "ash" / "client.yaml"
    fake_notebooks.write_client(house / "clients" / "ash 2024", "Ash Desk", "ash")
    settings.write_text(settings.read_text() + "previous: ../ash 2024\n")
    run(house)
    (manifest,) = (house / "out").glob("ash-*/manifest.json")
    before, good = manifest.read_bytes(), settings.read_text()
    key = wrong.partition(":")[0]
    kept = [line for line in good.splitlines() if not line.startswith(f"{key}:")]
    settings.write_text("\n".join([*kept, wrong]) + "\n")
    came = run(house)
    assert came["ash"] == "failed" and came["elm"] == "unchanged"
    if wrong != "colour: [":  # nothing can be known of that; what is being made guards itself
        assert came["ash 2024"] == "not a client" and manifest.read_bytes() == before
    settings.write_text(good)
    assert run(house)["ash 2024"] == "not a client"
    assert ash.is_dir()


@pytest.mark.parametrize(
    ("place", "looks"),
    [("clients/elm", ["iterdir"]), ("clients/elm/client.yaml", ["read_bytes"]),
     ("clients/elm/client.yaml", ["is_file", "read_bytes"])],
)  # fmt: skip
def test_a_folder_that_may_not_be_read_fails_alone(house, place, looks, monkeypatch):
    """Permissions mean nothing to root, so the system's refusal is played here."""

    def refusing(real):
        def look(path, *args, **kwargs):
            if path == house / place:
                raise PermissionError(13, "Permission denied", str(path))
            return real(path, *args, **kwargs)

        return look

    for name in looks:
        monkeypatch.setattr(Path, name, refusing(getattr(Path, name)))
    done = batch.run([house / "clients"], job(house), publish_all)
    came = {outcome.folder.name: outcome for outcome in done}
    assert [came[name].status for name in ("ash", "elm", "oak")] == ["made", "failed", "made"]
    assert f"{house / place} can't be read (Permission denied)" in came["elm"].reason


def test_folders_of_the_disk_itself_are_no_clients(house):
    for name in ("lost+found", "System Volume Information", "$RECYCLE.BIN"):
        (house / "clients" / name).mkdir()
    done = batch.run([house / "clients"], job(house), publish_all)
    assert {outcome.folder.name for outcome in done} == {"ash", "elm", "oak"}


@pytest.mark.parametrize("escape", [r"e\ud83d\ude00", r"e\udc00", r"e\0"])
def test_half_a_letter_in_the_settings_fails_its_own_client_and_says_so(house, escape):
    settings = house / "clients" / "elm" / "client.yaml"
    settings.write_text(settings.read_text().replace("id: elm", f'id: "{escape}"'))
    done = {o.folder.name: o for o in batch.run([house / "clients"], job(house), publish_all)}
    assert [o.status for o in done.values()] == ["made", "failed", "made"]
    assert "write the letter itself" in done["elm"].reason


def test_what_is_no_client_is_left_out_and_a_broken_one_fails_alone(house):
    (house / "clients" / "letters").mkdir()
    (house / "clients" / ".hidden").mkdir()
    (house / "clients" / "oak" / "client.yaml").write_text("name: [")
    assert run(house) == {
        "ash": "made", "elm": "made", "letters": "not a client", "oak": "failed"
    }  # fmt: skip


def test_single_clients_may_be_named(house):
    assert run(house, folders=[house / "clients" / "elm"]) == {"elm": "made"}
    with pytest.raises(WrongUsage, match="no folder"):
        run(house, folders=[house / "nobody"])
    (house / "empty").mkdir()
    with pytest.raises(WrongUsage, match=r"client\.yaml"):
        run(house, folders=[house / "empty"])


def test_a_second_batch_on_the_same_output_is_refused(house):
    def crew(tasks):
        with pytest.raises(Failed, match="Another batch is writing"):
            run(house)
        return publish_all(tasks)

    assert len(batch.run([house / "clients"], job(house), crew)) == 3
    assert run(house)["ash"] == "unchanged"


def test_a_job_means_the_same_wherever_its_worker_stands(house, monkeypatch):
    elsewhere = house / "elsewhere"
    elsewhere.mkdir()
    (house / "brand.yaml").write_text("name: Oak Advice\n")
    told = Job(
        Path(), Path("reports"), None, ("html",), Path("notebooks"), brand=Path("brand.yaml")
    )

    def far_away(tasks):
        with monkeypatch.context() as there:
            there.chdir(elsewhere)
            return publish_all(tasks)

    monkeypatch.chdir(house)
    done = batch.run([Path("clients")], told, far_away)
    assert [outcome.status for outcome in done] == ["made"] * 3
    assert len(list((house / "reports").glob("*/manifest.json"))) == 3
    assert list(elsewhere.iterdir()) == []


def test_a_report_that_nobody_finds_here_is_not_called_made(house):
    def on_its_own_disk(tasks):
        for outcome in publish_all(tasks):
            shutil.rmtree(outcome.manifest.parent)
            yield outcome

    said = []
    done = batch.run([house / "clients"], job(house), on_its_own_disk, ended=said.append)
    assert [outcome.status for outcome in done] == ["failed"] * 3
    assert "this machine sees no report there; --out must be one folder" in done[0].reason
    assert {outcome.status for outcome in said} == {"failed"}


def test_a_lock_that_can_not_be_taken_is_said_plainly(tmp_path):
    (tmp_path / "out").write_text("a file")
    with pytest.raises(Failed, match="could not be written"), locks.held(tmp_path / "out", "x", ""):
        pass


def test_a_plan_opens_no_table_and_loads_no_heavy_library(house):
    run(house)
    source = (
        "import sys; from pathlib import Path; from servicegap.run import batch, job\n"
        f"job = job.Job(Path(), Path({str(house / 'out')!r}), None, ('html',), "
        f"Path({str(house / 'notebooks')!r}))\n"
        f"planned = batch.plan_for([Path({str(house / 'clients')!r})], job)\n"
        "heavy = {'pandas', 'numpy', 'matplotlib', 'papermill'} & set(sys.modules)\n"
        "print(len(planned.known), heavy)"
    )
    done = subprocess.run([sys.executable, "-c", source], capture_output=True, text=True)
    assert done.stdout.split() == ["3", "set()"], done.stderr


def test_a_hundred_clients_of_whom_nothing_has_changed_take_no_time(tmp_path):
    """CPU seconds, since other tests run beside; the benchmark has them on the clock."""
    for i in range(100):
        fake_notebooks.write_client(tmp_path / "clients" / f"c{i}", f"Elm {i}", f"elm-{i}")
    fake_notebooks.write_notebooks(tmp_path / "notebooks")
    assert len(run(tmp_path)) == 100
    start = time.process_time()
    assert set(run(tmp_path).values()) == {"unchanged"}
    assert time.process_time() - start < 2


def outcome(name: str, status: str, reason: str = "") -> batch.Outcome:
    return batch.Outcome(Path.cwd() / "clients" / name, name, name, name, status, reason)


def test_the_summary_says_why_and_how_to_make_just_the_failed_ones_again():
    outcomes = [outcome("ash", "made"), outcome("old elm", "failed", "It broke."),
                outcome("oak", "unchanged"), outcome("x", "not a client", "Nothing.")]  # fmt: skip
    lines = batching.summary(outcomes, 75, ["--out", "my reports"])
    assert lines[0] == "3 clients: 1 made, 1 unchanged, 1 failed, in 1 min 15 s."
    assert any("old elm" in line and "It broke." in line for line in lines)
    command = lines[-1].partition(": ")[2]
    assert shlex.split(command) == [
        *saying.program(), "batch", "clients/old elm", "--out", "my reports"
    ]  # fmt: skip


def test_the_summary_counts_every_draft_that_stands_and_says_how_to_approve_it():
    made, stands = (replace(outcome(n, s), draft=True) for n, s in
                    (("ash", "made"), ("old oak", "unchanged")))  # fmt: skip
    (line,) = [x for x in batching.summary([made, stands], 1) if "DRAFT" in x]
    assert line.startswith("2 say DRAFT until you have read them and run: ")
    assert shlex.split(line.partition(": ")[2]) == [
        *saying.program(), "approve", "clients/ash", "clients/old oak", "--by", "Your Name"
    ]  # fmt: skip
    lines = batching.summary([made, outcome("oak", "unchanged")], 1, (), ("--out", "elsewhere"))
    (line,) = [x for x in lines if "DRAFT" in x]
    assert line.startswith("1 says DRAFT until you have read it and run: ")
    assert "--out elsewhere" in line


def test_an_unchanged_draft_is_still_a_draft(tmp_path):
    fake_notebooks.write_client(tmp_path / "clients" / "elm", "Elm", "elm")
    fake_notebooks.write_notebooks(tmp_path / "notebooks")
    run(tmp_path)
    planned = batch.plan_for([tmp_path / "clients"], job(tmp_path))
    assert [(o.status, o.draft) for o in planned.known] == [("unchanged", True)]


def test_the_log_has_a_line_of_json_for_each_event(tmp_path):
    with batching._written_down(tmp_path / "log") as note:
        note("made", client="Elm", seconds=3.2)
    (line,) = (tmp_path / "log").read_text().splitlines()
    told = json.loads(line)
    assert (told["event"], told["client"], told["seconds"]) == ("made", "Elm", 3.2)
