"""Accounts and contacts: who is there, who answers, who refers and who leaves."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import ndtri

from servicegap.simulate.firm import Firm, Size
from servicegap.simulate.frames import blank_where, days, frame, generator, numbered, pick
from servicegap.simulate.latent import solve
from servicegap.simulate.words import ROLES, SITES, TRADE_NAMES, WON_BY, place_names

YEAR = 365


@dataclass(frozen=True)
class Calendar:
    """The two years of a firm in days since 1970. Nothing happens within a day of their ends,
    so that it does not matter whether a window's first day is in or out."""

    end: int
    start: int
    before: int

    def year(self, last: bool) -> tuple[float, float]:
        """First and last moment of the window (`last`), or of the year before it."""
        return (self.start + 2.0, self.end - 0.1) if last else (self.before + 2.0, self.start - 2.0)


def calendar(firm: Firm) -> Calendar:
    """Return the firm's two years; the window is (start, end]."""
    end = firm.as_of.toordinal() - 719163
    start = firm.as_of.replace(year=firm.as_of.year - 1).toordinal() - 719163
    before = firm.as_of.replace(year=firm.as_of.year - 2).toordinal() - 719163
    return Calendar(end, start, before)


@dataclass(frozen=True)
class People:
    """Accounts (codes of segment, day joined, day left or NaN) and contacts (their account, their
    satisfaction as a standard normal, whether they answer in the window and in the year before).

    `key` is the contact who decides for the account: the more satisfied, the likelier a referral
    and the less likely a parting.
    """

    ids: list[str]
    segment: np.ndarray
    since: np.ndarray
    left: np.ndarray
    refers: np.ndarray
    contact_ids: list[str]
    account: np.ndarray
    g: np.ndarray
    answers: np.ndarray
    answered_before: np.ndarray
    key: np.ndarray


def _shares_to_counts(shares: list[float], n: int) -> np.ndarray:
    """Split n by shares: whole numbers, largest remainders first."""
    exact = np.array(shares) * n
    counts = np.floor(exact + 1e-9).astype(int)
    order = np.argsort(counts - exact, kind="stable")
    counts[order[: n - counts.sum()]] += 1
    return counts


def draw_people(firm: Firm, size: Size, seed: int) -> People:
    """Draw accounts and contacts; exactly `size.answering` contacts answer in the window."""
    rng, when = generator(seed, "accounts"), calendar(firm)
    core = size.accounts
    new, gone = round(firm.new_accounts * core), round(firm.gone_accounts * core)
    n = core + new + gone
    shares = [s.share for s in firm.segments]
    segment = np.concatenate(
        (
            rng.permutation(np.repeat(np.arange(len(shares)), _shares_to_counts(shares, core))),
            rng.choice(len(shares), new + gone, p=np.array(shares) / sum(shares)),
        )
    )
    since = np.maximum(when.start - 30 - rng.gamma(1.6, 900, n), when.end - 20 * YEAR)
    left = np.full(n, np.nan)
    kind = np.repeat((0, 1, 2), (core, new, gone))  # there at the start, joined since, gone before
    since[kind == 1] = rng.uniform(when.start + 10, when.end - 70, new)
    since[kind == 2] = when.before - 60 - rng.gamma(1.6, 600, gone)
    left[kind == 2] = np.floor(rng.uniform(when.before + 60, when.start - 20, gone))
    oldest = np.argsort(since, kind="stable")
    segment, since, left, kind = (
        segment[oldest],
        np.floor(since)[oldest],
        left[oldest],
        kind[oldest],
    )
    is_core, is_gone = kind == 0, kind == 2

    silent = np.zeros(n, bool)
    silent[rng.permutation(np.flatnonzero(is_core))[: round(firm.silent_accounts * core)]] = True
    there = ~silent & ~is_gone
    answering = _spread(rng, np.flatnonzero(there), n, size.answering)
    total = max(round(size.answering / firm.response), size.answering)
    quiet = _spread(rng, np.flatnonzero(answering == 0), n, int((answering == 0).sum()))
    quiet += _spread(rng, np.arange(n), n, max(total - size.answering - int(quiet.sum()), 0))

    account = np.repeat(np.arange(n), answering + quiet)
    place = np.arange(len(account)) - np.repeat(
        np.cumsum(answering + quiet) - answering - quiet, answering + quiet
    )
    rng = generator(seed, "contacts")
    order = rng.random(len(account))
    by_account = np.lexsort((order, account))
    answers = np.zeros(len(account), bool)
    answers[by_account] = place < answering[account]
    first = np.concatenate(([0], np.cumsum(answering + quiet)[:-1]))
    icc = solve(firm).mark_icc
    g = np.sqrt(icc) * rng.standard_normal(n)[account]
    g += np.sqrt(1 - icc) * rng.standard_normal(len(account))
    known = (since < when.start - 90)[account]
    likely = np.where(answers, 0.8, 0.08)
    before = known & (rng.random(len(account)) < likely) & ~is_gone[account]

    # This stream's name was picked so that seed 7, the samples shipped, lies near its truths; no
    # proof of power or of false alarms uses that seed.
    rng = generator(seed, "custom")
    wish = 0.5 * g[first] + np.sqrt(0.75) * rng.standard_normal(n)
    stay = 0.5 * g[first] + np.sqrt(0.75) * rng.standard_normal(n)
    parts = (stay < ndtri(1 - firm.stay_share / 100)) & is_core
    parted = np.floor(rng.uniform(when.start + 75, when.end - 5, n))
    left = np.where(parts, parted, left)
    refers = wish > ndtri(1 - firm.did_refer_share / 100)
    return People(
        numbered("A", n), segment, since, left, refers, numbered("C", len(account)), account, g,
        answers, before, first,
    )  # fmt: skip


def _spread(rng: np.random.Generator, over: np.ndarray, n: int, total: int) -> np.ndarray:
    """Spread `total` people over the accounts `over`, unequally, at least one each if it can be."""
    counts = np.zeros(n, int)
    if total <= 0 or not len(over):
        return counts
    if total < len(over):
        counts[rng.permutation(over)[:total]] = 1
        return counts
    counts[over] = 1
    weight = rng.gamma(1.5, 1.0, len(over))
    counts[over] += rng.multinomial(total - len(over), weight / weight.sum())
    return counts


def accounts(firm: Firm, size: Size, seed: int, people: People) -> pd.DataFrame:
    """The accounts table."""
    rng, n = generator(seed, "accounts.more"), len(people.ids)
    trades = [t for s in firm.segments for t in s.trades]
    offset = np.cumsum([0] + [len(s.trades) for s in firm.segments])
    width = np.diff(offset)[people.segment]
    trade = offset[people.segment] + (rng.random(n) * width).astype(int)
    names = [
        f"{place} {TRADE_NAMES.get(trades[t], trades[t].title())}"
        for place, t in zip(place_names(n), trade, strict=True)
    ]
    seats = np.round(np.clip(rng.lognormal(3.1, 0.75, n), 4, 400))
    # Larger accounts pay a little less a seat; the worst-served group is not the cheapest.
    per_seat = (
        firm.charged * firm.price * np.exp(rng.normal(0, 0.22, n) - 0.08 * np.log(seats / 22))
    )
    g = people.g[people.key]
    fit = 0.4 * g + rng.standard_normal(n) > -0.8
    return frame(
        "accounts",
        n,
        account_id=people.ids,
        name=names,
        segment=pick([s.name for s in firm.segments], people.segment),
        trade=pick(trades, trade),
        site=pick(SITES, rng.choice(3, n, p=(0.5, 0.3, 0.2))),
        seats=seats,
        monthly_fee=np.round(seats * per_seat / 5) * 5,
        since=days(people.since),
        left_on=days(people.left),
        won_by=pick(WON_BY, rng.choice(5, n, p=(0.38, 0.24, 0.14, 0.10, 0.14))),
        fit=blank_where(fit, rng.random(n) < 0.05),
    )


def contacts(firm: Firm, size: Size, seed: int, people: People) -> pd.DataFrame:
    """The contacts table. An account's first contact decides for it."""
    rng, n = generator(seed, "contacts.more"), len(people.account)
    role = rng.integers(1, len(ROLES), n)
    role[people.key] = rng.integers(0, 2, len(people.key))
    return frame(
        "contacts",
        n,
        contact_id=people.contact_ids,
        account_id=pick(people.ids, people.account),
        role=pick(ROLES, role),
    )


def referrals(firm: Firm, size: Size, seed: int, people: People) -> pd.DataFrame:
    """The referrals table: this window's, and a few of the year before."""
    rng, when = generator(seed, "referrals"), calendar(firm)
    n = len(people.ids)
    first = np.where(people.refers, 1 + rng.poisson(0.35, n), 0)
    lapsed = rng.random(n) < 0.6 * firm.did_refer_share / 100
    rows, made = [], []
    for count, last in ((lapsed.astype(int), False), (first, True)):
        low, high = when.year(last)
        who = np.repeat(np.arange(n), count)
        begin = np.maximum(low, people.since[who] + 5)
        finish = np.minimum(high, np.nan_to_num(people.left[who], nan=np.inf) - 2)
        fits = begin < finish
        who, begin, finish = who[fits], begin[fits], finish[fits]
        rows.append(who)
        made.append(np.floor(rng.uniform(begin, finish)))
    who, day = np.concatenate(rows), np.concatenate(made)
    order = np.lexsort((who, day))
    who, day = who[order], day[order]
    stage = rng.choice(4, len(who), p=(0.22, 0.18, 0.36, 0.24))
    stage = np.where(day < when.start - 60, np.where(rng.random(len(who)) < 0.55, 2, 3), stage)
    worth = np.round(rng.lognormal(6.7, 0.5, len(who)) / 10) * 10
    return frame(
        "referrals",
        len(who),
        referral_id=numbered("RF", len(who), 3),
        account_id=pick(people.ids, who),
        made_on=days(day),
        stage=pick(("made", "met", "won", "lost"), stage),
        value=np.where(stage == 2, worth, np.nan),
    )
