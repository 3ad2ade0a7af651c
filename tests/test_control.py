"""Limits that take size and luck into account."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom
from servicegap import control

QUICK = settings(max_examples=60, deadline=None)


@QUICK
@given(st.floats(0.03, 0.97), st.integers(1, 400))
def test_luck_alone_names_a_team_at_most_twice_in_a_thousand(target, n):
    low, high = control.funnel_exact(target, [n])
    counts = np.arange(n + 1)
    outside = (counts / n < low[0] - 1e-9) | (counts / n > high[0] + 1e-9)
    assert binom.pmf(counts, n, target)[outside].sum() <= 0.002 + 1e-9
    assert 0 <= low[0] <= target + 1e-9 and target - 1e-9 <= high[0] <= 1


def test_the_quick_limits_would_name_seven_in_a_hundred_small_good_teams():
    _, high = control.funnel_share(0.8, [12], control.Z998)
    assert high[0] < 1 and binom.pmf(12, 12, 0.8) > 0.06  # a team of twelve, all delighted
    assert control.funnel_exact(0.8, [12])[1][0] == 1


@QUICK
@given(st.floats(0.05, 0.95), st.integers(5, 100), st.integers(2, 6))
def test_larger_teams_have_narrower_limits_and_mirror_images_mirrored_ones(target, n, times):
    low, high = control.funnel_exact(target, [n, n * times])
    assert high[1] - low[1] <= high[0] - low[0] + 1e-9
    other_low, other_high = control.funnel_exact(1 - target, [n])
    assert (1 - other_high[0], 1 - other_low[0]) == pytest.approx((low[0], high[0]), abs=1e-9)


def test_a_steady_series_has_no_signal_and_a_jump_has_one():
    steady = control.xmr([10, 11, 10, 9, 10, 11, 9, 10, 10])
    assert not steady.outside.any() and steady.low[0] < steady.centre < steady.high[0]
    jump = control.xmr([10, 11, 10, 9, 10, 11, 9, 10, 40])
    assert jump.outside.tolist() == [False] * 8 + [True]


def test_a_rate_per_exposure_has_limits_of_its_own():
    chart = control.u_chart([10, 100, 260], [100, 1000, 1300], per=100)
    assert chart.centre == pytest.approx(370 / 24)
    assert np.all(chart.low >= 0) and np.all(np.diff(chart.high - chart.low) < 0)
    assert chart.outside.tolist() == [False, True, True]
