"""How much of what satisfies is product, how much service and process? The headline."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from servicegap import stats, words
from servicegap.charts import drivers as driver_charts
from servicegap.client import Client
from servicegap.comparisons import ALPHA
from servicegap.findings import Advice, Figure, Finding, Shown, absent_figure, conclude, part
from servicegap.sessions.product_vs_service import answers
from servicegap.sessions.product_vs_service.drivers import HEADLINE, Drivers, drivers

SERVICE = Advice(
    mend="Choose one piece of product work planned for next quarter, put it off, and give its "
    "hours to the service or process item that most people call important and fewest are "
    "pleased with.",
    test="For a month, open every review with what was done for the client instead of what was "
    "bought, and ask the satisfaction question again.",
    tell="Show clients what the product does for them, in their words: it counts for more than "
    "you give it credit for.",
    keep="Ask the same survey again in half a year, and before any large purchase.",
    measure="Put the survey and the question on satisfaction to people who have answered neither.",
    hours=(16, 40),
)
SORT = replace(
    SERVICE,
    measure="Say of each question in your list whether it asks about the product, the service or "
    "the process.",
    hours=(1, 2),
)


def service(client: Client) -> stats.Estimate:
    """What service and process carry of what satisfies, in percent (headline `service_share`)."""
    return _ours(drivers(client))


def _ours(found: Drivers) -> stats.Estimate:
    return found.share("service", "process")


@part
def service_share(client: Client) -> Finding:
    """Does service carry as much of what satisfies as the client believed?"""
    found = drivers(client)
    unsorted = not found.sides and answers.marks(client).sideless
    advice = SORT if unsorted else SERVICE
    return conclude(client, HEADLINE, _ours(found), advice, _caveats(client, found))


def _caveats(client: Client, found: Drivers) -> tuple[str, ...]:
    said = []
    if not found.why:
        questions = sum(found.questions)
        ours = questions - found.questions[found.sides.index("product")]
        said.append(
            f"{words.spelled(ours).capitalize()} of the {words.spelled(questions)} questions are "
            "about service and process, so "
            f"{words.number(found.expected('service', 'process'))} in 100 is what they would carry "
            "if every "
            "question weighed the same. The finding is about what you thought, not about their due."
        )
        said.append(
            f"The answers explain {words.span(100 * found.r2[1], 100 * found.r2[2])} % of how "
            "satisfaction differs from one person to the next. The rest is not shared out, and "
            "what goes with satisfaction need not be its cause."
        )
        if client.settings.origin == "product":
            said.append(
                "You began with a product. What a firm grew up on is easily taken for what its "
                "clients stay for, so it is worth asking who stated the belief."
            )
    marks = answers.marks(client)
    if marks.sideless:
        said.append(
            f"{words.count(marks.sideless, 'question')} that belong to no side stayed out."
            if marks.sideless > 1
            else "One question that belongs to no side stayed out."
        )
    if marks.other_scales:
        said.append(
            f"{words.count(marks.other_scales, 'answer')} on another scale than most stayed out: "
            "marks of different scales are never added up."
        )
    return tuple(said)


# -- each side ---------------------------------------------------------------------------------


@part
def sides(client: Client) -> Figure:
    """How many of 100 parts of what satisfies does each side carry, beside its questions' share?"""
    found = drivers(client)
    if found.why:
        return absent_figure("what each side carries", found.why)
    each = [found.share(side) for side in found.sides]
    adjusted = found.departures(found.null)
    both = found.share("service", "process")
    wide = max(found.could_be_seen(side) for side in found.sides)
    stand_out = [
        f"{side} carries {'more' if e.value > x else 'less'} than its share of the questions"
        for side, e, x, p in zip(found.sides, each, found.null, adjusted, strict=True)
        if p <= ALPHA
    ]
    title = f"Service and process carry {words.number(both.value)} of 100 parts of what satisfies"
    reading = (
        f"Worth asking why: {words.listed(stand_out)}. "
        if stand_out
        else "There is no evidence that a side carries more or less than its share of the "
        f"questions; a difference under {words.points(wide)} could easily have been missed. "
    )
    data = pd.DataFrame(
        {
            "side": list(found.sides),
            "share": [e.value for e in each],
            "low": [e.low for e in each],
            "high": [e.high for e in each],
            "questions": found.null,
        }
    )
    return Figure(
        title,
        "Parts of 100: "
        + "; ".join(
            f"{r.side} {words.number(r.share)} ({words.ends(r.low, r.high)}), "
            f"its questions {words.number(r.questions)}"
            for r in data.itertuples()
        )
        + f". {words.behind(each[0])}.",
        reading + "The tick is what a side would carry if every question weighed the same, so that "
        "nobody wins by asking more about it.",
        data,
        {"share": Shown("parts of 100", "%"), "low": Shown("from", "%"), "high": Shown("to", "%"),
         "questions": Shown("share of the questions", "%")},
        lambda: driver_charts.beside(
            [side.capitalize() for side in found.sides],
            data["share"], data["low"], data["high"], data["questions"],
            "its questions", [f"{n} of {sum(found.questions)} questions" for n in found.questions],
        ),
        about=HEADLINE,
    )  # fmt: skip
