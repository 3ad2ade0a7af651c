"""Session 10: "We know what to fix." Everything that was found, and what is done about it.

Reads what the sessions before it handed on and looks nothing up again; counts the two things that
are left, referrals and accounts kept; and makes of it all three actions and a year's calendar.
"""

from servicegap.sessions.referral_roadmap.all_beliefs import belief_map, calibration, held
from servicegap.sessions.referral_roadmap.climb import ladder, rungs, saying_and_doing
from servicegap.sessions.referral_roadmap.effect import (
    Effect,
    effects,
    mean_effect,
    referral_effect,
    spread_effect,
)
from servicegap.sessions.referral_roadmap.fees import fees_at_risk
from servicegap.sessions.referral_roadmap.growth import grown, growth, won_per_account
from servicegap.sessions.referral_roadmap.headlines import did_refer_share, stay_share
from servicegap.sessions.referral_roadmap.kept import promised
from servicegap.sessions.referral_roadmap.plan import calendar, suggested, three_actions
from servicegap.sessions.referral_roadmap.rates import Beta, Rates, rates_of, shared_out
from servicegap.sessions.referral_roadmap.told import Gathered, Told, gather, gathered

__all__ = [
    "Beta",
    "Effect",
    "Gathered",
    "Rates",
    "Told",
    "belief_map",
    "calendar",
    "calibration",
    "did_refer_share",
    "effects",
    "fees_at_risk",
    "gather",
    "gathered",
    "grown",
    "growth",
    "held",
    "ladder",
    "mean_effect",
    "promised",
    "rates_of",
    "referral_effect",
    "rungs",
    "saying_and_doing",
    "shared_out",
    "spread_effect",
    "stay_share",
    "suggested",
    "three_actions",
    "won_per_account",
]
