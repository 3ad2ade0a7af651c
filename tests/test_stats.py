"""When a number may speak: the floor, the interval, the p, and what may be shown beside a total."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats as scipy_stats
from servicegap import stats, subtraction

QUICK = settings(max_examples=60, deadline=None)


@st.composite
def answers(draw, least: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """Shares of top marks of up to 60 contacts, and the accounts they belong to."""
    n = draw(st.integers(least, 60))
    values = draw(st.lists(st.sampled_from([0, 0, 0.25, 0.5, 2 / 3, 1, 1]), min_size=n, max_size=n))
    accounts = draw(st.lists(st.integers(0, 12), min_size=n, max_size=n))
    return np.array(values, dtype=float), np.array(accounts)


def facts(estimate: stats.Estimate) -> tuple:
    beliefs = (0.5, 20, 60, 95, 100)
    return (
        estimate.value,
        estimate.low,
        estimate.high,
        *(estimate.p_value(b) for b in beliefs),
        *(estimate.below(b) for b in beliefs),
    )


@QUICK
@given(answers())
def test_the_interval_holds_the_value_and_stays_on_the_scale(data):
    found = stats.share(*data)
    assert 0 <= found.low <= found.value + 1e-9
    assert found.value - 1e-9 <= found.high <= 100
    assert 1 <= stats.effective_n(*data) <= len(data[0])
    assert all(0 <= p <= 1 for p in facts(found)[3:])


@QUICK
@given(answers(), st.randoms(use_true_random=False))
def test_neither_the_order_of_rows_nor_the_names_of_accounts_matter(data, random):
    values, accounts = data
    order = list(range(len(values)))
    random.shuffle(order)
    names = dict(zip(range(13), random.sample("ABCDEFGHIJKLM", 13), strict=True))
    again = stats.share(values[order], [names[a] for a in accounts[order]])
    assert facts(again) == pytest.approx(facts(stats.share(values, accounts)), abs=1e-9)
    drawn = stats.resampled_means(values, accounts, draws=50)
    redrawn = stats.resampled_means(values[order], [names[a] for a in accounts[order]], draws=50)
    assert np.quantile(redrawn, [0.1, 0.5, 0.9]) == pytest.approx(
        np.quantile(drawn, [0.1, 0.5, 0.9]), abs=1e-9
    )


@QUICK
@given(st.integers(0, 40), st.integers(1, 40), st.integers(2, 5))
def test_more_of_the_same_answers_narrow_the_interval(hits, misses, times):
    n = hits + misses
    low, high = stats.wilson(hits, n)
    lower, higher = stats.wilson(hits * times, n * times)
    assert higher - lower < high - low


@QUICK
@given(answers(least=5), st.floats(0.5, 99.5))
def test_happy_and_unhappy_are_mirror_images(data, belief):
    values, accounts = data
    one, other = stats.share(values, accounts), stats.share(1 - values, accounts)
    assert other.low == pytest.approx(100 - one.high, abs=1e-6)
    assert other.below(100 - belief) == pytest.approx(1 - one.below(belief), abs=1e-6)
    trials = math.floor(stats.effective_n(*data) + 1e-9)
    if abs(one.value / 100 * trials % 1 - 0.5) > 1e-6:  # half a hit rounds one way only
        assert other.p_value(100 - belief) == pytest.approx(one.p_value(belief), abs=1e-6)


def test_effective_n_by_hand():
    values = np.array([1, 1, 1, 0, 0, 0, 1, 0], dtype=float)
    accounts = np.array(list("aaabbbcc"))
    # residuals from .5 add up to 1.5, -1.5 and 0 in the three accounts
    alike = 8**2 / (3**2 + 3**2 + 2**2)  # as many accounts of one size
    linearised = alike / (alike - 1) * (1.5**2 + 1.5**2 + 0) / 8**2
    wider = scipy_stats.t.ppf(0.975, alike - 1) / scipy_stats.t.ppf(0.975, 7)
    worth = max(1, 8 / (linearised / (0.25 / 8) * wider**2))
    assert stats.effective_n(values, accounts) == pytest.approx(worth) == 1
    more, homes = np.tile(values, 9), np.repeat(np.arange(27), [3, 3, 2] * 9)
    alike = 72**2 / (9 * 22)
    linearised = alike / (alike - 1) * 9 * 4.5 / 72**2
    wider = scipy_stats.t.ppf(0.975, alike - 1) / scipy_stats.t.ppf(0.975, 71)
    worth = 72 / (linearised / (0.25 / 72) * wider**2)
    assert stats.effective_n(more, homes) == pytest.approx(worth)


@pytest.mark.parametrize(
    ("values", "accounts", "worth"),
    [
        ([1] * 12, range(12), 12),  # everybody delighted: nothing varies
        ([0] * 12, [0, 1] * 6, 2),  # of one mind: people or accounts, who can tell
        ([1] * 12, [0] * 6 + [1] * 3 + [2] * 3, 144 / 54),  # a large account is not many
        ([1, 0] * 6, range(12), 11),  # strangers: one is spent on not knowing the share
        ([1, 1, 1, 0] * 3, [0] * 4 + [1] * 4 + [2] * 4, 12),  # accounts alike: never more than n
        ([1, 0] * 6, [1] * 12, 1),  # one account speaks for itself alone
        ([1] * 12, [1] * 12, 1),
        ([1] * 6 + [0] * 6, [0] * 6 + [1] * 6, 1),  # two accounts, each of one mind
    ],
)
def test_what_answers_are_worth(values, accounts, worth):
    assert stats.effective_n(values, list(accounts)) == pytest.approx(worth)


def test_few_accounts_of_many_people_are_not_sure_however_little_they_seem_to_differ():
    """Ten accounts of twelve, alike within (0.3), nine in ten happy: seldom sure of another."""
    rng, wrong = np.random.default_rng(3), 0
    homes = np.repeat(np.arange(10), 12)
    for _ in range(300):
        level = rng.beta(0.9 * 7 / 3, 0.1 * 7 / 3, 10)[homes]
        found = stats.share((rng.random(120) < level).astype(float), homes)
        wrong += found.p_value(90.0) <= 0.05 / 12
    assert wrong <= 4  # the exact p alone is so sure about thirteen times
    values = np.r_[0.0, np.ones(119)]
    one, none = stats.share(values, homes), stats.share(np.ones(120), homes)
    assert one.p_value(60.0) > 1e-6 and none.p_value(60.0) > 1e-3
    few = stats.share(values[:40], np.arange(40) // 4)  # four an account: the exact p speaks
    trials = math.floor(stats.effective_n(values[:40], np.arange(40) // 4) + 1e-9)
    hits = round(0.975 * trials)
    assert few.p_value(80.0) == pytest.approx(
        2 * scipy_stats.binom.sf(hits - 1, trials, 0.8), rel=1e-6
    )


def test_p_is_the_central_exact_binomial_and_beliefs_are_kept_off_the_ends():
    found = stats.share([1, 1, 1, 0] * 3, [0] * 4 + [1] * 4 + [2] * 4)  # worth all of twelve
    low, high = scipy_stats.binom.cdf(9, 12, 0.9), scipy_stats.binom.sf(8, 12, 0.9)
    assert found.p_value(90) == pytest.approx(min(1, 2 * min(low, high)))
    assert found.p_value(100) == found.p_value(99.5) > 0
    assert found.p_value(0) == found.p_value(0.5)
    assert found.below(70) == pytest.approx(scipy_stats.beta.cdf(0.7, 9.5, 3.5))


@pytest.mark.parametrize(
    ("contacts", "accounts", "hidden", "speaks"),
    [(4, 4, True, False), (5, 5, False, False), (9, 9, False, False), (10, 4, False, False),
     (10, 5, False, True), (200, 4, False, False)],
)  # fmt: skip
def test_the_floor(contacts, accounts, hidden, speaks):
    found = stats.share([1, 0] * (contacts // 2) + [1] * (contacts % 2),
                        [i % accounts for i in range(contacts)])  # fmt: skip
    assert (found.hidden, found.speaks) == (hidden, speaks)


def test_tickets_stand_on_the_people_behind_them():
    found = stats.share([1, 0] * 50, [i % 10 for i in range(100)], per="tickets",
                        contacts=[i % 4 for i in range(100)])  # fmt: skip
    assert found.n == 100 and found.contacts == 4 and found.hidden


def test_accounts_speak_from_ten():
    for n, speaks in ((9, False), (10, True)):
        assert stats.share([1, 0] * n, list(range(n)) * 2, per="accounts").speaks is speaks


def test_a_figure_with_a_reason_to_be_silent_is_hidden_however_many_answered():
    found = stats.from_error(60, 3, 200, 200, 50, "%", "contacts")
    assert found.speaks and not found.hidden
    silent = dataclasses.replace(found, why="Their answers explain too little.")
    assert silent.measured and silent.hidden and not silent.speaks


def test_nobody_answered_is_not_measured_and_flows_through():
    nothing = stats.share([], [])
    assert not nothing.measured and nothing.hidden and not nothing.speaks and nothing.why
    assert math.isnan(nothing.below(50))


@QUICK
@given(st.floats(5, 95), st.floats(0.5, 20), st.integers(5, 100))
def test_an_estimate_from_its_error_is_a_t(value, error, accounts):
    found = stats.from_error(value, error, 120, 120, accounts, "%", "contacts")
    assert found.p_value(found.low) == pytest.approx(0.05, abs=1e-6)
    assert found.below(value) == pytest.approx(0.5)
    assert found.p_value(value + 3) == pytest.approx(found.p_value(value - 3))
    more = found.scaled(4)
    assert more.n == 480 and more.high - more.low < found.high - found.low


@QUICK
@given(st.floats(5, 95), st.floats(0.5, 20), st.integers(5, 100))
def test_a_share_from_its_error_is_a_t_on_the_log_odds_and_stays_within_its_whole(
    value, error, accounts
):
    found = stats.share_from_error(value, error, 120, 120, accounts, "%", "contacts")
    assert 0 < found.low < value < found.high < 100
    assert found.below(value) == pytest.approx(0.5) and found.p_value(value) == pytest.approx(1)
    if found.low > 1 and found.high < 99:
        assert found.p_value(found.low) == pytest.approx(0.05, abs=1e-6)
        assert found.below(found.high) == pytest.approx(0.975, abs=1e-6)
    assert found.scaled(4).high - found.scaled(4).low < found.high - found.low


@pytest.mark.parametrize("make", [stats.from_error, stats.share_from_error])
@pytest.mark.parametrize("value", [0, 100])
def test_accounts_of_one_mind_are_not_sure_of_everybody(make, value):
    """No spread in the draws is no proof: the exact binomial with accounts for trials decides."""
    found = make(value, 0.0, 60, 60, 20, "%", "contacts")
    for truth in (90, 75, 60):
        share = truth / 100 if value else 1 - truth / 100
        exact = min(1, 2 * scipy_stats.binom.pmf(20, 20, truth / 100))
        assert found.p_value(100 * share) == pytest.approx(exact)
    assert found.p_value(value) == 1 and found.below(50) == pytest.approx(
        0.5**20 if value else 1 - 0.5**20
    )
    end = found.low if value else found.high
    assert found.p_value(end) == pytest.approx(0.05)
    assert found.scaled(4).p_value(75 if value else 25) < found.p_value(75 if value else 25)


def test_accounts_of_one_mind_between_the_ends_and_beyond_them():
    found = stats.share_from_error(60, 1e-15, 60, 60, 20, "%", "contacts")
    assert found.p_value(40) == pytest.approx(2 * 0.8**20) == pytest.approx(found.p_value(80))
    assert found.below(60) == 0.5 and found.below(104) == 1 and found.below(-1) == 0
    assert 0 <= found.low < 60 < found.high <= 100
    few = stats.from_error(-10, 0.0, 12, 12, 5, "points", "contacts")
    assert few.p_value(0) == 1 and few.low < 0 < few.high  # five accounts prove nothing


def test_an_estimate_from_draws_counts_equality_on_both_sides():
    found = stats.from_draws(50, [40, 50, 50, 60], 10, 10, 10, "percentile", "contacts")
    assert found.p_value(50) == 1
    assert found.p_value(40) == 2 * 0.25
    assert found.p_value(39) == 0
    assert found.below(50) == 0.5 and found.below(100) == 1


def test_bootstrap_means_vary_like_means_of_whole_accounts():
    rng = np.random.default_rng(3)
    accounts = np.repeat(np.arange(40), 3)
    values = rng.random(40)[accounts].round()
    spread = stats.resampled_means(values, accounts).std()
    assert spread == pytest.approx(values.reshape(40, 3).mean(1).std() / math.sqrt(40), rel=0.05)


def test_the_silent_can_be_all_bad_or_all_good():
    assert stats.silent_bounds(60, 50, 100) == (30, 80)
    assert stats.silent_bounds(60, 100, 100) == (60, 60)
    assert all(math.isnan(x) for x in stats.silent_bounds(math.nan, 0, 0))


# -- what may be shown beside a total ----------------------------------------------------------


@st.composite
def memberships(draw) -> tuple[list, list, list]:
    """Who (of which account) rated which team; a person may have rated several."""
    people = draw(st.integers(5, 60))
    rows = draw(
        st.lists(st.tuples(st.integers(0, people), st.integers(0, 4)), min_size=5, max_size=150)
    )
    return ([p for p, _ in rows], [p % 20 for p, _ in rows], [f"team {t}" for _, t in rows])


@QUICK
@given(memberships())
def test_what_is_hidden_cannot_be_found_by_subtraction(rows):
    people, accounts, teams = rows
    shown = subtraction.safe_to_show(*rows)
    members = {t: {p for p, u in zip(people, teams, strict=True) if u == t} for t in set(teams)}
    firms = {t: {a for a, u in zip(accounts, teams, strict=True) if u == t} for t in set(teams)}
    assert all(len(members[t]) >= 10 and len(firms[t]) >= 5 for t in shown)
    rest = set().union(*(members[t] for t in members if t not in shown))
    assert not shown or not rest or len(rest) >= 5
    assert shown == sorted(shown, key=lambda t: (-len(members[t]), t))


def test_one_person_in_two_small_teams_is_one_person():
    # three people rated both small teams: six rows, three people, so a neighbour hides with them
    big = [(f"p{i}", i % 9, team) for team, n in (("A", 30), ("B", 12)) for i in range(n)]
    small = [(f"q{i}", i, team) for team in ("C", "D") for i in range(3)]
    assert subtraction.safe_to_show(*zip(*big, *small, strict=True)) == ["A"]
    assert subtraction.safe_to_show(*zip(*big, strict=True)) == ["A", "B"]
