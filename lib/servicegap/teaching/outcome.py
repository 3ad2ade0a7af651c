"""Did its session find what a made-up firm has planted, and how often does it at this size?

The one judge for the tests, for METHODS and for the page at the end of a workshop. What counts as
found stands in the firm's TRUTH.yaml, in words, under `lesson`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from servicegap import measures, schema, simulate, words
from servicegap.client import Client, from_frames
from servicegap.comparisons import ALPHA
from servicegap.findings import Finding

FIRST_SEED = 40_000  # of the firms made to see how often a fault is found; the samples have 7
_WHO = ("accounts", "contacts", "beliefs")


@dataclass(frozen=True)
class Outcome:
    """What came of a lesson in one firm: whether it was found, and what the session says."""

    found: bool
    said: str


def look(client: Client, truth: Mapping[str, Any]) -> Outcome:
    """Ask the session of a firm's lesson whether it finds what was planted.

    Args: client, the made-up firm as a session sees it; truth, the content of its TRUTH.yaml.
    Raises KeyError where the firm is not made for teaching.
    """
    own = _OWN.get(truth["scenario"])
    if own is not None:
        return own[0](client, truth)
    belief = truth["lesson"]["belief"]
    finding = headline(client, belief)
    right = (truth["beliefs"][belief]["expected"][0], "clear")
    return Outcome((finding.verdict.word, finding.verdict.strength) == right, finding.sentence)


def tables(truth: Mapping[str, Any]) -> set[str]:
    """The tables that `look` needs for this firm."""
    own = _OWN.get(truth["scenario"])
    needed = own[1] if own else schema.HEADLINES[truth["lesson"]["belief"]].tables
    return {*needed, *_WHO}


def how_often(truth: Mapping[str, Any], firms: int, first_seed: int = FIRST_SEED) -> int:
    """How many of `firms` firms with the same fault, strength and size show it to their session.

    Firm i has the seed `first_seed` + i. Limit: `size` must be one that has a name.
    """
    found = 0
    for i in range(firms):
        made = simulate.make(
            truth["scenario"], truth["strength"], first_seed + i, truth["size"], tables(truth)
        )
        firm = from_frames(made.tables, made.settings, made.superseded)
        found += look(firm, made.truth).found
    return found


def headline(client: Client, belief: str) -> Finding:
    """The finding of a headline belief, by its session."""
    module = schema.SESSIONS[schema.HEADLINES[belief].session].module
    return getattr(import_module(f"servicegap.sessions.{module}"), belief)(client)


# -- lessons that no single belief decides -----------------------------------------------------


def _bot_wall(client: Client, truth: Mapping[str, Any]) -> Outcome:
    from servicegap.sessions import technology_vs_people as session

    figure = session.first_handlers(client)
    if figure.not_measured:
        return Outcome(False, figure.not_measured)
    bots = figure.data[figure.data["handler"] == "a bot"]
    sure = (bots["difference"] < 0) & (bots["p"] <= ALPHA)
    return Outcome(bool(sure.any()), f"{figure.title}.")


def _silent_majority(client: Client, truth: Mapping[str, Any]) -> Outcome:
    from servicegap.sessions import benchmarking as session

    finding, figure = headline(client, "csat"), session.silent(client)
    if figure.not_measured:
        return Outcome(False, figure.not_measured)
    warned = [c for c in finding.caveats if "Had everybody" in c]
    weak = measures.response(client, measures.ratings(client)).weak
    worst, best = (
        float(figure.data.loc[figure.data["who"] == f"everybody, {end}", "value"].iloc[0])
        for end in ("worst", "best")
    )
    (true,) = (e["true_value"] for e in truth["exploratory"] if e["id"] == "everybody")
    return Outcome(weak and bool(warned) and worst <= true <= best, " ".join(warned[:1]))


def _all_fine(client: Client, truth: Mapping[str, Any]) -> Outcome:
    verdicts = {belief: headline(client, belief).verdict for belief in schema.HEADLINES}
    clear = [b for b, verdict in verdicts.items() if verdict.strength == "clear"]
    if clear:
        named = words.listed([schema.HEADLINES[b].label for b in clear])
        return Outcome(False, f"A clear verdict all the same: {named}.")
    return Outcome(True, "None of the twelve beliefs has a clear verdict.")


_Look = Callable[[Client, Mapping[str, Any]], Outcome]
_OWN: dict[str, tuple[_Look, tuple[str, ...]]] = {
    "bot-wall": (_bot_wall, ("tickets", "ratings")),
    "silent-majority": (_silent_majority, ("ratings",)),
    "all-fine": (_all_fine, tuple({t for h in schema.HEADLINES.values() for t in h.tables})),
}
