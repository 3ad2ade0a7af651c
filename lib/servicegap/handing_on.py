"""How sessions hand on what they found, so that the last one can read it and need not look again.

A folder with a file a session, `NN.json`. A run keeps its folder in its own scratch space; in the
workbook each session leaves its file in the client's `.servicegap/findings` when its cards are
turned over. Only what the last session reads is handed on: the findings, and a few figures and
tables by name.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from servicegap import schema
from servicegap.placing import put

if TYPE_CHECKING:
    from servicegap.client import Client

VERSION = 1
HOME = Path(".servicegap") / "findings"  # in a client's folder; never an input of a run
# figures and tables that the last session reads, besides findings
WANTED = {"02": ("renewal", "timetable"), "04": ("by_cut",)}

Payload = Mapping[str, Any]


@dataclass(frozen=True)
class Handed:
    """What one session found: its number, the day its files were taken, its bundles' payloads."""

    session: str
    as_of: str
    payloads: tuple[Payload, ...]

    def of_kind(self, kind: str) -> tuple[Payload, ...]:
        return tuple(p for p in self.payloads if p["kind"] == kind)

    def named(self, name: str) -> Payload | None:
        """The figure or table called `name`, None where there is none."""
        return next((p for p in self.payloads if p["id"] == name), None)


def is_handed_on(payload: Payload) -> bool:
    """Whether the last session reads this bundle."""
    wanted = WANTED.get(payload["session"], ())
    return payload["kind"] == "finding" or payload["id"] in wanted


def hand_on(folder: Path, session: str, as_of: str, payloads: Iterable[Payload]) -> None:
    """Write what a whole session found into the folder, instead of what lies there of it."""
    kept = [dict(payload) for payload in payloads if is_handed_on(payload)]
    _write(folder, session, as_of, kept)


def leave(client: Client, payload: Payload) -> None:
    """Lay one result into the client's own folder, in the place of an earlier one of that name.

    For the workbook. Without the right to write there nothing is left, and the last session says
    that this one has not been run.
    """
    if not (client.sealed and client.writable and is_handed_on(payload)):
        return
    folder, session = client.folder / HOME, payload["session"]
    as_of = client.as_of.isoformat()
    earlier = read(folder).get(session)
    kept = []
    if earlier and earlier.as_of == as_of:  # what other files said is not mixed with this
        name = (payload["kind"], payload["id"])
        kept = [dict(p) for p in earlier.payloads if (p["kind"], p["id"]) != name]
    with contextlib.suppress(OSError):
        _write(folder, session, as_of, [*kept, dict(payload)])


def read(folder: Path) -> dict[str, Handed]:
    """What lies in the folder, by session. A file that is not ours, or is broken, counts as none.

    Such a file is written anew by running its session again, so there is nothing to mend in it.
    """
    found = {}
    for number in schema.SESSIONS:
        path = folder / f"{number}.json"
        try:
            told = json.loads(path.read_text("utf-8"))
            payloads, as_of = tuple(told["payloads"]), str(told["as_of"])
            sound = told["version"] == VERSION and all(map(_sound, payloads))
        except (OSError, ValueError, KeyError, TypeError):
            continue
        if sound:
            found[number] = Handed(number, as_of, payloads)
    return found


def effects(payloads: Iterable[Payload]) -> dict[str, dict[str, float]]:
    """What the last session says a gap is worth in referrals: value, low and high by belief.

    Empty where it counted none, since too few were referred.
    """
    ends = ("value", "low", "high")
    for payload in payloads:
        if (payload["kind"], payload["id"]) == ("figure", "referral_effect"):
            names = [column["name"] for column in payload["data"]["columns"]]
            rows = [dict(zip(names, row, strict=True)) for row in payload["data"]["rows"]]
            return {row["id"]: {end: row[end] for end in ends} for row in rows if "id" in row}
    return {}


def _sound(payload: Any) -> bool:
    names = ("kind", "id", "session", "title")
    whole = isinstance(payload, dict) and all(isinstance(payload.get(n), str) for n in names)
    return whole and (payload["kind"] != "finding" or payload["id"] in schema.HEADLINES)


def _write(folder: Path, session: str, as_of: str, payloads: list[dict]) -> None:
    told = {"version": VERSION, "session": session, "as_of": as_of, "payloads": payloads}
    text = json.dumps(told, ensure_ascii=False, allow_nan=False, indent=1)
    put(folder / f"{session}.json", f"{text}\n".encode())
