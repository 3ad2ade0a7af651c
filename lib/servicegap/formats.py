"""Whose decimal marks, dates and currency? A client's locale, for as long as it is spoken of.

Prose is English; how its numbers, dates and sums are written is the client's country's. Hundreds of
sentences are made from numbers, by functions that know no client, so the format is not handed from
one to the next: `written_for` sets it for the time of one call, at the few doors through which
every sentence passes (`findings.part`, `bundles.show`, `report.content.build` and the three forms),
and whatever happens inside, it is gone afterwards. Two clients in one process, or in two threads,
never see each other's. Outside of it, British English.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from babel import Locale
    from babel.numbers import NumberPattern

DEFAULT = "en-GB"
MINUS = "\u2212"
MONTHS = [f"{date(2000, month, 1):%B}" for month in range(1, 13)]


@dataclass(frozen=True)
class Format:
    """How one locale writes numbers, days and sums."""

    locale: str = DEFAULT

    def number(self, x: float, digits: int = 0) -> str:
        """Rounded, with a real minus sign, and thousands set apart."""
        text = f"{x:,.{digits}f}"
        if self.locale != DEFAULT and text.strip("-0123456789.,") == "":
            fixed = Decimal(text.replace(",", ""))
            text = _pattern(self.locale, False, digits).apply(fixed, _locale(self.locale))
        zero = not any(c in "123456789" for c in f"{x:.{digits}f}") and x == x and abs(x) < 1
        return text.lstrip("-\u200e" + MINUS) if zero else text.replace("-", MINUS)

    def day(self, when: date) -> str:
        """`30 June 2026`, `June 30, 2026`: English words in the country's order."""
        if self.locale == DEFAULT:
            return f"{when.day} {when:%B %Y}"
        from babel.dates import format_date

        return format_date(when, "long", locale=_english(self.locale))

    @staticmethod
    def day_of(text: str) -> date | None:
        """The day that `day` wrote, for whatever country, or that stands there as 2026-06-30."""
        with suppress(ValueError):
            return date.fromisoformat(text)
        found = re.findall(r"[^\W\d_]+|\d+", text)
        months = [MONTHS.index(x) + 1 for x in found if x in MONTHS]
        numbers = sorted((int(x) for x in found if x.isdigit()), reverse=True)
        with suppress(ValueError):
            if len(months) == 1 and len(numbers) == 2:
                return date(numbers[0], months[0], numbers[1])
        return None

    def month(self, when: date) -> str:
        """`Jun 2026`: a month as English has it, whatever the country."""
        return f"{when:%b %Y}"

    def money(self, x: float, currency: str, digits: int = 0) -> str:
        """`£1,500`, `CHF 41`, `1.500 €`: the sign where the country puts it."""
        found = _locale(self.locale)
        fixed = Decimal(f"{abs(x):.{digits}f}")
        pattern = _pattern(self.locale, True, digits)
        text = pattern.apply(fixed, found, currency=currency, currency_digits=False)
        letters = len(text) - len(text.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
        if letters > 1 and text[letters : letters + 1].isdigit():
            text = f"{text[:letters]} {text[letters:]}"
        return f"{MINUS}{text}" if x < 0 and fixed else text


_BRITISH = Format()
_NOW: ContextVar[Format] = ContextVar("servicegap_format")


def current() -> Format:
    """The format of the client that is being spoken of."""
    return _NOW.get(_BRITISH)


@contextmanager
def written_for(locale: str) -> Iterator[None]:
    """Write as this locale does until the end of the block."""
    token = _NOW.set(Format(locale))
    try:
        yield
    finally:
        _NOW.reset(token)


@cache
def _locale(name: str) -> Locale:
    from babel import Locale

    return Locale.parse(name, sep="-")


@cache
def _pattern(name: str, money: bool, digits: int) -> NumberPattern:
    """The locale's own pattern, with so many decimals: `#,##0.###` becomes `#,##0.0`."""
    from babel.numbers import parse_pattern

    found = _locale(name)
    own = found.currency_formats["standard"] if money else found.decimal_formats[None]
    decimals = f".{'0' * digits}" if digits else ""
    return parse_pattern(re.sub(r"(?<=0)(?:\.[0#]+)?(?=[^0#,.]|$)", decimals, own.pattern))


@cache
def _english(name: str) -> Locale:
    """English as it is written in the locale's country, or in the world at large."""
    from babel import Locale, UnknownLocaleError

    found = _locale(name)
    if found.language == "en":
        return found
    try:
        return Locale("en", found.territory) if found.territory else Locale("en", "001")
    except UnknownLocaleError:
        return Locale("en", "001")
