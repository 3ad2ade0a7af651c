"""The page over all clients: what a batch says of each, and what is published of them.

Written beside the reports, as a whole or not at all; the same reports and outcomes give the same
bytes.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import quote

from servicegap import schema
from servicegap.client.places import is_sample
from servicegap.client.settings import FILE as CLIENT
from servicegap.client.settings import read_settings
from servicegap.placing import put
from servicegap.problems import Refused
from servicegap.run import branding, panel, plan, publish, sending

if TYPE_CHECKING:
    from servicegap.report.among import Shared
    from servicegap.report.model import Brand
    from servicegap.report.portfolio_model import Client

FILE = "index.html"
PARTIAL = "partial"
# How one types a folder, and the command for what it needs: `again`, `anew` or `approve`.
Typed = Callable[[Path, str], tuple[str, str]]
_KNOWN = ("made", "unchanged", "failed", "not asked")


class Outcome(Protocol):
    """What a batch says of one client. `status` is made, unchanged, failed or not a client, which
    is left out; anything else counts as not reached. `slug` is the folder of its reports, empty
    where not even that is known.
    """

    @property
    def folder(self) -> Path: ...
    @property
    def name(self) -> str: ...
    @property
    def id(self) -> str: ...
    @property
    def slug(self) -> str: ...
    @property
    def status(self) -> str: ...
    @property
    def reason(self) -> str: ...


@dataclass(frozen=True)
class _Other:
    """A client among the folders that this batch was not asked for."""

    folder: Path
    name: str
    id: str
    slug: str
    status: str = "not asked"
    reason: str = ""


def after(
    asked: Iterable[Path],
    outcomes: Iterable[Outcome],
    out: Path,
    brand: Path | None = None,
    typed: Typed | None = None,
) -> Path:
    """Write the page when a batch has ended, in the consultant's own brand; return its place.

    Args: asked, the folders that the batch was called with; a client beside them that it was not
    asked for stands on the page as it stood; typed, how to say what to do next.
    Raises Failed or Refused.
    """
    asked, outcomes = list(asked), list(outcomes)
    homes = places(asked)
    look = branding.of_all(homes[0] if homes else Path(), brand).brand
    figures = [figure for home in homes for figure in panel.figures(home)]
    return write(out, [*outcomes, *_others(homes, outcomes)], look, figures, typed)


def places(asked: Iterable[Path]) -> list[Path]:
    """The folders in which clients lie: those named, or those around the clients named."""
    homes = (p.resolve().parent if is_client(p) else p.resolve() for p in asked)
    return list(dict.fromkeys(homes))


def clients_in(home: Path) -> list[Path]:
    """The clients' folders in a folder, by name."""
    return [p for p in sorted(home.iterdir()) if p.name[0] not in "._" and is_client(p)]


def is_client(folder: Path) -> bool:
    """Whether it is a client's folder; one that nobody may look into is none."""
    with contextlib.suppress(OSError):
        return (folder / CLIENT).is_file()
    return False


def _others(homes: Iterable[Path], outcomes: Iterable[Outcome]) -> Iterator[_Other]:
    told = list(outcomes)
    folders, slugs = {o.folder.resolve() for o in told}, {o.slug for o in told}
    for folder in (f for home in homes for f in clients_in(home) if f.resolve() not in folders):
        with contextlib.suppress(Refused, OSError, UnicodeError):
            settings = read_settings(folder)[0]
            slug = publish.slug(settings.name, settings.id)
            if slug not in slugs:
                slugs.add(slug)
                yield _Other(folder, settings.name, settings.id, slug)


def write(
    out: Path,
    outcomes: Iterable[Outcome],
    brand: Brand,
    figures: Iterable[Shared] = (),
    typed: Typed | None = None,
) -> Path:
    """Write `out/index.html` and return its place. Raises Failed where it can't be written.

    Args: outcomes, every client of this batch; figures, those of the clients' own panel.
    """
    from servicegap.report import portfolio, portfolio_html

    page = portfolio.build(states(out, outcomes, typed), brand, plan.version(), tuple(figures))
    with publish.said_plainly(out):
        # a folder's name may be bytes that are no text
        return put(out / FILE, portfolio_html.render(page).encode(errors="backslashreplace"))


def states(out: Path, outcomes: Iterable[Outcome], typed: Typed | None = None) -> list[Client]:
    """Every client of the batch as it stands, then those of whom only a report is left."""
    found, seen, unread, now = [], set(), False, {}
    for outcome in outcomes:
        if outcome.status == "not a client":
            continue
        unread = unread or not outcome.slug
        status = outcome.status if outcome.status in _KNOWN else "not reached"
        told = None
        try:
            told = _published(out / outcome.slug) if outcome.slug else None
        except ValueError:
            status = "damaged" if status not in ("failed", "not reached") else status
        seen.add(outcome.slug)
        state = _state(outcome.name, outcome.id, status, outcome.reason, told)
        now[outcome.id] = state
        found.append(_with_command(state, outcome.folder, typed) if typed else state)
    for folder in _folders(out):
        told = None
        with contextlib.suppress(ValueError):
            told = _published(folder) if folder.name not in seen else None
        if told:
            name, ident = str(told[1]["client"]), str(told[1]["id"])
            status, why = "gone", ""
            if ident and ident in now:
                status, why = "renamed", _earlier(folder.name, now[ident])
            elif unread:
                why = "It may be one whose client.yaml can’t be read."
            found.append(_state(name, ident, status, why, told))
    return found


def _earlier(folder: str, now: Client) -> str:
    """What is to be done about a report of a client that has another name now."""
    this = f"This is the report on {now.name} under an earlier name"
    if now.as_of is None or now.partial:
        return f"{this}; keep it until there is one under the new name."
    return f"{this}; its folder {folder} can be removed."


def _with_command(client: Client, folder: Path, typed: Typed) -> Client:
    """The client with its folder and what to run, where it needs anything."""
    whole = client.as_of is not None and not client.partial
    need = "approve" if whole and client.status not in ("failed", "not reached") else "again"
    if client.status == "damaged":
        need = "anew"
    if need == "approve" and (not client.draft or is_sample(folder.resolve())):
        return client
    said, command = typed(folder, need)
    return replace(client, folder=said, command=command)


_Told = tuple[str, Mapping[str, Any], tuple[Mapping[str, Any], ...]]


def _folders(out: Path) -> Iterator[Path]:
    if out.is_dir():
        yield from (p for p in sorted(out.iterdir()) if p.is_dir() and p.name[0] != ".")


def _published(folder: Path) -> _Told | None:
    """Where the report of a client lies, its manifest and its findings; a part, if that is all.

    Raises ValueError where there is one that can't be read, or isn't what a run wrote.
    """
    from servicegap.report import portfolio

    for place in (folder, folder / PARTIAL):
        try:
            if not (place / publish.MANIFEST).is_file():
                continue
            manifest = json.loads((place / publish.MANIFEST).read_text("utf-8"))
            findings = json.loads((place / "findings.json").read_text("utf-8"))
            dt.date.fromisoformat(manifest["as_of"])
            _ = manifest["client"], manifest["id"], dict(manifest["outputs"]), _sessions(manifest)
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"{place} holds a damaged report") from error
        if not portfolio.well_formed(findings):
            raise ValueError(f"{place} holds damaged findings")
        where = folder.name if place == folder else f"{folder.name}/{PARTIAL}"
        return where, manifest, tuple(findings)
    return None


def _state(name: str, ident: str, status: str, reason: str, told: _Told | None) -> Client:
    from servicegap.report.portfolio_model import Client

    if told is None:
        return Client(name, ident, status, reason)
    where, manifest, findings = told
    files = sorted(manifest["outputs"])
    return Client(
        name,
        ident,
        status,
        reason,
        dt.date.fromisoformat(manifest["as_of"]),
        sending.drafts(files),
        _sessions(manifest) if where.endswith(f"/{PARTIAL}") else (),
        {label: quote(f"{where}/{file}") for label, file in sending.to_open(files).items()},
        findings,
    )


def _sessions(manifest: Mapping[str, Any]) -> tuple[str, ...]:
    """Numbers of the sessions that a part consists of."""
    asked = {stem for stem, told in manifest["sessions"].items() if told["status"] != "not_asked"}
    return tuple(n for n, session in schema.SESSIONS.items() if session.stem in asked)
