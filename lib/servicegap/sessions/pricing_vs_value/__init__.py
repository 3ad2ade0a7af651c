"""Session 05: "We are cheap, so we are good value." Price, value felt, and what a price leaves.

Top marks for value, what clients would call too cheap and too dear, fee against value felt with
the resentment zone both ways, and the hours that a price leaves for the service.
"""

from servicegap.sessions.pricing_vs_value.four_prices import Sorted, price_answers, sort_answers
from servicegap.sessions.pricing_vs_value.gabor_granger import (
    Ladder,
    from_highest,
    gabor_granger,
)
from servicegap.sessions.pricing_vs_value.good_value import good_value, good_value_share
from servicegap.sessions.pricing_vs_value.hours_left import Books, books
from servicegap.sessions.pricing_vs_value.price_intent import (
    Intent,
    price_intent,
    purchase_intent,
)
from servicegap.sessions.pricing_vs_value.price_sensitivity import (
    Crossing,
    Curves,
    Meter,
    curves,
    price_meter,
    price_sensitivity,
)
from servicegap.sessions.pricing_vs_value.value_felt import (
    Difference,
    cheaper_and_happier,
    cheaper_happier,
    resentment_zone,
    value_map,
)
from servicegap.sessions.pricing_vs_value.what_a_price_leaves import (
    hours_afforded,
    price_ladder,
    unpaid_hours,
)

__all__ = [
    "Books",
    "Crossing",
    "Curves",
    "Difference",
    "Intent",
    "Ladder",
    "Meter",
    "Sorted",
    "books",
    "cheaper_and_happier",
    "cheaper_happier",
    "curves",
    "from_highest",
    "gabor_granger",
    "good_value",
    "good_value_share",
    "hours_afforded",
    "price_answers",
    "price_intent",
    "price_ladder",
    "price_meter",
    "price_sensitivity",
    "purchase_intent",
    "resentment_zone",
    "sort_answers",
    "unpaid_hours",
    "value_map",
]
