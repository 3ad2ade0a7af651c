"""Session 08: "Our service is fine." The satisfied who would not tell anybody, and what would.

The okay zone (satisfied, and silent), Kano's pairs, penalty and reward, the journey with its
peaks and ends, the wow log, and where a moment would be noticed. A wow on top of a broken basic
is marked.
"""

from servicegap.sessions.wow_moment_gaps.basics import broken, broken_basics, broken_now
from servicegap.sessions.wow_moment_gaps.differences import Contrast, contrast
from servicegap.sessions.wow_moment_gaps.groups import by_group, pooled
from servicegap.sessions.wow_moment_gaps.ideas import Place, moments, places
from servicegap.sessions.wow_moment_gaps.kano_moments import Moment, kano, kano_answers
from servicegap.sessions.wow_moment_gaps.kano_moments import moments as kano_of
from servicegap.sessions.wow_moment_gaps.kano_pairs import (
    KINDS,
    LETTERS,
    Category,
    better_worse,
    categorise,
    count_letters,
    evaluate,
    peaks,
)
from servicegap.sessions.wow_moment_gaps.okay import okay_not_referring, silent_share
from servicegap.sessions.wow_moment_gaps.peak_end import peak_end
from servicegap.sessions.wow_moment_gaps.prca import (
    Model,
    marked,
    penalty_reward,
    penalty_reward_model,
)
from servicegap.sessions.wow_moment_gaps.stories import (
    here_now,
    journey,
    stories,
    told_and_silent,
    wow_log,
)
from servicegap.sessions.wow_moment_gaps.zones import (
    by_account,
    did_refer,
    four_and_five,
    okay_zone,
    top_and_okay,
)

__all__ = [
    "KINDS",
    "LETTERS",
    "Category",
    "Contrast",
    "Model",
    "Moment",
    "Place",
    "better_worse",
    "broken",
    "broken_basics",
    "broken_now",
    "by_account",
    "by_group",
    "categorise",
    "contrast",
    "count_letters",
    "did_refer",
    "evaluate",
    "four_and_five",
    "here_now",
    "journey",
    "kano",
    "kano_answers",
    "kano_of",
    "marked",
    "moments",
    "okay_not_referring",
    "okay_zone",
    "peak_end",
    "peaks",
    "penalty_reward",
    "penalty_reward_model",
    "places",
    "pooled",
    "silent_share",
    "stories",
    "told_and_silent",
    "top_and_okay",
    "wow_log",
]
