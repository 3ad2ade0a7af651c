"""Marks in the spellings of other tools: which scale a column is on, and the number of each mark.

The scale is recognised from the column's words or from the range of its figures, and confirmed
by that range where it was stated. Where the answers fit several scales nobody guesses: the
difference between 1-5 and 0-10 is the difference between delight and disaster.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from servicegap.intake.data import words
from servicegap.schema import SCALES

NOT_ASKED = "not asked"
_OF = re.compile(r"(\d+(?:[.,]\d+)?)\s*(?:/|of|out of)\s*(\d+)(?:\s*stars?)?", re.IGNORECASE)
_NUMBER = re.compile(r"[-+]?\d+(?:[.,]\d+)?")
_LABELLED = re.compile(r"([-+]?\d+)\s*(?:[-–—:.=(]|stars?\b).*", re.IGNORECASE | re.DOTALL)
_PERCENT = re.compile(r"(\d+(?:[.,]\d+)?)\s*%")
_NAMED = re.compile(r"\bnps\b|recommend|net ?promoter|netpro", re.IGNORECASE)
_BY_MOST = {"5": "1-5", "7": "1-7", "10": "0-10", "100": "0-100", "3": None}


@dataclass(frozen=True)
class Marks:
    """How a column of marks is read: its scale, and each distinct text's mark.

    A text's mark is a number as text, "" where it was asked and not answered, NOT_ASKED, or None
    where the text is no mark. `doubt` says why nobody can tell the scale, with the scales that
    would do; `by` on what the reading rests.
    """

    scale: str | None
    of: Mapping[str, str | None]
    by: str = ""
    doubt: str = ""
    could_be: tuple[str, ...] = ()


def read_marks(
    texts: Sequence[str],
    header: str = "",
    scale: str | None = None,
    own: Mapping[str, str] | None = None,
    counts: Sequence[int] | None = None,
) -> Marks:
    """Read a column's distinct texts as marks.

    Args: the column's header; the scale, where it was stated; `own`, the words of a format and
    their numbers; `counts`, how often each text stands there, to weigh what is rare.
    """
    plain = {text: " ".join(text.casefold().split()) for text in texts}
    found: dict[str, str | None] = {}
    said: dict[str, str] = {}
    figures: dict[str, float] = {}
    of_most: set[str] = set()
    for text, word in plain.items():
        if not word or word in words()["silent"] or word in words()["no_mark"]:
            found[text] = ""
        elif word in words()["not_asked"]:
            found[text] = NOT_ASKED
        elif own and word in own:
            found[text] = own[word]
        elif (number := _figure(word, of_most)) is not None:
            figures[text] = number
        else:
            said[text] = word
    if said and (not figures or scale is None):
        by_words = _by_words(said, scale, counts, texts)
        if by_words and not figures:
            return Marks(by_words[0], {**found, **by_words[1]}, "its words")
    for text in said:
        found[text] = None
    if scale is None and own and not figures and all(v is not None for v in found.values()):
        return Marks(None, found)
    by = "what you said" if scale else "the range of its marks"
    if scale is None:
        scale, doubt, could_be = _by_range(figures, header, of_most, texts, counts)
        if doubt:
            return Marks(None, found | {t: _text(n) for t, n in figures.items()}, "", doubt,
                         could_be)  # fmt: skip
    ends = SCALES[scale] if scale else None
    for text, number in figures.items():
        fits = (
            ends
            and ends.low <= number <= ends.high
            and (ends.continuous or number == round(number))
        )
        found[text] = _text(number) if fits else None
    return Marks(scale, found, by)


def _figure(word: str, of_most: set[str]) -> float | None:
    if percent := _PERCENT.fullmatch(word):
        of_most.add("100")
        return float(percent[1].replace(",", "."))
    if of := _OF.fullmatch(word):
        of_most.add(of[2])
        return float(of[1].replace(",", "."))
    if _NUMBER.fullmatch(word):
        return float(word.replace(",", "."))
    if (labelled := _LABELLED.fullmatch(word)) and not re.match(r"[-+]?\d+[.:/-]\d", word):
        return float(labelled[1])
    return None


def _text(number: float) -> str:
    return f"{number:.10g}"


def _by_words(
    said: Mapping[str, str], scale: str | None, counts: Sequence[int] | None, texts: Sequence[str]
) -> tuple[str, dict[str, str | None]] | None:
    """The first list of words that holds nearly all that was said, and their marks."""
    often = dict(zip(texts, counts or [1] * len(texts), strict=True))
    total = sum(often[text] for text in said)
    for name, lists in words()["marks"].items():
        if scale not in (None, name):
            continue
        for marks in lists:
            known = {str(word): number for word, number in marks.items()}
            hit = sum(often[text] for text, word in said.items() if word in known)
            if hit and hit >= 0.95 * total:
                return name, {t: str(known[w]) if w in known else None for t, w in said.items()}
    return None


def _by_range(
    figures: Mapping[str, float], header: str, of_most: set[str], texts: Sequence[str],
    counts: Sequence[int] | None,
) -> tuple[str | None, str, tuple[str, ...]]:  # fmt: skip
    """The scale that the figures can be on, or why it can't be told, and which would do."""
    if not figures:
        return None, "it holds no marks", ()
    often = dict(zip(texts, counts or [1] * len(texts), strict=True))
    answers = sum(often[text] for text in figures)
    low, high = min(figures.values()), max(figures.values())
    whole = all(number == round(number) for number in figures.values())
    span = f"its marks run from {low:g} to {high:g}"
    if len(of_most) == 1 and (named := _BY_MOST.get(next(iter(of_most)))):
        return named, "", ()
    if not whole:
        if low >= 0 and 10 < high <= 100:
            return "0-100", "", ()
        return None, f"{span} and are not whole numbers", tuple(SCALES)
    if low < 0:
        fits = low >= -1 and high <= 1
        return (
            ("-1/0/1", "", ())
            if fits
            else (None, f"{span}, which is no scale we know", tuple(SCALES))
        )
    if high > 10:
        above = sum(often[text] for text, number in figures.items() if number > 10)
        if _NAMED.search(header) and above <= 0.05 * answers:
            return "0-10", "", ()  # a code for those who did not say; it is pointed out
        different = sum(number > 10 for number in figures.values())
        if high <= 100 and 5 * above >= answers and different >= 3:
            return "0-100", "", ()
        return None, f"{span}, which is no scale we know", tuple(SCALES)
    if high > 7:
        if low == 0 or _NAMED.search(header):
            return "0-10", "", ()
        return None, f"{span}, with no 0 among {answers:,} answers", ("0-10", "1-10")
    if high > 5:
        if _NAMED.search(header):
            return "0-10", "", ()
        return None, span, ("1-7", "0-10", "1-10") if low else ("0-10", "1-5")
    if high > 1 and low >= 1 and not _NAMED.search(header):
        # the top mark of 1-5 is given, and nothing above it in so many answers
        if high == 5 and answers >= 20:
            return "1-5", "", ()
        return None, f"{span} in {answers:,} answers", ("1-5", "1-7", "0-10", "1-10")
    if low == 0 and high == 1 and not _NAMED.search(header):
        return "0/1", "", ()
    return None, span, ("0-10", "1-5", "0/1")
