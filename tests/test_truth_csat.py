"""How often is the verdict on top marks wrong, and how often is it found?

Firms are drawn with fixed seeds, so a run always gives the same counts; the bounds below allow for
what the draw of 400 firms may do. If clear verdicts went wrong at exactly the promised 0.5 %, 400
firms would show more than 6 in fewer than one run of a hundred seeds, and if they were found in
exactly 80 %, fewer than 301 of 400 as seldom. `python -m benchmarks.csat_verdict` draws 2,000.
"""

from __future__ import annotations

import pytest
from scipy.stats import binom

from benchmarks.csat_verdict import SIZES, cell

FIRMS = 400
MOST_WRONG = int(binom.ppf(0.99, FIRMS, 0.005))
LEAST_FOUND = int(binom.ppf(0.01, FIRMS, 0.80))


@pytest.mark.parametrize("contacts", SIZES)
def test_a_true_belief_is_hardly_ever_called_wrong(contacts):
    found = cell(contacts, belief=60, firms=FIRMS)
    assert sum(n for verdict, n in found.items() if verdict.endswith("clear")) <= MOST_WRONG
    assert found.total() == FIRMS


def test_twenty_points_too_many_are_found_in_four_firms_of_five():
    found = cell(120, belief=80, firms=FIRMS)
    assert found["blind spot, clear"] >= LEAST_FOUND
    assert found["hidden strength, clear"] == found["hidden strength, leaning"] == 0


def test_a_modest_firm_is_told_that_it_is_better():
    found = cell(120, belief=40, firms=FIRMS)
    assert found["hidden strength, clear"] > 0.6 * FIRMS
    assert found["blind spot, clear"] == found["blind spot, leaning"] == 0
