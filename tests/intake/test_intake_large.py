"""What holds for a few rows holds for many: large columns are coded another way."""

from __future__ import annotations

from pathlib import Path

import exports
import pandas as pd
from exports import taken

TICKETS = 45_000


def test_a_large_log_is_folded_as_a_small_one_is(tmp_path: Path) -> None:
    head = exports.SERVICENOW
    rows = [head]
    for i in range(TICKETS):
        day = f"2025-{i % 12 + 1:02d}-{i % 28 + 1:02d}"
        one = [f"INC{i:06d}", f"P{i % 90}", f"Firm {i % 30}", f"{day} 08:00:{i % 60:02d}",
               f"Screen {i} 19\"", "Net", "3"]  # fmt: skip
        rows.append([*one, "Closed", "Net", "Flo", f"{day} 16:00:00", "", f"{day} 16:00:00",
                     "true", "0"])  # fmt: skip
        if i % 9 == 0:  # an earlier row of it stands below
            rows.append([*one, "Awaiting Vendor", "Net", "Gus", "", "", f"{day} 11:00:00",
                         "true", "0"])  # fmt: skip
    done, made = taken(tmp_path, rows)
    logged = len(range(0, TICKETS, 9))
    assert done.taken[0].ledger.reasons == {"an earlier row of the same ticket": logged}
    tickets = made["tickets"]
    assert len(tickets) == TICKETS and len(made.reads["tickets"].superseded) == logged
    assert tickets["technician"].nunique() == 1 and tickets["resolved_at"].notna().all()
    waited = tickets.loc[tickets["third_party"].notna()]
    assert len(waited) == logged and (waited["third_party_hours"] == 5).all()
    assert (tickets["opened_at"].dt.hour == 8).all()
    assert isinstance(tickets["opened_at"].iloc[0], pd.Timestamp)
