"""Who else in the chain a ticket waited for, and how long: by vendor, status, labels, clocks."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from servicegap.intake import clocks
from servicegap.intake.cols import Col, all_different, chosen, last_rows
from servicegap.intake.data import pattern
from servicegap.intake.source import Source
from servicegap.intake.spans import figures, span

Out = dict[str, pa.Array]
UNNAMED = "supplier not named"


def waits_for_supplier(text: str) -> bool:
    """Whether a status says that somebody else in the chain is waited for, never the client."""
    word = text.casefold()
    return bool(
        pattern("waits_for_supplier").search(word) and not pattern("waits_for_client").search(word)
    )


def suppliers(source: Source, key: Col, order: np.ndarray) -> Out:
    """The columns third_party and third_party_hours, as far as the export says anything of them.

    `key` is the ticket of each row and `order` the rows as time has them: in a log the last row
    of a ticket says what any of its rows said.
    """
    vendor, status, tags = (source.col(name) for name in ("vendor", "status", "tags"))
    hours = span(source, "wait_hours")
    out: Out = {}
    if vendor is None and status is None and hours is None and tags is None:
        return out
    count = len(source.fate)
    waiting = np.zeros(count, bool)
    for col in (status, tags):
        if col is not None:
            waiting |= col.where(waits_for_supplier)
    if hours is not None:
        waiting |= np.nan_to_num(hours) > 0
    texts = ["", UNNAMED, *(vendor.texts if vendor else ())]
    names = vendor.codes + 2 if vendor else np.zeros(count, np.int32)
    names = np.where(vendor.empty if vendor else True, np.where(waiting, 1, 0), names)
    in_order = order[source.kept[order]]
    moments = clocks.moments(source, "updated_at") if hours is None else None
    if moments is not None:
        hours = _waited(key.codes[in_order], waiting[in_order], moments[in_order], in_order, count)
    codes = key.codes[in_order]
    if not all_different(codes):  # a log: the last row speaks for the ticket
        last = last_rows(codes, in_order)
        for row in in_order[names[in_order] > 0].tolist():
            end = last[key.codes[row]]
            if names[end] <= 1:
                names[end] = names[row]
    if (names[source.kept] > 0).any():
        out["third_party"] = chosen(names, texts)
        if hours is not None and (np.nan_to_num(hours) > 0).any():
            out["third_party_hours"] = figures(hours)
    return out


def _waited(
    codes: np.ndarray, waiting: np.ndarray, moments: np.ndarray, rows: np.ndarray, count: int
) -> np.ndarray | None:
    """Hours that a log's tickets waited: from a waiting row to the ticket's next row."""
    by = np.lexsort((np.arange(len(codes)), codes))
    same = codes[by][1:] == codes[by][:-1]
    if not (same & waiting[by][:-1]).any():
        return None
    gaps = (moments[by][1:] - moments[by][:-1]).astype("timedelta64[us]").astype(float) / 3.6e9
    gaps = np.where(same & waiting[by][:-1] & (gaps > 0), gaps, 0.0)
    total = np.bincount(codes[by][:-1], weights=gaps, minlength=int(codes.max()) + 1)
    last = np.r_[~same, True]
    hours = np.full(count, np.nan)
    hours[rows[by][last]] = np.where(total[codes[by][last]] > 0, total[codes[by][last]], np.nan)
    return hours
