"""Who kept silent: do the bounds hold whatever they would have said, and does the report say so?"""

from __future__ import annotations

import numpy as np
from servicegap import client, simulate, stats

from benchmarks.truth import worlds
from benchmarks.truth.rows import Row, at_least

SEED = 620_000


def bounds_hold(rng: np.random.Generator, pull: float) -> bool:
    """One firm of 20 to 200 people of whom some answer, the happy more often by `pull`.

    A share of those who answered, and where it would lie had everybody.
    """
    n = int(rng.integers(20, 200))
    happy = rng.random(n) < rng.uniform(0.3, 0.95)
    answers = rng.random(n) < np.clip(rng.uniform(0.2, 0.8) + pull * (happy - 0.5), 0.02, 0.98)
    if not answers.any():
        return True
    value = 100 * float(happy[answers].mean())
    worst, best = stats.silent_bounds(value, int(answers.sum()), n)
    return worst - 1e-9 <= 100 * happy.mean() <= best + 1e-9


def marked(i: int) -> tuple[bool, bool]:
    """One made-up firm, a share of its people silent: (fewer than half answered, it is said)."""
    tables = {"accounts", "contacts", "beliefs", "ratings"}
    made = simulate.make("birch-support", seed=SEED + i, size="typical", only=tables)
    ratings = made.tables["ratings"]
    people = ratings["contact_id"].dropna().unique()
    rng = np.random.default_rng([SEED, i])
    kept = set(rng.choice(people, size=max(12, len(people) // (1 + i % 6)), replace=False))
    own = client.from_frames(
        {**made.tables, "ratings": ratings[ratings["contact_id"].isin(kept)]}, made.settings
    )
    known = len(made.tables["contacts"])
    said = " ".join(worlds.look("csat")(own).caveats)
    return len(kept) < 0.45 * known, "Had everybody" in said


def rows(trials: int, firms: int) -> list[Row]:
    """Bounds, at random and not, and the mark on figures that fewer than half stand behind."""
    said = []
    for name, pull in (("at random", 0.0), ("not at random: the happy answer more", 0.6),
                       ("not at random: the unhappy answer more", -0.6)):  # fmt: skip
        rng = np.random.default_rng([SEED, round(10 + 10 * pull)])
        held = sum(bounds_hold(rng, pull) for _ in range(trials))
        said.append(at_least(f"bounds for the silent hold, silence {name}", held, trials, 100))
    weak = [said_so for few, said_so in map(marked, range(firms)) if few]
    said.append(at_least("fewer than half answered: the bounds stand beside the figure",
                         sum(weak), len(weak), 100))  # fmt: skip
    return said
