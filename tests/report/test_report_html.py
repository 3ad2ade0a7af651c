"""The HTML report: one file, no script, no request, in order for those who do not see it."""

import re
from html.parser import HTMLParser
from itertools import pairwise

import hostile
import made_notebooks as made
import pytest
from servicegap.report import html, pdf

# what our own template writes; anything else came from outside
ATTRIBUTES = {
    "aria-hidden", "aria-label", "alt", "charset", "class", "content", "data-label", "focusable",
    "height", "href", "http-equiv", "id", "lang", "name", "role", "scope", "src", "tabindex",
    "viewbox", "width", "x", "y", "x1", "x2", "y1", "y2", "cx", "cy", "r", "d",
}  # fmt: skip
TAGS = {
    "html", "head", "meta", "title", "style", "body", "header", "main", "section", "article",
    "aside", "footer", "p", "h1", "h2", "h3", "h4", "h5", "h6", "bdi", "b", "strong", "em", "span",
    "small", "table", "caption", "thead", "tbody", "tr", "th", "td", "div", "ol", "ul", "li", "dl",
    "dt", "dd", "figure", "img", "figcaption", "blockquote", "svg", "line", "rect", "circle", "nav",
    "a", "details", "summary", "path",
}  # fmt: skip
VOID = {"meta", "img", "line", "rect", "circle", "path"}


class Page(HTMLParser):
    """Collects what a page holds."""

    def __init__(self, source):
        super().__init__(convert_charrefs=True)
        self.tags, self.words, self.stack = [], [], []
        self.feed(source)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.stack.append(tag)

    def handle_endtag(self, tag):
        if tag not in VOID:
            assert self.stack.pop() == tag

    def handle_data(self, data):
        if "style" not in self.stack:
            self.words.append(data)

    @property
    def text(self):
        return " ".join("".join(self.words).split())

    def all(self, *tags):
        return [(t, a) for t, a in self.tags if t in tags]


@pytest.fixture(scope="module")
def page(full):
    return Page(html.render(full))


def test_a_row_without_a_guess_or_a_figure_has_no_picture():
    nothing = ("not measured", None, None, None, None)
    cells = [
        made.code(made.finding("csat")),
        made.code(made.finding("good_peer_percentile", nothing)),
    ]
    report = made.build({"01_benchmarking": made.session("01", *cells)})
    assert [row.bar.drawn for row in report.scorecard.rows] == [True, False]
    assert html.render(report).count('<svg class="bar') == 1 and pdf.render(report)


def test_no_script_and_no_request(full):
    source = html.render(full)
    page = Page(source)
    assert not page.all("script", "iframe", "link", "object", "embed", "form", "base")
    assert not re.search(r"""(src|href|url\()\s*=?\s*["']?\s*(https?:)?//""", source)
    policy = next(a["content"] for _, a in page.all("meta") if "http-equiv" in a)
    assert policy.startswith("default-src 'none'") and "unsafe" not in policy
    assert all(a["src"].startswith("data:image/png;base64,") for _, a in page.all("img"))
    assert "style=" not in source.split("</style>")[1]


def test_links_stay_in_the_page(page):
    ids = {a["id"] for _, a in page.tags if "id" in a}
    places = [a["href"] for _, a in page.all("a")]
    assert len(places) > 12 and all(p[0] == "#" and p[1:] in ids for p in places)


def test_the_rest_of_a_session_is_folded_away(page):
    folded = page.all("details")
    assert len(folded) == 11 and not any("open" in a for _, a in folded)
    assert "All of this session: 2 more pictures and 1 table" in page.text


def test_the_policy_knows_the_style_sheet(full):
    import base64
    import hashlib

    source = html.render(full)
    style = source.split("<style>")[1].split("</style>")[0]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in source


def test_no_code(page):
    assert not page.all("pre", "code")
    assert "show(something" not in page.text


def test_every_figure_has_its_own_alt(full, page):
    alts = [a["alt"] for _, a in page.all("img")]
    assert len(alts) == len(set(alts)) == 24
    assert all("62 of 100" in alt for alt in alts)


def test_headings_never_skip_a_level(page):
    levels = [int(t[1]) for t, _ in page.tags if re.fullmatch("h[1-6]", t)]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(b <= a + 1 for a, b in pairwise(levels))


def test_table_headers_have_a_scope(page):
    assert all("scope" in a for _, a in page.all("th"))


def test_language_and_title(page):
    assert page.all("html")[0][1]["lang"] == "en-GB"
    assert "Service gap report: Alder IT, 30 June 2025" in page.text


def test_parts_stand_in_order(page):
    ids = [a["id"] for _, a in page.all("section") if "id" in a]
    order = ["summary", "scorecard", "risks", "wins", "actions", "sessions", "appendix"]
    assert [i for i in ids if i in order] == order


def test_ids_are_unique(page):
    ids = [a["id"] for _, a in page.tags if "id" in a]
    assert len(ids) == len(set(ids))


def test_no_leaked_placeholder(page):
    assert not re.search(r"\b(nan|None|undefined|null)\b|\{\{|\}\}|  ", page.text)


@pytest.mark.parametrize("text", hostile.TEXTS, ids=range(len(hostile.TEXTS)))
def test_hostile_text_stays_text(text):
    page = Page(html.render(hostile.report(text)))
    assert {t for t, _ in page.tags} <= TAGS
    assert {a for _, attrs in page.tags for a in attrs} <= ATTRIBUTES
    assert page.stack == []


def test_hostile_words_are_still_there():
    page = Page(html.render(hostile.report('<b>Tom & Jerry\'s "IT"</b>')))
    assert page.text.count('<b>Tom & Jerry\'s "IT"</b>') > 15


@pytest.mark.parametrize("books", [{}, {"00_start_here": made.standard("00")}])
def test_no_findings(books):
    page = Page(html.render(made.build(books)))
    assert "No headline belief was measured this time." in page.text


def contrast(one, other):
    def light(colour):
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        parts = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return sum(w * p for w, p in zip((0.2126, 0.7152, 0.0722), parts, strict=True))

    low, high = sorted((light(one), light(other)))
    return (high + 0.05) / (low + 0.05)


def test_text_can_be_read():
    from servicegap.report import marks

    grounds = (marks.PAPER, marks.GROUND)
    for _, text, pale in marks.TONES.values():
        assert min(contrast(text, ground) for ground in (*grounds, pale)) >= 4.5
        assert contrast(marks.INK, pale) >= 7
        assert contrast(marks.MUTE, pale) >= 4.5
    assert min(contrast(marks.MUTE, ground) for ground in grounds) >= 4.5
    assert contrast("#d5dfea", marks.EVIDENCE) >= 4.5
