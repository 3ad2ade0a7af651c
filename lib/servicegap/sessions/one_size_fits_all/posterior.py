"""The headline's evidence: where is the lowest of the groups' true shares?"""

from __future__ import annotations

from servicegap import stats
from servicegap.pooling import Pool


def lowest(
    pool: Pool, alone: stats.Estimate, unit: str, per: str, heard_from: float = 1.0
) -> stats.Estimate:
    """The evidence on the worst-served group: where is the lowest of the true shares?

    Args: pool, the groups; alone, the share of the group lowest by shrunken figure, as an estimate
    of its own; heard_from, how many times the contacts it would take until every group there is
    may speak (1 where all do). Returns: an Estimate in percent. Its p is the larger of the p from
    the posterior of the minimum and the exact binomial p of `alone`, since the lowest of several
    raw figures is partly bad luck, and the posterior of small groups is only nearly normal. A
    group from which too few were heard may be the worst of all, so while there is one nothing says
    that the truth is *better* than a belief. `scaled(k)` supposes k times the contacts in every
    group.
    """
    value = pool.least(0.5)

    def below(x: float) -> float:
        return 0.5 if x < value and heard_from > 1 else pool.least_below(x)

    def p_value(belief: float) -> float:
        under = below(min(max(belief, 0.5), 99.5) / 100)
        return max(min(1.0, 2 * min(under, 1 - under)), alone.p_value(belief))

    def scaled(k: float) -> stats.Estimate:
        more = alone.scaled(k) if alone.scaled else alone
        return lowest(Pool(pool.y, pool.v / k), more, unit, per, heard_from / k)

    return stats.Estimate(
        100 * value, 100 * pool.least(0.025), 100 * pool.least(0.975), alone.n, unit, per,
        alone.contacts, alone.accounts, p_value, lambda x: below(x / 100), scaled,
    )  # fmt: skip
