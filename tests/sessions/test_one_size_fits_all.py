"""Session 04: groups pooled, what luck does, whom the average hides, a menu or one size."""

from __future__ import annotations

import dataclasses
import math
import time

import clients
import numpy as np
import pytest
from scipy.stats import cauchy, norm
from servicegap import charts, schema, stats
from servicegap.bundles import MIME, bundle
from servicegap.client import from_frames, load
from servicegap.findings import Figure
from servicegap.sessions import one_size_fits_all as one_size
from servicegap.sessions.one_size_fits_all.pooling import false_alarms
from servicegap.simulate import Firm, Guess, make
from servicegap.widgets import exploring

PARTS = [getattr(one_size, part.name) for part in schema.SESSIONS["04"].parts]
SEGMENTS = ("legal", "building", "care")


def said(result) -> str:
    texts = [result.title, getattr(result, "alt", ""), getattr(result, "caption", "")]
    return " ".join([*texts, getattr(result, "sentence", ""), *getattr(result, "caveats", ())])


def firm(tmp_path, happy, people=40, homes=12, segments=SEGMENTS, belief=None, **tables):
    """Segments with `people` contacts in `homes` accounts each; `happy` of them give the top mark,
    spread evenly over the accounts."""
    accounts, contacts, ratings = [], [], []
    for s, name in enumerate(segments):
        count = people[s] if isinstance(people, tuple) else people
        for h in range(homes):
            accounts.append({"account_id": f"A{s}{h:02d}", "name": f"Firm {s}{h}", "segment": name,
                             "since": f"20{10 + h}-01-01", "seats": 10 + h,
                             "monthly_fee": 1000})  # fmt: skip
        for i in range(count):
            home = f"{s}{i % homes:02d}"
            contacts.append({"contact_id": f"C{s}-{i}", "account_id": f"A{home}"})
            top = (i * 7919) % count < happy[s]
            ratings.append(clients.rating(len(ratings), home, f"{s}-{i}", 5 if top else 3))
    guess = {"beliefs": clients.beliefs(worst_segment_csat=belief)} if belief else {}
    made = {"accounts": accounts, "contacts": contacts, "ratings": ratings} | guess | tables
    return clients.make(tmp_path, **made)


# -- the posterior of the minimum --------------------------------------------------------------

Y, V = np.array([0.62, 0.70, 0.48]), np.array([0.006, 0.007, 0.012])


def least_below_by_hand(x: float) -> float:
    """The same model, written a second time: sums over a fine net of log τ and μ."""
    tau = np.exp(np.linspace(math.log(1e-4), math.log(20), 1_500))[:, None, None]
    mu = np.linspace(-0.5, 1.7, 1_101)[None, :, None]
    like = norm.pdf(Y, mu, np.sqrt(V + tau**2)).prod(axis=2)
    weight = like * cauchy.pdf(tau[:, :, 0], 0, 0.1) * tau[:, :, 0]  # dτ = τ d(log τ)
    kept = tau**2 / (tau**2 + V)
    above = norm.sf(x, mu + kept * (Y - mu), np.sqrt(kept * V)).prod(axis=2)
    return 1 - float((weight * above).sum() / weight.sum())


def test_the_grid_agrees_with_sums_over_a_net():
    pool = one_size.Pool(Y, V)
    for x in (0.35, 0.52, 0.6):
        assert pool.least_below(x) == pytest.approx(least_below_by_hand(x), abs=2e-3)


def test_the_grid_agrees_with_draws_and_is_quick():
    pool = one_size.Pool(Y, V)
    least = pool.draws(100_000).min(axis=1)
    for q in (0.025, 0.5, 0.975):
        assert pool.least(q) == pytest.approx(np.quantile(least, q), abs=4e-3)
    assert pool.mean == pytest.approx(pool.draws(100_000).mean(axis=0), abs=2e-3)
    assert pool.is_least.sum() == pytest.approx(1) and pool.is_least.argmax() == 2
    many = np.linspace(0.4, 0.8, 13)

    def once() -> float:
        began = time.process_time()
        pool = one_size.Pool(many, np.full(13, 0.01))
        [pool.least(q) for q in (0.025, 0.5, 0.975)]
        return time.process_time() - began

    assert min(once() for _ in range(5)) < 0.05


def test_pooling_draws_the_uncertain_further():
    pool = one_size.Pool([0.7, 0.7, 0.3, 0.3], [0.001, 0.02, 0.001, 0.02])
    moved = np.abs(pool.mean - [0.7, 0.7, 0.3, 0.3])
    assert moved[1] > 3 * moved[0] and moved[3] > 3 * moved[2]
    low, high = pool.interval(0)
    assert low < pool.mean[0] < high


def test_equal_groups_are_drawn_together_and_unlike_ones_keep_apart():
    alike = one_size.Pool([0.6, 0.6, 0.6], [0.01] * 3)
    assert alike.mean == pytest.approx([0.6] * 3, abs=1e-9)
    apart = one_size.Pool([0.9, 0.9, 0.2], [0.001] * 3)
    assert apart.least(0.5) == pytest.approx(0.2, abs=0.02)


# -- the headline ------------------------------------------------------------------------------


def test_a_group_served_badly_is_a_clear_blind_spot(tmp_path):
    client = firm(tmp_path, (34, 33, 10), belief=(80, 72, 88))
    found = one_size.worst_segment_csat(client)
    assert (found.verdict.word, found.verdict.strength) == ("blind spot", "clear")
    assert found.estimate.n == 40 and found.estimate.accounts == 12
    assert 22 < found.estimate.value < 40
    assert "seems to be care (25 in 100 as counted)" in found.caveats[0]
    assert found.sentence.startswith(
        "You thought that 80 in 100 contacts of the worst-served group give the top mark."
    )


def test_a_hidden_strength_is_said_as_well(tmp_path):
    found = one_size.worst_segment_csat(firm(tmp_path, (36, 37, 35), belief=(45, 38, 52)))
    assert (found.verdict.word, found.verdict.strength) == ("hidden strength", "clear")


def test_p_is_the_larger_of_the_two(tmp_path):
    client = firm(tmp_path, (30, 31, 20))
    estimate, found = one_size.worst_segment(client), one_size.cut(client, hide=False)
    at = int(np.argmin(found.pool.mean))
    for belief in (20, 40, 60, 80, 95):
        under = found.pool.least_below(belief / 100)
        exact = found.shares[at].p_value(belief)
        assert estimate.p_value(belief) == max(2 * min(under, 1 - under), exact)


def test_the_lowest_by_pooled_figure_gives_n(tmp_path):
    """Ten people who happen to be unhappy are drawn up; sixty as unhappy aren't."""
    client = firm(tmp_path, (50, 22, 4), people=(60, 60, 11), homes=6)
    found = one_size.cut(client, hide=False)
    alone = found.shares[int(np.argmin(found.pool.mean))]
    assert one_size.worst_segment(client).n == alone.n


@pytest.mark.parametrize(
    ("people", "shown"), [((40, 9, 9), "too few to judge: it takes ten"), ((40, 4, 3), "Only 4")]
)
def test_one_group_alone_is_too_few(tmp_path, people, shown):
    found = one_size.worst_segment_csat(
        firm(tmp_path, (30, 2, 2), people=people, homes=6, belief=(80, 70, 90))
    )
    assert found.verdict.word == "too few to judge" and shown in found.sentence


def test_one_segment_and_none_are_not_measured(tmp_path):
    one = firm(tmp_path / "a", (20,), segments=("legal",), belief=(80, 70, 90))
    assert one_size.worst_segment_csat(one).verdict.word == "not measured"
    assert "those who rated you are of one" in one_size.worst_segment_csat(one).sentence
    plain = [{"account_id": f"A{i}", "name": "x"} for i in range(20)]
    without = clients.make(
        tmp_path / "b", accounts=plain, ratings=clients.answered(40, 20, 20),
        beliefs=clients.beliefs(worst_segment_csat=(80, 70, 90)),
    )  # fmt: skip
    found = one_size.worst_segment_csat(without)
    assert found.verdict.word == "not measured" and "group your customers" in found.sentence


def test_a_group_nobody_hears_from_may_be_the_worst(tmp_path):
    """Two happy groups say nothing good about a third of which four people answered."""
    happy, belief = (38, 38, 4), (45, 38, 52)
    heard = firm(tmp_path / "a", (38, 38, 38), belief=belief)
    unheard = firm(tmp_path / "b", happy, people=(40, 40, 4), belief=belief)
    assert one_size.worst_segment_csat(heard).verdict.strength == "clear"
    found = one_size.worst_segment_csat(unheard)
    assert found.verdict.word == "too few to judge"
    assert "Too few were heard from care" in " ".join(found.caveats)
    worse = firm(tmp_path / "c", (10, 38, 4), people=(40, 40, 4), belief=(85, 78, 92))
    assert one_size.worst_segment_csat(worse).verdict.strength == "clear"  # bad news stands


def test_spelling_and_order_of_rows_change_nothing(tmp_path):
    client = firm(tmp_path / "a", (30, 31, 15))
    loud = client["accounts"].to_dict("records")
    rows = [
        {"account_id": r["account_id"], "name": r["name"],
         "segment": f" {r['segment'].upper()} " if i % 3 else r["segment"]}
        for i, r in enumerate(loud)
    ]  # fmt: skip
    ratings = [
        {k: v for k, v in row.items() if k in ("rating_id", "account_id", "contact_id", "score",
                                               "scale")} | {"answered_at": "2025-03-03"}
        for row in client["ratings"].to_dict("records")
    ]  # fmt: skip
    contacts = client["contacts"][["contact_id", "account_id"]].to_dict("records")
    other = clients.make(
        tmp_path / "b", accounts=rows[::-1], ratings=ratings[::-1], contacts=contacts
    )
    one, two = one_size.worst_segment(client), one_size.worst_segment(other)
    assert (one.value, one.low, one.high) == pytest.approx((two.value, two.low, two.high))
    assert one_size.cut(client).shuffled.p == one_size.cut(other).shuffled.p


# -- cuts and luck -----------------------------------------------------------------------------


def test_groups_that_differ_and_groups_that_do_not(tmp_path):
    unlike = one_size.by_cut(firm(tmp_path / "a", (34, 33, 10)))
    assert unlike.title.startswith("Your segments differ by more than luck: from ")
    assert unlike.title.endswith("care the lowest")
    alike = one_size.by_cut(firm(tmp_path / "b", (24, 25, 23)))
    assert alike.title == "No evidence that your segments differ"
    for figure in (unlike, alike):
        assert "would be seen four times in five" in figure.caption
        assert {"raw", "pooled", "low", "high"} <= set(figure.data.columns)


def test_every_further_look_raises_the_bar(tmp_path):
    client = firm(tmp_path, (29, 25, 19))
    one = one_size.by_cut(client)
    five = one_size.by_cut(client, tried=("trade", "site", "age", "size"))
    assert one.caption.count("One cut looked at") == 1
    assert "Five cuts looked at" in five.caption and "23 firms of 100" in five.caption
    assert false_alarms(5) == pytest.approx(100 * (1 - 0.95**5))
    apart = [int(f.caption.split("a group ")[1].split()[0]) for f in (one, five)]
    assert apart[1] > apart[0]  # less can be seen after five looks


def test_what_could_have_been_seen_is_seen_four_times_in_five():
    rng, v = np.random.default_rng(5), np.full(4, 0.01)
    apart = one_size.could_have_seen(v)
    truth = np.array([0.0, 0.0, 0.0, apart])
    drawn = truth + rng.normal(0, 0.1, (2_000, 4))
    seen = np.mean([one_size.dersimonian_laird(y, v).p <= 0.05 for y in drawn])
    assert seen == pytest.approx(0.8, abs=0.03)
    assert math.isnan(one_size.could_have_seen([0.01]))


def test_shuffling_errs_as_often_as_it_says():
    """Accounts that resemble themselves, groups that mean nothing: p ≤ .05 one time in twenty."""
    import pandas as pd

    rng, found = np.random.default_rng(8), []
    for _ in range(200):
        level = rng.beta(5, 4, 30)
        home = rng.integers(0, 30, 110)
        people = pd.DataFrame(
            {"person": [f"p{i}" for i in range(110)], "account_id": [f"a{h}" for h in home],
             "top": (rng.random(110) < level[home]).astype(float),
             "group": np.array(SEGMENTS)[home % 3]}
        )  # fmt: skip
        from servicegap.sessions.one_size_fits_all.cuts import Cut

        found.append(Cut("segment", people, SEGMENTS, ()).shuffled.p <= 0.05)
    assert np.mean(found) <= 0.09


def test_many_cuts_counts_its_looks(tmp_path):
    figure = one_size.many_cuts(firm(tmp_path, (24, 25, 23)))
    assert figure.title == "None of these cuts shows more than luck"
    assert figure.data["cut"].tolist() == ["segment", "age", "size"]
    assert "Too few people for: trade and site." in figure.caption


def test_an_unknown_cut_is_refused(tmp_path):
    with pytest.raises(ValueError, match="segment, trade, site, age or size"):
        one_size.by_cut(firm(tmp_path, (24, 25, 23)), by="postcode")


def test_small_groups_are_hidden_and_nobody_is_had_by_subtraction(tmp_path):
    client = firm(tmp_path, (24, 25, 3), people=(40, 30, 4))
    assert one_size.cut(client).names == ("legal",)  # four alone would be the rest
    assert not one_size.cut(client).enough
    assert "care" not in said(one_size.by_cut(client))


def test_the_explorer_counts_the_cuts_that_were_tried(tmp_path):
    client = firm(tmp_path, (24, 25, 23))
    explorer = exploring.Explorer(one_size.by_cut, client, by=list(one_size.CUTS))
    assert explorer.controls["by"].description == "How to cut your clients"
    assert "One cut looked at" in explorer.picture.value
    for by in ("age", "size", "age"):
        explorer.controls["by"].value = by
    assert explorer.tried == ("segment", "age", "size")
    assert "Three cuts looked at (segment, age and size)" in explorer.picture.value


# -- expectations, fees, tiers -----------------------------------------------------------------


def survey(client, met):
    """Every contact answers one item a dimension; `met(segment, dimension, i)` of them is met."""
    dims = ("reliability", "assurance", "tangibles", "empathy", "responsiveness")
    items = [{"item_id": d[:3], "text": d, "dimension": d, "side": "service"} for d in dims]
    rows, wave = [], []
    for i, c in enumerate(client["contacts"].to_dict("records")):
        segment = int(c["account_id"][1])
        who = {"contact_id": c["contact_id"], "account_id": c["account_id"]}
        for d in dims:
            ok = met(segment, d, i)
            rows.append(who | {"item_id": d[:3], "expected": 5, "perceived": 6 if ok else 3 + i % 2,
                               "scale": "1-7"})  # fmt: skip
        wave.append(who | {"satisfaction": 3 + (i * 7) % 3, "scale": "1-5"})
    return {"items": items, "survey": rows, "relationship": wave}


def with_survey(tmp_path, happy, met, **more):
    first = firm(tmp_path / "first", happy)
    return firm(tmp_path / "whole", happy, **survey(first, met), **more)


def test_a_dimension_that_one_group_misses_is_found_and_makes_a_tier(tmp_path):
    def met(segment, dimension, i):
        late = segment == 2 and dimension == "responsiveness"
        return (i * 31) % 10 < (1 if late else 7)

    client = with_survey(tmp_path, (30, 30, 12), met)
    table = one_size.needs_by_group(client)
    assert table.title == "Unlike expectations met: responsiveness"
    menu = one_size.tiers(client, hours=12).data.set_index("group")
    assert menu.loc["care", "follows"] == "try for a quarter: a first reply within an hour"
    assert menu.loc["legal", "follows"] in (
        "one size, as far as can be seen", "nothing: it is served better as it is")  # fmt: skip
    assert menu.loc["care", "cost"] == pytest.approx(100 * 12 * 40 / 12_000)


def test_where_nothing_differs_one_size_is_right(tmp_path):
    client = with_survey(tmp_path, (28, 28, 28), lambda s, d, i: (i * 31) % 10 < 7)
    assert one_size.needs_by_group(client).title.startswith("No evidence that your segments differ")
    assert one_size.drivers_by_group(client).title.startswith("No evidence that unlike things")
    menu = one_size.tiers(client)
    assert menu.title == "Nothing here calls for a menu yet: one size, as far as can be seen"
    assert one_size.badly_served(client).title.startswith("No evidence that the average serves any")


def test_what_the_badly_served_pay(tmp_path):
    table = one_size.badly_served(firm(tmp_path, (36, 36, 8)))
    assert table.title == "The average hides 12 of 36 accounts, who pay £12,000 a month"
    rows = table.data.set_index("group")
    assert rows.loc["care", "stands"] == "served worse" and rows.loc["care", "accounts"] == 12
    assert rows["of_fees"].sum() == pytest.approx(100)


def test_without_fees_accounts_alone_are_counted(tmp_path):
    client = firm(tmp_path / "a", (36, 36, 8))
    rows = client["accounts"][["account_id", "name", "segment"]].to_dict("records")
    client = firm(tmp_path / "b", (36, 36, 8), accounts=rows)
    assert one_size.badly_served(client).title == "The average hides 12 of 36 accounts"
    assert "cost" not in one_size.tiers(client).data
    assert "monthly_fee" in one_size.scale(client).not_measured


def test_a_tier_too_dear_for_its_group(tmp_path):
    client = firm(tmp_path, (36, 36, 8))
    assert (
        one_size.tiers(client, hours=60)
        .data.set_index("group")
        .loc["care", "follows"]
        .startswith("too small for a tier; offer to everybody")
    )
    few, many = one_size.scale(client, hours=4), one_size.scale(client, hours=60)
    assert few.title == "A tier of its own pays its way from about 4 accounts on"
    assert many.title.startswith("None of your groups is large enough")
    free = firm(tmp_path / "b", (36, 36, 8))
    free.settings = dataclasses.replace(free.settings, cost_per_hour=None)
    assert "cost_per_hour" in one_size.scale(free).not_measured


def test_how_alike_people_are(tmp_path):
    figure = one_size.how_alike(firm(tmp_path, (36, 36, 8)))
    assert figure.data["share"].sum() == pytest.approx(100)
    assert figure.data["share"][0] > 20
    alone = [{"account_id": f"A{i}", "name": "x", "segment": SEGMENTS[i % 3]} for i in range(60)]
    client = clients.make(
        tmp_path / "b", accounts=alone, ratings=clients.answered(60, 60, 30),
        contacts=clients.contacts(60, 60),
    )  # fmt: skip
    assert "one voice" in one_size.how_alike(client).not_measured


def test_a_random_intercept_of_equal_values_is_nought():
    fitted = one_size.random_intercept([1.0] * 6, list("aabbcc"))
    assert (fitted.between, fitted.within, fitted.icc) == (0.0, 0.0, 0.0)


def test_james_and_stein_take_four():
    with pytest.raises(ValueError, match="four"):
        one_size.james_stein([0.1, 0.2, 0.3], 0.01)
    assert one_size.james_stein([0.5] * 4, 0.01)[0] == 0.0


# -- whole firms -------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["alder-it", "birch-support"])
def test_the_samples_get_no_clear_verdict_here(name):
    client = load(f"data/sample/{name}", sealed=False)
    found = one_size.worst_segment_csat(client)
    assert found.verdict.word in ("well judged", "too few to judge")
    for look in PARTS:
        payload = bundle(look(client))[MIME]
        assert payload["kind"] == "finding" or not payload["not_measured"], look.__name__
    for by in one_size.CUTS:
        assert one_size.by_cut(client, by=by).title.startswith("No evidence that")


def test_cedar_desk_is_not_measured_and_says_what_it_takes():
    client = load("data/sample/cedar-desk", sealed=False)
    for look in PARTS:
        payload = bundle(look(client))[MIME]
        word = payload.get("verdict") or payload["not_measured"]
        assert "not measured" in word or "accounts" in word


@pytest.fixture(scope="module")
def planted():
    firm = Firm(id="p", name="P", csat=68, worst_segment_csat=35, cost_per_hour=30,
                planted=(("worst_segment_csat", Guess(80, 8)),))  # fmt: skip
    made = make(firm, seed=11, size="large")
    return from_frames(made.tables, made.settings, made.superseded)


def test_a_planted_fault_is_found_in_every_part(planted):
    found = one_size.worst_segment_csat(planted)
    assert (found.verdict.word, found.verdict.strength) == ("blind spot", "clear")
    assert "care and community the lowest" in one_size.by_cut(planted).title
    assert "by segment" in one_size.many_cuts(planted).title
    assert one_size.badly_served(planted).title.startswith("The average hides ")
    menu = one_size.tiers(planted).data.set_index("group")
    assert menu.loc["care and community", "follows"].startswith("try for a quarter")


def test_every_figure_can_be_drawn_and_only_finite_numbers_leave(planted):
    for look in PARTS:
        result = look(planted)
        assert bundle(result)[MIME]
        if isinstance(result, Figure):
            assert charts.png(result.draw()).startswith(b"\x89PNG")


def test_everybody_happy_and_hostile_names(tmp_path):
    names = ("<b>legal</b>", "$x_1$ | and \\ more", "a" * 90)
    client = firm(tmp_path, (40, 40, 40), segments=names, belief=(95, 90, 99))
    for look in PARTS:
        result = look(client)
        assert bundle(result)[MIME]
        if isinstance(result, Figure) and result.draw:
            charts.png(result.draw())
    assert one_size.worst_segment(client).high <= 100


def test_the_estimate_scales(tmp_path):
    estimate = one_size.worst_segment(firm(tmp_path, (28, 29, 20)))
    more = estimate.scaled(4)
    assert more.n == 4 * estimate.n
    assert more.high - more.low < estimate.high - estimate.low
    assert more.p_value(80) < estimate.p_value(80)
    assert more.below(80) > stats.LIKELY
