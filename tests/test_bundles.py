"""How results reach a notebook, stay behind a card until the guess is in, and come back out."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from html.parser import HTMLParser

import clients
import IPython.display
import nbformat
import pandas as pd
import pytest
from servicegap import bundles, schema, show
from servicegap.findings import Figure, Finding, Shown, Table, absent_figure, absent_table
from servicegap.sessions import benchmarking, start_here

HOSTILE = '<img src=x onerror=alert(1)> & "quoted" $\\frac{x}$ \'`{{ 7*7 }}`'


class Tags(HTMLParser):
    """Every tag with its attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.seen: list[tuple[str, dict]] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.seen.append((tag, dict(attrs)))


@pytest.fixture
def firm(tmp_path):
    return clients.make(
        tmp_path,
        ratings=clients.answered(120, 40, 72),
        contacts=clients.contacts(200, 40),
        accounts=clients.accounts(40),
        peers=clients.peers(range(60, 84)),
        beliefs=clients.beliefs(csat=(80, 74, 86), good_peer_percentile=(75, 60, 90)),
    )


def drawn(result: Figure) -> Figure:
    """The same figure with a picture that costs little."""
    from matplotlib.figure import Figure as Drawing

    return replace(result, draw=lambda: Drawing(figsize=(1, 1)))


def executed(*outputs: dict) -> nbformat.NotebookNode:
    """A notebook whose cells have these outputs, written and read again as papermill does."""
    cells = [nbformat.v4.new_markdown_cell("# A claim")]
    for data in outputs:
        cell = nbformat.v4.new_code_cell("show(…)")
        cell.outputs = [
            nbformat.v4.new_output("stream", text="noise"),
            nbformat.v4.new_output("display_data", data=data),
        ]
        cells.append(cell)
    return nbformat.reads(nbformat.writes(nbformat.v4.new_notebook(cells=cells)), as_version=4)


# -- there and back ----------------------------------------------------------------------------


def test_a_finding_comes_back_as_it_went(firm):
    (back,) = bundles.read_bundles(executed(bundles.bundle(benchmarking.csat(firm))))
    payload = back.payload
    assert back.cell == 1 and back.png is None
    assert payload["kind"] == "finding" and payload["id"] == "csat" and payload["session"] == "01"
    assert payload["belief"] == {"value": 80, "low": 74, "high": 86}
    assert payload["evidence"]["value"] == pytest.approx(60)
    assert payload["evidence"]["n"] == 120 and payload["evidence"]["unit"] == "% of contacts"
    assert (payload["verdict"], payload["strength"]) == ("blind spot", "clear")
    assert payload["gap"] == pytest.approx(20) and payload["better"] == "higher"
    assert payload["change"] is payload["referral_effect"] is None
    assert payload["action"]["id"] == "csat-mend"


def test_a_figure_comes_back_with_its_picture_and_numbers(firm):
    figure = drawn(benchmarking.silent(firm))
    (back,) = bundles.read_bundles(executed(bundles.bundle(figure)))
    assert back.png.startswith(b"\x89PNG")
    assert back.payload["alt"] == figure.alt and back.payload["not_measured"] is None
    assert [c["name"] for c in back.payload["data"]["columns"]] == ["who", "value", "low", "high"]
    assert back.payload["data"]["rows"][1][2:] == [None, None]


def test_a_table_comes_back_typed():
    data = pd.DataFrame(
        {
            "name": ["Ash", None],
            "n": [3, 4],
            "fee": [1.5, math.nan],
            "when": pd.to_datetime(["2025-06-30", None]),
            "ours": [True, False],
        }
    )
    table = Table("Who", "All.", data, {"fee": Shown("fee", "GBP")}, id="t", session="01")
    made = bundles.bundle(table)
    (back,) = bundles.read_bundles(executed(made))
    assert back.payload["data"]["rows"] == [
        ["Ash", 3, 1.5, "2025-06-30", "yes"],
        [None, 4, None, None, "no"],
    ]
    assert back.payload["data"]["columns"][2] == {
        "name": "fee", "label": "fee", "unit": "GBP", "kind": "number",
    }  # fmt: skip
    assert "<td" in made["text/html"] and ">–<" in made["text/html"]


@pytest.mark.parametrize("absent", [absent_figure, absent_table])
def test_not_measured_comes_back_without_picture_or_rows(absent):
    made = bundles.bundle(replace(absent("who stayed", "It needs <b>."), id="x"))
    (back,) = bundles.read_bundles(executed(made))
    assert back.png is None and back.payload["data"]["rows"] == []
    assert back.payload["not_measured"] == "It needs <b>."
    assert "It needs &lt;b&gt;." in made["text/html"]


def test_every_part_of_both_sessions_is_finite_json(firm):
    for module, number in ((start_here, "00"), (benchmarking, "01")):
        for part in schema.SESSIONS[number].parts:
            result = getattr(module, part.name)(firm)
            if isinstance(result, Figure) and result.draw:
                result = drawn(result)
            made = bundles.bundle(result)
            json.dumps(made[bundles.MIME], allow_nan=False)
            assert made["text/html"] and made["text/plain"]
            expected = part.name
            assert made[bundles.MIME]["id"] == expected
            assert made[bundles.MIME]["session"] == number


def test_an_infinite_number_is_refused():
    with pytest.raises(ValueError, match="infinite"):
        bundles.bundle(Table("T", "", pd.DataFrame({"x": [math.inf]})))


def test_under_the_floor_neither_value_nor_gap_leaves(tmp_path):
    guess = clients.beliefs(csat=(80, 74, 86))
    thin = clients.make(tmp_path / "a", ratings=clients.answered(7, 7, 5), beliefs=guess)
    made = bundles.bundle(benchmarking.csat(thin))
    evidence = made[bundles.MIME]["evidence"]
    assert evidence["value"] is None and evidence["low"] < evidence["high"]
    assert made[bundles.MIME]["gap"] is None and "71" not in made["text/html"]
    hidden = clients.make(tmp_path / "b", ratings=clients.answered(4, 4, 3), beliefs=guess)
    made = bundles.bundle(benchmarking.csat(hidden))
    assert made[bundles.MIME]["evidence"] is None and made[bundles.MIME]["gap"] is None


def test_hostile_text_stays_text(tmp_path):
    firm = clients.make(
        tmp_path,
        settings={"group": HOSTILE},
        ratings=clients.answered(30, 10, 20),
        accounts=[{"account_id": f"A{i}", "name": f"{HOSTILE} {i}"} for i in range(20)],
        peers=clients.peers([50], group=HOSTILE),
    )
    for result in (
        benchmarking.silent_accounts(firm),
        benchmarking.standing(firm),
        benchmarking.good_peer_percentile(firm),
        drawn(benchmarking.silent(firm)),
        Table(HOSTILE, HOSTILE, pd.DataFrame({HOSTILE: [HOSTILE]})),
        drawn(Figure(HOSTILE, HOSTILE, HOSTILE, pd.DataFrame(), {}, lambda: None)),
    ):
        made = bundles.bundle(result)
        tags = Tags(made["text/html"]).seen
        assert not any("onerror" in attrs for _, attrs in tags), made["text/html"]
        assert sum(tag == "img" for tag, _ in tags) == isinstance(result, Figure) - (
            isinstance(result, Figure) and result.draw is None
        )
        back = bundles.read_bundles(executed(made))[0]
        assert back.payload == json.loads(json.dumps(made[bundles.MIME]))


def test_the_alternative_text_survives_quotes(firm):
    figure = replace(drawn(benchmarking.silent(firm)), alt='he said "no" > twice')
    html = bundles.bundle(figure)["text/html"]
    (image,) = [attrs for tag, attrs in Tags(html).seen if tag == "img"]
    assert image["alt"] == 'he said "no" > twice'


def test_dates_are_said_as_people_say_them(firm):
    html = bundles.bundle(benchmarking.csat(firm))["text/html"]
    assert "By 30 July 2025; measure again on 28 September 2025." in html


# -- the seal ----------------------------------------------------------------------------------


class Screen:
    """Stands in for the notebook: keeps what every display shows at the moment."""

    def __init__(self) -> None:
        self.outputs: dict[str, dict] = {}

    def display(self, data, raw=False, display_id=None):
        name = f"d{len(self.outputs)}"
        self.outputs[name] = data
        handle = type("Handle", (), {"display_id": name})
        return handle if display_id else None

    def update_display(self, data, raw=False, display_id=None):
        assert display_id in self.outputs
        self.outputs[display_id] = data

    @property
    def opened(self) -> list[bool]:
        return [bundles.MIME in data for data in self.outputs.values()]


@pytest.fixture
def screen(monkeypatch):
    screen = Screen()
    monkeypatch.setattr(IPython.display, "display", screen.display)
    monkeypatch.setattr(IPython.display, "update_display", screen.update_display)
    return screen


@pytest.fixture
def sealed(tmp_path):
    return clients.make(
        tmp_path,
        sealed=True,
        ratings=clients.answered(123, 41, 72),
        contacts=clients.contacts(200, 41),
        peers=clients.peers(range(60, 84)),
    )


def test_before_the_guess_only_the_card_is_shown(sealed, screen):
    show(benchmarking.csat, sealed)
    show(benchmarking.silent_accounts, sealed)
    assert screen.opened == [False, False]
    text = json.dumps(list(screen.outputs.values()))
    assert "Your guess first" in text
    for given_away in ("59", "58.5", "123", "41", "blind", "png", "n ="):
        assert given_away not in text
    assert [set(data) for data in screen.outputs.values()] == [{"text/html", "text/plain"}] * 2


def test_nothing_is_even_looked_at_while_sealed(sealed, screen):
    looked = []

    def csat(client) -> Finding:
        looked.append(1)
        return benchmarking.csat(client)

    csat.__module__ = benchmarking.csat.__module__
    show(csat, sealed)
    assert not looked
    sealed.record("csat", 80, 70, 90)
    assert not looked  # half of the session's guesses
    sealed.record("good_peer_percentile")
    assert looked == [1]


def test_cards_open_in_place_once_the_last_guess_is_in(sealed, screen):
    show(benchmarking.csat, sealed)
    show(benchmarking.good_peer_percentile, sealed)
    show(benchmarking.silent_accounts, sealed)
    sealed.record("csat", 80, 70, 90)
    assert screen.opened == [False, False, False]
    sealed.record("good_peer_percentile")  # declined: that is an answer too
    assert screen.opened == [True, True, True]
    kinds = [data[bundles.MIME]["id"] for data in screen.outputs.values()]
    assert kinds == ["csat", "good_peer_percentile", "silent_accounts"]
    assert screen.outputs["d1"][bundles.MIME]["verdict"] == "no guess"
    show(benchmarking.csat, sealed)  # a cell run again shows at once
    assert screen.opened == [True] * 4
    before = dict(screen.outputs)
    sealed.record("csat", 60, 50, 70)  # a second thought opens nothing again, and is no belief
    assert screen.outputs == before


def test_one_sessions_guess_does_not_open_another(sealed, screen):
    show(benchmarking.csat, sealed)
    sealed.record("answering_share", 50, 40, 60)
    assert screen.opened == [False]


def test_a_headless_run_shows_at_once(firm, screen):
    assert not firm.sealed
    show(benchmarking.csat, firm)
    assert screen.opened == [True]


def test_options_reach_the_look_and_the_seal_asks_which_session(sealed, screen):
    show(benchmarking.silent_accounts, sealed, most=3)
    sealed.record("csat")
    sealed.record("good_peer_percentile")
    assert screen.opened == [True]
