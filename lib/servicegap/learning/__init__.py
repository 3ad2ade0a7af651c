"""Has anything been learned? Questions with feedback, what was answered, shares for the trainer.

The questions are data (`questions/`, a file a session and one for the series); an attendee's
answers are appended to `learning.csv` in their own folder, without a name.
"""

from servicegap.learning.answers import FILE, OCCASIONS, Answer, file_of, first, read, record
from servicegap.learning.questions import SERIES, Choice, Question, asked_on, questions
from servicegap.learning.shares import FEWEST, Asked, Gathered, figure, gather, shares, table

__all__ = [
    "FEWEST",
    "FILE",
    "OCCASIONS",
    "SERIES",
    "Answer",
    "Asked",
    "Choice",
    "Gathered",
    "Question",
    "asked_on",
    "figure",
    "file_of",
    "first",
    "gather",
    "questions",
    "read",
    "record",
    "shares",
    "table",
]
