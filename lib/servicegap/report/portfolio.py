"""What does the consultant see of all clients at once? The words and marks of one page.

Made from what is published and what a batch says of each client; nothing is recomputed. Who needs
the consultant comes first.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from servicegap import changes, priorities, schema, words
from servicegap.report import among, marks
from servicegap.report.model import Brand, Span
from servicegap.report.portfolio_model import (
    LEFT,
    STATUSES,
    Belief,
    Cell,
    Client,
    Judged,
    Portfolio,
    Row,
)
from servicegap.report.scorecard import in_words


def build(
    clients: Iterable[Client], brand: Brand, version: str, figures: Sequence[among.Shared] = ()
) -> Portfolio:
    """Lay the page out. `figures` are those of the clients' own panel, without names."""
    found = [(client, _judged(client)) for client in clients]
    found.sort(key=lambda pair: _order(*pair))
    rows = tuple(_row(*pair) for pair in found)
    judged = [findings for client, findings in found if client.status not in LEFT]
    beliefs = _beliefs(judged)
    strips = among.strips(figures)
    return Portfolio(
        brand,
        "All clients",
        _summary([client for client, _ in found]),
        _filters(rows),
        rows,
        beliefs,
        _commonest(beliefs),
        strips,
        "" if strips else among.NONE,
        version,
    )


def _judged(client: Client) -> tuple[Judged, ...]:
    kept = [f for f in client.findings if f.get("id") in schema.HEADLINES]
    return tuple(
        Judged(
            f["id"],
            f["verdict"],
            f["strength"],
            f["gap"],
            _span(f["belief"]),
            _span(f["evidence"]),
            (f.get("change") or {}).get("verdict", ""),
        )
        for f in kept
    )


def _span(told: Mapping[str, Any] | None) -> Span | None:
    if not told:
        return None
    return Span(told.get("value"), told.get("low"), told.get("high"), told.get("n"))


def well_formed(findings: object) -> bool:
    """Whether these are findings as `findings.json` holds them, as far as the page reads them."""
    if not isinstance(findings, list) or not all(isinstance(f, dict) for f in findings):
        return False
    return all(
        isinstance(f.get("id"), str)
        and f.get("verdict") in marks.VERDICTS
        and f.get("strength") in (None, "clear", "leaning")
        and _numbers(f, "gap")
        and all(_numbers(f[name], "value", "low", "high") for name in _SPANS if f.get(name))
        and set(_SPANS) <= f.keys()
        and isinstance(f.get("change"), dict | None)
        for f in findings
    )


_SPANS = ("belief", "evidence")


def _numbers(told: object, *names: str) -> bool:
    """Whether these are there, and numbers or null."""
    if not isinstance(told, dict):
        return False
    values = [told.get(name, "") for name in names]
    return all(v is None or (isinstance(v, int | float) and math.isfinite(v)) for v in values)


# -- who comes first ---------------------------------------------------------------------------


def _order(client: Client, findings: Sequence[Judged]) -> tuple[Any, ...]:
    """Failures, then drafts, then what is done; within each the most and the widest blind spots."""
    blind = priorities.pick(findings, "blind spot", "clear")
    waits = {"failed": 0, "damaged": 0, "not reached": 1, "gone": 5, "renamed": 5}.get(
        client.status
    )
    if waits is None:
        waits = 2 if client.draft else 3 if client.partial else 4
    widest = max(map(priorities.size, blind), default=0.0)
    return waits, -len(blind), -widest, client.name.casefold(), client.id


def _needs(client: Client, findings: Sequence[Judged]) -> tuple[str, ...]:
    """What the consultant has to do about a client, in sentences; most urgent first."""
    if client.status in ("failed", "not reached"):
        why = client.reason.strip() or "Why is in the log."
        stands = "There is no report yet."
        if client.as_of:
            kind = "draft" if client.draft else "report"
            stands = (
                f"The {kind} of before still stands, with data up to {words.day(client.as_of)}."
            )
        return (f"{why.rstrip('.')}. {stands}",)
    if client.status == "gone":
        gone = "Its folder is not among the clients any more; the report is still here."
        return (f"{gone} {client.reason}".rstrip(),)
    if client.status == "renamed":
        return (client.reason,)
    if client.status == "damaged":
        return ("Its report can’t be read any more: make it anew.",)
    if client.as_of is None:
        return ("There is no report yet.",)
    said = []
    if client.partial:
        parts = words.listed(client.partial)
        said.append(f"Only a part was made: session{'s'[: len(client.partial) > 1]} {parts}.")
    elif client.draft:
        said.append("Draft: read it and approve it.")
    if not any(f.word in ("blind spot", "hidden strength", "well judged") for f in findings):
        said.append("No belief could be judged: ask for guesses and for more data.")
    return tuple(said)


def _tags(client: Client, findings: Sequence[Judged]) -> tuple[str, ...]:
    blind = bool(priorities.pick(findings, "blind spot", "clear"))
    there = {
        "failed": client.status in ("failed", "damaged", "not reached"),
        "draft": bool(client.as_of) and client.draft and client.status not in LEFT,
        "approved": bool(client.as_of) and not client.draft and client.status not in LEFT,
        "blind": blind,
        "gone": client.status in LEFT,
    }
    return tuple(tag for tag, holds in there.items() if holds)


def _filters(rows: Sequence[Row]) -> tuple[tuple[str, str, int], ...]:
    names = {
        "failed": "Failed",
        "draft": "Draft",
        "approved": "Approved",
        "blind": "Clear blind spot",
        "gone": "Left over",
    }
    counted = [(tag, name, sum(tag in r.tags for r in rows)) for tag, name in names.items()]
    return tuple(row for row in counted if row[2])


# -- one client --------------------------------------------------------------------------------


def _row(client: Client, findings: Sequence[Judged]) -> Row:
    status, tone, mark = STATUSES[client.status]
    if client.as_of and client.status not in ("failed", "not reached", *LEFT):
        status += ", draft" if client.draft else ", approved"
        mark, tone = (mark, tone) if client.draft else ("✓", "good")
    gap, figures, more = _gap(findings)
    return Row(
        client.name,
        client.id,
        mark,
        tone,
        status,
        _needs(client, findings),
        words.day(client.as_of) if client.as_of else "",
        _strip(findings),
        _verdicts(findings),
        gap,
        figures,
        more,
        _changed(findings),
        tuple(client.files.items()),
        _tags(client, findings),
        client.as_of is not None,
        client.folder,
        client.command,
    )


def _strip(findings: Sequence[Judged]) -> tuple[Cell, ...]:
    """All twelve beliefs in their order, so that strips of several clients can be read down."""
    told = {f.id: f for f in findings}
    cells = []
    for ident, head in schema.HEADLINES.items():
        f = told.get(ident)
        if f is None:
            cells.append(Cell(head.label, "", "not asked", "open"))
        else:
            word, mark, tone = marks.verdict(f.word, f.strength)
            cells.append(Cell(head.label, mark, word, tone))
    return tuple(cells)


def _verdicts(findings: Sequence[Judged]) -> tuple[Cell, ...]:
    """The same in words: `2 blind spots, 1 more leaning`, `4 well judged`, `6 not settled`."""
    counted = Counter((f.word, f.strength) for f in findings)
    cells = []
    for word in ("blind spot", "hidden strength", "well judged"):
        clear = counted.pop((word, "clear"), 0) + counted.pop((word, None), 0)
        leaning = counted.pop((word, "leaning"), 0)
        if clear or leaning:
            plural = word if word == "well judged" or (clear or leaning) == 1 else f"{word}s"
            said = f"{words.number(clear or leaning)} {plural}"
            if leaning:
                said += f", {words.number(leaning)} more leaning" if clear else ", leaning"
            _, mark, tone = marks.verdict(word, None if clear else "leaning")
            cells.append(Cell("", mark, said, tone))
    rest = sum(counted.values())
    if rest:
        cells.append(Cell("", "○", f"{words.number(rest)} not judged", "open"))
    return tuple(cells)


def _gap(findings: Sequence[Judged]) -> tuple[str, str, str]:
    """The widest blind spot: what it is, its figures, and what else is clear."""
    clear = priorities.pick(findings, "blind spot", "clear")
    first = (clear or priorities.pick(findings, "blind spot", "leaning"))[:1]
    if not first:
        return "", "", ""
    top = first[0]
    believed, evidence = (in_words(top.id, span) for span in (top.belief, top.evidence))
    figures = f"believed {believed}, found {evidence} {top.unit}" if believed and evidence else ""
    label = top.label if clear else f"{top.label} (leaning)"
    rest = [f.label for f in clear[1:]]
    return label, figures, f"Also {words.listed(rest)}." if rest else ""


def _changed(findings: Sequence[Judged]) -> str:
    """What came of the last period, figure by figure, the certain ones by name."""
    told = [f for f in findings if f.change]
    if not told:
        return ""
    said = []
    for word in (changes.WORSE, changes.BETTER):
        names = [f.label for f in told if f.change == word]
        if names:
            said.append(f"{word}: {words.listed(names)}")
    still = sum(f.change == changes.OPEN for f in told)
    if still:
        said.append(f"can’t tell: {words.number(still)}")
    text = "; ".join(said)
    return f"{text[:1].upper()}{text[1:]}."


# -- all of them -------------------------------------------------------------------------------


def _beliefs(judged: Sequence[Sequence[Judged]]) -> tuple[Belief, ...]:
    every = [findings for findings in judged if findings]
    share = 100 / max(1, len(every))
    found = []
    for number, (ident, head) in enumerate(schema.HEADLINES.items(), 1):
        told = [f for findings in every for f in findings if f.id == ident]
        heard = [f for f in told if f.word not in ("not measured", "no guess")]
        clear = len(priorities.pick(heard, "blind spot", "clear"))
        leaning = len(priorities.pick(heard, "blind spot", "leaning"))
        said = f"{clear} of {len(heard)}" if heard else "not looked at"
        said += f", {leaning} more leaning" if leaning else ""
        drawn = (share * len(heard), share * clear, share * leaning)
        found.append(Belief(number, head.label, *drawn, clear, said))
    return tuple(found)


def _commonest(beliefs: Sequence[Belief]) -> str:
    most = max(b.times for b in beliefs)
    if not most:
        return "No belief clearly flatters anybody here"
    if most == 1:
        return "No blind spot is shared by two clients"
    first = [b for b in beliefs if b.times == most]
    if len(first) > 1:
        clients = words.count(most, "client")
        many = words.spelled(len(first)).capitalize()
        return f"{many} blind spots are the commonest: {clients} each"
    clients = first[0].said.partition(",")[0]
    return f"The commonest blind spot: {first[0].label.lower()}, at {clients} clients"


def _to_approve(client: Client) -> bool:
    """Whether a whole report waits to be read; the old one of a failed client does not."""
    stands = client.as_of is not None and client.status not in ("failed", "not reached", *LEFT)
    return stands and client.draft and not client.partial


def _summary(clients: Sequence[Client]) -> tuple[str, ...]:
    """A sentence on how many there are, one on who waits for the consultant, one on the data."""
    here = [c for c in clients if c.status not in LEFT]
    if not here:
        return ("There is no client's folder here yet.",)
    reports = sum(c.as_of is not None for c in here)
    said = [f"{words.count(len(here), 'client')}, {words.count(reports, 'report')}."]
    waits = []
    for status in ("failed", "damaged", "not reached"):
        if n := sum(c.status == status for c in here):
            waits.append(f"{words.number(n)} {STATUSES[status][0]}")
    if n := sum(_to_approve(c) for c in here):
        waits.append(f"{words.number(n)} to read and approve")
    said.append(f"For you to do: {words.listed(waits)}." if waits else "Nothing waits for you.")
    days = [c.as_of for c in here if c.as_of]
    if days:
        said.append(f"Data up to {words.day(max(days))}.")
    return tuple(said)
