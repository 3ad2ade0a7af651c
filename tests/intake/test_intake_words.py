"""Durations, marks, statuses: the spellings of other tools, read or refused, never guessed."""

from __future__ import annotations

import pytest
from servicegap.intake import durations
from servicegap.intake.marks import NOT_ASKED, read_marks
from servicegap.intake.suppliers import waits_for_supplier


@pytest.mark.parametrize(("text", "hours"), [
    ("2:05", 2 + 5 / 60), ("-1:30", -1.5), ("1 day 2:05:00", 26 + 5 / 60), ("26:15:30", 26.258333),
    ("0.5 h", 0.5), ("0,5 h", 0.5), ("90 minutes", 1.5), ("1d 4h", 28), ("2 hrs 5 mins", 2.083333),
    ("1/1/1970 0:27", 0.45), ("00:27:00", 0.45), ("1 week", 168), ("−1:30", -1.5), ("-2h", -2),
    ("3 days, 1:00", 73), ("45s", 0.0125),
])  # fmt: skip
def test_a_length_of_time_says_its_unit(text: str, hours: float) -> None:
    assert durations.hours(text, None) == pytest.approx(hours, abs=1e-5)


@pytest.mark.parametrize(("text", "unit", "hours"), [
    ("90", "minutes", 1.5), ("1,250", "minutes", 20.83333), ("5400", "seconds", 1.5),
    ("1.5", "hours", 1.5), ("2", "days", 48), ("90", None, None), ("soon", "hours", None),
    ("", "hours", None), ("1:75", "hours", None), ("2 of 3", "hours", None),
])  # fmt: skip
def test_a_bare_number_needs_one(text: str, unit: str | None, hours: float | None) -> None:
    found = durations.hours(text, unit)
    assert found is None if hours is None else found == pytest.approx(hours, abs=1e-4)


@pytest.mark.parametrize(("header", "unit"), [
    ("First reply time in minutes", "minutes"), ("Resolution time (in hrs)", "hours"),
    ("First reply time (min)", "minutes"), ("total_time_seconds", "seconds"),
    ("Age (days)", "days"),
    ("actualHours", "hours"), ("Time tracked", None), ("Administration", None),
])  # fmt: skip
def test_a_header_names_the_unit(header: str, unit: str | None) -> None:
    assert durations.unit_of(header) == unit


def many(*texts: str) -> dict:
    return {"texts": texts, "counts": [20] * len(texts)}


@pytest.mark.parametrize(("texts", "header", "scale", "first"), [
    (("5", "1", "3"), "Rating", "1-5", "5"),
    (("-1", "0", "1"), "rating", "-1/0/1", "-1"),
    (("Positive", "Neutral", "Negative"), "", "-1/0/1", "1"),
    (("0", "7", "10"), "Score", "0-10", "0"),
    (("9", "3"), "How likely are you to recommend us?", "0-10", "9"),
    (("11", "9", "0"), "NETPRO", None, None),
    (("80", "95", "20"), "CSAT", "0-100", "80"),
    (("80%", "95%"), "CSAT", "0-100", "80"),
    (("4/5", "5/5"), "", "1-5", "4"), (("8 out of 10", "3/10"), "", "0-10", "8"),
    (("★★★★☆", "★★★★★"), "", "1-5", "4"), (("😀", "😐"), "", "-1/0/1", "1"),
    (("Very satisfied", "Satisfied", "Dissatisfied"), "", "1-5", "5"),
    (("Good", "Bad"), "Satisfaction Score", "0/1", "1"), (("1", "0"), "", "0/1", "1"),
    (("5 - Very satisfied", "1 - Very dissatisfied"), "", "1-5", "5"),
    (("5 stars", "4 stars"), "", "1-5", "5"),
])  # fmt: skip
def test_a_scale_is_recognised(texts, header: str, scale: str | None, first: str | None) -> None:
    found = read_marks(**many(*texts), header=header)
    if scale is None:
        assert found.doubt
    else:
        assert found.scale == scale and found.of[texts[0]] == first


@pytest.mark.parametrize("texts", [
    ("1", "6", "7"), ("1", "9", "10"), ("0", "3", "6"), ("1.5", "3.5"), ("0", "5"), ("-3", "2"),
    ("1", "150"), ("1", "2", "3"), ("0", "11", "4"), ("1", "5", "99"),
])  # fmt: skip
def test_marks_that_fit_several_scales_are_asked_about(texts: tuple[str, ...]) -> None:
    found = read_marks(**many(*texts))
    assert found.scale is None and found.doubt and found.could_be


def test_few_marks_of_one_to_five_are_asked_about() -> None:
    assert read_marks(["4", "5"], counts=[2, 3]).scale is None
    assert read_marks(["4", "5"], counts=[2, 3], scale="1-5").scale == "1-5"


def test_a_stated_scale_is_confirmed_by_the_range() -> None:
    found = read_marks(["5", "6", "0", "3.5", "x"], scale="1-5")
    assert found.of == {"5": "5", "6": None, "0": None, "3.5": None, "x": None}


def test_silent_is_not_the_same_as_not_asked() -> None:
    found = read_marks(["Good", "Offered", "Not Offered", ""])
    assert found.of == {"Good": "1", "Offered": "", "Not Offered": NOT_ASKED, "": ""}


@pytest.mark.parametrize("status", [
    "Waiting on 3rd Party Vendor", "Waiting parts/repair", "Waiting Materials", "Waiting Vendor",
    "Waiting on Third Party", "With Supplier", "Awaiting Vendor", "On hold - carrier", "RMA sent",
    "Pending ISP", "third-party",
])  # fmt: skip
def test_waiting_for_a_supplier(status: str) -> None:
    assert waits_for_supplier(status)


@pytest.mark.parametrize("status", [
    "Waiting on client", "Waiting on Customer", "Waiting Customer", "Pending Customer Response",
    "On Hold", "Pending", "Open", "Closed", "Escalated", "Waiting on user", "Department",
    "Waiting on customer's vendor",
])  # fmt: skip
def test_never_waiting_for_the_client(status: str) -> None:
    assert not waits_for_supplier(status)
