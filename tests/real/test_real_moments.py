"""Session 08 on real answers: Kano's pairs, the satisfied who don't recommend, bad against good.

Each number is counted once more here, from the file, with plain counting and least squares.
"""

from __future__ import annotations

from collections import Counter

import by_hand
import numpy as np
import pytest
import real_moments
from conftest import report
from real_clients import AIRPORT, rows_of
from real_faculties import FACULTIES
from scipy.stats import dirichlet
from servicegap.client import load
from servicegap.sessions import wow_moment_gaps as wow

pytestmark = pytest.mark.real


# -- pairs of answers about storing money ------------------------------------------------------


@pytest.fixture(scope="module")
def funds(data, tmp_path_factory):
    return load(real_moments.funds(data, tmp_path_factory.mktemp("funds") / "c"), sealed=False)


def letter(so: str, not_so: str) -> str:
    """The evaluation table in words, without looking at the library's."""
    good, bad = "I like it that way", "I dislike it that way"
    if so == not_so and so in (good, bad):
        return "Q"
    if so == good:
        return "O" if not_so == bad else "A"
    if so == bad or not_so == good:
        return "R"
    return "M" if not_so == bad else "I"


def test_every_pair_is_counted_by_column_name(funds, data):
    people = rows_of(data / real_moments.FUNDS)
    header = list(people[0])
    assert header.index("F4_dysfunctional") < header.index("F4_functional")  # the others: after
    assert header.index("F3_functional") < header.index("F3_dysfunctional")
    found = {m.id: m for m in wow.kano_of(funds)}
    assert set(found) == set(real_moments.FUNDS_ASKED)
    for f, moment in found.items():
        counted = Counter(letter(p[f"{f}_functional"], p[f"{f}_dysfunctional"]) for p in people)
        assert moment.counts == {k: counted[k] for k in wow.LETTERS}
        assert sum(moment.counts.values()) == 91
        a, o, m, i = (counted[k] for k in "AOMI")
        assert moment.better.value == pytest.approx(100 * (a + o) / (a + o + m + i))
        assert moment.worse.value == pytest.approx(100 * (o + m) / (a + o + m + i))
        assert (moment.better.low, moment.better.high) == pytest.approx(
            by_hand.interval([1] * (a + o) + [0] * (m + i), range(a + o + m + i))
        )
    secure = found["F4"].counts
    assert secure["R"] <= 3 < secure["O"] + secure["M"]  # read by place it would be turned round


def test_categories_are_settled_by_a_posterior_drawn_otherwise(funds):
    for moment in wow.kano_of(funds):
        counts = np.array([moment.counts[k] for k in wow.LETTERS], dtype=float)
        drawn = dirichlet.rvs(counts + 0.5, size=40_000, random_state=7)
        chance = np.mean(drawn.argmax(axis=1) == counts.argmax())
        # everybody an account: the design effect is n ÷ (n − 1) at most
        assert moment.category.chance == pytest.approx(chance, abs=0.02)
    found = {m.name: m.category.name for m in wow.kano_of(funds)}
    assert found["Reliable storage"] == found["Secure storage"] == "the more the better"
    assert found["Anonymous storage"] == "nobody minds"


def test_what_cannot_be_read_is_said(funds, data):
    people = rows_of(data / real_moments.FUNDS)
    bad = sum(
        letter(p[f"{f}_functional"], p[f"{f}_dysfunctional"]) == "Q"
        for p in people
        for f in real_moments.FUNDS_ASKED
    )
    found = wow.kano_answers(funds)
    assert found.caption.endswith(f"has misread a question: {bad} pairs.")
    assert found.title.endswith("of 455")


# -- an airport --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def passengers(data):
    return rows_of(data / AIRPORT)


@pytest.fixture(scope="module")
def airport(data, tmp_path_factory):
    folder = real_moments.airport_moments(
        data, tmp_path_factory.mktemp("air") / "c", {"okay_not_referring": (20, 14, 26)}
    )
    return load(folder, sealed=False)


def mark(text: str, low: int, high: int) -> int | None:
    value = int(text) if text.isdigit() else None
    return value if value is not None and low <= value <= high else None


def said(passengers):
    """(airline, overall, recommend) of those who gave both."""
    found = [(p["AIRLINE_CODE"], mark(p["Q7ALL"], 1, 5), mark(p["NETPRO"], 0, 10))
             for p in passengers]  # fmt: skip
    return [(a, s, r) for a, s, r in found if s is not None and r is not None]


def test_the_satisfied_who_would_not_recommend(airport, passengers):
    rows = [(a, float(r < 9)) for a, s, r in said(passengers) if s >= 4]
    silent, airlines = [y for _, y in rows], [a for a, _ in rows]
    finding = wow.okay_not_referring(airport)
    found = finding.estimate
    assert found.n == len(rows) == 2_153
    assert found.value == pytest.approx(100 * sum(silent) / len(silent))
    assert (found.low, found.high) == pytest.approx(by_hand.interval(silent, airlines))
    assert by_hand.p_value(silent, airlines, 20) < 0.05 / 12
    assert (finding.verdict.word, finding.verdict.strength) == ("blind spot", "clear")


def test_five_of_five_beside_four_of_five(airport, passengers):
    rows = [(s, float(r >= 9)) for _, s, r in said(passengers) if s >= 4]
    five, four = ([r for s, r in rows if s == mark_] for mark_ in (5, 4))
    first = wow.four_and_five(airport).data.set_index("what").loc["would warmly recommend you"]
    assert (first["people_one"], first["people_other"]) == (len(five), len(four))
    assert first["difference"] == pytest.approx(
        100 * (sum(five) / len(five) - sum(four) / len(four))
    )
    assert first["low"] > 20  # and nobody needs a test to see it


def least_squares(y, marks, low, high):
    design = np.column_stack(
        [np.ones(len(y)), *[d for m in marks.T for d in (m <= low, m >= high)]]
    )
    return np.linalg.lstsq(design.astype(float), y, rcond=None)[0]


def test_bad_against_good_at_an_airport(airport, passengers):
    names = sorted(real_moments.AIRPORT_PARTS, key=lambda q: real_moments.AIRPORT_PARTS[q])
    rows = [
        [mark(p["Q7ALL"], 1, 5), *[mark(p[q], 1, 5) for q in names]] for p in passengers
    ]  # fmt: skip
    full = np.array([r for r in rows if None not in r], dtype=float)
    figure = wow.penalty_reward(airport, by="question", cut="scale")
    solved = least_squares(100 * (full[:, 0] - 1) / 4, full[:, 1:], 2, 4)
    data = figure.data.set_index("thing")
    for i, q in enumerate(names):
        row, place = data.loc[real_moments.AIRPORT_PARTS[q]], 1 + i
        assert row["low_people"] == (full[:, place] <= 2).sum()
        assert row["high_people"] == (full[:, place] >= 4).sum()
        assert row["penalty"] == pytest.approx(solved[1 + 2 * i])
        assert row["reward"] == pytest.approx(solved[2 + 2 * i])
    assert f"n = {len(full):,} contacts" in figure.caption
    basics = {k for k in data.index if data.loc[k, "kind"].startswith("basic")}
    assert not any(data.loc[k, "penalty"] + data.loc[k, "reward"] > 0 for k in basics)


# -- a university's office ---------------------------------------------------------------------


@pytest.fixture(scope="module")
def office(data, tmp_path_factory):
    folder = real_moments.office_moments(data, tmp_path_factory.mktemp("office") / "c")
    return load(folder, sealed=False)


def test_bad_against_good_at_an_office(office, data):
    parts = real_moments.OFFICE_PARTS
    names = sorted(parts, key=lambda q: parts[q])
    rows = rows_of(data / FACULTIES)
    marks = np.array([[float(r[q]) for q in names] for r in rows])
    y = 100 * (np.array([float(r["global"]) for r in rows]) - 1) / 6
    solved = least_squares(y, marks, 3, 6)
    figure = wow.penalty_reward(office, by="question", cut="scale")
    table = figure.data.set_index("thing")
    for i, q in enumerate(names):
        row = table.loc[parts[q]]
        assert row["penalty"] == pytest.approx(solved[1 + 2 * i])
        assert row["reward"] == pytest.approx(solved[2 + 2 * i])
        assert row["low_people"] == (marks[:, i] <= 3).sum()
        lean = row["penalty"] + row["reward"]
        if row["kind"].startswith("basic"):
            assert lean < 0 and row["p"] <= 0.05
        if row["kind"] == "not settled":
            assert row["p"] > 0.05
    assert figure.title.startswith("Costs more when it is bad than it pays when it is good")


def test_the_lean_has_the_error_of_a_bootstrap(office, data):
    """Students drawn again 600 times, by other code, against the sandwich."""
    parts = real_moments.OFFICE_PARTS
    names = sorted(parts, key=lambda q: parts[q])
    rows = rows_of(data / FACULTIES)
    marks = np.array([[float(r[q]) for q in names] for r in rows])
    y = 100 * (np.array([float(r["global"]) for r in rows]) - 1) / 6
    rng = np.random.default_rng(11)
    draws = []
    for _ in range(600):
        at = rng.integers(0, len(y), len(y))
        b = least_squares(y[at], marks[at], 3, 6)
        draws.append(b[1::2] + b[2::2])
    model = wow.penalty_reward_model(y, marks <= 3, marks >= 6, np.arange(len(y)))
    assert model.errors[2] == pytest.approx(np.std(draws, axis=0), rel=0.12)


def test_a_whole_report_of_the_airport(data, tmp_path):
    """From the file to the page: the verdict, and nothing measured that was never asked."""
    folder = real_moments.airport_moments(
        data, tmp_path / "c", {"okay_not_referring": (20, 14, 26)}
    )
    made = report(folder, "--sessions", "08", "--formats", "html")
    found = made.findings["okay_not_referring"]
    assert (found["verdict"], found["evidence"]["n"]) == ("blind spot", 2_153)
    assert made.shown["kano"]["not_measured"] and made.shown["wow_log"]["not_measured"]
