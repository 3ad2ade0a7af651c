"""Who is like the client, and which of them are good."""

from __future__ import annotations

import math

import clients
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from servicegap import peers


def panel(tmp_path, rows, **settings):
    client = clients.make(tmp_path, settings=settings, peers=rows)
    return peers.panel(client, "csat_top_1_5")


def test_only_like_is_compared_with_like(tmp_path):
    rows = clients.peers([60, 61, 62, 63, 64, 65, 66, 67])
    rows += clients.peers([10], peer="other group", group="elsewhere")
    rows += clients.peers([11], peer="other measure", measure="csat_positive_2")
    rows += clients.peers([12], peer="too old", period="2023-06-30")
    rows += clients.peers([13], peer="test-it") + clients.peers([14], peer=" Test  IT")
    rows += clients.peers([90], peer="just in", period="2023-07-01", group="LIKE US")
    found = panel(tmp_path, rows)
    assert found.shares.tolist() == [60, 61, 62, 63, 64, 65, 66, 67, 90]
    assert found.enough and not found.made_up


def test_the_latest_row_of_a_peer_counts(tmp_path):
    rows = clients.peers([50], period="2024-12-31") + clients.peers([70], period="2025-03-31")
    rows += clients.peers([40], period="2024-03-31")
    assert panel(tmp_path, rows).shares.tolist() == [70]


@pytest.mark.parametrize(("n", "good"), [(8, 2), (9, 3), (12, 3), (13, 4)])
def test_the_good_ones_are_the_best_quarter_rounded_up(tmp_path, n, good):
    found = panel(tmp_path, clients.peers(range(50, 50 + n)))
    assert (found.shares >= found.good_from).sum() == good == math.ceil(n / 4)


@pytest.mark.parametrize(
    ("n", "words"),
    [(0, "there are no recent peers"), (1, "there is 1 recent peer"), (7, "there are 7 recent")],
)
def test_fewer_than_eight_are_not_enough_and_it_says_why(tmp_path, n, words):
    found = panel(tmp_path, clients.peers(range(n), made_up="yes") or clients.peers([1], group="x"))
    assert not found.enough and words in found.why and "like us" in found.why


def test_a_client_that_belongs_to_no_group_has_no_peers(tmp_path):
    found = panel(tmp_path, clients.peers(range(20)), group=None)
    assert not found.enough and "client.yaml" in found.why


def test_made_up_peers_are_called_so(tmp_path):
    assert panel(tmp_path, clients.peers(range(9), made_up="yes")).made_up


def test_ties_count_half():
    values = np.array([50.0, 60.0, 60.0, 70.0])
    assert peers.percentile([60, 55, 20, 99], values).tolist() == [50, 25, 0, 100]
    assert peers.percentile(100 * (0.1 + 0.2) * 2, values)[0] == 50  # 60.000000000000014


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 100), min_size=8, max_size=30), st.integers(0, 100))
def test_ahead_of_some_is_behind_the_others(values, own):
    values = np.array(values, dtype=float)
    one = peers.percentile(own, values)[0]
    assert peers.percentile(100 - own, 100 - values)[0] == pytest.approx(100 - one)
    assert 0 <= one <= peers.percentile(own + 1, values)[0] <= 100
