"""Real answers about prices and value as clients' folders. Nothing is cleaned."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from real_clients import Guess, client_folder, rows_of

PRICES = "psm-wshoekstra/psm_example.csv"
SATISFACTION = "bayesm-customerSat/customerSat.csv"
TEA = "conjoint-tea"
TEA_PRICE = {"1": 10, "2": 20, "3": 30}  # low, medium and high: the file has no amounts


def price_panel(data: Path, folder: Path, mended: bool = False) -> Path:
    """1,500 people's four prices, labelled as the file labels them; `mended`, the other way."""
    cheap, dear = "bargain", "getting_expensive"
    if mended:
        cheap, dear = dear, cheap
    rows = [
        {"contact_id": f"P{i}", "too_cheap": r["too_cheap"], "cheap": r[cheap],
         "expensive": r[dear], "too_expensive": r["too_expensive"]}
        for i, r in enumerate(rows_of(data / PRICES))
    ]  # fmt: skip
    settings = {"name": "A panel", "id": "panel", "as_of": "2020-12-31", "currency": "USD"}
    return client_folder(folder, settings, {"price_survey": rows})


def advertisers(data: Path, folder: Path, value: str, beliefs: Mapping[str, Guess] = {}) -> Path:
    """Companies that advertise in a directory: `value` is the question on prices that is taken."""
    rows = [
        {"contact_id": f"C{i}", "account_id": f"A{i}", "satisfaction": r["q1"],
         "value": r[value], "scale": "1-10"}
        for i, r in enumerate(rows_of(data / SATISFACTION))
    ]  # fmt: skip
    people = [{"contact_id": r["contact_id"], "account_id": r["account_id"]} for r in rows]
    settings = {"name": "A directory", "id": "directory", "as_of": "1997-12-31"}
    return client_folder(folder, settings, {"relationship": rows, "contacts": people}, beliefs)


def tea(data: Path, folder: Path, segment: str) -> Path:
    """Every cup that somebody rated is an account of its own, which pays the price of that tea."""
    profiles = rows_of(data / TEA / "tea_profiles.csv")
    homes, people, marks = [], [], []
    for i, person in enumerate(rows_of(data / TEA / "tea_ratings.csv")):
        for k, profile in enumerate(profiles):
            cup = f"{i}-{k}"
            homes.append({"account_id": f"A{cup}", "name": f"cup {cup}", "seats": 1,
                          "segment": f"{segment} {profile[segment]}",
                          "monthly_fee": TEA_PRICE[profile["price"]]})  # fmt: skip
            people.append({"contact_id": f"C{cup}", "account_id": f"A{cup}"})
            marks.append({"contact_id": f"C{cup}", "account_id": f"A{cup}",
                          "value": person[f"profil{k + 1}"], "scale": "0-10"})  # fmt: skip
    settings = {"name": "A tea house", "id": "tea", "as_of": "2007-12-31"}
    tables = {"accounts": homes, "contacts": people, "relationship": marks}
    return client_folder(folder, settings, tables)
