"""Who keeps an eye on each supplier: a control card each."""

from __future__ import annotations

import pandas as pd

from servicegap import words
from servicegap.client import Client
from servicegap.findings import Shown, Table, part
from servicegap.sessions.third_party_impact.cards import CONTROLS, IN_WORDS, Card, cards

_NOTHING = "—"


@part
def control(client: Client) -> Table:
    """Of each supplier: the number agreed, the feedback, whom to ring, and the way out."""
    every = cards(client)
    found = [card for card in every if not card.over]
    rows = [
        [card.name, *(said or _NOTHING for said in card.controls), f"{card.held} of 4"]
        for card in found
    ]
    data = pd.DataFrame(rows, columns=["supplier", *CONTROLS, "held"])
    over = [card.name for card in every if card.over]
    unlisted = [card.name for card in found if not card.listed]
    notes = ["A dash is a control that nobody wrote down."]
    lines = [c.name for c in found if c.controls[2].strip() and "escalation" in c.missing]
    if lines:
        notes.append(
            f"A line that anybody may ring is nobody to ring, and isn't counted: "
            f"{words.listed(lines)}."
        )
    if unlisted:
        stand = "stands" if len(unlisted) == 1 else "stand"
        notes.append(f"{words.listed(unlisted)} {stand} on tickets and not in your list.")
    if over:
        notes.append(f"Ended, and left out: {words.listed(over)}.")
    return Table(
        _title(found),
        " ".join(notes),
        data,
        {"supplier": Shown("supplier"), "held": Shown("controls"),
         **{name: Shown(IN_WORDS[name]) for name in CONTROLS}},
    )  # fmt: skip


def _title(found: list[Card]) -> str:
    if not found:
        return "No supplier is with you now"
    bare = [card for card in found if not card.held]
    full = [card for card in found if not card.missing]
    if len(full) == len(found):
        return f"All four controls for {words.count(len(found), 'supplier')}"
    if bare:
        return (
            f"Nothing is agreed that would hold {words.listed([c.name for c in bare])} to anything"
        )
    least = min(card.held for card in found)
    few = [card.name for card in found if card.held == least]
    have = "has" if len(few) == 1 else "have"
    only = "only " if least < 3 else ""
    return f"{words.listed(few)} {have} {only}{words.spelled(least)} of four controls"
