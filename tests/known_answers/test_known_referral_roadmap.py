"""Published results on growth by referral, through the public functions of session 10."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from servicegap.sessions import referral_roadmap

CASES = Path(
    os.environ.get("SERVICEGAP_CASES", Path(__file__).resolve().parents[3] / "shared" / "cases")
)


def case_of(name: str) -> dict:
    path = CASES / f"{name}.json"
    if not path.is_file():
        pytest.skip(f"{path} is not there: set SERVICEGAP_CASES to the folder of known answers")
    return json.loads(path.read_text(encoding="utf-8"))


def test_referral_viral_cycle() -> None:
    """Skok: ten users who bring two each, every two days, are 20,470 after twenty days.

    With a cycle of one day they are over twenty million, as the quotation goes on.
    """
    case = case_of("referral_viral_cycle")
    given, near = case["input"], case["tolerance_abs"]
    found = referral_roadmap.grown(given["u0"], given["K"], given["t"], given["p"])
    assert found == pytest.approx(case["expected"]["users"], abs=near)
    assert referral_roadmap.grown(given["u0"], given["K"], given["t"], 1) == 20_971_510
