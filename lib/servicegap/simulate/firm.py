"""What a made-up MSP is like: the parameters from which every table and every truth follow.

A scenario is a `Firm`: what is really so (the twelve true values and the make-up of the desk), and
what its managing director believes. Nothing here is random and nothing is computed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

TYPES = ("incident", "request", "change", "question")
PRIORITIES = ("P1", "P2", "P3", "P4")
CHANNELS = ("phone", "e-mail", "portal", "chat")
HANDLERS = ("bot", "menu", "portal", "person")
TEAMS = ("Desk East", "Desk West", "Field", "Projects", "Nights")
SLA_HOURS = (4.0, 8.0, 24.0, 72.0)
SIDES = ("product", "service", "process")
DIMENSIONS = ("reliability", "assurance", "tangibles", "empathy", "responsiveness")

Row = tuple[float, ...]


@dataclass(frozen=True)
class Size:
    """How big a firm is.

    `accounts` were with the firm when the window began (a few more joined since or had left
    before); `answering` contacts answered at least once in the window; `tickets` is a year's.
    """

    accounts: int
    answering: int
    tickets: int
    usps: int = 12


SIZES = {
    "small": Size(25, 28, 600, 6),
    "typical": Size(40, 120, 2000, 12),
    "large": Size(150, 300, 5500, 18),
}


@dataclass(frozen=True)
class Guess:
    """A planted belief at strength 1, and how far its own range reaches to either side.

    `spread` is in the belief's unit; for months it is a factor (1.4: from value ÷ 1.4 to × 1.4).
    """

    value: float
    spread: float = 6.0


@dataclass(frozen=True)
class Desk:
    """How work comes in, who does it, and what it does to a mark.

    Every `…_mix` is a probability, by row where one thing depends on another (`by_type`: a row a
    type, in the order of TYPES). Every `…_shift` moves the hidden mark, whose noise from rating to
    rating has SD 1. `vendor_logit` is the additive log-odds that a supplier is involved, so that a
    logistic propensity on type, priority and channel is the true one.
    """

    type_mix: Row = (0.46, 0.34, 0.09, 0.11)
    priority_by_type: tuple[Row, ...] = (
        (0.10, 0.30, 0.45, 0.15),
        (0.01, 0.09, 0.50, 0.40),
        (0.02, 0.18, 0.50, 0.30),
        (0.00, 0.05, 0.45, 0.50),
    )
    channel_by_type: tuple[Row, ...] = (
        (0.42, 0.30, 0.12, 0.16),
        (0.20, 0.42, 0.26, 0.12),
        (0.15, 0.50, 0.30, 0.05),
        (0.35, 0.30, 0.10, 0.25),
    )
    handler_by_channel: tuple[Row, ...] = (
        (0.00, 0.55, 0.00, 0.45),
        (0.00, 0.00, 0.00, 1.00),
        (0.00, 0.00, 0.90, 0.10),
        (0.65, 0.00, 0.00, 0.35),
    )
    team_by_type: tuple[Row, ...] = (
        (0.13, 0.62, 0.13, 0.04, 0.08),
        (0.72, 0.12, 0.06, 0.05, 0.05),
        (0.25, 0.25, 0.10, 0.40, 0.00),
        (0.75, 0.14, 0.01, 0.00, 0.10),
    )
    met_by_priority: Row = (0.84, 0.88, 0.91, 0.94)
    type_shift: Row = (-0.30, 0.25, -0.15, 0.20)
    priority_shift: Row = (-0.30, -0.15, 0.0, 0.05)
    channel_shift: Row = (0.10, 0.0, -0.05, 0.0)
    handler_shift: Row = (0.0, 0.0, 0.0, 0.0)
    team_shift: Row = (0.0, 0.0, 0.0, 0.0, 0.0)
    missed_shift: float = -0.45
    vendor_base: float = -1.95
    vendor_logit_type: Row = (0.90, 0.0, 0.55, -0.15)
    vendor_logit_priority: Row = (0.60, 0.35, 0.0, 0.0)
    vendor_logit_channel: Row = (0.20, 0.0, 0.0, 0.0)
    vendors: tuple[str, ...] = ("Lantern Lines", "Kiln Print", "Mast Cloud", "Ferry Backup")
    vendor_mix: Row = (0.44, 0.28, 0.18, 0.10)
    vendor_shift: Row = (-0.15, 0.15, 0.05, 0.15)
    ratings_each: float = 3.5  # mean answered ratings of an answering contact; at least one each
    contact_sd: float = 0.9  # how far contacts differ, on the hidden mark
    asked: float = 0.35  # share of the tickets nobody answered about that were asked about
    monitoring: float = 0.15  # share of all tickets that an alert opened
    last_year_shift: float = 0.0  # hidden mark of the year before, against this one
    reopened: tuple[float, float] = (0.08, 0.22)  # mean times, SLA met and missed
    reassigned: tuple[float, float] = (0.15, 0.60)  # the same, plus 0.3 with a supplier
    logged: bool = False  # the export of tickets has a row for every change, as logs do
    replaced: str = ""  # supplier whose place the first one took when the window began
    replaced_shift: float = 0.0  # its hidden mark against its successor's


@dataclass(frozen=True)
class Segment:
    """A group of accounts: its share, and the trades in it. The last one is the worst served."""

    name: str
    share: float
    trades: tuple[str, ...]


SEGMENTS = (
    Segment("professional", 0.40, ("legal", "accounting", "architecture", "surveying")),
    Segment("making and building", 0.35, ("joinery", "engineering", "building", "bakery")),
    Segment("care and community", 0.25, ("dental", "care home", "charity", "school")),
)


@dataclass(frozen=True)
class Lesson:
    """What a firm made for teaching has planted, in words; it stands in TRUTH.yaml.

    `belief` is the headline belief that decides whether it was found; "" where the session's own
    exploratory result decides. `strength_1` says how big the fault is at strength 1, `found` what
    counts as found.
    """

    session: str
    belief: str
    strength_1: str
    found: str


@dataclass(frozen=True)
class Firm:
    """One made-up MSP: what is true, who is there, and what is believed.

    The twelve true values come first, in the units of the schema (percent, percentile, months,
    points); `good_peer_percentile` follows from `csat` and the peers, and is not set. `planted`
    holds the beliefs that are wrong at strength 1, all others are honest: the truth, plus noise of
    at most `honest_noise` × δ. `unstated` beliefs have no row at all. `tables` None means all.

    A fault that is no belief is turned by `strength` through `dial`: the fields named there run
    from what they are in any firm (strength 0) to what stands here (1). A firm with a `lesson` is
    called `client_id` in its own folder, since its scenario's name would give the answer away.
    """

    id: str
    name: str
    csat: float = 72.0
    usp_months_alone: float = 14.0
    service_share: float = 62.0
    worst_segment_csat: float = 68.0
    good_value_share: float = 48.0
    watermelon_share: float = 13.0
    third_party_harm: float = 8.0
    okay_not_referring: float = 38.0
    expectations_met: float = 74.0
    did_refer_share: float = 22.0
    stay_share: float = 93.0

    planted: tuple[tuple[str, Guess], ...] = ()
    unstated: tuple[str, ...] = ()
    warm_ups: tuple[tuple[str, Guess], ...] = ()
    honest_noise: float = 0.3
    honest_spread: float = 1.3  # half the width of an honest range, in δ
    strength: float = 1.0
    dial: tuple[str, ...] = ()
    lesson: Lesson | None = None
    client_id: str = ""
    tables: tuple[str, ...] | None = None

    as_of: date = date(2026, 9, 30)
    stated_at: str = "2026-09-14 10:00"
    group: str = "UK, 10 to 40 staff"
    origin: str = "service"
    currency: str = "GBP"
    cost_per_hour: float = 46.0
    effort: tuple[float, float, float] = (30.0, 45.0, 25.0)
    notes: str = ""

    desk: Desk = Desk()
    segments: tuple[Segment, ...] = SEGMENTS
    icc: float = 0.10
    response: float = 0.52
    silence: float = 0.0  # how much unhappier those who don't answer are, in SDs between contacts
    silent_accounts: float = 0.07
    new_accounts: float = 0.08
    gone_accounts: float = 0.05

    satisfaction_mix: Row = (0.03, 0.06, 0.12, 0.45, 0.34)
    satisfaction_r2: float = 0.68
    block_correlation: float = 0.30
    refer_on_satisfaction: float = 0.60
    value_on_satisfaction: float = 0.50
    perceived: Row = (5.5, 5.7, 5.3, 5.4, 5.2)  # mean mark by RATER dimension, before rounding
    perceived_other: float = 5.5
    demand: Row = (0.25, 0.0, -0.45, -0.05, 0.25)  # expectations by dimension, about their mean
    chain: Row = (0.25, 0.20, 0.20, 0.35)  # lost in knowledge, standards, delivery; over-promised

    usp_rivals: int = 3
    usp_check_days: int = 61
    peers: int = 24
    peer_mean: float = 69.0
    peer_sd: float = 6.5
    price: float = 46.0  # the price a seat and month that feels right
    charged: float = 1.0  # what is charged, against that price
    staff: int = 16
