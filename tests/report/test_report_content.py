"""The content model: what stands where, and that nothing is lost or said twice."""

from dataclasses import replace

import clients
import made_notebooks as made
import pytest
from made_notebooks import build
from servicegap.report import markdown as md
from servicegap.report import pieces
from servicegap.run import outputs
from servicegap.schema import SESSIONS


def test_cover(small):
    assert small.client.name == "Alder IT"
    assert small.cover.as_of == "30 June 2025"
    assert small.cover.period == "1 July 2024 to 30 June 2025"
    assert "made up" in small.cover.banner


def test_no_banner_for_a_real_client():
    assert build(made.pair(), replace(made.FACTS, made_up=False)).cover.banner == ""


def test_a_session_shows_the_figure_of_its_finding(small):
    bench = next(s for s in small.sections if s.number == "01")
    assert bench.claim == SESSIONS["01"].claim
    assert bench.figure.id == "fig_csat"
    assert [f.id for f in bench.findings] == ["csat", "good_peer_percentile"]
    assert bench.caveat == "The first caveat of csat."
    assert bench.action.id == "csat-1"


def test_without_a_finding_the_first_figure(small):
    start = next(s for s in small.sections if s.number == "00")
    assert start.figure.id == "fig_health" and start.findings == () and start.action is None


def test_evidence_is_everything_but_what_was_shown(small):
    chapter = next(c for c in small.evidence if c.number == "01")
    ids = [p.id for p in chapter.pieces if p.kind in ("figure", "table", "finding")]
    assert ids == ["fig_good_peer_percentile", "other_01", "table_01"]
    words = " ".join(md.plain(p) for p in chapter.pieces if p.kind not in ("figure", "table"))
    assert "Here is who answered" in words and "The method of" not in words
    assert "What fig_csat found" in words  # a pointer to the figure shown above
    assert "Your action" not in words  # a heading left with nothing under it


def test_the_rest_of_a_session_is_named(small):
    bench = next(s for s in small.sections if s.number == "01")
    assert bench.also == (
        "What fig_good_peer_percentile found",
        "What other_01 found",
        "The table table_01",
    )
    assert bench.rest == ("All of this session: 2 more pictures and 1 table, and how to read them")


def test_method_goes_to_the_appendix(small):
    assert [m.number for m in small.appendix.methods] == ["00", "01"]
    assert "The method of session 01" in " ".join(
        md.plain(b) for b in small.appendix.methods[1].blocks
    )


def test_every_verdict_stands_in_the_scorecard(full):
    rows = {r.id: r for r in full.scorecard.rows}
    assert len(rows) == 12
    assert rows["csat"].verdict == "blind spot"
    assert rows["good_peer_percentile"].verdict == "blind spot, leaning"
    assert rows["csat"].belief == "80 (74 to 86)"
    assert rows["csat"].evidence == "62 (53 to 70)"
    assert rows["csat"].n == "118 contacts"
    assert rows["stay_share"].evidence == "not measured"
    assert rows["expectations_met"].belief == "no guess"
    assert not full.scorecard.has_change
    assert len({r.mark + r.verdict for r in rows.values()}) == 8


def test_change_column_only_when_there_is_any():
    change = {"value": -6, "low": -11, "high": -1, "verdict": "worse"}
    cell = made.code(made.finding("csat", change=change))
    report = build({"01_benchmarking": made.session("01", cell)})
    assert report.scorecard.has_change
    assert "worse" in report.scorecard.rows[0].change


def test_risks_are_clear_blind_spots_and_at_most_three(full):
    assert len(full.risks) == 3
    assert all(f.verdict == "blind spot" and f.strength == "clear" for f in full.risks)
    # the largest in units of the smallest gap worth a verdict
    assert [f.id for f in full.risks] == ["usp_months_alone", "third_party_harm", "did_refer_share"]


def test_wins_are_clear_hidden_strengths(full):
    assert [f.id for f in full.wins] == ["okay_not_referring"]


def test_actions_at_most_three(full, small):
    assert len(full.actions) == 3
    # one clear blind spot, then what leans
    assert [a.about for a in small.actions] == ["Top marks", "Ahead of peers"]
    assert small.actions[0].cost == "£500 to £1,500"
    assert small.actions[0].due == "30 September 2025"


def test_leanings_are_counted(full):
    assert full.scorecard.leanings == "Two verdicts lean one way and are not settled."


def test_summary_has_two_paragraphs_of_ninety_seconds(full, small):
    for report in (full, small):
        assert len(report.summary) == 2
        assert 40 <= len(" ".join(report.summary).split()) <= 240


def test_summary_has_no_signs_of_the_trade():
    said = "You thought 80. The evidence says 62 (n = 120 contacts in 40 accounts)."
    cell = made.code(made.finding("csat", sentence=said))
    report = build({"01_benchmarking": made.session("01", cell)})
    assert "(from 120 contacts in 40 accounts)" in report.summary[0]
    assert report.risks[0].sentence == said


@pytest.mark.parametrize("notebooks", [{}, {"00_start_here": made.standard("00")}])
def test_no_findings_at_all(notebooks):
    report = build(notebooks)
    assert report.risks == () and report.wins == () and report.actions == ()
    assert len(report.summary) == 2


def test_only_good_news_and_only_thin_ice():
    for outcome in (
        ("hidden strength", "clear", (40, 30, 50), (60, 50, 70), -20),
        ("too few to judge", None, (40, 30, 50), (60, 20, 90), -20),
        ("well judged", None, (60, 50, 70), (61, 55, 66), -1),
        ("no guess", None, None, (61, 55, 66), None),
        ("not measured", None, (60, 50, 70), None, None),
    ):
        report = build(
            {"01_benchmarking": made.session("01", made.code(made.finding("csat", outcome)))}
        )
        assert report.risks == ()
        assert len(report.summary) == 2


def test_what_was_not_measured_says_what_it_would_take():
    notebooks = made.pair()
    notebooks["01_benchmarking"].cells.insert(
        2,
        made.code(
            made.figure("01", "funnel", not_measured="There is no column team in tickets.")
            | {"data": {"columns": [], "rows": []}}
        ),
    )
    report = build(
        notebooks,
        status=made.statuses(notebooks)
        | {"05_pricing_vs_value": {"status": "not_measured", "reason": "No table is there."}},
    )
    gaps = {g.what: g for g in report.appendix.not_measured}
    assert gaps["Teams of unequal size"].why == "There is no column team in tickets."
    assert any("team" in need for need in gaps["Teams of unequal size"].takes)
    assert any(g.session == "05" and g.why == "No table is there." for g in gaps.values())


def test_promises():
    from servicegap.report.content import Promise

    promise = Promise("Ring every new contact", "Desk lead", date_of("2025-03-01"), None, "")
    report = build(made.pair(), replace(made.FACTS, promised=(promise,)))
    assert report.promises[0].what == "Ring every new contact"
    assert report.promises[0].done == "not done yet"


@pytest.mark.parametrize(
    ("due", "done", "said"),
    [
        ("2025-03-01", "2025-03-09", "done on 9 March 2025, late"),
        ("2025-03-01", "2025-03-01", "done on 1 March 2025"),
        (None, "2025-03-09", "done on 9 March 2025"),
    ],
)
def test_a_promise_kept_late_is_called_late(due, done, said):
    from servicegap.report.content import Promise

    promise = Promise("Ring", "Desk lead", due and date_of(due), date_of(done), "")
    report = build(made.pair(), replace(made.FACTS, promised=(promise,)))
    assert report.promises[0].done == said


def date_of(iso):
    from datetime import date

    return date.fromisoformat(iso)


def test_the_ledger_balances(small):
    row = small.appendix.ledger[0]
    assert (row.read, row.kept, row.rejected, row.excluded) == (1204, 1190, 4, 10)
    assert "score outside its scale" in row.reasons


def test_equal_input_equal_report():
    assert build(made.pair()) == build(made.pair())


def test_cells_that_could_not_be_used_stand_in_the_ledger():
    from servicegap.report import appendix

    row = appendix.ledger([made.LEDGERS[1] | {"blanked": {"score": 95}}])[0]
    assert row.reasons == "unusable cells of score: 95"


# -- where little could be measured ------------------------------------------------------------

NOTHING = ("not measured", None, None, None, None)
WHY = "It needs the marks that people give after a ticket."


def test_not_measured_is_said_once_and_can_not_mislead():
    said = made.finding("csat", NOTHING, sentence=f"Not measured. {WHY}")
    report = build({"01_benchmarking": made.session("01", made.code(said))})
    section = report.sections[0]
    assert section.findings[0].verdict == "not measured"
    assert section.findings[0].sentence == WHY
    assert section.caveat == ""


def test_the_caveat_is_that_of_a_finding_that_speaks():
    cells = [
        made.code(made.finding("csat", NOTHING)),
        made.code(made.finding("good_peer_percentile")),
    ]
    report = build({"01_benchmarking": made.session("01", *cells)})
    assert report.sections[0].caveat == "The first caveat of good_peer_percentile."


def test_a_claim_never_stands_over_nothing():
    cells = [made.code(made.table("00", "health", title="1 table, 3,500 rows kept"))]
    section = build({"00_start_here": made.session("00", *cells)}).sections[0]
    assert section.silent == "Looked at: 1 table, 3,500 rows kept."
    assert build({"00_start_here": made.standard("00")}).sections[0].silent == ""


def test_what_wants_the_same_is_told_together():
    why = "It needs the table ratings."
    absent = {"data": {"columns": [], "rows": []}, "not_measured": why}
    names = ("translator", "funnel", "standing")
    cells = [made.code(made.figure("01", name, **absent)) for name in names]
    report = build({"01_benchmarking": made.session("01", *cells)})
    (gap,) = report.appendix.not_measured
    labels = {part.name: part.label for part in SESSIONS["01"].parts}
    shown = [labels[name][:1].upper() + labels[name][1:] for name in names]
    assert gap.whats == tuple(shown) and gap.what == "; ".join(shown)
    assert gap.why == why and any("ratings" in need for need in gap.takes)


def test_the_head_of_a_table_says_a_unit_once():
    payload = made.table("04", "groups")
    for column, (label, unit) in zip(
        payload["data"]["columns"], [("fees a month, GBP", "GBP"), ("share", "%")], strict=False
    ):
        column.update(label=label, unit=unit)
    assert pieces.table(payload).head[:2] == ("fees a month, GBP", "share (%)")


def test_what_the_settings_say_to_the_reader_stands_in_the_report(tmp_path):
    told = "Began in 1998 by selling servers; the service came with them."
    client = clients.make(tmp_path / "a", settings={"notes": told})
    assert outputs._facts(client).about == told
    said = made.build({}, replace(made.FACTS, about=told)).cover.about
    assert said == f"Worth knowing first: {told}"
    nothing = outputs._facts(clients.make(tmp_path / "b", settings={"notes": None})).about
    assert made.build({}, replace(made.FACTS, about=nothing)).cover.about == ""
