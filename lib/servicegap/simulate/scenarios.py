"""The made-up firms that there are: sets of parameters, nothing else."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

from servicegap.simulate.firm import Desk, Firm, Guess
from servicegap.simulate.lessons import LESSONS

_ALDER = Firm(
    id="alder-it",
    name="Alder IT",
    csat=60,
    usp_months_alone=8,
    service_share=74,
    worst_segment_csat=50,
    good_value_share=46,
    watermelon_share=21,
    third_party_harm=35,
    okay_not_referring=58,
    expectations_met=63,
    did_refer_share=10,
    stay_share=92,
    planted=(
        ("csat", Guess(80)),
        ("good_peer_percentile", Guess(85, 10)),
        ("usp_months_alone", Guess(36, 1.4)),
        ("service_share", Guess(30, 12)),
        ("good_value_share", Guess(22, 8)),
        ("third_party_harm", Guess(5, 4)),
        ("okay_not_referring", Guess(25, 8)),
        ("did_refer_share", Guess(40, 10)),
    ),
    warm_ups=(("answering_share", Guess(75, 10)),),
    peer_mean=71,
    origin="product",
    effort=(55.0, 25.0, 20.0),
    notes="Began in 1998 by selling servers; the service came with them.",
    desk=Desk(
        type_shift=(-0.95, 0.75, -0.20, 0.60),
        handler_shift=(-0.70, 0.0, 0.0, 0.0),
        team_shift=(0.0, 0.90, 0.0, 0.0, 0.0),
        last_year_shift=0.10,
        logged=True,
        replaced="Cable Post",
        replaced_shift=0.9,
    ),
)

_BIRCH = Firm(
    id="birch-support",
    name="Birch Support",
    warm_ups=(("answering_share", Guess(55, 10)),),
    notes="Fourteen people who have mostly been there from the start.",
)

_CEDAR = Firm(
    id="cedar-desk",
    name="Cedar Desk",
    csat=66,
    worst_segment_csat=62,
    watermelon_share=24,
    third_party_harm=12,
    planted=(("watermelon_share", Guess(6, 4)), ("stay_share", Guess(99, 1))),
    unstated=(
        "usp_months_alone",
        "service_share",
        "worst_segment_csat",
        "good_value_share",
        "third_party_harm",
        "okay_not_referring",
        "expectations_met",
    ),
    tables=("tickets", "ratings"),
    notes="Sent an export of the ticket system and nothing else.",
)

SAMPLES = (_ALDER, _BIRCH, _CEDAR)  # shipped in data/sample
SCENARIOS = {firm.id: firm for firm in (*SAMPLES, *LESSONS)}


def turned(firm: Firm, strength: float) -> Firm:
    """Return the firm with its fault at another strength: 0 is none, 1 what METHODS states.

    Scales the distance of each planted belief from the truth and, where `dial` names parameters,
    how far these are from those of any firm.
    """
    return replace(_dialled(firm, firm.dial, strength), strength=float(strength))


def _dialled(whole: Any, names: tuple[str, ...], strength: float) -> Any:
    """Move the fields named (`desk.x` of the desk) from their defaults to what they are."""
    moved: dict[str, object] = {}
    inner = tuple(n.partition(".")[2] for n in names if "." in n)
    if inner and isinstance(whole, Firm):
        moved["desk"] = _dialled(whole.desk, inner, strength)
    usual = {f.name: f.default for f in fields(whole)}
    for name in (n for n in names if "." not in n):
        moved[name] = _between(usual[name], getattr(whole, name), strength)
    return replace(whole, **moved)


def _between(usual: Any, stated: Any, strength: float) -> Any:
    """Part of the way from one number to another; row by row where they are rows of numbers."""
    if isinstance(stated, tuple):
        return tuple(_between(u, s, strength) for u, s in zip(usual, stated, strict=True))
    return usual + strength * (stated - usual)


def scenario(name: str, strength: float = 1.0) -> Firm:
    """Return the parameters of a made-up firm, its fault at `strength` (see `turned`).

    Raises KeyError, naming those there are, for an unknown name.
    """
    if name not in SCENARIOS:
        raise KeyError(f"no made-up firm is called {name!r}; there are {', '.join(SCENARIOS)}")
    return turned(SCENARIOS[name], strength)
