"""How surely is an export recognised when its columns were chosen by somebody?

For every format, files with a random share of its columns and three that nobody knows, in random
order: how often the right format wins, how often somebody is asked, and how often a wrong one
would be taken without asking. Run: python -m benchmarks.intake
"""

from __future__ import annotations

import argparse
import random
from dataclasses import dataclass

from servicegap.intake import catalogue

_UNKNOWN = ("Colour", "Our code", "Floor", "Custom 1", "Field 7", "Notes for Ben", "x", "Legacy")


@dataclass
class Row:
    """What became of the files of one format at one share of its columns."""

    files: int = 0
    right: int = 0
    asked: int = 0
    wrong_unasked: int = 0
    margin: float = 0.0


def draw(headers: list[str], share: float, source: random.Random) -> list[str]:
    """A file's headers: a share of a format's, three unknown ones, shuffled."""
    some = source.sample(headers, max(1, round(share * len(headers))))
    drawn = [*some, *source.sample(_UNKNOWN, 3)]
    source.shuffle(drawn)
    return drawn


def run(share: float, draws: int, seed: int) -> dict[str, Row]:
    """Draw files of every format and recognise them."""
    source = random.Random(seed)
    rows: dict[str, Row] = {}
    for one in catalogue.formats().values():
        row = rows[one.id] = Row()
        for _ in range(draws):
            found = catalogue.rank(draw(list(one.headers), share, source))
            right = found.winner is one
            row.files += 1
            row.right += right
            row.asked += not found.sure
            row.wrong_unasked += found.sure and not right
            row.margin += found.margin / draws
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--draws", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    for share in (0.6, 0.25):
        rows = run(share, asked.draws, asked.seed)
        print(f"\n{share:.0%} of the columns and three unknown ones, {asked.draws} files a format")
        print(f"{'format':22}{'right %':>9}{'asked %':>9}{'wrong, not asked':>18}{'margin':>9}")
        for ident, row in rows.items():
            print(f"{ident:22}{100 * row.right / row.files:9.1f}{100 * row.asked / row.files:9.1f}"
                  f"{row.wrong_unasked:18d}{row.margin:9.2f}")  # fmt: skip
        total = [sum(getattr(row, name) for row in rows.values())
                 for name in ("files", "right", "asked", "wrong_unasked")]  # fmt: skip
        print(f"{'all ' + str(total[0]) + ' files':22}{100 * total[1] / total[0]:9.2f}"
              f"{100 * total[2] / total[0]:9.2f}{total[3]:18d}")  # fmt: skip


if __name__ == "__main__":
    main()
