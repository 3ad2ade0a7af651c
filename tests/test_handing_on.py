"""What sessions hand on: in a run's own folder, or in the client's, whole or not at all."""

from __future__ import annotations

import json

import clients
import fake_notebooks
import IPython.display
import nbformat
import pytest
from servicegap import handing_on, load, schema, show
from servicegap.run import plan
from servicegap.run.making import Job, make
from servicegap.sessions import benchmarking, usp_erosion

FINDING = fake_notebooks.finding("csat")
FIGURE = fake_notebooks.figure("01", "silent", None)
CURVE = fake_notebooks.figure("02", "renewal", None)


@pytest.fixture
def firm(tmp_path):
    return clients.make(
        tmp_path / "firm",
        sealed=True,
        ratings=clients.answered(120, 40, 72),
        contacts=clients.contacts(200, 40),
        accounts=clients.accounts(40),
        beliefs=clients.beliefs(csat=(80, 74, 86), good_peer_percentile=None),
    )


def test_findings_and_what_the_last_session_asks_for_come_back(tmp_path):
    handing_on.hand_on(tmp_path, "01", "2025-06-30", [FINDING, FIGURE])
    handing_on.hand_on(tmp_path, "02", "2025-06-30", [CURVE])
    handing_on.hand_on(tmp_path, "03", "2025-06-30", [])
    found = handing_on.read(tmp_path)
    assert list(found) == ["01", "02", "03"]
    assert found["01"].payloads == (FINDING,) == found["01"].of_kind("finding")
    assert found["01"].as_of == "2025-06-30"
    assert found["02"].named("renewal") == CURVE and found["02"].named("timetable") is None
    assert found["03"].payloads == ()  # run, and nothing that the last session reads
    assert sorted(p.name for p in tmp_path.iterdir()) == ["01.json", "02.json", "03.json"]


def test_nothing_there_is_nothing_found(tmp_path):
    assert handing_on.read(tmp_path / "nowhere") == {}


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "3", '{"version": 9, "as_of": "x", "payloads": []}',
     '{"version": 1, "as_of": "x", "payloads": [{"kind": "finding"}]}',
     '{"version": 1, "as_of": "x", "payloads": ["csat"]}', '{"version": 1, "payloads": []}'],
)  # fmt: skip
def test_a_broken_file_counts_as_none(tmp_path, text):
    handing_on.hand_on(tmp_path, "02", "2025-06-30", [])
    (tmp_path / "01.json").write_text(text)
    assert list(handing_on.read(tmp_path)) == ["02"]


def test_a_belief_that_nobody_knows_is_broken(tmp_path):
    handing_on.hand_on(tmp_path, "01", "2025-06-30", [FINDING | {"id": "charm"}])
    assert handing_on.read(tmp_path) == {}


# -- in the workbook ---------------------------------------------------------------------------


def test_what_is_shown_is_left_in_the_clients_folder(firm, monkeypatch):
    monkeypatch.setattr(IPython.display, "display", lambda *_, **__: None)
    show(benchmarking.csat, firm)
    show(benchmarking.silent, firm)  # not asked for by the last session
    found = handing_on.read(firm.folder / handing_on.HOME)["01"]
    assert [p["id"] for p in found.payloads] == ["csat"]
    show(benchmarking.good_peer_percentile, firm)
    show(benchmarking.csat, firm)  # again, in the place of the first
    found = handing_on.read(firm.folder / handing_on.HOME)["01"]
    assert [p["id"] for p in found.payloads] == ["good_peer_percentile", "csat"]


def test_nothing_is_left_before_the_card_turns_over(firm, monkeypatch):
    class Handle:
        display_id = "x"

    monkeypatch.setattr(IPython.display, "display", lambda *_, **__: Handle())
    monkeypatch.setattr(IPython.display, "update_display", lambda *_, **__: None)
    show(usp_erosion.usp_months_alone, firm)
    assert not (firm.folder / ".servicegap").exists()
    firm.record("usp_months_alone", 12, 6, 24)
    found = handing_on.read(firm.folder / handing_on.HOME)
    assert found["02"].payloads[0]["verdict"] == "not measured"


def test_what_other_files_said_is_not_mixed_in(firm):
    folder = firm.folder / handing_on.HOME
    handing_on.hand_on(folder, "01", "2024-06-30", [FINDING])
    handing_on.leave(firm, FINDING | {"id": "good_peer_percentile"})
    (only,) = handing_on.read(folder)["01"].payloads
    assert only["id"] == "good_peer_percentile"


@pytest.mark.parametrize("how", ["headless", "a sample", "no room"])
def test_a_folder_that_is_not_ours_to_write_is_left_alone(firm, how):
    if how == "no room":
        (firm.folder / ".servicegap").write_text("a file where the folder should be")
        handing_on.leave(firm, FINDING)
        assert handing_on.read(firm.folder / handing_on.HOME) == {}
        return
    at = firm.folder if how == "headless" else "data/sample/alder-it"
    client = load(at, sealed=False)
    handing_on.leave(client, FINDING)
    assert not (client.folder / ".servicegap").exists()


def test_what_is_left_there_is_no_input_of_a_report(firm):
    before = plan.inputs(firm.folder, firm.settings)
    handing_on.leave(firm, FINDING)
    assert (firm.folder / handing_on.HOME / "01.json").is_file()
    assert plan.inputs(firm.folder, firm.settings) == before


# -- in a run ----------------------------------------------------------------------------------

READS = """# What the sessions before it handed on
import os
from IPython.display import display
names = sorted(os.listdir(findings)) if os.path.isdir(findings) else []
display({"text/plain": " ".join(names)}, raw=True)
"""


@pytest.mark.slow
@pytest.mark.parametrize(("sessions", "there"), [(None, "00.json 01.json"), ("10", "")])
def test_a_run_hands_on_to_the_last_session(tmp_path, sessions, there):
    books = fake_notebooks.write_notebooks(tmp_path / "notebooks")
    last = fake_notebooks.notebook("10", fake_notebooks.code(READS))
    cell = next(c for c in last.cells if "parameters" in c.metadata.get("tags", []))
    cell.source += 'findings: str = ""  # where the others left what they found\n'
    nbformat.write(last, books / f"{schema.SESSIONS['10'].stem}.ipynb")
    folder = fake_notebooks.write_client(tmp_path / "elm")
    before = sorted(p.name for p in folder.iterdir())
    made = make(Job(folder, tmp_path / "out", sessions, ("html",), books))
    book = json.loads((made.folder / "notebooks" / "10_referral_roadmap.ipynb").read_text())
    said = [o["data"]["text/plain"] for c in book["cells"] for o in c.get("outputs", ())]
    assert there in ["".join(text) for text in said]
    assert sorted(p.name for p in folder.iterdir()) == before
    assert str(tmp_path) not in json.dumps(book)


def test_what_a_gap_is_worth_is_read_from_the_last_session():
    names = ("id", "gap", "people", "value", "low", "high", "tier")
    columns = [{"name": n, "label": n, "unit": "", "kind": "number"} for n in names]
    rows = [["csat", "Top marks", 12, 0.4, -0.1, 0.9, 1]]
    figure = fake_notebooks.figure("10", "referral_effect", None)
    counted = figure | {"data": {"columns": columns, "rows": rows}}
    right = {"csat": {"value": 0.4, "low": -0.1, "high": 0.9}}
    assert handing_on.effects([FINDING, CURVE, counted]) == right
    assert handing_on.effects([figure]) == {}  # too few referrals: other columns
    assert handing_on.effects([figure | {"data": {"columns": [], "rows": []}}]) == {}
    assert handing_on.effects([]) == {}
