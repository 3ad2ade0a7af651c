"""Reports of made-up clients as a batch leaves them, manifest and findings only: no kernel."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from servicegap import schema
from servicegap.run import publish, sending

WORDS = (
    *(("blind spot", "clear"), ("blind spot", "leaning"), ("hidden strength", "clear")),
    *(("hidden strength", "leaning"), ("well judged", None), ("too few to judge", None)),
    *(("not measured", None), ("no guess", None)),
)
CHANCE = (0.2, 0.09, 0.12, 0.06, 0.2, 0.18, 0.1, 0.05)
TREES = ("Alder", "Birch", "Cedar", "Elm", "Fir", "Hazel", "Holly", "Larch", "Lime", "Maple", "Oak")
TRADES = ("IT", "Systems", "Support", "Desk", "Networks", "Managed Services & Sons", "Tech")


@dataclass(frozen=True)
class Outcome:
    """What a batch says of a client."""

    name: str
    id: str
    slug: str
    status: str = "made"
    reason: str = ""
    folder: Path = Path("nowhere")


def finding(headline: str, word: str, strength: str | None, **more: Any) -> dict[str, Any]:
    """A finding as it stands in findings.json; evidence 60, belief wherever the verdict asks."""
    head = schema.HEADLINES[headline]
    sign = {"blind spot": 1, "hidden strength": -1}.get(word, 0) * (1 if strength else 0)
    gap = 2.2 * head.delta * sign
    evidence = {"value": 60.0, "low": 51.0, "high": 68.0, "n": 120, "unit": head.unit}
    better = 1 if head.better == "higher" else -1
    belief = 60.0 * (np.exp(gap) if head.ratio else 1) + (0 if head.ratio else better * gap)
    told = {
        "id": headline, "session": head.session, "title": f"{head.label}: {word}",
        "sentence": "Said.", "better": head.better,
        "belief": None if word == "no guess" else {"value": float(belief), "low": None,
                                                   "high": None},
        "evidence": None if word == "not measured" else evidence,
        "gap": None if word in ("no guess", "not measured") else float(gap),
        "verdict": word, "strength": strength, "change": None, "caveats": [],
        "referral_effect": None, "action": None,
        "source": {"notebook": "notebooks/x.ipynb", "cell": 5},
    }  # fmt: skip
    return told | more


def findings(rng: np.random.Generator, changed: bool = False) -> list[dict[str, Any]]:
    """All twelve, with verdicts drawn by chance."""
    found = []
    for ident in schema.HEADLINES:
        word, strength = WORDS[rng.choice(len(WORDS), p=CHANCE)]
        change = None
        if changed:
            verdict = str(rng.choice(["better", "worse", "can't tell"], p=[0.15, 0.1, 0.75]))
            change = {"value": 3.0, "low": 1.0, "high": 5.0, "verdict": verdict}
        found.append(finding(ident, word, strength, change=change))
    return found


def publish_report(
    out: Path,
    name: str,
    ident: str,
    found: list[dict[str, Any]],
    *,
    draft: bool = True,
    part: tuple[str, ...] = (),
    **more: Any,
) -> str:
    """Lay manifest and findings of one client into `out`; return its slug."""
    slug = publish.slug(name, ident)
    folder = out / slug / "partial" if part else out / slug
    folder.mkdir(parents=True, exist_ok=True)
    forms = {"report.html": b"html", "report.pdf": b"pdf", "deck.pptx": b"pptx"}
    files = forms | sending.copies(forms, name, dt.date(2026, 3, 31), draft)
    asked = part or tuple(schema.SESSIONS)
    sessions = {
        s.stem: {"status": "ok" if n in asked else "not_asked", "reason": ""}
        for n, s in schema.SESSIONS.items()
    }
    manifest: Mapping[str, Any] = {
        "client": name, "id": ident, "version": "0.1.0", "as_of": "2026-03-31", "key": "k",
        "inputs": {}, "sessions": sessions, "ledger": {}, "outputs": dict.fromkeys(files, "0"),
    } | more  # fmt: skip
    (folder / publish.MANIFEST).write_bytes(publish.as_json(manifest))
    (folder / "findings.json").write_text(json.dumps(found))
    return slug


def many(out: Path, n: int, seed: int = 3) -> list[Outcome]:
    """`n` made-up clients in every state, and one whose folder has gone."""
    rng = np.random.default_rng(seed)
    outcomes = []
    for i in range(n):
        name = (
            f"{TREES[i % len(TREES)]} {TRADES[(i * 3 + i // 11) % len(TRADES)]} {i or ''}".strip()
        )
        ident = f"made-up-{i}"
        changed, draft = rng.random() < 0.6, rng.random() < 0.5
        slug = publish.slug(name, ident)
        status, reason = ("made" if i % 3 else "unchanged"), ""
        if i % 7 == 2:
            status, reason = "failed", "Session 05: ratings.csv, row 12, “score”: 11 is not on 1-5"
        if not (status == "failed" and i % 2):
            part = ("01", "07") if i % 11 == 5 else ()
            publish_report(out, name, ident, findings(rng, changed), draft=draft, part=part)
        outcomes.append(Outcome(name, ident, slug, status, reason))
    publish_report(out, "Willow Works", "made-up-gone", findings(rng))
    return outcomes
