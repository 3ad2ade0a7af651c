"""The worksheet for one moment: filled in, marked where something is broken, kept as a promise."""

from __future__ import annotations

from datetime import date

import clients
import ipywidgets
import pytest
from servicegap.client import Client
from servicegap.widgets import designing, promising

TODAY = date(2025, 7, 4)


def folder(tmp_path, sealed: bool = False) -> Client:
    tickets = [
        {"ticket_id": f"T{a}-{i}", "account_id": f"A{a}", "opened_at": "2025-06-01",
         "sla_met": "no" if i < (7 if a == 0 else 1) else "yes"}
        for a in range(12)
        for i in range(10)
    ]  # fmt: skip
    answers = {"basic": (2, 5), "delight": (1, 3), "nothing": (3, 3)}
    return clients.make(
        tmp_path, sealed=sealed, tickets=tickets, contacts=clients.contacts(40, 12),
        accounts=clients.accounts(12, segment="dentists"),
        touchpoints=[{"touchpoint_id": n, "name": f"A {n}", "stage": "using"} for n in answers],
        kano=[{"contact_id": f"C{i}", "touchpoint_id": n, "present": so, "absent": not_so}
              for n, (so, not_so) in answers.items() for i in range(40)],
    )  # fmt: skip


def form(client: Client) -> designing.MomentForm:
    return designing.MomentForm(client, TODAY)


def every(box) -> list:
    return [box, *[w for child in getattr(box, "children", ()) for w in every(child)]]


def text_of(box) -> str:
    return " ".join(w.value for w in every(box) if isinstance(w, ipywidgets.HTML))


def fill(mine: designing.MomentForm) -> None:
    mine.what.value, mine.owner.value = "We ring a week later and ask. ", "Desk lead"


def test_a_moment_becomes_a_row_of_commitments(tmp_path):
    client = folder(tmp_path)
    mine = form(client)
    fill(mine)
    mine.where.value = "delight"
    mine.whom.value = "Firm 3"
    mine.cost.value, mine.times.value = 12.5, 10
    assert "£125 in three months" in mine.total.value
    mine.keep.click()
    (row,) = client["commitments"].to_dict("records")
    assert (row["action_id"], row["finding_id"]) == ("08-moment", "okay_not_referring")
    assert row["what"] == (
        "A moment: We ring a week later and ask. Where: “A delight”. For: Firm 3. Cost: £12.50 "
        "each time, 10 times. We shall know by this: a client tells the story: a line in the wow "
        "log."
    )
    assert (str(row["due"])[:10], str(row["measure_again"])[:10]) == ("2025-08-03", "2025-10-02")
    assert "We ring a week later" in text_of(form(client).box)
    assert [r["action_id"] for r in promising.kept(client, "08")] == ["08-moment"]
    fill(mine)
    mine.keep.click()
    assert client["commitments"]["action_id"].tolist() == ["08-moment", "08-moment-2"]


def test_a_wow_on_top_of_a_broken_basic_is_flagged(tmp_path):
    client = folder(tmp_path)
    mine = form(client)
    assert "Mend first" in mine.flag.value and "Firm 0" in mine.flag.value  # one of every account
    mine.whom.value = "Firm 3"
    assert mine.flag.value == ""
    mine.whom.value = "Firm 0"
    assert "7 tickets of 10 there broke a basic (late)" in mine.flag.value
    fill(mine)
    mine.keep.click()
    assert client["commitments"]["what"].iloc[0].endswith("Mend the basics first at: Firm 0.")


@pytest.mark.parametrize(
    ("place", "said"),
    [("basic", "take this for granted"), ("nothing", "money nobody will notice"),
     ("delight", "make it a moment"), ("", "")],
)  # fmt: skip
def test_what_clients_make_of_the_place_is_said_beside_it(tmp_path, place, said):
    mine = form(folder(tmp_path))
    mine.where.value = place
    assert said in mine.advice.value
    assert bool(said) == bool(mine.advice.value)


def test_delights_come_first_and_nothing_is_given_away_before_the_guess(tmp_path):
    client = folder(tmp_path, sealed=True)
    mine = form(client)
    assert [label for label, _ in mine.where.options] == [
        "A basic", "A delight", "A nothing", "somewhere else"]  # fmt: skip
    assert mine.advice.value == mine.flag.value == ""
    mine.what.value, mine.where.value = "My idea", "nothing"
    client.record("okay_not_referring")
    assert mine.where.options[0][0] == "A delight (delight)"
    assert (mine.what.value, mine.where.value) == ("My idea", "nothing")
    assert "Mend first" in mine.flag.value
    assert client.listeners == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"what": " "}, "What happens"),
        ({"owner": ""}, "Who does it"),
        ({"due": None}, "Pick two days"),
        ({"due": date(2025, 1, 1)}, "has passed"),
        ({"again": date(2025, 7, 10)}, "before it is done"),
    ],
)
def test_half_a_moment_is_refused_in_plain_words(tmp_path, change, said):
    client = folder(tmp_path)
    mine = form(client)
    fill(mine)
    for name, value in change.items():
        getattr(mine, name).value = value
    mine.keep.click()
    assert said in mine.status.value and not client.has("commitments")


def test_a_moment_that_cannot_be_saved_keeps_what_was_typed(tmp_path):
    client = folder(tmp_path)
    client.writable = False
    mine = form(client)
    fill(mine)
    mine.keep.click()
    assert "could not be saved" in mine.status.value and mine.what.value


def test_every_control_has_a_label_and_an_empty_folder_a_form(tmp_path):
    bare = form(clients.make(tmp_path / "bare"))
    assert [label for label, _ in bare.where.options] == ["somewhere else"]
    fill(bare)
    bare.keep.click()
    assert "Where: somewhere else. For: every account. Cost: time only" in text_of(bare.box)
    for mine in (bare, form(folder(tmp_path / "full"))):
        controls = [w for w in every(mine.box) if hasattr(w, "disabled")]
        assert len(controls) == 10
        assert all(control.description for control in controls)
