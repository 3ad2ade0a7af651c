"""Everything a report is made from, besides the notebooks: read once, hashed, and held together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from servicegap.client.settings import Settings, read_settings
from servicegap.run import own_words, plan
from servicegap.run.branding import Branding, Named, branding

if TYPE_CHECKING:
    from servicegap.client import Client


@dataclass(frozen=True)
class Found:
    """A client's folder of which the settings can be read."""

    folder: Path
    settings: Settings


@dataclass(frozen=True)
class Sources:
    """The brand, the consultant's own words, and name → SHA-256 of every file read."""

    branding: Branding
    notes: Mapping[str, str]
    inputs: Mapping[str, str]
    remarks: tuple[str, ...]


def found(folder: Path) -> Found:
    """A client's folder with its settings, and no table opened. Raises Refused."""
    return Found(folder, read_settings(folder)[0])


def gather(client: Client, brand: Path | None = None) -> Sources:
    """Read what lies beside the tables. `brand` is a brand.yaml named on the command line.

    Raises Refused for what can't be used, last period's folder and the panel included.
    """
    _ = client.previous, client.panel  # read now, before a kernel starts
    return beside(client, brand)


def beside(client: Named, brand: Path | None = None) -> Sources:
    """The same without a look into any table: for a plan over many clients.

    Raises Refused for a brand or a note that can't be used.
    """
    look = branding(client, brand)
    notes = own_words.read(client.folder)
    files = {f"{own_words.FOLDER}/{p.name}": p for p in own_words.files(client.folder).values()}
    unread = [
        f"{own_words.FOLDER}/{name} is not called after a session, so nothing shows it."
        for name in own_words.unread(client.folder)
    ]
    inputs = plan.inputs(client.folder, client.settings, {**look.files, **files})
    return Sources(look, notes, inputs, (*look.remarks, *unread))
