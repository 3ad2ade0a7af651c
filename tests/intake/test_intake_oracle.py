"""Generated exports against what was put into them: read right, or refused, never misread.

The oracle knows rows as values. It writes them in the ways of other tools, and compares what comes
out cell by cell with what went in, by its own arithmetic. A refusal is right where the file leaves
the order of a date open, and allowed nowhere else but for the scale of few marks.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from unittest import mock

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from servicegap import intake, schema
from servicegap.problems import Refused
from servicegap.tables import read_table

_NAMES = ("id", "company", "opened", "solved", "agent", "state", "took", "mark", "again")
_LISTS = {
    "freshdesk": "Ticket ID;Company Name;Created time;Resolved time;Agent;Status;"
    "First response time (in hrs);Survey results;Agent interactions",
    "zendesk": "Id;Organization;Created at;Solved at;Assignee;Status;First reply time in minutes;"
    "Satisfaction Score;Replies",
    "halopsa-api": "id;client_id;dateoccurred;dateresolved;agent_id;status_id",
    "servicenow-labels": "Number;Company;Opened;Resolved;Assigned to;State",
    "tickets": "Job number;Client name;Logged at;Fixed at;Engineer;Status;"
    "Time to first response;Customer rating;Replies",
}
HEADS = {kind: dict(zip(_NAMES, line.split(";"), strict=False)) for kind, line in _LISTS.items()}
STATES = ("Open", "Closed", "Waiting on Customer", "Waiting on Third Party", "Waiting parts",
          "With Supplier", "Merged", "Resolved")  # fmt: skip
SUPPLIER = {"Waiting on Third Party", "Waiting parts", "With Supplier"}
COMPANIES = (
    "Acme Ltd", "N/A", "Beta & Söhne", "=cmd|' /C calc'!A0", "O'Hara, Sons", "100", "Émile",
    "<script>alert(1)</script>", "../../etc/passwd", "Total Fitness",
)  # fmt: skip
DATES = {
    "iso": "%Y-%m-%d %H:%M:%S", "isoT": "%Y-%m-%dT%H:%M", "dmy/": "%d/%m/%Y %H:%M",
    "mdy/": "%m/%d/%Y %I:%M %p", "dmy.": "%d.%m.%Y %H:%M", "dmy.yy": "%d.%m.%y %H:%M",
    "named": "%d %b %Y %H:%M", "dmy-": "%d-%m-%Y %H:%M",
}  # fmt: skip
EPOCH = dt.datetime(2024, 1, 1)


@dataclass(frozen=True)
class Row:
    company: str
    opened: dt.datetime
    solved: dt.datetime | None
    minutes: int
    mark: int | None
    state: str
    again: int


@dataclass(frozen=True)
class File:
    """What is in a file, and how it is written."""

    kind: str
    rows: list[Row]
    date: str
    span: str
    delimiter: str
    encoding: str
    quoting: int
    book: bool
    titles: int
    total: bool
    repeat: bool
    blank: bool
    ragged: bool
    order: list[str] = field(default_factory=list)


rows = st.builds(
    lambda c, o, s, m, k, t, a: Row(c, EPOCH + dt.timedelta(minutes=o),
                                    None if s is None else EPOCH + dt.timedelta(minutes=o + s),
                                    m, k, t, a),
    st.sampled_from(COMPANIES), st.integers(0, 500_000), st.none() | st.integers(1, 90_000),
    st.integers(0, 5_000), st.none() | st.integers(1, 5), st.sampled_from(STATES),
    st.integers(0, 40),
)  # fmt: skip


@st.composite
def files(draw: st.DrawFn) -> File:
    kind = draw(st.sampled_from(list(HEADS)))
    extra = draw(st.lists(st.sampled_from(["Colour", "Our code", "Floor"]), unique=True))
    order = draw(st.permutations([*HEADS[kind], *extra]))
    flag = st.booleans()
    return File(
        kind, draw(st.lists(rows, min_size=1, max_size=30)), draw(st.sampled_from(list(DATES))),
        draw(st.sampled_from(["clock", "words", "minutes", "days"])),
        draw(st.sampled_from(",;\t")), draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16"])),
        draw(st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL])), draw(flag) and draw(flag),
        draw(st.sampled_from([0, 0, 1, 2])), draw(flag), draw(flag), draw(flag),
        draw(flag) and draw(flag), order,
    )  # fmt: skip


def duration(minutes: int, style: str, header: str) -> str:
    hours, rest = divmod(minutes, 60)
    if style == "clock":
        return f"{hours}:{rest:02d}"
    if style == "words":
        return f"{hours}h {rest}m"
    if style == "days":
        return f"{hours // 24} days {hours % 24}:{rest:02d}:00"
    return str(minutes) if "minutes" in header else f"{minutes} minutes"


def table(file: File) -> list[list[str]]:
    heads = HEADS[file.kind]
    lines = [[heads.get(name, name) for name in file.order]]
    for i, row in enumerate(file.rows):
        cells = {
            "id": f"{i + 1:04d}", "company": row.company,
            "opened": row.opened.strftime(DATES[file.date]),
            "solved": row.solved.strftime(DATES[file.date]) if row.solved else "",
            "agent": "Al Bee", "mark": "" if row.mark is None else str(row.mark),
            "took": duration(row.minutes, file.span, heads.get("took", "")),
            "state": row.state, "again": str(row.again),
        }  # fmt: skip
        lines.append([cells.get(name, "x") for name in file.order])
        if file.repeat and i == 0:
            lines.append(lines[0])
        if file.blank and i == 1:
            lines.append([""] * len(lines[0]))
    if file.total:
        at = file.order.index("id")
        lines.append(["Total" if i == at else "" for i in range(len(lines[0]))])
    titles = [["Report of the desk"], ["made by hand"]][: file.titles]
    return [*titles, *lines]


def written(file: File, folder: Path) -> Path:
    lines = table(file)
    if file.book:
        book = openpyxl.Workbook()
        for i, line in enumerate(lines, 1):
            for j, text in enumerate(line, 1):
                cell = book.active.cell(i, j)
                cell.value = text or None
                cell.data_type = "s" if text else cell.data_type
        book.save(folder / "export.xlsx")
        return folder / "export.xlsx"
    if file.ragged:  # a line cut short after its last cell that says something
        lines = [line[: max((i + 1 for i, c in enumerate(line) if c), default=1)] for line in lines]
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=file.delimiter, quoting=file.quoting).writerows(lines)  # type: ignore[arg-type]
    (folder / "export.csv").write_bytes(stream.getvalue().encode(file.encoding))
    return folder / "export.csv"


def days_of(file: File) -> list[list[dt.date]]:
    return [[r.opened.date() for r in file.rows], [r.solved.date() for r in file.rows if r.solved]]


def undecided(file: File) -> bool:
    """Whether a column of dates can be read in two ways: by the oracle's own trying out."""
    forms = {"dmy/": ("%d/%m/%Y", "%m/%d/%Y"), "dmy.": ("%d.%m.%Y", "%m.%d.%Y"),
             "dmy-": ("%d-%m-%Y", "%m-%d-%Y"), "mdy/": ("%d/%m/%Y", "%m/%d/%Y"),
             "dmy.yy": ("%d.%m.%y", "%m.%d.%y", "%y.%m.%d")}  # fmt: skip
    for days in days_of(file):
        texts = [day.strftime(DATES[file.date].split()[0]) for day in days]
        readings = []
        for form in forms.get(file.date, ()):
            try:
                readings.append([dt.datetime.strptime(text, form).date() for text in texts])
            except ValueError:
                continue
        if any(reading != readings[0] for reading in readings[1:]):
            return True
    return False


def check(file: File) -> None:
    # nothing here dies half-way, so nothing waits for the disk
    with mock.patch("os.fsync"), tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "client"
        folder.mkdir()
        path = written(file, Path(place))
        start = time.process_time()
        try:
            (found,) = intake.recognise([path], folder, file.kind)
            done = intake.take_in([found], folder)
        except Refused as refused:
            said = str(refused)
            if "--scale" in said:
                assert sum(row.mark is not None for row in file.rows) < 20 or not any(
                    row.mark == 5 for row in file.rows)  # fmt: skip
            else:
                assert "--dates" in said and undecided(file), said
            assert not (folder / "tickets.csv").exists()
            return
        assert time.process_time() - start < 60
        compare(file, folder, done)
    assert not list(Path(place).parent.glob("passwd*"))


def compare(file: File, folder: Path, done: intake.Intake) -> None:
    heads = HEADS[file.kind]
    kept = {f"{i + 1:04d}": row for i, row in enumerate(file.rows) if row.state != "Merged"}
    (one,) = done.taken
    ledger = one.ledger
    assert ledger.read == len(file.rows) + file.total + file.repeat, (ledger, "rows were lost")
    assert ledger.read == ledger.kept + ledger.rejected + ledger.excluded
    assert ledger.kept == len(kept) and ledger.rejected == 0, ledger
    if not kept:
        return
    assert not undecided(file), "a date was guessed"
    read = read_table(folder / "tickets.csv", schema.TABLES["tickets"])
    assert read.ledger.kept == len(kept) and not read.ledger.rejected
    for row in read.frame.to_dict("records"):
        truth = kept[row["ticket_id"]]
        company = "'" + truth.company if truth.company[0] in "=+-@" else truth.company
        assert row["account_id"] == company
        assert row["opened_at"].to_pydatetime() == truth.opened
        if truth.solved is None:
            assert row["resolved_at"] != row["resolved_at"] or row["resolved_at"] is None
        else:
            assert row["resolved_at"].to_pydatetime() == truth.solved
        assert (row["third_party"] == row["third_party"]) == (truth.state in SUPPLIER)
        if "took" in heads:
            assert row["first_reply_at"].to_pydatetime() == truth.opened + dt.timedelta(
                minutes=truth.minutes)  # fmt: skip
        if "again" in heads:
            assert row["touches"] == truth.again
    marks = {i: row.mark for i, row in kept.items() if row.mark is not None}
    if "mark" in heads and marks:
        found = read_table(folder / "ratings.csv", schema.TABLES["ratings"]).frame
        assert dict(zip(found["ticket_id"], found["score"], strict=True)) == marks
        assert set(found["scale"]) == {"1-5"}
    else:
        assert not (folder / "ratings.csv").exists()


QUICK = settings(max_examples=500, deadline=None, derandomize=True,
                 suppress_health_check=list(HealthCheck))  # fmt: skip
LONG = settings(max_examples=10_000, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.mark.slow
@QUICK
@given(files())
def test_five_hundred_exports_are_read_right_or_refused(file: File) -> None:
    check(file)


@pytest.mark.proof
@LONG
@given(files())
def test_ten_thousand_exports_are_read_right_or_refused(file: File) -> None:
    check(file)
