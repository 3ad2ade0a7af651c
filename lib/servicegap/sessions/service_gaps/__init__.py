"""Session 09: "We do what it says on the tin." What people expect, what they get, and where the
difference comes from.

RATER (five dimensions, asked of contacts) says how large the gap is; the gaps model (five gaps,
four of them inside the firm) says where it comes from. They are two things.
"""

from servicegap.sessions.service_gaps.met import cautious, expectations_met, met
from servicegap.sessions.service_gaps.predicts import predicts, race
from servicegap.sessions.service_gaps.rater import dimensions, rater, statements
from servicegap.sessions.service_gaps.servqual import cronbach_alpha, paired, score, zone
from servicegap.sessions.service_gaps.weights import weighted

__all__ = [
    "cautious",
    "cronbach_alpha",
    "dimensions",
    "expectations_met",
    "met",
    "paired",
    "predicts",
    "race",
    "rater",
    "score",
    "statements",
    "weighted",
    "zone",
]
