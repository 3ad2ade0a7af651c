"""Whoever is hidden can't be had by subtracting what is shown from the total: a test that tries."""

from __future__ import annotations

from pathlib import Path

import clients
import numpy as np
import pytest
from servicegap import measures, stats, subtraction
from servicegap.sessions import (
    benchmarking,
    one_size_fits_all,
    service_gaps,
    technology_vs_people,
    wow_moment_gaps,
)


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
    shown = subtraction.safe_to_show(people, accounts, groups)
    left = rest(people, groups, shown)
    assert not shown or not left or len(left) >= stats.HIDDEN_BELOW
    for group in shown:
        assert len(set(people[groups == group])) >= stats.SPEAKS_FROM


def test_people_of_no_group_are_hidden_too() -> None:
    """Three people without a segment: with all segments and the total they would be known."""
    people = np.array([f"p{i}" for i in range(33)])
    accounts = np.array([f"a{i % 6}" for i in range(33)])
    groups = np.array(["north"] * 18 + ["south"] * 12 + [None] * 3, dtype=object)
    assert subtraction.safe_to_show(people, accounts, groups) == ["north"]
    assert subtraction.safe_to_show(people[:30], accounts[:30], groups[:30]) == ["north", "south"]


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


# -- two cuts of the same figure ---------------------------------------------------------------


def told_apart(people: np.ndarray, cuts: list[tuple[np.ndarray, list[str]]]) -> int:
    """An attacker without algebra: unions of shown groups of each cut, one taken from another."""
    unions: list[np.ndarray] = [np.ones(len(people), dtype=bool)]
    for groups, shown in cuts:
        for bits in range(1, 2 ** len(shown)):
            names = [g for i, g in enumerate(shown) if bits >> i & 1]
            unions.append(np.isin(groups.astype(str), names))
    least = 0
    for one in unions:
        for other in unions:
            if (one & other).sum() == one.sum():
                left = len(set(people[other & ~one]))
                if 0 < left < stats.HIDDEN_BELOW:
                    least = left
    return least


@pytest.mark.parametrize("seed", range(150))
def test_cuts_beside_each_other_give_nobody_away(seed: int) -> None:
    rng = np.random.default_rng(seed)
    n = int(rng.integers(40, 120))
    people = np.array([f"p{i}" for i in range(n)])
    accounts = np.array([f"a{i % 9}" for i in range(n)])
    team = rng.choice(["day", "night", "late"], n, p=[0.6, 0.2, 0.2]).astype(object)
    channel = np.where(team == "day", "phone", "mail").astype(object)  # nearly nested
    odd = rng.choice(n, rng.integers(0, 5), replace=False)
    channel[odd] = np.where(channel[odd] == "phone", "mail", "phone")
    channel[rng.random(n) < rng.choice([0, 0.02])] = None
    first = subtraction.safe_beside(people, accounts, team)
    second = subtraction.safe_beside(people, accounts, channel, team)
    assert not told_apart(people, [(team, first), (channel, second)])
    assert first == subtraction.safe_to_show(people, accounts, team)


def test_a_cut_far_from_the_other_loses_nothing() -> None:
    n = 240
    people, accounts = (
        np.array([f"{x}{i % k}" for i in range(n)]) for x, k in (("p", n), ("a", 13))
    )
    team = np.array(["day", "night"])[np.arange(n) % 2]
    channel = np.array(["phone", "mail", "portal"])[np.arange(n) % 3]
    assert len(subtraction.safe_beside(people, accounts, channel, team)) == 3


def test_the_phone_less_the_day_team_is_two_people() -> None:
    n = 60
    people, accounts = (
        np.array([f"{x}{i % k}" for i in range(n)]) for x, k in (("p", n), ("a", 13))
    )
    team = np.array(["day"] * 30 + ["night"] * 30)
    channel = np.array(["phone"] * 32 + ["mail"] * 28)
    assert subtraction.safe_to_show(people, accounts, channel) == ["phone", "mail"]
    assert subtraction.safe_beside(people, accounts, channel, team) == []


# -- every part that shows groups beside a total -----------------------------------------------

COLUMNS = ("channel", "team", "type", "first_handler")
TICKETS = {  # what the part shows, and the column its groups come from
    "watermelons": (lambda c: technology_vs_people.watermelons(c, by="team"), "team", "group"),
    "team_quadrants": (technology_vs_people.team_quadrants, "team", "team"),
    "channel_quadrants": (technology_vs_people.channel_quadrants, "channel", "channel"),
    "type_quadrants": (technology_vs_people.type_quadrants, "type", "type"),
    "speed_by_type": (technology_vs_people.speed_by_type, "type", "type"),
    "until_a_person": (technology_vs_people.until_a_person, "first_handler", "handler"),
    "funnel": (benchmarking.funnel, "team", "team"),
}
HANDLERS = {"a bot": "bot", "a phone menu": "menu", "a portal": "portal", "a person": "person"}


@pytest.fixture(scope="module")
def alder():
    from servicegap import simulate

    return simulate.make("alder-it", seed=19)


@pytest.fixture(scope="module")
def loose(alder):
    """A made-up firm whose tickets of three people have no team, channel, type or first handler."""
    from servicegap.client import from_frames

    firm, tickets = alder, alder.tables["tickets"].copy()
    rated = firm.tables["ratings"].dropna(subset=["score"])["ticket_id"]
    known = tickets[tickets["ticket_id"].isin(rated)]
    lone = known["contact_id"].dropna().drop_duplicates().head(3)
    tickets[list(COLUMNS)] = tickets[list(COLUMNS)].astype(object)
    tickets.loc[tickets["contact_id"].isin(lone), list(COLUMNS)] = None
    return from_frames(firm.tables | {"tickets": tickets}, firm.settings), set(lone)


@pytest.mark.parametrize("name", TICKETS)
def test_people_of_no_group_are_never_what_is_left(name: str, loose) -> None:
    client, lone = loose
    look, column, shown_as = TICKETS[name]
    figure = look(client)
    assert not figure.not_measured, figure.not_measured
    shown = {HANDLERS.get(str(x), str(x)) for x in figure.data[shown_as]}
    rows = measures.rated_tickets(client)
    if name == "until_a_person":
        rows = measures.opened_tickets(client)
        rows = rows[rows["minutes_to_person"] >= 0]
    left = set(rows.loc[~rows[column].astype(object).isin(shown), "person"])
    assert lone & left and len(left) >= stats.HIDDEN_BELOW


def test_customers_and_satisfied_people_of_no_kind(alder) -> None:
    from servicegap.client import from_frames

    accounts = alder.tables["accounts"].copy()
    homes = alder.tables["survey"].groupby("account_id")["contact_id"].nunique()
    lone = homes[homes <= 2].index[:1]
    for column in ("won_by", "segment"):
        accounts[column] = accounts[column].where(~accounts["account_id"].isin(lone))
    client = from_frames(alder.tables | {"accounts": accounts}, alder.settings)
    figure = service_gaps.wrong_customers(client)
    if not figure.not_measured:
        people = service_gaps.answers.said(client).people
        kinds = service_gaps.customers._label(client, "won_by")
        left = ~people["account_id"].map(kinds).isin(set(figure.data["kind"]))
        assert people.loc[left, "person"].nunique() >= stats.HIDDEN_BELOW
    figure = wow_moment_gaps.by_group(client, by="segment")
    if not figure.not_measured:
        rows = wow_moment_gaps.groups.asked(client).satisfied
        kinds = accounts.set_index("account_id")["segment"]
        left = ~rows["account_id"].map(kinds).isin(set(figure.data["group"]))
        assert rows.loc[left, "person"].nunique() >= stats.HIDDEN_BELOW
