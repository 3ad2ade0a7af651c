"""RATER: the least that would do, what is expected and what is perceived, by dimension and by
statement. Both components stand beside every gap: a gap of nought can be high and high, or low and
low."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from servicegap import words
from servicegap.charts import expected as pictures
from servicegap.client import Client
from servicegap.comparisons import ALPHA, benjamini_hochberg
from servicegap.findings import Figure, Shown, Table, absent_figure, absent_table, part
from servicegap.sessions.service_gaps import answers
from servicegap.sessions.service_gaps.met import HEADLINE
from servicegap.sessions.service_gaps.servqual import Paired, paired, zone


@dataclass(frozen=True)
class Dimension:
    """One dimension, mean marks over contacts. `minimum` is NaN where hardly anybody stated one.

    `gap` is perceived − expected (Gap 5), `adequacy` perceived − minimum; `under` is the share of
    contacts, in percent, whose perceived lies under the least that would do.
    """

    name: str
    minimum: float
    expected: float
    perceived: float
    gap: Paired
    adequacy: Paired | None
    under: float
    people: int
    accounts: int


def dimensions(client: Client) -> list[Dimension]:
    """Every dimension of which ten people in five accounts marked something."""
    said = answers.said(client)
    return [dimension(name, said.of(name), said.span) for name in said.dimensions]


def dimension(name: str, people: pd.DataFrame, span: float) -> Dimension:
    """One dimension from a row a person: minimum, expected, perceived, account_id.

    Args: span, how far apart the gaps of two people can lie.
    """
    gap = paired(people["perceived"], people["expected"], people["account_id"], span)
    told = people[people["minimum"].notna()]
    least, adequacy, under = math.nan, None, math.nan
    if answers.speaks(told):
        adequate, _, below = zone(told["minimum"], told["expected"], told["perceived"])
        adequacy = paired(adequate, np.zeros(len(told)), told["account_id"], span)
        least, under = float(told["minimum"].mean()), 100 * float(below.mean())
    return Dimension(
        name, least, float(people["expected"].mean()), float(people["perceived"].mean()),
        gap, adequacy, under, len(people), people["account_id"].nunique(),
    )  # fmt: skip


def signed(x: float, digits: int = 1) -> str:
    """A gap as people read it: `−0.5`, `+0.2`, `0.0`."""
    text = words.number(x, digits)
    return f"+{text}" if round(x, digits) > 0 else text


def ranged(found: Paired, digits: int = 1) -> str:
    """`−0.5 (−0.7 to −0.2)`."""
    ends = f"{signed(found.low, digits)} to {signed(found.high, digits)}"
    return f"{signed(found.gap, digits)} ({ends})"


@part
def rater(client: Client) -> Figure:
    """In which dimensions does what people get fall short of what they expect?"""
    found = dimensions(client)
    if not found:
        return absent_figure("expected and perceived by dimension", answers.TOO_FEW)
    p = benjamini_hochberg([d.gap.p for d in found])
    short = [d.name for d, q in zip(found, p, strict=True) if q <= ALPHA and d.gap.gap < 0]
    over = [d.name for d, q in zip(found, p, strict=True) if q <= ALPHA and d.gap.gap > 0]
    seen = float(np.median([d.gap.seen for d in found]))
    data = pd.DataFrame(
        [
            [d.name, d.minimum, d.expected, d.perceived, d.gap.gap, d.gap.low, d.gap.high, d.under]
            for d in found
        ],
        columns=["dimension", "minimum", "expected", "perceived", "gap", "low", "high", "under"],
    )
    under = [d for d in found if d.adequacy and d.adequacy.high < 0]
    scale = answers.said(client).scale
    return Figure(
        _title(short, over, seen),
        "Marks, expected and perceived: "
        + "; ".join(
            f"{d.name} {words.number(d.expected, 1)} and {words.number(d.perceived, 1)}, gap "
            f"{ranged(d.gap)}" for d in found
        )
        + f". n = {words.count(max(d.people for d in found), 'contact')}.",
        _reading(found, under, seen),
        data,
        {"minimum": Shown("the least that would do"), "gap": Shown("perceived − expected"),
         "low": Shown("from"), "high": Shown("to"),
         "under": Shown("get less than the least", "% of contacts")},
        lambda: pictures.zones(
            [d.name for d in found], data["minimum"], data["expected"], data["perceived"],
            data["expected"] + data["low"], data["expected"] + data["high"],
            [ranged(d.gap) for d in found], [bool(q > ALPHA) for q in p], (scale.low, scale.high),
        ),
        about=HEADLINE,
    )  # fmt: skip


def _title(short: list[str], over: list[str], seen: float) -> str:
    if short and over:
        return (
            f"People get less than they expect of {words.listed(short)}, and more of "
            f"{words.listed(over)}"
        )
    if short:
        return f"People get less than they expect of {words.listed(short)}"
    if over:
        return (
            f"On average people get more than they expect of {words.listed(over)}; no dimension "
            "surely falls short"
        )
    return (
        "No evidence that what people get differs from what they expect; under "
        f"{words.number(seen, 1)} marks it could easily have been missed"
    )


def _reading(found: list[Dimension], under: list[Dimension], seen: float) -> str:
    """What the picture says besides its title."""
    told = (
        f"On average, {words.listed([d.name for d in under])} lies under the least that would do. "
        if under
        else ""
    )
    band = any(not math.isnan(d.minimum) for d in found)
    return (
        told
        + ("The band is the zone of tolerance, from the least that would do to what is expected. "
           if band else "Nobody was asked for the least that would do, so there is no zone. ")
        + "The dot is what people say they get, and its line how far its distance from what is "
        f"expected could be off; a gap of {words.number(seen, 1)} marks would be seen four times "
        "in five. Hollow: no more than luck explains, with all dimensions looked at together."
    )  # fmt: skip


@part
def statements(client: Client) -> Table:
    """Of which statements do people get less than they expect?"""
    said = answers.said(client)
    rows, found = [], []
    for item, marks in said.both.groupby("item_id", observed=True, sort=True):
        if answers.speaks(marks):
            gap = paired(marks["perceived"], marks["expected"], marks["account_id"], said.span)
            found.append(gap)
            rows.append([
                _plain(marks["text"].iloc[0], item), str(marks["dimension"].iloc[0]),
                float(marks["expected"].mean()), float(marks["perceived"].mean()), gap.gap,
                gap.low, gap.high, 100 * float(marks["met"].mean()),
            ])  # fmt: skip
    if not rows:
        return absent_table("every statement: expected beside perceived", answers.TOO_FEW)
    p = benjamini_hochberg([g.p for g in found])
    data = pd.DataFrame(
        rows,
        columns=["statement", "dimension", "expected", "perceived", "gap", "low", "high", "met"],
    ).assign(luck=[luck(q) for q in p])
    short = int(sum(g.gap < 0 and q <= ALPHA for g, q in zip(found, p, strict=True)))
    over = int(sum(g.gap > 0 and q <= ALPHA for g, q in zip(found, p, strict=True)))
    seen = float(np.median([g.seen for g in found]))
    return Table(
        f"{words.spelled(short, 'none').capitalize()} of {words.spelled(len(rows))} statements "
        f"{'falls' if short < 2 else 'fall'} short of what is expected by more than luck "
        "explains"
        + (f"; {words.spelled(over)} {'goes' if over == 1 else 'go'} beyond it" if over else ""),
        "Mean marks, the widest shortfall first. The range is that of the gap. A gap of "
        f"{words.number(seen, 1)} marks would be seen four times in five. The last column: how "
        "often luck alone does as much, times in 100, adjusted for "
        f"{words.count(len(rows), 'look')}.",
        data.sort_values(["gap", "statement"], kind="stable", ignore_index=True),
        {"gap": Shown("gap"), "low": Shown("from"), "high": Shown("to"),
         "met": Shown("met, of 100"), "luck": Shown("luck alone")},
    )  # fmt: skip


def luck(q: float) -> str:
    """How often luck alone does as much, times in 100."""
    return "fewer than one" if q < 0.01 else f"{words.number(100 * q)}"


def _plain(text: object, item: object) -> str:
    """A statement without its full stop; its code where the table of items has no words."""
    return " ".join(str(text).split()).rstrip(".") if isinstance(text, str) else str(item)
