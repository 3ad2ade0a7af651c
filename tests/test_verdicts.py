"""The rule of METHODS, "The verdict", written a second time and held against the first."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.stats import t as student
from servicegap import stats
from servicegap.schema import HEADLINES
from servicegap.verdicts import VERDICTS, Stated, gap, judge

QUICK = settings(max_examples=60, deadline=None)
NAN = math.nan


def estimate(headline, value, error, n=120, contacts=120, accounts=40):
    return stats.from_error(value, error, n, contacts, accounts, headline.unit, headline.per)


def by_the_book(headline, stated, value, error, n, contacts, accounts) -> tuple[str, str | None]:
    """The rule again. Shares (or months) with a t distribution, everything by hand."""
    if stated is None:
        return "no guess", None
    enough = accounts >= 10 if headline.per == "accounts" else contacts >= 10 and accounts >= 5
    if not enough:
        return "too few to judge", None
    freedom = accounts - 1
    p = 2 * student.sf(abs(stated.value - value) / error, freedom)
    d, belief = headline.delta, stated.value
    sign = 1 if headline.better == "higher" else -1

    def flatters(truth: float) -> float:
        if headline.ratio:
            return sign * math.log(belief / truth)
        return sign * (belief - truth)

    def chance_over(size: float) -> float:
        """P(gap > size), from the distribution of the truth."""
        edge = belief * math.exp(-sign * size) if headline.ratio else belief - sign * size
        return student.cdf(sign * (edge - value) / error, freedom)

    def moved(steps: float) -> float:
        return belief * math.exp(steps * d) if headline.ratio else belief + steps * d

    low = moved(-1) if math.isnan(stated.low) else max(stated.low, moved(-2))
    high = moved(1) if math.isnan(stated.high) else min(stated.high, moved(2))
    outside = value < low or value > high
    size = flatters(value)
    word = "blind spot" if size > 0 else "hidden strength"
    if p <= 0.05 / 12 and abs(size) >= d and outside:
        return word, "clear"
    from_n = {"accounts": 40, "USPs": math.inf}.get(headline.per, 60)
    if n >= from_n and chance_over(-2 * d) - chance_over(2 * d) >= 0.9:
        return "well judged", None
    if outside and max(chance_over(d), 1 - chance_over(-d)) >= 0.9:
        return word, "leaning"
    return "too few to judge", None


SIZES = [(9, 9, 9), (12, 12, 4), (12, 12, 10), (45, 45, 20), (70, 70, 12)]


@pytest.mark.parametrize("headline", HEADLINES.values(), ids=lambda h: h.id)
def test_a_grid_of_cases_by_the_book(headline):
    values = (2.0, 5.0, 9.0, 24.0) if headline.ratio else (8.3, 41.1, 47.2, 55.3, 64.9)
    beliefs = [
        Stated(b, low, high)
        for b in ((6.0, 8.0) if headline.ratio else (46.0, 60.0))
        for low, high in ((NAN, NAN), (b * 0.1, b * 1.6), (NAN, b * 1.02))
    ]
    reached = set()
    for stated, value, error, size in itertools.product(
        [None, *beliefs], values, (0.4, 1.5, 3.0, 5.5), SIZES
    ):
        verdict = judge(headline, stated, estimate(headline, value, error, *size))
        want = by_the_book(headline, stated, value, error, *size)
        assert (verdict.word, verdict.strength) == want, (stated, value, error, size)
        assert verdict.word in VERDICTS
        reached.add(want)
    wanted = {(word, s) for word in ("blind spot", "hidden strength") for s in ("clear", "leaning")}
    wanted |= {("too few to judge", None), ("no guess", None)}
    wanted |= set() if headline.per == "USPs" else {("well judged", None)}
    assert reached == wanted, "the grid has to meet every verdict"


def test_the_order_table_missing_then_no_guess_then_floor():
    csat = HEADLINES["csat"]
    nothing = stats.not_measured("It needs the table ratings.")
    assert judge(csat, None, nothing).word == "not measured"
    assert judge(csat, Stated(80), nothing).word == "not measured"
    thin = stats.share([1, 0, 0], [1, 2, 3])
    assert judge(csat, None, thin).word == "no guess"
    assert judge(csat, Stated(80), thin).word == "too few to judge"


@QUICK
@given(
    st.sampled_from(list(HEADLINES.values())),
    st.floats(1, 99),
    st.floats(1, 99),
    st.floats(0.01, 20),
    st.integers(0, 9),
    st.integers(0, 4),
)
def test_never_a_clear_word_and_never_a_number_under_the_floor(h, belief, value, error, few, firms):
    sizes = [(few, few, few)]
    if h.per != "accounts":
        sizes += [(200, 200, firms), (200, few, 50)]
    for n, contacts, accounts in sizes:
        verdict = judge(h, Stated(belief), estimate(h, value, error, n, contacts, accounts))
        assert verdict.word == "too few to judge" and verdict.strength is None
        assert math.isnan(verdict.gap)  # the gap would give the value away
        if contacts < 5:
            assert verdict.needed is None


@QUICK
@given(
    st.sampled_from([h for h in HEADLINES.values() if not h.ratio]),
    st.floats(30, 70),
    st.floats(-25, 25),
    st.floats(0.1, 8),
)
def test_better_and_worse_are_mirror_images(headline, value, distance, error):
    assume(abs(abs(distance) - headline.delta) > 1e-3)
    mirror = {"blind spot": "hidden strength", "hidden strength": "blind spot"}
    one = judge(headline, Stated(value + distance), estimate(headline, value, error))
    other = judge(headline, Stated(value - distance), estimate(headline, value, error))
    assert other.word == mirror.get(one.word, one.word)
    assert other.strength == one.strength and other.needed == one.needed


@QUICK
@given(st.floats(50, 99), st.floats(3, 14), st.sampled_from([5.0, 7.0, 9.9, 10.1, 15.0, 30.0]))
def test_a_wide_own_range_protects_only_up_to_two_deltas(belief, error, distance):
    csat = HEADLINES["csat"]
    wide = judge(csat, Stated(belief, 0, 100), estimate(csat, belief - distance, error / 100))
    assert (wide.strength == "clear") is (distance > 2 * csat.delta)


def test_exactly_delta_is_worth_a_verdict():
    csat = HEADLINES["csat"]
    just = estimate(csat, 100 * (0.1 + 0.2 + 0.45), 0.5)  # 75 and a rounding error
    assert judge(csat, Stated(80, 79, 81), just).strength == "clear"


@pytest.mark.parametrize(
    ("headline", "belief", "truth", "size"),
    [
        ("csat", 80, 60, 20),
        ("csat", 60, 80, -20),
        ("watermelon_share", 5, 24, 19),
        ("third_party_harm", 5, -3, -8),
        ("usp_months_alone", 36, 8, math.log(4.5)),
        ("usp_months_alone", 8, 36, -math.log(4.5)),
    ],
)
def test_the_gap_is_what_flatters(headline, belief, truth, size):
    assert gap(HEADLINES[headline], belief, truth) == pytest.approx(size)


def test_a_guess_of_nought_months_is_a_guess():
    months = HEADLINES["usp_months_alone"]
    verdict = judge(months, Stated(0.0), estimate(months, 8.0, 0.5, 14, 14, 12))
    assert verdict.word == "hidden strength" and math.isfinite(verdict.gap)


@QUICK
@given(st.floats(40, 60), st.floats(45, 75), st.integers(12, 200))
def test_the_number_that_would_settle_it_settles_it(value, belief, n):
    csat = HEADLINES["csat"]
    hits = round(value / 100 * n)
    found = stats.share([1] * hits + [0] * (n - hits), [(7 * i) % (n // 2) for i in range(n)])
    verdict = judge(csat, Stated(belief), found)
    assert verdict.needed is None or (verdict.word == "too few to judge" and verdict.needed > n)
    if verdict.needed:
        later = found.scaled(verdict.needed / n)
        settled = judge(csat, Stated(belief), later)
        assert settled.strength == "clear" or settled.word == "well judged"


@pytest.mark.parametrize(("value", "belief", "error"), [(60, 66, 9), (60, 75, 9), (60, 62, 20)])
def test_the_first_number_that_settles_it_is_found_by_strides(value, belief, error):
    csat = HEADLINES["csat"]
    found = estimate(csat, value, error)
    every = (max(round(120 * k), 121) for k in np.geomspace(1.05, 40, 60))
    words = ((n, judge(csat, Stated(belief), found.scaled(n / 120))) for n in every)
    first = next(n for n, v in words if v.strength == "clear" or v.word == "well judged")
    assert judge(csat, Stated(belief), found).needed == first


def test_usps_are_never_called_well_judged():
    months = HEADLINES["usp_months_alone"]
    verdict = judge(months, Stated(8.0), estimate(months, 8.0, 0.01, 500, 500, 100))
    assert verdict.word == "too few to judge" and verdict.needed is None
