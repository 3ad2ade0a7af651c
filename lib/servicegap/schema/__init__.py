"""What a client's folder may hold, what each session asks, and what it needs.

Everything here is data: tables and columns, rating scales, the twelve headline beliefs, the
sessions and their parts. Reading, checks, templates, the data dictionary and the "not measured"
messages are all derived from it, so a change here is a change everywhere.
"""

from servicegap.schema.beliefs import GUESSES, HEADLINES, WARM_UPS, Headline, WarmUp
from servicegap.schema.sessions import SESSIONS, Part, Session, part_of, session_of
from servicegap.schema.tables import (
    LEAST_PEERS,
    PEER_MEASURES,
    SCALE_ALIASES,
    SCALES,
    TABLES,
    Column,
    Scale,
    Table,
)

__all__ = [
    "GUESSES",
    "HEADLINES",
    "LEAST_PEERS",
    "PEER_MEASURES",
    "SCALES",
    "SCALE_ALIASES",
    "SESSIONS",
    "TABLES",
    "WARM_UPS",
    "Column",
    "Headline",
    "Part",
    "Scale",
    "Session",
    "Table",
    "WarmUp",
    "part_of",
    "session_of",
]
