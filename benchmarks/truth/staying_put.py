"""Do verdicts stay put when nothing changed but how it is written down?

A made-up firm is written to files, the files are changed in one way, and the twelve beliefs are
judged from them through the whole path: files → tables → sessions → findings.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
from servicegap import client, schema, simulate

from benchmarks.truth.rows import Row, at_least
from benchmarks.truth.worlds import look

SEED = 660_000
MONEY = {"accounts": ["monthly_fee"], "referrals": ["value"],
         "price_survey": ["too_cheap", "cheap", "expensive", "too_expensive"]}  # fmt: skip
_MARKS = {"1": "0", "2": "25", "3": "50", "4": "75", "5": "100"}  # 1–5 on 0–100, same boxes
_AS_LOGGED = {"tickets"}  # a log: the last row of a ticket counts, so order is content
Files = dict[str, pd.DataFrame]


def shuffled(files: Files, rng: np.random.Generator) -> Files:
    """Rows in another order, except of a log in which the order says what came last."""
    return {
        name: f if name in _AS_LOGGED and f["ticket_id"].duplicated().any()
        else f.sample(frac=1, random_state=int(rng.integers(1 << 30)))
        for name, f in files.items()
    }  # fmt: skip


def renamed(files: Files, rng: np.random.Generator) -> Files:
    """Accounts called otherwise, so that they sort otherwise."""
    known = files["accounts"]["account_id"]
    order = rng.permutation(len(known))
    names = dict(zip(known, (f"Z{i:05d}" for i in order), strict=True))
    return {
        name: f.assign(account_id=f["account_id"].map(names)) if "account_id" in f else f
        for name, f in files.items()
    }


def other_units(files: Files, rng: np.random.Generator) -> Files:
    """Money in hundredths, marks from 0 to 100 in place of 1 to 5."""
    out = dict(files)
    for name, columns in MONEY.items():
        if name in out:
            dear = {c: 100 * pd.to_numeric(out[name][c]) for c in columns}
            out[name] = out[name].assign(**{c: x.astype(object) for c, x in dear.items()})
    ratings = out["ratings"]
    if set(ratings["scale"].dropna()) == {"1-5"}:
        out["ratings"] = ratings.assign(
            score=ratings["score"].map(_MARKS), scale=ratings["scale"].replace("1-5", "0-100")
        )
        swap = {"csat_top_1_5": "csat_top_0_100", "csat_top_0_100": "csat_top_1_5"}
        out["peers"] = out["peers"].assign(measure=out["peers"]["measure"].replace(swap))
    return out


def doubled(files: Files, rng: np.random.Generator) -> Files:
    """A tenth of the tickets and ratings twice in the file."""
    out = dict(files)
    for name in ("tickets", "ratings", "accounts", "contacts"):
        again = out[name].sample(frac=0.1, random_state=int(rng.integers(1 << 30))).sort_index()
        if name in _AS_LOGGED:  # beside the row that they repeat, so that the last stays the last
            out[name] = pd.concat([out[name], again]).sort_index(kind="stable")
        else:
            out[name] = pd.concat([out[name], again])
    return out


WAYS: dict[str, Callable[[Files, np.random.Generator], Files]] = {
    "rows shuffled": shuffled,
    "accounts renamed": renamed,
    "units changed": other_units,
    "rows doubled": doubled,
}


def said(folder: Path) -> dict[str, tuple]:
    """The verdict on each belief, its strength and the number that would settle it."""
    own = client.load(folder)
    verdicts = {b: look(b)(own).verdict for b in schema.HEADLINES}
    return {b: (v.word, v.strength, v.needed) for b, v in verdicts.items()}


def moved(i: int) -> dict[str, list[str]]:
    """One made-up firm: which beliefs are judged otherwise, by what was changed."""
    kind = ("alder-it", "birch-support")[i % 2]
    with tempfile.TemporaryDirectory() as scratch:
        whole = Path(scratch) / "as-it-is"
        simulate.write(simulate.make(kind, seed=SEED + i, size="typical"), whole)
        files = {
            p.stem: pd.read_csv(p, dtype=str, keep_default_na=False) for p in whole.glob("*.csv")
        }
        before, found = said(whole), {}
        for way, change in WAYS.items():
            other = Path(scratch) / way.replace(" ", "-")
            other.mkdir()
            (other / "client.yaml").write_bytes((whole / "client.yaml").read_bytes())
            for name, frame in change(files, np.random.default_rng([SEED, i])).items():
                frame.to_csv(other / f"{name}.csv", index=False)
            after = said(other)
            found[way] = [b for b in before if after[b] != before[b]]
    return found


def rows(firms: int) -> list[Row]:
    """Verdicts that stay as they are, of all verdicts, by what was changed."""
    found = [moved(i) for i in range(firms)]
    every = firms * len(schema.HEADLINES)
    return [
        at_least(f"verdicts stay put: {way}", every - sum(len(f[way]) for f in found), every, 100)
        for way in WAYS
    ]
