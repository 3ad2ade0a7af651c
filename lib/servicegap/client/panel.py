"""The consultant's own panel: what other clients reach, under pseudonyms, the own row left out.

`panel.csv` lies beside the clients' folders (or where `panel` in client.yaml says) and holds the
columns of the table peers. A pseudonym is keyed with the secret in `panel.key` beside it: whoever
has the panel alone can't try clients' ids out, and a client with both can tell which row is its
own and leaves it out. A panel that somebody wrote by hand has names and needs no key.
"""

from __future__ import annotations

import base64
import hmac
from pathlib import Path
from typing import TYPE_CHECKING

from servicegap import schema
from servicegap.client.settings import FILE as SETTINGS
from servicegap.client.settings import Settings
from servicegap.problems import Problem, Refused

if TYPE_CHECKING:
    import pandas as pd

    from servicegap.client import Client

FILE = "panel.csv"
KEY = "panel.key"
SOURCE = "clients of one consultant"  # in the column source of rows under a pseudonym
# Rows that were shown once and are not now; what is shown next is held against them.
WITHHELD = f"{SOURCE}, not shown"
_LETTERS = 10


def pseudonym(secret: bytes, ident: str) -> str:
    """`Client K7QDW2MXPA`: the same for the same id under the same secret."""
    digest = hmac.digest(secret, f"panel {ident}".encode(), "sha256")
    return f"Client {base64.b32encode(digest).decode()[:_LETTERS]}"


def grade(secret: bytes) -> str:
    """What rows under pseudonyms say in the column grade: how measured, and by which key's sign.

    With another key a client would not know its own row.
    """
    sign = hmac.digest(secret, b"sign", "sha256").hex()[:8]
    return f"measured in the same way (key {sign})"


def place(folder: Path, settings: Settings) -> Path | None:
    """Where a client's panel lies: as its settings say, else beside its folder; None if nowhere.

    Raises Refused where the settings name a file that is not there.
    """
    if folder == Path():  # made of tables in memory
        return None
    if settings.panel:
        named = folder / settings.panel
        if not named.is_file():
            what, remedy = f"“{settings.panel}”: there is no such file", "correct it or take it out"
            raise Refused(Problem("", SETTINGS, None, "panel", settings.panel, what, remedy))
        return named
    beside = folder.resolve().parent / FILE
    return beside if beside.is_file() else None


def files(folder: Path, settings: Settings) -> dict[str, Path]:
    """Name in a manifest → path of what is read: the panel, and its key where there is one."""
    panel = place(folder, settings)
    found = {} if panel is None else {panel.name: panel, KEY: panel.with_name(KEY)}
    return {f"panel/{name}": path for name, path in found.items() if path.is_file()}


def secret(panel: Path) -> bytes:
    """The secret beside a panel; empty where there is none."""
    path = panel.with_name(KEY)
    return path.read_bytes().strip() if path.is_file() else b""


def load_panel(client: Client) -> pd.DataFrame:
    """The panel's rows without the client's own, typed as the table peers; empty without a panel.

    Raises Refused for a file that can't be read, and for rows under pseudonyms without their key:
    which of them is the client itself could not be told.
    """
    from servicegap.tables import empty_frame, read_table

    table = schema.TABLES["peers"]
    panel = place(client.folder, client.settings)
    if panel is None:
        return empty_frame(table)
    rows = read_table(panel, table).frame
    rows = rows[rows["source"] != WITHHELD].reset_index(drop=True)
    keyed = rows["source"] == SOURCE
    if not keyed.any():
        return rows
    key = secret(panel)
    if not key or (rows.loc[keyed, "grade"] != grade(key)).any():
        what = "its rows stand under pseudonyms, and the key to them is missing or another one"
        remedy = f"put {KEY} back beside it, or write both anew with --refresh-panel"
        raise Refused(Problem("peers", panel.name, None, None, None, what, remedy))
    return rows[rows["peer"] != pseudonym(key, client.settings.id)].reset_index(drop=True)
