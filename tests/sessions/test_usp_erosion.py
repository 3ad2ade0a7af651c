"""Session 02: whether it is a USP, and how long it lasts, by hand and in every state."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import CensoredData, expon
from servicegap import schema
from servicegap.bundles import bundle
from servicegap.client import from_frames, load
from servicegap.findings import Finding
from servicegap.sessions import usp_erosion as session
from servicegap.sessions.usp_erosion import ahead, copies, later, real_ones, survival
from servicegap.simulate import make
from servicegap.simulate.frames import frame

QUICK = settings(max_examples=60, deadline=None)
MONTH = pd.Timedelta(days=30.4375)
PARTS = [part.name for part in schema.SESSIONS["02"].parts]


def day(text):
    return np.datetime64("NaT") if text is None else np.datetime64(text)


def client_of(usps, sightings, belief=None, as_of="2026-01-01"):
    """A client of USPs (id, launched, kind, owned, hard) and sightings (id, rival, seen, checked,
    quality)."""
    ids, launched, kind, owned, hard = zip(*usps, strict=True)
    who, rival, seen, checked, quality = zip(*sightings, strict=True)
    tables = {
        "usps": frame("usps", len(usps), usp_id=ids, claim=[f"claim {i}" for i in ids], kind=kind,
                      launched_on=[day(d) for d in launched], owned=owned, hard_to_copy=hard),
        "sightings": frame("sightings", len(who), usp_id=who, competitor=rival,
                           seen_on=[day(d) for d in seen], quality=quality,
                           last_checked_without=[day(d) for d in checked]),
    }  # fmt: skip
    if belief is not None:
        tables["beliefs"] = frame("beliefs", 1, belief_id=["usp_months_alone"], value=[belief])
    return from_frames(tables, {"name": "A", "id": "a", "as_of": pd.Timestamp(as_of).date()})


def usp(name, launched="2025-01-01", kind="product", owned=True, hard=True):
    return (name, launched, kind, owned, hard)


# -- times with two ends -----------------------------------------------------------------------


def test_a_copy_lies_between_the_last_check_and_the_sighting():
    client = client_of(
        [usp("U1"), usp("U2"), usp("U3")],
        [
            ("U1", "Kestrel", "2025-07-01", "2025-05-01", "same"),
            ("U1", " KESTREL ", "2025-10-01", "2025-04-01", "better"),  # the same rival, later
            ("U1", "Beacon", "2025-09-01", "2025-08-01", "same"),  # not the first
            ("U2", "Kestrel", "2025-03-01", None, "same"),  # never checked before
            ("U3", "Kestrel", None, "2025-12-01", None),
        ],
    )
    table = copies.copied(client).table.set_index("usp_id")
    launch = pd.Timestamp("2025-01-01")

    def months(text):
        return (pd.Timestamp(text) - launch) / MONTH

    assert table.loc["U1", ["low", "high"]].tolist() == pytest.approx(
        [months("2025-05-01"), months("2025-07-01")]
    )
    assert table.loc["U2", ["low", "high"]].tolist() == pytest.approx([0, months("2025-03-01")])
    assert table.loc["U3", "low"] == pytest.approx(months("2026-01-01"))
    assert math.isnan(table.loc["U3", "high"])
    assert copies.copied(client).pairs == 4
    known = copies.pairs(client).set_index(["usp_id", "rival"])
    assert known.loc[("U1", "kestrel"), "quality"] == "better"  # as last seen


def test_the_second_copier_needs_two_rivals():
    client = client_of(
        [usp("U1"), usp("U2")],
        [
            ("U1", "A", "2025-07-01", "2025-05-01", "same"),
            ("U1", "B", "2025-09-01", "2025-08-01", "same"),
            ("U2", "A", "2025-03-01", "2025-02-01", "same"),
        ],
    )
    second = copies.copied(client, 2).table
    assert second["usp_id"].tolist() == ["U1"]
    assert second["high"].iloc[0] == pytest.approx(243 / 30.4375)


@pytest.mark.parametrize(
    ("seen", "checked", "low", "high"),
    [
        ("2024-06-01", None, 0, 1),  # had it before the launch: within a day
        ("2025-01-01", None, 0, 1),
        ("2025-03-01", "2024-12-01", 0, 59),  # checked before the launch only
        ("2025-03-01", "2025-03-05", 0, 59),  # a check after the sighting says nothing
        ("2026-06-01", "2025-12-01", 365, math.nan),  # not known on the as-of date
    ],
)
def test_odd_dates(seen, checked, low, high):
    found = copies.copied(client_of([usp("U1")], [("U1", "A", seen, checked, None)])).table
    assert found[["low", "high"]].iloc[0].tolist() == pytest.approx(
        [low / 30.4375, high / 30.4375], nan_ok=True
    )


def test_a_launch_to_come_and_a_rival_of_whom_nothing_is_known_stay_out():
    client = client_of(
        [usp("U1", "2026-03-01"), usp("U2")],
        [("U1", "A", None, "2025-12-01", None), ("U2", "A", None, None, None)],
    )
    assert copies.copied(client).table.empty
    finding = session.usp_months_alone(client)
    assert finding.verdict.word == "not measured"
    assert all(bundle(getattr(session, name)(client)) for name in PARTS)


# -- the fit -----------------------------------------------------------------------------------


@st.composite
def times(draw):
    n = draw(st.integers(3, 20))
    low = draw(st.lists(st.floats(0.5, 60), min_size=n, max_size=n))
    width = draw(st.lists(st.sampled_from([0.0, 0.5, 2.0, math.inf]), min_size=n, max_size=n))
    return survival.Times.of(low, np.add(low, width))


@QUICK
@given(times())
def test_the_fit_is_the_one_that_scipy_finds(found):
    fit = session.exponential(found)
    if not found.events:
        assert math.isinf(fit.mean) and math.isinf(fit.high)
        return
    exact, open_ = found.high == found.low, ~found.happened
    between = ~exact & ~open_
    data = CensoredData(
        uncensored=found.low[exact],
        right=found.low[open_],
        interval=np.column_stack([found.low[between], found.high[between]]),
    )
    ours = float(survival.log_likelihood(found, 1 / fit.mean)[0])
    grid = fit.mean * np.geomspace(0.2, 5, 101)
    assert (survival.log_likelihood(found, 1 / grid) <= ours + 1e-9).all()
    _, scale = expon.fit(data, floc=0)
    assert fit.mean == pytest.approx(scale, rel=1e-3)


@QUICK
@given(times())
def test_interval_and_p_come_from_the_likelihood_ratio(found):
    estimate = session.median_estimate(found, 30)
    assert estimate.p_value(estimate.low) == pytest.approx(0.05, abs=1e-6)
    assert estimate.below(estimate.low) == pytest.approx(0.025, abs=1e-6)
    if found.events:
        assert estimate.low < estimate.value < estimate.high
        assert estimate.p_value(estimate.high) == pytest.approx(0.05, abs=1e-6)
        assert estimate.below(estimate.value) == pytest.approx(0.5, abs=1e-4)
    more = estimate.scaled(4)
    assert more.n == 4 * estimate.n and more.low > estimate.low
    assert more.scaled(0.25).low == pytest.approx(estimate.low, rel=1e-6)
    belief = estimate.low / 2
    assert more.p_value(belief) < estimate.p_value(belief)


def test_right_censored_times_have_a_closed_form():
    found = survival.Times.right_censored([2, 4, 6, 8, 10], [1, 1, 0, 1, 0])
    fit = session.exponential(found)
    assert fit.mean == pytest.approx(30 / 3)
    assert fit.deviance(5) == pytest.approx(2 * 3 * (5 / 5 * 30 / 15 - 1 - math.log(2)))


def test_p_is_calibrated_where_the_belief_is_true():
    """Twelve USPs a firm: p ≤ .05 in about one firm of twenty, ≤ .05 ÷ 12 in about 1 of 240."""
    rng = np.random.default_rng(5)
    p = []
    for _ in range(1_000):
        t, age = rng.exponential(12, 12), rng.uniform(10, 66, 12)
        copied = t <= age
        high = np.where(copied, 2 * np.ceil(t / 2), np.inf)
        low = np.where(copied, high - 2, age)
        p.append(session.median_estimate(survival.Times(low, high), 36).p_value(12 * math.log(2)))
    assert np.mean(np.array(p) <= 0.05) == pytest.approx(0.05, abs=0.02)
    assert np.mean(np.array(p) <= 0.05 / 12) < 0.012


def test_nothing_from_below_is_no_fit():
    assert session.exponential(survival.Times.of([0, 0], [3, 5])) is None
    assert not session.median_estimate(survival.Times.of([0, 0], [3, 5]), 12).measured


def test_the_prior_is_worth_two_events():
    """With times seen on the day the posterior is a gamma distribution."""
    from scipy.stats import gamma

    found = survival.Times.right_censored([5, 10, 20], [1, 1, 0])
    thought = session.with_prior(found, 12.0)
    rate = gamma(4, scale=1 / (35 + 2 * 12 / math.log(2)))
    mean, low, high = thought.spread(lambda r: r)
    assert mean == pytest.approx(rate.mean(), rel=1e-3)
    assert (low, high) == pytest.approx(rate.ppf([0.025, 0.975]), rel=1e-2)
    value, *_ = ahead.chance_alone(thought, 12)
    assert value == pytest.approx(100 * (1 + 12 / (35 + 24 / math.log(2))) ** -4, rel=1e-3)


def test_age_tells_only_where_it_does():
    rng = np.random.default_rng(1)
    for shape, tells in ((1.0, False), (3.0, True)):
        found = survival.Times.right_censored(10 * rng.weibull(shape, 60), np.ones(60))
        fitted, p = session.ageing(found)
        assert (p < 0.01) is tells
        assert fitted == pytest.approx(shape, rel=0.25)


def test_a_curve_without_a_median_says_so():
    curve = session.kaplan_meier([5, 6, 7, 8], [1, 0, 0, 0])
    assert math.isnan(curve.median) and math.isinf(curve.high)
    assert curve.at([0, 5, 100]).tolist() == [1, 0.75, 0.75]


def test_approach_finds_what_it_was_made_of_and_keeps_to_its_ceiling():
    x = np.arange(1.0, 40)
    found = session.approach(x, 0.6 * (1 - np.exp(-x / 9)), most=1.0)
    assert (found.ceiling, found.rate) == pytest.approx((0.6, 1 / 9), rel=1e-5)
    assert session.approach(x, x / 40, most=1.0).ceiling <= 1


# -- staying ahead -----------------------------------------------------------------------------


def test_the_calendar_keeps_its_word():
    """Launches every so often, each copied by itself: something is alone just before the next."""
    every = ahead.stretch(0.8)
    ages = every * np.arange(1, 60)
    rng = np.random.default_rng(8)
    alone = (rng.exponential(1, (20_000, len(ages))) > ages).any(axis=1)
    assert alone.mean() == pytest.approx(0.8, abs=0.01)
    assert ahead.stretch(0.95) < every < ahead.stretch(0.5)


def test_the_own_pace_is_that_of_three_years():
    client = client_of(
        [usp("U1", "2020-01-01"), usp("U2", "2024-01-01"), usp("U3", "2025-01-01")],
        [(u, "A", None, "2025-12-01", None) for u in ("U1", "U2", "U3")],
    )
    pace, launches = ahead.own_pace(copies.copied(client), pd.Timestamp("2026-01-01"))
    assert launches == 2 and pace == pytest.approx(18, abs=0.1)


# -- is it one ---------------------------------------------------------------------------------


def judged(kind, owned, hard, seen=None, launched="2023-01-01"):
    checked = "2025-12-01" if seen is None else None
    client = client_of([usp("U1", launched, kind, owned, hard)], [("U1", "A", seen, checked, None)])
    row = real_ones.judged(client).iloc[0]
    return row["real"], row["why"]


@pytest.mark.parametrize(
    ("kind", "owned", "hard", "seen", "real", "because"),
    [
        ("people", False, False, None, "no", "people"),  # being liked
        ("people", False, True, None, "no", "people"),  # and saying that it is hard to copy
        ("process", False, True, None, "no", "tidy process"),
        ("product", False, False, None, "no", "buying or building"),
        ("patent", True, True, None, "yes", "none of 1 rival"),
        ("partnership", True, True, None, "yes", "none of 1 rival"),
        ("niche", False, True, None, "yes", "none of 1 rival"),
        ("niche", False, False, None, "no", "niche"),
        ("patent", True, True, "2024-06-01", "once", "copied after 17 months"),
        ("niche", False, True, "2023-04-01", "once", "said to be hard to copy"),
        ("patent", True, True, "2022-12-01", "no", "day of the launch"),
        ("product", None, None, None, "not known", "say whether you own it"),
    ],
)
def test_what_passes_and_why(kind, owned, hard, seen, real, because):
    found, why = judged(kind, owned, hard, seen)
    assert found == real
    assert because in why


def test_a_usp_that_nobody_values_is_none():
    made = make("birch-support", seed=3, only=("usps", "sightings", "survey", "accounts",
                                                "contacts", "items"))  # fmt: skip
    survey = made.tables["survey"]
    for marks, wanted in ((1.0, "no"), (7.0, "yes")):
        tables = {**made.tables, "survey": survey.assign(importance=marks)}
        rows = real_ones.judged(from_frames(tables, made.settings))
        listed = made.tables["usps"]["item_id"].notna().to_numpy()
        assert set(rows["valued"][listed]) == {wanted}
        assert set(rows["valued"][~listed]) == {"not known"}
        if wanted == "no":
            assert not rows["real"][listed].isin(["yes", "once"]).any()


# -- every state -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def samples():
    return {n: load(f"data/sample/{n}", sealed=False)
            for n in ("alder-it", "birch-support", "cedar-desk")}  # fmt: skip


def test_the_planted_fault_is_the_verdict(samples):
    found = session.usp_months_alone(samples["alder-it"])
    assert (found.verdict.word, found.verdict.strength) == ("blind spot", "clear")
    assert found.estimate.value == pytest.approx(6.4, abs=0.05)
    assert "after 36 months. The evidence says after 6 months, somewhere between 4 and 12" in (
        found.sentence
    )
    assert "5.6 times (between 3.0 and 9.5) as long as it does: a blind spot" in found.sentence
    assert found.action.id == "usp_months_alone-mend"


def test_where_nothing_is_planted_there_is_no_blind_spot(samples):
    found = session.usp_months_alone(samples["birch-support"])
    assert found.verdict.word == "too few to judge"


@pytest.mark.parametrize("name", PARTS)
def test_without_tables_a_part_says_so(samples, name):
    found = getattr(session, name)(samples["cedar-desk"])
    if isinstance(found, Finding):
        assert found.verdict.word == "not measured"
    else:
        assert "table usps" in found.not_measured


@pytest.mark.parametrize("name", PARTS)
@pytest.mark.parametrize("sample", ["alder-it", "birch-support"])
def test_every_part_of_a_whole_firm_is_shown(samples, sample, name):
    found = getattr(session, name)(samples[sample])
    shown = bundle(found)
    assert getattr(found, "not_measured", None) is None
    assert "nan" not in shown["text/plain"] and "inf" not in shown["text/plain"]


def changed(**columns):
    made = make("alder-it", seed=12, only=("usps", "sightings", "beliefs", "ratings"))
    sightings = made.tables["sightings"]
    tables = {**made.tables, "sightings": sightings.assign(**columns)}
    return from_frames(tables, made.settings)


def test_nothing_copied_yet_has_no_upper_end():
    client = changed(seen_on=pd.NaT, last_checked_without=pd.Timestamp("2026-01-30"))
    found = session.usp_months_alone(client)
    assert math.isinf(found.estimate.high) and math.isfinite(found.estimate.value)
    assert "somewhere above" in found.sentence
    assert any("half a year" in caveat for caveat in found.caveats)
    assert session.alone(client).title == "Nobody has been seen to copy you yet"
    for name in PARTS:
        bundle(getattr(session, name)(client))
    assert "No launch is needed" in session.timetable(client).title


def test_sightings_without_a_single_check_are_no_measurement():
    made = make("alder-it", seed=12, only=("usps", "sightings", "beliefs"))
    seen = made.tables["sightings"].loc[lambda t: t["seen_on"].notna()]
    tables = {**made.tables, "sightings": seen.assign(last_checked_without=pd.NaT)}
    client = from_frames(tables, made.settings)
    assert session.usp_months_alone(client).verdict.word == "not measured"
    assert "a day on which" in session.still_alone(client).not_measured


def test_under_the_floor_there_is_only_an_interval():
    made = make("alder-it", seed=12, only=("usps", "sightings", "beliefs"))
    few = {**made.tables, "sightings": made.tables["sightings"].head(9)}
    client = from_frames(few, made.settings)
    found = session.usp_months_alone(client)
    assert found.verdict.word == "too few to judge"
    assert bundle(found)["application/vnd.servicegap+json"]["evidence"]["value"] is None
    assert "9 USPs stayed out" in " ".join(found.caveats)
    assert "ten pairs" in session.alone(client).not_measured


def test_the_short_cut_is_named_for_what_it_drops():
    made = make("birch-support", seed=12, only=("usps", "sightings"))
    figure = session.naive(from_frames(made.tables, made.settings))
    assert "too short" in figure.title
    assert figure.data["usps"].tolist() == [9, 12]


def test_two_paces_are_told_apart_and_one_is_not():
    rows, usps = [], []
    rng = np.random.default_rng(2)
    for i in range(40):
        launch = pd.Timestamp("2019-01-01") + pd.DateOffset(months=i)
        mean = 30 if i < 20 else 3
        seen = launch + pd.Timedelta(days=int(1 + 30 * rng.exponential(mean)))
        usps.append(usp(f"U{i:02}", launch))
        for rival in ("A", "B"):
            late = seen + pd.Timedelta(days=0 if rival == "A" else 400)
            rows.append((f"U{i:02}", rival, late, late - pd.Timedelta(days=20), "same"))
    figure = session.quicker(client_of(usps, rows))
    assert figure.title.startswith("Worth asking: what you launched lately is copied")
    assert "as quickly" in figure.title and "log-rank" in figure.caption
    assert "could not be checked" in session.quicker(client_of(usps, rows), by="kind").not_measured


def test_the_copy_curve_of_independent_rivals_has_no_early_ceiling():
    made = make("birch-support", seed=5, size="large", only=("usps", "sightings"))
    _, share, fit = later.spreading(copies.pairs(from_frames(made.tables, made.settings)))
    assert (np.diff(share) >= 0).all() and 0.5 < fit.ceiling <= 1
