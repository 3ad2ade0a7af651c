"""Do groups of clients differ by more than luck? One cut, every cut, and what it costs to try."""

from __future__ import annotations

import numpy as np
import pandas as pd

from servicegap import stats, words
from servicegap.charts import groups as group_charts
from servicegap.client import Client
from servicegap.comparisons import ALPHA, benjamini_hochberg
from servicegap.findings import Figure, Shown, absent_figure, part
from servicegap.sessions.one_size_fits_all.cuts import CUTS, TWO_GROUPS, Cut, cut
from servicegap.sessions.one_size_fits_all.pooling import could_have_seen, false_alarms

_GROUP_COLUMNS = {
    "raw": Shown("as counted, %", "%"),
    "pooled": Shown("pooled, %", "%"),
    "low": Shown("from", "%"),
    "high": Shown("to", "%"),
}


@part
def by_cut(client: Client, by: str = "segment", tried: tuple[str, ...] = ()) -> Figure:
    """Do groups of clients give the top mark unlike often, luck allowed for?

    Args: by, how to cut your clients; tried, the cuts looked at so far, this one included or not.
    """
    found = client.remembered(cut, by)
    if not found.enough:
        return absent_figure(f"top marks by {by}", TWO_GROUPS)
    looks = tuple(dict.fromkeys((*tried, by)))
    p = dict(zip(looks, _adjusted([client.remembered(cut, name) for name in looks]), strict=True))[
        by
    ]
    data = grouped(found)
    pool, names = found.pool, list(found.names)
    worst = int(np.argmin(pool.mean))
    average = 100 * found.average
    return Figure(
        _title(found, p, looks),
        f"Top marks by {by}, {words.number(average)} % in all: "
        + "; ".join(
            f"{r.group} {words.number(r.pooled)} % pooled ({words.ends(r.low, r.high)}), "
            f"{words.number(r.raw)} % as "
            f"counted, n = {r.contacts} contacts in {r.accounts} accounts"
            for r in data.itertuples()
        )
        + f". Luck alone spreads them as widely in {_of_100(found.shuffled.p)} of 100 deals. "
        f"The chance that {names[worst]} is the lowest is "
        f"{words.number(100 * pool.is_least[worst])} %.",
        f"{_how_read(found)} {_seen(found, len(looks))} {_cost(looks)}{_left_out(found)}".strip(),
        data,
        _GROUP_COLUMNS,
        lambda: group_charts.pooled(
            names, data["raw"], data["pooled"], data["low"], data["high"],
            [words.behind(share) for share in found.shares], average, p > ALPHA,
        ),
        about="worst_segment_csat" if by == "segment" else None,
    )  # fmt: skip


def grouped(found: Cut) -> pd.DataFrame:
    """Per group: contacts, accounts, the raw share and the pooled one with its interval, in %."""
    pool = found.pool
    ends = [pool.interval(i) for i in range(len(found.names))]
    return pd.DataFrame(
        {
            "group": list(found.names),
            "contacts": [s.n for s in found.shares],
            "accounts": [s.accounts for s in found.shares],
            "raw": 100 * found.raw,
            "pooled": 100 * pool.mean,
            "low": [100 * max(low, 0.0) for low, _ in ends],
            "high": [100 * min(high, 1.0) for _, high in ends],
        }
    )


def _adjusted(looks: list[Cut]) -> list[float]:
    """p of each look by shuffling, adjusted for their number; 1 where nothing can be compared."""
    p = [look.shuffled.p if look.enough else 1.0 for look in looks]
    return [float(x) for x in benjamini_hochberg(p)]


def _title(found: Cut, p: float, looks: tuple[str, ...]) -> str:
    things = CUTS[found.by]
    if p <= ALPHA:
        sure = found.pool.is_least
        low, high = 100 * found.pool.mean.min(), 100 * found.pool.mean.max()
        said = f"Your {things} differ by more than luck: from {words.ends(low, high)} in 100"
        if sure.max() >= stats.LIKELY:
            return f"{said}, {found.names[int(sure.argmax())]} the lowest"
        return said
    if found.shuffled.p <= ALPHA:
        return f"A difference between {things} that {len(looks)} looks would find by luck as well"
    return f"No evidence that your {things} differ"


def _of_100(p: float) -> str:
    times = round(100 * p)
    return "fewer than one" if times < 1 else words.spelled(times)


def _how_read(found: Cut) -> str:
    """What pooling did to these groups."""
    off = np.abs(found.raw - found.pool.mean)
    at = int(off.argmax())
    if round(100 * off[at]) < 1:
        return "Rings are figures as counted, dots are pooled: here they hardly move."
    name, moved = found.names[at], words.points(100 * off[at])
    return (
        f"Rings are figures as counted, dots are pooled: the fewer the answers, the further a "
        f"figure is drawn towards the others, {name} by {moved}."
    )


def _seen(found: Cut, looks: int) -> str:
    """What could have been seen, had it been there."""
    apart = 100 * could_have_seen(found.variances, ALPHA / looks)
    after = "" if looks == 1 else f" (after {words.spelled(looks)} looks)"
    return (
        f"With so many answers a group {words.points(apart)} off the rest would be seen four times "
        f"in five{after}; anything smaller may be there unseen."
    )


def _cost(looks: tuple[str, ...]) -> str:
    if len(looks) == 1:
        return "One cut looked at: luck makes a find of it in 5 firms of 100 where nothing differs."
    alarms = words.number(false_alarms(len(looks)))
    return (
        f"{words.spelled(len(looks)).capitalize()} cuts looked at ({words.listed(looks)}): where "
        f"nothing differs, one at least would seem a find in {alarms} firms of 100, so each has to "
        "show more than if it were the only one."
    )


def _left_out(found: Cut) -> str:
    small = len(found.too_small)
    groups = "group is" if small == 1 else "groups are"
    return f" {words.spelled(small).capitalize()} {groups} too small to show." if small else ""


# -- every cut ---------------------------------------------------------------------------------


@part
def many_cuts(client: Client) -> Figure:
    """Which of the cuts spreads the groups further than luck would, all cuts counted?"""
    every = {by: cut(client, by) for by in CUTS}
    looks = {by: found for by, found in every.items() if found.enough}
    if not looks:
        return absent_figure("every cut beside luck", TWO_GROUPS)
    p = _adjusted(list(looks.values()))
    data = pd.DataFrame(
        [
            [by, len(c.names), 100 * c.shuffled.spread, 100 * c.shuffled.by_luck,
             100 * c.shuffled.p, 100 * q]
            for (by, c), q in zip(looks.items(), p, strict=True)
        ],
        columns=["cut", "groups", "spread", "by_luck", "luck", "adjusted"],
    )  # fmt: skip
    alone = [by for by, c in looks.items() if c.shuffled.p <= ALPHA]
    stands = [by for by, q in zip(looks, p, strict=True) if q <= ALPHA]
    missing = [by for by in every if by not in looks]
    not_there = f" Too few people for: {words.listed(missing)}." if missing else ""
    return Figure(
        _many_title(len(looks), alone, stands),
        "From the lowest group to the highest, as counted: "
        + "; ".join(
            f"by {r.cut} {words.number(r.spread)} points, where luck stays under "
            f"{words.number(r.by_luck)}"
            for r in data.itertuples()
        )
        + ".",
        "The dot is how far the highest group lies above the lowest; the grey bar is how far they "
        "lie apart by luck, 95 times in 100, when accounts are dealt to the groups like cards. "
        f"{_cost(tuple(looks))}{not_there}",
        data,
        {
            "spread": Shown("lowest to highest, points", "points"),
            "by_luck": Shown("luck stays under", "points"),
            "luck": Shown("luck does as much in 100 deals"),
            "adjusted": Shown("after so many looks"),
        },
        lambda: group_charts.luck(
            [f"by {by}" for by in data["cut"]], data["spread"], data["by_luck"],
            [words.count(n, "group") for n in data["groups"]],
            [by not in stands for by in data["cut"]],
        ),
    )  # fmt: skip


def _many_title(looks: int, alone: list[str], stands: list[str]) -> str:
    if stands:
        return f"More than luck, all looks counted: by {words.listed(stands)}"
    if alone:
        found = words.listed([f"by {by}" for by in alone])
        return f"What seemed a find {found} is no more than {words.spelled(looks)} looks bring"
    one = "The one cut that can be made shows" if looks == 1 else "None of these cuts shows"
    return f"{one} more than luck" if looks > 1 else f"{one} no more than luck"
