"""The files of this folder as data: what fields mean, what words mean. Read once."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from types import MappingProxyType
from typing import Any

MAKES = ("tickets", "feedback", "survey")
NOTHING = "none"


@dataclass(frozen=True)
class Field:
    """What a column of an export can mean: its kind, the exports it occurs in, its headers."""

    name: str
    kind: str  # id, text, time, hours, count, met, yesno, score
    makes: tuple[str, ...]
    about: str
    words: tuple[str, ...]


def _read(name: str) -> Any:
    import yaml

    text = (resources.files("servicegap.intake") / name).read_text(encoding="utf-8")
    return yaml.safe_load(text)


@functools.cache
def fields() -> Mapping[str, Field]:
    """Every field by its name."""
    return MappingProxyType(
        {
            name: Field(name, told["kind"], tuple(told["in"]), told["about"],
                        tuple(map(str, told["words"])))
            for name, told in _read("fields.yaml").items()
        }
    )  # fmt: skip


@functools.cache
def words() -> Mapping[str, Any]:
    """The content of words.yaml."""
    return MappingProxyType(_read("words.yaml"))


@functools.cache
def pattern(name: str) -> re.Pattern[str]:
    """One of the patterns of words.yaml; texts are to be in lower case."""
    return re.compile(words()[name])


def plain(header: str) -> str:
    """A header as it is compared: without case, marks, spaces and signs; a lone sign stays."""
    text = header.replace("\u00a0", " ").replace("\ufeff", "").casefold().strip()
    return re.sub(r"[\W_]+", "", text) or re.sub(r"\s+", "", text)
