"""From price to hours, first reply and satisfaction; and who takes more hours than it pays for."""

from __future__ import annotations

import math

import pandas as pd

from servicegap import measures, words
from servicegap.charts import prices as price_charts
from servicegap.client import Client
from servicegap.findings import Figure, Shown, Table, absent_figure, absent_table, part
from servicegap.sessions.pricing_vs_value.fees import money
from servicegap.sessions.pricing_vs_value.hours_left import (
    NO_COST,
    Books,
    assumptions,
    books,
    rungs,
)

STEPS = (-20.0, -10.0, 0.0, 10.0, 20.0)  # percent of today's price
LISTED = 10  # accounts named


def _minutes(hours: float) -> str:
    """Hours as minutes: what a seat gets in a month is seldom a whole hour."""
    return words.number(60 * hours)


@part
def hours_afforded(
    client: Client,
    change: float = 0.0,
    licences: float = 30.0,
    fixed: float = 25.0,
    margin: float = 15.0,
    visit: float = 3.0,
    lost: float = 3.0,
) -> Figure:
    """How many hours does a price leave for a seat, and how many are needed?

    Args: change, percent on today's price; licences, % of today's price for licences and tools;
    fixed, % of today's price for fixed costs; margin, % of any price that has to be left over;
    visit, hours for each thing promised so often a year; lost, of 100 contacts, how many fewer are
    satisfied when the first reply takes twice as long.
    """
    made, why = books(client, licences, fixed, margin, visit)
    if made is None:
        return absent_figure("the hours that a price leaves", why)
    chosen = made.price * (1 + change / 100)
    steps = sorted({*range(-40, 45, 5), change})
    data = pd.DataFrame(
        [[made.price * (1 + s / 100), 60 * made.hours(made.price * (1 + s / 100))] for s in steps],
        columns=["price", "left"],
    )
    data = data.assign(booked=60 * made.booked, needed=60 * made.needed)
    unit = f"{client.settings.currency} a seat and month"
    known = not math.isnan(made.needed)
    must = f"; what is promised would take {_minutes(made.needed)}" if known else ""
    carries = made.price_for(made.must)
    return Figure(
        _leaves_title(client, made, chosen),
        f"At {money(client, chosen)} a seat and month, {_minutes(made.hours(chosen))} minutes a "
        f"seat are left for the desk; {_minutes(made.booked)} are booked on tickets{must}. "
        f"{money(client, carries)} would leave the minutes that "
        f"{'the promises take' if known else 'are booked'}.",
        f"{assumptions(made, visit if known else None)} Hours booked on tickets are never all the "
        "hours there are, and a promise for urgent work alone costs less than this, if urgent work "
        f"really goes first.{_scale_in_words(made, chosen)}"
        + (_follows_in_words(client, made, chosen, lost) if change else ""),
        data,
        {"price": Shown("price", unit), "left": Shown("what it leaves", "minutes a seat"),
         "booked": Shown("what is booked", "minutes a seat"),
         "needed": Shown("what the promises take", "minutes a seat")},
        lambda: price_charts.minutes_by_price(
            data["price"], data["left"], (chosen, 60 * made.hours(chosen)),
            (made.price, 60 * made.now), 60 * made.booked, 60 * made.needed, unit,
        ),
    )  # fmt: skip


def _leaves_title(client: Client, made: Books, price: float) -> str:
    hours, now = made.hours(price), f"{money(client, price)} a seat"
    if hours <= 0:
        return f"{now} leaves nothing for the desk"
    leaves = f"{now} leaves {_minutes(hours)} minutes a month"
    if hours < made.booked:
        return f"{leaves}, fewer than the {_minutes(made.booked)} that are booked"
    if math.isnan(made.needed):
        return f"{leaves}, enough for the {_minutes(made.booked)} that are booked"
    if hours < made.needed:
        return f"{leaves}; keeping what is promised would take {_minutes(made.needed)}"
    return f"{leaves}, enough for what is promised ({_minutes(made.needed)})"


def _scale_in_words(made: Books, price: float) -> str:
    """From which size on a price carries the hours: what scale is good for."""

    def size(hours: float) -> str:
        seats = made.holds_from(price, hours)
        return "at no size" if math.isnan(seats) else f"from {words.number(seats)} seats on"

    said = f" Scale: this price carries the booked hours {size(made.booked)}"
    if not math.isnan(made.needed):
        said += f", and the promises {size(made.needed)}"
    return f"{said}; you have {words.number(made.seats)}."


def _follows(
    made: Books, price: float, today: tuple[float, float, float], lost: float
) -> tuple[float, float, float]:
    """At a price: hours to a first reply, satisfied and would recommend of 100. NaN: unknown."""
    happy, warm_if, warm_else = today
    reply = made.first_reply(price)
    moved = lost * math.log2(reply / made.reply) if reply > 0 and made.reply > 0 else math.nan
    glad = happy - moved
    glad = glad if math.isnan(glad) else min(100.0, max(0.0, glad))
    return reply, glad, glad / 100 * warm_if + (1 - glad / 100) * warm_else


def _follows_in_words(client: Client, made: Books, price: float, lost: float) -> str:
    """The rungs at a price, beside those of today."""
    today = rungs(client)
    then, now = (_follows(made, p, today, lost) for p in (price, made.price))
    if math.isnan(now[0]):
        return ""
    if math.isnan(then[0]):
        return " At this price the waiting line would never stop growing."
    said = (
        f" By rule of thumb the first reply would take {words.number(then[0], 1)} hours "
        f"({words.number(now[0], 1)} today)"
    )
    if not math.isnan(then[2] + now[2]):
        said += (
            f", with {words.number(then[1])} of 100 satisfied ({words.number(now[1])} today) and "
            f"{words.number(then[2])} who would recommend ({words.number(now[2])} today), if twice "
            f"the wait costs {words.number(lost, 1)} satisfied people in 100"
        )
    return f"{said}."


@part
def price_ladder(
    client: Client,
    change: float = 0.0,
    licences: float = 30.0,
    fixed: float = 25.0,
    margin: float = 15.0,
    visit: float = 3.0,
    lost: float = 3.0,
) -> Table:
    """Price by price: hours, first reply, satisfied, would recommend, and the size it takes.

    Args: change, percent on today's price, shown beside the usual steps; the others as in
    hours_afforded.
    """
    made, why = books(client, licences, fixed, margin, visit)
    if made is None:
        return absent_table("price, hours, first reply and what follows", why)
    today, rows = rungs(client), []
    for step in sorted({*STEPS, change}):
        price = made.price * (1 + step / 100)
        reply, glad, warm = _follows(made, price, today, lost)
        seats = made.holds_from(price, made.booked)
        rows.append(
            [
                "today" if step == 0 else f"{'+' if step > 0 else ''}{words.number(step)}\u00a0%",
                price, 60 * made.hours(price), reply, glad, warm,
                seats,
            ]
        )  # fmt: skip
    data = pd.DataFrame(
        rows, columns=["step", "price", "left", "reply", "satisfied", "recommend", "seats"]
    )
    data = data.dropna(axis="columns", how="all")
    lower = made.first_reply(made.price * (1 + STEPS[1] / 100))
    return Table(
        _ladder_title(made, lower),
        f"{assumptions(made, visit if not math.isnan(made.needed) else None)} The wait follows a "
        "single waiting line (load ÷ (1 − load)), scaled to today's median. A dash: the line never "
        "stops growing, or the price holds at no size. Twice the wait is taken to cost "
        f"{words.number(lost, 1)} satisfied people in 100. Change any of them: this is a sum, not "
        "a forecast.",
        data,
        {
            "step": Shown("price"),
            "price": Shown(f"{client.settings.currency} a seat"),
            "left": Shown("minutes a seat"),
            "reply": Shown("first reply, hours"),
            "satisfied": Shown("satisfied of 100"),
            "recommend": Shown("would recommend of 100"),
            "seats": Shown("seats it takes to carry the booked work"),
        },
    )  # fmt: skip


def _ladder_title(made: Books, lower: float) -> str:
    if made.now <= made.booked:
        return "Today's price leaves fewer hours than are booked, so any line grows"
    if math.isnan(made.reply):
        return "What a price leaves in hours, and the size at which it holds"
    if math.isnan(lower):
        return "By rule of thumb, ten per cent off and the waiting line never stops growing"
    times = lower / made.reply if made.reply else math.nan
    if math.isnan(times):
        return "What a price leaves in hours, and the size at which it holds"
    longer = words.number(times, 1)
    return f"By rule of thumb, ten per cent off makes the first reply take {longer} times as long"


@part
def unpaid_hours(
    client: Client, licences: float = 30.0, fixed: float = 25.0, margin: float = 15.0
) -> Table:
    """Which accounts take more hours of the desk than their fee pays for?"""
    label = "accounts that take more hours than they pay for"
    cost = client.settings.cost_per_hour
    if not cost:
        return absent_table(label, NO_COST)
    accounts = measures.active_at_end(client)
    within = measures.window(client)
    came = accounts["since"].fillna(within.start).clip(lower=within.start)  # type: ignore[call-overload]
    months = (within.end - came).dt.days / measures.MONTH
    accounts = accounts.assign(months=months)[(accounts["monthly_fee"] > 0) & (months >= 3)]
    tickets = client["tickets"]
    tickets = tickets[within.holds(tickets["opened_at"])]
    booked = tickets.groupby("account_id")["hours_worked"].sum(min_count=1)
    left = max(0.0, 100 - licences - fixed - margin) / 100
    data = accounts.assign(
        booked=accounts["account_id"].map(booked).astype(float).fillna(0.0) / accounts["months"],
        paid=accounts["monthly_fee"] * left / cost,
    )
    if data.empty or not booked.sum():
        why = (
            "It takes paying accounts of three months and more, and hours booked on their tickets."
        )
        return absent_table(label, why)
    data = data.assign(over=(data["booked"] - data["paid"]) * cost)
    over = data[data["over"] > 0].sort_values(["over", "account_id"], ascending=[False, True])
    n, of = len(over), len(data)
    columns = ["name", "monthly_fee", "booked", "paid", "over"]
    title = f"{words.spelled(n, 'none').capitalize()} of {words.count(of, 'account')} "
    title += "takes" if n == 1 else "take"
    title += " more hours than the fee pays for"
    listed = "" if n <= LISTED else f" The {LISTED} furthest over are listed."
    share = (
        f"{words.number(100 * left)} % of each fee is taken to pay for hours of the desk: "
        f"licences and tools take {words.number(licences)} %, what costs the same whatever you "
        f"charge {words.number(fixed)} %, and {words.number(margin)} % is to be left over."
    )
    if not n:
        over = data.sort_values(["over", "account_id"], ascending=[False, True]).head(3)
        listed = " The three nearest to it are listed."
    over = over.head(LISTED)
    return Table(
        title,
        f"{share} An hour costs {money(client, cost)}. One bad quarter can put anybody on this "
        f"list; what stays on it two years running is a price.{listed}",
        over[columns].round(1).reset_index(drop=True),
        {
            "name": Shown("account"),
            "monthly_fee": Shown(f"fee, {client.settings.currency} a month"),
            "booked": Shown("hours booked a month"),
            "paid": Shown("hours paid for a month"),
            "over": Shown(f"over, {client.settings.currency} a month"),
        },
    )
