"""A button that looks again: what stands below it is shown anew in its place."""

from __future__ import annotations

from typing import Protocol

import ipywidgets

from servicegap.widgets import parts


class Refreshable(Protocol):
    """What can be looked at again, and says in words, as HTML, what it found."""

    @property
    def html(self) -> str: ...

    def refresh(self) -> None: ...


def refresh(room: Refreshable) -> None:
    """Show a button that reads a room's folder again, with what was found in words."""
    button = parts.button("Refresh", main=True)
    status = parts.prose(parts.laid_out(room.html), "sg-status")
    box = parts.form(parts.question("Who has handed in a guess?"), parts.row(button), status)

    def again(_: ipywidgets.Button) -> None:
        button.disabled = True
        try:
            room.refresh()
            status.value = parts.laid_out(room.html)
        except Exception as error:  # a button's callback has nobody above it to tell
            status.value = parts.said(f"This could not be read: {error}. Press the button again.")
        finally:
            button.disabled = False

    button.on_click(again)
    parts.show(box)
