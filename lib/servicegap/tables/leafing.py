"""A text file leafed through once, piece by piece: what a fast reader must know beforehand.

A large file is never held in memory for this: pieces stay in the processor's cache.
"""

from __future__ import annotations

import codecs
import mmap
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

PIECE = 1 << 18
BOM = b"\xef\xbb\xbf"
_USUAL = b"\t\n\r"
INVISIBLE = ("\ufeff".encode(), "\u200b".encode())
_QUOTE = 0x22


@dataclass(frozen=True)
class Quotes:
    """Whether a file has quotes, whether each stands where a quote may, and holds line breaks."""

    some: bool
    clear: bool
    breaks: bool


def pieces(source: Path | bytes) -> Iterator[bytes]:
    """The bytes of a file or text, one after the other, without a mark at the beginning."""
    if isinstance(source, bytes):
        for start in range(0, len(source), PIECE):
            yield source[start : start + PIECE]
        return
    with source.open("rb") as file:
        first = file.read(PIECE)
        yield first.removeprefix(BOM)
        while piece := file.read(PIECE):
            yield piece


def has_controls(piece: bytes) -> bool:
    """Whether there are control characters besides tabs and line ends."""
    signs = np.frombuffer(piece, np.uint8)
    usual = sum(np.count_nonzero(signs == sign) for sign in _USUAL)
    return bool(np.count_nonzero(signs < 0x20) > usual or (signs == 0x7F).any())


def plain(path: Path) -> bool | None:
    """Whether a file is UTF-8 as it should be: then, whether nothing invisible is in it either.

    None where it is not: no UTF-8, control characters, or empty lines at its end.
    """
    read = codecs.getincrementaldecoder("utf-8")()
    tidy, held = True, b""
    for piece in pieces(path):
        if has_controls(piece):
            return None
        if not piece.isascii() or read.getstate()[0]:
            try:
                read.decode(piece)
            except UnicodeDecodeError:
                return None
            tidy = tidy and not any(sign in held[-2:] + piece for sign in INVISIBLE)
        held = (held + piece)[-3:]
    if read.getstate()[0] or held.endswith((b"\n\n", b"\r\r", b"\n\r\n")):
        return None
    return tidy


def quotes_of(source: Path | bytes, delimiter: str) -> Quotes:
    """Whether every quote opens a cell, closes one, is doubled inside one, or is plain text.

    A quote is plain text where its cell does not begin with one, as in a 5" disc.
    """
    edges = np.zeros(256, bool)
    edges[[ord(delimiter), 0x0A, 0x0D, _QUOTE]] = True
    count, regular, breaks = 0, True, False
    held = b"\n"  # the beginning of a file ends a cell as its end does
    for piece in _and_the_end(source):
        both = held + piece
        held = both[-2:]
        if not count % 2 and b'"' not in both:
            continue
        signs = np.frombuffer(both, np.uint8)  # of the first and last only their neighbours count
        at = np.flatnonzero(signs[1:-1] == _QUOTE) + 1
        opening, closing = at[count % 2 :: 2], at[1 - count % 2 :: 2]
        regular = bool(edges[signs[opening - 1]].all() and edges[signs[closing + 1]].all())
        if not regular:
            break
        if not breaks:
            ends = np.flatnonzero((signs[1:-1] == 0x0A) | (signs[1:-1] == 0x0D)) + 1
            breaks = bool(((count + np.searchsorted(at, ends)) % 2).any())
        count += len(at)
    if regular and not count % 2:
        return Quotes(count > 0, True, breaks)
    return Quotes(True, _clear(source, delimiter), True)


def _and_the_end(source: Path | bytes) -> Iterator[bytes]:
    yield from pieces(source)
    yield b"\n"


def _clear(source: Path | bytes, delimiter: str) -> bool:
    """Whether each cell is closed where it is opened: five times dearer, and right in every case.

    Only a cell's first sign can open it; a quote further on is a letter like any other.
    """
    sign = re.escape(delimiter).encode()
    cell = rb'(?:"(?:[^"]++|"")*+"|[^"' + sign + rb"\r\n][^" + sign + rb"\r\n]*+|)"
    whole = re.compile(cell + rb"(?:[" + sign + rb"\r\n]" + cell + rb")*+")
    if isinstance(source, bytes):
        return whole.fullmatch(source) is not None
    with (
        source.open("rb") as file,
        mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data,
    ):
        start = len(BOM) if data[: len(BOM)] == BOM else 0
        return whole.fullmatch(data, start) is not None
