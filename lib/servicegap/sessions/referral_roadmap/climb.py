"""The ladder from satisfied to won, rung by rung, and saying beside doing. Accounts are counted."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import pandas as pd

from servicegap import charts, measures, stats, words
from servicegap.charts import roadmap as roadmap_charts
from servicegap.client import Client
from servicegap.comparisons import ALPHA, difference
from servicegap.findings import Figure, Shown, absent_figure, part

UNIT = "% of accounts"
RUNGS = ("satisfied", "would recommend you", "did refer somebody", "and it was won")
_TOO_FEW = "It takes ten accounts from which somebody has said both; there {there}."


def accounts_asked(client: Client) -> pd.DataFrame:
    """Accounts active when the window began from which somebody answered both questions.

    Returns: account_id, satisfied and would (at least half of its people who answered are, or
    would), did (a referral in the window) and won (one of them was won): each 0 or 1.
    """
    people = measures.asked(client).people
    by = people.groupby(["account_id", "person"], sort=True)[["satisfied", "would"]].mean()
    firms = by.groupby("account_id", sort=True).mean() >= 0.5
    did = measures.referring(client)
    made = measures.referrals_made(client)
    won = set(made.loc[made["stage"] == "won", "account_id"])
    firms = firms[firms.index.isin(did.index)]
    return firms.assign(
        did=did.reindex(firms.index) == 1, won=[name in won for name in firms.index]
    ).astype(float)


@dataclass(frozen=True)
class Rung:
    """One rung: how many of all accounts stand on it, and how many of the rung before came up."""

    name: str
    accounts: int
    of_all: stats.Estimate
    lost: int


def rungs(firms: pd.DataFrame) -> tuple[Rung, ...]:
    """Count who stands on each rung; who is on one has climbed all those before it."""
    ids, on = firms.index.to_numpy(), pd.Series(1.0, index=firms.index)
    found = []
    for name, column in zip(RUNGS, ("satisfied", "would", "did", "won"), strict=True):
        before, on = on, on * firms[column]
        share = stats.share(on.to_numpy(), ids, UNIT, "accounts")
        found.append(Rung(name, int(on.sum()), share, int(before.sum() - on.sum())))
    return tuple(found)


def _enough(firms: pd.DataFrame) -> str:
    """Why the ladder can't be shown; empty where it can."""
    n = len(firms)
    if n >= stats.SPEAKS_FROM:
        return ""
    return _TOO_FEW.format(there="are none" if not n else f"{'is' if n == 1 else 'are'} {n}")


@part
def ladder(client: Client) -> Figure:
    """Of accounts that answered, how many are satisfied, would refer, did, and won something?"""
    firms = accounts_asked(client)
    few = _enough(firms)
    if few:
        return absent_figure("from satisfied to a referral that was won", few)
    steps = rungs(firms)
    data = pd.DataFrame(
        [[s.name, s.accounts, s.lost, s.of_all.value, s.of_all.low, s.of_all.high] for s in steps],
        columns=["rung", "accounts", "lost", "share", "low", "high"],
    )
    notes = [words.count(s.accounts, "account") for s in steps]
    lost = [f"lost here: {s.lost}" if s.lost else "none lost here" for s in steps[1:]]
    return Figure(
        _ladder_title(len(firms), steps, words.lately(measures.window(client))),
        f"Of {words.count(len(firms), 'account')}: "
        + "; ".join(
            f"{s.name} {s.accounts} ({words.number(s.of_all.value)} %, "
            f"{words.ends(s.of_all.low, s.of_all.high)})"
            for s in steps
        )
        + ".",
        "Each rung counts those who also stand on the ones above it, of the "
        f"{words.number(len(firms))} accounts that were with you when the "
        f"{words.length(measures.window(client))} began and "
        "from which somebody answered. An account is satisfied, or would, where at least half of "
        "its people who answered are. "
        f"{_widest_step(len(firms), steps)}{_beside(firms, steps)}".strip(),
        data,
        {"rung": Shown("rung"), "accounts": Shown("accounts"), "lost": Shown("lost on the way up"),
         "share": Shown("of all", "%"), "low": Shown("from", "%"), "high": Shown("to", "%")},
        lambda: roadmap_charts.ladder(
            list(RUNGS), data["share"], data["low"], data["high"], notes, lost
        ),
        about="did_refer_share",
    )  # fmt: skip


def _ladder_title(n: int, steps: tuple[Rung, ...], lately: str) -> str:
    satisfied, would, did, won = (s.accounts for s in steps)
    if not would:
        return f"Of {n} accounts {satisfied} are satisfied, and in none would half recommend you"
    who = f"Of {would} satisfied accounts that would recommend you"
    if would == 1:
        who = "Of the one satisfied account that would recommend you"
    if did == won == 1:
        return f"{who}, one did{lately}, and it brought you a client"
    return f"{who}, {_spelled(did)} did{lately} and {_spelled(won)} brought you a client"


def _beside(firms: pd.DataFrame, steps: tuple[Rung, ...]) -> str:
    """Accounts that referred without standing on the rungs before."""
    others = int(firms["did"].sum()) - steps[2].accounts
    if not others:
        return ""
    who = "One more account" if others == 1 else f"{_spelled(others).capitalize()} more accounts"
    return f" {who} referred somebody without standing on the two rungs before."


def _spelled(n: int) -> str:
    return words.spelled(n, "none")


def _widest_step(n: int, steps: tuple[Rung, ...]) -> str:
    first = n - steps[0].accounts
    losses = [(first, "before the first rung")] + [
        (s.lost, f"between “{a.name}” and “{s.name}”") for a, s in pairwise(steps)
    ]
    most = max(lost for lost, _ in losses)
    where = [place for lost, place in losses if lost == most]
    if not most or len(where) > 1:
        return ""
    return f"Most are lost {where[0]}: {words.count(most, 'account')}."


# -- saying against doing ----------------------------------------------------------------------


@part
def saying_and_doing(client: Client) -> Figure:
    """Do the accounts that say they would recommend refer more often than the others?"""
    firms = accounts_asked(client)
    label = "those who say they would beside those who did"
    few = _enough(firms)
    if few:
        return absent_figure(label, few)
    groups = [
        ("they say they would", firms[firms["would"] == 1]),
        ("they don't say so", firms[firms["would"] == 0]),
    ]
    shares = [
        (name, stats.share(rows["did"].to_numpy(), rows.index.to_numpy(), UNIT, "accounts"))
        for name, rows in groups
        if len(rows)
    ]
    spoken = [(name, e) for name, e in shares if e.speaks]
    if not spoken:
        why = "It takes ten accounts that say they would, or ten that don't."
        return absent_figure(label, why)
    data = pd.DataFrame(
        [[name, e.value, e.low, e.high, e.n] for name, e in spoken],
        columns=["who", "share", "low", "high", "n"],
    )
    return Figure(
        _doing_title(spoken, words.lately(measures.window(client))),
        f"Accounts that referred in {words.length(measures.window(client))}: "
        + "; ".join(f"{name} {words.number(e.value)} in 100 ({words.ends(e.low, e.high)}; "
                    f"{words.behind(e)})"
                    for name, e in spoken) + ".",
        _doing_caption(firms, spoken),
        data,
        {"who": Shown("accounts"), "share": Shown("of them referred", "%"),
         "low": Shown("from", "%"), "high": Shown("to", "%")},
        lambda: charts.dots(
            [name for name, _ in spoken], data["share"], data["low"], data["high"],
            [words.behind(e) for _, e in spoken], [_apart(spoken) > ALPHA] * len(spoken),
        ),
    )  # fmt: skip


def _apart(spoken: list[tuple[str, stats.Estimate]]) -> float:
    """p of "those who say so refer as often as the others"; 1 where there is one group only."""
    return difference(*(_error(e) for _, e in spoken))[-1] if len(spoken) > 1 else 1.0


def _error(estimate: stats.Estimate) -> tuple[float, float]:
    """A share and its standard error, by Agresti and Coull's two more of each, in percent."""
    n = estimate.n + 4
    p = (estimate.value / 100 * estimate.n + 2) / n
    return estimate.value, 100 * (p * (1 - p) / n) ** 0.5


def _doing_title(spoken: list[tuple[str, stats.Estimate]], lately: str) -> str:
    name, first = spoken[0]
    hits = round(first.value * first.n / 100)
    said = f"{words.spelled(hits, 'none').capitalize()} of {words.number(first.n)} accounts"
    if len(spoken) < 2:
        who = "that say they would recommend you" if "don't" not in name else "that don't say so"
        return f"{said} {who} did{lately}"
    gap, *_, p = difference(_error(first), _error(spoken[1][1]))
    if p > ALPHA:
        return "No evidence that saying so goes with doing so"
    more = "more" if gap > 0 else "less"
    return f"Worth asking: accounts that say they would, do so {more} often than the others"


def _doing_caption(firms: pd.DataFrame, spoken: list[tuple[str, stats.Estimate]]) -> str:
    quiet = int(((firms["would"] == 0) & (firms["did"] == 1)).sum())
    said = (
        f"{words.spelled(quiet, 'none').capitalize()} that didn't say so referred somebody all the "
        "same: a mark on a form is one thing, a name passed on is another."
        if quiet
        else "Saying so is a mark on a form; doing so is a name passed on."
    )
    if len(spoken) == 2:
        gap, low, high, _ = difference(_error(spoken[0][1]), _error(spoken[1][1]))
        one, other = _error(spoken[0][1])[1], _error(spoken[1][1])[1]
        seen = 2.80 * (one**2 + other**2) ** 0.5
        said += (
            f" The difference is {words.number(gap)} points, {words.span(low, high)}; with so many "
            f"accounts a difference of {words.number(seen)} would be seen four times in five."
        )
    else:
        said += " The other side is too small to compare: it takes ten accounts on each."
    return f"{said} It goes with what people say, and need not come of it."
