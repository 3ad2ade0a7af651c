"""Who is in the chain, how often, and who keeps an eye on them: a card a supplier."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pandas as pd

from servicegap import measures
from servicegap.client import Client
from servicegap.sessions.third_party_impact import chain

CONTROLS = ("measure", "feedback", "escalation", "exit")
IN_WORDS = {
    "measure": "number agreed",
    "feedback": "regular feedback",
    "escalation": "person to ring",
    "exit": "way out",
}


_NONE = {
    "",
    "-",
    "–",
    "—",
    "no",
    "none",
    "nothing",
    "n/a",
    "na",
    "nil",
    "not agreed",
    "unknown",
    "?",
}
_ANYBODY = re.compile(
    r"\b(general|help ?line|hot ?line|help ?desk|service ?desk|support (line|desk|portal|team)"
    r"|call cent(re|er)|switchboard|web ?site|web ?form|portal|chat ?bot|info@|support@)"
)


@dataclass(frozen=True)
class Card:
    """One supplier: tickets of people in the window, `of` all with any supplier, what is written.

    `controls` is what is written of measure, feedback, escalation and exit, "" where nothing is;
    `listed` says whether the table of third parties knows it, `known` whether there is such a
    table at all; `over` whether it had ended.
    """

    name: str
    tickets: int
    of: int
    controls: tuple[str, ...]
    listed: bool
    over: bool
    known: bool = True

    @property
    def missing(self) -> list[str]:
        """The controls that are not there."""
        told = zip(CONTROLS, self.controls, strict=True)
        return [name for name, said in told if not holds(name, said)]

    @property
    def held(self) -> int:
        return len(CONTROLS) - len(self.missing)


def holds(control: str, said: str) -> bool:
    """Whether what is written is a control at all: “none” is not, nor is a line for everybody a
    person to ring."""
    text = said.strip().casefold()
    if text in _NONE:
        return False
    return control != "escalation" or not _ANYBODY.search(text)


def cards(client: Client) -> list[Card]:
    """Every supplier that is listed or was on a ticket, the most frequent first."""
    tickets = chain.human(client)["vendor"].dropna() if client.has("tickets") else pd.Series()
    counts = tickets.value_counts()
    spelled = {str(name).casefold(): str(name) for name in counts.index}
    end = measures.window(client).end
    found, known = [], set()
    table = client["third_parties"]
    over = (table["ended"].notna() & (table["ended"] <= end)).tolist()
    written = [[str(x) for x in table[c].astype("object").fillna("")] for c in CONTROLS]
    for i, raw in enumerate(table["name"].astype(str)):
        name = " ".join(raw.split())
        key = name.casefold()
        n = int(counts.get(spelled.get(key, ""), 0))
        known.add(key)
        controls = tuple(said[i] for said in written)
        found.append(Card(spelled.get(key, name), n, len(tickets), controls, True, bool(over[i])))
    for key, name in spelled.items():
        if key not in known:
            n = int(counts[name])
            blank = ("",) * len(CONTROLS)
            found.append(Card(name, n, len(tickets), blank, False, False, bool(len(table))))
    return sorted(found, key=lambda c: (-c.tickets, c.name))


def least_controlled(found: list[Card]) -> Card | None:
    """The supplier to begin with: on tickets, not ended, most tickets a control is missing on.

    None where no supplier is on a ticket.
    """
    met = [c for c in found if c.tickets and not c.over]
    if not met:
        return None
    return max(met, key=lambda c: (c.tickets * (len(CONTROLS) - c.held), c.tickets, c.name))
