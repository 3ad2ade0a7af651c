"""A client's folder: its settings, its tables, and its beliefs, recorded so that none is lost."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeVar

from servicegap import schema
from servicegap.client.places import ROOT, copy_sample, find, is_sample, own_folder
from servicegap.client.privacy import guarded
from servicegap.client.reading import read_tables
from servicegap.client.settings import Settings, read_settings
from servicegap.formats import Format
from servicegap.problems import Problem, Refused

if TYPE_CHECKING:
    import pandas as pd

    from servicegap.tables import TableRead

__all__ = [
    "ROOT", "Client", "Problem", "Recorded", "Refused", "Settings", "find", "from_frames", "load",
    "own_folder",
]  # fmt: skip

Found = TypeVar("Found")
# when something happened, so that the latest of them dates the files; plans and guesses do not
_EVENTS = MappingProxyType(
    {
        "tickets": ("opened_at", "first_reply_at", "resolved_at"),
        "ratings": ("asked_at", "answered_at"),
        "referrals": ("made_on",),
        "sightings": ("seen_on", "last_checked_without"),
        "wow_log": ("date",),
        "mentions": ("date",),
        "accounts": ("since",),
        "usps": ("launched_on",),
    }
)


@dataclass(frozen=True)
class Recorded:
    """What the client said about one belief. `after` are the later rows with a value, in order.

    `declined` is true where there are rows and none has a value.
    """

    value: float | None
    low: float | None
    high: float | None
    stated_by: str | None
    stated_at: dt.datetime | None
    declined: bool = False
    after: tuple[Recorded, ...] = ()


@dataclass
class Client:
    """A client's folder as read: `client["ratings"]` is the typed table, empty if there is none."""

    folder: Path
    settings: Settings
    reads: Mapping[str, TableRead]
    sealed: bool = True
    writable: bool = True
    noted: tuple[Problem, ...] = ()
    refused: tuple[Problem, ...] = ()
    listeners: list[Callable[[], None]] = field(default_factory=list)
    earlier: Client | None = field(default=None, repr=False)
    _known: dict[Any, Any] = field(default_factory=dict, repr=False, compare=False)
    shared: pd.DataFrame | None = field(default=None, repr=False)

    def __getitem__(self, table: str) -> pd.DataFrame:
        if table in self.reads:
            return self.reads[table].frame
        from servicegap.tables import empty_frame

        return empty_frame(schema.TABLES[table])

    @property
    def previous(self) -> Client | None:
        """This client a period ago, read when it is first wanted; None where there is none.

        Raises Refused where the settings name a folder that can't serve.
        """
        if self.earlier is None:
            from servicegap.client.previous import load_previous

            self.earlier = load_previous(self)
            if self.earlier:  # both periods are held against the same firms
                self.earlier.shared = self.panel
        return self.earlier

    @property
    def panel(self) -> pd.DataFrame:
        """Figures of the consultant's other clients, as a table of peers; read when first wanted.

        Raises Refused where a panel is named or lies beside the folder, and can't serve.
        """
        if self.shared is None:
            from servicegap.client.panel import load_panel

            self.shared = load_panel(self)
        return self.shared

    def _repr_html_(self) -> str:
        """Whose folder this is, in a sentence or two, for the top of a notebook."""
        from html import escape

        name = f"<strong>{escape(self.settings.name)}</strong>"
        day = Format(self.settings.locale).day(self.as_of)
        if not self.settings.made_up:
            return f"<p>This is about {name}, with the files as they were on {day}.</p>"
        sizes = [f"{len(self[t]):,} {t}" for t in ("accounts", "tickets") if self.has(t)]
        return (
            f"<p>You are now the owner of {name}, a firm that is made up for practice, with "
            f"{' and '.join(sizes) or 'little to go by'}. Guess as its owner; wherever a page says "
            f"<em>you</em>, it means that firm, as it was on {day}.</p>"
        )

    def has(self, need: str) -> bool:
        """Whether a table has a kept row ("ratings"), or a column a value ("tickets.team").

        Peers may stand in the consultant's panel too.
        """
        table, _, column = need.partition(".")
        if need == "peers" and len(self.panel):
            return True
        read = self.reads.get(table)
        if read is None or not read.ledger.kept:
            return False
        return not column or column in read.present

    def missing(self, part: schema.Part) -> tuple[str, ...]:
        """The needs of a session's part that the folder does not meet."""
        return tuple(need for need in part.needs if not self.has(need))

    def remembered(self, what: Callable[..., Found], *options: Hashable) -> Found:
        """What `what(self, *options)` finds, worked out once until something is recorded.

        For what several looks at the same files need, and a slider at every step. What is found
        belongs to all of them: it may be read, and never changed.
        """
        key = (what, *options)
        if key not in self._known:
            self._known[key] = what(self, *options)
        return self._known[key]

    @property
    def as_of(self) -> dt.date:
        """The day the files were taken: as the settings say, else the latest event in them."""
        if self.settings.as_of:
            return self.settings.as_of
        latest = [
            moment.date()
            for table, columns in _EVENTS.items()
            if table in self.reads
            for column in columns
            if (moment := self.reads[table].frame[column].max()) == moment
        ]
        return max(latest, default=self.settings.period_end or dt.datetime.now().date())

    @property
    def problems(self) -> tuple[Problem, ...]:
        """All that is wrong: settings, files, tables, and what tables say about each other."""
        from servicegap.client import crosschecks

        own = [problem for read in self.reads.values() for problem in read.problems]
        return (*self.refused, *self.noted, *own, *crosschecks.check(self))

    def stated(self, belief_id: str) -> Recorded | None:
        """What was said about a belief: the earliest row with a value counts. None if nothing."""
        rows = self["beliefs"]
        rows = rows[rows["belief_id"] == belief_id]
        if not len(rows):
            return None
        if rows["stated_at"].notna().all():
            rows = rows.sort_values("stated_at", kind="stable")
        valued = [_stated(row) for row in rows[rows["value"].notna()].to_dict("records")]
        if not valued:
            last = _stated(rows.iloc[-1].to_dict())
            return Recorded(None, None, None, last.stated_by, last.stated_at, declined=True)
        first, *after = valued
        return Recorded(
            first.value, first.low, first.high, first.stated_by, first.stated_at,
            after=tuple(after),
        )  # fmt: skip

    def is_sealed(self, session: str) -> bool:
        """Whether a session's guesses are still to be made (or declined) before it may speak."""
        if not self.sealed:
            return False
        said = set(self["beliefs"]["belief_id"])
        return any(guess.id not in said for guess in schema.SESSIONS[session].guesses)

    def record(
        self,
        belief_id: str,
        value: float | None = None,
        low: float | None = None,
        high: float | None = None,
        stated_by: str = "workbook",
    ) -> None:
        """Append what was said to beliefs.csv, safely, and tell everyone who listens.

        Without a value the guess counts as declined. Raises ValueError, in plain words, where
        the numbers are impossible, and Refused where the folder can't be written to.
        """
        from servicegap.client import beliefs

        beliefs.check(belief_id, value, low, high)
        self._append("beliefs", beliefs.row(belief_id, value, low, high, stated_by))

    def promise(self, row: Mapping[str, str]) -> None:
        """Append a promise (columns of commitments, as text) to commitments.csv, safely, and tell
        everyone who listens.

        Raises Refused where the folder can't be written to.
        """
        self._append("commitments", row)

    def _append(self, name: str, row: Mapping[str, str]) -> None:
        from servicegap.client import appending
        from servicegap.tables import read_table

        if not self.writable:
            raise Refused(
                Problem(name, f"{name}.csv", None, None, None, "the samples that come with "
                        "the workbook are never written to", "load a copy of the folder")
            )  # fmt: skip
        path = appending.append_row(self.folder, name, dict(row))
        read = read_table(path, schema.TABLES[name])
        self.reads = MappingProxyType({**self.reads, name: read})
        self._known.clear()
        for listener in tuple(self.listeners):
            listener()


def _stated(row: dict) -> Recorded:
    def number(name: str) -> float | None:
        return float(row[name]) if row[name] == row[name] else None

    by, at = row["stated_by"], row["stated_at"]
    return Recorded(
        number("value"), number("low"), number("high"),
        by if isinstance(by, str) else None,
        at.to_pydatetime() if at == at else None,
    )  # fmt: skip


def load(folder: str | Path, sealed: bool = True, *, tolerate: bool = False) -> Client:
    """Read a client's folder.

    `folder` is tried against the working directory, its parents, and the checkout. A sample that
    comes with the workbook is never written to: sealed, a copy without beliefs is made under
    workbook/ and loaded. Raises Refused, with all that is in the way; with `tolerate` (for
    checks) files that are refused are left out and stand in `client.refused`.
    """
    found = find(folder)
    writable = True
    if is_sample(found):
        writable = sealed
        if sealed:
            found = copy_sample(found)
    settings, noted = read_settings(found)
    reads, more, refused = read_tables(found)
    if refused and not tolerate:
        raise Refused(refused)
    shown = guarded(reads, settings, found, writable)
    return Client(
        found, settings, MappingProxyType(shown), sealed, writable, (*noted, *more), tuple(refused)
    )


def from_frames(
    tables: Mapping[str, pd.DataFrame],
    settings: Mapping[str, Any],
    superseded: Mapping[str, pd.DataFrame] | None = None,
    previous: Client | None = None,
) -> Client:
    """Make a client of tables in memory, for proofs over many made-up firms: nothing is on disk.

    Args: tables, typed as the reader types them, every column there (columns that the schema does
    not know are ignored); settings, the content of client.yaml, with dates as dates; superseded,
    the earlier rows of tables that are logs; previous, the same firm a period ago. Nothing can be
    recorded in such a client.
    """
    from servicegap.tables import of_frame

    earlier = superseded or {}
    told = dict(settings)
    period = told.pop("period", None) or {}
    known = Settings(**told, period_start=period.get("start"), period_end=period.get("end"))
    reads = {
        name: of_frame(schema.TABLES[name], frame, earlier.get(name))
        for name, frame in tables.items()
    }
    return Client(
        Path(),
        known,
        MappingProxyType(guarded(reads, known, Path(), False)),
        sealed=False,
        writable=False,
        earlier=previous,
    )
