"""Fee against value felt: the map, whether the cheaper are happier, and the resentment zone.

Gale's customer value map with Leszinski and Marn's equivalence line. The question is value *for
money*, so the price is in the answer already, and the line on which everybody gets as much for
their money as the others is flat. Nobody is shown alone: groups are of ten people in five accounts.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from servicegap import measures, stats, subtraction, words
from servicegap.charts import prices as price_charts
from servicegap.client import Client
from servicegap.comparisons import ALPHA, SEEN, benjamini_hochberg
from servicegap.findings import Figure, Shown, Table, absent_figure, absent_table, part
from servicegap.sessions.pricing_vs_value.fees import felt_and_paid, money, paying

_TOO_FEW = (
    "It takes two groups of ten people in five accounts each who said what it is worth, and nobody "
    "may be known from what is left over."
)
# so many bands, and so many of them to show: the last but one may go to hide a few people
_CUTS = ((4, 4), (3, 3), (2, 2), (4, 3), (3, 2))
_BANDS = {"fee": "per_seat", "size": "seats"}


def _groups(client: Client, people: pd.DataFrame, unpaid: pd.DataFrame, by: str) -> pd.Series:
    """The group of each person: a band of fee a seat or of size, or what the account is."""
    column = _BANDS.get(by)
    if column is None:
        return people[by]
    accounts = people.drop_duplicates("account_id").set_index("account_id")[column]
    for bands, least in _CUTS:
        cut = pd.qcut(accounts, bands, duplicates="drop", labels=False)
        found = people["account_id"].map(cut)
        if len(_shown(people, found, unpaid)) >= least:
            break
    else:
        return pd.Series(pd.NA, index=people.index, dtype="str")
    low, high = (getattr(people[column].groupby(found), end)() for end in ("min", "max"))
    name = money if by == "fee" else lambda _, x: words.number(x)
    unit = " a seat" if by == "fee" else " seats"
    names = {b: f"{name(client, low[b])} to {name(client, high[b])}{unit}" for b in low.index}
    return found.map(names)


def _rows(data: pd.DataFrame) -> Iterator[Any]:
    return data.itertuples()


def _unpaid(client: Client, people: pd.DataFrame, what: str = "value") -> pd.DataFrame:
    """Who answered `what` too, at accounts without a fee: the headline counts them."""
    everybody = measures.felt(client, what)
    return everybody[~everybody["person"].isin(people["person"])]


def _shown(people: pd.DataFrame, groups: pd.Series, unpaid: pd.DataFrame) -> list[str]:
    """The groups that give nobody away, the `unpaid` being of no group."""
    loose = pd.Series(None, index=range(len(unpaid)), dtype=object)
    return subtraction.safe_to_show(
        pd.concat([people["person"], unpaid["person"]]),
        pd.concat([people["account_id"], unpaid["account_id"]]),
        pd.concat([groups.astype(object), loose]),
    )


def _all_together(people: pd.DataFrame, unpaid: pd.DataFrame) -> float:
    """Top marks of those who pay, in percent; with few others, of everybody, as the headline."""
    few = len(unpaid) < stats.HIDDEN_BELOW
    return 100 * stats.mean(pd.concat([people["top"], unpaid["top"]]) if few else people["top"])


@part
def value_map(client: Client, by: str = "fee") -> Figure:
    """Who pays what for a seat, and who feels that it is worth it?

    Args: by, what makes a group: fee, segment, trade, site or size.
    """
    people = felt_and_paid(client)
    unpaid = _unpaid(client, people)
    people = people.assign(group=_groups(client, people, unpaid, by))
    shown = _shown(people, people["group"], unpaid)
    if len(shown) < 2:
        return absent_figure("fee against value felt", _TOO_FEW)
    middle = float(paying(client)["per_seat"].median())
    line = _all_together(people, unpaid)
    rows, found = [], []
    for name in shown:
        group = people[people["group"] == name]
        homes = group.drop_duplicates("account_id")
        fee = float(homes["monthly_fee"].sum() / homes["seats"].sum())
        estimate = stats.share(group["top"], group["account_id"])
        found.append(estimate)
        rows.append(
            [name, fee, estimate.value, estimate.low, estimate.high, estimate.n,
             _corner(fee >= middle, estimate.value >= line)]
        )  # fmt: skip
    data = pd.DataFrame(
        rows, columns=["group", "per_seat", "value", "low", "high", "people", "corner"]
    ).sort_values("per_seat", kind="stable")
    p = benjamini_hochberg([e.p_value(line) for e in found])
    off = [(n, e.value) for n, e, q in zip(shown, found, p, strict=True) if q <= ALPHA]
    error = float(np.median([(e.high - e.low) / (2 * stats.Z95) for e in found]))
    unit = f"{client.settings.currency} a seat and month"
    return Figure(
        _map_title(off, line),
        f"Top marks for value by what a seat pays; all together {words.number(line)} %. "
        + "; ".join(
            f"{r.group}: {money(client, r.per_seat)} a seat, {words.number(r.value)} % "
            f"({words.ends(r.low, r.high)}), {r.corner}"
            for r in _rows(data)
        )
        + ".",
        "The flat line is where people get as much for their money as everybody else does; the "
        "upright one is the fee of the account in the middle. With groups of this size a "
        f"difference of about {words.points(SEEN * math.sqrt(2) * error)} between two would be "
        "seen four times in five. Worth asking about, no more. "
        f"{_who(people)}",
        data,
        {"per_seat": Shown("fee a seat", unit), "value": Shown("top marks for value", "%"),
         "low": Shown("from", "%"), "high": Shown("to", "%")},
        lambda: price_charts.value_map(
            data["group"].tolist(), data["per_seat"], data["value"], data["low"], data["high"],
            line, middle, unit,
        ),
        about="good_value_share",
    )  # fmt: skip


def _who(people: pd.DataFrame) -> str:
    accounts = people["account_id"].nunique()
    return (
        f"n = {words.count(len(people), 'contact')} of {words.count(accounts, 'account')} that "
        "pay today."
    )


def _corner(dear: bool, worth: bool) -> str:
    return f"pays {'more' if dear else 'less'}, {'worth it' if worth else 'and feels it'}"


def _map_title(off: list[tuple[str, float]], line: float) -> str:
    below = [name for name, value in off if value < line]
    above = [name for name, value in off if value >= line]
    if below:
        return f"Less for their money than the others feel: {words.listed(below)}"
    if above:
        return f"More for their money than the others feel: {words.listed(above)}"
    return "No evidence that any group feels it gets more or less for its money than the others"


# -- the cheaper, the happier? -----------------------------------------------------------------


@dataclass(frozen=True)
class Difference:
    """Top marks of those who pay less − of those who pay more, in points, with its draws."""

    name: str
    estimate: stats.Estimate
    draws: NDArray


def difference(name: str, people: pd.DataFrame, low: pd.Series, drawn: NDArray) -> Difference:
    """Compare the people for whom `low` is true with the others.

    Args: people, with top and home (the number of the account); drawn, (draws, accounts), how
    often each account is drawn again (cluster bootstrap). p is t's with accounts − 1.
    """
    homes = drawn.shape[1]
    shares, values = [], []
    for arm in (low, ~low):
        rows = people[arm]
        sums = np.bincount(rows["home"], weights=rows["top"], minlength=homes)
        sizes = np.bincount(rows["home"], minlength=homes)
        with np.errstate(invalid="ignore", divide="ignore"):
            shares.append(100 * (drawn @ sums) / (drawn @ sizes))
        values.append(100 * stats.mean(rows["top"]))
    draws, value = shares[0] - shares[1], values[0] - values[1]
    n, firms = len(people), people["account_id"].nunique()
    return Difference(
        name,
        stats.from_error(value, float(np.nanstd(draws)), n, n, firms, "points", "contacts"),
        np.nan_to_num(draws, nan=value),
    )


def _halves(people: pd.DataFrame) -> pd.Series:
    """Who is of an account in the lower half by fee a seat, among the accounts given?"""
    accounts = people.drop_duplicates("account_id")
    return people["per_seat"] < accounts["per_seat"].median()


def cheaper_and_happier(client: Client, feeling: str = "value") -> list[Difference]:
    """The difference between those who pay less and more: in all, like with like, by segment.

    "Like with like" is the mean of the differences within segments, weighted by their people; it
    and the segments are there where at least two segments have both arms.
    """
    people = felt_and_paid(client, feeling)
    if people.empty:
        return []
    people = people.sort_values(["per_seat", "account_id", "person"], kind="stable")
    people = people.assign(home=pd.factorize(people["account_id"])[0])
    homes = int(people["home"].max()) + 1
    rng = np.random.default_rng(stats.SEED)
    drawn = rng.multinomial(homes, np.full(homes, 1 / homes), size=stats.DRAWS)
    low = _halves(people)
    if len(_shown(people, low, _unpaid(client, people, feeling))) < 2:
        return []
    found = [difference("everybody", people, low, drawn)]
    segments = []
    for name, group in people.groupby("segment", observed=True, sort=True):
        lower = _halves(group)
        if len(_shown(group, lower, people[:0])) == 2:
            segments.append(difference(f"within {name}", group, lower, drawn))
    if len(segments) < 2:
        return found
    weights = np.array([s.estimate.n for s in segments], dtype=float)
    weights /= weights.sum()
    value = float(weights @ [s.estimate.value for s in segments])
    draws = weights @ np.stack([s.draws for s in segments])
    n = sum(s.estimate.n for s in segments)
    firms = sum(s.estimate.accounts for s in segments)
    like = stats.from_error(value, float(np.std(draws)), n, n, firms, "points", "contacts")
    return [*found, Difference("like with like", like, draws), *segments]


@part
def cheaper_happier(client: Client, feeling: str = "value") -> Figure:
    """The cheaper, the happier? Those who pay less beside those who pay more.

    Args: feeling, which mark is compared: value or satisfaction.
    """
    found = cheaper_and_happier(client, feeling)
    if not found:
        return absent_figure("whether those who pay less are happier", _TOO_FEW)
    p = benjamini_hochberg([f.estimate.p_value(0.0) for f in found])
    data = pd.DataFrame(
        [[f.name, f.estimate.value, f.estimate.low, f.estimate.high, f.estimate.n, q]
         for f, q in zip(found, p, strict=True)],
        columns=["among", "difference", "low", "high", "people", "p"],
    )  # fmt: skip
    first = found[0].estimate
    visible = SEEN * (first.high - first.low) / (2 * stats.Z95)
    like = (
        "Inside the segments it could not be checked: too few of either kind."
        if len(found) == 1
        else "“Like with like” compares people of one segment only."
    )
    return Figure(
        _cheaper_title(found, p, feeling),
        f"Top marks for {feeling}, those who pay less for a seat − those who pay more: "
        + "; ".join(
            f"{r.among} {words.number(r.difference)} points ({words.ends(r.low, r.high)})"
            for r in _rows(data)
        )
        + ".",
        f"Right of nought, those who pay less are happier. {like} With answers like these a "
        f"difference of about {words.points(visible)} would be seen four times in five; a smaller "
        "one may be there all the same. Hollow: not settled, allowing for several looks.",
        data,
        {"difference": Shown("those who pay less − more", "points"), "low": Shown("from"),
         "high": Shown("to"), "p": Shown("p, adjusted")},
        lambda: price_charts.differences(
            data["among"].tolist(), data["difference"], data["low"], data["high"],
            [f"n = {words.number(n)}" for n in data["people"]], p > ALPHA,
        ),
    )  # fmt: skip


def _cheaper_title(found: list[Difference], p: NDArray, feeling: str) -> str:
    whole = found[0].estimate
    if len(found) > 1:
        turned = float(np.mean(np.sign(found[1].draws) == -np.sign(whole.value)))
        if p[0] <= ALPHA and turned >= stats.LIKELY:
            return "Mixed: what shows in all turns round when like is set beside like"
    if p[0] > ALPHA:
        return f"No evidence that those who pay less are happier (top marks for {feeling})"
    more = "more" if whole.value > 0 else "less"
    return (
        f"Those who pay less give the top mark for {feeling} {more} often, by "
        f"{words.points(whole.value)}"
    )


# -- pays little and feels it ------------------------------------------------------------------


@part
def resentment_zone(client: Client, mark: str = "top") -> Table:
    """Who pays less than most and feels it? The four corners, by people.

    Args: mark, what counts as feeling that it is worth the money: top (the top mark for value) or
    satisfied (the satisfied box).
    """
    label = "who pays little and feels it"
    people = felt_and_paid(client)
    low, unpaid = _halves(people), _unpaid(client, people)
    if people.empty or len(_shown(people, low, unpaid)) < 2:
        return absent_table(label, _TOO_FEW)
    worth = people[mark] >= 0.5
    names = [_corner(not cheap, happy) for cheap, happy in zip(low, worth, strict=True)]
    corner = pd.Series(names, index=people.index)
    shown = _shown(people, corner, unpaid)
    rows: list[list] = []
    zones: dict[tuple[bool, bool], stats.Estimate] = {}
    for dear, happy in ((False, False), (False, True), (True, False), (True, True)):
        name = _corner(dear, happy)
        if name not in shown:
            rows.append([name, None, None, None, None, None])
            continue
        half, group = people[low != dear], people[corner == name]
        share = stats.share((worth[half.index] == happy).astype(float), half["account_id"])
        zones[dear, happy] = share
        homes = group.drop_duplicates("account_id")
        rows.append(
            [name, len(group), share.value, words.ends(share.low, share.high),
             len(homes), float(homes["monthly_fee"].sum())]
        )  # fmt: skip
    data = pd.DataFrame(
        rows, columns=["corner", "people", "share", "range", "accounts", "monthly_fee"]
    )
    below = "less than the top mark" if mark == "top" else "less than satisfied"
    title = f"Too few who pay less than most give {below} to be shown without showing a person"
    if (False, False) in zones:
        zone = zones[False, False]
        title = (
            f"{words.number(zone.value)} in 100 of those who pay less than most give {below} for "
            "value "
            f"({words.ends(zone.low, zone.high)})"
        )
    dash = " A dash: fewer than ten people, or needed to hide those." if len(shown) < 4 else ""
    return Table(
        title,
        "Less and more: the lower and the upper half of accounts by fee a seat. “And feels it”: "
        f"{below} for value. An account whose people disagree stands in two corners. Where a low "
        f"fee buys no thanks, that is the resentment zone.{dash}",
        data,
        {"share": Shown("% of those who pay alike"), "range": Shown("95 % interval"),
         "monthly_fee": Shown(f"their fees, {client.settings.currency} a month")},
    )  # fmt: skip
