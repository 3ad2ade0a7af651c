"""What a screen reader makes of the PDF: the order in which it reads, and whose cell a cell is."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO

import pytest
from pypdf import PdfReader
from servicegap import schema
from servicegap.report import pdf


@pytest.fixture(scope="module")
def root(full):
    return PdfReader(BytesIO(pdf.render(full))).trailer["/Root"]["/StructTreeRoot"]


def kids(node) -> list:
    inside = node.get("/K", [])
    inside = inside.get_object() if hasattr(inside, "get_object") else inside
    return [k.get_object() for k in (inside if isinstance(inside, list) else [inside])]


def walked(node, page=None) -> Iterator[tuple]:
    """Every element and every piece of marked content, in reading order: (node, page)."""
    node = node.get_object()
    page = node.get("/Pg", page)
    yield node, page
    for kid in kids(node):
        if isinstance(kid, int):
            yield kid, page
        elif "/MCID" in kid:
            yield int(kid["/MCID"]), kid.get("/Pg", page)
        elif "/S" in kid:
            yield from walked(kid, page)


def inside(node, tag: str) -> list:
    return [n for n, _ in walked(node) if not isinstance(n, int) and n.get("/S") == tag]


def owned(node, key: str):
    """An attribute of the table owner: scope or headers."""
    own = node.get("/A", [])
    own = own.get_object() if hasattr(own, "get_object") else own
    for one in own if isinstance(own, list) else [own]:
        if one.get_object().get("/O") == "/Table" and key in one.get_object():
            return one.get_object()[key]
    return None


def test_what_is_read_comes_page_by_page_and_in_the_order_of_the_page(root):
    pages: dict[int, int] = {}
    last, at = -1, -1
    for piece, page in walked(root):
        if not isinstance(piece, int):
            continue
        number = pages.setdefault(page.indirect_reference.idnum, len(pages))
        assert number >= last, "a page is never gone back to"
        assert number > last or piece > at, "nor a place on it"
        last, at = number, piece
    assert len(pages) > 8


def test_headings_are_read_in_the_order_of_the_report(root, full):
    told = [
        str(n["/T"])
        for n, _ in walked(root)
        if not isinstance(n, int) and str(n.get("/S", "")) in {"/H1", "/H2"} and "/T" in n
    ]
    parts = ["In ninety seconds", "Scorecard", "Risks to mend first", "Wins worth telling clients",
             "What to do", "Session by session", "Appendix"]  # fmt: skip
    assert [t for t in told if t in parts] == parts
    claims = [f"“{s.claim.rstrip('.')}”" for s in schema.SESSIONS.values()]
    assert [t for t in told if t in claims] == claims[: len(full.sections)]
    assert told.index(claims[0]) > told.index("Session by session")
    assert told.index("Appendix") > told.index(claims[-1])


def test_every_cell_knows_its_header(root):
    tables = inside(root, "/Table")
    assert len(tables) >= 3
    for table in tables:
        heads = inside(table, "/TH")
        names = {str(head["/ID"]) for head in heads}
        assert heads and len(names) == len(heads)
        assert {str(owned(head, "/Scope")) for head in heads} == {"/Column"}
        for row in inside(table, "/TBody"):
            for line in inside(row, "/TR"):
                cells = inside(line, "/TD")
                of = [str(owned(cell, "/Headers")[0]) for cell in cells]
                assert len(cells) == len(heads) and set(of) == names
