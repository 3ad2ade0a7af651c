"""A room: what its attendees handed in, as far as it may be shown, beside what is true of the firm.

Whom the room has been shown, as marks without names, is kept in the folder itself
(`.servicegap/shown.json`) and read again before each look, so that neither closing the notebook and
opening it again nor a second window on the same room gives anything away.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import math
import secrets
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from servicegap import schema
from servicegap.client import appending, find
from servicegap.client.folder import ROOT
from servicegap.client.settings import read_settings
from servicegap.placing import put
from servicegap.teaching.fives import FEWEST, Block, admit
from servicegap.teaching.handed_in import HandedIn, Said, read

if TYPE_CHECKING:
    from servicegap.findings import Result

SHOWN = Path(".servicegap") / "shown.json"
TRUTH = "TRUTH.yaml"
_TOLD = ("scenario", "seed", "strength", "size", "exploratory", "beliefs")


@dataclass(frozen=True)
class OneBelief:
    """What a room may be shown of one belief: everybody's first guesses, and those of the people
    who guessed again, a pair each. Numbers of people are multiples of five."""

    headline: schema.Headline
    first: tuple[Said, ...]
    again: tuple[Said, ...]


@dataclass
class Memory:
    """Who has been shown with whom: by belief the blocks, and the second guess of each person."""

    salt: str = field(default_factory=lambda: secrets.token_hex(16))
    blocks: dict[str, list[Block]] = field(default_factory=dict)
    again: dict[str, dict[str, str]] = field(default_factory=dict)


@dataclass
class Room:
    """A room that can be looked at again. `beliefs` holds only what may be shown.

    `firm` is the id of the firm that it guesses about; `told` are sentences for the trainer, and
    those `of_files` name files that could not be used; `kept`, whether the folder knows whom it has
    been shown.
    """

    folder: Path
    firm: str
    truth: Mapping[str, Any]
    memory: Memory = field(default_factory=Memory, repr=False)
    kept: bool = True
    beliefs: Mapping[str, OneBelief] = field(default_factory=dict)
    told: tuple[str, ...] = ()
    of_files: tuple[str, ...] = ()
    listeners: list[Callable[[], None]] = field(default_factory=list, repr=False)

    def refresh(self) -> None:
        """Read the folder again, and tell whoever shows something of it."""
        with _alone(self.folder):
            handed = read(self.folder, self.firm)
            if self.kept:  # another window may have shown more since
                self.memory = _remembered(self.folder) or self.memory
            self.beliefs = allowed(handed, self.memory)
            self.kept = _keep(self.folder, self.memory)
        self.told = handed.told if self.kept else (*handed.told, _FORGETFUL)
        self.of_files = handed.of_files
        for listener in tuple(self.listeners):
            listener()

    @property
    def people(self) -> int:
        """How many people speak where most do; a multiple of five."""
        return max((len(b.first) for b in self.beliefs.values()), default=0)

    def true(self, belief: str) -> float:
        """What is really so of the firm, in the belief's unit."""
        return float(self.truth["beliefs"][belief]["true_value"])

    def _repr_html_(self) -> str:
        return self.html

    @property
    def html(self) -> str:
        """What was handed in, for a page on the wall: names of files, which may be people's, wait
        for a click."""
        from html import escape

        lines = [f"<p>{escape(self.summary)}</p>"]
        lines += [f"<p><em>{escape(line)}</em></p>" for line in self.told]
        if self.of_files:
            names = "".join(f"<p><em>{escape(line)}</em></p>" for line in self.of_files)
            lines.append(f"<details><summary>Not everything could be read. A click shows the names "
                         f"of the files.</summary>{names}</details>")  # fmt: skip
        return "".join(lines)

    @property
    def summary(self) -> str:
        """How many may be shown, in a sentence."""
        if not self.people:
            return (f"Fewer than {FEWEST} people have handed in a guess. Nothing is shown of "
                    "fewer than five.")  # fmt: skip
        return (f"The guesses of {self.people} people are shown. People come in by fives: up to "
                "four more may be waiting until the next five are complete.")  # fmt: skip


def open_room(folder: str | Path, firm: str | Path) -> Room:
    """Open a room.

    Args: folder, where attendees' belief files are put; it may be missing yet; firm, the made-up
    firm they guess about, with its TRUTH.yaml. Raises Refused where there is no such firm, and
    ValueError where it has no TRUTH.yaml.
    """
    place = _placed(folder)
    truth = read_truth(firm)
    room = Room(place, read_settings(find(firm))[0].id, truth)
    room.refresh()
    return room


def _placed(folder: str | Path) -> Path:
    """The room's folder, from wherever one stands; one that isn't there yet is in the checkout."""
    asked = Path(folder).expanduser()
    here = Path.cwd()
    for base in (here, *here.parents, ROOT):
        if (base / asked).is_dir():
            return (base / asked).resolve()
    return ROOT / asked


def read_truth(firm: str | Path) -> Mapping[str, Any]:
    """The content of a made-up firm's TRUTH.yaml.

    Raises Refused where there is no such firm, ValueError where it has no truth or none whole.
    """
    import yaml

    path = find(firm) / TRUTH
    if not path.is_file():
        raise ValueError(
            f"{path.parent} has no {TRUTH}, so nobody knows what is true there; take the folder "
            "that `servicegap sample` made, not a copy that was handed out"
        )
    try:
        told = yaml.safe_load(path.read_text(encoding="utf-8-sig"))
        whole = all(key in told for key in _TOLD) and all(
            math.isfinite(told["beliefs"][belief]["true_value"]) for belief in schema.HEADLINES
        )
    except (OSError, ValueError, KeyError, TypeError, RecursionError, yaml.YAMLError):
        whole = False
    if not whole:
        raise ValueError(
            f"{path} can't be read as the truth of a firm: it is empty, cut short or has been "
            "edited. Make the firm again with `servicegap sample`, in a new folder, by the same "
            "scenario and seed"
        )
    return MappingProxyType(told)


def allowed(handed: HandedIn, memory: Memory) -> Mapping[str, OneBelief]:
    """What may be shown of what was handed in, given all that was shown; `memory` is brought up."""
    found = {}
    for belief, head in schema.HEADLINES.items():
        said = {one.person: one for one in handed.said[belief]}
        blocks = tuple(memory.blocks.get(belief, ()))
        first, blocks = admit(said, blocks, _by_lot(memory.salt))
        known = memory.again.setdefault(belief, {})
        both = [p for p in first if said[p].again and known.get(p, said[p].again) == said[p].again]
        again: Block = frozenset()
        if len(both) >= FEWEST:
            again, blocks = admit(both, blocks, _by_lot(memory.salt), newcomers=False)
        memory.blocks[belief] = list(blocks)
        known |= {p: said[p].again for p in again}
        found[belief] = OneBelief(
            head, *(tuple(said[p] for p in sorted(those)) for those in (first, again))
        )
    return MappingProxyType(found)


def _by_lot(salt: str) -> Callable[[str], str]:
    return lambda person: hashlib.sha256(f"{salt}{person}".encode()).hexdigest()


# -- what was shown, kept ----------------------------------------------------------------------


_FORGETFUL = (
    "This folder can't be written to. Keep this notebook open until the end, and open no other: "
    "opened again, it would not know what it has shown."
)


@contextlib.contextmanager
def _alone(place: Path) -> Iterator[None]:
    """Keep other windows on the same room waiting, where there is a folder to say so in."""
    with contextlib.ExitStack() as held:
        if place.is_dir():
            with contextlib.suppress(OSError):
                (place / SHOWN).parent.mkdir(exist_ok=True)
                held.enter_context(appending.locked(place / SHOWN))
        yield


def _remembered(place: Path) -> Memory | None:
    try:
        kept = json.loads((place / SHOWN).read_text(encoding="utf-8"))
        blocks = {b: [frozenset(block) for block in those] for b, those in kept["blocks"].items()}
        return Memory(str(kept["salt"]), blocks, kept["again"])
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ValueError(
            f"{place / SHOWN} can't be read, so it is not known what this room was shown before. "
            "Begin with a new folder for the room"
        ) from error


def _keep(place: Path, memory: Memory) -> bool:
    """Write down who was shown, and say whether that was possible."""
    if not place.is_dir():
        return True  # and nobody was
    content = {
        "salt": memory.salt,
        "blocks": {b: [sorted(block) for block in those] for b, those in memory.blocks.items()},
        "again": memory.again,
    }
    try:  # the salt is nobody's business
        put(place / SHOWN, json.dumps(content).encode(), mode=0o600)
    except OSError:
        return False
    return True


# -- shown -------------------------------------------------------------------------------------


def show(look: Callable[[Room], Result], room: Room) -> None:
    """Show what `look(room)` finds, and show it anew in its place when the room is refreshed."""
    from IPython.display import display, update_display

    from servicegap.bundles import bundle

    handle = display(bundle(look(room)), raw=True, display_id=True)
    room.listeners.append(
        lambda: update_display(bundle(look(room)), raw=True, display_id=handle.display_id)
    )
