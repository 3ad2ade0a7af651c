"""How people see themselves and how others see them: the workbook finds both directions.

220 people in ten groups marked each other and themselves. Each is a client: the belief is her own
mark, put as the share of others who would see her high; the evidence is what the others said. The
rule that turns a mark into a belief (real_clients.self_view_as_belief) is the same for all.
"""

from __future__ import annotations

from collections import Counter

import pytest
import real_clients
from conftest import report
from servicegap.client import load
from servicegap.sessions import benchmarking

pytestmark = pytest.mark.real
CLEARLY = 1.0  # points of seven between her own mark and the mean of the others'
TRAITS = ("ex", "ne")


@pytest.fixture(scope="module")
def views(data):
    return {trait: real_clients.seen(data, trait) for trait in TRAITS}


def apart(view):
    """How far somebody sees herself above (positive) or below the others' mean."""
    mark, marks = view
    return mark - sum(marks.values()) / len(marks)


@pytest.fixture(scope="module")
def verdicts(views, tmp_path_factory):
    """(trait, person) → the finding on her belief, for every one of the 440."""
    found = {}
    for trait, people in views.items():
        folder = tmp_path_factory.mktemp(trait)
        spread = real_clients.spread_of_marks(people)
        for person, view in people.items():
            client = load(real_clients.person_seen(folder / person, person, view, spread), False)
            found[trait, person] = benchmarking.csat(client)
    return found


def split(views, verdicts, trait):
    """The verdicts of those who see themselves clearly below, and clearly above."""
    where = {person: apart(view) for person, view in views[trait].items()}
    below = [verdicts[trait, p].verdict for p, far in where.items() if far <= -CLEARLY]
    above = [verdicts[trait, p].verdict for p, far in where.items() if far >= CLEARLY]
    return below, above


def test_everybody_is_there(views):
    for people in views.values():
        assert len(people) == 220
    assert sum(len(marks) for _, marks in views["ex"].values()) == sum(
        len(marks) for _, marks in views["ne"].values()
    )


def test_the_evidence_is_what_the_others_said(views, verdicts):
    for (trait, person), finding in verdicts.items():
        marks = views[trait][person][1].values()
        assert finding.estimate.n == len(marks)
        high = sum(m >= real_clients.HIGH for m in marks)
        assert finding.estimate.value == pytest.approx(100 * high / len(marks))


@pytest.mark.parametrize("trait", TRAITS)
def test_who_thinks_too_little_of_herself_is_a_hidden_strength(views, verdicts, trait):
    below, _ = split(views, verdicts, trait)
    words = Counter((v.word, v.strength) for v in below)
    assert len(below) >= 20
    assert all(word != "blind spot" for word, _ in words), words
    assert words["hidden strength", "clear"] >= len(below) / 2, words


@pytest.mark.parametrize("trait", TRAITS)
def test_who_thinks_too_much_of_herself_is_a_blind_spot(views, verdicts, trait):
    _, above = split(views, verdicts, trait)
    words = Counter((v.word, v.strength) for v in above)
    assert len(above) >= 20
    assert all(word != "hidden strength" for word, _ in words), words
    assert words["blind spot", "clear"] >= len(above) / 2, words


def test_a_clear_verdict_points_where_the_marks_themselves_point(views, verdicts):
    """Of all 440, those near the others' view included."""
    for (trait, person), finding in verdicts.items():
        if finding.verdict.strength == "clear":
            above = apart(views[trait][person]) > 0
            assert finding.verdict.word == ("blind spot" if above else "hidden strength")


@pytest.fixture(scope="module")
def made(views, tmp_path_factory):
    """The whole report of the one who sees herself furthest below how the others see her."""
    people = views["ex"]
    person = min(people, key=lambda p: (apart(people[p]), p))
    folder = tmp_path_factory.mktemp("person") / "client"
    spread = real_clients.spread_of_marks(people)
    return report(real_clients.person_seen(folder, person, people[person], spread))


def test_her_report_tells_a_win(made):
    found = made.findings["csat"]
    assert (found["verdict"], found["strength"]) == ("hidden strength", "clear")
    assert found["gap"] < 0
    assert found["belief"]["value"] < found["evidence"]["low"]
    assert found["action"]["id"] == "csat-tell"
    wins = section(made.html, "Wins worth telling")
    assert found["title"].split(":")[0] in wins
    assert "hidden strength" in wins


def test_and_her_slides_and_pdf_do_too(made):
    from pptx import Presentation
    from pypdf import PdfReader

    pages = PdfReader(made.folder / "report.pdf").pages
    text = " ".join(" ".join(page.extract_text() for page in pages).split())
    assert "better than you thought" in text
    slides = Presentation(str(made.folder / "deck.pptx")).slides
    texts = [s.text_frame.text for slide in slides for s in slide.shapes if s.has_text_frame]
    assert any("better than you thought" in text for text in texts)


def section(html, heading):
    """What stands between a heading and the next one of its level."""
    start = html.index(f"<h2>{heading}", html.index("<main"))
    end = html.find("<h2", start + 1)
    return html[start:end]
