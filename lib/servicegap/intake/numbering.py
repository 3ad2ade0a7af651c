"""Which number does a row get whose export gives it none? One made of what the row says."""

from __future__ import annotations

import hashlib
from collections import defaultdict

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from servicegap.intake.data import NOTHING
from servicegap.intake.source import Source

_BETWEEN = "\x1f"


def numbers(source: Source, key: bytes) -> pa.Array:
    """A number for each row: of the texts in its used columns, and of how often it stood there.

    Neither the file's name nor the place of a row counts, nor the order and spelling of headers:
    the same rows in another file have the same numbers, and other rows under the same name others.
    Rows that say the same are counted through (`…-2` is the second of them), in the file's order.

    Args: source, the file, what is left out settled; key, the folder's: without it nobody can find
    out by trying what a row said.
    Returns: texts, one a row of the file; those of kept rows all differ.
    Limit: a row that says the same as one of last month's has its number. With a date in it, that
    does not happen.
    """
    texts = _texts(source).dictionary_encode()
    made = [
        hashlib.blake2b(text.encode(), key=key[:64], digest_size=8).hexdigest()
        for text in texts.dictionary.to_pylist()
    ]
    seen: defaultdict[int, int] = defaultdict(int)
    found = []
    for code, kept in zip(np.asarray(texts.indices).tolist(), source.kept.tolist(), strict=True):
        seen[code] += kept
        found.append(made[code] if seen[code] < 2 else f"{made[code]}-{seen[code]}")
    return pa.array(found, pa.string())


def _texts(source: Source) -> pa.Array:
    """What each row says, as one text: what a column means and its cell, empty cells left out."""
    used = sorted(
        (meaning, place, header)
        for place, (header, meaning) in enumerate(source.columns.columns.items())
        if meaning != NOTHING and header in source.sheet.columns
    )
    nothing, between = _text(""), _text(_BETWEEN)
    said = pa.repeat(nothing, len(source.fate))
    for meaning, _, header in used:
        col = source.sheet.columns[header]
        words = col.dictionary.cast(pa.large_string())
        told = pc.binary_join_element_wise(_text(meaning), words, nothing, between)
        told = pc.if_else(pc.equal(words, nothing), nothing, told)
        said = pc.binary_join_element_wise(said, told.take(col.indices), nothing)
    return said


def _text(text: str) -> pa.Scalar:
    return pa.scalar(text, pa.large_string())  # the comments of a large file are beyond 2 GB
