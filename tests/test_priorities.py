"""One order of importance: clear blind spots, then tests, then measurements; the widest first."""

from __future__ import annotations

import math
from dataclasses import dataclass

from servicegap import priorities


@dataclass(frozen=True)
class Told:
    id: str
    word: str
    strength: str | None = None
    gap: float | None = None


def ids(findings) -> list[str]:
    return [finding.id for finding in findings]


def test_what_is_clear_comes_before_what_leans_and_that_before_what_is_not_known():
    every = [
        Told("stay_share", "not measured"),
        Told("csat", "too few to judge", None, 30),
        Told("good_value_share", "hidden strength", "leaning", -40),
        Told("watermelon_share", "blind spot", "leaning", 12),
        Told("third_party_harm", "blind spot", "clear", 6),
        Told("expectations_met", "hidden strength", "clear", -50),
        Told("did_refer_share", "well judged", None, 1),
        Told("service_share", "no guess"),
    ]
    right = ["third_party_harm", "watermelon_share", "good_value_share", "csat", "stay_share"]
    assert ids(priorities.in_order(every)) == right
    assert ids(priorities.in_order(reversed(every))) == right


def test_sizes_are_counted_in_smallest_gaps_worth_a_verdict():
    every = [
        Told("csat", "blind spot", "clear", 20),  # 4
        Told("service_share", "blind spot", "clear", 35),  # 3.5
        Told("usp_months_alone", "blind spot", "clear", math.log(3)),  # 6.03
    ]
    assert ids(priorities.in_order(every)) == ["usp_months_alone", "csat", "service_share"]
    assert priorities.size(Told("csat", "hidden strength", "clear", -20)) == 4


def test_equals_stand_as_in_the_schema_and_no_gap_is_the_smallest():
    every = [
        Told("stay_share", "not measured"),
        Told("csat", "not measured"),
        Told("did_refer_share", "too few to judge"),
        Told("good_value_share", "too few to judge", None, 5),
    ]
    assert ids(priorities.in_order(every)) == [
        "good_value_share", "did_refer_share", "csat", "stay_share",
    ]  # fmt: skip
    assert priorities.in_order([]) == ()
