"""Session 06: watermelons, fast beside good, machines at the door, and what speed is worth."""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from pathlib import Path

import clients
import numpy as np
import pandas as pd
import pytest
import yaml
from servicegap import charts, schema, stats, words
from servicegap.bundles import MIME, bundle
from servicegap.client import load
from servicegap.findings import Figure
from servicegap.sessions import technology_vs_people as tech
from servicegap.sessions.technology_vs_people import work
from servicegap.sessions.technology_vs_people.contained import back_and_before
from servicegap.sessions.technology_vs_people.faster_happier import levels_off, timed
from servicegap.sessions.technology_vs_people.first_handlers import median
from servicegap.sessions.technology_vs_people.like_with_like import LIKE, columns_of, linear

PARTS = [getattr(tech, part.name) for part in schema.SESSIONS["06"].parts]
START = datetime(2025, 1, 6, 9)


def ticket(i, account=None, contact=None, hours=4.0, opened=None, reply=1.0, **more):
    """One ticket of the window; contact i of 40, of account i of 20, unless told."""
    opened = opened or START + timedelta(hours=3 * (i % 500))
    when = opened if isinstance(opened, datetime) else datetime.fromisoformat(opened)
    row = {"ticket_id": f"T{i}", "account_id": f"A{i % 20 if account is None else account}",
           "contact_id": f"C{i % 40 if contact is None else contact}",
           "opened_at": when.isoformat(timespec="minutes"),
           "first_reply_at": (when + timedelta(hours=reply)).isoformat(timespec="minutes"),
           "resolved_at": (when + timedelta(hours=hours)).isoformat(timespec="minutes"),
           "priority": "P2", "type": "incident", "channel": "phone", "sla_met": "yes"}  # fmt: skip
    return row | more


def desk(folder, tickets, score, **more):
    """A client with these tickets, each rated `score(ticket)` (None: not rated) by its contact."""
    marks = [(t, score(t)) for t in tickets]
    ratings = [
        clients.rating(i, t["account_id"][1:], t["contact_id"][1:], m, ticket_id=t["ticket_id"])
        for i, (t, m) in enumerate(marks)
        if m is not None
    ]
    if ratings:
        more = {"ratings": ratings} | more
    people = {t["contact_id"]: t["account_id"] for t in tickets}
    contacts = [{"contact_id": c, "account_id": a} for c, a in people.items()]
    return clients.make(folder, tickets=tickets, contacts=contacts, **more)


def number(row) -> int:
    return int(row["ticket_id"][1:])


def scrambled(i: int, of: int = 10) -> int:
    """A whole number under `of` that has nothing to do with whose ticket it is."""
    return (i * 7919 // 13) % of


def said(result) -> str:
    texts = [result.title, getattr(result, "alt", ""), getattr(result, "caption", "")]
    texts += [getattr(result, "sentence", ""), *getattr(result, "caveats", ())]
    return " ".join([*texts, result.not_measured or "" if hasattr(result, "not_measured") else ""])


# -- the headline, to the letter ---------------------------------------------------------------


def test_which_tickets_are_watermelons(tmp_path):
    """Ten green tickets count, of which three are red; nine others would change the figure."""
    tickets = [ticket(i, account=i, contact=i) for i in range(10)]
    score = {f"T{i}": 2 if i < 3 else 4 for i in range(10)}
    odd = [
        ticket(20, sla_met="no"), ticket(21, sla_met=None), ticket(22, source="monitoring"),
        ticket(23, opened="2024-05-01T09:00"), ticket(24, opened="2025-07-10T09:00"),
    ]  # fmt: skip
    human = [ticket(30, account=0, contact=0, source="human")]
    score |= {t["ticket_id"]: 1 for t in odd} | {"T30": 5}
    client = desk(tmp_path / "a", tickets + odd + human, lambda t: score[t["ticket_id"]])
    estimate = tech.left_unhappy(client)
    assert (estimate.n, estimate.contacts, estimate.accounts) == (11, 10, 10)
    assert estimate.value == pytest.approx(100 * 3 / 11)
    assert (estimate.unit, estimate.per) == ("% of tickets", "tickets")


def test_of_several_marks_the_last_counts(tmp_path):
    tickets = [ticket(i, account=i, contact=i) for i in range(12)]
    first = [clients.rating(i, i, i, 1, when="2025-02-01", ticket_id=f"T{i}") for i in range(12)]
    last = [clients.rating(50 + i, i, i, 5, when="2025-03-01", ticket_id=f"T{i}") for i in range(6)]
    late = [clients.rating(90, 7, 7, 5, when="2025-08-01", ticket_id="T7")]  # after the window
    late += [clients.rating(91, 8, 8, None, when="2025-04-01", ticket_id="T8")]  # no answer
    client = clients.make(
        tmp_path, tickets=tickets, ratings=last + first + late,
        contacts=[{"contact_id": f"C{i}", "account_id": f"A{i}"} for i in range(12)],
    )  # fmt: skip
    assert tech.left_unhappy(client).value == pytest.approx(50)
    assert tech.left_unhappy(client).n == 12


@pytest.mark.parametrize(
    ("red", "belief", "word", "strength"),
    [(0.4, (8, 4, 12), "blind spot", "clear"), (0.05, (40, 34, 46), "hidden strength", "clear"),
     (0.2, (20, 14, 26), "well judged", None)],
)  # fmt: skip
def test_a_flattering_belief_a_modest_one_and_a_true_one(tmp_path, red, belief, word, strength):
    tickets = [ticket(i) for i in range(300)]
    client = desk(
        tmp_path, tickets, lambda t: 2 if scrambled(number(t), 20) < 20 * red else 5,
        beliefs=clients.beliefs(watermelon_share=belief),
    )  # fmt: skip
    found = tech.watermelon_share(client)
    assert (found.verdict.word, found.verdict.strength) == (word, strength)
    assert found.estimate.value == pytest.approx(100 * red, abs=2)


def test_the_share_rated_and_what_the_rest_could_change(tmp_path):
    tickets = [ticket(i) for i in range(100)]
    client = desk(
        tmp_path, tickets, lambda t: (2 if number(t) < 10 else 5) if number(t) < 40 else None
    )
    caveat = tech.watermelon_share(client).caveats[0]
    assert caveat == (
        "40 of 100 tickets closed inside the SLA were rated. Had all been, the figure would lie "
        "between 10 and 70."
    )


def test_nothing_green_that_is_rated_is_not_measured(tmp_path):
    client = desk(tmp_path, [ticket(i, sla_met="no") for i in range(20)], lambda t: 3)
    found = tech.watermelon_share(client)
    assert found.verdict.word == "not measured" and "inside the SLA" in found.sentence


# -- like with like ----------------------------------------------------------------------------


def random_rows(seed=3, n=400):
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame(
        {"group": rng.choice(["a", "b", "c"], n, p=[0.5, 0.3, 0.2]),
         "type": rng.choice(["x", "y", "z"], n), "priority": rng.choice(["1", "2"], n),
         "account_id": [f"A{k}" for k in rng.integers(0, 25, n)]}
    )  # fmt: skip
    frame["person"] = frame["account_id"] + "-" + pd.Series(rng.integers(0, 4, n).astype(str))
    chance = 0.5 + 0.2 * (frame["group"] == "b") - 0.2 * (frame["type"] == "z")
    return frame.assign(value=(rng.random(n) < chance).astype(float))


def by_hand(rows, columns, contrast):
    """Least squares and the sandwich by account, from their formulas."""
    design = np.column_stack(columns)
    y, bread = rows["value"].to_numpy(), np.linalg.inv(design.T @ design)
    beta = bread @ design.T @ y
    rest, meat = y - design @ beta, np.zeros_like(bread)
    homes = rows["account_id"].unique()
    for home in homes:
        mine = (rows["account_id"] == home).to_numpy()
        score = design[mine].T @ rest[mine]
        meat += np.outer(score, score)
    (n, k), g = design.shape, len(homes)
    robust = bread @ meat @ bread * g / (g - 1) * (n - 1) / (n - k)
    plain = bread * (rest @ rest) / (n - k)
    error = math.sqrt(max(contrast @ v @ contrast for v in (robust, plain)))
    return float(contrast @ beta), error


def test_adjusted_figures_and_their_errors_by_hand():
    rows = random_rows()
    found = tech.compare(rows, ["a", "b", "c"])
    dummies = [(rows["group"] == g).to_numpy(float) for g in "abc"]
    dummies += [(rows["priority"] == "2").to_numpy(float)]
    dummies += [(rows["type"] == t).to_numpy(float) for t in "yz"]
    share = np.array([np.mean(rows["group"] == g) for g in "abc"] + [0, 0, 0])
    for i in range(3):
        contrast = np.eye(6)[i] - share
        off, error = by_hand(rows, dummies, contrast)
        assert found.value[i] == pytest.approx(rows["value"].mean() + off)
        assert found.error[i] == pytest.approx(error)
    assert found.raw[1] == pytest.approx(rows.loc[rows["group"] == "b", "value"].mean())
    assert (
        np.abs(found.pooled - found.overall) <= np.abs(found.value - found.overall) + 0.02
    ).all()


def test_groups_that_differ_by_their_work_alone_are_alike(tmp_path):
    """Team A does what people like, team B what they don't; neither is the better team."""
    kinds = {"A": 9, "B": 1}  # of ten, requests
    tickets = []
    for i in range(400):
        team = "AB"[i % 2]
        kind = "request" if (i // 2 * 7) % 10 < kinds[team] else "incident"
        tickets.append(ticket(i, team=team, type=kind, contact=i % 80, account=i % 80 % 20))
    happy = {"request": 9, "incident": 4}
    client = desk(tmp_path, tickets, lambda t: 5 if scrambled(number(t)) < happy[t["type"]] else 3)
    figure = tech.team_quadrants(client)
    rows = figure.data.set_index("team")
    assert rows.loc["A", "good_raw"] - rows.loc["B", "good_raw"] > 30
    assert abs(rows.loc["A", "good"] - rows.loc["B", "good"]) < 8
    assert figure.title.startswith("No evidence that your teams differ")
    assert "would be seen four times in five" in figure.caption


def test_a_group_alone_with_its_work_is_not_compared():
    rows = random_rows()
    rows.loc[rows["group"] == "c", "type"] = "own"  # nobody else does it
    rows.loc[rows["group"] != "c", "type"] = rows.loc[rows["group"] != "c", "type"].replace(
        "own", "x"
    )
    found = tech.compare(rows, ["a", "b", "c"])
    assert found.names == ("a", "b") and found.alone == ("c",)
    assert tech.compare(rows[rows["group"] != "b"], ["a", "c"]) is None


def test_rare_kinds_of_work_are_taken_together():
    rows = random_rows(n=60).assign(type=[f"kind {i}" for i in range(30)] * 2, priority="1")
    assert columns_of(rows, LIKE).shape == (60, 0)


def test_an_error_is_never_nought_where_all_agree():
    rows = random_rows().assign(value=1.0)
    rows.loc[rows["group"] == "a", "value"] = np.tile([0.0, 1.0], 400)[
        : (rows["group"] == "a").sum()
    ]
    found = tech.compare(rows, ["a", "b", "c"])
    assert (found.error > 0.015).all()


def test_names_and_order_of_rows_change_nothing():
    rows = random_rows()
    other = rows.assign(account_id=rows["account_id"].map(lambda a: f"z{hash(a) % 997}{a}"))
    other = other.sample(frac=1, random_state=5)
    one, two = tech.compare(rows, ["a", "b", "c"]), tech.compare(other, ["a", "b", "c"])
    assert one.value == pytest.approx(two.value) and one.p == pytest.approx(two.p)


# -- fast beside good --------------------------------------------------------------------------


def two_teams(tmp_path, hours, happy, **more):
    """Teams of the same work: hours and, of ten, how many are happy, by team."""
    tickets = [
        ticket(i, team=team, hours=hours[team] * (0.5 + scrambled(i, 7) / 6), contact=i % 80,
               account=i % 80 % 20, touches=1 + i % 3, hours_worked=0.5, reopened=0, reassigned=0)
        for i, team in ((i, list(hours)[(i // 3) % len(hours)]) for i in range(450))
    ]  # fmt: skip
    return desk(
        tmp_path, tickets, lambda t: 5 if scrambled(number(t)) < happy[t["team"]] else 3, **more
    )


def test_fast_and_not_good_is_named(tmp_path):
    hours, happy = {"Quick": 1, "Slow": 8, "Third": 3}, {"Quick": 3, "Slow": 9, "Third": 6}
    figure = tech.team_quadrants(two_teams(tmp_path, hours, happy))
    assert figure.title == "Fast, and not good: Quick; good, and not fast: Slow"
    rows = figure.data.set_index("team")
    assert rows.loc["Quick", "speed"] < rows.loc["Slow", "speed"]
    assert rows.loc["Quick", "speed"] == pytest.approx(rows.loc["Quick", "speed_raw"], rel=0.3)
    assert (rows["good_low"] < rows["good"]).all() and (rows["good"] < rows["good_high"]).all()


def test_fast_and_good_is_said_as_gladly(tmp_path):
    hours, happy = {"Quick": 1, "Slow": 8, "Third": 3}, {"Quick": 9, "Slow": 3, "Third": 6}
    figure = tech.team_quadrants(two_teams(tmp_path, hours, happy))
    assert figure.title == "Fast and good: Quick; neither fast nor good: Slow"


@pytest.mark.parametrize(
    ("hours", "happy", "title"),
    [((1, 8), (6, 6), "Quicker: Quick; no evidence that it is better, or worse, for it"),
     ((3, 3), (9, 3), "Given the top mark: Quick more often, Slow less often; no evidence that "
      "speed goes with it"),
     ((3, 3), (6, 6), "No evidence that your teams differ, in speed or in what comes of it")],
)  # fmt: skip
def test_one_scale_alone_and_neither(tmp_path, hours, happy, title):
    names = ("Quick", "Slow")
    client = two_teams(
        tmp_path, dict(zip(names, hours, strict=True)), dict(zip(names, happy, strict=True))
    )
    assert tech.team_quadrants(client).title == title


def test_all_eight_measures_and_those_that_are_missing(tmp_path):
    hours, happy = {"Quick": 1, "Slow": 8}, {"Quick": 3, "Slow": 9}
    table = tech.both_sides(two_teams(tmp_path / "a", hours, happy))
    assert list(table.data.columns[1:]) == [*work.SPEED, *work.GOOD]
    rows = table.data.set_index("team")
    assert rows.loc["Slow", "time to resolve"].endswith("*")
    assert rows.loc["Quick", "solved first time"] == "100 %"
    assert table.title == "Your teams differ in how fast they are and in what comes of it"
    plain = [ticket(i, team="AB"[i % 2], contact=i % 80) for i in range(200)]
    client = desk(tmp_path / "b", plain, lambda t: None)
    table = tech.both_sides(client)
    assert (
        "Not measured: touches, hours worked, top marks, solved first time and not reopened."
        in (table.caption)
    )


def test_a_measure_that_is_not_there_is_named(tmp_path):
    client = desk(tmp_path, [ticket(i, team="AB"[i % 2]) for i in range(80)], lambda t: 5)
    missing = tech.team_quadrants(client, speed="touches", good="solved first time").not_measured
    assert missing == (
        "It needs the column touches of the table tickets, the column reopened of the table "
        "tickets and the column reassigned of the table tickets."
    )
    with pytest.raises(ValueError, match="first reply, time to resolve"):
        tech.team_quadrants(client, speed="haste")


def test_small_teams_are_hidden(tmp_path):
    tickets = [ticket(i, team="A" if i % 2 else "B") for i in range(200)]
    tickets += [ticket(200 + i, team="Tiny", contact=0) for i in range(30)]
    client = desk(tmp_path, tickets, lambda t: 4 + scrambled(number(t), 2))
    for look in (tech.team_quadrants, tech.both_sides):
        assert "Tiny" not in said(look(client))


# -- coming back -------------------------------------------------------------------------------


def came_back_by_hand(rows, every, days, before, another_way):
    begin, end = every["opened_at"].min(), every["opened_at"].max()
    reach, found = pd.Timedelta(days=days), {}
    for i, mine in rows.iterrows():
        at = mine["opened_at"] if before else mine["resolved_at"]
        if pd.isna(at) or (at - reach < begin if before else at + reach > end):
            continue
        found[i] = 0.0
        for _, other in every.iterrows():
            same = all(mine[k] == other[k] for k in ("account_id", "contact_id", "type"))
            gap = at - other["opened_at"] if before else other["opened_at"] - at
            way = any(mine[k] != other[k] for k in ("channel", "first_handler"))
            if same and pd.Timedelta(0) < gap <= reach and (way or not another_way):
                found[i] = 1.0
    return found


@pytest.mark.parametrize("before", [False, True])
@pytest.mark.parametrize("another_way", [False, True])
def test_coming_back_agrees_with_looking_at_every_pair(before, another_way):
    rng = np.random.default_rng(11)
    n = 160
    opened = pd.Timestamp("2025-01-01") + pd.to_timedelta(rng.integers(0, 100 * 24, n), unit="h")
    every = pd.DataFrame(
        {"account_id": "A", "contact_id": [f"C{k}" for k in rng.integers(0, 12, n)],
         "type": rng.choice(["x", "y"], n), "channel": rng.choice(["phone", "chat"], n),
         "first_handler": rng.choice(["bot", "person"], n), "opened_at": opened,
         "resolved_at": opened + pd.to_timedelta(rng.integers(1, 90, n), unit="h")}
    )  # fmt: skip
    every.loc[::17, "resolved_at"] = pd.NaT
    found = work.came_back(every, every, 9, before, another_way).dropna()
    assert found.to_dict() == came_back_by_hand(every, every, 9, before, another_way)
    assert 0.05 < found.mean() < 0.95


def test_nobody_is_taken_to_have_stayed_away_before_they_were_watched(tmp_path):
    """The last fortnight of the table can't say who comes back."""
    tickets = [ticket(i, contact=i, opened=f"2025-06-{1 + i % 28:02d}T09:00") for i in range(56)]
    client = desk(tmp_path, tickets, lambda t: None)
    rows = work.measured(client, work.GOOD["not back in 14 days"])
    watched = rows["value"].notna()
    assert watched[rows["opened_at"] <= "2025-06-13T09:00"].all()
    assert not watched[rows["opened_at"] > "2025-06-14T09:00"].any()


# -- machines at the door ----------------------------------------------------------------------


def door(tmp_path, happy, n=600, **more):
    """Tickets met first by one or the other, of the same work; of ten, how many are happy."""
    names = list(happy)
    tickets = [
        ticket(i, first_handler=names[(i // 3) % len(names)], contact=i % 90, account=i % 90 % 30)
        for i in range(n)
    ]
    return desk(
        tmp_path, tickets, lambda t: 5 if scrambled(number(t)) < happy[t["first_handler"]] else 3,
        **more,
    )  # fmt: skip


def test_bots_that_are_worse_bots_that_are_better_and_bots_that_are_neither(tmp_path):
    worse = tech.first_handlers(door(tmp_path / "a", {"person": 8, "bot": 4}))
    assert worse.title == (
        "Top marks beside those of people met by a person: a bot first, 40 points fewer"
    )
    better = tech.first_handlers(door(tmp_path / "b", {"person": 5, "bot": 9, "menu": 5}))
    assert better.title.endswith("a bot first, 40 points more")
    same = tech.first_handlers(door(tmp_path / "c", {"person": 6, "bot": 6}))
    assert same.title == (
        "No evidence that a bot makes people less happy, or happier, than a person does"
    )
    for figure in (worse, better, same):
        assert "would be seen four times in five" in figure.caption
        assert "goes with" in figure.caption and "because" not in figure.caption


def test_a_bot_that_gets_the_dull_work_is_compared_with_dull_work(tmp_path):
    """Everybody hates incidents; the bot gets nearly all of them, and does no harm."""
    tickets = []
    for i in range(600):
        bot = i % 3 == 0
        kind = "incident" if scrambled(i + 5) < (9 if bot else 3) else "request"
        tickets.append(
            ticket(i, first_handler="bot" if bot else "person", type=kind, contact=i % 90,
                   account=i % 90 % 30)
        )  # fmt: skip
    rng = np.random.default_rng(2)
    luck = rng.random(600)
    happy = {"incident": 0.3, "request": 0.9}
    client = desk(tmp_path, tickets, lambda t: 5 if luck[number(t)] < happy[t["type"]] else 3)
    figure = tech.first_handlers(client)
    row = figure.data.iloc[0]
    assert row["raw"] < -25 and row["low"] < 0 < row["high"]
    assert figure.title.startswith("No evidence")


def test_channels_are_alike_only_where_both_are_found(tmp_path):
    tickets = [
        ticket(i, first_handler="bot" if i % 3 == 0 else "person", contact=i % 90,
               account=i % 90 % 30, channel="chat" if i % 3 == 0 else "phone")
        for i in range(300)
    ]  # fmt: skip
    client = desk(tmp_path, tickets, lambda t: 4 + scrambled(number(t), 2))
    assert tech.first_handlers(client).draw is not None
    assert tech.first_handlers(client, like="kind of work and channel").draw is None
    with pytest.raises(ValueError, match="kind of work or kind of work and channel"):
        tech.first_handlers(client, like="mood")


def test_only_machines_or_only_people_is_said(tmp_path):
    client = door(tmp_path, {"bot": 5}, n=200)
    assert "a person met first" in tech.first_handlers(client).not_measured


def test_minutes_until_a_person(tmp_path):
    waits = {"bot": 30, "person": 2}
    tickets = [
        ticket(i, first_handler=h, minutes_to_person=waits[h] * (1 + scrambled(i, 5) / 10),
               contact=i % 90, account=i % 90 % 30)
        for i, h in ((i, ("bot", "person")[(i // 3) % 2]) for i in range(300))
    ]  # fmt: skip
    figure = tech.until_a_person(desk(tmp_path, tickets, lambda t: None))
    assert figure.title == "It takes longer to reach a person behind a bot"
    rows = figure.data.set_index("handler")
    assert 30 <= rows.loc["a bot", "half"] <= 42 and rows.loc["a person", "half"] < 3
    assert rows.loc["a bot", "low"] <= rows.loc["a bot", "half"] <= rows.loc["a bot", "high"]


def test_the_interval_of_a_median_holds_it():
    """Accounts that resemble themselves: the true median lies inside at least nine times in ten."""
    rng, held = np.random.default_rng(4), 0
    for _ in range(200):
        home = rng.integers(0, 30, 200)
        level = rng.normal(0, 0.5, 30)[home]
        values = pd.Series(np.exp(level + rng.normal(0, 1, 200)))
        _, low, high = median(values, pd.Series(home).astype(str))
        held += low <= 1.0 <= high
    assert held >= 180


def contained_client(tmp_path, back):
    """90 people; each asks a bot once, and `back` of ten then ring within two days. All ring once
    in a while anyway."""
    tickets = []
    for person in range(90):
        who = {"account": person % 30, "contact": person}
        asked = START + timedelta(days=40 + person % 30)
        tickets.append(ticket(len(tickets), opened=asked, first_handler="bot", channel="chat",
                              handed_over="no", **who))  # fmt: skip
        calls = [asked - timedelta(days=25), asked + timedelta(days=30)]
        if scrambled(person) < 1:
            calls.append(asked - timedelta(days=6))
        if scrambled(person + 7) < back:
            calls.append(asked + timedelta(days=2))
        tickets += [
            ticket(len(tickets) + k, opened=day, first_handler="person", **who)
            for k, day in enumerate(calls)
        ]
    return desk(tmp_path, tickets, lambda t: None)


def test_contained_or_given_up(tmp_path):
    gave_up = tech.contained(contained_client(tmp_path / "a", 5))
    row = gave_up.data.iloc[0]
    assert (row["tickets"], round(row["after"]), round(row["before"])) == (90, 51, 10)
    assert gave_up.title == "“Contained” by a bot: 51 of 100 came back another way, 10 by habit"
    helped = tech.contained(contained_client(tmp_path / "b", 1))
    assert helped.title.startswith("No evidence that what the machines contain")
    assert "would be seen four times in five" in helped.caption


def test_what_is_handed_over_is_not_contained(tmp_path):
    client = contained_client(tmp_path, 5)
    client["tickets"].loc[client["tickets"]["first_handler"] == "bot", "handed_over"] = True
    assert len(back_and_before(client, 14)) == 0
    assert "did not hand over" in tech.contained(client).not_measured


def test_hand_overs_are_counted_and_small_arms_hidden(tmp_path):
    tickets = [
        ticket(i, first_handler="menu", handed_over="yes" if scrambled(i) < 7 else "no",
               minutes_to_person=12, contact=i % 90, account=i % 90 % 30)
        for i in range(200)
    ]  # fmt: skip
    client = desk(tmp_path, tickets, lambda t: 5 if number(t) < 3 else None)
    table = tech.handed_over(client)
    row = table.data.iloc[0]
    assert row["share"] == pytest.approx(100 * np.mean([scrambled(i) < 7 for i in range(200)]))
    assert row["minutes"] == 12
    assert "top_over" not in table.data  # three people rated
    assert table.title.startswith("A phone menu hands 7")


# -- faster, happier ---------------------------------------------------------------------------


def speedy(tmp_path, chance, n=900, seed=6, **more):
    """Tickets that took from 15 minutes to 64 hours; `chance(hours)` of a top mark."""
    rng = np.random.default_rng(seed)
    hours = np.exp2(rng.uniform(-2, 6, n))
    luck = rng.random(n)
    tickets = [
        ticket(i, hours=float(hours[i]), contact=i % 120, account=i % 120 % 40,
               type=("incident", "request")[(i // 7) % 2])
        for i in range(n)
    ]  # fmt: skip
    return desk(
        tmp_path, tickets, lambda t: 5 if luck[number(t)] < chance(hours[number(t)]) else 3, **more
    )


def test_the_point_after_which_speed_buys_nothing(tmp_path):
    client = speedy(tmp_path, lambda h: 0.85 - 0.14 * max(0.0, math.log2(h / 4)))
    rows = timed(client, "time to resolve", "top")
    assert levels_off(rows)
    bend = tech.broken_stick(
        rows["hours"], rows["value"], columns_of(rows, LIKE), rows["account_id"]
    )
    assert bend.low <= 4 <= bend.high and 1.5 < bend.at < 9
    assert bend.fall == pytest.approx(0.14, abs=0.05)
    figure = tech.faster_happier(client)
    assert figure.title.startswith(
        "The sooner it is solved, the happier people are, down to about "
    )
    assert "buys nothing more that can be seen" in figure.caption


def test_where_speed_pays_all_the_way_no_point_is_named(tmp_path):
    figure = tech.faster_happier(speedy(tmp_path, lambda h: 0.6 - 0.07 * math.log2(h / 4)))
    assert (
        figure.title
        == "The sooner it is solved, the happier people are: 8 points for half the time"
    )
    assert "it may pay all the way" in figure.caption


def test_where_speed_is_nothing_and_where_haste_harms(tmp_path):
    nothing = tech.faster_happier(speedy(tmp_path / "a", lambda h: 0.6))
    assert nothing.title == "No evidence that people are happier the sooner it is solved"
    assert "points for every halving would be seen four times in five" in nothing.caption
    haste = tech.faster_happier(speedy(tmp_path / "b", lambda h: 0.5 + 0.06 * math.log2(h / 4)))
    assert haste.title == "The sooner it is solved, the less happy people are here"


def test_it_may_be_the_suppliers_rather_than_the_clock(tmp_path):
    rng = np.random.default_rng(9)
    tickets, chance = [], []
    for i in range(900):
        waits = i % 4 == 0
        hours = float(np.exp2(rng.uniform(3, 6) if waits else rng.uniform(-1, 4)))
        chance.append(0.25 if waits else 0.75)
        tickets.append(ticket(i, hours=hours, contact=i % 120, account=i % 120 % 40,
                              third_party="Lines" if waits else None))  # fmt: skip
    luck = rng.random(900)
    client = desk(tmp_path, tickets, lambda t: 5 if luck[number(t)] < chance[number(t)] else 3)
    figure = tech.faster_happier(client)
    assert "it may be the suppliers rather than the clock" in figure.title
    assert "Without the tickets that waited for a supplier" in figure.caption


def test_speed_may_pay_for_one_type_alone(tmp_path):
    rng = np.random.default_rng(3)
    hours, luck = np.exp2(rng.uniform(-2, 6, 900)), rng.random(900)
    kinds = [("incident", "request")[(i // 7) % 2] for i in range(900)]
    tickets = [ticket(i, hours=float(hours[i]), contact=i % 120, account=i % 120 % 40,
                      type=kinds[i]) for i in range(900)]  # fmt: skip

    def score(t):
        i = number(t)
        fall = 0.1 * math.log2(hours[i] / 4) if kinds[i] == "incident" else 0.0
        return 5 if luck[i] < 0.55 - fall else 3

    figure = tech.speed_by_type(desk(tmp_path, tickets, score))
    assert figure.title == "Quicker goes with happier people for one type of ticket: incident"


def test_half_the_time_by_hand():
    rows = random_rows().assign(hours=np.exp2(np.random.default_rng(1).normal(1, 2, 400)))
    found = tech.halving(rows)
    columns = [-np.log2(rows["hours"]), np.ones(400), (rows["priority"] == "2").astype(float)]
    columns += [(rows["type"] == t).astype(float) for t in "yz"]
    value, error = by_hand(rows, columns, np.eye(5)[0])
    assert found.value == pytest.approx(100 * value)
    assert found.high - found.value == pytest.approx(100 * error * 2.0639, rel=1e-3)  # t, 24


def test_the_interval_of_the_bend_holds_it():
    rng, held = np.random.default_rng(12), 0
    for _ in range(60):
        hours = np.exp2(rng.uniform(-2, 6, 500))
        chance = 0.85 - 0.14 * np.maximum(0, np.log2(hours / 4))
        values = (rng.random(500) < chance).astype(float)
        homes = rng.integers(0, 40, 500).astype(str)
        bend = tech.broken_stick(hours, values, np.empty((500, 0)), homes)
        held += bend.low <= 4 * 2**0.2 and bend.high >= 4 / 2**0.2  # the grid's step
    assert held >= 52


def test_a_straight_line_seldom_seems_to_level_off():
    rng, found = np.random.default_rng(13), 0
    for _ in range(200):
        hours = np.exp2(rng.uniform(-2, 6, 300))
        rows = pd.DataFrame(
            {"hours": hours, "value": (rng.random(300) < 0.6 - 0.05 * np.log2(hours / 4)),
             "account_id": rng.integers(0, 40, 300).astype(str), "type": "x", "priority": "1"}
        ).assign(value=lambda d: d["value"].astype(float))  # fmt: skip
        found += levels_off(rows)
    assert found <= 12  # one side of a test at 5 in 100


# -- where the watermelons grow ----------------------------------------------------------------


def test_a_channel_full_of_watermelons_is_named(tmp_path):
    tickets = [
        ticket(i, channel=("phone", "chat", "e-mail")[(i // 3) % 3], contact=i % 90,
               account=i % 90 % 30)
        for i in range(450)
    ]  # fmt: skip
    red = {"phone": 1, "chat": 5, "e-mail": 1}
    client = desk(tmp_path, tickets, lambda t: 2 if scrambled(number(t)) < red[t["channel"]] else 5)
    figure = tech.watermelons(client)
    said = "More watermelons (green on the SLA, red with the person) than elsewhere: chat"
    assert figure.title == said
    assert figure.data.set_index("group").loc["chat", "raw"] == pytest.approx(50, abs=5)
    assert figure.about == "watermelon_share"
    with pytest.raises(ValueError, match="channel, type, priority or team"):
        tech.watermelons(client, by="moon")


def test_examples_are_tickets_and_nobody_is_shown_by_them(tmp_path):
    tickets = [ticket(i) for i in range(60)]
    client = desk(tmp_path / "a", tickets, lambda t: 1 if number(t) % 6 == 0 else 5)
    table = tech.watermelon_tickets(client)
    assert table.title == "10 tickets of 60: in time, and not all right"
    assert table.data["ticket_id"].tolist() == [f"T{i}" for i in range(54, 6, -6)]
    assert not {"contact_id", "person", "account_id", "technician"} & set(table.data.columns)
    few = desk(tmp_path / "b", tickets, lambda t: 1 if number(t) in (3, 43, 8) else 5)
    assert tech.watermelon_tickets(few).not_measured == (
        "They came from 2 people: too few to list them without showing who it was."
    )
    none = desk(tmp_path / "c", tickets, lambda t: 5)
    assert "No rated ticket" in tech.watermelon_tickets(none).not_measured


# -- whole firms -------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["alder-it", "birch-support", "cedar-desk"])
def test_the_samples_verdicts_are_their_truths(name):
    client = load(f"data/sample/{name}", sealed=False)
    found = tech.watermelon_share(client)
    told = yaml.safe_load(Path(f"data/sample/{name}/TRUTH.yaml").read_text("utf-8"))
    truth = told["beliefs"]["watermelon_share"]
    assert found.verdict.word in truth["expected"]
    assert found.verdict.strength == ("clear" if name == "cedar-desk" else None)
    if name == "birch-support":  # nothing is planted, and nothing is claimed of machines or teams
        for look in (tech.first_handlers, tech.team_quadrants, tech.contained, tech.watermelons):
            assert look(client).title.startswith("No evidence"), look.__name__


def test_the_planted_bot_stands_in_the_interval_and_is_not_oversold():
    """Of 39 rated tickets a true loss of 16 points is not settled, and that is what is said."""
    client = load("data/sample/alder-it", sealed=False)
    told = yaml.safe_load(Path("data/sample/alder-it/TRUTH.yaml").read_text("utf-8"))
    (wall,) = [e for e in told["exploratory"] if e["session"] == "06"]
    figure = tech.first_handlers(client)
    row = figure.data.set_index("handler").loc["a bot"]
    assert row["low"] < wall["true_value"] < row["high"] and row["difference"] < -10
    assert figure.title.startswith("No evidence that a bot, a phone menu or a portal")


@pytest.mark.slow
@pytest.mark.parametrize("name", ["alder-it", "cedar-desk"])
def test_every_part_of_a_sample_is_shown_and_drawn(name):
    client = load(f"data/sample/{name}", sealed=False)
    for look in PARTS:
        result = look(client)
        payload = bundle(result)[MIME]
        assert payload["kind"] == "finding" or not payload["not_measured"], look.__name__
        if isinstance(result, Figure):
            assert charts.png(result.draw())
            assert "nan" not in said(result).lower(), look.__name__


@pytest.mark.parametrize("look", PARTS, ids=lambda look: look.__name__)
def test_every_part_says_what_it_misses(tmp_path, look):
    bare = [{"ticket_id": f"T{i}", "account_id": f"A{i % 20}", "opened_at": "2025-03-01"}
            for i in range(60)]  # fmt: skip
    client = clients.make(tmp_path, tickets=bare)
    result = look(client)
    text = said(result)
    assert "ot measured" in text
    needs = schema.part_of(look.__module__, look.__name__).needs
    lacking = [n for n in needs if not client.has(n)]
    for need in lacking:
        table, _, column = need.partition(".")
        about = schema.TABLES[table][column].about if column else ""
        named = column or table, words.KEPT[table] if not column else about.partition(";")[0]
        assert any(name in text for name in named), need


def test_a_silent_firm_has_nothing_to_show(tmp_path):
    """Everything is there, and of everything too little."""
    tickets = [
        ticket(i, contact=i, account=i, team="A", first_handler="bot", handed_over="no",
               minutes_to_person=3, touches=1, hours_worked=1, reopened=0, reassigned=0)
        for i in range(4)
    ]  # fmt: skip
    client = desk(
        tmp_path, tickets, lambda t: 2, beliefs=clients.beliefs(watermelon_share=(5, 1, 9))
    )
    assert tech.watermelon_share(client).verdict.word == "too few to judge"
    assert tech.left_unhappy(client).hidden
    for look in PARTS[1:]:
        assert look(client).not_measured, look.__name__


def test_the_error_of_a_slope_does_not_shrink_under_strangers():
    rows = random_rows()
    fitted = linear(np.ones((400, 1)), np.empty((400, 0)), rows["value"], rows["account_id"])
    value, error, _ = fitted.contrast(np.ones(1))
    assert value == pytest.approx(rows["value"].mean())
    assert error >= math.sqrt(value * (1 - value) / 400)
    assert stats.ACCOUNTS_FROM == 5
