"""Session 04: "One service suits all." Whom does the average serve, and whom does it hide?

Top marks by segment, trade, site, age and size of account, raw beside pooled; what luck does and
what many looks cost; unlike expectations; whom the average serves badly; a menu, or one size.
"""

from servicegap.pooling import Pool
from servicegap.sessions.one_size_fits_all.alike import how_alike
from servicegap.sessions.one_size_fits_all.badly_served import badly_served, served
from servicegap.sessions.one_size_fits_all.cuts import CUTS, cut
from servicegap.sessions.one_size_fits_all.expectations import drivers_by_group, needs_by_group
from servicegap.sessions.one_size_fits_all.pooling import (
    could_have_seen,
    dersimonian_laird,
    james_stein,
    random_intercept,
)
from servicegap.sessions.one_size_fits_all.segments import by_cut, many_cuts
from servicegap.sessions.one_size_fits_all.tiers import scale, tiers
from servicegap.sessions.one_size_fits_all.worst import worst_segment, worst_segment_csat

__all__ = [
    "CUTS",
    "Pool",
    "badly_served",
    "by_cut",
    "could_have_seen",
    "cut",
    "dersimonian_laird",
    "drivers_by_group",
    "how_alike",
    "james_stein",
    "many_cuts",
    "needs_by_group",
    "random_intercept",
    "scale",
    "served",
    "tiers",
    "worst_segment",
    "worst_segment_csat",
]
