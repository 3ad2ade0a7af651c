"""How does a figure stand on a slide? As a chart, a table or a picture, whichever it can be.

Of a chart, labels, native chart and numbers lie in line with each other.

The labels beside a chart and the numbers behind it are texts, so that long ones fold instead of
being cut; the chart's rows lie exactly beside them.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from servicegap import words
from servicegap.report import marks, native, tidy
from servicegap.report.lettering import ems, fitting
from servicegap.report.model import Figure, Row
from servicegap.report.tidy import Curves, Dots

if TYPE_CHECKING:
    from servicegap.report.slides import Slide

Box = tuple[float, float, float, float]  # left, top, width, height in inches
SCALE, AIR = 0.5, 0.04  # room for the numbers at an axis, in inches; air at the ends, a share
TALLEST_ROW = 0.62
_UNDER = 0.36  # of a row: how far under the evidence last period's stands
WIDEST = 12.0  # of a table's column beside others, in ems: what is longer folds
BOLD, MARGINS = 1.12, 0.15  # how much wider letters may be than thought; of a cell, in inches
LOW_BOX = 3.3  # inches; in a higher box rows and letters grow with it, as for a wall


def _larger(sizes: Sequence[int], high: float) -> tuple[int, ...]:
    """Sizes of letters in a box so high: larger ones come first where there is room for them."""
    most = sizes[0] * max(1.0, high / LOW_BOX)
    more = [size for size in range(24, sizes[0], -2) if size <= most]
    return (*more, *sizes)


def shown(slide: Slide, one: Figure, room: float, day: datetime) -> None:
    """A figure's finding and its chart; what no native chart shows stays a picture."""
    slide.text(one.title, 0.8, 1.5, room, 0.5, sizes=(14, 13, 12, 11, 10), bold=True)
    data = tidy.shape(one.data)
    table = None if data else tidy.lines(one.data)
    if data:
        figure(slide, data, one.alt, (0.8, 2.1, room, 3.3), day)
    elif table:
        rows = [[_cell(cell) for cell in row] for row in table.rows]
        columns = list(zip(table.head, *rows, strict=True))
        widths, sizes = _columns(columns, room, (14, 13, 12, 11, 10, 9, 8, 7))
        slide.table(table.head, rows, 0.8, 2.1, widths, sizes=sizes, row_height=0.35, most=3.3)
    else:
        shape = one.width, one.height
        slide.picture(one.png, one.alt, 0.8, 2.02, room, 3.4, *shape)


def _columns(
    columns: Sequence[Sequence[str]], room: float, sizes: Sequence[int]
) -> tuple[list[float], list[int]]:
    """How wide (inches) the columns are, and the sizes in which no word must be broken.

    Each has room for its longest word; what is left is shared out by how much stands in it.
    """
    wide = [min(max(map(ems, column)), WIDEST) for column in columns]
    least = [max(ems(word) for text in column for word in text.split() or ("",))
             for column in columns]  # fmt: skip
    size = sizes[-1]
    needed = least
    for size in sizes:
        needed = [ems_ * BOLD * size / 72 + MARGINS for ems_ in least]
        if sum(needed) <= room:
            break
    spare = max(0.0, room - sum(needed))
    beyond = [max(0.1, a - b) for a, b in zip(wide, least, strict=True)]
    widths = [n + spare * b / sum(beyond) for n, b in zip(needed, beyond, strict=True)]
    return widths, [s for s in sizes if s <= size]


def _cell(cell: tuple[tidy.Cell, ...]) -> str:
    """A value of a table, with its range where there is one: `62 (53 to 70)`."""
    value, *ends = cell
    if not isinstance(value, int | float):
        return "–" if value in (None, "") else str(value)
    known = [x for x in ends if isinstance(x, int | float)]
    if len(known) == 2:
        digits = words.decimals(*known)
        return f"{words.shortest(value, digits)} ({words.ends(known[0], known[1], digits)})"
    return words.shortest(value, words.decimals(value))


def figure(slide: Slide, data: Dots | Curves, alt: str, box: Box, day: datetime) -> None:
    """Draw a figure's tidy data natively into `box`."""
    if isinstance(data, Dots):
        _dots(slide, data, alt, box, day)
    else:
        _curves(slide, data, alt, box, day)


def _dots(slide: Slide, data: Dots, alt: str, box: Box, day: datetime) -> None:
    left, top, wide, high = box
    names, said = 0.29 * wide, 0.24 * wide
    middle = wide - names - said - 0.2
    rows = len(data.labels)
    larger = max(1.0, high / LOW_BOX)
    scale_room = SCALE * larger
    pitch = min(TALLEST_ROW * larger, (high - scale_room) / rows)
    single = len(data.points) == rows
    for line, label in enumerate(data.labels):
        place = top + line * pitch
        sizes = _larger((12, 11, 10, 9, 8), high)
        text = _short_enough(label, names, pitch, sizes[-1])
        slide.text(text, left, place, names, pitch, sizes=sizes, middle=True, right=True)
    for line, value, low, at_most in data.points if single else ():
        place = top + line * pitch
        slide.text(_said(value, low, at_most), left + names + middle + 0.2, place, said, pitch,
                   sizes=_larger((11, 10, 9, 8), high), colour=marks.MUTE, middle=True)  # fmt: skip
    known = [x for _, *three in data.points for x in three if x is not None]
    heights = [rows - line - 0.5 for line, *_ in data.points]
    spans = [
        (low, at_most, height)
        for (_, _, low, at_most), height in zip(data.points, heights, strict=True)
        if low is not None and at_most is not None
    ]
    found = native.Series("Evidence", [p[1] for p in data.points], heights, mark="dot")
    range_ = native.ranges("Interval", spans, marks.EVIDENCE, 2.25, flat=False)
    series = (range_, found) if spans else (found,)
    scale = native.axis(known, data.unit, share=single and data.unit.startswith("%"))
    total = rows * pitch + scale_room
    chart = native.Chart(
        series, scale, native.Axis(0, rows), (AIR, 0.0, 1 - 2 * AIR, rows * pitch / total),
        _larger((10,), high)[0],
    )  # fmt: skip
    native.place(slide.slide, chart, day, alt, (left + names + 0.1, top, middle, total))


def _short_enough(label: str, wide: float, high: float, size: int) -> str:
    """A label, cut where it would not fit in letters of `size`."""
    for most in (len(label), 80, 60, 45, 30, 20):
        text = label if len(label) <= most else f"{label[: most - 1].rstrip()}…"
        if fitting([text], wide, high, (size, 1)) == size:
            break
    return text


def _said(value: float, low: float | None, high: float | None) -> str:
    if low is None or high is None:
        return words.shortest(value, words.decimals(value))
    digits = words.decimals(low, high)
    ends = (words.number(end, digits) for end in (low, high))
    return f"{words.number(value, digits)} ({' to '.join(ends)})"


_COURSES = (marks.EVIDENCE, marks.TONES["bad"][0], marks.TICK)


def _curves(slide: Slide, data: Curves, alt: str, box: Box, day: datetime) -> None:
    left, top, wide, high = box
    series = []
    for name, heights, colour in zip(data.names, data.heights, _COURSES, strict=False):
        points = data.corners(heights)
        if any(height is not None for _, height in points):
            x, y = [at for at, _ in points], [height for _, height in points]
            series.append(native.Series(name, x, y, colour, line=2.0, named=len(data.names) > 1))
    heading = (
        data.unit if len(data.names) > 1 else ", ".join(filter(None, (data.names[0], data.unit)))
    )
    known = [height for heights in data.heights for height in heights if height is not None]
    chart = native.Chart(
        tuple(series),
        native.axis(data.places, data.along),
        native.axis(known, heading, share=data.unit.startswith("%")),
        (0.13, 0.05, 0.82, 0.75),
        _larger((10,), high)[0],
    )
    native.place(slide.slide, chart, day, alt, (left, top, wide, high))


def scorecard(
    slide: Slide, rows: Sequence[Row], alt: str, box: Box, pitch: float, day: datetime
) -> None:
    """Belief beside evidence, a line a row, each on its own scale from 0 to 100."""
    left, top, wide, _ = box
    high = pitch * len(rows)
    native.place(slide.slide, native.Chart(
        tuple(_beliefs(rows)), native.Axis(0, 100), native.Axis(0, len(rows)),
        (AIR, 0.0, 1 - 2 * AIR, 1.0),
    ), day, alt, (left, top, wide, high))  # fmt: skip


def _beliefs(rows: Sequence[Row]) -> list[native.Series]:
    """The belief with its range, then the evidence by the colour of its verdict."""
    placed = [(len(rows) - i - 0.5, row) for i, row in enumerate(rows)]
    bars = [(y, row.bar) for y, row in placed]
    believed = [(b.belief_low, b.belief_high, y) for y, b in bars]
    guesses = [(b.belief, y) for y, b in bars if b.belief is not None]
    series = []
    if spans := _whole(believed):
        series.append(native.ranges("Range of the belief", spans, marks.BELIEF, 13, flat=True))
    if guesses:
        series.append(native.ticks("You believed", guesses, marks.TICK, 0.26))
    for kind in dict.fromkeys((row.tone, row.bar.hollow) for _, row in placed):
        lines = [(y, row) for y, row in placed if (row.tone, row.bar.hollow) == kind]
        colour = marks.TONES[kind[0]][0]
        word = " or ".join(dict.fromkeys(row.verdict for _, row in lines))
        if spans := _whole([(row.bar.low, row.bar.high, y) for y, row in lines]):
            series.append(native.ranges(f"Interval: {word}", spans, colour, 2.25, flat=False))
        if dots := [(row.bar.value, y) for y, row in lines if row.bar.value is not None]:
            xs, ys = zip(*dots, strict=True)
            mark = "hollow" if kind[1] else "dot"
            series.append(native.Series(f"Evidence: {word}", xs, ys, colour, mark))
    then = [(row.bar.then, y, row) for y, row in placed if row.bar.then is not None]
    for tone in dict.fromkeys(row.changed_tone for *_, row in then):
        moved = _whole([(at, row.bar.value, y - _UNDER) for at, y, row in then
                        if row.changed_tone == tone != "open"])  # fmt: skip
        if moved:
            word = next(row.changed for *_, row in then if row.changed_tone == tone)
            colour = marks.TONES[tone][0]
            series.append(native.ranges(f"Since last period: {word}", moved, colour, 1.5, False))
    if then:
        under = [y - _UNDER for _, y, _ in then]
        places = [at for at, *_ in then]
        series.append(native.Series("Last period", places, under, marks.INK, "triangle"))
    return series


def _whole(
    spans: Sequence[tuple[float | None, float | None, float]],
) -> list[tuple[float, float, float]]:
    return [(a, b, y) for a, b, y in spans if a is not None and b is not None]
