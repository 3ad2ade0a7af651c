"""What does a price leave? Fee − what else it has to carry = hours; hours = first reply, and so on.

Everything that is not in the client's files is an assumption, printed where it is used. All shares
are of today's average price, so that they hold in any currency.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import pandas as pd

from servicegap import measures, schema, stats, words
from servicegap.client import Client
from servicegap.sessions.pricing_vs_value.fees import paying, price_now

_FIRST = ("first reply", "first response")
NO_COST = "It needs cost_per_hour in client.yaml: what an hour of the desk costs you."


@dataclass(frozen=True)
class Books:
    """What a seat pays and costs a month, as far as the files and the assumptions say.

    `price` is today's average fee for a seat, `booked` the hours booked for a seat a month,
    `reply` the median hours to a first reply (NaN unknown), `needed` the hours that the promises
    need (NaN where none is behind), `covered` the share of tickets that have hours.
    `licences` (tools and licences, for every seat) and `fixed` (what costs the same however many
    seats there are) are percent of today's price, `margin` percent of any price.
    """

    price: float
    seats: float
    accounts: int
    cost_per_hour: float
    booked: float
    reply: float
    needed: float
    covered: float
    licences: float
    fixed: float
    margin: float

    def hours(self, price: float) -> float:
        """Hours a month that a price leaves for a seat; none where it leaves less than nothing."""
        carried = (self.licences + self.fixed) / 100 * self.price
        return max(0.0, (price * (1 - self.margin / 100) - carried) / self.cost_per_hour)

    def price_for(self, hours: float) -> float:
        """The price of a seat that leaves so many hours."""
        carried = (self.licences + self.fixed) / 100 * self.price
        return (hours * self.cost_per_hour + carried) / (1 - self.margin / 100)

    def first_reply(self, price: float) -> float:
        """Hours to a first reply at a price, by the waiting line. NaN where it never settles."""
        then, now = _queue(self.booked, self.hours(price)), _queue(self.booked, self.now)
        return self.reply * then / now if now and math.isfinite(then * now) else math.nan

    def holds_from(self, price: float, hours: float) -> float:
        """The number of seats from which a price carries so many hours a seat. NaN: never.

        More seats share the fixed costs; that is what scale is good for.
        """
        per_seat = price * (1 - self.margin / 100) - self.licences / 100 * self.price
        left = per_seat - hours * self.cost_per_hour
        total = self.fixed / 100 * self.price * self.seats
        return math.ceil(total / left - 1e-9) if left > 1e-9 else math.nan

    @property
    def now(self) -> float:
        return self.hours(self.price)

    @property
    def must(self) -> float:
        """The hours that have to be there: for the promises, else for the work that is booked."""
        return self.booked if math.isnan(self.needed) else self.needed


def _queue(work: float, hours: float) -> float:
    """How long the line is: load ÷ (1 − load), as in a single line of random arrivals (M/M/1)."""
    return work / (hours - work) if hours > work else math.inf


def books(
    client: Client, licences: float = 30, fixed: float = 25, margin: float = 15, visit: float = 3
) -> tuple[Books | None, str]:
    """Make the books, or say in a sentence why they can't be made."""
    cost = client.settings.cost_per_hour
    if not cost:
        return None, NO_COST
    accounts = paying(client)
    seats, months = float(accounts["seats"].sum()), window_months(client)
    tickets = client["tickets"]
    inside = measures.window(client).holds(tickets["opened_at"])
    tickets = tickets[inside & tickets["account_id"].isin(accounts["account_id"])]
    timed = tickets["hours_worked"].dropna()
    if len(accounts) < stats.ACCOUNTS_FROM or timed.empty or not months:
        why = "It takes five paying accounts, and tickets of the window with hours booked on them."
        return None, why
    booked = float(timed.mean()) * len(tickets) / months / seats
    waits = (tickets["first_reply_at"] - tickets["opened_at"]).dt.total_seconds() / 3600
    start = Books(
        price_now(client), seats, len(accounts), cost, booked,
        float(waits[waits >= 0].median()), math.nan, len(timed) / len(tickets),
        licences, fixed, margin,
    )  # fmt: skip
    return Books(**{**start.__dict__, "needed": _needed(client, start, visit)}), ""


def window_months(client: Client) -> float:
    return measures.window(client).days / measures.MONTH


def _needed(client: Client, now: Books, visit: float) -> float:
    """Hours for a seat a month that the promises take which are not kept today.

    A quicker first reply needs a shorter line; whatever is promised so often a year to every
    account takes `visit` hours each time. The promise counts, else the standard.
    """
    rows = client["standards"]
    target = rows["promised"].fillna(rows["standard"])
    unit = rows["unit"].astype("str").str.casefold().str.strip()
    name = rows["measure"].astype("str").str.casefold()
    first = name.str.contains("|".join(_FIRST), regex=True) & unit.isin(["hours", "hour", "h"])
    quicker = (target / rows["delivered"])[first & (target < rows["delivered"])].min()
    often = unit.isin(["a year", "per year", "yearly"]) & (target > rows["delivered"])
    extra = float((target - rows["delivered"])[often].sum()) * now.accounts * visit / 12 / now.seats
    if pd.isna(quicker) and not extra:
        return math.nan
    hours = max(now.booked, 1e-9)
    if not pd.isna(quicker) and quicker > 0:
        line = _queue(now.booked, now.now) * float(quicker)
        if math.isfinite(line) and line > 0:
            hours = now.booked * (1 + 1 / line)
    return hours + extra


def rungs(client: Client) -> tuple[float, float, float]:
    """Of 100 contacts: satisfied; warmly recommending if satisfied, and if not. NaN: unknown."""
    nothing = (math.nan, math.nan, math.nan)
    if not client.has("relationship.satisfaction") or not client.has("relationship.would_refer"):
        return nothing
    happy = measures.felt(client, "satisfaction")
    if not stats.enough(len(happy), happy["account_id"].nunique()):
        return nothing
    rows = client["relationship"]
    scale = rows["refer_scale"].fillna(rows["scale"])
    tops = scale.map({name: s.top for name, s in schema.SCALES.items()})
    told = rows.assign(
        person=measures.person(rows, client),
        warm=(rows["would_refer"] >= tops).where(rows["would_refer"].notna()).astype(float),
    )
    warm = told.groupby("person")["warm"].mean()
    both = happy.assign(warm=happy["person"].map(warm)).dropna(subset=["warm"])
    glad = both["satisfied"] >= 0.5
    if min(glad.sum(), (~glad).sum()) < stats.HIDDEN_BELOW:
        return nothing
    return (
        100 * stats.mean(happy["satisfied"]),
        100 * stats.mean(both["warm"][glad]),
        100 * stats.mean(both["warm"][~glad]),
    )


def assumptions(made: Books, visit: float | None = None) -> str:
    """Say what was assumed, in one sentence."""
    said = (
        f"Assumed: of today's price {words.number(made.licences)} % goes on licences and tools, "
        f"{words.number(made.fixed)} % on what costs the same whatever you charge, and "
        f"{words.number(made.margin)} % of any price has to be left over."
    )
    if visit is not None:
        said += (
            " Promises are those in the table of standards; one to be kept so many times a year, "
            f"such as a yearly review, is taken to need {words.number(visit)} hours each time."
        )
    if made.covered < 1:
        said += (
            f" {words.number(100 * made.covered)} % of tickets have hours; the others count as "
            "average."
        )
    return said
