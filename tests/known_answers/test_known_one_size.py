"""Published results on groups that differ, through the public functions of session 04."""

from __future__ import annotations

import csv
import json
import os
from pathlib import Path

import numpy as np
import pytest
from servicegap.sessions import one_size_fits_all as one_size

CASES = Path(
    os.environ.get("SERVICEGAP_CASES", Path(__file__).resolve().parents[3] / "shared" / "cases")
)


def case_of(name: str) -> dict:
    path = CASES / f"{name}.json"
    if not path.is_file():
        pytest.skip(f"{path} is not there: set SERVICEGAP_CASES to the folder of known answers")
    return json.loads(path.read_text(encoding="utf-8"))


def test_random_intercept_dyestuff() -> None:
    """lmer(Yield ~ 1 | Batch, Dyestuff) of lme4, restricted maximum likelihood."""
    case = case_of("random_intercept_dyestuff")
    with (CASES / case["input_csv"]).open(encoding="utf-8") as file:
        rows = [(row["Batch"], float(row["Yield"])) for row in csv.DictReader(file)]
    fitted = one_size.random_intercept([y for _, y in rows], [b for b, _ in rows])
    near, want = case["tolerance_abs"], case["expected"]
    assert fitted.mean == pytest.approx(want["mean"], abs=near)
    assert fitted.between == pytest.approx(want["var_between"], abs=near)
    assert fitted.within == pytest.approx(want["var_within"], abs=near)
    assert fitted.icc == pytest.approx(want["icc"], abs=1e-4)
    assert fitted.effects == pytest.approx(want["blup"], abs=near)


def test_segment_heterogeneity_bcg() -> None:
    """rma(method = "DL") and blup() of metafor on thirteen trials."""
    case = case_of("segment_heterogeneity_bcg")
    a, b, c, d = np.array(case["input"]["tpos_tneg_cpos_cneg"], dtype=float).T
    ratio = np.log((a / (a + b)) / (c / (c + d)))
    variance = 1 / a - 1 / (a + b) + 1 / c - 1 / (c + d)
    found, want = one_size.dersimonian_laird(ratio, variance), case["expected"]
    near = case["tolerance_abs"]
    assert found.mean == pytest.approx(want["mu"], abs=near)
    assert found.error == pytest.approx(want["se"], abs=near)
    assert found.tau2 == pytest.approx(want["tau2"], abs=near)
    assert found.q == pytest.approx(want["Q"], abs=near)
    assert found.p < 1e-20
    np.testing.assert_allclose(found.shrunk, want["shrunk"], rtol=0, atol=near)


def test_james_stein_efron_morris() -> None:
    """The eighteen baseball players of Efron & Morris 1977."""
    case = case_of("james_stein_efron_morris")
    averages, want = np.array(case["input"]["avg45"]), case["expected"]
    mean = averages.mean()
    factor, shrunk = one_size.james_stein(averages, mean * (1 - mean) / case["input"]["at_bats"])
    near = case["tolerance_abs"]
    assert mean == pytest.approx(want["mean"], abs=near)
    assert factor == pytest.approx(want["c"], abs=near)
    assert shrunk[0] == pytest.approx(want["shrunk_first"], abs=near)
