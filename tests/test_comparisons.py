"""Is one group different from another, and does it survive a second look?"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats as scipy_stats
from servicegap import comparisons

QUICK = settings(max_examples=40, deadline=None)


@QUICK
@given(st.integers(0, 50), st.integers(0, 50), st.integers(1, 50))
def test_a_net_score_is_positive_less_negative_with_an_interval_around_it(up, down, middle):
    net, error, low, high = comparisons.net_score(up, down, up + down + middle)
    assert -1 <= net <= 1 and error >= 0
    assert low <= net <= high
    mirrored = comparisons.net_score(down, up, up + down + middle)
    assert mirrored[:2] == pytest.approx((-net, error))


def test_two_figures_differ_as_the_normal_distribution_says():
    gap, low, high, p = comparisons.difference((0.5, 0.03), (0.38, 0.04))
    assert gap == pytest.approx(0.12)
    assert p == pytest.approx(2 * scipy_stats.norm.sf(0.12 / 0.05))
    assert low == pytest.approx(0.12 - 1.959964 * 0.05, abs=1e-6) and high > low
    assert comparisons.difference((0.5, 0), (0.5, 0))[3] == 1
    assert comparisons.difference((0.5, 0), (0.4, 0))[3] == 0


def test_a_turn_is_called_only_where_it_is_likely():
    # A is ahead in all, because its work is easier; B is ahead at each kind of work
    easy, hard = [[160, 40], [38, 2]], [[10, 30], [80, 120]]
    turned = comparisons.stratified([easy, hard])
    assert turned.raw > 0 > turned.standardised and turned.reverses
    # the same shares on a tenth of the people: a turn, but not one to speak of
    faint = comparisons.stratified(np.array([easy, hard]) / 10)
    assert faint.raw > 0 > faint.standardised and not faint.reverses
    # alike in every kind: nothing turns round
    assert not comparisons.stratified([[[30, 10], [60, 20]], [[12, 12], [24, 24]]]).reverses


def test_swapping_the_groups_swaps_the_signs():
    tables = np.array([[[30, 10], [15, 9]], [[8, 12], [20, 21]]])
    one, other = comparisons.stratified(tables), comparisons.stratified(tables[:, ::-1])
    assert other.raw == pytest.approx(-one.raw)
    assert other.standardised == pytest.approx(-one.standardised)
    assert other.odds_ratio == pytest.approx(1 / one.odds_ratio)
    assert other.reversed_with == pytest.approx(one.reversed_with, abs=0.03)


def test_everybody_delighted_is_no_turn_and_no_noise(recwarn):
    same = comparisons.stratified([[[10, 0], [10, 0]], [[5, 0], [5, 0]]])
    assert same.raw == same.standardised == 0 and not same.reverses
    assert not recwarn.list


@QUICK
@given(st.lists(st.floats(0, 1), min_size=1, max_size=20))
def test_looking_at_many_makes_p_larger_and_keeps_their_order(p):
    adjusted = comparisons.benjamini_hochberg(p)
    assert np.all(adjusted >= np.array(p) - 1e-12) and np.all(adjusted <= 1)
    ranked = np.array(adjusted)[np.argsort(p, kind="stable")]
    assert np.all(np.diff(ranked) >= -1e-12)


def test_three_looks_by_hand():
    # smallest first: .01 × 3 ÷ 1, .03 × 3 ÷ 2, .04 × 3 ÷ 3; none larger than the one after it
    assert comparisons.benjamini_hochberg([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.04, 0.04])


def test_no_comparison_is_no_trouble():
    assert len(comparisons.benjamini_hochberg([])) == 0
