"""The best, the worst and the last mark: which of them goes with recommending?"""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from servicegap import measures, words
from servicegap.charts import prices as price_charts
from servicegap.client import Client
from servicegap.comparisons import ALPHA
from servicegap.findings import Figure, Shown, absent_figure, part
from servicegap.measures import asked
from servicegap.sessions.wow_moment_gaps import differences as pairs
from servicegap.sessions.wow_moment_gaps.differences import Contrast, contrast

LEAST = 3  # marks of one person, so that the last, the worst and the rest can differ


def marks_of(client: Client) -> pd.DataFrame:
    """One row a person with at least three marks in the window, who said whether they would
    recommend: person, account_id, would, and whether last, most, none and all of the marks are
    (top, top, below satisfied, top).
    """
    rated = measures.in_turn(measures.ratings(client).answered)
    by = rated.groupby("person", sort=True)
    marks = pd.DataFrame(
        {
            "n": by.size(),
            "last": by["top"].last(),
            "most": by["top"].mean() > 0.5,
            "bad": by["satisfied"].min() == 0,
        }
    )
    marks = marks[marks["n"] >= LEAST]
    said = (
        asked(client)
        .people.groupby("person", sort=True)
        .agg(account_id=("account_id", "min"), would=("would", "mean"))
    )
    return marks.join(said, how="inner").reset_index()


def looks(client: Client) -> list[Contrast]:
    """Would recommend: by the last mark, by a bad one among them, by how the most were."""
    people = marks_of(client)
    found = [
        contrast("the last mark was a top mark", people, "would", people["last"] == 1),
        contrast("no mark was below satisfied", people, "would", ~people["bad"]),
        contrast("more than half were top marks", people, "would", people["most"]),
    ]
    return [c for c in found if c is not None]


@part
def peak_end(client: Client) -> Figure:
    """Which marks go with recommending: the last one, the worst one, or most of them?"""
    found = looks(client)
    if not found:
        why = (
            "It takes people who gave three marks or more and said whether they would recommend, "
            "ten in five accounts on either side of a line."
        )
        return absent_figure("the best, the worst and the last mark", why)
    p = pairs.adjusted(found)
    data = pairs.table(found, p)
    people = marks_of(client)
    return Figure(
        _title(found, p),
        "Would warmly recommend, where it is so − where it isn't, in points. "
        f"{pairs.told(found)}.",
        "Right of nought, people of whom it is true would recommend more often. "
        f"{pairs.seen(found)} Hollow: not settled, allowing for several looks. The three overlap: "
        "whoever gives good marks mostly gives a good one last. "
        f"n = {words.count(len(people), 'contact')} with three marks or more, in "
        f"{words.count(people['account_id'].nunique(), 'account')}.",
        data,
        {"what": Shown("of whom it is true that"), "one": Shown("would recommend, if so", "%"),
         "other": Shown("if not", "%"), "difference": Shown("difference", "points"),
         "low": Shown("from"), "high": Shown("to"), "people_one": Shown("people, if so"),
         "people_other": Shown("people, if not"), "p": Shown("p, adjusted")},
        lambda: price_charts.differences(
            data["what"].tolist(), data["difference"], data["low"], data["high"],
            [f"{words.number(c.one)} against {words.number(c.other)} %" for c in found], p > ALPHA,
        ),
    )  # fmt: skip


def _title(found: list[Contrast], p: Iterable[float]) -> str:
    settled = [c.name for c, q in zip(found, p, strict=True)
               if q <= ALPHA and c.estimate.value > 0]  # fmt: skip
    if settled:
        return f"People recommend more often where {words.listed(settled)}"
    return "No evidence that the last or the worst mark goes with recommending"
