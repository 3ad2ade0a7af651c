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
import os
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from functools import partial
from importlib import import_module
from pathlib import Path

import numpy as np
from servicegap import client, schema, simulate
from servicegap.client.folder import ROOT
from servicegap.simulate.truth import flattering

SEED = 500_000
LIKE = ("birch-support", "alder-it")
OFF, OFF_RATIO = 15.0, 0.45  # SD of a wrong belief: points, or of the logarithm of months
SPREAD, SPREAD_RATIO = 6.5, 1.5  # half a stated range: points, or a factor

Verdict = tuple[str, str | None, float]  # word, strength, true gap


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


def verdicts(world: str, size: str, i: int) -> dict[str, Verdict]:
    """Send firm `i` through the twelve headline beliefs. Returns: each one's verdict and truth."""
    tables = {t for h in schema.HEADLINES.values() for t in h.tables}
    tables |= {"accounts", "contacts", "beliefs"}
    made = simulate.make(firm(world, i), seed=SEED + i, size=size, only=tables)
    own = client.from_frames(made.tables, made.settings, made.superseded)
    found = {}
    for head in schema.HEADLINES.values():
        module = schema.SESSIONS[head.session].module
        look = getattr(import_module(f"servicegap.sessions.{module}"), head.id)
        verdict, said = look(own).verdict, made.truth["beliefs"][head.id]
        gap = flattering(head.id, said["believed"], said["true_value"])
        found[head.id] = (verdict.word, verdict.strength, 0.0 if abs(gap) < 0.01 else gap)
    return found


def is_wrong(verdict: Verdict) -> bool:
    """Does a clear or leaning verdict point where nothing is, or the wrong way?"""
    word, _, gap = verdict
    return gap <= 0 if word == "blind spot" else gap >= 0


def run(world: str, size: str, firms: int, jobs: int) -> Iterator[dict[str, Verdict]]:
    """Judge the firms that an earlier run has not; give all of them, in no set order."""
    place = ROOT / "build" / "truth"
    place.mkdir(parents=True, exist_ok=True)
    kept = place / f"{world}-{size}-{_stamp()}.jsonl"
    done: dict[int, dict] = {}
    if kept.exists():
        lines = (line for line in kept.read_text().splitlines() if line.endswith("}"))
        done = {(row := json.loads(line))["firm"]: row["verdicts"] for line in lines}
    yield from (done[i] for i in done if i < firms)
    left = [i for i in range(firms) if i not in done]
    with ProcessPoolExecutor(jobs) as pool, kept.open("a") as file:
        for i, found in zip(left, _progress(pool, world, size, left, firms), strict=True):
            print(json.dumps({"firm": i, "verdicts": found}), file=file, flush=True)
            yield found


def _progress(pool: ProcessPoolExecutor, world: str, size: str, left: list[int], firms: int):
    from rich.console import Console
    from rich.progress import track

    found = pool.map(partial(verdicts, world, size), left, chunksize=4)
    out = Console(stderr=True)
    return track(found, f"{world}, {size}", firms, firms - len(left), console=out)


def _stamp() -> str:
    """What the results hang on: the library's and this file's content."""
    import hashlib

    digest = hashlib.sha256()
    for path in sorted([*(ROOT / "lib" / "servicegap").rglob("*.py"), Path(__file__)]):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def table(found: Iterable[dict[str, Verdict]]) -> tuple[list[str], Counter]:
    """The lines of a table, a belief each; and the counts over all of them."""
    by_belief: dict[str, Counter] = {b: Counter() for b in schema.HEADLINES}
    whole: Counter = Counter()
    for one in found:
        alarms = 0
        for belief, (word, strength, gap) in one.items():
            verdict = (word, strength, gap)
            wrong = "wrong" if strength and is_wrong(verdict) else "right"
            by_belief[belief][f"{strength}, {wrong}" if strength else word] += 1
            alarms += strength == "clear" and wrong == "wrong"
        whole["firms"] += 1
        whole["firms with a clear false verdict"] += alarms > 0
    kinds = ("clear, right", "clear, wrong", "leaning, right", "leaning, wrong", "well judged",
             "too few to judge")  # fmt: skip
    lines = [f"| belief | {' | '.join(kinds)} |", f"|---|{'---|' * len(kinds)}"]
    for belief, counts in by_belief.items():
        shares = (f"{100 * counts[kind] / max(1, counts.total()):.1f} %" for kind in kinds)
        lines.append(f"| `{belief}` | {' | '.join(shares)} |")
        whole.update({kind: counts[kind] for kind in kinds})
    return lines, whole


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("world", choices=("unfaulted", "mixed"))
    parser.add_argument("--firms", type=int, default=2_000)
    parser.add_argument("--size", default="typical", choices=simulate.SIZES)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    asked = parser.parse_args()
    lines, whole = table(run(asked.world, asked.size, asked.firms, asked.jobs))
    print("\n".join(lines))
    alarms, firms = whole["firms with a clear false verdict"], whole["firms"]
    print(f"\nReports with any clear false verdict: {alarms} of {firms} ({alarms / firms:.2%}).")
    for strength in ("clear", "leaning"):
        wrong, right = whole[f"{strength}, wrong"], whole[f"{strength}, right"]
        share = wrong / max(1, wrong + right)
        print(f"Wrong among {strength} verdicts: {wrong} of {wrong + right} ({share:.1%}).")


if __name__ == "__main__":
    main()
