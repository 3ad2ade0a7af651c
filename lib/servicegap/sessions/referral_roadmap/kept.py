"""What was promised before, whether it was done, and whether things got better."""

from __future__ import annotations

import pandas as pd

from servicegap import words
from servicegap.client import Client
from servicegap.findings import Shown, Table, part
from servicegap.sessions.referral_roadmap.told import Gathered, gather

NO_PERIOD = "no earlier period to compare with"


@part
def promised(client: Client, findings: str = "") -> Table:
    """Which promises were kept, which were not, and did the figure move?

    Args: findings, the folder in which the sessions left what they found.
    """
    found = gather(client, findings)
    rows, today = client["commitments"], pd.Timestamp(client.as_of)
    rows = rows.sort_values(["due", "action_id"], kind="stable", na_position="last")
    data = pd.DataFrame(
        [
            [row["what"], _text(row["owner"], "nobody named"), _day(row["due"]),
             _done(row["done_on"], row["due"], today), _text(row["result"], ""),
             _since(found, row["finding_id"])]
            for row in rows.to_dict("records")
        ],
        columns=["what", "who", "due", "done", "result", "since"],
    )  # fmt: skip
    past = rows[rows["done_on"].notna() | (rows["due"] <= today)]
    return Table(
        _title(len(past), int(past["done_on"].notna().sum()), len(rows)),
        "Better and worse are said of the figure that the promise was about, by the same strict "
        "rule as verdicts. That a promise was kept and a figure rose does not make one the cause "
        "of the other; that it was not kept and the figure fell may be worth a talk.",
        data,
        {"what": Shown("what was promised"), "who": Shown("by whom"), "due": Shown("due"),
         "done": Shown("done"), "result": Shown("what came of it"),
         "since": Shown("the figure since")},
    )  # fmt: skip


def _text(cell: str | float, nothing: str) -> str:
    return nothing if pd.isna(cell) else str(cell)


def _day(when: pd.Timestamp) -> str:
    return "no day set" if pd.isna(when) else words.day(when)


def _done(done: pd.Timestamp, due: pd.Timestamp, today: pd.Timestamp) -> str:
    if not pd.isna(done):
        late = not pd.isna(due) and done > due
        return f"{words.day(done)}{', late' if late else ''}"
    if pd.isna(due):
        return "not yet"
    return "not done" if due <= today else "still to come"


def _since(found: Gathered, finding_id: str | float) -> str:
    """What became of the figure that a promise was about, as its finding says."""
    if pd.isna(finding_id):
        return "no figure goes with it"
    told = found.of(str(finding_id))
    if told is None:
        return "not measured in these sessions"
    if told.change is None:
        return NO_PERIOD
    return str(told.change.get("verdict") or NO_PERIOD)


def _title(past: int, done: int, every: int) -> str:
    if not past:
        things = "promise is" if every == 1 else "promises are"
        return f"{words.spelled(every).capitalize()} {things} open, and none is due yet"
    if done == past:
        kept = "The one promise that was due was kept" if past == 1 else "Every promise was kept"
        return kept
    return (
        f"{words.spelled(done, 'none').capitalize()} of {words.spelled(past)} promises "
        f"{'was' if done <= 1 else 'were'} kept"
    )
