"""The questions at a session's end, answered with the keyboard, as a screen reader names them."""

from __future__ import annotations

import re

from servicegap import learning
from test_workbook import run_all


def test_three_questions_with_the_keyboard_alone(desk, lab, sitting, look) -> None:
    notebook, folder = desk("00_start_here", "recall")
    page = sitting.page
    page.goto(lab.url(notebook))
    page.get_by_role("heading", level=1).first.wait_for()
    run_all(page)
    asked = learning.questions("00")
    for place, question in enumerate(asked):
        form = page.get_by_role("group", name=question.plain)
        form.scroll_into_view_if_needed()
        choices = form.get_by_role("radio")
        assert choices.count() == 3
        right = choices.nth(question.answer - 1)
        assert question.choices[question.answer - 1].text in form.inner_text()
        choices.first.focus()
        for _ in range(question.answer - 1):
            page.keyboard.press("Tab")
        page.keyboard.press("Space")
        assert right.is_checked()
        for _ in range(4 - question.answer):  # past the other choices, to the button
            page.keyboard.press("Tab")
        page.keyboard.press("Enter")  # Check
        form.get_by_role("status").get_by_text(re.compile("^Right")).wait_for()
        if place == 0:
            look(form, "recall-answered")
            box = form.bounding_box()
            for choice in choices.all():  # every choice is whole, inside the form
                own = choice.locator("xpath=..").bounding_box()
                assert own["x"] + own["width"] <= box["x"] + box["width"] + 1
        page.keyboard.press("Enter")  # Next question: the same button, so no place is lost
    page.get_by_role("group", name="Three questions").get_by_text(re.compile("3 of 3")).wait_for()
    answers = learning.read(folder / learning.FILE)
    assert [(a.question_id, a.right) for a in answers] == [(q.id, True) for q in asked]
    assert sitting.outside == []

    before = page.get_by_role("group", name=learning.questions(learning.SERIES)[0].plain)
    look(before, "before-the-series")
    before.get_by_role("radio").first.check()
    before.get_by_role("button", name="Next question").click()
    page.get_by_role("group", name=learning.questions(learning.SERIES)[1].plain).wait_for()
    assert learning.read(folder / learning.FILE)[-1].occasion == "before"
