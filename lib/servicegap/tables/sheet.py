"""What every reader of files hands on: a sheet of texts."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from servicegap.problems import Problem, Refused
from servicegap.tables.headers import Wanted

_SAMPLE = 20_000
Broken = tuple[int, str, str]  # a row's number, what is wrong with it, and the remedy


@dataclass(frozen=True)
class Sheet:
    """The texts of one table of a file.

    A column is a pyarrow dictionary array without nulls: its texts and a code a row (see
    `coded`). `where` maps schema names to positions in `headers`; `rows` are row numbers as a
    spreadsheet shows them; `broken` are the rows whose cells can't be told apart; `notes` are
    problems of the whole file that did not stop it; `mac` says that Excel's day numbers count
    from 1904, `clean` that no text holds invisible characters.
    """

    file: str
    headers: tuple[str, ...]
    header_row: int
    where: dict[str, int]
    columns: dict[str, pa.DictionaryArray]
    rows: np.ndarray
    broken: tuple[Broken, ...] = ()
    notes: tuple[Problem, ...] = field(default=())
    mac: bool = False
    clean: bool = False


def refusal(
    path: Path, wanted: Wanted, what: str, remedy: str, row: int | None = None, column=None
) -> Refused:
    """A refusal that names the file."""
    return Refused(Problem(wanted.name, path.name, row, column, None, what, remedy))


def coded(texts: pa.Array, key: bool = False) -> pa.DictionaryArray:
    """A column's distinct texts and one code a row.

    Where nearly every row is different, and it is no key, each row is its own: the same text may
    then be there twice, and no time is spent on looking for it.
    """
    if isinstance(texts, pa.DictionaryArray):
        return texts
    many = len(texts) > 2 * _SAMPLE
    if many and key:
        many = _climbing(texts)  # then none of them can be there twice
    # from all over the column: what is sorted by time looks alike at its beginning
    if many and pc.count_distinct(_some(texts)).as_py() * 2 > _SAMPLE:
        codes = pa.array(np.arange(len(texts), dtype=np.int32))
        return pa.DictionaryArray.from_arrays(codes, texts)
    return texts.dictionary_encode()


def _climbing(texts: pa.Array) -> bool:
    """Whether each text comes after the one before it, as the numbers of most exports do.

    By the alphabet, or the longer after the shorter: 9 comes before 10. Either way no text that is
    left behind can come again.
    """
    if len(texts) < 2:
        return True
    long = pc.binary_length(texts)
    for former, latter in ((slice(None, -1), slice(1, None)), (slice(1, None), slice(None, -1))):
        less = pc.less(texts[former], texts[latter])
        if pc.all(less).as_py():
            return True
        one, other = long[former], long[latter]
        if pc.all(pc.or_(pc.less(one, other), pc.and_(pc.equal(one, other), less))).as_py():
            return True
    return False


def _some(texts: pa.Array) -> pa.Array:
    return texts.take(pa.array(np.linspace(0, len(texts) - 1, _SAMPLE).astype(np.int64)))


def one(chunks: pa.ChunkedArray) -> pa.Array:
    """One array of a column's chunks, whatever this version of pyarrow makes of none or one."""
    array = chunks.combine_chunks()
    if isinstance(array, pa.ChunkedArray):
        array = pa.concat_arrays(array.chunks) if array.num_chunks else pa.array([], chunks.type)
    return array


def texts_of(values: pa.Array) -> pa.Array:
    """Write typed values as the texts a careful person would type: 7, not 7.0; yes, not true."""
    kind = values.type
    if pa.types.is_dictionary(kind):
        return texts_of(values.dictionary_decode())
    if pa.types.is_boolean(kind):
        values = pc.if_else(values, "yes", "no")
    elif pa.types.is_floating(kind):
        values = pc.cast(pc.if_else(pc.is_finite(values), values, None), pa.float64())
        texts = pc.cast(values, pa.string())
        # three decimals could be thousands if this were typed: a fourth says that they are not
        unsure = pc.match_substring_regex(texts, r"^-?[1-9]\d{0,2}\.\d{3}$")
        values = pc.if_else(unsure, pc.binary_join_element_wise(texts, "0", ""), texts)
    elif pa.types.is_timestamp(kind):
        plain = pa.timestamp("us", tz="UTC" if kind.tz else None)
        values = pc.cast(pc.cast(values, plain, safe=False), pa.string())
    elif pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        raise pa.ArrowInvalid("binary")
    return pc.fill_null(pc.cast(values, pa.string()), "")
