"""Thirteen faculties of one university: one office for all, and who it serves badly."""

from __future__ import annotations

import math
from collections import defaultdict

import numpy as np
import pytest
import real_clients
from conftest import report
from real_faculties import FACULTIES, faculties
from scipy.stats import binomtest
from servicegap.client import load
from servicegap.sessions import one_size_fits_all as one_size

pytestmark = pytest.mark.real
BELIEF = (31.0, 25.0, 37.0)  # what the average of all says


@pytest.fixture(scope="module")
def marks(data):
    """Of each faculty: 1 for the top mark (7), 0 for any other."""
    found = defaultdict(list)
    for row in real_clients.rows_of(data / FACULTIES):
        found[f"faculty {row['faculty']}"].append(int(row["global"] == "7"))
    return found


@pytest.fixture(scope="module")
def client(data, tmp_path_factory):
    place = tmp_path_factory.mktemp("faculties") / "client"
    return load(faculties(data, place, {"worst_segment_csat": BELIEF}), sealed=False)


def by_hand(marks):
    """Shares and squared errors, half an answer on either side, every student for herself."""
    n = np.array([len(m) for m in marks.values()], dtype=float)
    share = np.array([sum(m) / len(m) for m in marks.values()])
    # alone in an account: variance over accounts is share (1 - share) / (n - 1), never below B
    n = n - 1
    fair = (share * n + 0.5) / (n + 1)
    return share, fair * (1 - fair) / n


def test_the_shares_are_those_of_the_file(client, marks):
    found = one_size.cut(client)
    assert set(found.names) == set(marks) and not found.too_small
    assert sum(s.n for s in found.shares) == 2_179
    for name, share in zip(found.names, found.raw, strict=True):
        assert share == pytest.approx(sum(marks[name]) / len(marks[name]))


def test_the_worst_faculty_agrees_with_a_gibbs_sampler(client, marks):
    """The same model by another road: draws of τ, μ and the thirteen truths in turn."""
    y, v = by_hand(marks)
    rng, k = np.random.default_rng(3), len(y)
    theta, tau2, a = y.copy(), 0.03, 1.0
    least = []
    for step in range(24_000):
        mu = rng.normal(theta.mean(), math.sqrt(tau2 / k))
        precision = 1 / v + 1 / tau2
        theta = rng.normal((y / v + mu / tau2) / precision, np.sqrt(1 / precision))
        # half-Cauchy as a mixture of inverse gammas (Wand and others 2011)
        tau2 = 1 / rng.gamma((k + 1) / 2, 1 / (((theta - mu) ** 2).sum() / 2 + 1 / a))
        a = 1 / rng.gamma(1.0, 1 / (1 / tau2 + 1 / 0.1**2))
        if step >= 1_000:
            least.append(theta.min())
    estimate = one_size.worst_segment(client)
    drawn = 100 * np.quantile(least, [0.025, 0.5, 0.975])
    assert (estimate.low, estimate.value, estimate.high) == pytest.approx(drawn, abs=0.35)


def test_the_belief_in_the_average_is_a_blind_spot(client, marks):
    found = one_size.worst_segment_csat(client)
    assert found.estimate.n == len(marks["faculty 13"]) == 83
    assert (found.verdict.word, found.verdict.strength) == ("blind spot", "clear")
    hits = round(5 / 83 * 82)
    exact = binomtest(hits, 82, BELIEF[0] / 100).pvalue
    assert found.estimate.p_value(BELIEF[0]) < 1e-4 and exact < 1e-4
    assert "faculty 13" in found.caveats[0]
    assert 4 < found.estimate.value < 10  # as counted 6.0, and ten other faculties keep it company


def test_faculties_differ_and_no_shuffle_does_as_much(client):
    found = one_size.cut(client)
    assert found.shuffled.p == 1 / 2_000
    assert 100 * found.shuffled.spread == pytest.approx(74.857 - 6.024, abs=0.01)
    figure = one_size.by_cut(client)
    assert figure.title.startswith("Your segments differ by more than luck: from ")
    pooled = one_size.dersimonian_laird(found.raw, found.variances)
    assert pooled.q > 300 and 0.1 < math.sqrt(pooled.tau2) < 0.3
    many = one_size.many_cuts(client)
    assert "segment" in many.title


def test_shrinking_favours_no_one_and_moves_the_small_most(client):
    found = one_size.cut(client)
    moved = np.abs(found.pool.mean - found.raw)
    assert (moved < 0.04).all()
    by_size = np.argsort([s.n for s in found.shares])
    assert moved[by_size[:4]].mean() > 3 * moved[by_size[-4:]].mean()


def test_a_cut_that_means_nothing_shows_nothing(data, tmp_path):
    """Students by the parity of their row: the same marks, and no difference."""
    client = load(faculties(data, tmp_path / "client"), sealed=False)
    rows = client["accounts"]
    rows["segment"] = ["odd" if i % 2 else "even" for i in range(len(rows))]
    assert one_size.by_cut(client).title == "No evidence that your segments differ"


def test_a_whole_report(data, tmp_path):
    place = faculties(data, tmp_path / "client", {"worst_segment_csat": BELIEF})
    made = report(place, "--sessions", "04")
    found = made.findings["worst_segment_csat"]
    assert (found["verdict"], found["strength"], found["evidence"]["n"]) == (
        "blind spot", "clear", 83)  # fmt: skip
    assert len(made.rows("by_cut")) == 13
    assert made.shown["how_alike"]["not_measured"]  # one voice an account
    assert made.shown["needs_by_group"]["not_measured"]
