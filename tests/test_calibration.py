"""How good somebody is at saying how sure they are."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import beta, binom
from servicegap import calibration

QUICK = settings(max_examples=50, deadline=None)
groups = st.lists(
    st.tuples(st.floats(0, 1), st.integers(1, 40), st.floats(0, 1)), min_size=2, max_size=8
)


@QUICK
@given(groups)
def test_murphys_parts_add_up(rows):
    p, n, share = zip(*rows, strict=True)
    events = [round(s * m) for s, m in zip(share, n, strict=True)]
    found = calibration.brier(p, n, events)
    assert found.reliability - found.resolution + found.base == pytest.approx(found.score)
    assert 0 <= found.score <= 1 and found.reliability >= 0 and found.resolution >= 0


def test_a_seer_scores_nought_and_a_coin_a_quarter():
    seer = calibration.brier([0, 1], [5, 5], [0, 5])
    assert (seer.score, seer.skill) == (0, 1)
    coin = calibration.brier([0.5], [10], [5])
    assert (coin.score, coin.skill) == (0.25, 0)


def test_where_everything_came_true_there_is_no_skill_to_speak_of(recwarn):
    assert calibration.brier([1.0], [5], [5]).score == 0
    assert not recwarn.list


# -- ranges that held --------------------------------------------------------------------------


def test_noise_in_the_evidence_makes_good_ranges_miss():
    exact, noisy, blurred = calibration.chance_of_holding([10, 10, 10], [0, 5, 100])
    assert exact == pytest.approx(0.9)
    draws = np.random.default_rng(3).normal(size=(2, 200_000))
    evidence = draws[0] * 10 / 1.6448536 + draws[1] * 5
    assert noisy == pytest.approx(np.mean(np.abs(evidence) <= 10), abs=0.003)
    assert blurred < 0.1
    assert calibration.chance_of_holding(0, 3) == 0


def test_the_count_of_ranges_that_held_has_an_exact_law():
    """With equal chances it is binomial; Clopper and Pearson's ends are those of a Beta."""
    found = calibration.ranges_held([True] * 7 + [False] * 5, [0.8] * 12)
    assert (found.n, found.held) == (12, 7)
    assert found.expected == pytest.approx(9.6)
    assert found.tail == pytest.approx(binom(12, 0.8).cdf(7))
    assert found.noise == (binom(12, 0.8).ppf(0.025), binom(12, 0.8).ppf(0.975))
    assert found.share == pytest.approx((beta(7, 6).ppf(0.025), beta(8, 5).ppf(0.975)))
    assert not found.over_precise  # 0.07: short of the far tail
    assert calibration.ranges_held([True] * 4 + [False] * 8, [0.8] * 12).over_precise


def test_unequal_chances_are_added_up_exactly():
    p = [0.9, 0.5, 0.2]
    found = calibration.ranges_held([True, False, False], p)
    none, one = 0.1 * 0.5 * 0.8, 0.9 * 0.5 * 0.8 + 0.1 * 0.5 * 0.8 + 0.1 * 0.5 * 0.2
    assert found.tail == pytest.approx(none + one)
    nothing = calibration.ranges_held([], [])
    assert (nothing.n, nothing.held, nothing.tail, nothing.share) == (0, 0, 1, (0, 1))


def test_honest_ranges_are_seldom_called_over_precise():
    rng = np.random.default_rng(11)
    half, error = np.full(12, 10.0), np.linspace(1, 8, 12)
    chances = calibration.chance_of_holding(half, error)
    truth = rng.normal(0, half / 1.6448536, (4_000, 12))
    inside = np.abs(truth + rng.normal(0, error, (4_000, 12))) <= half
    called = [calibration.ranges_held(row, chances).over_precise for row in inside[:1_000]]
    assert np.mean(called) <= 0.012
    assert inside.sum(axis=1).mean() == pytest.approx(chances.sum(), abs=0.05)
