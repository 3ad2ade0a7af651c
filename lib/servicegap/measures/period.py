"""The time that is counted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from servicegap.client import Client


MONTH = 30.4375  # days
_WHOLE = 360  # days; a period that misses a few more still answers what was asked of 12 months


@dataclass(frozen=True)
class Window:
    """The time that is counted: after `start`, up to and including the day `end`."""

    start: pd.Timestamp
    end: pd.Timestamp

    @property
    def days(self) -> int:
        return (self.end - self.start).days

    @property
    def years(self) -> float:
        """Its length in years: what is counted in it, by this, is what comes in a year."""
        return max(self.days, 1) / (self.end - (self.end - pd.DateOffset(months=12))).days

    @property
    def whole(self) -> bool:
        """Whether these are twelve months, but for a few days."""
        return self.days >= _WHOLE

    @property
    def months(self) -> int:
        """Its length in months: twelve only where it is whole."""
        return 12 if self.whole else min(11, round(self.days / MONTH))

    def holds(self, when: pd.Series) -> pd.Series:
        """Say for each time whether it lies inside. A missing time lies outside."""
        return (when >= self.start + pd.Timedelta(days=1)) & self.reaches(when)

    def reaches(self, when: pd.Series) -> pd.Series:
        """Say for each time whether it lies inside or before. A missing time does not."""
        return when < self.end + pd.Timedelta(days=1)

    def earlier(self, years: int = 1) -> Window:
        """The window of the same length that ended `years` before."""
        shift = pd.DateOffset(years=years)
        return Window(self.start - shift, self.end - shift)


def window(client: Client) -> Window:
    """The 12 months that end with the period (or the as-of date), cut to the period's start."""
    return client.remembered(_window)


def _window(client: Client) -> Window:
    settings = client.settings
    end = pd.Timestamp(settings.period_end or client.as_of)
    start = end - pd.DateOffset(months=12)
    if settings.period_start:
        start = max(start, pd.Timestamp(settings.period_start) - pd.Timedelta(days=1))
    return Window(start, end)
