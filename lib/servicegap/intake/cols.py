"""A column of an export while its texts become ours: its distinct texts, and a code a row.

What has to be said of a million texts is said by pyarrow; what Python says, it says of texts that
repeat themselves.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

_MANY = 5_000  # different texts from which a quick look beforehand pays


@dataclass(frozen=True)
class Col:
    """A column as texts and a code a row; "" is an empty cell. `header` is the file's.

    `words` is a pyarrow string array without nulls, `codes` says which of them each row holds.
    """

    words: pa.Array
    codes: np.ndarray
    header: str

    @functools.cached_property
    def texts(self) -> tuple[str, ...]:
        """The texts of `words`, for Python."""
        return tuple(self.words.to_pylist())

    @property
    def says_something(self) -> bool:
        return bool(pc.any(pc.not_equal(self.words, "")).as_py())

    def map(self, change: Callable[[str], str]) -> Col:
        """The column with each distinct text changed."""
        return col_of(map(change, self.texts), self.codes, self.header)

    def map_in(self, change: Callable[[str], str], rows: np.ndarray) -> Col:
        """The column with the texts of some rows changed and all others empty."""
        used = np.bincount(self.codes[rows], minlength=len(self.words)) > 0
        texts = (change(t) if u and t else "" for t, u in zip(self.texts, used, strict=True))
        return col_of(texts, self.codes, self.header)

    def without(self, gone: Collection[str]) -> Col:
        """The column with some words (in lower case) as empty cells."""
        hit = pc.is_in(pc.utf8_lower(self.words), pa.array(sorted(gone), pa.string()))
        if not pc.any(hit).as_py():
            return self
        return Col(pc.if_else(hit, "", self.words), self.codes, self.header)

    def distinct(self) -> Col:
        """The column with each text there once, so that equal texts have equal codes."""
        found = self.words.dictionary_encode()
        if len(found.dictionary) == len(self.words):
            return self
        return Col(found.dictionary, np.asarray(found.indices)[self.codes], self.header)

    def where(self, test: Callable[[str], object]) -> np.ndarray:
        """Which rows hold a text that passes a test."""
        hit = np.fromiter((bool(test(text)) for text in self.texts), bool, len(self.words))
        return self._at(hit)

    def says(self, pattern: re.Pattern[str]) -> np.ndarray:
        """Which rows hold a text in which a pattern, written in lower case, is found."""
        if len(self.words) < _MANY:
            return self.where(lambda text: pattern.search(text.casefold()))
        # arrow knows fewer letters as letters, so it finds what Python does and a little more
        maybe = pc.match_substring_regex(pc.utf8_lower(self.words), pattern.pattern)
        hit = np.array(maybe)
        for i in np.flatnonzero(hit).tolist():
            hit[i] = pattern.search(self.words[i].as_py().casefold()) is not None
        return self._at(hit)

    def _at(self, hit: np.ndarray) -> np.ndarray:
        return hit[self.codes] if hit.any() else np.zeros(len(self.codes), bool)

    @property
    def empty(self) -> np.ndarray:
        return self._at(np.asarray(pc.equal(self.words, "")))

    @property
    def values(self) -> pa.DictionaryArray:
        """The texts row by row."""
        return pa.DictionaryArray.from_arrays(pa.array(self.codes, pa.int32()), self.words)

    def or_else(self, other: Col) -> Col:
        """This column, and the other's texts where this one is empty."""
        shift = len(self.words)
        codes = np.where(self.empty, other.codes + shift, self.codes)
        return Col(pa.concat_arrays([self.words, other.words]), codes, self.header)

    def joined(self, other: Col) -> Col:
        """Both columns' texts with a space between: first and last names."""
        pairs = self.codes.astype(np.int64) * len(other.words) + other.codes
        distinct, codes = np.unique(pairs, return_inverse=True)
        width = len(other.words)
        texts = (
            " ".join(f"{self.texts[p // width]} {other.texts[p % width]}".split())
            for p in distinct.tolist()
        )
        return col_of(texts, codes, self.header)


def col_of(texts: Iterable[str], codes: np.ndarray, header: str = "") -> Col:
    """A column of texts and codes."""
    return Col(pa.array(list(texts), pa.string()), codes.astype(np.int32, copy=False), header)


def all_different(codes: np.ndarray) -> bool:
    """Whether no code stands there twice."""
    return len(codes) == 0 or int(np.bincount(codes).max()) <= 1


def last_rows(codes: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """For each code the last of `rows` that has it; -1 where none has. `codes` are theirs."""
    last = np.full(int(codes.max()) + 1 if len(codes) else 0, -1, dtype=np.int64)
    order = np.argsort(codes, kind="stable")  # what stands last of a code is the last of its rows
    ends = np.r_[codes[order][1:] != codes[order][:-1], True] if len(codes) else np.zeros(0, bool)
    last[codes[order][ends]] = rows[order][ends]
    return last


def chosen(which: np.ndarray, texts: Sequence[str]) -> pa.DictionaryArray:
    """A few texts by their numbers, row by row."""
    return pa.DictionaryArray.from_arrays(pa.array(which, pa.int32()), pa.array(texts, pa.string()))


def together(parts: Sequence[pa.Array]) -> pa.Array:
    """Arrays of texts one after the other, coded or not."""
    plain = [part.cast(pa.string()) for part in parts]
    return pa.concat_arrays(plain) if len(parts) > 1 else parts[0]
