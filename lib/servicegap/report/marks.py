"""How does a verdict look? Word, sign and colour, the same on every page, slide and screen.

Colour is never alone: the word always stands beside it. The colours are those of the charts; as
text they keep a contrast of 4.5 on white and on the pale grounds.
"""

from __future__ import annotations

from types import MappingProxyType

INK = "#1d2733"
MUTE = "#5d6873"
BELIEF = "#b9c2cc"
TICK = "#67727e"
EVIDENCE = "#12355b"
RULE = "#dde3e9"
GROUND = "#f4f6f8"
PAPER = "#ffffff"

# tone -> (mark, text, pale ground)
TONES = MappingProxyType(
    {
        "bad": ("#b3432a", "#b3432a", "#fbeeea"),
        "good": ("#1f6a52", "#1f6a52", "#e9f4ef"),
        "plain": (EVIDENCE, EVIDENCE, "#e9eef4"),
        "open": ("#7b8794", MUTE, GROUND),
    }
)

# verdict -> (tone, sign when settled, sign when leaning)
VERDICTS = MappingProxyType(
    {
        "blind spot": ("bad", "▼", "▽"),
        "hidden strength": ("good", "▲", "△"),
        "well judged": ("plain", "●", "●"),
        "too few to judge": ("open", "○", "○"),
        "not measured": ("open", "–", "–"),
        "no guess": ("open", "·", "·"),
    }
)

# what became of a figure since last period -> tone
_CHANGES = MappingProxyType({"better": "good", "worse": "bad"})


def change(word: str) -> str:
    """The tone of better, worse and can't tell."""
    return _CHANGES.get(word, "open")


def verdict(word: str, strength: str | None) -> tuple[str, str, str]:
    """Return a verdict as printed, its sign and its tone: `("blind spot, leaning", "▽", "bad")`."""
    tone, settled, leaning = VERDICTS[word]
    if strength == "leaning":
        return f"{word}, leaning", leaning, tone
    return word, settled, tone
