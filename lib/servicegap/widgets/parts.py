"""What all forms share: how they are laid out, named for screen readers, and shown."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from html import escape
from typing import TYPE_CHECKING

import ipywidgets
from IPython.display import display, update_display

from servicegap.problems import Refused

if TYPE_CHECKING:
    from servicegap.client import Client

WIDE = "50em"
FULL = "calc(100% - 4px)"  # a control has a margin of 2 pixels all round
LABEL = "9em"
HANDLE = {"handle_color": "#67727e"}  # ipywidgets' own are white on white; this is seen on both
_PROSE = "line-height:1.5;white-space:normal"

# ipywidgets gives the handles of its sliders no name and its boxes no role, so that a screen
# reader would say "slider" and nothing else. This gives them the words that stand beside them.
# Choices stay single radio buttons, each reached with Tab: JupyterLab takes the arrow keys.
_NAMES = """
(() => {
  if (window.servicegapNames) return;
  const name = () => {
    document.querySelectorAll('.sg-form').forEach(form => {
      const question = form.querySelector('.sg-question');
      form.setAttribute('role', 'group');
      if (question) form.setAttribute('aria-label', question.textContent.trim());
    });
    document.querySelectorAll('.sg-form .noUi-target').forEach(slider => {
      const beside = slider.closest('.jupyter-widgets');
      const label = beside && beside.querySelector('label');
      const handles = slider.querySelectorAll('.noUi-handle');
      handles.forEach((handle, i) => {
        const end = handles.length < 2 ? '' : (i ? ', high end' : ', low end');
        handle.setAttribute('aria-label', (label ? label.textContent : 'Slider') + end);
      });
    });
    document.querySelectorAll('.sg-form .widget-radio-box').forEach(box => {
      const form = box.closest('.sg-form');
      box.setAttribute('role', 'radiogroup');
      box.setAttribute('aria-label', form.getAttribute('aria-label') || 'Choices');
    });
    document.querySelectorAll('.sg-status').forEach(s => s.setAttribute('role', 'status'));
  };
  let waiting = false;
  window.servicegapNames = new MutationObserver(() => {
    if (waiting) return;
    waiting = true;
    setTimeout(() => { waiting = false; name(); }, 100);
  });
  window.servicegapNames.observe(document.body, {childList: true, subtree: true});
  name();
})();
"""


def show(box: ipywidgets.Widget) -> None:
    """Show a form in the notebook, with names for its sliders."""
    display(box)
    display({"application/javascript": _NAMES, "text/plain": ""}, raw=True)


def form(*children: ipywidgets.Widget) -> ipywidgets.VBox:
    """A form: one column, as wide as text is read, growing with it."""
    box = ipywidgets.VBox(list(children))
    box.layout = ipywidgets.Layout(
        width="100%", max_width=WIDE, margin="0 0 1.2em 0", padding="1em 1.2em",
        border="1px solid var(--jp-border-color2, #c4cad0)",
    )  # fmt: skip
    box.add_class("sg-form")
    return box


def row(*children: ipywidgets.Widget) -> ipywidgets.HBox:
    """Things beside each other, which wrap where the page is narrow."""
    layout = ipywidgets.Layout(flex_flow="row wrap", margin=".2em 0")
    return ipywidgets.HBox(list(children), layout=layout)


def prose(html: str = "", *classes: str) -> ipywidgets.HTML:
    """A piece of text; `html` is trusted, so whatever people typed is escaped before."""
    text = ipywidgets.HTML(html, layout=ipywidgets.Layout(width="100%", margin="0"))
    for name in classes:
        text.add_class(name)
    return text


def question(text: str) -> ipywidgets.HTML:
    """What is asked; it names the form."""
    return prose(
        f'<div style="font-weight:bold;font-size:1.1em;line-height:1.4">{escape(text)}</div>',
        "sg-question",
    )


def said(text: str) -> str:
    """Words of the form itself: a paragraph that wraps."""
    return laid_out(escape(text))


def laid_out(html: str) -> str:
    """HTML with the line height of text, which ipywidgets sets to that of a button."""
    return f'<div style="{_PROSE}">{html}</div>'


def button(text: str, *, main: bool = False) -> ipywidgets.Button:
    """A button as wide as its words."""
    style = "primary" if main else ""
    layout = ipywidgets.Layout(width="auto", margin="2px 8px 2px 0")
    return ipywidgets.Button(description=text, button_style=style, layout=layout)


def promised(client: Client, row: Mapping[str, str], status: ipywidgets.HTML) -> bool:
    """Write a promise down and say so in `status`; or say there why it could not be written."""
    try:
        client.promise(row)
    except (OSError, Refused) as error:
        status.value = said(
            f"This could not be saved: {error}. What you typed is still here; put that right "
            "and press the button again."
        )
        return False
    status.value = said("Promised, and written down in your folder.")
    return True


def described(width: str = LABEL) -> dict[str, str]:
    """The style of a control whose label stands at its left."""
    return {"description_width": width}


def day(date: dt.date) -> str:
    """`5 December 2025`."""
    return f"{date.day} {date:%B %Y}"


def line_below() -> Callable[[str], None]:
    """Show an empty line outside a form, and return what fills it: links live there, not inside."""
    handle = display({"text/html": "", "text/plain": ""}, raw=True, display_id=True)

    def fill(html: str) -> None:
        shown = {"text/html": html, "text/plain": ""}
        update_display(shown, raw=True, display_id=handle.display_id)

    return fill
