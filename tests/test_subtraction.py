"""Whoever is hidden can't be had by subtracting what is shown from the total: a test that tries."""

from __future__ import annotations

from pathlib import Path

import clients
import numpy as np
import pytest
from servicegap import stats
from servicegap.sessions import benchmarking, one_size_fits_all


def rest(people: np.ndarray, groups: np.ndarray, shown: list[str]) -> set[str]:
    """Who is left when everything shown is subtracted from the total."""
    return {p for p, g in zip(people, groups, strict=True) if g is None or g not in shown}


@pytest.mark.parametrize("seed", range(200))
def test_what_is_left_is_nobody_or_five(seed: int) -> None:
    rng = np.random.default_rng(seed)
    sizes = rng.integers(1, 30, rng.integers(2, 8))
    groups = np.repeat([f"g{i}" for i in range(len(sizes))], sizes).astype(object)
    groups[rng.random(len(groups)) < rng.choice([0, 0.02, 0.1])] = None
    people = np.array([f"p{rng.integers(len(groups))}" for _ in groups])
    accounts = np.array([f"a{rng.integers(12)}" for _ in groups])
    shown = stats.safe_to_show(people, accounts, groups)
    left = rest(people, groups, shown)
    assert not shown or not left or len(left) >= stats.HIDDEN_BELOW
    for group in shown:
        assert len(set(people[groups == group])) >= stats.SPEAKS_FROM


def test_people_of_no_group_are_hidden_too() -> None:
    """Three people without a segment: with all segments and the total they would be known."""
    people = np.array([f"p{i}" for i in range(33)])
    accounts = np.array([f"a{i % 6}" for i in range(33)])
    groups = np.array(["north"] * 18 + ["south"] * 12 + [None] * 3, dtype=object)
    assert stats.safe_to_show(people, accounts, groups) == ["north"]
    assert stats.safe_to_show(people[:30], accounts[:30], groups[:30]) == ["north", "south"]


def test_a_small_team_can_not_be_had_from_the_others(tmp_path: Path) -> None:
    tables = clients.teams({"North": 0.7, "South": 0.6, "Night": 0.0}, 20)
    keep = [i for i, t in enumerate(tables["tickets"]) if t["team"] != "Night" or i % 10 == 0]
    client = clients.make(
        tmp_path, tickets=[tables["tickets"][i] for i in keep],
        ratings=[tables["ratings"][i] for i in keep],
        contacts=[tables["contacts"][i] for i in keep],
    )  # fmt: skip
    figure = benchmarking.average_of_averages(client)
    assert figure.not_measured, "two people are left: the smaller of the two goes with them"
    assert "Night" not in figure.alt


def test_segments_with_people_of_no_segment(tmp_path: Path) -> None:
    accounts = clients.accounts(36)
    for i, account in enumerate(accounts):
        account["segment"] = None if i in (3, 5) else ("North", "South")[i % 2]
    client = clients.make(
        tmp_path, accounts=accounts, contacts=clients.contacts(72, 36),
        ratings=clients.answered(72, 36, 40),
    )  # fmt: skip
    found = one_size_fits_all.cuts.cut(client, "segment")
    shown = set(found.people["person"])
    assert len({f"C{i}" for i in range(72)} - shown) >= stats.HIDDEN_BELOW
