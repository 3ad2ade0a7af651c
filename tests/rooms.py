"""A workshop's room for tests: folders of belief files as attendees would hand them in."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from servicegap import schema

MODEST = ("good_value_share", "stay_share")  # of which the room thinks too little
NAMES = schema.TABLES["beliefs"].names


def guesses(truth: dict, seed: int, *, after: bool = True, beliefs=None) -> list[list[str]]:
    """One attendee's rows: too sure and flattering before, nearer after."""
    rng, rows = np.random.default_rng([77, seed]), []
    for i, (belief, head) in enumerate(schema.HEADLINES.items()):
        if beliefs is not None and belief not in beliefs:
            continue
        true = truth["beliefs"][belief]["true_value"]
        sign = 1 if head.better == "higher" else -1
        for again in range(2 if after else 1):
            if head.ratio:
                value = true * np.exp(rng.normal(0.3 if again else 0.9, 0.2))
                half = value * 0.3
            else:
                value = true + sign * (-1 if belief in MODEST else 1) * rng.normal(
                    3 if again else 11, 6
                )
                half = rng.uniform(5, 14)
            ends = np.clip([value, value - half, value + half], head.low, head.high)
            at = f"2026-11-20 {10 + 2 * again}:{i:02}:{seed % 60:02}"
            rows.append([belief, *(f"{x:.0f}" for x in ends), "workbook", at])
    return rows


def put(path: Path, rows: list[list[str]]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([NAMES, *rows])
    return path


def answers(path: Path, seat: int, said: Sequence[tuple[str, int]]) -> Path:
    """A file of answers as one attendee would hand it in: a question's id and the choice, each."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["occasion", "question_id", "choice", "right", "answered_at"])
        for n, (question, choice) in enumerate(said):
            at = f"2026-11-20 {10 + n % 9}:{seat // 60:02}:{seat % 60:02}"
            writer.writerow([question[:2], question, choice, "no", at])
    return path


def fill(folder: Path, truth: dict, people: int, *, first: int = 1, after: bool = True) -> None:
    """Hand in the files of so many attendees, each under the number of a seat."""
    for seat in range(first, first + people):
        put(folder / f"seat-{seat:02}.csv", guesses(truth, seat, after=after))
