"""Why a standard is not delivered, in the words of the people who do the work."""

from __future__ import annotations

import math

import pandas as pd

from servicegap import charts, stats, words
from servicegap.client import Client
from servicegap.findings import Figure, Shown, absent_figure, part
from servicegap.schema import SCALES

TOPICS = ("training", "tools", "role clarity", "team-work", "control")


def content(client: Client) -> tuple[dict[str, stats.Estimate], int]:
    """The share of staff who give each topic a satisfied mark, and the answers on other scales.

    No names are asked, so every answer to a topic is taken for a person. Fewer than five are not
    shown; from five to nine only the range is.
    """
    rows = client["staff_survey"]
    scale = max(SCALES, key=lambda name: int((rows["scale"] == name).sum()))
    same = rows[rows["scale"] == scale]
    found = {}
    for topic in TOPICS:
        marks = same.loc[same["item_id"] == topic, "score"]
        if len(marks) >= stats.HIDDEN_BELOW:
            happy = (marks >= SCALES[scale].satisfied).astype(float)
            found[topic] = stats.share(happy, range(len(happy)), "% of staff", "people")
    return found, len(rows) - len(same)


@part
def staff(client: Client) -> Figure:
    """Have the people who deliver the service the training, tools and clear roles that it takes?"""
    found, others = content(client)
    if not found:
        why = "Fewer than five people answered, too few to show a figure without showing a person."
        return absent_figure("training, tools and clear roles", why)
    shown = {t: e.value if e.n >= stats.SPEAKS_FROM else math.nan for t, e in found.items()}
    data = pd.DataFrame(
        [[t, shown[t], e.low, e.high, e.n] for t, e in found.items()],
        columns=["topic", "content", "low", "high", "people"],
    )
    few = max(e.n for e in found.values()) < stats.SPEAKS_FROM
    return Figure(
        _title(found, few),
        "; ".join(
            f"{t} " + ("" if math.isnan(shown[t]) else f"{words.number(shown[t])} of 100, ")
            + f"{words.span(e.low, e.high)} (n = {e.n})"
            for t, e in found.items()
        )
        + ".",
        "How many of 100 of your people give a satisfied mark. Where few do, a standard is missed "
        "for reasons that nobody at the desk can mend alone. Roles are not shown apart: in a firm "
        "of this size a role is a person."
        + (" Under ten answers only the range is shown." if few else "")
        + (f" {words.count(others, 'answer')} on another scale stayed out." if others else ""),
        data,
        {"content": Shown("satisfied", "% of staff"), "low": Shown("from", "%"),
         "high": Shown("to", "%"), "people": Shown("answers")},
        lambda: charts.dots(
            [t.capitalize() for t in data["topic"]], data["content"], data["low"], data["high"],
            [words.count(n, "answer") for n in data["people"]],
        ),
    )  # fmt: skip


def _title(found: dict[str, stats.Estimate], few: bool) -> str:
    """The topic with fewest satisfied people, where its range lies clear of the best one's."""
    if few:
        return "Too few of your people answered to say more than a range"
    least = min(found, key=lambda t: (found[t].value, t))
    most = max(found, key=lambda t: (found[t].value, t))
    if found[least].high < found[most].low:
        return f"Your people are less content with {least} than with {most}"
    return "No evidence that your people are less content with one thing than with another"
