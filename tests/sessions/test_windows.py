"""What the window lets in, and what a session says and keeps quiet where it is short."""

from __future__ import annotations

import clients
import pytest
from servicegap.sessions import referral_roadmap

GLAD = {"scale": "1-5", "satisfaction": 5, "would_refer": 10, "refer_scale": "0-10"}


def firm(folder, accounts=40, referred=(), left=(), **more):
    """Accounts with a person each who is glad; some referred, or left, on the days given."""
    rows = [{"account_id": f"A{i}", "name": f"Firm {i}", "since": "2015-01-01",
             "left_on": left[i] if i < len(left) else None, "monthly_fee": 1000}
            for i in range(accounts)]  # fmt: skip
    made = [{"referral_id": f"R{i}", "account_id": f"A{i}", "made_on": day, "stage": "won"}
            for i, day in enumerate(referred)]  # fmt: skip
    people = [{"contact_id": f"C{i}", "account_id": f"A{i}"} for i in range(accounts)]
    tables = {"accounts": rows, "referrals": made, "contacts": people,
              "relationship": [p | GLAD for p in people]} | more  # fmt: skip
    return clients.make(folder, **{k: v for k, v in tables.items() if v})


@pytest.mark.parametrize(("day", "won"), [("2025-06-30", 1), ("2025-07-01", 0)])
def test_a_referral_of_the_day_after_the_period_is_not_won_yet(tmp_path, day, won):
    client = firm(tmp_path, referred=["2025-01-15", day])
    rates, _ = referral_roadmap.rates_of(client)
    assert rates.won.hits == 1 + won and rates.events == 1 + won
