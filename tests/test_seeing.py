"""How large a gap so many answers could show: held against firms drawn, four times in five."""

from __future__ import annotations

import math

import clients
import numpy as np
import pytest
from servicegap import bundles, schema, seeing, stats
from servicegap.report import appendix, pieces
from servicegap.verdicts import ALPHA, Stated, judge

from benchmarks.truth import answers

CSAT = schema.HEADLINES["csat"]


@pytest.mark.parametrize(
    ("belief", "n", "accounts", "share"),
    [("csat", 120, 40, 0.6), ("watermelon_share", 120, 40, 0.2), ("did_refer_share", 60, 60, 0.1)],
)
def test_a_gap_of_this_size_is_found_four_times_in_five(belief, n, accounts, share):
    head, rng = schema.HEADLINES[belief], np.random.default_rng(5)
    kind = answers.INDEPENDENT if n == accounts else answers.CLUSTERED[0]
    drawn = [
        stats.share(*answers.drawn(rng, kind, n, accounts, share), head.unit, head.per)
        for _ in range(400)
    ]
    way = 1 if head.better == "higher" else -1
    sizes = [seeing.smallest_gap(head, e) for e in drawn]
    found = [
        judge(head, Stated(100 * share + way * size), e).strength == "clear"
        for size, e in zip(sizes[1:], drawn, strict=False)
    ]
    assert 0.72 < np.mean(found) < 0.88


def test_more_answers_show_smaller_gaps_and_few_show_none():
    sizes = [seeing.of_share(CSAT, n) for n in (20, 40, 120, 300, 2000)]
    assert sizes == sorted(sizes, reverse=True) and sizes[-1] >= CSAT.delta
    assert math.isnan(seeing.of_share(CSAT, 9)) and math.isnan(seeing.of_share(CSAT, 0))


def test_the_same_rule_of_p_and_by_times_where_a_ratio_is_meant():
    months = schema.HEADLINES["usp_months_alone"]
    draws = 8 * np.exp(np.random.default_rng(1).normal(0, 0.2, 4000))
    estimate = stats.from_draws(8, draws, 60, 60, 60, "months", "USPs")
    size = seeing.smallest_gap(months, estimate)
    assert estimate.p_value(8 * math.exp(size)) <= ALPHA < estimate.p_value(8 * math.exp(size / 3))


def test_where_no_guess_lies_far_enough_there_is_no_gap_to_see():
    nearly_all = stats.share([1] * 97 + [0] * 3, range(100))
    assert math.isnan(seeing.smallest_gap(CSAT, nearly_all))
    assert math.isnan(seeing.smallest_gap(CSAT, stats.not_measured("No table.")))


def test_it_stands_in_the_appendix_of_a_report(tmp_path):
    from servicegap.sessions import benchmarking

    rows = [clients.rating(i, i % 12, i, 5 if i % 5 < 3 else 3) for i in range(60)]
    firm = clients.make(
        tmp_path / "elm", ratings=rows, contacts=clients.contacts(60, 12),
        beliefs=clients.beliefs(csat=(80, 70, 90)),
    )  # fmt: skip
    payload = bundles.bundle(benchmarking.csat(firm))[bundles.MIME]
    size = seeing.smallest_gap(CSAT, benchmarking.top_marks(firm))
    assert payload["could_see"] == f"{size:.0f} points"
    (row,) = appendix.seen([pieces.finding(payload | {"action": None}, None)])
    assert (row.label, row.n, row.gap) == (CSAT.label, "60 contacts", payload["could_see"])
