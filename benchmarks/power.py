"""How often is a planted fault found, and how often is one claimed where there is none?

    python -m benchmarks.power BELIEF [--firms 400] [--scenario alder-it]

A cell is a size of firm and a strength: 1 is the fault as METHODS states it, 0.5 half of it, 0 a
belief that is true. Firms are made in memory, only the tables that the belief needs, and judged by
its session in process, without pictures. Firm i of every cell has the seed SEED + i.
"""

from __future__ import annotations

import argparse
from collections import Counter
from importlib import import_module

from servicegap import client, schema, simulate

SEED = 20_000
SIZES = ("small", "typical", "large")
STRENGTHS = (0.0, 0.5, 1.0)
# A fault that neither a sample nor a firm for teaching has: clients leave.
FIRMS = simulate.SCENARIOS | {
    "leaving": simulate.Firm(
        id="leaving",
        name="Leaving",
        stay_share=76,
        planted=(("stay_share", simulate.Guess(97, 2)),),
    ),
}


def verdict(belief: str, scenario: str, strength: float, seed: int, size: str) -> str:
    """One made-up firm's verdict on one belief, with its strength where it has one."""
    headline = schema.HEADLINES[belief]
    session = schema.SESSIONS[headline.session]
    module = import_module(f"servicegap.sessions.{session.module}")
    tables = {*headline.tables, "accounts", "contacts", "beliefs"}
    made = simulate.make(simulate.turned(FIRMS[scenario], strength), 1.0, seed, size, tables)
    firm = client.from_frames(made.tables, made.settings, made.superseded)
    found = getattr(module, belief)(firm).verdict
    return f"{found.word}, {found.strength}" if found.strength else found.word


def cell(
    belief: str, strength: float, size: str, firms: int, scenario: str = "alder-it"
) -> Counter:
    """Judge `firms` firms of one size and strength. Returns: how often each verdict came up."""
    return Counter(verdict(belief, scenario, strength, SEED + i, size) for i in range(firms))


def row(found: Counter, right: str) -> list[float]:
    """Percent of firms: clear and right, clear and wrong, leaning, well judged, too few."""
    firms = found.total()
    clear = sum(n for word, n in found.items() if word.endswith("clear"))
    leaning = sum(n for word, n in found.items() if word.endswith("leaning"))
    hits = found[f"{right}, clear"] if right else 0
    counts = (hits, clear - hits, leaning, found["well judged"], found["too few to judge"])
    return [100 * n / firms for n in counts]


def planted(belief: str, scenario: str) -> str:
    """The word that the fault planted deserves; "" where none is planted."""
    truth = simulate.make(FIRMS[scenario], only=()).truth["beliefs"][belief]
    return truth["expected"][0] if truth["planted"] else ""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("belief", choices=schema.HEADLINES)
    parser.add_argument("--firms", type=int, default=400)
    parser.add_argument("--scenario", default="alder-it", choices=FIRMS)
    asked = parser.parse_args()
    right = planted(asked.belief, asked.scenario)
    print("| size | strength | clear, right | clear, wrong | leaning | well judged | too few |")
    print("|---|---|---|---|---|---|---|")
    for size in SIZES:
        for strength in STRENGTHS if right else (0.0,):
            found = cell(asked.belief, strength, size, asked.firms, asked.scenario)
            shares = row(found, right if strength else "")
            cells = " | ".join(f"{x:.1f} %" for x in shares)
            print(f"| {size} | {strength:g} | {cells} |", flush=True)


if __name__ == "__main__":
    main()
