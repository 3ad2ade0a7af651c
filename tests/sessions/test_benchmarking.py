"""Session 01: top marks, good peers, the silent, and metrics that mislead."""

from __future__ import annotations

import math
import re

import clients
import numpy as np
import pandas as pd
import pytest
from clients import rating
from servicegap import measures, schema, stats
from servicegap.sessions import benchmarking
from servicegap.sessions.benchmarking import dialects
from servicegap.sessions.benchmarking.among_peers import resampled_share

PARTS = [getattr(benchmarking, part.name) for part in schema.SESSIONS["01"].parts]


def figure_text(result) -> str:
    texts = [result.title, getattr(result, "alt", ""), getattr(result, "caption", "")]
    return " ".join([*texts, getattr(result, "sentence", ""), *getattr(result, "caveats", ())])


def firm(tmp_path, people=120, firms=40, happy=72, **tables):
    tables = {"ratings": clients.answered(people, firms, happy),
              "contacts": clients.contacts(people, firms)} | tables  # fmt: skip
    return clients.make(tmp_path, **tables)


# -- top marks ---------------------------------------------------------------------------------


def test_a_belief_that_flatters_is_a_blind_spot(tmp_path):
    client = firm(tmp_path, beliefs=clients.beliefs(csat=(80, 74, 86)))
    finding = benchmarking.csat(client)
    assert (finding.verdict.word, finding.verdict.strength) == ("blind spot", "clear")
    assert finding.estimate.value == pytest.approx(60) and finding.estimate.n == 120
    assert finding.sentence.startswith(
        "You thought that 80 in 100 of the contacts who rate you give the top mark. The evidence "
        "says 60 in 100, somewhere between "
    )


def test_a_weak_response_is_said_beside_the_figure_and_decides_nothing(tmp_path):
    guess = clients.beliefs(csat=(80, 74, 86))
    weak = firm(tmp_path / "a", beliefs=guess, contacts=clients.contacts(400, 40))
    strong = firm(tmp_path / "b", beliefs=guess)
    one, other = benchmarking.csat(weak), benchmarking.csat(strong)
    assert one.caveats == (
        "120 of 400 contacts answered. Had everybody, the figure would lie between 18 and 88.",
    )
    assert other.caveats == () and one.verdict == other.verdict


def test_nobody_knows_how_many_were_asked(tmp_path):
    finding = benchmarking.csat(clients.make(tmp_path, ratings=clients.answered(30, 30, 20)))
    assert "Nobody knows how many were asked" in finding.caveats[0]


def test_other_scales_and_missing_dates_are_said(tmp_path):
    rows = clients.answered(30, 30, 20)
    rows += [rating(90 + i, i, i, 10, scale="0-10") for i in range(3)]
    rows += [rating(99, 1, 1, 5, when=None)]
    said = " ".join(benchmarking.csat(clients.make(tmp_path / "a", ratings=rows)).caveats)
    assert "3 answers on another scale than 1-5 stayed out" in said
    assert "1 rating without a date stayed out" in said
    undated = [row | {"asked_at": None, "answered_at": None} for row in clients.answered(12, 12, 6)]
    said = " ".join(benchmarking.csat(clients.make(tmp_path / "b", ratings=undated)).caveats)
    assert "No rating has a date" in said


# -- one figure in every dialect ---------------------------------------------------------------


def test_the_five_dialects_of_ninety_six_and_four():
    spoken = dialects(90, 6, 4)
    told = (spoken.positive, spoken.net, spoken.mean_of_100_50_0, spoken.not_unhappy)
    assert told == (90.0, 86.0, 93.0, 96.0)
    assert round(spoken.good_of_good_and_bad, 1) == 95.7
    assert all(math.isnan(getattr(dialects(0, 0, 0), f)) for f in spoken.__dataclass_fields__)
    assert dialects(0, 5, 0).positive == 0 and math.isnan(dialects(0, 5, 0).good_of_good_and_bad)


def test_the_translator_counts_this_clients_answers(tmp_path):
    scores = [5] * 50 + [4] * 40 + [3] * 6 + [2] * 4
    rows = [rating(i, i % 20, i, s) for i, s in enumerate(scores)]
    figure = benchmarking.translator(
        clients.make(tmp_path, ratings=rows, contacts=clients.contacts(100, 20))
    )
    assert figure.data["value"].round(1).tolist() == [50.0, 90.0, 86.0, 93.0, 96.0, 95.7]
    assert figure.title == "The same 100 answers can be called 50 or 96"
    assert "90 happy, 6 neither, 4 unhappy answers" in figure.caption


@pytest.mark.parametrize(
    ("scale", "happy", "neither", "unhappy"),
    [("0-10", 7, 5, 4), ("1-7", 6, 4, 3), ("-1/0/1", 1, 0, -1), ("0/1", 1, None, 0)],
)
def test_the_translator_knows_every_scale(tmp_path, scale, happy, neither, unhappy):
    scores = [happy] * 9 + [neither] * 2 * (neither is not None) + [unhappy]
    rows = [rating(i, i, score=s, scale=scale) for i, s in enumerate(scores)]
    figure = benchmarking.translator(clients.make(tmp_path, ratings=rows))
    wanted = dialects(9, 2 if neither is not None else 0, 1)
    assert figure.data["value"].tolist()[1] == pytest.approx(wanted.positive)
    assert figure.data["value"].tolist()[2] == pytest.approx(wanted.net)


# -- the silent --------------------------------------------------------------------------------


def test_what_the_silent_could_change(tmp_path):
    client = firm(tmp_path, contacts=clients.contacts(200, 40))
    by_who = benchmarking.silent(client, assumed=25).data.set_index("who")["value"]
    assert by_who["everybody, worst"] == pytest.approx(36)
    assert by_who["everybody, best"] == pytest.approx(76)
    assert by_who.iloc[-1] == pytest.approx(36 + 0.25 * 40)
    assert benchmarking.silent(client).title.startswith("80 contacts gave no mark")


def test_nobody_silent_leaves_nothing_open(tmp_path):
    figure = benchmarking.silent(firm(tmp_path))
    assert figure.title == "Everybody answered: nothing is left to chance here"
    values = figure.data["value"]
    assert values.max() - values.min() == pytest.approx(0)


def test_silence_that_cannot_be_counted_is_not_measured(tmp_path):
    figure = benchmarking.silent(clients.make(tmp_path, ratings=clients.answered(30, 30, 20)))
    assert "It needs the table contacts" in figure.not_measured


def test_accounts_that_never_answer_are_listed_the_dearest_first(tmp_path):
    firms = clients.accounts(20)
    for i, row in enumerate(firms):
        row["monthly_fee"] = 100 * i if i % 2 else None
    firms[19]["left_on"] = "2025-01-01"
    firms[18]["since"] = "2025-12-01"  # not a customer yet
    rows = [rating(i, i) for i in range(10)] + [rating(50, 11, score=9, scale="0-10")]
    client = clients.make(tmp_path, ratings=rows, accounts=firms)
    table = benchmarking.silent_accounts(client, most=3)
    assert table.title == "7 accounts of 18 said nothing in 12 months (39 %)"
    assert table.data["name"].tolist() == ["Firm 17", "Firm 15", "Firm 13"]
    assert "4 more are not shown" in table.caption
    everyone = clients.make(tmp_path / "b", ratings=rows, accounts=clients.accounts(10))
    assert "every one has answered" in benchmarking.silent_accounts(everyone).title


# -- among peers -------------------------------------------------------------------------------


def test_the_place_among_peers(tmp_path):
    guess = clients.beliefs(good_peer_percentile=(75, 60, 90))
    client = firm(tmp_path, peers=clients.peers(range(61, 85)), beliefs=guess)
    finding = benchmarking.good_peer_percentile(client)
    assert finding.estimate.value == 0 and finding.estimate.unit == "percentile"
    assert finding.estimate.low == 0 < finding.estimate.high
    assert finding.verdict.word == "blind spot"
    assert finding.caveats[1] == (
        "The six good peers (the best quarter of 24) start at 79 % top marks; you are 19 points "
        "below."
    )
    figure = benchmarking.standing(client)
    assert figure.title == "The good ones are ahead: 19 points to the nearest of them"


def test_ties_count_half(tmp_path):
    client = firm(tmp_path, peers=clients.peers([60] * 4 + [50] * 4 + [70] * 4))
    assert benchmarking.place(client).value == 50


def test_an_unsettled_place_says_how_many_more_would_settle_it(tmp_path):
    guess = clients.beliefs(good_peer_percentile=(64, 50, 78))
    client = firm(tmp_path, 60, 30, 36, peers=clients.peers(range(40, 80)), beliefs=guess)
    finding = benchmarking.good_peer_percentile(client)
    assert finding.verdict.word == "too few to judge" and finding.verdict.needed > 60
    assert re.search(r"About \d+ more contacts like these would settle it\.$", finding.sentence)


def test_p_counts_equality_on_both_sides(tmp_path):
    client = firm(tmp_path, peers=clients.peers([10] * 8))  # ahead of everybody, whatever luck
    place = benchmarking.place(client)
    assert place.value == 100 and place.p_value(100) == 1 and place.p_value(99) == 0


def test_resampled_shares_know_from_how_few_accounts_they_come():
    marks = np.tile([1.0, 0.0, 1.0, 1.0], 10)
    many = resampled_share(marks, np.arange(40))
    bare = stats.resampled_means(marks, np.arange(40))
    assert many.std() > bare.std()
    # by hand: √(40 ÷ 39), and Student's 2.0227 at 39 degrees beside the normal 1.9600
    stretch = np.quantile(bare, 0.025) - 0.75
    assert np.quantile(many, 0.025) - 0.75 == pytest.approx(1.0127 * 1.0320 * stretch, rel=2e-3)
    # two thirds of all contacts in one account: hardly more than two accounts of one size
    unlike = resampled_share(np.tile([1.0, 0.0], 15), [0] * 20 + [*range(1, 11)])
    alike = resampled_share(np.tile([1.0, 0.0], 15), np.arange(30))
    assert np.ptp(np.quantile(unlike, [0.25, 0.75])) > 0
    assert unlike.min() == 0 < alike.min() and unlike.max() == 1 > alike.max()


def test_ten_accounts_of_one_mind_are_not_certain_of_their_place(tmp_path):
    client = firm(tmp_path, 30, 10, 30, peers=clients.peers(range(60, 100)))
    place = benchmarking.place(client)
    assert place.value == 100 and place.p_value(100) == 1
    assert place.low == pytest.approx(22.5, abs=5)  # 0.025 ^ (1 ÷ 10) is 69 %: nine peers below
    assert 0 < place.p_value(40) < 0.5  # ahead of the peers up to 75 %
    shares = resampled_share([0.0] * 10, range(10))
    assert shares.min() == 0 and np.quantile(shares, 0.975) == pytest.approx(0.3085, abs=1e-3)


def test_one_account_knows_nothing_of_others():
    assert np.ptp(resampled_share([1.0, 0.0, 1.0], [0, 0, 0])) == 1


def test_a_firm_among_the_good_ones_is_told_so(tmp_path):
    figure = benchmarking.standing(firm(tmp_path, peers=clients.peers(range(20, 40))))
    assert figure.title == "You are among the good ones, interval and all"


def test_too_few_peers_are_not_measured_and_it_says_why(tmp_path):
    client = firm(tmp_path, peers=clients.peers(range(60, 67)))
    finding, figure = benchmarking.good_peer_percentile(client), benchmarking.standing(client)
    assert finding.verdict.word == "not measured" and "takes 8 peers" in finding.sentence
    assert "takes 8 peers" in figure.not_measured


def test_peers_counted_otherwise_are_no_peers(tmp_path):
    client = firm(tmp_path, peers=clients.peers(range(20), measure="csat_positive_3"))
    assert benchmarking.good_peer_percentile(client).verdict.word == "not measured"


# -- three ways to be too sure -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("csat", "percentile", "title"),
    [
        ((80, 74, 86), (75, 60, 90), "Rosier than the evidence, twice"),
        ((40, 35, 45), (75, 60, 90), "Too sure of one thing, too modest about the other"),
        ((60, 50, 70), None, "You see yourself much as your clients do"),
        (None, None, "What was found, without a guess to set it against"),
        ((71, 66, 76), None, "Perhaps rosier than the evidence; not settled"),
    ],
)
def test_over_estimation_and_over_placement(tmp_path, csat, percentile, title):
    guesses = clients.beliefs(csat=csat, good_peer_percentile=percentile)
    client = firm(tmp_path, peers=clients.peers(range(61, 85)), beliefs=guesses)
    assert benchmarking.overconfidence(client).title == title


@pytest.mark.parametrize(
    ("csat", "percentile", "said"),
    [
        ((60, 50, 70), (75, 60, 90), "inside one of your two ranges"),
        ((80, 74, 86), (75, 60, 90), "inside none of your two ranges"),
        ((80, 74, 86), None, "outside the one range you gave"),
        ((60, None, None), None, "can't be looked at"),
        ((60, 55, None), None, "can't be looked at"),
    ],
)
def test_over_precision_counts_only_ranges_that_met_evidence(tmp_path, csat, percentile, said):
    guesses = clients.beliefs(csat=csat, good_peer_percentile=percentile)
    client = firm(tmp_path, peers=clients.peers(range(61, 85)), beliefs=guesses)
    assert said in benchmarking.overconfidence(client).caption


def test_a_range_without_evidence_has_not_missed(tmp_path):
    guesses = clients.beliefs(csat=(60, 50, 70), good_peer_percentile=(75, 60, 90))
    client = firm(tmp_path, people=7, firms=7, happy=4, beliefs=guesses)
    assert "can't be looked at" in benchmarking.overconfidence(client).caption


# -- averages of averages, and teams of unequal size -------------------------------------------


def two_sizes(tmp_path):
    tables = clients.teams({"Large": 0.5, "Small": 1.0}, 12)
    extra = clients.teams({"Large": 0.5}, 88, seed=3)
    for rows in extra.values():
        for row in rows:
            row |= {k: f"x{row[k]}" for k in ("ticket_id", "contact_id", "rating_id") if k in row}
    return clients.make(tmp_path, **{k: v + extra[k] for k, v in tables.items()})


def test_an_average_of_averages_flatters(tmp_path):
    figure = benchmarking.average_of_averages(two_sizes(tmp_path))
    people, by_team = figure.data["value"]
    assert by_team - people > 10 and figure.title == (
        f"Averaging the team averages flatters you by {by_team - people:.0f} points"
    )
    assert "rated by 12 people weighs as much as one rated by 100" in figure.caption


def test_teams_of_like_size_do_no_harm(tmp_path):
    client = clients.make(tmp_path, **clients.teams({"East": 0.6, "West": 0.6}, 60))
    assert "no harm here" in benchmarking.average_of_averages(client).title


@pytest.mark.parametrize("part", [benchmarking.funnel, benchmarking.average_of_averages])
def test_small_teams_are_neither_shown_nor_to_be_found_by_subtraction(tmp_path, part):
    tables = clients.teams({"East": 0.6, "West": 0.6, "Mid": 0.6}, 30)
    tiny = clients.teams({"Tiny": 1.0}, 3, seed=5)
    for rows in tiny.values():
        for row in rows:
            row |= {k: f"y{row[k]}" for k in ("ticket_id", "contact_id", "rating_id") if k in row}
    with_tiny = {k: v + tiny[k] for k, v in tables.items()}
    both = clients.make(tmp_path / "a", **with_tiny)
    result = part(both)
    assert "Tiny" not in figure_text(result) + result.data.to_string()
    # whoever knew all but the tiny team can't tell what it got: another team hides with it
    worse = [
        dict(r, score=1) if r["rating_id"].startswith("y") else r for r in with_tiny["ratings"]
    ]
    other = part(clients.make(tmp_path / "b", **(with_tiny | {"ratings": worse})))
    pd.testing.assert_frame_equal(result.data, other.data)


def test_one_team_cannot_be_compared(tmp_path):
    client = clients.make(tmp_path, **clients.teams({"Only": 0.6}, 60))
    for part in (benchmarking.funnel, benchmarking.simpson, benchmarking.average_of_averages):
        assert "Could not be checked" in part(client).not_measured


def test_the_funnel_names_a_team_that_stands_out(tmp_path):
    client = clients.make(tmp_path, **clients.teams({"East": 0.8, "West": 0.8, "Lost": 0.3}, 60))
    figure = benchmarking.funnel(client)
    assert figure.title.startswith("Lost lies outside") or "Lost" in figure.title
    assert "outside what luck explains" in figure.title and "no team" not in figure.title


def _named(values, accounts, team) -> int:
    """Teams that the funnel's rule names, without writing a folder for each firm."""
    frame = pd.DataFrame({"top": values, "account_id": accounts, "team": team})
    worth = benchmarking.traps._worth(frame)
    size = frame.groupby("team")["top"].agg(["size", "mean"])
    target = float(np.average(size["mean"], weights=size["size"]))
    low, high = benchmarking.traps.funnel_exact(target, worth * size["size"].to_numpy())
    return int(((size["mean"] < low - 1e-9) | (size["mean"] > high + 1e-9)).sum())


def test_the_funnel_names_nobody_when_nothing_is_going_on():
    rng = np.random.default_rng(11)
    named = looked = 0
    for share in (0.6, 0.85):
        for _ in range(400):
            level = rng.beta(9 * share, 9 * (1 - share), size=40)  # accounts alike, ICC .1
            account = np.arange(150) % 40
            team = rng.choice(5, size=150, p=[0.4, 0.25, 0.15, 0.1, 0.1])
            named += _named((rng.random(150) < level[account]).astype(float), account, team)
            looked += 5
    assert named / looked <= 0.002


# -- a comparison that turns round -------------------------------------------------------------


def turning(tmp_path, n=60, easy=(0.80, 0.97), hard=(0.20, 0.45), swap=False):
    """East is worse at each kind of work and looks better: it gets the easy tickets."""
    shares = {("East", "easy"): (easy[0], 3 * n), ("West", "easy"): (easy[1], n),
              ("East", "hard"): (hard[0], n), ("West", "hard"): (hard[1], 3 * n)}  # fmt: skip
    tickets, ratings, people = [], [], []
    for (team, kind), (share, size) in shares.items():
        kind = "easy" if swap and len(tickets) % 2 else kind
        for k in range(size):
            i = len(tickets)
            ids = {"ticket_id": f"T{i}", "account_id": f"A{i % 40}"}
            tickets.append(ids | {"contact_id": f"C{i}", "opened_at": "2025-03-01", "team": team,
                                  "type": kind})  # fmt: skip
            people.append({"contact_id": f"C{i}", "account_id": f"A{i % 40}"})
            ratings.append(rating(i, i % 40, i, 5 if k < round(share * size) else 3,
                                  ticket_id=f"T{i}"))  # fmt: skip
    return clients.make(tmp_path, tickets=tickets, ratings=ratings, contacts=people)


def test_a_turn_is_marked(tmp_path):
    figure = benchmarking.simpson(turning(tmp_path))
    assert figure.title == "East looks better than West, and is probably worse at like work"
    assert "ahead in all" in figure.alt and "behind at like work" in figure.alt
    assert figure.data["kind"].tolist() == ["all of these types", "easy", "hard"]


def test_a_turn_on_few_people_is_not_called_one(tmp_path):
    figure = benchmarking.simpson(turning(tmp_path, n=12, easy=(0.8, 0.85), hard=(0.2, 0.22)))
    assert "Could not be checked" in figure.title


def test_no_turn_where_the_better_team_is_better_throughout(tmp_path):
    figure = benchmarking.simpson(turning(tmp_path, easy=(0.95, 0.7), hard=(0.6, 0.2)))
    assert figure.title == "East is ahead of West in all and at like work: no turn here"


def test_a_null_firm_shows_no_turn(tmp_path):
    for seed in range(4):
        tables = clients.teams({"East": 0.6, "West": 0.6}, 60, seed=seed)
        for i, ticket in enumerate(tables["tickets"]):
            ticket["type"] = ("incident", "request")[i % 2]
        title = benchmarking.simpson(clients.make(tmp_path / str(seed), **tables)).title
        assert "and is worse" not in title


def test_what_is_like_must_be_something_that_makes_work_alike(tmp_path):
    with pytest.raises(ValueError, match="type, priority or channel"):
        benchmarking.simpson(turning(tmp_path), by="technician")


# -- log rows instead of tickets ---------------------------------------------------------------


def log(rows_when_met: int, rows_when_missed: int):
    """Tickets with a row per change; every one starts green, a missed one turns at its last row."""
    rows = []
    for i in range(60):
        met = i % 3 > 0
        count = rows_when_met if met else rows_when_missed
        for k in range(count):
            last = k == count - 1
            rows.append(
                {
                    "ticket_id": f"T{i}",
                    "account_id": f"A{i % 12}",
                    "touches": k,
                    "opened_at": "2025-03-01",
                    "sla_met": "no" if last and not met else "yes",
                }
            )
    return rows  # fmt: skip


def test_an_event_log_flatters_the_sla(tmp_path):
    client = clients.make(tmp_path, tickets=log(2, 8))
    figure = benchmarking.sla_per_event(client)
    by_ticket, by_row = figure.data["value"]
    assert by_ticket == pytest.approx(100 * 40 / 60)
    assert by_row == pytest.approx(100 * 220 / 240)
    assert figure.title == "Counting log rows flatters the SLA by 25 points"
    assert "n = 240 rows" in figure.alt and "n = 60 tickets in 12 accounts" in figure.alt


def test_a_ticket_a_row_has_no_such_trap(tmp_path):
    client = clients.make(tmp_path, tickets=log(1, 1))
    assert "not in your files" in benchmarking.sla_per_event(client).title


# -- the worst get better by themselves --------------------------------------------------------


def two_years(tmp_path, reliable: bool, seed=2, better=0.0):
    rng = np.random.default_rng(seed)
    rows, people = [], clients.contacts(160, 40)
    level = rng.beta(1, 1, size=40) if reliable else np.full(40, 0.6)
    worst = level < np.quantile(level, 0.25)
    for year, when in enumerate(("2023-11-01", "2025-02-01")):
        for i in range(160):
            share = level[i % 40] + better * worst[i % 40] * year
            rows.append(rating(len(rows), i % 40, i, 5 if rng.random() < share else 3, when))
    return clients.make(tmp_path, ratings=rows, contacts=people)


def test_where_all_is_luck_luck_predicts_the_whole_recovery(tmp_path):
    still_apart = []
    for seed in range(6):
        client = two_years(tmp_path / str(seed), reliable=False, seed=seed)
        _, worst, best = benchmarking.regression_to_mean(client).data.itertuples()
        assert worst.this_year > worst.year_before and best.this_year < best.year_before
        still_apart.append((best.by_luck - worst.by_luck) / (best.year_before - worst.year_before))
    assert np.mean(still_apart) < 0.25  # of the distance between best and worst


def test_the_title_sets_what_happened_beside_what_luck_predicts(tmp_path):
    title = benchmarking.regression_to_mean(two_years(tmp_path, reliable=False)).title
    assert re.fullmatch(
        r"The 10 worst accounts gained \d+ points on the rest; luck evening out predicts about \d+",
        title,
    )


def test_where_accounts_truly_differ_luck_predicts_little(tmp_path):
    figure = benchmarking.regression_to_mean(two_years(tmp_path, reliable=True))
    everybody, worst, _ = figure.data.itertuples()
    assert worst.by_luck < everybody.this_year - 20
    assert abs(worst.this_year - worst.by_luck) < 12


def test_ends_of_a_few_people_are_not_shown(tmp_path):
    rows = [rating(2 * i + k, i, i, 5 if i % 2 else 3, when)
            for i in range(16) for k, when in enumerate(("2023-11-01", "2025-02-01"))]  # fmt: skip
    figure = benchmarking.regression_to_mean(clients.make(tmp_path, ratings=rows))
    assert "Could not be checked" in figure.not_measured


# -- whatever the folder holds -----------------------------------------------------------------


def strange_folders() -> dict[str, dict]:
    hostile = '<b>"x"</b> $\\frac{1}{0}$ & ’\n'
    teams = clients.teams({hostile: 0.6, "kind": 0.6, "=cmd()": 0.6, "one": 0.5}, 25)
    for row in teams["ratings"]:
        row["account_id"] = f"{hostile}{row['account_id']}"
    for row in teams["tickets"]:
        row["account_id"] = f"{hostile}{row['account_id']}"
        row["sla_met"] = "yes"
    return {
        "nothing": {},
        "empty window": {"ratings": clients.answered(30, 30, 10, when="2019-01-01")},
        "old answers": {
            "ratings": [rating(i, i, when="2019-01-01") for i in range(30)],
            "accounts": clients.accounts(30),
            "peers": clients.peers(range(60, 80)),
        },
        "one account only": {
            "ratings": clients.answered(40, 1, 20),
            "contacts": clients.contacts(40, 1),
            "accounts": clients.accounts(1),
            "peers": clients.peers(range(60, 80)),
            "beliefs": clients.beliefs(csat=(80, 70, 90)),
        },
        "all silent": {
            "ratings": [rating(i, i, i, None) for i in range(20)],
            "contacts": clients.contacts(20, 20),
            "accounts": clients.accounts(20),
        },
        "all delighted": {
            "ratings": clients.answered(40, 20, 40),
            "peers": clients.peers([100] * 9),
        },
        "hostile names": teams,
        "four people": {"ratings": clients.answered(4, 4, 2), "contacts": clients.contacts(4, 4)},
        "everybody left": {
            "ratings": clients.answered(20, 20, 10),
            "accounts": clients.accounts(20, left_on="2020-01-01"),
        },
    }


@pytest.mark.parametrize("name", strange_folders())
def test_every_part_says_something_sensible_of(tmp_path, name):
    tables = strange_folders()[name]
    for row in tables.get("ratings", []):
        if "when" in row:
            row["asked_at"] = row["answered_at"] = row.pop("when")
    client = clients.make(tmp_path, **tables)
    for part in PARTS:
        result = part(client)
        text = figure_text(result)
        assert not re.search(r"\bnan\b|\bNone\b|\binf\b", text), f"{part.__name__}: {text}"
        assert result.title
        if name in ("nothing", "four people", "all silent", "old answers", "empty window"):
            draws = getattr(result, "draw", None) is not None
            assert not draws, f"{part.__name__} draws what it can't know: {text}"


def test_one_account_alone_never_gets_a_verdict(tmp_path):
    tables = strange_folders()["one account only"]
    finding = benchmarking.csat(clients.make(tmp_path, **tables))
    assert finding.verdict.word == "too few to judge" and "only this" in finding.sentence


def test_the_definitions_of_the_samples_hold_whatever_the_accounts_are_called(tmp_path):
    one = firm(tmp_path / "a")
    rows = [
        dict(r, account_id=f"Z{99 - int(r['account_id'][1:])}")
        for r in clients.answered(120, 40, 72)
    ]
    people = [dict(c, account_id=f"Z{99 - int(c['account_id'][1:])}")
              for c in clients.contacts(120, 40)]  # fmt: skip
    other = clients.make(tmp_path / "b", ratings=rows[::-1], contacts=people)
    a, b = benchmarking.top_marks(one), benchmarking.top_marks(other)
    assert (a.value, a.low, a.high) == pytest.approx((b.value, b.low, b.high))
    assert measures.ratings(one).scale is measures.ratings(other).scale
    assert isinstance(a, stats.Estimate)


def test_the_sla_of_one_person_stays_hidden(tmp_path):
    """Thirteen tickets of one person are one person, however many rows they make."""
    tickets = [{"ticket_id": f"T{i}", "account_id": "A", "contact_id": "C", "sla_met": "yes",
                "opened_at": "2025-05-01"} for i in range(13)]  # fmt: skip
    client = clients.make(tmp_path, tickets=tickets)
    assert "100" not in benchmarking.sla_per_event(client).alt
    assert benchmarking.sla_per_event(client).not_measured


def test_people_who_count_as_one_for_want_of_a_list_are_told_of(tmp_path):
    rows = clients.answered(60, 12, 30)
    alone = clients.make(tmp_path / "alone", ratings=rows)
    found = benchmarking.csat(alone)
    assert found.estimate.n == 12
    assert any("contacts.csv would turn 12 voices into 60" in said for said in found.caveats)
    listed = clients.make(tmp_path / "listed", ratings=rows, contacts=clients.contacts(60, 12))
    assert not any("voices" in said for said in benchmarking.csat(listed).caveats)
    one_each = clients.make(tmp_path / "each", ratings=clients.answered(12, 12, 6))
    assert not any("voices" in said for said in benchmarking.csat(one_each).caveats)
