"""Which characters may stand in a report? All but those that break one of its three forms."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from servicegap.report.model import Approval, Brand, ClientFacts, Promise

# C0 and C1 controls but tab and newline, bidi overrides, lone surrogates and non-characters: none
# is a letter of any language, and each breaks at least one of the three forms
_UNPRINTABLE = {
    code: None
    for span in (
        (0x00, 0x09), (0x0B, 0x20), (0x7F, 0xA0), (0x202A, 0x202F), (0x2066, 0x206A),
        (0xD800, 0xE000), (0xFDD0, 0xFDF0), (0xFEFF, 0xFF00), (0xFFF9, 0xFFFC),
        *((plane + 0xFFFE, plane + 0x10000) for plane in range(0, 0x110000, 0x10000)),
    )
    for code in range(*span)
}  # fmt: skip


def clean(value: Any) -> Any:
    """Take unprintable characters out of every text in a nested value."""
    if isinstance(value, str):
        return value.translate(_UNPRINTABLE)
    if isinstance(value, Mapping):
        return {clean(k): clean(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(map(clean, value))
    if isinstance(value, ClientFacts | Promise | Brand | Approval):
        return type(value)(**{k: clean(getattr(value, k)) for k in value.__dataclass_fields__})
    return value
