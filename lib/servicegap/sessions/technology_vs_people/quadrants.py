"""Efficiency beside effectiveness: is whoever is fast also good, and the other way round?"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from servicegap import measures, words
from servicegap.charts import desk
from servicegap.client import Client
from servicegap.comparisons import ALPHA, benjamini_hochberg
from servicegap.findings import (
    Figure,
    Shown,
    Table,
    absent_figure,
    absent_table,
    needs_in_words,
    part,
)
from servicegap.sessions.technology_vs_people import work
from servicegap.sessions.technology_vs_people.like_with_like import (
    LIKE,
    Compared,
    compare,
)
from servicegap.sessions.technology_vs_people.work import GOOD, SPEED, Measure
from servicegap.subtraction import safe_beside

THINGS = {"team": "teams", "channel": "channels", "type": "types"}
DRAWN = 12  # groups in a picture, the largest; all of them are compared
TWO_GROUPS = "It takes two groups of tickets from ten people in five accounts each."


def say(measure: Measure, value: float) -> str:
    """A figure of speed as people say it, by its measure."""
    return work.say_hours(value) if measure.unit == "hours" else words.number(value, 1)


def grouped(client: Client, measure: Measure, by: str) -> pd.DataFrame:
    """Tickets with `group`, where they have one, and `value`; of speed, its logarithm."""
    found = work.measured(client, measure)
    found = found[found["value"].notna()]
    if measure.least:
        found = found.assign(value=np.log(found["value"].clip(lower=measure.least).to_numpy()))
    return found.assign(group=found[by])


def shown(by: str, *looks: pd.DataFrame) -> list[str]:
    """The groups that may be shown in every one of these looks, those of most people first.

    The same report cuts the same tickets by team, by channel and by type, in this order: what one
    cut hides can't be had from the ones before it.
    """
    before = tuple(THINGS)[: tuple(THINGS).index(by)]
    each = []
    for look in looks:
        cuts = ["group", *(b for b in before if b in look)]
        who = measures.present(look, *cuts)
        each.append(safe_beside(who["person"], who["account_id"], *(who[c] for c in cuts)))
    return [name for name in each[0] if all(name in others for others in each[1:])]


@dataclass(frozen=True)
class Both:
    """Groups on two scales: how fast (logarithms) and what came of it (fractions)."""

    fast: Compared
    good: Compared

    @cached_property
    def p(self) -> NDArray:
        """p of both scales, all looks counted: (2, groups)."""
        joined = benjamini_hochberg(np.concatenate([self.fast.p, self.good.p]))
        return joined.reshape(2, -1)

    def named(self, fast: bool, good: bool) -> list[str]:
        """Groups that are surely in one corner."""
        quick = (self.fast.value < self.fast.overall) == fast
        well = (self.good.value > self.good.overall) == good
        sure = (self.p <= ALPHA).all(axis=0)
        return [n for n, yes in zip(self.fast.names, quick & well & sure, strict=True) if yes]

    def off(self, scale: int, above: bool) -> list[str]:
        """Groups settled on one scale (0: fast, 1: good), above the mean of all or below it."""
        found = (self.fast, self.good)[scale]
        sure = (self.p[scale] <= ALPHA) & ((found.value > found.overall) == above)
        return [n for n, yes in zip(found.names, sure, strict=True) if yes]


def both(client: Client, by: str, speed: Measure, good: Measure) -> Both | None:
    """Compare groups on both scales; None unless two of them can be shown and told apart."""
    like = tuple(x for x in LIKE if x != by)
    looks = [grouped(client, m, by) for m in (speed, good)]
    names = shown(by, *looks)
    found = [compare(look, names, like) for look in looks]
    if found[0] is not None and found[1] is not None and found[0].names != found[1].names:
        names = [n for n in found[0].names if n in found[1].names]
        found = [compare(look, names, like) for look in looks]
    if found[0] is None or found[1] is None or found[0].names != found[1].names:
        return None
    return Both(found[0], found[1])


def _chosen(speed: str, good: str) -> tuple[Measure, Measure]:
    if speed not in SPEED or good not in GOOD:
        told = f"{words.listed(list(SPEED), 'or')}; {words.listed(list(GOOD), 'or')}"
        raise ValueError(f"there is no such measure: {speed!r}, {good!r}; there are {told}")
    return SPEED[speed], GOOD[good]


def _quadrants(client: Client, by: str, speed: str, good: str) -> Figure:
    fast, well = _chosen(speed, good)
    label = f"fast and good, by {by}"
    lacking = work.missing(client, fast, well)
    if lacking:
        return absent_figure(label, needs_in_words(lacking))
    found = both(client, by, fast, well)
    if found is None:
        return absent_figure(label, _why(client, well))
    x, y, names = found.fast, found.good, found.fast.names
    data = pd.DataFrame(
        {
            by: names, "tickets": x.tickets, "rated": y.tickets,
            "speed": np.exp(x.pooled), "speed_low": np.exp(x.ends[:, 0]),
            "speed_high": np.exp(x.ends[:, 1]), "speed_raw": np.exp(x.raw),
            "good": 100 * y.pooled.clip(0, 1), "good_low": 100 * y.ends[:, 0].clip(0, 1),
            "good_high": 100 * y.ends[:, 1].clip(0, 1), "good_raw": 100 * y.raw,
        }
    )  # fmt: skip
    settled = found.p[1] <= ALPHA
    n, rows = DRAWN, data.head(DRAWN)
    return Figure(
        _title(found, by, well, speed),
        f"{fast.short.capitalize()} and {well.short}, by {by}, like beside like; all together "
        f"{say(fast, math.exp(x.overall))} and {words.number(100 * y.overall)} %. "
        + "; ".join(
            f"{names[i]} {say(fast, r.speed)} ({say(fast, r.speed_low)} to "
            f"{say(fast, r.speed_high)}; {say(fast, r.speed_raw)} as counted) and "
            f"{words.number(r.good)} % "
            f"({words.ends(r.good_low, r.good_high)}; "
            f"{words.number(r.good_raw)} as counted)"
            for i, r in enumerate(work.each(data))
        )
        + ".",
        f"{_how_read(by)}{_largest(names, by)} Right is fast, up is good; the lines are 95 % "
        f"intervals. {_visible(found, by)} Filled: surely above or below the others; hollow: not "
        f"settled.{_alone(found)}",
        data.rename(columns={"rated": "tickets that say how good"}),
        {"speed": Shown(fast.short, fast.unit), "speed_low": Shown("from", fast.unit),
         "speed_high": Shown("to", fast.unit), "speed_raw": Shown("as counted", fast.unit),
         "good": Shown(f"{well.short}, %", "%"), "good_low": Shown("from", "%"),
         "good_high": Shown("to", "%"), "good_raw": Shown("as counted, %", "%")},
        lambda: desk.quadrants(
            names[:n], (x.pooled[:n], x.ends[:n, 0], x.ends[:n, 1]),
            (rows["good"], rows["good_low"], rows["good_high"]), (x.raw[:n], rows["good_raw"]),
            (x.overall, 100 * y.overall), (fast.short, f"% {well.short}"),
            lambda v: say(fast, v), ~settled[:n], timed=fast.unit == "hours",
        ),
    )  # fmt: skip


def _why(client: Client, good: Measure) -> str:
    """Why nothing can be compared."""
    if good is GOOD["not back in 14 days"] and work.measured(client, good)["value"].isna().all():
        return (
            f"No ticket was watched for {work.BACK_DAYS} days after it was solved: the tickets end "
            "too soon to say who came back."
        )
    return TWO_GROUPS


def _how_read(by: str) -> str:
    like = words.listed([x for x in LIKE if x != by])
    return (
        f"Rings are as counted; dots compare tickets of the same {like} and are drawn towards the "
        "others, the more so the fewer their tickets."
    )


def _largest(names: Sequence[str], by: str) -> str:
    return (
        f" The {DRAWN} largest of {len(names)} {THINGS[by]} are drawn."
        if len(names) > DRAWN
        else ""
    )


def _visible(found: Both, by: str) -> str:
    ratio = math.exp(found.fast.visible())
    return (
        f"With so many tickets, a {by} that takes {words.number(ratio, 1)} times as long as the "
        f"others, or lies {words.points(100 * found.good.visible())} off them, would be seen four "
        "times in five."
    )


def _alone(found: Both) -> str:
    alone = list(dict.fromkeys(found.fast.alone + found.good.alone))
    if not alone:
        return ""
    does = "does" if len(alone) == 1 else "do"
    return f" {words.listed(alone)} {does} work that nobody else does, and can't be compared."


def _title(found: Both, by: str, good: Measure, speed: str) -> str:
    corners = {
        "fast, and not good": found.named(True, False),
        "good, and not fast": found.named(False, True),
        "fast and good": found.named(True, True),
        "neither fast nor good": found.named(False, False),
    }
    said = [f"{corner}: {words.listed(who)}" for corner, who in corners.items() if who]
    if said:
        text = "; ".join(said)
        return text[0].upper() + text[1:]
    up, down = found.off(1, True), found.off(1, False)
    if up or down:
        said = [f"{words.listed(up)} more often"] if up else []
        said += [f"{words.listed(down)} less often"] if down else []
        return f"{good.what.capitalize()}: {', '.join(said)}; no evidence that speed goes with it"
    faster, slower = found.off(0, False), found.off(0, True)
    if faster or slower:
        timed = SPEED[speed].unit == "hours" and speed != "hours worked"
        what, more = ("Quicker", "Slower") if timed else ("Less work", "More work")
        who = f"{what}: {words.listed(faster)}" if faster else f"{more}: {words.listed(slower)}"
        return f"{who}; no evidence that it is better, or worse, for it"
    return f"No evidence that your {THINGS[by]} differ, in speed or in what comes of it"


@part
def team_quadrants(
    client: Client, speed: str = "time to resolve", good: str = "top marks"
) -> Figure:
    """Is the team that is fast also good?

    Args: speed, what counts as fast; good, what counts as good.
    """
    return _quadrants(client, "team", speed, good)


@part
def channel_quadrants(
    client: Client, speed: str = "time to resolve", good: str = "top marks"
) -> Figure:
    """Is the channel that is fast also good?

    Args: speed, what counts as fast; good, what counts as good.
    """
    return _quadrants(client, "channel", speed, good)


@part
def type_quadrants(
    client: Client, speed: str = "time to resolve", good: str = "top marks"
) -> Figure:
    """Is the type of ticket that is dealt with fast also dealt with well?

    Args: speed, what counts as fast; good, what counts as good.
    """
    return _quadrants(client, "type", speed, good)


# -- all measures at once ----------------------------------------------------------------------


@part
def both_sides(client: Client, by: str = "team") -> Table:
    """Every measure of fast and of good, group by group, like beside like.

    Args: by, what to cut tickets by: team, channel or type.
    """
    if by not in THINGS:
        raise ValueError(f"by must be {words.listed(list(THINGS), 'or')}; {by!r} is not")
    label = f"every measure of fast beside every measure of good, by {by}"
    if not client.has(f"tickets.{by}"):
        return absent_table(label, needs_in_words((f"tickets.{by}",)))
    like = tuple(x for x in LIKE if x != by)
    found: dict[str, Compared] = {}
    lacking: list[str] = []
    for name, measure in (SPEED | GOOD).items():
        if work.missing(client, measure):
            lacking.append(name)
            continue
        look = grouped(client, measure, by)
        compared = compare(look, shown(by, look), like) if len(look) else None
        if compared is None:
            lacking.append(name)
        else:
            found[name] = compared
    if not found:
        return absent_table(label, TWO_GROUPS)
    p = benjamini_hochberg(np.concatenate([c.p for c in found.values()]))
    data, differ = _cells(found, p, by)
    left_out = f" Not measured: {words.listed(lacking)}." if lacking else ""
    return Table(
        _sides_title(by, differ, len(data)),
        "Compared with tickets of the same "
        f"{words.listed(list(like))}, and drawn towards each other where tickets are few. An "
        f"asterisk: off the others by more than luck, {words.spelled(len(p))} looks counted. Times "
        "and touches are typical ones (geometric means), by the clock. Solved first time: by the "
        "first who took it, and not opened again. Back: another ticket of that type by the same "
        f"person within {work.BACK_DAYS} days, for whatever reason.{left_out}",
        data,
        {by: Shown(by)} | {name: Shown((SPEED | GOOD)[name].short) for name in found},
    )


def _cells(
    found: dict[str, Compared], p: NDArray, by: str
) -> tuple[pd.DataFrame, dict[str, list[str]]]:
    """The table's cells as text, and which groups stand off the others on which measure."""
    names = list(dict.fromkeys(n for c in found.values() for n in c.names))
    columns: dict[str, Sequence[str | None]] = {by: names}
    differ: dict[str, list[str]] = {}
    at = 0
    for name, c in found.items():
        measure = (SPEED | GOOD)[name]
        cells: dict[str, str] = {}
        for i, group in enumerate(c.names):
            value = c.pooled[i]
            text = (
                f"{words.number(100 * value)} %"
                if not measure.least
                else say(measure, math.exp(value))
            )
            if p[at + i] <= ALPHA:
                text += " *"
                differ.setdefault(name, []).append(group)
            cells[group] = text
        at += len(c.names)
        columns[name] = [cells.get(group) for group in names]
    return pd.DataFrame(columns), differ


def _sides_title(by: str, differ: dict[str, list[str]], groups: int) -> str:
    fast = [name for name in SPEED if name in differ]
    good = [name for name in GOOD if name in differ]
    things = f"Your {THINGS[by]}"
    if fast and good:
        return f"{things} differ in how fast they are and in what comes of it"
    if fast:
        return f"{things} differ in how fast they are; no evidence that they do in what comes of it"
    if good:
        return f"{things} differ in what comes of it; no evidence that they do in how fast they are"
    return f"No evidence that your {THINGS[by]} differ on any measure of fast or of good"
