"""The forms of the workbook: guess first, explore, promise, recall, find one's way.

The only part of the library that knows of ipywidgets. A form shows what the client's folder says
and writes to nothing else, so that closing the browser or running a cell again loses nothing.
"""

from servicegap.widgets.bringing import bring
from servicegap.widgets.designing import moment
from servicegap.widgets.exploring import explore
from servicegap.widgets.guessing import guess
from servicegap.widgets.mirroring import mirror
from servicegap.widgets.promising import promise
from servicegap.widgets.recalling import recall
from servicegap.widgets.refreshing import refresh
from servicegap.widgets.reporting import report
from servicegap.widgets.wayfinding import where

__all__ = [
    "bring", "explore", "guess", "mirror", "moment", "promise", "recall", "refresh", "report",
    "where",
]  # fmt: skip
