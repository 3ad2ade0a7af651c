"""The roadmap: three actions for ninety days, and a calendar for a year."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import pandas as pd

from servicegap import priorities, schema, words
from servicegap.client import Client
from servicegap.findings import (
    Action,
    Shown,
    Table,
    absent_table,
    as_promised,
    open_promises,
    part,
)
from servicegap.schema import Headline
from servicegap.sessions.referral_roadmap.fees import money
from servicegap.sessions.referral_roadmap.told import Gathered, Told, day_of, gather

QUARTER = timedelta(days=90)
YEAR = timedelta(days=365)


@dataclass(frozen=True)
class Step:
    """One thing to do about one finding, with days that are still to come."""

    finding: Told
    what: str
    due: date
    again: date
    owner: str | None
    cost: tuple[float, float] | None
    action_id: str

    @property
    def id(self) -> str:
        return self.finding.id

    @property
    def headline(self) -> Headline:
        return self.finding.headline

    @property
    def action(self) -> Action:
        """As the workbook's form for promises has it."""
        low, high = self.cost or (None, None)
        days = (self.due.isoformat(), self.again.isoformat())
        return Action(self.action_id, self.what, *days, self.owner, low, high)

    def later(self, by: timedelta) -> Step:
        return replace(self, due=self.due + by, again=self.again + by)


def steps(client: Client, found: Gathered) -> tuple[Step, ...]:
    """Everything that asks to be done, the first thing first, in the order of the whole report."""
    chosen = priorities.in_order(found.findings)
    return tuple(_step(client, f, f.action) for f in chosen if f.action)


def wins(client: Client, found: Gathered) -> tuple[Step, ...]:
    """Clear hidden strengths: what to tell clients of."""
    chosen = priorities.pick(found.findings, "hidden strength", "clear")
    return tuple(_step(client, f, f.action) for f in chosen if f.action)


def suggested(client: Client) -> tuple[Step, ...]:
    """The three actions, as the workbook's form offers them to be promised."""
    return steps(client, gather(client))[: priorities.AT_MOST]


def _step(client: Client, finding: Told, action: Mapping) -> Step:
    """An action with its days; none lies before the day the files were taken.

    What was promised since the session handed it on stands as it was promised.
    """
    today = client.as_of
    due = day_of(action.get("due") or "")
    due = due if due and due > today else today + timedelta(days=14)
    again = max(day_of(action.get("measure_again") or "") or today + QUARTER, due)
    low, high = action.get("cost_low"), action.get("cost_high")
    told = Action(
        action["id"], action["what"], due.isoformat(), again.isoformat(), action.get("owner"),
        None if low is None else float(low), None if high is None else float(high),
    )  # fmt: skip
    now = as_promised(client, finding.id, told)
    low, high = now.cost_low, now.cost_high
    cost = None if low is None or high is None else (low, high)
    by, on = (date.fromisoformat(day) for day in (now.due, now.measure_again))
    return Step(finding, now.what, by, on, now.owner, cost, now.id)


# -- three actions -----------------------------------------------------------------------------


@part
def three_actions(client: Client, findings: str = "") -> Table:
    """What are the three things to do in the next ninety days?

    Args: findings, the folder in which the sessions left what they found.
    """
    found = gather(client, findings)
    every = steps(client, found)
    chosen = every[: priorities.AT_MOST]
    if not chosen:
        why = "Nothing that was measured calls for an action. Measure again in a year."
        return absent_table("three actions for ninety days", why)
    rows = [
        [s.what, f"{s.finding.label}: {s.finding.verdict}", s.owner or words.NOBODY,
         words.day(s.due), _cost(client, s), words.day(s.again)]
        for s in chosen
    ]  # fmt: skip
    clear = sum((s.finding.word, s.finding.strength) == ("blind spot", "clear") for s in chosen)
    return Table(
        _actions_title(client, len(chosen), clear),
        f"{_order(len(every) - len(chosen))} {_costs(client, chosen)}{_gap(found)}".strip(),
        pd.DataFrame(rows, columns=["what", "about", "who", "due", "cost", "again"]),
        {"what": Shown("what will be done"), "about": Shown("because of"), "who": Shown("who"),
         "due": Shown("by"), "cost": Shown("cost"), "again": Shown("measured again on")},
    )  # fmt: skip


def _cost(client: Client, step: Step) -> str:
    if step.cost is None:
        return "not estimated"
    ends = dict.fromkeys(money(client, x) for x in step.cost)
    return " to ".join(ends)


def _actions_title(client: Client, n: int, clear: int) -> str:
    end = words.day(client.as_of + QUARTER)
    things = "action" if n == 1 else "actions"
    said = f"{words.spelled(n).capitalize()} {things} until {end}"
    if not clear:
        looks = "a cheap look" if n == 1 else "tests and measurements"
        return f"{said}: {looks}, for nothing is broken clearly enough to mend"
    if clear == n:
        return said
    mends = "a repair" if clear == 1 else f"{words.spelled(clear)} repairs"
    return f"{said}: {mends}, and a cheap look for the rest"


def _order(rest: int) -> str:
    said = (
        "Clear blind spots come first, the widest gap before the others; then cheap tests of what "
        "leans; then measurements of what nobody knows."
    )
    if not rest:
        return said
    others = "One more waits" if rest == 1 else f"{words.spelled(rest).capitalize()} more wait"
    return f"{said} {others}: three things at once are as many as anybody does."


def _costs(client: Client, chosen: tuple[Step, ...]) -> str:
    per_hour = client.settings.cost_per_hour
    if not per_hour:
        return "Costs are not estimated: the settings don't say what an hour costs you."
    hours = f"Costs are hours of work at {money(client, per_hour)} an hour, roughly."
    own = "What was promised in other words than ours has no estimate."
    if not any(s.cost for s in chosen):
        return own
    return hours if all(s.cost for s in chosen) else f"{hours} {own}"


def _gap(found: Gathered) -> str:
    return f" {found.missing}" if found.missing else ""


# -- a year ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Entry:
    """One line of the calendar."""

    when: date
    kind: str
    what: str
    who: str = ""


def entries(client: Client, found: Gathered) -> tuple[Entry, ...]:
    """All days of the coming year, the nearest first.

    Every open promise on its own days; the three actions, and from the second quarter on the next
    three a quarter, where nobody has promised anything on them yet; strengths to tell of; days to
    measure again; what session 2 put into its timetable; and the day on which it begins again.
    """
    today, end = client.as_of, client.as_of + YEAR
    promises = open_promises(client)
    about = set(promises["finding_id"].dropna())
    planned = _planned(steps(client, found), about)
    kept = [_promised(client, row) for row in promises.to_dict("records")]
    looks = [(s.again, s.finding.label) for s in planned]
    listed = [
        *(promise for promise, _ in kept),
        *(Entry(s.due, "do", s.what, s.owner or words.NOBODY) for s in planned),
        *(Entry(s.due, "tell", s.what, s.owner or words.NOBODY)
          for s in wins(client, found) if s.id not in about),
        *_measured([*looks, *(look for _, look in kept if look)]),
        *_renewals(found, today),
        Entry(end, "guess", "Guess all over again, before anybody sees a number; then the next "
              "report, and what has changed since this one."),
    ]  # fmt: skip
    once = {entry: None for entry in listed if today < entry.when <= end}
    return tuple(sorted(once, key=lambda e: (e.when, e.kind, e.what)))


def _planned(every: Sequence[Step], promised: set[str]) -> list[Step]:
    """The first three in their quarter, the next three a quarter later, and so on for three.

    What somebody has promised has days of its own and takes no place among the later ones.
    """
    first, rest = every[: priorities.AT_MOST], every[priorities.AT_MOST :]
    free = [s for s in rest if s.id not in promised][: 2 * priorities.AT_MOST]
    later = [s.later(QUARTER * (1 + i // priorities.AT_MOST)) for i, s in enumerate(free)]
    return [*(s for s in first if s.id not in promised), *later]


def _promised(client: Client, row: Mapping) -> tuple[Entry, tuple[date, str] | None]:
    """An open promise on its day; and when to look again, and at what, where that is known."""
    due, again = row["due"].date(), row["measure_again"]
    owner = words.NOBODY if pd.isna(row["owner"]) else str(row["owner"])
    promise = Entry(due, "promised", str(row["what"]), owner)
    about = schema.HEADLINES.get(row["finding_id"])
    if pd.isna(again) and not about:
        return promise, None
    label = about.label if about else f"what was promised by {words.day(due)}"
    look = client.as_of + QUARTER if pd.isna(again) else again.date()
    return promise, (max(due, look), label)


def _measured(looks: Iterable[tuple[date, str]]) -> list[Entry]:
    """One line a day on which several figures are looked at again."""
    by_day: dict[date, list[str]] = {}
    for when, label in looks:
        by_day.setdefault(when, []).append(label)
    return [
        Entry(when, "measure", f"Look again: {words.listed(list(dict.fromkeys(labels)))}.")
        for when, labels in by_day.items()
    ]


def _renewals(found: Gathered, today: date) -> list[Entry]:
    """The rows of session 2's timetable, from the day after today."""
    table = found.named("02", "timetable")
    if table is None:
        return []
    names = [column["name"] for column in table["data"]["columns"]]
    rows = [dict(zip(names, row, strict=True)) for row in table["data"]["rows"]]
    days = [(day_of(row["when"]), row) for row in rows]
    return [
        Entry(max(when, today + timedelta(days=1)), row["what"], _sentence(row["about"]))
        for when, row in days
        if when is not None and when >= today
    ]


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"


@part
def calendar(client: Client, findings: str = "") -> Table:
    """What is due when in the coming year?

    Args: findings, the folder in which the sessions left what they found.
    """
    found = gather(client, findings)
    days = entries(client, found)
    data = pd.DataFrame(
        [[words.day(e.when), e.kind, e.what, e.who] for e in days],
        columns=["when", "kind", "what", "who"],
    )
    end = words.day(client.as_of + YEAR)
    return Table(
        _year_title(client, days),
        f"Until {end}. Of what nobody has promised yet at most {words.spelled(priorities.AT_MOST)} "
        "actions begin in a quarter. Promises stand on the days that were promised; strengths to "
        "tell of, and days to look whether something has helped, stand beside them. "
        f"{_new(found)}{_gap(found)}".strip(),
        data,
        {"when": Shown("when"), "kind": Shown("kind"), "what": Shown("what"), "who": Shown("who")},
    )


def _year_title(client: Client, days: tuple[Entry, ...]) -> str:
    soon = sum(day.when <= client.as_of + QUARTER for day in days)
    first = words.day(days[0].when)
    if not soon:
        return f"Nothing falls due in the next three months; the first date is {first}"
    said = f"{words.spelled(soon).capitalize()} of {words.count(len(days), 'date')}"
    verb = "falls" if soon == 1 else "fall"
    return f"{said} in the coming year {verb} in the next three months, the first on {first}"


def _new(found: Gathered) -> str:
    """What session 2 said on how often something new is needed."""
    renewal = found.named("02", "renewal")
    if renewal is not None and found.named("02", "timetable") is not None:
        return (
            f"What is new comes from the timetable of session 2: {words.lowered(renewal['title'])}."
        )
    if "02" in found.handed or "02" in found.closed:
        return "There is no timetable for new things: session 2 had too little to go by."
    return ""
