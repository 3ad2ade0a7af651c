"""How does a chart get into a slide so that it can be edited? As XML with its own small workbook.

A scatter chart serves for everything: a dot with a line is evidence with its interval, a grey bar
with a tick is a belief, hollow is not settled, a joined series is a course. The workbook
holds the numbers behind them and no formula; the same chart gives the same bytes.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from xml.sax.saxutils import escape

from pptx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from pptx.opc.packuri import PackURI
from pptx.parts.chart import ChartPart
from pptx.util import Inches

from servicegap.report import marks

Numbers = Sequence[float | None]
EMU_A_POINT = 12700
_SPACES = " ".join(
    f'xmlns:{short}="http://schemas.openxmlformats.org/{long}"'
    for short, long in (
        ("c", "drawingml/2006/chart"),
        ("a", "drawingml/2006/main"),
        ("r", "officeDocument/2006/relationships"),
    )
)


@dataclass(frozen=True)
class Series:
    """Points, or a line through them: `mark` is dot, hollow, triangle or empty, `line` is how
    wide it is, in points.

    A height of None breaks the line, so that one series can hold many ranges. A `flat` line ends
    where its range does; a `named` one has its name at its last point. Through an `opacity` under
    1 one sees what lies below, since programs don't agree which series lies on top.
    """

    name: str
    x: Numbers
    y: Numbers
    colour: str = marks.EVIDENCE
    mark: str = ""
    line: float = 0.0
    flat: bool = False
    named: bool = False
    opacity: float = 1.0


def ranges(
    name: str, spans: Sequence[tuple[float, float, float]], colour: str, line: float, flat: bool
) -> Series:
    """Horizontal lines: (from, to, height) each."""
    x = [at for low, high, _ in spans for at in (low, high, high)]
    y = [at for *_, height in spans for at in (height, height, None)]
    return Series(name, x, y, colour, line=line, flat=flat, opacity=0.6 if flat else 1.0)


def ticks(name: str, at: Sequence[tuple[float, float]], colour: str, half: float) -> Series:
    """Short upright lines: (place, height of the middle) each, `half` as far up and down."""
    x = [place for place, _ in at for _ in range(3)]
    y = [end for _, height in at for end in (height - half, height + half, None)]
    return Series(name, x, y, colour, line=2.0, flat=True)


@dataclass(frozen=True)
class Axis:
    """The ends of an axis and what stands at it; an axis without a step shows nothing."""

    low: float
    high: float
    step: float = 0.0
    title: str = ""


@dataclass(frozen=True)
class Chart:
    """A chart; `inner` is where its plot lies in the frame (left, top, width, height, 0 to 1).

    `letters` is the size of what is written at its axes, in points.
    """

    series: tuple[Series, ...]
    x: Axis
    y: Axis
    inner: tuple[float, float, float, float]
    letters: int = 10


def axis(values: Numbers, title: str = "", share: bool = False) -> Axis:
    """An axis with round steps around the values; shares keep to 0 to 100."""
    known = [v for v in values if v is not None]
    low, high = min(known, default=0.0), max(known, default=1.0)
    if share and low >= 0 and high <= 100:
        return Axis(0, 100, 25, title)
    low = min(low, 0.0) if low > 0 and low < (high - low) else low
    span = (high - low) or abs(high) or 1.0
    rough = span / 4
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(m * power for m in (1, 2, 2.5, 5, 10) if m * power >= rough * 0.999)
    first, last = math.floor(low / step) * step, math.ceil(high / step) * step
    return Axis(first, last, step, title)


def place(
    slide, chart: Chart, day: datetime, alt: str, box: tuple[float, float, float, float]
) -> None:
    """Put a chart on a python-pptx slide; `box` is left, top, width, height in inches."""
    package = slide.part.package
    name = package.next_partname(ChartPart.partname_template)
    part = ChartPart.load(PackURI(str(name)), CONTENT_TYPE.DML_CHART, package, _xml(chart))
    part.chart_workbook.update_from_xlsx_blob(_workbook(chart, day))
    key = slide.part.relate_to(part, RELATIONSHIP_TYPE.CHART)
    frame = slide.shapes._add_chart_graphicFrame(key, *map(Inches, box))
    frame.nvGraphicFramePr.cNvPr.set("descr", alt)


# -- the workbook ------------------------------------------------------------------------------


def _workbook(chart: Chart, day: datetime) -> bytes:
    from xlsxwriter import Workbook

    file = BytesIO()
    book = Workbook(file, {"in_memory": True, "strings_to_formulas": False})
    book.set_properties({"created": day, "author": ""})
    sheet = book.add_worksheet("Sheet1")
    columns = [c for s in chart.series for c in ((s.name, s.x), (f"{s.name}: height", s.y))]
    for x, (head, cells) in enumerate(columns):
        sheet.write_string(0, x, head)
        for y, cell in enumerate(cells):
            if cell is not None:
                sheet.write_number(y + 1, x, cell)
    book.close()
    return file.getvalue()


def _letters(column: int) -> str:
    return (chr(64 + column // 26) if column >= 26 else "") + chr(65 + column % 26)


# -- the XML -----------------------------------------------------------------------------------


def _xml(chart: Chart) -> bytes:
    left, top, wide, high = chart.inner
    series = "".join(_series(i, s) for i, s in enumerate(chart.series))
    return (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><c:chartSpace {_SPACES}>'
        '<c:date1904 val="0"/><c:roundedCorners val="0"/><c:chart><c:autoTitleDeleted val="1"/>'
        '<c:plotArea><c:layout><c:manualLayout><c:layoutTarget val="inner"/>'
        f'<c:xMode val="edge"/><c:yMode val="edge"/><c:x val="{left:.5f}"/><c:y val="{top:.5f}"/>'
        f'<c:w val="{wide:.5f}"/><c:h val="{high:.5f}"/></c:manualLayout></c:layout>'
        '<c:scatterChart><c:scatterStyle val="lineMarker"/><c:varyColors val="0"/>'
        f'{series}<c:axId val="1"/><c:axId val="2"/></c:scatterChart>'
        f"{_axis(chart.x, 1, 2, 'b', chart.letters)}"
        f"{_axis(chart.y, 2, 1, 'l', chart.letters)}"
        "<c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr></c:plotArea>"
        '<c:plotVisOnly val="1"/><c:dispBlanksAs val="gap"/></c:chart>'
        f"<c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>"
        f"{_letters_style(chart.letters)}</c:chartSpace>"
    ).encode()


def _letters_style(points: int) -> str:
    size = f'sz="{points * 100}"'
    return (
        f"<c:txPr><a:bodyPr/><a:lstStyle/><a:p><a:pPr><a:defRPr {size}>{_fill(marks.MUTE)}"
        '<a:latin typeface="Arial"/></a:defRPr></a:pPr><a:endParaRPr lang="en-GB"/></a:p></c:txPr>'
    )


def _fill(colour: str, opacity: float = 1.0) -> str:
    alpha = f'<a:alpha val="{round(opacity * 100_000)}"/>' if opacity < 1 else ""
    return f'<a:solidFill><a:srgbClr val="{colour[1:].upper()}">{alpha}</a:srgbClr></a:solidFill>'


def _line(colour: str, points: float, cap: str = "rnd", opacity: float = 1.0) -> str:
    fill = _fill(colour, opacity)
    return f'<a:ln w="{round(points * EMU_A_POINT)}" cap="{cap}">{fill}<a:round/></a:ln>'


def _axis(ends: Axis, own: int, other: int, side: str, points: int) -> str:
    size = f'sz="{points * 100}"'
    shown = ends.step > 0
    code = "#,##0" if ends.high >= 1000 else "General"  # thousands apart, as in text
    grid = f"<c:majorGridlines><c:spPr>{_line(marks.RULE, 0.75)}</c:spPr></c:majorGridlines>"
    title = (
        f'<c:title><c:tx><c:rich><a:bodyPr/><a:lstStyle/><a:p><a:pPr><a:defRPr {size} b="0"/>'
        f'</a:pPr><a:r><a:rPr lang="en-GB" {size} b="0">{_fill(marks.MUTE)}</a:rPr>'
        f"<a:t>{escape(ends.title)}</a:t></a:r></a:p></c:rich></c:tx>"
        '<c:overlay val="0"/></c:title>'
    )
    return (
        f'<c:valAx><c:axId val="{own}"/><c:scaling><c:orientation val="minMax"/>'
        f'<c:max val="{ends.high:g}"/><c:min val="{ends.low:g}"/></c:scaling>'
        f'<c:delete val="{0 if shown else 1}"/><c:axPos val="{side}"/>'
        f"{grid if shown else ''}{title if shown and ends.title else ''}"
        f'<c:numFmt formatCode="{code}" sourceLinked="0"/><c:majorTickMark val="none"/>'
        '<c:minorTickMark val="none"/><c:tickLblPos val="low"/>'
        f"<c:spPr><a:ln><a:noFill/></a:ln></c:spPr>{_letters_style(points)}"
        f'<c:crossAx val="{other}"/><c:crosses val="min"/><c:crossBetween val="midCat"/>'
        + (f'<c:majorUnit val="{ends.step:g}"/>' if shown else "")
        + "</c:valAx>"
    )


def _series(index: int, series: Series) -> str:
    head = f"Sheet1!${_letters(2 * index)}$1"
    cap = "flat" if series.flat else "rnd"
    line = "<a:ln><a:noFill/></a:ln>"
    if series.line:
        line = _line(series.colour, series.line, cap, series.opacity)
    name = (
        f'<c:tx><c:strRef><c:f>{head}</c:f><c:strCache><c:ptCount val="1"/>'
        f'<c:pt idx="0"><c:v>{escape(series.name)}</c:v></c:pt></c:strCache></c:strRef></c:tx>'
    )
    return (
        f'<c:ser><c:idx val="{index}"/><c:order val="{index}"/>{name}<c:spPr>{line}</c:spPr>'
        f"{_marker(series)}{_named(series) if series.named else ''}"
        f"<c:xVal>{_numbers(2 * index, series.x)}</c:xVal>"
        f"<c:yVal>{_numbers(2 * index + 1, series.y)}</c:yVal>"
        '<c:smooth val="0"/></c:ser>'
    )


def _marker(series: Series) -> str:
    if not series.mark:
        return '<c:marker><c:symbol val="none"/></c:marker>'
    inside = marks.PAPER if series.mark == "hollow" else series.colour
    symbol, size, edge = ("triangle", 6, 0.5) if series.mark == "triangle" else ("circle", 9, 1.75)
    return (
        f'<c:marker><c:symbol val="{symbol}"/><c:size val="{size}"/><c:spPr>'
        f"{_fill(inside)}{_line(series.colour, edge)}</c:spPr></c:marker>"
    )


def _named(series: Series) -> str:
    """The name of a course, written at its last point."""
    last = max(i for i, y in enumerate(series.y) if y is not None)
    flags = "".join(
        f'<c:show{what} val="{on}"/>'
        for what, on in (
            ("LegendKey", 0), ("Val", 0), ("CatName", 0), ("SerName", 1), ("Percent", 0),
            ("BubbleSize", 0),
        )
    )  # fmt: skip
    none = flags.replace('SerName val="1"', 'SerName val="0"')
    return (
        f'<c:dLbls><c:dLbl><c:idx val="{last}"/><c:dLblPos val="t"/>{flags}</c:dLbl>'
        f"{none}</c:dLbls>"
    )


def _numbers(column: int, values: Numbers) -> str:
    letters = _letters(column)
    points = "".join(
        f'<c:pt idx="{i}"><c:v>{value:.10g}</c:v></c:pt>'
        for i, value in enumerate(values)
        if value is not None
    )
    return (
        f"<c:numRef><c:f>Sheet1!${letters}$2:${letters}${len(values) + 1}</c:f><c:numCache>"
        f'<c:formatCode>General</c:formatCode><c:ptCount val="{len(values)}"/>{points}'
        "</c:numCache></c:numRef>"
    )
