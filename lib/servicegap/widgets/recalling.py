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
  flex-direction: row-reverse; justify-content: flex-end; align-items: center; gap: .6em; }
.sg-choices .widget-radio-box, .sg-choices .jupyter-widget-radio-box { width: 100%; }
</style>"""

_CHECK, _NEXT, _DONE, _AGAIN = "Check", "Next question", "Done", "Go through them again"


def recall(client: Client, occasion: str) -> None:
    """Show the questions of a session ("01"), or those "before" and "after" the series."""
    parts.show(RecallForm(client, occasion).box)


class RecallForm:
    """The form for one occasion's questions. `box` is what is shown.

    Its parts stay where they are and only change their words: the one button too, so that whoever
    goes through with the keyboard never loses their place.
    """

    def __init__(self, client: Client, occasion: str) -> None:
        self.client, self.occasion = client, occasion
        self.asked = learning.asked_on(occasion)
        self.tells = occasion != "before"
        self.place = 0
        self.count, self.title = parts.prose(), parts.question("")
        self.choices = ipywidgets.RadioButtons(layout=ipywidgets.Layout(width=parts.FULL))
        self.choices.add_class("sg-choices")
        self.button = parts.button("", main=True)
        self.status = parts.prose("", "sg-status")
        self.box = parts.form(
            self.count, self.title, self.choices, parts.row(self.button), self.status
        )
        self.button.on_click(lambda _: self._press())
        self.choices.observe(lambda _: self._chosen(), "value")
        answered = self._first()
        open_ = [i for i, question in enumerate(self.asked) if question.id not in answered]
        if open_:
            self._ask(open_[0])
        else:
            self._end()

    def _first(self) -> dict[str, learning.Answer]:
        """The first answers on this occasion, by question."""
        found = learning.first(learning.read(learning.file_of(self.client.folder)))
        return {id_: answer for (when, id_), answer in found.items() if when == self.occasion}

    def _ask(self, place: int) -> None:
        self.place, question = place, self.asked[place]
        self.count.value = _WRAPPED + parts.said(f"Question {place + 1} of {len(self.asked)}")
        self.title.value = parts.question(question.plain).value
        self.choices.options = [(choice.text, i) for i, choice in enumerate(question.choices, 1)]
        self.choices.value = None
        self.choices.layout.display = self.button.layout.display = None
        self.status.value = ""
        self.button.description = _CHECK if self.tells else _NEXT

    def _chosen(self) -> None:
        """Another choice may be checked, even after the first."""
        if self.tells and self.choices.value is not None:
            self.button.description, self.status.value = _CHECK, ""

    def _press(self) -> None:
        if self.button.description == _AGAIN:
            self._ask(0)
        elif self.tells and self.button.description != _CHECK:
            self._next()
        elif self.choices.value is None:
            self.status.value = parts.said("Choose one first. A guess will do.")
        else:
            self._check()

    def _check(self) -> None:
        question = self.asked[self.place]
        kept = self._record(question.id, self.choices.value)
        if self.tells:
            choice = question.choices[self.choices.value - 1]
            verdict = "Right." if choice.right else "Not quite."
            self.status.value = parts.said(" ".join(filter(None, (verdict, choice.say, kept))))
            last = self.place + 1 == len(self.asked)
            self.button.description = _DONE if last else _NEXT
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
        right = sum(answer.right for answer in self._first().values())
        if self.tells:
            text = f"{right} of {len(self.asked)} right the first time."
        else:
            text = "Thank you. The same questions come back at the end of session 10, with answers."
        where = (
            f" Your answers lie in {learning.FILE} in your folder, without a name. Nothing is "
            "sent anywhere."
        )
        self.count.value = ""
        few = len(self.asked) == 3
        self.title.value = parts.question("Three questions" if few else "Ten questions").value
        self.choices.layout.display = "none"
        self.button.layout.display = None if self.tells else "none"
        self.button.description = _AGAIN
        self.status.value = parts.said(text + where)
