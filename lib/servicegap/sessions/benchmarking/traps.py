"""Metrics that mislead, each tried on the client's own data: does it happen here?"""

from __future__ import annotations

import numpy as np
import pandas as pd

from servicegap import charts, comparisons, measures, stats, subtraction, words
from servicegap.charts import groups as group_charts
from servicegap.client import Client
from servicegap.control import Z998, funnel_exact
from servicegap.findings import Figure, Shown, absent_figure, part

LIKE_BY = ("type", "priority", "channel")
HARMLESS = 3.0  # points: under this a trap does no harm worth a sentence
_COLUMNS = {
    "what": Shown("counted"),
    "value": Shown("%", "%"),
    "low": Shown("from", "%"),
    "high": Shown("to", "%"),
}


def _could_not(label: str, why: str) -> Figure:
    """The trap could not be looked for; `why` is a sentence."""
    return absent_figure(label, f"Could not be checked. {why}")


_TWO_TEAMS = "It takes two teams that were each rated by ten people in five accounts."


def _team_ratings(client: Client) -> tuple[pd.DataFrame, list[str]]:
    """Answered ratings of teams that may be shown, those teams (the largest first) included."""
    return client.remembered(_rated_teams)


def _rated_teams(client: Client) -> tuple[pd.DataFrame, list[str]]:
    rated = measures.rated_tickets(client)
    shown = _shown(rated)
    told = rated[["person", "account_id", "team", *LIKE_BY, "top", "satisfied"]]
    return told[told["team"].isin(shown)], shown


def _shown(rated: pd.DataFrame) -> list[str]:
    """The teams that may be shown, the largest first."""
    who = measures.present(rated, "team")
    return subtraction.safe_to_show(who["person"], who["account_id"], who["team"])


def _by_team(rated: pd.DataFrame) -> pd.DataFrame:
    """Per team: contacts who rated it and the mean of their own shares of top marks, in percent."""
    contacts = measures.per_contact(rated, by="team")
    teams = contacts.groupby("team", observed=True).agg(
        contacts=("top", "size"), share=("top", "mean")
    )
    teams["share"] *= 100
    return teams.sort_values("contacts", ascending=False, kind="stable").reset_index()


def _worth(contacts: pd.DataFrame) -> float:
    """How much one contact counts: effective number ÷ number."""
    return stats.effective_n(contacts["top"], contacts["account_id"]) / len(contacts)


@part
def average_of_averages(client: Client) -> Figure:
    """Do averages of team averages say something else than the average of the people?"""
    rated, shown = _team_ratings(client)
    if len(shown) < 2:
        return _could_not("averages of averages", _TWO_TEAMS)
    teams, contacts = _by_team(rated), measures.per_contact(rated)
    honest = stats.share(contacts["top"], contacts["account_id"])
    naive = float(teams["share"].mean())
    gap = naive - honest.value
    if abs(gap) < HARMLESS:
        title = "Averaging the team averages does no harm here"
    else:
        way = "flatters" if gap > 0 else "wrongs"
        title = f"Averaging the team averages {way} you by {words.points(gap)}"
    data = pd.DataFrame(
        [
            ["every person counts once", honest.value, honest.low, honest.high],
            ["every team counts once", naive, None, None],
        ],
        columns=["what", "value", "low", "high"],
    )
    small, large = teams.iloc[-1], teams.iloc[0]
    return Figure(
        title,
        f"Top marks with every person counted once: {words.number(honest.value)} % "
        f"({words.ends(honest.low, honest.high)}, {words.behind(honest)}). Mean of {len(teams)} "
        "team "
        "averages: "
        f"{words.number(naive)} %.",
        f"A team rated by {words.number(small['contacts'])} people weighs as much as one rated by "
        f"{words.number(large['contacts'])} when teams are averaged. Count people.",
        data,
        _COLUMNS,
        lambda: charts.dots(
            data["what"].tolist(),
            data["value"],
            data["low"].fillna(data["value"]),
            data["high"].fillna(data["value"]),
            notes=[words.behind(honest), f"{len(teams)} teams"],
            hollow=[False, True],
        ),
    )


# -- a comparison that turns round -------------------------------------------------------------


@part
def simpson(client: Client, by: str = "type") -> Figure:
    """Does the comparison of the two busiest teams turn round once like is set beside like?

    Args: by, the column of tickets that says what is like: type, priority or channel.
    """
    label = "a comparison that turns round"
    if by not in LIKE_BY:
        raise ValueError(f"by must be {words.listed(LIKE_BY, 'or')}; {by!r} is not")
    rated, shown = _team_ratings(client)
    if len(shown) < 2:
        return _could_not(label, _TWO_TEAMS)
    one, other = shown[:2]
    rated = rated[rated["team"].isin([one, other]) & rated[by].notna()]
    cells = _cells(rated, (one, other), by)
    if len(cells) < 2:
        why = f"It takes two kinds of {by} in which ten people in five accounts rated each team."
        return _could_not(label, why)
    worth = _worth(measures.per_contact(rated, by="team"))
    compared = comparisons.stratified(worth * np.array(list(cells.values())))
    data = pd.DataFrame(
        [
            [f"all of these {by}s", 100 * compared.pooled_a, 100 * compared.pooled_b],
            *[
                [kind, 100 * a, 100 * b]
                for kind, a, b in zip(cells, compared.rates_a, compared.rates_b, strict=True)
            ],
        ],
        columns=["kind", "one", "other"],
    )
    raw, inside = (abs(round(100 * x)) for x in (compared.raw, compared.standardised))
    better, worse = (one, other) if compared.raw >= 0 else (other, one)
    turns = "behind" if compared.raw * compared.standardised < 0 else "ahead"
    if compared.reverses and raw >= HARMLESS:
        title = f"{better} looks better than {worse}, and is probably worse at like work"
    elif compared.reversed_with <= 1 - stats.LIKELY:
        title = f"{better} is ahead of {worse} in all and at like work: no turn here"
    else:
        title = f"Could not be checked: do {better} and {worse} change places at like work?"
    return Figure(
        title,
        f"Top marks of {one} and {other}: "
        + "; ".join(
            f"{r.kind} {words.number(r.one)} and {words.number(r.other)} %"
            for r in data.itertuples()
        )
        + f". {better} is {words.points(raw)} ahead in all and {words.points(inside)} {turns} at "
        f"like work; the chance of a turn is {words.number(100 * compared.reversed_with)} %.",
        f"Where one team gets more of the hard work, the mix of {by} speaks in the total. A turn "
        "is only called one where its chance is at least 90 %; here it is "
        f"{words.number(100 * compared.reversed_with)} %.",
        data,
        {"kind": Shown(by), "one": Shown(f"{one}, %", "%"), "other": Shown(f"{other}, %", "%")},
        lambda: group_charts.slopes(
            data["one"],
            data["other"],
            data["kind"].tolist(),
            (one, other),
            [charts.MUTE, *[charts.EVIDENCE] * len(cells)],
        ),
    )


def _cells(rated: pd.DataFrame, pair: tuple[str, str], by: str) -> dict[str, list[list[float]]]:
    """Per kind of work: top marks and others of both teams, one value per person.

    Only kinds in which both teams may be compared: ten people in five accounts each.
    """
    cells = {}
    for kind, rows in rated.groupby(by, observed=True, sort=True):
        if len(_shown(rows)) < len(pair):
            continue
        arms = [measures.per_contact(rows[rows["team"] == team])["top"] for team in pair]
        cells[str(kind)] = [[float(a.sum()), float(len(a) - a.sum())] for a in arms]
    return cells


# -- log rows instead of tickets ---------------------------------------------------------------


@part
def sla_per_event(client: Client) -> Figure:
    """Is the SLA counted by ticket, or by row of a log in which every ticket starts green?"""
    within = measures.window(client)
    tickets = client["tickets"][["ticket_id", "account_id", "contact_id", "opened_at", "sla_met"]]
    tickets = tickets[within.holds(tickets["opened_at"]) & tickets["sla_met"].notna()]
    by_ticket = stats.share(
        tickets["sla_met"].astype(float),
        measures.numbered(tickets["account_id"]),
        "% of tickets",
        "tickets",
        measures.numbered(measures.person(tickets, client)),
    )
    if not by_ticket.speaks:
        why = "It takes tickets of ten people in five accounts that say whether the SLA was met."
        return _could_not("the SLA per ticket and per log row", why)
    earlier = client.reads["tickets"].superseded
    earlier = earlier[earlier["sla_met"].notna()]
    if len(earlier):  # by an index, since `isin` looks at long lists of texts one by one
        known = pd.Index(tickets["ticket_id"].unique())
        earlier = earlier[known.get_indexer(earlier["ticket_id"]) >= 0]
    data = [["every ticket once", by_ticket.value, by_ticket.low, by_ticket.high]]
    notes = [words.behind(by_ticket)]
    alt = f"SLA met, every ticket once: {words.number(by_ticket.value, 1)} % ({notes[0]})."
    title = "Your SLA is counted by ticket: this trap is not in your files"
    if len(earlier):
        met = pd.concat([tickets["sla_met"], earlier["sla_met"]]).astype(float)
        by_row = 100 * float(met.mean())
        gap = by_row - by_ticket.value
        data.append(["every log row once", by_row, None, None])
        notes.append(f"n = {words.number(len(met))} rows")
        alt += (
            f" Every log row once: {words.number(by_row, 1)} % (n = {words.number(len(met))} rows)."
        )
        way = "flatters" if gap > 0 else "wrongs"
        title = (
            f"Counting log rows {way} the SLA by {words.points(gap)}"
            if abs(gap) >= HARMLESS
            else "Counting log rows does no harm here"
        )
    frame = pd.DataFrame(data, columns=["what", "value", "low", "high"])
    return Figure(
        title,
        alt,
        "A ticket is green until it fails, so the longer its log, the more green rows it adds "
        "before the red one. The client remembers the ticket.",
        frame,
        _COLUMNS,
        lambda: charts.dots(
            frame["what"].tolist(),
            frame["value"],
            frame["low"].fillna(frame["value"]),
            frame["high"].fillna(frame["value"]),
            notes=notes,
            hollow=[False, True][: len(frame)],
        ),
    )


# -- teams of unequal size ---------------------------------------------------------------------


@part
def funnel(client: Client) -> Figure:
    """Which teams stand out by more than size and luck explain?"""
    rated, shown = _team_ratings(client)
    if len(shown) < 2:
        return _could_not("teams of unequal size", _TWO_TEAMS)
    teams, worth = _by_team(rated), _worth(measures.per_contact(rated, by="team"))
    n, share = teams["contacts"].to_numpy(dtype=float), teams["share"].to_numpy(dtype=float)
    target = float((n * share).sum() / n.sum())
    low, high = funnel_exact(target / 100, worth * n, Z998)
    out = teams[(share < 100 * low - 1e-9) | (share > 100 * high + 1e-9)]["team"].tolist()
    if out:
        verb = "lies" if len(out) == 1 else "lie"
        title = f"{words.listed(out)} {verb} outside what luck explains"
    else:
        best, worst = (teams["team"].iloc[int(i)] for i in (share.argmax(), share.argmin()))
        title = f"From {best} to {worst}, no team is outside what luck explains"
    return Figure(
        title,
        f"Top marks per team around {words.number(target)} % for all: "
        + "; ".join(
            f"{r.team} {words.number(r.share)} % of {words.number(r.contacts)}"
            for r in teams.itertuples()
        ),
        "The lines open to the left because few ratings swing widely: inside the dashed pair lie "
        "95 in 100 teams that differ by luck alone, inside the solid pair 499 in 500. A league "
        "table would have named a winner all the same.",
        teams.assign(low=100 * low, high=100 * high),
        {"contacts": Shown("contacts who rated"), "share": Shown("% top marks", "%"),
         "low": Shown("luck from", "%"), "high": Shown("luck to", "%")},
        lambda: group_charts.funnel(n, share, teams["team"].tolist(), target, worth),
    )  # fmt: skip


# -- the worst get better by themselves --------------------------------------------------------


@part
def regression_to_mean(client: Client) -> Figure:
    """Do the worst accounts of the year before get better, and the best worse, by themselves?

    What luck alone predicts: each account of the year before, shrunk towards the mean of all by
    the share of luck in its figure (few people, much luck), as if nothing had been done.
    """
    label = "the worst that get better by themselves"
    now = measures.window(client)
    before = _accounts(client, now.earlier())
    both = before.merge(
        _accounts(client, now), left_index=True, right_index=True, suffixes=("", "_now")
    )
    both = both.sort_values("share", kind="stable")
    quarter = len(both) // 4
    ends = {"worst": both.head(quarter), "best": both.tail(quarter)}
    people = [len(e) and min(e["people"].sum(), e["people_now"].sum()) for e in ends.values()]
    if quarter < stats.ACCOUNTS_FROM or min(people) < stats.SPEAKS_FROM:
        why = (
            "It takes a quarter of five accounts with ten people who rated, both in this year and "
            "in the year before."
        )
        return _could_not(label, why)
    start, end = float(both["share"].mean()), float(both["share_now"].mean())
    rows = [["everybody", start, end, None]]
    for name, chosen in ends.items():
        lucky = end + float(chosen["shrunk"].mean()) - start
        was, is_now = float(chosen["share"].mean()), float(chosen["share_now"].mean())
        rows.append([f"the {quarter} {name}", was, is_now, lucky])
    data = pd.DataFrame(rows, columns=["accounts", "year_before", "this_year", "by_luck"])
    worst = data.iloc[1]
    gained = (worst["this_year"] - end) - (worst["year_before"] - start)
    lucky = (worst["by_luck"] - end) - (worst["year_before"] - start)
    if gained >= HARMLESS:
        title = (
            f"The {quarter} worst accounts gained {words.points(gained)} on the rest; luck evening "
            f"out predicts about {words.number(lucky)}"
        )
    else:
        title = "The worst accounts did not get better by themselves here"
    return Figure(
        title,
        "Top marks, the year before and this year: "
        + "; ".join(
            f"{r.accounts} {words.number(r.year_before)} and {words.number(r.this_year)} %"
            for r in data.itertuples()
        )
        + f". By luck alone: the worst {words.number(data['by_luck'][1])}, the best "
        f"{words.number(data['by_luck'][2])} %.",
        "Whoever is chosen for a bad year had bad luck too, and luck does not last. The dashed "
        "lines say where luck alone would have taken them. Before you thank a rescue plan, look at "
        "what the best accounts did meanwhile.",
        data,
        {"year_before": Shown("year before, %", "%"), "this_year": Shown("this year, %", "%"),
         "by_luck": Shown("by luck alone, %", "%")},
        lambda: group_charts.slopes(
            data["year_before"][1:],
            data["this_year"][1:],
            data["accounts"][1:].tolist(),
            ("the year before", "this year"),
            [charts.BAD, charts.GOOD],
            (start, end),
            data["by_luck"][1:],
        ),
    )  # fmt: skip


def _accounts(client: Client, when: measures.Window) -> pd.DataFrame:
    """Per account: its people, their mean share of top marks in a window, and that share shrunk.

    Shrinking: towards the mean of all accounts by τ² ÷ (τ² + σ² ÷ n), with σ² the variance among
    the people of one account and τ² what the accounts differ by beyond that (method of moments).
    """
    contacts = measures.per_contact(measures.ratings(client, when).answered)
    tops = (100 * contacts["top"]).groupby(contacts["account_id"])
    found = tops.agg(["size", "mean"]).set_axis(["people", "share"], axis=1)
    spare = len(contacts) - len(found)
    within = float(((tops.var(ddof=0) * tops.size()).sum()) / spare) if spare else 2500.0
    noise = within / found["people"]
    between = max(0.0, float(found["share"].var() - noise.mean())) if len(found) > 1 else 0.0
    middle = found["share"].mean()
    return found.assign(shrunk=middle + (found["share"] - middle) * between / (between + noise))
