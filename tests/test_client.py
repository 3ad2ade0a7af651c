"""A client's folder: settings in plain words, beliefs that survive two windows and a kill."""

from __future__ import annotations

import datetime as dt
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from servicegap import load, schema
from servicegap.client import Client, find, places
from servicegap.problems import Refused

RATINGS = """rating_id,account_id,contact_id,ticket_id,answered_at,score,scale
R1,A1,C1,T1,2025-04-25,5,1-5
R2,A1,C2,T9,2025-05-01,3,1-5
"""


def make(folder: Path, settings: str = "name: Acme IT\nid: 007\n", **tables: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "client.yaml").write_text(settings, encoding="utf-8")
    for name, text in tables.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return make(tmp_path / "acme", ratings=RATINGS)


# --- settings


def test_every_value_is_text_first(tmp_path: Path) -> None:
    settings = """
name: NO
id: 007
currency: eur
period: {start: 2025-01-01, end: '2025-12-31'}
as_of: 2026-01-15
group: uk-small
origin: Service
brand: {colour: '#123456'}
cost_per_hour: 38.5
effort: {product: 60, service: 25, process: 15}
made_up: yes
"""
    found = load(make(tmp_path / "x", settings)).settings
    assert (found.name, found.id, found.currency) == ("NO", "007", "EUR")
    assert found.period_start == dt.date(2025, 1, 1) and found.period_end == dt.date(2025, 12, 31)
    assert found.as_of == dt.date(2026, 1, 15)
    assert found.origin == "service" and found.brand == {"colour": "#123456"}
    assert found.cost_per_hour == 38.5 and found.effort["service"] == 25 and found.made_up


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ("", ["name", "missing or empty", "write name: "]),
        ("name: A\n", ["“id”", "missing or empty"]),
        ("name: A\nid: a\nas_of: soon\n", ["as_of", "“soon” is not a date", "2025-12-31"]),
        ("name: A\nid: a\nperiod: 2025\n", ["period", "a start and an end"]),
        ("name: A\nid: a\nperiod: {start: 2025-02-01, end: 2025-01-01}\n", ["ends before"]),
        ("name: A\nid: a\ncurrency: pounds\n", ["three letters"]),
        ("name: A\nid: a\ncost_per_hour: much\n", ["cost_per_hour", "not a number"]),
        ("name: A\nid: a\norigin: luck\n", ["origin", "product, service"]),
        ("name: [A, B]\nid: a\n", ["name", "one text"]),
        ("name: A\nid: a\nbrand: blue\n", ["brand", "keys of its own"]),
        ("name: A\n  id: [\n", ["client.yaml", "can't be read at line"]),
        ("- a\n- b\n", ["holds no keys"]),
        ("name: !!python/object/apply:os.system [ls]\nid: a\n", ["client.yaml", "name"]),
    ],
)
def test_wrong_settings_are_refused_in_plain_words(
    tmp_path: Path, settings: str, words: list[str]
) -> None:
    with pytest.raises(Refused) as refused:
        load(make(tmp_path / "x", settings))
    for word in words:
        assert word in str(refused.value)


def test_all_that_is_wrong_with_the_settings_is_said_at_once(tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused:
        load(make(tmp_path / "x", "name: A\nas_of: soon\norigin: luck\n"))
    assert {p.column for p in refused.value.problems} == {"id", "as_of", "origin"}


def test_unknown_and_repeated_keys_are_named(tmp_path: Path) -> None:
    client = load(make(tmp_path / "x", "name: A\nname: B\nid: b\ncurency: GBP\nmood: fine\n"))
    said = "\n".join(map(str, client.problems))
    assert "call it currency" in said and "“mood”" in said and "stands there twice" in said


# --- files


def test_a_folder_is_found_from_anywhere_inside(folder: Path, monkeypatch) -> None:
    deep = folder / "workbook" / "deep"
    deep.mkdir(parents=True)
    monkeypatch.chdir(deep)
    assert find("acme") == folder.resolve()
    assert find(Path("data") / "sample" / "alder-it").name == "alder-it"
    with pytest.raises(Refused, match=r"no folder nowhere.*servicegap new"):
        find("nowhere")


def test_a_folder_without_settings_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match=r"no client.yaml.*servicegap new"):
        load(tmp_path)


def test_two_files_of_one_table_are_refused(folder: Path) -> None:
    (folder / "ratings.xlsx").write_bytes(b"PK")
    with pytest.raises(Refused, match=r"ratings\.csv and ratings\.xlsx are both there"):
        load(folder)


def test_all_refusals_come_together_or_are_tolerated(folder: Path) -> None:
    (folder / "tickets.csv").write_text("a,b\n1,2\n")
    (folder / "accounts.csv").write_text("")
    with pytest.raises(Refused) as refused:
        load(folder)
    assert {p.table for p in refused.value.problems} == {"tickets", "accounts"}
    client = load(folder, tolerate=True)
    assert len(client.refused) == 2 and client.has("ratings") and not client.has("tickets")
    assert set(client.refused) <= set(client.problems)


def test_files_that_nothing_reads_are_named(folder: Path) -> None:
    for name in ("ticket.csv", "accounts.xls", "~$ratings.xlsx", "notes.docx"):
        (folder / name).write_bytes(b"x")
    said = "\n".join(map(str, load(folder).problems))
    assert "call it tickets.csv" in said
    assert "accounts.xls: .xls files are not read" in said
    assert "~$" not in said and "docx" not in said


def test_names_in_capitals_are_the_same_table(folder: Path) -> None:
    (folder / "ratings.csv").rename(folder / "RATINGS.CSV")
    assert load(folder).has("ratings")


# --- what a client has


def test_what_is_there_and_what_is_missing(folder: Path) -> None:
    client = load(folder)
    assert client.has("ratings") and client.has("ratings.ticket_id")
    assert not client.has("ratings.comment") and not client.has("tickets")
    assert client["tickets"].empty
    assert tuple(client["tickets"].columns) == schema.TABLES["tickets"].names
    part = schema.part_of("benchmarking", "funnel")
    assert client.missing(part) == ("tickets.team",)


def test_as_of_is_the_latest_event(folder: Path) -> None:
    assert load(folder).as_of == dt.date(2025, 5, 1)
    (folder / "commitments.csv").write_text("action_id,what,due\nX,y,2030-01-01\n")
    load(folder).record("csat", 60)
    assert load(folder).as_of == dt.date(2025, 5, 1), "neither plans nor guesses date the files"


def test_tables_are_held_against_each_other(folder: Path) -> None:
    make(
        folder, "name: A\nid: a\nas_of: 2025-04-30\n",
        accounts="account_id,name,since,left_on\na1,x,2025-01-01,2024-01-01\n",
        contacts="contact_id,account_id\nC1,A2\n",
        tickets="ticket_id,account_id,opened_at,resolved_at\nT1,A1,2025-01-02,2025-01-01\n",
        beliefs="belief_id,value,low,high\ncsat,80,50,60\nmood,3,,\nstay_share,0.9,,\n",
    )  # fmt: skip
    said = [str(p) for p in load(folder).problems]
    for words in (
        "“A1” is not in accounts (2 in all); it looks like “a1”",
        "“T9” is not in tickets",
        "“C2” is not in contacts",
        "“C1” stands at account A1 here and at A2 in contacts",
        "resolved_at is before opened_at",
        "left_on is before since",
        "ratings.csv, row 3, column “answered_at”: this is after 2025-04-30",
        "the best guess is outside its own range",
        "“mood” is not a belief",
        "write 60 for 60 %, not 0.6",
    ):
        assert any(words in line for line in said), (words, said)


# --- beliefs


def test_the_earliest_value_is_the_belief(tmp_path: Path) -> None:
    client = load(make(
        tmp_path / "x",
        beliefs="belief_id,value,low,high,stated_by,stated_at\n"
        "csat,,,,owner,2025-01-01\ncsat,70,60,80,owner,2025-03-01\ncsat,50,,,owner,2025-02-01\n"
        "stay_share,,,,owner,2025-01-01\ngood_value_share,40,,,,\ngood_value_share,30,,,,2020-01-01\n",
    ))  # fmt: skip
    csat = client.stated("csat")
    assert csat is not None and (csat.value, csat.low, csat.declined) == (50, None, False)
    assert [after.value for after in csat.after] == [70]
    declined = client.stated("stay_share")
    assert declined is not None and declined.declined and declined.value is None
    value = client.stated("good_value_share")
    assert value is not None and value.value == 40, "without dates the order of the file counts"
    assert client.stated("watermelon_share") is None


def test_recording_opens_the_seal_and_tells_listeners(folder: Path) -> None:
    client = load(folder)
    heard: list[bool] = []
    client.listeners.append(lambda: heard.append(client.is_sealed("01")))
    assert client.is_sealed("01") and not load(folder, sealed=False).is_sealed("01")
    client.record("csat", 60, 50, 70, "owner")
    client.record("good_peer_percentile")
    assert heard == [True, False]
    assert (folder / "beliefs.csv").read_bytes().startswith(b"\xef\xbb\xbfbelief_id,value")
    again = load(folder)
    stated = again.stated("csat")
    assert stated is not None and (stated.value, stated.low, stated.stated_by) == (60, 50, "owner")
    assert not again.is_sealed("01")


@pytest.mark.parametrize(
    ("guess", "words"),
    [
        (("csat", 140), "0 to 100"),
        (("csat", float("nan")), "0 to 100"),
        (("csat", 50, 60, 70), "low end can't be above"),
        (("csat", 50, 40, 45), "high end"),
        (("csat", None, 40, 45), "needs a best guess"),
        (("mood", 5), "no belief called"),
    ],
)
def test_impossible_guesses_are_not_recorded(folder: Path, guess: tuple, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        load(folder).record(*guess)
    assert not (folder / "beliefs.csv").exists()


def test_recording_keeps_what_stands_there(folder: Path) -> None:
    text = 'sep=;\nOur guesses\nValue;Belief ID;remark\n12,5;csat;"said on the phone; twice"\n'
    (folder / "beliefs.csv").write_bytes(text.encode("utf-16"))
    client = load(folder)
    client.record("csat", 61)
    stated = client.stated("csat")
    assert stated is not None and stated.value == 12.5 and stated.after[0].value == 61
    kept = (folder / "beliefs.csv").read_text("utf-8-sig")
    assert kept.startswith("Our guesses\n") and '"said on the phone; twice"' in kept


@pytest.mark.parametrize("name", ["Beliefs.csv", "BELIEFS.CSV"])
def test_a_guess_goes_into_the_file_that_is_there_however_its_name_is_written(
    folder: Path, name: str
) -> None:
    """A second file beside it would leave a folder that can't be loaded any more."""
    (folder / name).write_text("belief_id,value\ncsat,60\n")
    client = load(folder)
    client.record("stay_share", 90)
    for seen in (client, load(folder)):
        assert seen["beliefs"]["belief_id"].tolist() == ["csat", "stay_share"]
    assert [p.name for p in folder.glob("[Bb]*")] == [name]
    (folder / "Commitments.csv").write_text("action_id,what\n01-own,call them\n")
    client = load(folder)
    client.promise({"action_id": "01-own", "what": "call again"})
    assert load(folder)["commitments"]["action_id"].tolist() == ["01-own", "01-own-2"]


def test_which_of_two_files_a_guess_belongs_to_is_not_guessed(folder: Path) -> None:
    client = load(folder)
    for name in ("Beliefs.csv", "beliefs.csv"):
        (folder / name).write_text("belief_id,value\ncsat,60\n")
    if len(list(folder.glob("[Bb]eliefs.csv"))) < 2:
        pytest.skip("on this disk they are one file")
    with pytest.raises(Refused, match=r"Beliefs.csv and beliefs.csv are both there"):
        client.record("csat", 61)


def test_a_row_out_of_line_stops_recording(folder: Path) -> None:
    """With a new column its extra cell would come to mean something."""
    (folder / "beliefs.csv").write_text("belief_id,value\ncsat,60,70\n")
    with pytest.raises(Refused, match=r"beliefs.csv, row 2: the row has 3 cells for 2 headers"):
        load(folder).record("csat", 61)
    assert (folder / "beliefs.csv").read_text() == "belief_id,value\ncsat,60,70\n"


def test_two_windows_do_not_lose_each_others_guesses(folder: Path) -> None:
    one, two = load(folder), load(folder)
    one.record("csat", 60)
    two.record("stay_share", 90)
    assert set(two["beliefs"]["belief_id"]) == {"csat", "stay_share"}
    script = (
        "import sys; from servicegap import load; client = load(sys.argv[1])\n"
        "for i in range(8): client.record('csat', i, stated_by=sys.argv[2])"
    )
    windows = [
        subprocess.Popen([sys.executable, "-c", script, str(folder), f"window {n}"])
        for n in range(2)
    ]
    assert [window.wait(60) for window in windows] == [0, 0]
    beliefs = load(folder)["beliefs"]
    assert len(beliefs) == 2 + 2 * 8
    for n in range(2):
        said = beliefs[beliefs["stated_by"] == f"window {n}"]
        assert said["value"].tolist() == list(range(8))
    assert not list(folder.glob(".beliefs-*.tmp"))


@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL")
def test_a_killed_window_leaves_a_whole_file_and_no_lock(folder: Path) -> None:
    script = (
        "import sys; from servicegap import load; client = load(sys.argv[1])\n"
        "i = 0\n"
        "while True:\n"
        "    client.record('csat', i % 100)\n"
        "    i += 1\n"
        "    print(i, flush=True)"
    )
    for wait in (0.0, 0.007):
        window = subprocess.Popen(
            [sys.executable, "-c", script, str(folder)], stdout=subprocess.PIPE, text=True
        )
        assert window.stdout is not None
        for _ in range(5):
            window.stdout.readline()
        time.sleep(wait)
        os.kill(window.pid, signal.SIGKILL)
        reported = window.stdout.read().count("\n") + 5
        window.wait()
        window.stdout.close()
        before = len(load(folder)["beliefs"])
        assert before >= reported, "what was reported as written is there"
        start = time.monotonic()
        load(folder).record("csat", 1)
        assert time.monotonic() - start < 10, "the dead window's lock is gone"
        (folder / "beliefs.csv").unlink()


def test_guesses_in_a_workbook_are_not_touched(folder: Path) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    book.active.append(("belief_id", "value"))
    book.save(folder / "Beliefs.xlsx")
    with pytest.raises(Refused, match=r"save Beliefs.xlsx as beliefs.csv"):
        load(folder).record("csat", 60)


# --- samples


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch) -> Path:
    make(tmp_path / "data" / "sample" / "oak", ratings=RATINGS,
         beliefs="belief_id,value\ncsat,60\n")  # fmt: skip
    (tmp_path / "data" / "sample" / "oak" / "TRUTH.yaml").write_text("secret: 1\n")
    monkeypatch.setattr(places, "ROOT", tmp_path)
    monkeypatch.setattr(places, "COPIES", tmp_path / "workbook")
    monkeypatch.chdir("/")
    return tmp_path


def test_a_sealed_sample_is_a_copy_without_beliefs_or_truth(checkout: Path) -> None:
    client = load("data/sample/oak")
    assert client.folder == checkout / "workbook" / "oak"
    assert client.is_sealed("01") and client["beliefs"].empty
    assert sorted(p.name for p in client.folder.iterdir()) == [
        "beliefs.csv", "client.yaml", "ratings.csv",
    ]  # fmt: skip
    client.record("csat", 40)
    again = load("data/sample/oak").stated("csat")
    assert again is not None and again.value == 40, "the copy is made once and used again"
    original = load("data/sample/oak", sealed=False).stated("csat")
    assert original is not None and original.value == 60


def test_a_shipped_sample_is_never_written_to(checkout: Path) -> None:
    client = load("data/sample/oak", sealed=False)
    with pytest.raises(Refused, match="never written to"):
        client.record("csat", 1)
    assert (client.folder / "beliefs.csv").read_text() == "belief_id,value\ncsat,60\n"


def test_an_answer_of_the_same_day_without_a_time_is_not_before_the_question(
    folder: Path,
) -> None:
    (folder / "ratings.csv").write_text(
        "rating_id,account_id,asked_at,answered_at,score,scale\n"
        "R1,A1,2025-01-23 14:30,2025-01-23,5,1-5\n"
        "R2,A1,2025-01-23 14:30,2025-01-22,5,1-5\n"
    )
    said = [str(p) for p in load(folder).problems if "before" in p.what]
    assert len(said) == 1 and "row 3" in said[0]


def test_what_is_remembered_is_worked_out_once_until_something_is_recorded(tmp_path: Path) -> None:
    (tmp_path / "client.yaml").write_text("name: Elm\nid: elm\n", encoding="utf-8")
    client, asked = load(tmp_path), []

    def count(of: Client) -> int:
        asked.append(of)
        return len(of["beliefs"])

    assert [client.remembered(count) for _ in range(3)] == [0, 0, 0] and len(asked) == 1
    client.record("csat", 80)
    assert client.remembered(count) == 1 and len(asked) == 2
