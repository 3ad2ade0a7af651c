"""Rows without a number of their own, month after month, under whatever name of file."""

from __future__ import annotations

from pathlib import Path

from exports import client, taken
from servicegap.client import load
from servicegap.intake import telling

HEADS = ["Customer", "Contact Email", "Score", "Answered at", "Comment"]


def month(number: int, n: int = 12) -> list[list[str]]:
    return [HEADS] + [
        [f"Firm {i % 4}", f"p{i}@firm{i % 4}.example.net", str(i % 5 + 1),
         f"2025-{number:02d}-{i + 13} 09:00", "Fine."]
        for i in range(n)
    ]  # fmt: skip


def take(tmp_path: Path, rows, name: str, **more):
    return taken(tmp_path, rows, name, "feedback", tmp_path / "client", scale="1-5", **more)


def test_a_new_month_under_the_same_name_keeps_the_last(tmp_path: Path) -> None:
    client(tmp_path / "client")
    take(tmp_path, month(4), "e.csv")
    done, made = take(tmp_path, month(5), "e.csv", how="add")
    assert len(made["ratings"]) == 24 and not done.replaced
    assert made["ratings"]["answered_at"].dt.month.value_counts().to_dict() == {4: 12, 5: 12}
    assert "already" not in "\n".join(telling.result(done))


def test_the_same_rows_again_count_once_whatever_the_file_is_called(tmp_path: Path) -> None:
    client(tmp_path / "client")
    take(tmp_path, month(4), "e.csv")
    header, *rows = month(4)
    again = [list(reversed(row)) for row in [header, *reversed(rows)]]
    done, made = take(tmp_path, again, "f.csv", how="add")
    assert len(made["ratings"]) == 12 and done.replaced == {"ratings": 12}
    assert "12 rows of ratings with the same number, or saying the same, stood there already" in (
        "\n".join(telling.result(done))
    )
    _, made = take(tmp_path, [*month(4), *month(5)[1:]], "quarter.csv", how="add")
    assert len(made["ratings"]) == 24


def test_rows_of_one_file_that_say_the_same_are_both_kept(tmp_path: Path) -> None:
    client(tmp_path / "client")
    twice = [*month(4), month(4)[1]]
    _, made = take(tmp_path, twice, "e.csv")
    assert len(made["ratings"]) == 13
    _, made = take(tmp_path, twice, "e.csv", how="add")
    assert len(made["ratings"]) == 13 and made["ratings"]["rating_id"].is_unique


def test_without_a_number_and_a_date_it_is_said_that_alike_rows_count_once(tmp_path: Path) -> None:
    client(tmp_path / "client")
    rows = [[*row[:3], row[4]] for row in month(4)]
    done, _ = take(tmp_path, rows, "e.csv")
    assert any("neither a number nor a date" in p.what for p in done.taken[0].problems)
    done, made = take(tmp_path, rows, "f.csv", how="add")
    assert len(made["ratings"]) == 12
    done, _ = take(tmp_path, month(4), "g.csv", how="add")
    assert not any("neither" in p.what for p in done.taken[0].problems)


def test_a_number_gives_nobody_away(tmp_path: Path) -> None:
    found = []
    for name in ("one", "two"):
        folder = client(tmp_path / name)
        taken(tmp_path, month(4), "e.csv", "feedback", folder, scale="1-5")
        found.append(set(load(folder, sealed=False)["ratings"]["rating_id"]))
    assert not found[0] & found[1], "the folder's key is in it"


def test_answer_sheets_without_a_name_of_two_months(tmp_path: Path) -> None:
    long = "How would you rate the speed of our answers?"
    other = "How would you rate the clarity of our bills?"
    folder = client(tmp_path / "client")

    def sheets(question: str, first: int) -> list[list[str]]:
        return [["Company", "How satisfied are you with us overall?", question]] + [
            [f"Firm {first + i}", str(i % 5 + 1), str((i + 1) % 5 + 1)] for i in range(10)
        ]

    for question, first, how in ((long, 0, "new"), (other, 10, "add"), (other, 10, "add")):
        _, made = taken(tmp_path, sheets(question, first), "s.csv", "survey", folder,
                        scale="1-5", how=how)  # fmt: skip
    assert len(made["relationship"]) == 20 and made["relationship"]["contact_id"].is_unique
    assert set(made["items"]["text"]) == {long, other}
    assert made["survey"].groupby("item_id").size().tolist() == [10, 10]
