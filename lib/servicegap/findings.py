"""Belief, evidence, gap, verdict, action; and the pictures and tables that go with them.

A session's functions return a `Finding`, a `Figure` or a `Table`. `conclude` makes findings,
`part` makes a function say "not measured" where its tables are missing. How they reach a notebook
and come back out of it is the business of bundles.py.
"""

from __future__ import annotations

import functools
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from servicegap import changes, formats, measures, schema, stats, words
from servicegap.verdicts import VERDICTS, Stated, Verdict, judge

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure as Drawing

    from servicegap.client import Client

__all__ = ["VERDICTS", "Action", "Advice", "Figure", "Finding", "Table", "conclude", "part"]


@dataclass(frozen=True)
class Action:
    """What to do about a finding: who, by when, what it costs, when to measure again."""

    id: str
    what: str
    due: str
    measure_again: str
    owner: str | None = None
    cost_low: float | None = None
    cost_high: float | None = None


@dataclass(frozen=True)
class Advice:
    """What a session would do about its belief, by what came of it. One sentence each.

    `mend` answers a clear blind spot, `test` a leaning one (cheap and reversible), `tell` a hidden
    strength, `keep` a belief that holds (or was never stated), `measure` whatever could not be
    judged. `hours` is the range of working hours that mending takes; the other kinds take a
    quarter of it.
    """

    mend: str
    test: str
    tell: str
    keep: str
    measure: str
    hours: tuple[float, float] = (8, 24)

    def choose(self, verdict: Verdict, speaks: bool) -> tuple[str, str]:
        """The kind of action and its sentence; `speaks` says whether the evidence may."""
        if verdict.strength == "clear":
            return ("mend", self.mend) if verdict.word == "blind spot" else ("tell", self.tell)
        if verdict.strength == "leaning":
            return "test", self.test
        near = verdict.word == "too few to judge" and speaks and verdict.needed is None
        if verdict.word == "well judged" or near or (verdict.word == "no guess" and speaks):
            return "keep", self.keep
        return "measure", self.measure


@dataclass(frozen=True)
class Finding:
    """One headline belief beside its evidence, with what comes of it."""

    headline: schema.Headline
    stated: Stated | None
    estimate: stats.Estimate
    verdict: Verdict
    title: str
    sentence: str
    caveats: tuple[str, ...] = ()
    action: Action | None = None
    change: changes.Change | None = None

    @property
    def id(self) -> str:
        return self.headline.id

    @property
    def session(self) -> str:
        return self.headline.session


@dataclass(frozen=True)
class Shown:
    """How a column is shown: its heading, and its unit if it has one."""

    label: str
    unit: str = ""


@dataclass(frozen=True)
class Figure:
    """A picture that says its title. `alt` is made from the numbers, `data` are the numbers.

    `draw()` makes the picture when it is wanted; `about` names the headline belief that the figure
    shows, if any. `not_measured` is a sentence where there is nothing to draw.
    """

    title: str
    alt: str
    caption: str
    data: pd.DataFrame
    columns: Mapping[str, Shown]
    draw: Callable[[], Drawing] | None
    about: str | None = None
    not_measured: str | None = None
    id: str = ""
    session: str = ""


@dataclass(frozen=True)
class Table:
    """A table that says its title."""

    title: str
    caption: str
    data: pd.DataFrame
    columns: Mapping[str, Shown] = field(default_factory=dict)
    not_measured: str | None = None
    id: str = ""
    session: str = ""


Result = Finding | Figure | Table


def conclude(
    client: Client,
    headline_id: str,
    estimate: stats.Estimate,
    advice: Advice,
    caveats: tuple[str, ...] = (),
) -> Finding:
    """Set the client's belief against the evidence and say what comes of it.

    Args: headline_id, one of schema.HEADLINES; estimate, the evidence, in the headline's unit;
    advice, what to do in each case; caveats, sentences on how the number can mislead. An action
    that somebody has promised stands as it was promised.
    """
    headline = schema.HEADLINES[headline_id]
    stated = client.stated(headline_id)
    belief = None
    if stated is not None and not stated.declined:
        belief = Stated.of(stated)
    verdict = judge(headline, belief, estimate)
    kind, what = advice.choose(verdict, estimate.speaks)
    action = Action(
        f"{headline_id}-{kind}",
        what,
        due=(client.as_of + timedelta(days=30 if kind == "mend" else 14)).isoformat(),
        measure_again=(client.as_of + timedelta(days=90)).isoformat(),
        cost_low=_cost(client, advice.hours[0], kind),
        cost_high=_cost(client, advice.hours[1], kind),
    )
    return Finding(
        headline,
        belief,
        estimate,
        verdict,
        _title(headline, verdict),
        words.sentence(headline, belief, estimate, verdict),
        caveats,
        as_promised(client, headline_id, action),
    )


def open_promises(client: Client) -> pd.DataFrame:
    """Promises in the client's commitments that are due after the as-of date and not done yet."""
    rows = client["commitments"]
    return rows[(rows["due"].dt.date > client.as_of) & rows["done_on"].isna()]


def as_promised(client: Client, belief_id: str, action: Action) -> Action:
    """The action in the owner's words, with the name and the days promised, where it was.

    Our estimate of what it costs goes with our own words: what else is promised costs what it does.
    """
    rows = open_promises(client)
    rows = rows[rows["finding_id"] == belief_id]
    if rows.empty:
        return action
    due = rows["due"].iloc[-1].date().isoformat()
    told = {name: rows[name].iloc[-1] for name in ("owner", "measure_again")}
    owner, again = (None if x != x else x for x in told.values())
    again = action.measure_again if again is None else again.date().isoformat()
    what = str(rows["what"].iloc[-1])
    if what.split() != action.what.split():
        action = replace(action, cost_low=None, cost_high=None)
    return replace(action, what=what, owner=owner, due=due, measure_again=max(due, again))


def _cost(client: Client, hours: float, kind: str) -> float | None:
    per_hour = client.settings.cost_per_hour
    return per_hour * hours * (1.0 if kind == "mend" else 0.25) if per_hour else None


def _title(headline: schema.Headline, verdict: Verdict) -> str:
    leaning = " (leaning)" if verdict.strength == "leaning" else ""
    return f"{headline.label}: {verdict.word}{leaning}"


def _named(missing: tuple[str, ...]) -> list[str]:
    said = []
    for need in missing:
        table, _, column = need.partition(".")
        said.append(f"the column {column} of the table {table}" if column else f"the table {table}")
    return said


def _wanted(missing: tuple[str, ...]) -> str:
    """What is missing, without the names of tables and columns: `a list of your suppliers`."""
    said = []
    for need in missing:
        table, _, column = need.partition(".")
        about = words.KEPT[table]
        if column:
            about = f"{about}, with “{_about(table, column)}”"
        said.append(about)
    return words.listed(said)


def needs_in_words(missing: tuple[str, ...]) -> str:
    """Say what is missing: `It needs the table peers and the column team of the table tickets.`"""
    return f"It needs {words.listed(_named(missing))}."


def part(look: Callable[..., Any]) -> Callable[..., Any]:
    """Make a session's function a part of that session.

    The result carries the function's name and session. Where the part's tables are missing
    (schema.SESSIONS says which it needs) the function is not called; its result is "not measured".
    A finding is held against the same function's on the last period's folder, where there is one.
    """
    session = schema.session_of(look.__module__)
    spec = schema.part_of(look.__module__, look.__name__)
    kind = look.__annotations__["return"]

    def seen(client: Client, options: Mapping[str, Any]) -> Result:
        missing = client.missing(spec)
        if not missing:
            return look(client, **options)
        if kind == "Finding":
            headline = schema.HEADLINES[spec.name]
            why = f"It needs {_wanted(missing)}."
            nothing = stats.not_measured(why, headline.unit, headline.per)
            return conclude(client, spec.name, nothing, _collect(client, missing))
        nothing_seen = absent_table if kind == "Table" else absent_figure
        return nothing_seen(spec.label, needs_in_words(missing))

    @functools.wraps(look)
    def looked(client: Client, **options: Any) -> Result:
        with formats.written_for(client.settings.locale):
            return told(client, options)

    def told(client: Client, options: Mapping[str, Any]) -> Result:
        result = seen(client, options)
        if isinstance(result, Figure) and result.draw:
            draw = functools.partial(_drawn, result.draw, client.settings.locale)
            result = replace(result, draw=draw)
        if not isinstance(result, Finding):
            return replace(result, id=spec.name, session=session.number)
        if client.previous is None:
            return result
        then = seen(client.previous, options)
        return replace(result, change=_change(client, client.previous, result, then))

    return looked


def _drawn(draw: Callable[[], Drawing], locale: str) -> Drawing:
    """The picture, drawn later, with the client's own decimal marks."""
    with formats.written_for(locale):
        return draw()


def _change(client: Client, previous: Client, now: Finding, then: Result) -> changes.Change:
    """What became of a headline finding since the last period."""
    assert isinstance(then, Finding)
    end, start = measures.window(previous).end, measures.window(client).start
    shared = max(0, round((end - start).days / measures.MONTH))
    return changes.compare(now.headline, now.estimate, then.estimate, then.verdict, shared)


def _collect(client: Client, missing: tuple[str, ...]) -> Advice:
    """What to do where nothing can be measured yet, whatever the belief.

    Who keeps a table and lacks a column of it is asked for the column alone.
    """
    noted: dict[str, list[str]] = {}
    for need in missing:
        table, _, column = need.partition(".")
        if column and client.has(table):
            noted.setdefault(table, []).append(f"“{_about(table, column)}”")
    rest = tuple(need for need in missing if need.partition(".")[0] not in noted)
    begin = [f"keep {_wanted(rest)}"] if rest else []
    for table, columns in noted.items():
        kept = re.sub("^a (?=list|log)", "the ", words.KEPT[table])
        begin.append(f"note {words.listed(columns)} in {kept}")
    what = f"Begin to {'; to '.join(begin)}; look again in three months."
    return Advice(what, what, what, what, what, hours=(4, 8))


def _about(table: str, column: str) -> str:
    """What a column holds, in words: `The day it left`."""
    return schema.TABLES[table][column].about.partition(";")[0]


def absent_figure(label: str, why: str) -> Figure:
    """The figure of something that could not be measured. `why` is a sentence."""
    import pandas as pd

    title = f"Not measured: {label}"
    return Figure(title, f"{title}. {why}", "", pd.DataFrame(), {}, None, not_measured=why)


def absent_table(label: str, why: str) -> Table:
    """The table of something that could not be measured. `why` is a sentence."""
    import pandas as pd

    return Table(f"Not measured: {label}", "", pd.DataFrame(), not_measured=why)


def finite(x: float | None) -> float | None:
    """NaN and infinities become None: numbers that leave the library are finite."""
    return None if x is None or not math.isfinite(x) else float(x)
