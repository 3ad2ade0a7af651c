"""Texts that should be dates: the order of day and month is decided over the whole column."""

from __future__ import annotations

import re
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from servicegap.tables.faults import Fault, Undecided

_SPLIT = (
    r"^(?P<day>.*?)(?:[T ,]+(?P<clock>\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?: ?[AaPp]\.?[Mm]\.?)?)"
    r" ?(?P<zone>Z|z|UTC|GMT|[+-]\d{2}:?(?:\d{2})?)?)?$"
)
_SERIAL = r"^\d{5}(?:\.\d+)?$"
_FIRST_SERIAL, _LAST_SERIAL = 20_000, 73_415  # October 1954 to the end of 2100
_YEARS = (1950, 2100)
_EPOCH = np.datetime64("1899-12-30", "us")

_NUMERIC = re.compile(r"(\d{1,4})([./-])(\d{1,2})\2(\d{1,4})")
_PACKED = re.compile(r"(\d{4})(\d{2})(\d{2})")
_WEEKDAY = re.compile(r"(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,?\s+", re.IGNORECASE)
_GAP = r"[\s/.,-]+"
_NAMED = (
    re.compile(rf"(?P<d>\d{{1,2}})(?:st|nd|rd|th)?{_GAP}(?P<m>[A-Za-z]+){_GAP}(?P<y>\d{{4}}|\d\d)"),
    re.compile(rf"(?P<m>[A-Za-z]+){_GAP}(?P<d>\d{{1,2}})(?:st|nd|rd|th)?{_GAP}(?P<y>\d{{4}})"),
    re.compile(rf"(?P<y>\d{{4}}){_GAP}(?P<m>[A-Za-z]+){_GAP}(?P<d>\d{{1,2}})"),
)
_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
)  # fmt: skip
_CLOCK = re.compile(
    r"(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,6})\d*)?)?(?: ?([ap])\.?m\.?)?", re.I
)
_REMEDY = "write dates as 2025-04-03 (year, month, day)"


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _year(text: str) -> int:
    """Two digits mean 1969 to 2068, as elsewhere."""
    number = int(text)
    return number if len(text) > 2 else number + (2000 if number < 69 else 1900)


def _month(name: str) -> int:
    """The number of an English month, whole or shortened to three letters or more; 0 if none."""
    name = name.casefold()
    found = [i for i, month in enumerate(_MONTHS, 1) if len(name) > 2 and month.startswith(name)]
    return found[0] if found else (9 if name == "sept" else 0)


def _readings(text: str) -> dict[str, date]:
    """Every reading of one day's text: by order, or under "" where the order is not in doubt."""
    if match := _PACKED.fullmatch(text):
        day = _day(*map(int, match.groups()))
        return {"": day} if day else {}
    if match := _NUMERIC.fullmatch(text):
        a, sign, b, c = match.groups()
        if len(a) == 4:
            day = _day(int(a), int(b), int(c)) if len(c) <= 2 else None
            return {"": day} if day else {}
        if len(a) > 2 or len(c) not in (2, 4):
            return {}
        orders = {"day": (_year(c), int(b), int(a)), "month": (_year(c), int(a), int(b))}
        if len(c) == 2 and sign in "-." and len(a) == 2:
            orders["year"] = (_year(a), int(b), int(c))
        days = {order: _day(*parts) for order, parts in orders.items()}
        return {order: day for order, day in days.items() if day}
    text = _WEEKDAY.sub("", text, count=1)
    for pattern in _NAMED:
        if (match := pattern.fullmatch(text)) and (month := _month(match["m"])):
            day = _day(_year(match["y"]), month, int(match["d"]))
            return {"": day} if day else {}
    return {}


def _decide(texts: list[str], readings: list[dict[str, date]]) -> tuple[str, int]:
    """The one order in which every doubtful text can be read, and how many texts it settled.

    Raises Undecided, with the index of a telling text, where several orders or none would do.
    """
    doubtful = [(i, r) for i, r in enumerate(readings) if r and "" not in r]
    if not doubtful:
        return "", 0
    orders = [o for o in ("day", "month", "year") if all(o in r for _, r in doubtful)]
    if not orders:
        day = next((i for i, r in doubtful if "month" not in r), doubtful[0][0])
        month = next((i for i, r in doubtful if "day" not in r), doubtful[-1][0])
        raise Undecided(
            month,
            f"“{texts[day]}” can only be read with the day first and “{texts[month]}” only with "
            "the month first, so the column mixes two orders",
            _REMEDY,
        )
    if len(orders) > 1:
        for i, reading in doubtful:
            if len({reading[o] for o in orders}) > 1:
                first, second = (_say(reading[o]) for o in orders[:2])
                raise Undecided(
                    i,
                    f"“{texts[i]}” can be {first} or {second}, and no other cell of the column "
                    "decides it",
                    _REMEDY,
                )
    return orders[0], len(doubtful)


def _say(day: date) -> str:
    return f"{day.day} {_MONTHS[day.month - 1].capitalize()} {day.year}"


def _clock(text: str) -> int:
    """Microseconds since midnight, or -1."""
    match = _CLOCK.fullmatch(text)
    if not match:
        return -1
    hour, minute, second = (int(part or 0) for part in match.group(1, 2, 3))
    if half := (match[5] or "").casefold():
        if not 1 <= hour <= 12:
            return -1
        hour = hour % 12 + (12 if half == "p" else 0)
    if hour > 23 or minute > 59 or second > 59:
        return -1
    return (hour * 3600 + minute * 60 + second) * 1_000_000 + int((match[4] or "").ljust(6, "0"))


def _zone(text: str) -> int:
    """The offset from UTC in microseconds."""
    if text[0] not in "+-":
        return 0
    digits = text[1:].replace(":", "").ljust(4, "0")
    minutes = int(digits[:2]) * 60 + int(digits[2:])
    return (-minutes if text[0] == "-" else minutes) * 60_000_000


def _spread(pieces: pa.Array, read) -> tuple[np.ndarray, np.ndarray]:
    """Apply `read` to each distinct piece: (values, where there is a piece)."""
    pieces = pieces.dictionary_encode()
    found = np.asarray(pc.is_valid(pieces))
    codes = np.asarray(pc.fill_null(pieces.indices, 0))
    values = np.array([read(text) for text in pieces.dictionary.to_pylist()] or [0])
    return np.where(found, values[codes], 0), found


def _in_range(values: np.ndarray) -> np.ndarray:
    first = np.datetime64(f"{_YEARS[0]}-01-01", "us")
    end = np.datetime64(f"{_YEARS[1] + 1}-01-01", "us")
    return (values >= first) & (values < end)


def _cast(texts: pa.Array, kind: pa.DataType) -> np.ndarray | None:
    try:
        return np.asarray(pc.cast(pc.cast(texts, kind), pa.timestamp("us")))
    except pa.ArrowInvalid:
        return None


def read_dates(
    texts: pa.Array, *, clock: bool, mac: bool = False, order: str | None = None
) -> tuple[np.ndarray, list[Fault], list[tuple[str, str]]]:
    """Read distinct texts (missing ones null) as days or, with `clock`, as moments.

    ISO, English month names, Excel's day numbers (`mac`: counted from 1904) and numeric dates,
    whose order the whole column decides; Undecided where it doesn't. `order` states it ("day",
    "month" or "year" first): then a date that is not in that order is no date. Returns
    datetime64[us] without zone (an explicit offset is turned into UTC), what is wrong with which
    text, and notes (what, remedy) about the column.
    """
    notes: list[tuple[str, str]] = []
    present = np.asarray(pc.is_valid(texts))
    values = _cast(texts, pa.timestamp("us"))
    if values is None and clock:
        values = _cast(texts, pa.timestamp("us", tz="UTC"))
        if values is not None:
            notes.append(_utc_note(int(present.sum())))
    if values is None:
        values, notes = _read_slowly(texts, clock, mac, order)
    if not clock:
        values = values.astype("datetime64[D]").astype("datetime64[us]")
    faults = []
    unread = present & np.isnat(values)
    if unread.any():
        faults.append(Fault(unread, "is not a date", _REMEDY + ", or leave it empty"))
    far = present & ~np.isnat(values) & ~_in_range(values)
    if far.any():
        what = f"is outside the years {_YEARS[0]} to {_YEARS[1]}"
        faults.append(Fault(far, what, "correct it, or leave it empty"))
        values = np.where(far, np.datetime64("NaT", "us"), values)
    return values, faults, notes


def _utc_note(count: int) -> tuple[str, str]:
    return (
        f"{count} different times say how far they are from UTC and were turned into UTC",
        "nothing to do, if all times are meant so; otherwise export local times without an offset",
    )


def _read_slowly(
    texts: pa.Array, clock: bool, mac: bool, stated: str | None
) -> tuple[np.ndarray, list[tuple[str, str]]]:
    notes = []
    values = np.full(len(texts), np.datetime64("NaT", "us"))
    serial = np.asarray(pc.fill_null(pc.match_substring_regex(texts, _SERIAL), False))
    if serial.any():
        days = np.asarray(
            pc.fill_null(pc.cast(pc.if_else(pa.array(serial), texts, None), pa.float64()), 0.0)
        ) + (1462 if mac else 0)
        serial &= (days >= _FIRST_SERIAL) & (days <= _LAST_SERIAL)
        # Excel keeps a moment as a fraction of a day: to the second is all that it holds
        moments = _EPOCH + np.round(days * 86_400).astype("int64") * np.timedelta64(1_000_000, "us")
        values[serial] = moments[serial]
        if serial.any():
            example = texts[int(np.flatnonzero(serial)[0])].as_py()
            notes.append(
                (
                    f"{int(serial.sum())} different cells hold Excel's day numbers (such as "
                    f"{example}) and were read as dates",
                    "nothing to do, if they are dates; otherwise correct the column",
                )
            )
    rest = pc.if_else(pa.array(~serial), texts, None)
    parts = pc.extract_regex(rest, _SPLIT)
    pieces = {
        name: pc.if_else(pc.equal(parts.field(i), ""), None, parts.field(i))
        for i, name in enumerate(("day", "clock", "zone"))
    }
    pieces = {name: pc.if_else(pc.is_valid(parts), p, None) for name, p in pieces.items()}
    days_in = pieces["day"].dictionary_encode()
    distinct = days_in.dictionary.to_pylist()
    readings = [_readings(text) for text in distinct]
    if stated:
        readings = [{k: day for k, day in r.items() if k in ("", stated)} for r in readings]
    try:
        order, _ = _decide(distinct, readings)
    except Undecided as problem:
        where = np.asarray(pc.fill_null(pc.equal(pieces["day"], distinct[problem.index]), False))
        raise Undecided(int(np.flatnonzero(where)[0]), problem.what, problem.remedy) from None
    nat = np.datetime64("NaT", "us")
    table = np.array(
        [np.datetime64(r.get("") or r[order], "us") if r else nat for r in readings] or [nat],
        dtype="datetime64[us]",
    )
    codes = np.asarray(pc.fill_null(days_in.indices, 0))
    has_day = np.asarray(pc.is_valid(days_in))
    values = np.where(has_day, table[codes], values)
    seconds, has_clock = _spread(pieces["clock"], _clock)
    values = np.where(has_clock & (seconds < 0), nat, values)
    if clock:
        values = np.where(
            has_clock & (seconds >= 0), values + seconds.astype("timedelta64[us]"), values
        )
        offset, has_zone = _spread(pieces["zone"], _zone)
        values = np.where(has_zone, values - offset.astype("timedelta64[us]"), values)
        if has_zone.any():
            notes.append(_utc_note(int(has_zone.sum())))
    return values, notes
