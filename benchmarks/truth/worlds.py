"""How often is a whole report wrong? Firms of known truth through all sessions.

    python -m benchmarks.truth.worlds unfaulted [--firms 2000] [--size typical]
    python -m benchmarks.truth.worlds mixed     [--firms 2000] [--size typical]

`unfaulted`: every belief is exactly true; any clear verdict is a false one. `mixed`: each belief is
true with chance one half, else off by a normal draw of SD 15 points (months: SD .45 of the
logarithm); a clear verdict is wrong where the belief was true or lay on the other side. Half of the
firms are made like Birch Support, half like Alder IT. Tables are made in memory and judged by the
sessions in process, without pictures. Firm i has the seed SEED + i; what is done is kept in
build/truth/ and a run that was broken off goes on from there.
"""

from __future__ import annotations

import argparse
import json
import math
import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
from servicegap import client, schema, simulate
from servicegap.client.folder import ROOT
from servicegap.simulate.truth import flattering

SEED = 500_000
WORLDS = ("unfaulted", "mixed")
LIKE = ("birch-support", "alder-it")
OFF, OFF_RATIO = 15.0, 0.45  # SD of a wrong belief: points, or of the logarithm of months
SPREAD, SPREAD_RATIO = 6.5, 1.5  # half a stated range: points, or a factor
PLACE = ROOT / "build" / "truth"


@dataclass(frozen=True)
class Judged:
    """One belief of one firm: what was said of it, and what is so.

    `gap` is the true one (flattering is positive); `value`, `low`, `high` the evidence, `true` what
    it estimates, `under` P(truth < true) as the evidence has it, NaN where nothing was measured.
    """

    word: str
    strength: str | None
    gap: float
    value: float = math.nan
    low: float = math.nan
    high: float = math.nan
    true: float = math.nan
    under: float = math.nan
    speaks: bool = False
    guess: tuple[float, float, float] = (math.nan, math.nan, math.nan)

    @property
    def wrong(self) -> bool:
        """Does a clear or leaning verdict point where nothing is, or the wrong way?"""
        if not self.strength:
            return False
        return self.gap <= 0 if self.word == "blind spot" else self.gap >= 0


Firm = dict[str, Judged]


def firm(world: str, i: int) -> simulate.Firm:
    """Return the parameters of firm `i` of a world: what is true, and what is believed."""
    base = replace(simulate.SCENARIOS[LIKE[i % 2]], planted=(), honest_noise=0.0, strength=1.0)
    if world == "unfaulted":
        return base
    truth = simulate.make(base, only=()).truth["beliefs"]
    rng = np.random.default_rng([SEED, i])
    wrong = rng.random(len(schema.HEADLINES)) < 0.5
    off = rng.standard_normal(len(schema.HEADLINES))
    planted = []
    for head, is_wrong, z in zip(schema.HEADLINES.values(), wrong, off, strict=True):
        true = truth[head.id]["true_value"]
        if is_wrong and head.ratio:
            planted.append((head.id, simulate.Guess(true * np.exp(OFF_RATIO * z), SPREAD_RATIO)))
        elif is_wrong:
            planted.append((head.id, simulate.Guess(true + OFF * z, SPREAD)))
    return replace(base, planted=tuple(planted))


def judged(world: str, size: str, i: int) -> Firm:
    """Send firm `i` through the twelve headline beliefs. Returns: what came of each."""
    return all_twelve(firm(world, i), SEED + i, size)


def all_twelve(parameters: simulate.Firm, seed: int, size: str) -> Firm:
    """Make a firm and look at its twelve headline beliefs. Returns: what came of each."""
    tables = {t for h in schema.HEADLINES.values() for t in h.tables}
    tables |= {"accounts", "contacts", "beliefs"}
    made = simulate.make(parameters, seed=seed, size=size, only=tables)
    own = client.from_frames(made.tables, made.settings, made.superseded)
    return {b: _judged(look(b)(own), made.truth["beliefs"][b]) for b in schema.HEADLINES}


def look(belief: str) -> Any:
    """The session's function for a headline belief."""
    module = schema.SESSIONS[schema.HEADLINES[belief].session].module
    return getattr(import_module(f"servicegap.sessions.{module}"), belief)


def _judged(found: Any, said: dict) -> Judged:
    verdict, evidence, true = found.verdict, found.estimate, said["true_value"]
    gap = flattering(found.id, said["believed"], true)
    gap = 0.0 if abs(gap) < 0.01 else gap
    guess = (said["believed"], said["low"], said["high"])
    if not evidence.measured:
        return Judged(verdict.word, verdict.strength, gap, guess=guess)
    numbers = (evidence.value, evidence.low, evidence.high, true, evidence.below(true))
    return Judged(verdict.word, verdict.strength, gap, *map(float, numbers), evidence.speaks, guess)


def run(world: str, size: str, firms: int, jobs: int, first: int = 0) -> Iterator[Firm]:
    """Judge the firms from `first` that no earlier run has; give all of them, in no set order."""
    PLACE.mkdir(parents=True, exist_ok=True)
    kept = PLACE / f"{world}-{size}-{stamp()}.jsonl"
    asked, done = range(first, first + firms), read(kept)
    yield from (done[i] for i in asked if i in done)
    left = [i for i in asked if i not in done]
    if not left:
        return
    with workers(jobs) as each, kept.open("a") as file:
        for i, found in zip(left, _progress(each, world, size, left, firms), strict=True):
            row = {"firm": i, "beliefs": {b: vars(one) for b, one in found.items()}}
            print(json.dumps(row), file=file, flush=True)
            yield found


def read(kept: Path) -> dict[int, Firm]:
    """The firms of an earlier run, a line each; a line that was broken off is left out."""
    if not kept.exists():
        return {}
    rows = [json.loads(line) for line in kept.read_text().splitlines() if line.endswith("}}}")]
    return {
        row["firm"]: {
            b: Judged(**{**one, "guess": tuple(one["guess"])}) for b, one in row["beliefs"].items()
        }
        for row in rows
    }


@contextmanager
def workers(jobs: int, together: int = 4) -> Iterator[Callable[..., Iterator]]:
    """A way to do the same to many, `together` at a time, in so many processes; one is this one."""
    if jobs == 1:
        yield map
        return
    with ProcessPoolExecutor(jobs) as pool:
        yield partial(pool.map, chunksize=together)


def _progress(each: Callable[..., Iterator], world: str, size: str, left: list[int], firms: int):
    from rich.console import Console
    from rich.progress import track

    found = each(partial(judged, world, size), left)
    out = Console(stderr=True)
    return track(found, f"{world}, {size}", firms, firms - len(left), console=out)


def stamp(*more: Path) -> str:
    """What the results hang on: the content of the library, of this file, and of some more."""
    import hashlib

    digest = hashlib.sha256()
    for path in sorted([*(ROOT / "lib" / "servicegap").rglob("*.py"), Path(__file__), *more]):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


KINDS = ("clear, right", "clear, wrong", "leaning, right", "leaning, wrong", "well judged",
         "too few to judge")  # fmt: skip


def counted(found: Iterable[Firm]) -> tuple[dict[str, Counter], Counter]:
    """How often each thing was said of each belief; and the counts over all of them."""
    by_belief: dict[str, Counter] = {b: Counter() for b in schema.HEADLINES}
    whole: Counter = Counter()
    for one in found:
        for belief, said in one.items():
            kind = f"{said.strength}, {'wrong' if said.wrong else 'right'}"
            by_belief[belief][kind if said.strength else said.word] += 1
        whole["firms"] += 1
        whole["alarms"] += any(x.strength == "clear" and x.wrong for x in one.values())
    for counts in by_belief.values():
        whole.update({kind: counts[kind] for kind in KINDS})
    return by_belief, whole


def table(by_belief: dict[str, Counter]) -> list[str]:
    """The lines of a table, a belief each."""
    lines = [f"| belief | {' | '.join(KINDS)} |", f"|---|{'---|' * len(KINDS)}"]
    for belief, counts in by_belief.items():
        shares = (f"{100 * counts[kind] / max(1, counts.total()):.1f} %" for kind in KINDS)
        lines.append(f"| `{belief}` | {' | '.join(shares)} |")
    return lines


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("world", choices=WORLDS)
    parser.add_argument("--firms", type=int, default=2_000)
    parser.add_argument("--first", type=int, default=0, help="number of the first firm")
    parser.add_argument("--size", default="typical", choices=simulate.SIZES)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    asked = parser.parse_args()
    found = run(asked.world, asked.size, asked.firms, asked.jobs, asked.first)
    by_belief, whole = counted(found)
    print("\n".join(table(by_belief)))
    alarms, firms = whole["alarms"], whole["firms"]
    print(f"\nReports with any clear false verdict: {alarms} of {firms} ({alarms / firms:.2%}).")
    for strength in ("clear", "leaning"):
        wrong, right = whole[f"{strength}, wrong"], whole[f"{strength}, right"]
        share = wrong / max(1, wrong + right)
        print(f"Wrong among {strength} verdicts: {wrong} of {wrong + right} ({share:.1%}).")


if __name__ == "__main__":
    main()
