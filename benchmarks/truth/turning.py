"""Are comparisons that turn round marked, and none that do not? Simpson's paradox, planted."""

from __future__ import annotations

import numpy as np
from servicegap import comparisons

from benchmarks.truth.rows import Row, at_least, at_most

SEED = 630_000
APART = 0.12  # raw and stratified differences of a strong reversal, with opposite signs
LEAST = 200  # people an arm and stratum


def strong(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Draw the truth of a strong reversal: (shares, sizes), each (2 strata, A and B).

    In either stratum B is better by 12 points and more; A gets the easy work, and so leads by 12
    points and more in all. Drawn until it is so.
    """
    while True:
        ahead = rng.uniform(APART, APART + 0.06)
        hard, easy = rng.uniform(0.05, 0.25), rng.uniform(0.72, 0.97 - ahead)
        shares = np.array([[hard, hard + ahead], [easy, easy + ahead]])
        many = rng.integers(6 * LEAST, 10 * LEAST)
        sizes = np.array([[LEAST, many], [many, LEAST]])
        raw = (shares * sizes).sum(axis=0) / sizes.sum(axis=0)
        if raw[0] - raw[1] >= APART:
            return shares, sizes


def none(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Draw a comparison with nothing turning: A leads in both strata by 0 to 10 points."""
    ahead = rng.uniform(0, 0.1)
    level = np.sort(rng.uniform(0.3, 0.85, 2))
    sizes = rng.integers(30, 300, size=(2, 2))
    return np.column_stack([level + ahead, level]), sizes


def like(rng: np.random.Generator, people: int = 80) -> tuple[np.ndarray, np.ndarray]:
    """Draw two teams equal at like work, of which A has the easy one: 20 points ahead in all."""
    return np.array([[0.4, 0.4], [0.8, 0.8]]), np.array(
        [[people, 3 * people], [3 * people, people]]
    )


def marked(rng: np.random.Generator, shares: np.ndarray, sizes: np.ndarray) -> bool:
    """Count once, and ask whether the comparison is said to turn round."""
    hits = rng.binomial(sizes, shares)
    return comparisons.stratified(np.stack([hits, sizes - hits], axis=2)).reverses


def rows(trials: int) -> list[Row]:
    rng = np.random.default_rng(SEED)
    found = sum(marked(rng, *strong(rng)) for _ in range(trials))
    made_up = sum(marked(rng, *none(rng)) for _ in range(trials))
    equal = sum(marked(rng, *like(rng)) for _ in range(trials))
    return [
        at_least("strong reversals marked (200 an arm, 12 points either way)", found, trials, 95),
        at_most("a turn claimed where there is none", made_up, trials, 5),
        Row(
            "a turn called probable where teams are equal at like work (P ≥ 0.90 is asked of it)",
            "shown",
            f"{100 * equal / trials:.1f} %",
        ),
    ]
