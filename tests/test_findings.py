"""Belief, evidence, verdict, action; and "not measured" without a branch in any notebook."""

from __future__ import annotations

import clients
import pytest
from servicegap import findings, stats
from servicegap.findings import Advice, absent_table, conclude, finite, needs_in_words
from servicegap.sessions import benchmarking, pricing_vs_value, technology_vs_people

ADVICE = Advice("mend it", "test it", "tell it", "keep it", "measure it", hours=(8, 24))


def found(happy, n, accounts=None):
    return stats.share([1] * happy + [0] * (n - happy), [i % (accounts or n) for i in range(n)])


@pytest.mark.parametrize(
    ("belief", "evidence", "kind", "days"),
    [
        ((80, 74, 86), found(60, 150), "mend", 30),
        ((58, 52, 64), found(35, 80), "test", 14),
        ((20, 15, 25), found(60, 150), "tell", 14),
        ((41, 35, 46), found(200, 500), "keep", 14),
        ((62, 55, 69), found(6, 12), "measure", 14),
        (None, found(60, 150), "keep", 14),
        (None, found(3, 6), "measure", 14),
        ((80, None, None), stats.not_measured("No table."), "measure", 14),
    ],
)
def test_the_action_follows_from_the_verdict(tmp_path, belief, evidence, kind, days):
    client = clients.make(tmp_path, beliefs=clients.beliefs(csat=belief))
    finding = conclude(client, "csat", evidence, ADVICE)
    assert finding.action.id == f"csat-{kind}" and finding.action.what == f"{kind} it"
    assert finding.action.due == {30: "2025-07-30", 14: "2025-07-14"}[days]
    assert finding.action.measure_again == "2025-09-28"
    share = 1 if kind == "mend" else 0.25
    assert (finding.action.cost_low, finding.action.cost_high) == (320 * share, 960 * share)


def test_without_an_hourly_cost_nothing_is_priced(tmp_path):
    client = clients.make(tmp_path, settings={"cost_per_hour": None})
    action = conclude(client, "csat", found(60, 150), ADVICE).action
    assert action.cost_low is action.cost_high is None


@pytest.mark.parametrize("ends", [(None, None), (74, None), (None, 86)])
def test_a_guess_without_a_range_is_a_guess(tmp_path, ends):
    client = clients.make(tmp_path, beliefs=clients.beliefs(csat=(80, *ends)))
    finding = conclude(client, "csat", found(60, 150), ADVICE)
    assert (finding.verdict.word, finding.verdict.strength) == ("blind spot", "clear")
    assert finding.title == "Top marks: blind spot" and "nan" not in finding.sentence


def test_a_declined_guess_is_no_guess(tmp_path):
    client = clients.make(tmp_path, beliefs=clients.beliefs(csat=None))
    assert conclude(client, "csat", found(60, 150), ADVICE).verdict.word == "no guess"


def test_a_missing_table_is_said_with_what_it_would_take(tmp_path):
    client = clients.make(tmp_path, beliefs=clients.beliefs(csat=(80, 70, 90)))
    finding = benchmarking.csat(client)
    assert finding.verdict.word == "not measured"
    assert finding.sentence == "Not measured. It needs the marks that people give after a ticket."
    assert finding.action.what.startswith("Begin to keep the marks that people give after a ticket")
    figure = benchmarking.funnel(client)
    assert figure.not_measured == (
        "It needs the table ratings and the column team of the table tickets."
    )
    assert figure.draw is None and figure.data.empty and figure.id == "funnel"
    assert figure.session == "01" and figure.not_measured in figure.alt


def test_who_keeps_a_table_and_lacks_a_column_is_asked_for_the_column(tmp_path):
    tables = clients.teams({"North": 0.7}, 20)
    finding = technology_vs_people.watermelon_share(clients.make(tmp_path, **tables))
    assert finding.action.what == (
        "Begin to note “Was it solved inside the agreement?” in your tickets; look again in three "
        "months."
    )
    nothing = pricing_vs_value.good_value_share(clients.make(tmp_path / "b", **tables))
    assert nothing.action.what.startswith("Begin to keep people's answers on the whole")


def test_words_for_what_is_missing():
    assert needs_in_words(("peers",)) == "It needs the table peers."
    table = absent_table("who stayed", "No table.")
    assert table.title == "Not measured: who stayed" and table.not_measured == "No table."


def test_only_finite_numbers_leave():
    assert [finite(x) for x in (1, None, float("nan"), float("inf"))] == [1.0, None, None, None]


def test_an_action_stands_as_it_was_promised(tmp_path):
    row = {"action_id": "01-csat-mend", "finding_id": "csat", "what": "Ring ten.",
           "owner": "desk lead", "due": "2025-08-01", "measure_again": None}  # fmt: skip
    old = row | {"action_id": "old", "due": "2025-06-30", "what": "Past."}
    done = row | {"action_id": "done", "what": "Done.", "done_on": "2025-06-01"}
    other = row | {
        "action_id": "other",
        "finding_id": "stay_share",
        "what": "Other.",
        "owner": None,
    }
    client = clients.make(tmp_path, ratings=clients.answered(120, 40, 72),
                          commitments=[row, old, done, other])  # fmt: skip
    action = benchmarking.csat(client).action
    assert (action.what, action.owner, action.due) == ("Ring ten.", "desk lead", "2025-08-01")
    assert action.measure_again == "2025-09-28" and action.id.startswith("csat-")
    nobody = findings.as_promised(client, "stay_share", action)
    assert (nobody.what, nobody.owner) == ("Other.", None)


def test_a_promise_in_other_words_does_not_keep_the_suggestion_s_cost(tmp_path):
    tables = {"ratings": clients.answered(120, 40, 72)}
    suggested = benchmarking.csat(clients.make(tmp_path / "a", **tables)).action
    assert suggested.cost_low and suggested.cost_high
    row = {"action_id": "01-csat-mend", "finding_id": "csat", "owner": "desk lead",
           "due": "2025-08-01", "measure_again": "2025-11-01"}  # fmt: skip
    cake = row | {"what": "A moment: cake. Cost: £5 each time, 4 times."}
    action = benchmarking.csat(clients.make(tmp_path / "b", commitments=[cake], **tables)).action
    assert (action.what, action.cost_low, action.cost_high) == (cake["what"], None, None)
    same = row | {"what": suggested.what.replace(" ", "  ", 1)}
    action = benchmarking.csat(clients.make(tmp_path / "c", commitments=[same], **tables)).action
    assert (action.cost_low, action.cost_high) == (suggested.cost_low, suggested.cost_high)
