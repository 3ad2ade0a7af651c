"""What the attendees of a workshop handed in: a folder of their belief files, read without names.

A file is one person's `beliefs.csv`, under whatever name, in the folder itself; or a file called
`beliefs…` in a folder inside it, such as an attendee's own copy on a shared drive. Where such a
folder says which firm it is about, only the firm of the room counts. Nothing that a file holds can
stop the others from being read.
"""

from __future__ import annotations

import hashlib
import math
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from servicegap import schema, words
from servicegap.client import settings
from servicegap.problems import Refused
from servicegap.verdicts import Stated

Rows = tuple[dict[str, Any], ...]
_NUMBERS = ("belief_id", "value", "low", "high")
_MOST_BYTES = 1_000_000  # a belief file has a few kilobytes; a larger one is something else
_MOST_FILES = 500


@dataclass(frozen=True)
class Said:
    """What one person said of one belief: the first guess and, where there is one, the next.

    `person` is a mark made of the first guess and its time (of the whole file where it has none),
    so that a file copied or handed in twice is one person; `again` is the same for the next guess,
    "" where there is none.
    """

    person: str
    first: Stated
    later: Stated | None = None
    again: str = ""


@dataclass(frozen=True)
class HandedIn:
    """Everybody's guesses by belief, and what there is to say of the files.

    `told` may be read by everybody; the sentences `of_files` give names of files, which may be
    names of people.
    """

    said: Mapping[str, tuple[Said, ...]]
    told: tuple[str, ...] = ()
    of_files: tuple[str, ...] = ()


def read(folder: str | Path, firm: str = "") -> HandedIn:
    """Read every belief file of a room.

    Args: folder, one that isn't there holds nobody, and says so; firm, the id of the firm that is
    guessed about, if only guesses about that one are to count.
    """
    place = Path(folder).expanduser()
    if not place.is_dir():
        return HandedIn(_none(), (f"There is no folder {folder} yet.",))
    people: dict[str, dict[str, Said]] = {belief: {} for belief in schema.HEADLINES}
    of_files: list[str] = []
    others = 0
    for path in _files(place):
        if firm and not _about(path.parent, firm):
            others += 1
            continue
        name = path.relative_to(place).as_posix()
        try:
            rows, doubt = _rows(path)
        except (OSError, Refused, ValueError) as error:
            of_files.append(f"{name} is left out: {_why(error)}")
            continue
        of_files += [f"{name}: {doubt}"] if doubt else []
        for belief, one in _guesses(rows):
            known = people[belief].get(one.person)
            if known is None or not known.again:
                people[belief][one.person] = one
    told = (f"{words.count(others, 'file')} about another firm did not count.",) if others else ()
    said = {belief: tuple(those.values()) for belief, those in people.items()}
    return HandedIn(MappingProxyType(said), told, tuple(of_files))


def _about(folder: Path, firm: str) -> bool:
    """Whether what lies in a folder is about the firm; a folder that isn't a firm's may be."""
    if not (folder / settings.FILE).is_file():
        return True
    try:
        return settings.read_settings(folder)[0].id == firm
    except (Refused, OSError):
        return False


def _none() -> Mapping[str, tuple[Said, ...]]:
    return MappingProxyType(dict.fromkeys(schema.HEADLINES, ()))


def _files(place: Path) -> list[Path]:
    from servicegap.tables.files import SUFFIXES, hidden

    found = []
    for path in sorted(place.rglob("*")):
        name = path.name.casefold()
        if hidden(path.relative_to(place)) or name.startswith("learning"):
            continue
        fits = path.parent == place or name.startswith("beliefs")
        if fits and path.suffix.casefold() in SUFFIXES and path.is_file():
            found.append(path)
    return found[:_MOST_FILES]


def _rows(path: Path) -> tuple[Rows, str]:
    """A file's rows as they are at this moment, and what is doubtful about them.

    Of a CSV file that doesn't end in a line's end the last line is left out: `8` may be the
    beginning of `80`.
    """
    if path.stat().st_size > _MOST_BYTES:
        raise ValueError("it is too large for a file of guesses")
    content, doubt, suffix = path.read_bytes(), "", path.suffix.casefold()
    if not content.strip(b"\0\r\n\t \xef\xbb\xbf"):
        return (), ""  # withdrawn
    end = max(content.rfind(b"\n"), content.rfind(b"\r")) + 1
    if suffix == ".csv" and 0 < end < len(content):
        content = content[:end]
        doubt = "its last line is cut off and left out; it may still be being saved."
    rows, wrong = _table(content, suffix)
    if wrong:
        lines = "1 line" if wrong == 1 else f"{wrong} lines"
        doubt = f"{doubt} {lines} could not be read.".strip()
    return rows, doubt


@lru_cache(maxsize=_MOST_FILES)
def _table(content: bytes, suffix: str) -> tuple[Rows, int]:
    """The rows in a file's bytes, earliest first, and how many were rejected.

    Kept, since most files stay as they are between two refreshes. Read from a copy: the file itself
    may be changing.
    """
    from servicegap.tables import read_table

    with tempfile.TemporaryDirectory(prefix="servicegap-room-") as copies:
        copy = Path(copies) / f"beliefs{suffix}"
        copy.write_bytes(content)
        found = read_table(copy, schema.TABLES["beliefs"])
    rows = found.frame
    if rows["stated_at"].notna().all():
        rows = rows.sort_values("stated_at", kind="stable")
    told = [dict(zip(rows.columns, row, strict=True)) for row in rows.itertuples(index=False)]
    return tuple(told), found.ledger.rejected


def _why(error: Exception) -> str:
    """In plain words, and without a word of what the file holds: it is read out to the room."""
    if isinstance(error, Refused):
        return "it is no file of guesses, or it can't be read as one."
    if isinstance(error, OSError):
        return f"{error.strerror or 'it can not be opened'}."
    return f"{error}."


def _guesses(rows: Rows) -> Iterator[tuple[str, Said]]:
    """Each belief that a file says anything of. A belief whose last row is empty is withdrawn."""
    whole = repr([[row[name] for name in _NUMBERS] for row in rows])
    for belief in schema.HEADLINES:
        mine = [row for row in rows if row["belief_id"] == belief]
        if not mine or math.isnan(mine[-1]["value"]):
            continue
        valued = [row for row in mine if not math.isnan(row["value"])][:2]
        first, *later = valued
        one = Said(_mark(belief, first, whole), stated(belief, first))
        if later:
            (after,) = later
            one = Said(one.person, one.first, stated(belief, after), _mark(belief, after, whole))
        yield belief, one


def stated(belief: str, row: Mapping[str, Any]) -> Stated:
    """A guess with both ends of its range; a missing one lies δ away, as in the verdict rule."""
    head, value = schema.HEADLINES[belief], float(row["value"])
    away = math.exp(head.delta) if head.ratio else head.delta
    usual = (value / away, value * away) if head.ratio else (value - away, value + away)
    low, high = (u if math.isnan(x) else float(x)
                 for x, u in zip((row["low"], row["high"]), usual, strict=True))  # fmt: skip
    return Stated(value, max(low, head.low), min(high, head.high))


def _mark(belief: str, row: Mapping[str, Any], whole: str) -> str:
    """What tells one guess from another: its numbers and time, or all of its file if it has none.

    Never the file's name: a copy has another.
    """
    at = row["stated_at"]
    when = str(at) if at == at else whole
    parts = (belief, when, *(f"{row[k]:.10g}" for k in _NUMBERS[1:]))
    return hashlib.sha256("|".join(parts).encode()).hexdigest()[:24]
