"""Bring your own: files handed in, what they were taken for confirmed, tables made, health shown.

The reading itself is the intake's; what it asks is put on the page and answered there.
"""

from __future__ import annotations

import base64
import os
from collections.abc import Callable
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import ipywidgets

from servicegap import health, healthpage, intake, schema, workbook
from servicegap.client import Refused, load
from servicegap.intake import telling
from servicegap.widgets import parts
from servicegap.widgets.columns import ColumnsForm
from servicegap.workbook import beginning

if TYPE_CHECKING:
    from servicegap.client import Client

CURRENCIES = ("GBP", "EUR", "USD", "CHF", "AUD", "NZD", "CAD", "SEK", "NOK", "DKK", "PLN", "ZAR")
_ORDERS = (("the day: 31/12/2025", "dmy"), ("the month: 12/31/2025", "mdy"),
           ("the year: 2025-12-31", "ymd"))  # fmt: skip
_HOW = (("put them with what is there", "add"), ("let them take its place", "replace"))
_ZONES = ("Europe/London", "Europe/Dublin", "Europe/Berlin", "Europe/Vienna", "Europe/Zurich",
          "America/New_York", "America/Chicago", "America/Los_Angeles", "Australia/Sydney",
          "Pacific/Auckland", "UTC")  # fmt: skip


def bring(client: Client) -> None:
    """Show the form with which somebody brings files of their own; nothing leaves the machine.

    Beside a made-up firm it makes a folder for one's own first. Files become tables of that
    folder by way of the intake, and its health is shown.
    """
    form = BringForm(client)
    parts.show(form.box)
    form.lead = parts.line_below()


class BringForm:
    """The form. `box` is what is shown; `folder` where tables go, None until there is one."""

    def __init__(self, client: Client) -> None:
        self.beside = client.folder.parent  # of a made-up firm: workbook/, where copies lie
        self.lead: Callable[[str], None] = lambda html: None  # a link is followed outside a form
        self.open: intake.Question | None = None
        self.practising = client.settings.made_up
        self.folder: Path | None = None if self.practising else client.folder
        self.files: list[ColumnsForm] = []
        self.ours: list[tuple[Path, schema.Table]] = []
        self.answers: dict[tuple[str, str], str] = {}
        self.how, self.zone = "new", None
        style, wide = parts.described(), {"width": parts.FULL}
        self.name = ipywidgets.Text(description="Your firm's name", style=style, layout=wide)
        self.currency = ipywidgets.Combobox(
            value="GBP",
            options=CURRENCIES,
            description="Currency",
            style=style,
            ensure_option=False,
        )
        self.begin = parts.button("Make a folder for it", main=True)
        self.upload = ipywidgets.FileUpload(
            accept=".csv,.xlsx,.parquet", multiple=True, description="Choose files",
            layout={"width": "auto", "margin": "2px 8px 2px 0"},
        )  # fmt: skip
        self.templates = parts.button("Empty forms to fill in")
        self.take = parts.button("Take them in", main=True)
        self.began, self.link = parts.prose(), parts.prose()
        self.mapping = ipywidgets.VBox([], layout={"width": "100%"})
        self.question = ipywidgets.VBox([], layout={"width": "100%"})
        self.status = parts.prose("", "sg-status")
        self.result = parts.prose()
        self.box = parts.form()
        self.begin.on_click(lambda _: self._begin())
        self.templates.on_click(lambda _: self._hand_out())
        self.upload.observe(lambda change: self._uploaded(change["new"]), "value")
        self.take.on_click(lambda _: self._take())
        self._show()

    def _show(self) -> None:
        head = [parts.question("Bring your own files")]
        if self.folder is None:
            text = (
                "Ready to look at your own firm? It gets a folder of its own beside the made-up "
                "one, on this machine, and your guesses start afresh there."
            )
            begin = [self.name, self.currency, parts.row(self.begin)]
            more = [parts.row(self.templates), self.link]
            self.box.children = [*head, parts.prose(parts.said(text)), *begin, *more, self.status]
            return
        text = (
            "Exports of your ticket, survey or CSAT tool, as they come (CSV or Excel), or our own "
            "forms filled in. They are read here and sent nowhere."
        )
        actions = parts.row(self.upload, self.templates)
        take = [parts.row(self.take)] if self.files or self.ours else []
        self.box.children = [
            *head, self.began, parts.prose(parts.said(text)), actions, self.link, self.mapping,
            self.question, *take, self.status, self.result,
        ]  # fmt: skip

    # -- a folder of one's own ---------------------------------------------------------------

    def _begin(self) -> None:
        name, currency = self.name.value.strip(), self.currency.value.strip().upper()
        if not name:
            self.status.value = parts.said("What is your firm called?")
            return
        if len(currency) != 3 or not currency.isalpha():
            self.status.value = parts.said("The currency is three letters, such as GBP or EUR.")
            return
        self.status.value = parts.said("Making the folder. A moment.")
        try:
            self.folder = beginning.begin(name, currency, self.beside)
        except (Refused, OSError) as error:
            self.status.value = parts.said(str(error))
            return
        self.status.value = ""
        self.began.value = parts.laid_out(
            f"<strong>{escape(name)}</strong> has its folder now, {escape(str(self.folder))}, and "
            "its own eleven sessions in it."
        )
        self.lead(_link_to(self.folder, f"Go to {name}: session 0"))
        self._show()

    def _hand_out(self) -> None:
        """Offer the empty tables and forms as one file, which the browser saves."""
        from servicegap import forms

        self.templates.disabled = True
        self.link.value = parts.said("Making them. A moment.")
        content = base64.b64encode(forms.zipped(self.name.value.strip() or "your firm")).decode()
        self.link.value = parts.laid_out(
            f'<a download="service-gap-forms.zip" href="data:application/zip;base64,{content}">'
            "Save service-gap-forms.zip</a>: an empty table for everything, what each column "
            "holds, a belief form and a data request to send."
        )
        self.templates.disabled = False

    # -- files -------------------------------------------------------------------------------

    def _uploaded(self, uploads: tuple) -> None:
        if not uploads or self.folder is None:
            return
        self.status.value = parts.said("Looking at them.")
        self.answers, self.how, self.zone, self.files, self.ours = {}, "new", None, [], []
        self.question.children, self.result.value = [], ""
        paths = [
            beginning.keep_upload(self.folder, one["name"], bytes(one["content"]))
            for one in uploads
        ]
        said = ""
        for path in paths:
            table = beginning.own_table(path)
            if table is not None:
                self.ours.append((path, table))
        try:
            rest = [path for path in paths if path not in dict(self.ours)]
            found = intake.recognise(rest, self.folder) if rest else []
            self.files = [ColumnsForm(one, self.folder, self._show) for one in found]
        except Refused as refused:
            said = str(refused)
        forms = [
            parts.prose(parts.laid_out(f"<strong>{escape(path.name)}</strong>: our own form "
                                       f"“{escape(table.name)}”, filled in."))
            for path, table in self.ours
        ]  # fmt: skip
        self.mapping.children = [*forms, *(one.box for one in self.files)]
        self.status.value = parts.said(said) if said else ""
        self.upload.value = ()
        self._show()

    def _take(self) -> None:
        assert self.folder is not None
        open_ = [one.name for one in self.files if not one.settled]
        if open_:
            self.status.value = parts.said(f"Say yes to what {open_[0]} was taken for, first.")
            return
        self.status.value = parts.said("Reading every row.")
        self.take.disabled = True
        try:
            self._taken(self.folder)
        except Refused as refused:
            self._refused(refused)
        except Exception as error:  # a button's callback has nobody above it to tell
            self.status.value = parts.said(f"This could not be taken in: {error}")
        finally:
            self.take.disabled = False

    def _taken(self, folder: Path) -> None:
        lines = []
        if self.files:
            found = [one.found for one in self.files]
            self.open = None
            done = intake.take_in(found, folder, how=self.how, timezone=self.zone, ask=self._ask)
            lines += list(telling.result(done))
        for path, table in self.ours:
            beginning.put_table(folder, path, table)
            lines.append(f"{path.name} is in its place.")
        self.files, self.ours = [], []
        self.mapping.children, self.question.children = [], []
        self.status.value = ""
        self.result.value = _result(lines) + _health(folder) + parts.laid_out(self._onward())
        self._show()

    def _onward(self) -> str:
        if self.practising:
            return "<strong>Now to your own firm:</strong> the link below this form leads there."
        return (
            "<strong>Now choose <em>Run → Run All Cells</em> again</strong>: every page is about "
            "these files from then on."
        )

    # -- what only the owner knows -----------------------------------------------------------

    def _ask(self, question: intake.Question) -> str | None:
        """Answer what was answered before; what was not is put on the page afterwards."""
        answer = self.answers.get((question.about, question.text))
        if answer is None:
            self.open = question
        return answer

    def _refused(self, refused: Refused) -> None:
        remedies = " ".join(problem.remedy for problem in refused.problems)
        if self.open is not None:
            question, self.open = self.open, None
            key = (question.about, question.text)
            options = list(_ORDERS) if question.about == "dates" else list(question.choices)
            self._put(question.text, options, lambda answer: self.answers.update({key: answer}))
        elif "--replace" in remedies:
            self._put(
                "There are rows in these tables already. Shall the new ones be put with them, or "
                "take their place? The old file is kept either way.",
                list(_HOW), lambda answer: setattr(self, "how", answer),
            )  # fmt: skip
        elif "--timezone" in remedies:
            self._put(
                "Some times say how far they are from UTC and others don't. Where did the clock of "
                "this tool stand?",
                list(_ZONES), lambda answer: setattr(self, "zone", answer),
            )  # fmt: skip
        else:
            self.status.value = parts.said(str(refused))

    def _put(self, text: str, options: list, answered) -> None:
        """Put one question on the page; its answer starts the reading again."""
        menu = ipywidgets.Dropdown(
            options=options, description="Answer", style=parts.described("5em"),
            layout={"width": "30em", "max_width": parts.FULL},
        )  # fmt: skip
        go = parts.button("Go on", main=True)

        def on(_: ipywidgets.Button) -> None:
            answered(menu.value)
            self.question.children = []
            self._take()

        go.on_click(on)
        self.question.children = [parts.prose(parts.said(text)), parts.row(menu, go)]
        self.status.value = parts.said("One question first.")


def _link_to(folder: Path, text: str) -> str:
    """A link to the first session of a folder, from wherever this notebook stands."""
    first = folder / workbook.FOLDER / f"{schema.SESSIONS['00'].stem}.ipynb"
    there = quote(Path(os.path.relpath(first)).as_posix())
    return f'<p class="sg-where"><a href="{there}"><strong>{escape(text)}</strong></a></p>'


def _result(lines: list[str]) -> str:
    items = "".join(f"<li>{escape(line.strip())}</li>" for line in lines)
    return parts.laid_out(f"<strong>What became of them</strong><ul>{items}</ul>")


def _health(folder: Path) -> str:
    """The health page of the folder, as it stands, in the notebook."""
    found = health.check(folder)
    client = load(folder, sealed=False, tolerate=True)
    counted = healthpage.facts(client, found)
    healthpage.write(client, found, counted)
    page = healthpage.render(found, counted)
    return (
        '<iframe title="The health of your data, and what can be measured now" sandbox="" '
        'style="width:100%;height:34em;border:1px solid var(--jp-border-color2,#c4cad0);'
        f'background:#fff" srcdoc="{escape(page)}"></iframe>'
    )
