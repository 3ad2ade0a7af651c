"""Whose report is it? The consultant's brand.yaml, and what a client's own settings put over it.

`brand.yaml` lies beside the clients' folders, or is named with `--brand`; the key `brand` in a
client.yaml has the same keys and wins, each for itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from servicegap.problems import Problem, Refused
from servicegap.report import colours
from servicegap.report.model import Brand
from servicegap.run import logo

if TYPE_CHECKING:
    from servicegap.client.settings import Settings

FILE = "brand.yaml"
KEYS = {
    "name": "who makes the report",
    "logo": "a PNG, JPEG or SVG file beside this one",
    "colour": "one colour, in quotes: '#1f4e79'",
    "footer": "a line at the foot of every page",
    "contact": "how to reach you, at the report's end",
    "cover": "a line on the cover",
}
_MOST = 300  # letters; more is not a line
_MAX_BYTES = 50_000


@dataclass(frozen=True)
class Branding:
    """A brand, the files it was made from (name in the manifest → path), and what was mended."""

    brand: Brand = field(default_factory=Brand)
    files: Mapping[str, Path] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()


class Named(Protocol):
    """A client as far as a brand needs to know it."""

    @property
    def folder(self) -> Path: ...
    @property
    def settings(self) -> Settings: ...


def branding(client: Named, given: Path | None = None) -> Branding:
    """The brand of a client's reports. `given` is the file named on the command line, if any.

    Raises Refused, by file and key, for what can't be read or used.
    """
    made = of_all(client.folder.resolve().parent, given)
    own = client.settings.brand
    return _with(made, own, "client.yaml", client.folder, "") if own else made


def of_all(clients: Path, given: Path | None = None) -> Branding:
    """The consultant's own brand, from brand.yaml among the clients' folders or the file given.

    Raises Refused as `branding` does.
    """
    wide = given or clients / FILE
    if given and not given.is_file():
        raise Refused(_problem(str(given), None, None, "there is no such file", "check --brand"))
    if not wide.is_file():
        return Branding()
    made = _with(Branding(), _read(wide), wide.name, wide.parent, "brand")
    return replace(made, files={**made.files, f"brand/{wide.name}": wide})


def _read(path: Path) -> Mapping[str, Any]:
    import yaml

    if path.stat().st_size > _MAX_BYTES:
        raise Refused(_problem(path.name, None, None, "the file is far too large", "shorten it"))
    try:
        # every value stays text, as in client.yaml
        told = yaml.load(path.read_text("utf-8-sig"), Loader=yaml.BaseLoader)  # noqa: S506
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        what = "the file can't be read"
        remedy = "write a key and its text on each line, such as name: Oak Advice"
        raise Refused(_problem(path.name, None, None, what, remedy)) from error
    if not isinstance(told, dict | str) or (isinstance(told, str) and told):
        raise Refused(_problem(path.name, None, None, "the file holds no keys", "see README"))
    return told or {}


def _with(made: Branding, told: Mapping[str, Any], file: str, folder: Path, under: str) -> Branding:
    """`made` with what is told in one file put over it."""
    wrong = list(_wrong(told, file))
    if wrong:
        raise Refused(wrong)
    changes: dict[str, Any] = {}
    files, remarks = dict(made.files), list(made.remarks)
    for key, text in told.items():
        if key == "logo" and text:
            path = folder / text
            try:
                shown = logo.read(path, folder)
            except logo.Unusable as error:
                raise Refused(_problem(file, key, text, f"“{text}” {_it(error)}", "")) from error
            changes |= {"logo": shown.png, "logo_width": shown.width, "logo_height": shown.height}
            files[f"{under}/{text}" if under else text] = path
        elif key == "colour":
            coat = colours.coat(colours.parsed(text))
            changes |= {"ground": coat.ground, "on_ground": coat.on_ground, "ink": coat.ink}
            remarks = [coat.mended] if coat.mended else []
        elif key != "logo":
            changes[key] = " ".join(text.split())
    return Branding(replace(made.brand, **changes), files, tuple(remarks))


def _wrong(told: Mapping[str, Any], file: str) -> Iterator[Problem]:
    for key, text in told.items():
        known = ", ".join(KEYS)
        if key not in KEYS:
            yield _problem(file, key, None, "nothing reads this key", f"use {known}")
        elif not isinstance(text, str):
            yield _problem(file, key, None, "this should be one text", f"write {KEYS[key]}")
        elif len(text) > _MOST:
            yield _problem(file, key, None, f"this is longer than {_MOST} letters", "shorten it")
        elif key == "colour":
            try:
                colours.parsed(text)
            except ValueError:
                what = f"“{text}” is not a colour" if text else "the colour is empty"
                yield _problem(file, key, text, what, "write it in quotes, as '#1f4e79'")


def _it(error: logo.Unusable) -> str:
    return f"can't be the logo: {error}"


def _problem(file: str, key: str | None, value: str | None, what: str, remedy: str) -> Problem:
    return Problem("", file, None, key, value, what, remedy)
