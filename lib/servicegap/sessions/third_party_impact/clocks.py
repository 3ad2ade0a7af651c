"""Two clocks: the agreement's, which stops while a supplier works, and the contact's."""

from __future__ import annotations

import numpy as np
import pandas as pd

from servicegap import charts, measures, stats, words
from servicegap.client import Client
from servicegap.findings import Figure, Shown, absent_figure, part
from servicegap.sessions.third_party_impact import chain

FEW = (
    "Too few solved tickets with a supplier and hours of waiting: it takes ten contacts in five "
    "accounts."
)


def solved(client: Client, within: measures.Window | None = None) -> pd.DataFrame:
    """Solved tickets that people opened in a window, with `elapsed` and `wait` in hours.

    Elapsed is from opening to solution by the clock on the wall; the wait for a supplier is never
    more than that, and nought where no supplier is named or nobody wrote it down.
    """
    frame = chain.human(client, within)
    elapsed = (frame["resolved_at"] - frame["opened_at"]).dt.total_seconds() / 3600
    frame = frame.assign(elapsed=elapsed)[elapsed.ge(0)]
    wait = frame["third_party_hours"].where(frame["involved"]).astype("float64")
    return frame.assign(wait=np.minimum(wait.fillna(0.0), frame["elapsed"]))


def _enough(frame: pd.DataFrame) -> bool:
    return stats.enough(frame["person"].nunique(), frame["account_id"].nunique())


def green(frame: pd.DataFrame, counted: float) -> pd.Series:
    """Which tickets would be inside the agreement if so much of the wait counted (0 to 1).

    A ticket loses its green only where the wait does it: the hours without the wait are inside the
    promise and those with the counted part of it are not. One that is over the promise even without
    the wait keeps what the records say, since nights and weekends stop that clock as well.
    """
    own = frame["elapsed"] - frame["wait"]
    late = (own <= frame["sla_hours"]) & (own + counted * frame["wait"] > frame["sla_hours"])
    return frame["sla_met"].astype("boolean").fillna(False).astype(bool) & ~late


@part
def two_clocks(client: Client, counted: float = 100.0) -> Figure:
    """How much of the green is only that the clock stopped while a supplier worked?

    Args: counted, how much of the wait for a supplier counts, in percent.
    """
    label = "the two clocks"
    frame = solved(client)
    frame = frame[frame["sla_met"].notna() & frame["sla_hours"].notna()]
    waited = frame[frame["involved"] & (frame["wait"] > 0)]
    if not _enough(waited):
        return absent_figure(label, FEW)
    part_ = min(max(counted, 0.0), 100.0) / 100
    rows, behind = [], []
    for whom, some in (("With a supplier", waited), ("All tickets", frame)):
        for clock, now in (("as recorded", 0.0), ("with the wait", part_)):
            share = stats.share(
                green(some, now), measures.numbered(some["account_id"]), "% of tickets", "tickets",
                measures.numbered(some["person"]),
            )  # fmt: skip
            rows.append([f"{whom}: {clock}", share.value, share.low, share.high])
            behind.append(words.count(len(some), "ticket"))
    data = pd.DataFrame(rows, columns=["clock", "value", "low", "high"])
    was, is_ = data["value"].iloc[0], data["value"].iloc[1]
    lost = 100 * (was - is_) / was if was else 0.0
    return Figure(
        _title(lost, was, part_),
        "Inside the agreement: "
        + "; ".join(
            f"{r.clock} {words.number(r.value)} % ({words.ends(r.low, r.high)}), {n}"
            for r, n in zip(data.itertuples(), behind, strict=True)
        )
        + ".",
        f"The second and the fourth line count {words.number(100 * part_)} % of the hours of "
        "waiting for a supplier. A ticket loses its green only where the wait does it. The person "
        "who waits has one clock, and it doesn't stop.",
        data,
        {"clock": Shown("clock"), "value": Shown("inside the agreement", "%"),
         "low": Shown("from", "%"), "high": Shown("to", "%")},
        lambda: charts.dots(data["clock"].tolist(), data["value"], data["low"], data["high"],
                            behind),
    )  # fmt: skip


def _title(lost: float, was: float, counted: float) -> str:
    if not was:
        return "No ticket with a supplier is inside the agreement, whichever clock is read"
    if round(lost) < 1:
        return "Next to none of the green is owed to a clock that stopped"
    some = "" if counted == 1 else f", were {words.number(100 * counted)} % of the wait counted"
    return (
        f"Of 100 green tickets with a supplier, {words.number(lost)} are green only because the "
        f"clock stopped{some}"
    )


# -- whose hours they are ----------------------------------------------------------------------


def supplier_part(frame: pd.DataFrame) -> tuple[float, float, float]:
    """The supplier's part of all hours from opening to solution, in percent, with its interval."""
    sums = frame.groupby("account_id")[["wait", "elapsed"]].sum().to_numpy()
    sums = sums[np.lexsort(sums.T)]
    picks = np.random.default_rng(stats.SEED).multinomial(
        len(sums), np.full(len(sums), 1 / len(sums)), size=stats.DRAWS
    )
    wait, elapsed = (picks @ sums).T
    low, high = np.quantile(wait / np.maximum(elapsed, 1e-9), [0.025, 0.975])
    own = float(sums[:, 0].sum() / max(sums[:, 1].sum(), 1e-9))
    return 100 * own, 100 * float(low), 100 * float(high)


@part
def waiting(client: Client) -> Figure:
    """Whose hours are they that a contact waits, where a supplier is involved?"""
    frame = solved(client)
    known = frame[frame["involved"] & frame["third_party_hours"].notna()]
    if not _enough(known):
        return absent_figure("whose hours they are", FEW)
    share, low, high = supplier_part(known)
    total, wait = float(known["elapsed"].mean()), float(known["wait"].mean())
    middle = float(known["elapsed"].median())
    data = pd.DataFrame(
        {"whose": ["yours", "the supplier's"], "hours": [total - wait, wait],
         "of_all": [100 - share, share]}
    )  # fmt: skip
    out = int(frame["involved"].sum()) - len(known)
    return Figure(
        f"Of 100 hours that a contact waits on such a ticket, {words.number(share)} are the "
        "supplier's",
        f"A ticket with a supplier takes {words.number(total)} hours on average, "
        f"{words.number(total - wait)} with you and {words.number(wait)} with the supplier, who "
        f"has {words.number(share)} % of them ({words.ends(low, high)}). n = "
        f"{words.count(len(known), 'ticket')}.",
        f"From opening to solution, nights and weekends included, because they are included for "
        f"the person who waits; half of these tickets take under {words.number(middle)} hours."
        + (f" {words.count(out, 'ticket')} without a note of the wait stayed out." if out else ""),
        data,
        {"whose": Shown("whose hours"), "hours": Shown("hours a ticket", "hours"),
         "of_all": Shown("of all hours", "%")},
        lambda: charts.parts(
            [f"yours {words.number(total - wait)} "
             "hours", f"the supplier's {words.number(wait)} hours"],
            data["hours"], [charts.BELIEF, charts.EVIDENCE],
        ),
    )  # fmt: skip
