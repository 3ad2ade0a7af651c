"""Where would a moment be noticed? What clients make of each, and what is told of it already."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from servicegap import measures, words
from servicegap.client import Client
from servicegap.findings import Shown, Table, part
from servicegap.sessions.wow_moment_gaps import kano_moments
from servicegap.sessions.wow_moment_gaps.stories import counted, ends

_NOT_ASKED = "not asked"
_ADVICE = {
    "A": "make it a moment",
    "O": "do it better than they expect",
    "M": "keep it whole; nobody will thank you for it",
    "I": "leave it as it is",
    "R": "ask before you do more of it",
    "Q": "ask the question in other words",
}
_RANK = {"A": 0, "O": 1, "": 2, "M": 3, "I": 4, "R": 5, "Q": 6}


@dataclass(frozen=True)
class Place:
    """A moment where something could be done. `letter` is Kano's where it is settled, else ""."""

    id: str
    name: str
    stage: str
    letter: str
    kind: str
    stories: int
    end: bool

    @property
    def advice(self) -> str:
        """What to do there, in a few words."""
        if not self.letter:
            ask = "ask the pair of questions" if self.kind == _NOT_ASKED else "ask a few more"
            return f"{ask} before you spend on it"
        if self.letter == "A" and self.stories:
            return "make more of it: it is told already"
        return _ADVICE[self.letter]


def places(client: Client) -> list[Place]:
    """Every moment of the journey, those worth making first; the order of the journey otherwise."""
    known, kinds, told = kano_moments.names(client), kano_moments.by_id(client), counted(client)
    found = []
    for (moment, row), end in zip(known.iterrows(), ends(known["stage"]), strict=True):
        asked = kinds.get(str(moment))
        letter = asked.category.letter if asked and asked.category.settled else ""
        kind = asked.category.name if asked else _NOT_ASKED
        found.append(
            Place(str(moment), str(row["name"]), str(row["stage"]), letter, kind,
                  told.get(str(moment), 0), end)
        )  # fmt: skip
    return sorted(found, key=lambda place: (_RANK[place.letter], place.stories > 0))


@part
def moments(client: Client) -> Table:
    """Where would a moment be noticed, and where would it be wasted?"""
    found = places(client)
    has_log = client.has("wow_log")
    lately = words.length(measures.window(client), figures=True)
    data = pd.DataFrame(
        [[p.name, p.stage + (", its end" if p.end else ""), p.kind, p.stories, p.advice]
         for p in found],
        columns=["moment", "stage", "kind", "stories", "advice"],
    )  # fmt: skip
    return Table(
        _title(found, has_log),
        "What people make of it comes from the pairs of questions, and has a name only where that "
        "is settled. "
        + ("" if has_log else "No stories are kept, so nothing is known of what is told already. ")
        + "Advice is a rule of thumb; you know what your people can do well on a wet Thursday.",
        data if has_log else data.drop(columns="stories"),
        {"kind": Shown("what it is"), "stories": Shown(f"stories in {lately}"),
         "advice": Shown("so")},
    )  # fmt: skip


def _title(found: list[Place], has_log: bool) -> str:
    delights = [p for p in found if p.letter == "A"]
    if not any(p.kind != _NOT_ASKED for p in found):
        return "Nobody has been asked yet what would delight: here are your moments"
    if not delights:
        return "No moment is settled as a delight yet"
    said = f"{words.spelled(len(delights)).capitalize()} of {len(found)} moments would delight"
    fresh = sum(p.stories == 0 for p in delights)
    if not has_log:
        return said
    if not fresh:
        return f"{said}, and each of them is told already"
    return f"{said}; of {words.spelled(fresh)} nobody has told yet"
