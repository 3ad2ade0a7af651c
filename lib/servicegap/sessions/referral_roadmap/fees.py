"""A service is easily switched off: whose fees are paid by people who would recommend you?"""

from __future__ import annotations

import pandas as pd

from servicegap import charts, measures, schema, stats, subtraction, words
from servicegap.client import Client
from servicegap.findings import Figure, Shown, absent_figure, part

ZONES = ("would recommend you", "satisfied, and no more", "not satisfied", "nobody answered")
OTHERS = "others who answered"  # where the kinds can't be shown one by one
EVERYBODY = "all who answered"
_TONES = (charts.GOOD, charts.TICK, charts.BAD, charts.GRID)


def money(client: Client, x: float) -> str:
    """A sum as people say it: `£12,400`."""
    return words.money(x, client.settings.currency)


def paying_accounts(client: Client) -> pd.DataFrame:
    """Accounts there at the window's end that pay a fee, with the zone their people are in.

    Returns: account_id, monthly_fee, zone (one of ZONES: at least half of the people who answered
    there would recommend, or are at least satisfied, or neither), people who answered.
    """
    accounts = measures.active_at_end(client)
    kept = accounts[accounts["monthly_fee"] > 0]
    people = measures.asked(client).people
    own = people.groupby(["account_id", "person"])[["satisfied", "would"]].mean()
    own = own.assign(would=own["would"] * own["satisfied"])
    firms = own.groupby("account_id").mean().assign(people=own.groupby("account_id").size())
    found = kept[["account_id", "monthly_fee"]].merge(
        firms, how="left", left_on="account_id", right_index=True
    )
    zone = pd.Series(ZONES[2], index=found.index)
    zone[found["satisfied"] >= 0.5] = ZONES[1]
    zone[found["would"] >= 0.5] = ZONES[0]
    zone[found["people"].isna()] = ZONES[3]
    return found.assign(zone=zone, people=found["people"].fillna(0).astype(int))


def _shown(accounts: pd.DataFrame) -> dict[str, list[str]]:
    """The zones that may stand alone; those with too few people are told as one.

    What is told as one has ten people in five accounts as well: the smallest zone that could stand
    alone goes with it until it has.
    """
    heard = accounts[accounts["people"] > 0]
    rows = heard.loc[heard.index.repeat(heard["people"])]
    people = [f"{a} {i}" for i, a in enumerate(rows["account_id"])]
    safe = subtraction.safe_to_show(people, rows["account_id"], rows["zone"])
    there = [zone for zone in ZONES[:3] if (heard["zone"] == zone).any()]
    rest = [zone for zone in there if zone not in safe]
    while safe and rest and not _enough(heard[heard["zone"].isin(rest)]):
        rest.append(safe.pop())
    named = {zone: [zone] for zone in there if zone in safe}
    if rest:
        named[OTHERS if safe else EVERYBODY] = rest
    return named | {ZONES[3]: [ZONES[3]]}


def _enough(heard: pd.DataFrame) -> bool:
    """Whether accounts that were heard are ten people in five accounts."""
    return stats.enough(int(heard["people"].sum()), len(heard))


@part
def fees_at_risk(client: Client) -> Figure:
    """How much of the monthly fees comes from people who would recommend you, and how much not?"""
    accounts = paying_accounts(client)
    label = "fees that are easily switched off"
    heard = accounts[accounts["people"] > 0]
    if not _enough(heard):
        why = "It takes ten people in five paying accounts who have said how they feel."
        return absent_figure(label, why)
    total = float(accounts["monthly_fee"].sum())
    rows: list[tuple[str, int, float, float]] = []
    for name, zones in _shown(accounts).items():
        part_of = accounts[accounts["zone"].isin(zones)]
        fee = float(part_of["monthly_fee"].sum())
        if fee:
            rows.append((name, len(part_of), fee, 100 * fee / total))
    data = pd.DataFrame(rows, columns=["zone", "accounts", "fee", "share"])
    tones = [_tone(name) for name in data["zone"]]
    return Figure(
        _title(data),
        f"Monthly fees, {money(client, total)} in all: "
        + "; ".join(
            f"{name} {money(client, fee)} ({words.count(n, 'account')}, {words.number(share)} %)"
            for name, n, fee, share in rows
        )
        + ".",
        f"All fees of {words.count(len(accounts), 'account')}, {money(client, total)} a month. An "
        "account stands where at least half of its people who answered stand. Where fewer would "
        "recommend you, the agreement is what keeps them, and agreements end: this is what could "
        f"be switched off, not what will be. {_left(client)}",
        data,
        {"zone": Shown("people there"), "accounts": Shown("accounts"),
         "fee": Shown("fees a month", client.settings.currency),
         "share": Shown("of all fees", "%")},
        lambda: charts.parts(
            [f"{name}: {words.number(s)} %" for name, s in zip(data["zone"], data["share"],
                                                              strict=True)],
            data["fee"], tones,
        ),
        about=schema.HEADLINES["stay_share"].id,
    )  # fmt: skip


def _tone(name: str) -> str:
    return _TONES[ZONES.index(name)] if name in ZONES else charts.TICK


def _title(data: pd.DataFrame) -> str:
    by = dict(zip(data["zone"], data["share"], strict=True))
    sure = by.get(ZONES[0])
    if sure is None:
        return f"{words.number(by.get(ZONES[3], 0.0))} % of the fees come from accounts unheard"
    return (
        f"{words.number(sure)} % of your fees come from accounts whose people would recommend you"
    )


def _left(client: Client) -> str:
    """What left with those who left in the window, where anybody did."""
    accounts = measures.active_at_start(client)
    gone = accounts[measures.staying(client).to_numpy() == 0]
    fee = float(gone["monthly_fee"].sum())
    if not len(gone) or not fee:
        return ""
    return (
        f"In the past {words.length(measures.window(client))} "
        f"{words.count(len(gone), 'account')} did leave, with "
        f"{money(client, fee)} a month."
    )
