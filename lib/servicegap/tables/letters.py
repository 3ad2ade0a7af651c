"""A text file's letters: its encoding, what is invisible in it, and the sign between its cells."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from pathlib import Path

from servicegap.problems import Problem
from servicegap.tables import leafing
from servicegap.tables.headers import Wanted
from servicegap.tables.spellings import squash

_HEAD = 64_000
CONTROLS = bytes([*range(0x09), 0x0B, 0x0C, *range(0x0E, 0x20), 0x7F])
SEP = re.compile(rb'\A"?sep=([,;\t|])"?[^\S\n\r]*\r?\n', re.IGNORECASE)


@dataclass(frozen=True)
class Text:
    """A text file as UTF-8.

    `as_it_is` says that the file's own bytes are these, but for a mark at the beginning; `data`
    is then only how it begins. `delimiter` is told by the file itself, "" where it is not; `tidy`
    says that nothing invisible is left in it.
    """

    data: bytes
    delimiter: str
    as_it_is: bool
    tidy: bool
    notes: tuple[Problem, ...]


def decode(raw: bytes) -> tuple[bytes, str, int]:
    """Turn a text file's bytes into UTF-8: (bytes, encoding found, characters that were lost).

    By its mark, else UTF-8, else Windows-1252; a file that is plainly UTF-8 with a few broken
    bytes stays UTF-8. Raises UnicodeError where none of these can be.
    """
    for mark, name in ((b"\xff\xfe\x00\x00", "utf-32"), (b"\x00\x00\xfe\xff", "utf-32"),
                       (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):  # fmt: skip
        if raw.startswith(mark):
            return raw.decode(name).encode(), name, 0
    raw = raw.removeprefix(b"\xef\xbb\xbf")
    if raw[:2000].count(0) * 3 > len(raw[:2000]):
        raise UnicodeError("every other byte is empty")
    if raw.isascii():
        return raw, "ascii", 0
    try:
        raw.decode("utf-8")
        return raw, "utf-8", 0
    except UnicodeDecodeError:
        pass
    whole = len(re.findall(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}", raw))
    replaced = raw.decode("utf-8", errors="replace")
    lost = replaced.count("\ufffd")
    if whole > lost:
        return replaced.encode(), "utf-8", lost
    return raw.decode("cp1252").encode(), "cp1252", 0


def read(path: Path, table: Wanted) -> Text:
    """Read a text file, saying what had to be done to it. Raises UnicodeError.

    What is as it should be is left where it is, so that a large file need not be held.
    """
    if table.most is None or path.stat().st_size <= table.most:
        start = _beginning(path)
        if start.strip() and not SEP.match(start):
            tidy = leafing.plain(path)
            if tidy is not None:
                return Text(start, "", True, tidy, ())
    return mended(path, table)


def _beginning(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(_HEAD + len(leafing.BOM)).removeprefix(leafing.BOM)[:_HEAD]


def mended(path: Path, table: Wanted) -> Text:
    """A text file's whole content, with what had to be done to it. Raises UnicodeError."""
    notes: list[Problem] = []

    def note(what: str, remedy: str, count: int = 1) -> None:
        notes.append(
            Problem(table.name, path.name, None, None, None, what, remedy, "warning", count)
        )

    data, encoding, lost = decode(_raw(path, table.most))
    if encoding == "cp1252":
        note("the file was read as Windows text (cp1252)", "look whether accents and £ are right; "
             "if not, save it as CSV UTF-8")  # fmt: skip
    if lost:
        note("a letter could not be read and shows as \ufffd", "save it as CSV UTF-8", lost)
    if any(map(leafing.has_controls, leafing.pieces(data))):
        clean = data.translate(None, CONTROLS)
        if len(clean) != len(data):
            note("invisible control characters were taken out",
                 "nothing to do, if texts look right", len(data) - len(clean))  # fmt: skip
        data = clean
    told = SEP.match(data)
    if told:
        data = data[told.end() :]
    if data.endswith((b"\n\n", b"\r\r", b"\n\r\n")):
        data = data.rstrip(b"\r\n")
    tidy = encoding == "ascii" or not any(sign in data for sign in leafing.INVISIBLE)
    return Text(data, told[1].decode() if told else "", False, tidy, tuple(notes))


def _raw(path: Path, most: int | None) -> bytes:
    """The file's bytes; or its first whole lines, without a quote that is left open."""
    if most is None or path.stat().st_size <= most:
        return path.read_bytes()
    with path.open("rb") as file:
        raw = file.read(most)
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return raw[: len(raw) // 4 * 4]
    for _ in range(10_000):
        cut = raw.rfind(b"\n")
        if cut < 0 or (raw.count(b'"') % 2 == 0 and raw.endswith(b"\n")):
            break
        raw = raw[: cut + 1] if not raw.endswith(b"\n") else raw[: raw.rfind(b"\n", 0, cut) + 1]
    return raw


def head(data: bytes, delimiter: str, count: int = 20) -> list[list[str]]:
    """The first records, read leniently: only to find the headers."""
    text = data[:_HEAD].decode("utf-8", errors="replace")
    rows: list[list[str]] = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            rows.append(row)
            if len(rows) == count:
                break
    except csv.Error:
        pass
    return rows or [[]]


def delimiter_of(data: bytes, table: Wanted) -> str:
    """The sign that makes most headers known; else the one that cuts rows most evenly."""

    def score(delimiter: str) -> tuple[int, float]:
        rows = [row for row in head(data, delimiter) if any(row)]
        found = [len({squash(cell) for cell in row} & table.known) for row in rows]
        if not rows:
            return 0, 0
        header = rows[found.index(max(found))]
        widths = [len(row) for row in rows]
        even = widths.count(len(header)) / len(widths) if len(header) > 1 else 0
        return max(found), even

    return max(",;\t|", key=score)
