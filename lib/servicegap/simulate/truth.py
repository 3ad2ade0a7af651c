"""What is true of a made-up firm, computed from its parameters alone, and what was planted.

Every number is a sum over the desk's cells, the survey's items or the peers: the definitions of
the twelve beliefs with probabilities in place of counts. Nothing here looks at a drawn table.
"""

from __future__ import annotations

import math
from dataclasses import asdict

import numpy as np
from scipy.special import ndtr, ndtri

from servicegap import schema
from servicegap.simulate.firm import HANDLERS, TEAMS, TYPES, Firm
from servicegap.simulate.latent import (
    cells,
    chance_above,
    driver_shares,
    harm_of,
    met_chance,
    segment_means,
    silent_chance,
    solve,
)

VERSION = "1"
_CLEAR_GAP = 2.0  # gaps below this many δ are never expected to be clear


def peer_values(firm: Firm) -> np.ndarray:
    """Peers' shares of top marks: normal quantiles, kept a point away from the firm's own.

    The distance keeps the true percentile from hanging on the last decimal of the firm's own.
    """
    grid = (np.arange(firm.peers) + 0.5) / firm.peers
    values = np.round(firm.peer_mean + firm.peer_sd * ndtri(grid), 1)
    near = np.abs(values - firm.csat) < 1.0
    return np.where(near, np.where(values < firm.csat, firm.csat - 1.1, firm.csat + 1.1), values)


def _mix(firm: Firm, values) -> float:
    """Average over segments of `values(shift)`, by their share of accounts."""
    worst = solve(firm).worst
    return float(sum(share * values(shift) for share, shift in segment_means(firm, worst)))


def true_values(firm: Firm) -> dict[str, float]:
    """Return the true value of each of the twelve beliefs, in the schema's units."""
    hidden, grid = solve(firm), cells(firm.desk)
    vendor = harm_of(firm.desk, hidden.harm, grid.vendor)
    mark = hidden.base + grid.shift
    treated = np.where(grid.vendor >= 0, grid.weight, 0.0)
    green = np.where(grid.met, grid.weight, 0.0)

    def top(shift: float) -> float:
        return float(grid.weight @ chance_above(firm, mark + vendor + shift))

    def lost(shift: float) -> float:
        with_vendor = chance_above(firm, mark + vendor + shift)
        return float(treated @ (chance_above(firm, mark + shift) - with_vendor) / treated.sum())

    def red(shift: float) -> float:
        below = chance_above(firm, hidden.happy - mark - vendor - shift)
        return float(green @ below / green.sum())

    csat = 100 * _mix(firm, top)
    peers = peer_values(firm)
    cuts = hidden.satisfaction_cuts
    drivers = driver_shares(firm, hidden.weights, cuts)
    return {
        "csat": csat,
        "good_peer_percentile": 100 * float((peers < csat).mean()),
        "usp_months_alone": firm.usp_months_alone,
        "service_share": 100 * float(1 - drivers[0]),
        "worst_segment_csat": 100 * min(top(0.0), top(hidden.worst)),
        "good_value_share": 100 * float(ndtr(-hidden.value_cuts[-1])),
        "watermelon_share": 100 * _mix(firm, red),
        "third_party_harm": 100 * _mix(firm, lost),
        "okay_not_referring": 100 * silent_chance(firm, cuts[2], hidden.refer_cuts[8]),
        "expectations_met": 100 * float(met_chance(firm, hidden.expected).mean()),
        "did_refer_share": firm.did_refer_share,
        "stay_share": firm.stay_share,
    }


def _belief(firm: Firm, belief_id: str, truth: float, noise: float) -> tuple[float, float, float]:
    """Return (value, low, high) as stated: planted at the firm's strength, or honest."""
    head = schema.HEADLINES[belief_id]
    guess = dict(firm.planted).get(belief_id)
    if guess is None:
        step = firm.honest_noise * head.delta * noise
        value = truth * math.exp(step) if head.ratio else truth + step
        spread = 1.5 if head.ratio else firm.honest_spread * head.delta
    else:
        spread = guess.spread
        if head.ratio:
            value = truth * (guess.value / truth) ** firm.strength
        else:
            value = truth + firm.strength * (guess.value - truth)
    low, high = (value / spread, value * spread) if head.ratio else (value - spread, value + spread)
    if guess is not None or firm.honest_noise:
        value, low, high = (float(round(v)) for v in (value, low, high))  # as people say it
    floor, ceiling = max(head.low, 0.1) if head.ratio else head.low, head.high
    value, low, high = (round(float(v), 4) for v in np.clip((value, low, high), floor, ceiling))
    return value, low, high


def flattering(belief_id: str, belief: float, truth: float) -> float:
    """How much a belief flatters the firm (positive), in the unit of δ."""
    head = schema.HEADLINES[belief_id]
    if head.ratio:
        return math.log(belief / truth)
    return belief - truth if head.better == "higher" else truth - belief


def _expected(firm: Firm, belief_id: str, belief: float, truth: float, size: str) -> dict:
    """Which verdicts are allowed, and how strongly the right one must come."""
    head = schema.HEADLINES[belief_id]
    if not has_tables(firm, belief_id):
        return {"planted": False, "expected": ["not measured"], "strength": None}
    if belief_id in firm.unstated:
        return {"planted": False, "expected": ["no guess"], "strength": None}
    gap = flattering(belief_id, belief, truth)
    if belief_id not in dict(firm.planted) or abs(gap) < head.delta:
        allowed = ["well judged", "too few to judge"]
        return {"planted": False, "expected": allowed, "strength": None}
    verdict = "blind spot" if gap > 0 else "hidden strength"
    if firm.strength >= 1 and size != "small" and abs(gap) >= _CLEAR_GAP * head.delta:
        return {"planted": True, "expected": [verdict], "strength": "clear"}
    allowed = [verdict, "too few to judge"]
    if abs(gap) < 2 * head.delta:
        allowed.append("well judged")
    return {"planted": True, "expected": allowed, "strength": "any"}


def has_tables(firm: Firm, belief_id: str) -> bool:
    """Does the firm's folder hold the tables that this belief's evidence needs?"""
    return firm.tables is None or set(schema.HEADLINES[belief_id].tables) <= set(firm.tables)


_UNITS = {"good_peer_percentile": "percentile", "usp_months_alone": "months",
          "third_party_harm": "points"}  # fmt: skip


def exploratory(firm: Firm) -> list[dict]:
    """What else was planted: differences that a session may find worth asking about."""
    desk, hidden, grid = firm.desk, solve(firm), cells(firm.desk)
    mark = hidden.base + grid.shift + harm_of(desk, hidden.harm, grid.vendor)
    found: list[dict] = []

    def tops(moved: np.ndarray | float = 0.0) -> np.ndarray:
        """Share of top marks in each cell, were every hidden mark moved."""
        parts = segment_means(firm, hidden.worst)
        return np.sum([s * chance_above(firm, mark + moved + shift) for s, shift in parts], axis=0)

    def mean(values: np.ndarray, where: np.ndarray | None = None) -> float:
        weight = grid.weight if where is None else np.where(where, grid.weight, 0.0)
        return float(values @ weight / weight.sum())

    def add(session: str, name: str, what: str, value: float) -> None:
        entry = {"session": session, "id": name, "what": what}
        found.append({**entry, "true_value": round(100 * value, 2), "unit": "points"})

    top = tops()
    succeeded = np.where(grid.vendor == 0, desk.replaced_shift, 0.0)
    if any(desk.team_shift):
        plain, good = 0, int(np.argmax(desk.team_shift))
        a, b = grid.team == good, grid.team == plain
        names = f"{TEAMS[good]} − {TEAMS[plain]}"
        add("01", "teams_raw", f"top marks of {names}, all tickets together",
            mean(top, a) - mean(top, b))  # fmt: skip
        inside = [
            (grid.weight[(a | b) & (grid.type == t)].sum(),
             mean(top, a & (grid.type == t)) - mean(top, b & (grid.type == t)))
            for t in range(len(TYPES))
        ]  # fmt: skip
        weight, difference = zip(*inside, strict=True)
        add("01", "teams_by_type", f"top marks of {names}, inside each type of ticket",
            float(np.average(difference, weights=weight)))  # fmt: skip
    if desk.last_year_shift or desk.replaced:
        before = tops(desk.last_year_shift + succeeded)
        add("01", "csat_change", "top marks this year − the year before",
            mean(top) - mean(before))  # fmt: skip
    for k, shift in enumerate(desk.handler_shift):
        if shift:
            effect = mean(top - tops(-shift), grid.handler == k)
            add("06", f"{HANDLERS[k]}_wall", f"top marks where a {HANDLERS[k]} met the person "
                "first − a person, same kind of ticket", effect)  # fmt: skip
    if firm.silence:
        heard, silent = mean(top), mean(tops(-desk.contact_sd * firm.silence))
        entry = {
            "session": "01",
            "id": "everybody",
            "what": "top marks, had every contact answered and not only those who did",
        }
        everybody = 100 * (firm.response * heard + (1 - firm.response) * silent)
        found.append({**entry, "true_value": round(everybody, 2), "unit": "percent"})
    if desk.replaced:
        effect = mean(top - tops(succeeded), grid.vendor == 0)
        add("07", "new_supplier", f"top marks with {desk.vendors[0]} − with {desk.replaced} "
            "before it, tickets that involve it", effect)  # fmt: skip
    return found


def beliefs(firm: Firm, noise: np.ndarray) -> dict[str, tuple[float, float, float]]:
    """Return what is stated about each of the twelve; `noise` (12,) in −1…1 moves the honest."""
    true = true_values(firm)
    return {
        b: _belief(firm, b, true[b], float(u))
        for b, u in zip(schema.HEADLINES, noise, strict=True)
        if b not in firm.unstated
    }


def make_truth(firm: Firm, noise: np.ndarray, seed: int, size: str) -> dict:
    """Return TRUTH.yaml's content for one made-up firm."""
    true, stated = true_values(firm), beliefs(firm, noise)
    rows = {}
    for b in schema.HEADLINES:
        value, low, high = stated.get(b, (None, None, None))
        judged = _expected(firm, b, value if value is not None else true[b], true[b], size)
        stand = {"true_value": round(float(true[b]), 2), "believed": value}
        rows[b] = {**stand, "low": low, "high": high, "unit": _UNITS.get(b, "percent"), **judged}
    lesson = {"lesson": asdict(firm.lesson)} if firm.lesson else {}
    return {
        "scenario": firm.id,
        "seed": seed,
        "strength": firm.strength,
        "size": size,
        "version": VERSION,
        "beliefs": rows,
        "exploratory": exploratory(firm),
        **lesson,
    }
