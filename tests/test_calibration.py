"""How good somebody is at saying how sure they are."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
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
