"""A guess as a picture and in words, in the marks that evidence is shown with later."""

from __future__ import annotations

import math
from html import escape
from typing import TYPE_CHECKING

from servicegap.widgets import parts
from servicegap.widgets.typed import figure

if TYPE_CHECKING:
    from servicegap.schema import Headline, WarmUp

    Spec = Headline | WarmUp


def unit_of(spec: Spec) -> str:
    """What stands after a figure: `of 100`, or the unit where there is another one."""
    shares = spec.unit.startswith("%") or spec.unit in ("percentile", "points")
    return "of 100" if shares else spec.unit


def in_words(spec: Spec, value: float, low: float | None, high: float | None) -> str:
    """`80 of 100, and nine times in ten between 70 and 90`."""
    known = [end is not None and not math.isnan(end) for end in (low, high)]
    if not all(known):
        return f"{figure(value)} {unit_of(spec)}, with no range"
    assert low is not None
    assert high is not None
    return f"{figure(value)} {unit_of(spec)}, and nine times in ten between {figure(low)} and " + (
        figure(high)
    )


def reach(spec: Spec, *numbers: float | None) -> float:
    """Where a guess's scale ends: at the slider's reach, or further where somebody went further."""
    end = spec.high if spec.reach is None else spec.reach
    return max([end, *(n for n in numbers if n is not None and n <= spec.high)])


def picture(spec: Spec, value: float | None, low: float | None, high: float | None) -> str:
    """A guess in the marks that evidence is later shown with: a grey bar, and a tick in it."""
    end = reach(spec, value, low, high)

    def place(number: float) -> float:
        return 100 * (min(max(number, spec.low), end) - spec.low) / (end - spec.low)

    marks = ""
    if low is not None and high is not None and low <= high:
        left, width = place(low), place(high) - place(low)
        marks += f'<div style="{_BAR};left:{left:.1f}%;width:max({width:.1f}%,2px)"></div>'
    if value is not None:
        marks += f'<div style="{_TICK};left:calc({place(value):.1f}% - 2px)"></div>'
    unit = unit_of(spec)
    ends = (
        f'<div style="{_ENDS}"><span>{figure(spec.low)}</span>'
        f"<span>{figure((spec.low + end) / 2)}</span>"
        f"<span>{figure(end)} {escape('' if unit == 'of 100' else unit)}</span></div>"
    )
    words = "Nothing said yet."
    if value is not None:
        words = f"You say {in_words(spec, value, low, high)}."
    elif low is not None and high is not None:
        words = f"Somewhere between {figure(low)} and {figure(high)}; and your best guess?"
    return f'<div aria-hidden="true" style="{_TRACK}">{marks}</div>{ends}{parts.said(words)}'


_TRACK = (
    "position:relative;height:2em;margin:.4em 0 0;border-bottom:1px solid "
    "var(--jp-ui-font-color2,#5d6873)"
)
_BAR = "position:absolute;top:.35em;height:1.3em;background:#b9c2cc"
_TICK = "position:absolute;top:.15em;height:1.7em;width:4px;background:#67727e"
_ENDS = (
    "display:flex;justify-content:space-between;font-size:.9em;"
    "color:var(--jp-ui-font-color2,#5d6873)"
)


def without_words(shown: str) -> str:
    """The bar and its scale, without the sentence under them."""
    return shown[: shown.rindex("<div")]
