"""Four real surveys: what goes with satisfaction, counted once more by least squares in each order.

Advertising in a directory, a university's office for students, mobile telephony and a bank. Which
question is product, service or process is our reading of the questions' wording; questions that
are none of them (price, the overall mark of quality) belong to no side.
"""

from __future__ import annotations

import math
from itertools import permutations
from pathlib import Path

import numpy as np
import pytest
import real_clients
from servicegap.client import load
from servicegap.sessions import product_vs_service as session
from servicegap.sessions.product_vs_service.outcomes import by_outcome

pytestmark = pytest.mark.real

SURVEYS = {
    "directory": {
        "file": "bayesm-customerSat/customerSat.csv", "scale": "1-10", "y": "q1", "refer": None,
        "account": None,
        "side": {"q5": "product", "q6": "product", "q7": "product", "q8": "product",
                 "q9": "process", "q10": "process", "q2": "", "q3": "", "q4": ""},
    },
    "university": {
        "file": "cub-univer-service-ratings/univer.csv", "scale": "1-7", "y": "global",
        "refer": None, "account": "faculty",
        "side": {"informat": "product", "willingn": "service", "compete": "service",
                 "officeho": "process"},
    },
    "mobile": {
        "file": "ecsi-mobile-and-bank/mobi.csv", "scale": "1-10", "y": "CUSA1", "refer": "CUSL3",
        "account": None,
        "side": {"PERQ2": "product", "PERQ4": "product", "PERQ5": "product", "PERQ3": "service",
                 "PERQ6": "process", "PERQ7": "process", "PERQ1": ""},
    },
    "bank": {
        "file": "ecsi-mobile-and-bank/bank_satisfaction.csv", "scale": "0-10", "y": "sat1",
        "refer": "loy3", "account": None,
        "side": {"qual1": "product", "qual2": "product", "qual3": "service"},
    },
}  # fmt: skip


def client_of(data: Path, folder: Path, name: str, **guess):
    """A survey as a client: each person an account of its own, unless the file knows better."""
    of = SURVEYS[name]
    people = real_clients.rows_of(data / of["file"])
    survey, views, contacts = [], [], []
    for i, row in enumerate(people):
        who = {
            "contact_id": f"P{i}",
            "account_id": row[of["account"]] if of["account"] else f"P{i}",
        }
        survey += [
            who | {"item_id": item, "perceived": row[item], "scale": of["scale"]}
            for item in of["side"]
        ]
        refer = {"would_refer": row[of["refer"]]} if of["refer"] else {}
        views.append(who | {"satisfaction": row[of["y"]], "scale": of["scale"]} | refer)
        contacts.append(who)
    tables = {
        "items": [{"item_id": k, "text": k, "side": v} for k, v in of["side"].items()],
        "survey": survey, "relationship": views, "contacts": contacts,
    }  # fmt: skip
    settings = {"name": name, "id": name, "as_of": "2010-12-31"}
    return load(real_clients.client_folder(folder, settings, tables, guess), False), people


def by_hand(people, name, outcome=None):
    """Shares of R² by least squares in every order of the sides; R²; the people used."""
    of = SURVEYS[name]
    sides = list(dict.fromkeys(s for s in ("product", "service", "process")
                               if s in of["side"].values()))  # fmt: skip
    x, y = [], []
    for row in people:
        means, mark = [], row[outcome or of["y"]]
        for side in sides:
            marks = [float(row[k]) for k, v in of["side"].items() if v == side and row[k].isdigit()]
            means.append(math.fsum(marks) / len(marks) if marks else math.nan)
        if mark.isdigit() and not any(map(math.isnan, means)):
            x.append(means)
            y.append(float(mark))
    x, y = np.array(x), np.array(y)

    def r2(chosen):
        design = np.column_stack([np.ones(len(x)), x[:, chosen]])
        rest = y - design @ np.linalg.lstsq(design, y, rcond=None)[0]
        return 1 - (rest @ rest) / ((y - y.mean()) @ (y - y.mean()))

    added = np.zeros(len(sides))
    orders = list(permutations(range(len(sides))))
    for order in orders:
        for place, j in enumerate(order):
            added[j] += (r2([*order[: place + 1]]) - r2([*order[:place]])) / len(orders)
    return dict(zip(sides, 100 * added / added.sum(), strict=True)), added.sum(), len(y)


@pytest.mark.parametrize("name", SURVEYS)
def test_the_shares_are_those_of_least_squares(data, tmp_path, name):
    client, people = client_of(data, tmp_path / name, name)
    found = session.drivers(client)
    shares, r2, n = by_hand(people, name)
    assert (found.n, found.sides) == (n, tuple(shares))
    assert found.shares.tolist() == pytest.approx(list(shares.values()))
    k = len(shares)
    assert found.r2[0] == pytest.approx(1 - (1 - r2) * (n - 1) / (n - k - 1))
    assert found.r2[1] > 0.02 and not found.why
    evidence = session.service_share(client).estimate
    assert evidence.value == pytest.approx(100 - shares["product"])
    assert evidence.low < evidence.value < evidence.high
    assert (
        session.effort(client).not_measured and session.importance_performance(client).not_measured
    )


EXPECTED = {
    "directory": (1_811, 20.1, 57.6),
    "university": (2_179, 65.1, 77.4),
    "mobile": (250, 55.9, 38.1),
    "bank": (250, 30.4, 41.5),
}  # people, service and process of 100, R² in percent


@pytest.mark.parametrize("name", SURVEYS)
def test_the_figures_themselves(data, tmp_path, name):
    client, people = client_of(data, tmp_path / name, name)
    found = session.drivers(client)
    shares, r2, n = by_hand(people, name)
    assert (n, round(100 - shares["product"], 1), round(100 * r2, 1)) == EXPECTED[name]
    assert len(people) >= found.n


@pytest.mark.parametrize("name", ["directory", "mobile"])
def test_the_standard_error_is_the_jackknifes(data, tmp_path, name):
    """Where everybody is an account of their own, leaving out one at a time gives the same."""
    client, people = client_of(data, tmp_path / name, name)
    rng = np.random.default_rng(1)
    groups = rng.permutation(len(people)) % 60
    left_out = []
    for g in range(60):
        kept = [p for p, own in zip(people, groups, strict=True) if own != g]
        left_out.append(100 - by_hand(kept, name)[0]["product"])
    spread = np.array(left_out) - np.mean(left_out)
    jackknife = math.sqrt(59 / 60 * float(spread @ spread))
    assert session.drivers(client).error("service", "process") == pytest.approx(jackknife, rel=0.3)


@pytest.mark.parametrize("name", ["mobile", "bank"])
def test_recommending_is_explained_too(data, tmp_path, name):
    client, people = client_of(data, tmp_path / name, name)
    would = by_outcome(client)["would refer"]
    shares, _, n = by_hand(people, name, SURVEYS[name]["refer"])
    assert would.n == n and not would.why
    assert would.shares.tolist() == pytest.approx(list(shares.values()))
    assert "did refer" in session.outcomes(client).caption.lower()


def test_a_verdict_on_thirteen_faculties(data, tmp_path):
    """Faculties are the accounts, so thirteen of them carry the interval, not 2,179 students."""
    client, _ = client_of(data, tmp_path / "a", "university", service_share=(30, 20, 40))
    found = session.service_share(client)
    assert (found.estimate.n, found.estimate.accounts) == (2_179, 13)
    assert (found.verdict.word, found.verdict.strength) == ("blind spot", "clear")


def test_questions_of_no_side_are_counted(data, tmp_path):
    client, _ = client_of(data, tmp_path / "a", "directory")
    caveats = session.service_share(client).caveats
    assert any("3 questions that belong to no side stayed out" in c for c in caveats)
