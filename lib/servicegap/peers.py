"""Who is like the client, and which of them are good? Never the average."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from servicegap import measures, words

if TYPE_CHECKING:
    from servicegap.client import Client

MIN_PEERS = 8
PEERS_WITHIN = pd.DateOffset(months=24)


@dataclass(frozen=True)
class Panel:
    """Like-for-like peers: `shares` in percent, `good_from` the least of the good ones."""

    shares: np.ndarray
    good_from: float
    made_up: bool
    why: str = ""

    @property
    def enough(self) -> bool:
        return len(self.shares) >= MIN_PEERS


def panel(client: Client, measure: str) -> Panel:
    """Peers of the client's group with the same measure, not older than 24 months.

    The good ones are the best quarter, rounded up; the client's own row is left out. Rows of the
    same peer: the latest counts.
    """
    peers = client["peers"]
    group, own = client.settings.group, {client.settings.id, client.settings.name}
    end = measures.window(client).end
    alike = peers[
        (peers["measure"] == measure)
        & (peers["group"] == group)
        & ~peers["peer"].isin(own)
        & (peers["period"].isna() | (peers["period"] > end - PEERS_WITHIN))
        & peers["value"].notna()
    ]
    alike = alike.sort_values("period", na_position="first", kind="stable")
    alike = alike.drop_duplicates("peer", keep="last")
    values = np.sort(alike["value"].to_numpy(dtype=float))
    good = values[-math.ceil(len(values) / 4)] if len(values) else math.nan
    why = (
        f"There are {words.count(len(values), 'peer')} of the group “{group or 'not stated'}” with "
        f"the measure {measure}; it takes {MIN_PEERS}."
    )
    return Panel(values, float(good), bool(alike["made_up"].fillna(False).any()), why)


def percentile(own: float | np.ndarray, peers: np.ndarray) -> np.ndarray:
    """Of 100 peers, how many lie below `own`; ties count half."""
    own = np.atleast_1d(np.asarray(own, dtype=float))[:, None]
    return 100 * ((peers < own).sum(axis=1) + 0.5 * (peers == own).sum(axis=1)) / len(peers)
