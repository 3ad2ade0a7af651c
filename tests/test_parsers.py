"""The declared rule of each kind: what goes round comes back, and nothing is guessed."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from servicegap import schema
from servicegap.schema import Column
from servicegap.tables.parsers import Undecided, parse

QUICK = settings(max_examples=60, deadline=None)
NUMBER = Column("n", "number", "")
WHOLE = Column("n", "whole", "")
MONEY = Column("n", "number", "", unit="currency a month", low=0)
SHARE = Column("n", "number", "", unit="share", low=0, high=1)
DAY = Column("d", "date", "")
TIME = Column("t", "time", "")
YES_NO = Column("y", "yesno", "")

# two decimals, so that no spelling can be taken for thousands
amounts = st.integers(-(10**9), 10**9).map(lambda cents: cents / 100)
days = st.dates(dt.date(1970, 1, 1), dt.date(2067, 12, 31))


def values(column: Column, *texts: str) -> list:
    typed = parse(column, pa.array(texts, pa.string())).typed
    if isinstance(typed, pa.Array):
        return typed.to_pylist()
    return [None if v != v else v for v in typed.tolist()]


def english(value: float) -> str:
    return f"{value:,.2f}"


def continental(value: float) -> str:
    return english(value).translate(str.maketrans(",.", ".,"))


def spaced(value: float) -> str:
    return english(value).replace(",", "\u202f")


@QUICK
@given(st.lists(amounts, min_size=1), st.sampled_from((english, continental, spaced, repr)))
def test_numbers_come_back_in_every_spelling(numbers: list[float], spell) -> None:
    if spell is repr:
        numbers = [*numbers, 0.25]  # something that says that the dot is the decimal sign
    assert values(NUMBER, *map(spell, numbers)) == numbers


@QUICK
@given(st.lists(st.integers(0, 10**7), min_size=1))
def test_plain_numbers_need_no_decision(numbers: list[int]) -> None:
    assert values(WHOLE, *map(str, numbers)) == numbers


@QUICK
@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1))
def test_what_a_program_writes_comes_back(numbers: list[float]) -> None:
    assert values(NUMBER, "0.25", *map(repr, numbers))[1:] == numbers


@QUICK
@given(st.lists(st.integers(1, 999).map(lambda n: f"{n},{n % 1000:03d}"), min_size=1))
def test_a_comma_before_three_digits_decides_nothing(texts: list[str]) -> None:
    with pytest.raises(Undecided):
        values(NUMBER, *texts)


EVERY_RULE = (
    NUMBER, WHOLE, MONEY, SHARE, DAY, TIME, YES_NO,
    schema.TABLES["ratings"]["scale"], schema.TABLES["referrals"]["stage"],
)  # fmt: skip


@QUICK
@given(st.text(max_size=12))
def test_no_text_breaks_a_parser(text: str) -> None:
    text = text.strip()
    for column in EVERY_RULE:
        try:
            parsed = parse(column, pa.array([text], pa.string()))
        except Undecided as doubt:
            assert doubt.remedy and doubt.index == 0
            continue
        typed = parsed.typed[0]
        typed = typed.as_py() if isinstance(typed, pa.Scalar) else typed
        missing = typed is None or typed != typed or (column.kind == "yesno" and typed < 0)
        assert not parsed.bad[0] or missing, "what is reported as unreadable must not have a value"


def test_money_and_percent() -> None:
    assert values(MONEY, "£1,200", "$ 30.50", "€5", "12 GBP", "A$7") == [1200, 30.5, 5, 12, 7]
    assert values(SHARE, "45 %", "0.5", "100%") == [0.45, 0.5, 1]
    assert values(NUMBER, "45%", "3") == [45, 3]
    assert values(Column("h", "number", "", unit="hours", low=0), "£3", "4") == [None, 4]


def test_euros_do_not_say_what_a_dot_means() -> None:
    with pytest.raises(Undecided, match="can be 1500 or"):
        values(MONEY, "€1.500")
    assert values(MONEY, "1,500", "20") == [1500, 20], "nobody asks for a third of a penny"


def test_counts_with_commas_among_plain_ones_are_thousands() -> None:
    seats = Column("seats", "whole", "", unit="seats", low=0)
    assert values(seats, "1,200", "85") == [1200, 85]
    with pytest.raises(Undecided):
        values(seats, "1,200", "2,000")


def test_yes_counts_as_once() -> None:
    assert values(schema.TABLES["tickets"]["reopened"], "yes", "no", "3") == [1, 0, 3]


# --- dates


def dmy(day: dt.date) -> str:
    return f"{day.day:02d}/{day.month:02d}/{day.year}"


def mdy(day: dt.date) -> str:
    return f"{day.month}-{day.day}-{day.year}"


def iso(day: dt.date) -> str:
    return day.isoformat()


def named(day: dt.date) -> str:
    return f"{day.day} {day:%B} {day.year}"


def short(day: dt.date) -> str:
    return f"{day:%a} {day.day:02d}-{day:%b}-{day:%y}"


def packed(day: dt.date) -> str:
    return f"{day:%Y%m%d}"


def serial(day: dt.date) -> str:
    return str((day - dt.date(1899, 12, 30)).days)


@QUICK
@given(st.lists(days, min_size=1), st.sampled_from((dmy, mdy, iso, named, short, packed, serial)))
def test_days_come_back_in_a_decided_order(found: list[dt.date], spell) -> None:
    found = [*found, dt.date(2025, 4, 25)]  # a day that can only be read one way
    texts = list(map(spell, found))
    typed = parse(DAY, pa.array(texts, pa.string())).typed
    assert typed.astype("datetime64[D]").tolist() == found


@QUICK
@given(st.lists(days.filter(lambda d: d.day <= 12 and d.day != d.month), min_size=1))
def test_days_that_nothing_decides_are_refused(found: list[dt.date]) -> None:
    for spell in (dmy, mdy):
        with pytest.raises(Undecided, match="no other cell of the column decides it"):
            parse(DAY, pa.array(list(map(spell, found)), pa.string()))


@QUICK
@given(st.lists(st.datetimes(dt.datetime(1970, 1, 1), dt.datetime(2067, 1, 1)), min_size=1))
def test_moments_come_back(found: list[dt.datetime]) -> None:
    found = [*(moment.replace(microsecond=0) for moment in found), dt.datetime(2025, 4, 25, 14, 5)]
    for spelling in ("%Y-%m-%d %H:%M:%S", "%d/%m/%Y %H:%M:%S", "%m/%d/%Y %I:%M:%S %p"):
        texts = [f"{moment:{spelling}}" for moment in found]
        assert parse(TIME, pa.array(texts, pa.string())).typed.tolist() == found


@QUICK
@given(
    st.datetimes(dt.datetime(1970, 1, 2), dt.datetime(2067, 1, 1)),
    st.integers(-13 * 4, 13 * 4).map(lambda quarters: dt.timedelta(minutes=15 * quarters)),
)
def test_an_offset_becomes_utc(moment: dt.datetime, offset: dt.timedelta) -> None:
    text = moment.replace(tzinfo=dt.timezone(offset)).isoformat()
    for texts in ([text], [text, "not a date"]):  # the quick way, and the way round it
        parsed = parse(TIME, pa.array(texts, pa.string()))
        assert parsed.typed[0].item() == moment - offset
        assert "UTC" in parsed.notes[0][0]


def test_impossible_days_decide_nothing() -> None:
    parsed = parse(DAY, pa.array(["45/13/2025", "25/04/2025"], pa.string()))
    assert parsed.bad.tolist() == [True, False]
    with pytest.raises(Undecided):
        parse(DAY, pa.array(["45/13/2025", "03/04/2025"], pa.string()))


def test_the_same_day_either_way_needs_no_decision() -> None:
    assert parse(DAY, pa.array(["04/04/2025"])).typed[0] == np.datetime64("2025-04-04")


def test_midnight_and_noon() -> None:
    texts = pa.array(["2025-04-25 12:00 AM", "2025-04-25 12:00 PM", "2025-04-25 12:30 p.m."])
    assert [m.hour for m in parse(TIME, texts).typed.tolist()] == [0, 12, 12]


def test_a_whole_year_of_serials_is_increasing() -> None:
    typed = parse(DAY, pa.array([str(45000 + i) for i in range(365)])).typed
    assert all(b - a == np.timedelta64(1, "D") for a, b in pairwise(typed))


# --- words


@QUICK
@given(st.booleans(), st.sampled_from((str.upper, str.lower, str.title)))
def test_yes_and_no(answer: bool, case) -> None:
    for word in ("yes", "y", "true", "t", "1") if answer else ("no", "n", "false", "f", "0"):
        assert values(YES_NO, case(word)) == [int(answer)]


@QUICK
@given(st.sampled_from(sorted(schema.SCALE_ALIASES)), st.sampled_from((str.upper, str.title)))
def test_scales_in_their_spellings(alias: str, case) -> None:
    scale = schema.TABLES["ratings"]["scale"]
    assert values(scale, case(alias)) == [schema.SCALE_ALIASES[alias]]


def test_none_is_a_dimension_and_elsewhere_no_value() -> None:
    assert values(schema.TABLES["items"]["dimension"], "none", "n/a") == ["none", None]
    assert values(schema.TABLES["items"]["side"], "none", "Product") == [None, "product"]
    assert values(schema.TABLES["accounts"]["name"], "none", "N/A", "") == ["none", "N/A", None]


SIGNS = pa.array(["?", "-", "—", "", "N/A", "Northline", "?!"])


def test_a_lone_sign_is_no_supplier() -> None:
    """ServiceNow writes "?" where it knows none: that is not a third party of that name."""
    parsed = parse(schema.TABLES["tickets"]["third_party"], SIGNS)
    assert parsed.typed.to_pylist() == [None, None, None, None, "N/A", "Northline", "?!"]


def test_a_name_that_must_be_there_stays_as_it_stands() -> None:
    """An account called "?" is odd, but no reason to throw its row away."""
    parsed = parse(schema.TABLES["accounts"]["name"], SIGNS)
    assert parsed.typed.to_pylist() == ["?", "-", "—", None, "N/A", "Northline", "?!"]
