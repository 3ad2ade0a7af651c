"""Published results on prices, through the public functions of session 05."""

from __future__ import annotations

import csv
import json
import os
from pathlib import Path

import numpy as np
import pytest
from servicegap.sessions import pricing_vs_value as prices

CASES = Path(
    os.environ.get("SERVICEGAP_CASES", Path(__file__).resolve().parents[3] / "shared" / "cases")
)


def case_of(name: str) -> dict:
    path = CASES / f"{name}.json"
    if not path.is_file():
        pytest.skip(f"{path} is not there: set SERVICEGAP_CASES to the folder of known answers")
    return json.loads(path.read_text(encoding="utf-8"))


def answers(case: dict) -> np.ndarray:
    with (CASES / case["input_csv"]).open(encoding="utf-8") as file:
        rows = [[float(x) for x in row.values()] for row in csv.DictReader(file)]
    return np.array(rows)


@pytest.mark.parametrize(
    ("name", "wanted"),
    [("psm_vignette_step", "exact_counts"), ("psm_vignette_interp", "reference")],
)
def test_the_meter(name: str, wanted: str) -> None:
    """R's pricesensitivitymeter; on counts, since its fractions miss the tie at 18.74."""
    case = case_of(name)
    expected, near = case["expected"][wanted], case["tolerance_abs"]
    sorted_out = prices.sort_answers(answers(case))
    assert sum(sorted_out.kinds.values()) == expected["invalid"]
    possible = answers(case)[sorted_out.possible]
    meter = prices.price_meter(possible, interpolated=name.endswith("interp"))
    assert meter.n == 46
    assert meter.lower.low == pytest.approx(expected["lower"], abs=near)
    assert meter.upper.low == pytest.approx(expected["upper"], abs=near)
    assert meter.indifference.low == pytest.approx(expected["idp"], abs=near)
    assert meter.optimum.low == pytest.approx(expected["opp"], abs=near)
    # the notes: "min" gives 10.14 and "max" 17.5, so the whole stretch is the answer
    assert (meter.optimum.low, meter.optimum.high) == pytest.approx((10.14, 17.5), abs=near)


def test_the_tie_that_fractions_miss() -> None:
    case = case_of("psm_vignette_step")
    raw = answers(case)
    lines = prices.curves(raw[prices.sort_answers(raw).possible])
    at = int(np.flatnonzero(lines.price == 18.74)[0])
    assert lines.too_expensive[at] == lines.n - lines.expensive[at] == 4
    assert case["expected"]["reference"]["upper"] == 18.77  # one price later


def test_gabor_granger() -> None:
    case = case_of("gabor_granger")
    given, expected, near = case["input"], case["expected"], case["tolerance_abs"]
    demand = prices.from_highest(given["max_price_count"])
    assert demand.tolist() == expected["demand"]
    found = prices.gabor_granger(given["price"], demand)
    assert found.revenue.tolist() == expected["revenue"]
    assert found.elasticity == pytest.approx(expected["elasticity"], abs=near)
    assert found.best == expected["best_price"]
