"""Tables kept as they were read, so that the next session need not read them again.

Within one process every table is read once, by content. Beyond it, large ones are kept in a copy
that is keyed by the file's content, the table's rules and the version of the reader; it lies in
the client's own folder (never in a shipped sample's) and goes when the folder goes. A copy that is
damaged or of another content is not used. Only the newest of each table stays.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import json
import os
import tempfile
from dataclasses import asdict, fields, replace
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from servicegap import __version__, schema
from servicegap.problems import Problem
from servicegap.tables.reading import Ledger, TableRead, read_table
from servicegap.tables.sheet import coded

WORTH_IT = 4_000_000  # bytes of a file from which a copy saves more than it costs
_META = b"servicegap"
_FORMAT = "1"


def read_cached(path: Path, table: schema.Table, folder: Path | None) -> TableRead:
    """Read a table as `read_table` does, or take the copy in `folder` of exactly this content.

    Without a folder, and for small files, no copy is looked for or made. Raises Refused.
    """
    read = _read_once(path, table, folder, _content(path))
    # What one session does to its tables is no other's business. These share their data until
    # somebody writes.
    return replace(
        read,
        frame=read.frame.copy(deep=False),
        superseded=read.superseded.copy(deep=False),
        rows=read.rows.copy(),
    )


def forget() -> None:
    """Let go of what this process has read: a worker does so when it has done with a client."""
    _read_once.cache_clear()


def _content(path: Path) -> str:
    """What tells this content of a file from any other."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()  # the fastest on most machines


# A client of a second year has two folders, and every finding looks into both.
@functools.lru_cache(maxsize=2 * len(schema.TABLES))
def _read_once(path: Path, table: schema.Table, folder: Path | None, content: str) -> TableRead:
    if folder is None or path.stat().st_size < WORTH_IT:
        return read_table(path, table)
    place = folder / f"{table.name}-{_key(path, table, content)}.parquet"
    if place.is_file():
        with contextlib.suppress(Exception):  # a damaged copy is as good as none
            return _load(place, table)
    found = read_table(path, table)
    with contextlib.suppress(OSError):  # a full or guarded disk costs only the time
        _keep(place, found)
    return found


def _key(path: Path, table: schema.Table, content: str) -> str:
    told = hashlib.sha256()
    told.update("\n".join((_FORMAT, __version__, path.name, repr(table), content)).encode())
    told.update(repr(schema.SCALES).encode())
    for code in sorted(Path(__file__).parent.glob("*.py")):  # the reader's own rules
        told.update(code.read_bytes())
    return told.hexdigest()[:24]


def _keep(place: Path, found: TableRead) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    ledger = {field.name: getattr(found.ledger, field.name) for field in fields(Ledger)}
    meta = {
        "ledger": ledger | {"reasons": dict(found.ledger.reasons),
                            "blanked": dict(found.ledger.blanked)},
        "problems": [asdict(problem) for problem in found.problems],
        "present": found.present,
        "headers": dict(found.headers),
        "superseded": len(found.superseded),
    }  # fmt: skip
    both = found.frame
    rows = found.rows
    if len(found.superseded):
        both = pd.concat([found.frame, found.superseded], ignore_index=True)
        rows = np.r_[rows, np.zeros(len(found.superseded), rows.dtype)]
    columns = {name: _arrow(both[name]) for name in both.columns}
    arrow = pa.table(columns | {"#row": rows}, metadata={_META: json.dumps(meta).encode()})
    few = [name for name, column in columns.items() if pa.types.is_dictionary(column.type)]
    handle, name = tempfile.mkstemp(dir=place.parent, suffix=".tmp")
    os.close(handle)
    try:
        # each row group by itself: nobody looks into a copy but to read all of it
        pq.write_table(arrow, name, compression="lz4", row_group_size=1 << 17,
                       use_dictionary=few, write_statistics=False)  # fmt: skip
        Path(name).replace(place)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    for other in place.parent.glob(f"{place.name.rpartition('-')[0]}-*.parquet"):
        if other != place:
            other.unlink(missing_ok=True)


def _arrow(column: pd.Series) -> pa.Array:
    """A column of a frame as it is kept: what repeats itself as its distinct texts and codes."""
    values = pa.array(column)
    if isinstance(values, pa.ChunkedArray):
        values = values.combine_chunks()
    if not pa.types.is_large_string(values.type):
        return values
    found = coded(values)
    return values if len(found.dictionary) == len(values) else found


def _flat(kept: pa.ChunkedArray) -> pa.Array | pa.ChunkedArray:
    """Texts row by row, of a column that was kept so or as distinct texts and codes."""
    if not pa.types.is_dictionary(kept.type):
        return kept
    kept = kept.unify_dictionaries().combine_chunks()
    return pa.array(kept.dictionary, pa.large_string()).take(kept.indices)


def _load(place: Path, table: schema.Table) -> TableRead:
    arrow = pq.read_table(place, use_threads=False, memory_map=True)
    meta = json.loads(arrow.schema.metadata[_META])
    rows = arrow.column("#row").to_numpy()
    columns = {}
    for column in table.columns:
        chunked = arrow.column(column.name)
        if column.kind == "yesno":
            flat = chunked.combine_chunks()
            known = np.asarray(flat.is_valid())
            values = np.asarray(flat.fill_null(False))
            columns[column.name] = pd.Series(pd.arrays.BooleanArray(values, ~known))
        elif pa.types.is_dictionary(chunked.type) or pa.types.is_large_string(chunked.type):
            columns[column.name] = pd.Series(pd.array(_flat(chunked), dtype="str"), copy=False)
        else:
            columns[column.name] = pd.Series(chunked.to_numpy(), copy=False)
    both = pd.DataFrame(columns, copy=False)
    count = len(both) - meta["superseded"]
    later = both.iloc[count:].reset_index(drop=True)
    frame = both if not len(later) else both.iloc[:count]
    problems = tuple(Problem(**problem) for problem in meta["problems"])
    return TableRead(
        table.name, frame, Ledger(**meta["ledger"]), problems, tuple(meta["present"]), later,
        rows[:count],
        MappingProxyType(meta["headers"]),
    )  # fmt: skip
