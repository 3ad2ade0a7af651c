"""Real copying: which browser had a web feature first, and when the rivals had it too.

A browser is the firm, what it shipped before every rival is its USPs, the other browsers are the
rivals. A browser's versions are public, so the day before a feature was shipped it was looked at
and was not there; where the file says only "by then at the latest", nobody looked before. Nothing
is cleaned: features behind a switch count as not shipped, because nobody is offered them.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path

from real_clients import Guess, client_folder

FEATURES = "mdn-browser-compat/css_features_handout.csv"
AS_OF = date(2026, 11, 12)  # the day on which the source was built
Shipped = tuple[date | None, bool]  # the day; whether that day is only the latest possible


def shipped(data: Path) -> dict[str, dict[str, Shipped]]:
    """Of each feature: when each browser shipped it (None: not by the as-of date)."""
    found: dict[str, dict[str, Shipped]] = defaultdict(dict)
    with (data / FEATURES).open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            there = row["release_date"] and row["behind_flag"] != "True"
            day = date.fromisoformat(row["release_date"]) if there else None
            known = day if day is not None and day <= AS_OF else None
            found[row["feature"]][row["browser"]] = (known, row["date_is_upper_bound"] == "True")
    return found


def launches(features: Mapping[str, Mapping[str, Shipped]], own: str) -> dict[str, date]:
    """What a browser shipped on a day on which no rival had it."""
    first = {}
    for feature, browsers in features.items():
        day, vague = browsers[own]
        others = [d for name, (d, _) in browsers.items() if name != own and d is not None]
        if day is not None and not vague and all(other > day for other in others):
            first[feature] = day
    return first


def browser(data: Path, folder: Path, own: str, beliefs: Mapping[str, Guess] = {}) -> Path:
    """One browser as a client."""
    features = shipped(data)
    usps, sightings = [], []
    for feature, launch in launches(features, own).items():
        usps.append({"usp_id": feature, "claim": feature, "kind": "product",
                     "launched_on": launch.isoformat()})  # fmt: skip
        for rival, (day, vague) in features[feature].items():
            if rival == own:
                continue
            checked = AS_OF if day is None else None if vague else day - timedelta(days=1)
            seen, without = (d.isoformat() if d else "" for d in (day, checked))
            sightings.append({"usp_id": feature, "competitor": rival, "seen_on": seen,
                              "last_checked_without": without})  # fmt: skip
    settings = {"name": f"Browser {own}", "id": own, "as_of": AS_OF.isoformat()}
    return client_folder(folder, settings, {"usps": usps, "sightings": sightings}, beliefs)
