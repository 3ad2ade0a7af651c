"""Which groups may be shown where the same figure is cut several ways in one report?

One cut is safe by itself when what is left of its total holds five people (`safe_to_show`).
Two cuts side by side can still give somebody away: if all but two of the phone's callers are the
day team's, the day team's figure less the phone's is those two people's. So a cut is shown beside
the ones before it, and loses its smallest groups until no sum or difference of what is shown, the
total among it, comes down to fewer than five people.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from servicegap.stats import HIDDEN_BELOW, enough

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

_TOGETHER = 3  # cells of few people that are tried together
_NO_REST = 1e-8


def safe_to_show(people: ArrayLike, accounts: ArrayLike, groups: ArrayLike) -> list:
    """Which groups may be shown beside each other and their total?

    A group may speak from ten people in five accounts. The others are hidden; so that subtracting
    the shown from the total reveals nobody, the smallest of the shown go with them until the
    hidden hold five different people at least. Whoever is in the total and in no group (a missing
    one) is hidden like a group, so hand in everybody that the total counts.

    Args: person, account and group of every answer. Returns: the groups to show, largest first.
    """
    nowhere = pd.isna(np.asarray(groups, dtype=object))
    people, accounts, groups = (np.asarray(x, dtype=str) for x in (people, accounts, groups))
    members = {g: np.unique(people[(groups == g) & ~nowhere]) for g in np.unique(groups[~nowhere])}
    loose = np.unique(people[nowhere])
    shown = [
        g
        for g in sorted(members, key=lambda g: (-len(members[g]), g))
        if enough(len(members[g]), len(np.unique(accounts[(groups == g) & ~nowhere])))
    ]
    while shown:
        rest = [members[g] for g in members if g not in shown] + [loose] * bool(len(loose))
        if not rest or len(np.unique(np.concatenate(rest))) >= HIDDEN_BELOW:
            break
        shown.pop()
    return [str(g) for g in shown]


def safe_beside(
    people: ArrayLike, accounts: ArrayLike, groups: ArrayLike, *before: ArrayLike
) -> list[str]:
    """The groups of a cut that may be shown, given the cuts of the same figure shown before it.

    Args: person, account and group of every answer that the total counts; before, the group of
    every answer in each cut that the report shows first (missing where it has none). Returns: the
    groups to show, largest first. Limit: what is recoverable is looked for among single cells of
    the cuts laid over each other and up to three of them together.
    """
    own = list(safe_to_show(people, accounts, groups))
    cuts: list[tuple[NDArray, list[str]]] = []
    for other in before:
        cuts.append((_named(other), safe_beside(people, accounts, other, *(c for c, _ in cuts))))
    while own and cuts and recoverable(people, [*cuts, (_named(groups), own)]):
        own.pop()
        while own and not _alone_safe(people, groups, own):
            own.pop()
    return own


def recoverable(people: ArrayLike, cuts: Sequence[tuple[ArrayLike, Sequence[str]]]) -> int:
    """How few people can be told from the others by adding and subtracting what is shown?

    Args: person of every answer; cuts, each as the group of every answer and the groups shown. The
    total is taken as shown. Returns: the number of people, 0 where it is never under five.
    """
    who = np.unique(np.asarray(people, dtype=str), return_inverse=True)[1]
    marks = [np.where(np.isin(g := _named(groups), list(shown)), g, "") for groups, shown in cuts]
    cells = pd.MultiIndex.from_arrays(marks).factorize()[0]
    sums = [np.ones(cells.max() + 1)]  # the total
    for mark in marks:
        of_cell = pd.Series(mark).groupby(cells).first().to_numpy()
        sums += [(of_cell == name).astype(float) for name in set(of_cell) - {""}]
    known = np.linalg.svd(np.array(sums), full_matrices=False)
    basis = known[2][known[1] > _NO_REST]
    sizes = {cell: set(who[cells == cell]) for cell in range(cells.max() + 1)}
    few = [cell for cell, there in sizes.items() if len(there) < HIDDEN_BELOW]
    for many in range(1, _TOGETHER + 1):
        for chosen in combinations(few, many):
            there = set().union(*(sizes[cell] for cell in chosen))
            if len(there) >= HIDDEN_BELOW:
                continue
            wanted = np.zeros(len(sizes))
            wanted[list(chosen)] = 1
            if np.abs(wanted - (wanted @ basis.T) @ basis).max() < _NO_REST:
                return len(there)
    return 0


def _alone_safe(people: ArrayLike, groups: ArrayLike, shown: Sequence[str]) -> bool:
    return not recoverable(people, [(groups, shown)])


def _named(groups: ArrayLike) -> NDArray:
    found = pd.Series(np.asarray(groups, dtype=object))
    return found.where(found.notna(), "\0nowhere").astype(str).to_numpy(dtype=object)
