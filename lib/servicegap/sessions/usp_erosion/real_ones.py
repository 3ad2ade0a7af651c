"""Is it a USP at all? And did the service around the real ones get any better meanwhile?"""

from __future__ import annotations

import math

import pandas as pd

from servicegap import measures, schema, stats, words
from servicegap.client import Client
from servicegap.comparisons import ALPHA, benjamini_hochberg, difference
from servicegap.findings import Shown, Table, absent_table, part
from servicegap.sessions.usp_erosion.copies import copied, day, pairs

SHOWN = 30  # rows of a table that somebody may still read
SOON = 12  # months in which something hard to copy is not copied
_NO = {
    "people": "good people, or liked ones, are what every rival claims; people can be hired",
    "process": "a tidy process is being good at the job; whoever sees it can do it",
    "product": "nothing stops a rival from buying or building the same",
    "partnership": "a partnership that others may have as well sets nobody apart",
    "niche": "anybody may move into a niche that needs nothing they couldn't learn",
    "patent": "a patent that isn't owned protects somebody else",
}
REAL, ONCE, NEVER, OPEN = "yes", "once", "no", "not known"


@part
def is_it_a_usp(client: Client) -> Table:
    """Which of the things that are said to set the client apart do so?

    Four tests: alone (no rival looked at has it), valued (more than half of contacts call it
    important, with the interval on one side of half), hard to copy and owned (as stated; a copy
    within a year contradicts the first).
    """
    found = judged(client)
    if found.empty:
        why = "Every USP in the table is still to be launched."
        return absent_table("is it a USP at all", why)
    data = found[["claim", "real", "alone", "valued", "hard", "owned", "why"]]
    data = data.rename(columns={"real": "usp", "hard": "hard_to_copy"})
    only = (
        ""
        if len(data) <= SHOWN
        else f" Only the latest {SHOWN} of {words.number(len(data))} are listed."
    )
    counts = data["usp"].value_counts()
    now, once = int(counts.get(REAL, 0)), int(counts.get(ONCE, 0))
    n = words.spelled(len(data))
    many = words.spelled(now, "none").capitalize()
    title = f"{many} of {n} {'is' if now < 2 else 'are'} a USP today"
    if once:
        title += f"; {words.spelled(once)} {'was' if once == 1 else 'were'} one once"
    return Table(
        title,
        "Alone: none of the rivals looked at has it. Valued: most contacts call it important. Hard "
        "to copy and owned: as you say, unless a copy within a year says otherwise. Good service, "
        f"nice people and tidy processes are worth having; they are not unique.{only}",
        data.tail(SHOWN),
        {"claim": Shown("what you say"), "usp": Shown("a USP?"), "why": Shown("because")},
    )  # fmt: skip


def judged(client: Client) -> pd.DataFrame:
    """Each launched USP with its four tests and what comes of them.

    Columns: usp_id, claim, kind, launched_on, alone, valued, hard, owned (each yes, no or not
    known), real (yes, once, no, not known) and why.
    """
    known = pairs(client)
    first = copied(client, 1, known).table.set_index("usp_id")
    usps = client["usps"].loc[lambda t: t["launched_on"] < day(client)]
    found = []
    for usp in usps.sort_values(["launched_on", "usp_id"]).to_dict("records"):
        own = known[known["usp_id"] == usp["usp_id"]]
        after = first["high"].get(usp["usp_id"], math.nan)
        alone = OPEN if own.empty else NEVER if own["seen"].notna().any() else REAL
        valued = _valued(client, usp["item_id"])
        hard, owned = _said(usp["hard_to_copy"]), _said(usp["owned"])
        soon = hard == REAL and after <= SOON
        if soon:
            hard = NEVER
        real, why = _decide(usp["kind"], alone, valued, hard, owned, own, after, soon)
        found.append(
            [usp["usp_id"], usp["claim"], usp["kind"], usp["launched_on"],
             alone, valued, hard, owned, real, why]
        )  # fmt: skip
    names = ["usp_id", "claim", "kind", "launched_on", "alone", "valued", "hard", "owned", "real",
             "why"]  # fmt: skip
    return pd.DataFrame(found, columns=names)


def _said(answer: object) -> str:
    return OPEN if pd.isna(answer) else REAL if answer else NEVER  # type: ignore[call-overload]


def _decide(
    kind: str, alone: str, valued: str, hard: str, owned: str, own: pd.DataFrame, after: float,
    soon: bool,
) -> tuple[str, str]:  # fmt: skip
    """What the tests come to, and the reason in words."""
    ordinary = kind in ("people", "process")
    barred = owned
    if not ordinary and owned != REAL:
        barred = REAL if hard == REAL or soon else OPEN if OPEN in (owned, hard) else NEVER
    if barred == NEVER:
        return NEVER, _NO[kind]
    if valued == NEVER:
        return NEVER, "clients don't care for it: most do not call it important"
    if own["before"].any():
        return NEVER, "a rival had it on the day of the launch"
    seen = int(own["seen"].notna().sum())
    copy = f"copied after {_ago(after)}; {seen} of the {len(own)} rivals looked at "
    copy += f"{'has' if seen == 1 else 'have'} it now"
    if barred == OPEN:
        ask = "say whether you own it, and whether it is hard to copy"
        return OPEN, f"{ask}; {copy}" if seen else ask
    if alone == NEVER:
        return ONCE, f"said to be hard to copy, and {copy}" if soon else copy
    if alone == OPEN:
        return OPEN, "no rival has been looked at"
    looked = words.count(len(own), "rival")
    so_far = "" if valued == REAL else "; whether clients value it is not known"
    return REAL, f"none of {looked} looked at has it{so_far}"


def _ago(months: float) -> str:
    if not months >= 1:
        return "less than a month"
    return words.count(round(months), "month")


def _valued(client: Client, item: object) -> str:
    """Do most contacts call the survey's statement important, above the middle of its scale?

    Yes and no only where the interval lies on one side of half.
    """
    survey = client["survey"]
    rows = survey[(survey["item_id"] == item) & survey["importance"].notna()]
    if rows.empty:
        return OPEN
    middle = rows["scale"].map({name: (s.low + s.high) / 2 for name, s in schema.SCALES.items()})
    who = measures.person(rows, client)
    each = pd.DataFrame({"who": who, "account": rows["account_id"],
                         "high": (rows["importance"] > middle).astype(float)})  # fmt: skip
    each = each.groupby("who").agg(account=("account", "min"), high=("high", "mean"))
    share = stats.share(each["high"], each["account"])
    if not share.speaks or share.low <= 50 <= share.high:
        return OPEN
    return REAL if share.low > 50 else NEVER


# -- the service around it ---------------------------------------------------------------------


@part
def service_around(client: Client) -> Table:
    """Did satisfaction get better since each real USP was launched?

    Top marks in the first 12 months after the launch of which there are enough ratings, beside
    the current window. Only USPs that are one, or were one once.
    """
    label = "the service around the real ones"
    real = judged(client)
    real = real[real["real"].isin([REAL, ONCE])].tail(SHOWN)
    if real.empty:
        why = "None of your USPs passes the tests, so there is nothing to hold against the service."
        return absent_table(label, why)
    now_when = measures.window(client)
    now = _top(client, now_when)
    years: dict[pd.Timestamp, tuple[measures.Window, list[str]]] = {}
    for claim, launch in zip(real["claim"], real["launched_on"], strict=True):
        year = _year_after(client, launch, now_when)
        if year is not None:
            years.setdefault(year.end, (year, []))[1].append(claim)
    rows, changes = [], []
    for year, claims in years.values():
        then = _top(client, year)
        if then.speaks and now.speaks:
            changes.append(difference(_figure(now), _figure(then)))
            found = [then.value, now.value, *changes[-1][1:3]]
            rows.append([words.listed(claims), words.day(year.end), *found])
    adjusted = benjamini_hochberg([p for *_, p in changes])
    for row, (gap, low, high, _), p in zip(rows, changes, adjusted, strict=True):
        row.append(_changed(gap, low, high, float(p)))
    left = len(real) - sum(len(claims) for _, claims in years.values())
    note = f" {words.count(left, 'USP')} could not be checked: too new for that." if left else ""
    data = pd.DataFrame(rows, columns=["claim", "year_to", "then", "now", "low", "high", "since"])
    if data.empty:
        why = "It takes ratings of the year after the launch, and of this one, by ten people each."
        return absent_table(label, why)
    ways = set(data["since"])
    title = "No evidence that the service around your USPs changed"
    if {"better", "worse"} <= ways:
        title = "Around some of your USPs the service got better, around others worse"
    elif ways & {"better", "worse"}:
        way = "up" if "better" in ways else "down"
        title = f"Worth asking: top marks have gone {way} around your USPs"
    return Table(
        title,
        "A real one can hide that everything around it stands still. Top marks go with a great "
        "many things, so this says nothing about what the USP did. Then: the first year after the "
        "launch that the ratings reach back to. The range is that of the difference."
        + note,
        data,
        {"claim": Shown("what you say"), "year_to": Shown("then: year to"),
         "then": Shown("then, %", "%"), "now": Shown("now, %", "%"),
         "low": Shown("changed by, from"), "high": Shown("to"), "since": Shown("since then")},
    )  # fmt: skip


def _top(client: Client, when: measures.Window) -> stats.Estimate:
    contacts = measures.per_contact(measures.ratings(client, when).answered)
    return stats.share(contacts["top"], contacts["account_id"])


def _year_after(
    client: Client, launch: pd.Timestamp, now: measures.Window
) -> measures.Window | None:
    """The first whole year after the launch that the ratings reach; None if it reaches into now."""
    frame = client["ratings"]
    when = frame["answered_at"].fillna(frame["asked_at"]).where(frame["score"].notna())
    if not when.notna().any():
        return None
    start = max(launch, when.min().normalize() - pd.Timedelta(days=1))
    # ratings that begin a few days late still make a year
    if start + pd.DateOffset(months=12) > now.start + pd.Timedelta(days=14):
        return None
    return measures.Window(start, min(start + pd.DateOffset(months=12), now.start))


def _figure(share: stats.Estimate) -> tuple[float, float]:
    return share.value, (share.high - share.low) / (2 * stats.Z95)


def _changed(gap: float, low: float, high: float, p: float) -> str:
    if p <= ALPHA:
        return "better" if gap > 0 else "worse"
    seen = 2.80 * (high - low) / (2 * stats.Z95)
    return f"no evidence of a change; {words.points(seen)} would have shown"
