"""What a file was taken for: shown to be confirmed, with a choice for whatever is not sure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from html import escape
from pathlib import Path

import ipywidgets

from servicegap import intake
from servicegap.intake import catalogue
from servicegap.intake.data import MAKES, NOTHING, fields
from servicegap.problems import Refused
from servicegap.widgets import parts

_KINDS = {"tickets": "tickets", "feedback": "ratings or reviews", "survey": "a survey"}
_SHOWN = 8


class ColumnsForm:
    """One file: what it is, and what each of its columns means. `box` is what is shown.

    `found` is how the file would be read, with what somebody changed; `settled` whether it may be.
    """

    def __init__(
        self, found: intake.Recognised, folder: Path, changed: Callable[[], None] = lambda: None
    ) -> None:
        self.found, self.folder, self.changed = found, folder, changed
        self.settled = found.sure
        self.name = found.sheet
        self.box = ipywidgets.VBox([], layout=ipywidgets.Layout(width="100%", margin="0 0 1em 0"))
        self.change = parts.button("Change what a column means")
        self.right = parts.button("Yes, that is right", main=True)
        self.change.on_click(lambda _: self._show(choices=True))
        self.right.on_click(lambda _: self._settle())
        self.status = parts.prose("", "sg-status")
        self.kind = self._kind()
        self.meanings: dict[str, ipywidgets.Dropdown] = {}
        self._show(choices=not found.sure)

    def _kind(self) -> ipywidgets.Dropdown:
        """The choice of what the file is: formats that come near, or what it holds."""
        known = catalogue.formats()
        near = [c for c in self.found.choices if c in known]
        now = self.found.columns.format
        ids = dict.fromkeys((*([now] if now in known else []), *near, *MAKES))
        options = [
            (known[c].name if c in known else f"{_KINDS[c]}, from another tool", c) for c in ids
        ]
        kind = ipywidgets.Dropdown(
            options=options, value=now if now in ids else self.found.columns.makes,
            description="It holds", style=parts.described(), layout={"width": parts.FULL},
        )  # fmt: skip
        kind.observe(self._again, "value")
        return kind

    def _again(self, change: dict) -> None:
        """Read the file as something else, since somebody says so."""
        try:
            (again,) = intake.recognise([self.found.path], self.folder, change["new"])
        except (Refused, ValueError) as error:
            self.status.value = parts.said(f"That doesn't fit the file: {error}")
            return
        self.found, self.settled = again, False
        self._show(choices=True)

    def _show(self, *, choices: bool) -> None:
        head = parts.prose(
            parts.laid_out(f"<strong>{escape(self.name)}</strong>: {escape(self._taken_for())}")
        )
        if not choices:
            self.box.children = [head, parts.prose(self._table()), parts.row(self.change)]
            return
        asked = "Is that what the columns mean? Correct what isn't, and say yes."
        self.meanings = {h: self._meaning(h) for h in self.found.columns.columns}
        rows = []
        for header, menu in self.meanings.items():
            seen = self._seen(header)
            rows += [menu, parts.prose(parts.said(f"such as {seen}"))] if seen else [menu]
        self.box.children = [
            head, self.kind, parts.prose(parts.said(asked)), *rows, parts.row(self.right),
            self.status,
        ]  # fmt: skip

    def _taken_for(self) -> str:
        known = catalogue.formats().get(self.found.columns.format)
        name = known.name if known else f"{_KINDS[self.found.columns.makes]}, from another tool"
        return f"taken for {name}, since {self.found.why}."

    def _meaning(self, header: str) -> ipywidgets.Dropdown:
        columns = self.found.columns
        known = [f for f in fields().values() if columns.makes in f.makes]
        menu = ipywidgets.Dropdown(
            options=[("not used", NOTHING), *((f.about[:90], f.name) for f in known)],
            value=columns.columns[header], description=header[:60], style=parts.described("14em"),
            layout={"width": parts.FULL},
        )  # fmt: skip
        menu.observe(lambda _: self._open_again(), "value")
        return menu

    def _open_again(self) -> None:
        self.settled = False
        self.changed()

    def _settle(self) -> None:
        """Take what the menus say, if there is enough to make anything of the file."""
        told = {header: menu.value for header, menu in self.meanings.items()}
        self.found = replace(self.found, columns=replace(self.found.columns, columns=told))
        if self.found.lacks:
            missing = " and ".join(fields()[name].about for name in self.found.lacks)
            self.status.value = parts.said(
                f"One thing is still missing: which column is {missing}?"
            )
            return
        self.settled = True
        self._show(choices=False)
        self.changed()

    def _seen(self, header: str) -> str:
        texts = self.found.samples.get(header, ())[:2]
        return ", ".join(" ".join(text.split())[:24] for text in texts if text.strip())

    def _table(self) -> str:
        """The mapping to look over: the file's own headers beside what they mean."""
        columns = self.found.columns.columns
        used = {h: m for h, m in columns.items() if m != NOTHING}
        rest = [h for h, m in columns.items() if m == NOTHING]
        rows = "".join(
            f'<tr><th scope="row" style="{_LEFT}">{escape(header)}</th>'
            f'<td style="{_LEFT}">{escape(fields()[meaning].about)}</td>'
            f'<td style="{_LEFT}">{escape(self._seen(header))}</td></tr>'
            for header, meaning in used.items()
        )
        heads = "".join(
            f'<th scope="col" style="{_LEFT}">{head}</th>'
            for head in ("in your file", "taken for", "such as")
        )
        shown = ", ".join(rest[:_SHOWN]) + (
            f" and {len(rest) - _SHOWN} more" * (len(rest) > _SHOWN)
        )
        more = f"<div>Not used: {escape(shown)}.</div>" if rest else ""
        return parts.laid_out(
            f'<div style="overflow-x:auto" tabindex="0" role="region" '
            f'aria-label="What the columns of {escape(self.name)} mean"><table><thead><tr>{heads}'
            f"</tr></thead><tbody>{rows}</tbody></table></div>{more}"
        )


_LEFT = "text-align:left;vertical-align:top;padding:.15em 1em .15em 0"
