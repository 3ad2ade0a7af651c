"""Two real desks: an IT company's log without a single mark, and an airport full of waiting."""

from __future__ import annotations

import math
from collections import defaultdict
from datetime import datetime
from statistics import median

import numpy as np
import pytest
import real_clients
import real_waits
from conftest import report
from servicegap.client import load
from servicegap.sessions import technology_vs_people as tech
from servicegap.sessions.technology_vs_people import work
from servicegap.sessions.technology_vs_people.faster_happier import timed

pytestmark = pytest.mark.real


# -- an IT company's log -----------------------------------------------------------------------


@pytest.fixture(scope="module")
def incidents(data):
    """The last row of each incident."""
    return {e["number"]: e for e in real_clients.rows_of(data / real_clients.SERVICENOW)}


@pytest.fixture(scope="module")
def log(data, tmp_path_factory):
    folder = tmp_path_factory.mktemp("log") / "client"
    return load(real_clients.servicenow(data, folder), sealed=False)


def solved(incidents, team):
    """Hours until solved, and whether it was the first who took it and for good, of one team."""
    found = []
    for i in incidents.values():
        if i["assignment_group"] != team or i["resolved_at"] == "?":
            continue
        opened, done = (
            datetime.strptime(i[k], "%d/%m/%Y %H:%M") for k in ("opened_at", "resolved_at")
        )
        hours = max((done - opened).total_seconds() / 3600, 1 / 60)
        once = i["reopen_count"] == i["reassignment_count"] == "0"
        found.append((hours, once, i["location"], i["caller_id"]))
    return found


def test_fast_and_solved_first_time_team_by_team(log, incidents):
    """Raw figures are those of plain counting; groups are those of ten people in five places."""
    figure = tech.team_quadrants(log, good="solved first time")
    rows = figure.data.set_index("team")
    assert len(rows) == 18
    for team, row in rows.iterrows():
        mine = solved(incidents, team)
        assert row["tickets"] == len(mine)
        assert row["good_raw"] == pytest.approx(100 * np.mean([once for _, once, *_ in mine]))
        typical = math.exp(np.mean([math.log(hours) for hours, *_ in mine]))
        assert row["speed_raw"] == pytest.approx(typical)
        assert len({(c, home) for _, _, home, c in mine}) >= 10
    assert rows.loc["70", "good_raw"] == pytest.approx(100 * 386 / 645)
    assert figure.title == (
        "Good, and not fast: 10; fast and good: 70 and 24; neither fast nor good: 22 and 57"
    )
    assert "The 12 largest of 18 teams are drawn." in figure.caption


def test_what_was_adjusted_agrees_with_least_squares_by_hand(log, incidents):
    """All ten thousand rules in one line: indicators of team, priority and type, and a solver."""
    figure = tech.team_quadrants(log, good="solved first time")
    names = figure.data["team"].tolist()
    found = [
        (i["assignment_group"], i["priority"], i["category"],
         float(i["reopen_count"] == i["reassignment_count"] == "0"))
        for i in incidents.values()
        if i["resolved_at"] != "?" and i["assignment_group"] in names
    ]  # fmt: skip

    def indicators(column):
        said = [row[column] for row in found]
        often = {s for s in said if said.count(s) >= 10}
        said = [s if s in often else "other" for s in said]
        return [[float(s == level) for s in said] for level in sorted(set(said))[1:]]

    teams = [[float(row[0] == name) for row in found] for name in names]
    design = np.array(teams + indicators(1) + indicators(2)).T
    y = np.array([row[3] for row in found])
    level = np.linalg.lstsq(design, y, rcond=None)[0][: len(names)]
    adjusted = y.mean() + level - design[:, : len(names)].mean(axis=0) @ level
    compared = tech.compare(
        work.measured(log, work.GOOD["solved first time"]).assign(group=lambda d: d["team"])
        .dropna(subset=["value"]), names,
    )  # fmt: skip
    assert compared.value == pytest.approx(adjusted)
    # Pooled lies between what was adjusted and the middle of them all.
    pooled = figure.data["good"].to_numpy() / 100
    assert np.corrcoef(pooled, adjusted)[0, 1] > 0.97
    assert np.std(pooled) < np.std(adjusted)


def test_a_log_of_eleven_days_can_not_say_who_came_back(log):
    """Tickets were opened over eleven days; the last was closed a year later."""
    rows = work.measured(log, work.GOOD["not back in 14 days"])
    assert (rows["opened_at"].max() - rows["opened_at"].min()).days == 10
    assert rows["value"].isna().all()
    missing = tech.team_quadrants(log, good="not back in 14 days").not_measured
    assert missing.startswith("No ticket was watched for 14 days after it was solved")


def test_without_marks_there_are_no_watermelons(log):
    assert tech.watermelon_share(log).verdict.word == "not measured"
    for look in (tech.watermelons, tech.first_handlers, tech.contained, tech.faster_happier):
        assert look(log).not_measured
    table = tech.both_sides(log)
    assert table.caption.endswith(
        "Not measured: first reply, hours worked, top marks and not back in 14 days."
    )
    phone = tech.channel_quadrants(log, good="solved first time")
    assert "two groups" in phone.not_measured  # 3,488 by phone, 12 by e-mail from eight places


# -- an airport --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def airport(data, tmp_path_factory):
    folder = tmp_path_factory.mktemp("airport") / "waits"
    return load(real_waits.airport_waits(data, folder), sealed=False)


@pytest.fixture(scope="module")
def passengers(data):
    """(hours there, mark of the whole, area, peak, airline) of all who have both."""
    people = real_clients.rows_of(data / real_clients.AIRPORT)
    return [
        (int(p["HOWLONG"]) / 60, int(p["Q7ALL"]), p["BAREA"], p["PEAK"], p["AIRLINE_CODE"])
        for p in people
        if p["HOWLONG"].strip() and p["Q7ALL"].isdigit() and 1 <= int(p["Q7ALL"]) <= 5
    ]


def test_everybody_with_a_wait_and_a_mark_is_there(airport, passengers):
    rows = timed(airport, "time to resolve", "top")
    assert len(rows) == len(passengers) == 2_597
    assert (
        rows["hours"].median() == pytest.approx(median(hours for hours, *_ in passengers)) == 2.25
    )
    assert rows["value"].sum() == sum(mark == 5 for _, mark, *_ in passengers)


@pytest.mark.parametrize(("mark", "least", "points"), [("top", 5, -1.6), ("satisfied", 4, 1.9)])
def test_half_the_wait_by_hand(airport, passengers, mark, least, points):
    """The slope on the logarithm of the wait, and its error by airline, from their formulas."""
    y = np.array([float(m >= least) for _, m, *_ in passengers])
    columns = [[-math.log2(hours) for hours, *_ in passengers], [1.0] * len(y)]
    for at in (2, 3):
        levels = sorted({p[at] for p in passengers})[1:]
        columns += [[float(p[at] == level) for p in passengers] for level in levels]
    design = np.array(columns).T
    bread = np.linalg.inv(design.T @ design)
    beta = bread @ design.T @ y
    scores: dict[str, np.ndarray] = defaultdict(lambda: np.zeros(design.shape[1]))
    for row, rest, p in zip(design, y - design @ beta, passengers, strict=True):
        scores[p[4]] += row * rest
    meat = sum(np.outer(s, s) for s in scores.values())
    (n, k), g = design.shape, len(scores)
    robust = (bread @ meat @ bread)[0, 0] * g / (g - 1) * (n - 1) / (n - k)
    plain = bread[0, 0] * ((y - design @ beta) ** 2).sum() / (n - k)
    found = tech.halving(timed(airport, "time to resolve", mark))
    assert found.value == pytest.approx(100 * beta[0])
    assert found.value == pytest.approx(points, abs=0.05)
    half = 2.028094 * 100 * math.sqrt(max(robust, plain))  # t with 36 degrees of freedom
    assert (g, found.high - found.value) == (37, pytest.approx(half, rel=1e-5))


def test_at_this_airport_a_shorter_wait_goes_with_nothing(airport):
    """Whoever has an hour longer is about as happy; and it says how much would have been seen."""
    for mark in ("top", "satisfied"):
        figure = tech.faster_happier(airport, mark=mark)
        assert figure.title == "No evidence that people are happier the sooner it is solved"
        assert "points for every halving would be seen four times in five" in figure.caption
        assert figure.data["tickets"].sum() == 2_597
    assert tech.speed_by_type(airport).title.startswith("No evidence for any type")
    assert tech.watermelon_share(airport).verdict.word == "not measured"


def test_the_whole_report_of_the_log_says_what_it_misses(data, tmp_path):
    made = report(
        real_clients.servicenow(data, tmp_path / "client"), "--sessions", "06", "--formats", "html"
    )
    assert made.findings["watermelon_share"]["verdict"] == "not measured"
    assert made.shown["team_quadrants"]["not_measured"].startswith("It needs the column ticket_id")
    assert made.rows("both_sides")[0]["team"] == "70"
