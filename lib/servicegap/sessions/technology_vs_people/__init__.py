"""Session 06: "Our systems make us good; fast is good." Efficiency, and whether it is any good."""

from servicegap.sessions.technology_vs_people.watermelons import (
    left_unhappy,
    watermelon_share,
    watermelon_tickets,
    watermelons,
)

__all__ = ["left_unhappy", "watermelon_share", "watermelon_tickets", "watermelons"]
