"""A button that looks again: what stands below it is shown anew in its place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import ipywidgets

from servicegap.widgets import parts


class Refreshable(Protocol):
    """What can be looked at again, and says in words what it found."""

    @property
    def summary(self) -> str: ...

    @property
    def told(self) -> Sequence[str]: ...

    def refresh(self) -> None: ...


def refresh(room: Refreshable) -> None:
    """Show a button that reads a room's folder again, with what was found in words."""
    button = parts.button("Refresh", main=True)
    status = parts.prose(_words(room), "sg-status")
    box = parts.form(parts.question("Who has handed in a guess?"), parts.row(button), status)

    def again(_: ipywidgets.Button) -> None:
        button.disabled = True
        try:
            room.refresh()
            status.value = _words(room)
        except Exception as error:  # a button's callback has nobody above it to tell
            status.value = parts.said(f"This could not be read: {error}. Press the button again.")
        finally:
            button.disabled = False

    button.on_click(again)
    parts.show(box)


def _words(room: Refreshable) -> str:
    return "".join(parts.said(line) for line in (room.summary, *room.told))
