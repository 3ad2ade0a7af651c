"""One look: every label can be read, nothing is cut, and the same numbers give the same bytes."""

from __future__ import annotations

import itertools
import math
import warnings

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Annotation
from servicegap import charts, schema
from servicegap.charts import Row
from servicegap.charts import groups as group_charts
from servicegap.charts.panels import panels_of, per_panel

NAN = math.nan
LONG = "The people who look after the printers at the northern sites"
HOSTILE = "$\\frac{1}{0}$ <b>\n&amp;"
MAP = [
    Row("Top marks", (80, 74, 86), (61, 52, 69), "blind spot", "clear",
        "n = 120 contacts in 40 accounts", "\u221219 points"),
    Row("Green on SLA, red with the person", (5, 2, 8), (24, 19, 30), "blind spot", "clear",
        "n = 1,320 tickets in 140 accounts", "+19 points"),
    Row("Ahead of peers", (75, NAN, NAN), (100, 88, 100), "hidden strength", "leaning",
        "n = 120 contacts in 40 accounts", "+25 points"),
    Row("Top marks lost to suppliers", (5, 1, 9), (0, 0, 8), "hidden strength", "leaning",
        "n = 320 contacts in 40 accounts", "\u22125 points"),
    Row("Expectations met", (62, 55, 68), (63, 57, 70), "well judged", None, "n = 61 contacts"),
    Row("Accounts that stayed", (92, 85, 98), (NAN, 60, 99), "too few to judge", None, "n = 8"),
    Row("Accounts that referred", (NAN,) * 3, (10, 4, 23), "no guess", None, "n = 40 accounts"),
    Row("Satisfied but silent", (50, 40, 60), (NAN,) * 3, "not measured", None, ""),
]  # fmt: skip
MONTHS = Row("Months alone with a USP", (36, 26, 50), (8, 5, math.inf), "blind spot", "clear",
             "n = 12 USPs", "4.5 times")  # fmt: skip
COLOURS = [charts.EVIDENCE, charts.TICK, charts.BELIEF]

DRAWN = {
    "eight beliefs": lambda: charts.belief_map(MAP),
    "one belief": lambda: charts.belief_map(MAP[:1]),
    "months": lambda: charts.belief_map([MONTHS], (0, 60), "months"),
    "points either way": lambda: charts.belief_map(MAP[3:5], (-40, 60), "points"),
    "one dot at the end": lambda: charts.dots(["every ticket once"], [100], [99], [100], ["n = 3"]),
    "eight long dots": lambda: charts.dots(
        [LONG] * 8, np.linspace(-20, 100, 8), notes=["n = 1,994 tickets in 430 accounts"] * 8,
        hollow=[True, False] * 4, ends=(-40, 100),
    ),
    "many in many": lambda: charts.dots(
        ["everybody"], [40], [38], [42], ["n = 21,153 contacts in 21,153 accounts"]),
    "parts": lambda: charts.parts(
        ["120 answered", "89 asked and silent", "22 never asked"], [120, 89, 22], COLOURS),
    "small last parts": lambda: charts.parts(
        ["120 answered", "2 asked and silent", "1 never asked"], [120, 2, 1], COLOURS),
    "no first part": lambda: charts.parts(
        ["0 answered", "8 asked and silent", "200 never asked"], [0, 8, 200], COLOURS),
    "the silent": lambda: charts.bounds((60, 52, 68), 30, 80, 55),
    "nobody silent": lambda: charts.bounds((60, 52, 68), 60, 60, 60),
    "all happy": lambda: charts.bounds((100, 95, 100), 50, 100, 75),
    "hardly any happy": lambda: charts.bounds((2, 0, 9), 0.4, 80.4, 0.4),
    "peers": lambda: charts.peer_strip(range(60, 84), 79, (60, 51, 68)),
    "equal peers": lambda: charts.peer_strip([100] * 9, 100, (100, 97, 100)),
    "low peers": lambda: charts.peer_strip([0, 2, 5, 8, 9, 11, 12, 30], 12, (3, 0, 9)),
    "funnel": lambda: group_charts.funnel(
        [101, 98, 33, 30, 24], [70, 70, 61, 61, 100],
        ["Desk East", LONG, "Projects", "Field", HOSTILE], 65, 0.8),
    "tiny funnel": lambda: group_charts.funnel([12, 11], [0, 100], ["One", "Other"], 50),
    "slopes": lambda: group_charts.slopes(
        [77, 75, 69, 41], [100, 86, 54, 43], [HOSTILE, "request", LONG, "incident"],
        ("Desk East, the larger of the two", "Desk West"), [charts.MUTE, *[charts.EVIDENCE] * 3]),
    "luck": lambda: group_charts.slopes(
        [43, 100], [57, 62], ["the 9 worst", "the 9 best"], ("the year before", "this year"),
        [charts.BAD, charts.GOOD], (73, 61), [60, 60]),
    "flat slopes": lambda: group_charts.slopes(
        [0, 1, 2], [0, 0.5, 1], ["a", "b", "c"], ("x", "y")),
}  # fmt: skip


@pytest.fixture(scope="module", params=DRAWN)
def laid_out(request):
    """A drawing with its renderer: text has a size only now."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        figure = DRAWN[request.param]()
        canvas = FigureCanvasAgg(figure)
        canvas.draw()
    return figure, canvas.get_renderer()


def texts(figure, renderer):
    """Every text that is seen, with the box it covers (for an annotation: the words alone)."""
    (axes,) = figure.axes
    seen = [*axes.texts, axes.xaxis.label, axes.yaxis.label]
    for axis in (axes.xaxis, axes.yaxis):
        low, high = axis.get_view_interval()
        seen += [tick.label1 for tick in axis.get_major_ticks() if low <= tick.get_loc() <= high]
    for text in seen:
        if text.get_text().strip() and text.get_visible():
            if isinstance(text, Annotation):
                text.update_positions(renderer)
            yield text.get_text(), text.get_window_extent(renderer)


def test_no_label_is_cut(laid_out):
    figure, renderer = laid_out
    paper = figure.bbox
    for said, box in texts(figure, renderer):
        inside = box.x0 >= 0 and box.y0 >= 0 and box.x1 <= paper.x1 and box.y1 <= paper.y1
        assert inside, f"{said!r} is cut"


def test_no_label_covers_another(laid_out):
    figure, renderer = laid_out
    boxes = [(said, box.shrunk(0.9, 0.7)) for said, box in texts(figure, renderer)]
    for (one, a), (other, b) in itertools.combinations(boxes, 2):
        assert not a.overlaps(b), f"{one!r} and {other!r} cover each other"


def test_there_is_nothing_that_needs_a_legend_or_a_frame(laid_out):
    (axes,) = laid_out[0].axes
    assert axes.get_legend() is None and not axes.get_title()
    assert not any(spine.get_visible() for spine in axes.spines.values())


def test_the_same_numbers_give_the_same_bytes_of_a_readable_size():
    made = [charts.png(charts.belief_map(MAP[:2])) for _ in range(2)]
    assert made[0] == made[1] and made[0].startswith(b"\x89PNG")
    assert int.from_bytes(made[0][16:20], "big") == charts.WIDTH * charts.DPI
    assert b"Software" not in made[0]


def test_letters_of_other_alphabets_make_no_noise(recwarn):
    charts.png(charts.dots(["東京チーム \U0001f600"], [50.0]))
    assert not recwarn.list


def test_an_open_interval_ends_at_the_edge():
    (axes,) = charts.belief_map([MONTHS], (0, 60), "months").axes
    assert max(max(line.get_xdata()) for line in axes.lines) == 60
    assert axes.get_xticklabels()[-1].get_text() == "60 months"


def test_what_is_not_settled_is_hollow_and_the_verdict_is_a_word():
    (axes,) = charts.belief_map(MAP).axes
    faces = {round(line.get_ydata()[0]): line.get_mfc() for line in axes.lines
             if line.get_marker() == "o"}  # fmt: skip
    hollow = {7 - y for y, face in faces.items() if face == charts.PAPER}
    assert hollow == {2, 3, 6} and set(faces) == {7, 6, 5, 4, 3, 1}
    said = [text.get_text() for text in axes.texts]
    assert all(row.verdict in " ".join(said) for row in MAP)
    assert "hidden strength, leaning" in said and "\u221219 points" in said


def test_who_stands_behind_a_figure_is_told_to_the_end():
    (axes,) = DRAWN["many in many"]().axes
    said = [text.get_text() for text in axes.texts]
    assert "n = 21,153 contacts in\n21,153 accounts" in said


def test_a_scale_of_points_holds_everything_that_is_drawn_on_it():
    """A truth far below all beliefs and all evidence is still on its panel."""
    heads = [schema.HEADLINES[b] for b in ("third_party_harm", "csat")]
    nothing = (math.nan,) * 3
    rows = [Row("a", (5.0, 2.0, 8.0), (-1.0, -4.0, 2.0), "", None, ""),
            Row("b", (80.0, 70.0, 90.0), nothing, "", None, "")]  # fmt: skip
    (shares, hundred, none), (points, (low, high), unit) = panels_of(heads, rows, [-21.0, 60.0])
    assert (hundred, none, shares[0].label) == ((0.0, 100.0), "", "b")
    assert unit == "points" and low <= -21 and high >= 8 and points[0].label == "a"
    assert per_panel(heads, [1, 2]) == [[2], [1]]
