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


@pytest.mark.parametrize("form", FORMS)
def test_every_sentence_and_number(full, texts, form):
    text = texts[form]
    for section in full.sections:
        for finding in section.findings:
            assert squeezed(finding.sentence) in text
    for row in full.scorecard.rows:
        for said in (row.label, row.belief, row.evidence, row.n, row.verdict):
            assert squeezed(said) in text
    for paragraph in full.summary:
        assert squeezed(paragraph) in text
    for action in full.actions:
        for said in (action.what, action.owner, action.due, action.cost, action.measure_again):
            assert squeezed(said) in text
    assert squeezed(full.scorecard.leanings) in text
    assert squeezed(full.cover.banner) in text


@pytest.mark.parametrize("form", FORMS)
def test_parts_stand_in_the_same_order(texts, form):
    parts = (
        "Inninetyseconds", "Scorecard", "Riskstomendfirst", "Winsworthtellingclients", "Whattodo",
    )  # fmt: skip
    last = [texts[form].rindex(part) for part in parts]
    assert last == sorted(last)


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
