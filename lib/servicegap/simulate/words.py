"""What people at a made-up firm say, and what things there are called. No real names."""

from __future__ import annotations

import numpy as np

# item_id, dimension, side, text: our own wordings.
ITEMS = (
    ("R1", "reliability", "process", "What they say they will do is done by the day they said."),
    ("R2", "reliability", "process", "A fault that was mended stays mended."),
    ("R3", "reliability", "process", "Invoices and records are right the first time."),
    ("A1", "assurance", "service", "The people who help us know their job."),
    ("A2", "assurance", "service", "Our data feel safe in their hands."),
    ("A3", "assurance", "service", "They tell us plainly when they don't know."),
    ("T1", "tangibles", "product", "The equipment they give us is up to the work."),
    ("T2", "tangibles", "product", "Their portal and reports are easy to read."),
    ("T3", "tangibles", "service", "What they send us looks as though somebody checked it."),
    ("E1", "empathy", "service", "They know what a bad day looks like in our trade."),
    ("E2", "empathy", "service", "They speak to us without talking down."),
    ("E3", "empathy", "service", "They think of us before we have to ask."),
    ("S1", "responsiveness", "process", "We hear from somebody quickly when work has stopped."),
    ("S2", "responsiveness", "process", "We are told what is going on without chasing."),
    ("S3", "responsiveness", "process", "Small requests do not wait behind large ones."),
    ("P1", "none", "product", "The backup does what we bought it for."),
    ("P2", "none", "product", "The security tools stay out of our way."),
    ("P3", "none", "product", "The phones and the network simply work."),
)

# claim, kind, owned, hard_to_copy, item_id
USPS = (
    ("Every new laptop is ready to work out of the box", "process", False, False, "T1"),
    ("A named engineer for every account", "people", False, False, "E1"),
    ("Backup restored in front of you every quarter", "process", False, False, "P1"),
    ("Our own client portal with live status", "product", True, False, "T2"),
    ("Sole regional partner of a dental imaging maker", "partnership", True, True, ""),
    ("Fixed price with no small print", "process", False, False, "R3"),
    ("Twenty-minute answer, day or night", "process", False, False, "S1"),
    ("A security check-up that owners can read", "product", False, False, "A2"),
    ("Friendly people who care", "people", False, False, "E2"),
    ("Spare machines on the shelf at your office", "product", False, False, "T1"),
    ("Compliance packs for law firms only", "niche", False, True, "A1"),
    ("Patented power monitor in the rack", "patent", True, True, "P3"),
    ("Monthly walk-round of every site", "people", False, False, "E3"),
    ("A guarantee to move you in a weekend", "process", False, False, "R1"),
    ("Loan phones within the hour", "product", False, False, "P3"),
    ("Training films for new starters", "product", False, False, "T3"),
    ("A cloud region of our own", "partnership", True, False, "A2"),
    ("Tickets opened from any printer's screen", "product", False, False, "S3"),
)
RIVALS = ("Quarry Support", "Kestrel Desk", "Harbour IT", "Millrace Systems", "Beacon Networks")

TOUCHPOINTS = (
    ("TP01", "First visit before the contract", "buying", "attractive"),
    ("TP02", "A quote that can be understood", "buying", "performance"),
    ("TP03", "Moving in without lost data", "starting", "basic"),
    ("TP04", "First morning with somebody on site", "starting", "attractive"),
    ("TP05", "Somebody picks up when work has stopped", "using", "basic"),
    ("TP06", "Being told how a ticket stands", "using", "performance"),
    ("TP07", "The fault does not come back", "using", "basic"),
    ("TP08", "A call back a week later to ask", "using", "attractive"),
    ("TP09", "The monthly report", "using", "indifferent"),
    ("TP10", "An invoice that is right", "using", "basic"),
    ("TP11", "A yearly look at what comes next", "renewing", "performance"),
    ("TP12", "Handing over fairly at the end", "leaving", "basic"),
)
# Answers (1 like … 5 dislike) if it were so, and if it were not, by what the moment is.
KANO_ANSWERS = {
    "basic": ((0.14, 0.60, 0.20, 0.05, 0.01), (0.01, 0.02, 0.10, 0.22, 0.65)),
    "performance": ((0.66, 0.20, 0.10, 0.03, 0.01), (0.01, 0.02, 0.12, 0.20, 0.65)),
    "attractive": ((0.68, 0.08, 0.18, 0.05, 0.01), (0.01, 0.04, 0.55, 0.34, 0.06)),
    "indifferent": ((0.14, 0.10, 0.60, 0.14, 0.02), (0.02, 0.05, 0.62, 0.24, 0.07)),
}

COMMENTS = {
    5: (
        "Sorted before I had finished my tea.",
        "Explained it so that I could do it myself next time.",
        "Rang back to see whether it had held. It had.",
        "Took one look and knew.",
        "Stayed on the line until the payroll had run.",
        "No fuss, no jargon, done.",
    ),
    4: (
        "Fine in the end.",
        "Mended. I would have liked to know how long it would take.",
        "Good, once I got through to a person.",
        "Did what it should.",
        "Quick enough, though I had to explain it twice.",
    ),
    3: (
        "It works now. I still don't know what it was.",
        "Closed before I had tried it.",
        "Polite, but I was passed round three people.",
        "Neither here nor there.",
    ),
    2: (
        "Second time this month for the same thing.",
        "I did the chasing.",
        "Told it was with the supplier. It stayed there.",
        "The ticket said solved. The printer did not.",
    ),
    1: (
        "Half a day lost, and nobody rang.",
        "You blame the carrier, the carrier blames you, and we sit in the dark.",
        "Closed inside your target and still broken.",
    ),
}

WOWS = (
    "Drove out with a spare switch on a Saturday",
    "Spotted a failing disk before anybody noticed",
    "Found last year's invoice file that we thought was lost",
    "Stayed until the till was running for the market",
    "Wrote the new starter's guide without being asked",
)
MENTIONS = {
    1: ("They pick up, which is more than I can say for the last lot.", "Would use again."),
    0: ("IT firm does IT.", "Does the job, costs what they all cost."),
    -1: ("Hard to get hold of after the contract was signed.", "Still waiting for a call back."),
}
PLACES = ("review site", "trade forum", "local business group", "social media")
WON_BY = ("referral", "website", "tender", "trade fair", "bought with another firm")
ROLES = ("owner", "office manager", "finance", "user", "user", "user", "operations")
SITES = ("North office", "South office", "River office")
STAFF = ("desk engineer", "field engineer", "project engineer", "account manager", "dispatcher")
STAFF_ITEMS = ("training", "tools", "role clarity", "team-work", "control")

_TREES = ("Elm", "Oak", "Larch", "Maple", "Beech", "Poplar", "Spruce", "Juniper", "Sorrel",
          "Thorn", "Bracken", "Gorse")  # fmt: skip
_WATERS = ("beck", "water", "mere", "tarn", "weir", "brook", "falls", "pool", "reach", "mill",
           "bank")  # fmt: skip
TRADE_NAMES = {
    "legal": "Legal",
    "accounting": "Accounts",
    "architecture": "Plans",
    "surveying": "Surveys",
    "joinery": "Joinery",
    "engineering": "Engineering",
    "building": "Builders",
    "bakery": "Bakery",
    "dental": "Dental",
    "care home": "Care",
    "charity": "Trust",
    "school": "School",
}
_FIRMS = ("IT", "Support", "Systems", "Networks", "Desk")


def place_names(n: int, start: int = 0) -> list[str]:
    """Return n made-up place names: a tree and a water. They repeat, with a number, after 132."""
    names = []
    for i in range(start, start + n):
        lap, k = divmod(i, len(_TREES) * len(_WATERS))
        tree, water = _TREES[k % len(_TREES)], _WATERS[(k // len(_TREES) + k) % len(_WATERS)]
        names.append(f"{tree}{water}" + (f" {lap + 1}" if lap else ""))
    return names


def firm_names(n: int, start: int = 0) -> list[str]:
    """Return n made-up MSPs, for peers."""
    return [
        f"{name} {_FIRMS[i % len(_FIRMS)]} (made up)"
        for i, name in enumerate(place_names(n, start))
    ]


def comment_for(rng: np.random.Generator, scores: np.ndarray) -> np.ndarray:
    """Return a plain comment for each score (1-5), as objects."""
    out = np.empty(len(scores), dtype=object)
    draw = rng.random(len(scores))
    for score, stock in COMMENTS.items():
        at = scores == score
        out[at] = np.array(stock, dtype=object)[(draw[at] * len(stock)).astype(int)]
    return out
