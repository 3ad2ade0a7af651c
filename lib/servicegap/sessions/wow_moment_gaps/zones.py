"""The okay zone: satisfied and silent, would but did not; by account; four of five beside five."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import pandas as pd

from servicegap import charts, measures, stats, subtraction, words
from servicegap.charts import prices as price_charts
from servicegap.client import Client
from servicegap.comparisons import ALPHA
from servicegap.findings import (
    Figure,
    Shown,
    Table,
    absent_figure,
    absent_table,
    needs_in_words,
    part,
)
from servicegap.measures import Asked, asked
from servicegap.sessions.wow_moment_gaps import differences as pairs
from servicegap.sessions.wow_moment_gaps.answers import referred
from servicegap.sessions.wow_moment_gaps.differences import Contrast, contrast

_TOO_FEW = "It takes ten satisfied people in five accounts who said whether they would recommend."


def did_refer(client: Client, would: bool = True) -> stats.Estimate:
    """Of the accounts in which somebody would recommend (or nobody), how many referred?

    Accounts are the unit; everybody who answered counts, satisfied or not. In percent, in the
    window. Not measured without the tables of accounts and referrals.
    """
    unit = "% of accounts"
    missing = tuple(t for t in ("accounts", "referrals") if not client.has(t))
    if missing:
        return stats.not_measured(needs_in_words(missing), unit, "accounts")
    somebody = asked(client).people.groupby("account_id", observed=True)["would"].max() == 1
    firms = list(somebody.index[somebody == would])
    did = referred(client)
    return stats.share([float(f in did) for f in firms], firms, unit, "accounts")


@part
def okay_zone(client: Client) -> Figure:
    """Of the satisfied, how many say that they would; and of those who say so, who did?"""
    label = "what the satisfied say and what their accounts did"
    rows = asked(client).satisfied
    people = rows.groupby("person", sort=True).agg(
        account_id=("account_id", "min"), would=("would", "mean")
    )
    says = stats.share(people["would"], people["account_id"])
    if not says.speaks:
        return absent_figure(label, _TOO_FEW)
    found = [
        ("satisfied people: they would recommend you", says),
        ("accounts where somebody would: they did", did_refer(client)),
        ("accounts where nobody would: they did", did_refer(client, would=False)),
    ]
    spoken = [(name, e) for name, e in found if e.speaks]
    data = pd.DataFrame(
        [[name, e.value, e.low, e.high, e.n, e.per] for name, e in spoken],
        columns=["what", "share", "low", "high", "n", "of"],
    )
    left = found[1][1].why or (
        "" if len(spoken) == 3 else "A line that rests on fewer than ten accounts is left out."
    )
    return Figure(
        _zone_title(says, found[1][1], measures.window(client)),
        "; ".join(f"{name}: {words.number(e.value)} in 100 ({words.ends(e.low, e.high)}; "
                  f"{words.behind(e)})"
                  for name, e in spoken) + ".",
        "Would is a mark on a form; did is a referral in your table in the past "
        f"{words.length(measures.window(client), figures=True)}, made by "
        "anybody at that account. An introduction that nobody wrote down is not in here."
        + (f" {left}" if left else ""),
        data,
        {"what": Shown("who, and what"), "share": Shown("of them", "%"), "low": Shown("from", "%"),
         "high": Shown("to", "%"), "of": Shown("counted in")},
        lambda: charts.dots(
            [name for name, _ in spoken], data["share"], data["low"], data["high"],
            [words.behind(e) for _, e in spoken],
        ),
        about="okay_not_referring",
    )  # fmt: skip


def _zone_title(says: stats.Estimate, did: stats.Estimate, within: measures.Window) -> str:
    said = f"{words.number(says.value)} in 100 of the satisfied would recommend you"
    if not did.speaks:
        return said
    hits = words.spelled(round(did.value * did.n / 100), "none")
    lately = words.lately(within)
    return f"{said}; of {words.number(did.n)} accounts with somebody who would, {hits} did{lately}"


# -- four of five beside five of five ----------------------------------------------------------


def top_and_okay(client: Client) -> list[Contrast]:
    """The satisfied without the top mark beside those who give it: four things they do.

    Returns: top − okay, for would recommend, the top mark for value, the top mark after tickets
    and being at an account that referred; those for which either group is too small are left out.
    """
    rows = asked(client).satisfied
    top = rows["top"] == 1
    found = [
        contrast("would warmly recommend you", rows, "would", top),
        contrast("give value the top mark", rows, "value", top),
    ]
    if client.has("ratings"):
        own = measures.per_contact(measures.ratings(client).answered).set_index("person")["top"]
        after = rows.assign(csat=rows["person"].map(own))
        found.append(contrast("give tickets the top mark", after, "csat", top))
    if client.has("referrals") and client.has("accounts"):
        did = rows.assign(did=rows["account_id"].isin(referred(client)).astype(float))
        found.append(contrast("are at a referring account", did, "did", top, "accounts"))
    return [c for c in found if c is not None]


@part
def four_and_five(client: Client) -> Figure:
    """What do people who are satisfied do, beside those who give the top mark?"""
    found = top_and_okay(client)
    answers = asked(client)
    if not found:
        why = "It takes ten people in five accounts who give the top mark, and ten who are merely "
        return absent_figure("the merely satisfied beside those who give the top mark",
                             f"{why}satisfied.")  # fmt: skip
    p = pairs.adjusted(found)
    data = pairs.table(found, p)
    top, okay = _marks(answers)
    return Figure(
        _gap_title(found, p),
        f"Those who give {top} − those who give {okay}, in points. {pairs.told(found)}.",
        f"Right of nought, people who give {top} do it more often than those who give {okay}. "
        f"{pairs.seen(found)} Hollow: not settled, allowing for several looks. It goes with the "
        "mark; it needn't come from it.",
        data,
        {"what": Shown("they …"), "one": Shown("of those with the top mark", "%"),
         "other": Shown("of the merely satisfied", "%"),
         "difference": Shown("difference", "points"), "low": Shown("from"), "high": Shown("to"),
         "people_one": Shown("top mark, people"), "people_other": Shown("satisfied, people"),
         "p": Shown("p, adjusted")},
        lambda: price_charts.differences(
            data["what"].tolist(), data["difference"], data["low"], data["high"],
            [f"{words.number(c.one)} against {words.number(c.other)} %" for c in found], p > ALPHA,
        ),
        about="okay_not_referring",
    )  # fmt: skip


def _marks(answers: Asked) -> tuple[str, str]:
    """The two kinds of the satisfied, as marks: `5 of 5` and `4 of 5`, `9 or 10` and `7 or 8`."""
    scale = answers.scale
    if scale.top == scale.satisfied:
        return "the top mark", "less"
    most, top, good = map(words.shortest, (scale.high, scale.top, scale.satisfied))
    if scale.top == scale.high and scale.satisfied == scale.top - 1:
        return f"{most} of {most}", f"{good} of {most}"
    return f"{top} and up", f"{good} and up, but not {top}"


def _gap_title(found: list[Contrast], p: Iterable[float]) -> str:
    settled = [c for c, q in zip(found, p, strict=True) if q <= ALPHA]
    first = next((c for c in settled if c.name.startswith("would")), None)
    if first is not None and first.estimate.value > 0:
        return (
            f"Of those with the top mark {words.number(first.one)} in 100 would recommend you, of "
            "the merely "
            f"satisfied {words.number(first.other)}"
        )
    if settled:
        named = words.listed([c.name for c in settled])
        return f"The top mark and the next one below differ in this: they {named}"
    return "No evidence that those who give the top mark do anything that the satisfied don't"


# -- by account --------------------------------------------------------------------------------

NOBODY, SOME, ALL = "nobody of the satisfied would", "some would", "all of the satisfied would"


@part
def by_account(client: Client) -> Table:
    """At how many accounts would nobody of the satisfied recommend, and what do they pay?"""
    label = "accounts in which nobody would recommend you, and their fees"
    rows = asked(client).satisfied
    share = rows.groupby("account_id", observed=True)["would"].mean()
    kind = rows["account_id"].map(
        share.map(lambda x: NOBODY if x == 0 else ALL if x == 1 else SOME)
    )
    shown = subtraction.safe_to_show(rows["person"], rows["account_id"], kind)
    if not shown:
        return absent_table(label, _TOO_FEW)
    fees = client["accounts"].drop_duplicates("account_id").set_index("account_id")["monthly_fee"]
    has_fees, has_referrals = client.has("accounts.monthly_fee"), client.has("referrals")
    did = referred(client)
    lately = words.length(measures.window(client), figures=True)
    table: list[list[Any]] = []
    for name in (NOBODY, SOME, ALL):
        if name not in shown:
            table.append([name, None, None, None, None])
            continue
        there = rows[kind == name]
        firms = there["account_id"].drop_duplicates()
        fee = float(fees.reindex(firms).sum()) if has_fees else None
        table.append(
            [name, len(firms), there["person"].nunique(), fee,
             sum(f in did for f in firms) if has_referrals else None]
        )  # fmt: skip
    data = pd.DataFrame(table, columns=["kind", "accounts", "people", "fees", "referred"])
    absent = [c for c, there in (("fees", has_fees), ("referred", has_referrals)) if not there]
    dash = " A dash: fewer than ten people or five accounts, or needed to hide those."
    currency = client.settings.currency
    return Table(
        _account_title(data, currency, has_fees),
        "Accounts with a satisfied contact who answered, by what those contacts say. Where one "
        "person answered there is no “some”; that is most of the small ones. No account is named: "
        f"in most of them that would name a person.{dash if len(shown) < 3 else ''}",
        data.drop(columns=absent),
        {"kind": Shown("of the satisfied there"), "people": Shown("satisfied contacts"),
         "fees": Shown(f"their fees, {currency} a month"),
         "referred": Shown(f"accounts that referred in {lately}")},
    )  # fmt: skip


def _account_title(data: pd.DataFrame, currency: str, has_fees: bool) -> str:
    rows: dict[Any, Any] = data.set_index("kind").to_dict("index")
    row = rows[NOBODY]
    if row["accounts"] is None or math.isnan(row["accounts"]):
        return "Accounts in which nobody would recommend you are too few to be shown"
    n, all_ = int(row["accounts"]), int(data["accounts"].sum())
    said = f"At {n} of {all_} accounts nobody of the satisfied would recommend you"
    if not has_fees:
        return said
    return f"{said}; they pay {words.money(row['fees'], currency)} a month"
