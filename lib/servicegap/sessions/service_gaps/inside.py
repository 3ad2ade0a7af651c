"""Gaps 1 and 2: what management thinks that contacts expect, and what was written down of it."""

from __future__ import annotations

import math

import pandas as pd

from servicegap import words
from servicegap.client import Client
from servicegap.comparisons import ALPHA, benjamini_hochberg
from servicegap.findings import Shown, Table, absent_table, part
from servicegap.sessions.service_gaps import answers
from servicegap.sessions.service_gaps.chain import amount, is_mark, marks, worse_by
from servicegap.sessions.service_gaps.rater import luck, signed
from servicegap.sessions.service_gaps.servqual import Paired, paired

VAGUE = ("no number", "no unit", "no owner")
_DUST = 1e-9


@part
def knowledge(client: Client) -> Table:
    """Gap 1: does management know what contacts expect?"""
    rows, off = marks(client)
    told = rows.groupby("dimension", observed=True)["management_says_expected"].mean().dropna()
    said = answers.said(client)
    names = [name for name in said.dimensions if name in told.index]
    if not names:
        why = (
            "It takes what you think people expect, as marks on the survey's scale, of a dimension "
            "in which ten people in five accounts said it themselves."
        )
        return absent_table("what you think they expect", why)
    found = {name: _against(said.of(name), float(told[name]), said.span) for name in names}
    p = benjamini_hochberg([f.p for f in found.values()])
    apart = {n: f for (n, f), q in zip(found.items(), p, strict=True) if q <= ALPHA}
    under = [name for name, f in apart.items() if f.gap < 0]
    over = [name for name, f in apart.items() if f.gap > 0]
    seen = max(f.seen for f in found.values())
    return Table(
        _knows(under, over, len(names)),
        "The gap is your view less what they say: below nought you think they expect less than "
        "they do. Your view is yours and has no range; theirs has. A gap of "
        f"{words.number(seen, 1)} marks would be seen four times in five. The last column: how "
        f"often luck alone does as much, times in 100, adjusted for {words.count(len(p), 'look')}."
        + (f" {_off(off)}" if off else ""),
        pd.DataFrame(
            {
                "dimension": names,
                "you": [float(told[name]) for name in names],
                "they": [float(said.of(name)["expected"].mean()) for name in names],
                "gap": [signed(f.gap, 2) for f in found.values()],
                "reach": [f"{signed(f.low, 2)} to {signed(f.high, 2)}" for f in found.values()],
                "luck": [luck(q) for q in p],
            }
        ),
        {"you": Shown("you think they expect"), "they": Shown("they expect"),
         "gap": Shown("Gap 1"), "reach": Shown("range"), "luck": Shown("luck alone")},
    )  # fmt: skip


def _against(people: pd.DataFrame, told: float, span: float) -> Paired:
    """Management's view less what people expect."""
    return paired(told + 0 * people["expected"], people["expected"], people["account_id"], span)


def _knows(under: list[str], over: list[str], looked: int) -> str:
    if under and over:
        return (
            f"People expect more of {words.listed(under)} than you think, and less of "
            f"{words.listed(over)}"
        )
    if under:
        return f"People expect more of {words.listed(under)} than you think"
    if over:
        return f"People expect less of {words.listed(over)} than you think"
    return (
        "No evidence that you are wrong about what people expect, in "
        f"{words.count(looked, 'dimension')}"
    )


def _off(off: int) -> str:
    return (
        f"{words.count(off, 'row')} with figures off the survey's scale stayed out: either the "
        "figures or the unit are wrong."
    )


# -- what stands behind a want -----------------------------------------------------------------


def standing(challenge: object, need: object, want: object) -> str:
    """What is known of challenge → need → want, in a word or two."""
    there = [isinstance(x, str) and bool(x.strip()) for x in (challenge, need, want)]
    if not any(there):
        return "nothing written"
    if there[2] and not there[1]:
        return "a want without a need"
    if not there[0]:
        return "a need without a challenge" if there[1] else "challenge unknown"
    if not there[1]:
        return "a challenge, nothing more"
    return "written out" if there[2] else "a need nobody asks for"


@part
def wants(client: Client) -> Table:
    """Which wants have a need behind them, and which needs does nobody ask for?"""
    rows = client["standards"]
    how = [
        standing(*told) for told in zip(rows["challenge"], rows["need"], rows["want"], strict=True)
    ]
    bare, quiet = how.count("a want without a need"), how.count("a need nobody asks for")
    said = []
    if bare:
        said.append(f"{words.spelled(bare)} {'want has' if bare == 1 else 'wants have'} no need")
    if quiet:
        said.append(f"{words.spelled(quiet)} {'need is' if quiet == 1 else 'needs are'} asked for "
                    "by nobody")  # fmt: skip
    title = words.listed(said) or (
        "Every want has a need behind it" if how.count("written out") else "No wants are written"
    )
    return Table(
        title[0].upper() + title[1:],
        "A challenge makes a need, and a need makes a want. A want without a need is a request "
        "taken at its word: it can be met to the letter and help nobody. A need that nobody asks "
        "for is where you can be ahead of the question.",
        pd.DataFrame(
            {
                "measure": rows["measure"].to_list(),
                "challenge": rows["challenge"].to_list(),
                "need": rows["need"].to_list(),
                "want": rows["want"].to_list(),
                "standing": how,
            }
        ),
        {"measure": Shown("promise"), "standing": Shown("what is known")},
    )


# -- what was written down ---------------------------------------------------------------------


def vague(row: pd.Series) -> tuple[str, ...]:
    """What a standard lacks, of a number, a unit and an owner."""
    unit, owner = row["unit"], row["owner"]
    lacks = (
        pd.isna(row["standard"]),
        not isinstance(unit, str) or not unit.strip(),
        not isinstance(owner, str) or not owner.strip(),
    )
    return tuple(word for word, missing in zip(VAGUE, lacks, strict=True) if missing)


def compared(row: pd.Series, before: str, after: str) -> str | None:
    """What a step does, in words: `0.5 hours short`, `the same`; None where it can't be known."""
    worse = worse_by(row, before, after)
    if math.isnan(worse):
        return None
    if abs(worse) < _DUST:
        return "the same"
    return f"{amount(abs(worse), row['unit'])} {'short' if worse > 0 else 'beyond'}"


@part
def written(client: Client) -> Table:
    """Gap 2: is what management thinks people expect written down, and can it be kept?"""
    rows = client["standards"]
    lacks = [vague(row) for _, row in rows.iterrows()]
    step = [worse_by(row, "management_says_expected", "standard") for _, row in rows.iterrows()]
    short = sum(x > _DUST for x in step)
    loose = sum(bool(x) for x in lacks)
    marked = is_mark(rows)
    data = pd.DataFrame(
        {
            "measure": rows["measure"].to_list(),
            "you": [amount(x, u) for x, u in
                    zip(rows["management_says_expected"], rows["unit"], strict=True)],
            "standard": [amount(x, u) for x, u in zip(rows["standard"], rows["unit"], strict=True)],
            "gap": [compared(row, "management_says_expected", "standard")
                    for _, row in rows.iterrows()],
            "owner": rows["owner"].to_list(),
            "lacks": [words.listed(x) or "nothing" for x in lacks],
        }
    )  # fmt: skip
    total = words.spelled(len(rows))
    return Table(
        f"{words.spelled(loose, 'none').capitalize()} of {total} standards "
        f"{'lack' if loose > 1 else 'lacks'} a number, a unit or an owner; "
        f"{words.spelled(short, 'none')} "
        f"{'ask' if short > 1 else 'asks'} for less than you think people expect",
        "A standard without a number can't be missed, one without a unit can't be measured, and "
        "one without an owner is everybody's. The gap is what the standard falls short of your "
        "own view of what people expect"
        + (", in marks where no unit stands" if marked.any() else "")
        + ". Of times and of things that go wrong, less is taken to be better; of all else, more.",
        data,
        {"measure": Shown("promise"), "you": Shown("you think they expect"),
         "standard": Shown("your standard"), "gap": Shown("Gap 2"), "lacks": Shown("lacks")},
    )  # fmt: skip
