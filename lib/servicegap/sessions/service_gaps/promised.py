"""Gap 4: what is promised beside what is delivered.

It stands beside the waterfall: a promise raises what people expect, and what they expect is in
the waterfall already, so that adding it would count it twice.
"""

from __future__ import annotations

import pandas as pd

from servicegap import words
from servicegap.client import Client
from servicegap.findings import Shown, Table, part
from servicegap.sessions.service_gaps.chain import amount, worse_by
from servicegap.sessions.service_gaps.inside import compared

_DUST = 1e-9


@part
def promised(client: Client) -> Table:
    """Gap 4: is what sales and the website promise what is delivered?"""
    rows = client["standards"]
    rows = rows[rows["promised"].notna()]
    gap = [worse_by(row, "promised", "delivered") for _, row in rows.iterrows()]
    known = [x for x in gap if not pd.isna(x)]
    broken = sum(x > _DUST for x in known)
    bold = sum(worse_by(row, "standard", "promised") < -_DUST for _, row in rows.iterrows())
    return Table(
        _title(len(rows), len(known), broken, bold),
        "A promise beyond your own standard is kept by luck alone. Promises raise what people "
        "expect, and what they expect is in the waterfall already: so Gap 4 stands by itself here "
        "and is not added there.",
        pd.DataFrame(
            {
                "measure": rows["measure"].to_list(),
                "promised": _amounts(rows, "promised"),
                "standard": _amounts(rows, "standard"),
                "delivered": _amounts(rows, "delivered"),
                "gap": [compared(row, "promised", "delivered") for _, row in rows.iterrows()],
            }
        ),
        {"measure": Shown("promise"), "standard": Shown("your standard"), "gap": Shown("Gap 4")},
    )


def _title(n: int, known: int, broken: int, bold: int) -> str:
    """How many promises are not kept, of those that were measured, and how many go too far."""
    if not known:
        return f"Whether {words.count(n, 'promise')} are kept was not measured"
    of = f"{words.spelled(known)} promises" if known > 1 else "one promise"
    said = f"{words.spelled(broken).capitalize()} of {of} {'is' if broken == 1 else 'are'} not kept"
    if not broken:
        said = "Every promise that was measured is kept"
    go = "goes" if bold == 1 else "go"
    return f"{said}; {words.spelled(bold, 'none')} {go} beyond your own standard"


def _amounts(rows: pd.DataFrame, column: str) -> list[str | None]:
    return [amount(x, u) for x, u in zip(rows[column], rows["unit"], strict=True)]
