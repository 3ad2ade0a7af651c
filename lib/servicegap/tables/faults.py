"""What a parser says about texts it could not read, or a column it will not guess at."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Fault:
    """Which of the distinct texts (a boolean mask) share one fault, and what to do about it."""

    mask: np.ndarray
    what: str
    remedy: str


class Undecided(Exception):
    """A column that can be read in two ways. `index` is the distinct text that shows it."""

    def __init__(self, index: int, what: str, remedy: str) -> None:
        super().__init__(what)
        self.index, self.what, self.remedy = index, what, remedy
