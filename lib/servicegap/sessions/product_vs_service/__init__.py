"""Session 03: "Our product sells itself." What carries satisfaction, and where the effort goes.

Shares of what satisfies by side (product, service, process), the same for referring, what people
call important beside what moves them, and the effort of the firm beside both.
"""

from servicegap.sessions.product_vs_service.drivers import Drivers, drivers
from servicegap.sessions.product_vs_service.effort import effort
from servicegap.sessions.product_vs_service.importance_performance import (
    CORNERS,
    corners,
    importance_performance,
)
from servicegap.sessions.product_vs_service.lmg import lmg, r_squared, within
from servicegap.sessions.product_vs_service.outcomes import outcomes
from servicegap.sessions.product_vs_service.said_and_shown import said_and_shown
from servicegap.sessions.product_vs_service.what_satisfies import service, service_share, sides

__all__ = [
    "CORNERS",
    "Drivers",
    "corners",
    "drivers",
    "effort",
    "importance_performance",
    "lmg",
    "outcomes",
    "r_squared",
    "said_and_shown",
    "service",
    "service_share",
    "sides",
    "within",
]
