"""Session 01: "We are better than most." Where the client stands, and among whom.

Top marks against good peers rather than the average, one satisfaction figure in every dialect,
what the silent could change, metrics that mislead, and three ways to be too sure.
"""

from servicegap.sessions.benchmarking.among_peers import (
    good_peer_percentile,
    overconfidence,
    place,
    standing,
)
from servicegap.sessions.benchmarking.top_marks import (
    Dialects,
    csat,
    dialects,
    silent,
    silent_accounts,
    top_marks,
    translator,
)
from servicegap.sessions.benchmarking.traps import (
    average_of_averages,
    funnel,
    regression_to_mean,
    simpson,
    sla_per_event,
)

__all__ = [
    "Dialects",
    "average_of_averages",
    "csat",
    "dialects",
    "funnel",
    "good_peer_percentile",
    "overconfidence",
    "place",
    "regression_to_mean",
    "silent",
    "silent_accounts",
    "simpson",
    "sla_per_event",
    "standing",
    "top_marks",
    "translator",
]
