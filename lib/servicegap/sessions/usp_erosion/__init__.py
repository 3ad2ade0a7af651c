"""Session 02: "Our USP keeps us ahead." Whether it is one, and how long it lasts.

What makes something a USP, how long until the first rival has it too (with those not copied yet
counted), who comes after, whether it goes quicker than it did, and how often something new is
needed to stay ahead.
"""

from servicegap.sessions.usp_erosion.ahead import renewal, still_alone, timetable
from servicegap.sessions.usp_erosion.copiers import better_copies, copiers, quicker, spread
from servicegap.sessions.usp_erosion.months import alone, months_alone, naive, usp_months_alone
from servicegap.sessions.usp_erosion.real_ones import is_it_a_usp, service_around

__all__ = [
    "alone",
    "better_copies",
    "copiers",
    "is_it_a_usp",
    "months_alone",
    "naive",
    "quicker",
    "renewal",
    "service_around",
    "spread",
    "still_alone",
    "timetable",
    "usp_months_alone",
]
