"""A survey tool's answer sheets -> our relationship, items and survey tables."""

from __future__ import annotations

import re

import numpy as np
import pyarrow as pa

from servicegap.intake.codebooks import CodeBook
from servicegap.intake.cols import Col, col_of, last_rows, together
from servicegap.intake.data import pattern
from servicegap.intake.mapping import fingerprint
from servicegap.intake.numbering import numbers
from servicegap.intake.people import People, remember, who
from servicegap.intake.ratings import marks_in
from servicegap.intake.source import Source
from servicegap.schema import SCALES

Out = dict[str, pa.Array]
_TAG = re.compile(r"<[^<>]{1,200}>")
_ABOUT_US = ("satisfaction", "value")


def survey(source: Source, people: People, book: CodeBook | None = None) -> dict[str, Out]:
    """Make `relationship` of the questions on the whole, `items` and `survey` of the others.

    One person is one row of relationship; of several answer sheets the last counts.
    """
    book = book or CodeBook()
    key = source.col("response_id")
    source.leave_out_totals(key)
    status = source.col("status")
    if status is not None:
        source.drop(status.says(pattern("unfinished")), "not finished, or a test", reject=False)
    account, contact = who(source, people)
    if contact is None:  # nobody says who answered: each sheet is a person of its own
        if key is None or key.empty.any():
            key = _numbered(source, people)
        contact = key.map(lambda text: f"P-{text}")
    else:
        silent = contact.empty
        if silent.any():
            contact = contact.or_else(_numbered(source, people).map(lambda text: f"P-{text}"))
    if account.empty.any():
        source.say("no company is named, so each person stands for one",
                   "nothing to do, or say in intake.yaml which column holds the account",
                   count=int(account.empty.sum()))  # fmt: skip
        account = account.or_else(contact.map_in(people.account, account.empty))
    _last_of_each(source, contact)
    remember(source, people, account, contact)
    made = _relationship(source, account, contact, book)
    made |= _items(source, account, contact, book)
    if source.read and not made:
        source.say("no column could be read as marks", "say in intake.yaml which columns hold "
                   "them: satisfaction, value, would_refer or item", severity="error")  # fmt: skip
    return made


def _numbered(source: Source, people: People) -> Col:
    """A number for each answer sheet that has none, of what it says: not of the place it has."""
    return col_of(numbers(source, people.key).to_pylist(), np.arange(len(source.fate)))


def _last_of_each(source: Source, contact: Col) -> None:
    kept = np.flatnonzero(source.kept)
    last = last_rows(contact.codes[kept], kept)
    earlier = np.zeros(len(source.fate), bool)
    earlier[kept] = True
    earlier[last[last >= 0]] = False
    source.drop(earlier, "an earlier answer sheet of the same person", reject=False)


def _marks(source: Source, header: str, book: CodeBook) -> tuple[Col, str] | None:
    none = book.no_marks.get(header, frozenset())
    col = source.raw(header).map(lambda text: "" if text in none else text)
    found = marks_in(source, col, label=book.labels.get(header, ""))
    if found is None:
        return None
    return found[0], found[2]


def _relationship(source: Source, account: Col, contact: Col, book: CodeBook) -> dict[str, Out]:
    """One row a person: satisfied, value for money (of one scale), and would recommend."""
    found: dict[str, tuple[Col, str]] = {}
    for name in (*_ABOUT_US, "would_refer"):
        for header in source.columns.of(name)[:1]:
            marks = _marks(source, header, book) if header in source.sheet.columns else None
            if marks:
                found[name] = marks
    if not found:
        return {}
    scales = list(dict.fromkeys(found[name][1] for name in _ABOUT_US if name in found))
    main = scales[0] if scales else found["would_refer"][1]
    count = len(source.fate)
    out: Out = {"contact_id": contact.values, "account_id": account.values}
    for name, (col, scale) in found.items():
        if name in _ABOUT_US and scale != main:
            ends, wanted = SCALES[scale], SCALES[main]
            source.say(f"it is on the scale {ends.name} and satisfaction on {wanted.name}: one row "
                       "holds one of them, so it was not used", "ask both on one scale",
                       column=col.header)  # fmt: skip
            continue
        out[name] = col.values
    out["scale"] = pa.repeat(main, count)
    if "would_refer" in found:
        out["refer_scale"] = pa.repeat(found["would_refer"][1], count)
    answered = np.zeros(count, bool)
    for name in (*_ABOUT_US, "would_refer"):
        if name in found:
            answered |= ~found[name][0].empty
    keep = pa.array(source.kept & answered)
    return {"relationship": {name: texts.filter(keep) for name, texts in out.items()}}


def _items(source: Source, account: Col, contact: Col, book: CodeBook) -> dict[str, Out]:
    """Every other rated question: a row in items, and a row in survey for each answer."""
    ids: list[str] = []
    texts: list[str] = []
    parts: list[Out] = []
    for header in source.columns.of("item"):
        marks = _marks(source, header, book) if header in source.sheet.columns else None
        if marks is None:
            continue
        col, scale = marks
        ident = header if len(header) <= 20 else f"Q-{fingerprint([header])[:6]}"
        ident = ident if ident not in ids else f"{ident}-{len(ids) + 1}"
        ids.append(ident)
        texts.append(" ".join(_TAG.sub(" ", book.labels.get(header) or header).split()))
        rows = pa.array(np.flatnonzero(source.kept & ~col.empty))
        parts.append(
            {
                "contact_id": contact.values.take(rows),
                "account_id": account.values.take(rows),
                "item_id": pa.repeat(ident, len(rows)),
                "perceived": col.values.take(rows),
                "scale": pa.repeat(scale, len(rows)),
            }
        )
    if not parts:
        return {}
    joined = {name: together([part[name] for part in parts]) for name in parts[0]}
    return {"items": {"item_id": pa.array(ids), "text": pa.array(texts)}, "survey": joined}
