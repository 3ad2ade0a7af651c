"""Rivals, peers, suppliers and promises: what a firm knows of the world around it."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd
from scipy.special import ndtri

from servicegap import schema
from servicegap.simulate.firm import DIMENSIONS, SLA_HOURS, Firm, Size
from servicegap.simulate.frames import days, frame, generator, numbered, pick
from servicegap.simulate.latent import EXPECTED_SD, PERCEIVED_SD, SURVEY_CUTS, item_mean, solve
from servicegap.simulate.normal import step_shares
from servicegap.simulate.people import People, calendar
from servicegap.simulate.truth import peer_values
from servicegap.simulate.words import (
    MENTIONS,
    PLACES,
    RIVALS,
    TOUCHPOINTS,
    USPS,
    WOWS,
    firm_names,
)

MONTH = 30.4375
_OTHER_PEERS = {  # middle and spread of the other measures; shares as percent, times in hours
    "csat_top_1_7": (48, 8), "csat_top_0_10": (52, 9), "csat_top_1_10": (50, 9),
    "csat_top_0_100": (55, 9), "csat_positive_3": (88, 4), "csat_positive_2": (91, 3),
    "sla_met_share": (91, 4), "reopened_share": (9, 2.5), "first_reply_hours_median": (1.6, 0.5),
    "resolve_hours_median": (11, 3), "did_refer_share": (21, 6), "stay_share": (93, 3),
}  # fmt: skip


def _launches(firm: Firm, size: Size, seed: int) -> np.ndarray:
    """Days on which the USPs were launched, oldest first."""
    rng = generator(seed, "usps")
    end = calendar(firm).end
    return np.sort(np.floor(end - MONTH * rng.uniform(10, 66, size.usps)))


def usps(firm: Firm, size: Size, seed: int, people: People) -> pd.DataFrame:
    """The usps table."""
    n = size.usps
    stock = [USPS[i % len(USPS)] for i in range(n)]
    claim, kind, owned, hard, item = zip(*stock, strict=True)
    return frame(
        "usps",
        n,
        usp_id=numbered("U", n, 2),
        claim=[c if i < len(USPS) else f"{c} ({i // len(USPS) + 1})" for i, c in enumerate(claim)],
        kind=kind,
        launched_on=days(_launches(firm, size, seed)),
        owned=list(owned),
        hard_to_copy=list(hard),
        item_id=[i or None for i in item],
    )


def sightings(firm: Firm, size: Size, seed: int, people: People) -> pd.DataFrame:
    """The sightings table: a row for every USP and rival.

    Each rival copies after an exponential time, so the first of them does too, at their joint
    rate. All rivals are looked at on the same days, every two months back from the as-of date.
    """
    rng, launch = generator(seed, "sightings"), _launches(firm, size, seed)
    n, r, end = len(launch), firm.usp_rivals, calendar(firm).end
    mean = MONTH * firm.usp_months_alone / np.log(2)
    copied = launch[:, None] + rng.exponential(mean * r, (n, r))
    every = firm.usp_check_days
    seen = end - np.floor((end - copied) / every) * every
    missed = copied > end
    seen = np.where(missed, np.nan, seen)
    checked = np.where(missed, end, seen - every)
    checked = np.where(checked < launch[:, None], np.nan, checked)
    # A rival not copied yet and never looked at would say nothing: the last look is the as-of date.
    which = np.argsort(rng.random((n, len(RIVALS))), axis=1)[:, :r]
    quality = rng.choice(3, (n, r), p=(0.35, 0.4, 0.25))
    return frame(
        "sightings",
        n * r,
        usp_id=pick(numbered("U", n, 2), np.repeat(np.arange(n), r)),
        competitor=pick(RIVALS, which.ravel()),
        seen_on=days(seen.ravel()),
        last_checked_without=days(checked.ravel()),
        quality=pick(("worse", "same", "better"), np.where(missed, -1, quality).ravel()),
    )


def peers(firm: Firm, size: Size, seed: int, people: People) -> pd.DataFrame:
    """The peers table: fixed by the parameters (a panel is given, not drawn).

    A like-for-like group under every measure, six firms of another group, and four reports so old
    that they no longer count.
    """
    rng = np.random.default_rng(2026)  # the same for every firm: who happens to be which quantile
    names, parts = firm_names(firm.peers + 6, start=61), []
    latest = firm.as_of - timedelta(days=92)

    def rows(measure, peer, group, value, ended, n):
        return pd.DataFrame(
            {
                "measure": measure,
                "peer": peer,
                "group": group,
                "value": value,
                "period": ended,
                "n": n,
            }
        )

    like, other = names[: firm.peers], names[firm.peers :]
    for measure in schema.PEER_MEASURES:
        if measure == "csat_top_1_5":
            values = peer_values(firm)
        else:
            middle, spread = _OTHER_PEERS[measure]
            z = ndtri((np.arange(firm.peers) + 0.5) / firm.peers)
            values = np.clip(np.round(middle + spread * z, 1), 0.1, 99.5)
        values = rng.permutation(values)
        ended = [latest - timedelta(days=91 * int(q)) for q in rng.integers(0, 5, len(values))]
        parts.append(
            rows(measure, like, firm.group, values, ended, rng.integers(60, 420, len(like)))
        )
        if measure == "csat_top_1_5":
            far = np.round(firm.peer_mean + 12 + rng.uniform(-6, 6, 6), 1)
            parts.append(rows(measure, other, "UK, over 100 staff", far, latest, 250))
            old = [f"{name} (earlier)" for name in like[:4]]
            past = date(firm.as_of.year - 3, 6, 30)
            values = np.round(firm.peer_mean - 15 + rng.uniform(-5, 5, 4), 1)
            parts.append(rows(measure, old, firm.group, values, past, 90))
    every = pd.concat(parts, ignore_index=True)
    return frame(
        "peers",
        len(every),
        **{c: every[c].to_numpy() for c in ("measure", "peer", "group", "value", "n")},
        period=np.array(every["period"], dtype="datetime64[D]"),
        source="made up for practice",
        grade="made up",
        made_up=[True] * len(every),
    )


def third_parties(firm: Firm, size: Size, seed: int, people: People) -> pd.DataFrame:
    """The third_parties table: who keeps an eye on whom. The largest has the least control."""
    control = (
        (None, None, "their general helpline", None),
        ("pages printed without a call-out", "a call every quarter", "their service manager", None),
        ("hours lost a month", "a monthly review", "a named duty engineer", "90 days' notice"),
        (
            "test restores that worked",
            "a report every month",
            "their support lead",
            "30 days' notice",
        ),
    )
    names = [*firm.desk.vendors, *([firm.desk.replaced] if firm.desk.replaced else [])]
    rows = [control[i % len(control)] for i in range(len(names))]
    measure, feedback, escalation, leave = zip(*rows, strict=True)
    when = calendar(firm)
    started = np.floor(when.end - 365 * (3 + np.arange(len(names)) * 1.5))
    ended = np.full(len(names), np.nan)
    if firm.desk.replaced:
        started[0], ended[-1] = when.start + 1, when.start
    return frame(
        "third_parties",
        len(names),
        name=names,
        measure=measure,
        feedback=feedback,
        escalation=escalation,
        exit=leave,
        started=days(started),
        ended=days(ended),
    )


def wow_log(firm: Firm, size: Size, seed: int, people: People) -> pd.DataFrame:
    """The wow log: what people told each other about, mostly from a few accounts."""
    rng, when = generator(seed, "wow_log"), calendar(firm)
    here = np.flatnonzero(np.isnan(people.left) & (people.since < when.start))
    n = max(8, len(here) // 2)
    likely = rng.gamma(0.5, 1.0, len(here))
    account = rng.choice(here, n, p=likely / likely.sum())
    day = np.sort(np.floor(rng.uniform(when.start + 2, when.end, n)))
    liked = [i for i, t in enumerate(TOUCHPOINTS) if t[3] in ("attractive", "performance")]
    return frame(
        "wow_log",
        n,
        date=days(day),
        account_id=pick(people.ids, account),
        touchpoint_id=pick([t[0] for t in TOUCHPOINTS], rng.choice(liked, n)),
        what=pick(WOWS, rng.integers(0, len(WOWS), n)),
        told_by=pick(("client", "staff"), (rng.random(n) < 0.6).astype(int)),
    )


def mentions(firm: Firm, size: Size, seed: int, people: People) -> pd.DataFrame:
    """The mentions table: two years of what was said in public, -1 to 1."""
    rng, when, n = generator(seed, "mentions"), calendar(firm), 64
    level = (firm.csat - 62) / 40
    tone = np.round(np.clip(rng.normal(level, 0.5, n), -1, 1), 1)
    words = np.where(tone > 0.25, 1, np.where(tone < -0.25, -1, 0))
    text = [MENTIONS[int(w)][int(rng.integers(0, len(MENTIONS[int(w)])))] for w in words]
    return frame(
        "mentions",
        n,
        date=days(np.sort(np.floor(rng.uniform(when.before + 2, when.end, n)))),
        place=pick(PLACES, rng.choice(4, n, p=(0.5, 0.15, 0.2, 0.15))),
        tone=tone,
        text=text,
    )


def standards(firm: Firm, size: Size, seed: int, people: People) -> pd.DataFrame:
    """The standards table: one chain a dimension on the survey's scale, and promises in units."""
    marks = np.arange(1, 8)
    knowledge, standard, delivery, promise = firm.chain
    wants = {
        "reliability": (
            "Work stops when a fault comes back",
            "faults mended once",
            "someone senior",
        ),
        "assurance": ("An audit is due", "proof that data are safe", "a certificate"),
        "tangibles": ("Reports go to the board", "a page that can be read", "a dashboard"),
        "empathy": ("Month end is the worst time to wait", "somebody who knows the month", None),
        "responsiveness": (
            "A counter with customers waiting",
            "to be working again",
            "a fast answer",
        ),
    }
    owners = ("service manager", None, "account manager", None, "dispatcher")
    rows: list[tuple] = []
    for d, dimension in enumerate(DIMENSIONS):
        level = solve(firm).expected + firm.demand[d]
        expected = float(step_shares(SURVEY_CUTS, level, EXPECTED_SD) @ marks)
        perceived = float(
            step_shares(SURVEY_CUTS, item_mean(firm, dimension), PERCEIVED_SD) @ marks
        )
        told = expected - knowledge
        lost = max(told - standard - perceived - delivery, 0.0) / 3
        delivered = told - standard - delivery - lost
        challenge, need, want = wants[dimension]
        rows.append((f"{dimension} as a mark", dimension, challenge, need, want, told,
                     told - standard, owners[d], told + promise, delivered, "scale"))  # fmt: skip
    rows += [
        ("First reply to P1", "responsiveness", "Work has stopped", "to know somebody is on it",
         "an answer at once", 0.5, 1.0, "dispatcher", 0.25, 0.7, "hours"),
        ("P2 solved", "responsiveness", "A team can't work", "to be working again", None,
         SLA_HOURS[1], SLA_HOURS[1], "service manager", 6.0, 9.5, "hours"),
        ("Visits to every account", "empathy", None, None, "to see a face", 4.0, 4.0, None, 12.0,
         3.0, "a year"),
        ("Proactive support", "empathy", None, None, "fewer surprises", None, None, None, None,
         None, None),
        ("Backups tried", "assurance", "A ransom note", "to be back by Monday", None, 4.0, 4.0,
         "project lead", 12.0, 2.0, "a year"),
    ]  # fmt: skip
    names = ("measure", "dimension", "challenge", "need", "want", "management_says_expected",
             "standard", "owner", "promised", "delivered", "unit")  # fmt: skip
    columns: dict = dict(zip(names, map(list, zip(*rows, strict=True)), strict=True))
    for name in ("management_says_expected", "standard", "promised", "delivered"):
        columns[name] = np.round(np.array(columns[name], dtype=float), 2)
    return frame("standards", len(rows), **columns)


def commitments(firm: Firm, size: Size, seed: int, people: People) -> pd.DataFrame:
    """The commitments table: what was promised last period, and what came of it."""
    year = firm.as_of.year
    rows = (
        ("AC01", "csat", "Ring three contacts who gave less than the top mark, every Friday",
         "service manager", date(year - 1, 12, 1), date(year - 1, 12, 12), "kept up until spring"),
        ("AC02", "third_party_harm", "Agree a named contact with the carrier", "managing director",
         date(year, 2, 27), None, None),
        ("AC03", "did_refer_share", "Ask for one introduction at every yearly review",
         "account manager", date(year, 3, 31), date(year, 4, 9), "asked at nine of twenty-two"),
        ("AC04", None, "Write down what P1 means", "dispatcher", date(year, 1, 30),
         date(year, 1, 21), "done; on the wall"),
    )  # fmt: skip
    ids, finding, what, owner, due, done, result = zip(*rows, strict=True)
    again = date(year, 9, 30)
    return frame(
        "commitments",
        len(rows),
        action_id=ids,
        finding_id=finding,
        what=what,
        owner=owner,
        due=np.array(due, dtype="datetime64[D]"),
        done_on=np.array(done, dtype="datetime64[D]"),
        measure_again=np.array([again] * len(rows), dtype="datetime64[D]"),
        result=result,
    )
