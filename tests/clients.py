"""Clients made from rows, for tests: a folder is written and loaded as any other."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np
import yaml
from servicegap import load
from servicegap.client import Client

SETTINGS = {
    "name": "Test IT",
    "id": "test-it",
    "group": "like us",
    "as_of": "2025-06-30",
    "cost_per_hour": 40,
}
Rows = Iterable[Mapping[str, object]]


def make(folder: Path, sealed: bool = False, settings: Mapping = {}, **tables: Rows) -> Client:
    """Write a client's folder and load it. Cells that are None are left empty."""
    folder.mkdir(parents=True, exist_ok=True)
    said = {k: v for k, v in (SETTINGS | dict(settings)).items() if v is not None}
    (folder / "client.yaml").write_text(yaml.safe_dump(said, allow_unicode=True), encoding="utf-8")
    for name, rows in tables.items():
        rows = list(rows)
        headers = list(dict.fromkeys(column for row in rows for column in row))
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, headers)
            writer.writeheader()
            writer.writerows(rows)
    return load(folder, sealed=sealed)


def rating(
    n: int, account: object, contact: object = None, score: object = 5, when="2025-03-03", **more
) -> dict:
    """One rating; without a score it was asked and stayed unanswered."""
    row = {"rating_id": f"R{n}", "account_id": f"A{account}", "score": score, "scale": "1-5"}
    row["contact_id"] = None if contact is None else f"C{contact}"
    return row | {"asked_at": when, "answered_at": when if score is not None else None} | more


def contacts(people: int, accounts: int) -> list[dict]:
    """Contacts C0… spread over accounts A0…"""
    return [{"contact_id": f"C{i}", "account_id": f"A{i % accounts}"} for i in range(people)]


def accounts(n: int, **more: object) -> list[dict]:
    return [{"account_id": f"A{i}", "name": f"Firm {i}", "since": "2015-01-01"} | more
            for i in range(n)]  # fmt: skip


def peers(values: Iterable[float], **more: object) -> list[dict]:
    row = {"measure": "csat_top_1_5", "group": "like us", "period": "2025-03-31"}
    return [row | {"peer": f"peer {i}", "value": v} | more for i, v in enumerate(values)]


def beliefs(**stated: tuple | None) -> list[dict]:
    """Beliefs by id: (value, low, high), or None for a guess declined."""
    rows = []
    for belief_id, told in stated.items():
        value, low, high = told or (None, None, None)
        rows.append({"belief_id": belief_id, "value": value, "low": low, "high": high,
                     "stated_by": "owner", "stated_at": "2025-05-01"})  # fmt: skip
    return rows


def answered(people: int, firms: int, happy: int, **more: object) -> list[dict]:
    """One rating a contact; the first `happy` of them give the top mark, the others a 3."""
    return [rating(i, i % firms, i, 5 if i < happy else 3) | more for i in range(people)]


def teams(
    shares: Mapping[str, float], people: int, firms: int = 40, icc: float = 0.0, seed: int = 1
) -> dict[str, list[dict]]:
    """Rated tickets of teams, each with its own share of top marks, one person a ticket."""
    rng = np.random.default_rng(seed)
    tickets, ratings, persons = [], [], []
    spread = (1 - icc) / icc if icc else 0
    for team, share in shares.items():
        for _ in range(people):
            i = len(tickets)
            level = share
            if icc:
                draw = np.random.default_rng([seed, i % firms])
                level = draw.beta(share * spread, (1 - share) * spread)
            tickets.append({"ticket_id": f"T{i}", "account_id": f"A{i % firms}",
                            "contact_id": f"C{i}", "opened_at": "2025-03-01", "team": team,
                            "type": "incident"})  # fmt: skip
            persons.append({"contact_id": f"C{i}", "account_id": f"A{i % firms}"})
            score = 5 if rng.random() < level else 3
            ratings.append(rating(i, i % firms, i, score, ticket_id=f"T{i}"))
    return {"tickets": tickets, "ratings": ratings, "contacts": persons}
