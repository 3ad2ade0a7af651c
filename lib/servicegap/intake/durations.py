"""Lengths of time in the spellings of other tools, in hours."""

from __future__ import annotations

import re

UNITS = {"seconds": 1 / 3600, "minutes": 1 / 60, "hours": 1.0, "days": 24.0}
_CLOCK = re.compile(
    r"([-+]?)(?:(\d+)\s*(?:d|days?)[ ,.]*)?(\d+):([0-5]?\d)(?::([0-5]?\d)(?:[.,]\d+)?)?"
)
_PARTS = re.compile(
    r"([-+]?\d+(?:[.,]\d+)?)\s*(w(?:eeks?)?|d(?:ays?)?|h(?:(?:ou)?rs?)?|m(?:in(?:ute)?s?)?|s(?:ec(?:ond)?s?)?)\b\.?",
    re.IGNORECASE,
)  # fmt: skip
_PLAIN = re.compile(r"[-+]?\d+(?:[.,]\d+)?")
_GROUPED = re.compile(r"[-+]?\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_EXCEL = re.compile(
    r"(?:1/1/1970|1970-01-01|1899-12-3[01]|12/3[01]/1899|1900-01-0\d)[T ]+"
    r"(\d+:\d\d(?::\d\d)?)(?:\.\d+)?"
)
_HOURS = {"w": 168.0, "d": 24.0, "h": 1.0, "m": 1 / 60, "s": 1 / 3600}
_IN_HEADER = (
    (re.compile(r"\b(?:min|mins|minutes?)\b", re.I), "minutes"),
    (re.compile(r"\b(?:sec|secs|seconds?)\b", re.I), "seconds"),
    (re.compile(r"\b(?:hrs?|hours?)\b", re.I), "hours"),
    (re.compile(r"\bdays?\b", re.I), "days"),
)  # fmt: skip


def unit_of(header: str) -> str | None:
    """The unit that a header names, as in "First reply time in minutes"; None if it names none."""
    text = re.sub(r"[_\W]+", " ", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", header))
    return next((unit for pattern, unit in _IN_HEADER if pattern.search(text)), None)


def hours(text: str, unit: str | None) -> float | None:
    """Read one length of time as hours, or return None.

    2:05 and 26:15:30 are hours, minutes (and seconds), -1:30 is one and a half hours before, "1
    day 2:05:00", "0.5 h", "90 minutes" and "1d 4h" say their units; a bare number is in `unit`,
    and without a unit nobody can say what it means. Excel's 1/1/1970 0:27 is 27 minutes.
    """
    text = " ".join(text.replace("−", "-").split())
    if excel := _EXCEL.fullmatch(text):
        text = excel[1]
    if clock := _CLOCK.fullmatch(text):
        sign, day, hour, minute, second = clock.groups()
        total = 24 * int(day or 0) + int(hour) + int(minute) / 60 + int(second or 0) / 3600
        return -total if sign == "-" else total
    if _GROUPED.fullmatch(text):
        text = text.replace(",", "")
    if _PLAIN.fullmatch(text):
        return float(text.replace(",", ".")) * UNITS[unit] if unit else None
    found = _PARTS.findall(text)
    rest = re.sub(r"[\s,]|and", "", _PARTS.sub("", text))
    if found and not rest:
        negative = text.startswith("-")
        total = sum(abs(float(number.replace(",", "."))) * _HOURS[word[0].lower()]
                    for number, word in found)  # fmt: skip
        return -total if negative else total
    return None
