"""The truth bench in small: every question to few firms, and the bench itself.

`python -m benchmarks.truth --quick` asks the same, and whole firms besides; those are held by
tests/test_truth_shared.py here, so that nothing is worked out twice.
"""

from __future__ import annotations

import pytest

from benchmarks.truth import bench, methods, worlds
from benchmarks.truth.rows import Row, at_least, at_most, between, within_chance

WHOLE = ("planted faults", "planted faults by size", "all true", "mixed")
TESTS = ("known answers", "guards")  # these are run here as they are
# Too wide, and known to be: METHODS says why under *What was tried*.
MISSED = "four ratings a contact"
ALONE = [name for name in bench.questions(bench.QUICK, 1) if name not in WHOLE + TESTS]


@pytest.mark.slow
@pytest.mark.parametrize("question", ALONE)
def test_every_target_is_met_as_far_as_few_firms_can_tell(question: str) -> None:
    said = bench.questions(bench.QUICK, 1)[question]()
    short = [row.line for row in said if row.met is False and MISSED not in row.measure]
    assert said and short == []


@pytest.mark.parametrize(
    ("row", "met"),
    [
        (at_most("m", 5, 100, 5), True),
        (at_most("m", 6, 100, 5), False),
        (at_least("m", 80, 100, 80), True),
        (at_least("m", 79, 100, 80), False),
        (at_least("m", 0, 0, 80), False),
        (between("m", 94, 97.5, [94, 97.5]), True),
        (between("m", 94, 97.5, [93.9, 95]), False),
        (between("m", 94, 100, [95, 99.9]), True),
        (within_chance(at_most("m", 6, 100, 5), 6, 100, 5, True), None),
        (within_chance(at_most("m", 4, 100, 5), 4, 100, 5, True), True),
        (within_chance(at_most("m", 16, 100, 5), 16, 100, 5, True), False),
        (within_chance(at_least("m", 30, 50, 80), 30, 50, 80, False), False),
    ],
)
def test_a_target_is_met_or_it_is_not(row: Row, met: bool) -> None:
    assert row.met is met
    assert ("short" in row.line) is (met is False)


def test_a_wrong_verdict_points_the_wrong_way_or_at_nothing() -> None:
    said = [worlds.Judged("blind spot", "clear", gap) for gap in (-3.0, 0.0, 3.0)] + [
        worlds.Judged("hidden strength", "leaning", gap) for gap in (-3.0, 0.0, 3.0)
    ]
    assert [x.wrong for x in said] == [True, True, False, False, True, True]
    assert not worlds.Judged("well judged", None, 30.0).wrong


def test_a_run_that_was_broken_off_is_read_as_far_as_it_got(tmp_path) -> None:
    kept = tmp_path / "some.jsonl"
    one = '{"firm": 4, "beliefs": {"csat": {"word": "well judged", "strength": null, "gap": 0.0, '
    kept.write_text(one + '"guess": [1, 2, 3]}}}\n' + one)
    assert list(worlds.read(kept)) == [4] and worlds.read(tmp_path / "none") == {}


def test_the_table_takes_its_place_in_methods() -> None:
    page = methods.METHODS.read_text(encoding="utf-8")
    assert page.count(methods.BEGIN) == page.count(methods.END) == 1
    new = methods.text([at_most("m", 1, 100, 5)], bench.QUICK)
    once = methods.put_in(page, new)
    assert new in once and methods.put_in(once, new) == once
    assert once.partition(methods.BEGIN)[0] == page.partition(methods.BEGIN)[0]
