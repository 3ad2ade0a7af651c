"""What the window lets in, and what a session says and keeps quiet where it is short."""

from __future__ import annotations

import importlib
import json
import re

import clients
import pytest
from servicegap import bundles, schema
from servicegap.run import panel
from servicegap.sessions import referral_roadmap, start_here
from servicegap.sessions.referral_roadmap import headlines

GLAD = {"scale": "1-5", "satisfaction": 5, "would_refer": 10, "refer_scale": "0-10"}


def firm(folder, accounts=40, referred=(), left=(), settings=None, **more):
    """Accounts with a person each who is glad; some referred, or left, on the days given."""
    rows = [{"account_id": f"A{i}", "name": f"Firm {i}", "since": "2015-01-01",
             "left_on": left[i] if i < len(left) else None, "monthly_fee": 1000}
            for i in range(accounts)]  # fmt: skip
    made = [{"referral_id": f"R{i}", "account_id": f"A{i}", "made_on": day, "stage": "won"}
            for i, day in enumerate(referred)]  # fmt: skip
    people = [{"contact_id": f"C{i}", "account_id": f"A{i}"} for i in range(accounts)]
    tables = {"accounts": rows, "referrals": made, "contacts": people,
              "relationship": [p | GLAD for p in people]} | more  # fmt: skip
    return clients.make(folder, settings=settings or {}, **{k: v for k, v in tables.items() if v})


@pytest.mark.parametrize(("day", "won"), [("2025-06-30", 1), ("2025-07-01", 0)])
def test_a_referral_of_the_day_after_the_period_is_not_won_yet(tmp_path, day, won):
    client = firm(tmp_path, referred=["2025-01-15", day])
    rates, _ = referral_roadmap.rates_of(client)
    assert rates.won.hits == 1 + won and rates.events == 1 + won


# -- a period of three months: 1 April to 30 June 2025 -----------------------------------------

QUARTER = {"period": {"start": "2025-04-01", "end": "2025-06-30"}}
YEARS = 91 / 365


def short(folder, **more):
    return firm(folder, settings=QUARTER, **more)


@pytest.mark.parametrize("belief", ["did_refer_share", "stay_share"])
@pytest.mark.parametrize("guess", [None, (60, 50, 70)])
def test_a_guess_about_a_year_is_not_judged_by_three_months(tmp_path, belief, guess):
    """Of forty accounts two referred and one left: against 60 in 100 that was a blind spot."""
    client = short(
        tmp_path, referred=["2025-05-01"] * 2, left=["2025-05-01"],
        beliefs=clients.beliefs(**{belief: guess}) if guess else (),
    )  # fmt: skip
    finding = getattr(referral_roadmap, belief)(client)
    assert finding.estimate.measured and finding.estimate.hidden and not finding.estimate.speaks
    assert finding.verdict.word == ("too few to judge" if guess else "no guess")
    assert finding.verdict.strength is None and finding.verdict.needed is None
    assert "Only 3 of the 12 months that this is about are counted" in finding.sentence
    assert "period in client.yaml has to begin a year before it ends" in finding.sentence
    assert finding.action.what == headlines.LONGER and finding.action.id.endswith("measure")
    shown = bundles.bundle(finding)[bundles.MIME]
    assert shown["evidence"] is None and shown["gap"] is None and shown["could_see"] == ""
    assert {"did_refer_share", "stay_share"} & panel.own(client).keys() == set()
    could = start_here.could_see(client).data.set_index("belief")["gap"]
    assert could[schema.HEADLINES[belief].label] == "none: the period is too short"


def test_a_few_days_short_of_a_year_is_a_year(tmp_path):
    most = {"period": {"start": "2024-07-05", "end": "2025-06-30"}}
    client = firm(tmp_path, settings=most, left=["2025-05-01"],
                  beliefs=clients.beliefs(stay_share=(60, 50, 70)))  # fmt: skip
    assert referral_roadmap.stay_share(client).verdict.strength == "clear"


def test_the_pace_of_a_year_from_three_months(tmp_path):
    client = short(tmp_path, referred=["2025-05-01"], left=[None, "2025-05-01"])
    table = referral_roadmap.growth(client, years=2)
    assert table.title == "It takes 10 accounts to bring you one client a year"  # 40 × 91 ÷ 365
    assert "1 referral won in three months, from 40 accounts" in table.caption
    now, low, high, _ = table.data.to_dict("records")
    pace = 1 / (40 * YEARS)
    assert now["won"] == pytest.approx(100 * pace, abs=0.06)
    assert now["with_leaving"] == pytest.approx(
        100 * ((39 / 40) ** (1 / YEARS) + pace) ** 2, abs=0.06
    )
    assert low["won"] < now["won"] < high["won"]
    assert ", one did in three months, and it" in referral_roadmap.ladder(client).title
    none = referral_roadmap.growth(short(tmp_path / "b", referred=["2024-01-01"]))
    assert none.title == "None of 40 accounts brought you a client in three months"


def test_rates_of_a_year_from_three_months(tmp_path):
    """The same referrals, once of a year and once of a quarter of it: four times the rate."""
    days = ["2025-05-01"] * 6
    (year, _), (quarter, _) = (
        referral_roadmap.rates_of(one)
        for one in (firm(tmp_path / "a", referred=days), short(tmp_path / "b", referred=days))
    )
    assert quarter.events == year.events == 6
    assert quarter.delighted.mean == pytest.approx(year.delighted.mean / YEARS)
    assert quarter.won.mean == year.won.mean


def test_no_sentence_of_a_short_period_says_a_year(tmp_path):
    people = [{"contact_id": f"C{i}", "account_id": f"A{i}"} for i in range(40)]
    half = [p | GLAD | {"would_refer": 10 if i % 2 else 5} for i, p in enumerate(people)]
    tickets = [p | {"ticket_id": f"T{i}", "opened_at": "2025-05-01", "resolved_at": "2025-05-02"}
               for i, p in enumerate(people)]  # fmt: skip
    marks = [clients.rating(i, i, i, 5, ticket_id=f"T{i}") | {"answered_at": None}
             for i in range(20)]  # fmt: skip
    told = [{"date": "2025-05-01", "account_id": f"A{i}", "told_by": "client", "what": "x"}
            for i in range(6)]  # fmt: skip
    client = short(
        tmp_path, referred=["2025-05-01"] * 3, left=[None] * 9 + ["2025-05-01"],
        relationship=half, ratings=marks, tickets=tickets, wow_log=told,
    )  # fmt: skip
    said = []
    for number in ("00", "01", "06", "07", "08", "10"):
        session = schema.SESSIONS[number]
        module = importlib.import_module(f"servicegap.sessions.{session.module}")
        for one in session.parts:
            shown = bundles.bundle(getattr(module, one.name)(client))[bundles.MIME]
            said.append((one.name, json.dumps(shown, ensure_ascii=False)))
    wrong = {n for n, text in said if re.search(r"(twelve|12) months", text)}
    # the two headlines say what their guess is about, and what is not measured its name
    assert wrong <= {"did_refer_share", "stay_share", "voices", "came_or_went"}
    assert sum("three months" in text or "3 months" in text for _, text in said) >= 9
