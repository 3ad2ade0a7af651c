"""Session 05: four prices, fee against value felt, and what a price leaves."""

from __future__ import annotations

import math
import re
from itertools import combinations
from pathlib import Path

import clients
import numpy as np
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.cbook import STEP_LOOKUP_MAP
from matplotlib.path import Path as Outline
from servicegap import bundles, charts, load, schema, simulate
from servicegap.client import from_frames
from servicegap.findings import Figure, Finding
from servicegap.sessions import pricing_vs_value as prices

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "data" / "sample"
PARTS = [getattr(prices, part.name) for part in schema.SESSIONS["05"].parts]
NAMES = ("too_cheap", "cheap", "expensive", "too_expensive")


def text_of(result) -> str:
    texts = [result.title, getattr(result, "alt", ""), getattr(result, "caption", "")]
    texts += [getattr(result, "sentence", ""), *getattr(result, "caveats", ())]
    return " ".join([*texts, getattr(result, "not_measured", "") or ""])


def felt(people=120, firms=40, top=60, **more) -> list[dict]:
    """A relationship row each; the first `top` give value a 5, the others a 4."""
    return [
        {"contact_id": f"C{i}", "account_id": f"A{i % firms}", "value": 5 if i < top else 4,
         "satisfaction": 5, "would_refer": 5, "scale": "1-5"} | more
        for i in range(people)
    ]  # fmt: skip


def paying(fees, seats=10) -> list[dict]:
    return [
        {"account_id": f"A{i}", "name": f"Firm {i}", "since": "2015-01-01", "seats": seats,
         "monthly_fee": fee, "segment": "north" if i % 2 else "south"}
        for i, fee in enumerate(fees)
    ]  # fmt: skip


def named(*rows, people=1) -> list[dict]:
    """Price survey rows, each given `people` times."""
    every = [row for row in rows for _ in range(people)]
    return [{"contact_id": f"C{i}", **dict(zip(NAMES, row, strict=False)),
             **dict(zip(("intent_cheap", "intent_expensive"), row[4:], strict=False))}
            for i, row in enumerate(every)]  # fmt: skip


def worked(firms=20, each=10, hours=1.0, wait=2) -> list[dict]:
    return [
        {"ticket_id": f"T{f}-{i}", "account_id": f"A{f}", "opened_at": "2025-03-03T08:00",
         "first_reply_at": f"2025-03-03T{8 + wait:02}:00", "hours_worked": hours}
        for f in range(firms)
        for i in range(each)
    ]  # fmt: skip


# -- top marks for value -----------------------------------------------------------------------


def test_a_modest_firm_learns_that_it_is_good_value(tmp_path):
    client = clients.make(
        tmp_path,
        relationship=felt(),
        contacts=clients.contacts(120, 40),
        beliefs=clients.beliefs(good_value_share=(20, 14, 26)),
    )
    finding = prices.good_value_share(client)
    assert (finding.verdict.word, finding.verdict.strength) == ("hidden strength", "clear")
    assert finding.estimate.value == pytest.approx(50) and finding.estimate.n == 120
    assert finding.action.id == "good_value_share-tell" and finding.caveats == ()


def test_a_cheap_firm_that_is_no_good_value_is_told_so(tmp_path):
    client = clients.make(
        tmp_path,
        relationship=felt(top=24),
        contacts=clients.contacts(400, 40),
        beliefs=clients.beliefs(good_value_share=(60, 50, 70)),
    )
    finding = prices.good_value_share(client)
    assert (finding.verdict.word, finding.verdict.strength) == ("blind spot", "clear")
    assert finding.caveats[0].startswith("120 of 400 contacts answered. Had everybody")


def test_scales_are_never_added_up_and_empty_marks_do_not_count(tmp_path):
    rows = felt(40, 20, 20)
    rows += [
        {"contact_id": f"X{i}", "account_id": f"A{i}", "value": 10, "scale": "0-10"}
        for i in range(5)
    ]
    rows += [{"contact_id": "Y1", "account_id": "A1", "satisfaction": 4, "scale": "1-5"}]
    people = [*clients.contacts(40, 20), *[{"contact_id": r["contact_id"], "account_id": "A1"}
                                           for r in rows[40:]]]  # fmt: skip
    finding = prices.good_value_share(clients.make(tmp_path, relationship=rows, contacts=people))
    assert finding.estimate.n == 40 and finding.estimate.value == pytest.approx(50)
    assert "5 answers on another scale than most stayed out" in finding.caveats[-1]


def test_without_contacts_an_account_counts_once(tmp_path):
    client = clients.make(tmp_path, relationship=felt(120, 40))
    assert prices.good_value(client).n == 40
    assert "Nobody knows how many were asked" in prices.good_value_share(client).caveats[0]


# -- four prices -------------------------------------------------------------------------------


def test_what_is_wrong_with_an_answer_is_counted_by_name():
    rows = [
        (20, 30, 40, 50), (20, 30, 40, 50),
        (50, 40, 30, 20),            # all turned round
        (30, 20, 40, 50),            # too cheap above a bargain
        (20, 45, 40, 50),            # a bargain above dear
        (20, 30, 60, 50),            # dear above too dear
        (20, 30, 30, 50),            # a tie
        (20, 30, math.nan, 50),
    ]  # fmt: skip
    found = prices.sort_answers(rows)
    assert found.as_labelled == 2 and len(found.possible) == 7
    assert found.kinds == {
        "one of the four prices is missing": 1,
        "all four in the opposite order": 1,
        "“too cheap” above “a bargain”": 1,
        "“a bargain” above “dear”": 1,
        "“dear” above “too dear”": 1,
        "the same price for two of the four": 1,
    }
    assert not found.mixed_up


@given(st.lists(st.tuples(*[st.integers(0, 60)] * 4), max_size=30))
def test_every_answer_is_either_possible_or_counted(rows):
    found = prices.sort_answers(np.array(rows, dtype=float).reshape(-1, 4))
    assert found.as_labelled + sum(found.kinds.values()) == len(rows)
    assert found.fits >= found.as_labelled == int(found.possible.sum())


@given(st.permutations(NAMES))
def test_swapped_labels_are_noticed_whichever_they_are(order):
    rows = np.array([[20, 30, 40, 50], [25, 31, 44, 58], [20, 28, 39, 61]] * 10, dtype=float)
    found = prices.sort_answers(rows[:, [NAMES.index(n) for n in order]])
    right = list(order) == list(NAMES)
    assert found.mixed_up != right and found.fits == 30
    assert set(found.swapped) == {n for n, m in zip(NAMES, order, strict=True) if n != m}


def test_mixed_up_labels_are_said_and_nothing_is_drawn(tmp_path):
    client = clients.make(
        tmp_path,
        price_survey=named((20, 40, 30, 50), people=30),
        contacts=clients.contacts(30, 15),
    )
    figure, table = prices.price_sensitivity(client), prices.price_answers(client)
    assert figure.draw is None and "0 of 30 answers are in a possible order" in figure.not_measured
    said = "The columns “cheap” and “expensive” look as if they had each other's label."
    assert said in figure.not_measured and said in table.caption
    assert table.title == "The labels of the price survey look mixed up"


def test_somebody_who_answered_twice_counts_once_by_the_first_answer(tmp_path):
    rows = named((20, 30, 40, 50), people=20)
    rows.append(dict(rows[0], too_cheap=90))
    client = clients.make(tmp_path, price_survey=rows, contacts=clients.contacts(20, 10))
    assert prices.price_answers(client).title == "20 people named prices; every answer is possible"


# -- the meter ---------------------------------------------------------------------------------


def slow_meter(rows, interpolated):
    """The meeting points by plain search: every price that was named, one after the other."""
    grid = sorted({p for row in rows for p in row})
    n = len(rows)

    def count(test):
        return [sum(test(row, p) for row in rows) for p in grid]

    too_cheap, cheap = count(lambda r, p: r[0] > p), count(lambda r, p: r[1] > p)
    dear, too_dear = count(lambda r, p: r[2] <= p), count(lambda r, p: r[3] <= p)
    not_cheap, not_dear = [n - c for c in cheap], [n - d for d in dear]
    found = []
    for up, down in ((not_cheap, too_cheap), (too_dear, not_dear), (dear, cheap),
                     (too_dear, too_cheap)):  # fmt: skip
        i = next(i for i in range(len(grid)) if up[i] >= down[i])
        ties = [p for p, a, b in zip(grid, up, down, strict=True) if a == b]
        low = grid[i]
        if interpolated and i and up[i] > down[i]:
            a, b = up[i - 1] - down[i - 1], up[i] - down[i]
            low = grid[i - 1] + (grid[i] - grid[i - 1]) * -a / (b - a)
        found.append((low, max(ties) if ties else low))
    return found


rising = st.lists(st.integers(1, 40), min_size=4, max_size=4, unique=True).map(sorted)


@settings(max_examples=80)
@given(st.lists(rising, min_size=1, max_size=15), st.booleans())
def test_the_meter_agrees_with_a_plain_search(rows, interpolated):
    meter = prices.price_meter(rows, interpolated=interpolated)
    found = [(c.low, c.high) for c in
             (meter.lower, meter.upper, meter.indifference, meter.optimum)]  # fmt: skip
    assert np.array(found) == pytest.approx(np.array(slow_meter(rows, interpolated)))
    assert meter.lower.low <= meter.indifference.low <= meter.upper.high or interpolated


@given(st.lists(rising, min_size=3, max_size=10), st.floats(0.5, 20))
def test_the_meter_moves_with_the_currency(rows, rate):
    one = prices.price_meter(rows)
    other = prices.price_meter(np.array(rows) * rate)
    assert other.optimum.low == pytest.approx(rate * one.optimum.low)
    assert other.upper.high == pytest.approx(rate * one.upper.high)


def test_intervals_hold_the_point_and_do_not_hang_on_names():
    rng = np.random.default_rng(3)
    rows = np.sort(rng.integers(20, 80, (60, 4)) + np.array([0.0, 0.1, 0.2, 0.3]), axis=1)
    homes = np.arange(60) % 20
    one = prices.price_meter(rows, homes)
    other = prices.price_meter(rows[::-1], np.array([f"Z{99 - h}" for h in homes[::-1]]))
    assert one == other
    for at in (one.lower, one.upper, one.indifference, one.optimum):
        assert at.low_range[0] <= at.low <= at.low_range[1]
        assert at.high_range[0] <= at.high <= at.high_range[1]


def test_the_interval_of_the_upper_price_holds_in_nineteen_of_twenty():
    """Drawn from a known population of prices; its own upper price is the truth."""
    rng = np.random.default_rng(11)

    def people(n):
        right = 46 * np.exp(0.2 * rng.standard_normal(n))
        step = np.exp(np.abs(rng.normal(0.2, 0.07, (4, n))))
        cheap, dear = right / step[0], right * step[1]
        return np.stack((cheap / step[2], cheap, dear, dear * step[3]), axis=1)

    truth = prices.price_meter(people(20_000)[:6_000]).upper.low
    hits = 0
    for _ in range(200):
        at = prices.price_meter(people(60), np.arange(60), draws=300).upper
        hits += at.low_range[0] <= truth <= at.low_range[1]
    assert hits >= 180


@pytest.mark.parametrize(
    ("fee", "said"),
    [
        (300, "£30 a seat is so cheap that most would doubt the quality: acceptable is"),
        (500, "£50 a seat lies inside what most clients find acceptable:"),
        (900, "£90 a seat is dearer than most find acceptable:"),
        (None, "Most clients would find"),
    ],
)
def test_the_title_says_where_the_own_price_stands(tmp_path, fee, said):
    spread = [(38 + i % 5, 44 + i % 5, 56 + i % 7, 66 + i % 9) for i in range(60)]
    accounts = {"accounts": paying([fee] * 20)} if fee else {}
    client = clients.make(
        tmp_path, price_survey=named(*spread), contacts=clients.contacts(60, 20), **accounts
    )
    figure = prices.price_sensitivity(client)
    assert figure.title.startswith(said)
    assert charts.png(figure.draw())


def test_the_names_of_the_curves_stand_beside_them_and_the_band_has_one():
    """Two names between the inner curves, two outside: none lies on a curve or on another name."""
    drawn = prices.price_sensitivity(load(SAMPLES / "alder-it", sealed=False)).draw()
    (ax,) = drawn.axes
    drawn.canvas.draw()
    texts = {text.get_text(): text.get_window_extent() for text in ax.texts}
    names = [texts[name] for name in ("too cheap", "a bargain", "dear", "too dear")]
    for line in ax.lines[:4]:
        steps = np.column_stack(STEP_LOOKUP_MAP["steps-post"](*line.get_data()))
        curve = Outline(ax.transData.transform(steps))
        assert not any(curve.intersects_bbox(name, filled=False) for name in names)
    assert not any(one.overlaps(other) for one, other in combinations(names, 2))
    band, said = ax.patches[0].get_window_extent(), texts["acceptable"]
    assert band.x0 < said.x0 < said.x1 < band.x1


def test_nobody_buys_outside_the_ends_and_chances_are_straight_between():
    people = [[20, 30, 40, 50]] * 12
    found = prices.purchase_intent(people, [[0.8, 0.4]] * 12, range(12))
    assert dict(zip(found.price, found.buyers, strict=True)) == pytest.approx(
        {20: 0.0, 30: 0.8, 40: 0.4, 50: 0.0}
    )
    assert found.reach[0] == 30 and found.revenue[0] == 30  # 24 against 16
    more = prices.purchase_intent(people, [[0.5, 0.45]] * 12, range(12))
    assert more.reach[0] == 30 and more.revenue[0] == 40  # 15 against 18


def test_gabor_granger_refuses_what_is_no_ladder():
    for bad in ([], [0, 10], [10, 10], [20, 10]):
        with pytest.raises(ValueError, match="each higher"):
            prices.gabor_granger(bad, bad)
    assert math.isnan(prices.gabor_granger([1, 2, 3], [4, 0, 0]).elasticity[1])


# -- fee against value felt --------------------------------------------------------------------


def split(cheap_top: float, dear_top: float, firms=40, each=5, wobble=0.0):
    """Accounts that pay 30 or 60 a seat; the share of top marks of either kind as given, half of
    the accounts `wobble` above and half below."""
    fees = [300 if i < firms // 2 else 600 for i in range(firms)]
    rows, people = [], []
    for i, fee in enumerate(fees):
        share = cheap_top if fee == 300 else dear_top
        share += wobble if i // 2 % 2 else -wobble
        for k in range(each):
            name = f"C{i}-{k}"
            mark = 5 if (k + i % each) % each < share * each else 3
            rows.append({"contact_id": name, "account_id": f"A{i}", "value": mark,
                         "satisfaction": 4, "would_refer": 4, "scale": "1-5"})  # fmt: skip
            people.append({"contact_id": name, "account_id": f"A{i}"})
    return {"accounts": paying(fees), "relationship": rows, "contacts": people}


def test_no_evidence_comes_with_what_could_have_been_seen(tmp_path):
    client = clients.make(tmp_path, **split(0.6, 0.6, wobble=0.2))
    figure = prices.cheaper_happier(client)
    assert figure.title == ("No evidence that those who pay less are happier (top marks for value)")
    assert re.search(r"a difference of about \d+ points would be seen four times", figure.caption)
    assert list(figure.data["among"][:2]) == ["everybody", "like with like"]


@pytest.mark.parametrize(
    ("cheap", "dear", "said"), [(0.8, 0.2, "more often, by 60"), (0.2, 0.8, "less often, by 60")]
)
def test_a_difference_is_said_which_way_it_goes(tmp_path, cheap, dear, said):
    client = clients.make(tmp_path, **split(cheap, dear))
    assert said in prices.cheaper_happier(client).title
    where = "£30 a seat" if cheap < dear else "£60 a seat"
    figure = prices.value_map(client)
    assert where in figure.title and figure.title.startswith("Less for their money")
    assert not re.search(r"caus|because", text_of(figure))


def turning():
    """In the south all pay less and are happy; in each segment the cheaper are the unhappier."""
    fees, rows, people = [], [], []
    for i in range(80):
        south, lower = i < 40, i % 2 == 0
        fees.append({(1, 1): 300, (1, 0): 340, (0, 1): 600, (0, 0): 640}[south, lower])
        share = {(1, 1): 0.7, (1, 0): 1.0, (0, 1): 0.0, (0, 0): 0.3}[south, lower]
        for k in range(10):
            mark = 5 if k < 10 * share else 3
            rows.append({"contact_id": f"C{i}-{k}", "account_id": f"A{i}", "value": mark,
                         "scale": "1-5"})  # fmt: skip
            people.append({"contact_id": f"C{i}-{k}", "account_id": f"A{i}"})
    homes = [dict(a, segment="south" if i < 40 else "north") for i, a in enumerate(paying(fees))]
    return homes, rows, people


def test_a_comparison_that_turns_round_is_called_mixed(tmp_path):
    homes, rows, people = turning()
    client = clients.make(tmp_path, accounts=homes, relationship=rows, contacts=people)
    found = prices.cheaper_and_happier(client)
    assert found[0].estimate.value > 50 and found[1].estimate.value < -20
    assert prices.cheaper_happier(client).title.startswith("Mixed: ")


def test_corners_too_small_to_show_are_dashes(tmp_path):
    client = clients.make(tmp_path, **split(0.4, 1.0))
    table = prices.resentment_zone(client)
    people = dict(zip(table.data["corner"], table.data["people"], strict=True))
    assert people["pays less, and feels it"] == 60 and people["pays more, worth it"] == 100
    assert table.title.startswith("60 in 100 of those who pay less than most give less than the")
    few = split(1.0, 1.0)
    for row in few["relationship"][:9]:
        row["value"] = 3
    table = prices.resentment_zone(clients.make(tmp_path / "few", **few))
    assert table.title.startswith("Too few who pay less than most")
    assert table.data["people"].isna().any() and "A dash" in table.caption


def test_groups_of_fewer_than_ten_are_not_on_the_map(tmp_path):
    tables = split(0.5, 0.5)
    for i, account in enumerate(tables["accounts"]):
        account["segment"] = "tiny" if i < 1 else ("north" if i % 2 else "south")
    figure = prices.value_map(clients.make(tmp_path, **tables), by="segment")
    assert "tiny" not in text_of(figure) and "tiny" not in list(figure.data["group"])


def test_three_people_of_an_account_without_a_fee_are_not_to_be_had(tmp_path):
    """The headline counts them: less a map of all the others, it would be their own marks."""
    tables = split(0.5, 0.5)
    for i, account in enumerate(tables["accounts"]):
        account["monthly_fee"] = 300 + 10 * i
    free = {"account_id": "FREE", "name": "Free", "monthly_fee": 0}
    tables["accounts"].append(tables["accounts"][0] | free)
    for i in range(3):
        row = {"contact_id": f"X{i}", "account_id": "FREE"}
        tables["relationship"].append(tables["relationship"][0] | row | {"value": 1})
        tables["contacts"].append(row)
    client = clients.make(tmp_path, **tables)
    headline, figure = prices.good_value(client), prices.value_map(client)
    assert headline.n == 203
    assert len(figure.data) >= 2 and headline.n - figure.data["people"].sum() >= 5
    assert f"all together {headline.value:.0f} %" in figure.alt
    assert prices.cheaper_happier(client).not_measured
    assert prices.resentment_zone(client).not_measured


# -- what a price leaves -----------------------------------------------------------------------


def shop(tmp_path, **more):
    """20 accounts of 10 seats at 50 a seat; one hour booked on each of 200 tickets a year."""
    tables = {"accounts": paying([500] * 20), "tickets": worked()} | more
    return clients.make(tmp_path, **tables)


def test_the_sum_by_hand(tmp_path):
    client = shop(tmp_path)
    made, why = prices.books(client)
    months = (np.datetime64("2025-06-30") - np.datetime64("2024-06-30")) / np.timedelta64(1, "D")
    booked = 200 / (months / 30.4375) / 200
    assert why == "" and made.price == 50 and made.seats == 200
    assert made.booked == pytest.approx(booked)
    assert made.now == pytest.approx((50 * 0.85 - 27.5) / 40)  # 15 of 50, at 40 an hour
    assert made.hours(0) == 0 and made.price_for(made.now) == pytest.approx(50)
    assert math.isnan(made.needed) and made.must == made.booked
    # 2 hours today; the line is load ÷ (1 − load)
    then = (made.price_for(0.3) * 0.85 - 27.5) / 40
    line = booked / (0.3 - booked) / (booked / (made.now - booked))
    assert then == pytest.approx(0.3)
    assert made.first_reply(made.price_for(0.3)) == pytest.approx(2 * line)
    assert math.isnan(made.first_reply(30))
    # fixed costs of 12.50 × 200 shared by as many seats as it takes
    left = 50 * 0.85 - 15 - 40 * booked
    assert made.holds_from(50, booked) == math.ceil(2500 / left)
    assert math.isnan(made.holds_from(10, booked))


def test_promises_take_hours(tmp_path):
    standards = [
        {"measure": "First reply to P1", "dimension": "responsiveness", "promised": 1,
         "delivered": 2, "unit": "hours"},
        {"measure": "Visits to every account", "dimension": "empathy", "standard": 4,
         "promised": 12, "delivered": 2, "unit": "a year"},
        {"measure": "kept already", "dimension": "empathy", "promised": 1, "delivered": 5,
         "unit": "a year"},
    ]  # fmt: skip
    client = shop(tmp_path, standards=standards)
    made, _ = prices.books(client, visit=2)
    line = made.booked / (made.now - made.booked) / 2
    visits = 10 * 20 * 2 / 12 / 200
    assert made.needed == pytest.approx(made.booked * (1 + 1 / line) + visits)
    figure = prices.hours_afforded(client)
    assert "keeping what is promised would take" in figure.title
    assert "need 3 hours each time" in figure.caption and "Scale:" in figure.caption


def test_titles_say_what_a_price_leaves(tmp_path):
    client = shop(tmp_path)
    assert prices.hours_afforded(client).title.startswith("£50 a seat leaves 22 minutes a month")
    assert "enough for the 5 that are booked" in prices.hours_afforded(client).title
    assert "fewer than the 5" in prices.hours_afforded(client, change=-30).title
    assert prices.hours_afforded(client, change=-40).title == (
        "£30 a seat leaves nothing for the desk"
    )
    table = prices.price_ladder(client, change=-40, lost=5)
    assert list(table.data["step"]) == [
        "−40\u00a0%",
        "−20\u00a0%",
        "−10\u00a0%",
        "today",
        "+10\u00a0%",
        "+20\u00a0%",
    ]
    assert "5.0 satisfied people in 100" in table.caption
    assert "satisfied" not in table.data  # nobody was asked
    # twice the wait: 3 fewer satisfied of 100, and the explorer says the same as the table
    people = {"relationship": felt(), "contacts": clients.contacts(120, 20)}
    asked = shop(tmp_path / "asked", **people)
    rows = prices.price_ladder(asked, change=-20).data.set_index("step")
    lower = "−20\u00a0%"
    moved = 3 * math.log2(rows["reply"][lower] / rows["reply"]["today"])
    assert "recommend" not in rows or rows["satisfied"][lower] == pytest.approx(100 - moved)
    said = prices.hours_afforded(asked, change=-20).caption
    assert f"the first reply would take {rows['reply'][lower]:.1f} hours (2.0 today)" in said
    assert "By rule of thumb" not in prices.hours_afforded(asked).caption


@given(st.floats(-30, 40), st.floats(-30, 40))
@settings(max_examples=30)
def test_a_higher_price_never_leaves_less(made, one, other):
    low, high = sorted([50 * (1 + one / 100), 50 * (1 + other / 100)])
    assert made.hours(low) <= made.hours(high)
    waits = made.first_reply(low), made.first_reply(high)
    assert any(map(math.isnan, waits)) or waits[0] >= waits[1]
    sizes = made.holds_from(low, 0.1), made.holds_from(high, 0.1)
    assert any(map(math.isnan, sizes)) or sizes[0] >= sizes[1]


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return prices.books(shop(tmp_path_factory.mktemp("shop")))[0]


def test_accounts_that_take_more_than_they_pay_for(tmp_path):
    heavy = [t | {"ticket_id": f"H{i}", "hours_worked": 9.0}
             for i, t in enumerate(worked(1, 20))]  # fmt: skip
    client = shop(tmp_path, tickets=[*worked(), *heavy])
    table = prices.unpaid_hours(client)
    assert table.title == "One of 20 accounts takes more hours than the fee pays for"
    row = table.data.iloc[0]
    months = 365 / 30.4375
    assert row["name"] == "Firm 0" and row["paid"] == pytest.approx(500 * 0.3 / 40, abs=0.05)
    assert row["booked"] == pytest.approx(190 / months, abs=0.05)
    none = prices.unpaid_hours(shop(tmp_path / "none"))
    assert none.title.startswith("None of 20 accounts take") and len(none.data) == 3


def test_without_the_cost_of_an_hour_it_says_what_is_missing(tmp_path):
    client = shop(tmp_path, settings={"cost_per_hour": None})
    for part in (prices.hours_afforded, prices.price_ladder, prices.unpaid_hours):
        assert "cost_per_hour in client.yaml" in part(client).not_measured


# -- the samples, and strange folders ----------------------------------------------------------


@pytest.mark.parametrize("firm", ["alder-it", "birch-support", "cedar-desk"])
def test_the_samples_are_judged_as_their_truth_says(firm):
    client = load(SAMPLES / firm, sealed=False)
    truth = yaml.safe_load((SAMPLES / firm / "TRUTH.yaml").read_text(encoding="utf-8"))
    wanted = truth["beliefs"]["good_value_share"]
    finding = prices.good_value_share(client)
    assert finding.verdict.word in wanted["expected"]
    assert finding.verdict.strength == wanted["strength"]
    absent = [part(client).not_measured for part in PARTS[1:]]
    assert all(absent) if firm == "cedar-desk" else not any(absent)


def test_a_large_made_up_firm_agrees_with_its_truth():
    made = simulate.make("alder-it", seed=5, size="large",
                         only=("accounts", "contacts", "relationship", "beliefs"))  # fmt: skip
    truth = made.truth["beliefs"]["good_value_share"]["true_value"]
    found = prices.good_value(from_frames(made.tables, made.settings))
    assert found.low <= truth <= found.high


def strange() -> dict[str, dict]:
    base = split(0.5, 0.5, firms=12)
    hostile = [dict(a, name="$x$ <b>&", segment="<script>$\\frac$" if i % 2 else "=1+1")
               for i, a in enumerate(base["accounts"])]  # fmt: skip
    survey = named((20, 30, 40, 50, 0.7, 0.2), people=60)
    everything = base | {"price_survey": survey, "tickets": worked(12)}
    return {
        "nothing": {},
        "three people": {"relationship": felt(3, 3, 1), "price_survey": survey[:3],
                         "accounts": paying([100] * 3), "contacts": clients.contacts(3, 3)},
        "one account": {"relationship": felt(40, 1), "accounts": paying([400]),
                        "price_survey": survey, "contacts": clients.contacts(60, 1),
                        "tickets": worked(1)},
        "everybody says the same": everything,
        "all fees alike": everything | {"accounts": paying([500] * 12)},
        "fees of nought": everything | {"accounts": paying([0] * 12)},
        "no seats": everything | {"accounts": paying([500] * 12, seats=0)},
        "hostile names": everything | {"accounts": hostile},
        "everybody left": everything
        | {"accounts": [dict(a, left_on="2020-01-01") for a in base["accounts"]]},
        "prices of nought": everything | {"price_survey": named((0, 0, 0, 0, 1, 1), people=40)},
        "no hours": everything | {"tickets": [dict(t, hours_worked=0) for t in worked(12)]},
        "too many hours": everything | {"tickets": worked(12, 60, 40.0)},
        "survey half filled": everything
        | {"price_survey": [{"contact_id": "C1", "cheap": 3}, {"contact_id": "C2", "cheap": 4}]},
    }  # fmt: skip


@pytest.mark.parametrize("name", strange())
def test_every_part_says_something_sensible_of(tmp_path, name):
    client = clients.make(tmp_path, **strange()[name], settings={"currency": "CHF"})
    for part in PARTS:
        result = part(client)
        text = text_of(result)
        assert not re.search(r"\bnan\b|\bNone\b(?! of)|\binf\b|<NA>", text), (
            f"{part.__name__}: {text}"
        )
        shown = bundles.bundle(result)
        assert shown["text/html"] and result.title
        if name in ("nothing", "three people") and not isinstance(result, Finding):
            assert getattr(result, "draw", None) is None, f"{part.__name__} draws: {text}"
        if isinstance(result, Figure) and result.draw:
            assert result.alt and len(result.data)
            assert "<script>" not in shown["text/html"]


@pytest.mark.parametrize("firm", ["alder-it", "birch-support"])
def test_options_of_the_notebook_work(firm):
    client = load(SAMPLES / firm, sealed=False)
    for by in ("fee", "segment", "trade", "site", "size"):
        assert prices.value_map(client, by=by).title
    for feeling in ("value", "satisfaction"):
        assert feeling in text_of(prices.cheaper_happier(client, feeling=feeling))
    assert prices.price_sensitivity(client, curve="interpolated").draw is not None
    assert "less than satisfied" in prices.resentment_zone(client, mark="satisfied").title
