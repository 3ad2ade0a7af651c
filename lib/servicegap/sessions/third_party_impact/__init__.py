"""Session 07: "Our partners don't hurt us." What a supplier in the chain does to the contact.

Two clocks, top marks and hours with and without a supplier, like with like, how strong a hidden
reason would have to be, one supplier at a time, before and after, goodwill, and who is watched.
"""

from servicegap.sessions.third_party_impact.clocks import two_clocks, waiting
from servicegap.sessions.third_party_impact.comings import comings
from servicegap.sessions.third_party_impact.control import control
from servicegap.sessions.third_party_impact.effects import (
    Effects,
    least_squares,
    on_everybody,
    propensity,
)
from servicegap.sessions.third_party_impact.goodwill import goodwill
from servicegap.sessions.third_party_impact.hard import hard_tickets, overlap, unseen
from servicegap.sessions.third_party_impact.harm import harm, side_by_side, third_party_harm
from servicegap.sessions.third_party_impact.hidden import bound, e_value, e_value_of_interval
from servicegap.sessions.third_party_impact.hours import adjusted_hours, involved
from servicegap.sessions.third_party_impact.interrupted import LevelChange, level_change
from servicegap.sessions.third_party_impact.vendors import harm_and_control, vendors

__all__ = [
    "Effects",
    "LevelChange",
    "adjusted_hours",
    "bound",
    "comings",
    "control",
    "e_value",
    "e_value_of_interval",
    "goodwill",
    "hard_tickets",
    "harm",
    "harm_and_control",
    "involved",
    "least_squares",
    "level_change",
    "on_everybody",
    "overlap",
    "propensity",
    "side_by_side",
    "third_party_harm",
    "two_clocks",
    "unseen",
    "vendors",
    "waiting",
]
