"""What does a trainer show on the wall? A PowerPoint a session, to be changed at will.

Claim, question, objectives, the guess, then the sample firm's figures and the exercises in the
order of the notebook, the action, the recall questions and what to take away, as the minutes go.
The guide stands in the speaker's notes, and there alone. Laid out by the same hand as the report's
slides.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls
from pptx.util import Inches

from servicegap import formats
from servicegap.report import drawn, lettering, marks, scorecard, tidy
from servicegap.report.model import Brand, Figure, Finding, Table
from servicegap.report.slides import Deck
from servicegap.teaching import results
from servicegap.teaching.guide import Guide
from servicegap.teaching.lesson import Exercise, Lesson
from servicegap.teaching.noting import lines, one_line
from servicegap.teaching.results import Sample

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from servicegap.report.slides import Slide

LEFT, TOP, WIDE, HIGH = 0.8, 1.55, 11.7, 5.25  # where a slide's own content lies, in inches
_DAY = datetime(2025, 1, 1)  # fixed, so that equal decks are equal files
_TEXT = (32, 30, 28, 26, 24, 22, 20, 18, 16, 14)
_CARD = (24, 22, 20, 18, 16, 14)
_LETTERS, _ROW = (18, 17, 16, 15, 14, 13, 12), 0.3  # of tables: points, and inches
_EMPTY = "\u00a0"  # an empty cell would be as high as the largest letters


def render(
    lesson: Lesson, guide: Guide, notebook: NotebookNode, sample: Sample, brand: Brand
) -> bytes:
    """Lay a session's slides out; equal input gives equal bytes.

    Args: notebook, the session's source, for the order of things; sample, whose figures are shown.
    """
    with formats.written_for(sample.facts.locale):
        return _Session(lesson, guide, notebook, sample, brand).laid_out()


class _Session:
    """One session's deck while it is laid out."""

    def __init__(
        self, lesson: Lesson, guide: Guide, notebook: NotebookNode, sample: Sample, brand: Brand
    ) -> None:
        self.lesson, self.guide, self.notebook, self.sample = lesson, guide, notebook, sample
        self.brand = brand
        self.name = f"Session {int(lesson.number)}"
        foot = (self.name, brand.name or "The Service Gap Workbook", brand.footer)
        self.deck = Deck(f"{self.name}: {lesson.claim}", " · ".join(filter(None, foot)))
        self.warned = False

    def laid_out(self) -> bytes:
        self._cover()
        self._question()
        self._objectives()
        self._guess()
        shown = results.by_cell(self.sample, self.lesson.number)
        exercises = {exercise.cell: exercise for exercise in self.lesson.exercises}
        for cell in self.notebook.cells:
            if cell.id in exercises:
                self._exercise(exercises[cell.id])
            for result in shown.get(cell.source, ()):
                self._result(result)
        self._action()
        self._recall()
        self._points()
        return self.deck.save(_DAY)

    # -- what frames the session ---------------------------------------------------------------

    def _cover(self) -> None:
        brand, ink = self.brand, self.brand.on_ground
        slide = self.deck.slide(self.lesson.claim, cover=(brand.ground, ink))
        if brand.logo:
            shape = brand.logo_width, brand.logo_height
            slide.picture(brand.logo, brand.name or "Logo", 0.8, 0.6, 3.2, 1.1, *shape)
        above = f"{self.name} of the Service Gap Workbook"
        slide.text(above, 0.8, 2.0, WIDE, 0.5, sizes=(16,), colour=ink, bold=True)
        under = [text for text in (brand.cover, brand.name, brand.contact) if text]
        slide.text(under, 0.8, 4.75, WIDE, 1.2, sizes=(16, 14, 12, 11, 10), colour=ink)
        guide = self.guide
        steps = (step.line for step in guide.steps)
        before = ("BEFORE YOU BEGIN", *lines(guide.before))
        slide.notes("AIM", *lines(guide.aim), "", *before, "", "MINUTES", *steps)

    def _question(self) -> None:
        slide = self.deck.slide(self.lesson.question, self.name)
        lead = [one_line(part) for part in self.lesson.lead.split("\n\n")]
        slide.text(lead, LEFT, TOP, WIDE, HIGH, sizes=_TEXT)
        slide.notes("OPENING QUESTION, before this is shown", *lines(self.guide.opening))

    def _objectives(self) -> None:
        slide = self.deck.slide("When you are through with this session", self.name)
        _listed(slide, self.lesson.objectives, 4.6)
        slide.text(f"About {self.guide.minutes} minutes.", LEFT, 6.3, WIDE, 0.45, sizes=(16,),
                   colour=marks.MUTE)  # fmt: skip
        slide.notes("IF YOU HAVE ONLY 20 MINUTES", *lines(self.guide.short))

    def _guess(self) -> None:
        slide = self.deck.slide("Your guess first", self.name)
        asked = [guess.question for guess in self.lesson.guesses]
        slide.text(asked, LEFT, TOP, WIDE, 3.3, sizes=_TEXT, bold=True)
        facts = self.sample.facts
        whose = f"You are the owner of {facts.name}, a made-up firm. " if facts.made_up else ""
        how = (
            f"{whose}A best guess, a low end and a high end: so wide that nine times in ten the "
            "truth lies inside. Write it on the handout, then lock it."
        )
        slide.text(how, LEFT, 5.2, WIDE, 1.4, sizes=(20, 18, 16), ground=marks.GROUND)
        slide.notes("WHAT THE MADE-UP FIRMS SHOW, for you alone", *lines(self.guide.firms))

    def _action(self) -> None:
        slide = self.deck.slide("Your action", self.name)
        slide.text("One thing, one person, one date.", LEFT, TOP, WIDE, 0.6, sizes=(24,))
        rows = [[what, _EMPTY] for what in ("What", "Who does it", "By when", "Measured again on")]
        slide.table(["", "Write it down where it will be seen on Monday"], rows, LEFT, 2.5,
                    [2.7, 9.0], sizes=(18,), row_height=0.85, most=4.2)  # fmt: skip
        slide.notes("Two or three say theirs aloud. The date is said as a day, not as “soon”.")

    def _recall(self) -> None:
        slide = self.deck.slide("Without looking", self.name)
        _listed(slide, self.lesson.recall, HIGH, numbered=True)
        told = (f"{i}. {one_line(r.answer)}" for i, r in enumerate(self.guide.recall, 1))
        slide.notes("ANSWERS", *told)

    def _points(self) -> None:
        slide = self.deck.slide("To take away", self.name)
        _listed(slide, self.lesson.points, HIGH)
        slide.notes("DEBRIEF", *lines(self.guide.debrief))

    # -- what the sample firm shows, and what is asked about it --------------------------------

    def _exercise(self, exercise: Exercise) -> None:
        slide = self.deck.slide(f"Exercise {exercise.number}", self.name)
        said = [one_line(part) for part in exercise.text.split("\n\n")]
        slide.text(said, LEFT, TOP, WIDE, HIGH, sizes=_TEXT)
        answer = lines(self.guide.answers[exercise.number])
        slide.notes("A MODEL ANSWER", *answer, "", "A HINT, if they are stuck", exercise.hint)

    def _result(self, result: Finding | Figure | Table) -> None:
        name = self.sample.facts.name
        made_up = f"{name}, a made-up firm" if self.sample.facts.made_up else name
        slide = self.deck.slide(result.title, f"{self.name} · {made_up}")
        notes = []
        if isinstance(result, Finding):
            notes = _finding(slide, result)
        elif isinstance(result, Figure):
            native = _figure(slide, result)
            notebook = "In the notebook, where the same numbers may have other marks: "
            notes = ["THE PICTURE", result.alt, f"{notebook if native else ''}{result.caption}"]
        else:
            _table(slide, result)
            notes = [result.caption]
        if not self.warned:
            said = ("WHAT PEOPLE GET WRONG, AND WHAT TO SAY THEN", *lines(self.guide.wrong))
            notes, self.warned = [*notes, "", *said], True
        slide.notes(*notes)


def _listed(slide: Slide, items: Sequence[str], high: float, *, numbered: bool = False) -> None:
    """A list with real bullets or numbers, which go on when somebody adds a line."""
    hanging = 0.45
    texts = [one_line(text) for text in items]
    slide.text(texts, LEFT, TOP, WIDE - hanging, high, sizes=_TEXT)
    shape = list(slide.slide.shapes)[-1]
    shape.width = Inches(WIDE)
    mark = '<a:buAutoNum type="arabicPeriod"/>' if numbered else '<a:buChar char="•"/>'
    for paragraph in shape.text_frame.paragraphs:
        about = paragraph._p.get_or_add_pPr()
        about.set("marL", str(Inches(hanging)))
        about.set("indent", str(-Inches(hanging)))
        about.append(parse_xml(mark.replace("/>", f" {nsdecls('a')}/>")))


def _finding(slide: Slide, finding: Finding) -> list[str]:
    """A headline belief beside its evidence; returns the notes."""
    heading = f"{finding.mark} {finding.verdict}: {finding.label}"
    slide.card(heading, finding.sentence, LEFT, TOP, WIDE, 1.9, finding.tone, _CARD)
    (row,) = scorecard.scorecard([finding], ()).rows
    head = [f"{row.label} ({row.unit})", "Believed", "Evidence", "n", "Verdict"]
    cells = ["", row.belief, row.evidence, row.n, f"{row.mark} {row.verdict}"]
    slide.table(head, [cells], LEFT, 3.75, [3.5, 2.0, 2.0, 2.0, 2.2], sizes=(16, 14, 12),
                row_height=0.6, most=1.3, colours=[{4: marks.TONES[row.tone][1]}])  # fmt: skip
    alt = f"{row.label}: believed {row.belief}, evidence {row.evidence}."
    drawn.scorecard(slide, [row], alt, (LEFT, 5.2, WIDE, 0.9), 0.9, _DAY)
    legend = "Grey: what was believed, with its range. Dot and line: the evidence."
    slide.text(legend, LEFT, 6.2, WIDE, 0.4, sizes=(12, 11), colour=marks.MUTE)
    return [finding.sentence, *(f"Bear in mind: {caveat}" for caveat in finding.caveats)]


def _figure(slide: Slide, figure: Figure) -> bool:
    """A chart that can be edited, or the picture where no chart says all that it shows.

    Returns whether it is a chart, which has no dark dots, grey bars or dashed lines.
    """
    data = tidy.shape(figure.data)
    if data:
        drawn.figure(slide, data, figure.alt, (LEFT, TOP, WIDE, HIGH), _DAY)
    else:
        shape = figure.width, figure.height
        slide.picture(figure.png, figure.alt, LEFT, TOP, WIDE, HIGH, *shape)
    return data is not None


def _table(slide: Slide, table: Table) -> None:
    """As many rows as a wall can hold, and how many more there are."""
    rows = [[text or _EMPTY for text in row] for row in table.rows]
    high = HIGH - 0.5
    size, widths = _set(table, rows, high)
    while len(rows) > 1 and _height(rows, widths, size) > high:
        rows.pop()
    slide.table(table.head, rows, LEFT, TOP, widths, sizes=(size,), row_height=_ROW, most=high)
    more = len(table.rows) - len(rows)
    if more:
        said = f"{more} more {'row' if more == 1 else 'rows'} in the notebook."
        slide.text(said, LEFT, 6.45, WIDE, 0.4, sizes=(12,), colour=marks.MUTE)


def _set(table: Table, rows: list[list[str]], high: float) -> tuple[int, list[float]]:
    """The largest letters in which no word is broken and all rows have room, and the widths.

    Where there are none, the smallest in which no word is broken: rows then give way.
    """
    columns = list(zip(table.head, *rows, strict=True))
    whole = [max(max(map(lettering.ems, text.split()), default=0) for text in c) for c in columns]
    texts = [min(max(map(lettering.ems, column)), 40.0) for column in columns]
    smallest: tuple[int, list[float]] | None = None
    for size in _LETTERS:
        least = [word * 1.16 * size / 72 + 0.2 for word in whole]  # bold is wider; and the margins
        spare = WIDE - sum(least)
        if spare < 0:
            continue
        wants = [max(0.0, text - word) for text, word in zip(texts, whole, strict=True)]
        total = sum(wants) or 1.0
        even = spare / len(least) if not sum(wants) else 0.0
        widths = [low + even + spare * want / total for low, want in zip(least, wants, strict=True)]
        smallest = (size, widths)
        if _height(rows, widths, size) <= high:
            return size, widths
    return smallest or (_LETTERS[-1], [WIDE / len(columns)] * len(columns))


def _height(rows: list[list[str]], widths: list[float], size: int) -> float:
    """How high a table becomes, in inches, its head included."""
    return sum(lettering.row_heights(rows, widths, size, _ROW)) + 0.4
