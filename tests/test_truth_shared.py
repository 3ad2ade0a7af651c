"""Made-up firms, the same for all sessions: faults are found, and none is made up.

The bounds are those of a promise kept: 35 of 50 is the five-per-cent tail of finding 80 in 100,
16 of 200 the one-per-cent tail of a false alarm in 5 reports of 100. The firms all of whose beliefs
are true are those of `python -m benchmarks.truth --quick` (kept in build/truth/ by the library's
content, so that neither makes them twice), and fifty of the firm for teaching in which all is fine.
"""

from __future__ import annotations

from functools import cache

import pytest
from servicegap import simulate

from benchmarks import power
from benchmarks.truth import bench, reports, worlds

pytestmark = pytest.mark.slow
FAULTED = FINE = 50


@pytest.mark.parametrize(("belief", "scenario"), reports.planted())
def test_a_planted_fault_is_found(belief: str, scenario: str) -> None:
    right = f"{power.planted(belief, scenario)}, clear"
    found = power.cell(belief, 1.0, "typical", FAULTED, scenario)
    assert found[right] >= 35, found


@cache
def _unfaulted() -> tuple[worlds.Firm, ...]:
    return tuple(worlds.run("unfaulted", "typical", bench.QUICK.firms, jobs=1))


def _alarms(firms: tuple[worlds.Firm, ...]) -> list[list[str]]:
    """The beliefs with a clear verdict, of each firm that has any."""
    clear = ([b for b, x in one.items() if x.strength == "clear"] for one in firms)
    return [beliefs for beliefs in clear if beliefs]


def test_where_every_belief_is_true_few_reports_raise_an_alarm() -> None:
    fine = simulate.SCENARIOS["all-fine"]
    taught = tuple(worlds.all_twelve(fine, power.SEED + i, "typical") for i in range(FINE))
    assert len(_alarms(taught)) <= 5, _alarms(taught)
    every = _alarms(taught + _unfaulted())
    assert len(every) <= 16, every


def test_of_those_firms_intervals_hold_and_ranges_are_not_called_too_narrow() -> None:
    said = bench.all_true(list(_unfaulted()), bench.QUICK)
    assert len(said) == 6 and [row.line for row in said if row.met is False] == []
