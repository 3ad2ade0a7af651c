"""Words that people write for yes, no and nothing, and how words are compared."""

from __future__ import annotations

import re
from types import MappingProxyType

#: What stands for "no value" in a column that is not text ("N/A" may be a company's name).
NO_VALUE = frozenset(
    ("n/a", "na", "#n/a", "null", "none", "nan", "nil", "-", "--", "–", "—", "?", "unknown", "tbc")
)
YES_NO = MappingProxyType(
    dict.fromkeys(("yes", "y", "true", "t", "1", "1.0"), True)
    | dict.fromkeys(("no", "n", "false", "f", "0", "0.0"), False)
)


def name_key(text: str) -> str:
    """A name as people compare names: whatever its case and spaces."""
    return " ".join(text.split()).casefold()


def squash(text: str) -> str:
    """The text without case, spaces and signs: how headers and choices are compared."""
    return re.sub(r"[\W_]+", "", text.casefold())
