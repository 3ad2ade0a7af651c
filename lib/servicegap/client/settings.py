"""client.yaml: who the client is, checked key by key. Every value is read as text first."""

from __future__ import annotations

import datetime as dt
import difflib
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from servicegap.problems import Problem, Refused
from servicegap.tables.spellings import YES_NO

FILE = "client.yaml"
_MAX_BYTES = 200_000
_REMEDY_NEW = "`servicegap new` makes a folder with one that explains itself"


@dataclass(frozen=True)
class Key:
    """One key of client.yaml: what it holds, and how its text is read."""

    name: str
    kind: str  # text, date, number, yesno, choice, map, period, effort
    about: str
    example: str = ""
    required: bool = False
    choices: tuple[str, ...] = ()


KEYS = MappingProxyType(
    {
        k.name: k
        for k in (
            Key("name", "text", "the name that stands on the report", "Alder IT", True),
            Key("id", "text", "a short code that never changes; reports are filed under it",
                "alder-it", True),
            Key("currency", "text", "three letters; GBP if left out", "GBP"),
            Key("period", "period", "first and last day that the report is about; the last twelve "
                "months if left out", "{start: 2025-01-01, end: 2025-12-31}"),
            Key("as_of", "date", "the day the files were taken; the latest date in them if left "
                "out", "2025-12-31"),
            Key("group", "text", "firms like this one: the same word as in the peers table",
                "uk-20-50-seats"),
            Key("origin", "choice", "did the firm grow out of selling products, or out of service?",
                "service", choices=("product", "service")),
            Key("locale", "locale", "whose dates, decimal marks and currency the report writes",
                "en-GB"),
            Key("brand", "map", "how this report looks, where it differs from your brand.yaml: "
                "name, logo (a file beside this one), colour, footer, contact, cover",
                "{colour: '#1f4e79'}"),
            Key("privacy", "map", "show more (technicians: names; comments: all; masking: no) or "
                "less (comments: none) than usual", "{comments: none}"),
            Key("cost_per_hour", "number", "what one hour of service costs you, in the currency",
                "38"),
            Key("effort", "effort", "where the effort goes, in percent: product, service, process",
                "{product: 60, service: 25, process: 15}"),
            Key("panel", "text", "a file with the figures of other firms like this one; panel.csv "
                "beside this folder if left out", "../panel.csv"),
            Key("previous", "text", "the folder of the last period, to say what has changed",
                "../2024"),
            Key("notes", "text", "anything a reader of the report should know", ""),
            Key("made_up", "yesno", "yes only for practice data; the report then says so", "no"),
        )
    }
)  # fmt: skip


@dataclass(frozen=True)
class Settings:
    """What client.yaml says."""

    name: str
    id: str
    currency: str = "GBP"
    locale: str = "en-GB"
    period_start: dt.date | None = None
    period_end: dt.date | None = None
    as_of: dt.date | None = None
    group: str | None = None
    origin: str | None = None
    brand: Mapping[str, object] = field(default_factory=dict)
    privacy: Mapping[str, object] = field(default_factory=dict)
    cost_per_hour: float | None = None
    effort: Mapping[str, float] = field(default_factory=dict)
    panel: str | None = None
    previous: str | None = None
    notes: str | None = None
    made_up: bool = False


class _Bad(Exception):
    """What is wrong with a value, and the remedy."""


def read_settings(folder: Path) -> tuple[Settings, tuple[Problem, ...]]:
    """Read and check DIR/client.yaml. Returns settings and warnings; raises Refused."""
    path = folder / FILE
    if not path.is_file():
        raise _refused(None, f"there is no {FILE} in {folder}", _REMEDY_NEW)
    told, twice = _load(path)
    problems = [_unknown(key) for key in told if key not in KEYS]
    problems += [
        Problem("", FILE, None, key, None, "the key stands there twice; the last one counts",
                "delete one of the two", "warning")
        for key in twice
    ]  # fmt: skip
    values: dict = {}
    wrong: list[Problem] = []
    for name, key in KEYS.items():
        text = told.get(name, "")
        try:
            if text in ("", None, {}, []):
                if key.required:
                    raise _Bad("the key is missing or empty", f"write {name}: {key.example}")
                continue
            value = _READ[key.kind](key, text)
        except _Bad as bad:
            what, remedy = bad.args
            shown = text if isinstance(text, str) else None
            wrong.append(Problem("", FILE, None, name, shown, what, remedy))
            continue
        values |= value if key.kind == "period" else {name: value}
    start, end = values.get("period_start"), values.get("period_end")
    if start and end and start > end:
        what = "the period ends before it starts"
        wrong.append(Problem("", FILE, None, "period", None, what, "exchange start and end"))
    if wrong:
        raise Refused(wrong)
    return Settings(**values), tuple(problems)


def claimed(folder: Path) -> tuple[str, str]:
    """The id and the last period's folder that client.yaml names, whatever else is wrong in it.

    Empty where nothing is named, or the file can't be read at all.
    """
    try:
        told, _ = _load(folder / FILE)
    except (Refused, OSError):
        return "", ""
    texts = (told.get(name) for name in ("id", "previous"))
    ident, previous = (" ".join(t.split()) if isinstance(t, str) else "" for t in texts)
    return ident, previous


def _refused(column: str | None, what: str, remedy: str) -> Refused:
    return Refused(Problem("", FILE, None, column, None, what, remedy))


def _load(path: Path) -> tuple[dict, list[str]]:
    """The keys and their texts, and the keys that stand there twice."""
    import yaml

    raw = path.read_bytes()
    if len(raw) > _MAX_BYTES:
        raise _refused(None, "the file is far too large", "keep only the keys it needs")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1252", errors="replace")
    try:
        # the base loader leaves every value as text: an id 007 stays 007, a country NO stays NO
        if "\\" in text and any(_unwritable(token) for token in yaml.scan(text)):
            what = "an escape in it (\\0, \\ud83d) is no letter, so no file could hold it"
            raise _refused(None, what, "write the letter itself, and save the file as UTF-8")
        node = yaml.compose(text, Loader=yaml.BaseLoader)
        told = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 - builds texts only
    except (yaml.YAMLError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        line = f" at line {mark.line + 1}" if mark else ""
        why = getattr(error, "problem", None) or "it is not YAML"
        what = f"the file can't be read{line}: {why}"
        remedy = "compare it with the one that `servicegap new` makes"
        raise _refused(None, what, remedy) from None
    if told in (None, ""):
        told = {}
    if not isinstance(told, dict):
        raise _refused(None, "the file holds no keys", _REMEDY_NEW)
    names = [key.value for key, _ in node.value] if node is not None and told else []
    return told, sorted({name for name in names if names.count(name) > 1})


def _unwritable(token: object) -> bool:
    """Whether a text holds what is no letter: nothing at all, or half of one."""
    return any(c == "\0" or "\ud800" <= c <= "\udfff" for c in str(getattr(token, "value", "")))


def _unknown(key: str) -> Problem:
    near = difflib.get_close_matches(str(key), KEYS, 1, 0.6)
    remedy = f"call it {near[0]}, if that is what you mean" if near else "delete it"
    return Problem("", FILE, None, str(key), None, "nothing reads this key", remedy, "warning")


def _text(key: Key, text: object) -> str:
    if not isinstance(text, str):
        raise _Bad("this should be one text", f"write {key.name}: {key.example}")
    text = " ".join(text.split())
    if key.name == "currency" and not (len(text) == 3 and text.isalpha() and text.isascii()):
        raise _Bad(f"“{text}” is not a currency", "write three letters, such as GBP")
    return text.upper() if key.name == "currency" else text


def _date(key: Key, text: object) -> dt.date:
    try:
        return dt.date.fromisoformat(str(text).strip()[:10])
    except ValueError:
        raise _Bad(f"“{text}” is not a date", "write it as 2025-12-31") from None


def _number(key: Key, text: object) -> float:
    try:
        value = float(str(text))
    except ValueError:
        value = math.nan
    if not math.isfinite(value) or value < 0:
        raise _Bad(f"“{text}” is not a number of 0 or more", f"write {key.name}: {key.example}")
    return value


def _yesno(key: Key, text: object) -> bool:
    value = YES_NO.get(str(text).strip().casefold())
    if value is None:
        raise _Bad(f"“{text}” is neither yes nor no", f"write {key.name}: yes or {key.name}: no")
    return value


def _choice(key: Key, text: object) -> str:
    if str(text).strip().casefold() not in key.choices:
        raise _Bad(f"“{text}” is not one of {', '.join(key.choices)}", "use one of these words")
    return str(text).strip().casefold()


def _map(key: Key, text: object) -> Mapping[str, object]:
    if not isinstance(text, dict):
        raise _Bad("this should hold keys of its own", f"write {key.name}: {key.example}")
    return MappingProxyType(dict(text))


def _locale(key: Key, text: object) -> str:
    from babel import Locale, UnknownLocaleError

    try:
        return str(Locale.parse(str(text).strip().replace("_", "-"), sep="-")).replace("_", "-")
    except (ValueError, UnknownLocaleError):
        remedy = "write a language and a country, such as en-GB or de-AT"
        raise _Bad(f"“{text}” is not a locale that is known", remedy) from None


def _period(key: Key, text: object) -> dict[str, dt.date]:
    if not isinstance(text, dict) or not set(text) <= {"start", "end"}:
        raise _Bad("a period has a start and an end", f"write {key.name}: {key.example}")
    return {f"period_{end}": _date(key, value) for end, value in text.items() if value}


def _effort(key: Key, text: object) -> Mapping[str, float]:
    parts = ("product", "service", "process")
    if not isinstance(text, dict) or not set(text) <= set(parts):
        raise _Bad(f"effort is split into {', '.join(parts)}", f"write {key.name}: {key.example}")
    return MappingProxyType({part: _number(key, value) for part, value in text.items() if value})


_READ: Mapping[str, Callable] = MappingProxyType(
    {
        "text": _text, "date": _date, "number": _number, "yesno": _yesno, "choice": _choice,
        "map": _map, "locale": _locale, "period": _period, "effort": _effort,
    }
)  # fmt: skip
