"""Published results, and results of other people's software, through our public functions."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from servicegap import calibration, comparisons, control, stats

CASES = Path(
    os.environ.get("SERVICEGAP_CASES", Path(__file__).resolve().parents[3] / "shared" / "cases")
)
Pairs = Iterator[tuple[object, object]]


def nps_wald_ci(given: dict, expected: dict) -> Pairs:
    def net(counts: list[int]) -> tuple[float, float, float, float]:
        return comparisons.net_score(sum(counts[9:]), sum(counts[:7]), sum(counts))

    a, b = net(given["counts_0_to_10_A"]), net(given["counts_0_to_10_B"])
    want = expected["A"]
    yield a, (want["nps"], want["se"], want["ci_low"], want["ci_high"])
    gap, low, high, p = comparisons.difference(a[:2], b[:2])
    want = expected["A_vs_B"]
    yield abs(gap), want["abs_difference"]
    yield (high - low) / 2 / stats.Z95, want["se"]
    yield (low, high), (want["ci_low"], want["ci_high"])
    yield p, want["p_value"]


def wilson_interval(given: dict, expected: list) -> Pairs:
    for (hits, misses), want in zip(given["success_failure"], expected, strict=True):
        yield stats.wilson(hits, hits + misses, given["z"]), want


def goodman_simultaneous(given: dict, expected: list) -> Pairs:
    yield stats.goodman(given["counts"]), expected


def simpson_kidney(given: dict, expected: dict) -> Pairs:
    found = comparisons.stratified(given["tables"])
    yield found.rates_a, expected["rate_A"]
    yield found.rates_b, expected["rate_B"]
    yield (found.pooled_a, found.pooled_b), (expected["pooled_A"], expected["pooled_B"])
    yield found.reverses, expected["reversal"] == "yes"
    yield found.odds_ratio, expected["mh_or"]
    yield found.interval, expected["mh_ci"]
    yield found.chi2, expected["mh_chi2"]


def brier_calibration(given: dict, expected: dict) -> Pairs:
    with (CASES / "brier_calibration.csv").open(encoding="utf-8") as file:
        rows = [[float(row[c]) for c in ("p", "n", "events")] for row in csv.DictReader(file)]
    found = calibration.brier(*np.array(rows).T)
    yield found.score, expected["brier"]
    yield found.base, expected["base"]
    yield found.skill, expected["skill"]
    yield found.reliability - found.resolution + found.base - found.score, 0.0
    yield (found.reliability, found.resolution), (0.0019499769, 0.0655114449)  # from its notes


def funnel_limits(given: dict, expected: dict) -> Pairs:
    for what, limits in (
        ("ratio", lambda z: control.funnel_ratio(given["expected_counts"], z)),
        (
            "proportion",
            lambda z: control.funnel_share(given["target_proportion"], given["denominators"], z),
        ),
    ):
        yield limits(control.Z95), expected[what][:2]
        yield limits(control.Z998), expected[what][2:]


def uchart_hospitals(given: dict, expected: dict) -> Pairs:
    chart = control.u_chart(given["events"], given["exposure"], per=10_000)
    yield chart.centre, expected["centre"]
    yield chart.low, expected["low"]
    yield chart.high, expected["high"]
    yield chart.outside, [flag == "true" for flag in expected["flag"]]


def xmr_complaints(given: dict, expected: dict) -> Pairs:
    chart = control.xmr(given["x"])
    yield chart.moving_range, expected["mr_mean"]
    yield chart.moving_range_limit, expected["mr_upper"]
    yield (
        (chart.centre, chart.low[0], chart.high[0]),
        [expected[k] for k in ("centre", "low", "high")],
    )
    yield np.flatnonzero(chart.outside) + 1, expected["signals"]


PAIRS: tuple[Callable[..., Pairs], ...] = (
    nps_wald_ci,  # R package NPS 1.1
    wilson_interval,  # published table, Code Golf question 105389
    goodman_simultaneous,  # Sison & Glaz examples in statsmodels
    simpson_kidney,  # Charig et al; mantelhaen.test of R 4.2.2
    brier_calibration,  # R package verification, prob.frcs.dat
    funnel_limits,  # FunnelPlotR
    uchart_hospitals,  # qicharts2, hospital_infections
    xmr_complaints,  # qicharts2, complaints
)


@pytest.mark.parametrize("pairs", PAIRS, ids=lambda f: f.__name__)
def test_known_answer(pairs: Callable[..., Pairs]) -> None:
    path = CASES / f"{pairs.__name__}.json"
    if not path.is_file():
        pytest.skip(f"{path} is not there: set SERVICEGAP_CASES to the folder of known answers")
    case = json.loads(path.read_text(encoding="utf-8"))
    for found, wanted in pairs(case["input"], case["expected"]):
        np.testing.assert_allclose(
            np.asarray(found, dtype=float),
            np.asarray(wanted, dtype=float),
            rtol=0,
            atol=case["tolerance_abs"],
        )
