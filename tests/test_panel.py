"""The consultant's clients as each other's peers: eight or more, without names, never oneself."""

from __future__ import annotations

import csv
import shutil

import clients
import numpy as np
import pytest
from servicegap import health, load, peers
from servicegap.client import Refused
from servicegap.client.panel import KEY, pseudonym
from servicegap.run import Failed, forgetting, panel, plan, sources
from servicegap.sessions import benchmarking

MEASURE = "csat_top_1_5"


def firm(place, n, happy=9, people=12, **settings):
    """A client with `happy` of `people` top marks, in a folder of its own."""
    told = {"name": f"Firm {n}", "id": f"firm-{n}"} | settings
    clients.make(place / f"firm-{n}", settings=told, **marks(happy, people))
    return place / f"firm-{n}"


def marks(happy, people=12):
    return {
        "ratings": clients.answered(people, 6, happy),
        "contacts": clients.contacts(people, 6),
    }


def portfolio(place, n, **settings):
    return [firm(place, i, happy=i % 12, **settings) for i in range(n)]


def rows(place):
    with (place / "panel.csv").open(encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))


def test_each_client_sees_the_others_and_not_itself(tmp_path):
    folders = portfolio(tmp_path, 9)
    made = panel.refresh(folders, tmp_path)
    assert made.place == tmp_path / "panel.csv" and "1 figure, each of 8 to 9" in made.said[-1]
    every = sorted(float(row["value"]) for row in rows(tmp_path))
    assert every == [float(f"{100 * i / 12:.0f}") for i in range(9)]
    for i, folder in enumerate(folders):
        found = peers.panel(load(folder, sealed=False), MEASURE)
        left = sorted(np.delete(every, i))
        assert found.enough and found.shared == 8 and found.shares.tolist() == left


def test_nobody_is_named_and_nothing_tells_large_from_small(tmp_path):
    panel.refresh(portfolio(tmp_path, 9), tmp_path)
    text = (tmp_path / "panel.csv").read_text("utf-8-sig").casefold()
    assert "firm" not in text
    assert {row["n"] for row in rows(tmp_path)} == {""}
    assert {row["period"] for row in rows(tmp_path)} == {"2025-06-30"}
    assert oct((tmp_path / KEY).stat().st_mode & 0o777) == "0o600"


def test_another_key_is_refused_since_the_own_row_would_not_be_known(tmp_path):
    folders = portfolio(tmp_path, 9)
    panel.refresh(folders, tmp_path)
    (tmp_path / KEY).write_bytes(b"0" * 64)
    with pytest.raises(Refused, match="another one"):
        _ = load(folders[0], sealed=False).panel
    panel.refresh(folders, tmp_path)  # which puts it right
    assert len(load(folders[0], sealed=False).panel) == 8


def test_without_the_key_a_forgotten_client_takes_the_panel_along(tmp_path):
    panel.refresh(portfolio(tmp_path, 9), tmp_path)
    (tmp_path / KEY).unlink()
    assert panel.leave(tmp_path, "firm-3")
    assert not (tmp_path / "panel.csv").exists() and not (tmp_path / KEY).exists()


@pytest.mark.parametrize("n", [7, 8])
def test_too_few_show_nothing(tmp_path, n):
    folders = portfolio(tmp_path, n)
    made = panel.refresh(folders, tmp_path)
    assert (made.place is None) == (n < 8)
    found = peers.panel(load(folders[0], sealed=False), MEASURE)
    assert found.shared == 0 and len(found.shares) == 0  # of eight, seven are left without oneself
    assert ("left out" in found.why) == (n == 8)


def test_what_a_client_brings_along_does_not_uncover_the_others(tmp_path):
    folders = portfolio(tmp_path, 8)
    panel.refresh(folders, tmp_path)
    own = clients.peers([10, 20, 30, 40, 50, 60, 70, 80])
    settings = {"name": "Firm 0", "id": "firm-0"}
    client = clients.make(folders[0], settings=settings, peers=own)
    found = peers.panel(client, MEASURE)
    assert found.shared == 0 and found.shares.tolist() == [10, 20, 30, 40, 50, 60, 70, 80]


def test_own_table_and_panel_stand_together_and_the_session_says_whose(tmp_path):
    folders = portfolio(tmp_path, 9)
    panel.refresh(folders, tmp_path)
    settings = {"name": "Firm 5", "id": "firm-5"}
    client = clients.make(folders[5], settings=settings, peers=clients.peers([55, 66]), **marks(5))
    assert len(peers.panel(client, MEASURE).shares) == 10
    finding = benchmarking.good_peer_percentile(client)
    assert "8 of the 10 peers are your consultant’s own clients" in " ".join(finding.caveats)
    figure = benchmarking.standing(client)
    assert "your consultant’s own clients" in figure.caption
    assert "firm-" not in figure.data.to_csv().replace("firm-5", "")


def test_the_panel_alone_makes_the_place_measured(tmp_path):
    folders = portfolio(tmp_path, 10)
    client = load(folders[3], sealed=False)
    assert benchmarking.good_peer_percentile(client).verdict.word == "not measured"
    panel.refresh(folders, tmp_path)
    client = load(folders[3], sealed=False)
    assert client.has("peers") and not client.has("peers.n")
    finding = benchmarking.good_peer_percentile(client)
    assert finding.estimate.measured and "all your consultant’s" in " ".join(finding.caveats)


def test_two_groups_never_mix_and_real_firms_never_meet_made_up_ones(tmp_path):
    folders = [firm(tmp_path, i, group="a" if i % 2 else "A ") for i in range(9)]
    folders += [firm(tmp_path, i, group="b") for i in range(20, 27)]
    folders += [firm(tmp_path, i, group="a", made_up="yes") for i in range(40, 49)]
    panel.refresh(folders, tmp_path)
    assert sorted({(r["group"], r["made_up"]) for r in rows(tmp_path)}) == [
        *(("A", "no"), ("a", "yes")),
    ]
    real, made_up = (peers.panel(load(tmp_path / f, sealed=False), MEASURE) for f in FIRMS)
    assert (real.shared, real.made_up) == (8, False)
    assert (made_up.shared, made_up.made_up) == (8, True)


FIRMS = ("firm-3", "firm-44")


def test_a_change_of_one_or_two_clients_can_not_be_subtracted(tmp_path):
    folders = portfolio(tmp_path, 10)
    panel.refresh(folders, tmp_path)
    before = (tmp_path / "panel.csv").read_bytes()
    firm(tmp_path, 0, happy=11)
    newcomer = firm(tmp_path, 50, happy=2)
    made = panel.refresh([*folders, newcomer], tmp_path)
    assert (tmp_path / "panel.csv").read_bytes() == before
    assert any("stays as it was" in said for said in made.said)
    firm(tmp_path, 1, happy=12)
    panel.refresh([*folders, newcomer], tmp_path)
    assert len(rows(tmp_path)) == 11 and (tmp_path / "panel.csv").read_bytes() != before


def shown(place):
    """How many figures of others each client of the folder is shown."""
    folders = [f for f in sorted(place.iterdir()) if (f / "client.yaml").is_file()]
    return [peers.panel(load(f, sealed=False), MEASURE).shared for f in folders]


def corrected(place):
    return firm(place, 0, happy=0, id="firm-zero"), "firm-zero"


def moved_on(place):
    return firm(place, 0, happy=0, group="not like us any more"), "firm-0"


def departed(place):
    shutil.rmtree(place / "firm-0")
    return None, "firm-0"


@pytest.mark.parametrize("change", [corrected, moved_on, departed])
def test_nobody_is_compared_with_a_row_that_is_no_clients_any_more(tmp_path, change):
    """Least of all with its own, from before its id was corrected."""
    folders = portfolio(tmp_path, 10)
    panel.refresh(folders, tmp_path)
    change(tmp_path)

    def again():
        return panel.refresh([f for f in folders if f.exists()], tmp_path)

    for _ in range(2):  # the second time it is not new to the panel, and still one of two
        made = again()
        assert set(shown(tmp_path)) == {0} and made.place is None
        assert panel.figures(tmp_path) == []
        (said,) = made.said
        assert MEASURE in said and "is left out, since the panel of before has a client" in said
    firm(tmp_path, 1, happy=11)
    firm(tmp_path, 2, happy=12)
    again()
    assert set(shown(tmp_path)) <= {8, 9, 0} and max(shown(tmp_path)) >= 8
    names = {row["peer"] for row in rows(tmp_path)}
    old = pseudonym((tmp_path / KEY).read_bytes().strip(), "firm-0")
    assert old not in names


def test_whoever_comes_back_brings_the_group_back_as_it_was(tmp_path):
    folders = portfolio(tmp_path, 9)
    panel.refresh(folders, tmp_path)
    before = (tmp_path / "panel.csv").read_bytes()
    (folders[3] / "client.yaml").rename(tmp_path / "aside")
    panel.refresh([f for f in folders if f != folders[3]], tmp_path)
    assert panel.figures(tmp_path) == []
    (tmp_path / "aside").rename(folders[3] / "client.yaml")
    panel.refresh(folders, tmp_path)
    assert (tmp_path / "panel.csv").read_bytes() == before and set(shown(tmp_path)) == {8}


def test_a_group_that_was_too_small_for_a_while_is_held_against_what_was_shown(tmp_path):
    folders = portfolio(tmp_path, 8)
    panel.refresh(folders, tmp_path)
    panel.refresh(folders[1:], tmp_path)
    assert panel.figures(tmp_path) == []
    newcomer = firm(tmp_path, 50, happy=11)
    panel.refresh([*folders[1:], newcomer], tmp_path)
    assert panel.figures(tmp_path) == [], "one left and one came: each could be told"


def test_a_client_whose_tables_can_not_be_read_today_is_still_a_client(tmp_path):
    folders = portfolio(tmp_path, 10)
    panel.refresh(folders, tmp_path)
    before = (tmp_path / "panel.csv").read_bytes()
    (folders[4] / "ratings.csv").write_text("score\n5\n")
    made = panel.refresh(folders, tmp_path)
    assert (tmp_path / "panel.csv").read_bytes() == before
    assert "firm-4 is not in the panel" in made.said[0] and "stays as it was" in made.said[1]


def test_a_new_quarter_with_the_same_figure_does_not_name_its_row(tmp_path):
    """The one row with another day would have the same pseudonym under every other measure."""
    folders = portfolio(tmp_path, 9)
    panel.refresh(folders, tmp_path)
    before = (tmp_path / "panel.csv").read_bytes()
    for n in range(3):
        panel.refresh(folders, tmp_path)
        assert (tmp_path / "panel.csv").read_bytes() == before
        firm(tmp_path, n, happy=n, as_of="2025-09-30")
    panel.refresh(folders, tmp_path)
    assert sum(row["period"] == "2025-09-30" for row in rows(tmp_path)) == 3


def test_forgetting_takes_a_client_out_of_what_is_not_shown_too(tmp_path):
    folders = portfolio(tmp_path, 10)
    panel.refresh(folders, tmp_path)
    shutil.rmtree(folders[0])
    panel.refresh(folders[1:], tmp_path)
    assert panel.leave(tmp_path, "firm-0") and len(rows(tmp_path)) == 9
    panel.refresh(folders[1:], tmp_path)
    assert set(shown(tmp_path)) == {8}


@pytest.mark.parametrize(
    "wrong",
    [
        PermissionError(13, "Permission denied", "x"),
        UnicodeEncodeError("utf-8", "\ud83d", 0, 1, "no"),
    ],
)
def test_a_folder_that_nobody_may_read_is_named_and_left_out(tmp_path, monkeypatch, wrong):
    folders = portfolio(tmp_path, 10)
    read = panel.read_settings

    def reading(folder):
        if folder.name == "firm-0":
            raise wrong
        return read(folder)

    monkeypatch.setattr(panel, "read_settings", reading)
    made = panel.refresh(folders, tmp_path)
    assert len(rows(tmp_path)) == 9 and "firm-0 is not in the panel" in made.said[0]


def test_the_same_clients_give_the_same_bytes_in_any_order(tmp_path):
    folders = portfolio(tmp_path, 9)
    panel.refresh(folders, tmp_path)
    before = (tmp_path / "panel.csv").read_bytes()
    panel.refresh(folders[::-1], tmp_path)
    assert (tmp_path / "panel.csv").read_bytes() == before
    assert not list(tmp_path.glob(".panel*"))


def test_of_two_periods_of_one_client_the_later_counts(tmp_path):
    folders = portfolio(tmp_path, 9)
    old = clients.make(
        tmp_path / "zz-last-year",
        settings={"name": "Firm 0", "id": "firm-0", "as_of": "2024-06-30"},
        ratings=clients.answered(12, 6, 12, answered_at="2024-03-01"),
        contacts=clients.contacts(12, 6),
    )
    panel.refresh([*folders, old.folder], tmp_path)
    assert len(rows(tmp_path)) == 9 and "100" not in {r["value"] for r in rows(tmp_path)}


def test_only_figures_that_may_speak_are_handed_on(tmp_path):
    folders = portfolio(tmp_path, 9)
    thin = firm(tmp_path, 60, happy=3, people=9)
    panel.refresh([*folders, thin], tmp_path)
    assert len(rows(tmp_path)) == 9


def test_every_measure_is_the_sessions_own(tmp_path):
    tables = clients.teams({"one": 0.5}, 30, firms=12)
    for i, ticket in enumerate(tables["tickets"]):
        ticket |= {
            "first_reply_at": f"2025-03-01 0{1 + i % 2}:00", "opened_at": "2025-03-01 00:00",
            "resolved_at": "2025-03-01 10:00", "sla_met": "yes" if i % 3 else "no",
            "reopened": int(i % 10 == 0), "source": "monitoring" if i == 29 else "human",
        }  # fmt: skip
    tables["accounts"] = clients.accounts(12) + [
        {"account_id": f"L{i}", "name": f"L{i}", "since": "2015-01-01", "left_on": "2025-02-01"}
        for i in range(4)
    ]
    tables["referrals"] = [
        {"referral_id": f"F{i}", "account_id": f"A{i}", "made_on": "2025-02-02", "stage": "won"}
        for i in range(2)
    ]
    client = clients.make(tmp_path / "one", **tables)
    found = panel.own(client)
    assert list(found) == [
        *("csat_top_1_5", "sla_met_share", "reopened_share", "first_reply_hours_median"),
        *("resolve_hours_median", "did_refer_share", "stay_share"),
    ]
    assert found["csat_top_1_5"] == f"{benchmarking.csat(client).estimate.value:.0f}"
    assert (found["sla_met_share"], found["reopened_share"]) == ("66", "10")  # 19 and 3 of 29
    assert found["first_reply_hours_median"] in ("1.0", "2.0")
    assert found["resolve_hours_median"] == "10.0"
    assert (found["did_refer_share"], found["stay_share"]) == ("12", "75")  # 2 and 12 of 16
    for ticket in tables["tickets"][::3]:  # solved before they were opened: no length of time
        ticket["resolved_at"] = "2025-02-28 10:00"
    odd = clients.make(tmp_path / "odd", **tables)
    assert panel.own(odd)["resolve_hours_median"] == "10.0"


def test_a_client_that_can_not_be_read_is_named_and_left_out(tmp_path):
    folders = portfolio(tmp_path, 10)
    (folders[0] / "client.yaml").write_text("name: [")
    made = panel.refresh(folders, tmp_path)
    assert len(rows(tmp_path)) == 9 and "firm-0 is not in the panel" in made.said[0]


def test_a_table_of_somebody_else_is_not_overwritten(tmp_path):
    (tmp_path / "panel.csv").write_text("measure,peer,group,value\ncsat_top_1_5,Elm,us,3\n")
    with pytest.raises(Failed, match="not written by --refresh-panel"):
        panel.refresh(portfolio(tmp_path, 9), tmp_path)


def test_a_panel_by_hand_serves_without_a_key(tmp_path):
    folder = firm(tmp_path, 1, panel="../ours.csv")
    text = "measure,peer,group,value\n" + "".join(
        f"{MEASURE},{name},like us,{50 + i}\n"
        for i, name in enumerate(["Firm 1", *(f"Other {k}" for k in range(8))])
    )
    (tmp_path / "ours.csv").write_text(text)
    assert peers.panel(load(folder, sealed=False), MEASURE).shares.tolist() == [*range(51, 59)]


def test_pseudonyms_without_their_key_are_refused(tmp_path):
    folders = portfolio(tmp_path, 9)
    panel.refresh(folders, tmp_path)
    (tmp_path / KEY).unlink()
    with pytest.raises(Refused, match="key to them is missing"):
        sources.gather(load(folders[0], sealed=False))
    said = health.check(folders[0])
    assert any("key to them is missing" in str(problem) for problem in said.problems)


def test_a_panel_that_is_named_and_not_there_is_refused(tmp_path):
    folder = firm(tmp_path, 1, panel="../nowhere.csv")
    with pytest.raises(Refused, match="no such file"):
        sources.gather(load(folder, sealed=False))


def test_the_panel_is_an_input_and_one_clients_change_does_not_touch_the_others(tmp_path):
    folders = portfolio(tmp_path, 9)
    panel.refresh(folders, tmp_path)

    def inputs(folder):
        return plan.inputs(folder, load(folder, sealed=False).settings)

    before = inputs(folders[1])
    assert {"panel/panel.csv", "panel/panel.key"} < set(before)
    firm(tmp_path, 2, happy=11)
    assert inputs(folders[1]) == before
    for n in range(3, 7):
        firm(tmp_path, n, happy=12)
    panel.refresh(folders, tmp_path)
    assert inputs(folders[1]) != before


def test_last_period_is_held_against_the_same_firms(tmp_path):
    folders = portfolio(tmp_path, 9)
    panel.refresh(folders, tmp_path)
    old = {"name": "Firm 4", "id": "firm-4", "as_of": "2024-06-30"}
    clients.make(tmp_path / "elsewhere" / "old", settings=old, ratings=clients.answered(12, 6, 2))
    client = clients.make(
        tmp_path / "firm-4",
        settings={"name": "Firm 4", "id": "firm-4", "previous": "../elsewhere/old"},
    )
    assert client.previous.panel["value"].tolist() == client.panel["value"].tolist()
    assert len(client.panel) == 8


def test_forgetting_takes_a_client_out_of_panel_and_page(tmp_path):
    folders = portfolio(tmp_path, 9)
    panel.refresh(folders, tmp_path)
    out = tmp_path / "reports"
    out.mkdir()
    (out / "index.html").write_text("Firm 3")
    said = forgetting.forget("firm-3", out, tmp_path / "none", tmp_path)
    assert len(rows(tmp_path)) == 8 and not (out / "index.html").exists()
    assert any("panel" in line for line in said) and any("index.html" in line for line in said)
    name = pseudonym((tmp_path / KEY).read_bytes().strip(), "firm-3")
    assert name not in {row["peer"] for row in rows(tmp_path)}
    forgetting.forget("firm-4", out, tmp_path / "none", tmp_path)
    assert not (tmp_path / "panel.csv").exists()  # seven are no panel
    with pytest.raises(Failed, match="Nothing in"):
        forgetting.forget("firm-4", out, tmp_path / "none", tmp_path)
    shutil.rmtree(out)


def test_the_page_shows_what_the_panel_holds(tmp_path):
    panel.refresh(portfolio(tmp_path, 9), tmp_path)
    found = panel.figures(tmp_path)
    assert [f.measure for f in found] == [MEASURE] * 9 and {f.group for f in found} == {"like us"}
    assert panel.figures(tmp_path / "firm-1") == []
