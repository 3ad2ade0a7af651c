"""A ticket tool's export -> our tickets, and the marks that stand in it -> our ratings."""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from servicegap.intake import clocks
from servicegap.intake.cols import Col, all_different, chosen, col_of, last_rows
from servicegap.intake.data import pattern, plain, words
from servicegap.intake.people import People, remember, who
from servicegap.intake.ratings import marks_of
from servicegap.intake.source import Source
from servicegap.intake.spans import figures, span
from servicegap.intake.suppliers import suppliers

Out = dict[str, pa.Array]
_SEVERAL = re.compile(r"\s*[,;|/]\s*|\s+&\s+")
_YES = frozenset(("yes", "y", "true"))


def tickets(source: Source, people: People) -> dict[str, Out]:
    """Make `tickets`, and `ratings` where the export holds marks. Rows keep the file's order.

    A log with several rows a ticket keeps them all, its last change last, as our tickets table
    has it: reading folds them. What an earlier row says about a supplier goes into the last one.
    """
    key = source.col("ticket_id")
    source.leave_out_totals(key)
    if key is None:
        key = col_of([""], np.zeros(len(source.fate), np.int32))
    _reject(source, key, key.empty, "no ticket_id")
    _leave_out(source)
    opened = _opened(source)
    _reject(source, key, np.isnat(opened), "no opened_at")
    account, contact = who(source, people)
    _reject(source, key, account.empty, "no account_id")
    remember(source, people, account, contact)
    order = _order(source, key)
    first = clocks.moments(source, "first_reply_at")
    resolved = _resolved(source, opened)
    out: Out = {"ticket_id": key.values, "account_id": account.values}
    if contact is not None:
        out["contact_id"] = contact.values
    out["opened_at"] = clocks.texts_of(opened)
    reply = span(source, "first_reply_hours")
    if first is None and reply is not None:
        first = _after(opened, reply)
    if first is not None:
        out["first_reply_at"] = clocks.texts_of(first)
    if resolved is not None:
        out["resolved_at"] = clocks.texts_of(resolved)
    for name in ("priority", "type", "channel"):
        _add(out, name, source.col(name))
    _add(out, "team", source.col("team") or source.col("board"))
    _add(out, "technician", _one_of_several(source))
    for name in ("reopened", "reassigned", "touches"):
        _add(out, name, _count(source, name))
    for name in ("hours_worked", "sla_hours"):
        hours = span(source, name)
        if hours is not None:
            out[name] = figures(hours)
    met = _met(source, resolved)
    if met is not None:
        out["sla_met"] = met
    out |= suppliers(source, key, order)
    out["source"] = _sources(source)
    kept = order[source.kept[order]]
    made = {"tickets": {name: texts.take(pa.array(kept)) for name, texts in out.items()}}
    marks = marks_of(source, "csat")
    if marks is not None:
        when = clocks.moments(source, "csat_at")
        asked = resolved if resolved is not None else opened
        made |= _ratings(source, key, account, contact, marks, when, asked, order)
    return made


def _add(out: Out, name: str, col: Col | None) -> None:
    if col is not None:
        out[name] = col.values


def _reject(source: Source, key: Col, mask: np.ndarray, reason: str) -> None:
    lost = source.drop(mask, reason, reject=True)
    if lost.any():
        source.say(f"the row can't be used: {reason}", "fill it in where it comes from",
                   row=source.first(lost), severity="error", count=int(lost.sum()))  # fmt: skip


def _leave_out(source: Source) -> None:
    """Exclude rows that are no tickets of their own: merged, duplicates, spam."""
    status, tags, into = (source.col(name) for name in ("status", "tags", "merged_into"))
    merged = np.zeros(len(source.fate), bool)
    for col in (status, tags):
        if col is not None:
            merged |= col.says(pattern("merged"))
    if into is not None:
        merged |= ~into.empty
    source.drop(merged, "merged into another ticket, or a duplicate", reject=False)
    if status is not None:
        source.drop(status.says(pattern("not_a_ticket")), "spam or deleted", reject=False)


def _opened(source: Source) -> np.ndarray:
    opened = clocks.moments(source, "opened_at")
    if opened is not None:
        return opened
    other = clocks.moments(source, "first_reply_at")
    if other is None:
        return np.full(len(source.fate), clocks.NAT)
    header = source.columns.of("first_reply_at")[0]
    source.say("the export does not say when tickets were opened; the first reply stands for it",
               "export that column too, if there is one", column=header)  # fmt: skip
    return other


def _resolved(source: Source, opened: np.ndarray) -> np.ndarray | None:
    resolved, closed = clocks.moments(source, "resolved_at"), clocks.moments(source, "closed_at")
    if resolved is None:
        resolved = closed
    elif closed is not None:
        resolved = np.where(np.isnat(resolved), closed, resolved)
    took = span(source, "resolve_hours")
    if took is not None:
        ended = _after(opened, took)
        resolved = ended if resolved is None else np.where(np.isnat(resolved), ended, resolved)
    return resolved


def _after(start: np.ndarray, hours: np.ndarray) -> np.ndarray:
    sane = np.where(np.isfinite(hours) & (hours >= 0) & (hours < 200_000), hours, np.nan)
    spans = np.where(np.isnan(sane), 0, np.rint(np.nan_to_num(sane) * 3_600) * 1_000_000).astype(
        "int64"
    )
    return np.where(np.isnan(sane), clocks.NAT, start + spans.astype("timedelta64[us]"))


def _count(source: Source, name: str) -> Col | None:
    col = source.col(name)
    if col is None:
        return None

    def read(text: str) -> str:
        word = text.casefold()
        if word in _YES:
            return "1"
        if word in ("no", "n", "false"):
            return "0"
        return str(int(float(text))) if re.fullmatch(r"\d{1,9}(\.0+)?", text) else ""

    lost = col.where(lambda text: text and not read(text))
    source.complain(col, lost, "is no count", "write a whole number, or leave it empty")
    return col.map(read)


def _one_of_several(source: Source) -> Col | None:
    """The technician: the first of several names in one cell. A name "Last, First" stays whole."""
    col = source.col("technician")
    if col is None:
        return None
    commas = [text for text in col.texts if "," in text]
    surnames = commas and all(re.fullmatch(r"[^\W\d]+, [^\W\d]+(?: [^\W\d]+)?", t) for t in commas)
    alone = bool(surnames) and len(commas) > 0.8 * sum(map(bool, col.texts))

    def first(text: str) -> str:
        if alone:
            return text
        return _SEVERAL.split(text)[0]

    several = col.where(lambda text: first(text) != text)
    if several.any():
        source.complain(col, several, "names several people; the first is taken to have solved it",
                        "nothing to do")  # fmt: skip
    return col.map(first)


def _met(source: Source, resolved: np.ndarray | None) -> pa.Array | None:
    """Whether the agreement was kept: as the export says, else by its due date."""
    inside, broken = source.col("sla_met"), source.col("sla_broken")
    if inside is not None:
        col = inside.map(_word(words()["met"], words()["not_met"]))
        lost = inside.where(bool) & col.empty
        source.complain(inside, lost, "says neither that the agreement was kept nor that it was "
                        "broken; it was read as empty", "nothing to do")  # fmt: skip
        if col.says_something:
            return col.values
    if broken is not None:
        return broken.map(_word(words()["met"], words()["not_met"], turned=True)).values
    due = clocks.moments(source, "due_at")
    if due is None or resolved is None:
        return None
    known = ~np.isnat(due) & ~np.isnat(resolved)
    return chosen(np.where(known, np.where(resolved <= due, 1, 2), 0), ("", "yes", "no"))


def _word(met: list[str], not_met: list[str], turned: bool = False) -> Callable[[str], str]:
    good, bad = ({plain(str(word)) for word in group} for group in (met, not_met))
    if turned:  # "breached: yes" is the opposite of "met: yes"
        yes = {plain(word) for word in ("yes", "true", "y", "1")}
        no = {plain(word) for word in ("no", "false", "n", "0")}
        good, bad = (good - yes) | no, (bad - no) | yes

    def read(text: str) -> str:
        word = plain(text)
        return "yes" if word in good else "no" if word in bad else ""

    return read


def _order(source: Source, key: Col) -> np.ndarray:
    """The rows in the order in which a log's last row comes last; else as they stand."""
    rows = np.arange(len(source.fate))
    kept = key.codes[source.kept]
    if all_different(kept):
        return rows
    changed = clocks.moments(source, "updated_at")
    if changed is None:
        return rows
    stamps = np.where(np.isnat(changed), np.datetime64("1900-01-01", "us"), changed)
    in_time = np.lexsort((rows, stamps))
    # tickets stay where their first row stood; within a ticket, time decides
    slots = np.argsort(key.codes, kind="stable")
    ranked = in_time[np.argsort(key.codes[in_time], kind="stable")]
    order = np.empty(len(rows), dtype=np.int64)
    order[slots] = ranked
    return order


def _sources(source: Source) -> pa.Array:
    """Whether a person or an alert opened each ticket."""
    alert = np.zeros(len(source.fate), bool)
    for name, rule in (
        ("channel", "alert"), ("board", "alert"), ("team", "alert"), ("type", "alert"),
        ("tags", "alert"), ("subject", "alert_subject"), ("contact_email", "alert_sender"),
        ("contact", "alert"),
    ):  # fmt: skip
        col = source.col(name)
        if col is not None:
            alert |= col.says(pattern(rule))
    return chosen(alert, ("human", "monitoring"))


def _ratings(
    source: Source, key: Col, account: Col, contact: Col | None, marks: tuple[Col, np.ndarray, str],
    when: np.ndarray | None, asked: np.ndarray, order: np.ndarray,
) -> dict[str, Out]:  # fmt: skip
    """The ratings that stand in a ticket export: of each ticket its last row's."""
    score, was_asked, scale = marks
    kept = order[source.kept[order]]
    rows = last_rows(key.codes[kept], kept)
    rows = np.sort(rows[rows >= 0])
    rows = rows[was_asked[rows]]
    if not len(rows) or not scale:
        return {}
    count = len(source.fate)
    out: Out = {
        "rating_id": Col(_numbered(key.words), key.codes, "").values,
        "account_id": account.values,
        "ticket_id": key.values,
        "asked_at": clocks.texts_of(asked),
        "score": score.values,
        "scale": pa.repeat(scale, count),
    }
    if contact is not None:
        out["contact_id"] = contact.values
    if when is not None:
        out["answered_at"] = clocks.texts_of(when)
    _add(out, "comment", source.col("csat_comment"))
    return {"ratings": {name: texts.take(pa.array(rows)) for name, texts in out.items()}}


def _numbered(keys: pa.Array) -> pa.Array:
    """A rating's own key for each ticket's."""
    return pc.if_else(pc.equal(keys, ""), "", pc.binary_join_element_wise("R-", keys, ""))
