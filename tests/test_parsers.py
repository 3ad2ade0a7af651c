"""What the distinct texts of a column are read as."""

from __future__ import annotations

import pyarrow as pa
from servicegap import schema
from servicegap.parsers import parse

SIGNS = pa.array(["?", "-", "—", "", "N/A", "Northline", "?!"])


def test_a_lone_sign_is_no_supplier():
    """ServiceNow writes "?" where it knows none: that is not a third party of that name."""
    parsed = parse(schema.TABLES["tickets"]["third_party"], SIGNS)
    assert parsed.typed.to_pylist() == [None, None, None, None, "N/A", "Northline", "?!"]


def test_a_name_that_must_be_there_stays_as_it_stands():
    """An account called "?" is odd, but no reason to throw its row away."""
    parsed = parse(schema.TABLES["accounts"]["name"], SIGNS)
    assert parsed.typed.to_pylist() == ["?", "-", "—", None, "N/A", "Northline", "?!"]
