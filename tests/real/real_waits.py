"""An airport's passengers as tickets: how long they were there, and what they thought of it.

As in real_clients.py: columns are renamed, and what a row means is said; nothing is cleaned. A
passenger's stay is opened at midnight of the day of the interview, since the hours of arrival are
written in four ways, and lasts as long as the file says that it took from arrival to departure.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from real_clients import AIRPORT, AIRPORT_MONTH, client_folder, rows_of

WHOLE = "Q7ALL"  # the airport as a whole, from 1 to 5; 0, 6 and "Blank" are no marks


def airport_waits(data: Path, folder: Path) -> Path:
    """A ticket per passenger: the airline is the account, the area of the airport the type."""
    people = rows_of(data / AIRPORT)
    tickets, ratings = [], []
    for p in people:
        opened = datetime.fromisoformat(f"{AIRPORT_MONTH}-{int(p['INTDATE']):02d}T00:00")
        stay = p["HOWLONG"].strip()
        left = opened + timedelta(minutes=int(stay)) if stay else None
        who = {"account_id": p["AIRLINE_CODE"], "contact_id": p["RESPNUM"]}
        tickets.append(
            {"ticket_id": p["RESPNUM"], **who, "opened_at": opened.isoformat("T", "minutes"),
             "resolved_at": left.isoformat("T", "minutes") if left else "",
             "type": p["BAREA"], "priority": p["PEAK"]}
        )  # fmt: skip
        ratings.append(
            {"rating_id": p["RESPNUM"], **who, "ticket_id": p["RESPNUM"],
             "asked_at": opened.date().isoformat(), "score": p[WHOLE], "scale": "1-5"}
        )  # fmt: skip
    contacts = [{"contact_id": p["RESPNUM"], "account_id": p["AIRLINE_CODE"]} for p in people]
    settings = {"name": "An airport", "id": "airport waits", "as_of": "2017-12-31"}
    tables = {"tickets": tickets, "ratings": ratings, "contacts": contacts}
    return client_folder(folder, settings, tables)
