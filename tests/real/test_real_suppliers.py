"""An incident log names a supplier for twelve of 3,500 tickets: too few, and it says so."""

from __future__ import annotations

import pytest
import real_clients
from servicegap import load
from servicegap.sessions import third_party_impact as session
from servicegap.sessions.third_party_impact import chain

pytestmark = pytest.mark.real


@pytest.fixture(scope="module")
def client(data, tmp_path_factory):
    folder = real_clients.servicenow(data, tmp_path_factory.mktemp("suppliers") / "client")
    return load(folder, sealed=False)


@pytest.fixture(scope="module")
def named(data):
    """Counted from the file: incidents, callers and places of rows that name a supplier."""
    rows = [r for r in real_clients.rows_of(data / real_clients.SERVICENOW) if r["vendor"] != "?"]
    return tuple({r[column] for r in rows} for column in ("number", "caller_id", "location"))


def test_a_supplier_in_any_row_of_the_log_counts(client, named):
    tickets, callers, places = named
    assert (len(tickets), len(callers), len(places)) == (12, 12, 1)
    frame = chain.human(client)
    assert len(frame) == 3_500
    assert set(frame.loc[frame["involved"], "ticket_id"]) == tickets
    assert set(frame["vendor"].dropna()) == {"8s"}


def test_it_says_too_few(client):
    found = session.involved(client)
    assert found.title == "Only 12 of 3,500 tickets name a supplier: too few to compare"
    rows = found.data.set_index("supplier")["tickets"].to_dict()
    assert rows == {"8s": 12, "no supplier": 3_488}
    hours = session.adjusted_hours(client).not_measured
    assert hours.startswith("Too few to compare: 12 solved tickets of 3,371 name a supplier")
    assert "1 account" in hours and "five accounts on either side" in hours


def test_what_was_never_rated_is_not_measured(client):
    found = session.third_party_harm(client)
    assert found.verdict.word == "not measured"
    for part in ("side_by_side", "vendors", "two_clocks", "comings", "goodwill", "control"):
        assert getattr(session, part)(client).not_measured, part
