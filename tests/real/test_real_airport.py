"""An airport's passengers: codes that look like scores, and two scales that are never mixed."""

from __future__ import annotations

from calendar import monthrange
from datetime import date

import by_hand
import pytest
import real_clients
from conftest import report
from servicegap import measures
from servicegap.client import load
from servicegap.sessions import benchmarking

pytestmark = pytest.mark.real
CLEAN, REFER = "Q9ALL", "NETPRO"


@pytest.fixture(scope="module")
def people(data):
    return real_clients.rows_of(data / real_clients.AIRPORT)


@pytest.fixture(scope="module")
def made(data, tmp_path_factory):
    """A report on how clean 2,831 passengers find it; management believes in 60 top marks."""
    folder = tmp_path_factory.mktemp("airport") / "clean"
    folder = real_clients.airport(data, folder, [CLEAN], {"csat": (60, 52, 68)})
    return report(folder, "--formats", "html")


def client_of(data, folder, *questions):
    return load(real_clients.airport(data, folder, questions), False)


def marks(people, question, low, high):
    """(airline, mark) of everyone who gave one: codes outside the scale and words are none."""
    said = [(p["AIRLINE_CODE"], p[question]) for p in people]
    return [(a, int(s)) for a, s in said if s.isdigit() and low <= int(s) <= high]


def test_the_interviews_were_in_may(people):
    """The file has day and weekday alone; of 2017's months only May fits (two rows fit none)."""
    days = [(int(p["INTDATE"]), p["DAY"][:3]) for p in people]

    def fits(month):
        long = [d for d in days if d[0] <= monthrange(2017, month)[1]]
        return sum(date(2017, month, d).strftime("%a").upper() == name for d, name in long)

    assert real_clients.AIRPORT_MONTH == "2017-05"
    assert fits(5) == 2_829
    assert max(fits(month) for month in range(1, 13) if month != 5) == 1


def test_zero_and_six_are_not_scores(made, people):
    given = marks(people, CLEAN, 1, 5)
    assert (len(people), len(given)) == (2_831, 2_736)
    assert sum(p[CLEAN] == "0" for p in people) == 72
    assert sum(p[CLEAN] == "6" for p in people) == 23
    tops, airlines = [float(s == 5) for _, s in given], [a for a, _ in given]
    evidence = made.findings["csat"]["evidence"]
    assert evidence["n"] == 2_736
    assert evidence["value"] == pytest.approx(100 * 1_168 / 2_736)
    assert (evidence["low"], evidence["high"]) == pytest.approx(by_hand.interval(tops, airlines))
    assert by_hand.p_value(tops, airlines, 60) <= 0.05 / 12
    found = made.findings["csat"]
    assert (found["verdict"], found["strength"]) == ("blind spot", "clear")
    assert found["gap"] == pytest.approx(60 - 100 * 1_168 / 2_736)


def test_the_ledger_says_what_was_left_out(made, data, tmp_path):
    assert made.manifest["ledger"]["ratings"] == {
        "read": 2_831, "kept": 2_831, "rejected": 0, "excluded": 0,
    }  # fmt: skip
    why = {row["table"]: row["why"] for row in made.rows("health")}
    assert why["ratings"] == "95 unusable cells of score"
    assert "unusable cells of score: 95" in made.html
    said = [str(p) for p in client_of(data, tmp_path / "a", CLEAN).problems]
    assert any("“0” is not a mark on the scale 1-5 (72 in all)" in text for text in said), said
    assert any("“6” is not a mark on the scale 1-5 (23 in all)" in text for text in said), said


def test_those_without_a_mark_count_as_silent(made):
    answered, silent, never = (row["people"] for row in made.rows("voices"))
    assert (answered, silent, never) == (2_736, 95, 0)


def test_eleven_is_nobodys_recommendation(people, data, tmp_path):
    given = marks(people, REFER, 0, 10)
    assert sum(p[REFER] == "11" for p in people) == 84
    assert (len(given), sum(s == 0 for _, s in given)) == (2_746, 17)  # 0 is a mark here
    client = client_of(data, tmp_path / "a", REFER)
    estimate = benchmarking.top_marks(client)
    tops, airlines = [float(s >= 9) for _, s in given], [a for a, _ in given]
    assert (estimate.n, estimate.accounts) == (2_746, 37)
    assert estimate.value == pytest.approx(100 * 1_436 / 2_746)
    assert (estimate.low, estimate.high) == pytest.approx(by_hand.interval(tops, airlines))
    assert client["ratings"]["score"].max() == 10
    assert dict(client.reads["ratings"].ledger.blanked) == {"score": 84}


def test_blank_in_words_is_no_score(people, data, tmp_path):
    given = marks(people, "Q7ALL", 1, 5)
    assert len(people) - len(given) == sum(p["Q7ALL"] == "Blank" for p in people) == 143
    estimate = benchmarking.top_marks(client_of(data, tmp_path / "a", "Q7ALL"))
    assert estimate.n == 2_688
    assert estimate.value == pytest.approx(100 * 699 / 2_688)


def test_scales_are_never_mixed(data, tmp_path):
    """Recommendation has more answers, so it is the headline; every mark of the other stays out."""
    both = client_of(data, tmp_path / "both", CLEAN, REFER)
    alone = client_of(data, tmp_path / "alone", REFER)
    counted = measures.ratings(both)
    assert counted.scale.name == "0-10"
    assert set(counted.answered["scale"]) == {"0-10"}
    assert counted.other_scales == 2_736
    one, other = benchmarking.top_marks(both), benchmarking.top_marks(alone)
    assert (one.value, one.low, one.high, one.n) == (other.value, other.low, other.high, other.n)
    finding = benchmarking.csat(both)
    assert any("2,736 answers on another scale" in c for c in finding.caveats)
    assert benchmarking.translator(both).alt == benchmarking.translator(alone).alt
