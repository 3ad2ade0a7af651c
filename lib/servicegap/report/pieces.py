"""How does a bundle become a piece of a report? A finding, a figure or a table, as printed."""

from __future__ import annotations

import math
import struct
from collections.abc import Mapping
from datetime import date
from typing import Any

from servicegap import changes, schema, words
from servicegap.bundles import Bundle, cell_text
from servicegap.report import marks
from servicegap.report.model import Action, ClientFacts, Figure, Finding, Span, Table
from servicegap.report.tidy import Column, Data


def _span(data: Mapping[str, Any] | None) -> Span | None:
    if not data or all(data.get(k) is None for k in ("value", "low", "high")):
        return None
    return Span(data.get("value"), data.get("low"), data.get("high"), data.get("n"))


def finding(payload: Mapping[str, Any], client: ClientFacts) -> Finding:
    """A finding as printed."""
    word, strength = payload["verdict"], payload["strength"]
    printed, mark, tone = marks.verdict(word, strength)
    change = payload.get("change") or {}
    headline, since = schema.HEADLINES[payload["id"]], payload.get("since") or ""
    changed, by = _change(headline, change) if change else ("", "")
    return Finding(
        payload["id"],
        payload["session"],
        payload["label"],
        payload["title"],
        payload["sentence"].removeprefix("Not measured. "),
        payload["unit"],
        payload["per"],
        _span(payload["belief"]),
        _span(payload["evidence"]),
        payload["gap"],
        word,
        strength,
        printed,
        mark,
        tone,
        ": ".join(filter(None, (changed, by))),
        since,
        tuple(payload["caveats"]),
        _action(payload["action"], payload["label"], client) if payload["action"] else None,
        payload.get("could_see") or "",
        changed,
        by,
        marks.change(changed),
        since[: since.find(":") + 1],
        _then(headline, payload["evidence"] or {}, change),
    )


def _change(headline: schema.Headline, change: Mapping[str, Any]) -> tuple[str, str]:
    """`better` and `+7 points (+1 to +13)`; `can't tell` and `−6 to +12 points`."""
    ends = tuple(change.get(end) for end in ("value", "low", "high"))
    word, _, by = changes.in_short(headline, change["verdict"], ends).partition(": ")
    if by.startswith("between "):
        by = by.removeprefix("between ").replace(" and ", " to ")
        by += "" if headline.ratio else " points"
    return word, by


def _then(
    headline: schema.Headline, evidence: Mapping[str, Any], change: Mapping[str, Any]
) -> float | None:
    """Last period's figure: a change is now minus then, in logarithms where it is a ratio."""
    now, step = evidence.get("value"), change.get("value")
    if now is None or step is None:
        return None
    return float(now / math.exp(step) if headline.ratio else now - step)


def _action(data: Mapping[str, Any], about: str, client: ClientFacts) -> Action:
    return Action(
        data["id"],
        about,
        data["what"],
        data.get("owner") or words.NOBODY,
        _iso_day(data.get("due")) or "a day to be set",
        cost(data.get("cost_low"), data.get("cost_high"), client.currency),
        _iso_day(data.get("measure_again")) or "a day to be set",
    )


def figure(bundle: Bundle) -> Figure:
    """A figure with its picture, its size and the numbers behind it."""
    payload, png = bundle.payload, bundle.png or b""
    width, height = struct.unpack(">II", png[16:24])
    return Figure(
        payload["id"],
        payload["session"],
        payload["title"],
        payload["alt"],
        payload["caption"],
        payload.get("about"),
        png,
        width,
        height,
        _data(payload["data"]),
    )


def _data(data: Mapping[str, Any]) -> Data:
    return Data(_columns(data), tuple(map(tuple, data["rows"])))


def _columns(data: Mapping[str, Any]) -> tuple[Column, ...]:
    return tuple(
        Column(c["name"], c["label"], c["unit"], c["kind"] == "number") for c in data["columns"]
    )


def table(payload: Mapping[str, Any]) -> Table:
    """A table, its cells as printed."""
    columns = _columns(payload["data"])
    return Table(
        payload["id"],
        payload["session"],
        payload["title"],
        payload["caption"],
        tuple(c.label if c.says_its_unit else f"{c.label} ({c.unit})" for c in columns),
        tuple(c.numeric for c in columns),
        tuple(tuple(cell_text(cell) for cell in row) for row in payload["data"]["rows"]),
    )


def _iso_day(text: str | None) -> str:
    return words.day(date.fromisoformat(text[:10])) if text else ""


def cost(low: float | None, high: float | None, currency: str) -> str:
    """`£500 to £1,500`, or that it was not estimated."""
    ends = dict.fromkeys(words.money(x, currency) for x in (low, high) if x is not None)
    return " to ".join(ends) or "not estimated"
