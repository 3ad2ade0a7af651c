"""Session 09: "We do what it says on the tin." What people expect, what they get, and where the
difference comes from.

RATER (five dimensions, asked of contacts) says how large the gap is; the gaps model (five gaps,
four of them inside the firm) says where it comes from. They are two things.
"""

from servicegap.sessions.service_gaps.chain import chains
from servicegap.sessions.service_gaps.customers import kinds, wrong_customers
from servicegap.sessions.service_gaps.delivery import delivery
from servicegap.sessions.service_gaps.inside import knowledge, wants, written
from servicegap.sessions.service_gaps.mentioned import word_of_mouth
from servicegap.sessions.service_gaps.met import estimated, expectations_met, met
from servicegap.sessions.service_gaps.predicts import predicts, race
from servicegap.sessions.service_gaps.promised import promised
from servicegap.sessions.service_gaps.rater import dimensions, rater, statements
from servicegap.sessions.service_gaps.servqual import cronbach_alpha, paired, score, zone
from servicegap.sessions.service_gaps.staff import staff
from servicegap.sessions.service_gaps.waterfall import left_over, waterfall
from servicegap.sessions.service_gaps.weights import weighted

__all__ = [
    "chains",
    "cronbach_alpha",
    "delivery",
    "dimensions",
    "estimated",
    "expectations_met",
    "kinds",
    "knowledge",
    "left_over",
    "met",
    "paired",
    "predicts",
    "promised",
    "race",
    "rater",
    "score",
    "staff",
    "statements",
    "wants",
    "waterfall",
    "weighted",
    "word_of_mouth",
    "written",
    "wrong_customers",
    "zone",
]
