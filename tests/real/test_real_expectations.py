"""Two real surveys that ask what was expected and what is perceived, counted once more by hand.

Mobile telephony and a bank, 250 people each, from the European index of satisfaction. Which
question about what was expected belongs to which about what is perceived, and to which of the five
dimensions, is our reading of their wording; the pair about overall quality belongs to none.
"""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
import real_clients
from scipy import stats as scipy_stats
from servicegap.client import load
from servicegap.sessions import service_gaps as session

pytestmark = pytest.mark.real

# statement: (expected, perceived, dimension)
SURVEYS = {
    "mobile": {
        "file": "ecsi-mobile-and-bank/mobi.csv", "scale": "1-10", "refer": "CUSL3",
        "pairs": {"needs": ("CUEX2", "PERQ4", "tangibles"), "goes wrong": ("CUEX3", "PERQ6",
                  "reliability"), "overall": ("CUEX1", "PERQ1", "none")},
    },
    "bank": {
        "file": "ecsi-mobile-and-bank/bank_satisfaction.csv", "scale": "0-10", "refer": "loy3",
        "pairs": {"products": ("expe1", "qual1", "reliability"), "range": ("expe2", "qual2",
                  "tangibles"), "advice": ("expe3", "qual3", "empathy"), "solutions": ("expe4",
                  "qual4", "responsiveness"), "overall": ("expe5", "qual5", "none")},
    },
}  # fmt: skip


def client_of(data: Path, folder: Path, name: str, **guess):
    """A survey as a client: each person an account of its own."""
    of = SURVEYS[name]
    people = real_clients.rows_of(data / of["file"])
    survey, views, contacts = [], [], []
    for i, row in enumerate(people):
        who = {"contact_id": f"P{i}", "account_id": f"P{i}"}
        survey += [
            who | {"item_id": item, "expected": row[e], "perceived": row[p], "scale": of["scale"]}
            for item, (e, p, _) in of["pairs"].items()
        ]
        views.append(who | {"would_refer": row[of["refer"]], "scale": of["scale"]})
        contacts.append(who)
    tables = {
        "items": [{"item_id": k, "text": k, "dimension": v[2]} for k, v in of["pairs"].items()],
        "survey": survey, "relationship": views, "contacts": contacts,
    }  # fmt: skip
    settings = {"name": name, "id": name, "as_of": "2010-12-31"}
    return load(real_clients.client_folder(folder, settings, tables, guess), False), people


def number(cell: str) -> float:
    return float(cell) if cell.strip().isdigit() else math.nan


def by_hand(people, name):
    """Met share, mean expected, mean perceived and would-refer of every person, by counting."""
    of, rows = SURVEYS[name], []
    for row in people:
        pairs = [
            (number(row[e]), number(row[p])) for e, p, d in of["pairs"].values() if d != "none"
        ]
        pairs = [(e, p) for e, p in pairs if not math.isnan(e + p)]
        if pairs:
            met = sum(p >= e for e, p in pairs) / len(pairs)
            wish = math.fsum(e for e, _ in pairs) / len(pairs)
            got = math.fsum(p for _, p in pairs) / len(pairs)
            rows.append((met, wish, got, number(row[of["refer"]])))
    return np.array(rows)


FIGURES = {"mobile": (250, 73.0), "bank": (250, 58.4)}  # people, % of expectations met
# of 100 parts of would-recommend: the mark alone, the gap
EXPLAINED = {"mobile": [15.9, 0.5], "bank": [34.3, 6.9]}


@pytest.mark.parametrize("name", SURVEYS)
def test_the_share_met_is_the_count(data, tmp_path, name):
    client, people = client_of(data, tmp_path / name, name)
    found, rows = session.met(client), by_hand(people, name)
    assert found.value == pytest.approx(100 * rows[:, 0].mean())
    assert (found.n, round(found.value, 1)) == FIGURES[name]
    # everybody an account: the error is the textbook's, and the range that on the log odds
    share, error = rows[:, 0].mean(), rows[:, 0].std(ddof=1) / math.sqrt(len(rows))
    middle, scale = math.log(share / (1 - share)), error / share / (1 - share)
    t = scipy_stats.t.ppf(0.975, len(rows) - 1)
    ends = [100 / (1 + math.exp(-(middle + s * t * scale))) for s in (-1, 1)]
    assert [found.low, found.high] == pytest.approx(ends, abs=0.25)
    n = math.floor(found.n)
    exact = scipy_stats.binom.sf(round(share * n) - 1, n, 0.45)
    assert found.p_value(45) >= 2 * min(exact, 1 - exact) - 1e-12


@pytest.mark.parametrize("name", SURVEYS)
def test_the_gaps_are_paired_t_tests(data, tmp_path, name):
    client, people = client_of(data, tmp_path / name, name)
    of = SURVEYS[name]
    found = {d.name: d for d in session.dimensions(client)}
    assert set(found) == {d for *_, d in of["pairs"].values()} - {"none"}
    for expected, perceived, dimension in of["pairs"].values():
        if dimension == "none":
            continue
        marks = np.array([(number(r[expected]), number(r[perceived])) for r in people])
        marks = marks[~np.isnan(marks).any(axis=1)]
        reference = scipy_stats.ttest_rel(marks[:, 1], marks[:, 0])
        gap = found[dimension].gap
        assert (gap.gap, gap.t) == pytest.approx(
            (marks[:, 1].mean() - marks[:, 0].mean(), reference.statistic)
        )
        assert (gap.n, gap.freedom) == (len(marks), len(marks) - 1)
        assert gap.p == pytest.approx(reference.pvalue)
    assert "no zone" in session.rater(client).caption
    assert len(session.statements(client).data) == len(of["pairs"]) - 1


@pytest.mark.parametrize("name", SURVEYS)
def test_which_score_goes_with_recommending(data, tmp_path, name):
    client, people = client_of(data, tmp_path / name, name)
    rows = by_hand(people, name)
    rows = rows[~np.isnan(rows).any(axis=1)]
    shown = session.predicts(client)
    wanted = [
        100 * np.corrcoef(x, rows[:, 3])[0, 1] ** 2 for x in (rows[:, 2], rows[:, 2] - rows[:, 1])
    ]
    assert shown.data["explains"].to_list() == pytest.approx(wanted)
    assert shown.title.startswith("The mark alone goes with “would refer” more closely")
    assert [round(x, 1) for x in wanted] == EXPLAINED[name]


def test_alpha_of_the_banks_five_pairs(data, tmp_path):
    """All five questions about perceived quality at once: the formula over their variances."""
    _, people = client_of(data, tmp_path / "a", "bank")
    marks = np.array([[number(r[f"qual{i}"]) for i in range(1, 6)] for r in people])
    marks = marks[~np.isnan(marks).any(axis=1)]
    covariance = np.cov(marks.T)
    alpha = 5 / 4 * (1 - np.trace(covariance) / covariance.sum())
    found, low, high = session.cronbach_alpha(marks)
    assert found == pytest.approx(alpha) and low < found < high
    freedom = len(marks) - 1, 4 * (len(marks) - 1)
    f = scipy_stats.f.ppf([0.975, 0.025], *freedom)
    assert [low, high] == pytest.approx(list(1 - (1 - alpha) * f))


def test_a_verdict_on_the_bank(data, tmp_path):
    client, _ = client_of(data, tmp_path / "a", "bank", expectations_met=(85, 80, 90))
    found = session.expectations_met(client)
    assert (found.verdict.word, found.verdict.strength) == ("blind spot", "clear")
    assert session.knowledge(client).not_measured and session.staff(client).not_measured
    assert session.weighted(client).not_measured
