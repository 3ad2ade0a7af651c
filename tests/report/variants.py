"""Reports at their extremes: nothing found, all found, two periods, long names, other scripts."""

from __future__ import annotations

from dataclasses import replace

import made_notebooks as made
from servicegap.report.model import Brand

LONG = (
    "The Extraordinarily Long-Winded Managed Information Technology Service Company of Great and "
)
LONG = (LONG + "Little Snoring-by-the-Water")[:120]
HEBREW = "שירותי מחשוב אלון בע״מ (IT)"
ARABIC = "شركة الأفق لخدمات تقنية المعلومات"
CHANGE = {"value": -6.4, "low": -11.0, "high": -1.2, "verdict": "worse"}
SINCE = (
    "Worse than last period: 60 in 100 now, 66 in 100 then, a change of between 1 and 11 points."
)


def named(text: str, **facts):
    """All sessions, with `text` wherever a client's own names stand."""
    books = {}
    for spec in made.SESSIONS.values():
        beliefs = [h.id for h in spec.headlines]
        rows = [[f"{text} {i}", 40.0 + i, 30.0, 60.0] for i in range(5)]
        columns = [
            {"name": n, "label": n, "unit": "%", "kind": "number" if i else "text"}
            for i, n in enumerate(("who", "value", "low", "high"))
        ]
        data = {"columns": columns, "rows": rows}
        action = made.finding("csat")["action"] | {"owner": text, "what": f"Ring {text} and ask."}
        cells = [
            made.code(
                made.figure(spec.number, "groups", about=next(iter(beliefs), None), data=data,
                            title=f"{text} is served worst", alt=f"62 of 100: {text}")
            ),
            made.code(made.table(spec.number, "rows", data=data)),
        ]  # fmt: skip
        cells += [made.code(made.finding(b, action=action, caveats=[text])) for b in beliefs]
        books[spec.stem] = made.session(spec.number, *cells)
    brand = Brand(name=text, footer=text, contact=text, cover=text)
    return made.build(books, replace(made.FACTS, name=text, brand=brand, **facts))


def two_periods():
    """All sessions, every finding compared with last period's."""
    books = made.series()
    for book in books.values():
        for cell in book.cells:
            for output in cell.get("outputs", ()):
                payload = output.data[made.MIME]
                if payload["kind"] == "finding":
                    payload |= {"change": CHANGE, "since": SINCE}
    return made.build(books)


def every():
    """Name → report."""
    return {
        "nothing": made.build({}),
        "no findings": made.build({"00_start_here": made.standard("00")}),
        "all": made.build(made.series()),
        "two periods": two_periods(),
        "long names": named(LONG),
        "one long word": named("W" * 120),
        "hebrew": named(HEBREW),
        "arabic": named(ARABIC),
    }
