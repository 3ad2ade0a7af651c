"""Questions after a session: what is said to an answer, what is written down, what is not."""

from __future__ import annotations

import html
from dataclasses import dataclass
from pathlib import Path

import pytest
from servicegap import learning
from servicegap.widgets.recalling import RecallForm


@dataclass
class Folder:
    """The part of a client that the form speaks to."""

    folder: Path
    writable: bool = True


@pytest.fixture
def client(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


@pytest.fixture(autouse=True)
def nothing_swallowed(caplog):
    """A button logs what goes wrong in it and carries on; here that is a failure."""
    yield
    assert "Exception in callback" not in caplog.text


def said(form: RecallForm) -> str:
    """All words that the form shows."""
    shown = [c.value for c in form.box.children if hasattr(c, "value") and c is not form.choices]
    return html.unescape(" ".join(filter(None, shown)))


def choose(form: RecallForm, number: int | None) -> None:
    form.choices.value = number
    form.button.click()


def written(client: Folder) -> tuple[learning.Answer, ...]:
    return learning.read(client.folder / learning.FILE)


def test_a_right_answer_is_told_why_and_written_down(client: Folder) -> None:
    form = RecallForm(client, "01")
    question = learning.questions("01")[0]
    choose(form, question.answer)
    assert "Right." in said(form)
    assert question.choices[question.answer - 1].say in form.status.value
    assert [(a.question_id, a.right) for a in written(client)] == [("01-1", True)]


def test_a_wrong_answer_says_what_is_missed_and_may_be_tried_again(client: Folder) -> None:
    form = RecallForm(client, "01")
    question = learning.questions("01")[0]
    wrong = question.answer % 3 + 1
    choose(form, wrong)
    assert "Not quite." in said(form)
    assert question.choices[wrong - 1].text not in form.status.value
    choose(form, question.answer)
    assert "Right." in said(form)
    assert [a.right for a in written(client)] == [False, True]
    assert not learning.first(written(client))["01", "01-1"].right  # the first one counts


def test_nothing_chosen_is_asked_for(client: Folder) -> None:
    form = RecallForm(client, "01")
    choose(form, None)
    assert "Choose one first" in said(form)
    assert not written(client)


def test_no_answer_shows_before_it_is_given(client: Folder) -> None:
    form = RecallForm(client, "01")
    told = [choice.say for q in learning.questions("01") for choice in q.choices]
    assert not any(text in said(form) for text in told)


def test_one_question_after_another_and_a_sum_at_the_end(client: Folder) -> None:
    form = RecallForm(client, "02")
    for question in learning.questions("02"):
        assert question.text in said(form)
        choose(form, question.answer)
        form.button.click()
    assert "3 of 3 right the first time" in said(form)
    assert "learning.csv" in said(form)
    form.button.click()
    assert learning.questions("02")[0].text in said(form)


def test_it_goes_on_where_it_was_left(client: Folder) -> None:
    learning.record(client.folder, "03", "03-1", 1)
    assert learning.questions("03")[1].text in said(RecallForm(client, "03"))


def test_before_the_series_nobody_is_told_what_is_right(client: Folder) -> None:
    form = RecallForm(client, "before")
    for question in learning.questions(learning.SERIES):
        assert question.text in said(form)
        choose(form, question.answer)
    assert len(written(client)) == 10
    text = said(form)
    assert "Thank you" in text and "right" not in text.replace("is right", "")
    after = RecallForm(client, "after")  # the same questions, not taken as answered
    assert learning.questions(learning.SERIES)[0].text in said(after)


def test_a_folder_that_cannot_be_written_to_is_said(client: Folder, monkeypatch) -> None:
    def full(*words):
        raise OSError("No space left on device")

    monkeypatch.setattr(learning, "record", full)
    form = RecallForm(client, "01")
    choose(form, 1)
    assert "could not be written down" in said(form) and "No space left" in said(form)
    before = RecallForm(client, "before")
    choose(before, 1)
    assert "could not be written down" in said(before)
    assert learning.questions(learning.SERIES)[0].text in said(before)


def test_a_sample_that_is_only_read_takes_no_answer(client: Folder) -> None:
    form = RecallForm(Folder(client.folder, writable=False), "01")
    choose(form, 1)
    assert not (client.folder / learning.FILE).exists()
    assert form.status.value
