"""Session 02: "Our USP keeps us ahead." Whether it is one, and how long it lasts.

What makes something a USP, how long until the first rival has it too (with those not copied yet
counted), who comes after, whether it goes quicker than it did, and how often something new is
needed to stay ahead.
"""

from servicegap.sessions.usp_erosion.ahead import renewal, still_alone, timetable
from servicegap.sessions.usp_erosion.later import better_copies, copiers, quicker, spread
from servicegap.sessions.usp_erosion.months import alone, months_alone, naive, usp_months_alone
from servicegap.sessions.usp_erosion.real_ones import is_it_a_usp, service_around
from servicegap.sessions.usp_erosion.survival import (
    Times,
    ageing,
    approach,
    exponential,
    kaplan_meier,
    log_rank,
    median_estimate,
    weibull,
    with_prior,
)

__all__ = [
    "Times",
    "ageing",
    "alone",
    "approach",
    "better_copies",
    "copiers",
    "exponential",
    "is_it_a_usp",
    "kaplan_meier",
    "log_rank",
    "median_estimate",
    "months_alone",
    "naive",
    "quicker",
    "renewal",
    "service_around",
    "spread",
    "still_alone",
    "timetable",
    "usp_months_alone",
    "weibull",
    "with_prior",
]
