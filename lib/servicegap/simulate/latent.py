"""From what is true to the hidden numbers that make it so.

Marks are cuts of hidden normals, so every true value is a sum of normal probabilities over the
cells of the desk (type × priority × channel × handler × team × supplier × SLA) or over the
survey's items. Here those sums are solved backwards: given the truths, find the cuts.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import permutations

import numpy as np
from scipy.optimize import brentq, root
from scipy.special import expit, ndtr, ndtri

from servicegap.simulate.firm import DIMENSIONS, SIDES, Desk, Firm
from servicegap.simulate.normal import (
    joint_excess,
    step_covariance,
    step_shares,
    step_variance,
)
from servicegap.simulate.words import ITEMS

LOADING = 0.8  # of an item's hidden mark on its block
PERCEIVED_SD, EXPECTED_SD = 1.1, 0.9
SURVEY_CUTS = np.arange(1.5, 7.0)  # 1-7: a mark is 1 + the cuts passed


@dataclass(frozen=True)
class Cells:
    """Every kind of rated ticket: its weight, its shift of the hidden mark without a supplier's
    own harm, and its codes (`vendor` −1 where none)."""

    weight: np.ndarray
    shift: np.ndarray
    type: np.ndarray
    handler: np.ndarray
    team: np.ndarray
    vendor: np.ndarray
    met: np.ndarray


@dataclass(frozen=True)
class Latent:
    """The hidden numbers of one firm; see the functions that solve for each."""

    base: float
    harm: float
    worst: float
    happy: float
    mark_icc: float
    wave_icc: float
    weights: np.ndarray
    satisfaction_cuts: np.ndarray
    refer_cuts: np.ndarray
    value_cuts: np.ndarray
    expected: float


def vendor_chance(desk: Desk) -> np.ndarray:
    """P(a supplier is involved) by type, priority and channel: (4, 4, 4)."""
    of_type = np.array(desk.vendor_logit_type)[:, None, None]
    of_priority = np.array(desk.vendor_logit_priority)[None, :, None]
    of_channel = np.array(desk.vendor_logit_channel)[None, None, :]
    return expit(desk.vendor_base + of_type + of_priority + of_channel)


@lru_cache(maxsize=64)
def cells(desk: Desk) -> Cells:
    """Lay out every cell of the desk. Axes: type, priority, channel, handler, team, vendor, met."""
    kinds, chance = np.array(desk.type_mix), vendor_chance(desk)
    priority = np.array(desk.priority_by_type)
    channel = np.array(desk.channel_by_type)
    handler = np.array(desk.handler_by_channel)
    team = np.array(desk.team_by_type)
    vendor = np.concatenate(
        ((1 - chance)[..., None], chance[..., None] * np.array(desk.vendor_mix)), axis=-1
    )
    met = np.array(desk.met_by_priority)
    met = np.stack((1 - met, met), axis=-1)
    weight = np.einsum(
        "t,tp,tc,ch,tm,tpcv,ps->tpchmvs", kinds, priority, channel, handler, team, vendor, met
    )
    grid = np.indices(weight.shape).reshape(7, -1)
    keep = weight.ravel() > 0
    t, p, c, h, m, v, s = grid[:, keep]
    shift = (
        np.array(desk.type_shift)[t]
        + np.array(desk.priority_shift)[p]
        + np.array(desk.channel_shift)[c]
        + np.array(desk.handler_shift)[h]
        + np.array(desk.team_shift)[m]
        + np.where(s == 1, 0.0, desk.missed_shift)
    )
    return Cells(weight.ravel()[keep], shift, t, h, m, v - 1, s == 1)


def harm_of(desk: Desk, harm: float, vendor: np.ndarray) -> np.ndarray:
    """Shift of the hidden mark by the supplier: 0 without one, else the harm and its own."""
    return np.where(vendor >= 0, harm + np.array((*desk.vendor_shift, 0.0))[vendor], 0.0)


def chance_above(firm: Firm, hidden: np.ndarray) -> np.ndarray:
    """P(hidden mark > 0), contacts and noise integrated out."""
    return ndtr(hidden / np.sqrt(1 + firm.desk.contact_sd**2))


def segment_means(firm: Firm, worst: float) -> list[tuple[float, float]]:
    """(share, shift) of the well served together, and of the worst-served segment."""
    share = firm.segments[-1].share
    return [(1 - share, 0.0), (share, worst)]


def _desk_numbers(firm: Firm) -> tuple[float, float, float, float]:
    """Base, harm and the worst segment's shift together, then the cut between 3 and 4."""
    grid = cells(firm.desk)
    treated = grid.vendor >= 0
    own = harm_of(firm.desk, 0.0, grid.vendor)
    share = firm.segments[-1].share

    def misses(unknown: np.ndarray) -> np.ndarray:
        base, harm, worst = unknown
        with_vendor = np.where(treated, harm + own, 0.0)
        top, lost = [], []
        for _, shift in segment_means(firm, worst):
            p = chance_above(firm, base + shift + grid.shift + with_vendor)
            without = chance_above(firm, base + shift + grid.shift)
            top.append(grid.weight @ p)
            lost.append(np.average((without - p)[treated], weights=grid.weight[treated]))
        return np.array(
            [
                (1 - share) * top[0] + share * top[1] - firm.csat / 100,
                (1 - share) * lost[0] + share * lost[1] - firm.third_party_harm / 100,
                top[1] - firm.worst_segment_csat / 100,
            ]
        )

    found = root(misses, np.array([0.4, -0.5, -0.2]), tol=1e-10)
    if not found.success or np.abs(misses(found.x)).max() > 1e-6:
        raise ValueError(f"{firm.id}: no desk has these shares of top marks together")
    base, harm, worst = map(float, found.x)
    hidden = base + grid.shift + harm_of(firm.desk, harm, grid.vendor)
    green = np.where(grid.met, grid.weight, 0.0)

    def red(happy: float) -> float:
        total = sum(
            part * (green @ chance_above(firm, happy - hidden - shift))
            for part, shift in segment_means(firm, worst)
        )
        return float(total / green.sum()) - firm.watermelon_share / 100

    return base, harm, worst, float(brentq(red, -6, 0, xtol=1e-12))


def _mark_icc(firm: Firm, harm: float) -> float:
    """Account share of what makes contacts differ, so that two contacts' own shares of top marks
    correlate by `icc` (k ratings each, k − 1 Poisson; the desk's spread taken as normal)."""
    grid = cells(firm.desk)
    shift = grid.shift + harm_of(firm.desk, harm, grid.vendor)
    spread = float(grid.weight @ shift**2 - (grid.weight @ shift) ** 2)
    variance = firm.desk.contact_sd**2
    same = variance / (1 + variance + spread)
    top = firm.csat / 100
    cut, mean = float(ndtri(1 - top)), firm.desk.ratings_each - 1
    inverse = 1.0 if mean == 0 else (1 - np.exp(-mean)) / mean
    value = float(joint_excess(cut, cut, same)) * (1 - inverse) + top * (1 - top) * inverse

    def miss(icc: float) -> float:
        return float(joint_excess(cut, cut, icc * same)) - firm.icc * value

    return float(brentq(miss, 0.0, 1.0, xtol=1e-10))


def item_cuts(firm: Firm) -> np.ndarray:
    """Cuts of each item's hidden perceived mark, as standard normals: (items, 6)."""
    mean = np.array([item_mean(firm, item[1]) for item in ITEMS])
    return (SURVEY_CUTS[None, :] - mean[:, None]) / PERCEIVED_SD


def item_mean(firm: Firm, dimension: str) -> float:
    """Mean perceived mark of an item, before rounding."""
    if dimension == "none":
        return firm.perceived_other
    return firm.perceived[DIMENSIONS.index(dimension)]


def block_correlations(firm: Firm) -> np.ndarray:
    """Correlations of the hidden product, service and process factors: (3, 3)."""
    return np.full((3, 3), firm.block_correlation) + (1 - firm.block_correlation) * np.eye(3)


def lmg(covariance: np.ndarray, with_y: np.ndarray) -> np.ndarray:
    """Shapley (LMG) share of R² of each regressor, from covariances alone."""
    k = len(with_y)

    def explained(chosen: list[int]) -> float:
        if not chosen:
            return 0.0
        part = with_y[chosen]
        return float(part @ np.linalg.solve(covariance[np.ix_(chosen, chosen)], part))

    share = np.zeros(k)
    orders = list(permutations(range(k)))
    for order in orders:
        for place, j in enumerate(order):
            share[j] += explained([*order[: place + 1]]) - explained([*order[:place]])
    return share / share.sum()


def block_covariance(firm: Firm) -> np.ndarray:
    """Covariance of a contact's block means of perceived marks: (3, 3)."""
    cuts, side = item_cuts(firm), np.array([SIDES.index(item[2]) for item in ITEMS])
    n = len(ITEMS)
    among = block_correlations(firm)
    rho = LOADING**2 * among[side[:, None], side[None, :]]
    i, j = np.triu_indices(n, 1)
    item = np.diag(step_variance(cuts))
    item[i, j] = item[j, i] = step_covariance(cuts[i], cuts[j], rho[i, j])
    mean = (side[None, :] == np.arange(3)[:, None]) / np.bincount(side)[:, None]
    return mean @ item @ mean.T


def driver_shares(firm: Firm, weights: np.ndarray, cuts: np.ndarray) -> np.ndarray:
    """LMG shares of product, service and process in the satisfaction mark."""
    side = np.array([SIDES.index(item[2]) for item in ITEMS])
    with_factor = block_correlations(firm) @ weights
    with_item = step_covariance(
        np.broadcast_to(cuts, (len(ITEMS), len(cuts))), item_cuts(firm), LOADING * with_factor[side]
    )
    with_block = np.array([with_item[side == b].mean() for b in range(3)])
    return lmg(block_covariance(firm), with_block)


def _weights(firm: Firm, cuts: np.ndarray) -> np.ndarray:
    """Weights of the three blocks in the hidden satisfaction, for the service share wanted."""

    def weigh(product: float) -> np.ndarray:
        raw = np.array([product, (1 - product) * 0.58, (1 - product) * 0.42])
        return raw * np.sqrt(firm.satisfaction_r2 / (raw @ block_correlations(firm) @ raw))

    def miss(product: float) -> float:
        share = driver_shares(firm, weigh(product), cuts)
        return float(1 - share[0]) - firm.service_share / 100

    return weigh(float(brentq(miss, 0.0, 1.0, xtol=1e-10)))


def silent_chance(firm: Firm, satisfied_cut: float, refer_cut: float) -> float:
    """P(would_refer below its top box | satisfied)."""
    both = joint_excess(satisfied_cut, refer_cut, firm.refer_on_satisfaction)
    satisfied = ndtr(-satisfied_cut)
    return float(1 - (both + satisfied * ndtr(-refer_cut)) / satisfied)


def met_chance(firm: Firm, expected: float) -> np.ndarray:
    """P(perceived ≥ expected) for each RATER item."""
    chances = []
    for dimension, demand in zip(DIMENSIONS, firm.demand, strict=True):
        given = step_shares(SURVEY_CUTS, item_mean(firm, dimension), PERCEIVED_SD)
        wanted = step_shares(SURVEY_CUTS, expected + demand, EXPECTED_SD)
        chances.append(float(given @ np.cumsum(wanted)))
    return np.array([chances[DIMENSIONS.index(i[1])] for i in ITEMS if i[1] != "none"])


@lru_cache(maxsize=64)
def solve(firm: Firm) -> Latent:
    """Return the hidden numbers of a firm. Raises ValueError where its truths can't be together."""
    base, harm, worst, happy = _desk_numbers(firm)
    below = np.cumsum(firm.satisfaction_mix)[:-1]
    cuts = ndtri(below)
    top = brentq(
        lambda c: silent_chance(firm, cuts[2], c) - firm.okay_not_referring / 100, -4, 4, xtol=1e-12
    )
    refer = np.array([top - 0.42 * (9 - k) for k in range(1, 9)] + [top, top + 0.55])
    value = ndtri(1 - firm.good_value_share / 100) - np.array([2.5, 1.9, 1.0, 0.0])
    expected = brentq(
        lambda e: met_chance(firm, e).mean() - firm.expectations_met / 100, 1, 9, xtol=1e-12
    )
    return Latent(
        base, harm, worst, happy, _mark_icc(firm, harm), float(np.sin(np.pi * firm.icc / 2)),
        _weights(firm, cuts), cuts, refer, value, float(expected),
    )  # fmt: skip
