"""The twelve headline beliefs, and the guesses that are for practice."""

from __future__ import annotations

import math
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True)
class Headline:
    """One of the twelve beliefs that every report tests.

    `evidence` is the exact definition; `per` says what is counted (contacts, accounts, tickets or
    USPs); `better` is "higher" or "lower"; `delta` is the smallest gap worth a verdict, in `unit`,
    or in natural logarithms where `ratio` is true. What is typed lies between `low` and `high`; a
    slider reaches only as far as `reach`, where hardly anything lies beyond.
    """

    id: str
    session: str
    label: str
    question: str
    evidence: str
    tables: tuple[str, ...]
    unit: str
    per: str
    better: str
    delta: float
    low: float = 0
    high: float = 100
    ratio: bool = False
    reach: float | None = None


_HEADLINES = (
    Headline(
        "csat", "01", "Top marks",
        "Of 100 contacts who rate you, how many give the top mark?",
        "Mean over contacts of own top-box ratings ÷ own answered ratings, in the window.",
        ("ratings",), "% of contacts", "contacts", "higher", 5,
    ),
    Headline(
        "good_peer_percentile", "01", "Ahead of peers",
        "Of 100 firms like yours, how many have a lower share of top marks?",
        "100 × (like-for-like peers below the own share of top marks + half of the ties) ÷ "
        "like-for-like peers. The panel is taken as fixed, the own share is resampled by account.",
        ("ratings", "peers"), "percentile", "contacts", "higher", 10,
    ),
    Headline(
        "usp_months_alone", "02", "Months alone with a USP",
        "When you launch something special, after how many months does the first rival have it?",
        "Median (ln 2 × the exponential mean) of launch to first copier per USP, interval-censored "
        "between the last check without it and the sighting, right-censored at the as-of date.",
        ("usps", "sightings"), "months", "USPs", "higher", math.log(1.2), 0, 600, True, 120,
    ),
    Headline(
        "service_share", "03", "Service in satisfaction",
        "Of 100 parts of what makes clients satisfied, how many are service and process rather "
        "than product?",
        "LMG share of R² of the service and process blocks in a regression of satisfaction on a "
        "contact's block means of perceived.",
        ("items", "survey", "relationship"), "% of R²", "contacts", "lower", 10,
    ),
    Headline(
        "worst_segment_csat", "04", "Top marks, worst-served group",
        "In the group of clients you serve worst, how many of 100 give the top mark?",
        "Posterior median of the minimum over segments of the segment's share of top marks.",
        ("accounts", "ratings"), "% of contacts", "contacts", "higher", 5,
    ),
    Headline(
        "good_value_share", "05", "Top marks for value",
        "Of 100 contacts, how many give you the top mark for value for money?",
        "Contacts with value in the top box ÷ contacts with value.",
        ("relationship",), "% of contacts", "contacts", "higher", 5,
    ),
    Headline(
        "watermelon_share", "06", "Green on SLA, red with the person",
        "Of 100 rated tickets closed inside the SLA, how many left the person less than satisfied?",
        "Rated human tickets with the SLA met whose last rating is below satisfied ÷ all rated "
        "human tickets with the SLA met.",
        ("tickets", "ratings"), "% of tickets", "tickets", "lower", 5,
    ),
    Headline(
        "third_party_harm", "07", "Top marks lost to suppliers",
        "When a supplier is involved, how many fewer of 100 ratings are top marks?",
        "Minus the doubly robust effect on the treated of a third party on the top box, rated "
        "human tickets, adjusted for priority, type, channel and month opened.",
        ("tickets", "ratings"), "points", "contacts", "lower", 5, -100, 100,
    ),
    Headline(
        "okay_not_referring", "08", "Satisfied but silent",
        "Of 100 satisfied contacts, how many would not warmly recommend you?",
        "Contacts satisfied with would_refer below its top box ÷ contacts satisfied with "
        "would_refer answered.",
        ("relationship",), "% of satisfied contacts", "contacts", "lower", 5,
    ),
    Headline(
        "expectations_met", "09", "Expectations met",
        "Of 100 things your clients expect of you, how many do you meet?",
        "Mean over contacts of RATER items with perceived ≥ expected ÷ RATER items with both.",
        ("items", "survey"), "% of items per contact", "contacts", "higher", 5,
    ),
    Headline(
        "did_refer_share", "10", "Accounts that referred",
        "Of 100 accounts, how many referred someone to you in the past 12 months?",
        "Accounts with at least one referral in the window ÷ accounts active at its start.",
        ("accounts", "referrals"), "% of accounts", "accounts", "higher", 5,
    ),
    Headline(
        "stay_share", "10", "Accounts that stayed",
        "Of 100 accounts you had 12 months ago, how many are still with you?",
        "Accounts active at the window's start and not left by its end ÷ accounts active at its "
        "start.",
        ("accounts",), "% of accounts", "accounts", "higher", 5,
    ),
)  # fmt: skip
HEADLINES = MappingProxyType({h.id: h for h in _HEADLINES})


@dataclass(frozen=True)
class WarmUp:
    """A practice guess: same form, same seal, but no verdict and no place in the counts."""

    id: str
    session: str
    label: str
    question: str
    unit: str
    low: float = 0
    high: float = 100
    reach: float | None = None


WARM_UPS = MappingProxyType(
    {
        w.id: w
        for w in (
            WarmUp(
                "answering_share", "00", "Contacts who answered",
                "Of 100 people you look after, how many told you anything at all in 12 months?",
                "% of contacts",
            ),
        )
    }
)  # fmt: skip


GUESSES: MappingProxyType[str, Headline | WarmUp] = MappingProxyType({**HEADLINES, **WARM_UPS})
