"""Real pairs of Kano answers, an airport's marks and a university office's, as clients' folders."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path

from real_clients import AIRPORT, Guess, client_folder, rows_of
from real_faculties import FACULTIES

FUNDS = "reppl-kano-funds/storage--cohort1-clean.csv"
FEATURES = "reppl-kano-funds/features.csv"
# as the questionnaire has them, its slip of the pen ("I must be") included
FUNDS_ANSWERS = {
    "I like it that way": 1,
    "I must be that way": 2,
    "I am neutral": 3,
    "I can live with it that way": 4,
    "I dislike it that way": 5,
}
FUNDS_ASKED = tuple(f"F{k}" for k in range(1, 6))

AIRPORT_PARTS = {
    "Q7ART": "Artwork", "Q7FOOD": "Restaurants", "Q7STORE": "Shops", "Q7SIGN": "Signs",
    "Q7WALKWAYS": "Walkways", "Q7SCREENS": "Screens", "Q7WIFI": "Wifi",
}  # fmt: skip
OFFICE_PARTS = {
    "informat": "Information", "willingn": "Willingness", "officeho": "Office hours",
    "compete": "Competence",
}  # fmt: skip


def funds(data: Path, folder: Path) -> Path:
    """91 people on five features of storing money. `absent` is written before `present`.

    In the file, the fourth feature's two columns stand the other way round than the others'.
    """
    people = rows_of(data / FUNDS)
    with (data / FEATURES).open(encoding="utf-8", newline="") as file:
        features = {row["ID"].rstrip("_"): row["Label"] for row in csv.DictReader(file)}
    kano = [
        {"touchpoint_id": f, "absent": FUNDS_ANSWERS[p[f"{f}_dysfunctional"]],
         "contact_id": p["ID"], "present": FUNDS_ANSWERS[p[f"{f}_functional"]]}
        for f in FUNDS_ASKED
        for p in people
    ]  # fmt: skip
    places = [{"touchpoint_id": f, "name": features[f], "stage": "using"} for f in FUNDS_ASKED]
    settings = {"name": "Somebody who stores money", "id": "funds", "as_of": "2018-12-31"}
    return client_folder(folder, settings, {"kano": kano, "touchpoints": places})


def airport_moments(data: Path, folder: Path, beliefs: Mapping[str, Guess] = {}) -> Path:
    """Passengers as contacts, airlines as accounts: overall mark, recommendation, seven parts.

    Codes for "blank" and "never used it" (0, 6, 11) go in as they stand.
    """
    people = rows_of(data / AIRPORT)
    airlines = {p["AIRLINE_CODE"]: p["AIRLINE"] for p in people}
    relationship = [
        {"contact_id": p["RESPNUM"], "account_id": p["AIRLINE_CODE"], "satisfaction": p["Q7ALL"],
         "would_refer": p["NETPRO"], "scale": "1-5", "refer_scale": "0-10"}
        for p in people
    ]  # fmt: skip
    survey = [
        {"contact_id": p["RESPNUM"], "account_id": p["AIRLINE_CODE"], "item_id": q,
         "perceived": p[q], "scale": "1-5"}
        for q in AIRPORT_PARTS
        for p in people
    ]  # fmt: skip
    tables = {
        "accounts": [{"account_id": code, "name": name} for code, name in airlines.items()],
        "contacts": [{"contact_id": p["RESPNUM"], "account_id": p["AIRLINE_CODE"]} for p in people],
        "relationship": relationship,
        "items": [{"item_id": q, "text": text} for q, text in AIRPORT_PARTS.items()],
        "survey": survey,
    }
    settings = {"name": "An airport", "id": "airport", "as_of": "2017-12-31"}
    return client_folder(folder, settings, tables, beliefs)


def office_moments(data: Path, folder: Path) -> Path:
    """2,179 students on an office that advises them: four parts and the whole, 1 to 7.

    Every student is an account, since nobody knows who belongs together.
    """
    rows = rows_of(data / FACULTIES)
    ids = [f"S{i}" for i in range(len(rows))]
    relationship = [{"contact_id": s, "account_id": s, "satisfaction": r["global"], "scale": "1-7"}
                    for s, r in zip(ids, rows, strict=True)]  # fmt: skip
    survey = [
        {"contact_id": s, "account_id": s, "item_id": q, "perceived": r[q], "scale": "1-7"}
        for q in OFFICE_PARTS
        for s, r in zip(ids, rows, strict=True)
    ]
    tables = {
        "relationship": relationship,
        "contacts": [{"contact_id": s, "account_id": s} for s in ids],
        "items": [{"item_id": q, "text": text} for q, text in OFFICE_PARTS.items()],
        "survey": survey,
    }
    settings = {"name": "A university's office", "id": "office", "as_of": "2002-12-31"}
    return client_folder(folder, settings, tables)
