"""Published intervals and tests of shares, each worked out a second time here by other means."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.optimize import brentq
from scipy.stats import beta, binom
from servicegap import calibration, comparisons, stats
from test_known_answers import CASES


def test_every_case_that_was_collected_is_tested() -> None:
    """Each file in the folder of known answers is named in a test beside this one."""
    if not CASES.is_dir():
        pytest.skip("no folder of known answers: set SERVICEGAP_CASES")
    from pathlib import Path

    tests = "".join(p.read_text("utf-8") for p in Path(__file__).parent.glob("test_*.py"))
    assert [p.stem for p in sorted(CASES.glob("*.json")) if p.stem not in tests] == []


@pytest.mark.parametrize(
    ("hits", "n", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611),
     (1, 29, 0.0061, 0.1718)],
)  # fmt: skip
def test_wilson_as_newcombe_has_it(hits: int, n: int, low: float, high: float) -> None:
    """Newcombe 1998, Statistics in Medicine 17, 857-872, table I, method 3."""
    found = stats.wilson(hits, n)
    assert found == pytest.approx((low, high), abs=5e-5)

    def score(p: float) -> float:  # the interval is where the score test does not reject
        return abs(hits / n - p) / math.sqrt(p * (1 - p) / n) - stats.Z95

    assert found[1] == pytest.approx(brentq(score, hits / n + 1e-9, 1 - 1e-9), abs=1e-7)
    if hits:
        assert found[0] == pytest.approx(brentq(score, 1e-9, hits / n - 1e-9), abs=1e-7)


def test_fifteen_looks_of_benjamini_and_hochberg() -> None:
    """Benjamini & Hochberg 1995, section 4: of fifteen p-values four stand at 0.05."""
    p = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262,
         0.5719, 0.6528, 0.7590, 1.0]  # fmt: skip
    found = comparisons.benjamini_hochberg(p)
    assert (found <= 0.05).sum() == 4
    by_hand = [min(15 * p[j] / (j + 1) for j in range(i, 15)) for i in range(15)]
    assert found == pytest.approx(by_hand)


def test_the_exact_binomial_of_a_lady_tasting_tea() -> None:
    """Ten of ten by guessing: twice 2^-10, as any table of the binomial has it."""
    found = stats.share([1.0] * 10, range(10))
    assert found.p_value(50) == pytest.approx(2 * 0.5**10)
    assert found.p_value(50) == pytest.approx(2 * binom.pmf(10, 10, 0.5))


def test_ranges_that_held_as_clopper_and_pearson_have_it() -> None:
    """Clopper & Pearson: 7 of 12 reach from .277 to .848; by the beta distribution."""
    held = calibration.ranges_held([True] * 7 + [False] * 5, np.full(12, 0.9))
    assert held.share == pytest.approx((0.2767, 0.8483), abs=5e-4)
    assert held.share == pytest.approx((beta.ppf(0.025, 7, 6), beta.ppf(0.975, 8, 5)))
    assert held.tail == pytest.approx(binom.cdf(7, 12, 0.9))
