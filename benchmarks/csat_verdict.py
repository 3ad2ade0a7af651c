"""How often is the verdict on top marks wrong, and how often is it found?

Simulated firms, in process:

    python -m benchmarks.csat_verdict [--firms 2000]

Each firm's contacts belong to accounts that resemble each other (intraclass correlation .1, drawn
from a beta distribution per account). "True" firms believe what is true; "flattered" ones believe
20 points more. Every cell uses its own fixed seed.
"""

from __future__ import annotations

import argparse
from collections import Counter

import numpy as np
from servicegap.schema import HEADLINES
from servicegap.stats import share
from servicegap.verdicts import Stated, judge

SIZES = {10: 8, 28: 25, 60: 25, 120: 40, 300: 150}  # contacts: accounts
ICC, TRUTH = 0.1, 0.60


def firm(rng: np.random.Generator, contacts: int, accounts: int, truth: float = TRUTH):
    """Draw one firm's top marks. Returns: (0/1 per contact, account per contact)."""
    spread = (1 - ICC) / ICC
    level = rng.beta(truth * spread, (1 - truth) * spread, size=accounts)
    account = np.arange(contacts) % accounts
    return (rng.random(contacts) < level[account]).astype(float), account


def cell(contacts: int, belief: float, firms: int, truth: float = TRUTH) -> Counter:
    """Judge `firms` firms of one size. Returns: how often each verdict came up."""
    rng = np.random.default_rng([contacts, round(belief), round(100 * truth)])
    headline, found = HEADLINES["csat"], Counter()
    for _ in range(firms):
        values, account = firm(rng, contacts, SIZES[contacts], truth)
        verdict = judge(headline, Stated(belief, belief - 6, belief + 6), share(values, account))
        found[f"{verdict.word}, {verdict.strength}" if verdict.strength else verdict.word] += 1
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--firms", type=int, default=2_000)
    firms = parser.parse_args().firms
    heads = ("contacts", "accounts", "belief", "clear, right", "clear, wrong", "leaning")
    heads += ("well judged", "too few")
    print(f"| {' | '.join(heads)} |")
    print(f"|{'---|' * len(heads)}")
    for contacts in SIZES:
        for belief in (60, 80, 40):
            found = cell(contacts, belief, firms)
            right = {80: "blind spot, clear", 40: "hidden strength, clear"}.get(belief, "")
            clear = sum(v for k, v in found.items() if k.endswith("clear"))
            leaning = sum(v for k, v in found.items() if k.endswith("leaning"))
            hits = found[right] if right else 0
            row = (hits, clear - hits, leaning, found["well judged"], found["too few to judge"])
            shares = " | ".join(f"{100 * x / firms:.1f} %" for x in row)
            print(f"| {contacts} | {SIZES[contacts]} | {belief} | {shares} |")


if __name__ == "__main__":
    main()
