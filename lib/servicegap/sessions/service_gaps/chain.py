"""From what is expected to what is perceived: the chain of each dimension, and its five gaps.

The steps telescope: knowledge + standards + delivery + telling = perceived − expected (Gap 5).
Only statements on the survey's scale can be added up; other units stand beside them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import pandas as pd

from servicegap import words
from servicegap.client import Client
from servicegap.sessions.service_gaps import answers
from servicegap.sessions.service_gaps.servqual import Paired, paired

TIMES = ("second", "minute", "hour", "day", "week", "month")
_UNIT = r"(?:(?:working|business|calendar|office)[ -])?([a-z]+)"
_BAD = r"complain|error|fault|fail|incident|outage|reopen|overdue|late|missed|wrong|lost|wait"


@dataclass(frozen=True)
class Chain:
    """One dimension from what contacts expect to what they perceive, in marks.

    `gap` is Gap 5, paired, over the contacts who marked both. What management says is a census:
    the only luck in a chain is that of the contacts, in `expected` (step 1) and `perceived`
    (step 4), each with its standard error.
    """

    dimension: str
    expected: Paired
    told: float
    standard: float
    delivered: float
    perceived: Paired
    gap: Paired
    contacts: int

    @property
    def levels(self) -> tuple[float, ...]:
        """Expected, management's view, standard, delivered, perceived."""
        return (self.expected.gap, self.told, self.standard, self.delivered, self.perceived.gap)

    @property
    def steps(self) -> tuple[float, ...]:
        """What is lost (below nought) or won at each step: knowledge, standards, delivery and
        telling. Their sum is Gap 5.
        """
        x = self.levels
        return tuple(x[i + 1] - x[i] for i in range(4))

    @property
    def reaches(self) -> tuple[float, ...]:
        """How far each step could be off (half of its 95 % interval); nought for a census."""
        half = [(p.high - p.low) / 2 for p in (self.expected, self.perceived)]
        return (half[0], 0.0, 0.0, half[1])


@dataclass(frozen=True)
class Chains:
    """The chains that are whole, and how many rows could not be used, by why."""

    whole: tuple[Chain, ...]
    broken: int
    off_scale: int


def is_mark(rows: pd.DataFrame) -> pd.Series:
    """Which rows of the table standards are marks on the survey's scale."""
    return rows["unit"].str.strip().str.casefold() == "scale"


def marks(client: Client) -> tuple[pd.DataFrame, int]:
    """The standards on the survey's scale, and how many lie off it and stay out."""
    rows = client["standards"]
    rows = rows[is_mark(rows)]
    scale = answers.said(client).scale
    figures = rows[["management_says_expected", "standard", "promised", "delivered"]]
    on = ((figures >= scale.low) & (figures <= scale.high) | figures.isna()).all(axis=1)
    return rows[on], int((~on).sum())


def chains(client: Client) -> Chains:
    """The chain of every dimension for which all of it is known.

    Several rows of one dimension count as their mean, those alone in which nothing is missing.
    """
    rows, off = marks(client)
    links = ["management_says_expected", "standard", "delivered"]
    whole = rows[rows[links].notna().all(axis=1)]
    means = whole.groupby("dimension", observed=True)[links].mean().to_dict("index")
    said, found = answers.said(client), []
    for name in said.dimensions:
        if name not in means:
            continue
        people = said.of(name)
        homes, nought = people["account_id"], 0 * people["gap"]
        told, standard, delivered = (means[name][link] for link in links)
        found.append(
            Chain(
                name,
                paired(people["expected"], nought, homes, said.span),
                told,
                standard,
                delivered,
                paired(people["perceived"], nought, homes, said.span),
                paired(people["perceived"], people["expected"], homes, said.span),
                len(people),
            )
        )
    return Chains(tuple(found), len(rows) - len(whole), off)


# -- other units -------------------------------------------------------------------------------


def less_is_better(measure: str, unit: str) -> bool:
    """Whether a smaller figure is the better one: times, and counts of what goes wrong.

    Everything else (visits, shares kept, things done a year) is better the more there is of it.
    """
    first = re.match(_UNIT, unit.strip().casefold())
    word = first[1] if first else ""
    timed = word.removesuffix("s") in (*TIMES, "h", "min")
    return timed or bool(re.search(_BAD, measure.casefold()))


def worse_by(row: pd.Series, before: str, after: str) -> float:
    """How much worse `after` is than `before` for the client, in the row's unit; NaN if unknown.

    Positive is worse.
    """
    step = float(row[after]) - float(row[before])
    unit = row["unit"] if isinstance(row["unit"], str) else ""
    return step if less_is_better(str(row["measure"]), unit) else -step


def amount(x: float, unit: object) -> str | None:
    """A figure with its unit as people write it: `0.5 hours`, `4 a year`; marks are bare."""
    if pd.isna(x):
        return None
    text = words.shortest(x, 2)
    if not isinstance(unit, str) or unit.strip().casefold() == "scale":
        return text
    word = unit.strip()
    if text == "1" and word.casefold().removesuffix("s") in TIMES:
        word = word[:-1] if word.casefold().endswith("s") else word
    return f"{text} {word}"
