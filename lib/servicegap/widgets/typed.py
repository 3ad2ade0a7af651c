"""What was typed into a guess's form: read as people write numbers, or refused in words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from servicegap.schema import Headline, WarmUp

    Spec = Headline | WarmUp

_NUMBER = re.compile(r"[-\u2212]?\d+([.,]\d{1,2})?")


@dataclass(frozen=True)
class Guess:
    """A best guess and the range that should hold the truth nine times in ten."""

    value: float
    low: float
    high: float


def read_number(typed: str) -> float | None:
    """Read a number as people write it: `80`, `80 %`, `7,5`. None where it is not plainly one."""
    text = typed.strip().removesuffix("%").rstrip()
    if not _NUMBER.fullmatch(text):
        return None
    return float(text.replace("\u2212", "-").replace(",", "."))


def read_guess(spec: Spec, best: str, low: str, high: str) -> Guess | str:
    """Read what was typed into a form. Returns the guess, or what is wrong with it, in words."""
    if not best.strip():
        return "Say your best guess first: move the slider, or type a number."
    if not low.strip() and not high.strip():
        return "Now the range: how low could it be, and how high?"
    if not low.strip() or not high.strip():
        end = "low" if not low.strip() else "high"
        return f"Your range has only one end so far: how {end} could it be?"
    numbers = []
    for name, typed in (("best guess", best), ("low end", low), ("high end", high)):
        number = read_number(typed)
        if number is None:
            return f"“{typed.strip()}” can't be read as a number. Write it in figures, such as 80."
        if not spec.low <= number <= spec.high:
            return f"Your {name} is {figure(number)}; it has to lie between {_ends(spec)}."
        numbers.append(number)
    value, bottom, top = numbers
    if bottom > top:
        return (
            f"The low end, {figure(bottom)}, lies above the high end, {figure(top)}. "
            "Swap them, or change one."
        )
    if not bottom <= value <= top:
        return (
            f"Your best guess, {figure(value)}, lies outside your range of {figure(bottom)} to "
            f"{figure(top)}. Widen the range, or move the guess."
        )
    return Guess(value, bottom, top)


def figure(number: float) -> str:
    """A number as short as it can be written."""
    return f"{number:g}".replace("-", "\u2212")


def _ends(spec: Spec) -> str:
    return f"{figure(spec.low)} and {figure(spec.high)}"
