"""The consultant's clients as each other's peers: `panel.csv` among their folders, without names.

Written only when it is asked for, so that one client's change doesn't make the others' reports
old. What is in it: figures of eight clients or more of one group, rounded, under keyed pseudonyms,
without the numbers of answers, which would tell the large firms from the small.
"""

from __future__ import annotations

import contextlib
import csv
import io
import os
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from servicegap import schema, words
from servicegap.client.panel import FILE, KEY, SOURCE, WITHHELD, grade, pseudonym
from servicegap.client.panel import secret as secret_beside
from servicegap.client.settings import Settings, read_settings
from servicegap.placing import put
from servicegap.problems import Refused
from servicegap.run import Failed, publish
from servicegap.schema import LEAST_PEERS
from servicegap.tables.spellings import name_key

if TYPE_CHECKING:
    import pandas as pd

    from servicegap.client import Client
    from servicegap.report.among import Shared
    from servicegap.stats import Estimate

# Fewer firms than this may not differ between two panels: whoever has both could subtract.
MOVED_AT_LEAST = 3
Group = tuple[str, str, str]  # measure, group as it is compared, made up (yes or no)


@dataclass(frozen=True)
class Refreshed:
    """What came of a refresh: where the panel is (None where there is none), and what to say."""

    place: Path | None
    said: tuple[str, ...]


@dataclass(frozen=True)
class Row:
    """One client's figure: whose (a pseudonym), of which group, as printed. `source` says whether
    it is shown or withheld.
    """

    measure: str
    peer: str
    group: str
    value: str
    period: str
    made_up: str
    source: str = SOURCE

    @property
    def key(self) -> Group:
        return self.measure, name_key(self.group), self.made_up


def refresh(folders: Iterable[Path], clients: Path) -> Refreshed:
    """Write `clients`/panel.csv anew from the clients' folders. Raises Failed.

    A client that can't be read is left out and named; of several folders of one client the latest
    period counts. Groups in which one or two clients' figures would change stay as they were, or
    are not shown at all where they hold a row of somebody who is no client of the group any more.
    """
    place, folders = clients / FILE, list(folders)
    before = _grouped(_read(place))
    with publish.said_plainly(clients):
        secret = _secret(place) if folders else secret_beside(place)
    found: dict[str, tuple[str, list[Row]]] = {}
    now_in: dict[str, tuple[str, str]] = {}  # pseudonym → group and made up, as in a Group
    said = []
    for folder in folders:
        try:
            settings = read_settings(folder)[0]
            name = pseudonym(secret, settings.id)
            home = name_key(settings.group or ""), _made_up(settings)
            now_in.setdefault(name, home)  # also of a client whose tables can't be read today
            ended, rows = _of(folder, name)
        except (Refused, OSError, UnicodeError) as error:
            said.append(f"{folder.name} is not in the panel. {_why(error)}")
            continue
        if name not in found or found[name][0] <= ended:
            found[name], now_in[name] = (ended, rows), home
    now = _grouped(row for _, rows in found.values() for row in rows)
    kept, held = _guarded(before, now, now_in)
    said += [_said(key, shown=key in _shown(kept)) for key in held]
    with publish.said_plainly(clients):
        _write(place, secret, [row for rows in kept.values() for row in rows])
    shown = _shown(kept)
    if not shown:
        if not held:
            why = f"no group has {LEAST_PEERS} clients with the same figure"
            said.append(f"There is no panel: {why}.")
        return Refreshed(None, tuple(said))
    most = max(len(rows) for rows in shown.values())
    said.append(
        f"The panel holds {words.count(len(shown), 'figure')}, each of {LEAST_PEERS} to {most} "
        "clients."
    )
    return Refreshed(place, tuple(said))


def leave(clients: Path, ident: str) -> bool:
    """Take a client out of the panel, and any group that is too small then. False: wasn't in it.

    Where the key is lost nobody can tell which row it is, so the whole panel goes.
    """
    place = clients / FILE
    if not place.is_file():
        return False
    try:
        rows = _read(place)
    except Failed:  # somebody's own table: nothing that was made from this client
        return False
    secret = secret_beside(place)
    name = pseudonym(secret, ident)
    if secret and all(row.peer != name for row in rows):
        return False
    rest = _grouped(row for row in rows if secret and row.peer != name)
    with publish.said_plainly(clients):
        enough = (rows for rows in rest.values() if len(rows) >= LEAST_PEERS)
        _write(place, secret, [row for rows in enough for row in rows])
    return True


def figures(clients: Path) -> list[Shared]:
    """What the panel says, for the page over all clients; nothing where there is no panel."""
    from servicegap.report.among import Shared

    place = clients / FILE
    if not place.is_file():
        return []
    try:
        rows = _read(place)
    except Failed:
        return []
    end = {"yes": " (made up)"}
    return [
        Shared(r.measure, r.group + end.get(r.made_up, ""), float(r.value))
        for r in rows
        if r.source == SOURCE
    ]


# -- one client's own figures ------------------------------------------------------------------


def _of(folder: Path, name: str) -> tuple[str, list[Row]]:
    """The last day of a client's window, and its rows under its pseudonym. Raises Refused."""
    import pandas as pd

    from servicegap import measures
    from servicegap.client import load

    client = load(folder, sealed=False)
    settings = client.settings
    ended = measures.window(client).end
    period = (ended + pd.offsets.MonthEnd(0)).date().isoformat()
    rows = []
    if settings.group:
        rows = [
            Row(measure, name, settings.group, value, period, _made_up(settings))
            for measure, value in own(client).items()
        ]
    return ended.date().isoformat(), rows


def _made_up(settings: Settings) -> str:
    return "yes" if settings.made_up else "no"


def _why(error: Exception) -> str:
    """What keeps a client out, in a sentence."""
    if isinstance(error, Refused):
        return str(error.problems[0])
    if isinstance(error, OSError):
        return f"{error.filename or FILE} can’t be read: {error.strerror or error}."
    return "Its name or id holds half a character, which can’t be written; type it anew."


def own(client: Client) -> dict[str, str]:
    """What a client could tell its peers, by measure, as printed: shares in whole percent, medians
    in hours with one decimal. Only what may speak: ten people in five accounts, or ten accounts.
    """
    from servicegap import measures
    from servicegap.sessions.benchmarking.top_marks import top_marks

    found: dict[str, Estimate] = {}
    if client.has("ratings"):
        found[measures.ratings(client).scale.measure] = top_marks(client)
    year = measures.window(client).whole  # a share of less is no like for another's
    if year and client.has("accounts") and client.has("referrals"):
        found["did_refer_share"] = _of_accounts(measures.referring(client))
    if year and client.has("accounts.left_on"):
        found["stay_share"] = _of_accounts(measures.staying(client))
    told = {name: f"{e.value:.0f}" for name, e in found.items() if e.speaks}
    tickets = measures.opened_tickets(client)
    for name, column in (("sla_met_share", "sla_met"), ("reopened_share", "reopened")):
        rows = tickets[tickets[column].notna()]
        if _enough(rows):
            told[name] = f"{100 * (rows[column].astype(float) > 0).mean():.0f}"
    for name, column in _UNTIL.items():
        hours = measures.hours(tickets[column] - tickets["opened_at"])
        if _enough(tickets[hours.notna()]):
            told[name] = f"{hours.median():.1f}"
    return {measure: told[measure] for measure in schema.PEER_MEASURES if measure in told}


_UNTIL = {"first_reply_hours_median": "first_reply_at", "resolve_hours_median": "resolved_at"}


def _of_accounts(did: pd.Series) -> Estimate:
    from servicegap import stats

    return stats.share(did.to_numpy(), did.index.to_numpy(), "% of accounts", "accounts")


def _enough(tickets: pd.DataFrame) -> bool:
    from servicegap import stats

    return stats.enough(tickets["person"].nunique(), tickets["account_id"].nunique())


# -- all of them -------------------------------------------------------------------------------


def _grouped(rows: Iterable[Row]) -> dict[Group, list[Row]]:
    """Rows by measure and group, in an order that says nothing of the clients, and with one
    spelling of each group.
    """
    groups: dict[Group, list[Row]] = {}
    for row in sorted(rows, key=lambda row: (row.key, row.peer)):
        groups.setdefault(row.key, []).append(row)
    spelled = {key: min(" ".join(r.group.split()) for r in rows) for key, rows in groups.items()}
    return {key: [replace(r, group=spelled[key]) for r in rows] for key, rows in groups.items()}


def _guarded(
    before: Mapping[Group, Sequence[Row]],
    now: Mapping[Group, Sequence[Row]],
    now_in: Mapping[str, tuple[str, str]],
) -> tuple[dict[Group, list[Row]], list[Group]]:
    """What to write of `now`, and the groups of which too few clients' figures changed.

    `before` is what was shown last, whether or not it is shown still. A day counts like a figure: a
    pseudonym is the same under every measure, so a single new day names a client's row in all.
    """
    kept, held = {}, []
    for key in sorted({*before, *now}):
        last, rows = before.get(key, ()), now.get(key, ())
        then, this = ({r.peer: (r.value, r.period) for r in of} for of in (last, rows))
        moved = sum(then.get(peer) != this.get(peer) for peer in {*then, *this})
        enough, few = len(rows) >= LEAST_PEERS, bool(last) and 0 < moved < MOVED_AT_LEAST
        if enough and few:
            held.append(key)
        if enough and not few:
            kept[key] = list(rows)
        elif last:
            there = enough and all(now_in.get(row.peer) == key[1:] for row in last)
            kept[key] = [replace(row, source=SOURCE if there else WITHHELD) for row in last]
    return kept, held


def _shown(kept: Mapping[Group, list[Row]]) -> dict[Group, list[Row]]:
    return {key: rows for key, rows in kept.items() if rows[0].source == SOURCE}


def _said(held: Group, shown: bool) -> str:
    measure, group, _ = held
    gone = "the panel of before has a client that has gone, or has another id or group now"
    stays = "stays as it was" if shown else f"is left out, since {gone}"
    return (
        f"{measure} of “{group}” {stays}: fewer than {MOVED_AT_LEAST} clients’ figures changed, "
        "and whoever compares two panels could tell whose."
    )


def _read(place: Path) -> list[Row]:
    """The rows of a panel that a refresh wrote. Raises Failed for a file of somebody else."""
    if not place.is_file():
        return []
    try:
        told = list(csv.DictReader(io.StringIO(place.read_text("utf-8-sig"))))
        if any(row["source"] not in (SOURCE, WITHHELD) for row in told):
            raise ValueError
        rows = [Row(**{n: row[n] for n in Row.__dataclass_fields__}) for row in told]
        _ = [float(row.value) for row in rows]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Failed(
            f"{place} was not written by --refresh-panel, so it is not overwritten: move it, or "
            "keep it under another name and say so under panel in each client.yaml."
        ) from error
    return rows


def _write(place: Path, secret: bytes, rows: Sequence[Row]) -> None:
    """Put the panel in place as a whole; without rows there is none."""
    if not rows:
        place.unlink(missing_ok=True)
        return
    text = io.StringIO()
    out = csv.DictWriter(text, schema.TABLES["peers"].names, lineterminator="\n")
    out.writeheader()
    for row in rows:
        told = {n: getattr(row, n) for n in Row.__dataclass_fields__}
        out.writerow(told | {"grade": grade(secret)})
    put(place, text.getvalue().encode("utf-8-sig"))


def _secret(place: Path) -> bytes:
    """The secret beside the panel, made where there is none yet."""
    path = place.with_name(KEY)
    with contextlib.suppress(FileExistsError):
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(secrets.token_hex(32).encode() + b"\n")
    return path.read_bytes().strip()
