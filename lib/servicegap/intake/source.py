"""One file while its rows become ours: its columns by meaning, and what becomes of each row."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import numpy as np
import pyarrow.compute as pc

from servicegap.intake.catalogue import Format
from servicegap.intake.cols import Col
from servicegap.intake.data import fields, plain
from servicegap.intake.mapping import Columns
from servicegap.problems import Problem
from servicegap.tables.rows import EARLY, OUT_OF_LINE, TOTAL
from servicegap.tables.sheet import Sheet
from servicegap.tables.spellings import NO_VALUE

_SHOWN = 5
_NAMES = ("account", "account_key", "contact")  # "N/A" may be a company's name, a lone sign may not
_SIGNS = frozenset(word for word in NO_VALUE if not any(map(str.isalnum, word)))


@dataclass
class Source:
    """A file's rows on their way: 0 kept, 1 rejected, 2 excluded, each with a reason."""

    sheet: Sheet
    columns: Columns
    format: Format | None
    fate: np.ndarray = field(init=False)
    reasons: dict[str, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    rejected: int = 0
    excluded: int = 0

    def __post_init__(self) -> None:
        self.fate = np.zeros(len(self.sheet.rows), np.uint8)
        self.problems += self.sheet.notes
        for row, why, remedy in self.sheet.broken:
            self._count(OUT_OF_LINE, 1, reject=True)
            if self.reasons[OUT_OF_LINE] <= _SHOWN:
                self.say(why, remedy, row=row, severity="error")

    @property
    def read(self) -> int:
        """How many rows the file has, blank ones left out."""
        return len(self.fate) + len(self.sheet.broken)

    @property
    def kept(self) -> np.ndarray:
        return self.fate == 0

    def _count(self, reason: str, count: int, *, reject: bool) -> None:
        self.reasons[reason] = self.reasons.get(reason, 0) + count
        if reject:
            self.rejected += count
        else:
            self.excluded += count

    def say(
        self, what: str, remedy: str, *, row: int | None = None, column: str | None = None,
        value: str | None = None, severity: str = "warning", count: int = 1,
    ) -> None:  # fmt: skip
        """Note a problem, under the file's own header."""
        self.problems.append(
            Problem("", self.sheet.file, row, column, value, what, remedy, severity, count)
        )

    def drop(self, mask: np.ndarray, reason: str, *, reject: bool) -> np.ndarray:
        """Settle the rows of `mask` that are still kept, and return which these are."""
        mask = mask & (self.fate == 0)
        count = int(mask.sum())
        if count:
            self.fate[mask] = 1 if reject else 2
            self._count(reason, count, reject=reject)
        return mask

    def first(self, mask: np.ndarray) -> int:
        """The spreadsheet's number of the first row in the mask."""
        return int(self.sheet.rows[int(np.argmax(mask))])

    def raw(self, header: str) -> Col:
        """A column by its header, cells that hold no value empty."""
        array = self.sheet.columns[header]
        col = Col(array.dictionary, np.asarray(array.indices), header)
        codes = self.format.values.get(plain(header), {}) if self.format else {}
        return col.map(lambda text: codes.get(text, text)) if codes else col

    def col(self, name: str) -> Col | None:
        """The column that means a field; where several do, the first that says something.

        None where no column does, or none says anything.
        """
        found: Col | None = None
        gone = _SIGNS if name in _NAMES else NO_VALUE
        for header in self.columns.of(name):
            if header not in self.sheet.columns:
                continue
            one = self.raw(header).without(gone)
            if found is None:
                found = one
            elif name == "contact" and {"first", "last"} <= _words(found.header, header):
                found = found.joined(one)
            elif name not in ("score", "csat", "sla_met"):
                found = found.or_else(one)
        if found is None or not found.says_something:
            return None
        # what rows are told apart by must have one code where it is one text
        return found.distinct() if name in _NAMES or fields()[name].kind == "id" else found

    def complain(
        self, col: Col, where: np.ndarray, what: str, remedy: str, severity: str = "warning"
    ) -> None:
        """One problem for each of the commonest texts in some rows, one for all the others."""
        hit = np.flatnonzero(where & self.kept)
        if not len(hit):
            return
        codes, first, counts = np.unique(col.codes[hit], return_index=True, return_counts=True)
        order = np.lexsort((first, -counts))
        for i in order[:_SHOWN]:
            text = col.words[int(codes[i])].as_py()
            self.say(f"“{text[:40]}” {what}", remedy, row=int(self.sheet.rows[hit[first[i]]]),
                     column=col.header, value=text, severity=severity,
                     count=int(counts[i]))  # fmt: skip
        rest = order[_SHOWN:]
        if len(rest):
            self.say(f"{len(rest):,} more different values, each of which {what}", remedy,
                     row=int(self.sheet.rows[hit[first[rest].min()]]), column=col.header,
                     severity=severity, count=int(counts[rest].sum()))  # fmt: skip

    def leave_out_totals(self, key: Col | None) -> None:
        """Exclude rows of totals and repeated headers, before they can decide anything."""
        again = np.ones(len(self.fate), bool)
        for header, array in self.sheet.columns.items():
            same = np.asarray(pc.equal(array.dictionary, header))
            again &= same[np.asarray(array.indices)] if same.any() else False
            if not again.any():
                break
        out = self.drop(again, EARLY[1], reject=False)
        if out.any():
            self.say("the headers stand here once more", "nothing to do; the row was left out",
                     row=self.first(out), count=int(out.sum()))  # fmt: skip
        total = re.compile(TOTAL, re.IGNORECASE)
        if key is not None:
            found = pc.match_substring_regex(key.words, TOTAL, ignore_case=True)
            totals = np.array(np.asarray(found)[key.codes])
            for i in np.flatnonzero(key.empty)[:1000]:
                texts = [a[int(i)].as_py() for a in self.sheet.columns.values()]
                told = [text for text in texts if text]
                figures = all(re.fullmatch(r"[-+ .,:\d%€£$]+", text) for text in told)
                totals[i] = bool(told) and (bool(total.match(told[0])) or figures)
            out = self.drop(totals, EARLY[0], reject=False)
            if out.any():
                self.say("a row of totals was left out", "nothing to do, if it is one",
                         row=self.first(out), count=int(out.sum()))  # fmt: skip


def _words(*headers: str) -> set[str]:
    return {word for header in headers for word in re.findall(r"[a-z]+", header.casefold())}
