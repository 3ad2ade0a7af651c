"""Who may be shown, so that no sum or difference of what was ever shown is about fewer than five?

People come in by fives and go by fives. Whoever was shown together is a *block*; what is shown
next takes a block whole, or five or more of it and leaves five or more, or none of it; and people
not shown before come in five, ten, fifteen at a time. All figures ever shown are then made of
blocks of five people and more, so whatever is subtracted from whatever, at least five stay in it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

FEWEST = 5
Block = frozenset[str]


def admit(
    people: Collection[str],
    blocks: Sequence[Block],
    order: Callable[[str], str],
    newcomers: bool = True,
) -> tuple[Block, tuple[Block, ...]]:
    """Choose whom to show of those who are there, and say what blocks there are after it.

    Args: people, who is there now; blocks, the blocks so far, disjoint, of 5, 10, 15… people;
    order, by which those who have to wait are chosen: it must tell nobody anything, and be the same
    every time; newcomers, whether people outside all blocks may come in. Returns: whom to show (a
    multiple of five, perhaps nobody) and the blocks from now on, each a multiple of five again.
    """
    there = sorted(set(people), key=order)
    shown: set[str] = set()
    after: list[Block] = []
    for block in blocks:
        here = [who for who in there if who in block]
        if len(here) < len(block):  # whoever is gone goes together with others, five at least
            here = here[: _by_five(min(len(here), len(block) - FEWEST))]
        shown |= set(here)
        after += [part for part in (frozenset(here), block - frozenset(here)) if part]
    known = frozenset().union(*blocks)
    new = [who for who in there if who not in known] if newcomers else []
    entered = frozenset(new[: _by_five(len(new))])
    return frozenset(shown) | entered, tuple(after + ([entered] if entered else []))


def _by_five(n: int) -> int:
    return FEWEST * (max(n, 0) // FEWEST)
