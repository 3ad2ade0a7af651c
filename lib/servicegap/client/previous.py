"""The same client a period ago: its folder, found and read, or a refusal that says why not."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from servicegap.client.settings import FILE
from servicegap.problems import Problem, Refused

if TYPE_CHECKING:
    from servicegap.client import Client

_KEY = "previous"


def load_previous(client: Client) -> Client | None:
    """Read the folder that `previous` names in client.yaml, from the client's own folder on.

    Returns None where none is named. Raises Refused where it is not there, can't be read, is the
    client's own folder, another client's, or not older. What that folder itself names as its
    previous one is of no interest here.
    """
    told = client.settings.previous
    if not told:
        return None
    folder = (client.folder / told).resolve()
    if not folder.is_dir():
        raise _refused(told, "there is no such folder", "write the path of the last period's "
                       "folder, as seen from this one")  # fmt: skip
    if folder == client.folder.resolve():
        raise _refused(told, "this is the client's own folder", "name the last period's folder")
    from servicegap.client.folder import load

    try:
        earlier = load(folder, sealed=False, tolerate=True)
    except Refused as error:
        raise Refused([_of_last_time(p, told) for p in error.problems]) from error
    lost = [p for p in (*earlier.refused, *earlier.noted) if p.severity == "error"]
    if lost:
        raise Refused([_of_last_time(p, told) for p in lost])
    own = client.settings.id
    if earlier.settings.id != own:
        what = f"the folder belongs to another client (id {earlier.settings.id}, not {own})"
        raise _refused(told, what, "name the last period's folder of this client")
    if earlier.as_of >= client.as_of:
        what = f"its files are of {earlier.as_of}, no older than these ({client.as_of})"
        raise _refused(told, what, "name an older folder, or set as_of in both")
    return earlier


def _refused(told: str, what: str, remedy: str) -> Refused:
    return Refused(Problem("", FILE, None, _KEY, told, f"“{told}”: {what}", remedy))


def _of_last_time(problem: Problem, told: str) -> Problem:
    """A problem of last period's folder, so named that nobody looks for it in this one's."""
    file = f"{told.rstrip('/')}/{problem.file}" if problem.file else f"{told} (the last period)"
    return replace(problem, file=file)
