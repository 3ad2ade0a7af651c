"""What is a report made of? Frozen dataclasses, the same for HTML, PDF and PPTX.

All words and figures stand here as they are printed, so that the three forms cannot differ; a form
only lays them out. `kind` tells a template what a piece is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import ClassVar, TypeAlias

from servicegap.report import marks
from servicegap.report.markdown import Block
from servicegap.report.tidy import Data


@dataclass(frozen=True)
class Promise:
    """What was promised in the last report, and what came of it."""

    what: str
    owner: str
    due: date | None
    done_on: date | None
    result: str


@dataclass(frozen=True)
class Brand:
    """Whose report it is. Colours are such that they can be read; the logo is a PNG of our making.

    `ground` is the cover's colour, `on_ground` what is written on it, `ink` the colour on white.
    """

    name: str = ""
    footer: str = ""
    contact: str = ""
    cover: str = ""
    ground: str = marks.EVIDENCE
    on_ground: str = marks.PAPER
    ink: str = marks.MUTE
    logo: bytes = field(default=b"", repr=False)
    logo_width: int = 0
    logo_height: int = 0


@dataclass(frozen=True)
class Approval:
    """Who has approved the report's content, and when."""

    by: str
    on: date


@dataclass(frozen=True)
class ClientFacts:
    """What the report must know of the client besides the notebooks.

    `period` is (start, end), either may be None; `version` is the library's; `approval` None means
    that the report is a draft; `about` is what client.yaml says to a reader; `notes` are the
    consultant's own words, Markdown by session number ("00" the foreword).
    """

    name: str
    id: str
    as_of: date
    period: tuple[date | None, date | None]
    currency: str
    made_up: bool
    version: str
    promised: tuple[Promise, ...] = ()
    brand: Brand = field(default_factory=Brand)
    approval: Approval | None = None
    notes: Mapping[str, str] = field(default_factory=dict)
    locale: str = "en-GB"
    about: str = ""


@dataclass(frozen=True)
class Span:
    """A number with its range; `n` and `unit` where it is evidence."""

    value: float | None
    low: float | None
    high: float | None
    n: int | None = None
    unit: str = ""


@dataclass(frozen=True)
class Action:
    """One thing to do, as printed. `about` is the label of the belief it comes from."""

    id: str
    about: str
    what: str
    owner: str
    due: str
    cost: str
    measure_again: str


@dataclass(frozen=True)
class Finding:
    """A belief beside its evidence.

    `verdict` is the printed one ("blind spot, leaning"), `word` and `strength` its parts; `mark`
    and `tone` say the same as a sign and as a name of a colour. `change` says what became of it
    since the last period, for a table, `since` in a sentence; both empty where there is none. Its
    parts are `changed` (better, worse, can't tell) and `changed_by`, its colour `changed_tone`;
    `since_lead` is how `since` begins, `then` the figure of last period. `could_see` is the
    smallest gap that so many answers would have shown, empty where none would.
    """

    kind: ClassVar[str] = "finding"
    id: str
    session: str
    label: str
    title: str
    sentence: str
    unit: str
    per: str
    belief: Span | None
    evidence: Span | None
    gap: float | None
    word: str
    strength: str | None
    verdict: str
    mark: str
    tone: str
    change: str
    since: str
    caveats: tuple[str, ...]
    action: Action | None
    could_see: str = ""
    changed: str = ""
    changed_by: str = ""
    changed_tone: str = "open"
    since_lead: str = ""
    then: float | None = None


@dataclass(frozen=True)
class Figure:
    """A picture (PNG) with its title, its text for those who do not see it, and how to read it.

    `data` are the numbers behind it, for a form that draws it anew.
    """

    kind: ClassVar[str] = "figure"
    id: str
    session: str
    title: str
    alt: str
    caption: str
    about: str | None
    png: bytes = field(repr=False)
    width: int
    height: int
    data: Data | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Table:
    """A table as printed; `numeric` says which columns are set to the right."""

    kind: ClassVar[str] = "table"
    id: str
    session: str
    title: str
    caption: str
    head: tuple[str, ...]
    numeric: tuple[bool, ...]
    rows: tuple[tuple[str, ...], ...]


Piece: TypeAlias = Block | Figure | Table | Finding


@dataclass(frozen=True)
class Cover:
    """The line above everything.

    `banner` warns of made-up data, `draft` of a report that nobody approved, else empty; `approved`
    says who did and when. `line` is the consultant's own, `made_by` who made the report, `about`
    what a reader should know before anything else.
    """

    title: str
    name: str
    period: str
    as_of: str
    banner: str
    draft: str = ""
    approved: str = ""
    line: str = ""
    made_by: str = ""
    about: str = ""


@dataclass(frozen=True)
class Bar:
    """Where a scorecard row's marks lie, in hundredths of the drawn width; None is not drawn.

    `then` is last period's evidence; `drawn` says whether there is anything to draw.
    """

    belief_low: float | None
    belief: float | None
    belief_high: float | None
    low: float | None
    value: float | None
    high: float | None
    hollow: bool
    then: float | None = None
    drawn: bool = True


@dataclass(frozen=True)
class Row:
    """A line of the scorecard, as printed."""

    id: str
    session: str
    label: str
    unit: str
    belief: str
    evidence: str
    n: str
    verdict: str
    mark: str
    tone: str
    change: str
    changed: str
    changed_by: str
    changed_tone: str
    bar: Bar


@dataclass(frozen=True)
class Scorecard:
    """Every headline belief of the sessions in this report; `legend` explains the marks drawn."""

    rows: tuple[Row, ...]
    has_change: bool
    leanings: str
    since: str
    not_asked: str
    legend: str = ""


@dataclass(frozen=True)
class Note:
    """The consultant's own words, and whose they are, in words. No blocks: nothing was said."""

    whose: str = ""
    blocks: tuple[Block, ...] = ()


@dataclass(frozen=True)
class Section:
    """A session in one look: claim, one figure, its findings, one caveat, one action, a note.

    `silent` stands where there is neither figure nor finding.
    `also` are the titles of everything else that was looked at; `rest` says how much that is.
    """

    number: str
    title: str
    claim: str
    figure: Figure | None
    findings: tuple[Finding, ...]
    caveat: str
    action: Action | None
    silent: str
    note: Note = field(default_factory=Note)
    also: tuple[str, ...] = ()
    rest: str = ""


@dataclass(frozen=True)
class Chapter:
    """A session's evidence in full, or its method."""

    number: str
    title: str
    pieces: tuple[Piece, ...] = ()
    blocks: tuple[Block, ...] = ()


@dataclass(frozen=True)
class Kept:
    """A promise of last time, as printed."""

    what: str
    owner: str
    due: str
    done: str
    result: str


@dataclass(frozen=True)
class LedgerRow:
    """How many rows of a file were read, and what became of them."""

    table: str
    file: str
    read: int
    kept: int
    rejected: int
    excluded: int
    reasons: str


@dataclass(frozen=True)
class NotMeasured:
    """What could not be measured for one and the same reason, and what it would take.

    `whats` are the things by name, `what` is all of them as printed.
    """

    session: str
    what: str
    whats: tuple[str, ...]
    why: str
    takes: tuple[str, ...]


@dataclass(frozen=True)
class Definition:
    """What exactly a headline number is, and how many stand behind it here."""

    label: str
    question: str
    evidence: str
    unit: str
    n: str


@dataclass(frozen=True)
class Seen:
    """How large a gap would have been seen with so many answers."""

    label: str
    n: str
    gap: str


@dataclass(frozen=True)
class Appendix:
    """What a careful reader asks for afterwards."""

    methods: tuple[Chapter, ...]
    definitions: tuple[Definition, ...]
    seen: tuple[Seen, ...]
    ledger: tuple[LedgerRow, ...]
    not_measured: tuple[NotMeasured, ...]
    words: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Report:
    """One client's report."""

    client: ClientFacts
    brand: Brand
    cover: Cover
    foreword: Note
    summary: tuple[str, ...]
    scorecard: Scorecard
    risks: tuple[Finding, ...]
    no_risk: str
    more_risks: str
    wins: tuple[Finding, ...]
    no_win: str
    maybe_wins: str
    actions: tuple[Action, ...]
    actions_lead: str
    no_action: str
    promises: tuple[Kept, ...]
    sections: tuple[Section, ...]
    evidence: tuple[Chapter, ...]
    appendix: Appendix
