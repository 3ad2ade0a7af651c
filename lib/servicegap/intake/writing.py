"""Tables into a client's folder: whole or not at all, and nothing that was there is lost."""

from __future__ import annotations

import csv
import datetime as dt
import io
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv

from servicegap import keeping, schema
from servicegap.client.reading import both_there
from servicegap.placing import put
from servicegap.problems import Problem, Refused
from servicegap.tables import csvs, files
from servicegap.tables.spellings import squash

ONLY_ADDED = ("accounts", "contacts", "items")  # who is there stays; only the new are written
# a table without a key: a person's newest answer to a question counts, as in relationship
ONE_ROW = {"survey": ("contact_id", "item_id")}
_FORMULA = r"^[=+\-@\t\r]"
_FIGURE = r"^[-+]?[\d.,:]+$"
_FREE = ("id", "text")
_QUOTED = r'[",\r\n]'  # what a cell may hold only in quotes
_PIECE = 1 << 16  # rows

Out = Mapping[str, pa.Array]


def safe(values: pa.Array) -> pa.Array:
    """Texts that no spreadsheet takes for a formula: an apostrophe before = + - @, save figures."""
    if isinstance(values, pa.DictionaryArray):
        return pa.DictionaryArray.from_arrays(values.indices, safe(values.dictionary))
    risky = pc.and_(
        pc.match_substring_regex(values, _FORMULA),
        pc.invert(pc.match_substring_regex(values, _FIGURE)),
    )
    if not pc.any(risky).as_py():
        return values
    return pc.if_else(risky, pc.binary_join_element_wise("'", values, ""), values)


def has_rows(folder: Path, name: str) -> bool:
    """Whether a table of the folder holds anything but headers."""
    for path in _files(folder, name):
        if path.suffix.casefold() != ".csv":
            return True
        if len(files.read_sheet(path, schema.TABLES[name]).rows):
            return True
    return False


def _files(folder: Path, name: str) -> list[Path]:
    return [path for path in sorted(folder.glob("*")) if path.stem.casefold() == name
            and path.suffix.casefold() in files.SUFFIXES]  # fmt: skip


def known(folder: Path, name: str) -> dict[str, dict[str, str]]:
    """The rows of a table of the folder as texts, by its key."""
    table = schema.TABLES[name]
    found: dict[str, dict[str, str]] = {}
    for path in _files(folder, name):
        sheet = files.read_sheet(path, table)
        columns = {column: array.to_pylist() for column, array in sheet.columns.items()}
        for i in range(len(sheet.rows)):
            row = {column: texts[i].strip() for column, texts in columns.items()}
            if row.get(table.key or ""):
                found.setdefault(row[table.key or ""], row)
    return found


def write(
    folder: Path, made: Mapping[str, Out], how: str, moment: dt.datetime | None = None
) -> tuple[tuple[Path, ...], dict[str, int]]:
    """Write tables as CSV into the folder; returns the files, and the rows that were replaced.

    `how` is "new" (refused where a table holds rows already), "add" (a row with the key of an
    older one takes its place) or "replace". What was there goes to DIR/.servicegap/before/ first,
    and each file is moved into its place in one step.
    """
    if how == "new":
        full = [name for name in made if name not in ONLY_ADDED and has_rows(folder, name)]
        if full:
            names = " and ".join(f"{name}.csv" for name in full)
            what = f"there are rows in {names} already"
            remedy = "add to them with --add, or take their place with --replace; either way the " \
                "old file is kept in .servicegap/before"  # fmt: skip
            raise Refused(Problem("", names, None, None, None, what, remedy))
    kept_in = None
    written, replaced, contents = [], {}, {}
    for name, out in made.items():
        add = how == "add" or name in ONLY_ADDED
        there = _files(folder, name)
        others = [path for path in there if path.suffix.casefold() != ".csv"]
        if add and others and len(out[schema.TABLES[name].columns[0].name]):
            what, remedy = "rows can only be added to a CSV file", f"save it as {name}.csv"
            raise Refused(Problem(name, others[0].name, None, None, None, what, remedy))
        if add and len(there) > 1:
            raise Refused(both_there(name, there))
        old = there[0] if add and there else None
        contents[name], replaced[name] = _content(name, out, old)
    for name, content in contents.items():
        if content is None:
            continue
        for path in _files(folder, name):
            kept_in = kept_in or keeping.room(folder, moment or dt.datetime.now())
            shutil.copy2(path, kept_in / path.name)
        target = put(folder / f"{name}.csv", content)
        written.append(target)
        for path in _files(folder, name):
            if not path.samefile(target):  # not by name: Tickets.csv may be it on this disk
                path.unlink()
    return tuple(written), {name: count for name, count in replaced.items() if count}


def _content(name: str, out: Out, path: Path | None) -> tuple[Iterable[bytes] | None, int]:
    """A table's new content and how many old rows it replaces; None where nothing changes.

    `path` is the file whose rows stay, None where none do.
    """
    table = schema.TABLES[name]
    columns = {c.name: safe(out[c.name]) if c.kind in _FREE else out[c.name]
               for c in table.columns if c.name in out}  # fmt: skip
    count = len(next(iter(columns.values()))) if columns else 0
    if path is None or not path.stat().st_size:
        return (_csv(columns), 0) if count else (None, 0)
    if not count:
        return None, 0
    files.read_sheet(path, table)  # refuses, by name, what could not be read back
    found = csvs.lines_of(path, table)
    header, rows = found.headers, found.rows
    places = {squash(cell): i for i, cell in enumerate(header)}
    for column in columns:
        if squash(column) not in places:
            places[squash(column)] = len(header)
            header = [*header, column]
    new = _lines(columns, places, len(header))
    gone = 0
    told_by = (table.key,) if table.key else ONE_ROW.get(name, ())
    at = [places[squash(column)] for column in told_by if squash(column) in places]
    if at and name not in ONLY_ADDED:
        fresh = {tuple(line[i] for i in at) for line in new}
        old = [row for row in rows if len(row) <= max(at)
               or tuple(row[i].strip() for i in at) not in fresh]  # fmt: skip
        gone, rows = len(rows) - len(old), old
    elif at:
        there = {row[at[0]].strip() for row in rows if len(row) > at[0]}
        new = [line for line in new if line[at[0]] not in there]
    if not new:
        return None, 0
    stream = io.StringIO(newline="")
    whole = [*found.above, header, *rows, *new]
    csv.writer(stream, delimiter=found.delimiter).writerows(whole)
    return [stream.getvalue().encode("utf-8-sig")], gone


def _lines(columns: Out, places: Mapping[str, int], width: int) -> list[list[str]]:
    texts = {places[squash(name)]: array.to_pylist() for name, array in columns.items()}
    count = len(next(iter(texts.values())))
    return [[texts[i][row] if i in texts else "" for i in range(width)] for row in range(count)]


def _csv(columns: Out) -> Iterator[bytes]:
    """A table as CSV, piece by piece: a large one is never held as a whole."""
    odd = any(pc.any(pc.match_substring_regex(_distinct(array), _QUOTED)).as_py()
              for array in columns.values())  # fmt: skip
    yield "\ufeff".encode() + (",".join(columns) + "\n").encode()
    how = pa_csv.WriteOptions(include_header=False, quoting_style="needed" if odd else "none")
    for start in range(0, len(next(iter(columns.values()))), _PIECE):
        stream = io.BytesIO()
        rows = {n: _texts(array.slice(start, _PIECE)) for n, array in columns.items()}
        pa_csv.write_csv(pa.table(rows), stream, how)
        yield stream.getvalue()


def _distinct(values: pa.Array) -> pa.Array:
    return values.dictionary if isinstance(values, pa.DictionaryArray) else values


def _texts(values: pa.Array) -> pa.Array:
    return pc.fill_null(values.cast(pa.string()), "")


def table_of(rows: Sequence[Mapping[str, str]], names: Sequence[str]) -> dict[str, pa.Array]:
    """Rows of texts as columns."""
    used = [name for name in names if any(row.get(name) for row in rows)]
    return {name: pa.array([row.get(name, "") for row in rows], pa.string()) for name in used}
