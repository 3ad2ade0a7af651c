"""When may a number speak? The floor, intervals and comparisons, once for all sessions.

A look at the data ends in an `Estimate`. The rules are those of METHODS, "When a number may
speak": a floor, one value per contact, an effective number of answers. "Not measured" is an
Estimate like any other: its value is NaN and it flows through everything as NaN does.

`estimate` is what comes out, and the floor; `shares` how it is got of a share; `bootstrap` of
anything else.
"""

from servicegap.stats.bootstrap import (
    DRAWS,
    SEED,
    from_draws,
    from_error,
    resampled_means,
    share_from_error,
)
from servicegap.stats.estimate import (
    ACCOUNTS_FROM,
    HIDDEN_BELOW,
    LIKELY,
    SPEAKS_FROM,
    Estimate,
    cautious,
    enough,
    not_measured,
)
from servicegap.stats.shares import (
    Z95,
    effective_n,
    goodman,
    mean,
    share,
    silent_bounds,
    wilson,
)

__all__ = [
    "ACCOUNTS_FROM", "DRAWS", "HIDDEN_BELOW", "LIKELY", "SEED", "SPEAKS_FROM", "Z95", "Estimate",
    "cautious", "effective_n", "enough", "from_draws", "from_error", "goodman", "mean",
    "not_measured", "resampled_means", "share", "share_from_error", "silent_bounds", "wilson",
]  # fmt: skip
