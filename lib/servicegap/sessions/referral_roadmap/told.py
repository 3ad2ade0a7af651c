"""What the sessions of this series found, as they handed it on. Nothing is looked up again here.

The two findings of this session itself are taken from its own functions; everything else is read.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from servicegap import bundles, formats, handing_on, schema, words
from servicegap.client import Client
from servicegap.findings import Shown, Table, part
from servicegap.handing_on import Handed
from servicegap.sessions.referral_roadmap.headlines import did_refer_share, stay_share

OWN = "10"
Range = tuple[float, float, float]  # value, low, high; NaN where there is none


@dataclass(frozen=True)
class Told:
    """A headline finding as its session told it.

    `word`, `strength` and `gap` are its verdict; `action` and `change` as in its bundle.
    """

    id: str
    session: str
    label: str
    sentence: str
    unit: str
    per: str
    belief: Range
    evidence: Range
    n: int | None
    word: str
    strength: str | None
    gap: float | None
    action: Mapping[str, Any] | None
    change: Mapping[str, Any] | None

    @property
    def headline(self) -> schema.Headline:
        return schema.HEADLINES[self.id]

    @property
    def verdict(self) -> str:
        """`blind spot, leaning`."""
        return f"{self.word}, leaning" if self.strength == "leaning" else self.word

    @classmethod
    def of(cls, payload: Mapping[str, Any]) -> Told:
        """From a finding's bundle; a part of it that is not there counts as nothing."""
        evidence = payload.get("evidence") or {}
        head = schema.HEADLINES[payload["id"]]
        return cls(
            head.id,
            head.session,
            head.label,
            str(payload.get("sentence") or ""),
            head.unit,
            head.per,
            _range(payload.get("belief") or {}),
            _range(evidence),
            evidence.get("n"),
            str(payload.get("verdict") or "not measured"),
            payload.get("strength"),
            payload.get("gap"),
            payload.get("action"),
            payload.get("change"),
        )


def _range(span: Mapping[str, Any]) -> Range:
    value, low, high = (span.get(k) for k in ("value", "low", "high"))
    return tuple(math.nan if x is None else float(x) for x in (value, low, high))  # type: ignore[return-value]


@dataclass(frozen=True)
class Gathered:
    """All that is known when the last session begins.

    `findings` in the order of the schema; `handed` by session; `closed` the sessions none of whose
    parts can run for this client; `not_run` those that could and have not been; `stale` those that
    were run on other files than these, whose findings stay out. A session that tests no belief has
    nothing to hand on and is not missed.
    """

    findings: tuple[Told, ...]
    handed: Mapping[str, Handed]
    closed: tuple[str, ...]
    not_run: tuple[str, ...]
    stale: tuple[str, ...]

    def of(self, belief_id: str) -> Told | None:
        return next((f for f in self.findings if f.id == belief_id), None)

    def named(self, session: str, name: str) -> Mapping[str, Any] | None:
        """A figure or table that a session handed on, with something in it."""
        found = self.handed[session].named(name) if session in self.handed else None
        return None if found is None or found.get("not_measured") else found

    @property
    def missing(self) -> str:
        """A sentence on the sessions that have not been run on these files; empty if all have."""
        said = []
        if self.not_run:
            said.append(f"Not run yet: {_titles(self.not_run)}. What they would find is not here.")
        if self.stale:
            said.append(f"Run on earlier files, and so left out: {_titles(self.stale)}.")
        return " ".join(said)


def _titles(numbers: tuple[str, ...]) -> str:
    return words.listed([f"session {int(n)} ({schema.SESSIONS[n].title})" for n in numbers])


def gather(client: Client, findings: str = "") -> Gathered:
    """Read what the sessions before this one handed on, and add this one's own two findings.

    Args: findings, the folder in which they left it; empty for the client's own.
    """
    folder = Path(findings) if findings else client.folder / handing_on.HOME
    there = handing_on.read(folder)
    as_of = client.as_of.isoformat()
    handed = {n: h for n, h in there.items() if h.as_of == as_of and n != OWN}
    payloads = [p for h in handed.values() for p in h.of_kind("finding")]
    own = [bundles.bundle(look(client))[bundles.MIME] for look in (did_refer_share, stay_share)]
    told = {p["id"]: Told.of(p) for p in (*payloads, *own)}
    others = [n for n, s in schema.SESSIONS.items() if s.headlines and n not in (OWN, *handed)]
    stale = tuple(n for n in others if n in there)
    closed = tuple(n for n in others if n not in stale and _is_closed(client, n))
    return Gathered(
        tuple(told[b] for b in schema.HEADLINES if b in told),
        handed,
        closed,
        tuple(n for n in others if n not in (*stale, *closed)),
        stale,
    )


def _is_closed(client: Client, number: str) -> bool:
    """Whether no part of a session can run for want of tables."""
    return all(client.missing(part_) for part_ in schema.SESSIONS[number].parts)


def day_of(text: str) -> date | None:
    """A day as bundles have it (`2026-06-30`) or as tables show it in the client's country."""
    return formats.Format.day_of(text) if isinstance(text, str) else None


@part
def gathered(client: Client, findings: str = "") -> Table:
    """What did each session find, and which have not been run?

    Args: findings, the folder in which the sessions left what they found.
    """
    found = gather(client, findings)
    rows = []
    for number, session in schema.SESSIONS.items():
        state = _state(found, number)
        mine = [f for f in found.findings if f.session == number]
        for f in mine:
            rows.append([number, session.title, f.label, f.verdict])
        if not mine and state:
            rows.append([number, session.title, "", state])
    data = pd.DataFrame(rows, columns=["session", "title", "belief", "verdict"])
    ran = len({f.session for f in found.findings})
    return Table(
        _title(found, ran),
        found.missing or "Every session that these files allow has been run on them.",
        data,
        {"session": Shown(""), "title": Shown("session"), "belief": Shown("what was believed of"),
         "verdict": Shown("what came of it")},
    )  # fmt: skip


def _state(found: Gathered, number: str) -> str:
    """Why a session has no finding here; empty for one that has no belief to test."""
    if number in found.closed:
        return "not measured: its tables are not there"
    if number in found.stale:
        return "run on earlier files; run it again"
    if number in found.not_run:
        return "not run yet"
    return ""


def _title(found: Gathered, ran: int) -> str:
    n = len(found.findings)
    measured = sum(f.word != "not measured" for f in found.findings)
    if found.not_run or found.stale:
        many = len(found.not_run) + len(found.stale)
        return (
            f"{words.spelled(many).capitalize()} of the sessions before this one "
            f"{'has' if many == 1 else 'have'} not been run on these files"
        )
    told = "none measured" if not measured else f"{words.spelled(measured)} measured"
    sessions = "One session" if ran == 1 else f"{words.spelled(ran).capitalize()} sessions"
    beliefs = "one belief" if n == 1 else f"{words.spelled(n)} beliefs"
    return f"{sessions}, {beliefs}, {told}"
