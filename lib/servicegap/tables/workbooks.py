"""Excel workbooks: measured before they are opened, then read by calamine.

A workbook of 5 kB can ask for more memory than a machine has: by far-apart cells, by a string that
a million cells repeat, or by what it unpacks to. So its parts are walked through first, in small
pieces, and one that is too large is refused before anything is built from it.
"""

from __future__ import annotations

import datetime as dt
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import unescape

import numpy as np
import pyarrow as pa

from servicegap.problems import Problem, Refused
from servicegap.tables.headers import Wanted
from servicegap.tables.sheet import Sheet, coded, texts_of
from servicegap.tables.spellings import squash

MAX_ZIPPED = 100_000_000
MAX_UNPACKED = 600_000_000
MAX_RATIO = 250  # real workbooks unpack to 5 to 50 times their size
MAX_CELLS = 8_000_000  # rows times columns of one sheet: calamine makes a full grid
MAX_TEXT = 400_000_000  # letters, each string counted as often as cells repeat it
_PIECE = 1 << 20
_STRINGS = "xl/sharedstrings.xml"
_LONG = 100  # strings up to this length can't exceed MAX_TEXT * 2 within MAX_CELLS
_BIGGER = "leave out old rows and columns that are not needed, or save it as CSV"

_REF = re.compile(rb"""<(?:\w+:)?c\b[^<>]*?\sr=["']([A-Z]{1,3})(\d{1,7})["']""")
_ROW = re.compile(rb"""<(?:\w+:)?row\b[^<>]*?\sr=["'](\d{1,9})["']""")
_TAG = re.compile(rb"""<(?:\w+:)?(row|c)\b([^<>]*)>""")
_TAG_REF = re.compile(rb"""\sr=["']([A-Z]*)(\d+)["']""")
_SHARED = re.compile(rb"""\st=["']s["'][^<>]*>\s*<(?:\w+:)?v>(\d+)<""")
_HIDDEN = re.compile(rb"""<(?:\w+:)?row\b[^<>]*?\shidden=["'](?:1|true)["']""")
_ERROR = re.compile(rb"""<(?:\w+:)?c\b[^<>]*?\st=["']e["']""")
_UNSTORED = re.compile(
    rb"""(?:</(?:\w+:)?f>|<(?:\w+:)?f\b[^<>]*/>)\s*(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>)?\s*</(?:\w+:)?c>"""
)


class _TooLarge(Exception):
    """What is too large about a workbook."""


@dataclass
class _Size:
    """What one worksheet asks for."""

    rows: int = 0
    columns: int = 0
    letters: int = 0
    errors: int = 0
    unstored: int = 0
    hidden: int = 0


def read(path: Path, table: Wanted) -> Sheet:
    """Read the texts of `table` from the sheet that holds it. Raises Refused."""
    from python_calamine import CalamineWorkbook

    def refusal(what: str, remedy: str) -> Refused:
        return Refused(Problem(table.name, path.name, None, None, None, what, remedy))

    try:
        sizes, mac = _measure(path)
    except _TooLarge as error:
        raise refusal(f"the workbook is too large: {error}", _BIGGER) from None
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError):
        raise refusal("the workbook is damaged or has a password", "open it in Excel and save it "
                      "again, without a password") from None  # fmt: skip
    try:
        book = CalamineWorkbook.from_path(str(path))
        grids = _candidates(book, table)
    except (KeyboardInterrupt, SystemExit, MemoryError, Refused):
        raise
    except BaseException:  # a damaged file can make calamine panic, which is no Exception
        raise refusal("the workbook is damaged", "open it in Excel and save it again") from None
    if len(grids) > 1 and table.score is not None:
        grids = _best(grids, table)
    if len(grids) != 1:
        names = ", ".join(f"“{name}”" for name in (grids or book.sheet_names)) or "none"
        if grids:
            if not table.name:
                raise refusal(f"several sheets hold much the same: {names}",
                              "save the right one as a file of its own")  # fmt: skip
            raise refusal(f"several sheets could be {table.name}: {names}",
                          f"call the right one {table.name}")  # fmt: skip
        raise refusal(f"no sheet holds anything; its sheets: {names}", "fill it or delete the file")
    ((sheet, grid),) = grids.items()
    size = sizes.get(sheet, _Size())
    file = path.name if len(book.sheet_names) == 1 else f"{path.name} [{sheet}]"
    return _sheet(file, table, grid, size, mac)


def _candidates(book, table: Wanted) -> dict[str, list[list]]:
    """The one sheet that bears the table's name, else all that hold its required columns."""
    named = [n for n in book.sheet_names if table.name and squash(n) == squash(table.name)]
    filled: dict[str, list[list]] = {}
    fitting: dict[str, list[list]] = {}
    for name in named[:1] or book.sheet_names:
        grid = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        head = [[str(cell) for cell in row] for row in grid[:20]]
        if not any(any(row) for row in head):
            continue
        filled[name] = grid
        if table.fits(table.find(head).headers):
            fitting[name] = grid
    if fitting or len(filled) <= 1:
        return fitting or filled
    first = next(iter(filled))  # nothing fits: the first one's headers make the clearest refusal
    return {first: filled[first]}


def _best(grids: dict[str, list[list]], table: Wanted) -> dict[str, list[list]]:
    """The sheets whose headers fit best; of equals those that hold by far the most rows."""
    scores = {
        name: table.score(table.find([[_text(c) for c in row] for row in grid[:20]]).headers)
        for name, grid in grids.items()
        if table.score is not None
    }
    best = {name: grids[name] for name, score in scores.items() if score == max(scores.values())}
    rows = {n: sum(any(cell != "" for cell in row) for row in grid) for n, grid in best.items()}
    most = max(rows.values())
    return {name: grid for name, grid in best.items() if rows[name] * 3 > most}


def _sheet(file: str, table: Wanted, grid: list[list], size: _Size, mac: bool) -> Sheet:
    spell = _span_text if table.clock_spans else _text
    found = table.find([[_text(cell) for cell in row] for row in grid[:20]])
    top, headers = found.last, found.headers
    where = table.places(headers, file, top + 1)
    notes = []

    def note(what: str, remedy: str, count: int = 1) -> None:
        notes.append(Problem(table.name, file, None, None, None, what, remedy, "warning", count))

    if size.unstored:
        what = "a formula has no stored result, so its cell would be read as empty"
        remedy = "open the workbook in Excel and save it again"
        raise Refused(
            Problem(table.name, file, None, None, None, what, remedy, count=size.unstored)
        )
    if size.errors:
        note("a cell holds an Excel error such as #REF! and was read as empty",
             "correct its formula", size.errors)  # fmt: skip
    if top:
        note(f"{top} row(s) above the headers were left out", "nothing to do, if they hold no data")
    if size.hidden:
        what = "rows are hidden in the workbook, by a filter or by hand; they were read like others"
        note(what, "nothing to do, unless they were hidden to leave them out", size.hidden)
    body = grid[top + 1 :]
    columns = {
        name: coded(_column([row[i] for row in body], spell), name == table.key)
        for name, i in where.items()
    }
    rows = np.arange(top + 2, top + 2 + len(body))
    return Sheet(file, headers, top + 1, where, columns, rows, notes=tuple(notes), mac=mac)


def _column(cells: list, spell: Callable[[object], str]) -> pa.Array:
    kinds = set(map(type, cells))
    if kinds <= {str}:
        return pa.array(cells, pa.string())
    if kinds == {float}:
        return texts_of(pa.array(cells, pa.float64()))
    return pa.array([cell if type(cell) is str else spell(cell) for cell in cells], pa.string())


def _text(cell: object) -> str:
    """The text that a careful person would type for a cell."""
    match cell:
        case bool():
            return "yes" if cell else "no"
        case float() if cell.is_integer() and abs(cell) < 1e18:
            return f"{cell:.0f}"
        case float():
            return texts_of(pa.array([cell]))[0].as_py()
        case dt.datetime():
            return cell.isoformat(" ")
        case dt.timedelta():
            return f"{cell.total_seconds() / 3600:.4f}"  # a span of time, in hours
    return str(cell)


def _span_text(cell: object) -> str:
    """As `_text`, but a span of time as hours, minutes and seconds: no unit is to be guessed."""
    if not isinstance(cell, dt.timedelta):
        return _text(cell)
    seconds = round(abs(cell.total_seconds()))
    sign = "-" if cell.total_seconds() < 0 else ""
    return f"{sign}{seconds // 3600}:{seconds % 3600 // 60:02d}:{seconds % 60:02d}"


# --- measuring -------------------------------------------------------------------------------


def _measure(path: Path) -> tuple[dict[str, _Size], bool]:
    """The size of each sheet by its name, and whether day numbers count from 1904."""
    if path.stat().st_size > MAX_ZIPPED:
        raise _TooLarge(f"more than {MAX_ZIPPED // 10**6} MB")
    with zipfile.ZipFile(path) as book:
        parts = book.infolist()
        if len(parts) > 5_000:
            raise _TooLarge(f"{len(parts):,} parts")
        unpacked = sum(part.file_size for part in parts)
        packed = sum(part.compress_size for part in parts)
        if unpacked > MAX_UNPACKED or unpacked > max(20_000_000, packed * MAX_RATIO):
            raise _TooLarge(f"it unpacks to {unpacked // 10**6:,} MB")
        files = {_plain(part.filename): part for part in parts}
        if len(files) < len(parts):
            raise zipfile.BadZipFile("two parts of one name")
        strings = files.get(_STRINGS)
        long = _long_strings(book, strings) if strings else {}
        # any part may be a sheet, wherever it lies; and what the directory says may be a lie, so
        # that every part is unpacked here, piece by piece, before anything else unpacks it
        sheets = {name: _walk(book, part, long) for name, part in files.items() if name != _STRINGS}
        names, mac = _names(book, files)
    return {name: sheets[file] for name, file in names.items() if file in sheets}, mac


def _plain(name: str) -> str:
    return name.casefold().replace("\\", "/")


def _pieces(book: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """A part's bytes in pieces that end at the end of a tag."""
    rest = b""
    read = 0
    with book.open(part) as stream:
        while piece := stream.read(_PIECE):
            read += len(piece)
            if read > part.file_size:
                raise zipfile.BadZipFile("larger than it says")
            piece = rest + piece
            # a cell's tag and its value stay together: cut before the last cell or row
            cut = max(piece.rfind(b"<c "), piece.rfind(b"<row"), piece.rfind(b"<si"))
            if cut <= 0:
                cut = piece.rfind(b"<") if len(piece) < 8 * _PIECE else len(piece)
            if cut <= 0:
                cut = len(piece)
            rest = piece[cut:]
            yield piece[:cut]
    yield rest


def _long_strings(book: zipfile.ZipFile, part: zipfile.ZipInfo) -> dict[int, int]:
    """The lengths of the shared strings that are long, by their number."""
    long: dict[int, int] = {}
    number, length = -1, 0
    for piece in _pieces(book, part):
        head, *strings = re.split(rb"<(?:\w+:)?si\b", piece)
        length += len(head)
        if length > _LONG:
            long[number] = length
        if number + len(strings) > MAX_CELLS:
            raise _TooLarge(f"more than {MAX_CELLS:,} texts")
        for text in strings:
            number += 1
            length = len(text)
            if length > _LONG:
                long[number] = length
    return long


def _walk(book: zipfile.ZipFile, part: zipfile.ZipInfo, long: dict[int, int]) -> _Size:
    """Add up what a sheet asks for; raise _TooLarge as soon as it is too much."""
    size = _Size()
    row = column = 0
    for piece in _pieces(book, part):
        tags = len(re.findall(rb"<(?:\w+:)?(?:row|c)\b", piece))
        refs = _REF.findall(piece)
        rows = _ROW.findall(piece)
        if len(refs) + len(rows) == tags:
            if refs:
                widths = {letters for letters, _ in refs}
                size.columns = max(size.columns, *map(_position, widths))
                row = max(row, *map(int, {number for _, number in refs}))
            row = max(row, *map(int, rows)) if rows else row
        else:  # cells without an address stand one after another
            for tag, attributes in _TAG.findall(piece):
                said = _TAG_REF.search(attributes)
                if tag == b"row":
                    row = int(said[2]) if said else row + 1
                    column = 0
                else:
                    column = _position(said[1]) if said and said[1] else column + 1
                    row = max(row, int(said[2])) if said else row
                size.columns = max(size.columns, column)
        size.rows = max(size.rows, row)
        if size.rows * max(size.columns, 1) > MAX_CELLS:
            raise _TooLarge(f"{size.rows:,} rows by {size.columns:,} columns")
        if long:
            size.letters += sum(long.get(int(number), 0) for number in _SHARED.findall(piece))
            if size.letters > MAX_TEXT:
                raise _TooLarge("long texts repeated too often")
        size.hidden += len(_HIDDEN.findall(piece)) if b"hidden" in piece else 0
        size.errors += len(_ERROR.findall(piece))
        size.unstored += len(_UNSTORED.findall(piece))
    return size


def _position(letters: bytes) -> int:
    """A column's number by its letters: A is 1."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _names(book: zipfile.ZipFile, files: dict[str, zipfile.ZipInfo]) -> tuple[dict[str, str], bool]:
    """Each sheet's part by the sheet's name, and whether the workbook counts from 1904."""
    try:
        main, links = (
            book.read(files[name]).decode("utf-8", errors="replace")
            for name in ("xl/workbook.xml", "xl/_rels/workbook.xml.rels")
        )
    except KeyError:
        raise zipfile.BadZipFile("no workbook inside") from None
    targets = {}
    for link in re.findall(r"<(?:\w+:)?Relationship\b[^>]*>", links):
        told = dict(re.findall(r"""(\w+)=["']([^"']*)["']""", link))
        target = told.get("Target", "")
        path = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        targets[told.get("Id", "")] = _plain(path)
    names = {}
    for sheet in re.findall(r"<(?:\w+:)?sheet\b[^>]*>", main):
        told = dict(re.findall(r"""([\w:]+)=["']([^"']*)["']""", sheet))
        link = next((value for key, value in told.items() if key.endswith(":id")), "")
        names[unescape(told.get("name", ""))] = targets.get(link, "")
    return names, bool(re.search(r"""date1904=["'](?:1|true)["']""", main))
