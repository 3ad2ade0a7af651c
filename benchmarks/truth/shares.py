"""Do intervals of shares hold as often as they say, and is what is true called clearly wrong?

n 5 to 300, shares .5 to .95.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from servicegap import schema, stats
from servicegap.verdicts import ALPHA

from benchmarks.truth import answers
from benchmarks.truth.rows import Row, between

SHARES = (0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95)
CONTACTS = (5, 10, 20, 28, 40, 60, 120, 300)
ACCOUNTS = (3, 5, 10, 20, 40, 100, 300)
MANY = 20  # accounts, from which the targets are two-sided
SEED = 600_000
_WORTH_A_WORD = schema.HEADLINES["csat"].delta  # points


@dataclass(frozen=True)
class Cell:
    """One kind of answers, one size, one true share: how often the interval held, and how often a
    belief that is true was clearly contradicted; both in percent.
    """

    kind: str
    contacts: int
    accounts: int
    share: float
    held: float
    wrong: float


def cells(kind: answers.Kind, trials: int) -> Iterator[Cell]:
    """Draw and estimate `trials` firms for every size and share."""
    for n in CONTACTS:
        for accounts in (g for g in ACCOUNTS if g <= n):
            for share in SHARES:
                found = _tried(kind, n, accounts, share, trials)
                yield Cell(kind.name, n, accounts, share, *found)


def _tried(
    kind: answers.Kind, n: int, accounts: int, share: float, trials: int
) -> tuple[float, float]:
    rng = np.random.default_rng([SEED, n, accounts, round(100 * share), round(100 * kind.alike)])
    seen: dict[tuple, tuple[bool, bool]] = {}
    held = wrong = 0
    for _ in range(trials):
        values, account = answers.drawn(rng, kind, n, accounts, share)
        sums = np.bincount(account, weights=values).round(9)
        # what counts is how many accounts said what; the same is not worked out twice
        key = tuple(sorted(zip(np.bincount(account).tolist(), sums.tolist(), strict=True)))
        if key not in seen:
            found = stats.share(values, account)
            off = found.speaks and abs(found.value - 100 * share) >= _WORTH_A_WORD
            seen[key] = (
                found.low - 1e-9 <= 100 * share <= found.high + 1e-9,
                bool(off and found.p_value(100 * share) <= ALPHA),
            )
        held += seen[key][0]
        wrong += seen[key][1]
    return 100 * held / trials, 100 * wrong / trials


def means(found: list[Cell], many: bool) -> dict[int, float]:
    """Mean coverage for each number of contacts, from twenty accounts or below."""
    rows: dict[int, list[float]] = {}
    for cell in found:
        if (cell.accounts >= MANY) == many:
            rows.setdefault(cell.contacts, []).append(cell.held)
    return {n: float(np.mean(held)) for n, held in rows.items()}


def rows(trials: int, slack: float = 0.0) -> tuple[list[Row], list[Cell]]:
    """Every promise about intervals of shares, and the cells behind it.

    Args: slack, in points, by how much chance alone may move a mean of so few trials; a single
    cell is allowed four times that.
    """
    every, said = [], []
    alone = list(cells(answers.INDEPENDENT, 5 * trials))  # each cell has to stand by itself
    every += alone
    name = "95 % intervals of shares, independent answers, mean by n"
    said += [
        between(f"{name}, from 20 accounts", 94 - slack, 97.5 + slack, means(alone, True).values()),
        between(f"{name}, fewer accounts", 94 - slack, 100, means(alone, False).values()),
        between(
            "the same, each of the cells (n, accounts, share)",
            90 - 4 * slack, 100, (c.held for c in alone),
        ),
    ]  # fmt: skip
    for kind in (*answers.CLUSTERED, answers.ONE_MIND, answers.SEVERAL):
        found = list(cells(kind, trials))
        every += found
        name = f"95 % intervals of shares, {kind.name}, mean by n"
        said += [
            between(f"{name}, from 20 accounts", 92 - slack, 97.5 + slack,
                    means(found, True).values()),
            between(f"{name}, fewer accounts", 92 - slack, 100, means(found, False).values()),
            Row(f"the same, {kind.name}, the least of the cells (n, accounts, share)", "shown",
                f"{min(c.held for c in found):.1f} %"),
        ]  # fmt: skip
    worst = max(every, key=lambda c: c.wrong)
    said.append(
        between(
            f"a true belief about a share clearly contradicted, the worst of {len(every):,} cells "
            f"({worst.kind}, {worst.contacts} contacts, {worst.accounts} accounts, "
            f"{100 * worst.share:g} %)", 0, 5 + slack, [worst.wrong],
        )
    )  # fmt: skip
    return said, every
