"""The forms of the workbook, without a browser: what they say, what they record, what they hide."""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from servicegap import load, schema
from servicegap.client.appending import append_row
from servicegap.problems import Refused
from servicegap.sessions import benchmarking
from servicegap.tables import empty_frame, read_table
from servicegap.widgets import exploring, guessing, promising
from servicegap.widgets import typed as reading

CSAT = schema.HEADLINES["csat"]
MONTHS = schema.HEADLINES["usp_months_alone"]


@dataclass
class FakeClient:
    """The part of a client that forms speak to: guesses, the seal, listeners, a folder."""

    folder: Path
    sealed: bool = True
    rows: list[tuple] = field(default_factory=list)
    listeners: list = field(default_factory=list)
    as_of: date = date(2025, 6, 30)
    fails: OSError | None = None

    def stated(self, belief_id: str):
        mine = [row for row in self.rows if row[0] == belief_id]
        if not mine:
            return None
        first, *later = [row for row in mine if row[1] is not None] or [mine[0]]
        after = tuple(SimpleNamespace(value=v, low=lo, high=hi) for _, v, lo, hi in later)
        when = datetime(2025, 11, 21, 14, 3)
        return SimpleNamespace(value=first[1], low=first[2], high=first[3], stated_at=when,
                               stated_by="x", declined=first[1] is None, after=after)  # fmt: skip

    def record(self, belief_id, value=None, low=None, high=None, stated_by="workbook"):
        if self.fails:
            raise self.fails
        self.rows.append((belief_id, value, low, high))
        for listener in tuple(self.listeners):
            listener()

    def promise(self, row) -> None:
        if self.fails:
            raise self.fails
        append_row(self.folder, "commitments", dict(row))

    def __getitem__(self, name: str):
        path = self.folder / f"{name}.csv"
        table = schema.TABLES[name]
        return read_table(path, table).frame if path.exists() else empty_frame(table)

    def is_sealed(self, number: str) -> bool:
        guesses = schema.SESSIONS[number].guesses
        return self.sealed and any(self.stated(g.id) is None for g in guesses)


@pytest.fixture
def client(tmp_path: Path) -> FakeClient:
    return FakeClient(tmp_path)


@pytest.fixture(autouse=True)
def nothing_swallowed(caplog):
    """A button logs what goes wrong in it and carries on; here that is a failure."""
    yield
    assert "Exception in callback" not in caplog.text


def form(client: FakeClient, number: str = "01", which: int = 0) -> guessing.GuessForm:
    return guessing.forms(client, number)[which]


# -- reading what was typed --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "number"),
    [("80", 80), (" 80 % ", 80), ("7.5", 7.5), ("7,5", 7.5), ("−12", -12), ("-12", -12)],
)
def test_a_typed_number_is_read_as_people_write_it(typed: str, number: float) -> None:
    assert reading.read_number(typed) == number


@pytest.mark.parametrize("typed", ["", "eighty", "1,000", "80-90", "nan", "inf", "8 0"])
def test_what_is_not_plainly_a_number_is_not_guessed_at(typed: str) -> None:
    assert reading.read_number(typed) is None


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (("", "", ""), "best guess first"),
        (("eighty", "70", "90"), "“eighty”"),
        (("130", "70", "90"), "between 0 and 100"),
        (("80", "", ""), "how low could it be"),
        (("80", "70", ""), "how high"),
        (("80", "90", "70"), "above the high end"),
        (("95", "60", "90"), "outside your range"),
        (("80", "-5", "90"), "between 0 and 100"),
    ],
)
def test_what_is_wrong_with_a_guess_is_said_in_plain_words(typed: tuple, said: str) -> None:
    problem = reading.read_guess(CSAT, *typed)
    assert isinstance(problem, str)
    assert said in problem
    assert "!" not in problem


def test_a_guess_is_read_whole() -> None:
    assert reading.read_guess(CSAT, "80", "70", "90 %") == reading.Guess(80, 70, 90)
    assert reading.read_guess(CSAT, "80", "80", "80") == reading.Guess(80, 80, 80)


# -- the form ----------------------------------------------------------------------------------


def test_nothing_is_said_before_somebody_says_it(client: FakeClient) -> None:
    """A slider that stands in the middle is not a guess: locking it untouched is refused."""
    mine = form(client)
    mine.lock.click()
    assert client.rows == []
    assert "best guess first" in mine.status.value


def test_slider_and_typed_number_are_one(client: FakeClient) -> None:
    mine = form(client)
    mine.best.slider.value = 80
    assert mine.best.typed.value == "80"
    mine.best.typed.value = "50"
    assert mine.best.slider.value == 50
    mine.best.typed.value = "eighty"
    assert mine.best.slider.value == 50
    mine.range.value = (60, 90)
    assert (mine.low.value, mine.high.value) == ("60", "90")
    mine.low.value = "70"
    assert mine.range.value == (70, 90)


def test_the_middle_can_be_meant(client: FakeClient) -> None:
    """Typing the number at which the slider already stands counts as saying it."""
    mine = form(client)
    mine.best.typed.value = "50"
    mine.low.value, mine.high.value = "0", "100"
    mine.lock.click()
    assert client.rows == [("csat", 50, 0, 100)]


def test_the_range_is_a_picture_while_it_is_dragged(client: FakeClient) -> None:
    mine = form(client)
    assert mine.range.continuous_update
    before = mine.picture.value
    mine.range.value = (60, 90)
    assert mine.picture.value != before
    mine.best.slider.value = 80
    assert "80" in mine.picture.value
    assert "between 60 and 90" in mine.picture.value


def test_locking_records_and_says_what_was_said_and_when(client: FakeClient) -> None:
    mine = form(client)
    mine.best.typed.value, mine.low.value, mine.high.value = "80", "70", "90"
    mine.lock.click()
    assert client.rows == [("csat", 80, 70, 90)]
    shown = text_of(mine.box)
    for word in ("You said 80 of 100", "between 70 and 90", "21 November 2025", "14:03"):
        assert word in shown
    assert mine.lock not in every(mine.box)


def test_declining_is_an_answer(client: FakeClient) -> None:
    mine = form(client)
    mine.decline.click()
    assert client.rows == [("csat", None, None, None)]
    assert "rather not guess" in text_of(mine.box)
    assert mine.again not in every(mine.box), "after the reveal a first guess would be hindsight"


def test_the_first_guess_stays_the_belief(client: FakeClient) -> None:
    mine = form(client)
    mine.best.typed.value, mine.low.value, mine.high.value = "80", "70", "90"
    mine.lock.click()
    mine.again.click()
    assert "stays" in text_of(mine.box)
    mine.best.typed.value, mine.low.value, mine.high.value = "60", "50", "70"
    mine.lock.click()
    assert client.rows == [("csat", 80, 70, 90), ("csat", 60, 50, 70)]
    shown = text_of(mine.box)
    assert "You said 80 of 100" in shown
    assert "60 of 100" in shown


def test_an_answer_given_earlier_stands_there_at_once(client: FakeClient) -> None:
    client.record("csat", 80, 70, 90)
    mine = form(client)
    assert "You said 80 of 100" in text_of(mine.box)
    assert mine.lock not in every(mine.box)


def test_a_range_never_given_is_not_made_up(client: FakeClient) -> None:
    client.record("csat", 80, float("nan"), float("nan"))
    assert "no range" in text_of(form(client).box)


def test_after_one_of_two_guesses_the_other_is_asked_for(client: FakeClient) -> None:
    first, second = guessing.forms(client, "01")
    first.decline.click()
    assert "other guess" in text_of(first.box)
    second.decline.click()
    assert "other guess" not in text_of(first.box)


def test_a_guess_that_cannot_be_saved_says_so_and_keeps_what_was_typed(client: FakeClient) -> None:
    client.fails = OSError(28, "No space left on device")
    mine = form(client)
    mine.best.typed.value, mine.low.value, mine.high.value = "80", "70", "90"
    mine.lock.click()
    assert "could not be saved" in mine.status.value
    assert "No space left" in mine.status.value
    assert mine.best.typed.value == "80"
    assert not mine.lock.disabled


def test_a_card_that_fails_to_open_does_not_look_like_a_guess_lost(client: FakeClient) -> None:
    mine = form(client)

    def fail() -> None:
        raise ValueError("no such month")

    client.listeners.append(fail)
    mine.decline.click()
    assert client.rows
    assert "is saved" in text_of(mine.box)
    assert "no such month" in text_of(mine.box)


def test_half_a_guess_is_left_alone_when_the_other_is_locked(client: FakeClient) -> None:
    first, second = guessing.forms(client, "01")
    second.best.typed.value = "30"
    first.decline.click()
    assert second.best.typed.value == "30"
    assert second.best.typed in every(second.box)


def test_units_and_ends_come_from_the_schema(client: FakeClient) -> None:
    months = guessing.GuessForm(MONTHS, client)
    assert (months.best.slider.min, months.best.slider.max) == (MONTHS.low, MONTHS.reach)
    assert "months" in months.best.typed.description
    harm = guessing.GuessForm(schema.HEADLINES["third_party_harm"], client)
    assert harm.range.min == -100


@pytest.mark.parametrize("number", ["00", "01"])
def test_every_control_has_a_label(client: FakeClient, number: str) -> None:
    boxes = [f.box for f in guessing.forms(client, number)]
    boxes.append(promising.PromiseForm(client, number, date(2025, 11, 21)).box)
    boxes.append(exploring.Explorer(benchmarking.silent, client, assumed=(0, 100, 5)).box)
    controls = [w for box in boxes for w in every(box) if hasattr(w, "disabled")]
    assert len(controls) >= 10
    assert all(control.description for control in controls)


# -- explorers ---------------------------------------------------------------------------------


def fake_silent(client, assumed: float = 50, by: str = "type"):
    """What could the silent change?

    Args: assumed, the percent of the silent who would
    give the top mark; by, what makes tickets alike.
    """
    import pandas as pd
    from servicegap.findings import Table

    return Table(f"assumed {assumed} by {by}", "", pd.DataFrame({"a": [1]}))


fake_silent.__module__ = "servicegap.sessions.benchmarking.top_marks"
fake_silent.__name__ = "silent"


def test_an_explorer_is_sealed_like_its_static_call(client: FakeClient) -> None:
    explorer = exploring.Explorer(fake_silent, client, assumed=(0, 100, 5))
    assert "Your guess first" in text_of(explorer.box)
    assert "assumed" not in text_of(explorer.box)
    for belief in ("csat", "good_peer_percentile"):
        client.record(belief)
    assert "assumed 50 by type" in text_of(explorer.box)
    assert client.listeners == []


def test_an_explorer_shows_what_the_static_call_shows_and_redraws(client: FakeClient) -> None:
    from servicegap.bundles import bundle

    client.sealed = False
    explorer = exploring.Explorer(fake_silent, client, assumed=(0, 100, 5), by=["type", "channel"])
    slider, choice = explorer.controls["assumed"], explorer.controls["by"]
    assert bundle(fake_silent(client))["text/html"] in explorer.picture.value
    slider.value = 20
    choice.value = "channel"
    shown = bundle(fake_silent(client, assumed=20, by="channel"))["text/html"]
    assert shown in explorer.picture.value


def test_a_control_is_named_in_words(client: FakeClient) -> None:
    client.sealed = False
    explorer = exploring.Explorer(fake_silent, client, assumed=(0, 100, 5), by=["type", "channel"])
    assert explorer.controls["assumed"].description == (
        "The percent of the silent who would give the top mark"
    )
    assert explorer.controls["by"].description == "What makes tickets alike"
    assert exploring.label_of(lambda client, some_thing=1: None, "some_thing") == "Some thing"


def test_controls_are_made_as_interact_makes_them(client: FakeClient) -> None:
    import ipywidgets

    assert isinstance(exploring.control("a", (0, 100, 5), 50), ipywidgets.IntSlider)
    assert isinstance(exploring.control("a", (0.0, 1.0, 0.1), 0.5), ipywidgets.FloatSlider)
    assert isinstance(exploring.control("a", ["x", "y"], "y"), ipywidgets.Dropdown)
    assert exploring.control("a", (0, 10), 50).value == 5
    assert exploring.control("a", ["x", "y"], "z").value == "x"
    with pytest.raises(TypeError, match="a slider"):
        exploring.control("a", "x", None)


# -- promises ----------------------------------------------------------------------------------

TODAY = date(2025, 11, 21)


def promise_form(client: FakeClient, number: str = "00") -> promising.PromiseForm:
    return promising.PromiseForm(client, number, TODAY)


def promises(client: FakeClient) -> list[dict]:
    with (client.folder / "commitments.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def fill(mine: promising.PromiseForm, what: str = "Ring ten people", owner: str = "Desk lead"):
    mine.what.value, mine.owner.value = what, owner


def test_a_promise_is_kept_in_the_clients_folder(client: FakeClient) -> None:
    mine = promise_form(client)
    fill(mine)
    mine.due.value, mine.again.value = date(2025, 12, 5), date(2026, 3, 5)
    mine.keep.click()
    (row,) = promises(client)
    assert tuple(row) == schema.TABLES["commitments"].names
    assert row["action_id"] == "00-own"
    assert (row["what"], row["owner"]) == ("Ring ten people", "Desk lead")
    assert (row["due"], row["measure_again"]) == ("2025-12-05", "2026-03-05")
    assert (row["done_on"], row["result"]) == ("", "")
    shown = text_of(mine.box)
    for word in ("Ring ten people", "Desk lead", "5 December 2025", "5 March 2026"):
        assert word in shown


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"what": " "}, "What will be done"),
        ({"owner": ""}, "Who does it"),
        ({"due": None}, "By when"),
        ({"due": date(2025, 11, 1)}, "has passed"),
        ({"again": None}, "measure again"),
        ({"again": date(2025, 11, 30)}, "before it is done"),
    ],
)
def test_a_half_promise_is_refused_in_plain_words(
    client: FakeClient, change: dict, said: str
) -> None:
    mine = promise_form(client)
    fill(mine)
    for name, value in change.items():
        getattr(mine, name).value = value
    mine.keep.click()
    assert said in mine.status.value
    assert not (client.folder / "commitments.csv").exists()


def test_a_second_promise_and_a_second_tab_lose_nothing(client: FakeClient) -> None:
    one, other = promise_form(client), promise_form(client)
    for mine, what in ((one, "First"), (other, "Second"), (one, "Third, with a comma")):
        fill(mine, what)
        mine.keep.click()
    rows = promises(client)
    assert [r["what"] for r in rows] == ["First", "Second", "Third, with a comma"]
    assert [r["action_id"] for r in rows] == ["00-own", "00-own-2", "00-own-3"]


def test_promises_made_earlier_stand_there_at_once(client: FakeClient) -> None:
    mine = promise_form(client)
    fill(mine, "Ring <b>ten</b> people")
    mine.keep.click()
    assert "Ring &lt;b&gt;ten&lt;/b&gt; people" in text_of(promise_form(client).box)
    assert "Ring" not in text_of(promise_form(client, "01").box)


def test_a_promise_that_cannot_be_saved_says_so(client: FakeClient) -> None:
    client.fails = PermissionError(13, "Permission denied")
    mine = promise_form(client)
    fill(mine)
    mine.keep.click()
    assert "could not be saved" in mine.status.value
    assert mine.what.value == "Ring ten people"


@pytest.fixture
def two_findings(monkeypatch) -> None:
    """Session 01 has two findings; the second is the one to mend."""

    def finding(belief_id: str, kind: str, what: str):
        action = SimpleNamespace(id=f"{belief_id}-{kind}", what=what, owner=None,
                                 due="2025-07-30", measure_again="2025-09-28")  # fmt: skip
        return lambda _: SimpleNamespace(
            id=belief_id, headline=schema.HEADLINES[belief_id], action=action
        )

    monkeypatch.setattr(benchmarking, "csat", finding("csat", "keep", "Keep asking."))
    other = finding("good_peer_percentile", "mend", "Visit two good peers.")
    monkeypatch.setattr(benchmarking, "good_peer_percentile", other)


@pytest.mark.usefixtures("two_findings")
def test_an_action_is_suggested_only_once_the_guess_is_in(client: FakeClient) -> None:
    mine = promise_form(client, "01")
    assert mine.what.value == ""
    for belief in ("csat", "good_peer_percentile"):
        client.record(belief)
    assert mine.what.value == "Visit two good peers."
    assert mine.due.value == date(2025, 12, 21), "as many days from today as from the as-of date"
    assert mine.again.value == date(2026, 2, 19)
    mine.start.value = "csat"
    assert mine.what.value == "Keep asking."
    mine.owner.value = "Owner"
    mine.keep.click()
    (row,) = promises(client)
    assert (row["action_id"], row["finding_id"]) == ("01-csat-keep", "csat")


@pytest.mark.usefixtures("two_findings")
def test_a_suggested_day_that_is_still_to_come_is_the_one_the_finding_names(
    client: FakeClient,
) -> None:
    client.sealed = False
    mine = promising.PromiseForm(client, "01", date(2025, 7, 4))
    assert (mine.due.value, mine.again.value) == (date(2025, 7, 30), date(2025, 9, 28))


@pytest.mark.usefixtures("two_findings")
def test_a_suggestion_never_writes_over_somebodys_words(client: FakeClient) -> None:
    mine = promise_form(client, "01")
    mine.what.value = "My own idea"
    for belief in ("csat", "good_peer_percentile"):
        client.record(belief)
    assert mine.what.value == "My own idea"
    mine.owner.value = "Owner"
    mine.keep.click()
    (row,) = promises(client)
    assert (row["action_id"], row["finding_id"]) == ("01-own", "")


# -- helpers -----------------------------------------------------------------------------------


def every(box) -> list:
    """All widgets in a box, at any depth, that are not hidden."""
    if box.layout.display == "none":
        return []
    return [box, *[w for child in getattr(box, "children", ()) for w in every(child)]]


def text_of(box) -> str:
    import ipywidgets

    return " ".join(w.value for w in every(box) if isinstance(w, ipywidgets.HTML))


def test_a_promise_leaves_the_shipped_sample_as_it_was(tmp_path: Path, monkeypatch) -> None:
    """A sample opened without the seal is read only, promises included."""
    sample = Path(__file__).parents[1] / "data" / "sample" / "alder-it"
    before = (sample / "commitments.csv").read_bytes()
    opened = load(sample, sealed=False)
    with pytest.raises(Refused, match="never written to"):
        opened.promise({"action_id": "00-own", "what": "Ring ten people"})
    assert (sample / "commitments.csv").read_bytes() == before


def test_promises_in_a_file_with_semicolons_are_shown(tmp_path: Path) -> None:
    (tmp_path / "client.yaml").write_text('name: "A"\nid: "a"\n', encoding="utf-8")
    (tmp_path / "commitments.csv").write_text("Action ID;What\n00-own;Ring\n")
    opened = load(tmp_path)
    opened.promise({"action_id": "00-own", "what": "Write"})
    assert [row["what"] for row in promising.kept(opened, "00")] == ["Ring", "Write"]


def test_a_slider_of_months_reaches_ten_years_and_its_picture_follows_what_is_typed(tmp_path):
    form = guessing.GuessForm(MONTHS, FakeClient(tmp_path))
    assert (form.best.slider.value, form.best.slider.max, form.range.max) == (60, 120, 120)
    form.best.typed.value = "240"
    assert ">240 months<" in form.picture.value.replace("</span>", "<")
    form.low.value, form.high.value = "200", "300"
    form.lock.click()
    assert form.client.stated("usp_months_alone").value == 240
