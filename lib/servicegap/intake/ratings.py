"""A feedback tool's export -> our ratings."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from servicegap.intake import clocks
from servicegap.intake.cols import Col, all_different, last_rows
from servicegap.intake.data import pattern
from servicegap.intake.marks import NOT_ASKED, read_marks
from servicegap.intake.numbering import numbers
from servicegap.intake.people import People, remember, who
from servicegap.intake.source import Source
from servicegap.problems import Problem, Refused
from servicegap.tables.spellings import YES_NO

Out = dict[str, pa.Array]


def marks_of(source: Source, name: str) -> tuple[Col, np.ndarray, str] | None:
    """A field's marks, which rows were asked for one, and the scale. Raises Refused if in doubt."""
    col = source.col(name)
    if col is None:
        return None
    marks = marks_in(source, col, required=name == "score")
    if marks is None or name == "score":
        return marks
    # in a ticket tool an empty cell does not say that anybody was asked
    return marks[0], marks[1] & ~col.empty, marks[2]


def marks_in(
    source: Source, col: Col, required: bool = False, label: str = ""
) -> tuple[Col, np.ndarray, str] | None:
    """A column's marks; None where it holds none and may be left out."""
    stated = source.columns.scales.get(col.header)
    if stated is None and source.format is not None and not label:
        stated = source.format.scale
    own = source.format.words if source.format else {}
    counts = np.bincount(col.codes[source.kept], minlength=len(col.words))
    used = np.flatnonzero(counts).tolist()
    texts = [col.texts[i] for i in used]
    read = read_marks(texts, f"{col.header} {label}", stated, own, [int(counts[i]) for i in used])
    if read.scale is None and any(read.of.values()):
        raise Refused(
            Problem("", source.sheet.file, None, col.header, None,
                    "nobody can say which scale its marks are on: "
                    f"{read.doubt or 'no list of words fits'}",
                    f"say so with --scale, one of {', '.join(read.could_be) or '1-5, 0-10'}")
        )  # fmt: skip
    if read.scale is None:
        return None
    wrong = col.where(lambda text: text and read.of.get(text, "") is None)
    source.complain(col, wrong, f"is no mark on the scale {read.scale}; it counts as no mark",
                    "correct it where it comes from, if it was one")  # fmt: skip
    asked = ~col.where(lambda text: read.of.get(text) == NOT_ASKED)
    figures = col.map(lambda t: "" if read.of.get(t) in (None, NOT_ASKED) else str(read.of[t]))
    if source.kept.any() and not required and read.scale and (asked & source.kept).sum() == 0:
        return None
    return figures, asked, read.scale


def ratings(source: Source, people: People) -> dict[str, Out]:
    """Make `ratings` of an export with a row an answer; several answers of a response are folded.

    A row without a mark was asked and not answered, and stays.
    """
    key, score = source.col("rating_id"), source.col("score")
    source.leave_out_totals(key or score)
    status = source.col("status")
    if status is not None:
        source.drop(status.says(pattern("not_a_ticket")), "spam or deleted", reject=False)
    _fold(source)
    account, contact = who(source, people)
    lost = source.drop(account.empty, "no account_id", reject=True)
    if lost.any():
        source.say("the row can't be used: neither a company nor a person is named",
                   "fill it in where it comes from", row=source.first(lost), severity="error",
                   count=int(lost.sum()))  # fmt: skip
    marks = marks_of(source, "score")
    if marks is None:
        raise Refused(
            Problem("", source.sheet.file, None, None, None, "no column holds the marks",
                    "say in intake.yaml which one does: “its header: score”")
        )  # fmt: skip
    figures, asked, scale = marks
    source.drop(~asked, "not asked", reject=False)
    remember(source, people, account, contact)
    count = len(source.fate)
    ids = _ids(source, key, people)
    out: Out = {
        "rating_id": ids, "account_id": account.values, "score": figures.values,
        "scale": pa.repeat(scale, count),
    }  # fmt: skip
    if contact is not None:
        out["contact_id"] = contact.values
    for name in ("ticket_id", "comment"):
        col = source.col(name)
        if col is not None:
            out[name] = col.values
    for name in ("asked_at", "answered_at"):
        moments = clocks.moments(source, name)
        if moments is None and name == "asked_at":
            moments = clocks.moments(source, "closed_at")
        if moments is not None:
            if name == "answered_at":  # what is not answered has no moment of it
                moments = np.where(figures.empty, clocks.NAT, moments)
            out[name] = clocks.texts_of(moments)
    if not {"asked_at", "answered_at"} & set(out) and not _own(source, key):
        source.say("rows have neither a number nor a date, so one that says the same as a row of "
                   "an earlier file counts once", "export the date or the number too")  # fmt: skip
    quote = source.col("may_quote")
    if quote is not None:
        out["may_quote"] = quote.map(
            lambda t: {True: "yes", False: "no"}.get(YES_NO.get(t.casefold()), "")  # type: ignore[arg-type]
        ).values
    return {"ratings": {n: texts.filter(pa.array(source.kept)) for n, texts in out.items()}}


def _ids(source: Source, key: Col | None, people: People) -> pa.Array:
    """The export's own numbers where they serve; else ours, of what the rows say."""
    if key is not None and _own(source, key):
        return key.values
    # not a figure alone: a spreadsheet would take 12e34567 for a number
    return pc.binary_join_element_wise("F-", numbers(source, people.key), "")


def _own(source: Source, key: Col | None) -> bool:
    """Whether the export's own numbers are all there and different."""
    if key is None:
        return False
    return not key.empty[source.kept].any() and all_different(key.codes[source.kept])


def _fold(source: Source) -> None:
    """Of each response the answer to the commonest question counts, and of that the last change."""
    response, question = source.col("response_key"), source.col("question")
    if response is not None and question is not None:
        counts = np.bincount(question.codes[source.kept], minlength=len(question.texts))
        counts[[i for i, text in enumerate(question.texts) if not text]] = 0
        if (counts > 0).sum() > 1:
            other = ~question.where(lambda text: text == question.texts[int(counts.argmax())])
            source.drop(other, "an answer to another question of the same response", reject=False)
    key = response or source.col("rating_id")
    if key is None:
        return
    rows = np.flatnonzero(source.kept & ~key.empty)
    changed = clocks.moments(source, "updated_at")
    if changed is not None:
        rows = rows[np.argsort(changed[rows], kind="stable")]
    last = last_rows(key.codes[rows], rows)
    earlier = np.zeros(len(source.fate), bool)
    earlier[rows] = True
    earlier[last[last >= 0]] = False
    source.drop(earlier, "an earlier answer that was changed", reject=False)
