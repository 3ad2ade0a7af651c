"""What is counted: the window, the scale, one value a contact, and who kept silent."""

from __future__ import annotations

import clients
import pandas as pd
import pytest
from clients import rating
from servicegap import measures, words
from servicegap.sessions.benchmarking import top_marks


def test_the_window_is_twelve_months_to_the_end_of_the_period(tmp_path):
    days = ["2024-06-30", "2024-06-30 23:59", "2024-07-01", "2025-06-30 23:59", "2025-07-01"]
    client = clients.make(tmp_path, ratings=[rating(i, i, when=day) for i, day in enumerate(days)])
    assert measures.ratings(client).answered["rating_id"].tolist() == ["R2", "R3"]


@pytest.mark.parametrize(
    ("settings", "first", "last"),
    [
        ({}, "2024-07-01", "2025-06-30"),
        ({"period": {"start": "2025-01-01", "end": "2025-03-31"}}, "2025-01-01", "2025-03-31"),
        ({"period": {"start": "2020-01-01", "end": "2025-03-31"}}, "2024-04-01", "2025-03-31"),
        ({"as_of": "2024-02-29"}, "2023-03-01", "2024-02-29"),
    ],
)
def test_windows(tmp_path, settings, first, last):
    client = clients.make(tmp_path, settings=settings, ratings=[rating(1, 1)])
    window = measures.window(client)
    days = pd.date_range("2019-01-01", "2026-01-01").to_series()
    inside = days[window.holds(days)]
    assert (inside.iloc[0], inside.iloc[-1]) == (pd.Timestamp(first), pd.Timestamp(last))
    before = days[window.earlier().holds(days)]
    assert before.iloc[-1] < inside.iloc[0] and not window.holds(pd.Series([pd.NaT])).any()


@pytest.mark.parametrize(
    ("start", "end", "years", "whole", "said"),
    [
        (None, "2025-06-30", 1, True, ("twelve months", "12 months")),
        (None, "2024-02-29", 1, True, ("twelve months", "12 months")),
        ("2024-07-03", "2025-06-30", 363 / 365, True, ("twelve months", "12 months")),
        ("2024-07-16", "2025-06-30", 350 / 365, False, ("eleven months", "11 months")),
        ("2026-07-01", "2026-09-30", 92 / 365, False, ("three months", "3 months")),
        ("2026-09-01", "2026-09-30", 30 / 365, False, ("30 days", "30 days")),
        ("2026-09-30", "2026-09-30", 1 / 365, False, ("1 day", "1 day")),
    ],
)
def test_how_long_a_window_is(tmp_path, start, end, years, whole, said):
    days = {k: v for k, v in (("start", start), ("end", end)) if v}
    within = measures.window(clients.make(tmp_path, settings={"period": days}))
    assert within.years == pytest.approx(years, abs=1e-12) and within.whole == whole
    assert (words.length(within), words.length(within, figures=True)) == said
    assert (within.months == 12) == whole


def test_a_contact_with_forty_tickets_counts_once(tmp_path):
    loud = [rating(i, 0, 0, 5) for i in range(40)]
    others = [rating(100 + i, i, i, 3) for i in range(1, 20)]
    client = clients.make(tmp_path, ratings=loud + others, contacts=clients.contacts(20, 20))
    found = top_marks(client)
    assert (found.value, found.n, found.accounts) == (pytest.approx(5), 20, 20)


def test_ones_own_share_is_own_top_marks_by_own_answers(tmp_path):
    rows = [rating(0, 0, 0, 5), rating(1, 0, 0, 3), rating(2, 0, 0, None), rating(3, 1, 1, 5)]
    client = clients.make(tmp_path, ratings=rows, contacts=clients.contacts(2, 2))
    contacts = measures.per_contact(measures.ratings(client).answered)
    assert contacts["top"].tolist() == [0.5, 1.0]
    assert contacts["answers"].tolist() == [2, 1]


def test_without_contacts_an_account_is_one_contact(tmp_path):
    rows = [rating(0, 0, 7, 5), rating(1, 0, 8, 3), rating(2, 1, None, 5)]
    assert top_marks(clients.make(tmp_path / "a", ratings=rows)).n == 2
    with_table = clients.make(tmp_path / "b", ratings=rows, contacts=clients.contacts(1, 1))
    assert top_marks(with_table).n == 3  # C7, C8, and the account A1 for a row without contact


def test_rows_in_any_order_say_the_same(tmp_path):
    rows = [rating(i, i % 3, i % 5, 5 if i % 4 else 2) for i in range(30)]  # contacts move about
    rows.append(rating(99, 9, 2, 4, scale="0-10"))
    one = clients.make(tmp_path / "a", ratings=rows, contacts=clients.contacts(5, 3))
    other = clients.make(tmp_path / "b", ratings=rows[::-1], contacts=clients.contacts(5, 3)[::-1])
    both = [measures.per_contact(measures.ratings(c).answered) for c in (one, other)]
    pd.testing.assert_frame_equal(*both)


@pytest.mark.parametrize(
    ("scale", "scores", "top", "satisfied"),
    [
        ("1-5", [5, 4, 3], [1, 0, 0], [1, 1, 0]),
        ("1-7", [7, 6, 5], [1, 0, 0], [1, 1, 0]),
        ("0-10", [10, 9, 8, 7, 6], [1, 1, 0, 0, 0], [1, 1, 1, 1, 0]),
        ("1-10", [9, 8, 7, 6], [1, 0, 0, 0], [1, 1, 1, 0]),
        ("-1/0/1", [1, 0, -1], [1, 0, 0], [1, 0, 0]),
        ("0/1", [1, 0], [1, 0], [1, 0]),
        ("0-100", [90, 89.9, 70, 69.9], [1, 0, 0, 0], [1, 1, 1, 0]),
    ],
)
def test_boxes(tmp_path, scale, scores, top, satisfied):
    rows = [rating(i, i, score=s, scale=scale) for i, s in enumerate(scores)]
    answered = measures.ratings(clients.make(tmp_path, ratings=rows)).answered
    assert answered["top"].tolist() == top and answered["satisfied"].tolist() == satisfied


# -- several scales ----------------------------------------------------------------------------


def test_the_scale_of_most_contacts_counts_and_the_ledger_says_so(tmp_path):
    many_answers = [rating(i, 0, 0, 9, scale="0-10") for i in range(50)]
    many_people = [rating(100 + i, i, i, 5) for i in range(1, 20)]
    client = clients.make(
        tmp_path, ratings=many_answers + many_people, contacts=clients.contacts(20, 20)
    )
    counted = measures.ratings(client)
    assert counted.scale.name == "1-5" and counted.other_scales == 50
    ledger = measures.ledgers(client)["ratings"]
    assert (ledger.read, ledger.kept, ledger.excluded) == (69, 19, 50)
    assert ledger.reasons[measures.OTHER_SCALE] == 50


def test_one_scale_leaves_the_ledger_alone(tmp_path):
    client = clients.make(tmp_path, ratings=[rating(1, 1)])
    assert measures.ledgers(client)["ratings"] is client.reads["ratings"].ledger


def test_a_firm_that_has_changed_its_scale_is_measured_on_the_new_one(tmp_path):
    old = [rating(i, i, score=9, scale="0-10", when="2023-09-01") for i in range(60)]
    new = [rating(100 + i, i) for i in range(30)]
    client = clients.make(tmp_path, ratings=old + new)
    assert measures.ratings(client).scale.name == "1-5"
    earlier = measures.ratings(client, measures.window(client).earlier())
    assert earlier.scale.name == "1-5" and earlier.answered.empty  # years on one scale only


# -- the silent --------------------------------------------------------------------------------


def test_response_counts_whoever_answered_on_any_scale(tmp_path):
    rows = [rating(i, i, i) for i in range(6)] + [rating(9, 6, 6, 10, scale="0-10")]
    client = clients.make(tmp_path, ratings=rows, contacts=clients.contacts(20, 20))
    found = measures.response(client)
    assert (found.answered, found.known, found.weak) == (7, 20, True)


def test_response_without_contacts(tmp_path):
    heard = [rating(i, i) for i in range(6)]
    asked = [rating(9, 7, score=None), rating(10, 8, score=None)]
    by_asking = measures.response(clients.make(tmp_path / "a", ratings=heard + asked))
    assert (by_asking.answered, by_asking.known) == (6, 8)
    answers_only = measures.response(clients.make(tmp_path / "b", ratings=heard))
    assert answers_only.known is None and answers_only.share is None and answers_only.weak
    listed = clients.make(tmp_path / "c", ratings=heard, accounts=clients.accounts(30))
    assert measures.response(listed).known == 30


def test_people_of_accounts_that_had_left_are_not_called_silent(tmp_path):
    firms = clients.accounts(10)
    firms[0]["left_on"], firms[1]["left_on"] = "2023-01-01", "2025-02-01"
    client = clients.make(
        tmp_path, ratings=[rating(5, 5, 5)], accounts=firms, contacts=clients.contacts(20, 10)
    )
    assert measures.response(client).known == 18
    assert {"C1", "C11"} <= measures.looked_after(client)  # left within the window: still asked for


# -- dates -------------------------------------------------------------------------------------


def test_a_table_without_dates_is_of_this_year_and_of_no_other(tmp_path):
    rows = [{"rating_id": f"R{i}", "account_id": f"A{i}", "score": 5, "scale": "1-5"}
            for i in range(12)]  # fmt: skip
    client = clients.make(tmp_path, ratings=rows)
    counted = measures.ratings(client)
    assert len(counted.answered) == 12 and not counted.dated
    assert measures.ratings(client, measures.window(client).earlier()).answered.empty


def test_single_ratings_without_a_date_stay_out_and_are_counted(tmp_path):
    rows = [rating(i, i) for i in range(6)] + [rating(9, 9, when=None)]
    counted = measures.ratings(clients.make(tmp_path, ratings=rows))
    assert len(counted.answered) == 6 and counted.undated == 1


def test_an_unanswered_rating_is_placed_by_when_it_was_asked(tmp_path):
    late = rating(1, 1) | {"asked_at": "2024-06-01", "answered_at": "2024-07-02"}
    client = clients.make(tmp_path, ratings=[late, rating(2, 2, score=None)])
    counted = measures.ratings(client)
    assert len(counted.answered) == 1 and len(counted.asked) == 2


def test_a_watermelon_is_one_thing_in_every_session(tmp_path):
    """The last mark of a ticket of the window counts: put right after a bad mark, it is green."""
    from servicegap.sessions import start_here
    from servicegap.sessions.referral_roadmap import gaps
    from servicegap.sessions.technology_vs_people.watermelons import green as green_tickets

    def ticket(i: int, when: str) -> dict:
        return {"ticket_id": f"T{i}", "account_id": f"A{i % 10}", "contact_id": f"C{i}",
                "opened_at": when, "sla_met": "yes"}  # fmt: skip

    marks = [rating(i, i % 10, i, 5, ticket_id=f"T{i}") for i in range(20)]
    first_mark = rating(90, 0, 0, 1, "2025-03-02", ticket_id="T0")
    marks[1] |= {"score": 1}
    old = rating(91, 2, 2, 1, "2024-07-02", ticket_id="T91")
    held = [*(ticket(i, "2025-03-01") for i in range(20)), ticket(91, "2024-06-29")]
    client = clients.make(
        tmp_path / "a", contacts=clients.contacts(20, 10), accounts=clients.accounts(10),
        ratings=[first_mark, *marks, old], tickets=held,
    )  # fmt: skip
    green = green_tickets(client)
    assert len(green) == 20 and green.loc[green["red"] == 1, "ticket_id"].to_list() == ["T1"]
    assert gaps._watermelon(client) == set(green.loc[green["red"] == 1, "person"])
    assert start_here._answers(client)["watermelon_share"] == 20


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize(("first", "last"), [("R9", "R10"), ("1", "2")])
def test_the_last_mark_of_one_moment_is_one_in_every_session(tmp_path, turned, first, last):
    """Two marks of one day: red in one session and green in the other it must not be."""
    from servicegap.sessions.third_party_impact import chain

    marks = [rating(0, 0, 0, 1, ticket_id="T") | {"rating_id": first},
             rating(1, 0, 0, 5, ticket_id="T") | {"rating_id": last}]  # fmt: skip
    ticket = {"ticket_id": "T", "account_id": "A0", "contact_id": "C0", "opened_at": "2025-03-01",
              "sla_met": "yes"}  # fmt: skip
    client = clients.make(
        tmp_path, ratings=marks[::-1] if turned else marks, tickets=[ticket],
        contacts=clients.contacts(1, 1),
    )  # fmt: skip
    for found in (measures.last_rated(client), chain.rated(client)):
        assert found["satisfied"].to_list() == [1]


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        (["Acme", "ACME"], ["Acme", "Acme"]),
        (["ACME", "acme ", "ACME"], ["ACME"] * 3),
        (["acme", "ACME"], ["ACME", "ACME"]),
        (["Mo  Co", "mo co", None, " "], ["Mo Co", "Mo Co", None, None]),
        ([None, None], [None, None]),
        ([], []),
    ],
)
def test_of_two_spellings_one_is_shown_in_every_session(tmp_path, said, shown):
    assert _plain(measures.one_spelling(pd.Series(said, dtype="str"))) == shown
    assert _plain(measures.one_spelling(pd.Series(said[::-1], dtype="str"))) == shown[::-1]


def test_suppliers_and_segments_are_spelled_by_one_rule(tmp_path):
    from servicegap.sessions.one_size_fits_all import cuts
    from servicegap.sessions.third_party_impact import chain

    names = ("acme", "ACME", "Acme")
    held = [{"ticket_id": f"T{i}", "account_id": f"A{i}", "opened_at": "2025-03-01",
             "third_party": name} for i, name in enumerate(names)]  # fmt: skip
    rows = [{"account_id": f"A{i}", "name": "x", "segment": n} for i, n in enumerate(names)]
    client = clients.make(tmp_path, accounts=rows, tickets=held)
    assert _plain(chain.human(client)["vendor"]) == ["Acme"] * 3
    assert _plain(cuts.labels(client, "segment")) == ["Acme"] * 3


def _plain(names: pd.Series) -> list[str | None]:
    return [None if pd.isna(name) else name for name in names]


def test_who_is_there_when_the_window_begins_and_ends_is_one_thing_everywhere(tmp_path):
    """Window: 1 July 2024 to 30 June 2025; a day before, on and after either of its ends."""
    from servicegap.sessions.benchmarking import silent_accounts
    from servicegap.sessions.one_size_fits_all import cuts
    from servicegap.sessions.pricing_vs_value.fees import paying
    from servicegap.sessions.service_gaps import customers
    from servicegap.sessions.third_party_impact.goodwill import did_refer
    from servicegap.sessions.wow_moment_gaps import here_now

    days = [None, "2024-06-30", "2024-07-01", "2025-06-29", "2025-06-30", "2025-07-01"]
    rows = [{"account_id": f"{s} {e}", "name": "x", "since": s, "left_on": e, "seats": 5,
             "monthly_fee": 9} for s in days for e in days if not (s and e) or s <= e]  # fmt: skip
    client = clients.make(tmp_path, accounts=rows)
    began = set(measures.active_at_start(client)["account_id"])
    ended = set(measures.active_at_end(client)["account_id"])
    first, last = "2024-06-30", "2025-06-30"
    assert began == {r["account_id"] for r in rows
                     if (r["since"] or "") <= first < (r["left_on"] or "9")}  # fmt: skip
    assert ended == {r["account_id"] for r in rows
                     if (r["since"] or "") <= last < (r["left_on"] or "9")}  # fmt: skip
    stayed = measures.staying(client)
    assert set(stayed.index) == began and set(stayed.index[stayed == 1]) == began & ended
    assert set(customers._leaving(client).index[customers._leaving(client)]) == began - ended
    assert set(did_refer(client)["account_id"]) == began
    for found in (paying(client), cuts.accounts_now(client, "segment"),
                  here_now(client).reset_index()):  # fmt: skip
        assert set(found["account_id"]) == ended
    quiet = silent_accounts(clients.make(tmp_path / "b", accounts=rows,
                                                   ratings=[rating(0, 1)]))  # fmt: skip
    assert f"of {len(ended)} said nothing" in quiet.title


def test_a_clock_that_ran_backwards_is_nobodys_good_service():
    lengths = pd.to_timedelta(["-2h", "3h", None])
    assert measures.hours(pd.Series(lengths)).fillna(-1).to_list() == [-1, 3, -1]


def test_who_spoke_of_value_alone_is_counted_wherever_value_is(tmp_path):
    from servicegap.sessions import pricing_vs_value, start_here

    rows = [{"contact_id": f"C{i}", "account_id": f"A{i % 10}", "satisfaction": 5, "value": 4,
             "would_refer": None if i < 3 else 4, "scale": "1-5"} for i in range(30)]  # fmt: skip
    client = clients.make(
        tmp_path / "a", contacts=clients.contacts(30, 10), relationship=rows,
    )  # fmt: skip
    counts = start_here._answers(client)
    assert counts["good_value_share"] == pricing_vs_value.good_value(client).n == 30
    assert counts["okay_not_referring"] == 27


def test_who_is_present_is_told_by_fewer_rows():
    rows = pd.DataFrame(
        {
            "person": ["a", "a", "b", "b", "c", "c"],
            "account_id": ["X", "X", "X", "Y", "Y", "Y"],
            "team": ["one", "one", "one", "one", "two", None],
        }
    )
    fewer = measures.present(rows, "team")
    assert len(fewer) == 5
    for who in ("person", "account_id"):
        assert set(zip(rows[who], rows["team"], strict=True)) == set(
            zip(fewer[who], fewer["team"], strict=True)
        )
    assert measures.numbered(rows["account_id"]).tolist() == [0, 0, 0, 1, 1, 1]


def test_what_is_counted_is_worked_out_once_and_stays_as_it_is(tmp_path):
    tickets = [
        {"ticket_id": f"T{i}", "account_id": "A0", "opened_at": "2025-03-01T08:00"} for i in (1, 2)
    ]
    client = clients.make(
        tmp_path, tickets=tickets, ratings=[rating(1, 0, 0, 5, ticket_id="T1")],
        contacts=clients.contacts(3, 1),
    )  # fmt: skip
    for count in (measures.ratings, measures.opened_tickets, measures.last_rated):
        assert count(client) is count(client)
    first = measures.rated_tickets(client)
    assert measures.rated_tickets(client, measures.window(client)) is first
    earlier = measures.window(client).earlier()
    assert measures.ratings(client, earlier).asked.empty and len(first) == 1
