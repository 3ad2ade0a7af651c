"""What does a careful reader ask for? Definitions, n, ledger, gaps in the data, words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from servicegap import schema, words
from servicegap.report.model import (
    Definition,
    Finding,
    LedgerRow,
    NotMeasured,
    Seen,
)
from servicegap.report.scorecard import n_in_words

WORDS = (
    ("account", "A company that is your customer."),
    ("contact", "A person at an account."),
    ("third party", "A vendor, carrier or outsourcer in the chain between you and a contact."),
    ("belief", "What you said before you saw any evidence: a best guess and a range."),
    ("evidence", "What the data say: a figure, its interval, and n."),
    (
        "interval",
        "The range in which the true figure lies with 95 % confidence, seen from these answers.",
    ),
    ("n", "How many contacts, accounts, tickets or USPs stand behind a figure."),
    ("gap", "How much the belief flatters you: belief against evidence."),
    ("blind spot", "The belief flatters you."),
    ("hidden strength", "The evidence is better than the belief."),
    ("well judged", "Belief and evidence agree, with enough answers to say so."),
    ("too few to judge", "The answers do not settle it either way."),
    ("not measured", "The data that it takes are not there."),
    ("no guess", "No belief was stated, so there is nothing to compare."),
    (
        "clear, leaning",
        "A clear verdict has passed a strict test, strict enough that at most one report in twenty "
        "holds a false one. A leaning one has not: it earns a cheap test, not a repair.",
    ),
    ("good peers", "The top quarter of at least eight firms like yours, never the average."),
)
_SINCE = (
    (
        "better, worse",
        "The figure has changed since last period, by a test as strict as that of a clear verdict.",
    ),
    (
        "can't tell",
        "It may have changed or not: what lies between the two periods may be luck, or one of them "
        "was not measured.",
    ),
)


def words_used(findings: Sequence[Finding]) -> tuple[tuple[str, str], ...]:
    """The words of this report and what they mean; those on changes where there are any."""
    return (*WORDS, *_SINCE) if any(f.changed for f in findings) else WORDS


def definitions(findings: Sequence[Finding]) -> tuple[Definition, ...]:
    """The exact definition of every headline number in this report, and its n here."""
    by_id = {f.id: f for f in findings}
    return tuple(
        Definition(h.label, h.question, h.evidence, h.unit, n_in_words(by_id[h.id]))
        for h in schema.HEADLINES.values()
        if h.id in by_id
    )


def seen(findings: Sequence[Finding]) -> tuple[Seen, ...]:
    """What these answers could have shown: the smallest gap of every headline that may speak.

    In the order of the schema; a dash where no gap on the scale would have been seen.
    """
    by_id = {f.id: f for f in findings}
    told = (by_id[belief] for belief in schema.HEADLINES if belief in by_id)
    return tuple(
        Seen(f.label, n_in_words(f), f.could_see or "–")
        for f in told
        if f.evidence and f.evidence.value is not None
    )


def ledger(rows: Iterable[Mapping[str, Any]]) -> tuple[LedgerRow, ...]:
    """The data ledger as printed."""
    return tuple(
        LedgerRow(
            str(row["table"]),
            str(row.get("file") or ""),
            int(row["read"]),
            int(row["kept"]),
            int(row["rejected"]),
            int(row["excluded"]),
            "; ".join(f"{why}: {words.number(n)}" for why, n in _left_out(row)),
        )
        for row in rows
    )


def _left_out(row: Mapping[str, Any]) -> list[tuple[str, int]]:
    """Why rows were left out, then which cells of kept rows: (reason, how many)."""
    cells = sorted((row.get("blanked") or {}).items())
    return [
        *sorted((row.get("reasons") or {}).items()),
        *((f"unusable cells of {column}", n) for column, n in cells),
    ]


def not_measured(
    results: Iterable[Mapping[str, Any]],
    findings: Sequence[Finding],
    statuses: Mapping[str, Mapping[str, str]],
) -> tuple[NotMeasured, ...]:
    """Everything that could not be measured, in the order of the sessions.

    `results` are payloads of figures and tables. A session that could not run at all is one line.
    """
    whole = {
        stem[:2]: status.get("reason") or ""
        for stem, status in statuses.items()
        if status.get("status") == "not_measured"
    }
    lines: list[NotMeasured] = []
    for number, session in schema.SESSIONS.items():
        if number in whole:
            needs = [need for part in session.parts for need in part.needs]
            lines.append(_line(session, f"The whole of “{session.title}”", whole[number], needs))
            continue
        seen: set[str] = set()
        for payload in results:
            if payload["session"] == number and payload.get("not_measured"):
                lines.append(
                    _part(session, payload["id"], payload["title"], payload["not_measured"])
                )
                seen.add(payload["id"])
        for finding in findings:
            if (
                finding.session == number
                and finding.word == "not measured"
                and finding.id not in seen
            ):
                lines.append(_part(session, finding.id, finding.label, finding.sentence))
    return _told_once(_together(lines))


def _together(lines: Iterable[NotMeasured]) -> Iterable[NotMeasured]:
    """One line for all of a session that is missing for the same reason."""
    made: dict[tuple[str, str], NotMeasured] = {}
    for line in dict.fromkeys(lines):
        key = line.session, line.why
        if key in made:
            whats = tuple(dict.fromkeys((*made[key].whats, *line.whats)))
            takes = tuple(dict.fromkeys((*made[key].takes, *line.takes)))
            line = replace(line, what="; ".join(whats), whats=whats, takes=takes)
        made[key] = line
    return made.values()


def _told_once(lines: Iterable[NotMeasured]) -> tuple[NotMeasured, ...]:
    """What a table or column is, said where it is first wanted and not again."""
    told: set[str] = set()
    made = []
    for line in lines:
        new = tuple(need for need in line.takes if need not in told)
        told.update(new)
        made.append(replace(line, takes=new))
    return tuple(made)


def _part(session: schema.Session, part_id: str, title: str, why: str) -> NotMeasured:
    part = next((p for p in session.parts if p.name == part_id), None)
    label = part.label if part else title
    return _line(session, label[:1].upper() + label[1:], why, part.needs if part else ())


def _line(session: schema.Session, what: str, why: str, needs: Iterable[str]) -> NotMeasured:
    takes = tuple(map(need_in_words, dict.fromkeys(needs)))
    return NotMeasured(session.number, what, (what,), why, takes)


def need_in_words(need: str) -> str:
    """`tickets: …`, or `tickets, with the column team: …`, as the schema explains them."""
    name, _, column = need.partition(".")
    table = schema.TABLES[name]
    about = words.lowered((table[column] if column else table).about.rstrip("."))
    return f"{name}, with the column {column}: {about}" if column else f"{name}: {about}"


def not_asked(statuses: Mapping[str, Mapping[str, str]]) -> tuple[str, ...]:
    """Titles of the sessions that were left out on purpose."""
    return tuple(
        schema.SESSIONS[stem[:2]].title
        for stem, status in sorted(statuses.items())
        if status.get("status") == "not_asked" and stem[:2] in schema.SESSIONS
    )
