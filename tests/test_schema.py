"""The schema is whole: everything in it refers to something that is there."""

from __future__ import annotations

import math
import re

import pytest
from servicegap import schema

KINDS = {"id", "text", "number", "whole", "date", "time", "yesno", "choice", "scale", "score"}


@pytest.mark.parametrize("table", schema.TABLES.values(), ids=lambda t: t.name)
def test_a_table_says_what_it_is(table: schema.Table) -> None:
    assert table.about.strip().endswith((".", "?"))
    assert table.required, "a table without a required column can't be told from another"
    assert len(set(table.names)) == len(table.names)
    if table.key:
        assert table[table.key].required
        assert table[table.key].kind in ("id", "text")
    for column in table.columns:
        assert column.kind in KINDS
        assert column.about.strip(), f"{table.name}.{column.name} has no line of explanation"
        assert re.fullmatch(r"[a-z_]+", column.name)
        assert column.low < column.high
        assert (column.kind == "choice") == bool(column.choices)
        if column.kind == "score":
            assert table[column.scale_in].kind == "scale"
            assert "scale" in table.names, "a mark without a scale means nothing"


def test_the_tables_of_the_design_are_there() -> None:
    names = (
        "beliefs accounts contacts tickets ratings items survey relationship referrals usps "
        "sightings price_survey third_parties touchpoints kano wow_log standards staff_survey "
        "mentions peers commitments"
    )
    assert " ".join(schema.TABLES) == names


@pytest.mark.parametrize("scale", schema.SCALES.values(), ids=lambda s: s.name)
def test_boxes_lie_on_their_scale(scale: schema.Scale) -> None:
    assert scale.low <= scale.satisfied <= scale.top <= scale.high
    if scale.neutral is not None:
        assert scale.low <= scale.neutral < scale.satisfied
    assert scale.measure in schema.PEER_MEASURES


def test_no_alias_means_two_scales() -> None:
    names = [a.casefold() for s in schema.SCALES.values() for a in (s.name, *s.also)]
    assert len(names) == len(set(names)) == len(schema.SCALE_ALIASES)


def test_twelve_beliefs_with_tables_sessions_and_deltas() -> None:
    assert len(schema.HEADLINES) == 12
    for headline in schema.HEADLINES.values():
        assert set(headline.tables) <= set(schema.TABLES)
        assert headline.session in schema.SESSIONS
        assert headline.better in ("higher", "lower")
        assert headline.delta > 0
        assert headline.question.endswith("?")
        assert math.isfinite(headline.low) and headline.low < headline.high < math.inf


def test_every_need_exists() -> None:
    for session in schema.SESSIONS.values():
        names = [part.name for part in session.parts]
        assert len(set(names)) == len(names)
        for part in session.parts:
            for need in part.needs:
                table, _, column = need.partition(".")
                assert table in schema.TABLES
                assert not column or column in schema.TABLES[table].names
                assert not column or column not in schema.TABLES[table].required, (
                    f"{need}: a required column is there whenever the table is"
                )


def test_each_headline_has_its_part() -> None:
    for headline in schema.HEADLINES.values():
        part = schema.part_of(schema.SESSIONS[headline.session].module, headline.id)
        assert set(part.tables) <= set(headline.tables)


def test_sessions_are_found_by_module() -> None:
    assert schema.session_of("servicegap.sessions.benchmarking").number == "01"
    with pytest.raises(KeyError, match="no session"):
        schema.session_of("nowhere")
    with pytest.raises(KeyError, match="no part"):
        schema.part_of("benchmarking", "nothing")
