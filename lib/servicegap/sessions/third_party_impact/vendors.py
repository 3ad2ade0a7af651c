"""One supplier at a time: what each costs, shrunk towards the others, and who watches whom."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from servicegap import measures, stats, subtraction, words
from servicegap.charts import effects as effect_charts
from servicegap.client import Client
from servicegap.comparisons import ALPHA, SEEN, benjamini_hochberg
from servicegap.findings import Figure, Shown, Table, absent_figure, absent_table, part
from servicegap.pooling import Pool
from servicegap.sessions.third_party_impact import chain
from servicegap.sessions.third_party_impact.adjusting import Compared
from servicegap.sessions.third_party_impact.cards import cards
from servicegap.sessions.third_party_impact.effects import on_the_treated
from servicegap.sessions.third_party_impact.harm import least_error, marks

NOT_ONE = "No supplier has rated tickets of ten contacts in five accounts."


@dataclass(frozen=True)
class Each:
    """Suppliers that may be shown, most tickets first: top marks lost as fractions.

    `alone` is each like with like, `errors` its standard error, `pool` the same shrunk towards each
    other; `tickets`, `people` and `accounts` are those behind it; `hidden` how many stay out.
    """

    names: tuple[str, ...]
    alone: NDArray
    errors: NDArray
    pool: Pool
    tickets: tuple[int, ...]
    people: tuple[int, ...]
    accounts: tuple[int, ...]
    hidden: int

    def interval(self, i: int) -> tuple[float, float]:
        return self.pool.interval(i)

    @property
    def apart(self) -> str:
        """The supplier that costs more than each of the others, ranges apart; "" if none does."""
        ends = [self.interval(i) for i in range(len(self.names))]
        for i, (low, _) in enumerate(ends):
            others = [high for j, (_, high) in enumerate(ends) if j != i]
            if others and low > max(others):
                return self.names[i]
        return ""

    @property
    def settled(self) -> NDArray:
        """Which suppliers' losses (or gains) are more than luck, all suppliers counted."""
        under = (self.pool.draws() < 0).mean(axis=0)
        p = 2 * np.minimum(under, 1 - under) + 1 / stats.DRAWS
        return benjamini_hochberg(np.minimum(p, 1)) <= ALPHA


def _lost(both: Compared, groups: NDArray) -> tuple[NDArray, NDArray]:
    """Top marks lost on the tickets of each group of treated ones, doubly robust, and its error.

    Args: groups, (tickets, k) of 0 and 1. What a model of tickets without a supplier says, less
    what was given, less the same on tickets without one that look like those with one.
    """
    tickets = [both.table(group) for group in groups.T]
    marks = [both.table(group * both.y) for group in groups.T]

    def of(own: NDArray, said: NDArray, chance: NDArray) -> NDArray:
        rest = both.weighed(own)
        lost = []
        for n, s in zip(tickets, marks, strict=True):
            mine = replace(rest, with_=own @ n, sum_with=own @ s)
            lost.append(-on_the_treated(mine, said, chance).doubly_robust)
        return np.column_stack(lost)

    whole = np.ones((1, both.firms)), both.said[None], both.cell_chance[None]
    draws = np.concatenate([of(*chunk) for chunk in both.resampled()])
    return of(*whole)[0], np.nanstd(draws, axis=0, ddof=1)


def of_client(client: Client) -> Each | None:
    """What every supplier of a client costs, worked out once; see `each`."""
    return client.remembered(_of_client)


def _of_client(client: Client) -> Each | None:
    return each(chain.rated(client), marks(client))


def each(frame: pd.DataFrame, both: Compared) -> Each | None:
    """What every supplier costs; None where not one has enough tickets to be shown.

    Args: frame, rated tickets; both, the same compared on top marks.
    """
    with_ = frame[frame["involved"]]
    who = measures.present(with_, "vendor")
    names = subtraction.safe_to_show(who["person"], who["account_id"], who["vendor"])
    if not names:
        return None
    groups = np.column_stack([(frame["vendor"] == name).to_numpy(float) for name in names])
    alone, errors = _lost(both, groups)
    fine = np.isfinite(alone) & np.isfinite(errors) & (errors > 0)
    if not fine.any():
        return None
    names = [name for name, ok in zip(names, fine, strict=True) if ok]
    order = sorted(names, key=lambda n: (-(with_["vendor"] == n).sum(), n))
    at = [names.index(name) for name in order]
    mine = [with_[with_["vendor"] == name] for name in order]
    # as with the headline: draws of people who are of one mind have no error to show
    told = frame[["involved", "top"]]
    rest = told[~told["involved"]]
    least = [least_error(pd.concat([told.loc[m.index], rest])) for m in mine]
    alone, errors = alone[fine][at], np.maximum(errors[fine][at], least)
    return Each(
        tuple(order), alone, errors, Pool(alone, errors**2),
        tuple(len(m) for m in mine), tuple(m["person"].nunique() for m in mine),
        tuple(m["account_id"].nunique() for m in mine), with_["vendor"].nunique() - len(order),
    )  # fmt: skip


@part
def vendors(client: Client) -> Figure:
    """What does each supplier cost in top marks, luck allowed for?"""
    label = "each supplier by itself"
    frame = chain.rated(client)
    if why := chain.one_sided(client, frame) or chain.too_thin(frame):
        return absent_figure(label, why)
    found = of_client(client)
    if found is None:
        return absent_figure(label, NOT_ONE)
    ends = np.array([found.interval(i) for i in range(len(found.names))])
    data = pd.DataFrame(
        {"supplier": found.names, "alone": 100 * found.alone, "pooled": 100 * found.pool.mean,
         "low": 100 * ends[:, 0], "high": 100 * ends[:, 1], "tickets": found.tickets,
         "contacts": found.people, "accounts": found.accounts}
    )  # fmt: skip
    left_out = (
        f" {words.spelled(found.hidden).capitalize()} with too few contacts "
        f"{'stays' if found.hidden == 1 else 'stay'} out."
        if found.hidden
        else ""
    )
    return Figure(
        _title(found, data),
        "Top marks lost in 100 ratings: "
        + "; ".join(_in_words(found, i) for i in range(len(found.names)))
        + ".",
        "Rings are each supplier by itself, dots are drawn towards the others, the further the "
        f"fewer ratings stand behind it. {_seen(found)} Lines that overlap have no order; the list "
        f"goes by number of tickets.{left_out}",
        data,
        {"supplier": Shown("supplier"), "alone": Shown("lost of 100, by itself", "points"),
         "pooled": Shown("lost of 100, pooled", "points"), "low": Shown("from", "points"),
         "high": Shown("to", "points"), "tickets": Shown("rated tickets")},
        lambda: effect_charts.around_nought(
            data["supplier"].tolist(), data["pooled"], data["low"], data["high"],
            [f"{r.tickets} tickets of {r.contacts} contacts" for r in data.itertuples()],
            ("it helps", "it costs"), "of 100", alone=data["alone"],
            hollow=[not sure for sure in found.settled],
        ),
    )  # fmt: skip


def _in_words(found: Each, i: int) -> str:
    value, (low, high) = 100 * float(found.pool.mean[i]), found.interval(i)
    return (
        f"{found.names[i]} {chain.ranged(value, 100 * low, 100 * high)}, alone "
        f"{words.number(100 * float(found.alone[i]))}, n = {found.tickets[i]} tickets of "
        f"{found.people[i]} contacts in {found.accounts[i]} accounts"
    )


def _seen(found: Each) -> str:
    """How far one supplier would have to stand off the others to be seen."""
    if len(found.names) < 2:
        return ""
    apart = SEEN * float(np.median(np.sqrt(found.errors**2 + (found.errors**2).mean())))
    return (
        "So few ratings would show a supplier that stands "
        f"{words.points(100 * apart)} off another, four times in five; less may be there unseen."
    )


def _title(found: Each, data: pd.DataFrame) -> str:
    names = data["supplier"].astype(str)
    costs = names[found.settled & (data["pooled"] > 0)].tolist()
    helps = names[found.settled & (data["pooled"] < 0)].tolist()
    if found.apart:
        return f"Worth asking: {found.apart} costs more top marks than any other supplier"
    if not costs and not helps:
        return "Supplier by supplier, nothing is settled"
    said = []
    if costs:
        whose = "each supplier" if len(costs) == len(data) > 1 else words.listed(costs)
        verb = "cost" if len(costs) > 1 and len(costs) < len(data) else "costs"
        said.append(f"{whose} {verb} top marks")
    if helps:
        said.append(f"{words.listed(helps)} {'bring' if len(helps) > 1 else 'brings'} some")
    tail = "; which of them most can't be told" if len(costs) > 1 else ""
    return f"Worth asking: {' and '.join(said)}{tail}"


# -- harm and control together -----------------------------------------------------------------


@part
def harm_and_control(client: Client) -> Table:
    """Which supplier costs top marks and has nobody watching it?"""
    found, frame = cards(client), chain.rated(client) if client.has("ratings.ticket_id") else None
    met = [card for card in found if card.tickets and not card.over]
    if not met:
        lately = words.length(measures.window(client), figures=True)
        why = f"No ticket of these {lately} names a supplier that is still with you."
        return absent_table("harm and control together", why)
    one = of_client(client) if frame is not None and chain.enough(frame) else None
    lost = {} if one is None else {name: i for i, name in enumerate(one.names)}
    rows, bad = [], []
    for card in met:
        said, costs = "too few ratings", None
        if one is not None and card.name in lost:
            low, high = (100 * x for x in one.interval(lost[card.name]))
            said = words.span(low, high)
            costs = low > 0 and bool(one.settled[lost[card.name]])
        rows.append([card.name, 100 * card.tickets / card.of, said, f"{card.held} of 4",
                     _first(card.missing, costs)])  # fmt: skip
        if costs and card.missing:
            bad.append(card.name)
    data = pd.DataFrame(rows, columns=["supplier", "share", "lost", "held", "first"])
    return Table(
        _joined(bad, met, one is not None),
        "Top marks lost are those of the picture above, pooled, as a range. The order is that of "
        "the number of tickets. A control that is written down is not yet a control that works; "
        "one that isn't written down rarely does.",
        data,
        {"supplier": Shown("supplier"), "share": Shown("of tickets with a supplier", "%"),
         "lost": Shown("top marks lost of 100"), "held": Shown("controls"),
         "first": Shown("what to do first")},
    )  # fmt: skip


_FIRST = {
    "measure": "agree one number with them",
    "feedback": "tell them monthly what clients said",
    "escalation": "get the name of a person to ring",
    "exit": "find out how you would leave",
}


def _first(missing: list[str], costs: bool | None) -> str:
    if not missing:
        return "use the controls: show them the ratings" if costs else "nothing: keep watching"
    return _FIRST[missing[0]]


def _joined(bad: list[str], met: list, judged: bool) -> str:
    bare = [card.name for card in met if card.missing]
    if bad:
        verb = "cost" if len(bad) > 1 else "costs"
        have = "have" if len(bad) > 1 else "has"
        return f"Worth asking: {words.listed(bad)} {verb} top marks and {have} a control missing"
    if bare:
        n = len(bare)
        tail = "no settled harm from any of them" if judged else "their harm can't be told yet"
        return (
            f"{words.spelled(n).capitalize()} of {words.spelled(len(met))} suppliers "
            f"{'lacks' if n == 1 else 'lack'} a control; {tail}"
        )
    return "Every supplier on your tickets has all four controls"
