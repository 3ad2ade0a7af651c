"""A practice export whose ratings depend on nothing: the report finds nothing, and says so."""

from __future__ import annotations

from collections import Counter, defaultdict

import pytest
import real_clients
from conftest import report
from servicegap import schema
from servicegap.client import load
from servicegap.sessions import benchmarking
from servicegap.tables import read_table

pytestmark = pytest.mark.real
TRUTH = 20.0  # five marks, each as likely as the others


@pytest.fixture(scope="module")
def rows(data):
    return real_clients.rows_of(data / real_clients.SHOP)


@pytest.fixture(scope="module")
def folder(data, tmp_path_factory):
    beliefs = {"csat": (TRUTH, TRUTH - 5, TRUTH + 5)}
    place = tmp_path_factory.mktemp("shop") / "client"
    return real_clients.shop(data, place, "Ticket Channel", beliefs)


@pytest.fixture(scope="module")
def made(folder):
    return report(folder)


def own_shares(rows):
    """Per customer: the share of own ratings that are five."""
    marks = defaultdict(list)
    for row in rows:
        if row["Customer Satisfaction Rating"]:
            marks[row["Customer Email"]].append(row["Customer Satisfaction Rating"] == "5.0")
    return [sum(m) / len(m) for m in marks.values()]


def test_a_true_belief_gets_no_clear_verdict(made, rows):
    shares = own_shares(rows)
    found = made.findings["csat"]
    assert (found["evidence"]["n"], len(rows)) == (len(shares), 8_469)
    assert found["evidence"]["value"] == pytest.approx(100 * sum(shares) / len(shares))
    assert (found["verdict"], found["strength"]) == ("well judged", None)
    assert made.findings["good_peer_percentile"]["verdict"] == "not measured"
    assert all(f["strength"] is None for f in made.findings.values())


def no_turn(title):
    """No comparison turns round; on data without any difference it can't even be checked."""
    said = ("Could not be checked", "in all and at like work")
    return "worse at like work" not in title and any(words in title for words in said)


def test_no_trap_springs(made):
    for part, said in (
        ("average_of_averages", "does no harm here"),
        ("funnel", "no team is outside what luck explains"),
    ):
        assert not made.shown[part]["not_measured"], part
        assert said in made.shown[part]["title"], made.shown[part]["title"]
        assert made.shown[part]["title"] in made.html
    assert no_turn(made.shown["simpson"]["title"])
    honest, naive = made.rows("average_of_averages")
    assert abs(honest["value"] - naive["value"]) < 1


def test_the_teams_are_those_of_the_file(made, rows):
    wanted = defaultdict(lambda: defaultdict(list))
    for row in rows:
        if row["Customer Satisfaction Rating"]:
            top = row["Customer Satisfaction Rating"] == "5.0"
            wanted[row["Ticket Channel"]][row["Customer Email"]].append(top)
    found = {row["team"]: row for row in made.rows("funnel")}
    assert set(found) == set(wanted)
    for team, people in wanted.items():
        share = 100 * sum(sum(m) / len(m) for m in people.values()) / len(people)
        assert found[team]["contacts"] == len(people)
        assert found[team]["share"] == pytest.approx(share)
        assert found[team]["low"] < share < found[team]["high"]


@pytest.mark.parametrize("team", ["Product Purchased", "Ticket Type", "Ticket Subject"])
def test_nor_with_other_teams_and_other_kinds_of_work(data, tmp_path, team):
    """42, 5 and 16 teams, compared at like type, priority and channel."""
    client = load(real_clients.shop(data, tmp_path / "a", team), False)
    assert "no team is outside" in benchmarking.funnel(client).title
    assert "does no harm here" in benchmarking.average_of_averages(client).title
    for by in ("type", "priority", "channel"):
        compared = benchmarking.simpson(client, by=by)
        assert compared.not_measured or no_turn(compared.title), compared.title


def test_the_report_has_no_risk_to_mend(made):
    assert not [f for f in made.findings.values() if f["verdict"] == "blind spot"]
    actions = {f["action"]["id"] for f in made.findings.values() if f["action"]}
    assert not [action for action in actions if action.endswith(("-mend", "-test", "-tell"))]
    assert "You judged one belief well" in made.html


def test_answers_alone_do_not_say_who_kept_silent(made):
    """Only closed and rated tickets have a rating: "all of 2,749 have answered" would be empty."""
    assert "nobody knows who was asked" in made.shown["voices"]["not_measured"]
    assert any("how many were asked" in said for said in made.findings["csat"]["caveats"])


def test_every_row_is_accounted_for(made, rows):
    """The export says of open tickets neither when they came nor when anybody answered."""
    open_ones = sum(not row["First Response Time"] for row in rows)
    closed = sum(row["Ticket Status"] == "Closed" for row in rows)
    assert (open_ones, closed) == (2_819, 2_769)
    assert made.manifest["ledger"]["tickets"] == {
        "read": 8_469, "kept": 8_469 - open_ones, "rejected": open_ones, "excluded": 0,
    }  # fmt: skip
    assert made.manifest["ledger"]["ratings"]["kept"] == closed


def test_texts_of_many_lines_and_placeholders_survive(folder, rows):
    wanted = {
        f"r{r['Ticket ID']}": r["Ticket Description"].strip()
        for r in rows
        if r["Ticket Status"] == "Closed"
    }
    read = read_table(folder / "ratings.csv", schema.TABLES["ratings"]).frame
    assert dict(read.set_index("rating_id")["comment"]) == wanted
    shown = load(folder, sealed=False)["ratings"]["comment"]
    assert shown.isna().all(), "nobody said that these may be quoted"
    kinds = Counter(("\n" in text, "{product_purchased}" in text) for text in wanted.values())
    assert kinds[True, True] > 100


def test_nobodys_words_or_address_are_in_the_report(made):
    assert "@example." not in made.html
    assert "{product_purchased}" not in made.html
