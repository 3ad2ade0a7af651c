"""Session 10: what was found, put together; referrals and accounts kept; a plan with dates."""

from __future__ import annotations

import datetime as dt
import json
import math
from collections import Counter
from dataclasses import replace

import clients
import fake_notebooks
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import beta
from servicegap import bundles, charts, handing_on, load, measures, priorities, schema
from servicegap.sessions import referral_roadmap as session
from servicegap.sessions.referral_roadmap import climb, effect, fees, plan, told

QUICK = settings(max_examples=40, deadline=None)
PARTS = [part.name for part in schema.SESSIONS["10"].parts]
READS = ("gathered", "belief_map", "calibration", "referral_effect", "three_actions", "calendar",
         "promised")  # fmt: skip
AS_OF = dt.date(2025, 6, 30)
OTHERS = [h for h in schema.HEADLINES.values() if h.session != "10"]


def payload(belief_id: str, **more) -> dict:
    """A finding of another session, as it was handed on."""
    action = {"id": f"{belief_id}-mend", "what": f"Mend {belief_id}.", "owner": None,
              "due": "2025-07-30", "cost_low": 100, "cost_high": 300,
              "measure_again": "2025-09-28"}  # fmt: skip
    return fake_notebooks.finding(belief_id) | {"action": action} | more


def hand_on(folder, payloads, as_of=AS_OF) -> str:
    """Hand these on, session by session; returns the folder as the notebook's parameter has it."""
    by_session: dict[str, list] = {}
    for one in payloads:
        by_session.setdefault(one["session"], []).append(one)
    for number, own in by_session.items():
        handing_on.hand_on(folder, number, as_of.isoformat(), own)
    return str(folder)


def firm(folder, accounts=40, referred=4, left=3, sealed=False, **more):
    """A client of so many accounts; the first few referred, the last few left in the window."""
    rows = [
        {"account_id": f"A{i}", "name": f"Firm {i}", "since": "2015-01-01",
         "left_on": "2025-02-01" if i >= accounts - left else None, "monthly_fee": 1000}
        for i in range(accounts)
    ]  # fmt: skip
    made = [{"referral_id": f"R{i}", "account_id": f"A{i}", "made_on": "2025-01-15",
             "stage": "won" if i % 2 else "lost"} for i in range(referred)]  # fmt: skip
    people = [{k: r[k] for k in ("contact_id", "account_id")} for r in more.get("relationship", ())]
    tables = {"accounts": rows, "referrals": made, "contacts": people} | more
    return clients.make(folder, sealed=sealed, **{k: v for k, v in tables.items() if v})


def answers(*firms: tuple[int, int], first: int = 0) -> list[dict]:
    """Relationship rows: for each account a list of (satisfaction 1–5, would refer 0–10)."""
    rows = []
    for i, marks in enumerate(firms, first):
        for j, (satisfied, would) in enumerate(marks):
            rows.append({"contact_id": f"C{i}-{j}", "account_id": f"A{i}", "scale": "1-5",
                         "satisfaction": satisfied, "would_refer": would,
                         "refer_scale": "0-10"})  # fmt: skip
    return rows


# -- the two headlines -------------------------------------------------------------------------


def edge_accounts():
    """Window: 1 July 2024 to 30 June 2025. Who was there when it began, and who still is?"""
    rows = [  # id, since, left_on
        ("old", "2010-01-01", None),
        ("unknown", None, None),
        ("last day", "2024-06-30", None),
        ("too late", "2024-07-01", None),
        ("gone before", "2010-01-01", "2024-06-30"),
        ("left first day", "2010-01-01", "2024-07-01"),
        ("left last day", "2010-01-01", "2025-06-30"),
        ("left after", "2010-01-01", "2025-07-01"),
    ]
    return [{"account_id": i, "name": i, "since": s, "left_on": e} for i, s, e in rows]


def test_who_counts_and_who_stayed(tmp_path):
    made = [
        ("old", "2024-07-01"), ("old", "2025-01-01"), ("last day", "2024-06-30"),
        ("left last day", "2025-06-30"), ("too late", "2025-01-01"), ("nobody", "2025-01-01"),
        ("unknown", "2025-07-01"),
    ]  # fmt: skip
    referrals = [{"referral_id": f"R{i}", "account_id": a, "made_on": d, "stage": "made"}
                 for i, (a, d) in enumerate(made)]  # fmt: skip
    client = clients.make(tmp_path, accounts=edge_accounts(), referrals=referrals)
    did, stayed = measures.referring(client), measures.staying(client)
    there = {"old", "unknown", "last day", "left first day", "left last day", "left after"}
    assert set(did.index) == set(stayed.index) == there
    assert set(did.index[did == 1]) == {"old", "left last day"}
    assert set(stayed.index[stayed == 1]) == {"old", "unknown", "last day", "left after"}
    few = session.did_refer_share(client)
    assert few.estimate.n == 6 and few.verdict.word == "no guess"
    assert not few.estimate.speaks  # accounts are counted: it takes ten
    assert any("2 referrals came from accounts" in said for said in few.caveats)


def test_planted_and_true_beliefs_are_judged(tmp_path):
    said = clients.beliefs(did_refer_share=(40, 30, 50), stay_share=(93, 85, 98))
    client = firm(tmp_path, referred=4, beliefs=said)
    one, other = session.did_refer_share(client), session.stay_share(client)
    assert (one.verdict.word, one.verdict.strength) == ("blind spot", "clear")
    assert one.estimate.value == 10 and one.estimate.per == "accounts"
    assert other.estimate.value == pytest.approx(92.5)
    assert other.verdict.strength != "clear"
    assert one.estimate.n == other.estimate.n == 40


def test_a_table_that_is_not_there_is_said(tmp_path):
    client = clients.make(tmp_path, accounts=clients.accounts(20))
    assert session.did_refer_share(client).verdict.word == "not measured"
    assert "with “The day it left”" in session.stay_share(client).sentence
    ten = clients.make(
        tmp_path / "b",
        accounts=[{"account_id": "A", "name": "A", "since": "2025-06-01", "left_on": "2025-06-02"}],
    )
    assert session.stay_share(ten).verdict.word == "not measured"  # nobody was there


def test_a_list_without_since_and_a_short_period_are_said(tmp_path):
    rows = [{"account_id": f"A{i}", "name": "x", "left_on": "2025-06-01" if not i else None}
            for i in range(12)]  # fmt: skip
    span = {"period": {"start": "2025-01-01", "end": "2025-06-30"}}
    client = clients.make(tmp_path, settings=span, accounts=rows)
    finding = session.stay_share(client)
    assert "since when" in " ".join(finding.caveats) and "Only 6 of the 12" in finding.sentence


# -- what was found ----------------------------------------------------------------------------


def test_everything_that_was_handed_on_is_gathered(tmp_path):
    client = firm(tmp_path / "firm")
    folder = hand_on(tmp_path / "f", [payload(h.id) for h in OTHERS])
    found = told.gather(client, folder)
    assert [f.id for f in found.findings] == list(schema.HEADLINES)
    assert found.of("csat").belief == (80, 74, 86) and found.of("csat").n == 120
    assert found.not_run == found.stale == found.closed == () and found.missing == ""


def test_a_run_of_this_session_alone_says_what_has_not_been_run(tmp_path):
    client = firm(tmp_path / "firm", ratings=clients.answered(120, 40, 72))
    found = told.gather(client, str(tmp_path / "nothing"))
    assert [f.id for f in found.findings] == ["did_refer_share", "stay_share"]
    assert "01" in found.not_run and "03" in found.closed  # no survey: it can't be run
    table = session.gathered(client, findings=str(tmp_path / "nothing"))
    states = dict(zip(table.data["session"], table.data["verdict"], strict=False))
    assert states["01"] == "not run yet" and states["03"].startswith("not measured")
    assert "Not run yet: session 1 (Benchmarking)" in table.caption
    for name in READS:
        assert bundles.bundle(getattr(session, name)(client, findings=str(tmp_path / "nothing")))


def test_what_was_found_in_other_files_stays_out(tmp_path):
    client = firm(tmp_path / "firm", ratings=clients.answered(120, 40, 72))
    folder = hand_on(tmp_path / "f", [payload("csat")], as_of=dt.date(2024, 6, 30))
    found = told.gather(client, folder)
    assert found.stale == ("01",) and found.of("csat") is None
    assert "earlier files" in found.missing
    assert "run it again" in session.gathered(client, findings=folder).data["verdict"].to_list()[0]


def test_the_workbook_reads_the_clients_own_folder(tmp_path):
    client = firm(tmp_path / "firm", sealed=True,
                  beliefs=clients.beliefs(did_refer_share=None, stay_share=None))  # fmt: skip
    hand_on(client.folder / handing_on.HOME, [payload("csat")])
    assert told.gather(client).of("csat") is not None
    assert next(s.id for s in session.suggested(client)) == "csat"


def test_a_finding_with_holes_is_still_read():
    bare = {"id": "csat", "kind": "finding", "session": "01", "title": "x"}
    found = told.Told.of(bare)
    assert found.word == "not measured" and math.isnan(found.evidence[0]) and found.n is None


# -- one picture -------------------------------------------------------------------------------


def test_units_that_cannot_share_a_scale_have_their_own(tmp_path):
    client = firm(tmp_path / "firm", beliefs=clients.beliefs(stay_share=(90, 85, 95)))
    months = payload("usp_months_alone", belief={"value": 36, "low": 26, "high": 50},
                     evidence={"value": 8, "low": 5, "high": 14, "n": 12}, gap=1.5)  # fmt: skip
    lost = payload("third_party_harm", belief={"value": 5, "low": 1, "high": 9},
                   evidence={"value": 35, "low": -4, "high": 47, "n": 100}, gap=30)  # fmt: skip
    folder = hand_on(tmp_path / "f", [payload("csat"), payload("good_peer_percentile"), months,
                                      lost])  # fmt: skip
    found = session.belief_map(client, findings=folder)
    scales = dict(zip(found.data["belief"], found.data["scale"], strict=True))
    assert scales["Top marks"] == scales["Ahead of peers"] == "in 100"
    assert scales["Top marks lost to suppliers"] == "points"
    assert scales["Months alone with a USP"] == "months"
    drawn = found.draw()
    ends = [ax.get_xlim() for ax in drawn.axes]
    assert ends[0] == (0, 100) and ends[1][0] <= -4 and ends[2][1] >= 50
    assert charts.png(drawn)
    assert "believed 36, evidence 8 (5 to 14), blind spot" in found.alt


@pytest.mark.parametrize(
    ("verdicts", "said"),
    [
        ([("blind spot", "clear"), ("hidden strength", "clear"), ("well judged", None)],
         "Of five beliefs, one flattered you, one ran you down, one held and two are not settled"),
        ([("too few to judge", None)], "Of three beliefs, none is settled yet"),
    ],
)  # fmt: skip
def test_the_title_counts_both_ways(tmp_path, verdicts, said):
    stated = clients.beliefs(did_refer_share=(10, 5, 15), stay_share=(92, 85, 98))
    client = firm(tmp_path / "firm", accounts=20, referred=2, left=2, beliefs=stated)
    payloads = [payload(h.id, verdict=w, strength=s)
                for h, (w, s) in zip(OTHERS, verdicts, strict=False)]  # fmt: skip
    folder = hand_on(tmp_path / "f", payloads)
    assert session.belief_map(client, findings=folder).title == said


@pytest.mark.parametrize(
    ("verdict", "said"),
    [
        (("blind spot", "clear"), "flattered you"),
        (("well judged", None), "held"),
        (("too few to judge", None), "is not settled yet"),
    ],
)
def test_one_belief_is_no_crowd(tmp_path, verdict, said):
    client = firm(tmp_path / "firm", accounts=20, referred=2, left=2)
    one = payload("csat", verdict=verdict[0], strength=verdict[1])
    found = session.belief_map(client, findings=hand_on(tmp_path / "f", [one]))
    assert found.title == f"The one belief that could be tested {said}"
    assert "a scale of their own" not in found.caption


def placed(low, high, value, width=2.0):
    span = {"value": value, "low": value - width, "high": value + width, "n": 100}
    return {"belief": {"value": (low + high) / 2, "low": low, "high": high}, "evidence": span}


def test_ranges_that_held_are_counted_beside_noise(tmp_path):
    client = firm(
        tmp_path / "firm",
        beliefs=clients.beliefs(did_refer_share=(10, 1, 30), stay_share=(99, 98.5, 99.5)),
    )
    inside, outside = placed(50, 60, 55), placed(50, 60, 70)
    ids = [h.id for h in OTHERS if not h.ratio]
    payloads = [payload(i, **(inside if n < 4 else outside)) for n, i in enumerate(ids)]
    months = {"belief": {"value": 20, "low": 10, "high": 40},
              "evidence": {"value": 20, "low": 10, "high": 40, "n": 12}}  # fmt: skip
    folder = hand_on(tmp_path / "f", [*payloads, payload("usp_months_alone", **months)])
    data, count = session.held(told.gather(client, folder))
    assert (count.n, count.held) == (12, 6)  # four, the months, and the referrals
    row = data.set_index("belief").loc["Months alone with a USP"]
    assert row[["value", "low", "high"]].tolist() == pytest.approx([0, -1, 1])  # as logarithms
    assert count.expected < 0.9 * 12
    found = session.calibration(client, findings=folder)
    assert found.title.startswith(f"6 of 12 ranges held; noise alone predicts {count.expected:.1f}")
    assert found.title.endswith("too narrow") == count.over_precise
    assert "(exact)" in found.caption and charts.png(found.draw())


def test_below_ten_beliefs_there_is_a_picture_and_no_more(tmp_path):
    client = firm(tmp_path / "firm")
    folder = hand_on(tmp_path / "f", [payload(h.id, **placed(50, 60, 90)) for h in OTHERS[:9]])
    found = session.calibration(client, findings=folder)
    assert found.title == "Where the evidence fell in your own ranges"
    assert "no more" in found.caption and "predicts" not in found.title + found.caption


def test_without_ranges_nothing_is_said_of_them(tmp_path):
    client = firm(tmp_path / "firm")
    none = payload("csat", belief={"value": 80, "low": None, "high": None})
    folder = hand_on(tmp_path / "f", [none])
    assert session.calibration(client, findings=folder).not_measured


# -- the ladder --------------------------------------------------------------------------------

HAPPY, OKAY, SOUR = (5, 10), (4, 7), (2, 3)


def test_the_ladder_by_hand(tmp_path):
    """A0–A3 referred, A1 and A3 of them won; who stands on a rung stood on all before it."""
    marks = [[HAPPY, HAPPY], [HAPPY, OKAY], [OKAY, OKAY], [SOUR, HAPPY, SOUR]]
    marks += [[HAPPY]] * 4 + [[OKAY]] * 3 + [[SOUR]]
    client = firm(tmp_path, accounts=14, left=0, relationship=answers(*marks))
    firms = climb.accounts_asked(client)
    assert len(firms) == 12
    steps = session.rungs(firms)
    # satisfied: all but A3 (one of three) and A11; would: A0, A1 (one of two) and A4–A7
    assert [s.accounts for s in steps] == [10, 6, 2, 1]
    assert [s.lost for s in steps] == [2, 4, 4, 1]
    found = session.ladder(client)
    assert found.title.startswith("Of 6 satisfied accounts that would recommend you, two did and")
    assert found.data["accounts"].tolist() == [10, 6, 2, 1] and charts.png(found.draw())
    assert (found.data["low"] <= found.data["share"]).all()


def test_saying_and_doing_by_hand(tmp_path):
    marks = [[HAPPY]] * 12 + [[OKAY]] * 12
    client = firm(tmp_path, accounts=30, left=0, referred=11, relationship=answers(*marks))
    found = session.saying_and_doing(client)
    assert found.data["share"].round().tolist() == [92, 0]
    assert found.title.startswith("Worth asking: accounts that say they would, do so more")
    none = firm(tmp_path / "b", accounts=30, left=0, referred=0, relationship=answers(*marks),
                referrals=[{"referral_id": "R", "account_id": "A29", "made_on": "2025-01-01",
                            "stage": "made"}])  # fmt: skip
    assert session.saying_and_doing(none).title.startswith("No evidence")
    assert "would be seen four times in five" in session.saying_and_doing(none).caption


def test_nine_accounts_climb_no_ladder(tmp_path):
    client = firm(tmp_path, accounts=9, left=0, relationship=answers(*[[HAPPY]] * 9))
    assert "there are 9" in session.ladder(client).not_measured
    assert session.saying_and_doing(client).not_measured


# -- fees --------------------------------------------------------------------------------------


def test_fees_by_what_people_would_do(tmp_path):
    marks = [[HAPPY] * 2] * 10 + [[OKAY] * 2] * 8 + [[SOUR] * 2] * 6
    client = firm(tmp_path, accounts=30, left=3, relationship=answers(*marks))
    by = fees.paying_accounts(client).groupby("zone")["monthly_fee"].sum().to_dict()
    assert by == {fees.ZONES[0]: 10_000, fees.ZONES[1]: 8_000, fees.ZONES[2]: 6_000,
                  fees.ZONES[3]: 3_000}  # fmt: skip
    found = session.fees_at_risk(client)
    assert found.title.startswith("37 % of your fees") and "£3,000 a month" in found.caption
    assert charts.png(found.draw())


def test_a_kind_with_too_few_people_is_not_told_apart(tmp_path):
    marks = [[HAPPY] * 2] * 10 + [[OKAY] * 2] * 8 + [[SOUR]]
    client = firm(tmp_path, accounts=30, relationship=answers(*marks))
    shown = session.fees_at_risk(client).data["zone"].tolist()
    assert fees.ZONES[2] not in shown and fees.OTHERS in shown


def test_a_kind_of_five_people_in_one_account_never_stands_alone(tmp_path):
    marks = [[HAPPY] * 2] * 10 + [[OKAY] * 2] * 8 + [[SOUR] * 5]
    client = firm(tmp_path, accounts=30, relationship=answers(*marks))
    shown = session.fees_at_risk(client).data["zone"].tolist()
    assert shown == [fees.ZONES[0], fees.OTHERS, fees.ZONES[3]]
    few = [[HAPPY] * 2] * 6 + [[SOUR] * 5]
    client = firm(tmp_path / "few", accounts=30, relationship=answers(*few))
    found = session.fees_at_risk(client)
    assert found.data["zone"].tolist() == [fees.EVERYBODY, fees.ZONES[3]]
    assert charts.png(found.draw())


# -- what a gap costs --------------------------------------------------------------------------

RATES = session.Rates(100, session.Beta(6, 40), session.Beta(2, 60), session.Beta(5, 10), 8)


def test_the_mean_is_the_product_of_the_means():
    value = session.mean_effect(60, RATES, 0.25)
    by_hand = 100 * (60.5 / 101) * 0.25 * (6.5 / 41 - 2.5 / 61) * (5.5 / 11)
    assert value == pytest.approx(by_hand)


@QUICK
@given(
    st.integers(5, 80), st.integers(0, 12), st.integers(0, 12), st.integers(0, 9),
    st.floats(0.05, 1),
)  # fmt: skip
def test_draws_agree_with_the_closed_form(people, glad, okay, won, share):
    rates = session.Rates(
        80, session.Beta(glad, 40), session.Beta(okay, 40), session.Beta(won, 9), 9
    )
    (found,) = effect.effects({"csat": people}, rates, share, draws=20_000)
    rng = np.random.default_rng(7)
    drawn = 80 * share * beta(people + 0.5, 80.5 - people).rvs(20_000, random_state=rng)
    drawn *= beta(glad + 0.5, 40.5 - glad).rvs(20_000, random_state=rng) - beta(
        okay + 0.5, 40.5 - okay
    ).rvs(20_000, random_state=rng)
    drawn *= beta(won + 0.5, 9.5 - won).rvs(20_000, random_state=rng)
    error = session.spread_effect(people, rates, share)
    assert drawn.mean() == pytest.approx(found.value, abs=5 * error / 20_000**0.5)
    assert drawn.std() == pytest.approx(error, rel=0.06)
    low, high = np.quantile(drawn, [0.1, 0.9])
    assert (found.low, found.high) == pytest.approx((low, high), abs=0.1 * error)


def test_one_uncertain_factor_has_the_interval_of_its_beta():
    """Where all else is known to a hair the 80 % interval is that of one Beta."""
    sure = 10**9
    rates = session.Rates(
        100, session.Beta(0.4 * sure, sure), session.Beta(0.1 * sure, sure), session.Beta(5, 12), 50
    )
    (found,) = effect.effects({"csat": 100}, replace(rates, satisfied=100), 1.0, draws=400_000)
    exact = 100 * (100.5 / 101) * 0.3 * beta(5.5, 7.5).ppf([0.1, 0.9])
    assert (found.low, found.high) == pytest.approx(tuple(exact), rel=0.02)


def test_equals_share_a_tier_and_the_whole_zone_stands_apart():
    strong = session.Rates(100, session.Beta(40, 60), session.Beta(2, 60), session.Beta(20, 30), 60)
    zones = {"csat": 50, "good_value_share": 48, "watermelon_share": 10, "okay_not_referring": 60}
    found = {e.id: e for e in effect.effects(zones, strong, 0.25)}
    assert list(found) == ["okay_not_referring", "csat", "good_value_share", "watermelon_share"]
    assert [e.tier for e in found.values()] == [0, 1, 1, 2]
    weak = session.Rates(100, session.Beta(3, 60), session.Beta(3, 60), session.Beta(3, 6), 6)
    assert {e.tier for e in effect.effects(zones, weak, 0.25) if e.id != effect.WHOLE} == {1}


def okay_firm(folder, delighted_refer=6, okay_refer=0, **more):
    """Twenty accounts of delighted people, twenty of okay ones, one contact each."""
    marks = [[HAPPY]] * 20 + [[OKAY]] * 20
    who = [*range(delighted_refer), *range(20, 20 + okay_refer)]
    made = [{"referral_id": f"R{i}", "account_id": f"A{i}", "made_on": "2025-01-15",
             "stage": "won" if n % 2 else "lost"} for n, i in enumerate(who)]  # fmt: skip
    return firm(folder, left=0, relationship=answers(*marks), referrals=made, **more)


def test_the_sum_on_a_client_by_hand(tmp_path):
    client = okay_firm(tmp_path / "firm")
    rates, okay = session.rates_of(client)
    assert (rates.satisfied, rates.events, len(okay)) == (40, 6, 20)
    # one contact an account: nobody has to be told apart, and the rates are those of a Beta
    assert (rates.won.hits, rates.won.n, rates.delighted.n, rates.okay.n) == (3, 6, 20, 20)
    for found, hits in ((rates.delighted, 6), (rates.okay, 0)):
        exact = session.Beta(hits, 20)
        assert found.mean == pytest.approx(exact.mean, rel=0.03)
        assert found.interval() == pytest.approx(exact.interval(), rel=0.1, abs=0.001)
    folder = hand_on(tmp_path / "f", [payload("okay_not_referring")])
    found = session.referral_effect(client, findings=folder, moved=50)
    (row,) = found.data.to_dict("records")
    by_hand = 40 * (20.5 / 41) * 0.5 * (6.5 / 21 - 0.5 / 21) * (3.5 / 7)
    assert row["value"] == pytest.approx(by_hand, rel=0.03) and row["people"] == 20
    assert row["low"] < row["value"] < row["high"]
    assert "50 in 100 of the okay could move" in found.caption and "if the difference" in found.alt
    assert charts.png(found.draw())
    half = session.referral_effect(client, findings=folder, moved=25).data["value"].iloc[0]
    assert half == pytest.approx(row["value"] / 2)


def test_where_every_account_has_one_of_each_nobody_knows_who_it_was(tmp_path):
    marks = [[HAPPY, OKAY]] * 12
    client = firm(tmp_path, accounts=12, left=0, referred=6, relationship=answers(*marks))
    rates, _ = session.rates_of(client)
    assert rates.events == 6
    assert rates.delighted.mean == pytest.approx(rates.okay.mean, rel=0.1)
    low, high = rates.delighted.interval()
    assert low < 0.02 and high > 0.5  # it may have been all of them, or none


def test_rates_are_found_again_from_accounts_with_people_of_all_kinds():
    rng, true, held = np.random.default_rng(5), (0.3, 0.04, 0.0), 0
    for _ in range(60):
        heads = np.column_stack(
            [rng.integers(0, 5, 40), rng.integers(0, 5, 40), rng.integers(0, 2, 40)]
        )
        events = rng.binomial(heads, true).sum(axis=1)
        glad, okay, _ = session.shared_out(heads, events)
        low, high = np.quantile(glad.draws - okay.draws, [0.1, 0.9])
        held += low <= true[0] - true[1] <= high
    assert 40 <= held <= 56  # 80 in 100
    shuffled = rng.permutation(40)
    again, *_ = session.shared_out(heads[shuffled], events[shuffled])
    assert (again.draws == glad.draws).all()


def test_under_five_referrals_nothing_is_counted(tmp_path):
    client = okay_firm(tmp_path / "firm", delighted_refer=4)
    folder = hand_on(tmp_path / "f", [payload("okay_not_referring")])
    found = session.referral_effect(client, findings=folder)
    assert "too few to count" in found.title and "id" not in found.data
    assert charts.png(found.draw())
    shown = bundles.bundle(found)[bundles.MIME]
    assert handing_on.effects([shown]) == {}


def test_who_is_touched_by_which_gap(tmp_path):
    ratings = [clients.rating(i, i, None, 5 if i % 2 else 3, contact_id=f"C{i}-0")
               for i in range(40)]  # fmt: skip
    segments = {"data": {"columns": [{"name": n} for n in ("group", "pooled")],
                         "rows": [["b", 40.0], ["a", 70.0]]}}  # fmt: skip
    cut = fake_notebooks.figure("04", "by_cut", "worst_segment_csat") | segments
    client = okay_firm(tmp_path / "firm", ratings=ratings,
                       contacts=[{"contact_id": f"C{i}-0", "account_id": f"A{i}"}
                                 for i in range(40)])  # fmt: skip
    accounts = client["accounts"]
    accounts["segment"] = ["a" if i < 30 else "b" for i in range(40)]
    folder = hand_on(
        tmp_path / "f",
        [payload("csat"), payload("worst_segment_csat"), payload("okay_not_referring"),
         payload("good_value_share", verdict="not measured"), cut],
    )  # fmt: skip
    data = session.referral_effect(client, findings=folder).data.set_index("id")
    assert data["people"].to_dict() == {"okay_not_referring": 20, "csat": 10,
                                        "worst_segment_csat": 10}  # fmt: skip


# -- growth ------------------------------------------------------------------------------------


def test_growth_is_a_geometric_sum():
    assert session.grown(100, 0.5, 2) == pytest.approx(100 * (1 + 0.5 + 0.25))
    assert session.grown(10, 1, 3) == pytest.approx(40)
    assert session.grown(10, 1 + 1e-12, 3) == pytest.approx(40)
    assert session.grown(5, 0, 4) == pytest.approx(5)


def test_the_pace_by_hand(tmp_path):
    client = firm(tmp_path, referred=4)  # two of them won, of 40 accounts; three of 40 left
    table = session.growth(client, years=2)
    now = table.data.iloc[0]
    assert now["won"] == 5
    assert now["once"] == pytest.approx(100 * (1 + 0.05 + 0.0025), abs=0.06)
    assert now["every_year"] == pytest.approx(100 * 1.05**2, abs=0.06)
    assert now["with_leaving"] == pytest.approx(100 * (0.925 + 0.05) ** 2, abs=0.06)
    assert table.title.startswith("It takes 20 accounts")
    assert session.won_per_account(0, 40)[:2] == (0, 0)


# -- the plan ----------------------------------------------------------------------------------


def many(tmp_path, **more):
    client = firm(tmp_path / "firm", **more)
    verdicts = [("blind spot", "clear"), ("blind spot", "leaning"), ("too few to judge", None)]
    payloads = [payload(h.id, verdict=verdicts[i % 3][0], strength=verdicts[i % 3][1], gap=i + 1.0)
                for i, h in enumerate(OTHERS)]  # fmt: skip
    return client, payloads


def test_the_map_in_words_has_the_figures_of_the_sentence(tmp_path):
    months = payload("usp_months_alone", belief={"value": 12, "low": 2, "high": 18},
                     evidence={"value": 1.46, "low": 0.91, "high": 2.83, "n": 30})  # fmt: skip
    folder = hand_on(tmp_path / "f", [months, payload("csat")])
    alt = session.belief_map(firm(tmp_path / "firm"), findings=folder).alt
    assert "believed 80, evidence 60 (51 to 68), blind spot" in alt
    assert "believed 12, evidence 1.5 (0.9 to 2.8), blind spot" in alt
    endless = months | {"evidence": {"value": None, "low": 2.6, "high": None, "n": 5}}
    folder = hand_on(tmp_path / "g", [endless])
    alt = session.belief_map(firm(tmp_path / "firm"), findings=folder).alt
    assert "believed 12, evidence (above 2.6)" in alt


def test_three_actions_in_the_order_of_the_whole_report(tmp_path):
    client, payloads = many(tmp_path)
    folder = hand_on(tmp_path / "f", payloads)
    found = told.gather(client, folder)
    first = [f.id for f in priorities.in_order(found.findings)][:3]
    chosen = plan.steps(client, found)[:3]
    assert [s.id for s in chosen] == first
    table = session.three_actions(client, findings=folder)
    assert table.data["what"].tolist() == [s.what for s in chosen] and len(table.data) == 3
    assert table.data["cost"].tolist() == ["£100 to £300"] * 3
    assert table.data["who"].tolist() == ["to be named"] * 3
    assert table.data["due"].iloc[0] == "30 July 2025"


@pytest.mark.parametrize("due", ["2020-01-01", "2025-06-30", None, "soon"])
def test_no_action_lies_in_the_past(tmp_path, due):
    client, payloads = many(tmp_path)
    late = [p | {"action": p["action"] | {"due": due, "measure_again": due}} for p in payloads]
    found = told.gather(client, hand_on(tmp_path / "f", late))
    assert all(AS_OF < s.due <= s.again for s in plan.steps(client, found))
    days = plan.entries(client, found)
    assert all(AS_OF < e.when <= AS_OF + plan.YEAR for e in days)
    assert days == tuple(sorted(days, key=lambda e: e.when))


def test_what_was_promised_stands_as_it_was_promised(tmp_path):
    promise = {"action_id": "01-csat-mend", "finding_id": "csat", "what": "Ring ten.",
               "owner": "desk lead", "due": "2025-08-01",
               "measure_again": "2025-11-01"}  # fmt: skip
    old = promise | {"action_id": "X", "due": "2025-01-01", "what": "Old news."}
    alone = promise | {"action_id": "Y", "finding_id": None, "what": "Paint the door."}
    client = firm(tmp_path / "firm", commitments=[old, promise, alone])
    folder = hand_on(tmp_path / "f", [payload("csat")])
    (step, *_) = plan.steps(client, told.gather(client, folder))
    assert (step.what, step.owner, step.due) == ("Ring ten.", "desk lead", dt.date(2025, 8, 1))
    said = session.calendar(client, findings=folder).data
    assert "Paint the door." in said["what"].tolist() and "Old news." not in said["what"].tolist()
    assert said["what"].tolist().count("Ring ten.") == 1


def promise(name, finding_id, due, again=None, **more):
    return {"action_id": name, "finding_id": finding_id, "what": f"{name}.", "owner": "desk lead",
            "due": due, "measure_again": again} | more  # fmt: skip


def dated(client, payloads, folder):
    """The calendar, and the order in which its findings are acted on."""
    found = told.gather(client, hand_on(folder, payloads))
    return plan.entries(client, found), [s.id for s in plan.steps(client, found)]


@pytest.mark.parametrize("rank", [1, 5, 8, 10])
def test_a_promise_is_not_moved_to_another_quarter(tmp_path, rank):
    nobody, payloads = many(tmp_path)
    before, order = dated(nobody, payloads, tmp_path / "f")
    assert len(order) == 10
    kept = promise("Ring ten", order[rank - 1], "2025-07-10", "2025-08-20")
    client = firm(tmp_path / "again", commitments=[kept])
    days, _ = dated(client, payloads, tmp_path / "g")
    (own,) = [e for e in days if "Ring ten" in e.what]
    assert (own.when, own.kind, own.who) == (dt.date(2025, 7, 10), "promised", "desk lead")
    label = schema.HEADLINES[order[rank - 1]].label
    looks = [e.when for e in days if e.kind == "measure" and label in e.what]
    assert looks == [dt.date(2025, 8, 20)]
    # what nobody promised: the first three stay in their quarter, and no quarter has more of it
    doing, then = ([e for e in d if e.kind == "do"] for d in (days, before))
    first = [e for e in then if e.when <= AS_OF + plan.QUARTER]
    assert [e for e in doing if e.when <= AS_OF + plan.QUARTER] == [
        e for e in first if e.what != f"Mend {order[rank - 1]}."
    ]
    assert max(Counter(e.when for e in doing).values()) <= 3 and len(doing) == 9 - (rank < 4)


def test_every_open_promise_stands_once_whatever_it_is_about(tmp_path):
    _, payloads = many(tmp_path)
    payloads[0] |= {"verdict": "hidden strength", "strength": "clear"}
    win = payloads[0]["id"]
    kept = [
        promise("A moment", "okay_not_referring", "2025-07-10", "2025-09-01"),
        promise("The suggestion", "okay_not_referring", "2025-09-10", "2025-09-01"),
        promise("Tell them", win, "2025-08-01", "2025-12-01"),
        promise("Paint the door", None, "2025-08-02", "2025-11-01"),
        promise("No day to look", "stay_share", "2025-08-03"),
        promise("Nothing at all", None, "2025-08-04"),
    ]
    client = firm(tmp_path / "firm", commitments=kept)
    days, _ = dated(client, payloads, tmp_path / "f")
    said = {e.what: e.when.isoformat() for e in days if e.kind == "promised"}
    assert said == {row["what"]: row["due"] for row in kept}
    assert not [e for e in days if e.kind == "tell"]
    okay = schema.HEADLINES["okay_not_referring"].label
    looks = {e.when.isoformat(): e.what for e in days if e.kind == "measure"}
    assert looks["2025-09-01"] == looks["2025-09-10"] == f"Look again: {okay}."
    assert schema.HEADLINES[win].label in looks["2025-12-01"]
    assert looks["2025-11-01"] == "Look again: what was promised by 2 August 2025."
    assert schema.HEADLINES["stay_share"].label in looks["2025-09-28"]


def test_what_was_promised_in_other_words_has_no_cost_of_ours(tmp_path):
    kept = promise("A moment: cake. Cost: £5 each time, 4 times", "csat", "2025-08-01")
    folder = hand_on(tmp_path / "f", [payload("csat"), payload("good_value_share")])
    client = firm(tmp_path / "firm", commitments=[kept])
    table = session.three_actions(client, findings=folder)
    assert sorted(table.data["cost"]) == ["not estimated", "£100 to £300"]
    assert "Costs are hours of work at £40 an hour" in table.caption
    assert "What was promised in other words than ours has no estimate." in table.caption
    alone = hand_on(tmp_path / "g", [payload("csat")])
    caption = session.three_actions(client, findings=alone).caption
    assert "the settings don't say" not in caption
    same = promise("Mend csat", "csat", "2025-08-01")
    client = firm(tmp_path / "same", commitments=[same])
    assert session.three_actions(client, findings=alone).data["cost"].tolist() == ["£100 to £300"]


def timetable():
    columns = [{"name": n, "label": n, "unit": "", "kind": "text"}
               for n in ("when", "what", "about")]  # fmt: skip
    rows = [["30 June 2025", "learn", "the first new thing"],
            ["1 October 2025", "launch", "the first new thing; write down the day"],
            ["1 October 2026", "launch", "too far off"],
            ["whenever", "look", "no day"]]  # fmt: skip
    table = fake_notebooks.figure("02", "timetable", None) | {"kind": "table"}
    return table | {"data": {"columns": columns, "rows": rows}}


def test_the_calendar_takes_in_the_timetable_for_what_is_new(tmp_path):
    client = firm(tmp_path / "firm")
    renewal = fake_notebooks.figure("02", "renewal", None) | {"title": "Something new every 6"}
    folder = hand_on(tmp_path / "f", [payload("csat"), timetable(), renewal])
    table = session.calendar(client, findings=folder)
    new = table.data[table.data["kind"].isin(["learn", "launch", "look"])]
    assert new["when"].tolist() == ["1 July 2025", "1 October 2025"]
    assert "something new every 6" in table.caption
    none = session.calendar(client, findings=hand_on(tmp_path / "g", [payload("csat")]))
    assert "something new" not in none.caption


def test_three_a_quarter_and_a_win_to_tell(tmp_path):
    client, payloads = many(tmp_path)
    payloads[0] |= {"verdict": "hidden strength", "strength": "clear"}
    folder = hand_on(tmp_path / "f", payloads)
    days = plan.entries(client, told.gather(client, folder))
    doing = [e for e in days if e.kind == "do"]
    assert len(doing) == 9
    first = [e for e in doing if e.when <= AS_OF + plan.QUARTER]
    assert len(first) == 3
    assert [e.what for e in days if e.kind == "tell"] == ["Mend csat."]
    assert days[-1].kind == "guess"


def test_a_firm_with_nothing_wrong_has_nothing_to_do(tmp_path):
    stated = clients.beliefs(did_refer_share=(10, 5, 30), stay_share=(93, 88, 99))
    client = firm(tmp_path / "firm", accounts=400, referred=40, left=30, beliefs=stated)
    well = [payload(h.id, verdict="well judged", strength=None) for h in OTHERS]
    folder = hand_on(tmp_path / "f", well)
    assert "Measure again in a year" in session.three_actions(client, findings=folder).not_measured
    assert session.calendar(client, findings=folder).data["kind"].tolist() == ["guess"]


# -- what was promised -------------------------------------------------------------------------


def test_promises_kept_and_what_became_of_the_figure(tmp_path):
    rows = [
        ("P1", "csat", "2025-01-01", "2024-12-30"), ("P2", "good_value_share", "2025-02-01", None),
        ("P3", None, "2025-03-01", "2025-03-05"), ("P4", "watermelon_share", "2025-09-01", None),
    ]  # fmt: skip
    commitments = [{"action_id": a, "finding_id": f, "what": a, "due": d, "done_on": done}
                   for a, f, d, done in rows]  # fmt: skip
    client = firm(tmp_path / "firm", commitments=commitments)
    change = {"value": 8.0, "low": 2.0, "high": 14.0, "verdict": "better"}
    folder = hand_on(tmp_path / "f", [payload("csat", change=change), payload("good_value_share")])
    table = session.promised(client, findings=folder)
    assert table.title == "Two of three promises were kept"
    assert table.data["done"].tolist() == [
        "30 December 2024", "not done", "5 March 2025, late", "still to come",
    ]  # fmt: skip
    assert table.data["since"].tolist() == [
        "better", "no earlier period to compare with", "no figure goes with it",
        "not measured in these sessions",
    ]  # fmt: skip


# -- everything, in every state ----------------------------------------------------------------


@pytest.mark.parametrize("sample", ["alder-it", "birch-support", "cedar-desk"])
def test_samples_say_what_they_should(sample, tmp_path):
    client = load(f"data/sample/{sample}", sealed=False)
    for belief in ("did_refer_share", "stay_share"):
        found = getattr(session, belief)(client).verdict
        told_ = (found.word, found.strength)
        if sample == "cedar-desk":
            assert found.word == "not measured"
        elif (sample, belief) == ("alder-it", "did_refer_share"):
            assert told_ == ("blind spot", "clear")
        else:
            assert found.word in ("well judged", "too few to judge")
    for name in PARTS:
        options = {"findings": str(tmp_path)} if name in READS else {}
        shown = bundles.bundle(getattr(session, name)(client, **options))[bundles.MIME]
        assert json.dumps(shown, allow_nan=False) and shown["session"] == "10"


def test_the_three_actions_are_promised_one_after_another(tmp_path):
    from servicegap.widgets import promising

    stated = clients.beliefs(did_refer_share=(40, 30, 50), stay_share=(93, 85, 98))
    client = firm(tmp_path / "firm", sealed=True, beliefs=stated)
    hand_on(client.folder / handing_on.HOME, [payload("csat"), payload("good_value_share")])
    form = promising.PromiseForm(client, "10", AS_OF)
    offered = [s.id for s in session.suggested(client)]
    assert set(offered) == {"csat", "good_value_share", "did_refer_share"}
    for belief in offered:
        assert form.start.value == belief and form.what.value
        form.owner.value = "desk lead"
        form.keep.click()
    assert form.start.value == "own" and not form.what.value
    rows = client["commitments"]
    assert rows["finding_id"].tolist() == offered
    assert [s.owner for s in session.suggested(client)] == ["desk lead"] * 3
    assert (rows["due"].dt.date >= AS_OF).all()
