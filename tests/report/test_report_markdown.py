"""Markdown cells become a small tree of blocks, and nothing else gets through."""

import pytest
from servicegap.report import markdown as md


def plain(blocks):
    return " ".join(md.plain(b) for b in blocks)


def test_headings_paragraphs_lists_quotes_and_tables():
    blocks = md.parse(
        "# A\n\nb *c* **d**\n\n1. x\n2. y\n\n> q\n\n| h | i |\n|---|---:|\n| 1 | 2 |\n"
    )
    kinds = [b.kind for b in blocks]
    assert kinds == ["heading", "paragraph", "list", "quote", "grid"]
    assert blocks[0].level == 1
    assert [(r.text, r.emphasis, r.strong) for r in blocks[1].runs] == [
        ("b ", False, False),
        ("c", True, False),
        (" ", False, False),
        ("d", False, True),
    ]
    assert blocks[2].ordered and len(blocks[2].items) == 2
    assert md.plain(blocks[4]) == "h i 1 2"


def test_raw_html_stays_text():
    blocks = md.parse("<script>alert(1)</script>\n\nx <img src=x onerror=alert(1)>")
    assert all(b.kind == "paragraph" for b in blocks)
    assert "<script>alert(1)</script>" in plain(blocks)


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("[a](https://x.org/y)", "a (https://x.org/y)"),
        ("<https://x.org>", "https://x.org"),
        ("[a](mailto:a@b.org)", "a (a@b.org)"),
        ("[a](javascript:alert(1))", "[a](javascript:alert(1))"),
        ("[a](file:///etc/passwd)", "[a](file:///etc/passwd)"),
        ("[a](../x.ipynb)", "a"),
        ("![pic](https://x.org/p.png) rest", "rest"),
    ],
)
def test_links_and_pictures(source, shown):
    assert plain(md.parse(source)).strip() == shown


def test_headings_nest_without_a_jump():
    blocks = md.nest(md.parse("## a\n\n#### b\n\n## c\n\n### d"), under=3)
    assert [b.level for b in blocks] == [4, 5, 4, 5]


def test_a_heading_with_nothing_under_it_goes():
    blocks = md.parse("## a\n\n## b\n\ntext\n\n## c")
    assert [md.plain(b) for b in md.without_empty_headings(blocks)] == ["b", "text"]
