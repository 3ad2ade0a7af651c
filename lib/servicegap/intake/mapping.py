"""How one kind of file is read: which column means what. Written to intake.yaml, and read back.

A mapping belongs to a file's headers, not to its name, so that next month's export of the same
shape is read as this month's was. People may edit the file; what they wrote wins.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from servicegap.intake.data import MAKES, NOTHING, fields, plain
from servicegap.placing import put
from servicegap.problems import Problem, Refused
from servicegap.schema import SCALE_ALIASES, SCALES

FILE = "intake.yaml"
ORDERS = MappingProxyType({"dmy": "day", "mdy": "month", "ymd": "year"})
_MAX_BYTES = 2_000_000


@dataclass(frozen=True)
class Columns:
    """What the columns of one shape of file mean.

    `columns` map the file's own headers to fields, `none` where one is not used. `dates` is the
    order of day, month and year where the file leaves it open (dmy, mdy, ymd), `timezone` that of
    its clock times, `scales` the scale of each column of marks that is not told by its values.
    """

    format: str
    makes: str
    columns: Mapping[str, str]
    file: str = ""
    dates: str | None = None
    timezone: str | None = None
    scales: Mapping[str, str] = field(default_factory=dict)

    @property
    def fingerprint(self) -> str:
        """The same for every file with the same headers, in whatever order and spelling."""
        return fingerprint(self.columns)

    def of(self, name: str) -> tuple[str, ...]:
        """The headers that mean a field, in the order in which they count."""
        return tuple(header for header, meaning in self.columns.items() if meaning == name)


def fingerprint(headers: Iterable[str]) -> str:
    """Eight letters and figures that stand for a set of headers."""
    text = "\n".join(sorted({plain(header) for header in headers}))
    return hashlib.blake2b(text.encode(), digest_size=6).hexdigest()


def read_mappings(folder: Path) -> dict[str, Columns]:
    """Every mapping of DIR/intake.yaml by its fingerprint. Raises Refused."""
    import yaml

    path = folder / FILE
    if not path.is_file():
        return {}
    raw = path.read_bytes()
    if len(raw) > _MAX_BYTES:
        raise _refused(None, "the file is far too large", "delete it, and take the files in again")
    try:
        told = yaml.load(raw.decode("utf-8-sig"), Loader=yaml.BaseLoader)  # noqa: S506 - texts only
    except (yaml.YAMLError, RecursionError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f" at line {mark.line + 1}" if mark else ""
        remedy = "mend the line, or delete the file and take the exports in again"
        raise _refused(None, f"the file can't be read{where}", remedy) from None
    if told in (None, ""):
        return {}
    entries = told.get("exports") if isinstance(told, dict) else None
    if not isinstance(entries, list):
        raise _refused("exports", "the file holds no list of exports",
                       "delete it, and take the exports in again")  # fmt: skip
    found = {}
    for number, entry in enumerate(entries, 1):
        one = _entry(entry, number)
        found[one.fingerprint] = one
    return found


def _entry(told: Any, number: int) -> Columns:
    place = f"export {number}"
    if not isinstance(told, dict) or not isinstance(told.get("columns"), dict):
        raise _refused(place, "it has no columns", "give it columns, or delete it")
    makes, columns = str(told.get("makes")), told["columns"]
    if makes not in MAKES:
        raise _refused(place, f"makes: {makes} is unknown", f"write one of {', '.join(MAKES)}")
    known = {name for name, field_ in fields().items() if makes in field_.makes}
    for header, meaning in columns.items():
        if meaning not in known and meaning not in (NOTHING, ""):
            raise _refused(str(header), f"nothing is called “{meaning}”",
                           f"write {NOTHING}, or one of {', '.join(sorted(known))}")  # fmt: skip
    dates = str(told.get("dates") or "") or None
    if dates is not None and dates not in ORDERS:
        raise _refused(place, f"dates: {dates} is unknown", f"write one of {', '.join(ORDERS)}")
    scales = told.get("scales") or {}
    if not isinstance(scales, dict):
        raise _refused(place, "scales hold no columns", "write them as “column: 1-5”")
    return Columns(
        str(told.get("format") or makes), makes,
        MappingProxyType({str(h): str(m) or NOTHING for h, m in columns.items()}),
        str(told.get("file") or ""), dates, zone(str(told.get("timezone") or "") or None),
        MappingProxyType({str(h): scale(str(s)) for h, s in scales.items()}),
    )  # fmt: skip


def zone(name: str | None) -> str | None:
    """A time zone's name, checked. Raises Refused."""
    from zoneinfo import ZoneInfo

    if name is None:
        return None
    try:
        ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        remedy = "write one such as Europe/London, America/New_York or UTC"
        raise _refused("timezone", f"“{name}” is no time zone", remedy) from None
    return name


def scale(name: str) -> str:
    """A scale's own name, checked. Raises Refused."""
    found = SCALE_ALIASES.get(" ".join(name.casefold().split()))
    if found is None:
        raise _refused("scale", f"“{name}” is no rating scale", f"write one of {', '.join(SCALES)}")
    return found


def write_mappings(folder: Path, mappings: Iterable[Columns]) -> Path:
    """Write DIR/intake.yaml with what every column was taken for, so that people can correct it."""
    text = "\n".join(
        [
            "# How the exports in this folder are read. The next file with the same columns is",
            "# read the same way. To correct it, change a word on the right and take the file in",
            f"# again; {NOTHING} means that a column is not used. A line of its own in an export,",
            "# timezone: Europe/London, says where its clock stood; dates: dmy, mdy or ymd says",
            "# what comes first in a date, where the file does not tell.",
            "exports:",
            *(line for one in mappings for line in _lines(one)),
            "",
        ]
    )
    return put(folder / FILE, text.encode())


def _lines(one: Columns) -> Sequence[str]:
    about = fields()
    lines = [
        f"  - file: {_quoted(one.file)}  # as it was called the last time",
        f"    format: {_quoted(one.format)}",
        f"    makes: {one.makes}",
    ]
    lines += [f"    dates: {one.dates}"] if one.dates else []
    lines += [f"    timezone: {_quoted(one.timezone)}"] if one.timezone else []
    if one.scales:
        lines += ["    scales:"]
        lines += [
            f"      {_quoted(header)}: {_quoted(name)}" for header, name in one.scales.items()
        ]
    lines += ["    columns:"]
    for header, meaning in one.columns.items():
        known = about.get(meaning)
        remark = f"  # {known.about}" if known else ""
        lines.append(f"      {_quoted(header)}: {meaning}{remark}")
    return lines


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=True)


def _refused(column: str | None, what: str, remedy: str) -> Refused:
    return Refused(Problem("", FILE, None, column, None, what, remedy))
