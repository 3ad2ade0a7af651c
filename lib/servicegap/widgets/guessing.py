"""Your guess first: a form that takes a best guess and its 90 % range, and locks it.

What was said is kept by the client, not by the form: the form shows whatever the client's folder
says, so a guess made in another window, or a year ago, stands there too.
"""

from __future__ import annotations

import math
import threading
from typing import TYPE_CHECKING

import ipywidgets

from servicegap import schema
from servicegap.widgets import parts
from servicegap.widgets.picturing import in_words, picture, reach, unit_of, without_words
from servicegap.widgets.typed import Guess, figure, read_guess, read_number

if TYPE_CHECKING:
    from servicegap.client import Client, Recorded

    Spec = schema.Headline | schema.WarmUp

_ELSEWHERE = (
    "Another window had locked a guess before. The first one stays your belief; what you said here "
    "is kept beside it."
)
_SLIDER = {"width": "25em", "max_width": "100%"}


def guess(client: Client, session: str) -> None:
    """Show the form for each guess of a session, in order.

    Locking a guess, or declining it, is recorded in the client's folder; once all of a session's
    guesses are in, the cards below open in place.
    """
    for form in forms(client, session):
        parts.show(form.box)
    threading.Thread(target=_fetch_the_brushes, daemon=True).start()


def _fetch_the_brushes() -> None:
    """Load what draws pictures while somebody thinks, so that the cards turn over at once."""
    import scipy.stats  # noqa: F401
    import seaborn  # noqa: F401


def forms(client: Client, session: str) -> list[GuessForm]:
    """Make the forms of a session without showing them."""
    return [GuessForm(spec, client) for spec in schema.SESSIONS[session].guesses]


def _when(stated: Recorded) -> str:
    at = stated.stated_at
    return f" That was on {parts.day(at)} at {at:%H:%M}." if at else ""


class Both:
    """A number that can be slid or typed; what is typed counts, and is empty until it is said."""

    def __init__(self, spec: Spec, label: str) -> None:
        end = reach(spec)
        self.slider = ipywidgets.FloatSlider(
            value=(spec.low + end) / 2, min=spec.low, max=end, step=1,
            description=label,
            readout=False, style=parts.described() | parts.HANDLE, layout=_SLIDER,
        )  # fmt: skip
        self.typed = number_box(f"or type it ({unit_of(spec)})", "9.5em")
        self.slider.observe(self._slid, "value")
        self.typed.observe(self._typed, "value")

    def _slid(self, change: dict) -> None:
        self.typed.value = figure(change["new"])

    def _typed(self, change: dict) -> None:
        number = read_number(change["new"])
        if number is not None and self.slider.min <= number <= self.slider.max:
            self.slider.value = number


def number_box(label: str, label_width: str) -> ipywidgets.Text:
    """A short box for a number, empty until somebody says one."""
    return ipywidgets.Text(
        value="", description=label, continuous_update=False, style=parts.described(label_width),
        layout={"width": f"calc({label_width} + 6em)"},
    )  # fmt: skip


class GuessForm:
    """The form for one guess. `box` is what is shown."""

    def __init__(self, spec: Spec, client: Client) -> None:
        self.spec, self.client = spec, client
        self.asking_again = False
        self.shown = ""  # which face the form shows: the first questions, later ones, the answer
        self.best = Both(spec, "Best guess")
        self.range = ipywidgets.FloatRangeSlider(
            value=(spec.low, reach(spec)), min=spec.low, max=reach(spec), step=1,
            description="90 % range",
            readout=False, style=parts.described() | parts.HANDLE, layout=_SLIDER,
        )  # fmt: skip
        self.low, self.high = number_box("from", "3em"), number_box("to", "3em")
        self.picture = parts.prose()
        self.status = parts.prose("", "sg-status")
        self.lock = parts.button("Lock my guess", main=True)
        self.decline = parts.button("I'd rather not guess")
        self.again = parts.button("I see it differently now")
        self.box = parts.form()
        self._listen()
        self.refresh()
        client.listeners.append(self.refresh)

    def _listen(self) -> None:
        self.range.observe(self._dragged, "value")
        for end in (self.low, self.high):
            end.observe(self._typed_range, "value")
        for box in (self.best.typed, self.low, self.high):
            box.observe(lambda _: self._draw(), "value")
        self.lock.on_click(lambda _: self._lock())
        self.decline.on_click(lambda _: self._record())
        self.again.on_click(lambda _: self._ask_again())

    def _dragged(self, change: dict) -> None:
        self.low.value, self.high.value = map(figure, change["new"])

    def _typed_range(self, _: dict) -> None:
        low, high = read_number(self.low.value), read_number(self.high.value)
        if low is not None and high is not None and self.range.min <= low <= high <= self.range.max:
            self.range.value = (low, high)

    def _draw(self) -> None:
        numbers = [read_number(box.value) for box in (self.best.typed, self.low, self.high)]
        self.picture.value = picture(self.spec, *numbers)
        self.status.value = ""

    def _lock(self) -> None:
        typed = (self.best.typed.value, self.low.value, self.high.value)
        read = read_guess(self.spec, *typed)
        if isinstance(read, str):
            self.status.value = parts.said(read)
        else:
            self._record(read)

    def _record(self, said: Guess | None = None) -> None:
        before = self.client.stated(self.spec.id)
        self.lock.disabled = self.decline.disabled = True
        self.status.value = parts.said("Saving. The cards turn over in a moment.")
        self.asking_again, was = False, self.asking_again
        numbers = (said.value, said.low, said.high) if said else ()
        try:
            self.client.record(self.spec.id, *numbers)
            self.status.value = parts.said(_ELSEWHERE) if self._late(before, said) else ""
        except Exception as error:  # a button's callback has nobody above it to tell
            if self.client.stated(self.spec.id) == before:
                self.asking_again = was
                self.status.value = parts.said(
                    f"This could not be saved: {error}. What you typed is still here; put that "
                    "right and press the button again."
                )
            else:
                self.status.value = parts.said(
                    f"Your guess is saved, but a card below did not open: {error}. In the menu, "
                    "choose Run and then Run All Cells."
                )
        finally:
            self.lock.disabled = self.decline.disabled = False

    def _late(self, before: Recorded | None, said: Guess | None) -> bool:
        """Whether another window had been first: nothing was known here, and another guess is."""
        now = self.client.stated(self.spec.id)
        if before is not None or now is None:
            return False
        return bool(now.after) if said else not now.declined

    def _ask_again(self) -> None:
        self.asking_again = True
        for box in (self.best.typed, self.low, self.high):
            box.value = ""
        self.refresh()

    def refresh(self) -> None:
        """Show what the client's folder says: the question, or the answer that was given."""
        stated = self.client.stated(self.spec.id)
        asked = parts.question(self.spec.question)
        before, self.shown = self.shown, "answer"
        if stated is None:
            self.shown = "first questions"
        elif self.asking_again:
            self.shown = "later questions"
        if stated is not None and not self.asking_again:
            self._show_answer(asked, stated)
        elif self.shown != before:  # half a guess stays as it stands when another one is locked
            self._show_questions(asked, first=stated is None)

    def _show_questions(self, asked: ipywidgets.HTML, *, first: bool) -> None:
        self._draw()
        hint = (
            "The range should be so wide that nine times in ten the truth lies inside it."
            if first
            else "What you say now is kept beside your first guess. The first one stays your "
            "belief, since it was made before you saw anything."
        )
        buttons = [self.lock, self.decline] if first else [self.lock]
        self.box.children = [
            asked,
            parts.row(self.best.slider, self.best.typed),
            parts.row(self.range, ipywidgets.HBox([self.low, self.high])),
            parts.prose(parts.said(hint)),
            self.picture,
            parts.row(*buttons),
            self.status,
        ]

    def _show_answer(self, asked: ipywidgets.HTML, stated: Recorded) -> None:
        waiting = ""
        if self.client.is_sealed(self.spec.session):
            waiting = " The cards below turn over when the other guess is in, too."
        if stated.declined:
            text = f"You said that you would rather not guess.{_when(stated)}{waiting}"
            self.box.children = [asked, parts.prose(parts.said(text)), self.status]
            return
        assert stated.value is not None
        numbers = (stated.value, stated.low, stated.high)
        shown = picture(self.spec, *(None if n is None or math.isnan(n) else n for n in numbers))
        text = f"Locked. You said {in_words(self.spec, *numbers)}.{_when(stated)}{waiting}"
        lines = [parts.said(text)]
        for later in stated.after:
            assert later.value is not None
            words = in_words(self.spec, later.value, later.low, later.high)
            lines.append(parts.said(f"After looking: {words}."))
        children = [asked, parts.prose(without_words(shown)), parts.prose("".join(lines))]
        self.box.children = [*children, parts.row(self.again), self.status]
