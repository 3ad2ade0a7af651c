"""The trainer's guides: whole, in step with the notebooks, and nowhere given away."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path

import nbformat
import pytest
import yaml
from servicegap import editions, learning, load, schema, words
from servicegap.sessions import (
    benchmarking,
    one_size_fits_all,
    pricing_vs_value,
    start_here,
    third_party_impact,
    usp_erosion,
)
from servicegap.teaching import edition, guide, handout, lesson
from servicegap.teaching.noting import one_line

ROOT = Path(__file__).resolve().parents[1]
STEMS = [session.stem for session in schema.SESSIONS.values()]
EVERY = pytest.mark.parametrize("stem", STEMS)
SHINGLE = 7  # words in a row that two texts don't share by accident


def read_guide(stem: str) -> guide.Guide:
    return guide.read(ROOT / "trainer" / f"{stem}.md")


def guide_text(number: str) -> str:
    return (ROOT / "trainer" / f"{schema.SESSIONS[number].stem}.md").read_text(encoding="utf-8")


def notebook(stem: str) -> nbformat.NotebookNode:
    return nbformat.read(ROOT / "notebooks" / f"{stem}.ipynb", as_version=4)


def taught(stem: str) -> lesson.Lesson:
    return lesson.of_notebook(notebook(stem))


# -- whole -------------------------------------------------------------------------------------


@EVERY
def test_a_guide_has_everything_in_its_place(stem: str) -> None:
    found = read_guide(stem)  # headings, steps that add up, numbered answers, a short way of 20
    assert found.number == stem[:2]
    assert found.title == taught(stem).claim
    assert len(re.findall(r"^- \*", found.wrong, flags=re.MULTILINE)) >= 4
    assert "Alder IT" in found.firms and "Birch Support" in found.firms + found.title


@EVERY
def test_the_minutes_are_those_of_the_notebook(stem: str) -> None:
    assert read_guide(stem).minutes == taught(stem).minutes


@EVERY
def test_the_debrief_and_the_recall_questions_have_their_minutes(stem: str) -> None:
    steps = read_guide(stem).steps
    assert sum(step.minutes for step in steps if "debrief" in step.what) >= 3
    assert sum(step.minutes for step in steps if "recall" in step.what) >= 3


@EVERY
def test_a_step_names_a_heading_of_the_notebook(stem: str) -> None:
    headings = re.findall(r"^###? (.+)$", "\n".join(c.source for c in notebook(stem).cells), re.M)
    named = [step.where for step in read_guide(stem).steps if step.where]
    assert [heading for heading in named if heading not in headings] == []
    assert len(named) >= len(read_guide(stem).steps) - 2  # the debrief has none


def firms_row(text: str, name: str) -> str:
    return re.search(rf"^\| {name} \| (.+) \|$", text, re.M)[1]


def test_figures_of_the_guide_to_the_beginning_are_those_of_the_samples() -> None:
    text = guide_text("00")
    for name, said, left_out in (
        ("Alder IT", "120 of its 224 people", "1,413 rows are left out, each an earlier row of the "
         "same ticket"),
        ("Birch Support", "120 of 224", "not a row is left out"),
    ):  # fmt: skip
        folder = ROOT / "data" / "sample" / name.lower().replace(" ", "-")
        client, row = load(folder, sealed=False), firms_row(text, name)
        counts = start_here.voices(client).data["people"]
        assert said.replace("its ", "").startswith(f"{counts.iloc[0]} of {counts.sum()}")
        assert said in row and left_out in row
        health = start_here.health(client)
        (guess,) = start_here.answering(client).data["value"]
        if "not a row" in left_out:
            assert "left out" not in health.title and not health.data["left_out"].sum()
            assert f"guessed {guess:.0f} in 100" in row
        else:
            (left,) = (r for r in health.data.itertuples() if r.left_out)
            assert left.left_out == 1413 and "an earlier row of the same ticket" in left.why
            assert guess == 75 and "guessed three in four" in row


def test_figures_of_the_first_guide_are_those_of_the_sample() -> None:
    """Taught from alone, it must say what the pictures say."""
    client, text = load(ROOT / "data" / "sample" / "alder-it", sealed=False), guide_text("01")
    for kind in benchmarking.translator(client).data.itertuples():
        assert re.search(rf"^\| {kind.dialect} \|.+: {kind.value:.0f} \|$", text, re.M | re.I)
    kinds = benchmarking.translator(client).data.set_index("dialect")["value"]
    # what recall question 2 is about: the two differ by everybody who isn't happy, and by no other
    apart = kinds["Not unhappy"] - kinds["Net score"]
    assert apart == pytest.approx(100 - kinds["Share positive"]) and apart > 20
    said = next(c.say for c in learning.questions("01")[1].choices if c.right)
    assert "by everybody who isn't happy: where that is more than one in five" in said
    assert "wherever more than one in five is not happy" in text
    counted = benchmarking.average_of_averages(client).data["value"]
    assert "{:.0f} % with every person counted once, {:.0f} %".format(*counted) in text
    teams = benchmarking.simpson(client).data
    assert all(f"{round(number)}" in text for row in ("one", "other") for number in teams[row])
    slas = benchmarking.sla_per_event(client).data["value"]
    assert "{:.1f} % of tickets, {:.1f} % of log rows".format(*slas) in text
    assert "no team is outside" in benchmarking.funnel(client).title
    years = benchmarking.regression_to_mean(client).data
    was, is_now = years["year_before"], years["this_year"]
    assert f"from {was[1]:.0f} to {is_now[1]:.0f} %" in text
    assert f"from {was[2]:.0f} to {is_now[2]:.0f}" in text


def test_the_service_of_the_second_guide_is_that_of_the_sample() -> None:
    client, text = load(ROOT / "data" / "sample" / "alder-it", sealed=False), guide_text("02")
    found = usp_erosion.service_around(client)
    assert found.title.startswith("Worth asking: top marks have gone down")
    (row,) = found.data.itertuples()
    assert row.claim.count(",") + row.claim.count(" and ") == 3  # four of them
    assert (
        f"around the four real ones, from {row.then:.0f} to {row.now:.0f} in 100 "
        f"(by {-row.high:.0f} to {-row.low:.0f} points): worth asking, no more" in text
    )


def test_the_game_of_the_fourth_guide_can_be_played_on_the_sample() -> None:
    """Everybody has the same firm, so whatever the explorer shows, it shows to all."""
    client, text = load(ROOT / "data" / "sample" / "alder-it", sealed=False), guide_text("04")
    source = "\n".join(c.source for c in notebook("04_one_size_fits_all").cells)
    (offered,) = re.findall(r"^cuts = \[(.+)\]$", source, re.M)
    cuts = tuple(re.findall(r'"(\w+)"', offered))
    assert "one of the five cuts" in text and len(cuts) == 5
    for n in range(5):  # in the order in which the explorer offers them, and the other way round
        for order in (cuts, cuts[::-1]):
            shown = one_size_fits_all.by_cut(client, by=order[n], tried=order[: n + 1])
            assert shown.title.startswith("No evidence that your ")
            (alarms,) = re.findall(r"find (?:of it )?in (\d+) firms of 100", shown.caption)
    assert f"in {alarms} of 100 firms in which nothing differs one at least would have" in text


def test_prices_of_the_fifth_guide_are_those_of_the_sample() -> None:
    client, text = load(ROOT / "data" / "sample" / "alder-it", sealed=False), guide_text("05")
    worth = pricing_vs_value.good_value(client)
    assert f"| {worth.value:.0f} in 100 ({worth.low:.0f} to {worth.high:.0f}) give" in text
    used = pricing_vs_value.price_answers(client).data["people"]
    assert f"{used[0]} of {used.sum()}" in text
    meter = pricing_vs_value.price_sensitivity(client).data.set_index("point")
    low, best, _, high = meter.itertuples()
    assert f"acceptable from £{low.start:.0f} to £{high.start:.0f}" in text
    assert best.start == best.end  # a dot
    assert f"at £{best.start:.0f}, and is a dot" in text
    assert f"its range, £{best.low:.0f} to £{best.high:.0f}" in text
    bought = pricing_vs_value.price_intent(client).title
    assert all(f"at {price}" in text for price in re.findall(r"£\d+", bought))
    groups = pricing_vs_value.value_map(client).data["value"]
    assert "{:.0f}, {:.0f}, {:.0f} and {:.0f} in 100".format(*groups) in text
    happier = pricing_vs_value.cheaper_happier(client).data
    assert happier["p"].min() > 0.05  # hollow, all of them
    for row in happier.iloc[:2].itertuples():
        ends = f"{row.low:.0f} to {row.high:.0f}".replace("-", "−")
        assert re.search(rf"by {-row.difference:.0f}(?: points)? \({ends}\)", text)
    felt = pricing_vs_value.resentment_zone(client).data["share"]
    assert f"{felt[0]:.0f} in 100 of those who pay less" in text
    assert f"{felt[2]:.0f} of those who pay more" in text


def test_hours_of_the_fifth_guide_are_those_of_the_sample() -> None:
    client, text = load(ROOT / "data" / "sample" / "alder-it", sealed=False), guide_text("05")
    over = pricing_vs_value.unpaid_hours(client)
    assert over.title.startswith("Seven of 40 accounts") and "seven of 40 accounts" in text
    first = over.data.iloc[0]
    assert f"{first['name']} takes {first['booked']} hours a month and pays for" in text
    made, _ = pricing_vs_value.books(client)
    assert made is not None
    left, booked, needed = (f"{60 * hours:.0f}" for hours in (made.now, made.booked, made.needed))
    assert f"leaves {left} minutes a seat and month; {booked} are booked" in text
    assert f"would take {needed}, and" in text
    assert f"and £{made.price_for(made.needed):.0f} |" in text
    ten, twenty = (made.price * off for off in (0.9, 0.8))
    then, now = (words.number(hours, 1) for hours in (made.first_reply(ten), made.reply))
    assert (
        f"leaves {60 * made.hours(ten):.0f} minutes, and the first reply takes {then} hours" in text
    )
    assert f"instead of {now}; twenty per cent off, {made.first_reply(twenty):.1f}" in text


def test_figures_of_the_seventh_guide_are_those_of_the_sample() -> None:
    client, text = load(ROOT / "data" / "sample" / "alder-it", sealed=False), guide_text("07")
    cost = third_party_impact.third_party_harm(client).estimate
    assert f"| {cost.value:.0f} top marks of 100 ({cost.low:.0f} to {cost.high:.0f})" in text
    lines = re.findall(r" (\d+) \(", third_party_impact.hard_tickets(client).alt)
    assert f"held alike: {', '.join(lines)}." in text
    reasons = re.findall(r"by (\d\.\d)", third_party_impact.unseen(client).title)
    assert "{} times to explain the loss away, and of {} to leave".format(*reasons) in text
    cards = third_party_impact.control(client).data.iloc[:, -1].tolist()
    assert cards == ["0 of 4", "3 of 4", "4 of 4", "4 of 4"]
    assert "Lantern Lines 0 of 4, Kiln Print 3 (no way out), Mast Cloud and Ferry Backup 4" in text


@pytest.mark.parametrize(
    ("number", "part", "said"),
    [
        ("02", "is_it_a_usp", "none of twelve is a usp today; four were one once"),
        ("02", "better_copies", "17 of 29"),
        ("02", "still_alone", "with a chance of 33 in 100"),
        ("02", "renewal", "something new every 6 months"),
        ("03", "sides", "72 of 100 parts"),
        ("03", "effort", "55 of 100 parts"),
        ("04", "worst_segment_csat", "about 48 more"),
        ("04", "tiers", "one size, as far as can be seen"),
        ("04", "scale", "from about 12 accounts on"),
        ("06", "watermelon_tickets", "83 tickets"),
        ("06", "first_handlers", "−14 (−30 to 2)"),
        ("06", "faster_happier", "7.1 points (4.3 to 9.8)"),
        ("06", "faster_happier", "2.3 (−1.3 to 6.0)"),
        ("08", "okay_zone", "of 29 accounts with somebody who would, four did"),
        ("08", "by_account", "at 8 of 37 accounts nobody of the satisfied would"),
        ("08", "kano_answers", "217 of 720"),
        ("08", "broken_basics", "three of 18 stories stand on a broken basic"),
        ("08", "moments", "three of 12 moments would delight"),
        ("09", "statements", "three of 15"),
        ("09", "wants", "two wants"),
        ("09", "wants", "three needs"),
        ("09", "written", "four of ten standards lack a number, a unit or an owner"),
        ("09", "written", "six ask for less"),
        ("09", "delivery", "eight of nine"),
        ("09", "promised", "nine of nine promises"),
        ("10", "did_refer_share", "15 in 100"),
        ("10", "growth", "it takes 13 accounts to bring"),
        ("10", "fees_at_risk", "44 %"),
        ("10", "promised", "three of four promises were kept"),
    ],
)
def test_figures_of_a_guide_are_those_of_the_sample(number: str, part: str, said: str) -> None:
    client = load(ROOT / "data" / "sample" / "alder-it", sealed=False)
    session = import_module(f"servicegap.sessions.{schema.SESSIONS[number].module}")
    shown = getattr(session, part)(client)
    texts = (getattr(shown, name, "") for name in ("title", "sentence", "alt", "caption"))
    assert said in " ".join(texts).lower()
    assert said in guide_text(number).lower()


@pytest.mark.parametrize("number", [head.session for head in schema.HEADLINES.values()])
def test_a_guide_says_what_was_believed(number: str) -> None:
    """Each card in the room speaks of its owner's guess; the trainer has to know the other one."""
    text = guide_text(number)
    truth = yaml.safe_load((ROOT / "data/sample/alder-it/TRUTH.yaml").read_text(encoding="utf-8"))
    for head in schema.SESSIONS[number].headlines:
        assert re.search(rf"\b{truth['beliefs'][head.id]['believed']:.0f}\b", text), head.id


@EVERY
def test_each_exercise_has_one_model_answer_and_each_answer_an_exercise(stem: str) -> None:
    numbers = [exercise.number for exercise in taught(stem).exercises]
    assert numbers and numbers == list(read_guide(stem).answers)
    headings = re.findall(r"^### (.+)$", (ROOT / "trainer" / f"{stem}.md").read_text(), re.M)
    assert headings == numbers  # none twice


@EVERY
def test_recall_questions_are_the_same_three_everywhere(stem: str) -> None:
    asked = [question.text for question in learning.questions(stem[:2])]
    assert [recalled.question for recalled in read_guide(stem).recall] == asked
    source = next(c.source for c in notebook(stem).cells if c.source.startswith("## To take away"))
    assert " ".join(asked) in source


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (("## Debrief\n", "## Afterwards\n"), "lacks “Debrief”"),
        (("| **25** |", "| **24** |"), "minutes"),
        (("### 0.2", "### 0.3"), "model answers"),
        (("1. *What", "1. What"), "recall"),
        (("action (2)", "action (3)"), "21 minutes, not 20"),
        (("# Trainer's guide to session 0", "# Session 0"), "does not begin"),
    ],
)
def test_a_broken_guide_is_refused(change: tuple[str, str], complaint: str) -> None:
    text = (ROOT / "trainer" / "00_start_here.md").read_text()
    assert change[0] in text
    with pytest.raises(guide.BrokenGuide, match=complaint):
        guide.parse(text.replace(*change), "00_start_here.md")


def test_a_guide_in_another_order_is_refused() -> None:
    text = (ROOT / "trainer" / "00_start_here.md").read_text()
    top, debrief = text.split("## Debrief")
    with pytest.raises(guide.BrokenGuide, match="another order"):
        guide.parse(f"{top.replace('## Aim', '## Debrief', 1)}## Aim{debrief}", "00_start_here.md")


# -- timetables --------------------------------------------------------------------------------

README = (ROOT / "trainer" / "README.md").read_text(encoding="utf-8")


def timetable(heading: str) -> str:
    return README.split(f"### {heading}\n")[1].split("\n### ")[0].split("\n## ")[0]


def minutes_of(what: str) -> int | None:
    """How long a session takes by its guide, where the row is one."""
    number = re.match(r"session (\d+)", what)
    return read_guide(schema.SESSIONS[number[1].zfill(2)].stem).minutes if number else None


@pytest.mark.parametrize("heading", ["Half a day", "One day"])
def test_a_day_adds_up(heading: str) -> None:
    text = timetable(heading)
    rows = [(w, int(m)) for w, m in re.findall(r"^\| ([^|*]+?) \| (\d+) \|$", text, re.M)]
    total = int(re.search(r"\*\*in all\*\* \| \*\*(\d+)\*\*", text)[1])
    assert sum(minutes for _, minutes in rows) == total
    assert all(minutes_of(what) in (None, minutes) for what, minutes in rows)
    since = 0  # nobody sits for more than two hours
    for what, minutes in rows:
        since = 0 if what in ("break", "lunch") else since + minutes
        assert since <= 120


def test_six_evenings_add_up_and_hold_the_whole_series() -> None:
    text = timetable("Six evenings")
    found = re.findall(r"^\| (\d) \| ([^|]+?) \| (\d+) \|$", text, re.M)
    rows = [(int(e), what, int(minutes)) for e, what, minutes in found]
    sums = [sum(m for e, _, m in rows if e == evening) for evening in range(1, 7)]
    said = ", ".join(map(str, sums[:-1])) + f" and {sums[-1]} minutes"
    assert f"take {said}" in text
    sessions = [re.match(r"session (\d+)", what)[1] for _, what, _ in rows if "session" in what]
    assert sessions == [str(int(number)) for number in schema.SESSIONS]
    assert all(minutes_of(what) in (None, minutes) for _, what, minutes in rows)
    assert all(any(w == "break" for e, w, _ in rows if e == n) for n in range(1, 7))


def test_the_readme_names_what_there_is() -> None:
    for head in ("The owner who knows", "The manager who counts", "The one who was sent"):
        assert f"**{head}.**" in README
    which = README.split("## Which firm for which session")[1]
    firms = re.findall(r"^\| (\d+) \| ([^|]+) \| ([^|]+) \|$", which, re.M)
    assert [number for number, *_ in firms] == [str(int(n)) for n in schema.SESSIONS]


def test_the_readme_says_how_to_open_the_room() -> None:
    (notebook,) = re.findall(r"`\.venv/bin/jupyter-lab (\S+)`", README)
    cells = nbformat.read(ROOT / notebook, as_version=4).cells
    first = next(c for c in cells if c.cell_type == "code")
    assert 'folder: str = "room"' in first.source and "names the folder (`room`," in README


def test_the_readme_says_where_the_other_firms_beliefs_are() -> None:
    assert "in their reports (`.venv/bin/servicegap report data/sample/cedar-desk`)" in README
    assert (ROOT / "data/sample/cedar-desk/beliefs.csv").is_file()


def test_the_readme_reveals_the_firm_that_the_room_guesses_about() -> None:
    cells = nbformat.read(ROOT / "trainer" / "room.ipynb", as_version=4).cells
    parameters = next(c.source for c in cells if "parameters" in c.metadata.get("tags", ()))
    firm = re.search(r'^firm: str = "(.+?)"', parameters, re.M)[1]
    assert f".venv/bin/servicegap reveal {firm} --room FOLDER\n" in README
    assert "`mine`, and `firm` at the top of the room's notebook has to say so too" in README


# -- given away nowhere ------------------------------------------------------------------------


def shingles(text: str) -> set[tuple[str, ...]]:
    words = [word.lower() for word in re.findall(r"[\w'’%]+", text)]
    return {tuple(words[i : i + SHINGLE]) for i in range(len(words) - SHINGLE + 1)}


def answers(stem: str) -> set[tuple[str, ...]]:
    """What the model answers say, minus what they repeat of the exercise and its hint."""
    found: set[tuple[str, ...]] = set()
    told = read_guide(stem)
    for exercise in taught(stem).exercises:
        asked = shingles(exercise.text) | shingles(exercise.hint)
        found |= shingles(told.answers[exercise.number]) - asked
    return found


def feedback(stem: str) -> set[tuple[str, ...]]:
    """What is said to whoever answers a recall question, and the answers in the guide."""
    said = [c.say for q in learning.questions(stem[:2]) for c in q.choices]
    said += [recalled.answer for recalled in read_guide(stem).recall]
    return set().union(*(shingles(text) for text in said))


ALL_ANSWERS = set().union(*map(answers, STEMS))
ALL_FEEDBACK = set().union(*map(feedback, STEMS))


@EVERY
def test_no_notebook_holds_an_answer(stem: str) -> None:
    source = "\n".join(cell.source for cell in notebook(stem).cells)
    assert shingles(source) & ALL_ANSWERS == set()
    # what is asked at the end may be taught on the way, but not where it is asked
    asked = "\n".join(c.source for c in notebook(stem).cells if "exercise" in editions.tags(c))
    assert shingles(asked) & ALL_FEEDBACK == set()


@EVERY
def test_no_handout_holds_an_answer(stem: str) -> None:
    printed = str(handout.data(taught(stem), handout.Brand()))
    words = " ".join(re.findall(r"'text': (?:'|\")(.+?)(?:'|\"), 'strong'", printed))
    for text in (printed, words):
        assert shingles(text) & (ALL_ANSWERS | ALL_FEEDBACK) == set()


def test_no_report_can_hold_an_answer() -> None:
    """A report is made of the notebooks' prose, looked at above, and of the library's sentences."""
    for folder in ("sessions", "report", "charts", "forms"):
        for path in (ROOT / "lib" / "servicegap" / folder).rglob("*"):
            if path.suffix in (".py", ".j2", ".typ"):
                assert shingles(path.read_text(encoding="utf-8")) & ALL_ANSWERS == set(), path.name


def test_an_answer_that_slipped_in_is_noticed() -> None:
    answer = read_guide("01_benchmarking").answers["1.2"]
    assert shingles(f"Some text. {answer} More text.") & ALL_ANSWERS


# -- the trainer's edition ---------------------------------------------------------------------


@EVERY
def test_the_trainers_edition_has_the_guide_in_its_places(stem: str) -> None:
    source, told = notebook(stem), read_guide(stem)
    before = nbformat.writes(source)
    made = edition.of_notebook(source, told)
    assert nbformat.writes(source) == before  # the source stays as it is
    nbformat.validate(made)
    assert len({cell.id for cell in made.cells}) == len(made.cells)
    own = [c for c in made.cells if "trainer" not in editions.tags(c)]
    assert [c.source for c in own] == [c.source for c in source.cells]
    for number, answer in told.answers.items():
        at = next(i for i, c in enumerate(made.cells) if f"### Exercise {number}\n" in c.source)
        assert one_line(answer)[:40] in one_line(made.cells[at + 1].source.replace("> ", ""))
    assert made.cells[-1].source.startswith("## Method and sources")


def test_an_answer_too_many_or_too_few_is_refused() -> None:
    source = notebook("01_benchmarking")
    told = dict(read_guide("01_benchmarking").answers)
    with pytest.raises(editions.BrokenNotebook, match=r"no exercise 1\.9"):
        editions.trainer_edition(source, "", {**told, "1.9": "x"}, "")
    told.pop("1.2")
    with pytest.raises(editions.BrokenNotebook, match=r"1\.2 has no model answer"):
        editions.trainer_edition(source, "", told, "")
