"""A room's guesses as pictures and tables: its ranges, the truth, blind spots, before and after.

Everything here is made of `room.beliefs`, in which nobody stands who may not be shown, and every
figure is about all the people shown of one belief: medians of their guesses and ends, and counts.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median

import pandas as pd

from servicegap import words
from servicegap.charts import Row
from servicegap.charts import dots as dots_chart
from servicegap.charts import revealed as charts
from servicegap.charts import roadmap as roadmap_charts
from servicegap.charts.panels import panels_of, per_panel, place
from servicegap.findings import Figure, Shown, Table, absent_figure, absent_table
from servicegap.schema import Headline
from servicegap.teaching.handed_in import Said
from servicegap.teaching.room import OneBelief, Room
from servicegap.verdicts import Stated, gap

MEANT = 90  # of 100 ranges are meant to hold
_NOBODY = "Nothing is shown of fewer than five people. Refresh when more have handed in a guess."
Three = tuple[float, float, float]


def _middle(guesses: Sequence[Stated]) -> Three:
    """The middle best guess, low end and high end of a room, to whole numbers."""
    ends = [round(median(getattr(g, k) for g in guesses)) for k in ("value", "low", "high")]
    return float(ends[0]), float(ends[1]), float(ends[2])


def _held(guess: Stated, true: float) -> bool:
    return guess.low <= true <= guess.high


def _missed(head: Headline, guess: Stated, true: float) -> int:
    """1 where a range leaves the truth out to flatter, −1 where it runs the firm down, else 0."""
    if _held(guess, true):
        return 0
    return 1 if gap(head, guess.value, true) > 0 else -1


def _shown(room: Room) -> list[OneBelief]:
    """The beliefs of which anything may be shown, those of one scale together."""
    some = [b for b in room.beliefs.values() if b.first]
    return sorted(some, key=lambda b: place(b.headline))


def _people(n: int) -> str:
    return words.count(n, "person", "people")


def _heads(beliefs: Sequence[OneBelief]) -> list[Headline]:
    return [b.headline for b in beliefs]


_NOTHING = (math.nan, math.nan, math.nan)


# -- what the room says ------------------------------------------------------------------------


def ranges(room: Room) -> Figure:
    """What does the room believe? Nothing of the truth is told."""
    beliefs = _shown(room)
    if not beliefs:
        return absent_figure("what the room believes", _NOBODY)
    middles = [_middle([s.first for s in b.first]) for b in beliefs]
    rows = [
        Row(b.headline.label, m, _NOTHING, "", None, _people(len(b.first)))
        for b, m in zip(beliefs, middles, strict=True)
    ]
    panels = panels_of(_heads(beliefs), rows)
    data = _frame(beliefs, middles)
    return Figure(
        f"What the room believes: {words.count(len(beliefs), 'belief')}, "
        f"up to {_people(room.people)} each",
        _alt(beliefs, middles),
        "The tick is the middle best guess of the room; the bar goes from the middle low end to "
        "the middle high end. Half of the room said more, half less.",
        data,
        _COLUMNS,
        lambda: roadmap_charts.belief_panels(panels),
        id="room_ranges",
    )


_COLUMNS = {
    "belief": Shown("what was guessed"), "unit": Shown("unit"), "people": Shown("people"),
    "guess": Shown("middle guess"), "low": Shown("from"), "high": Shown("to"),
    "true": Shown("true"), "held": Shown("ranges that held it"),
    "flattered": Shown("flattered the firm"), "ran_down": Shown("ran it down"),
}  # fmt: skip


def _frame(beliefs: Sequence[OneBelief], middles: Sequence[Three]) -> pd.DataFrame:
    rows = [
        [b.headline.label, b.headline.unit, len(b.first), *m]
        for b, m in zip(beliefs, middles, strict=True)
    ]
    return pd.DataFrame(rows, columns=["belief", "unit", "people", "guess", "low", "high"])


def _alt(beliefs: Sequence[OneBelief], middles: Sequence[Three]) -> str:
    said = [
        f"{b.headline.label}: middle guess {words.number(v)} ({words.ends(low, high)}), "
        f"{_people(len(b.first))}"
        for b, (v, low, high) in zip(beliefs, middles, strict=True)
    ]
    return "; ".join(said) + "."


# -- and what is true --------------------------------------------------------------------------


@dataclass(frozen=True)
class Beside:
    """One belief of the room beside the truth; `word` as verdicts call it."""

    belief: OneBelief
    middle: Three
    true: float
    held: int
    flattered: int
    word: str


def beside(room: Room, belief: OneBelief) -> Beside:
    """Set the room's guesses of one belief beside what is true of the firm.

    The room has a blind spot where its middle guess flatters by δ or more and the truth lies
    outside its middle range; a hidden strength the other way round.
    """
    head, true = belief.headline, room.true(belief.headline.id)
    firsts = [s.first for s in belief.first]
    value, low, high = middle = _middle(firsts)
    off = gap(head, value, true)
    word = "well judged"
    if abs(off) >= head.delta and not low <= true <= high:
        word = "blind spot" if off > 0 else "hidden strength"
    missed = [_missed(head, guess, true) for guess in firsts]
    return Beside(belief, middle, true, missed.count(0), missed.count(1), word)


def against_truth(room: Room) -> Figure:
    """How does what the room believes lie beside what is true of the firm?"""
    beliefs = _shown(room)
    if not beliefs:
        return absent_figure("the room beside the truth", _NOBODY)
    found = [beside(room, b) for b in beliefs]
    rows = [
        Row(f.belief.headline.label, f.middle, _NOTHING, f.word, "clear",
            f"{f.held} of {len(f.belief.first)} ranges held",
            words.arrow(f.belief.headline, f.middle[0], f.true))
        for f in found
    ]  # fmt: skip
    truths = [f.true for f in found]
    panels = panels_of(_heads(beliefs), rows, truths)
    data = _frame(beliefs, [f.middle for f in found]).assign(
        true=truths, held=[f.held for f in found]
    )
    flat = [f.belief.headline.label for f in found if f.word == "blind spot"]
    modest = [f.belief.headline.label for f in found if f.word == "hidden strength"]
    said = [f"flatters the firm on {words.listed(flat)}"] if flat else []
    said += [f"runs it down on {words.listed(modest)}"] if modest else []
    title = f"The room {words.listed(said)}" if said else "The room judged this firm well"
    if len(title) > 110:
        title = (f"The room flatters the firm on {words.spelled(len(flat))} of "
                 f"{words.spelled(len(found))} beliefs")  # fmt: skip
        title += f", and runs it down on {words.spelled(len(modest))}" if modest else ""
    return Figure(
        title,
        "; ".join(
            f"{f.belief.headline.label}: middle guess {words.number(f.middle[0])} "
            f"({words.ends(*f.middle[1:])}), true {words.figure(f.belief.headline, f.true)}, "
            f"{f.word}, {f.held} of {len(f.belief.first)} ranges held"
            for f in found
        )
        + ".",
        "The bar and its tick are the room's middle guess and ends, the diamond is the truth of "
        "this made-up firm. A word in colour stands where the middle guess is off by more than the "
        "smallest gap worth a word, and the truth lies outside the middle range.",
        data,
        _COLUMNS,
        lambda: charts.truth_panels(panels, per_panel(_heads(beliefs), truths)),
        id="room_truth",
    )


# -- calibration -------------------------------------------------------------------------------


def exact(held: int, n: int) -> tuple[float, float]:
    """Clopper and Pearson's 95 % interval of a share, in percent."""
    from statsmodels.stats.proportion import proportion_confint

    low, high = proportion_confint(held, n, method="beta")
    return 100 * float(low), 100 * float(high)


def calibration(room: Room) -> Figure:
    """How many of the room's ranges held the truth? Nine in ten were meant to."""
    beliefs = _shown(room)
    if not beliefs:
        return absent_figure("how many ranges held the truth", _NOBODY)
    found = [beside(room, b) for b in beliefs]
    counts = [(f.belief.headline.label, f.held, len(f.belief.first)) for f in found]
    n, held = sum(c[2] for c in counts), sum(c[1] for c in counts)
    lines = [("All together", held, n), *counts] if len(counts) > 1 else counts
    shares = [100 * k / m for _, k, m in lines]
    between = [exact(k, m) for _, k, m in lines]
    data = pd.DataFrame(
        [[label, m, k, s, *e] for (label, k, m), s, e in zip(lines, shares, between, strict=True)],
        columns=["belief", "people", "held", "share", "low", "high"],
    )
    low, high = between[0]
    return Figure(
        f"{words.number(held)} of {words.number(n)} ranges held the truth, where {MEANT} in 100 "
        f"were meant to ({words.span(low, high)})",
        "; ".join(
            f"{label}: {k} of {m} ranges held, {words.number(s)} in 100 ({words.ends(*e)})"
            for (label, k, m), s, e in zip(lines, shares, between, strict=True)
        )
        + ".",
        "A range was meant to be so wide that nine times in ten the truth lies inside it. The line "
        "is the exact 95 % interval (Clopper and Pearson). All together takes every range by "
        "itself; those of one person are alike, so it is a little surer than it should be.",
        data,
        {"belief": Shown("what was guessed"), "people": Shown("ranges"), "held": Shown("held"),
         "share": Shown("of 100", "of 100"), "low": Shown("from"), "high": Shown("to")},
        lambda: dots_chart([line[0] for line in lines], shares, data["low"], data["high"],
                           [f"{k} of {m}" for _, k, m in lines]),
        id="room_calibration",
    )  # fmt: skip


def blind_spots(room: Room) -> Table:
    """What does most of the room not see? The commonest first."""
    beliefs = _shown(room)
    if not beliefs:
        return absent_table("the commonest blind spot", _NOBODY)
    found = sorted((beside(room, b) for b in beliefs),
                   key=lambda f: -f.flattered / len(f.belief.first))  # fmt: skip
    data = pd.DataFrame(
        [
            [f.belief.headline.label, len(f.belief.first), f.flattered,
             len(f.belief.first) - f.held - f.flattered, f.held]
            for f in found
        ],
        columns=["belief", "people", "flattered", "ran_down", "held"],
    )  # fmt: skip
    worst = found[0]
    n = len(worst.belief.first)
    title = (
        f"The commonest blind spot: {worst.belief.headline.label}, missed by "
        f"{words.number(worst.flattered)} of {_people(n)}"
        if worst.flattered
        else "Nobody who is shown here flattered the firm"
    )
    return Table(
        title,
        "A range flatters where it leaves out the truth on the side that does the firm credit; it "
        "runs the firm down where it leaves it out on the other.",
        data,
        _COLUMNS,
        id="room_blind_spots",
    )


# -- before and after --------------------------------------------------------------------------


def before_after(room: Room) -> Figure:
    """Did the room come nearer to the truth? The first guess and the next, of the same people."""
    beliefs = [b for b in _shown(room) if b.again]
    if not beliefs:
        return absent_figure(
            "before and after",
            "It takes five people who guessed the same thing twice, before they looked and after.",
        )
    held = [_held_twice(room, b) for b in beliefs]
    firsts = [_middle([s.first for s in b.again]) for b in beliefs]
    nexts = [_middle(_later(b.again)) for b in beliefs]
    truths = [room.true(b.headline.id) for b in beliefs]
    rows = [
        Row(b.headline.label, first, _NOTHING, f"before: {was} of {len(b.again)} held", None,
            f"after: {now} of {len(b.again)}")
        for b, first, (was, now) in zip(beliefs, firsts, held, strict=True)
    ]  # fmt: skip
    panels = panels_of(_heads(beliefs), rows, truths, *zip(*nexts, strict=True))
    was, now = (sum(h[i] for h in held) for i in (0, 1))
    n = sum(len(b.again) for b in beliefs)
    data = _frame(beliefs, firsts).assign(
        people=[len(b.again) for b in beliefs],
        next_guess=[x[0] for x in nexts], next_low=[x[1] for x in nexts],
        next_high=[x[2] for x in nexts], true=truths,
        held=[h[0] for h in held], held_after=[h[1] for h in held],
    )  # fmt: skip
    return Figure(
        f"Before, {words.number(was)} of {words.number(n)} ranges held the truth; after, "
        f"{words.number(now)}",
        "; ".join(
            f"{b.headline.label}, {_people(len(b.again))}: before {words.number(f[0])} "
            f"({words.ends(*f[1:])}), after {words.number(a[0])} ({words.ends(*a[1:])}), true "
            f"{words.figure(b.headline, t)}; {h[0]} ranges held before, {h[1]} after"
            for b, f, a, t, h in zip(beliefs, firsts, nexts, truths, held, strict=True)
        )
        + ".",
        "The pale bar is what was said before looking, the dark one what the same people said "
        "next; the diamond is the truth. Whoever has seen the evidence guesses better; whether "
        "they will do so about their own firm is another question.",
        data,
        _COLUMNS | {"next_guess": Shown("middle guess after"), "next_low": Shown("from"),
                    "next_high": Shown("to"), "held_after": Shown("ranges that held it after")},
        lambda: charts.before_and_after(
            panels, per_panel(_heads(beliefs), nexts), per_panel(_heads(beliefs), truths)
        ),
        id="room_before_after",
    )  # fmt: skip


def _later(people: Sequence[Said]) -> list[Stated]:
    return [s.later for s in people if s.later is not None]


def _held_twice(room: Room, belief: OneBelief) -> tuple[int, int]:
    true = room.true(belief.headline.id)
    return (sum(_held(s.first, true) for s in belief.again),
            sum(_held(guess, true) for guess in _later(belief.again)))  # fmt: skip


VIEWS: tuple[Callable[[Room], Figure | Table], ...] = (
    against_truth, calibration, blind_spots, before_after,
)  # fmt: skip
