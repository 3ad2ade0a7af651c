"""Do published results come out, and is every guard missed when it is taken out? By the tests."""

from __future__ import annotations

import re
import subprocess
import sys

from servicegap.client.folder import ROOT

from benchmarks.truth.rows import Row, at_least

_ANY = "proof or slow or not proof"  # whatever a test is marked with


def known_answers() -> list[Row]:
    """Every case of tests/known_answers, through public functions."""
    return [_passed("known answers within their tolerance", "tests/known_answers", _ANY)]


def guards(every: bool) -> list[Row]:
    """Guards patched out of a copy of the library, one at a time: some test fails each time."""
    marked = _ANY if every else "not proof"
    return [_passed("guards held: taken out, a test fails; left in, none", "tests/test_guards.py",
                    marked)]  # fmt: skip


def _passed(measure: str, tests: str, marked: str) -> Row:
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-m", marked, tests]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False).stdout
    counts = {what: int(n) for n, what in re.findall(r"(\d+) (passed|failed|error)", told)}
    return at_least(measure, counts.get("passed", 0), sum(counts.values()), 100)
