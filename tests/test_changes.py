"""Better, worse or can't tell: known answers, and how often no change is called one."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from servicegap import changes, schema, stats
from servicegap.verdicts import Verdict

CSAT = schema.HEADLINES["csat"]
OKAY = schema.HEADLINES["okay_not_referring"]
ALONE = schema.HEADLINES["usp_months_alone"]


def share(hits: int, n: int) -> stats.Estimate:
    """`hits` of `n` contacts, each of an account of its own."""
    return stats.share(np.arange(n) < hits, np.arange(n))


def test_the_interval_is_newcombes() -> None:
    """Newcombe 1998, example (a) of method 10: 56/70 and 48/80 differ by 0.0524 to 0.3339.

    Ours is a hair wider: between accounts, the variance is taken over n − 1.
    """
    found = changes.compare(CSAT, share(56, 70), share(48, 80))
    assert found.value == pytest.approx(20)
    assert (found.low, found.high) == pytest.approx((5.24, 33.39), abs=0.1)
    assert found.verdict == "can't tell", "one of twelve: 95 % do not suffice"
    assert "looks better" in found.sentence


@pytest.mark.parametrize(
    ("headline", "verdict", "said"),
    [(CSAT, "better", "a rise of 40 points"), (OKAY, "worse", "a rise of 40 points")],
)
def test_what_is_better_depends_on_what_is_counted(headline, verdict, said) -> None:
    found = changes.compare(headline, share(140, 200), share(60, 200))
    assert found.verdict == verdict
    assert found.sentence.startswith(f"{verdict.capitalize()} than last period: 70 in 100 now, 30")
    assert said in found.sentence


def test_nothing_is_said_below_the_floor() -> None:
    for now, then, why in (
        (share(5, 9), share(50, 100), "too few stand behind the figure of this period"),
        (
            replace(share(50, 100), why="Only 3 of 12 months."),
            share(50, 100),
            "this period, only 3 of 12 months",
        ),
        (share(50, 100), stats.not_measured("No table."), "not measured last period"),
    ):
        found = changes.compare(CSAT, now, then)
        assert found.verdict == "can't tell" and math.isnan(found.value) and why in found.sentence
        assert changes.in_short(CSAT, found.verdict, (None, None, None)) == "can't tell"


def test_a_ratio_is_told_in_times() -> None:
    def months(x: float) -> stats.Estimate:
        draws = x * np.exp(np.random.default_rng(1).normal(0, 0.15, 4000))
        return stats.from_draws(x, draws, 60, 60, 60, "months", "USPs")

    found = changes.compare(ALONE, months(20), months(8))
    assert found.verdict == "better"
    assert found.value == pytest.approx(math.log(2.5))
    assert "20 months now, 8 months then, 2.5 times longer" in found.sentence
    short = changes.in_short(ALONE, "better", (found.value, found.low, found.high))
    assert short.startswith("better: 2.5 times (between 1.")


def test_a_rise_from_a_low_start_is_partly_chance() -> None:
    now, then = share(140, 200), share(60, 200)
    low = changes.compare(CSAT, now, then, Verdict("blind spot", "clear", 20))
    assert "by chance alone" in low.sentence
    assert "chance" not in changes.compare(CSAT, now, then, Verdict("well judged")).sentence
    fall = changes.compare(CSAT, then, now, Verdict("hidden strength", "clear", -20))
    assert "falls back" in fall.sentence


def test_periods_that_overlap_say_so() -> None:
    assert "share 6 months" in changes.compare(CSAT, share(9, 20), share(9, 20), None, 6).sentence


def test_short_words() -> None:
    assert changes.in_short(CSAT, "worse", (-6.2, -11, -1)) == "worse: −6 points (−11 to −1)"
    assert changes.in_short(CSAT, "can't tell", (3, -6, 12)) == "can't tell: between −6 and +12"


def test_no_change_is_rarely_called_one() -> None:
    """Twelve comparisons at 0.05 / 12; 3,000 firms of 60 contacts where nothing changed."""
    rng = np.random.default_rng(11)
    made = {}
    wrong = held = 0
    for _ in range(3000):
        a, b = rng.binomial(60, 0.6, 2)
        if (a, b) not in made:
            made[a, b] = changes.compare(CSAT, share(a, 60), share(b, 60))
        found = made[a, b]
        wrong += found.verdict != "can't tell"
        held += found.low <= 0 <= found.high
    assert wrong / 3000 < 0.0042 + 2.6 * math.sqrt(0.0042 / 3000)
    assert held / 3000 > 0.94


def test_a_change_of_twenty_points_is_found() -> None:
    rng = np.random.default_rng(12)
    found = [
        changes.compare(CSAT, share(a, 200), share(b, 200)).verdict
        for a, b in zip(rng.binomial(200, 0.7, 200), rng.binomial(200, 0.5, 200), strict=True)
    ]
    assert found.count("better") / 200 > 0.8 and "worse" not in found
