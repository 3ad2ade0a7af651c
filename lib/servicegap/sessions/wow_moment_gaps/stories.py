"""The wow log: who had a story when, what goes with having one, and where on the journey it was."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd

from servicegap import measures, words
from servicegap.charts import moments as moment_charts
from servicegap.charts import prices as price_charts
from servicegap.client import Client
from servicegap.comparisons import ALPHA
from servicegap.findings import Figure, Shown, absent_figure, part
from servicegap.measures import asked
from servicegap.sessions.wow_moment_gaps import differences as pairs
from servicegap.sessions.wow_moment_gaps import kano_moments
from servicegap.sessions.wow_moment_gaps.answers import each, referred
from servicegap.sessions.wow_moment_gaps.differences import contrast

_ROWS = 12  # accounts named in the picture; the others share a line


def stories(client: Client) -> pd.DataFrame:
    """The stories of the window: date, account_id, touchpoint_id, by_client."""
    rows = client["wow_log"]
    rows = rows[measures.window(client).holds(rows["date"])]
    rows = rows.assign(by_client=rows["told_by"] == "client")
    return rows.sort_values(["date", "account_id"], kind="stable").reset_index(drop=True)


def no_story(client: Client) -> str:
    """What is said where the window has no story."""
    return f"The log has no story from the past {words.length(measures.window(client), True)}."


def here_now(client: Client) -> pd.DataFrame:
    """The accounts that were there at the end of the window: account_id as index, and name."""
    return measures.active_at_end(client).set_index("account_id")


def account_names(client: Client, ids: pd.Series) -> pd.Series:
    """What accounts are called; their number where nothing else is known."""
    accounts = client["accounts"].drop_duplicates("account_id").set_index("account_id")["name"]
    known = ids.map(accounts).astype("str")
    return known.where(known.notna(), ids)


def _quarters(client: Client) -> list[tuple[pd.Timestamp, pd.Timestamp, str]]:
    """The quarters of the window, oldest first: after, until, and a name such as Oct–Dec 2025."""
    within, day = measures.window(client), pd.Timedelta(days=1)
    found, end = [], within.end
    for k in range(1, 5):
        if end <= within.start:
            break
        first = max(within.end + day - pd.DateOffset(months=3 * k), within.start + day)
        found.append((first, end, f"{first:%b}–{end:%b} {end:%Y}"))
        end = first - day
    return found[::-1]


@part
def wow_log(client: Client) -> Figure:
    """Which accounts had something worth telling, and in which quarter?"""
    label = "moments worth telling, by account and quarter"
    told = stories(client)
    if told.empty:
        return absent_figure(label, no_story(client))
    quarters = _quarters(client)
    table = pd.DataFrame(
        {
            name: told[(told["date"] >= first) & (told["date"] < end + pd.Timedelta(days=1))]
            .groupby("account_id", observed=True)
            .size()
            for first, end, name in quarters
        },
        index=pd.Index(sorted(told["account_id"].unique())),
    ).fillna(0).astype(int)  # fmt: skip
    order = np.lexsort((table.index, -table.sum(axis=1)))
    table = table.iloc[order]
    shown = table.head(_ROWS if len(table) <= _ROWS else _ROWS - 1)
    rows = [str(n) for n in account_names(client, shown.index.to_series())]
    counts = shown.to_numpy().tolist()
    if len(table) > len(shown):
        rows.append(words.count(len(table) - len(shown), "other account"))
        counts.append(table.iloc[len(shown) :].sum().tolist())
    data = pd.DataFrame(counts, columns=[name for *_, name in quarters])
    data.insert(0, "account", rows)
    by_client = int(told["by_client"].sum())
    within = measures.window(client)
    often = words.often(within)
    active = here_now(client)
    lately = words.length(within, figures=True)
    silent = [a for a in active.index if a not in set(told["account_id"])]
    return Figure(
        _log_title(f"{words.count(len(told), 'story', 'stories')} in {lately}", len(table),
                   len(silent), len(active)),
        f"{words.count(len(told), 'story', 'stories')} of {words.count(len(table), 'account')}: "
        + "; ".join(f"{name} {sum(row[i] for row in counts)}"
                    for i, (*_, name) in enumerate(quarters))
        + ". Most at " + words.listed([f"{r} ({sum(c)})" for r, c in
                                       list(zip(rows, counts, strict=True))[:3]]) + ".",
        f"A dot is what was written down: {words.spelled(by_client, 'none')} of {len(told)} told "
        f"by a client, the others noted by staff. {_luck(len(told), len(quarters), often)} A log "
        "counts what somebody bothered to write; a diligent technician looks like a wonderful "
        "quarter.",
        data,
        {"account": Shown("account"), **{name: Shown(name, "stories") for *_, name in quarters}},
        lambda: moment_charts.grid(rows, [name for *_, name in quarters], counts),
    )  # fmt: skip


def _luck(n: int, quarters: int, often: str) -> str:
    """How unequal quarters are by luck alone."""
    if quarters < 2 or n < 2:
        return "One quarter or one story makes no pattern."
    from scipy.stats import binom

    low, high = (int(binom.ppf(q, n, 1 / quarters)) for q in (0.025, 0.975))
    return (
        f"With so many {often}, luck alone makes quarters of {low} to {high}, so look for "
        "accounts that aren't here at all rather than for a trend."
    )


def _log_title(told: str, accounts: int, silent: int, active: int) -> str:
    if not active:
        return f"{told}, from {words.count(accounts, 'account')}"
    if not silent:
        return f"{told}, and every one of {words.count(active, 'account')} has one"
    return f"{told}; {words.number(silent)} of {words.count(active, 'account')} have none"


# -- where on the journey ----------------------------------------------------------------------


def ends(stages: pd.Series) -> list[bool]:
    """Which moments are the last of their stage, in the order of the journey?"""
    listed = list(stages)
    return [i == len(listed) - 1 or listed[i + 1] != stage for i, stage in enumerate(listed)]


@part
def journey(client: Client) -> Figure:
    """Where on the journey are the stories, and are there any at the ends?"""
    label = "peaks and ends on the journey"
    told, known = stories(client), kano_moments.names(client)
    known = known.iloc[np.argsort(pd.factorize(known["stage"])[0], kind="stable")]
    placed = told[told["touchpoint_id"].isin(known.index)]
    if placed.empty:
        past = words.length(measures.window(client), figures=True)
        return absent_figure(label, f"No story of the past {past} says at which moment it was.")
    kinds = kano_moments.by_id(client)
    last = ends(known["stage"])
    count = placed.groupby(["touchpoint_id", "by_client"], observed=True).size()
    rows: list[list[Any]] = []
    for (moment, place), end in zip(known.iterrows(), last, strict=True):
        kind = kinds.get(str(moment))
        rows.append(
            [place["name"], place["stage"], int(count.get((moment, True), 0)),
             int(count.get((moment, False), 0)), kind.category.name if kind else "", end]
        )  # fmt: skip
    data = pd.DataFrame(rows, columns=["moment", "stage", "told", "noted", "kind", "end"])
    total = data["told"] + data["noted"]
    at_ends = int(total[data["end"]].sum())
    lost = len(told) - len(placed)
    return Figure(
        _journey_title(int((total > 0).sum()), len(data), at_ends, int(total.sum())),
        "Stories by moment, in the order of the journey: "
        + "; ".join(f"{r.moment} ({r.stage}{', its end' if r.end else ''}): {r.told + r.noted}"
                    f"{f', {r.kind}' if r.kind else ''}" for r in each(data))
        + ".",
        "Filled: told by a client; hollow: noted by staff. ■ is the last moment of a stage. People "
        "remember the best or worst of it and the end, and little of what lay between. So few "
        "stories make no ranking; an empty line at an end is worth more thought than a full one."
        + (f" {words.count(lost, 'story', 'stories')} named no moment." if lost else ""),
        data.assign(end=data["end"].map({True: "yes", False: ""})),
        {"told": Shown("told by a client", "stories"), "noted": Shown("noted by staff", "stories"),
         "kind": Shown("what it is"), "end": Shown("end of a stage")},
        lambda: moment_charts.journey(
            data["moment"].tolist(), data["stage"].tolist(), data["told"], data["noted"],
            data["kind"].tolist(), data["end"].tolist(),
        ),
    )  # fmt: skip


def _journey_title(used: int, all_: int, at_ends: int, n: int) -> str:
    said = f"Stories come from {used} of {all_} moments"
    if not at_ends:
        return f"{said}, and none from the end of a stage"
    return f"{said}; {at_ends} of {words.count(n, 'story', 'stories')} from the end of a stage"


# -- accounts with a story and without ---------------------------------------------------------


@part
def told_and_silent(client: Client) -> Figure:
    """Do people at accounts with a story recommend and refer more than the others?"""
    with_one = set(stories(client)["account_id"])
    rows = asked(client).people
    found = [
        contrast("would warmly recommend you", rows, "would", rows["account_id"].isin(with_one)),
        contrast("give satisfaction the top mark", rows, "top",
                 rows["account_id"].isin(with_one)),
    ]  # fmt: skip
    if client.has("referrals"):
        firms = here_now(client).index.to_series().reset_index(drop=True)
        did = referred(client)
        accounts = pd.DataFrame(
            {"person": firms, "account_id": firms, "did": firms.isin(did).astype(float)}
        )
        found.append(contrast("accounts that referred", accounts, "did",
                              accounts["account_id"].isin(with_one), "accounts"))  # fmt: skip
    kept = [c for c in found if c is not None]
    if not kept:
        why = "It takes ten people in five accounts with a story, and as many without."
        return absent_figure("accounts with a story and accounts without", why)
    p = pairs.adjusted(kept)
    data = pairs.table(kept, p)
    settled = [c for c, q in zip(kept, p, strict=True) if q <= ALPHA]
    left = len(found) - len(kept)
    return Figure(
        _story_title(settled),
        f"Accounts with a story − accounts without, in points. {pairs.told(kept)}.",
        f"Right of nought, it is more frequent where there is a story. {pairs.seen(kept)} Hollow: "
        "not settled, allowing for several looks. It may run the other way: people who like you "
        "give you things to write down."
        + (" A line with too few accounts on one side is left out." if left else ""),
        data,
        {"what": Shown("what"), "one": Shown("with a story", "%"),
         "other": Shown("without", "%"), "difference": Shown("difference", "points"),
         "low": Shown("from"), "high": Shown("to"), "people_one": Shown("n with a story"),
         "people_other": Shown("n without"), "p": Shown("p, adjusted")},
        lambda: price_charts.differences(
            data["what"].tolist(), data["difference"], data["low"], data["high"],
            [f"{words.number(c.one)} against {words.number(c.other)} %" for c in kept], p > ALPHA,
        ),
    )  # fmt: skip


def _story_title(settled: list[pairs.Contrast]) -> str:
    more = [c.name for c in settled if c.estimate.value > 0]
    less = [c.name for c in settled if c.estimate.value < 0]
    if more:
        return f"More frequent where there is a story: {words.listed(more)}"
    if less:
        return f"Less frequent where there is a story: {words.listed(less)}"
    return "No evidence that accounts with a story recommend or refer more than the others"


def counted(client: Client) -> dict[str, int]:
    """How many stories of the window each moment has, by touchpoint_id."""
    if not client.has("wow_log"):
        return {}
    found = stories(client)["touchpoint_id"].value_counts()
    return {
        str(k): int(v) for k, v in found.items() if not (isinstance(k, float) and math.isnan(k))
    }
