"""What several sessions count: the window, boxes, one value per contact.

What is counted of ratings and tickets is worked out once a client (`client.remembered`) and handed
to everybody: it may be read, and never changed.

`period` is the time that is counted, `people` who is; `answers`, `tickets` and `relationship` are
what they said and asked for; `names` says which of the names that they typed are one.
"""

from servicegap.measures.answers import (
    OTHER_SCALE,
    Ratings,
    Response,
    ledgers,
    per_contact,
    ratings,
    response,
)
from servicegap.measures.names import one_spelling
from servicegap.measures.people import (
    active_at_end,
    active_at_start,
    looked_after,
    numbered,
    person,
    present,
    referrals_made,
    referring,
    staying,
)
from servicegap.measures.period import MONTH, Window, window
from servicegap.measures.relationship import Asked, asked, felt
from servicegap.measures.tickets import (
    hours,
    human_tickets,
    in_turn,
    last_marks,
    last_rated,
    opened_by_people,
    opened_tickets,
    rated_tickets,
)

__all__ = [
    "MONTH", "OTHER_SCALE", "Asked", "Ratings", "Response", "Window", "active_at_end",
    "active_at_start", "asked", "felt", "hours", "human_tickets", "in_turn", "last_marks",
    "last_rated", "ledgers", "looked_after", "numbered", "one_spelling", "opened_by_people",
    "opened_tickets", "per_contact", "person", "present", "rated_tickets", "ratings",
    "referrals_made", "referring", "response", "staying", "window",
]  # fmt: skip
