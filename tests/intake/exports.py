"""Exports as their tools write them, made up: headers of the formats, values that fit."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path

import openpyxl
from servicegap import intake
from servicegap.client import load


def _heads(line: str) -> list[str]:
    return next(csv.reader([line]))


ZENDESK = _heads(
    "Id,Requester,Requester email,Assignee,Group,Subject,Tags,Status,Priority,Via,Ticket "
    "type,Created at,Solved at,Organization,Satisfaction Score,Reopens,First reply time i"
    "n minutes,On hold time in minutes"
)


def zendesk(n: int = 30) -> list[list[str]]:
    rows = []
    for i in range(n):
        mark = ("Good", "Bad", "Offered", "Not Offered", "Good")[i % 5]
        rows.append([
            str(1000 + i), f"Person {i % 12}", f"p{i % 12}@firm{i % 6}.example.net.uk", "Ann Bee",
            "Desk", "Printer", "closed_by_merge" if i == 7 else "", "Closed",
            "High" if i % 3 else "Low", "Monitoring" if i == 8 else "Email", "Incident",
            f"2025-03-{i % 28 + 1:02d} 09:15:00", f"2025-03-{i % 28 + 1:02d} 11:45:00",
            f"Firm {i % 6}", mark, str(i % 2), "90", "120" if i == 3 else "0",
        ])  # fmt: skip
    return [ZENDESK, *rows]


FRESHDESK = _heads(
    "Ticket ID,Subject,Status,Priority,Source,Type,Agent,Group,Created time,Resolved time"
    ",First response time (in hrs),Resolution time (in hrs),Agent interactions,Resolution"
    " status,Survey results,Full name,Contact ID,Company Name,Tags"
)


def freshdesk(n: int = 24) -> list[list[str]]:
    statuses = ("Closed", "Waiting on Third Party", "Waiting on Customer", "Resolved")
    return [FRESHDESK] + [
        [str(i + 1), "Mail", statuses[i % 4], "Low", "Phone", "Question", "Cy Dee, Ed Eff", "Help",
         f"{i % 28 + 1:02d}/04/2025 08:30", f"{i % 28 + 1:02d}/04/2025 17:30", "2:05", "9:00:00",
         "3", "Within SLA" if i % 4 else "SLA Violated", str(i % 5 + 1), f"Name {i}", str(900 + i),
         f"Company {i % 5}", ""]
        for i in range(n)
    ]  # fmt: skip


SERVICENOW = _heads(
    "Number,Caller,Company,Opened,Short description,Category,Priority,State,Assignment gr"
    "oup,Assigned to,Resolved,Closed,Updated,Made SLA,Reopen count"
)


def servicenow() -> list[list[str]]:
    """A log: three rows of one incident, out of order, that waited for a vendor for five hours."""
    one = ["INC001", "Dora", "Acme", "2025-05-01 08:00:00", "VPN", "Network", "3 - Moderate"]
    return [
        SERVICENOW,
        [*one, "Closed", "Net", "Flo", "2025-05-01 16:00:00", "2025-05-02 09:00:00",
         "2025-05-02 09:00:00", "true", "0"],
        [*one, "Awaiting Vendor", "Net", "Gus", "", "", "2025-05-01 09:00:00", "true", "0"],
        [*one, "In Progress", "Net", "Flo", "", "", "2025-05-01 14:00:00", "true", "0"],
        ["INC002", "Ed", "Beta Ltd", "2025-05-03 08:00:00", "Mail", "Mail", "1 - Critical",
         "Closed", "Mail", "Flo", "2025-05-03 09:00:00", "2025-05-03 09:00:00",
         "2025-05-03 09:00:00", "false", "1"],
    ]  # fmt: skip


def as_csv(rows: Sequence[Sequence[str]], delimiter: str = ",") -> str:
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=delimiter).writerows(rows)
    return stream.getvalue()


def write(folder: Path, name: str, rows: Sequence[Sequence[str]] | str | bytes) -> Path:
    path = folder / name
    if isinstance(rows, bytes):
        path.write_bytes(rows)
    else:
        text = rows if isinstance(rows, str) else as_csv(rows)
        path.write_bytes(text.encode())
    return path


def write_book(folder: Path, name: str, sheets: Mapping[str, Sequence[Sequence]]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
    book.save(folder / name)
    return folder / name


def client(folder: Path, **settings: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    said = {"name": "Acme IT", "id": "acme"} | settings
    (folder / "client.yaml").write_text("".join(f"{k}: {v}\n" for k, v in said.items()))
    return folder


def taken(tmp_path: Path, rows: object, name: str = "export.csv", as_format: str | None = None,
          folder: Path | None = None, **options):  # fmt: skip
    """Take one export in, whatever it is, and load the client: (what became of it, client)."""
    folder = folder or client(tmp_path / "client")
    path = rows if isinstance(rows, Path) else write(tmp_path, name, rows)  # type: ignore[arg-type]
    found = intake.recognise([path], folder, as_format)
    done = intake.take_in(found, folder, **options)
    return done, load(folder, sealed=False)
