"""Suppose something else: sliders that call the same function as the picture beside them."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import ipywidgets

from servicegap import bundles, schema
from servicegap.widgets import parts

if TYPE_CHECKING:
    from servicegap.client import Client
    from servicegap.findings import Result

# ipywidgets keeps a label on one line with its control, however narrow the page is
_WRAPPED = """<style>
.sg-explorer .widget-inline-hbox { flex-wrap: wrap; height: auto; }
.sg-explorer .widget-inline-hbox > label { white-space: normal; height: auto; line-height: 1.45;
  text-align: left; max-width: 100%; }
.sg-explorer .widget-inline-hbox > :not(label) { flex: 1 1 11em; min-width: 8em; }
.sg-explorer .widget-inline-hbox > .widget-readout { flex: 0 0 auto; min-width: 3em; }
</style>"""
DPI = 120  # sharp on a screen; the static picture beside it is for paper


def explore(look: Callable[..., Result], client: Client, **controls: Any) -> None:
    """Show what `look(client, ...)` finds, with a control for each option; it redraws in place.

    Args: controls, as in ipywidgets.interact: `(low, high)` or `(low, high, step)` makes a slider,
    a list makes a choice. A control starts at the function's own default. A function that takes
    `tried` is told which choices have been looked at so far, since looking has a price. Sealed, it
    says so and opens with the session's guess.
    """
    parts.show(Explorer(look, client, **controls).box)


class Explorer:
    """One explorer. `box` is what is shown, `controls` its controls by option."""

    def __init__(self, look: Callable[..., Result], client: Client, **controls: Any) -> None:
        self.look, self.client = look, client
        self.controls = {
            name: control(label_of(look, name), values, _default(look, name))
            for name, values in controls.items()
        }
        self.counts = "tried" in inspect.signature(look).parameters
        self.tried: tuple[Any, ...] = ()
        self.picture = parts.prose("", "sg-explored")
        self.box = parts.form()
        self.box.add_class("sg-explorer")
        self.box.layout.max_width = "56em"
        for widget in self.controls.values():
            widget.observe(lambda _: self._draw(), "value")
        spec = schema.part_of(look.__module__, look.__name__)
        self.session = schema.session_of(look.__module__).number
        if client.is_sealed(self.session):
            self.picture.value = parts.laid_out(bundles.sealed_card(spec.label)["text/html"])
            self.box.children = [self.picture]
            client.listeners.append(self._open)
        else:
            self._show()

    def _open(self) -> None:
        if not self.client.is_sealed(self.session):
            self.client.listeners.remove(self._open)
            self._show()

    def _show(self) -> None:
        self._draw()
        self.box.children = [*self.controls.values(), self.picture]

    def _draw(self) -> None:
        options = {name: widget.value for name, widget in self.controls.items()}
        if self.counts:
            self.tried = tuple(dict.fromkeys((*self.tried, next(iter(options.values())))))
            options["tried"] = self.tried
        shown = bundles.html(self.look(self.client, **options), DPI)
        self.picture.value = parts.laid_out(_WRAPPED + shown)


def control(label: str, values: Any, start: Any) -> ipywidgets.Widget:
    """Make one control. `start` is used where it is possible, else the middle or the first."""
    style, layout = parts.described("initial"), {"width": parts.FULL, "max_width": "44em"}
    if isinstance(values, tuple) and len(values) in (2, 3):
        low, high, *step = values
        whole = all(isinstance(number, int) for number in values)
        slider = ipywidgets.IntSlider if whole else ipywidgets.FloatSlider
        if not isinstance(start, int | float) or not low <= start <= high:
            start = (low + high) / 2
        return slider(
            value=int(start) if whole else start, min=low, max=high, step=step[0] if step else 1,
            description=label, style=style | parts.HANDLE, layout=layout,
        )  # fmt: skip
    if isinstance(values, Sequence) and not isinstance(values, str | tuple) and values:
        return ipywidgets.Dropdown(
            options=list(values), value=start if start in values else values[0],
            description=label, style=style, layout=layout,
        )  # fmt: skip
    raise TypeError(f"{values!r} makes no control: (low, high, step) is a slider, a list a choice")


def label_of(look: Callable[..., Any], option: str) -> str:
    """What an option is called, from the `Args:` line of the function's docstring."""
    text = re.sub(r"\s+", " ", inspect.getdoc(look) or "")
    found = re.search(rf"Args: (?:.*; )?{re.escape(option)}, ([^;]+?)(?:;|\.(?: |$)|$)", text)
    words = found[1] if found else option.replace("_", " ")
    return words[0].upper() + words[1:]


def _default(look: Callable[..., Any], option: str) -> Any:
    default = inspect.signature(look).parameters[option].default
    return None if default is inspect.Parameter.empty else default
