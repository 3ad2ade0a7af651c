"""The three forms say the same, in the same order, and the same again on a second run."""

import re
import subprocess
import sys

import made_notebooks as made
import pytest
import test_report_html
import test_report_pdf
import test_report_pptx
from servicegap.report import html, pdf, pptx

FORMS = {"html": html.render, "pdf": pdf.render, "pptx": pptx.render}


def squeezed(text):
    return re.sub(r"\s|\u200b", "", text)


@pytest.fixture(scope="module")
def texts(full):
    return {
        "html": squeezed(test_report_html.Page(html.render(full)).text),
        "pdf": squeezed(test_report_pdf.words(test_report_pdf.read(pdf.render(full)))),
        "pptx": squeezed(test_report_pptx.words(test_report_pptx.read(pptx.render(full)))),
    }


def said_by(report, form):
    """Everything the report says up to its appendix, in order; the deck has slides for some."""
    yield report.cover.name
    yield report.cover.banner
    yield "Worth knowing first: Began in 1998 by selling servers."
    yield from report.summary
    for row in report.scorecard.rows:
        yield from (row.label, row.belief, row.evidence, row.n.removeprefix("–"), row.verdict)
    yield from (report.scorecard.since, report.scorecard.leanings, report.scorecard.not_asked)
    for finding in report.risks:
        yield from (finding.label, finding.verdict, finding.sentence, finding.since)
    yield report.more_risks
    for finding in report.wins:
        yield from (finding.label, finding.verdict, finding.sentence, finding.since)
        yield finding.action.what
    yield report.maybe_wins
    for a in report.actions:
        yield from (a.what, a.owner, a.due, a.cost, a.measure_again)
    for kept in report.promises:
        yield from (kept.what, kept.owner, kept.due, kept.done, kept.result)
    sections = pptx.chosen(report, 5) if form == "pptx" else report.sections
    for section in sections:
        yield section.claim.rstrip(".")
        if section.figure:
            yield section.figure.title
        for finding in section.findings:
            yield finding.verdict
            yield finding.sentence
        yield section.caveat
        if section.action:
            yield section.action.what
            yield section.action.measure_again


@pytest.mark.parametrize("form", FORMS)
def test_the_same_said_in_the_same_order(full, texts, form):
    at = 0
    for said in filter(None, map(squeezed, said_by(full, form))):
        found = texts[form].find(said, at)
        assert found >= 0, f"not there, or not in its place: {said}"
        # a card of the deck has its verdict before its label
        at = found if len(said) < 40 else found + len(said)


@pytest.mark.parametrize("form", FORMS)
def test_every_sentence_stands_in_every_form(full, texts, form):
    for section in full.sections:
        for finding in section.findings:
            assert squeezed(finding.sentence) in texts[form]


def test_no_form_knows_a_number_that_the_page_does_not(full):
    def numbers(text):
        return set(re.findall(r"\d+(?:[.,]\d+)*", text))

    page = numbers(" ".join(test_report_html.Page(html.render(full)).words))
    # what is alt text on the page is said aloud in the notes
    page |= {n for s in full.sections if s.figure for n in numbers(s.figure.alt)}
    counted = {str(n) for n in range(1, 40)}  # pages and slides
    for form, module in (("pdf", test_report_pdf), ("pptx", test_report_pptx)):
        said = numbers(module.words(module.read(FORMS[form](full))))
        assert said - page - counted == set(), form


@pytest.mark.parametrize("form", FORMS)
def test_the_same_again(form):
    assert FORMS[form](made.build(made.pair())) == FORMS[form](made.build(made.pair()))


_HASHES = """
import hashlib, sys
sys.path.insert(0, sys.argv[1])
import made_notebooks as made
from servicegap.report import html, pdf, pptx
report = made.build(made.pair())
print(hashlib.sha256(html.render(report).encode()).hexdigest())
print(hashlib.sha256(pdf.render(report)).hexdigest())
print(hashlib.sha256(pptx.render(report)).hexdigest())
"""


@pytest.mark.slow
def test_the_same_in_another_process(tmp_path):
    from pathlib import Path

    def hashes(seed, zone):
        return subprocess.run(
            [sys.executable, "-c", _HASHES, str(Path(__file__).parent)],
            env={"PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": "C", "PATH": ""},
            cwd=tmp_path,
            capture_output=True,
            check=True,
            text=True,
        ).stdout

    assert hashes("1", "UTC") == hashes("2", "Pacific/Auckland")


def test_the_forms_are_cheap():
    from time import process_time

    books = made.series()
    start = process_time()
    report = made.build(books)
    for render in FORMS.values():
        render(report)
    assert process_time() - start < 1.5


def test_longest_names_are_laid_out():
    from dataclasses import replace

    name = "The Extraordinarily Long-Winded Managed Information Technology Service Company of " * 3
    report = made.build(made.pair(), replace(made.FACTS, name=name.strip()))
    for render in FORMS.values():
        assert render(report)
