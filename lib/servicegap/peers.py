"""Who is like the client, and which of them are good? Never the average."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from servicegap import measures, words
from servicegap.schema import LEAST_PEERS
from servicegap.tables.spellings import name_key

if TYPE_CHECKING:
    from servicegap.client import Client

PEERS_WITHIN = pd.DateOffset(months=24)


@dataclass(frozen=True)
class Panel:
    """Like-for-like peers: `shares` in percent, `good_from` the least of the good ones.

    `shared` counts those that come from the consultant's panel: other clients, without names.
    """

    shares: np.ndarray
    good_from: float
    made_up: bool
    why: str = ""
    shared: int = 0

    @property
    def enough(self) -> bool:
        return len(self.shares) >= LEAST_PEERS


def panel(client: Client, measure: str) -> Panel:
    """Peers of the client's group with the same measure, not older than 24 months.

    They stand in the client's own table and in the consultant's panel. The good ones are the best
    quarter, rounded up; the client's own row (by id or name) is left out. Rows of the same peer:
    the latest counts. A row without a period is taken to be recent. Of the panel, fewer than eight
    count for nothing, whatever the own table holds: what somebody brought along would give away
    the others. A real firm is never held against made-up ones of a panel, nor the other way round.
    """
    group = client.settings.group
    own = _like_for_like(client["peers"], client, measure)
    shared = _like_for_like(client.panel, client, measure)
    shared = shared[shared["made_up"].fillna(False).astype(bool) == client.settings.made_up]
    few = 0 < len(shared) < LEAST_PEERS
    if few:
        shared = shared.iloc[:0]
    alike = pd.concat([own, shared]) if len(shared) else own
    values = np.sort(alike["value"].to_numpy(dtype=float))
    good = values[-math.ceil(len(values) / 4)] if len(values) else math.nan
    found = words.count(len(values), "recent peer")
    if group:
        why = f"It takes {LEAST_PEERS} peers of the group “{group}” with the measure {measure}; "
        why += f"there {'is' if len(values) == 1 else 'are'} {found}."
        if few:
            why += f" The panel has fewer than {LEAST_PEERS} of them, so it is left out."
    else:
        why = "client.yaml does not say which group of firms is like this one."
    made_up = bool(alike["made_up"].fillna(False).any())
    return Panel(values, float(good), made_up, why, len(shared))


def _like_for_like(peers: pd.DataFrame, client: Client, measure: str) -> pd.DataFrame:
    """The rows of a table of peers that may be compared, the latest of each peer."""
    own = {name_key(client.settings.id), name_key(client.settings.name)}
    end = measures.window(client).end
    alike = peers[
        (peers["measure"] == measure)
        & (peers["group"].map(name_key) == name_key(client.settings.group or ""))
        & ~peers["peer"].map(name_key).isin(own)
        & (peers["period"].isna() | (peers["period"] > end - PEERS_WITHIN))
        & peers["value"].notna()
    ]
    alike = alike.sort_values("period", na_position="first", kind="stable")
    return alike.drop_duplicates("peer", keep="last")


def percentile(own: float | np.ndarray, peers: np.ndarray) -> np.ndarray:
    """Of 100 peers, how many lie below `own`; ties (to nine digits) count half."""
    own, peers = np.round(np.atleast_1d(np.asarray(own, dtype=float))[:, None], 9), peers.round(9)
    return 100 * ((peers < own).sum(axis=1) + 0.5 * (peers == own).sum(axis=1)) / len(peers)
