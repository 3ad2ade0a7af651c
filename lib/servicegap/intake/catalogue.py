"""The formats that are known, and which of them a file's headers look like.

Users choose the columns of an export, so no fixed signature is asked for. Each header that a file
shares with a format counts by how telling it is (the inverse document frequency of search
engines: a header of one format alone says much, "Status" says next to nothing), and the shared
weight is divided by the lengths of both lists, as a cosine. The winner is sure only where it
leads the runner-up by MARGIN and its headers carry some weight; else somebody has to say.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib import resources
from types import MappingProxyType
from typing import Any

from servicegap.intake.data import MAKES, NOTHING, fields, plain

MARGIN = 0.15  # how far the winner must lead, as a share of its own score
_LEAST_WEIGHT = 4.0  # telling headers needed at all: about two that no other format has
_LEAST_SHARE = 0.25  # of the columns of a file, those that the format knows
GRADES = ("documented", "observed-in-public-code")


@dataclass(frozen=True)
class Format:
    """One tool's export: what its headers mean, and how that is known.

    `headers` map a header as the tool writes it to a field; `also` other spellings to the usual
    one; `unconfirmed` headers are read, but tell nothing. `scale` is that of its marks, `words`
    what a mark is called, `values` a column's codes in plain words, `timezone` that of its times.
    """

    id: str
    name: str
    makes: str
    grade: str
    source: tuple[str, ...]
    headers: Mapping[str, str]
    also: Mapping[str, str] = field(default_factory=dict)
    unconfirmed: frozenset[str] = frozenset()
    scale: str | None = None
    words: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    timezone: str | None = None
    notes: tuple[str, ...] = ()

    @functools.cached_property
    def means(self) -> Mapping[str, str]:
        """Fields by plain header, other spellings included."""
        found = {plain(header): meaning for header, meaning in self.headers.items()}
        for other, usual in self.also.items():
            found.setdefault(plain(other), self.headers[usual])
        return found


@dataclass(frozen=True)
class Ranking:
    """Which formats a file looks like: scores, best first, and whether the first may be taken."""

    scores: tuple[tuple[Format, float], ...]
    weight: float
    share: float
    told_apart: bool

    @property
    def winner(self) -> Format:
        return self.scores[0][0]

    @property
    def runner_up(self) -> Format:
        return self.scores[1][0]

    @property
    def margin(self) -> float:
        """How far the winner leads, as a share of its own score: 0 is a tie."""
        first, second = self.scores[0][1], self.scores[1][1]
        return (first - second) / first if first else 0.0

    @property
    def known(self) -> bool:
        """Whether the file looks like anything that is known at all."""
        return self.weight >= _LEAST_WEIGHT and self.share >= _LEAST_SHARE

    @property
    def sure(self) -> bool:
        """Whether the winner may be taken without asking."""
        return self.known and self.told_apart and self.margin >= MARGIN


def _format(ident: str, told: dict[str, Any]) -> Format:
    unknown = set(told["headers"].values()) - set(fields()) - {NOTHING}
    assert not unknown and told["makes"] in MAKES and told["grade"] in GRADES, (ident, unknown)
    return Format(
        ident, told["name"], told["makes"], told["grade"], tuple(told["source"]),
        MappingProxyType(told["headers"]),
        MappingProxyType({o: usual for usual, others in told.get("also", {}).items()
                          for o in others}),
        frozenset(plain(header) for header in told.get("unconfirmed", ())),
        told.get("scale"),
        MappingProxyType({plain(w): str(n) for w, n in told.get("words", {}).items()}),
        MappingProxyType({plain(h): {str(k): str(v) for k, v in codes.items()}
                          for h, codes in told.get("values", {}).items()}),
        told.get("timezone"),
        tuple(told.get("notes", ())),
    )  # fmt: skip


@functools.cache
def formats() -> Mapping[str, Format]:
    """Every known format by its id, read from the files beside this module."""
    import yaml

    folder = resources.files("servicegap.intake") / "formats"
    found = {}
    for file in sorted(folder.iterdir(), key=lambda file: file.name):
        if file.name.endswith(".yaml"):
            ident = file.name.removesuffix(".yaml")
            found[ident] = _format(ident, yaml.safe_load(file.read_text(encoding="utf-8")))
    return MappingProxyType(found)


@functools.cache
def weights() -> Mapping[str, float]:
    """How telling each known header is: ln(1 + formats ÷ formats that have it)."""
    known = formats().values()
    count: dict[str, int] = {}
    for one in known:
        for header in set(one.means) - one.unconfirmed:
            count[header] = count.get(header, 0) + 1
    return MappingProxyType({h: math.log(1 + len(known) / n) for h, n in count.items()})


def rank(headers: Sequence[str]) -> Ranking:
    """Rank all formats by how much a file's headers look like theirs."""
    weight = weights()
    shown = {plain(header) for header in headers if header.strip()}
    exact = {header.strip() for header in headers}
    length = math.sqrt(sum(weight[h] ** 2 for h in shown if h in weight))
    scores = []
    for one in formats().values():
        own = set(one.means) - one.unconfirmed
        # the usual spelling of each column is the list's length: other spellings don't dilute it
        usual = {plain(h) for h in one.headers} - one.unconfirmed
        shared = sum(weight[h] ** 2 for h in shown & own)
        size = math.sqrt(sum(weight[h] ** 2 for h in usual))
        score = shared / (length * size) if shared else 0.0
        # where nothing else decides, capitals do: two tools of one maker differ in them alone
        spelt = len(exact & set(one.headers)) / max(1, len(shown & own))
        scores.append((one, score * (0.7 + 0.3 * spelt)))
    scores.sort(key=lambda entry: -entry[1])
    best, second = scores[0][0], scores[1][0]
    shared_by_best = shown & set(best.means)
    # something has to speak for the winner that does not speak as well for the runner-up
    own = (shared_by_best - set(second.means)) | (exact & set(best.headers) - set(second.headers))
    return Ranking(
        tuple(scores),
        sum(weight.get(header, 0.0) for header in shared_by_best),
        len(shared_by_best) / max(1, len(shown)),
        bool(own),
    )
