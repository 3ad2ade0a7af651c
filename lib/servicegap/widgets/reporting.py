"""Make my report: the same command as in the terminal, with its progress on the page."""

from __future__ import annotations

import atexit
import contextvars
import os
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import ipywidgets

from servicegap import words, workbook
from servicegap.widgets import parts

if TYPE_CHECKING:
    from servicegap.client import Client

HERE = Path(workbook.FOLDER) / "report"  # in the client's folder, where `forget` finds it
_STEP = re.compile(r"\[(\d+)/(\d+)\] (.*)")
_FORMS = (("report.html", "Read it here"), ("report.pdf", "the same to print (PDF)"),
          ("deck.pptx", "slides that can be edited (PowerPoint)"))  # fmt: skip


def report(client: Client) -> None:
    """Show the button that makes this client's report, from what is in the folder now.

    All sessions are run afresh, unsealed, by `servicegap report`; the report lies in
    DIR/workbook/report and says whatever was guessed and promised here.
    """
    form = ReportForm(client)
    parts.show(form.box)
    form.lead = parts.line_below()


class ReportForm:
    """The form. `box` is what is shown; `lead` is told the links, which a form can't follow."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.lead: Callable[[str], None] = lambda html: None
        self.make = parts.button("Make my report", main=True)
        self.bar = ipywidgets.IntProgress(
            min=0, max=1, value=0, description="Progress", style=parts.described("5em"),
            layout={"width": "30em", "max_width": parts.FULL, "display": "none"},
        )  # fmt: skip
        self.status = parts.prose("", "sg-status")
        text = (
            "All sessions on one go, with your guesses and promises in them: a page to read, a PDF "
            "to print, slides to edit. It takes a minute or two, and you may read on meanwhile."
        )
        self.box = parts.form(
            parts.question("Make my report"), parts.prose(parts.said(text)), parts.row(self.make),
            self.bar, self.status,
        )  # fmt: skip
        self.process: subprocess.Popen | None = None
        self.make.on_click(lambda _: self._start())

    def _start(self) -> None:
        self.make.disabled = True
        self.bar.value, self.bar.layout.display = 0, None
        self.status.value = parts.said("Reading the files.")
        self.lead("")
        out = self.client.folder / HERE
        command = [sys.executable, "-m", "servicegap", "report", str(self.client.folder),
                   "--out", str(out)]  # fmt: skip
        env = {k: v for k, v in os.environ.items() if not k.startswith(("JUPYTER", "JPY_"))}
        try:
            self.process = subprocess.Popen(
                command, env=env | {"PYTHONIOENCODING": "utf-8"}, stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8",
            )  # fmt: skip
        except OSError as error:
            self._end(f"The report could not be begun: {error}.")
            return
        atexit.register(self.process.terminate)
        context = contextvars.copy_context()  # what is shown belongs to this cell
        threading.Thread(target=context.run, args=(self._follow, self.process), daemon=True).start()

    def _follow(self, process: subprocess.Popen) -> None:
        """Say what the run says, step by step, until it ends."""
        assert process.stdout is not None
        assert process.stderr is not None
        said: list[str] = []
        for line in process.stdout:
            step = _STEP.match(line)
            if step:
                self.bar.max, self.bar.value = int(step[2]), int(step[1]) - 1
                self.status.value = parts.said(f"{step[3].strip()}: step {step[1]} of {step[2]}.")
            elif line.strip():
                said.append(line.strip())
        wrong = process.stderr.read().strip()
        atexit.unregister(process.terminate)
        if process.wait() or not said:
            self._end(wrong or "The report could not be made, and didn't say why.")
            return
        self.bar.value = self.bar.max
        made = Path(said[-1]).parent
        self._end(told(said[:-1]))
        self.lead(links(made))

    def _end(self, text: str) -> None:
        self.bar.layout.display = "none"
        self.make.disabled = False
        self.status.value = parts.said(text or "Done.")


def links(made: Path) -> str:
    """Links to what was made, from wherever this notebook stands."""
    found = [
        f'<a href="{quote(Path(os.path.relpath(made / name)).as_posix())}">{escape(text)}</a>'
        for name, text in _FORMS
        if (made / name).is_file()
    ]
    return f'<p class="sg-where"><strong>Your report is made.</strong> {"; ".join(found)}.</p>'


def told(lines: Sequence[str]) -> str:
    """What the command says at its end, without what nobody types here."""
    unmeasured = sum(line.startswith("Session ") and "not measured" in line for line in lines)
    found = []
    if unmeasured:
        sessions = words.count(unmeasured, "session")
        found.append(
            f"{sessions} could not be measured with these files; the report says at its end what "
            "each would take."
        )
    for line in lines:
        if line.startswith("It says DRAFT"):
            found.append("It says DRAFT, as every report does until somebody approves it.")
        elif not line.startswith("Session "):
            found.append(re.sub(r"; to read: .*$", "; session 0 counts them.", line))
    return " ".join(found)
