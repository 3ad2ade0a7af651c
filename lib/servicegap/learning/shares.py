"""How many of a room had each question right? Over a folder of `learning.csv` files, from five up.

One file is one person. Under five answers to a question nothing is said of it, not even how many
there were, and nothing is added up over questions. Counted twice, it gives people away all the
same: where 2 of 6 become 3 of 7, the seventh had it right. So count once, when all files are in.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from servicegap import findings, stats
from servicegap.learning.answers import OCCASIONS, Answer, first, is_ours, read
from servicegap.learning.questions import asked_on
from servicegap.tables.files import hidden

FEWEST = 5
_NAMES = {"before": "before the series", "after": "after the series"}


@dataclass(frozen=True)
class Gathered:
    """What a folder holds: a tuple of answers for each person, and names of files left out."""

    people: tuple[tuple[Answer, ...], ...]
    left_out: tuple[str, ...]


@dataclass(frozen=True)
class Asked:
    """How a question fared: n answered it, `share` of 100 were right, 95 % interval low to high.

    Under five answers `n` and the figures are None.
    """

    occasion: str
    question_id: str
    text: str
    n: int | None
    share: float | None
    low: float | None
    high: float | None


def gather(folder: Path) -> Gathered:
    """Read every file of answers, under whatever name, in a folder and the folders in it.

    Left out and named: a file without a single answer, and a copy, which is a file all of whose
    answers, with their times, stand in another one. Of files that hold the same the first counts.
    """
    found, left_out = [], []
    for path in _files(folder):
        name, answers = path.relative_to(folder).as_posix(), read(path)
        if answers:
            found.append((name, answers, frozenset(answers)))
        else:
            left_out.append(name)
    people = []
    for place, (name, answers, mine) in enumerate(found):
        others = ((at, theirs) for at, (_, _, theirs) in enumerate(found) if at != place)
        if any(mine < theirs or (mine == theirs and at < place) for at, theirs in others):
            left_out.append(name)
        else:
            people.append(answers)
    return Gathered(tuple(people), tuple(sorted(left_out)))


def _files(folder: Path) -> list[Path]:
    """The files of answers, and those that are none and call themselves so."""
    return [
        path
        for path in sorted(folder.rglob("*"))
        if path.suffix.casefold() == ".csv"
        and not hidden(path.relative_to(folder))
        and path.is_file()
        and (path.name.casefold().startswith("learning") or is_ours(path))
    ]


def tally(people: Iterable[Sequence[Answer]]) -> Mapping[tuple[str, str], tuple[int, int]]:
    """Return (right, answered) by occasion and question; the first answer of each person counts.

    For sums only; what is shown comes from `shares`.
    """
    counts: dict[tuple[str, str], tuple[int, int]] = {}
    for answers in people:
        for key, answer in first(answers).items():
            right, n = counts.get(key, (0, 0))
            counts[key] = (right + answer.right, n + 1)
    return counts


def shares(people: Iterable[Sequence[Answer]]) -> tuple[Asked, ...]:
    """Return how each question fared, in order of the series, for those answered at all.

    The interval is Wilson's: it speaks of people like these, not of these alone.
    """
    counts = tally(people)
    found = []
    for occasion in OCCASIONS:
        for question in asked_on(occasion):
            right, n = counts.get((occasion, question.id), (0, 0))
            about = (occasion, question.id, question.plain)
            if n >= FEWEST:
                low, high = stats.wilson(right, n)
                found.append(Asked(*about, n, 100 * right / n, 100 * low, 100 * high))
            elif n:
                found.append(Asked(*about, None, None, None, None))
    return tuple(found)


def in_words(asked: Asked) -> str:
    """`8 of 11 right`, or that too few answered."""
    if asked.n is None or asked.share is None:
        return f"fewer than {FEWEST} answered"
    return f"{round(asked.share * asked.n / 100)} of {asked.n} right"


def table(asked: Sequence[Asked]) -> findings.Table:
    """The share right per question as a table of the workbook."""
    import pandas as pd

    rows = [(_when(a), a.text, in_words(a)) for a in asked]
    return findings.Table(
        "How many had each question right the first time" if rows else "Nobody has answered yet",
        f"One file is one person. A question that fewer than {FEWEST} answered is not counted out.",
        pd.DataFrame(rows, columns=["when", "question", "right"]),
        {
            "when": findings.Shown("When"),
            "question": findings.Shown("Question"),
            "right": findings.Shown("Right"),
        },
    )


def _when(asked: Asked) -> str:
    return _NAMES.get(asked.occasion, f"session {int(asked.occasion)}" if asked.occasion.isdigit()
                      else asked.occasion)  # fmt: skip


def figure(asked: Sequence[Asked], occasion: str = "") -> findings.Figure:
    """The share right per question with its interval: of one session, or before beside after."""
    import pandas as pd

    wanted = (occasion,) if occasion else ("before", "after")
    shown = [a for a in asked if a.occasion in wanted and a.share is not None]
    shown.sort(key=lambda a: (int(a.question_id.rpartition("-")[2]), wanted.index(a.occasion)))
    data = pd.DataFrame(
        [(_label(a, occasion), a.share, a.low, a.high, a.n) for a in shown],
        columns=["question", "share", "low", "high", "n"],
    )
    columns = {
        "question": findings.Shown("Question"),
        "share": findings.Shown("Right", "%"),
        "low": findings.Shown("from", "%"),
        "high": findings.Shown("to", "%"),
        "n": findings.Shown("Answers"),
    }
    title = _title(shown, occasion)
    said = " ".join(f"{_label(a, occasion)}: {in_words(a)}." for a in shown)
    absent = None if shown else f"no question has been answered by {FEWEST} people yet"
    return findings.Figure(
        title,
        said or "Nothing to show yet.",
        "The line through a dot is where the share of people like these would lie, nineteen times "
        "in twenty. Hollow: before.",
        data,
        columns,
        lambda: _drawn(shown, occasion),
        not_measured=absent,
    )


def _label(asked: Asked, occasion: str) -> str:
    number = asked.question_id.rpartition("-")[2]
    return f"question {number}" if occasion else f"{number}, {asked.occasion}"


def _title(shown: Sequence[Asked], occasion: str) -> str:
    if occasion:
        return f"Session {int(occasion)}: how many had each question right"
    now = {a.question_id: a.share for a in shown if a.occasion == "after"}
    then = {a.question_id: a.share for a in shown if a.occasion == "before"}
    both = now.keys() & then.keys()
    more = sum((now[q] or 0) > (then[q] or 0) for q in both)
    if not both:
        return "Ten questions before and after"
    return f"More had it right afterwards in {more} of {len(both)} questions"


def _drawn(shown: Sequence[Asked], occasion: str):
    from servicegap import charts

    return charts.dots(
        [_label(a, occasion) for a in shown],
        [a.share or 0.0 for a in shown],
        [a.low or 0.0 for a in shown],
        [a.high or 0.0 for a in shown],
        notes=[in_words(a) for a in shown],
        hollow=[a.occasion == "before" for a in shown],
    )
