"""A supplier came or went: did anything change that month?"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from servicegap import comparisons, measures, stats, words
from servicegap.charts import effects as effect_charts
from servicegap.client import Client
from servicegap.comparisons import ALPHA, SEEN
from servicegap.findings import Figure, Shown, absent_figure, part
from servicegap.sessions.third_party_impact import chain
from servicegap.sessions.third_party_impact.clocks import solved
from servicegap.sessions.third_party_impact.interrupted import LevelChange, left_out, level_change

POINTS = 12  # months with a ticket, on either side
_MONTH = pd.Timedelta(days=measures.MONTH)
_HANDOVER = pd.Timedelta(days=31)  # one ends and another begins: a change of supplier
FEW = (
    "No supplier began or ended with tickets in twelve months on either side, of ten contacts in "
    "five accounts."
)
MARKS, HOURS = "marks", "hours"


@dataclass(frozen=True)
class Event:
    """A day on which a supplier began, ended, or took another's place.

    `names` are the suppliers whose tickets are followed over that day; empty where one began or
    ended alone, since its own tickets have no other side: then all tickets are followed.
    """

    day: pd.Timestamp
    what: str
    before: str
    after: str
    names: tuple[str, ...]


def events(client: Client) -> list[Event]:
    """Every beginning, ending and change of supplier, in order of the day."""
    table = client["third_parties"]
    names = table["name"].astype("str").str.split().str.join(" ")
    began = sorted((pd.Timestamp(d), n) for d, n in zip(table["started"], names, strict=True)
                   if not pd.isna(d))  # fmt: skip
    ended = sorted((pd.Timestamp(d), n) for d, n in zip(table["ended"], names, strict=True)
                   if not pd.isna(d))  # fmt: skip
    found, paired = [], set()
    for day, name in began:
        near = [(abs(day - gone), old) for gone, old in ended
                if abs(day - gone) <= _HANDOVER and old != name and old not in paired]  # fmt: skip
        if near:
            old = min(near)[1]
            paired |= {name, old}
            found.append(Event(day, f"{name} took the place of {old}", old, name, (old, name)))
    for day, name in began:
        if name not in paired:
            found.append(Event(day, f"{name} began", f"before {name}", f"with {name}", ()))
    for day, name in ended:
        if name not in paired:
            after = day + pd.Timedelta(days=1)
            found.append(Event(after, f"{name} ended", f"with {name}", f"without {name}", ()))
    return sorted(found, key=lambda e: (e.day, e.what))


@dataclass(frozen=True)
class Series:
    """A change with the months around it: `months` has month, events, tickets and value.

    `error` is the largest of three standard errors of the logarithm; see `followed`. `of` is what
    is followed: the marks, or the hours from opening to solution.
    """

    of: str
    event: Event
    months: pd.DataFrame
    change: LevelChange
    error: float
    freedom: int
    people: int
    accounts: int

    @property
    def p(self) -> float:
        from scipy.special import stdtr

        return 2 * float(stdtr(self.freedom, -abs(self.change.log) / max(self.error, 1e-9)))

    @property
    def interval(self) -> tuple[float, float]:
        from scipy.special import stdtrit

        return self.change.interval(self.error, float(stdtrit(self.freedom, 0.975)))

    @property
    def could_be_seen(self) -> float:
        """The ratio that would have been found four times in five."""
        return math.exp(SEEN * self.error)

    def shown(self, events) -> np.ndarray:
        """What a month's events mean: % top marks, or hours a ticket."""
        each = np.asarray(events, dtype=float) / np.asarray(self.months["tickets"])
        return 100 * (1 - each) if self.of == MARKS else each


def _rows(client: Client, of: str) -> pd.DataFrame:
    """Every ticket of people up to the window's end with what is counted of it as `event`.

    Of marks: rated tickets, 1 where less than the top mark was given. Of hours: solved tickets.
    """
    whole = measures.Window(pd.Timestamp("1990-01-01"), measures.window(client).end)
    if of == MARKS:
        frame = chain.rated(client, whole)
        return frame.assign(event=1 - frame["top"])
    frame = solved(client, whole)
    return frame.assign(event=frame["elapsed"])


def _months_from(day: pd.Timestamp, opened: pd.Series) -> NDArray:
    """In which month after (or before) a day each ticket was opened."""
    return np.asarray(np.floor((opened - day) / _MONTH).astype(int))


def _monthly(event: pd.Series, month: NDArray) -> pd.DataFrame:
    months = event.groupby(month).agg(["sum", "size"])
    return pd.DataFrame(
        {"month": months.index.astype(float), "events": months["sum"].to_numpy(float),
         "tickets": months["size"].to_numpy(float)}
    )  # fmt: skip


def _series(months: pd.DataFrame) -> tuple[pd.Series, pd.Series, pd.Series, pd.Series]:
    """What a fit takes: events, tickets, before or after, month."""
    after = (months["month"] >= 0).astype(float)
    return months["events"], months["tickets"], after, months["month"]


def followed(frame: pd.DataFrame, event: Event, of: str = MARKS) -> Series | None:
    """Follow ratings below the top mark, or hours, over an event; None where there are too few.

    It takes twelve months with a ticket on either side, ten contacts in five accounts on either
    side, and some marks of both kinds on either side. The error is the largest of three: by the
    scatter of months, by months that resemble the next (Newey and West), and by accounts left out
    one at a time (jackknife); t with the smaller of months − 3 and accounts − 1.
    """
    if event.names:
        keys = {name.casefold() for name in event.names}
        frame = frame[frame["vendor"].str.casefold().isin(keys)]
    month = _months_from(event.day, frame["opened_at"])
    months = _monthly(frame["event"], month)
    late = months["month"] >= 0
    if min(late.sum(), (~late).sum()) < POINTS:
        return None
    sides = frame["opened_at"] >= event.day
    for side in (frame[sides], frame[~sides]):
        if not stats.enough(side["person"].nunique(), side["account_id"].nunique()):
            return None
        if side["event"].nunique() < 2:
            return None
    change = level_change(*_series(months))
    own = measures.numbered(frame["account_id"])
    g, counted = int(own.max()) + 1, frame["event"]
    others = (own != firm for firm in range(g))
    left = left_out([_series(_monthly(counted[some], month[some])) for some in others])
    jackknife = math.sqrt((g - 1) / g * float(((left - left.mean()) ** 2).sum()))
    return Series(
        of, event, months, change,
        max(change.quasi, change.related, jackknife),
        max(1, min(len(months) - 3, g - 1)), int(frame["person"].nunique()), g,
    )  # fmt: skip


def _found(client: Client, of: str) -> list[Series]:
    """Every change that can be followed, in order of the day."""
    frame = _rows(client, of)
    if not len(frame):
        return []
    every = [followed(frame, event, of) for event in events(client)]
    return [series for series in every if series is not None]


@part
def comings(client: Client, of: str = MARKS) -> Figure:
    """Did marks, or hours, change when a supplier came or went?

    Args: of, what is followed: marks or hours. Hours too where there are too few marks.
    """
    found = client.remembered(_found, of)
    if not found and of == MARKS and client.has("tickets.resolved_at"):
        found = client.remembered(_found, HOURS)
    if not found:
        return absent_figure("what changed when a supplier came or went", FEW)
    adjusted = comparisons.benjamini_hochberg([s.p for s in found])
    first = max(range(len(found)), key=lambda i: (bool(found[i].event.names), -adjusted[i],
                                                  found[i].event.day))  # fmt: skip
    one, event = found[first], found[first].event
    data = one.months[["month", "tickets"]].assign(
        value=one.shown(one.months["events"]), fitted=one.shown(one.change.fitted),
        supposed=one.shown(one.change.supposed),
    )  # fmt: skip
    low, high = one.interval
    marks = one.of == MARKS
    unit = "% top marks" if marks else "hours a ticket"
    also = [s.event.what for i, s in enumerate(found) if i != first and adjusted[i] <= ALPHA]
    thin = "" if one.of == of else "There are too few ratings around it, so hours are followed. "
    ends = (-3.0, 103.0) if marks else (0.0, 1.15 * float(data["value"].max()))
    return Figure(
        _title(one, float(adjusted[first])),
        f"{event.what} on {words.day(event.day)}. "
        f"{'Rated' if marks else 'Solved'} tickets of {_whose(event)}, a point a month: "
        f"{'less than the top mark' if marks else 'hours'} {words.number(one.change.ratio, 2)} "
        f"times {'as often ' if marks else 'as many '}afterwards ({words.number(low, 2)} to "
        f"{words.number(high, 2)}). n = {words.number(int(one.months['tickets'].sum()))} tickets "
        "of "
        f"{one.people} contacts in {one.accounts} accounts.",
        thin + "The line has one trend and one step; the dashes are how it would have gone on "
        "without the step. Whatever else changed in that month is in the step as well, and a month "
        "with few tickets (a small dot) jumps by itself. "
        f"A change by {words.number(one.could_be_seen, 1)} times would have been seen four times "
        "in five."
        + (f" Worth asking too: {words.listed(also)}." if also else "")
        + _unsaid(len(events(client)) - len(found)),
        data,
        {"month": Shown("months from the change"), "tickets": Shown("tickets"),
         "value": Shown(unit), "fitted": Shown("the line"),
         "supposed": Shown("without the change")},
        lambda: effect_charts.before_after(
            data["month"], data["value"], data["tickets"], data["fitted"], data["supposed"],
            (event.before, event.after), unit, ends,
        ),
    )  # fmt: skip


def _whose(event: Event) -> str:
    return words.listed(event.names) if event.names else "any supplier or none"


def _unsaid(others: int) -> str:
    if not others:
        return ""
    one = others == 1
    return (
        f" {words.spelled(others).capitalize()} other {'change has' if one else 'changes have'} "
        f"too few months around {'it' if one else 'them'}."
    )


def _title(one: Series, p: float) -> str:
    marks = one.of == MARKS
    if p > ALPHA:
        return f"{one.event.what}: no evidence that the {one.of} changed"
    more = one.change.log > 0
    if marks:
        since = f"{'fewer' if more else 'more'} top marks"
    else:
        since = f"{'more' if more else 'fewer'} hours a ticket"
    return f"Worth asking: {one.event.what}, and there are {since} since"
