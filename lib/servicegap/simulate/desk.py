"""Tickets and ratings: two years of the desk, and what people thought of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from servicegap.simulate.firm import (
    CHANNELS,
    HANDLERS,
    PRIORITIES,
    SLA_HOURS,
    TEAMS,
    TYPES,
    Firm,
    Size,
)
from servicegap.simulate.frames import blank_where, frame, generator, minutes, numbered, pick
from servicegap.simulate.latent import harm_of, solve, vendor_chance
from servicegap.simulate.people import People, calendar
from servicegap.simulate.words import comment_for

_TECHNICIANS = (5, 4, 3, 2, 2)  # by team


@dataclass(frozen=True)
class Work:
    """Every ticket as codes, in order of opening. `contact` −1: an alert's. Hours are clock hours;
    `contact`'s mark is known only for `rated` ones; times are days since 1970."""

    contact: np.ndarray
    account: np.ndarray
    type: np.ndarray
    priority: np.ndarray
    channel: np.ndarray
    handler: np.ndarray
    team: np.ndarray
    vendor: np.ndarray
    met: np.ndarray
    sla: np.ndarray
    hours: np.ndarray
    vendor_hours: np.ndarray
    opened: np.ndarray
    rated: np.ndarray
    asked: np.ndarray
    last: np.ndarray
    asked_after: np.ndarray
    answered_after: np.ndarray


def _draw(rng: np.random.Generator, table, row: np.ndarray) -> np.ndarray:
    """Draw a code for each row from the probabilities in that row of `table`."""
    rising = np.cumsum(np.atleast_2d(table), axis=1)
    return (rng.random(len(row))[:, None] > rising[row, :-1]).sum(axis=1)


def _year(
    firm: Firm, size: Size, rng: np.random.Generator, people: People, is_last: bool
) -> tuple[np.ndarray, ...]:
    """Who opened the tickets of one year, and which of them are rated.

    Returns contact (−1: an alert), account, rated, whether it is the window, and the year's ends.
    """
    desk = firm.desk
    who = people.answers if is_last else people.answered_before
    answered = np.repeat(np.flatnonzero(who), 1 + rng.poisson(desk.ratings_each - 1, who.sum()))
    alerts = round(desk.monitoring * size.tickets)
    others = max(size.tickets - alerts - len(answered), 0)
    low, high = calendar(firm).year(is_last)
    here = (people.since < high - 65) & (np.isnan(people.left) | (people.left > low + 55))
    able = np.flatnonzero(here[people.account])
    person = np.concatenate((answered, able[rng.integers(0, len(able), others)]))
    watched = np.flatnonzero(here)[rng.integers(0, here.sum(), alerts)]
    n = len(person) + alerts
    return (
        np.concatenate((person, np.full(alerts, -1))),
        np.concatenate((people.account[person], watched)),
        np.arange(n) < len(answered),
        np.full(n, is_last),
        np.full(n, low),
        np.full(n, high),
    )


def draw_work(firm: Firm, size: Size, seed: int, people: People) -> Work:
    """Draw all tickets of two years. What a ticket is does not depend on who opened it, nor on
    whether it was rated, so that a contact's expected mark is the average over the desk's cells."""
    desk, rng = firm.desk, generator(seed, "tickets")
    years = [_year(firm, size, rng, people, is_last) for is_last in (False, True)]
    contact, account, rated, last, low, high = map(np.concatenate, zip(*years, strict=True))
    n = len(contact)
    alert = contact < 0

    kind = _draw(rng, desk.type_mix, np.zeros(n, int))
    priority = _draw(rng, desk.priority_by_type, kind)
    channel = _draw(rng, desk.channel_by_type, kind)
    handler = _draw(rng, desk.handler_by_channel, channel)
    team = _draw(rng, desk.team_by_type, kind)
    involved = rng.random(n) < vendor_chance(desk)[kind, priority, channel]
    vendor = np.where(involved, _draw(rng, desk.vendor_mix, np.zeros(n, int)), -1)
    met = rng.random(n) < np.array(desk.met_by_priority)[priority]

    sla = np.array(SLA_HOURS)[priority]
    share = np.where(met, rng.beta(1.3, 2.6, n), np.minimum(1.08 + rng.exponential(0.6, n), 3.5))
    hours = np.maximum(sla * share, 0.15)
    waiting = np.where(involved, np.clip(rng.lognormal(3.1, 0.9, n), 1, 200), 0.0)
    asked_after = rng.uniform(0.5, 6, n)
    answered_after = np.minimum(rng.exponential(16, n) + 0.1, 90)

    low = np.maximum(low, people.since[account] + 1)
    high = np.minimum(high, np.nan_to_num(people.left[account], nan=np.inf) - 1)
    needed = np.where(rated, hours + waiting + asked_after + answered_after, 2.0) / 24
    opened = low + rng.random(n) * np.maximum(high - low - needed, 0.5)
    opened = _working_time(rng, opened, alert)
    asked = rated | (~alert & (rng.random(n) < desk.asked))
    order = np.argsort(opened, kind="stable")
    columns = (contact, account, kind, priority, channel, handler, team, vendor, met, sla, hours,
               waiting, opened, rated, asked, last, asked_after, answered_after)  # fmt: skip
    return Work(*(c[order] for c in columns))


def _working_time(rng: np.random.Generator, opened: np.ndarray, alert: np.ndarray) -> np.ndarray:
    """Move most people's tickets into office hours, always earlier and by less than a day."""
    day, part = np.floor(opened), opened % 1
    office = np.where(part < 0.33, day - 0.66 + part, day + 0.33 + (part - 0.33) * 0.62)
    return np.where(~alert & (rng.random(len(opened)) < 0.93), office, opened)


def tickets(firm: Firm, size: Size, seed: int, people: People, work: Work) -> pd.DataFrame:
    """The tickets table."""
    rng, n = generator(seed, "tickets.more"), len(work.contact)
    end = calendar(firm).end
    alert = work.contact < 0
    resolved = work.opened + (work.hours + work.vendor_hours) / 24
    open_still = (resolved > end - 0.05) & ~work.rated
    resolved = np.where(open_still, np.nan, resolved)
    reply = work.opened + np.minimum(rng.exponential(0.12, n) * work.sla, 0.9 * work.hours) / 24
    reply = np.where(alert | (open_still & (reply > end - 0.05)), np.nan, reply)
    wait = np.array((22.0, 11.0, 95.0, 4.0))[work.handler] * rng.gamma(2.0, 0.5, n)
    indirect = work.handler < 2
    touches = 1 + rng.poisson(1.2 + 1.5 * (work.vendor >= 0) + 0.8 * ~work.met)
    worked = np.array((1.1, 0.5, 2.2, 0.35))[work.type] * rng.lognormal(-0.25, 0.65, n)
    late = (~work.met).astype(int)
    reopened = rng.poisson(np.array(firm.desk.reopened)[late])
    moved = rng.poisson(np.array(firm.desk.reassigned)[late] + 0.3 * (work.vendor >= 0))
    starts = np.cumsum((0, *_TECHNICIANS))
    skew = rng.random(n) ** 1.4
    technician = starts[work.team] + (skew * np.array(_TECHNICIANS)[work.team]).astype(int)
    vendor = work.vendor
    if firm.desk.replaced:
        vendor = np.where(~work.last & (vendor == 0), len(firm.desk.vendors), vendor)
    source = np.where(alert, 1, np.where(rng.random(n) < 0.1, -1, 0))
    return frame(
        "tickets",
        n,
        ticket_id=numbered("TK", n, 5),
        account_id=pick(people.ids, work.account),
        contact_id=pick(people.contact_ids, work.contact),
        opened_at=minutes(work.opened),
        first_reply_at=minutes(reply),
        resolved_at=minutes(resolved),
        priority=pick(PRIORITIES, work.priority),
        type=pick(TYPES, work.type),
        channel=pick((*CHANNELS, "alert"), np.where(alert, len(CHANNELS), work.channel)),
        first_handler=pick(HANDLERS, np.where(alert, -1, work.handler)),
        minutes_to_person=np.where(alert, np.nan, np.round(wait, 1)),
        handed_over=blank_where(indirect & (rng.random(n) < 0.62), alert | ~indirect),
        touches=touches,
        hours_worked=np.round(worked, 2),
        team=pick(TEAMS, work.team),
        technician=pick(numbered("T", sum(_TECHNICIANS), 2), technician),
        reopened=reopened,
        reassigned=moved,
        sla_hours=work.sla,
        sla_met=blank_where(work.met, open_still),
        third_party=pick((*firm.desk.vendors, firm.desk.replaced), vendor),
        third_party_hours=np.where(work.vendor >= 0, np.round(work.vendor_hours, 1), np.nan),
        source=pick(("human", "monitoring"), source),
    )


def earlier(firm: Firm, seed: int, table: pd.DataFrame) -> pd.DataFrame:
    """Rows that a log keeps of tickets reopened or passed on, before their last one.

    Every row but the last says that the SLA is kept: so far it was. Counting rows therefore
    flatters. In the tickets' order, and in order of time within a ticket; none unless `logged`.
    """
    if not firm.desk.logged:
        return table.iloc[:0].reset_index(drop=True)
    rng = generator(seed, "tickets.log")
    steps = (table["reopened"] + table["reassigned"]).to_numpy(dtype=int)
    at = np.repeat(np.arange(len(table)), steps)
    step = np.arange(len(at)) - np.repeat(np.cumsum(steps) - steps, steps)
    rows = table.iloc[at].reset_index(drop=True)
    part = (step + 1) / (steps[at] + 1)
    rows["touches"] = np.maximum(np.floor(rows["touches"] * part), 1.0)
    rows["hours_worked"] = np.round(rows["hours_worked"] * part, 2)
    rows["reassigned"] = np.minimum(rows["reassigned"], step)
    rows["reopened"] = np.maximum(step - rows["reassigned"], 0.0)
    rows["technician"] = rows["technician"].sample(frac=1, random_state=rng).to_numpy()
    for name in ("resolved_at", "third_party", "third_party_hours"):
        rows[name] = table[name].iloc[:0].reindex(rows.index)
    rows["sla_met"] = pd.array(np.ones(len(rows), dtype=bool), dtype="boolean")
    return rows


def marks(firm: Firm, seed: int, people: People, work: Work) -> np.ndarray:
    """The mark (1-5) of every ticket, rated or not; NaN for alerts."""
    hidden, desk, rng = solve(firm), firm.desk, generator(seed, "ratings")
    unheard = ~people.answers[work.contact] & ~work.rated
    value = (
        hidden.base
        + np.array(desk.type_shift)[work.type]
        + np.array(desk.priority_shift)[work.priority]
        + np.array(desk.channel_shift)[work.channel]
        + np.array(desk.handler_shift)[work.handler]
        + np.array(desk.team_shift)[work.team]
        + np.where(work.met, 0.0, desk.missed_shift)
        + harm_of(desk, hidden.harm, work.vendor)
        + np.where(work.last, 0.0, desk.last_year_shift)
        + np.where(~work.last & (work.vendor == 0), desk.replaced_shift, 0.0)
        + np.where(people.segment[work.account] == len(firm.segments) - 1, hidden.worst, 0.0)
        + desk.contact_sd * (people.g[work.contact] - firm.silence * unheard)
        + rng.standard_normal(len(work.contact))
    )
    cuts = np.array([hidden.happy - 1.1, hidden.happy - 0.55, hidden.happy, 0.0])
    score = 1 + (value[:, None] > cuts).sum(axis=1)
    return np.where(work.contact < 0, np.nan, score)


def ratings(firm: Firm, size: Size, seed: int, people: People, work: Work) -> pd.DataFrame:
    """The ratings table: a row for every ticket that somebody was asked about."""
    score = marks(firm, seed, people, work)
    rng = generator(seed, "ratings.more")
    end = calendar(firm).end
    resolved = work.opened + (work.hours + work.vendor_hours) / 24
    asked_at = resolved + work.asked_after / 24
    at = np.flatnonzero(work.asked & (work.rated | (asked_at < end - 0.05)))
    at = at[np.argsort(asked_at[at], kind="stable")]
    answered = work.rated[at]
    n = len(at)
    score = np.where(answered, score[at], np.nan)
    said = answered & (rng.random(n) < 0.3)
    comment = np.full(n, None, dtype=object)
    comment[said] = comment_for(rng, score[said].astype(int))
    # Some exports lose the link to the ticket; chance, so that it biases nothing.
    linked = np.where(rng.random(n) < 0.03, -1, at)
    return frame(
        "ratings",
        n,
        rating_id=numbered("RT", n, 5),
        account_id=pick(people.ids, work.account[at]),
        contact_id=pick(people.contact_ids, work.contact[at]),
        ticket_id=pick(numbered("TK", len(work.contact), 5), linked),
        asked_at=minutes(asked_at[at]),
        answered_at=minutes(
            np.where(answered, asked_at[at] + work.answered_after[at] / 24, np.nan)
        ),
        score=score,
        scale="1-5",
        comment=comment,
        may_quote=blank_where(rng.random(n) < 0.45, ~said),
    )
