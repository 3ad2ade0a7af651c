"""The language of the report: plain, short, exact. Read over whole reports of made-up firms.

Readability is Flesch's reading ease (1948): 206.835 − 1.015 × words a sentence − 84.6 × syllables
a word; 60 to 70 is plain English, below 30 hard. Syllables are counted by groups of vowels.
"""

from __future__ import annotations

import re

import made_notebooks as made
import pytest
from conftest import FIRMS
from servicegap import formats
from servicegap.report import markdown, tidy

pytestmark = pytest.mark.slow

EASE, LONGEST = 55, 45  # of the front part as a whole; words of a sentence anywhere in it

# signs of the trade that the front part may not use; the appendix explains those it needs
JARGON = (
    "p-value|p =|LMG|Shapley|R²|propensit|Wilson|bootstrap|doubly robust|E-value|posterior|Jeffreys"
    "|heteroge|stratif|top box|net promoter|NPS|SERVQUAL|RATER|van Westendorp|Kano|confidence int"
    "|statistically|significan|percentile|regression|n = |variance|standard deviation|median"
)
LEAKED = (
    r"\b(nan|NaN|None(?! (of|is|that|surely))|null|undefined|inf|NaT|True|False)\b|\{|\}|%[sd]\b"
    r"|<[a-z/]|\\n|\( |\s[,.;:!?)]|\.\.(?!\.)|,,|\b(?!that|had)(\w{2,}) \2\b"
)
THINGS = "contact|account|ticket|answer|person|rating|group|team|month|firm|peer|rival|supplier|row"
PLURAL = rf"(?<![\d.,\u2212–-])\b(?:1|one) (?:{THINGS})s\b|(?<![\d.,])\b1 people\b"
MANY = r"[2-9]|\d\d+|two|three|four|five|six|seven|eight|nine|ten"
SINGULAR = rf"\b(?:{MANY}) (?:{THINGS})\b(?![-’']| averages)"


def syllables(word: str) -> int:
    """About: groups of vowels, a silent e at the end left out."""
    word = re.sub(r"[^a-z]", "", word.lower())
    silent = word.endswith("e") and not word.endswith("le")
    return max(1, len(re.findall(r"[aeiouy]+", word)) - silent)


def sentences(text: str) -> list[str]:
    return [s for s in re.split(r"(?<=[.!?:])\s+", text.strip()) if re.search(r"[a-z]", s)]


def ease(text: str) -> float:
    """Flesch's reading ease."""
    words = re.findall(r"[A-Za-z’'-]+", text)
    count = sum(map(syllables, words))
    return 206.835 - 1.015 * len(words) / len(sentences(text)) - 84.6 * count / len(words)


def front(report) -> list[str]:
    """What a managing director reads: everything up to the appendix, a text each."""
    card = report.scorecard
    said = [*report.summary, card.legend, card.since, card.leanings, report.more_risks]
    said += [report.maybe_wins, report.actions_lead]
    said += [] if report.risks else [report.no_risk]
    said += [] if report.wins else [report.no_win]
    for finding in (*report.risks, *report.wins):
        said += [finding.sentence, finding.since]
    said += [action.what for action in report.actions]
    for section in report.sections:
        said += [section.claim, section.caveat, section.silent]
        said += [section.figure.title, section.figure.caption] if section.figure else []
        said += [text for f in section.findings for text in (f.sentence, f.since)]
        said += [section.action.what] if section.action else []
    return [text for text in dict.fromkeys(said) if text]


def everything(report) -> list[str]:
    """Every text of a report."""
    said = front(report)
    for section in report.sections:
        said += section.also
        said += [caveat for f in section.findings for caveat in f.caveats]
    for chapter in report.evidence:
        for piece in chapter.pieces:
            if piece.kind == "figure":
                said += [piece.title, piece.alt, piece.caption]
            elif piece.kind == "table":
                said += [piece.title, piece.caption]
            else:
                said.append(markdown.plain(piece))
    said += [f"{gap.what}. {gap.why}" for gap in report.appendix.not_measured]
    return [text for text in dict.fromkeys(said) if text]


@pytest.fixture(scope="module", params=FIRMS)
def report(request, reports):
    return reports(request.param)


def found(pattern: str, texts) -> list[str]:
    return [f"{m[0]!r} in: {t}" for t in texts if (m := re.search(pattern, t))]


def test_nothing_leaks(report):
    assert found(LEAKED, everything(report)) == []


def test_one_is_one_and_two_are_many(report):
    assert found(PLURAL, everything(report)) == []
    assert found(SINGULAR, everything(report)) == []


def test_the_front_part_reads_easily(report):
    texts = front(report)
    assert ease(" ".join(t if t[-1] in ".!?" else f"{t}." for t in texts)) >= EASE
    long = [s for t in texts for s in sentences(t) if len(s.split()) > LONGEST]
    assert long == []


def test_no_jargon_in_the_summary_risks_wins_and_actions(report):
    said = [*report.summary, report.more_risks, report.maybe_wins, report.scorecard.leanings]
    said += [report.no_risk, report.no_win, report.actions_lead]
    said += [a.what for a in report.actions] + [row.label for row in report.scorecard.rows]
    said += [row.unit for row in report.scorecard.rows]
    assert found(JARGON, said) == []


def test_numbers_of_a_finding_have_a_unit_a_range_and_an_n(report):
    for section in report.sections:
        for finding in section.findings:
            if finding.evidence and finding.evidence.value is not None:
                assert re.search(r"\(n = [\d,.]+ \w+", finding.sentence), finding.sentence
                assert re.search(r"somewhere between \S+ (\w+ )?and \S+", finding.sentence)
                assert re.search(r"in 100|months?", finding.sentence), finding.sentence


def test_ninety_seconds(report):
    assert len(" ".join(report.summary).split()) <= 290  # 190 words a minute, read silently


def test_how_ease_is_counted():
    assert ease("The cat sat on the mat.") > 100
    assert (
        ease("Organisational heterogeneity necessitates multidimensional operationalisation.") < 0
    )
    assert made.FACTS and syllables("service") == 2 and syllables("table") == 2


# -- the client's own marks ----------------------------------------------------------------------

BRITISH = r"\b\d{1,3},\d{3}\b|(?<![\d.v])\d+\.\d{1,2}(?![\d.]|\w)"  # 1,234 or 6.5


def test_german_numbers_are_german(reports):
    """No thousands by comma and no decimals by point; versions and file names apart."""
    report = reports("german")
    own = [t for t in everything(report) if not re.search(r"Wilson|§|doi|http", t)]
    assert found(r"\d,\d", own), "decimals there are, by comma"
    methods = {markdown.plain(p) for c in report.appendix.methods for p in c.blocks}
    shown = [t for t in own if t not in methods and not _prose(report, t)]
    assert found(BRITISH, shown) == []


def _prose(report, text):
    """Whether a text stands in a notebook as it is, in English, whoever the client is."""
    return any(
        text == markdown.plain(piece)
        for chapter in report.evidence
        for piece in chapter.pieces
        if piece.kind not in {"figure", "table"}
    )


def test_american_days_are_american(reports):
    report = reports("american")
    with formats.written_for("en-US"):
        assert re.search(r"[A-Z][a-z]+ \d{1,2}, \d{4}", report.cover.as_of)
    months = "|".join(formats.MONTHS)
    assert found(rf"\b\d{{1,2}} (?:{months}) \d{{4}}", everything(report)) == []


def test_a_figure_of_a_session_is_a_chart_or_a_table_on_its_slide(report):
    pictures = [
        (s.number, s.figure.id)
        for s in report.sections
        if s.figure and not tidy.shape(s.figure.data) and not tidy.lines(s.figure.data)
    ]
    assert pictures == []
