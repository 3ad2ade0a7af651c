"""Ratings: on one scale, one value per contact, and how many of the people answered."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import pandas as pd

from servicegap.measures.people import looked_after, person
from servicegap.measures.period import Window, window
from servicegap.schema import SCALES, Scale

if TYPE_CHECKING:
    from collections.abc import Mapping

    from servicegap.client import Client
    from servicegap.tables import Ledger

OTHER_SCALE = "on another scale than most contacts answered on"


@dataclass(frozen=True)
class Ratings:
    """The ratings that count, on one scale: `answered` and `asked` rows, with person and when.

    `heard` and `reached` are the people who answered, or were asked, on any scale, with their
    accounts. `other_scales` counts answered rows left out because most contacts answered on
    `scale`; `undated` those without any date, left out unless `dated` is false: then no row has
    one, and all are taken to be of the window.
    """

    asked: pd.DataFrame
    scale: Scale
    heard: pd.Series
    reached: pd.Series
    other_scales: int = 0
    undated: int = 0
    dated: bool = True

    @cached_property
    def answered(self) -> pd.DataFrame:
        return self.asked[self.asked["score"].notna()]


def ratings(client: Client, within: Window | None = None) -> Ratings:
    """The client's ratings in a window (the current one if none is given), on its headline scale.

    Several scales in one table: the one on which most contacts answered in the current window
    counts, for every window, so that years are compared on one scale. A table without any date is
    taken to be of the current window.
    """
    current = window(client)
    return client.remembered(_ratings, within or current, current)


def _ratings(client: Client, within: Window, current: Window) -> Ratings:
    frame = client["ratings"]
    frame = frame.assign(
        when=frame["answered_at"].fillna(frame["asked_at"]), person=person(frame, client)
    )
    dated = bool(frame["when"].notna().any())
    if not dated:
        frame = frame.assign(when=current.end)
    inside = frame[within.holds(frame["when"])]
    name = _headline_scale(frame[current.holds(frame["when"])], frame)
    same, scored = inside["scale"] == name, inside["score"].notna()
    scale = SCALES[name]
    asked = inside[same].assign(
        top=(inside["score"] >= scale.top).astype(float),
        satisfied=(inside["score"] >= scale.satisfied).astype(float),
    )
    accounts = inside.set_index("person")["account_id"]
    return Ratings(
        asked,
        scale,
        heard=accounts[scored.to_numpy()],
        reached=accounts,
        other_scales=int((scored & ~same).sum()),
        undated=int(frame["when"].isna().sum()) if dated else len(frame),
        dated=dated,
    )


def _headline_scale(*frames: pd.DataFrame) -> str:
    """The scale of most contacts who answered, in the first of the frames that settles it.

    Where nobody has answered at all, the scale on which most were asked.
    """
    for frame in (*(f[f["score"].notna()] for f in frames), *frames):
        if len(frame):
            contacts = frame.groupby("scale", observed=True)["person"].nunique()
            return max(SCALES, key=lambda name: contacts.get(name, 0))
    return next(iter(SCALES))


def ledgers(client: Client) -> Mapping[str, Ledger]:
    """What became of the rows of every table, ratings on another scale counted as excluded."""
    found = {name: read.ledger for name, read in client.reads.items()}
    if client.has("ratings"):
        frame = client["ratings"]
        others = int((frame["scale"] != ratings(client).scale.name).sum())
        if others:
            was = found["ratings"]
            found["ratings"] = replace(
                was,
                kept=was.kept - others,
                excluded=was.excluded + others,
                reasons={**was.reasons, OTHER_SCALE: others},
            )
    return found


def per_contact(answered: pd.DataFrame, by: str | None = None) -> pd.DataFrame:
    """One row per contact (or per contact and `by`): own top and satisfied shares, and answers.

    Returns: columns person, account_id (where a contact has several, the first by name, so that
    the order of rows changes nothing), top, satisfied, answers.
    """
    keys = ["person"] if by is None else ["person", by]
    own = answered.groupby(keys, observed=True, sort=True)
    shares = own[["top", "satisfied"]].mean()
    shares.insert(0, "account_id", own["account_id"].min())
    return shares.assign(answers=own.size()).reset_index()  # four times quicker than one agg


@dataclass(frozen=True)
class Response:
    """How many of the people there are have answered at all. `known` is None where nobody knows."""

    answered: int
    known: int | None

    @property
    def share(self) -> float | None:
        return self.answered / self.known if self.known else None

    @property
    def weak(self) -> bool:
        """Below half, or unknown: then the silent could turn the figure."""
        return self.share is None or self.share < 0.5


def response(client: Client, counted: Ratings | None = None) -> Response:
    """Contacts who answered at all in the window, on any scale, of all contacts there are.

    All contacts: those looked after (see there); where no table lists them, those who were asked,
    if anybody asked kept silent (a table of answers alone does not say who did).
    """
    counted = counted or ratings(client)
    heard, reached = (set(who.index.unique()) for who in (counted.heard, counted.reached))
    known = looked_after(client)
    if known:
        return Response(len(heard), len(known | heard))
    return Response(len(heard), len(reached) if reached > heard else None)
