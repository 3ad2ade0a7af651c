"""Published results on Kano's pairs and on penalty and reward, through session 08."""

from __future__ import annotations

import csv
import json
import os
from pathlib import Path

import clients
import numpy as np
import pytest
from servicegap.sessions import wow_moment_gaps as wow

CASES = Path(
    os.environ.get("SERVICEGAP_CASES", Path(__file__).resolve().parents[3] / "shared" / "cases")
)


def case_of(name: str) -> dict:
    path = CASES / f"{name}.json"
    if not path.is_file():
        pytest.skip(f"{path} is not there: set SERVICEGAP_CASES to the folder of known answers")
    return json.loads(path.read_text(encoding="utf-8"))


def test_kano_of_six_features() -> None:
    """207 people: counts, better and worse, and the most frequent category."""
    case = case_of("kano_kiosk")
    for name, expected in case["expected"].items():
        counts = wow.count_letters(case["input"]["matrices"][name])
        assert counts == expected["counts"], name
        better, worse = wow.better_worse(counts)
        assert better == pytest.approx(expected["better"], abs=case["tolerance_abs"])
        assert worse == pytest.approx(expected["worse"], abs=case["tolerance_abs"])
        found = wow.categorise([counts[letter] for letter in wow.LETTERS])
        assert found.letter == expected["category"], name


def test_kano_through_a_clients_folder(tmp_path) -> None:
    """The same six features as rows of a client's table, in the columns present and absent."""
    case = case_of("kano_kiosk")
    rows = []
    for name, matrix in case["input"]["matrices"].items():
        pairs = [(i, j) for i in range(5) for j in range(5) for _ in range(matrix[i][j])]
        rows += [
            {"contact_id": f"C{k}", "touchpoint_id": name, "absent": j + 1, "present": i + 1}
            for k, (i, j) in enumerate(pairs)
        ]
    places = [{"touchpoint_id": n, "name": n, "stage": "using"} for n in case["expected"]]
    client = clients.make(tmp_path, kano=rows, touchpoints=places)
    found = {m.id: m for m in wow.kano_of(client)}
    for name, expected in case["expected"].items():
        moment = found[name]
        assert moment.counts == expected["counts"]
        assert moment.better.value == pytest.approx(100 * expected["better"], abs=1e-9)
        assert -moment.worse.value == pytest.approx(100 * expected["worse"], abs=1e-9)
        assert moment.category.letter == expected["category"]


def test_a_category_from_shares_and_two_peaks_flagged() -> None:
    """The page calls the second feature mixed: 38.2 against 33.4 per cent."""
    case = case_of("kano_shares")
    names = dict(zip("MLERQI", ("Mandatory", "Linear", "Exciter", "R", "Q", "I"), strict=True))
    found = {
        feature: wow.peaks(dict(zip(names.values(), shares, strict=True)))
        for feature, shares in case["input"]["features"].items()
    }
    assert [f[0] for f in found.values()] == case["expected"]["category"]
    assert found["Post to blogs"] == ("Mandatory", "Exciter")
    assert len(found["Spellchecker"]) == len(found["Many fonts"]) == 1


def test_penalty_and_reward() -> None:
    """Two dummies an attribute, least squares, as by R's lm."""
    case = case_of("prca_kiosk")
    with (CASES / case["input_csv"]).open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    marks = np.array([[float(row[s]) for s in ("S1", "S3", "S7", "S11", "S16")] for row in rows])
    overall = np.array([float(row["overall_sat"]) for row in rows])
    model = wow.penalty_reward_model(overall, marks <= 3, marks >= 6)
    expected, near = case["expected"], case["tolerance_abs"]
    assert model.const == pytest.approx(expected["const"], abs=near)
    assert model.r2 == pytest.approx(expected["r2"], abs=near)
    for i, s in enumerate((1, 3, 7, 11, 16)):
        assert model.penalty[i] == pytest.approx(expected[f"pen{s}"], abs=near)
        assert model.reward[i] == pytest.approx(expected[f"rew{s}"], abs=near)
    assert list(model.low) == [6, 18, 40, 36, 50]  # the notes: penalty groups are small
