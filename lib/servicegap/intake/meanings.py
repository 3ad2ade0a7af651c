"""What the columns of an unknown export mean: by their headers, and checked by their values.

Nothing here is certain, so what it proposes is shown and has to be confirmed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import pyarrow as pa

from servicegap.intake.codebooks import CodeBook
from servicegap.intake.data import Field, fields, plain
from servicegap.intake.durations import hours, unit_of
from servicegap.intake.marks import read_marks
from servicegap.tables.dates import read_dates
from servicegap.tables.faults import Undecided
from servicegap.tables.spellings import NO_VALUE

LIKELY = 0.5
_COUNT = re.compile(r"\d{1,6}(\.0)?|yes|no|true|false")
_MAIL = re.compile(r"[^@\s]+@[^@\s]+\.\w+")
_FILLERS = frozenset(
    (
        "the",
        "of",
        "a",
        "an",
        "our",
        "your",
        "in",
        "on",
        "at",
        "is",
        "was",
        "it",
        "and",
        "or",
        "for",
        "to",
        "how",
        "with",
        "you",
        "us",
        "we",
        "ticket",
        "tickets",
        "field",
        "custom",
        "value",
        "please",
        "would",
        "did",
        "do",
    )
)
# questions are told by a few words within a sentence
_QUESTIONS = ("satisfaction", "value", "would_refer")


def propose(
    headers: Sequence[str], sample: Callable[[str], list[str]], makes: str,
    book: CodeBook | None = None,
) -> dict[str, str]:  # fmt: skip
    """Propose a field for each header that seems to mean one.

    Args: the headers; `sample`, some of a column's texts by its header; what the file makes
    (tickets, feedback, survey); a code book, if there is one. Each field goes to the one column
    that fits it best.
    """
    book = book or CodeBook()
    candidates = []
    for position, header in enumerate(headers):
        texts = [t for t in sample(header) if t.casefold() not in NO_VALUE]
        for field in fields().values():
            if makes not in field.makes:
                continue
            likely = likeness(header, field)
            worded = likeness(book.labels.get(header, ""), field)
            if worded == 1 or field.kind == "score":  # a longer wording of an id may mean anything
                likely = max(likely, worded)
            if likely >= LIKELY and fits(field, header, texts):
                candidates.append((-likely, position, header, field.name))
    found: dict[str, str] = {}
    for _, _, header, name in sorted(candidates):
        if header not in found and name not in found.values():
            found[header] = name
    if makes == "survey":
        for header in headers:
            if header not in found:
                found |= _question(header, sample(header), book)
    return {header: found[header] for header in headers if header in found}


def _question(header: str, texts: list[str], book: CodeBook) -> dict[str, str]:
    """A column of marks that means nothing more special is an item of the survey."""
    if header in book.labels:
        return {header: "item"} if header in book.scales else {}
    worded = header
    if len(worded.split()) < 3 or len(set(texts)) > 12 or not texts:
        return {}
    marks = read_marks(texts, worded, counts=[10] * len(texts))
    return {header: "item"} if marks.scale and len(set(marks.of.values()) - {None, ""}) > 1 else {}


def likeness(header: str, field: Field) -> float:
    """How much a header looks like a field's words: 1 where it is one of them, 0 where not at all.

    Else the share of words that the header and the nearest of the field's have in common.
    """
    if not header.strip():
        return 0.0
    own = plain(header)
    if any(own == plain(word) for word in field.words):
        return 1.0
    tokens = _tokens(header)
    if not tokens:
        return 0.0
    best = 0.0
    for word in field.words:
        wanted = _tokens(word)
        if not wanted or not wanted <= tokens:
            continue
        share = len(wanted) / len(tokens)
        if field.name in _QUESTIONS and (len(wanted) > 1 or field.name == "would_refer"):
            share = max(share, 0.6)  # a question says much more than its point
        best = max(best, 0.95 * share)
    return best


def _tokens(text: str) -> frozenset[str]:
    text = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text)
    tokens = re.findall(r"[^\W_]+", text.casefold())
    rest = frozenset(t for t in tokens if t not in _FILLERS and not t.isdigit())
    return rest or frozenset(tokens)


def fits(field: Field, header: str, texts: Sequence[str]) -> bool:
    """Whether a column's values can be what the field holds; an empty column fits anything."""
    if not texts:
        return True
    texts = texts[:200]
    match field.kind:
        case "time":
            return _dates(texts) >= 0.8
        case "hours":
            unit = unit_of(header) or "hours"
            return _share(texts, lambda t: hours(t, unit) is not None) >= 0.8
        case "count":
            return _share(texts, lambda t: bool(_COUNT.fullmatch(t.casefold()))) >= 0.8
        case "score":
            if _dates(texts) >= 0.8 and not all(t.isdigit() for t in texts):
                return False
            return _share(texts, lambda t: len(t) < 60) == 1 and len(set(texts)) <= 101
        case "met" | "yesno":
            return len({t.casefold() for t in texts}) <= 12 and _dates(texts) < 0.5
    if field.name == "contact_email":
        return _share(texts, lambda t: bool(_MAIL.fullmatch(t))) >= 0.6
    if field.name in ("account", "contact", "vendor"):
        return _share(texts, lambda t: not _MAIL.fullmatch(t)) >= 0.5 and _dates(texts) < 0.5
    if field.name in ("priority", "channel", "status", "board", "team"):
        return len({t.casefold() for t in texts}) <= 120
    return True


def _share(texts: Sequence[str], good: Callable[[str], bool]) -> float:
    return sum(map(good, texts)) / len(texts)


def _dates(texts: Sequence[str]) -> float:
    """The share of texts that are dates, in whatever order of day and month."""
    try:
        values, _, _ = read_dates(pa.array(list(texts), pa.string()), clock=True)
    except Undecided:
        return 1.0
    read = values == values
    return float(read.mean())
