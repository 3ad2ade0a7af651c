"""What people say when asked in one wave: relationship, survey, prices, moments."""

from __future__ import annotations

import numpy as np
import pandas as pd

from servicegap.simulate.firm import DIMENSIONS, SIDES, Firm, Size
from servicegap.simulate.frames import frame, generator, pick
from servicegap.simulate.latent import (
    EXPECTED_SD,
    LOADING,
    PERCEIVED_SD,
    SURVEY_CUTS,
    item_mean,
    solve,
)
from servicegap.simulate.normal import clustered
from servicegap.simulate.people import People
from servicegap.simulate.words import ITEMS, KANO_ANSWERS, STAFF, STAFF_ITEMS, TOUCHPOINTS


def _factors(firm: Firm, seed: int, people: People, who: np.ndarray) -> np.ndarray:
    """Hidden product, service and process factors of the contacts `who`: (n, 3)."""
    own = clustered(
        generator(seed, "factors"), people.account, len(people.ids), solve(firm).wave_icc, 3
    )
    r = firm.block_correlation
    return (np.sqrt(r) * people.g[:, None] + np.sqrt(1 - r) * own)[who]


def _cut(hidden: np.ndarray, cuts: np.ndarray) -> np.ndarray:
    """Number of cuts passed."""
    return (hidden[..., None] > cuts).sum(axis=-1)


def relationship(firm: Firm, size: Size, seed: int, people: People) -> pd.DataFrame:
    """The relationship table: all contacts who answer in the window."""
    hidden, who = solve(firm), np.flatnonzero(people.answers)
    rng = generator(seed, "relationship")
    rest = clustered(rng, people.account, len(people.ids), hidden.wave_icc, 3)[who]
    left_over = np.sqrt(1 - firm.satisfaction_r2)
    satisfied = _factors(firm, seed, people, who) @ hidden.weights + left_over * rest[:, 0]
    on_r, on_v = firm.refer_on_satisfaction, firm.value_on_satisfaction
    refer = on_r * satisfied + np.sqrt(1 - on_r**2) * rest[:, 1]
    value = on_v * satisfied + np.sqrt(1 - on_v**2) * rest[:, 2]
    skipped = rng.random((2, len(who))) < 0.01
    return frame(
        "relationship",
        len(who),
        contact_id=pick(people.contact_ids, who),
        account_id=pick(people.ids, people.account[who]),
        satisfaction=1 + _cut(satisfied, hidden.satisfaction_cuts),
        value=np.where(skipped[0], np.nan, 1 + _cut(value, hidden.value_cuts)),
        would_refer=np.where(skipped[1], np.nan, _cut(refer, hidden.refer_cuts)),
        scale="1-5",
        refer_scale="0-10",
    )


def items(firm: Firm, size: Size, seed: int, people: People) -> pd.DataFrame:
    """The items table."""
    ids, dimension, side, text = zip(*ITEMS, strict=True)
    return frame("items", len(ITEMS), item_id=ids, text=text, dimension=dimension, side=side)


def survey(firm: Firm, size: Size, seed: int, people: People) -> pd.DataFrame:
    """The survey table: most of those who answer, a row an item."""
    hidden, rng = solve(firm), generator(seed, "survey")
    who = np.flatnonzero(people.answers)
    took_part = rng.random(len(who)) < 0.95
    factors = _factors(firm, seed, people, who)[took_part]
    who = who[took_part]
    n, k = len(who), len(ITEMS)
    side = np.array([SIDES.index(i[2]) for i in ITEMS])
    mean = np.array([item_mean(firm, i[1]) for i in ITEMS])
    noise = rng.standard_normal((n, k))
    felt = LOADING * factors[:, side] + np.sqrt(1 - LOADING**2) * noise
    perceived = 1 + _cut(mean + PERCEIVED_SD * felt, SURVEY_CUTS)
    demand = dict(zip(DIMENSIONS, firm.demand, strict=True))
    level = hidden.expected + np.array([demand.get(i[1], 0.0) for i in ITEMS])
    picky = clustered(rng, people.account[who], len(people.ids), hidden.wave_icc, 1)
    wish = np.sqrt(0.4) * picky + np.sqrt(0.6) * rng.standard_normal((n, k))
    expected = 1 + _cut(level + EXPECTED_SD * wish, SURVEY_CUTS)
    minimum = np.maximum(expected - 1 - rng.binomial(1, 0.45, (n, k)), 1)
    matters = 5.2 + np.array([demand.get(i[1], -0.2) for i in ITEMS]) * 2
    importance = 1 + _cut(matters + rng.standard_normal((n, k)), SURVEY_CUTS)
    skipped = rng.random((4, n, k)) < np.array((0.02, 0.004, 0.004, 0.02))[:, None, None]

    def flat(marks: np.ndarray, which: int) -> np.ndarray:
        return np.where(skipped[which], np.nan, marks).ravel()

    at = np.repeat(who, k)
    return frame(
        "survey",
        n * k,
        contact_id=pick(people.contact_ids, at),
        account_id=pick(people.ids, people.account[at]),
        item_id=pick([i[0] for i in ITEMS], np.tile(np.arange(k), n)),
        minimum=flat(minimum, 0),
        expected=flat(expected, 1),
        perceived=flat(perceived, 2),
        importance=flat(importance, 3),
        scale="1-7",
    )


def price_survey(firm: Firm, size: Size, seed: int, people: People) -> pd.DataFrame:
    """The price survey, a seat and month; one answer in forty is in no possible order."""
    rng = generator(seed, "price_survey")
    who = np.flatnonzero(people.answers)
    who = who[rng.random(len(who)) < 0.8]
    n = len(who)
    right = firm.price * np.exp(0.16 * rng.standard_normal(n) + 0.05 * people.g[who])
    steps = np.exp(np.abs(rng.normal(0.20, 0.07, (4, n))))
    cheap, dear = right / steps[0], right * steps[1]
    prices = np.stack((cheap / steps[2], cheap, dear, dear * steps[3]))
    prices = np.round(np.where(rng.random(n) < 0.6, np.round(prices / 5) * 5, prices))
    muddled = rng.random(n) < 1 / 40
    prices[:, muddled] = prices[::-1, muddled]
    intent = np.clip(np.stack((rng.beta(5, 2.2, n), rng.beta(2, 4.5, n))), 0, 1)
    return frame(
        "price_survey",
        n,
        contact_id=pick(people.contact_ids, who),
        too_cheap=prices[0],
        cheap=prices[1],
        expensive=prices[2],
        too_expensive=prices[3],
        intent_cheap=np.round(intent.max(axis=0), 1),
        intent_expensive=np.round(intent.min(axis=0), 1),
    )


def touchpoints(firm: Firm, size: Size, seed: int, people: People) -> pd.DataFrame:
    """The touchpoints table."""
    ids, name, stage, _ = zip(*TOUCHPOINTS, strict=True)
    return frame("touchpoints", len(ids), touchpoint_id=ids, name=name, stage=stage)


def kano(firm: Firm, size: Size, seed: int, people: People) -> pd.DataFrame:
    """The kano table: pairs of answers by half of those who answer, about every moment."""
    rng = generator(seed, "kano")
    who = np.flatnonzero(people.answers)
    who = who[rng.random(len(who)) < 0.5]
    n, k = len(who), len(TOUCHPOINTS)
    shares = np.array([KANO_ANSWERS[t[3]] for t in TOUCHPOINTS])
    rising = np.cumsum(shares, axis=-1)[..., :-1]
    answers = 1 + (rng.random((n, k, 2))[..., None] > rising).sum(axis=-1)
    at = np.repeat(who, k)
    return frame(
        "kano",
        n * k,
        contact_id=pick(people.contact_ids, at),
        touchpoint_id=pick([t[0] for t in TOUCHPOINTS], np.tile(np.arange(k), n)),
        present=answers[..., 0].ravel(),
        absent=answers[..., 1].ravel(),
    )


def staff_survey(firm: Firm, size: Size, seed: int, people: People) -> pd.DataFrame:
    """The staff survey: five questions each."""
    rng, n, k = generator(seed, "staff_survey"), firm.staff, len(STAFF_ITEMS)
    role = np.sort(rng.choice(len(STAFF), n, p=(0.5, 0.2, 0.12, 0.1, 0.08)))
    level = np.array((3.2, 3.6, 3.1, 4.2, 2.9))
    mood = 0.6 * rng.standard_normal((n, 1))
    score = np.clip(np.round(level + mood + 0.8 * rng.standard_normal((n, k))), 1, 5)
    return frame(
        "staff_survey",
        n * k,
        person_role=pick(STAFF, np.repeat(role, k)),
        item_id=pick(STAFF_ITEMS, np.tile(np.arange(k), n)),
        score=score.ravel(),
        scale="1-5",
    )
