"""SERVQUAL's gaps and score, Cronbach's alpha with Feldt's interval, LibQUAL's zone."""

from __future__ import annotations

import csv
import json
import os
from pathlib import Path

import numpy as np
import pytest
from servicegap.sessions.service_gaps import cronbach_alpha, paired, score, zone

CASES = Path(
    os.environ.get("SERVICEGAP_CASES", Path(__file__).resolve().parents[3] / "shared" / "cases")
)


def case(name: str) -> dict:
    path = CASES / f"{name}.json"
    if not path.is_file():
        pytest.skip(f"{path} is not there: set SERVICEGAP_CASES to the folder of known answers")
    return json.loads(path.read_text(encoding="utf-8"))


def columns(known: dict) -> dict[str, np.ndarray]:
    with (CASES / known["input_csv"]).open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return {name: np.array([float(row[name]) for row in rows]) for name in rows[0]}


def test_servqual_gaps_kiosk() -> None:
    """Twelve items of 207 people; R's t.test(paired = TRUE)."""
    known = case("servqual_gaps_kiosk")
    marks, near = columns(known), {"rtol": 0, "atol": known["tolerance_abs"]}
    found = [paired(marks[f"P{i}"], marks[f"E{i}"]) for i in range(1, 13)]
    np.testing.assert_allclose([f.gap for f in found], known["expected"]["gap"], **near)
    np.testing.assert_allclose([f.t for f in found], known["expected"]["t"], **near)
    overall = score([f.gap for f in found])
    assert overall == pytest.approx(known["expected"]["overall"], abs=known["tolerance_abs"])


def test_servqual_unweighted() -> None:
    """A worked example: five dimensions, each counted once; and with equal weights the same."""
    known = case("servqual_unweighted")
    gaps, near = known["input"]["gap"], known["tolerance_abs"]
    expected = known["expected"]
    assert score(list(gaps.values())) == pytest.approx(expected["unweighted"], abs=near)
    assert score(list(gaps.values()), [20] * 5) == pytest.approx(expected["unweighted"], abs=near)
    assert min(gaps, key=lambda name: gaps[name]) == expected["worst"]


def test_cronbach_alpha() -> None:
    """pingouin's example, checked there against R's psych; Feldt's 95 % interval."""
    known = case("cronbach_alpha")
    alpha, *ends = cronbach_alpha(np.column_stack(list(columns(known).values())))
    assert alpha == pytest.approx(known["expected"]["alpha"], abs=known["tolerance_abs"])
    np.testing.assert_allclose(ends, known["expected"]["ci"], atol=known["tolerance_abs"])


def test_zone_of_tolerance_libqual() -> None:
    """One question in seventeen libraries: adequacy, superiority, and who lies under the zone."""
    known = case("zone_of_tolerance_libqual")
    marks, expected = known["input"], known["expected"]
    names = list(marks["minimum"])
    least, wished, got = (
        np.array([marks[which][name] for name in names])
        for which in ("minimum", "desired", "perceived")
    )
    adequacy, superiority, under = zone(least, wished, got)
    near = {"rtol": 0, "atol": known["tolerance_abs"]}
    np.testing.assert_allclose(adequacy, [expected["adequacy"][n] for n in names], **near)
    np.testing.assert_allclose(superiority, [expected["superiority"][n] for n in names], **near)
    means = [x.mean() for x in (least, wished, got, adequacy, superiority)]
    np.testing.assert_allclose(means, expected["means"], **near)
    assert [name for name, below in zip(names, under, strict=True) if below] == expected[
        "below_zone"
    ]
