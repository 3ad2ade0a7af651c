"""LMG as relaimpo computes it, and the map of importance and performance of a published survey."""

from __future__ import annotations

import csv
import json
import os
from pathlib import Path

import numpy as np
import pytest
from servicegap.sessions.product_vs_service import CORNERS, corners, lmg, r_squared, within

CASES = Path(
    os.environ.get("SERVICEGAP_CASES", Path(__file__).resolve().parents[3] / "shared" / "cases")
)


def case(name: str) -> dict:
    path = CASES / f"{name}.json"
    if not path.is_file():
        pytest.skip(f"{path} is not there: set SERVICEGAP_CASES to the folder of known answers")
    return json.loads(path.read_text(encoding="utf-8"))


def test_lmg_swiss() -> None:
    """R package relaimpo 2.2-7, calc.relimp(type="lmg"), R's data set swiss."""
    known = case("lmg_swiss")
    names = [*known["input"]["x"], known["input"]["y"]]
    with (CASES / known["input_csv"]).open(encoding="utf-8") as file:
        rows = [[float(row[name]) for name in names] for row in csv.DictReader(file)]
    covariance = np.cov(np.array(rows).T)
    wanted = [known["expected"]["lmg"][name] for name in names[:-1]]
    near = {"rtol": 0, "atol": known["tolerance_abs"]}
    np.testing.assert_allclose(lmg(covariance), wanted, **near)
    np.testing.assert_allclose(r_squared(covariance), known["expected"]["r2"], **near)
    np.testing.assert_allclose(within(covariance, [[i] for i in range(5)]), wanted, **near)


def test_ipa_kiosk() -> None:
    """Twelve questions of a survey of 207 people, cross at the means of the items."""
    known = case("ipa_kiosk")
    importance, performance = known["input"]["importance"], known["input"]["performance"]
    cross = known["expected"]["crosshair"]
    np.testing.assert_allclose(
        [np.mean(importance), np.mean(performance)], cross, atol=known["tolerance_abs"]
    )
    for found in (corners(importance, performance), corners(importance, performance, cross)):
        assert [CORNERS[c] for c in found] == known["expected"]["quadrant"]
