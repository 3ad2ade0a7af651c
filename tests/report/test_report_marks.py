"""Verdicts look the same in the charts and on every page."""

import ast
from pathlib import Path

import pytest
from servicegap import charts, schema, words
from servicegap.findings import VERDICTS
from servicegap.report import marks
from servicegap.report.model import Span
from servicegap.report.scorecard import in_words

REPORT = Path(marks.__file__).parent


def test_every_verdict_has_a_word_a_sign_and_a_tone():
    for word in VERDICTS:
        printed, sign, tone = marks.verdict(word, None)
        assert printed == word and sign and tone in marks.TONES
    assert marks.verdict("blind spot", "leaning") == ("blind spot, leaning", "▽", "bad")
    assert marks.verdict("blind spot", "clear") == ("blind spot", "▼", "bad")


@pytest.mark.parametrize("name", ["INK", "MUTE", "BELIEF", "TICK", "EVIDENCE", "PAPER"])
def test_colours_are_those_of_the_charts(name):
    assert getattr(marks, name) == getattr(charts, name)


def test_colours_of_verdicts_are_those_of_the_charts():
    assert marks.TONES["bad"][0] == charts.BAD
    assert marks.TONES["good"][0] == charts.GOOD


def test_a_range_in_words():
    assert in_words("csat", Span(62.4, 53, 70)) == "62 (53 to 70)"
    assert in_words("csat", Span(2.4, 0.6, 5.2)) == "2 (1 to 5)"
    assert in_words("csat", Span(None, 53, 70)) == "53 to 70"
    assert in_words("csat", Span(62, None, None)) == "62"
    assert in_words("third_party_harm", Span(-3, -8.2, 2)) == "−3 (−8 to 2)"
    assert in_words("csat", None) == ""
    assert in_words("usp_months_alone", Span(None, 2.6, None)) == "above 2.6"


@pytest.mark.parametrize(
    ("months", "printed"),
    [
        ((1.46, 0.91, 2.83), "1.5 (0.9 to 2.8)"),
        ((2.0, 0.5, 4.0), "2 (0.5 to 4.0)"),
        ((12.0, 2.0, 18.0), "12 (2 to 18)"),
        ((14.4, 9.6, 20.2), "14 (10 to 20)"),
    ],
)
def test_months_on_the_scorecard_are_those_of_the_sentence(months, printed):
    value, low, high = months
    headline = schema.HEADLINES["usp_months_alone"]
    assert in_words("usp_months_alone", Span(value, low, high)) == printed
    bare, _, ends = printed.partition(" (")
    assert words.amount(headline, value) == f"{bare} months"
    between = ends.removesuffix(")").replace(" to ", " and ")
    assert words.reach(headline, low, high) == f"between {between}"


def test_the_report_recomputes_nothing():
    allowed = {"schema", "formats", "words", "changes", "priorities", "bundles", "report"}
    for path in REPORT.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("servicegap"):
                parts = node.module.split(".")
                names = [parts[1]] if len(parts) > 1 else [alias.name for alias in node.names]
                assert set(names) <= allowed, path.name
