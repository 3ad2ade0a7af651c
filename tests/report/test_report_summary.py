"""The executive summary: what it says first, and that can't tell is an answer in it."""

from __future__ import annotations

from io import BytesIO
from itertools import groupby

import made_notebooks as made
from pptx import Presentation
from servicegap.report import html, pdf, pptx
from servicegap.report.model import Report
from servicegap.schema import SESSIONS

WORSE = {"value": -17, "low": -24, "high": -10, "verdict": "worse"}
BETTER = {"value": 25, "low": 13, "high": 37, "verdict": "better"}
OPEN = {"value": -4, "low": -14, "high": 6, "verdict": "can't tell"}
UNKNOWN = {"value": None, "low": None, "high": None, "verdict": "can't tell"}
CHANCE = (
    "Last time it stood out as poor, and what stands out as poor comes back part of the way by "
    "chance alone: not all of this is your doing."
)


def of(*findings: dict) -> Report:
    by_session = groupby(sorted(findings, key=session_of), session_of)
    return made.build({SESSIONS[n].stem: made.session(n, *map(made.code, those))
                       for n, those in by_session})  # fmt: skip


def session_of(finding: dict) -> str:
    return finding["session"]


def changed(belief: str, change: dict, since: str = "So: it is.") -> dict:
    return made.finding(belief, change=change, since=since)


def calm() -> Report:
    """A firm in which nothing goes on: what could be judged holds, and the rest is open."""
    held = ("well judged", None, (71, 65, 78), (72, 64, 79), -1)
    thin = ("too few to judge", None, (47, 41, 54), (53, 44, 62), -6)
    return of(made.finding("csat", held), made.finding("good_value_share", thin, could_see="18"))


# -- two periods -------------------------------------------------------------------------------


def test_a_second_report_says_first_what_has_changed_with_figures_and_chance() -> None:
    report = of(
        changed("expectations_met", WORSE, "Worse than last period: 63 in 100 now, 80 then."),
        changed("csat", BETTER, f"Better than last period: 60 in 100 now, 35 then. {CHANCE}"),
        changed("good_value_share", BETTER | {"value": 11}),
        changed("stay_share", OPEN),
    )
    first = report.summary[0]
    assert len(report.summary) == 2
    assert first.startswith(
        "Since last period “Expectations met” is worse, and “Top marks” and “Top marks for value” "
        "are better. “Expectations met”: 63 in 100 now, 80 then. “Top marks”: 60 in 100 now, 35 "
        f"then. {CHANCE} Of the other one it can't be told: whatever moved there may be luck."
    )


def test_a_second_report_is_read_in_ninety_seconds_too() -> None:
    long = "So it is, and so it was, and what lies between them may be told in a few more words."
    found = [
        made.finding(b, sentence=long * 3, change=BETTER, since=f"Better: {long} {CHANCE}")
        for b in made.OUTCOMES
    ]
    said = " ".join(of(*found).summary)
    assert len(said.split()) <= 290


def test_where_nothing_is_settled_that_is_an_answer() -> None:
    first = of(changed("csat", OPEN), changed("good_value_share", OPEN)).summary[0]
    assert first.startswith("Whether anything is better or worse than last period can't be told:")
    assert "of the two figures that could speak in both periods" in first
    assert "That is an answer too" in first


def test_where_nothing_can_be_compared_it_says_why() -> None:
    first = of(changed("csat", UNKNOWN)).summary[0]
    assert first.startswith("Nothing can be set beside last period")


def test_a_first_report_does_not_speak_of_last_period(full) -> None:
    assert len(full.summary) == 2 and "last period" not in " ".join(full.summary)


# -- nothing going on --------------------------------------------------------------------------


def test_a_firm_in_which_nothing_goes_on_is_told_so_calmly() -> None:
    report = calm()
    found, then = report.summary
    assert found.endswith(
        "None of them is shown to flatter you, so nothing here calls for a repair."
    )
    assert "You judged one belief well, which is worth knowing too: “Top marks”." in then
    assert "on one these answers can't tell" in then
    assert "how wide a gap would have shown stands in the appendix" in then
    assert report.no_risk.startswith("No belief") and "a result" in report.no_risk
    assert report.actions_lead == (
        "Nothing here calls for a repair. These are cheap looks at what is still open."
    )
    assert report.scorecard.leanings == (
        "Every verdict here is either settled or open; none merely leans."
    )


def test_the_lead_of_the_actions_stands_in_every_form() -> None:
    report = calm()
    assert report.actions_lead in html.render(report) and pdf.render(report)
    deck = Presentation(BytesIO(pptx.render(report)))
    assert report.actions_lead in said_on(deck)


def test_no_risk_and_no_win_are_one_slide_and_said_in_full() -> None:
    report = calm()
    deck = Presentation(BytesIO(pptx.render(report)))
    titles = [slide.shapes.title.text_frame.text for slide in deck.slides]
    assert "Risks and wins" in titles and "Risks to mend first" not in titles
    assert report.no_risk in said_on(deck) and report.no_win in said_on(deck)


def said_on(deck) -> str:
    return "\n".join(s.text_frame.text for x in deck.slides for s in x.shapes if s.has_text_frame)


def test_where_something_is_to_be_mended_the_actions_have_no_lead(full) -> None:
    assert full.actions_lead == ""


# -- nothing measured --------------------------------------------------------------------------


def test_nothing_measured_is_no_statement_about_the_service_and_tells_what_there_is() -> None:
    nothing = ("not measured", None, None, None, None)
    cells = [
        made.code(made.figure("01", "sla_per_event", title="Counting log rows flatters the SLA")),
        made.code(made.finding("csat", nothing)),
    ]
    report = made.build({"01_benchmarking": made.session("01", *cells)})
    assert "What they do show: “Counting log rows flatters the SLA”." in report.summary[0]
    assert "Not everything is settled" not in report.summary[1]
    said = " ".join((*report.summary, report.no_risk, report.no_win))
    assert "Nothing could be looked at" not in said
    assert report.actions_lead.startswith("Nothing can be mended before it is measured")


# -- what comes next ---------------------------------------------------------------------------


def test_the_words_of_a_promise_stand_as_the_owner_wrote_them() -> None:
    def first(what: str, owner: str | None) -> str:
        action = made.finding("csat")["action"] | {"what": what, "owner": owner}
        return of(made.finding("csat", action=action)).summary[-1]

    assert ": sort out the phones. Measure again" in first("Sort out the phones.", None)
    assert ": SLA clock: stop it at night. Measure" in first("SLA clock: stop it at night.", None)
    for said in ("Microsoft licences: say what they are for", "SLA clock: stop pausing it"):
        assert f": {said}. Measure again" in first(f"{said}.", "desk lead")
