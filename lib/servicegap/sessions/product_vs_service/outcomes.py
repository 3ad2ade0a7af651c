"""Does what satisfies also make people refer? The same shares for three outcomes."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from servicegap import comparisons, stats, words
from servicegap.charts import drivers as driver_charts
from servicegap.client import Client
from servicegap.comparisons import ALPHA, SEEN
from servicegap.findings import Figure, Shown, absent_figure, needs_in_words, part
from servicegap.sessions.product_vs_service import answers
from servicegap.sessions.product_vs_service.drivers import Drivers, drivers

SERVICE = ("service", "process")
SATISFIED, WOULD, DID = "satisfied", "would refer", "did refer"


def by_outcome(client: Client) -> dict[str, Drivers | str]:
    """The drivers of being satisfied, of saying one would refer and of having referred.

    A sentence where the tables for one of them are not there.
    """
    found: dict[str, Drivers | str] = {SATISFIED: drivers(client)}
    found[WOULD] = (
        drivers(client, answers.relationship(client, "would_refer", "refer_scale"))
        if client.has("relationship.would_refer")
        else needs_in_words(("relationship.would_refer",))
    )
    missing = tuple(t for t in ("accounts", "referrals") if not client.has(t))
    found[DID] = needs_in_words(missing) if missing else drivers(client, answers.referred(client))
    return found


@part
def outcomes(client: Client) -> Figure:
    """How much do service and process carry of being satisfied, of recommending, of referring?"""
    found = by_outcome(client)
    label = "whether what satisfies makes people refer"
    silent = {name: f if isinstance(f, str) else f.why for name, f in found.items()}
    rows: list[list[Any]] = []
    notes, nulls = [], []
    for name, one in found.items():
        speaks = not silent[name] and not isinstance(one, str)
        estimate = one.share(*SERVICE) if speaks and isinstance(one, Drivers) else None
        rows.append(
            [name, estimate.value, estimate.low, estimate.high, ""]
            if estimate
            else [name, math.nan, math.nan, math.nan, silent[name]]
        )
        notes.append(words.behind(estimate) if estimate else "can't be said")
        nulls.append(one.expected(*SERVICE) if estimate and isinstance(one, Drivers) else math.nan)
    if all(silent.values()):
        return absent_figure(label, silent[SATISFIED])
    data = pd.DataFrame(rows, columns=["outcome", "share", "low", "high", "why"])
    data["questions"] = nulls
    told = [
        f"{name}: {words.number(share)} ({words.ends(low, high)}; {note})"
        for (name, share, low, high, _), note in zip(rows, notes, strict=True)
        if not math.isnan(share)
    ]
    left = [f"{name[0].upper()}{name[1:]}: {why}" for name, why in silent.items() if why]
    return Figure(
        _title(found, silent),
        "Service and process, parts of 100. " + "; ".join(told) + "."
        + "".join(f" {text}" for text in left),
        " ".join([*left, "The tick is what service and process would carry if every question "
                  "weighed the same. Would refer is a mark; did refer is a fact about an account, "
                  "and takes many accounts to explain."]),
        data,
        {"share": Shown("service and process, of 100", "%"), "low": Shown("from", "%"),
         "high": Shown("to", "%"), "why": Shown("why not"),
         "questions": Shown("share of the questions", "%")},
        lambda: driver_charts.beside(
            [name.capitalize() for name in found], data["share"], data["low"], data["high"],
            data["questions"], "its questions", notes,
        ),
    )  # fmt: skip


def _title(found: dict[str, Drivers | str], silent: dict[str, str]) -> str:
    """What may be said of referring beside being satisfied."""
    if silent[SATISFIED]:
        spoken = words.listed([name for name, why in silent.items() if not why])
        return f"Only of “{spoken}” can it be said what it hangs on"
    refers = {name: found[name] for name in (WOULD, DID) if not silent[name]}
    if not refers:
        return "What satisfies can be told; what makes people refer can't, yet"
    here = _figure(found[SATISFIED])
    compared = {name: comparisons.difference(_figure(one), here) for name, one in refers.items()}
    adjusted = comparisons.benjamini_hochberg([c[3] for c in compared.values()])
    apart = [
        f"“{name}” hangs {'more' if c[0] > 0 else 'less'} on service and process than satisfaction "
        f"does, by {words.points(c[0])}"
        for (name, c), p in zip(compared.items(), adjusted, strict=True)
        if p <= ALPHA
    ]
    if apart:
        return f"Worth asking: {words.listed(apart)}"
    wide = min((high - low) / 2 / stats.Z95 * SEEN for _, low, high, _ in compared.values())
    return (
        "No evidence that what makes people refer differs from what satisfies; anything under "
        f"{words.points(wide)} could easily have been missed"
    )


def _figure(one: Drivers | str) -> tuple[float, float]:
    assert isinstance(one, Drivers)
    return one.share(*SERVICE).value, one.error(*SERVICE)
