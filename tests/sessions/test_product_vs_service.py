"""Session 3: shares of what satisfies, where they may be spoken of, and where the effort goes."""

from __future__ import annotations

import math
import re
import time
from itertools import permutations

import clients
import numpy as np
import pytest
from servicegap import bundles, charts, load
from servicegap.sessions import product_vs_service as session
from servicegap.sessions.product_vs_service import lmg, r_squared, within
from servicegap.sessions.product_vs_service.drivers import EXPLAINS
from servicegap.sessions.product_vs_service.effort import moved
from servicegap.sessions.product_vs_service.importance_performance import item_map
from servicegap.sessions.product_vs_service.outcomes import by_outcome
from servicegap.sessions.product_vs_service.resampling import (
    covariances,
    moments,
    of_whole,
    resampled,
)
from servicegap.sessions.product_vs_service.said_and_shown import parted

PARTS = ("sides", "effort", "outcomes", "importance_performance", "said_and_shown")
ITEMS = {"P1": "product", "P2": "product", "S1": "service", "S2": "service", "K1": "process",
         "K2": "process"}  # fmt: skip


def firm(
    folder, people=120, firms=40, weights=(0.2, 0.6, 0.2), noise=0.6, items=ITEMS, seed=1,
    settings=None, refer=None, stated=None, **more,
):  # fmt: skip
    """A client whose satisfaction is a weighted sum of what was felt on each side, plus noise.

    `refer`: weights of would_refer; `stated`: by item, how important people call it (mean mark).
    """
    rng = np.random.default_rng(seed)
    order = ("product", "service", "process")
    felt = rng.normal(size=(people, 3))
    satisfied = felt @ np.array(weights) + noise * rng.normal(size=people)
    would = felt @ np.array(refer or weights) + noise * rng.normal(size=people)
    survey, views = [], []

    def mark(x, low, high):
        return int(np.clip(round((low + high) / 2 + x), low, high))

    for i in range(people):
        who = {"contact_id": f"C{i}", "account_id": f"A{i % firms}"}
        for item, side in items.items():
            x = felt[i, order.index(side)] if side in order else 0.0
            matters = (stated or {}).get(item, 5.0) + rng.normal()
            survey.append(
                who | {"item_id": item, "perceived": mark(1.2 * x + 0.4 * rng.normal(), 1, 7),
                       "importance": mark(matters - 4, 1, 7), "scale": "1-7"}
            )  # fmt: skip
        says = {"satisfaction": mark(1.2 * satisfied[i], 1, 7), "scale": "1-7"}
        refers = {"would_refer": mark(2.5 * would[i], 0, 10), "refer_scale": "0-10"}
        views.append(who | says | refers)
    tables = {
        "items": [{"item_id": k, "text": f"About {k}.", "side": v} for k, v in items.items()],
        "survey": survey,
        "relationship": views,
        "contacts": clients.contacts(people, firms),
        "accounts": clients.accounts(firms),
    }
    return clients.make(folder, settings=settings or {}, **(tables | more))


# -- the decomposition -------------------------------------------------------------------------


def by_hand(x, y):
    """LMG by fitting every order with least squares."""
    k = x.shape[1]

    def r2(chosen):
        design = np.column_stack([np.ones(len(x)), x[:, chosen]])
        rest = y - design @ np.linalg.lstsq(design, y, rcond=None)[0]
        return 1 - (rest @ rest) / ((y - y.mean()) @ (y - y.mean()))

    added = np.zeros(k)
    orders = list(permutations(range(k)))
    for order in orders:
        for place, j in enumerate(order):
            added[j] += r2([*order[: place + 1]]) - r2([*order[:place]])
    return added / len(orders)


@pytest.mark.parametrize("k", [1, 2, 3, 4])
def test_lmg_is_the_mean_over_all_orders(k):
    rng = np.random.default_rng(k)
    x = rng.normal(size=(60, k)) @ rng.normal(size=(k, k))
    y = x @ rng.normal(size=k) + rng.normal(size=60)
    found = lmg(np.cov(np.column_stack([x, y]).T))
    np.testing.assert_allclose(found, by_hand(x, y), atol=1e-10)
    assert found.sum() == pytest.approx(r_squared(np.cov(np.column_stack([x, y]).T)))


def test_what_is_said_twice_is_shared_and_what_never_varies_carries_nothing():
    rng = np.random.default_rng(1)
    x = rng.normal(size=80)
    y = x + rng.normal(size=80)
    matrix = np.cov(np.column_stack([x, x, np.ones(80), y]).T)
    one, other, still = lmg(matrix)
    assert one == pytest.approx(other) and one + other == pytest.approx(
        np.corrcoef(x, y)[0, 1] ** 2
    )
    assert still == pytest.approx(0)
    assert not lmg(np.zeros((3, 3))).any()  # everybody equally satisfied


def test_single_things_share_out_what_their_block_adds():
    rng = np.random.default_rng(3)
    data = rng.normal(size=(90, 6)) @ rng.normal(size=(6, 6))
    matrix = np.cov(data.T)
    blocks = [[0, 3], [1], [2, 4]]
    single = within(matrix, blocks)
    assert single.sum() == pytest.approx(float(r_squared(matrix)))
    np.testing.assert_allclose(within(matrix, [[i] for i in range(5)]), lmg(matrix), atol=1e-12)
    np.testing.assert_allclose(within(matrix, [list(range(5))]), lmg(matrix), atol=1e-12)


def test_many_draws_at_once_are_the_draws_one_by_one():
    rng = np.random.default_rng(5)
    many = np.array([np.cov(rng.normal(size=(30, 4)).T) for _ in range(7)])
    np.testing.assert_allclose(lmg(many), np.array([lmg(m) for m in many]).T, atol=1e-12)


def test_sums_of_accounts_hold_all_that_a_bootstrap_needs():
    rng = np.random.default_rng(2)
    data, accounts = rng.normal(5, 2, size=(50, 3)), rng.integers(0, 9, 50).astype(str)
    sums = moments(data, accounts)
    np.testing.assert_allclose(covariances(sums.sum(axis=0)), np.cov(data.T, bias=True))
    assert resampled(sums, 5)[:, 0, 0].min() > 0
    again = rng.permutation(50)
    renamed = np.array([f"firm {9 - int(a)}" for a in accounts])
    np.testing.assert_allclose(moments(data[again], renamed[again]), sums, atol=1e-9)


# -- when a share may speak --------------------------------------------------------------------


def test_a_share_stays_within_its_whole_and_is_t_on_the_log_odds():
    found = of_whole(92, 5, 113, 40, "%", "contacts")
    assert 0 < found.low < 92 < found.high < 100
    assert found.p_value(92) == pytest.approx(1)
    assert found.p_value(found.low) == pytest.approx(0.05)
    assert found.below(found.high) == pytest.approx(0.975)
    assert found.scaled(4).low > found.low and found.scaled(4).n == 452
    middle = of_whole(50, 1, 113, 40, "%", "contacts")  # far from the ends: t on the share itself
    assert (middle.low, middle.high) == pytest.approx((50 - 2.0227, 50 + 2.0227), abs=0.01)
    for end in (0, 100):
        edge = of_whole(end, 0.0, 50, 20, "%", "contacts")
        assert 0 <= edge.low <= end <= edge.high <= 100 and math.isfinite(edge.p_value(50))


def test_a_planted_share_is_found(tmp_path):
    client = firm(
        tmp_path / "a", people=300, firms=100, weights=(0.1, 0.7, 0.5), noise=0.4,
        beliefs=clients.beliefs(service_share=(30, 20, 40)),
    )  # fmt: skip
    found = session.service_share(client)
    truth = 100 * (0.49 + 0.25) / (0.01 + 0.49 + 0.25)
    assert abs(found.estimate.value - truth) < 4
    assert (found.verdict.word, found.verdict.strength) == ("blind spot", "clear")
    assert "flatters the product" in found.sentence
    assert any("Four of the six questions" in c and "67 in 100" in c for c in found.caveats)


def test_a_modest_firm_is_told_that_its_product_counts(tmp_path):
    client = firm(
        tmp_path / "a", people=300, firms=100, weights=(0.9, 0.2, 0.1), noise=0.4,
        beliefs=clients.beliefs(service_share=(70, 60, 80)),
    )  # fmt: skip
    found = session.service_share(client)
    assert (found.verdict.word, found.verdict.strength) == ("hidden strength", "clear")
    assert "product counts for more" in found.sentence


def test_nothing_is_said_while_nothing_is_explained(tmp_path):
    client = firm(
        tmp_path / "a", weights=(0, 0, 0), settings={"effort": {"product": 100}},
        beliefs=clients.beliefs(service_share=(30, 20, 40)),
    )  # fmt: skip
    found = session.service_share(client)
    drivers = session.drivers(client)
    assert drivers.r2[1] <= EXPLAINS and drivers.n == 120
    assert found.verdict.word == "too few to judge" and found.estimate.hidden
    assert "explains too little to be shared out" in found.sentence
    payload = bundles.bundle(found)[bundles.MIME]
    assert payload["evidence"] is None and not re.search(
        r"\d+ in 100 parts.*\d+ in 100", found.sentence
    )
    for part in ("sides", "effort", "said_and_shown"):
        assert getattr(session, part)(client).not_measured == drivers.why


def test_chance_alone_seldom_passes_for_an_explanation(tmp_path):
    """Of 60 firms in which nothing goes with anything, 2.5 % would pass by the book."""
    passed = 0
    for seed in range(60):
        rng = np.random.default_rng(seed)
        data, accounts = rng.normal(size=(60, 4)), (np.arange(60) % 25).astype(str)
        sums = moments(data, accounts)
        spread = np.std(lmg(covariances(resampled(sums, 500))).sum(axis=0), ddof=1)
        adjusted = 1 - (1 - float(r_squared(covariances(sums.sum(axis=0))))) * 59 / 56
        passed += adjusted - 2.06 * spread > EXPLAINS
    assert passed <= 4


@pytest.mark.parametrize(
    ("people", "firms", "said"),
    [
        (3, 3, "Only 3 contacts answered"),
        (9, 9, "there are 9 contacts in 9 accounts"),
        (40, 4, "there are 40 contacts in 4 accounts"),
    ],
)
def test_the_floor(tmp_path, people, firms, said):
    client = firm(tmp_path / "a", people, firms, noise=0.1,
                  beliefs=clients.beliefs(service_share=(30, 20, 40)))  # fmt: skip
    found = session.service_share(client)
    assert found.verdict.word == "too few to judge"
    assert said in found.sentence
    assert session.sides(client).not_measured


@pytest.mark.parametrize(
    ("items", "said"),
    [
        ({"P1": "product", "P2": "product"}, "only of the product"),
        ({"S1": "service", "K1": "process"}, "only of the service"),
        ({"X1": "", "X2": ""}, "of neither"),
    ],
)
def test_a_survey_of_one_side_shares_nothing_out(tmp_path, items, said):
    client = firm(tmp_path / "a", items=items)
    found = session.service_share(client)
    assert said in session.sides(client).not_measured
    assert (
        found.verdict.word in ("not measured", "no guess") and "in 100 parts" not in found.sentence
    )


def test_two_sides_will_do(tmp_path):
    client = firm(tmp_path / "a", items={"P1": "product", "P2": "product", "S1": "service"})
    drivers = session.drivers(client)
    assert drivers.sides == ("product", "service") and not drivers.why
    assert drivers.shares.sum() == pytest.approx(100)
    assert drivers.expected("service", "process") == pytest.approx(100 / 3)


def test_order_and_names_change_nothing(tmp_path):
    client = firm(tmp_path / "a")
    again = firm(tmp_path / "b")
    rng = np.random.default_rng(0)
    frames = {}
    for name in ("survey", "relationship", "items", "contacts", "accounts"):
        frame = again[name].sample(frac=1, random_state=int(rng.integers(99)))
        if "account_id" in frame:
            frame = frame.assign(account_id="Z" + frame["account_id"].str[::-1])
        frames[name] = frame.astype(object).where(frame.notna(), None).to_dict("records")
    mixed = clients.make(tmp_path / "c", **frames)
    assert session.service_share(mixed).sentence == session.service_share(client).sentence
    assert session.sides(mixed).alt == session.sides(client).alt


def test_other_scales_and_questions_of_no_side_stay_out_and_are_counted(tmp_path):
    items = ITEMS | {"X1": ""}
    client = firm(tmp_path / "a", items=items)
    survey = client["survey"].astype(object).where(client["survey"].notna(), None)
    odd = [
        {"contact_id": f"C{i}", "account_id": f"A{i % 40}", "item_id": "P1", "perceived": 3,
         "scale": "1-5"}
        for i in range(10)
    ]  # fmt: skip
    more = firm(tmp_path / "b", items=items, survey=[*survey.to_dict("records"), *odd])
    alone, both = session.service_share(client), session.service_share(more)
    assert alone.estimate.value == both.estimate.value
    assert any("10 answers on another scale" in c for c in both.caveats)
    assert any("One question that belongs to no side" in c for c in both.caveats)


def test_four_thousand_draws_take_no_time(tmp_path):
    client = firm(tmp_path / "a", people=300, firms=100)
    session.drivers(client)
    start = time.process_time()
    assert len(session.drivers(client).draws) == 4_000
    assert time.process_time() - start < 1


# -- the pictures ------------------------------------------------------------------------------


def test_a_side_that_stands_out_is_worth_asking_about(tmp_path):
    loud = session.sides(firm(tmp_path / "a", 300, 100, weights=(0.0, 0.9, 0.1), noise=0.3))
    assert "Worth asking why" in loud.caption and "service carries more" in loud.caption
    even = session.sides(firm(tmp_path / "b", weights=(0.4, 0.4, 0.4)))
    assert "no evidence" in even.caption and "could easily have been missed" in even.caption


@pytest.mark.parametrize(
    ("effort", "weights", "title", "history"),
    [
        ((70, 20, 10), (0.1, 0.7, 0.4), "The product gets 70 of 100", "still gets more"),
        ((5, 60, 35), (0.8, 0.2, 0.2), "The product gets 5 of 100", "perhaps too far"),
        ((33, 34, 33), (0.4, 0.4, 0.4), "No side gets clearly", "does not clearly show"),
    ],
)
def test_effort_beside_what_it_carries(tmp_path, effort, weights, title, history):
    told = dict(zip(("product", "service", "process"), effort, strict=True))
    client = firm(
        tmp_path / "a", 200, 50, weights=weights, settings={"effort": told, "origin": "product"}
    )
    found = session.effort(client)
    assert found.title.startswith(title) and history in found.caption
    other = firm(
        tmp_path / "b", 200, 50, weights=weights, settings={"effort": told, "origin": "service"}
    )
    assert "You began" not in session.effort(other).caption
    assert found.draw is not None and charts.png(found.draw())


def test_moving_effort_moves_the_picture(tmp_path):
    told = {"product": 70, "service": 20, "process": 10}
    client = firm(tmp_path / "a", 200, 50, weights=(0.1, 0.7, 0.4), settings={"effort": told})
    now = session.effort(client, to_service=40, to_process=15)
    assert now.title.startswith("Moved like this, ")
    assert now.data["effort"].tolist() == pytest.approx([15, 60, 25])
    assert now.data["share"].tolist() == session.effort(client).data["share"].tolist()


def test_no_more_effort_is_moved_than_there_is():
    told = {"product": 20.0, "service": 50.0, "process": 30.0}
    assert moved(told, 30, 30) == {"product": 0, "service": 70, "process": 30}
    assert moved(told, -60, 0) == {"product": 70, "service": 0, "process": 30}
    assert sum(moved({"product": 1, "service": 1, "process": 2}, 5, -3).values()) == 100


def test_effort_needs_to_be_stated(tmp_path):
    assert "client.yaml" in session.effort(firm(tmp_path / "a")).not_measured


def referrals(accounts):
    return [{"referral_id": f"F{a}", "account_id": f"A{a}", "made_on": "2025-03-01",
             "stage": "made"} for a in accounts]  # fmt: skip


def test_referring_is_spoken_of_only_where_deeds_allow(tmp_path):
    without = session.outcomes(firm(tmp_path / "a"))
    assert "It needs the table referrals." in without.caption
    few = by_outcome(firm(tmp_path / "b", referrals=referrals(range(4))))["did refer"]
    assert few.why.startswith("It takes ten accounts, five that referred")
    chance = by_outcome(firm(tmp_path / "c", referrals=referrals(range(12))))["did refer"]
    assert chance.n == 40 and chance.per == "accounts" and chance.why


def test_referring_may_hang_on_other_things(tmp_path):
    apart = firm(
        tmp_path / "a", 300, 100, weights=(0.9, 0.1, 0.1), refer=(0.1, 0.7, 0.6), noise=0.3
    )
    found = session.outcomes(apart)
    assert "“would refer” hangs more on service and process" in found.title
    same = session.outcomes(firm(tmp_path / "b"))
    assert same.title.startswith("No evidence") and "easily have been missed" in same.title


def test_the_map_knows_where_a_question_surely_is(tmp_path):
    client = firm(
        tmp_path / "a", 200, 50,
        stated={"P1": 3, "P2": 3, "S1": 7, "S2": 7, "K1": 3, "K2": 7},
    )  # fmt: skip
    items = item_map(client).items.set_index("item")
    assert set(items.loc[["S1", "S2", "K2"], "corner"]) <= {"keep", "concentrate"}
    assert set(items.loc[["P1", "P2", "K1"], "corner"]) <= {"overkill", "low"}
    by_hand_ = client["survey"].query("item_id == 'S1'")
    assert items.loc["S1", "important"] == pytest.approx(100 * (by_hand_["importance"] >= 6).mean())
    assert items.loc["S1", "pleased"] == pytest.approx(100 * (by_hand_["perceived"] >= 6).mean())
    assert session.importance_performance(client).draw is not None


def test_the_cross_stands_at_the_means_unless_it_is_told():
    importance, performance = [1, 2, 9, 8], [1, 9, 1, 8]
    names = [session.CORNERS[c] for c in session.corners(importance, performance)]
    assert names == ["low", "overkill", "concentrate", "keep"]
    told = session.corners(importance, performance, (0, 0))
    assert [session.CORNERS[c] for c in told] == ["keep"] * 4


def test_a_question_few_answered_is_not_on_the_map(tmp_path):
    client = firm(tmp_path / "a")
    survey = client["survey"]
    keep = (survey["item_id"] != "P1") | (survey["contact_id"].str[1:].astype(int) < 8)
    rows = survey[keep].astype(object).where(survey[keep].notna(), None).to_dict("records")
    items = item_map(firm(tmp_path / "b", survey=rows)).items
    assert "P1" not in set(items["item"]) and len(items) == 5
    three = firm(tmp_path / "c", items={"P1": "product", "S1": "service", "K1": "process"})
    assert "four questions" in session.importance_performance(three).not_measured


def test_where_said_and_shown_part_is_found(tmp_path):
    client = firm(
        tmp_path / "a", 300, 100, weights=(0.1, 0.8, 0.1), noise=0.3,
        stated={"P1": 6.5, "P2": 6.5, "S1": 3, "S2": 3, "K1": 5, "K2": 5},
    )  # fmt: skip
    things = parted(client).things.set_index("name")
    assert things["shown"].sum() == pytest.approx(100) and things["said"].sum() == pytest.approx(
        100
    )
    for name in ("About S1", "About S2"):
        assert (
            things.loc[name, "p"] <= 0.05 and things.loc[name, "shown"] > things.loc[name, "said"]
        )
    found = session.said_and_shown(client)
    assert found.title.startswith("Worth asking: two questions move satisfaction more")


def test_single_questions_are_spoken_of_from_a_hundred_contacts(tmp_path):
    assert not parted(firm(tmp_path / "a", 99, 33)).single
    assert parted(firm(tmp_path / "b", 100, 33)).single
    found = session.said_and_shown(firm(tmp_path / "c", 99, 33))
    assert "By side only" in found.caption and "P1" not in found.alt
    assert found.title.startswith(("No evidence", "Worth asking"))


# -- the samples -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("alder-it", {("blind spot", "clear")}),
        ("birch-support", {("well judged", None), ("too few to judge", None)}),
        ("cedar-desk", {("not measured", None)}),
    ],
)
def test_the_samples(name, words):
    client = load(f"data/sample/{name}", sealed=False)
    verdict = session.service_share(client).verdict
    assert (verdict.word, verdict.strength) in words
    for part in PARTS:
        found = getattr(session, part)(client)
        assert bool(found.not_measured) == (name == "cedar-desk")
        text = f"{found.title} {found.alt} {found.caption}"
        assert not re.search(r"\bnan\b|\bNone\b|\{|\s\s| - ", text), text
        assert found.draw is None or charts.png(found.draw())
