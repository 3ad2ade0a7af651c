"""The page of marks in METHODS: every mark of the series, drawn by the charts themselves.

    python docs/marks.py

All numbers are made up. Writes docs/images/marks.png.
"""

from __future__ import annotations

import math
from pathlib import Path

from servicegap import charts

NONE = (math.nan, math.nan, math.nan)
ROWS = (
    charts.Row("Settled, and it flatters", (92, 86, 97), (71, 62, 79), "blind spot", "clear",
               "n = 118 contacts", "−21 points"),
    charts.Row("Leaning, not settled", (80, 65, 90), (44, 21, 68), "blind spot", "leaning",
               "n = 20 contacts", "−36 points"),
    charts.Row("Belief and evidence agree", (70, 55, 85), (66, 57, 74), "well judged", None,
               "n = 112 contacts"),
    charts.Row("Settled, and better than thought", (45, 35, 55), (81, 71, 88), "hidden strength",
               "clear", "n = 96 contacts", "+36 points"),
    charts.Row("Fewer than ten: a range alone", (88, 80, 95), (math.nan, 35, 82),
               "too few to judge", None, "n = 7 contacts"),
    charts.Row("A belief that nothing tests", (60, 50, 70), NONE, "not measured", None, ""),
    charts.Row("Evidence without a belief", NONE, (58, 49, 66), "no guess", None,
               "n = 121 contacts"),
)  # fmt: skip


def main() -> None:
    """Draw the page."""
    place = Path(__file__).parent / "images" / "marks.png"
    place.write_bytes(charts.png(charts.belief_map(ROWS)))


if __name__ == "__main__":
    main()
