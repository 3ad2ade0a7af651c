"""From the made-up firm to an own one: a folder for it, and tables that are ours already."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

from servicegap import keeping, schema
from servicegap.placing import put
from servicegap.problems import Problem, Refused
from servicegap.workbook.copies import lay_out

UPLOADS = Path(".servicegap") / "uploads"


def begin(name: str, currency: str, beside: Path) -> Path:
    """Make a folder for a firm of one's own, with its copies of the notebooks; returns it.

    Args: name, the firm's, as it stands on the report; currency, three letters; beside, the folder
    in which it is made. Raises Refused where there is one of that name already.
    """
    from servicegap import forms

    folder = beside / forms.slug(name)
    if folder.exists():
        what, remedy = f"there is a folder {folder.name} already", "give it another name"
        raise Refused(Problem("", "", None, None, None, what, remedy))
    forms.new_folder(folder, name, {"currency": currency})
    lay_out(folder)
    return folder


def keep_upload(folder: Path, name: str, content: bytes) -> Path:
    """Lay an uploaded file beside the client's tables, where nothing takes it for one of them."""
    target = folder / UPLOADS / Path(name.replace("\\", "/")).name
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)
    return target


def own_table(path: Path) -> schema.Table | None:
    """The table that a file is by its name and its headers: one of our own forms, filled in."""
    from servicegap.tables.files import SUFFIXES, read_sheet

    table = schema.TABLES.get(path.stem.casefold())
    if table is None or path.suffix.casefold() not in SUFFIXES:
        return None
    try:
        there = set(read_sheet(path, table).columns)
    except Refused:
        return None
    needed = {column.name for column in table.columns if column.required}
    return table if needed <= there else None


def put_table(folder: Path, path: Path, table: schema.Table) -> Path:
    """Put a filled form in its place in the client's folder; what was there is kept.

    Raises Refused, with all that is wrong, where nothing of it can be used.
    """
    from servicegap.client import table_files
    from servicegap.tables import read_table

    read = read_table(path, table)
    if read.ledger.read and not read.ledger.kept:
        raise Refused(read.problems)
    before, _ = table_files(folder)
    if there := before.get(table.name):
        kept = keeping.room(folder, dt.datetime.now())
        for old in there:
            shutil.copy2(old, kept / old.name)
    target = put(folder / f"{table.name}{path.suffix.casefold()}", path.read_bytes())
    for old in table_files(folder)[0][table.name]:
        if not old.samefile(target):  # not by name: Contacts.csv may be contacts.csv on this disk
            old.unlink()
    return target
