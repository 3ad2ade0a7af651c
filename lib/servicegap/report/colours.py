"""Can this be read on that? Contrast of two colours, and a colour mended until it suffices."""

from __future__ import annotations

import re
from dataclasses import dataclass

from servicegap.report import marks

ENOUGH = 4.5
_HEX = re.compile(r"#(?:[0-9a-f]{3}|[0-9a-f]{6})")


@dataclass(frozen=True)
class Coat:
    """A consultant's colour as it is used: the ground of the cover, what is written on it, and the
    colour as ink on white. `mended` says in words what had to be changed; empty where nothing had.
    """

    ground: str
    on_ground: str
    ink: str
    mended: str = ""


def parsed(text: str) -> str:
    """`#1F4` and `#11ff44` as `#11ff44`. Raises ValueError for anything else."""
    lowered = text.strip().lower()
    if not _HEX.fullmatch(lowered):
        raise ValueError(f"“{text}” is not a colour")
    digits = lowered[1:]
    return "#" + (digits if len(digits) == 6 else "".join(d * 2 for d in digits))


def contrast(one: str, other: str) -> float:
    """The contrast of two colours, from 1 to 21. Source: WCAG 2.2, relative luminance."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    def linear(part: str) -> float:
        c = int(part, 16) / 255
        return c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(colour[i : i + 2]) for i in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def darkened(colour: str, ground: str = marks.PAPER) -> str:
    """The colour, or the lightest of its darker shades that can be read on `ground`."""
    parts = [int(colour[i : i + 2], 16) for i in (1, 3, 5)]
    for step in range(101):
        shade = "#" + "".join(f"{round(part * (100 - step) / 100):02x}" for part in parts)
        if contrast(shade, ground) >= ENOUGH:
            return shade
    return marks.INK


def coat(colour: str) -> Coat:
    """How a colour is used. White is written on it where that can be read, else our dark ink.

    A colour between the two, on which neither can be read, is darkened, as is what serves as ink
    on white; `mended` says so.
    """
    ink = darkened(colour)
    notes = []
    on_ground = marks.PAPER
    ground = colour
    if contrast(marks.PAPER, colour) < ENOUGH:
        if contrast(marks.INK, colour) >= ENOUGH:
            on_ground = marks.INK
        else:
            ground = ink
            notes.append(f"as a ground it became {ground}")
    if ink != colour:
        notes.append(f"as ink on white it became {ink}")
    said = f"The colour {colour} can't be read everywhere: {' and '.join(notes)}." if notes else ""
    return Coat(ground, on_ground, ink, said)
