"""Formats are data: each is whole, says how it is known, and is recognised by its headers."""

from __future__ import annotations

import random

import pytest
from servicegap.intake import catalogue
from servicegap.intake.data import NOTHING, fields, plain

ALL = list(catalogue.formats().values())
by_id = pytest.mark.parametrize("one", ALL, ids=lambda one: one.id)


def test_there_are_as_many_as_are_known_for_certain() -> None:
    assert len(ALL) == 18


@by_id
def test_a_format_is_graded_sourced_and_whole(one: catalogue.Format) -> None:
    assert one.grade in catalogue.GRADES and one.source and one.name
    meanings = set(one.headers.values()) - {NOTHING}
    assert all(one.makes in fields()[name].makes for name in meanings)
    needed = {"tickets": {"ticket_id", "opened_at"}, "feedback": {"score"}, "survey": set()}
    assert needed[one.makes] <= meanings
    assert set(one.also.values()) <= set(one.headers)
    assert one.unconfirmed <= set(map(plain, one.headers))


@by_id
def test_all_its_headers_leave_no_doubt(one: catalogue.Format) -> None:
    found = catalogue.rank(list(one.headers))
    assert found.winner is one and found.sure


@by_id
def test_headers_in_other_spellings_and_order(one: catalogue.Format) -> None:
    headers = [f" {header.upper()}\u00a0" for header in one.headers]
    random.Random(1).shuffle(headers)
    found = catalogue.rank(headers)
    assert found.winner.means == one.means or not found.sure


@by_id
def test_six_in_ten_columns_and_three_of_their_own(one: catalogue.Format) -> None:
    source = random.Random(one.id)
    for _ in range(10):
        headers = source.sample(list(one.headers), round(0.6 * len(one.headers)))
        found = catalogue.rank([*headers, "Colour", "Our code", "Custom 7"])
        assert found.winner is one
        assert found.runner_up is not one and 0 <= found.margin <= 1


@pytest.mark.parametrize("headers", [
    [], ["a", "b"], ["Status", "Priority"], ["Date", "Amount", "Supplier", "Invoice"],
    ["Comment", "Company", "Contact", "Created At"],
])  # fmt: skip
def test_what_tells_too_little_is_not_taken_for_anything(headers: list[str]) -> None:
    assert not catalogue.rank(headers).sure


def test_rare_headers_weigh_more_than_common_ones() -> None:
    weights = catalogue.weights()
    assert weights["cmdbci"] > weights["status"]
