"""A university's office that advises students, as a client: faculties are its segments."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from real_clients import Guess, client_folder, rows_of

FACULTIES = "cub-univer-service-ratings/univer.csv"


def faculties(
    data: Path, folder: Path, beliefs: Mapping[str, Guess] = {}, segment: str = "faculty"
) -> Path:
    """Every student is an account of one contact, since nobody knows who belongs together.

    The mark is the overall one, 1 to 7; `segment` is the column that makes groups. Regular users
    and the others go in as the account's site. The file has no dates.
    """
    rows = rows_of(data / FACULTIES)
    accounts = [
        {"account_id": f"S{i}", "name": f"student {i}", "segment": f"{segment} {r[segment]}",
         "site": "regular" if r["freqserv"] == "1" else "now and then"}
        for i, r in enumerate(rows)
    ]  # fmt: skip
    ratings = [
        {"rating_id": f"R{i}", "account_id": f"S{i}", "score": r["global"], "scale": "1-7"}
        for i, r in enumerate(rows)
    ]
    settings = {"name": "A university's office", "id": "faculties", "as_of": "2002-12-31"}
    return client_folder(folder, settings, {"accounts": accounts, "ratings": ratings}, beliefs)
