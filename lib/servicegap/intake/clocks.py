"""Moments of an export in UTC: the order of the date, the zone, and nights when clocks change."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from servicegap.intake.cols import Col
from servicegap.intake.mapping import ORDERS
from servicegap.intake.source import Source
from servicegap.problems import Problem, Refused
from servicegap.tables.dates import read_dates
from servicegap.tables.faults import Undecided

NAT = np.datetime64("NaT", "us")
_CLOCK = r"\d{1,2}:\d{2}"
_HALF = r"(?: ?[AaPp]\.?[Mm]\.?)?"
_OFFSET = (
    rf"\d{{1,2}}:\d{{2}}(?::\d{{2}}(?:[.,]\d+)?)?{_HALF} ?(?:Z|z|UTC|GMT|[+-]\d{{2}}:?\d{{0,2}})$"
)
_SAYS_UTC = re.compile(r"\butc\b|_utc$", re.IGNORECASE)
REMEDY = "say which comes first with --dates dmy (day first), mdy or ymd"


def moments(source: Source, name: str) -> np.ndarray | None:
    """The moments of a field, row by row, as datetime64[us]; None where no column means it.

    Where a time zone is stated (by the mapping, the format or the header) clock times without an
    offset are taken to be in it and turned into UTC; else they stay as they stand. A day without
    a clock time stays that day. Raises Refused where nobody can tell day from month.
    """
    found: np.ndarray | None = None
    for header in source.columns.of(name):
        if header in source.sheet.columns:
            one = _read(source, source.raw(header))
            found = one if found is None else np.where(np.isnat(found), one, found)
    return found


def _read(source: Source, col: Col) -> np.ndarray:
    from servicegap.tables.spellings import NO_VALUE

    # rows that are left out later, such as merged tickets, help to decide the order too
    gone = pa.array(sorted({"", *NO_VALUE}), pa.string())
    texts = pc.if_else(pc.is_in(pc.utf8_lower(col.words), gone), None, col.words)
    order = ORDERS.get(source.columns.dates or "")
    try:
        values, faults, notes = read_dates(texts, clock=True, mac=source.sheet.mac, order=order)
    except Undecided as doubt:
        where, seen = col.codes == doubt.index, texts[doubt.index].as_py()
        raise Refused(
            Problem("", source.sheet.file, source.first(where), col.header, seen,
                    doubt.what, REMEDY)
        ) from None  # fmt: skip
    for fault in faults:
        remedy = "correct it, or leave it empty"
        source.complain(col, fault.mask[col.codes], fault.what, remedy)
    for what, remedy in notes:
        if "UTC" not in what:
            source.say(what, remedy, column=col.header)
    values = _to_utc(source, col, texts, values.astype("datetime64[us]"))
    return values[col.codes]


def _to_utc(source: Source, col: Col, texts: pa.Array, values: np.ndarray) -> np.ndarray:
    """Turn clock times without an offset into UTC, where their zone is known."""
    has_clock = np.asarray(pc.fill_null(pc.match_substring_regex(texts, _CLOCK), False))
    serial = ~np.isnat(values) & ~has_clock & (values != values.astype("datetime64[D]"))
    zoned = np.asarray(pc.fill_null(pc.match_substring_regex(texts, _OFFSET), False))
    local = (has_clock | serial) & ~zoned & ~np.isnat(values)
    zone = source.columns.timezone
    if zone is None and _SAYS_UTC.search(col.header):
        zone = "UTC"
    if zone is None and source.format is not None:
        zone = source.format.timezone
    if not local.any() or zone == "UTC":
        return values
    if zone is None:
        if zoned.any():
            i = int(np.flatnonzero(local)[0])
            raise Refused(
                Problem("", source.sheet.file, source.first(col.codes == i), col.header,
                        texts[i].as_py(), "some times say how far they are from UTC and this one "
                        "does not", "say where its clock stood with --timezone Europe/London")
            )  # fmt: skip
        return values
    naive = pd.Series(values[local])
    local_times = naive.dt.tz_localize(zone, ambiguous=True, nonexistent="shift_forward")
    out = values.copy()
    out[local] = local_times.dt.tz_convert("UTC").dt.tz_localize(None).to_numpy("datetime64[us]")
    later = naive.dt.tz_localize(zone, ambiguous=False, nonexistent="shift_forward")
    never = naive.dt.tz_localize(zone, ambiguous=True, nonexistent="NaT").isna().to_numpy()
    twice = (local_times != later).to_numpy()
    for mask, what in (
        (never, "is a time that the clocks skipped that night; it was moved to the next that was"),
        (twice, "is a time that the clocks showed twice that night; the first was taken"),
    ):
        if mask.any():
            where = np.zeros(len(values), bool)
            where[np.flatnonzero(local)[mask]] = True
            source.complain(col, where[col.codes], what, "nothing to do: it is one hour at most")
    return out


def texts_of(values: np.ndarray) -> pa.Array:
    """Moments as ISO texts, days where all of them are days; "" where there is none."""
    gone = np.isnat(values)
    days = bool((values[~gone] == values[~gone].astype("datetime64[D]")).all())
    moments = pa.array(values.astype("datetime64[us]"), mask=gone)
    kind = pa.date32() if days else pa.timestamp("s")
    return pc.fill_null(pc.cast(pc.cast(moments, kind, safe=False), pa.string()), "")
