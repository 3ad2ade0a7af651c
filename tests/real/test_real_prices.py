"""Prices with two labels the wrong way round, advertisers who find it fair, and a hundred teas."""

from __future__ import annotations

from bisect import bisect_right

import by_hand
import numpy as np
import pytest
import real_prices
from conftest import report
from real_clients import rows_of
from servicegap.client import load
from servicegap.sessions import pricing_vs_value as prices

pytestmark = pytest.mark.real


# -- a panel's four prices ---------------------------------------------------------------------


def test_labels_the_wrong_way_round_are_noticed_and_nothing_is_drawn(data, tmp_path):
    rows = rows_of(data / real_prices.PRICES)
    names = ("too_cheap", "bargain", "getting_expensive", "too_expensive")
    said = [[float(r[n]) for n in names] for r in rows]
    as_labelled = sum(a < b < c < d for a, b, c, d in said)
    turned = sum(a < c < b < d for a, b, c, d in said)
    assert (len(rows), as_labelled, turned) == (1_500, 8, 1_132)
    client = load(real_prices.price_panel(data, tmp_path / "panel"), False)
    figure, table = prices.price_sensitivity(client), prices.price_answers(client)
    assert figure.draw is None
    assert figure.not_measured == (
        "As the columns are labelled, 8 of 1,500 answers are in a possible order; in the order "
        "“too_cheap”, “expensive”, “cheap” then “too_expensive”, 1,132 are. The columns “cheap” "
        "and “expensive” look as if they had each other's label. Put the labels right and look "
        "again."
    )
    assert table.title == "The labels of the price survey look mixed up"
    assert table.data["people"].sum() == 1_500 and table.data["people"].iloc[0] == 8


def test_with_the_labels_put_right_the_meter_is_that_of_plain_counting(data, tmp_path):
    client = load(real_prices.price_panel(data, tmp_path / "mended", mended=True), False)
    figure = prices.price_sensitivity(client)
    names = ("too_cheap", "getting_expensive", "bargain", "too_expensive")
    said = [[float(r[n]) for n in names] for r in rows_of(data / real_prices.PRICES)]
    said = [row for row in said if row[0] < row[1] < row[2] < row[3]]
    n, columns = len(said), [sorted(column) for column in zip(*said, strict=True)]
    assert n == 1_132

    def above(k, p):
        return n - bisect_right(columns[k], p)

    def up_to(k, p):
        return bisect_right(columns[k], p)

    grid = sorted({p for row in said for p in row})
    lower = next(p for p in grid if n - above(1, p) >= above(0, p))
    upper = next(p for p in grid if up_to(3, p) >= n - up_to(2, p))
    indifference = next(p for p in grid if up_to(2, p) >= above(1, p))
    optimum = next(p for p in grid if up_to(3, p) >= above(0, p))
    found = dict(zip(figure.data["point"], figure.data["start"], strict=True))
    assert found == {
        "too cheap below": lower,
        "as many too cheap as too dear": optimum,
        "as many a bargain as dear": indifference,
        "too dear above": upper,
    }
    assert (lower, optimum, indifference, upper) == (20, 40, 40, 60)
    for row in figure.data.itertuples():
        assert row.low <= row.start <= row.end <= row.high
    left_out = prices.price_answers(client).data
    assert left_out["people"].sum() == 1_500
    assert "368 of the answers can't be used" in prices.price_answers(client).title


# -- companies that advertise in a directory ---------------------------------------------------


@pytest.fixture(scope="module")
def made(data, tmp_path_factory):
    """Management believes that half find the pricing worth the top mark."""
    folder = tmp_path_factory.mktemp("directory") / "directory"
    real_prices.advertisers(data, folder, "q4", {"good_value_share": (50, 44, 56)})
    return report(folder, "--formats", "html", "--sessions", "05")


def test_far_fewer_find_it_good_value_than_management_believes(made, data):
    marks = [int(r["q4"]) for r in rows_of(data / real_prices.SATISFACTION)]
    tops = [float(m >= 9) for m in marks]
    found = made.findings["good_value_share"]
    assert found["evidence"]["n"] == len(marks) == 1_811
    assert found["evidence"]["value"] == pytest.approx(100 * sum(tops) / 1_811)
    ends = by_hand.interval(tops, list(range(1_811)))
    assert (found["evidence"]["low"], found["evidence"]["high"]) == pytest.approx(ends)
    assert by_hand.p_value(tops, list(range(1_811)), 50) <= 0.05 / 12
    assert (found["verdict"], found["strength"]) == ("blind spot", "clear")


def test_what_the_folder_does_not_hold_is_not_measured(made):
    absent = {name for name, shown in made.shown.items() if shown.get("not_measured")}
    assert absent == {
        "price_answers", "price_sensitivity", "price_intent", "value_map", "cheaper_happier",
        "resentment_zone", "unpaid_hours", "hours_afforded", "price_ladder",
    }  # fmt: skip


@pytest.mark.parametrize("question", ["q2", "q3", "q4"])
def test_each_question_on_prices_gives_its_own_share(data, tmp_path, question):
    client = load(real_prices.advertisers(data, tmp_path / question, question), False)
    marks = [int(r[question]) for r in rows_of(data / real_prices.SATISFACTION)]
    assert prices.good_value(client).value == pytest.approx(
        100 * sum(m >= 9 for m in marks) / len(marks)
    )


# -- a hundred people, thirteen teas -----------------------------------------------------------


def cups(data):
    """(price, variety, mark) of every cup."""
    teas = rows_of(data / "conjoint-tea/tea_profiles.csv")
    return [
        (int(t["price"]), int(t["variety"]), int(person[f"profil{k + 1}"]))
        for person in rows_of(data / "conjoint-tea/tea_ratings.csv")
        for k, t in enumerate(teas)
    ]


def test_the_cheaper_the_happier_as_counted_by_hand(data, tmp_path):
    client = load(real_prices.tea(data, tmp_path / "tea", "variety"), False)
    every = cups(data)
    assert len(every) == 1_300

    def top(rows):
        return 100 * sum(m >= 9 for *_, m in rows) / len(rows)

    # half of the cups cost the middle price or less, so less than that is the low price
    low, more = [c for c in every if c[0] == 1], [c for c in every if c[0] > 1]
    found = {d.name: d.estimate for d in prices.cheaper_and_happier(client)}
    assert found["everybody"].value == pytest.approx(top(low) - top(more))
    inside = {}
    for kind in (1, 2, 3):
        rows = [c for c in every if c[1] == kind]
        middle = float(np.median([c[0] for c in rows]))
        arms = [c for c in rows if c[0] < middle], [c for c in rows if c[0] >= middle]
        if all(arms):
            inside[f"within variety {kind}"] = (top(arms[0]) - top(arms[1]), len(rows))
    for name, (gap, n) in inside.items():
        assert found[name].value == pytest.approx(gap) and found[name].n == n
    weights = sum(n for _, n in inside.values())
    like = sum(gap * n for gap, n in inside.values()) / weights
    assert found["like with like"].value == pytest.approx(like)


def test_what_the_design_says_of_price_and_what_the_picture_says(data, tmp_path):
    """Price is a part of it: 0.24 points of ten for the low one (R's conjoint has the same)."""
    teas = rows_of(data / "conjoint-tea/tea_profiles.csv")
    means = np.mean(
        [[int(p[f"profil{k + 1}"]) for k in range(13)]
         for p in rows_of(data / "conjoint-tea/tea_ratings.csv")], axis=0,
    )  # fmt: skip
    columns = [np.ones(13)]
    for name, levels in (("price", 3), ("variety", 3), ("kind", 3), ("aroma", 2)):
        at = np.array([int(t[name]) for t in teas])
        columns += [(at == k) * 1.0 - (at == levels) for k in range(1, levels)]
    worth = np.linalg.lstsq(np.stack(columns, axis=1), means, rcond=None)[0]
    assert worth[1:3] == pytest.approx([0.2402, -0.1431], abs=1e-4)
    figure = prices.cheaper_happier(load(real_prices.tea(data, tmp_path / "tea", "kind"), False))
    assert figure.data["people"].iloc[0] == 1_300
    assert figure.title == "No evidence that those who pay less are happier (top marks for value)"
