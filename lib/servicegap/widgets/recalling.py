"""Did it stick? A session's three questions, or the ten on the series, one at a time.

What is chosen is appended to the client's folder, without a name. Before the series nothing is
said of right and wrong, so that the same questions can be asked again at its end.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import ipywidgets

from servicegap import learning
from servicegap.problems import Refused
from servicegap.widgets import parts

if TYPE_CHECKING:
    from servicegap.client import Client

# ipywidgets keeps a choice on one line, however long it is, and as high as a button
_WRAPPED = """<style>
.sg-choices .widget-radio-box label, .sg-choices .jupyter-widget-radio-box label {
  height: auto; line-height: 1.45; white-space: normal; margin: .35em 0; display: flex;
  align-items: baseline; gap: .5em; }
.sg-choices .widget-radio-box, .sg-choices .jupyter-widget-radio-box { width: 100%; }
</style>"""


def recall(client: Client, occasion: str) -> None:
    """Show the questions of a session ("01"), or those "before" and "after" the series."""
    parts.show(RecallForm(client, occasion).box)


class RecallForm:
    """The form for one occasion's questions. `box` is what is shown."""

    def __init__(self, client: Client, occasion: str) -> None:
        self.client, self.occasion = client, occasion
        self.asked = learning.asked_on(occasion)
        self.tells = occasion != "before"
        self.place = 0
        self.choices = ipywidgets.RadioButtons(layout=ipywidgets.Layout(width=parts.FULL))
        self.choices.add_class("sg-choices")
        self.status = parts.prose("", "sg-status")
        self.check = parts.button("Check" if self.tells else "Next", main=True)
        self.on = parts.button("Next question")
        self.again = parts.button("Go through them again")
        self.box = parts.form()
        self.check.on_click(lambda _: self._check())
        self.on.on_click(lambda _: self._next())
        self.again.on_click(lambda _: self._ask(0))
        answered = self._first()
        open_ = [i for i, question in enumerate(self.asked) if question.id not in answered]
        if open_:
            self._ask(open_[0])
        else:
            self._end()

    def _first(self) -> dict[str, learning.Answer]:
        """The first answers on this occasion, by question."""
        found = learning.first(learning.read(self.client.folder / learning.FILE))
        return {id_: answer for (when, id_), answer in found.items() if when == self.occasion}

    def _ask(self, place: int) -> None:
        self.place = place
        question = self.asked[place]
        self.choices.options = [(choice.text, i) for i, choice in enumerate(question.choices, 1)]
        self.choices.value = None
        self.status.value = ""
        last = place + 1 == len(self.asked)
        self.on.description = "That was the last" if last else "Next question"
        count = f"Question {place + 1} of {len(self.asked)}"
        self.box.children = [
            parts.prose(_WRAPPED + parts.said(count)),
            parts.question(question.text),
            self.choices,
            parts.row(self.check),
            self.status,
        ]

    def _check(self) -> None:
        question = self.asked[self.place]
        if self.choices.value is None:
            self.status.value = parts.said("Choose one first. A guess will do.")
            return
        kept = self._record(question.id, self.choices.value)
        if self.tells:
            choice = question.choices[self.choices.value - 1]
            verdict = "Right." if choice.right else "Not quite."
            self.status.value = parts.said(" ".join(filter(None, (verdict, choice.say, kept))))
            self.box.children = [
                *self.box.children[:3], parts.row(self.check, self.on), self.status,
            ]  # fmt: skip
        elif kept:
            self.status.value = parts.said(kept)
        else:
            self._next()

    def _record(self, question_id: str, choice: int) -> str:
        """Write the answer down; in words why that was not possible, else nothing."""
        if not self.client.writable:
            return ""
        try:
            learning.record(self.client.folder, self.occasion, question_id, choice)
        except (OSError, Refused) as error:
            return f"(This could not be written down: {error})"
        return ""

    def _next(self) -> None:
        if self.place + 1 < len(self.asked):
            self._ask(self.place + 1)
        else:
            self._end()

    def _end(self) -> None:
        answered = self._first()
        right = sum(answer.right for answer in answered.values())
        if self.tells:
            text = f"{right} of {len(self.asked)} right the first time."
        else:
            text = "Thank you. The same questions come back at the end of session 10, with answers."
        where = (
            f" Your answers lie in {learning.FILE} in your folder, without a name. Nothing is "
            "sent anywhere."
        )
        title = "Ten questions on the series" if len(self.asked) > 3 else "Three questions"
        children = [parts.question(title), parts.prose(parts.said(text + where))]
        self.box.children = [*children, parts.row(self.again)] if self.tells else children
