"""Published results on time until something ends, through the public functions of session 02."""

from __future__ import annotations

import csv
import json
import os
from pathlib import Path

import numpy as np
import pytest
from servicegap.sessions import usp_erosion

CASES = Path(
    os.environ.get("SERVICEGAP_CASES", Path(__file__).resolve().parents[3] / "shared" / "cases")
)


def case_of(name: str) -> dict:
    path = CASES / f"{name}.json"
    if not path.is_file():
        pytest.skip(f"{path} is not there: set SERVICEGAP_CASES to the folder of known answers")
    return json.loads(path.read_text(encoding="utf-8"))


def test_survival_gehan() -> None:
    """survfit, survdiff and survreg of R 4.2.2 on Gehan's leukaemia data."""
    case = case_of("survival_gehan")
    near, expected = case["tolerance_abs"], case["expected"]
    with (CASES / case["input_csv"]).open(encoding="utf-8") as file:
        rows = [[int(row[c]) for c in ("group", "time", "event")] for row in csv.DictReader(file)]
    group, time, event = np.array(rows).T
    for name in ("1", "2"):
        own, want = group == int(name), expected[name]
        curve = usp_erosion.kaplan_meier(time[own], event[own])
        assert curve.at(case["input"]["km_times"][name]) == pytest.approx(want["km"], abs=near)
        assert curve.median == pytest.approx(want["median"], abs=near)
        times = usp_erosion.Times.right_censored(time[own], event[own])
        scale, shape = usp_erosion.weibull(times)
        assert scale == pytest.approx(want["weibull_scale"], abs=near)
        assert shape == pytest.approx(want["weibull_shape"], abs=near)
        fit = usp_erosion.exponential(times)
        assert fit is not None
        assert fit.mean == pytest.approx(want["exponential_mean"], abs=near)
    chi2, _ = usp_erosion.log_rank(time, event, group)
    assert chi2 == pytest.approx(expected["logrank_chi2"], abs=near)


def test_nist_misra1a() -> None:
    """Certified values of NIST; the rate and its error are judged relatively, as its notes ask."""
    case = case_of("nist_misra1a")
    near, want = case["tolerance_abs"], case["expected"]
    found = usp_erosion.approach(case["input"]["x"], case["input"]["y"])
    assert found.ceiling == pytest.approx(want["b1"], abs=near)
    assert found.rate == pytest.approx(want["b2"], rel=1e-6)
    assert found.ceiling_error == pytest.approx(want["se_b1"], abs=near)
    assert found.rate_error == pytest.approx(want["se_b2"], rel=1e-6)
    assert found.rss == pytest.approx(want["rss"], abs=near)
    assert found.half_time == pytest.approx(want["half_time"], abs=near)
