"""Ways to cut the clients into groups, and what each says: raw, and pooled with the others."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from servicegap import measures, stats, subtraction, words
from servicegap.client import Client
from servicegap.pooling import Pool

CUTS = {
    "segment": "segments",
    "trade": "trades",
    "site": "sites",
    "age": "ages of account",
    "size": "sizes of account",
}
_THIRDS = {"age": "since", "size": "seats"}
SHUFFLES = 1_999
TWO_GROUPS = "It takes two groups that were each rated by ten people in five accounts."


def labels(client: Client, by: str) -> pd.Series:
    """The group of each account, by account_id; missing where nobody knows.

    Args: by, one of CUTS. Age and size are cut into thirds of the accounts, before anybody looks
    at what they say; texts are alike whatever their case and spaces.
    """
    if by not in CUTS:
        raise ValueError(f"the cut must be {words.listed(list(CUTS), 'or')}; {by!r} is not")
    accounts = client["accounts"].set_index("account_id")
    if by in _THIRDS:
        return _thirds(accounts[_THIRDS[by]], by)
    return measures.one_spelling(accounts[by])


def _thirds(column: pd.Series, by: str) -> pd.Series:
    number = column.dt.year if by == "age" else column
    for parts in (3, 2):
        codes = pd.qcut(number, parts, labels=False, duplicates="drop")
        if codes.nunique() == parts:
            break
    else:
        return pd.Series(pd.NA, index=column.index, dtype="str")
    ends = number.groupby(codes).agg(["min", "max"])
    named = {code: _third(by, row["min"], row["max"]) for code, row in ends.iterrows()}
    return codes.map(named)


def _third(by: str, low: float, high: float) -> str:
    if by == "age":
        return f"joined {low:.0f}" + ("" if low == high else f" to {high:.0f}")
    return (
        words.count(int(low), "seat")
        if low == high
        else f"{words.number(low)} to {words.number(high)} seats"
    )


@dataclass(frozen=True)
class Cut:
    """One cut and what its groups say. `people` has one row a contact: person, account_id, top,
    group; `names` are the groups that may be shown, the largest first (ages and sizes in their
    order); `too_small` the others. All figures are in the order of `names`, as fractions."""

    by: str
    people: pd.DataFrame
    names: tuple[str, ...]
    too_small: tuple[str, ...]

    @property
    def enough(self) -> bool:
        """Are there two groups to compare?"""
        return len(self.names) > 1

    @cached_property
    def shares(self) -> tuple[stats.Estimate, ...]:
        """Each group alone, in percent."""
        return tuple(
            stats.share(rows["top"], rows["account_id"])
            for rows in (self.people[self.people["group"] == name] for name in self.names)
        )

    @property
    def raw(self) -> np.ndarray:
        return np.array([s.value / 100 for s in self.shares])

    @cached_property
    def variances(self) -> np.ndarray:
        """Squared standard errors at the effective number of contacts, with Jeffreys' half of an
        answer on either side, so that a group in which all agree isn't taken to be certain."""
        found = []
        for name in self.names:
            rows = self.people[self.people["group"] == name]
            n = stats.effective_n(rows["top"], rows["account_id"])
            share = (stats.mean(rows["top"]) * n + 0.5) / (n + 1)
            found.append(share * (1 - share) / n)
        return np.array(found)

    @cached_property
    def pool(self) -> Pool:
        return Pool(self.raw, self.variances)

    @cached_property
    def average(self) -> float:
        """The share over all contacts of these groups, each counted once."""
        return stats.mean(self.people["top"])

    @cached_property
    def shuffled(self) -> Shuffled:
        return shuffle(self)


@dataclass(frozen=True)
class Shuffled:
    """What the groups would look like, were accounts dealt to them like cards.

    `p`: how often luck spreads the groups as widely as they are. `spread` is the distance from the
    lowest to the highest raw share; `by_luck` the distance that luck stays under 95 times in 100.
    """

    p: float
    spread: float
    by_luck: float


def shuffle(cut: Cut, seed: int = stats.SEED) -> Shuffled:
    """Deal the accounts to the groups at random, again and again (a permutation test).

    The statistic is the sum over groups of contacts × (share − share of all)². Whole accounts move,
    so people of one account may resemble each other as much as they like. p = (shuffles at least as
    spread + 1) ÷ (shuffles + 1).
    """
    frame = cut.people.assign(code=cut.people["group"].map({n: i for i, n in enumerate(cut.names)}))
    homes = frame.groupby(["account_id", "code"])["top"].agg(["size", "sum"]).reset_index()
    size, hits = homes["size"].to_numpy(dtype=float), homes["sum"].to_numpy()
    order = np.lexsort((homes["code"], hits, size))  # the same whatever accounts are called
    size, hits, code = size[order], hits[order], homes["code"].to_numpy()[order]
    rng = np.random.default_rng(seed)
    dealt = np.vstack([code, rng.permuted(np.tile(code, (SHUFFLES, 1)), axis=1)])
    people, share = [], []
    for group in range(len(cut.names)):
        here = (dealt == group).astype(float)
        people.append(here @ size)
        share.append((here @ hits) / people[-1])
    n, y = np.array(people), np.array(share)
    between = (n * (y - hits.sum() / size.sum()) ** 2).sum(axis=0)
    far = y.max(axis=0) - y.min(axis=0)
    extreme = int((between[1:] >= between[0] - 1e-12).sum())
    return Shuffled(
        (extreme + 1) / (SHUFFLES + 1), float(far[0]), float(np.quantile(far[1:], 0.95))
    )


def rated(client: Client) -> pd.DataFrame:
    """One row a contact who rated: person, account_id, top."""
    contacts = measures.per_contact(measures.ratings(client).answered)
    return contacts[["person", "account_id", "top"]]


def cut(
    client: Client, by: str = "segment", people: pd.DataFrame | None = None, hide: bool = True
) -> Cut:
    """Cut the client's contacts into groups by what their account is.

    Args: by, one of CUTS; people, rows with person, account_id and top (those who rated, if not
    given); hide, keep out of sight whatever a subtraction would give away (else the floor alone).
    """
    people = client.remembered(rated) if people is None else people
    people = people.assign(group=people["account_id"].map(labels(client, by)))
    everybody, people = people, people[people["group"].notna()]
    every = sorted(str(name) for name in people["group"].unique())
    if hide:
        shown = subtraction.safe_to_show(
            everybody["person"], everybody["account_id"], everybody["group"]
        )
    else:
        shown = _over_the_floor(people)
    if by in _THIRDS:
        shown = sorted(shown, key=_start)
    small = tuple(name for name in every if name not in shown)
    return Cut(by, people[people["group"].isin(shown)], tuple(shown), small)


def _start(name: str) -> int:
    """The first number in the name of a third, thousands set apart or not: where it begins."""
    return int("".join(re.findall(r"\d", name.split(" to ")[0])))


def _over_the_floor(people: pd.DataFrame) -> list[str]:
    counts = people.groupby("group").agg(n=("person", "nunique"), homes=("account_id", "nunique"))
    enough = (counts["n"] >= stats.SPEAKS_FROM) & (counts["homes"] >= stats.ACCOUNTS_FROM)
    kept = counts[enough].reset_index().sort_values(["n", "group"], ascending=[False, True])
    return [str(name) for name in kept["group"]]


def accounts_now(client: Client, by: str) -> pd.DataFrame:
    """Accounts at the window's end: account_id, monthly_fee, group (missing where nobody knows)."""
    kept = measures.active_at_end(client)[["account_id", "monthly_fee"]]
    return kept.assign(group=kept["account_id"].map(labels(client, by)))
