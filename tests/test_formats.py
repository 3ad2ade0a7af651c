"""Numbers, dates and sums as the client's country writes them; never as another client's does."""

from __future__ import annotations

import ast
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path

import clients
import pytest
from servicegap import words
from servicegap.client import Refused
from servicegap.formats import Format, written_for
from servicegap.sessions import benchmarking

DAY = date(2025, 6, 30)


@pytest.mark.parametrize(
    ("locale", "number", "small", "day", "sum_"),
    [
        ("en-GB", "1,234,567", "−8.2", "30 June 2025", "£1,500"),
        ("en-US", "1,234,567", "−8.2", "June 30, 2025", "£1,500"),
        ("de-DE", "1.234.567", "−8,2", "30 June 2025", "1.500 £"),
        ("de-CH", "1’234’567", "−8.2", "30 June 2025", "£ 1’500"),
        ("fr-FR", "1\u202f234\u202f567", "−8,2", "30 June 2025", "1\u202f500 £GB"),
        ("en-IN", "12,34,567", "−8.2", "30 June 2025", "£1,500"),
        ("pl-PL", "1\u00a0234\u00a0567", "−8,2", "30 June 2025", "1\u00a0500 GBP"),
    ],
)
def test_each_country_its_own(locale: str, number: str, small: str, day: str, sum_: str) -> None:
    with written_for(locale):
        assert (words.number(1_234_567), words.number(-8.2, 1)) == (number, small)
        assert words.day(DAY) == day
        assert words.money(1500, "GBP").replace("\u00a0", " ") == sum_.replace("\u00a0", " ")
    assert words.number(1234.5, 1) == "1,234.5", "and afterwards as always"


@pytest.mark.parametrize(
    "locale", ["en-GB", "en-US", "en-ZA", "en-CA", "en-IN", "de-DE", "fr-CA", "ja-JP", "sv-SE"]
)
def test_a_day_can_be_read_back(locale: str) -> None:
    with written_for(locale):
        days = [DAY + timedelta(days=37 * k) for k in range(40)]
        assert [Format.day_of(words.day(day)) for day in days] == days
    assert Format.day_of("2025-06-30") == DAY
    assert [Format.day_of(x) for x in ("", "soon", "31 June 2025", "June 2025", "3 4 2025")] == [
        None
    ] * 5


def test_zero_and_what_is_no_number() -> None:
    for locale in ("en-GB", "de-DE"):
        with written_for(locale):
            assert words.number(-0.2) == "0"
            assert words.number(0) == "0"
            assert words.number(-0.04, 1) in ("0.0", "0,0")
    assert words.number(float("inf")) == "inf"


def test_sums() -> None:
    assert words.money(8410, "CHF") == "CHF 8,410"
    assert words.money(-4.5, "GBP", 2) == "−£4.50"
    assert words.money(1500, "EUR") == "€1,500"


def test_threads_do_not_see_each_other() -> None:
    def written(locale: str) -> set[str]:
        with written_for(locale):
            return {words.number(1234.5, 1) for _ in range(2000)}

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(written, ["de-DE", "en-GB"])) == [{"1.234,5"}, {"1,234.5"}]


def test_a_finding_is_written_for_its_own_client(tmp_path: Path) -> None:
    people = clients.contacts(1200, 40)
    one, other = (
        clients.make(tmp_path / locale, settings={"locale": locale}, contacts=people,
                     ratings=clients.answered(1200, 40, 600))
        for locale in ("de-DE", "en-GB")
    )  # fmt: skip
    for _ in range(2):
        assert "n = 1.200 contacts" in benchmarking.csat(one).sentence
        assert "n = 1,200 contacts" in benchmarking.csat(other).sentence


def test_an_unknown_locale_is_refused(tmp_path: Path) -> None:
    for locale in ("xx-YY", "English", "../de"):
        with pytest.raises(Refused, match="en-GB or de-AT"):
            clients.make(tmp_path / "x", settings={"locale": locale})


# -- one door ------------------------------------------------------------------------------------

LIBRARY = Path(words.__file__).parent
SPOKEN = ("sessions", "charts")  # rooms whose every figure is read by people
YEARS = {"one_size_fits_all/cuts.py"}  # a year has no thousands


@pytest.mark.parametrize(
    "path",
    sorted(p for room in SPOKEN for p in (LIBRARY / room).rglob("*.py")),
    ids=lambda p: f"{p.parent.name}/{p.stem}",
)
def test_no_number_is_written_past_the_format(path: Path) -> None:
    """`{x:,}`, `{x:.1f}`, `{x:g}` know one country only; words.number knows the client's."""
    if path.as_posix().endswith(tuple(YEARS)):
        return
    own = [
        ast.unparse(node)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FormattedValue)
        and node.format_spec is not None
        and re.search(r"[,fg%]", ast.unparse(node.format_spec).strip("f'\""))
    ]
    assert [x for x in own if "%b" not in x and "%Y" not in x] == []
