"""Who is shown, and who is not, settled where the files are read: no session can forget it.

By default technicians stand under pseudonyms, comments only where they may be quoted, and what
people wrote without names, addresses and numbers. `privacy` in client.yaml shows more, if asked.

A pseudonym is keyed: with `pseudonyms.key`, a secret in the client's own folder, the same name
always becomes the same one, in this period and the next; nobody without the key can try names out,
and two clients' pseudonyms can't be matched. Where none can be kept, the tickets themselves are the
secret: whoever has those has the names too, and the same files always give the same pseudonyms.
Made-up firms have nothing to hide and need no key.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import hmac
import os
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from servicegap.client import masking
from servicegap.client.settings import FILE, Settings
from servicegap.problems import Problem, Refused

if TYPE_CHECKING:
    import pandas as pd

    from servicegap.tables import TableRead

KEY = "pseudonyms.key"
OPTIONS: Mapping[str, tuple[str, ...]] = {
    "technicians": ("pseudonyms", "names"),
    "comments": ("quotable", "all", "none"),
    "masking": ("yes", "no"),
}
_WRITTEN = {"ratings": "comment", "mentions": "text", "wow_log": "what"}  # by people, about people
_LETTERS = 4


def options(settings: Settings) -> dict[str, str]:
    """What is shown, by option; the first of each is the default. Raises Refused."""
    told = {str(k): str(v).strip().casefold() for k, v in settings.privacy.items()}
    for name, value in told.items():
        allowed = OPTIONS.get(name)
        what = f"“{name}: {value}” is not something that can be asked for"
        if allowed is None:
            remedy = f"use {', '.join(OPTIONS)}, or leave it out"
        elif value in allowed:
            continue
        else:
            remedy = f"write {name}: {' or '.join(allowed)}"
        raise Refused(Problem("", FILE, None, "privacy", value, what, remedy))
    return {name: told.get(name, allowed[0]) for name, allowed in OPTIONS.items()}


def guarded(
    reads: Mapping[str, TableRead], settings: Settings, folder: Path, writable: bool
) -> dict[str, TableRead]:
    """The tables with nobody in them who should not be shown."""
    chosen = options(settings)
    tickets = reads.get("tickets")
    staff = _values(tickets, "technician") if tickets else []
    made = dict(reads)
    if tickets and staff and chosen["technicians"] == "pseudonyms":
        names = pseudonyms(staff, _key(settings, folder, writable, tickets.frame))
        made["tickets"] = _mapped(reads["tickets"], "technician", names)
    if "ratings" in made:
        made["ratings"] = _quotable(made["ratings"], chosen["comments"])
    if chosen["masking"] == "yes":
        _mask(made, staff)
    return made


def pseudonyms(names: Iterable[str], key: bytes, kind: str = "Technician") -> dict[str, str]:
    """`Technician K7QD` for every name: the same under the same key, and no two alike."""
    unique = sorted({" ".join(str(name).split()) for name in names})
    digests = {
        name: base64.b32encode(
            hmac.digest(key, f"{kind} {name.casefold()}".encode(), "sha256")
        ).decode()
        for name in unique
    }
    length = _LETTERS
    while len({d[:length] for d in digests.values()}) < len(set(digests.values())):
        length += 1
    return {name: f"{kind} {digest[:length]}" for name, digest in digests.items()}


def _key(settings: Settings, folder: Path, writable: bool, tickets: pd.DataFrame) -> bytes:
    """The client's own key: its secret, if it has or can have one, bound to its id."""
    secret = b""
    if not settings.made_up:
        secret = _secret(folder) or _secret_of_last_time(settings, folder)
        if writable and not (folder / KEY).exists():
            secret = _kept(folder, secret or secrets.token_hex(32).encode()) or secret
        if writable and not secret:
            secret = _of_content(tickets)
    return hmac.digest(secret or b"servicegap", settings.id.encode(), hashlib.sha256)


def _secret(folder: Path) -> bytes:
    with contextlib.suppress(OSError):
        return (folder / KEY).read_bytes().strip()
    return b""


def _secret_of_last_time(settings: Settings, folder: Path) -> bytes:
    """Last period's, so that the same person has the same pseudonym in both."""
    return _secret(folder / settings.previous) if settings.previous else b""


def _kept(folder: Path, secret: bytes) -> bytes:
    """Write the secret down, unless another window was quicker; return the one that stands there,
    nothing where none can.
    """
    with contextlib.suppress(OSError):
        handle = os.open(folder / KEY, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(secret + b"\n")
        except OSError:  # no room: an empty file would count as a key that is there
            (folder / KEY).unlink()
    return _secret(folder)


def _of_content(tickets: pd.DataFrame) -> bytes:
    """A secret that anybody with the tickets could make, and nobody without them."""
    import pandas as pd

    rows = pd.util.hash_pandas_object(tickets, index=False).to_numpy()
    return hashlib.sha256(rows.tobytes()).hexdigest().encode()


def _values(read: TableRead, column: str) -> list[str]:
    frames = [f for f in (read.frame, read.superseded) if column in f]
    return sorted({str(x) for frame in frames for x in frame[column].dropna().unique()})


def _mapped(read: TableRead, column: str, to: Mapping[str, str]) -> TableRead:
    def put(frame: pd.DataFrame) -> pd.DataFrame:
        if column not in frame:
            return frame
        names = frame[column].map(lambda x: to.get(" ".join(str(x).split()), x), na_action="ignore")
        return frame.assign(**{column: names.astype(frame[column].dtype)})

    return replace(read, frame=put(read.frame), superseded=put(read.superseded))


def _quotable(read: TableRead, which: str) -> TableRead:
    """Without the comments that may not be shown."""
    if which == "all" or "comment" not in read.frame:
        return read

    def put(frame: pd.DataFrame) -> pd.DataFrame:
        if "comment" not in frame:
            return frame
        allowed = frame["may_quote"].eq(True).fillna(False).astype(bool)
        if which == "none":
            allowed = allowed & False
        return frame.assign(comment=frame["comment"].where(allowed))

    return replace(read, frame=put(read.frame), superseded=put(read.superseded))


def _mask(made: dict[str, TableRead], staff: list[str]) -> None:
    """Mask what people wrote, with the names that the tables know."""
    people = staff + (_values(made["contacts"], "contact_id") if "contacts" in made else [])
    firms = _values(made["accounts"], "name") if "accounts" in made else []
    named = masking.names_in(people, firms)
    for table, column in _WRITTEN.items():
        texts = _values(made[table], column) if table in made else []
        if not texts:
            continue
        known = masking.vocabulary(texts)
        said = {" ".join(t.split()): masking.masked(t, named, known) for t in texts}
        made[table] = _mapped(made[table], column, said)
