"""Sentences made from numbers: what a reader would trip over."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from servicegap import stats, words
from servicegap.schema import HEADLINES
from servicegap.verdicts import Stated, judge

EVERY = pytest.mark.parametrize("headline", HEADLINES.values(), ids=lambda h: h.id)
STUMBLES = re.compile(
    r"\bnan\b|\bNone\b|\binf\b|\{|\}|\[|\]|\|| - |-\d|\s\s|\bat least\b|"
    r"(?<![\d.])1 (contacts|accounts|tickets|USPs|months|points|marks)\b|!",
)


def estimate(headline, value, error=3.0, sizes=(120, 120, 40)):
    return stats.from_error(value, error, *sizes, headline.unit, headline.per)


def say(headline, stated, found) -> tuple[str, str]:
    verdict = judge(headline, stated, found)
    return words.sentence(headline, stated, found, verdict), verdict.word


@EVERY
def test_every_verdict_has_a_sentence_with_unit_range_and_n(headline):
    near, far = (8.1, 24.0) if headline.ratio else (51.0, 80.0)
    belief = Stated(8.0) if headline.ratio else Stated(50.0)
    small = 0.3 if headline.ratio else 1.2
    cases = {
        "well judged": (belief, estimate(headline, near, small)),
        "far up": (belief, estimate(headline, far, small)),
        "far down": (Stated(far), estimate(headline, near, small)),
        "leaning": (belief, estimate(headline, far, (far - near) / 2.3, (12, 12, 10))),
        "unsettled": (belief, estimate(headline, far, far, (12, 12, 10))),
        "thin": (belief, estimate(headline, far, small, (7, 7, 6))),
        "hidden": (belief, estimate(headline, far, small, (3, 3, 3))),
        "no guess": (None, estimate(headline, far, small)),
        "no guess, thin": (None, estimate(headline, far, small, (7, 7, 6))),
        "not measured": (belief, stats.not_measured("It needs the table peers.")),
    }
    for name, (stated, found) in cases.items():
        text, word = say(headline, stated, found)
        assert not STUMBLES.search(text), f"{name}: {text}"
        assert text.endswith(".") and len(text) < 420, f"{name}: {text}"
        if name in ("hidden", "not measured"):
            assert "evidence" not in text, text
            continue
        assert "n = " in text and headline.per in text, f"{name}: {text}"
        assert re.search(r"months|in 100|parts", text), f"{name}: {text}"
        assert re.search(r"somewhere (between .* and|about) ", text), f"{name}: {text}"
        if "thin" in name:  # under the floor the value itself is not told
            assert words.amount(headline, far) not in text, text
        if name.startswith("far"):
            assert word in text and re.search(r"by \d+ points|\d times ", text), text


@settings(max_examples=100, deadline=None)
@given(
    st.sampled_from(list(HEADLINES.values())),
    st.floats(0, 100),
    st.floats(-60, 100),
    st.floats(0.05, 30),
    st.sampled_from([(3, 3, 3), (7, 7, 6), (12, 12, 10), (61, 61, 20), (400, 400, 80)]),
)
def test_no_sentence_stumbles(headline, belief, value, error, sizes):
    value = max(value, headline.low if not headline.ratio else 0.2)
    text, _ = say(headline, Stated(belief), estimate(headline, value, error, sizes))
    unsaid, _ = say(headline, None, estimate(headline, value, error, sizes))
    for line in (text, unsaid):
        assert not STUMBLES.search(line.replace("\u2212", "")), line


@pytest.mark.parametrize(
    ("belief", "value", "clause"),
    [
        ("csat", 1, "1 in 100 of the contacts who rate you gives the top mark"),
        ("csat", 0, "not one in 100 of the contacts who rate you gives the top mark"),
        ("csat", 0.3, "fewer than one in 100 of the contacts who rate you gives the top mark"),
        ("csat", 80, "80 in 100 of the contacts who rate you give the top mark"),
        ("good_peer_percentile", 1, "1 in 100 firms like yours has a lower share of top marks"),
        ("third_party_harm", -3, "a supplier in the chain brings 3 top marks more in 100 ratings"),
        ("third_party_harm", -1, "a supplier in the chain brings 1 top mark more in 100 ratings"),
        ("third_party_harm", 0, "a supplier in the chain costs no top marks in 100 ratings"),
        ("third_party_harm", 35, "a supplier in the chain costs 35 top marks in 100 ratings"),
        ("usp_months_alone", 1, "the first rival has your special thing after 1 month"),
        ("usp_months_alone", 2.4, "the first rival has your special thing after 2.4 months"),
        ("usp_months_alone", 36, "the first rival has your special thing after 36 months"),
        ("usp_months_alone", 0, "the first rival has your special thing after less than one month"),
        ("stay_share", 1, "1 in 100 accounts of 12 months ago is still with you"),
        ("service_share", 30, "30 in 100 parts of what satisfies clients are service and process"),
    ],
)
def test_claims(belief, value, clause):
    assert words.claim(HEADLINES[belief], value) == clause


def test_a_supplier_that_does_good_is_said_in_words_not_in_signs():
    harm = HEADLINES["third_party_harm"]
    text, _ = say(harm, Stated(5), estimate(harm, -3, 4))
    assert "The evidence says 3 more in 100, somewhere between 11 more and 5 fewer (n = " in text
    text, _ = say(harm, Stated(5), estimate(harm, -13, 1))
    assert "13 more in 100, somewhere between 11 and 15 (" in text


def test_under_rating_service_flatters_the_product():
    share = HEADLINES["service_share"]
    text, _ = say(share, Stated(30), estimate(share, 74))
    assert "The belief flatters the product by 44 points (between 38 and 50): a blind spot." in text
    text, _ = say(share, Stated(74), estimate(share, 30))
    assert "Your product counts for more than you thought, by 44 points" in text


def test_months_are_so_many_times_as_long():
    months = HEADLINES["usp_months_alone"]
    text, _ = say(months, Stated(36), estimate(months, 8, 0.5, (14, 14, 12)))
    assert "after 8 months, somewhere between 7 and 9 (n = 14 USPs)" in text
    assert "last 4.5 times (between 4.0 and 5.2) as long as it does: a blind spot." in text


def test_an_open_end_is_said():
    months = HEADLINES["usp_months_alone"]
    assert words.reach(months, 2.6, math.inf) == "above 2.6"


def test_too_few_says_what_it_takes():
    csat = HEADLINES["csat"]
    thin, _ = say(csat, Stated(80), stats.share([1, 0, 1, 0, 0, 1, 1], range(7)))
    assert "it takes ten people in five accounts. About " in thin
    accounts = HEADLINES["did_refer_share"]
    found = stats.share([1, 0, 0, 0, 0, 0], range(6), per="accounts")
    thin, _ = say(accounts, Stated(40), found)
    assert "it takes ten accounts" in thin and "n = 6 accounts" in thin
    near, _ = say(csat, Stated(63), stats.share([1] * 12 + [0] * 8, range(20)))
    assert re.search(r"too few to judge\. About \d+ more contacts like these would", near)
    months = HEADLINES["usp_months_alone"]
    never, _ = say(months, Stated(8), estimate(months, 8, 0.01, (50, 50, 20)))
    assert "more of the same would hardly settle it" in never


def test_what_is_hidden_is_named_for_what_was_counted():
    csat, refer = HEADLINES["csat"], HEADLINES["did_refer_share"]
    assert "Only 1 contact answered" in say(csat, Stated(80), stats.share([1], [1]))[0]
    why = "Their answers explain too little."
    silent = replace(estimate(HEADLINES["service_share"], 60), why=why)
    text, word = say(HEADLINES["service_share"], Stated(30), silent)
    assert text.endswith(f"service and process. {why}") and word == "too few to judge"
    found = stats.share([1, 0], [1, 2], per="accounts")
    assert "Only 2 accounts could be counted" in say(refer, None, found)[0]


@pytest.mark.parametrize(
    ("made", "wanted"),
    [
        (words.number(-0.4), "0"),
        (words.number(-0.04, 1), "0.0"),
        (words.number(-3.6), "\u22124"),
        (words.number(12345.6), "12,346"),
        (words.count(0, "contact"), "no contacts"),
        (words.count(1, "contact"), "1 contact"),
        (words.count(1200, "entry", "entries"), "1,200 entries"),
        (words.span(62.4, 78.9), "between 62 and 79"),
        (words.span(61.6, 62.4), "about 62"),
        (words.points(-0.7), "1 point"),
        (words.points(13.4), "13 points"),
        (words.listed(["a", "b", "c"]), "a, b and c"),
        (words.listed(["a"]), "a"),
        (words.listed([]), ""),
        (words.spelled(0, "none"), "none"),
        (words.spelled(12), "twelve"),
        (words.spelled(13), "13"),
        (words.day(date(2026, 6, 3)), "3 June 2026"),
        (words.arrow(HEADLINES["csat"], 80, 61.2), "\u221219 points"),
        (words.arrow(HEADLINES["watermelon_share"], 5, 24), "+19 points"),
        (words.arrow(HEADLINES["usp_months_alone"], 36, 8), "4.5 times"),
        (words.arrow(HEADLINES["usp_months_alone"], 8, 36), "4.5 times"),
    ],
)
def test_small_words(made, wanted):
    assert made == wanted


@pytest.mark.parametrize(
    ("text", "after_a_colon"),
    [
        ("Ring ten people.", "ring ten people."),
        ("A moment worth telling.", "a moment worth telling."),
        ("Don't wait.", "don't wait."),
        ("SLA clock: stop it at night.", "SLA clock: stop it at night."),
        ("SLAs that nobody reads", "SLAs that nobody reads"),
        ("I shall ring ten.", "I shall ring ten."),
        ("P1 means this.", "P1 means this."),
        ("“Ring” ten", "“Ring” ten"),
        ("", ""),
    ],
)
def test_a_sentence_goes_on_after_a_colon(text, after_a_colon):
    assert words.lowered(text) == after_a_colon
