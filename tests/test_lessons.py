"""Firms made for teaching: one thing planted each, found by its session, and given away by nothing.

What a belief decides is found by fifty firms each in test_truth_shared.py, and *all fine* is the
firm of its false alarms; here stand the lessons that have no test there, and `make proof` does all
of them by four hundred.
"""

from __future__ import annotations

import numpy as np
import pytest
import yaml
from click.testing import CliRunner
from servicegap import cli, load, schema, simulate
from servicegap.simulate import Size, build, hand_out, make, scenario, turned, write
from servicegap.simulate.desk import marks
from servicegap.simulate.lessons import LESSONS
from servicegap.simulate.truth import exploratory
from servicegap.teaching import outcome

IDS = tuple(firm.id for firm in LESSONS)
ON_THEIR_OWN = ("bot-wall", "silent-majority", "modest-and-good")
SEVERAL = {"modest-and-good": 4, "bot-wall": 0, "silent-majority": 0, "all-fine": 0}


def truth(name: str, strength: float = 1.0, size: str = "typical") -> dict:
    return make(name, strength, 1, size, only=()).truth


# -- what is planted ---------------------------------------------------------------------------


def test_the_twelve_lessons_are_there() -> None:
    assert len(IDS) == 12 and set(IDS) <= set(simulate.SCENARIOS)
    assert len({firm.client_id for firm in LESSONS}) == len({firm.name for firm in LESSONS}) == 12


@pytest.mark.parametrize("name", IDS)
def test_one_thing_is_planted_and_everything_else_is_honest(name: str) -> None:
    told = truth(name)
    planted = [b for b, row in told["beliefs"].items() if row["planted"]]
    assert len(planted) == SEVERAL.get(name, 1)
    assert all(told["beliefs"][b]["strength"] == "clear" for b in planted)
    lesson = told["lesson"]
    assert lesson["session"] in schema.SESSIONS and lesson["strength_1"] and lesson["found"]
    if lesson["belief"]:
        assert lesson["belief"] in planted
        assert schema.HEADLINES[lesson["belief"]].session == lesson["session"]
    beside = {"bot-wall": ["bot_wall"], "silent-majority": ["everybody"]}.get(name, [])
    assert [e["id"] for e in told["exploratory"]] == beside


@pytest.mark.parametrize("name", IDS)
def test_at_strength_nought_nothing_is_planted(name: str) -> None:
    told = truth(name, 0.0)
    assert not any(row["planted"] for row in told["beliefs"].values())
    assert told["exploratory"] == []


def test_the_dial_runs_from_any_firm_to_what_is_stated() -> None:
    bots = [scenario("bot-wall", s).desk.handler_shift[0] for s in (0, 0.5, 1, 2)]
    assert bots == [0, pytest.approx(-0.45), pytest.approx(-0.9), pytest.approx(-1.8)]
    half = scenario("silent-majority", 0.5)
    assert (
        half.silence == pytest.approx(0.6) and 0.25 < half.response < simulate.Firm("", "").response
    )
    for firm in LESSONS:
        assert turned(firm, 1.0) == firm


# -- nothing gives it away ---------------------------------------------------------------------


@pytest.mark.parametrize("name", IDS)
def test_a_folder_does_not_say_which_lesson_it_is(name: str, tmp_path) -> None:
    made = make(name, only=("beliefs",))
    folder = hand_out(made, tmp_path / "firm")
    assert {p.name for p in folder.iterdir()} == {"beliefs.csv", "client.yaml", "README.txt"}
    said = "".join(p.read_text(encoding="utf-8") for p in folder.iterdir()).lower()
    telling = {"blinkers", "resentful", "wall", "wrong", "dropped", "mundane", "promise", "silent",
               "majority", "modest", "fine", "over-sold", "planted", "blind spot"}  # fmt: skip
    assert not {word for word in {name, *telling} if word in said}
    assert len((folder / "beliefs.csv").read_text().splitlines()) == 1
    assert "made up" in said
    whole = write(made, tmp_path / "whole")
    told = yaml.safe_load((whole / "TRUTH.yaml").read_text(encoding="utf-8"))
    assert told["scenario"] == name and told["lesson"]["strength_1"]


def test_what_is_handed_out_can_be_worked_with(tmp_path) -> None:
    folder = hand_out(make("mundane", size="small", seed=3), tmp_path / "firm")
    client = load(folder)
    assert client.is_sealed("08") and client.problems == ()
    client.record("okay_not_referring", 30, 20, 40)
    assert not client.is_sealed("08")
    assert client.settings.id == "larch-it"


def test_the_command_hands_out_without_the_answer(tmp_path) -> None:
    asked = ["sample", str(tmp_path / "firm"), "--scenario", "all-fine", "--size", "small"]
    said = CliRunner().invoke(cli.main, [*asked, "--hand-out"])
    assert said.exit_code == 0 and "hand out" in said.output
    assert not (tmp_path / "firm" / "TRUTH.yaml").exists()


# -- what is planted is in the data ------------------------------------------------------------


def test_the_silent_would_have_said_what_the_truth_says() -> None:
    firm, size = scenario("silent-majority"), Size(4000, 12_000, 120_000)
    draw = build._Draw(firm, size, 5)
    people, work = draw.people, draw.work
    top = marks(firm, 5, people, work) == 5
    now = work.last & (work.contact >= 0)
    (entry,) = exploratory(firm)
    heard = top[now & work.rated].mean()
    assert 100 * heard == pytest.approx(firm.csat, abs=1.5)
    silent = top[now & ~people.answers[work.contact]].mean()
    share = people.answers.mean()
    everybody = 100 * (share * heard + (1 - share) * silent)
    assert everybody == pytest.approx(entry["true_value"], abs=1.5)
    assert silent < heard - 0.25


# -- and its session finds it ------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("name", ON_THEIR_OWN)
def test_what_is_planted_is_found(name: str) -> None:
    assert outcome.how_often(truth(name), 50) >= 35


@pytest.mark.slow
@pytest.mark.parametrize("name", ON_THEIR_OWN)
def test_without_it_hardly_anything_is_found(name: str) -> None:
    told, found = truth(name), 0
    for i in range(12):
        made = make(name, 0.0, outcome.FIRST_SEED + i, only=outcome.tables(told))
        client = simulate_client(made)
        found += outcome.look(client, told).found
    assert found <= 1


def simulate_client(made):
    from servicegap.client import from_frames

    return from_frames(made.tables, made.settings, made.superseded)


@pytest.mark.proof
@pytest.mark.parametrize("name", IDS)
def test_what_is_planted_is_found_by_four_hundred(name: str) -> None:
    least = 380 if name == "all-fine" else 320
    assert outcome.how_often(truth(name), 400) >= least


def test_a_session_that_finds_nothing_says_so() -> None:
    told = truth("bot-wall", size="small")
    made = make("bot-wall", 1.0, 3, Size(8, 8, 60), only=outcome.tables(told))
    seen = outcome.look(simulate_client(made), told)
    assert not seen.found and seen.said
    assert np.isfinite(outcome.how_often(truth("mundane", 0.0), 2))
