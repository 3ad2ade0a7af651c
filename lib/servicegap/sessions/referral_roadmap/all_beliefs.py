"""All beliefs beside the evidence on one picture, and how often the own ranges held."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from servicegap import calibration as ranges
from servicegap import words
from servicegap.charts import Row
from servicegap.charts import roadmap as roadmap_charts
from servicegap.charts.panels import panels_of, place, scale_of
from servicegap.client import Client
from servicegap.findings import Figure, Shown, absent_figure, part
from servicegap.sessions.referral_roadmap.told import Gathered, Told, gather
from servicegap.stats import Z95

RANGES_FROM = 10  # beliefs; below that a picture only


def _row(finding: Told) -> Row:
    believed, found = finding.belief[0], finding.evidence[0]
    gap = ""
    if not (math.isnan(believed) or math.isnan(found)):
        gap = words.arrow(finding.headline, believed, found)
    n = finding.n
    behind = "" if n is None else f"n = {words.count(n, *_one_and_many(finding.per))}"
    return Row(
        finding.label, finding.belief, finding.evidence, finding.word, finding.strength, behind, gap
    )


def _one_and_many(per: str) -> tuple[str, str]:
    return per.removesuffix("s"), per


@part
def belief_map(client: Client, findings: str = "") -> Figure:
    """What was believed, and what is so: everything that the series has tested, on one page.

    Args: findings, the folder in which the sessions left what they found.
    """
    found = gather(client, findings)
    drawn = [f for f in found.findings if any(map(math.isfinite, (*f.belief, *f.evidence)))]
    if not drawn:
        why = "No belief has been stated and nothing could be measured."
        return absent_figure("all that was believed beside the evidence", why)
    drawn = sorted(drawn, key=lambda f: place(f.headline))
    panels = panels_of([f.headline for f in drawn], [_row(f) for f in drawn])
    left_out = len(found.findings) - len(drawn)
    more = (
        f" {words.spelled(left_out).capitalize()} with neither a guess nor a figure "
        f"{'is' if left_out == 1 else 'are'} not drawn."
        if left_out
        else ""
    )
    scales = " The first scale is of 100; points and months have a scale of their own."
    scales = scales if len(panels) > 1 and not panels[0][2] else ""
    return Figure(
        map_title(found),
        " ".join(f"{f.label}: {_alt(f)}." for f in drawn),
        "A grey bar is what you believed, with a tick at your best guess; a dot with a line is the "
        f"evidence with its 95 % interval; hollow means not settled; the arrow is the gap.{scales}"
        f"{more}",
        _data(drawn),
        {
            "belief": Shown("what was believed of"), "scale": Shown("on the scale"),
            "believed": Shown("believed"), "believed_low": Shown("from"),
            "believed_high": Shown("to"), "evidence": Shown("evidence"), "low": Shown("from"),
            "high": Shown("to"), "verdict": Shown("verdict"),
        },
        lambda: roadmap_charts.belief_panels(panels),
    )  # fmt: skip


def _data(findings: list[Told]) -> pd.DataFrame:
    return pd.DataFrame(
        [[f.label, scale_of(f.headline), *f.belief, *f.evidence, f.verdict] for f in findings],
        columns=["belief", "scale", "believed", "believed_low", "believed_high", "evidence", "low",
                 "high", "verdict"],
    )  # fmt: skip


def _alt(finding: Told) -> str:
    head, believed, found = finding.headline, finding.belief[0], finding.evidence
    said = "no guess" if math.isnan(believed) else f"believed {words.figure(head, believed)}"
    if math.isnan(found[1]):
        return f"{said}, {finding.word}"
    value = "" if math.isnan(found[0]) else f"{words.figure(head, found[0])} "
    ends = f"({words.figures(head, found[1], found[2])})"
    return f"{said}, evidence {value}{ends}, {finding.verdict}"


def map_title(found: Gathered) -> str:
    """How many beliefs flatter, how many are better than thought, how many hold."""
    told = [f for f in found.findings if not math.isnan(f.belief[0]) and f.word != "not measured"]
    if not told:
        return "No belief could be set against evidence"
    counts = [
        (sum((f.word, f.strength) == ("blind spot", "clear") for f in told), "flattered you"),
        (sum((f.word, f.strength) == ("hidden strength", "clear") for f in told),
         "ran you down"),
        (sum(f.word == "well judged" for f in told), "held"),
    ]  # fmt: skip
    said = [f"{words.spelled(n)} {what}" for n, what in counts if n]
    n = len(told)
    if n == 1:
        came = next((what for count, what in counts if count), "is not settled yet")
        return f"The one belief that could be tested {came}"
    of = f"Of {words.spelled(n)} beliefs"
    if not said:
        return f"{of}, none is settled yet"
    rest = n - sum(count for count, _ in counts)
    if rest:
        said.append(f"{words.spelled(rest)} {'is' if rest == 1 else 'are'} not settled")
    return f"{of}, {words.listed(said)}"


# -- calibration -------------------------------------------------------------------------------


def _in_own_range(finding: Told) -> tuple[float, ...] | None:
    """Guess and evidence in halves of the own range from its middle; None where one is missing.

    Months are compared as logarithms, as their gap is.
    """
    guess, low, high = finding.belief
    numbers = np.array([low, high, guess, *finding.evidence])
    if finding.headline.ratio:
        numbers = np.log(np.maximum(numbers, 0.1))
    low, high, *placed = numbers
    if not np.isfinite(numbers).all() or high <= low:
        return None
    middle, half = (low + high) / 2, (high - low) / 2
    return tuple(float((x - middle) / half) for x in placed)


def held(found: Gathered) -> tuple[pd.DataFrame, ranges.Held]:
    """Where the evidence fell in each own range, and how many held beside what noise predicts.

    Returns: label, verdict, guess, value, low, high (in halves of the own range, from its middle),
    and a calibration.Held. Beliefs without a whole range, or without evidence that may speak, stay
    out.
    """
    placed = [(f, _in_own_range(f)) for f in found.findings]
    rows = [[f.label, f.word, *place] for f, place in placed if place is not None]
    data = pd.DataFrame(rows, columns=["belief", "verdict", "guess", "value", "low", "high"])
    error = (data["high"] - data["low"]) / (2 * Z95)
    chances = ranges.chance_of_holding(np.ones(len(data)), error.to_numpy(dtype=float))
    return data, ranges.ranges_held(data["value"].abs() <= 1 + 1e-9, chances)


@part
def calibration(client: Client, findings: str = "") -> Figure:
    """Do ranges that should hold nine times in ten do so, noise in the evidence allowed for?

    Args: findings, the folder in which the sessions left what they found.
    """
    data, count = held(gather(client, findings))
    if data.empty:
        why = "No belief has both a range of its own and evidence that may speak."
        return absent_figure("how often your own ranges held", why)
    enough = count.n >= RANGES_FROM
    return Figure(
        _calibration_title(count, enough),
        "Evidence by own range: "
        + "; ".join(
            f"{belief} {'inside' if abs(value) <= 1 else 'outside'}"
            for belief, value in zip(data["belief"], data["value"], strict=True)
        )
        + ".",
        "Every grey bar is a range of yours, drawn to one width, its tick your best guess; the dot "
        "is the evidence. " + (_reading(count) if enough else _only_a_picture(count.n)),
        data,
        {"belief": Shown("what was believed of"), "verdict": Shown("verdict"),
         "guess": Shown("best guess, in halves of your range from its middle"),
         "value": Shown("evidence, in halves of your range from its middle"),
         "low": Shown("from"), "high": Shown("to")},
        lambda: roadmap_charts.own_ranges(
            data["belief"].tolist(), data["guess"], data["value"], data["low"], data["high"],
            data["verdict"].tolist(),
        ),
    )  # fmt: skip


def _calibration_title(count: ranges.Held, enough: bool) -> str:
    if not enough:
        return "Where the evidence fell in your own ranges"
    said = (
        f"{count.held} of {count.n} ranges held; noise alone predicts "
        f"{words.number(count.expected, 1)}"
    )
    return f"{said}: your ranges are too narrow" if count.over_precise else said


def _only_a_picture(n: int) -> str:
    return (
        f"With {words.count(n, 'range')} this is a picture and no more: it takes "
        f"{words.spelled(RANGES_FROM)} to say anything about how sure you should be."
    )


def _reading(count: ranges.Held) -> str:
    low, high = (100 * x for x in count.share)
    least, most = count.noise
    said = (
        "A range that is right nine times in ten still misses more often than that, because the "
        f"evidence has noise of its own: luck would leave {least} to {most} of {count.n}. Seen "
        f"from these alone, {words.span(low, high)} of 100 such ranges would hold (exact). "
    )
    if count.over_precise:
        return (
            said + "So few would hold by noise in at most one firm of 200: you are surer than you "
            "have reason to be, and it is a common thing to be. Make the next ranges wider."
        )
    if count.held >= least:
        return said + "Yours held about as often as they should: you know how far you know."
    return (
        said + "That is fewer than luck would leave, yet not so few that your ranges must be "
        "called too narrow: a firm is called that only where noise would do it in at most one of "
        "200. Make the next ranges wider, to be on the safe side."
    )
