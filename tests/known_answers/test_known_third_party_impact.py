"""Treatment effects as Stata has them, a smoking ban in Sicily, and E-values as published."""

from __future__ import annotations

import csv
import json
import os
from pathlib import Path

import numpy as np
import pytest
from servicegap.sessions.third_party_impact import (
    e_value,
    e_value_of_interval,
    level_change,
    on_everybody,
    propensity,
)

CASES = Path(
    os.environ.get("SERVICEGAP_CASES", Path(__file__).resolve().parents[3] / "shared" / "cases")
)


def case(name: str) -> dict:
    path = CASES / f"{name}.json"
    if not path.is_file():
        pytest.skip(f"{path} is not there: set SERVICEGAP_CASES to the folder of known answers")
    return json.loads(path.read_text(encoding="utf-8"))


def test_treatment_effects_cattaneo() -> None:
    """Stata's teffects on birth weight and smoking, data as statsmodels ships them."""
    import statsmodels.treatment.tests as shipped

    known = case("treatment_effects_cattaneo")
    path = Path(shipped.__file__).parent / "results" / "cataneo2.csv"
    with path.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))

    def columns(names: list[str]) -> np.ndarray:
        return np.array([[1.0, *(float(row[name]) for name in names)] for row in rows])

    weight = columns(["bweight"])[:, 1]
    smokes = columns(["mbsmoke_"])[:, 1]
    x = columns(["prenatal1_", "mmarried_", "mage", "fbaby_"])
    chance = propensity(columns(["mmarried_", "mage", "mage2", "fbaby_", "medu"]), smokes, "probit")
    inverse = 1 / np.where(smokes == 1, chance, 1 - chance)
    plain = on_everybody(weight, smokes, x, chance)
    found = {
        "ra": plain.regression,
        "ipw": plain.weighting,
        "aipw": plain.doubly_robust,
        "aipw_wls": on_everybody(weight, smokes, x, chance, inverse * (inverse - 1)).doubly_robust,
        "ipw_ra": on_everybody(weight, smokes, x, chance, inverse).regression,
    }
    assert found.keys() == known["expected"].keys()
    for name, value in known["expected"].items():
        assert float(found[name]) == pytest.approx(value, abs=known["tolerance_abs"]), name


def test_its_sicily() -> None:
    """Heart attacks before and after the smoking ban (Lopez Bernal and others 2017)."""
    known = case("its_sicily")
    with (CASES / known["input_csv"]).open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    events, people, after, time = (
        [float(row[name]) for row in rows] for name in ("aces", "stdpop", "smokban", "time")
    )
    found = level_change(events, people, after, time)
    near = {"abs": known["tolerance_abs"]}
    wanted = known["expected"]
    assert found.ratio == pytest.approx(wanted["rate_ratio"], **near)
    assert found.interval() == pytest.approx(wanted["ci"], **near)
    assert found.dispersion == pytest.approx(wanted["dispersion"], **near)
    assert found.interval(found.poisson) == pytest.approx(wanted["poisson_ci"], **near)


def test_evalue() -> None:
    """VanderWeele and Ding 2017, as the R package EValue has it."""
    known = case("evalue")
    ratio, ends = known["input"]["rr"], known["input"]["ci"]
    near = {"abs": known["tolerance_abs"]}
    assert e_value(ratio) == pytest.approx(known["expected"]["point"], **near)
    assert e_value_of_interval(ratio, *ends) == pytest.approx(known["expected"]["ci"], **near)
    # the same turned round: what protects needs as strong a reason
    assert e_value(1 / ratio) == pytest.approx(known["expected"]["point"], **near)
    assert e_value_of_interval(1 / ratio, 1 / ends[1], 1 / ends[0]) == pytest.approx(
        known["expected"]["ci"], **near
    )
