"""What stood out comes back part of the way: is that said, and is it kept apart from a change?"""

from __future__ import annotations

import numpy as np
from servicegap import changes, schema, stats
from servicegap.verdicts import Stated, judge

from benchmarks.truth import answers
from benchmarks.truth.rows import Row, at_least, at_most

SEED = 640_000


def rows(trials: int) -> list[Row]:
    """Firms of which nothing changed, looked at again because they stood out as poor.

    A firm's true share is 60 to 80 %, its belief 5 points above, so who is called a blind spot is
    called so by chance too. Of these: how many are called better, and where the figure looks
    better, how often do the words speak of chance?
    """
    head = schema.HEADLINES["csat"]
    rng = np.random.default_rng(SEED)
    picked = better = looks = said = changed = 0
    for _ in range(trials):
        share = rng.uniform(0.6, 0.8)
        then, now = (
            stats.share(*answers.drawn(rng, answers.CLUSTERED[0], 120, 40, share)) for _ in "12"
        )
        changed += changes.compare(head, now, then).verdict != changes.OPEN
        verdict = judge(head, Stated(100 * share + 5), then)
        if verdict.word != "blind spot":
            continue
        picked += 1
        found = changes.compare(head, now, then, verdict)
        better += found.verdict == changes.BETTER
        if found.verdict == changes.BETTER or found.low > 0:
            looks += 1
            said += "by chance alone" in found.sentence
    return [
        at_most("a change called where nothing changed", changed, trials, 1),
        at_most("the same, of firms picked because they stood out as poor", better, picked, 5),
        at_least("where such a figure looks better, chance is named", said, looks, 100),
    ]
