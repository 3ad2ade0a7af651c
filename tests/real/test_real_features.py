"""Web features: time to the first and second copier, those not copied yet counted.

Each number is counted once more here, from the file, with plain sums and bisection.
"""

from __future__ import annotations

import math
from datetime import timedelta

import pytest
import real_features
from conftest import report
from servicegap.client import load
from servicegap.sessions import usp_erosion

pytestmark = pytest.mark.real
MONTH = 30.4375
OWN = "firefox"
LAUNCHED = 1211  # features that Firefox had first
COPIED = {1: 1129, 2: 1108}  # of them with a first, with a second copier
MEDIANS = (27.2, 36.1)  # months to either, by Kaplan and Meier


@pytest.fixture(scope="module")
def features(data):
    return real_features.shipped(data)


@pytest.fixture(scope="module")
def ends(features):
    """For the first and the second copier: (low, high) in months; high None if there is none."""
    found = {1: [], 2: []}
    for feature, launch in real_features.launches(features, OWN).items():
        rivals = [shipped for name, shipped in features[feature].items() if name != OWN]
        days = sorted((day, vague) for day, vague in rivals if day)
        for k, rows in found.items():
            if len(days) < k:
                rows.append(((real_features.AS_OF - launch).days / MONTH, None))
                continue
            day = days[k - 1][0]
            vague = any(v for d, v in days if d == day)
            before = launch if vague else day - timedelta(days=1)
            rows.append(((before - launch).days / MONTH, (day - launch).days / MONTH))
    return found


@pytest.fixture(scope="module")
def client(data, tmp_path_factory):
    folder = tmp_path_factory.mktemp("browser") / OWN
    beliefs = {"usp_months_alone": (60, 48, 72)}
    return load(real_features.browser(data, folder, OWN, beliefs), sealed=False)


def bisect(falling, low, high):
    """Where a falling function crosses nought."""
    for _ in range(200):
        middle = math.sqrt(low * high)
        low, high = (middle, high) if falling(middle) > 0 else (low, middle)
    return low


def log_likelihood(rows, mean):
    total = 0.0
    for low, high in rows:
        total += -low / mean
        if high is not None:
            total += math.log(-math.expm1(-(high - low) / mean))
    return total


def product_limit(rows):
    """Kaplan and Meier's median, at the middles of the intervals, by plain counting."""
    times = sorted((low if high is None else (low + high) / 2, high is not None)
                   for low, high in rows)  # fmt: skip
    left = 1.0
    for time in sorted({t for t, happened in times if happened}):
        at_risk = sum(t >= time for t, _ in times)
        left *= 1 - sum(t == time and happened for t, happened in times) / at_risk
        if left <= 0.5:
            return time
    return math.nan


def test_the_file_is_the_one_that_was_counted(features, ends):
    assert len(features) == 4317
    assert {k: len(rows) for k, rows in ends.items()} == {1: LAUNCHED, 2: LAUNCHED}
    assert {k: sum(high is not None for _, high in rows) for k, rows in ends.items()} == COPIED


def test_the_median_is_the_one_of_the_likelihood(client, ends):
    rows = ends[1]

    def slope(mean):
        return (log_likelihood(rows, mean * 1.0001) - log_likelihood(rows, mean / 1.0001)) * 1e4

    mean = bisect(slope, 1, 1000)
    found = usp_erosion.months_alone(client)
    assert found.n == LAUNCHED
    assert found.value == pytest.approx(math.log(2) * mean, rel=1e-4)
    for end in (found.low, found.high):
        lost = 2 * (log_likelihood(rows, mean) - log_likelihood(rows, end / math.log(2)))
        assert lost == pytest.approx(1.959964**2, rel=1e-3)
    lost = 2 * (log_likelihood(rows, mean) - log_likelihood(rows, 28 / math.log(2)))
    assert found.p_value(28) == pytest.approx(math.erfc(math.sqrt(lost / 2)), rel=1e-3)


def test_first_and_second_copier_without_a_shape(client, ends):
    rows = usp_erosion.copiers(client).data.set_index("copier")
    for k, name in ((1, "the first copier"), (2, "the second copier")):
        wanted = product_limit(ends[k])
        assert rows.loc[name, "median"] == pytest.approx(wanted, nan_ok=True)
        assert rows.loc[name, "copied"] == COPIED[k]
    medians = [rows.loc[f"the {name} copier", "median"] for name in ("first", "second")]
    assert medians == pytest.approx(MEDIANS, abs=0.05)


def test_the_short_cut_is_too_short(client, ends):
    copied = sorted(high for _, high in ends[1] if high is not None)
    middle = (copied[(len(copied) - 1) // 2] + copied[len(copied) // 2]) / 2
    short, whole = usp_erosion.naive(client).data["median"]
    assert short == pytest.approx(middle)
    assert short < whole
    assert "too short" in usp_erosion.naive(client).title


def test_the_whole_way(data, tmp_path):
    beliefs = {"usp_months_alone": (60, 48, 72)}
    folder = real_features.browser(data, tmp_path / "browser", OWN, beliefs)
    made = report(folder, "--sessions", "02", "--formats", "html")
    finding = made.findings["usp_months_alone"]
    assert (finding["verdict"], finding["strength"]) == ("blind spot", "clear")
    assert finding["evidence"]["n"] == LAUNCHED
    assert made.shown["better_copies"]["not_measured"]
    assert made.shown["copiers"]["data"]["rows"]
