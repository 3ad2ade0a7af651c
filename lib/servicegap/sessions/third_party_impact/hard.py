"""Hard tickets go to suppliers, people say: is that the whole of it? Tried out loud."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from servicegap import stats, words
from servicegap.charts import effects as effect_charts
from servicegap.client import Client
from servicegap.findings import Figure, Shown, absent_figure, part
from servicegap.sessions.third_party_impact import chain
from servicegap.sessions.third_party_impact.adjusting import KNOWN_BEFORE, Compared, compared
from servicegap.sessions.third_party_impact.effects import TRIM
from servicegap.sessions.third_party_impact.harm import (
    behind,
    harm_of,
    least_error,
    marks,
    with_error,
)
from servicegap.sessions.third_party_impact.hidden import bound, e_value, e_value_of_interval

_DRAWS = 1_000  # for steps on the way; the headline takes all
_STRONGEST = 5.0  # times, the end of the scale of hidden reasons


def _why(client: Client, frame: pd.DataFrame) -> str:
    return chain.one_sided(client, frame) or chain.too_thin(frame)


@part
def hard_tickets(client: Client) -> Figure:
    """How much of the plain difference is that other tickets go to suppliers in the first place?"""
    label = "whether harder tickets go to suppliers"
    frame = chain.rated(client)
    if why := _why(client, frame):
        return absent_figure(label, why)
    rows, both = [], marks(client)
    counted, least = behind(frame), least_error(frame)
    for n in range(len(KNOWN_BEFORE) + 1):
        last = n == len(KNOWN_BEFORE)
        one = both if last else compared(frame, "top", KNOWN_BEFORE[:n], _DRAWS)
        if math.isnan(one.found.doubly_robust):
            return absent_figure(label, chain.NO_LIKE)
        found = harm_of(one, counted, least)
        rows.append([_step(n), found.value, found.low, found.high])
    data = pd.DataFrame(rows, columns=["known", "value", "low", "high"])
    harder = with_error(
        counted, 100 * float(both.found.doubly_robust - both.found.raw),
        100 * (both.drawn.doubly_robust - both.drawn.raw),
    )  # fmt: skip
    return Figure(
        _hard_title(data["value"].iloc[0], harder),
        "Top marks lost in 100 ratings, one thing more held alike on each line: "
        + chain.lines(data, "known")
        + f". {chain.behind(frame)}.",
        f"From the first line to the last the loss changes by {_signed(-harder.value)} "
        f"(somewhere between {_signed(-harder.high)} and {_signed(-harder.low)}): so much of the "
        "plain difference is which tickets go to suppliers. What is left stands between tickets "
        "that looked alike when they were opened.",
        data,
        {"known": Shown("held alike"), "value": Shown("top marks lost of 100", "points"),
         "low": Shown("from", "points"), "high": Shown("to", "points")},
        lambda: effect_charts.around_nought(
            data["known"].tolist(), data["value"], data["low"], data["high"], [""] * len(data),
            ("it helps", "it costs"), "of 100",
            hollow=chain.unsettled(data),
        ),
    )  # fmt: skip


def _step(n: int) -> str:
    if not n:
        return "nothing: as they are"
    return KNOWN_BEFORE[0] if n == 1 else f"and {KNOWN_BEFORE[n - 1]}"


def _signed(x: float) -> str:
    text = words.number(x)
    return f"+{text}" if x > 0 and text != "0" else text


def _hard_title(raw: float, harder: stats.Estimate) -> str:
    """`harder` is the part of the plain difference that is no harm, in points."""
    if harder.low <= 0 <= harder.high:
        seen = words.points(1.4 * (harder.high - harder.low) / 2)
        return (
            "No evidence that harder tickets explain the loss; a part under "
            f"{seen} could have been missed"
        )
    if harder.value < 0:
        return (
            f"Easier tickets go to suppliers: that hides {words.points(harder.value)} of the loss"
        )
    if raw <= 0:
        return f"Harder tickets go to suppliers, by {words.points(harder.value)}"
    return (
        f"Harder tickets do go to suppliers: that is {words.points(harder.value)} of the "
        f"{words.number(raw)}, not all of it"
        if harder.value < raw - 1
        else "Harder tickets go to suppliers, and that is all there is to it"
    )


# -- do tickets with a supplier have their like? -----------------------------------------------


@part
def overlap(client: Client) -> Figure:
    """Do tickets with a supplier have their like among those without?"""
    label = "whether like can be compared with like"
    frame = chain.rated(client)
    if why := _why(client, frame):
        return absent_figure(label, why)
    both = marks(client)
    chance, with_ = 100 * both.chance, both.treated == 1
    top = min(100, 10 * math.ceil(float(chance.max()) / 10 + 0.01))
    edges = np.arange(0, top + 0.1, 5)
    sides = [100 * np.histogram(chance[s], edges)[0] / s.sum() for s in (with_, ~with_)]
    out, out_with = int(both.trimmed.sum()), int((both.trimmed & with_).sum())
    data = pd.DataFrame(
        {"from": edges[:-1], "to": edges[1:], "with": sides[0], "without": sides[1]}
    )
    at = [float(np.median(chance[s])) for s in (with_, ~with_)]
    return Figure(
        _overlap_title(len(frame), out, out_with),
        f"Chance to involve a supplier, by priority, type, channel and month: in the middle "
        f"{words.number(at[0])} % among tickets that did, {words.number(at[1])} % among those that "
        "didn't; from "
        f"{words.ends(chance.min(), chance.max())} % in all. {words.number(out)} of "
        f"{words.number(len(frame))} tickets lie "
        f"outside {words.ends(100 * TRIM[0], 100 * TRIM[1])} % and stay out.",
        "Upwards the tickets with a supplier, downwards those without. Where both have bars, like "
        "stands beside like. Pale bars, under 5 or over 95 in 100, have hardly any like on the "
        "other side and are not compared. The closer the two shapes, the less there is to adjust.",
        data,
        {"from": Shown("chance from", "%"), "to": Shown("to", "%"),
         "with": Shown("of tickets with a supplier", "%"),
         "without": Shown("of tickets without", "%")},
        lambda: effect_charts.back_to_back(
            edges, sides[0], sides[1],
            (f"{words.number(int(with_.sum()))} tickets with a "
             "supplier", f"{words.number(int((~with_).sum()))} without"),
            (100 * TRIM[0], 100 * TRIM[1]),
        ),
    )  # fmt: skip


def _overlap_title(n: int, out: int, out_with: int) -> str:
    if not out:
        return "Every ticket with a supplier has its like without one"
    tickets = f"{words.count(out, 'ticket')} of {words.number(n)}"
    stay = "stays out" if out == 1 else "stay out"
    if not out_with:
        return f"Tickets with a supplier have their like; {tickets} without {stay}"
    return (
        f"{tickets} {stay} for want of their like, {words.number(out_with)} of them with a supplier"
    )


# -- a reason that nobody measured -------------------------------------------------------------


def not_top(both: Compared) -> tuple[float, float, float, float]:
    """The share of the treated that gave less than the top mark, and the ratio of risks with its
    interval: (share, ratio, low, high); t with accounts − 1 on the logarithm."""
    from scipy.special import stdtrit

    def ratio(without, effect):
        with np.errstate(invalid="ignore", divide="ignore"):
            return (1 - without - effect) / (1 - without)

    found, drawn = both.found, both.drawn
    share = 1 - float(found.without + found.doubly_robust)
    value = float(ratio(found.without, found.doubly_robust))
    draws = ratio(drawn.without, drawn.doubly_robust)
    logs = np.log(draws[np.isfinite(draws) & (draws > 0)])
    half = float(np.std(logs, ddof=1)) * float(stdtrit(max(both.firms - 1, 1), 0.975))
    return share, value, value * math.exp(-half), value * math.exp(half)


def left(share: float, ratio: float, strength: float, costs: bool = True) -> float:
    """Top marks lost of 100 that a hidden reason of this strength would leave, at the least.

    Where a supplier helps rather than costs: the gain that is left, as a negative number.
    """
    moved = ratio / bound(strength) if costs else ratio * bound(strength)
    return 100 * share * (1 - 1 / moved)


@part
def unseen(client: Client, strength: float = 2.0) -> Figure:
    """How strong would a reason have to be that nobody measured, to explain the loss away?

    Args: strength, times as strong a hidden reason is supposed to be.
    """
    label = "how strong a hidden reason would have to be"
    frame = chain.rated(client)
    if why := _why(client, frame):
        return absent_figure(label, why)
    both = marks(client)
    share, ratio, low, high = not_top(both)
    if not (math.isfinite(ratio) and ratio > 0 and math.isfinite(high)):
        return absent_figure(label, "Too few tickets were rated less than the top mark.")
    strength = max(float(strength), 1.0)
    x = np.linspace(1, _STRONGEST, 81)
    curves = [[left(share, r, s, ratio > 1) for s in x] for r in (ratio, low, high)]
    point, nearest = e_value(ratio), e_value_of_interval(ratio, low, high)
    here = left(share, ratio, strength, ratio > 1)
    data = pd.DataFrame({"strength": x[::10], "left": curves[0][::10], "low": curves[1][::10],
                         "high": curves[2][::10]})  # fmt: skip
    settled = nearest > 1
    return Figure(
        _unseen_title(ratio, point, nearest),
        f"Less than the top mark: {words.number(ratio, 2)} times as often with a supplier "
        f"({words.number(low, 2)} to {words.number(high, 2)}). E-value {words.number(point, 1)}, "
        f"of the near end of the range {words.number(nearest, 1)}. A hidden reason of "
        f"{words.number(strength, 1)} times would leave {words.number(here)} of 100.",
        "Suppose a reason that nobody wrote down: so many times as frequent where a supplier comes "
        "in, and making a disappointed person so many times as likely. The line is the loss it "
        "would leave at worst, the band its range, the diamond what is supposed now. "
        + (_strongest_measured(client, ratio) if settled else "")
        + "It says how strong, never how likely.",
        data,
        {"strength": Shown("strength of a hidden reason, times"),
         "left": Shown("top marks lost that it leaves, of 100", "points"),
         "low": Shown("from", "points"), "high": Shown("to", "points")},
        lambda: effect_charts.what_is_left(
            x, curves[0], curves[1], curves[2], (min(strength, _STRONGEST), here), point,
            "top marks lost, of 100",
        ),
    )  # fmt: skip


def _unseen_title(ratio: float, point: float, nearest: float) -> str:
    if nearest <= 1:
        return "There is no settled difference for a hidden reason to explain away"
    what = "the loss" if ratio > 1 else "the gain"
    return (
        f"A hidden reason would have to multiply chances by {words.number(point, 1)} to explain "
        f"{what} away, and by {words.number(nearest, 1)} to leave it unsettled"
    )


def _left_out(client: Client) -> dict[str, float]:
    """The ratio of risks of less than the top mark, each thing known left out in turn."""
    found = {}
    for name in KNOWN_BEFORE:
        rest = tuple(other for other in KNOWN_BEFORE if other != name)
        one = compared(chain.rated(client), "top", rest, draws=2).found
        found[name] = (1 - one.without - one.doubly_robust) / (1 - one.without)
    return found


def _strongest_measured(client: Client, ratio: float) -> str:
    """What leaving out the strongest known thing does, as a yardstick for hidden ones."""
    moved = {
        name: e_value(float(other) / ratio)
        for name, other in client.remembered(_left_out).items()
        if np.isfinite(other) and other > 0
    }
    if not moved:
        return ""
    name = max(moved, key=lambda n: moved[n])
    return (
        f"For comparison: of what was known, the {name} of a ticket moves the figure most when it "
        f"is left out, as much as a hidden reason of {words.number(moved[name], 1)} times could. "
    )
