"""Where is the gap lost, step by step? The chain from expected to perceived, drawn and read."""

from __future__ import annotations

import numpy as np
import pandas as pd

from servicegap import words
from servicegap.charts import expected as pictures
from servicegap.client import Client
from servicegap.findings import Figure, Shown, Table, absent_figure, absent_table, part
from servicegap.sessions.service_gaps import answers
from servicegap.sessions.service_gaps.chain import Chain, Chains, chains
from servicegap.sessions.service_gaps.rater import ranged, signed

ALL = "all"
NONE = (
    "It takes a dimension for which the table standards has your view, your standard and what is "
    "delivered as marks on the survey's scale, and which ten people in five accounts marked."
)
NAMED = {
    "knowledge": "you think they expect less than they do",
    "standards": "your standard asks for less than you think they expect",
    "delivery": "less is delivered than your standard says",
    "telling": "people perceive less than is delivered",
}
NEXT = {
    "knowledge": "ask what they expect, then mend the table of standards (Gap 1)",
    "standards": "rewrite the standard, with a number, a unit and an owner (Gap 2)",
    "delivery": "look at training, tools and roles before anybody works harder (Gap 3)",
    "telling": "show and tell: say what was done, when and for whom",
}
SHORT = {
    "knowledge": "Gap 1",
    "standards": "Gap 2",
    "delivery": "Gap 3",
    "telling": "show and tell",
}
AGAIN = "nothing inside explains it: back to Gap 1, ask again what they expect"
_DUST = 0.05  # what rounds to nought


def settled(chain: Chain) -> tuple[bool, ...]:
    """Which steps are more than the luck of who answered. What management says has none."""
    return tuple(
        abs(step) > reach and abs(step) >= _DUST
        for step, reach in zip(chain.steps, chain.reaches, strict=True)
    )


def lost_at(chain: Chain) -> tuple[str, ...]:
    """The steps at which most is lost, in the order of the chain; none where nothing surely is.

    Steps whose ranges reach the largest loss can't be told from it, and are named with it.
    """
    lost = [
        (name, step, reach)
        for name, step, reach, sure in zip(
            NAMED, chain.steps, chain.reaches, settled(chain), strict=True
        )
        if sure and step < 0
    ]
    if not lost:
        return ()
    _, most, off = min(lost, key=lambda found: found[1])
    return tuple(name for name, step, reach in lost if step - reach <= most + off + 1e-9)


def next_step(chain: Chain) -> str:
    """What to do about a dimension: mend the first step at which most is lost, or back to Gap 1."""
    if chain.gap.high < 0:
        where = lost_at(chain)
        return NEXT[where[0]] if where else AGAIN
    return (
        "tell clients that they get more than they expect" if chain.gap.low > 0 else "nothing yet"
    )


@part
def waterfall(client: Client, dimension: str = ALL) -> Figure:
    """At which step is what people expect lost on its way to what they perceive?

    Args: dimension, which dimension to look at, or all.
    """
    found = client.remembered(chains)
    kept = [c for c in found.whole if dimension in (ALL, c.dimension)]
    if not kept:
        return absent_figure("where the gap comes from", NONE)
    scale = answers.said(client).scale
    rows = [[c.dimension, *c.levels, *c.steps, c.gap.gap] for c in kept]
    data = pd.DataFrame(
        rows,
        columns=["dimension", "expected", "told", "standard", "delivered", "perceived",
                 "knowledge", "standards", "delivery", "telling", "gap"],
    )  # fmt: skip
    return Figure(
        _title(kept),
        " ".join(
            f"{c.dimension.capitalize()}: expected {words.number(c.levels[0], 1)}; knowledge "
            f"{signed(c.steps[0])}, standards {signed(c.steps[1])}, delivery {signed(c.steps[2])}, "
            f"telling {signed(c.steps[3])}; perceived {words.number(c.levels[4], 1)}, Gap 5 "
            f"{signed(c.gap.gap)}."
            for c in kept
        ),
        "The diamond is what people expect, the dot what they perceive. In between, each bar is a "
        "step: what is lost to the left, what is won back to the right; together they are Gap 5, "
        "to the last digit. The first and the last step rest on those who answered, and are pale "
        "where they could as well be nothing; the two in between are your own figures, as good as "
        f"you are at stating them.{_aside(found)}",
        data,
        {"told": Shown("you think they expect"), "knowledge": Shown("Gap 1, knowledge"),
         "standards": Shown("Gap 2, standards"), "delivery": Shown("Gap 3, delivery"),
         "telling": Shown("show and tell"), "gap": Shown("Gap 5")},
        lambda: pictures.waterfall(
            [c.dimension for c in kept], np.array([c.levels for c in kept]),
            np.array([settled(c) for c in kept]), (scale.low, scale.high),
        ),
    )  # fmt: skip


def _many(n: int, of: int) -> str:
    return "all of them" if n == of else f"{words.spelled(n)} of them"


def _title(kept: list[Chain]) -> str:
    """Where most is lost in the dimensions that fall short; else that none surely does."""
    short = [c for c in kept if c.gap.high < 0]
    if not short:
        over = sum(c.gap.low > 0 for c in kept)
        if len(kept) == 1:
            return f"{kept[0].dimension.capitalize()} does not surely fall short" + (
                ": people get more than they expect" if over else ""
            )
        return f"None of {words.spelled(len(kept))} dimensions surely falls short" + (
            f"; of {_many(over, len(kept))} people get more than they expect" if over else ""
        )
    worst = min(short, key=lambda c: c.gap.gap)
    where = lost_at(worst)
    name = worst.dimension.capitalize()
    if not where:
        return f"{name} falls short, and no step inside says why"
    if len(where) == 1:
        return f"{name} falls short, and most is lost where {NAMED[where[0]]}"
    return f"{name} falls short, lost about alike at {words.listed([SHORT[w] for w in where])}"


def _aside(found: Chains) -> str:
    """What stayed out, and why."""
    said = []
    if found.broken:
        said.append(
            f"{words.count(found.broken, 'row')} on the scale with a figure missing stayed out."
        )
    if found.off_scale:
        said.append(
            f"{words.count(found.off_scale, 'row')} with figures off the survey's scale stayed out."
        )
    return "".join(f" {text}" for text in said)


@part
def left_over(client: Client) -> Table:
    """Dimension by dimension: how much is lost, where most of it, and what follows from that?"""
    found = chains(client).whole
    if not found:
        return absent_table("the step at which most is lost", NONE)
    ordered = sorted(found, key=lambda c: (c.gap.gap, c.dimension))
    short = [c for c in ordered if c.gap.high < 0]
    unexplained = sum(not lost_at(c) for c in short)
    told = (
        f"{words.spelled(len(short), 'none').capitalize()} of {words.spelled(len(found))} "
        f"dimensions {'falls' if len(short) < 2 else 'fall'} short of what is expected"
    )
    if len(found) == 1:
        falls = "falls" if short else "does not surely fall"
        told = f"{found[0].dimension.capitalize()} {falls} short of what is expected"
    return Table(
        told
        + (f"; in {words.spelled(unexplained)} of them no step says why" if unexplained else ""),
        "Steps in marks; their sum is Gap 5, what people perceive less what they expect, with its "
        "range. Where several steps can't be told apart, mend the first: the later ones rest on "
        "it. "
        "Even where Gap 5 is nought or better, a step may lose what another wins back.",
        pd.DataFrame(
            [
                [c.dimension, *(signed(s, 2) for s in c.steps), ranged(c.gap, 2),
                 words.listed([SHORT[w] for w in lost_at(c)]) or "nowhere surely", next_step(c)]
                for c in ordered
            ],
            columns=["dimension", "knowledge", "standards", "delivery", "telling", "gap", "most",
                     "next"],
        ),
        {"knowledge": Shown("Gap 1"), "standards": Shown("Gap 2"), "delivery": Shown("Gap 3"),
         "telling": Shown("show and tell"), "gap": Shown("Gap 5"), "most": Shown("most is lost at"),
         "next": Shown("what follows")},
    )  # fmt: skip
