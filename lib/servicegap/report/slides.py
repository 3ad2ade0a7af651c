"""How is a slide laid? Titles, texts, cards, tables and pictures in inches, with python-pptx.

Knows nothing of reports. Text is fitted by choosing the largest of the given sizes that should fit,
since nobody measures text in a file that is yet to be opened.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping, Sequence
from datetime import datetime
from io import BytesIO

from pptx import Presentation
from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Inches

from servicegap.report import marks
from servicegap.report.lettering import (
    FONT,
    cell,
    decorative,
    fitting,
    placed,
    rgb,
    row_heights,
    write,
)

WIDE, HIGH = 13.333, 7.5


class Deck:
    """A deck of slides in our look."""

    def __init__(self, title: str, foot: str) -> None:
        self.file = Presentation()
        self.title = title
        self.foot = foot if len(foot) <= 90 else f"{foot[:89]}…"
        self._forget_thumbnail()
        self._widen()
        self._theme()

    def __len__(self) -> int:
        return len(self.file.slides)

    def _forget_thumbnail(self) -> None:
        """Drop the picture of an empty slide that the library's template brings along."""
        package = self.file.part.package
        for key, relation in list(package._rels.items()):
            if relation.reltype == RELATIONSHIP_TYPE.THUMBNAIL:
                package._rels.pop(key)

    def _widen(self) -> None:
        """Make the library's 4:3 template 16:9, its layouts too, so that new slides fit in."""
        ratio = Inches(WIDE) / self.file.slide_width
        self.file.slide_width, self.file.slide_height = Inches(WIDE), Inches(HIGH)
        for page in (self.file.slide_master, *self.file.slide_layouts):
            for xfrm in page.element.iter(qn("a:xfrm")):
                for tag, name in (("a:off", "x"), ("a:ext", "cx")):
                    node = xfrm.find(qn(tag))
                    if node is not None:
                        node.set(name, str(round(int(node.get(name)) * ratio)))

    def _theme(self) -> None:
        """Our fonts and colours as the theme's, so that what is added by hand looks alike."""
        part = self.file.slide_master.part.part_related_by(RELATIONSHIP_TYPE.THEME)
        theme = part.blob.decode("utf-8")
        theme = theme.replace('<a:latin typeface="Calibri"/>', f'<a:latin typeface="{FONT}"/>')
        tones = marks.TONES
        colours = {
            "dk2": marks.INK,
            "accent1": marks.EVIDENCE,
            "accent2": tones["bad"][0],
            "accent3": tones["good"][0],
            "accent4": marks.BELIEF,
        }
        for name, colour in colours.items():
            theme = re.sub(
                rf'(<a:{name}><a:srgbClr val=")[0-9A-F]{{6}}', rf"\g<1>{colour[1:].upper()}", theme
            )
        part._blob = theme.encode("utf-8")

    def slide(self, title: str, above: str = "", cover: tuple[str, str] | None = None) -> Slide:
        """Add a slide with a title and, in small letters above it, what it belongs to.

        `cover` has the colours of a cover's ground and of what is written on it.
        """
        slide = Slide(self.file.slides.add_slide(self.file.slide_layouts[5]))
        slide.title(title, cover)
        if above:
            slide.text(above, 0.8, 0.3, 11.7, 0.28, sizes=(12,), colour=marks.MUTE, bold=True)
        if not cover:
            slide.text(self.foot, 0.8, 6.98, 9.5, 0.32, sizes=(10, 8, 7), colour=marks.MUTE)
            slide.page_number(len(self))
        return slide

    def save(self, day: datetime) -> bytes:
        """Return the file's bytes, all dates in it set to `day`."""
        about = self.file.core_properties
        about.title, about.author = self.title[:255], "Service Gap Workbook"
        about.last_modified_by = ""
        about.language, about.revision, about.keywords = "en-GB", 1, ""
        about.created = about.modified = about.last_printed = day
        raw = BytesIO()
        self.file.save(raw)
        out = BytesIO()
        with zipfile.ZipFile(raw) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
            for name in old.namelist():
                entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
                entry.compress_type = zipfile.ZIP_DEFLATED
                new.writestr(entry, old.read(name))
        return out.getvalue()


class Slide:
    """One slide; lengths in inches, sizes in points."""

    def __init__(self, slide) -> None:
        self.slide = slide

    def title(self, text: str, cover: tuple[str, str] | None) -> None:
        """Set the title, in the layout's own placeholder, where screen readers look for it."""
        shape = self.slide.shapes.title
        top, height = (2.55, 2.1) if cover else (0.6, 0.8)
        placed(shape, 0.8, top, 11.7, height)
        sizes = (44, 36, 28, 22, 16, 12) if cover else (28, 24, 20, 16, 12)
        colour = cover[1] if cover else marks.INK
        if cover:
            self.slide.background.fill.solid()
            self.slide.background.fill.fore_color.rgb = rgb(cover[0])
        write(shape.text_frame, [text], (11.7, height), sizes, colour, bold=True)
        shape.text_frame.vertical_anchor = MSO_ANCHOR.MIDDLE

    def text(
        self,
        text: str | list[str],
        left: float,
        top: float,
        width: float,
        height: float,
        *,
        sizes: Sequence[int],
        colour: str = marks.INK,
        bold: bool = False,
        ground: str = "",
        middle: bool = False,
        right: bool = False,
    ) -> None:
        """Lay a box of one or several paragraphs; nothing for an empty text.

        `middle` sets it in the middle of the box's height, `right` at its right side.
        """
        paragraphs = [text] if isinstance(text, str) else text
        if not any(paragraphs):
            return
        box = self.slide.shapes.add_textbox(*map(Inches, (left, top, width, height)))
        inset = 0.15 if ground else 0.0
        if ground:
            box.fill.solid()
            box.fill.fore_color.rgb = rgb(ground)
        room = (width - 2 * inset, height - inset)
        write(box.text_frame, paragraphs, room, sizes, colour, bold, inset)
        if middle:
            box.text_frame.vertical_anchor = MSO_ANCHOR.MIDDLE
        if right:
            for paragraph in box.text_frame.paragraphs:
                paragraph.alignment = PP_ALIGN.RIGHT

    def card(
        self,
        heading: str,
        text: str,
        left: float,
        top: float,
        width: float,
        height: float,
        tone: str,
        sizes: Sequence[int] = (16, 15, 14, 13, 12, 11, 10, 9),
    ) -> None:
        """Lay a pale card with a coloured edge, a heading and a text."""
        drawn, written, pale = marks.TONES[tone]
        edge = self.slide.shapes.add_shape(
            MSO_SHAPE.RECTANGLE, *map(Inches, (left, top, 0.06, height))
        )
        edge.fill.solid()
        edge.fill.fore_color.rgb = rgb(drawn)
        edge.line.fill.background()
        edge.shadow.inherit = False
        decorative(edge)
        box = self.slide.shapes.add_textbox(*map(Inches, (left + 0.06, top, width - 0.06, height)))
        box.fill.solid()
        box.fill.fore_color.rgb = rgb(pale)
        room = (width - 0.36, height - 0.2)
        size = fitting([heading, text], room[0], room[1], sizes)
        frame = box.text_frame
        write(frame, [heading, text], room, (size,), marks.INK, False, 0.15)
        first = frame.paragraphs[0].runs[0].font
        first.bold, first.color.rgb = True, rgb(written)
        frame.vertical_anchor = MSO_ANCHOR.MIDDLE

    def table(
        self,
        head: Sequence[str],
        rows: Sequence[Sequence[str]],
        left: float,
        top: float,
        widths: Sequence[float],
        *,
        sizes: Sequence[int],
        row_height: float,
        most: float,
        colours: Sequence[Mapping[int, str]] = (),
    ) -> None:
        """Lay a real table with a header row; `colours` has, by row, the colour of columns.

        The letters are of the largest of `sizes` with which it is at most `most` inches high.
        """
        heights, size = [row_height], sizes[-1]
        for size in sizes:
            heights = row_heights(rows, widths, size, row_height)
            if sum(heights) + 0.4 <= most:
                break
        height = sum(heights) + 0.4
        frame = self.slide.shapes.add_table(
            len(rows) + 1, len(head), *map(Inches, (left, top, sum(widths), height))
        )
        table = frame.table
        table.first_row, table.horz_banding = True, False
        for column, width in zip(table.columns, widths, strict=True):
            column.width = Inches(width)
        table.rows[0].height = Inches(0.4)
        for row, high in zip(list(table.rows)[1:], heights, strict=True):
            row.height = Inches(high)
        for x, text in enumerate(head):
            cell(table.cell(0, x), text, size, marks.MUTE, True, "", marks.INK)
        for y, line in enumerate(rows):
            for x, text in enumerate(line):
                colour = colours[y].get(x) if colours else None
                bold = x == 0 or colour is not None
                above = marks.RULE if y else marks.INK
                box = table.cell(y + 1, x)
                cell(box, text, size, colour or marks.INK, bold, above, marks.RULE)

    def picture(
        self,
        png: bytes,
        alt: str,
        left: float,
        top: float,
        width: float,
        height: float,
        pixels_wide: int,
        pixels_high: int,
    ) -> None:
        """Lay a picture as large as fits into the box, with its text for those who don't see it."""
        scale = min(width / pixels_wide, height / pixels_high)
        wide, high = pixels_wide * scale, pixels_high * scale
        shape = self.slide.shapes.add_picture(
            BytesIO(png), *map(Inches, (left, top + (height - high) / 2, wide, high))
        )
        shape._element.nvPicPr.cNvPr.set("descr", alt)

    def page_number(self, number: int) -> None:
        """Lay a page number that follows when slides are moved."""
        box = self.slide.shapes.add_textbox(*map(Inches, (11.5, 6.98, 1.0, 0.32)))
        paragraph = box.text_frame.paragraphs[0]._p
        colour = marks.MUTE[1:].upper()
        paragraph.append(parse_xml(f'<a:pPr {nsdecls("a")} algn="r"/>'))
        paragraph.append(
            parse_xml(
                f'<a:fld {nsdecls("a")} id="{{B6F15528-21DE-4FAA-801E-634DDDAF4B2B}}" '
                f'type="slidenum"><a:rPr lang="en-GB" sz="1000"><a:solidFill><a:srgbClr '
                f'val="{colour}"/></a:solidFill></a:rPr><a:t>{number}</a:t></a:fld>'
            )
        )

    def notes(self, *paragraphs: str) -> None:
        """Write the speaker's notes."""
        self.slide.notes_slide.notes_text_frame.text = "\n".join(paragraphs)
