"""Questions, what was answered, and how many of a room had it right."""

from __future__ import annotations

from pathlib import Path

import pytest
import rooms
from servicegap import learning, schema
from servicegap.client import table_files
from servicegap.learning.shares import tally
from servicegap.problems import Refused

WHICH = (*schema.SESSIONS, learning.SERIES)


@pytest.mark.parametrize("which", WHICH)
def test_every_question_has_one_right_choice_and_something_to_say_to_each(which: str) -> None:
    asked = learning.questions(which)
    assert len(asked) == (10 if which == learning.SERIES else 3)
    for question in asked:
        assert question.text.endswith("?")
        assert len(question.choices) == 3
        assert sum(choice.right for choice in question.choices) == 1
        assert len({choice.text for choice in question.choices}) == 3
        assert all(choice.say.endswith(".") for choice in question.choices)


def test_the_right_choice_has_no_place_of_its_own() -> None:
    """Nor is it always the longest: whoever guesses by form should do no better than by chance."""
    asked = [q for which in WHICH for q in learning.questions(which)]
    places = [question.answer for question in asked]
    assert all(places.count(place) >= 8 for place in (1, 2, 3))
    longest = [max(q.choices, key=lambda c: len(c.text)).right for q in asked]
    assert sum(longest) / len(asked) <= 0.5


def test_a_question_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no questions"):
        learning.questions("../series")
    with pytest.raises(ValueError, match="not asked"):
        learning.record(tmp_path, "01", "02-1", 1)
    with pytest.raises(ValueError, match="no choice"):
        learning.record(tmp_path, "01", "01-1", 4)
    assert not (tmp_path / learning.FILE).exists()


def test_answers_are_appended_and_the_first_counts(tmp_path: Path) -> None:
    right = learning.questions("01")[0].answer
    wrong = right % 3 + 1
    learning.record(tmp_path, "01", "01-1", wrong)
    learning.record(tmp_path, "01", "01-1", right)
    learning.record(tmp_path, "before", "series-1", 1)
    path = tmp_path / learning.FILE
    assert (
        path.read_text("utf-8-sig").splitlines()[0]
        == "occasion,question_id,choice,right,answered_at"
    )
    answers = learning.read(path)
    assert [a.right for a in answers[:2]] == [False, True]
    assert learning.first(answers)["01", "01-1"].choice == wrong


def test_a_line_cut_short_loses_nothing_else(tmp_path: Path) -> None:
    learning.record(tmp_path, "01", "01-1", 1)
    path = tmp_path / learning.FILE
    path.write_text(path.read_text() + "01,01-")
    learning.record(tmp_path, "01", "01-2", 1)
    assert [a.question_id for a in learning.read(path)] == ["01-1", "01-2"]


def test_a_file_that_went_through_a_spreadsheet_is_read(tmp_path: Path) -> None:
    path = tmp_path / "learning.csv"
    path.write_text("\ufeffoccasion;question_id;choice;right;answered_at\n1;01-1;2;JA;gestern\n")
    (answer,) = learning.read(path)
    assert answer.occasion == "01" and answer.right


HEADS = "occasion,question_id,choice,right,answered_at"
LINE = "01,01-1,2,no,2026-11-20 10:00:00"


@pytest.mark.parametrize(
    "saved",
    [
        f"\ufeff{HEADS}\n1;01-1;2;NEIN;20.11.2026 10:00\n".replace(",", ";").encode(),
        f"sep=;\n{HEADS}\n{LINE}\n".replace(",", ";").encode(),
        f"{HEADS}\n{LINE}\n".replace(",", "\t").encode("utf-16"),
        b"answered_at,right,choice,question_id,occasion\n2026-11-20 10:00:00,no,2,01-1,01\n",
        b"Question ID,choice,mine,Occasion\n01-1,2,hm,01\n",
        f"My answers\n\n{HEADS}\n{LINE}".encode(),
    ],
    ids=["semicolons", "sep", "utf-16", "another order", "fewer columns", "a title"],
)
def test_answers_after_a_spreadsheets_save_are_not_lost(tmp_path: Path, saved: bytes) -> None:
    path = tmp_path / learning.FILE
    path.write_bytes(saved)
    for n in (2, 3):
        learning.record(tmp_path, "01", f"01-{n}", n)
    answers = learning.read(path)
    assert [(a.question_id, a.choice) for a in answers] == [("01-1", 2), ("01-2", 2), ("01-3", 3)]
    assert answers[-1].at
    assert learning.gather(tmp_path).people == (answers,)


def test_a_file_that_holds_no_answers_takes_none_in_silence(tmp_path: Path) -> None:
    for content in (f"{LINE}\n".encode(), b"belief_id;value\ncsat;70\n", b"\x00\xff\n" * 9,
                    b'occasion,question_id,choice\n"' + b"x" * 200_000):  # fmt: skip
        (tmp_path / learning.FILE).write_bytes(content)
        with pytest.raises(Refused, match=r"learning\.csv"):
            learning.record(tmp_path, "01", "01-1", 1)
        assert (tmp_path / learning.FILE).read_bytes() == content


def test_answers_go_into_the_file_that_is_there_however_its_name_is_written(tmp_path: Path) -> None:
    (tmp_path / "Learning.CSV").write_text(f"{HEADS}\n{LINE}\n")
    learning.record(tmp_path, "01", "01-2", 1)
    assert [path.name for path in tmp_path.glob("[Ll]*")] == ["Learning.CSV"]
    assert len(learning.read(learning.file_of(tmp_path))) == 2
    assert table_files(tmp_path) == ({}, [])


def test_nobody_is_told_that_nothing_reads_it(tmp_path: Path) -> None:
    learning.record(tmp_path, "01", "01-1", 1)
    assert table_files(tmp_path) == ({}, [])


def _room(folder: Path, people: int, right: int) -> None:
    """So many people on question 01-1, so many of them right; each at a time of their own."""
    answer = learning.questions("01")[0].answer
    for person in range(people):
        said = [("01-1", answer if person < right else answer % 3 + 1), ("10-1", 1), ("10-2", 3)]
        rooms.answers(folder / f"seat-{person}" / "learning.csv", person, said)


def test_a_share_is_shown_from_five_up(tmp_path: Path) -> None:
    _room(tmp_path / "four", 4, 3)
    (asked, *_) = learning.shares(learning.gather(tmp_path / "four").people)
    assert (asked.n, asked.share) == (None, None)
    _room(tmp_path / "eight", 8, 6)
    found = learning.shares(learning.gather(tmp_path / "eight").people)
    assert (found[0].n, found[0].share) == (8, 75)
    # Wilson's interval of 6 of 8
    assert (round(found[0].low, 1), round(found[0].high, 1)) == (40.9, 92.9)
    shown = learning.table(found).data
    assert shown["right"][0] == "6 of 8 right"
    few = learning.table(learning.shares(learning.gather(tmp_path / "four").people)).data
    assert set(few["right"]) == {"fewer than 5 answered"}


def test_a_copy_counts_once_and_rubbish_is_named(tmp_path: Path) -> None:
    _room(tmp_path, 5, 5)
    copy = tmp_path / "learning (2).csv"
    copy.write_bytes((tmp_path / "seat-3" / "learning.csv").read_bytes())
    (tmp_path / "learning-notes.csv").write_bytes(b"\x00\xffnot a table")
    found = learning.gather(tmp_path)
    assert len(found.people) == 5
    assert found.left_out == ("learning-notes.csv", "seat-3/learning.csv")


def test_a_file_of_answers_is_known_by_its_header(tmp_path: Path) -> None:
    """On a stick thirty files can't all be called learning.csv; nor is every file one of ours."""
    _room(tmp_path, 5, 5)
    for seat in range(5):
        (tmp_path / f"seat-{seat}" / "learning.csv").rename(tmp_path / f"{seat}.CSV")
    spreadsheet = "\ufeffoccasion;question_id;choice;right;answered_at\n1;01-1;2;JA;gestern\n"
    (tmp_path / "6.csv").write_text(spreadsheet)
    (tmp_path / "7.csv").write_text("belief_id,value\ncsat,70\n")
    (tmp_path / "8.csv").write_text("occasion,question_id,choice,right,answered_at\n")
    (tmp_path / "9.csv").write_text("")
    (tmp_path / "tickets.csv").write_bytes(b"\x00\xff\n" * 9)
    rooms.answers(tmp_path / ".ipynb_checkpoints" / "learning.csv", 9, [("01-1", 1)])
    found = learning.gather(tmp_path)
    assert len(found.people) == 6 and found.left_out == ("8.csv",)


def test_a_fuller_copy_of_a_file_is_the_same_person(tmp_path: Path) -> None:
    early, late = [("01-1", 1), ("01-2", 2)], [("01-1", 1), ("01-2", 2), ("02-1", 3)]
    rooms.answers(tmp_path / "17.csv", 17, late)
    rooms.answers(tmp_path / "17 at noon.csv", 17, early)
    rooms.answers(tmp_path / "18.csv", 18, early)  # who said the same, at another time
    rooms.answers(tmp_path / "again" / "learning.csv", 18, early)
    found = learning.gather(tmp_path)
    assert sorted(map(len, found.people)) == [2, 3]
    assert found.left_out == ("17 at noon.csv", "again/learning.csv")


def test_before_and_after_stand_beside_each_other(tmp_path: Path) -> None:
    answer = learning.questions(learning.SERIES)[0].answer
    people = []
    for person in range(6):
        before = answer if person < 2 else answer % 3 + 1
        after = answer if person < 5 else answer % 3 + 1
        own = tmp_path / str(person)
        own.mkdir()
        learning.record(own, "before", "series-1", before)
        learning.record(own, "after", "series-1", after)
        people.append(learning.read(own / learning.FILE))
    assert tally(people)["after", "series-1"] == (5, 6)
    figure = learning.figure(learning.shares(people))
    assert figure.title == "More had it right afterwards in 1 of 1 questions"
    assert list(figure.data["n"]) == [6, 6]
    assert figure.draw() is not None


def test_an_empty_room_says_so() -> None:
    assert learning.figure(()).not_measured
    assert learning.table(()).title == "Nobody has answered yet"
