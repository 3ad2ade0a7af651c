"""What can be counted about a client's tables before anything is measured."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from servicegap.client import Client
from servicegap.health import Health

if TYPE_CHECKING:
    from servicegap.tables import Ledger

_WHEN = {
    "tickets": "opened_at", "ratings": "asked_at", "referrals": "made_on", "wow_log": "date",
    "mentions": "date", "sightings": "seen_on",
}  # fmt: skip
_REPEATS = ("an exact repeat", "there already", "an earlier row of the same ticket")


@dataclass(frozen=True)
class TableFacts:
    """One table: its ledger, its first and last day, and its rows month by month."""

    ledger: Ledger
    first: dt.date | None
    last: dt.date | None
    months: tuple[tuple[str, int], ...]

    @property
    def repeats(self) -> int:
        """Rows that were left out because another row says the same, or more of the same ticket."""
        reasons = self.ledger.reasons.items()
        return sum(count for why, count in reasons if any(word in why for word in _REPEATS))


@dataclass(frozen=True)
class Facts:
    """What a client's folder holds, counted.

    `links` say, of an id that should be known elsewhere, how many rows have it and how many of
    these are known; `next_tables` are tables (or columns of a table) that are not there, with
    the parts that each alone would unlock.
    """

    tables: tuple[TableFacts, ...]
    accounts: int
    contacts: int
    answering: int
    links: tuple[tuple[str, str, int, int], ...]
    next_tables: tuple[tuple[str, tuple[str, ...]], ...]


_LINKS = (
    ("tickets.account_id", "accounts.account_id"), ("ratings.account_id", "accounts.account_id"),
    ("ratings.ticket_id", "tickets.ticket_id"), ("tickets.contact_id", "contacts.contact_id"),
    ("ratings.contact_id", "contacts.contact_id"), ("survey.item_id", "items.item_id"),
    ("survey.contact_id", "contacts.contact_id"),
)  # fmt: skip


def facts(client: Client, health: Health) -> Facts:
    """Count what a client's tables hold. `health` is its state, as `check` found it."""
    tables = tuple(_table(client, ledger) for ledger in health.ledgers)
    seen = _ids(client, "account_id", ("accounts", "tickets", "ratings", "relationship"))
    people = _ids(client, "contact_id", ("contacts", "tickets", "ratings", "relationship"))
    ratings = client["ratings"]
    told = ratings["score"].notna()
    who = ratings["contact_id"].fillna(ratings["account_id"])
    answering = set(who[told].dropna())
    for name in ("relationship", "survey"):
        answering |= set(client[name]["contact_id"].dropna())
    return Facts(tables, len(seen), len(people), len(answering),
                 tuple(_links(client)), _next(health))  # fmt: skip


def _ids(client: Client, column: str, tables: tuple[str, ...]) -> set[str]:
    return {ident for name in tables for ident in client[name][column].dropna().unique()}


def _table(client: Client, ledger: Ledger) -> TableFacts:
    frame = client[ledger.table]
    column = _WHEN.get(ledger.table)
    if column is None or not len(frame):
        return TableFacts(ledger, None, None, ())
    when = frame[column]
    if ledger.table == "ratings":
        when = frame["answered_at"].fillna(when)
    when = when.dropna()
    if not len(when):
        return TableFacts(ledger, None, None, ())
    counts = when.dt.to_period("M").value_counts()
    first, last = when.min(), when.max()
    every = pd.period_range(max(first.to_period("M"), last.to_period("M") - 35), last, freq="M")
    months = tuple((str(month), int(counts.get(month, 0))) for month in every)
    return TableFacts(ledger, first.date(), last.date(), months)


def _links(client: Client):
    for link, home in _LINKS:
        table, _, column = link.partition(".")
        other, _, key = home.partition(".")
        if client.has(link) and client.has(home):
            ids = client[table][column].dropna()
            yield link, home, len(ids), int(ids.isin(client[other][key]).sum())


def _next(health: Health) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """What is not there, by how many parts each would unlock by itself: tables, or columns."""
    there = {ledger.table for ledger in health.ledgers if ledger.kept}
    found: dict[str, list[str]] = {}
    for part in health.parts:
        tables = {need.partition(".")[0] for need in part.missing}
        if len(tables) == 1:
            (name,) = tables
            columns = ", ".join(need.partition(".")[2] for need in part.missing)
            what = f"{name} with {columns}" if name in there else name
            found.setdefault(what, []).append(f"{part.session.title}: {part.part.label}")
    ranked = sorted(found.items(), key=lambda item: (-len(item[1]), item[0]))
    return tuple((name, tuple(parts)) for name, parts in ranked)
