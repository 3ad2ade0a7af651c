"""Which native chart a figure's numbers make, and when it stays a picture."""

from servicegap.report.tidy import Column, Curves, Data, Dots, lines, shape


def data(columns, *rows):
    made = (Column(n, n, u, n not in ("who", "kind")) for n, u in columns)
    return Data(tuple(made), rows)


def test_a_row_each_with_its_interval():
    columns = (("who", ""), ("n", ""), ("share", "%"), ("low", ""), ("high", ""), ("p", ""))
    found = shape(data(columns, ("a", 9, 50.0, 40.0, 60.0, 0.1), ("b", 3, None, 1.0, 9.0, None)))
    assert found == Dots(("a", "b"), ((0, 50.0, 40.0, 60.0),), "%")


def test_an_interval_by_the_name_of_its_value():
    columns = (("who", ""), ("speed", "h"), ("n", ""), ("speed_low", "h"), ("speed_high", "h"))
    found = shape(data(columns, ("a", 5.0, 9, 4.0, 6.0)))
    assert found == Dots(("a",), ((0, 5.0, 4.0, 6.0),), "h")


def test_one_number_a_row_needs_no_interval_and_two_are_ambiguous():
    one = shape(data((("who", ""), ("people", "")), ("a", 3), ("b", 4)))
    assert one.points == ((0, 3.0, None, None), (1, 4.0, None, None))
    assert shape(data((("who", ""), ("one", "%"), ("other", "%")), ("a", 3, 4))) is None


def test_a_chart_shows_one_measure_and_what_has_two_stays_what_it_is():
    triple = (("share", "%"), ("low", ""), ("high", ""))
    row = 9, 50.0, 40.0, 60.0
    for beside in ("n", "people", "accounts", "tickets"):
        assert shape(data((("who", ""), (beside, ""), *triple), ("a", *row)))
    for second in ("effort", "raw", "per_seat", "questions"):
        assert shape(data((("who", ""), (second, ""), *triple), ("a", *row))) is None
    two = (("who", ""), ("speed", "h"), ("speed_low", "h"), ("speed_high", "h"), ("good", "%"))
    assert shape(data(two, ("a", 5.0, 4.0, 6.0, 70.0))) is None


def test_what_has_two_measures_is_a_table_with_both_under_headings_in_sentence_case():
    columns = (("who", ""), ("raw", "%"), ("pooled", "%"), ("low", ""), ("high", ""), ("p", ""))
    found = lines(data(columns, ("a", 61.0, 58.0, 50.0, 66.0, 0.2)))
    assert found.head == ("Who", "Raw, %", "Pooled, %", "p")
    assert found.rows == ((("a",), (61.0,), (58.0, 50.0, 66.0), (0.2,)),)


def test_many_others_share_a_line():
    rows = [("you", 60.0), *((f"peer {i}", 50.0 + i) for i in range(20))]
    found = shape(data((("who", ""), ("top", "%")), *rows))
    assert found.labels == ("you", "the others") and len(found.points) == 21
    assert shape(data((("who", ""), ("top", "%")), *rows[1:])) is None


def test_a_course_over_numbers():
    rows = [(float(i), 10.0 * i) for i in range(6)]
    found = shape(data((("price", "GBP"), ("hours", "h")), *rows))
    assert isinstance(found, Curves) and found.along == "price, GBP" and found.unit == "h"
    assert found.corners(found.heights[0]) == rows
    assert shape(data((("price", ""), ("hours", "h")), *rows[:4])) is None


def test_what_is_left_falls_in_steps():
    rows = [(0.0, 100.0), (1.0, 75.0), (2.0, 50.0), (3.0, 25.0), (9.0, 0.0)]
    found = shape(data((("months", ""), ("alone", "")), *rows))
    assert found.corners(found.heights[0])[:3] == [(0.0, 100.0), (1.0, 100.0), (1.0, 75.0)]


def test_evidence_is_never_drawn_without_the_belief_beside_it():
    columns = (("who", ""), ("guess", "%"), ("evidence", "%"), ("low", "%"), ("high", "%"))
    assert shape(data(columns, ("a", 80.0, 50.0, 40.0, 60.0))) is None


def test_nothing_of_nothing():
    assert shape(None) is None and shape(data((("who", ""),))) is None


def test_a_column_in_which_nobody_said_anything_is_left_out_of_a_table():
    columns = (("who", ""), ("least", ""), ("got", ""), ("gap", ""), ("low", ""), ("high", ""))
    found = lines(data(columns, ("a", None, 7.8, 0.4, 0.1, 0.6), ("b", None, 7.9, 0.4, 0.1, 0.6)))
    assert found.head == ("Who", "Got", "Gap")
    assert found.rows[0] == (("a",), (7.8,), (0.4, 0.1, 0.6))


def test_a_share_of_100_needs_no_percent_in_its_heading():
    column = Column("share", "parts of 100", "%", True)
    who, other = Column("who", "who", "", False), Column("other", "other", "%", True)
    assert lines(Data((who, column, other), (("a", 1.0, 2.0),))).head[1:] == (
        "Parts of 100", "Other, %",
    )  # fmt: skip
