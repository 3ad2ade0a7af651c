"""How is text set on a slide? In the largest size that should fit, in Arial, which all have.

Nobody measures text in a file that is yet to be opened, so widths are estimated.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from pptx.dml.color import RGBColor
from pptx.enum.lang import MSO_LANGUAGE_ID
from pptx.enum.text import MSO_ANCHOR, MSO_AUTO_SIZE, PP_ALIGN
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls
from pptx.util import Inches, Pt

FONT = "Arial"
SLACK = 1.08  # lines are rarely full, and bold letters are wider
LINE = 1.2
_WIDTHS = (("ijlI.,:;'|! ", 0.28), ("ftr-()/[]", 0.34), ("mMW%@—", 0.9), ("w&", 0.75))
_EMS = {letter: width for letters, width in _WIDTHS for letter in letters}


def ems(text: str) -> float:
    """How wide a text is in Arial, about, in ems of its size."""
    return sum(_EMS.get(c, 1.0 if ord(c) > 0x2E7F else 0.7 if c.isupper() else 0.55) for c in text)


def fitting(texts: Sequence[str], width: float, height: float, sizes: Sequence[int]) -> int:
    """The largest of `sizes` (points) in which the paragraphs fit into width × height (inches)."""
    for size in sizes:
        room = width * 72 / size
        lines = sum(max(1, math.ceil(ems(text) * SLACK / room)) for text in texts)
        gaps = 0.45 * (len(texts) - 1)
        if (lines * LINE + gaps) * size / 72 <= height:
            return size
    return sizes[-1]


def row_heights(
    rows: Sequence[Sequence[str]], widths: Sequence[float], size: int, least: float
) -> list[float]:
    """How high (inches) the rows of a table become when their texts fold; at least `least`."""
    return [
        max(
            least,
            *(
                math.ceil(ems(text) * SLACK * size / 72 / (width - 0.14)) * size * LINE / 72 + 0.04
                for text, width in zip(row, widths, strict=True)
            ),
        )
        for row in rows
    ]


def placed(shape, left: float, top: float, width: float, height: float) -> None:
    """Move a shape; lengths in inches."""
    shape.left, shape.top, shape.width, shape.height = map(Inches, (left, top, width, height))


def rgb(colour: str) -> RGBColor:
    """`#12355b` as the library wants it."""
    return RGBColor.from_string(colour[1:].upper())


def decorative(shape) -> None:
    """Say that a shape carries no meaning, so that nobody hears of it."""
    shape._element.nvSpPr.cNvPr.append(
        parse_xml(
            '<a:extLst xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><a:ext '
            'uri="{C183D7F6-B498-43B3-948B-1728B52AA6E4}"><adec:decorative xmlns:adec='
            '"http://schemas.microsoft.com/office/drawing/2017/decorative" val="1"/></a:ext>'
            "</a:extLst>"
        )
    )


def write(
    frame,
    paragraphs: Sequence[str],
    room: tuple[float, float],
    sizes: Sequence[int],
    colour: str,
    bold: bool = False,
    inset: float = 0.0,
) -> None:
    """Write paragraphs into a frame, in the largest of `sizes` in which they fit into `room`."""
    size = fitting(paragraphs, room[0], room[1], sizes)
    frame.word_wrap, frame.auto_size = True, MSO_AUTO_SIZE.NONE
    frame.margin_left = frame.margin_right = Inches(inset)
    frame.margin_top = frame.margin_bottom = Inches(inset / 2)
    for place, text in enumerate(paragraphs):
        paragraph = frame.paragraphs[0] if place == 0 else frame.add_paragraph()
        if place:
            paragraph.space_before = Pt(size * 0.45)
        _run(paragraph, text, size, colour, bold)


def _run(paragraph, text: str, size: float, colour: str, bold: bool) -> None:
    run = paragraph.add_run()
    run.text = text.replace("\n", " ").replace("\t", " ")
    font = run.font
    font.size, font.bold, font.name = Pt(size), bold, FONT
    font.color.rgb = rgb(colour)
    font.language_id = MSO_LANGUAGE_ID.ENGLISH_UK
    paragraph.alignment = PP_ALIGN.LEFT  # whatever the layout says


def cell(box, text: str, size: int, colour: str, bold: bool, above: str, below: str) -> None:
    """Write a cell of a table, with the colours of the lines above and below it."""
    box.fill.background()
    box.margin_left, box.margin_right = Inches(0.04), Inches(0.1)
    box.margin_top = box.margin_bottom = Inches(0.02)
    box.vertical_anchor = MSO_ANCHOR.MIDDLE
    box.text_frame.word_wrap = True
    _run(box.text_frame.paragraphs[0], text, size, colour, bold)
    properties = box._tc.get_or_add_tcPr()
    for place, (edge, paint) in enumerate((("lnT", above), ("lnB", below))):
        fill = (
            f'<a:solidFill><a:srgbClr val="{paint[1:].upper()}"/></a:solidFill>'
            if paint
            else "<a:noFill/>"
        )
        line = f'<a:{edge} {nsdecls("a")} w="9525">{fill}</a:{edge}>'
        properties.insert(place, parse_xml(line))
