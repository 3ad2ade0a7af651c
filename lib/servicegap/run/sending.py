"""What a report's files are called when they are sent: client, period, and DRAFT if it is one.

The files themselves keep their names, which other tools rely on; the copies lie in `send/`.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath

FOLDER = "send"
KINDS = {"report.html": "report", "report.pdf": "report", "deck.pptx": "slides"}
_FORBIDDEN = re.compile(r'[<>:"/\\|?*]')
_RESERVED = re.compile(r"^(con|prn|aux|nul|com\d|lpt\d)$", re.I)
_MOST = 60  # letters of a client's name


def copies(files: Mapping[str, bytes], client: str, end: dt.date, draft: bool) -> dict[str, bytes]:
    """`send/Alder IT 2026-03 service report.pdf` and so on, of the forms that were made."""
    end_of_name = " DRAFT" if draft else ""
    head = f"{safe(client)} {end:%Y-%m} service"
    return {
        f"{FOLDER}/{head} {kind}{end_of_name}{PurePosixPath(name).suffix}": files[name]
        for name, kind in KINDS.items()
        if name in files
    }


def drafts(files: Iterable[str]) -> bool:
    """Whether published files (their names) are those of a draft; True where none is for sending.

    The other way round of `copies`, so it stands beside it.
    """
    ends = tuple(f"service {kind}{suffix}" for kind, suffix in _endings())
    return not any(name.startswith(f"{FOLDER}/") and name.endswith(ends) for name in files)


def to_open(files: Iterable[str]) -> dict[str, str]:
    """What each published copy is, and its name: `{"PDF": "send/Alder IT … report.pdf"}`."""
    names = [name for name in files if name.startswith(f"{FOLDER}/")]
    labels = {".html": "Report", ".pdf": "PDF", ".pptx": "Slides"}
    return {
        label: name for suffix, label in labels.items() for name in names if name.endswith(suffix)
    }


def _endings() -> list[tuple[str, str]]:
    return [(kind, PurePosixPath(name).suffix) for name, kind in KINDS.items()]


def safe(name: str) -> str:
    """A client's name as the beginning of a file name, on every system."""
    known = unicodedata.normalize("NFC", name)
    letters = (c if unicodedata.category(c)[0] not in "CZ" else " " for c in known)
    plain = " ".join(_FORBIDDEN.sub(" ", "".join(letters)).split())[:_MOST].strip(" .")
    return f"{plain} client" if _RESERVED.match(plain) else plain or "client"
