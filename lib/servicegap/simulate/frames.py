"""Typed frames for the tables of the schema, as the reader of files would give them."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from servicegap import schema

EPOCH = np.datetime64("1970-01-01", "D")


def generator(seed: int, name: str) -> np.random.Generator:
    """Return the generator of one table: the same rows whichever other tables are made."""
    return np.random.default_rng(
        np.random.SeedSequence(entropy=seed, spawn_key=(zlib.crc32(name.encode()),))
    )


def pick(words: Sequence[str], codes: np.ndarray):
    """Return the words at `codes` as text; −1 is missing."""
    return pd.array(list(words), dtype="str").take(codes, allow_fill=True)


def numbered(prefix: str, n: int, width: int = 4) -> list[str]:
    """Return ids prefix0001 … prefix000n."""
    return [f"{prefix}{i:0{width}d}" for i in range(1, n + 1)]


def days(number: np.ndarray) -> np.ndarray:
    """Return dates for whole days since 1970; NaN or negative is missing."""
    number = np.asarray(number, float)
    known = np.isfinite(number) & (number >= 0)
    out = EPOCH + np.where(known, number, 0).astype("timedelta64[D]")
    return np.where(known, out, np.datetime64("NaT")).astype("datetime64[us]")


def minutes(number: np.ndarray) -> np.ndarray:
    """Return times, to the minute, for days since 1970 with a fraction; NaN is missing."""
    number = np.asarray(number, float)
    known = np.isfinite(number)
    whole = np.round(np.where(known, number, 0) * 1440).astype("timedelta64[m]")
    out = EPOCH.astype("datetime64[m]") + whole
    return np.where(known, out, np.datetime64("NaT")).astype("datetime64[us]")


def frame(table: str, n: int, /, **columns) -> pd.DataFrame:
    """Return a frame with every column of `table`, typed; columns not given are missing."""
    spec = schema.TABLES[table]
    unknown = set(columns) - set(spec.names)
    if unknown:
        raise KeyError(f"{table} has no column {sorted(unknown)}")
    typed: dict[str, Any] = {}
    for column in spec.columns:
        given = columns.get(column.name)
        if column.kind in ("date", "time"):
            blank = np.full(n, np.datetime64("NaT"), dtype="datetime64[us]")
            typed[column.name] = blank if given is None else np.asarray(given, "datetime64[us]")
        elif column.kind in ("number", "whole", "score"):
            typed[column.name] = np.full(n, np.nan) if given is None else np.asarray(given, float)
        elif column.kind == "yesno":
            given = [pd.NA] * n if given is None else given
            typed[column.name] = pd.array(given, dtype="boolean")
        elif given is None:
            typed[column.name] = pd.array([None], dtype="str").take(np.zeros(n, int))
        elif isinstance(given, str):
            typed[column.name] = pd.array([given], dtype="str").take(np.zeros(n, int))
        else:
            typed[column.name] = pd.array(given, dtype="str")
    return pd.DataFrame(typed)


def blank_where(values, where: np.ndarray):
    """Return yes/no values with those at `where` missing."""
    out = pd.array(np.asarray(values, bool), dtype="boolean")
    out[where] = pd.NA
    return out
