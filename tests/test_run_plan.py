"""What a run will do: which sessions, why not the others, and the hash of everything read."""

from __future__ import annotations

import subprocess
from pathlib import Path
from types import SimpleNamespace

import fake_notebooks
import pytest
from servicegap import schema
from servicegap.run import Failed, WrongUsage, plan

CHECKOUT = Path(__file__).parents[1]


class FakeClient:
    """Just what the plan asks of a client: which needs of a part are not met."""

    def __init__(self, *there: str) -> None:
        self.there = there

    def has(self, need: str) -> bool:
        return need in self.there

    def missing(self, part: schema.Part) -> tuple[str, ...]:
        return tuple(n for n in part.needs if n not in self.there)


@pytest.fixture
def notebooks(tmp_path):
    return fake_notebooks.write_notebooks(tmp_path / "notebooks")


@pytest.fixture
def folder(tmp_path):
    return fake_notebooks.write_client(tmp_path / "elm")


def test_only_notebooks_of_the_series_count(notebooks):
    (notebooks / "99_other.ipynb").write_text("{}")
    (notebooks / "notes.txt").write_text("")
    assert list(plan.available(notebooks)) == ["00", "01"]


def test_no_notebooks_at_all_is_told(tmp_path):
    with pytest.raises(Failed, match="notebooks"):
        plan.available(tmp_path)


@pytest.mark.parametrize("text", ["01", "1", " 01 ,", "01_benchmarking", "benchmarking"])
def test_sessions_may_be_asked_for_in_several_ways(notebooks, text):
    assert plan.asked(text, plan.available(notebooks)) == ("01",)


def test_sessions_come_in_their_own_order_and_once(notebooks):
    assert plan.asked("01,00,1", plan.available(notebooks)) == ("00", "01")
    assert plan.asked(None, plan.available(notebooks)) == ("00", "01")


@pytest.mark.parametrize("text", ["11", "frog", ""])
def test_an_unknown_session_is_wrong_usage_and_names_the_known(notebooks, text):
    with pytest.raises(WrongUsage, match=r"00 .*01"):
        plan.asked(text, plan.available(notebooks))


def test_a_session_none_of_whose_parts_can_run_is_not_measured_and_says_why():
    s = schema.SESSIONS["01"]
    status = plan.status(s, FakeClient(), True)
    assert status.status == "not_measured"
    assert "the table ratings" in status.reason
    assert plan.status(s, FakeClient("tickets.sla_met"), True).status == "ok"


def test_a_missing_column_is_named_with_its_table():
    status = plan.status(schema.SESSIONS["08"], FakeClient("relationship"), True)
    assert "the column would_refer of relationship" in status.reason
    assert "the table kano" in status.reason and "the table relationship" not in status.reason


def test_a_session_not_asked_for_says_so_even_when_it_could_not_run():
    status = plan.status(schema.SESSIONS["01"], FakeClient(), False)
    assert (status.status, status.reason) == ("not_asked", "Not asked for in this run.")


def test_inputs_are_what_is_read_and_nothing_else(folder, tmp_path):
    (folder / "letter.docx").write_text("x")
    (folder / ".servicegap").mkdir()
    (folder / "Tickets.XLSX").write_bytes(b"x")
    (folder / "approval.json").write_text("{}")
    (folder / "logo.png").write_bytes(b"p")
    (tmp_path / "panel.csv").write_text("p")
    last = fake_notebooks.write_client(tmp_path / "last")
    settings = SimpleNamespace(
        brand={"logo": "logo.png", "colour": "#123456"}, panel="../panel.csv", previous="../last"
    )
    found = plan.inputs(folder, settings, {"logo.png": folder / "logo.png"})
    assert list(found) == sorted(found)
    assert set(found) == {
        *("Tickets.XLSX", "approval.json", "client.yaml", "logo.png", "ratings.csv"),
        *("panel/panel.csv", "previous/client.yaml", "previous/ratings.csv"),
    }
    assert all(len(h) == 64 for h in found.values())
    assert last.exists()


def test_the_key_changes_with_everything_read_and_with_nothing_else(folder, notebooks, tmp_path):
    settings = SimpleNamespace(brand={}, panel=None, previous=None)

    def key(formats=("html", "pdf"), parameters=None, sessions=("00", "01")):
        paths = [plan.available(notebooks)[s] for s in sessions]
        return plan.key(plan.inputs(folder, settings), paths, formats, parameters or {})

    first = key()
    assert key() == first
    (folder / "letter.docx").write_text("not read")
    assert key() == first
    assert key(formats=("pdf", "html")) == first
    different = {
        first,
        key(formats=("html",)),
        key(parameters={"assumed": 3}),
        key(sessions=["01"]),
    }
    (folder / "ratings.csv").open("a").write("x\n")
    different.add(key())
    for line in ("currency: EUR", "notes: Sells servers too."):
        (folder / "client.yaml").open("a").write(f"{line}\n")
        different.add(key())
    fake_notebooks.write_notebooks(notebooks, s01="# New\n1")
    different.add(key())
    assert len(different) == 8


def test_the_library_itself_is_part_of_the_key(monkeypatch):
    before = plan.key({}, [], ("html",), {})
    monkeypatch.setattr(plan, "library_hash", lambda: "another")
    assert plan.key({}, [], ("html",), {}) != before


def test_what_is_read_counts_however_its_name_is_written(folder, tmp_path):
    """Windows and macOS open Client.yaml where client.yaml is asked for."""
    last = fake_notebooks.write_client(tmp_path / "last")
    for place, name in ((folder, "Client.YAML"), (last, "Client.yaml")):
        (place / "client.yaml").rename(place / name)
    (folder / "Approval.json").write_text("{}")
    settings = SimpleNamespace(brand={}, panel=None, previous="../last")
    before = plan.inputs(folder, settings)
    assert {"client.yaml", "approval.json", "previous/client.yaml"} <= set(before)
    for place, name in ((folder, "Client.YAML"), (last, "Client.yaml")):
        (place / name).open("a").write("currency: EUR\n")
    now = plan.inputs(folder, settings)
    assert {name for name in now if now[name] != before[name]} == {
        "client.yaml", "previous/client.yaml"
    }  # fmt: skip
    (folder / "client.yaml").write_text("name: the one that is read here\n")
    assert plan.inputs(folder, settings)["client.yaml"] != now["client.yaml"]


@pytest.fixture
def library(tmp_path, monkeypatch):
    """A small library in the place of ours."""
    small = tmp_path / "servicegap"
    for name in ("run/plan.py", "report/look.css", "intake/formats/desk.yaml"):
        (small / name).parent.mkdir(parents=True, exist_ok=True)
        (small / name).write_text(name)
    monkeypatch.setattr(plan, "__file__", str(small / "run" / "plan.py"))
    yield small
    plan.library_hash.cache_clear()


def hashed() -> str:
    plan.library_hash.cache_clear()
    return plan.library_hash()


def test_what_systems_and_editors_leave_in_the_library_makes_no_report_old(library):
    before = hashed()
    for name in (".DS_Store", "run/.plan.py.swp", "run/plan.py~", "report/Thumbs.db",
                 "run/__pycache__/plan.cpython-311.pyc", "run/plan.py.orig",
                 "run/.ipynb_checkpoints/plan.py"):  # fmt: skip
        (library / name).parent.mkdir(exist_ok=True)
        (library / name).write_bytes(b"left")
    assert hashed() == before
    (library / "intake" / "formats" / "desk.yaml").write_text("changed")
    assert hashed() != before


def test_every_file_that_the_library_has_is_part_of_its_hash():
    """A new kind of file has to be named in the plan, or reports would not see it change."""
    done = subprocess.run(
        ["git", "ls-files", "lib/servicegap"], cwd=CHECKOUT, capture_output=True, text=True
    )
    if done.returncode:
        pytest.skip("this is no checkout")
    assert {Path(line).suffix for line in done.stdout.splitlines()} <= plan.OF_THE_LIBRARY


def test_a_checkout_has_the_same_lines_everywhere():
    """Else Windows, or a worker on it, would have another library by its hash."""
    asked = ["lib/servicegap/run/plan.py", "data/sample/alder-it/ratings.csv", "x.woff2", "x.png"]
    done = subprocess.run(
        ["git", "check-attr", "text", "eol", "--", *asked],
        cwd=CHECKOUT, capture_output=True, text=True,
    )  # fmt: skip
    if done.returncode:
        pytest.skip("this is no checkout")
    said = [line.rsplit(": ", 2) for line in done.stdout.splitlines()]
    told = {(path, name): value for path, name, value in said}
    assert [told[path, "eol"] for path in asked[:2]] == ["lf", "lf"]
    assert [told[path, "text"] for path in asked[2:]] == ["unset", "unset"]
