"""A consultant's logo, made harmless: whatever comes in, a small PNG of our own making goes out.

A PNG or JPEG is decoded and written anew, without anything but its pixels. An SVG is drawn by
typst, which runs no script and loads nothing from elsewhere. So no form of the report ever holds a
byte of the file as it was.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

MOST_BYTES = 2_000_000
MOST_PIXELS = 25_000_000
ROOM = (800, 320)  # the largest width and height that any form shows, in dots
_ACTIVE = re.compile(
    rb"<!doctype|<!entity|<\s*script|<\s*foreignobject|<\s*iframe|\son\w+\s*=|javascript:", re.I
)


class Unusable(Exception):
    """The file can't serve as a logo; the text says why, as the end of a sentence."""


@dataclass(frozen=True)
class Logo:
    """A picture that is safe to show: PNG bytes, width and height in dots."""

    png: bytes
    width: int
    height: int


def read(path: Path, folder: Path) -> Logo:
    """Read a logo that lies inside `folder`. Raises Unusable."""
    if not path.resolve().is_relative_to(folder.resolve()):
        raise Unusable("it lies outside the folder; put it beside the file that names it")
    if not path.is_file():
        raise Unusable("there is no such file")
    if path.stat().st_size > MOST_BYTES:
        raise Unusable(f"it is larger than {MOST_BYTES // 1_000_000} MB; save it smaller")
    data = path.read_bytes()
    if data[:4] == b"\x89PNG" or data[:2] == b"\xff\xd8":
        return _pixels(data)
    if b"<svg" in data[:4096].lower():
        return _pixels(_drawn(data))
    raise Unusable("it is neither PNG, JPEG nor SVG")


def _pixels(data: bytes) -> Logo:
    """Decode a picture and write it anew, no larger than it is shown."""
    from PIL import Image

    try:
        with Image.open(BytesIO(data), formats=("PNG", "JPEG")) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise Unusable("it has far too many dots; save it smaller")
            picture.load()
            clean = picture.convert("RGBA")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise Unusable("it is damaged; save it again") from error
    clean.thumbnail(ROOM, Image.Resampling.LANCZOS)
    out = BytesIO()
    Image.frombytes("RGBA", clean.size, clean.tobytes()).save(out, "PNG", optimize=False)
    return Logo(out.getvalue(), clean.width, clean.height)


def _drawn(svg: bytes) -> bytes:
    """Draw an SVG as PNG, with nothing but what stands in it."""
    import typst

    if len(svg) > MOST_BYTES // 4 or _ACTIVE.search(svg):
        raise Unusable("it holds more than a drawing; save it as PNG")
    fonts = Path(__file__).resolve().parents[1] / "fonts"
    with TemporaryDirectory(prefix="servicegap-logo-") as folder:
        (Path(folder) / "logo.svg").write_bytes(svg)
        page = Path(folder) / "page.typ"
        page.write_text(
            "#set page(width: auto, height: auto, margin: 0pt, fill: none)\n"
            '#image("logo.svg", height: 80pt, alt: "logo")\n',
            encoding="utf-8",
        )
        try:
            made = typst.compile(
                str(page), root=folder, format="png", ppi=288,
                ignore_system_fonts=True, font_paths=[str(fonts)],
            )  # fmt: skip
        except typst.TypstError as error:
            raise Unusable("it can't be drawn by itself; save it as PNG") from error
    if not isinstance(made, bytes):
        raise Unusable("it is too large a drawing; save it as PNG")
    return made
