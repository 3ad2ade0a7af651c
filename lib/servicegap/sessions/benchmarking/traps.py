"""Metrics that mislead, each tried on the client's own data: does it happen here?"""

from __future__ import annotations

import numpy as np
import pandas as pd

from servicegap import charts, measures, stats, words
from servicegap.client import Client
from servicegap.control import Z998, funnel_share
from servicegap.findings import Figure, Shown, absent, part

HARMLESS = 3.0  # points: under this a trap does no harm worth a sentence
_COLUMNS = {
    "what": Shown("counted"),
    "value": Shown("%", "%"),
    "low": Shown("from", "%"),
    "high": Shown("to", "%"),
}


def _could_not(label: str, why: str) -> Figure:
    """The trap could not be looked for; `why` is a sentence."""
    return absent("Figure", label, f"Could not be checked. {why}")  # type: ignore[return-value]


def _by_team(client: Client) -> pd.DataFrame:
    """Per team: contacts who rated it and the mean of their own shares of top marks, in percent.

    Teams too small to show are left out (and what subtraction would reveal).
    """
    rated = measures.rated_tickets(client)
    contacts = measures.per_contact(rated[rated["team"].notna()], by="team")
    teams = contacts.groupby("team", observed=True).agg(
        contacts=("top", "size"), share=("top", "mean")
    )
    teams["share"] *= 100
    teams = teams[measures.safe_to_show(teams["contacts"], stats.HIDDEN_BELOW)]
    return teams.sort_values("contacts", ascending=False, kind="stable").reset_index()


@part
def average_of_averages(client: Client) -> Figure:
    """Do averages of team averages say something else than the average of the people?"""
    teams = _by_team(client)
    if len(teams) < 2:
        return _could_not("averages of averages", "It takes two teams with five raters each.")
    rated = measures.rated_tickets(client)
    contacts = measures.per_contact(rated[rated["team"].notna()])
    honest = stats.share(contacts["top"], contacts["account_id"])
    naive = float(teams["share"].mean())
    gap = naive - honest.value
    if abs(gap) < HARMLESS:
        title = "Averaging the team averages does no harm here"
    else:
        way = "flatters" if gap > 0 else "wrongs"
        title = f"Averaging the team averages {way} you by {abs(gap):.0f} points"
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
        f"Top marks with every person counted once: {honest.value:.0f} % ({honest.low:.0f} to "
        f"{honest.high:.0f}, {words.behind(honest)}). Mean of {len(teams)} team averages: "
        f"{naive:.0f} %.",
        f"A team rated by {small['contacts']:.0f} people weighs as much as one rated by "
        f"{large['contacts']:.0f} when teams are averaged. Count people.",
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
    rated = measures.rated_tickets(client)
    rated = rated[rated["team"].notna() & rated[by].notna()]
    pair = _two_teams(rated)
    if pair is None:
        return _could_not(label, "It takes two teams with ten raters in five accounts each.")
    rated = rated[rated["team"].isin(pair)]
    cells = _cells(rated, pair, by)
    if len(cells) < 2:
        why = f"It takes two kinds of {by} in which both teams were rated by five people."
        return _could_not(label, why)
    kinds = list(cells)
    compared = stats.stratified(np.array([cells[k] for k in kinds]))
    data = pd.DataFrame(
        [
            ["all together", 100 * compared.pooled_a, 100 * compared.pooled_b],
            *[
                [str(kind), 100 * a, 100 * b]
                for kind, a, b in zip(kinds, compared.rates_a, compared.rates_b, strict=True)
            ],
        ],
        columns=[by, *pair],
    )
    inside = 100 * compared.standardised
    better, worse = pair if compared.raw >= 0 else pair[::-1]
    if compared.reverses:
        title = f"{better} looks better than {worse}, and is worse at like work"
    else:
        title = f"{better} and {worse} compare alike in all and at like work"
    return Figure(
        title,
        f"Top marks of {pair[0]} and {pair[1]}: "
        + "; ".join(f"{r[by]} {r[pair[0]]:.0f} and {r[pair[1]]:.0f} %" for _, r in data.iterrows())
        + f". The difference is {100 * compared.raw:.0f} points in all and {inside:.0f} points at "
        f"like work; the chance that its sign turns round is {100 * compared.reversed_with:.0f} %.",
        f"One team gets more of the hard {by}s, and the mix speaks in the total. This is said only "
        "where the chance of a true turn is at least 90 %.",
        data,
        {pair[0]: Shown(f"{pair[0]}, %", "%"), pair[1]: Shown(f"{pair[1]}, %", "%")},
        lambda: charts.slopes(
            data[pair[0]],
            data[pair[1]],
            data[by].tolist(),
            pair,
            [charts.MUTE, *[charts.EVIDENCE] * len(kinds)],
        ),
    )


def _two_teams(rated: pd.DataFrame) -> tuple[str, str] | None:
    """The two teams rated by most people, if both may be compared."""
    size = rated.groupby("team", observed=True).agg(
        people=("person", "nunique"), accounts=("account_id", "nunique")
    )
    size = size.sort_values("people", ascending=False, kind="stable")
    able = size[(size["people"] >= stats.SPEAKS_FROM) & (size["accounts"] >= stats.ACCOUNTS_FROM)]
    return (str(able.index[0]), str(able.index[1])) if len(able) >= 2 else None


def _cells(rated: pd.DataFrame, pair: tuple[str, str], by: str) -> dict[str, list[list[float]]]:
    """Per kind of work: top marks and others of both teams, one value per person."""
    cells = {}
    for kind, rows in rated.groupby(by, observed=True, sort=True):
        arms = [measures.per_contact(rows[rows["team"] == team])["top"] for team in pair]
        if min(map(len, arms)) >= stats.HIDDEN_BELOW:
            cells[str(kind)] = [[float(a.sum()), float(len(a) - a.sum())] for a in arms]
    return cells


# -- log rows instead of tickets ---------------------------------------------------------------


@part
def sla_per_event(client: Client) -> Figure:
    """Is the SLA counted by ticket, or by row of a log in which every ticket starts green?"""
    within = measures.window(client)
    tickets = client["tickets"]
    tickets = tickets[within.holds(tickets["opened_at"]) & tickets["sla_met"].notna()]
    if len(tickets) < stats.SPEAKS_FROM:
        return _could_not("the SLA per ticket and per log row", "Hardly a ticket says whether.")
    by_ticket = stats.share(
        tickets["sla_met"].astype(float), tickets["account_id"], "% of tickets", "tickets"
    )
    earlier = client.reads["tickets"].superseded
    earlier = earlier[earlier["ticket_id"].isin(tickets["ticket_id"]) & earlier["sla_met"].notna()]
    data = [["every ticket once", by_ticket.value, by_ticket.low, by_ticket.high]]
    notes = [words.behind(by_ticket)]
    alt = f"SLA met, every ticket once: {by_ticket.value:.1f} % ({notes[0]})."
    title = "Your SLA is counted by ticket: this trap is not in your files"
    if len(earlier):
        met = pd.concat([tickets["sla_met"], earlier["sla_met"]]).astype(float)
        by_row = 100 * float(met.mean())
        gap = by_row - by_ticket.value
        data.append(["every log row once", by_row, None, None])
        notes.append(f"n = {len(met):,} rows")
        alt += f" Every log row once: {by_row:.1f} % (n = {len(met):,} rows)."
        way = "flatters" if gap > 0 else "wrongs"
        title = (
            f"Counting log rows {way} the SLA by {abs(gap):.0f} points"
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
    teams = _by_team(client)
    if len(teams) < 2:
        return _could_not("teams of unequal size", "It takes two teams with five raters each.")
    n, share = teams["contacts"].to_numpy(dtype=float), teams["share"].to_numpy(dtype=float)
    target = float((n * share).sum() / n.sum())
    low, high = funnel_share(target / 100, n, Z998)
    out = teams[(share < 100 * low - 1e-9) | (share > 100 * high + 1e-9)]["team"].tolist()
    if out:
        verb = "lies" if len(out) == 1 else "lie"
        title = f"{words.listed(out)} {verb} outside what luck explains"
    else:
        best, worst = (teams["team"].iloc[int(i)] for i in (share.argmax(), share.argmin()))
        title = f"From {best} to {worst}, no team is outside what luck explains"
    return Figure(
        title,
        f"Top marks per team around {target:.0f} % for all: "
        + "; ".join(f"{r.team} {r.share:.0f} % of {r.contacts}" for r in teams.itertuples()),
        "The lines open to the left because few ratings swing widely: inside the dashed pair lie "
        "95 in 100 teams that differ by luck alone, inside the solid pair 998 in 1,000. A league "
        "table would have named a winner all the same.",
        teams.assign(low=100 * low, high=100 * high),
        {"contacts": Shown("contacts who rated"), "share": Shown("% top marks", "%"),
         "low": Shown("luck from", "%"), "high": Shown("luck to", "%")},
        lambda: charts.funnel(n, share, teams["team"].tolist(), target),
    )  # fmt: skip


# -- the worst get better by themselves --------------------------------------------------------


@part
def regression_to_mean(client: Client) -> Figure:
    """Do the worst accounts of the year before get better, and the best worse, by themselves?"""
    label = "the worst that get better by themselves"
    now = measures.window(client)
    halves = [_account_means(client, when) for when in (now.earlier(), now)]
    both = halves[0].join(halves[1], how="inner", lsuffix="_before", rsuffix="_now")
    both = both.sort_values("share_before", kind="stable")
    if len(both) < 12:
        why = "It takes twelve accounts with ratings in this year and the year before."
        return _could_not(label, why)
    quarter = len(both) // 4
    ends = {"worst": both.head(quarter), "best": both.tail(quarter), "everybody": both}
    moved = {
        k: (float(v["share_before"].mean()), float(v["share_now"].mean())) for k, v in ends.items()
    }
    up = moved["worst"][1] - moved["worst"][0] - (moved["everybody"][1] - moved["everybody"][0])
    down = moved["best"][0] - moved["best"][1] + (moved["everybody"][1] - moved["everybody"][0])
    happens = up >= HARMLESS and down >= HARMLESS
    if happens:
        title = (
            f"The {quarter} worst accounts gained {up:.0f} points on the rest, the {quarter} best "
            f"lost {down:.0f}: mostly luck evening out"
        )
    else:
        title = "The worst accounts did not get better by themselves here"
    data = pd.DataFrame(
        [[f"{k} {quarter}" if k != "everybody" else k, *moved[k]] for k in moved],
        columns=["accounts", "year_before", "this_year"],
    )
    return Figure(
        title,
        "Top marks, the year before and this year: "
        + "; ".join(
            f"{r.accounts} {r.year_before:.0f}, {r.this_year:.0f} %" for r in data.itertuples()
        ),
        "Whoever is chosen for a bad year had bad luck too, and luck does not last. Before you "
        "thank a rescue plan, look at what the best accounts did meanwhile.",
        data,
        {"year_before": Shown("year before, %", "%"), "this_year": Shown("this year, %", "%")},
        lambda: charts.slopes(
            [moved["worst"][0], moved["best"][0]],
            [moved["worst"][1], moved["best"][1]],
            [f"the {quarter} worst", f"the {quarter} best"],
            ("the year before", "this year"),
            [charts.BAD, charts.GOOD],
            moved["everybody"],
        ),
    )


def _account_means(client: Client, when: measures.Window) -> pd.DataFrame:
    """Per account: the mean of its contacts' shares of top marks in a window, in percent."""
    contacts = measures.per_contact(measures.ratings(client, when).answered)
    return contacts.groupby("account_id").agg(share=("top", lambda tops: 100 * tops.mean()))
