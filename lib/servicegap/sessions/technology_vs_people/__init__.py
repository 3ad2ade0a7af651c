"""Session 06: "Our systems make us good; fast is good." Efficiency, and whether it is any good.

Watermelons (green on the SLA, red with the person), fast beside good for teams, channels and
types, machines and people at the front door, and whether the faster are the happier here.
"""

from servicegap.sessions.technology_vs_people.broken_stick import Bend, broken_stick
from servicegap.sessions.technology_vs_people.contained import contained
from servicegap.sessions.technology_vs_people.faster_happier import (
    faster_happier,
    halving,
    speed_by_type,
)
from servicegap.sessions.technology_vs_people.first_handlers import (
    beside_people,
    first_handlers,
    handed_over,
    until_a_person,
)
from servicegap.sessions.technology_vs_people.like_with_like import Compared, compare
from servicegap.sessions.technology_vs_people.quadrants import (
    both_sides,
    channel_quadrants,
    team_quadrants,
    type_quadrants,
)
from servicegap.sessions.technology_vs_people.watermelons import (
    left_unhappy,
    watermelon_share,
    watermelon_tickets,
    watermelons,
)

__all__ = [
    "Bend",
    "Compared",
    "beside_people",
    "both_sides",
    "broken_stick",
    "channel_quadrants",
    "compare",
    "contained",
    "faster_happier",
    "first_handlers",
    "halving",
    "handed_over",
    "left_unhappy",
    "speed_by_type",
    "team_quadrants",
    "type_quadrants",
    "until_a_person",
    "watermelon_share",
    "watermelon_tickets",
    "watermelons",
]
