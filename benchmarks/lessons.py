"""How often does its session find what a firm made for teaching has planted?

    python -m benchmarks.lessons [SCENARIO …] [--firms 400] [--size typical] [--strength 1]

Firm i has the seed 40,000 + i; what counts as found stands in each firm's TRUTH.yaml. For *all
fine* found means left without a clear verdict.
"""

from __future__ import annotations

import argparse

from servicegap import simulate
from servicegap.simulate.lessons import LESSONS
from servicegap.teaching import outcome


def main() -> None:
    names = [firm.id for firm in LESSONS]
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("scenarios", nargs="*", choices=[*names, names], default=names)
    parser.add_argument("--firms", type=int, default=400)
    parser.add_argument("--size", default="typical", choices=simulate.SIZES)
    parser.add_argument("--strength", type=float, default=1.0)
    asked = parser.parse_args()
    print("| scenario | session | found |\n|---|---|---|")
    for name in asked.scenarios:
        truth = simulate.make(name, asked.strength, size=asked.size, only=()).truth
        found = outcome.how_often(truth, asked.firms)
        share = f"{100 * found / asked.firms:.1f} %"
        print(f"| `{name}` | {int(truth['lesson']['session'])} | {share} |", flush=True)


if __name__ == "__main__":
    main()
